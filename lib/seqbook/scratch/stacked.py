"""Deep recurrence: recurrent layers one upon the other."""

from collections.abc import Iterable
from typing import NamedTuple

from seqbook.scratch.base import Layer, numbered
from seqbook.scratch.recurrent import check_pair, check_recurrent


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
        self.layers, self.skips = check_stack(layers, skips), skips
        self.input_size, self.output_size = self.layers[0].input_size, self.layers[-1].output_size
        if len({layer.dtype for layer in self.layers}) > 1:
            raise ValueError(f"layers must have one dtype, got {[str(layer.dtype) for layer in self.layers]}")
        super().__init__(self.layers[0].dtype, **numbered("layers", [layer.params for layer in self.layers]))

    def forward(self, x, state=None, lengths=None):
        """(hs (B, T, H), states), cache; x (B, T, D), a tuple of the layers' states or None, lengths (B,) or None."""
        hs, ends, caches = x, [], []
        for number, (layer, start) in enumerate(zip(self.layers, check_states("state", state, self.layers))):
            (out, end), cache = layer.forward(hs, start, lengths)
            hs = out + hs if self.skips and number else out
            ends.append(end)
            caches.append(cache)
        return (hs, tuple(ends)), StackedCache(tuple(caches))

    def backward(self, doutputs, cache):
        """(dx (B, T, D), dstates), grads; doutputs = (dhs (B, T, H), a tuple of dstates or None for zeros)."""
        dhs, dstate = check_pair("doutputs", doutputs)
        dstates = check_states("dstate", dstate, self.layers)
        dstarts, grads = [], []
        for number, layer in reversed(list(enumerate(self.layers))):
            (dx, dstart), layer_grads = layer.backward((dhs, dstates[number]), cache.layers[number])
            dhs = dx + dhs if self.skips and number else dx
            dstarts.append(dstart)
            grads.append(layer_grads)
        return (dhs, tuple(reversed(dstarts))), numbered("layers", reversed(grads))


def check_stack(layers, skips):
    """The layers as a tuple, refused where one cannot read the one below."""
    found = tuple(layers) if isinstance(layers, Iterable) else ()
    if not found:
        raise ValueError(f"layers must be a list of at least one layer, got {layers!r}")
    layers = found
    check_recurrent(**{f"layers[{number}]": layer for number, layer in enumerate(layers)})
    for number, (below, layer) in enumerate(zip(layers, layers[1:]), start=1):
        if layer.input_size != below.output_size:
            raise ValueError(f"layers[{number}] must have the input size {below.output_size} that the layer below puts "
                             f"out, got {layer.input_size}")
        if skips and layer.output_size != layer.input_size:
            raise ValueError(f"with skips layers[{number}] must have one size for input and output, "
                             f"got {layer.input_size} and {layer.output_size}")
    return layers


def check_states(name, state, layers):
    """One state for every layer; a tuple of None for None."""
    if state is None:
        return (None,) * len(layers)
    if not isinstance(state, (tuple, list)) or len(state) != len(layers):
        got = f"{len(state)}" if isinstance(state, (tuple, list)) else type(state).__name__
        raise ValueError(f"{name} must be a tuple of {len(layers)} states, one for each layer, got {got}")
    return tuple(state)
