"""Figures that live: anywidget classes whose ES modules also compute, so they work on a page without a kernel.

A module here that holds a widget of its own name is found by that name: `gate_laboratory.py` holds GateLaboratory, and
the folder `js/gate_laboratory/` is its ES module.
"""

from importlib import import_module
from pkgutil import iter_modules

from seqbook.widgets.base import BookWidget


def class_name(module: str) -> str:
    """The class that a widget's module holds: "gate_laboratory" → "GateLaboratory"."""
    return module.title().replace("_", "")


def find() -> dict[str, type[BookWidget]]:
    """Every widget by the name of its module."""
    modules = sorted(module.name for module in iter_modules(__path__))
    held = {name: getattr(import_module(f"{__name__}.{name}"), class_name(name), None) for name in modules}
    return {name: kind for name, kind in held.items() if isinstance(kind, type) and issubclass(kind, BookWidget)}


WIDGETS = find()
globals().update({kind.__name__: kind for kind in WIDGETS.values()})
__all__ = [kind.__name__ for kind in WIDGETS.values()]
