"""Reading what a student's function returned: its arrays by name, or what is wrong with its form."""

import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from seqbook.checks.exercise import Exercise, Values


@dataclass
class Reading:
    """`values`: the returned arrays by name (copies). `problem`: a message's key and its values, where unreadable."""

    values: Values = field(default_factory=dict)
    problem: tuple[str, dict[str, Any]] | None = None
    converted: dict[str, str] = field(default_factory=dict)  # output -> the type it came in, where not an array


class _Unreadable(Exception):
    def __init__(self, key: str, **values: Any):
        super().__init__(key)
        self.problem = (key, values)


def read(value: Any, exercise: Exercise, expected: Values) -> Reading:
    """Take `value` apart into the outputs that `expected` names. Lists and tensors are kindly turned into arrays."""
    reading = Reading()
    try:
        for name, part in _parts(value, exercise, expected).items():
            reading.values[name] = _array(name, part)
            if not isinstance(part, np.ndarray):
                reading.converted[name] = _type_name(part)
    except _Unreadable as unreadable:
        reading.problem = unreadable.problem
    return reading


def _parts(value: Any, exercise: Exercise, expected: Values) -> dict[str, Any]:
    names = list(expected)
    wanted = ", ".join(names)
    if value is None:
        raise _Unreadable("returned_none")
    if inspect.isgenerator(value):
        raise _Unreadable("returned_generator")
    if inspect.iscoroutine(value):
        value.close()  # else Python warns that it was never awaited
        raise _Unreadable("returned_coroutine")
    if exercise.returns_dict:
        if not isinstance(value, Mapping):
            raise _Unreadable("not_a_dict", got=_type_name(value))
        if set(value) != set(names):
            missing = [name for name in names if name not in value]
            extra = [str(name) for name in value if name not in names]
            raise _Unreadable("wrong_keys", missing=", ".join(missing) or "–", extra=", ".join(extra) or "–")
        return {name: value[name] for name in names}
    if len(names) == 1:
        if isinstance(value, tuple) and len(value) != len(expected[names[0]]):    # a tuple of all rows is an array
            raise _Unreadable("returned_tuple", got=len(value), name=names[0])
        return {names[0]: value}
    if isinstance(value, Mapping) and set(value) == set(names):
        return {name: value[name] for name in names}
    if not isinstance(value, (tuple, list)):
        raise _Unreadable("returned_one", got=_type_name(value), count=len(names), names=wanted)
    if len(value) != len(names):
        raise _Unreadable("wrong_count", got=len(value), count=len(names), names=wanted)
    return dict(zip(names, value, strict=True))


def _array(name: str, part: Any) -> np.ndarray:
    if part is None:
        raise _Unreadable("part_none", name=name)
    if _masked(part):
        raise _Unreadable("part_masked", name=name)
    tensor = getattr(sys.modules.get("torch"), "Tensor", ())
    try:
        array = np.array(part.detach().cpu() if isinstance(part, tensor) else part)
    except ValueError:  # rows of different lengths
        raise _Unreadable("part_ragged", name=name, got=_type_name(part)) from None
    except Exception:
        raise _Unreadable("part_type", name=name, got=_type_name(part)) from None
    if array.dtype.kind == "O" and isinstance(part, (np.ndarray, list, tuple)):  # numbers count, whatever holds them
        try:
            array = np.array([float(number) for number in array.flat]).reshape(array.shape)
        except Exception:
            raise _Unreadable("part_object", name=name) from None
    if array.dtype.kind not in "biufc":
        raise _Unreadable("part_type", name=name, got=_type_name(part))
    if array.dtype.kind == "c" and np.all(np.abs(array.imag) <= 1e-9 * np.abs(array.real).max(initial=0)):
        array = array.real.copy()  # as eigenvalues come
    return array


def _masked(part: Any) -> bool:
    """Whether some entry of an array, or of the arrays in a list, is hidden."""
    if isinstance(part, (list, tuple)):
        return any(map(_masked, part))
    return isinstance(part, np.ma.MaskedArray) and bool(np.ma.getmaskarray(part).any())


def _type_name(value: Any) -> str:
    return type(value).__name__
