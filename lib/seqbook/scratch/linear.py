"""The affine map y = x Wᵀ + b."""

from typing import NamedTuple

import numpy as np

from seqbook.scratch.base import Layer, check_array, check_sizes, uniform


class LinearCache(NamedTuple):
    x: np.ndarray    # (..., D)


class Linear(Layer):
    """y = x Wᵀ + b over the last axis; x (..., D) → y (..., O).

    Parameters: `weight (O, D)`, `bias (O,)`, initialised from U(-1/√D, 1/√D) as in PyTorch.
    """

    def __init__(self, input_size, output_size, *, rng, dtype=np.float32):
        check_sizes(input_size=input_size, output_size=output_size)
        self.input_size, self.output_size = input_size, output_size
        super().__init__(dtype,
                         weight=uniform(rng, (output_size, input_size), input_size),
                         bias=uniform(rng, (output_size,), input_size))

    def forward(self, x):
        """y (..., O), cache."""
        check_array("x", x, self.dtype, ..., D=self.input_size)
        return self.affine(x), LinearCache(x)

    def affine(self, x):
        """y (..., O) of an x that has been checked."""
        weight, bias = self.params.values()
        y = x.reshape(-1, self.input_size) @ weight.T    # one product for all leading axes
        y += bias
        return y.reshape(*x.shape[:-1], self.output_size)

    def backward(self, dy, cache):
        """dx (..., D), grads."""
        check_array("dy", dy, self.dtype, ..., O=self.output_size)
        if dy.shape[:-1] != cache.x.shape[:-1]:
            raise ValueError(f"dy must have shape {(*cache.x.shape[:-1], self.output_size)}, got {dy.shape}")
        rows, drows = cache.x.reshape(-1, self.input_size), dy.reshape(-1, self.output_size)
        grads = {"weight": drows.T @ rows, "bias": drows.sum(axis=0)}
        return (drows @ self.params["weight"]).reshape(cache.x.shape), grads
