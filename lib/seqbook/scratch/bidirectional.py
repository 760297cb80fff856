"""Two recurrent layers over one sequence, one from each end."""

from typing import NamedTuple

import numpy as np

from seqbook.protocols import as_pair, check_merged, check_recurrent
from seqbook.scratch.base import Layer, check_choice, join
from seqbook.scratch.ragged import padded, reverse_steps
from seqbook.scratch.recurrent import padded_input


class BidirectionalCache(NamedTuple):
    x: np.ndarray                  # (B, T, D), zero in the padding
    forward_layer: tuple           # each layer's own cache; the backward layer's is in reversed time
    backward_layer: tuple
    lengths: np.ndarray | None     # (B,)


class Bidirectional(Layer):
    """One layer reads from the first step to the last, the other from the last real step to the first (Schuster, 1997).

    `Bidirectional(LSTM(D, H, rng=rng), LSTM(D, H, rng=rng))`: any two recurrent layers of one input size and dtype.
    Step t's output joins what the first knows of 1 … t and what the second knows of t … T: side by side, or, with
    `merge="sum"`, added up, which needs two outputs of one size. The state is the pair of the layers' states: after the
    last real step, and after the first one.

    Parameters: those of the layers, under `forward_layer.` and `backward_layer.`.
    """

    def __init__(self, forward_layer, backward_layer, *, merge="concatenate"):
        check_choice("merge", merge, ("concatenate", "sum"))
        check_recurrent(forward_layer=forward_layer, backward_layer=backward_layer)
        if forward_layer.input_size != backward_layer.input_size:
            raise ValueError(f"forward_layer and backward_layer must have one input size, "
                             f"got {forward_layer.input_size} and {backward_layer.input_size}")
        if forward_layer.dtype != backward_layer.dtype:
            raise ValueError(f"forward_layer and backward_layer must have one dtype, "
                             f"got {forward_layer.dtype} and {backward_layer.dtype}")
        check_merged(merge, forward_layer, backward_layer)
        self.forward_layer, self.backward_layer, self.merge = forward_layer, backward_layer, merge
        self.input_size = forward_layer.input_size
        self.output_size = forward_layer.output_size + (backward_layer.output_size if merge == "concatenate" else 0)
        super().__init__(forward_layer.dtype, **join(forward_layer=forward_layer.params,
                                                           backward_layer=backward_layer.params))

    def forward(self, x, state=None, lengths=None):
        """(hs (B, T, H), (state₁, state₂)), cache; x (B, T, D), the pair of states or None, lengths (B,).

        H = H₁ + H₂, the sum of the layers' sizes, or with `merge="sum"` the one size that both have.
        """
        x, lengths = padded_input(x, lengths, self.dtype, self.input_size)
        first, second = (None, None) if state is None else as_pair("state", state)
        (ahead, first), forward_cache = self.forward_layer.forward(x, first, lengths)
        (back, second), backward_cache = self.backward_layer.forward(reverse_steps(x, lengths), second, lengths)
        back = reverse_steps(back, lengths)
        hs = ahead + back if self.merge == "sum" else np.concatenate([ahead, back], axis=-1)
        return (hs, (first, second)), BidirectionalCache(x, forward_cache, backward_cache, lengths)

    def backward(self, doutputs, cache):
        """(dx (B, T, D), (dstate₁, dstate₂)), grads; doutputs = (dhs, the pair of dstates or None for zeros)."""
        dhs, dstate = as_pair("doutputs", doutputs)
        first, second = (None, None) if dstate is None else as_pair("dstate", dstate)
        B, T, _ = cache.x.shape
        dhs = padded("dhs", dhs, self.dtype, cache.lengths, B=B, T=T, H=self.output_size)
        H = self.forward_layer.output_size
        dahead, dback = (dhs, dhs) if self.merge == "sum" else (dhs[..., :H], dhs[..., H:])
        (dx, first), forward_grads = self.forward_layer.backward((dahead, first), cache.forward_layer)
        (dreversed, second), backward_grads = self.backward_layer.backward(
            (reverse_steps(dback, cache.lengths), second), cache.backward_layer)
        grads = join(forward_layer=forward_grads, backward_layer=backward_grads)
        return (dx + reverse_steps(dreversed, cache.lengths), (first, second)), grads
