"""Zeros at random places while training."""

from typing import NamedTuple

import numpy as np

from seqbook.scratch.base import Layer, check_array, check_interval, check_like, check_rng, check_shape


class DropoutCache(NamedTuple):
    shape: tuple
    keep: np.ndarray | None    # 0 or 1/(1 - p), of x's shape; None in evaluation


class Dropout(Layer):
    """Each number is zero with probability p; the others grow by 1/(1 - p), so that the mean stays.

    x → y of the same shape. Randomness comes in with the call; without it (evaluation) y = x. No parameters.
    Srivastava et al. (2014), in the "inverted" form.
    """

    def __init__(self, p=0.1, *, rng=None, dtype=np.float32):
        check_interval("p", p, 1)
        self.p = p
        super().__init__(dtype)

    def forward(self, x, rng=None):
        """y of x's shape, cache; `rng` a np.random.Generator, or None to evaluate."""
        if rng is None or self.p == 0:    # x goes on as it is, to a layer that looks at its numbers
            check_shape("x", x, ...)
            return x, DropoutCache(x.shape, None)
        check_array("x", x, self.dtype, ...)
        check_rng(rng)
        keep = np.where(rng.random(x.shape, self.dtype) < self.p, 0, 1 / (1 - self.p)).astype(self.dtype)
        return x * keep, DropoutCache(x.shape, keep)

    def backward(self, dy, cache):
        """dx of x's shape, {}."""
        check_like("dy", dy, cache.shape, self.dtype)
        return (dy if cache.keep is None else dy * cache.keep), {}
