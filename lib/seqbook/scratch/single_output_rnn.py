"""One output for a whole sequence (pattern 3): only the last hidden state is read."""

from typing import NamedTuple

import numpy as np

from seqbook.protocols import as_pair
from seqbook.scratch.base import Layer, check_array, join
from seqbook.scratch.linear import Linear, LinearCache
from seqbook.scratch.recurrent import state_or_zeros
from seqbook.scratch.rnn import RNN, RNNCache


class SingleOutputRNNCache(NamedTuple):
    rnn: RNNCache
    output: LinearCache


class SingleOutputRNN(Layer):
    """o = W_ho h(T) + c, with h(T) the state of an `RNN` after the last real step (Goodfellow et al., figure 10.5).

    Parameters: `rnn.weight_ih (H, D)`, `rnn.weight_hh (H, H)`, `rnn.bias (H,)`, `output.weight (O, H)`,
    `output.bias (O,)`.
    """

    def __init__(self, input_size, hidden_size, output_size, *, rng, dtype=np.float32):
        self.rnn = RNN(input_size, hidden_size, rng=rng, dtype=dtype)
        self.output = Linear(hidden_size, output_size, rng=rng, dtype=dtype)
        super().__init__(dtype, **join(rnn=self.rnn.params, output=self.output.params))

    def forward(self, x, state=None, lengths=None):
        """(o (B, O), state (B, H)), cache; x (B, T, D), state (B, H) or None for zeros, lengths (B,) or None."""
        (_, state), rnn_cache = self.rnn.forward(x, state, lengths)
        o, output_cache = self.output.forward(state)
        return (o, state.copy()), SingleOutputRNNCache(rnn_cache, output_cache)

    def backward(self, doutputs, cache):
        """(dx (B, T, D), dstate (B, H)), grads; doutputs = (do (B, O), dstate (B, H) or None for zeros)."""
        do, dstate = as_pair("doutputs", doutputs)
        B, _, H = cache.rnn.hs.shape
        check_array("do", do, self.dtype, B=B, O=self.output.output_size)
        dh, output_grads = self.output.backward(do, cache.output)
        dstate = state_or_zeros("dstate", dstate, self.dtype, B, H)
        dinputs, rnn_grads = self.rnn.backward((np.zeros_like(cache.rnn.hs), dh + dstate), cache.rnn)
        return dinputs, join(rnn=rnn_grads, output=output_grads)
