"""Nonlinearities, as functions and as layers. Exact and without warnings at inputs of ±1e4."""

from typing import NamedTuple

import numpy as np

from seqbook.scratch.base import Layer, check_choice, check_finite, check_floats, check_integer, check_same, plain

tanh = np.tanh


def sigmoid(x, out=None):
    """1 / (1 + e⁻ˣ), into `out` where one is given, as in NumPy's own functions."""
    with np.errstate(over="ignore"):    # e⁻ˣ may become inf, and 1 / (1 + inf) = 0 is the right limit
        e = np.exp(np.negative(x, out=out), out=out)
    return np.divide(1, np.add(1, e, out=out), out=out)


def relu(x, out=None):
    """max(x, 0), into `out` where one is given."""
    return np.maximum(x, 0, out=out)


def gelu(x, approximate="none"):
    """x Φ(x), with Φ the normal distribution function, or its "tanh" approximation (Hendrycks and Gimpel, 2016)."""
    x = plain("x", x)
    return x * _normal_cdf(x, approximate)


def softmax(x, axis=-1):
    """eˣ / Σ eˣ along `axis`; the largest x is subtracted first, which changes nothing but the range of eˣ.

    Sums of float16 are taken in float32, as are those of `log_softmax`.
    """
    x = plain("x", x)
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return (e / _sum(e, axis)).astype(e.dtype, copy=False)


def log_softmax(x, axis=-1):
    """log softmax(x) along `axis`, finite where softmax(x) itself is too small for a float."""
    x = plain("x", x)
    x = x - x.max(axis=axis, keepdims=True)
    return (x - np.log(_sum(np.exp(x), axis))).astype(x.dtype, copy=False)


def _sum(x, axis):
    return x.sum(axis=axis, keepdims=True, dtype=np.float32 if x.dtype == np.float16 else None)


def _normal_cdf(x, approximate):
    if approximate == "none":
        from scipy.special import erf    # takes a quarter of a second to import: only GELU pays for it
        return 0.5 * (1 + erf(x * 0.5 ** 0.5))
    return 0.5 * (1 + np.tanh((2 / np.pi) ** 0.5 * x * (1 + 0.044715 * x * x)))


class ActivationCache(NamedTuple):
    x: np.ndarray
    y: np.ndarray    # same shape


class Activation(Layer):
    """A function of each number (Softmax: of each row) without parameters: x → y of the same shape and dtype."""

    by_output = False    # whether `derivative` reads y, of which the cache then has a copy of its own

    def __init__(self):
        super().__init__()

    def function(self, x):
        """y"""
        raise NotImplementedError

    def derivative(self, dy, x, y):
        """dx"""
        raise NotImplementedError

    def forward(self, x):
        """y, cache."""
        check_floats("x", x, ...)
        check_finite("x", x)
        y = self.function(x)
        return y, ActivationCache(x, y.copy() if self.by_output else y)

    def backward(self, dy, cache):
        """dx, {}."""
        check_same("dy", dy, "x", cache.x)
        return self.derivative(dy, cache.x, cache.y), {}


class Tanh(Activation):
    """y = tanh x, dy/dx = 1 - y²."""

    by_output = True

    def function(self, x):
        return tanh(x)

    def derivative(self, dy, x, y):
        return dy * (1 - y * y)


class Sigmoid(Activation):
    """y = σ(x), dy/dx = y (1 - y)."""

    by_output = True

    def function(self, x):
        return sigmoid(x)

    def derivative(self, dy, x, y):
        return dy * y * (1 - y)


class ReLU(Activation):
    """y = max(x, 0), dy/dx = 1 where x > 0, else 0."""

    def function(self, x):
        return relu(x)

    def derivative(self, dy, x, y):
        return dy * (x > 0)


class GELU(Activation):
    """y = x Φ(x), dy/dx = Φ(x) + x φ(x); `approximate="tanh"` takes Φ's approximation and that one's derivative."""

    def __init__(self, approximate="none"):
        check_choice("approximate", approximate, ("none", "tanh"))
        self.approximate = approximate
        super().__init__()

    def function(self, x):
        return gelu(x, self.approximate)

    def derivative(self, dy, x, y):
        cdf = _normal_cdf(x, self.approximate)
        if self.approximate == "none":
            density = np.exp(-0.5 * x * x) / (2 * np.pi) ** 0.5
        else:    # cdf = ½ (1 + tanh u), and 1 - tanh² u = 4 cdf (1 - cdf)
            density = 2 * cdf * (1 - cdf) * (2 / np.pi) ** 0.5 * (1 + 3 * 0.044715 * x * x)
        return dy * (cdf + x * density)


class Softmax(Activation):
    """y = softmax(x) along `axis`; dx = y ∘ (dy - Σ dy ∘ y), for each output depends on all inputs of its row."""

    by_output = True

    def __init__(self, axis=-1):
        check_integer("axis", axis)
        self.axis = axis
        super().__init__()

    def function(self, x):
        return softmax(x, self.axis)

    def derivative(self, dy, x, y):
        return y * (dy - (dy * y).sum(axis=self.axis, keepdims=True))
