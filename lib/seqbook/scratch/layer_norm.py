"""Each vector brought to mean 0 and variance 1, then scaled and shifted by what is learned."""

from typing import NamedTuple

import numpy as np

from seqbook.scratch.base import Layer, check_array, check_interval, check_like, check_sizes


class LayerNormCache(NamedTuple):
    x_hat: np.ndarray      # (..., E), mean 0 and variance 1 over the last axis
    inv_std: np.ndarray    # (..., 1)


class LayerNorm(Layer):
    """y = weight ∘ (x - mean) / √(variance + eps) + bias over the last axis; x (..., E) → (..., E).

    Every token is normalised by itself, with the biased variance (divided by E, not E - 1). Parameters: `weight (E,)`
    of ones, `bias (E,)` of zeros (so `rng` is taken, as by every layer, but not needed). Ba, Kiros and Hinton (2016).
    """

    def __init__(self, model_size, *, eps=1e-5, rng=None, dtype=np.float32):
        check_sizes(model_size=model_size)
        check_interval("eps", eps)
        self.model_size, self.eps = model_size, eps
        super().__init__(dtype, weight=np.ones(model_size), bias=np.zeros(model_size))

    def forward(self, x):
        """y (..., E), cache."""
        check_array("x", x, self.dtype, ..., E=self.model_size)
        weight, bias = self.params.values()
        E = self.model_size
        x_hat = x - x[..., :1]     # near 0, where sums are exact enough: all 0 in a row of equal numbers
        x_hat -= _sum(x_hat) / E   # mean 0
        inv_std = 1 / np.sqrt(_dot(x_hat, x_hat) / E + self.dtype.type(self.eps))
        x_hat *= inv_std           # and variance 1
        y = x_hat * weight
        y += bias
        return y, LayerNormCache(x_hat, inv_std)

    def backward(self, dy, cache):
        """dx (..., E), grads.

        x_hat has mean 0 and length √E whatever x is, so the part of dx_hat that would change its mean or its length is
        taken out: dx = inv_std ∘ (dx_hat - mean(dx_hat) - x_hat ∘ mean(dx_hat ∘ x_hat)).
        """
        x_hat, inv_std = cache
        check_like("dy", dy, x_hat.shape, self.dtype)
        E = self.model_size
        dx_hat = dy * self.params["weight"]
        dx = x_hat * (_dot(dx_hat, x_hat) / -E)
        dx += dx_hat
        dx -= _sum(dx_hat) / E
        dx *= inv_std
        rows, x_rows = dy.reshape(-1, E), x_hat.reshape(-1, E)
        return dx, {"weight": np.einsum("re,re->e", rows, x_rows), "bias": rows.sum(axis=0)}


def _sum(x):
    return np.einsum("...e->...", x)[..., None]    # a third of the time of x.sum(-1) in float32


def _dot(x, y):
    return np.einsum("...e,...e->...", x, y)[..., None]
