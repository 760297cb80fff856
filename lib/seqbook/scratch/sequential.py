"""Layers one after the other, each at every position by itself: a small network where a single layer would do."""

from typing import NamedTuple

import numpy as np

from seqbook.protocols import as_chain
from seqbook.scratch.base import Layer, check_shape, join


class SequentialCache(NamedTuple):
    layers: tuple    # each layer's own cache

    @property
    def x(self):
        """The first layer's input."""
        return self.layers[0].x


class Sequential(Layer):
    """Each layer reads what the one before puts out.

    `Sequential([Linear(H, F, rng=rng), Tanh(), Linear(F, O, rng=rng)])`, say, stands where a single layer could,
    as `first` or `output` of a `SequenceModel`. Recurrent layers are put one above the other by `Stacked`. Parameters:
    those of the layers, under `layers.0.`, `layers.1.`, …
    """

    def __init__(self, layers):
        self.layers, self.input_size, self.output_size = as_chain(layers)
        dtypes = {layer.dtype for layer in self.layers if layer.params}
        if len(dtypes) > 1:
            raise ValueError(f"layers must have one dtype, got {sorted(map(str, dtypes))}")
        super().__init__(dtypes.pop() if dtypes else np.float32, **join(layers=[layer.params for layer in self.layers]))

    def forward(self, x):
        """y, cache."""
        check_shape("x", x, ...)
        caches = []
        for layer in self.layers:
            x, cache = layer.forward(x)
            caches.append(cache)
        return x, SequentialCache(tuple(caches))

    def backward(self, dy, cache):
        """dx (None for ids), grads."""
        grads = []
        for layer, layer_cache in zip(reversed(self.layers), reversed(cache.layers)):
            dy, layer_grads = layer.backward(dy, layer_cache)
            grads.append(layer_grads)
        return dy, join(layers=grads[::-1])
