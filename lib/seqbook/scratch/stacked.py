"""Deep recurrence: recurrent layers one above the other."""

from typing import NamedTuple

from seqbook.protocols import as_pair, as_stack, as_states
from seqbook.scratch.base import Layer, join


class StackedCache(NamedTuple):
    layers: tuple    # each layer's own cache

    @property
    def x(self):
        """The lowest layer's input, (B, T, D)."""
        return self.layers[0].x


class Stacked(Layer):
    """Each layer reads the outputs of the one below (Pascanu et al., 2014); the state is the tuple of their states.

    `Stacked([LSTM(D, H, rng=rng), LSTM(H, H, rng=rng)], skips=True)`: any recurrent layers whose sizes fit. With
    `skips`, every layer but the lowest adds its input to its output, so that gradients also flow past the layers.

    Parameters: those of the layers, under `layers.0.`, `layers.1.`, …
    """

    def __init__(self, layers, *, skips=False):
        self.layers, self.skips = as_stack(layers, skips), skips
        self.input_size, self.output_size = self.layers[0].input_size, self.layers[-1].output_size
        if len({layer.dtype for layer in self.layers}) > 1:
            raise ValueError(f"layers must have one dtype, got {[str(layer.dtype) for layer in self.layers]}")
        super().__init__(self.layers[0].dtype, **join(layers=[layer.params for layer in self.layers]))

    def forward(self, x, state=None, lengths=None):
        """(hs (B, T, H), states), cache; x (B, T, D), a tuple of the layers' states or None, lengths (B,) or None."""
        hs, ends, caches = x, [], []
        for number, (layer, start) in enumerate(zip(self.layers, as_states("state", state, self.layers))):
            (out, end), cache = layer.forward(hs, start, lengths)
            hs = out + hs if self.skips and number else out
            ends.append(end)
            caches.append(cache)
        return (hs, tuple(ends)), StackedCache(tuple(caches))

    def backward(self, doutputs, cache):
        """(dx (B, T, D), dstates), grads; doutputs = (dhs (B, T, H), a tuple of dstates or None for zeros)."""
        dhs, dstate = as_pair("doutputs", doutputs)
        dstates = as_states("dstate", dstate, self.layers)
        dstarts, grads = [], []
        for number, layer in reversed(list(enumerate(self.layers))):
            (dx, dstart), layer_grads = layer.backward((dhs, dstates[number]), cache.layers[number])
            dhs = dx + dhs if self.skips and number else dx
            dstarts.append(dstart)
            grads.append(layer_grads)
        return (dhs, tuple(dstarts[::-1])), join(layers=grads[::-1])
