"""A gradient by trying: nudge every entry of an array and see how a loss moves. Slow, and right for every loss.

>>> def loss(weight):
...     return (np.tanh(x @ weight.T)**2).sum()
>>> numerical_gradient(loss, weight)    # to compare a gradient written by hand with
"""

from collections.abc import Callable, Iterable

import numpy as np

STEP = 1e-6  # ε: the error of the difference is about ε² plus the rounding of float64 over ε

__all__ = ["central_differences", "numerical_gradient"]


def numerical_gradient(f: Callable, array: np.ndarray) -> np.ndarray:
    """(f(θ + ε) - f(θ - ε)) / 2ε for every entry θ of `array`: an array of its shape.

    `f(array)` gives one number; it is called twice for every entry, with `array` itself, nudged in place. So a loss
    that finds the array by itself does as well: `numerical_gradient(lambda _: loss(), layer.params["bias"])`. Whatever
    happens, the array is left as it was. Raises ValueError where `array` is no writeable float64 array or `f` gives
    something else than one finite or infinite number.
    """
    if not callable(f):
        raise ValueError(f"f must be a function of the array, got {type(f).__name__}")
    if not isinstance(array, np.ndarray) or array.dtype != np.float64:
        got = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
        raise ValueError(f"array must be a float64 array (a nudge of {STEP:g} is lost in anything coarser), got {got}")
    if not array.flags.writeable:
        raise ValueError("array must be writeable, got a read-only one; hand over a copy, and let f use its argument")

    def value() -> float:
        found = np.asarray(f(array))
        if found.size != 1 or found.dtype.kind not in "biuf":
            raise ValueError(f"f must return one number, got {found.dtype} of shape {found.shape}")
        return float(found.reshape(()))

    return central_differences(value, array, np.ndindex(array.shape)).reshape(array.shape)


def central_differences(value: Callable[[], float], array: np.ndarray, entries: Iterable) -> np.ndarray:
    """(f(θ + ε) - f(θ - ε)) / 2ε of `value()` for each of the `entries` of `array`, which is restored."""
    gradient = []
    for index in map(tuple, entries):
        kept = array[index]
        try:
            array[index] = kept + STEP
            above = value()
            array[index] = kept - STEP
            below = value()
        finally:
            array[index] = kept
        gradient.append((above - below) / (2 * STEP))
    return np.array(gradient)
