"""What every hand-written layer is: parameters by name, a forward pass and its backward pass; and the input checks.

Letters are book-wide: B batch, T time, S source time, D input size, H hidden size, E model size, N heads, K head size,
V vocabulary, O output size.
"""

from abc import ABC, abstractmethod
from numbers import Real

import numpy as np


class Parameters(dict):
    """A flat dict from dotted name to array. Assigning writes *into* the array, which sub-layers and optimisers share.

    >>> layer.params["bias"] = np.ones(H)    # the same array as before, new numbers
    >>> best = layer.params.copy()           # the numbers of now, in arrays of their own
    >>> layer.params.update(best)            # and back; `layer.params |= best` and `layer.params = best` do the same

    Names neither come nor go. `dict(params)` and `params | other` are ordinary dicts, which share the arrays.
    """

    def __setitem__(self, name, value):
        self._check(name, value)
        self[name][...] = value

    def update(self, values=(), /, **named):
        """Assign every value to the parameter of its name; where one of them is refused, none is."""
        values = {**dict(values), **named}
        for name, value in values.items():
            self._check(name, value)
        for name, value in values.items():
            self[name][...] = value

    def __ior__(self, values):
        self.update(values)
        return self

    def setdefault(self, name, default=None):
        """The parameter `name`; for there is no new one."""
        if name not in self:
            raise KeyError(self._unknown(name))
        return self[name]

    def copy(self):
        """Parameters of the same names and numbers in arrays of their own, as `copy.copy` and `copy.deepcopy` give."""
        return Parameters({name: array.copy() for name, array in self.items()})

    __copy__ = copy

    def __reduce_ex__(self, protocol):
        return Parameters, (dict(self),)    # for deep copies and pickles, in which arrays stay shared

    def _check(self, name, value):
        if name not in self:
            raise KeyError(self._unknown(name))
        value = plain(name, value)
        if value.shape != self[name].shape:
            raise ValueError(f"{name} must have shape {self[name].shape}, got {value.shape}")
        if value.dtype.kind not in "fiub":
            raise ValueError(f"{name} must be made of real numbers, got {value.dtype}")

    def _unknown(self, name):
        return f"no parameter {name!r}; there are {', '.join(self) or 'none'}"

    def _stay(self, *_, **__):
        raise ValueError("params must keep all names, for the layer computes with every parameter; "
                         "for a dict to take some out of, dict(params)")

    __delitem__ = pop = popitem = clear = _stay


class Layer(ABC):
    """A differentiable function with named parameters and no hidden state.

    `forward(*inputs) -> outputs, cache` and `backward(doutputs, cache) -> dinputs, grads`, where `dinputs` mirrors the
    inputs and `grads` has exactly the keys of `params`. Everything backward needs is in the cache, so one layer serves
    all time steps, a second backward gives the same answer, and neither arguments nor caches are ever written to. Nor
    does a cache share memory with the outputs, so they may be written into before the backward pass.

    `copy.deepcopy` and pickles of a layer have parameters of their own, which its sub-layers share as before.
    """

    def __init__(self, dtype=np.float32, **params):
        """`params` in the order in which the layer unpacks them, as in `weight, bias = self.params.values()`."""
        self.dtype = np.dtype(dtype)
        if self.dtype not in (np.float32, np.float64):
            raise ValueError(f"dtype must be float32 or float64, got {self.dtype}")
        self._params = Parameters({name: np.asarray(array, dtype=self.dtype) for name, array in params.items()})

    @property
    def params(self):
        """The parameters by name; assigning to it writes all of them into the same arrays."""
        return self._params

    @params.setter
    def params(self, values):
        if "_params" not in vars(self):    # a layer that makes its own
            self._params = values
        elif not isinstance(values, dict) or values.keys() != self._params.keys():
            got = ", ".join(map(str, values)) if isinstance(values, dict) else type(values).__name__
            raise ValueError(f"params must be a dict of {', '.join(self._params) or 'nothing'}, got {got}")
        elif values is not self._params:    # as after params |= {...}
            self._params.update(values)

    @abstractmethod
    def forward(self, *inputs):
        """outputs, cache"""

    @abstractmethod
    def backward(self, doutputs, cache):
        """dinputs, grads"""

    def __repr__(self):
        sizes = ", ".join(f"{name} {array.shape}" for name, array in self.params.items())
        return f"{type(self).__name__}({sizes})"


def prefix(name: str, arrays: dict) -> dict:
    """`arrays` with "name." before each key."""
    return {f"{name}.{key}": array for key, array in arrays.items()}


def join(own: dict | None = None, /, **parts) -> dict:
    """One flat dict of a layer's own arrays and those of its parts, each under its part's name and a dot.

    A part is a dict, a list of dicts ("name.0.", "name.1.", …), or None where there is none.

    >>> join({"scale": a}, output={"weight": w}, layers=[{"bias": b}, {"bias": c}])
    {"scale": a, "output.weight": w, "layers.0.bias": b, "layers.1.bias": c}
    """
    joined = dict(own or {})
    for name, part in parts.items():
        if isinstance(part, (list, tuple)):
            part = join(**{str(number): arrays for number, arrays in enumerate(part)})
        joined |= prefix(name, part or {})
    return joined


def check_rng(rng) -> None:
    """Raise ValueError unless `rng` is a random generator."""
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a numpy.random.Generator, e.g. np.random.default_rng(0), got {rng!r}")


def uniform(rng: np.random.Generator, shape: tuple, fan_in: int) -> np.ndarray:
    """Numbers from U(-1/√fan_in, 1/√fan_in), the initialisation of PyTorch's linear and recurrent layers."""
    check_rng(rng)
    bound = fan_in ** -0.5
    return rng.uniform(-bound, bound, shape)


PLAIN = (np.ndarray, np.memmap)    # a memmap computes as an array does; a matrix multiplies, a masked array hides


def is_array(value) -> bool:
    """True for arrays of NumPy, but for subclasses that compute in another way."""
    return type(value) in PLAIN


def plain(name: str, value) -> np.ndarray:
    """`value` as a plain array; refused where it is a masked array, for what it hides must not count as numbers."""
    if isinstance(value, np.ma.MaskedArray):
        raise ValueError(f"{name} must be a plain array, got a masked one; use {name}.filled(...)")
    return np.asarray(value)


def check_integer(name: str, value, what="an integer", smallest=-np.inf) -> None:
    """Raise ValueError unless `value` is an integer ≥ `smallest`; `what` says in words what is wanted."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < smallest:
        raise ValueError(f"{name} must be {what}, got {value!r}")


def check_sizes(**sizes) -> None:
    """Raise ValueError unless all sizes are positive integers, and not narrow ones of NumPy: 4 · uint8(100) is 144."""
    for name, size in sizes.items():
        check_integer(name, size, "a positive integer", smallest=1)
        if isinstance(size, np.integer) and not isinstance(size, (np.int32, np.int64)):
            raise ValueError(f"{name} must be a positive integer that can be computed with, got {size!r}; "
                             f"use int({name})")


def as_number(name: str, value) -> float:
    """`value` as a float; a ValueError unless it is a finite number."""
    if (is_array(value) or hasattr(value, "detach")) and value.ndim == 0:    # of PyTorch, without importing it
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, Real) or not np.isfinite(value):
        raise ValueError(f"{name} must be a finite number, got {value!r}")
    return float(value)


def check_interval(name: str, value, upper=np.inf) -> None:
    """Raise ValueError unless `value` is a number with 0 ≤ value < upper."""
    if not 0 <= as_number(name, value) < upper:
        raise ValueError(f"{name} must lie in [0, {upper}), got {value}")


def check_choice(name: str, value, choices) -> None:
    """Raise ValueError unless `value` is one of `choices`."""
    if not any(isinstance(value, type(choice)) and value == choice for choice in choices):    # never an array
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}, got {value!r}")


def wanted_shape(leading, axes) -> str:
    """A shape in the book's letters: "(B, T, D=5)", with "..." first where any leading axes may stand."""
    letters = ["..."] if leading else []
    letters += [axis if size is None else f"{axis}={size}" for axis, size in axes.items()]
    return f"({', '.join(letters)}{',' if len(letters) == 1 and axes else ''})"


def check_axes(name: str, found: tuple, leading, axes) -> None:
    """Raise ValueError unless the shape found is the one wanted, with no axis of size 0."""
    named = found[len(found) - len(axes):]
    fits = len(found) >= len(axes) if leading else len(found) == len(axes)
    if not fits or any(size not in (None, got) for size, got in zip(axes.values(), named)):
        raise ValueError(f"{name} must have shape {wanted_shape(leading, axes)}, got {found}")
    if 0 in found:
        raise ValueError(f"{name} must have shape {wanted_shape(leading, axes)} with no axis of size 0, got {found}")


def check_shape(name: str, array, *leading, **axes) -> None:
    """Raise ValueError unless this is an array of the shape `axes`, e.g. `check_shape("x", x, B=None, T=None, D=5)`.

    None stands for any size but zero. A leading `...` allows any number of axes before the named ones.
    """
    if not is_array(array):
        raise ValueError(f"{name} must be an array of shape {wanted_shape(leading, axes)}, got {kind_of(array)}")
    check_axes(name, array.shape, leading, axes)


def kind_of(value) -> str:
    """The type of what is no plain array, and what to do where it is a subclass of one."""
    advice = "; use np.asarray(...)" if isinstance(value, np.ndarray) else ""
    advice = "; use .filled(...)" if isinstance(value, np.ma.MaskedArray) else advice
    return type(value).__name__ + advice


def check_dtype(name: str, array: np.ndarray, dtype: np.dtype) -> None:
    """Raise ValueError unless the array has the layer's dtype: nothing changes dtype silently."""
    if array.dtype != dtype:
        raise ValueError(f"{name} must have dtype {dtype} as the layer has, got {array.dtype}; use {name}.astype(...)")


def check_floats(name: str, array, *leading, **axes) -> None:
    """Raise ValueError unless this is a float32 or float64 array of a shape (see `check_shape`)."""
    check_shape(name, array, *leading, **axes)
    if array.dtype not in (np.float32, np.float64):
        raise ValueError(f"{name} must be float32 or float64, got {array.dtype}")


def check_callable(name: str, function) -> None:
    """Raise ValueError unless `function` can be called."""
    if not callable(function):
        raise ValueError(f"{name} must be a function, got {function!r}")


def check_same(name: str, array, other_name: str, other: np.ndarray) -> None:
    """Raise ValueError unless the array has the shape and dtype of `other` and is finite."""
    check_shape(name, array, ...)
    if array.shape != other.shape:
        raise ValueError(f"{name} must have the shape {other.shape} of {other_name}, got {array.shape}")
    if array.dtype != other.dtype:
        raise ValueError(f"{name} must have the dtype {other.dtype} of {other_name}, got {array.dtype}")
    check_finite(name, array)


def check_finite(name: str, array: np.ndarray) -> None:
    """Raise ValueError unless all entries are finite."""
    with np.errstate(invalid="ignore", over="ignore"):
        total = np.einsum(array, [*range(array.ndim)], [])    # a third of array.sum()'s time, and no temporary
        if np.isfinite(total):    # a sum may overflow where no entry is infinite
            return
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, got {np.count_nonzero(~np.isfinite(array))} NaN or infinite entries")


def check_array(name: str, array, dtype: np.dtype, *leading, **axes) -> None:
    """Shape (see `check_shape`), dtype and finiteness at once, for inputs without padding."""
    check_shape(name, array, *leading, **axes)
    check_dtype(name, array, dtype)
    check_finite(name, array)


def check_ids(name: str, ids, size: int) -> None:
    """Raise ValueError unless this is a non-empty array of integers with 0 ≤ id < size."""
    if not is_array(ids) or not np.issubdtype(ids.dtype, np.integer):
        kind = ids.dtype if is_array(ids) else kind_of(ids)
        raise ValueError(f"{name} must be an array of integers, got {kind}")
    if ids.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {ids.shape}")
    if ids.min() < 0 or ids.max() >= size:
        raise ValueError(f"{name} must lie in 0..{size - 1}, got {ids.min()}..{ids.max()}")


def as_integers(name: str, values) -> np.ndarray:
    """An array or list of integers of any width as int64; refused where they are none, or beyond int64."""
    hidden_bool = isinstance(values, (list, tuple)) and any(isinstance(value, (bool, np.bool_)) for value in values)
    try:
        array = plain(name, values)
    except ValueError as error:
        if isinstance(values, np.ma.MaskedArray):
            raise
        raise ValueError(f"{name} must be integers, got {values!r}") from error
    if hidden_bool or not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"{name} must be integers, got {'bool' if hidden_bool else array.dtype}")
    if array.dtype == np.uint64 and array.size and array.max() > np.iinfo(np.int64).max:
        raise ValueError(f"{name} must be integers that fit into int64, got {array.max()}")
    return array.astype(np.int64, copy=False)


def check_like(name: str, array, shape: tuple, dtype: np.dtype) -> None:
    """Raise ValueError unless this is an array of exactly this shape and dtype: a gradient has those of its output."""
    if not is_array(array) or array.shape != tuple(shape):
        got = array.shape if is_array(array) else kind_of(array)
        raise ValueError(f"{name} must have shape {tuple(shape)}, got {got}")
    check_dtype(name, array, dtype)
