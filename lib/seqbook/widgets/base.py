"""What the book's widgets share: the language trait, their bundles, and checks of what they are given."""

from pathlib import Path

import anywidget
import numpy as np
import traitlets

from seqbook.language import check_language, get_language
from seqbook.scratch.base import as_number

STATIC = Path(__file__).parent / "static"


class BookWidget(anywidget.AnyWidget):
    """A widget that speaks the page's language. Every trait tagged `sync` is drawn anew when it changes."""

    lang = traitlets.Unicode().tag(sync=True)

    def __init__(self, *, lang=None, **values):
        super().__init__(lang=get_language() if lang is None else lang, **values)

    @traitlets.validate("lang")
    def _check_lang(self, proposal):
        return check_language(proposal.value)


def check_integer(name: str, value, low: int, high: int) -> int:
    """`value` as an int, refused where it is no integer in low..high."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not low <= value <= high:
        raise ValueError(f"{name} must be an integer in {low}..{high}, got {value!r}")
    return int(value)


def check_between(name: str, value, low: float, high: float) -> float:
    """`value` as a float, refused where it is no number in [low, high]."""
    number = as_number(name, value)
    if not low <= number <= high:
        raise ValueError(f"{name} must lie in [{low:g}, {high:g}], got {number:g}")
    return number


def check_flag(name: str, value) -> bool:
    """`value`, refused where it is neither True nor False."""
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"{name} must be True or False, got {value!r}")
    return bool(value)


def packed(array: np.ndarray) -> dict:
    """An array as the ES modules read it (`kit/arrays.js`): its shape and its float32 bytes, little-endian."""
    return {"shape": list(array.shape), "data": np.ascontiguousarray(array, dtype="<f4").tobytes()}
