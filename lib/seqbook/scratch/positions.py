"""Telling a model where in the sequence a token stands: added sinusoids, added learned vectors, or rotations."""

from typing import NamedTuple

import numpy as np

from seqbook.scratch.base import Layer, check_array, check_like, check_rng, check_sizes


def angles(T: int, size: int, start: int = 0, stretch: float = 1.0) -> np.ndarray:
    """pos · 10000^(-2i/size) for T positions from `start` and i = 0 … size/2 - 1: (T, size/2), in radians.

    With `stretch` a position counts as pos / stretch, so that longer texts keep to known angles (Chen et al., 2023).
    """
    frequency = 10000.0 ** (-np.arange(0, size, 2) / size)
    return np.arange(start, start + T)[:, None] / stretch * frequency


def sinusoids(T: int, E: int, start: int = 0, stretch: float = 1.0) -> np.ndarray:
    """(T, E) with sin(angle) in the even and cos(angle) in the odd columns (Vaswani et al., 2017, section 3.5)."""
    check_sizes(T=T, E=E)
    angle = angles(T, E, start, stretch)
    table = np.empty((T, E))
    table[:, 0::2] = np.sin(angle)
    table[:, 1::2] = np.cos(angle[:, :E // 2])
    return table


class PositionsCache(NamedTuple):
    shape: tuple    # (B, T, E)
    start: int


class SinusoidalPositions(Layer):
    """x (B, T, E) → x + sinusoids(T, E). No parameters, no longest length."""

    def __init__(self, model_size, *, rng=None, dtype=np.float32):
        check_sizes(model_size=model_size)
        self.model_size = model_size
        super().__init__(dtype)

    def forward(self, x, start=0):
        """x with its positions `start`, `start` + 1, … added, cache."""
        check_array("x", x, self.dtype, B=None, T=None, E=self.model_size)
        table = sinusoids(x.shape[1], self.model_size, start).astype(self.dtype)
        return x + table, PositionsCache(x.shape, start)

    def backward(self, dy, cache):
        """dx (B, T, E), {}."""
        check_like("dy", dy, cache.shape, self.dtype)
        return dy, {}


class LearnedPositions(Layer):
    """x (B, T, E) → x + weight[:T], with `weight (max_length, E)` from N(0, 0.02²)."""

    def __init__(self, max_length, model_size, *, rng, dtype=np.float32):
        check_sizes(max_length=max_length, model_size=model_size)
        check_rng(rng)
        self.max_length, self.model_size = max_length, model_size
        super().__init__(dtype, weight=0.02 * rng.standard_normal((max_length, model_size)))

    def forward(self, x, start=0):
        """x with its positions `start`, `start` + 1, … added, cache."""
        check_array("x", x, self.dtype, B=None, T=None, E=self.model_size)
        T = x.shape[1]
        if start + T > self.max_length:
            raise ValueError(f"x must end before position max_length={self.max_length}, got {start} + T={T}")
        return x + self.params["weight"][start:start + T], PositionsCache(x.shape, start)

    def backward(self, dy, cache):
        """dx (B, T, E), grads."""
        check_like("dy", dy, cache.shape, self.dtype)
        dweight = np.zeros_like(self.params["weight"])
        dweight[cache.start:cache.start + dy.shape[1]] = dy.sum(axis=0)
        return dy, {"weight": dweight}


def rotate(x: np.ndarray, start: int = 0, inverse: bool = False, stretch: float = 1.0) -> np.ndarray:
    """Turn each pair (x_2i, x_2i+1) of x (B, N, T, K) by angle i of its position (Su et al., 2021, "RoPE").

    q·k of two turned vectors depends on the distance of their positions alone. A rotation's gradient is the inverse
    rotation.
    """
    B, N, T, K = x.shape
    angle = angles(T, K, start, stretch)    # (T, K/2)
    cos = np.cos(angle).astype(x.dtype)
    sin = np.sin(-angle if inverse else angle).astype(x.dtype)
    even, odd = x[..., 0::2], x[..., 1::2]
    turned = np.empty((B, T, N, K), x.dtype).swapaxes(1, 2)
    turned[..., 0::2] = even * cos - odd * sin
    turned[..., 1::2] = even * sin + odd * cos
    return turned
