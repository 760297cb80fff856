"""Batches of sequences of different lengths: (B, T, …) arrays whose steps past `lengths` are padding.

Padding may hold anything, NaN included. Layers see it as zeros and let nothing come out of it, forward or backward.
"""

import numpy as np

from seqbook.scratch.base import as_integers, check_dtype, check_finite, check_shape


def as_lengths(lengths, B: int, T: int, name: str = "lengths", axis: str = "T") -> np.ndarray | None:
    """`lengths` as an int64 array (B,) with 1 ≤ length ≤ T, in any order; None (all steps are real) stays None."""
    if lengths is None:
        return None
    lengths = as_integers(name, lengths)
    if lengths.shape != (B,):
        raise ValueError(f"{name} must have shape (B={B},), got {lengths.shape}")
    if lengths.min() < 1 or lengths.max() > T:
        raise ValueError(f"{name} must lie in 1..{axis}={T}, got {lengths.min()}..{lengths.max()}")
    return lengths


def real_steps(lengths: np.ndarray, T: int) -> np.ndarray:
    """True at the steps that are no padding, (B, T)."""
    return np.arange(T) < lengths[:, None]


def zero_padding(array: np.ndarray, lengths: np.ndarray | None) -> np.ndarray:
    """`array` (B, T, …) with zeros in its padding; itself where there is none."""
    B, T = array.shape[:2]
    if lengths is None or (lengths == T).all():
        return array
    real = real_steps(lengths, T).reshape(B, T, *[1] * (array.ndim - 2))
    return np.where(real, array, array.dtype.type(0))


def clear_padding(array: np.ndarray, lengths: np.ndarray | None) -> None:
    """Zeros into the padding of a layer's own, new `array` (B, T, …)."""
    if lengths is not None:
        array[~real_steps(lengths, array.shape[1])] = 0


def padded(name: str, array, dtype: np.dtype, lengths: np.ndarray | None, **axes) -> np.ndarray:
    """`array` (B, T, …) with zeros in its padding; a ValueError unless its shape, dtype and real steps are right."""
    check_shape(name, array, **axes)
    check_dtype(name, array, dtype)
    array = zero_padding(array, lengths)
    check_finite(name, array)
    return array


def last_real(array: np.ndarray, lengths: np.ndarray | None) -> np.ndarray:
    """The last real step of every sequence: (B, T, H) → (B, H), a copy."""
    B, T = array.shape[:2]
    return array[np.arange(B), T - 1 if lengths is None else lengths - 1]


def add_to_last(array: np.ndarray, step: np.ndarray, lengths: np.ndarray | None) -> np.ndarray:
    """A copy of `array` (B, T, H) with `step` (B, H) added to each last real step: the backward of `last_real`."""
    B, T = array.shape[:2]
    array = array.copy()
    array[np.arange(B), T - 1 if lengths is None else lengths - 1] += step
    return array


def reverse_steps(array: np.ndarray, lengths: np.ndarray | None) -> np.ndarray:
    """Each sequence of `array` (B, T, …) with its real steps in reverse order and its padding where it was.

    Reversing twice gives the array back; so the backward of this function is itself.
    """
    B, T = array.shape[:2]
    if lengths is None:
        return array[:, ::-1]
    steps, lengths = np.arange(T), lengths[:, None]
    source = np.where(steps < lengths, lengths - 1 - steps, steps)    # (B, T)
    return array[np.arange(B)[:, None], source]
