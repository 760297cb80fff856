"""A recurrent layer between what reads the inputs and what writes the outputs: most models of the book are one."""

from typing import NamedTuple

import numpy as np

from seqbook.protocols import as_pair, check_chain
from seqbook.scratch.base import Layer, check_interval, is_array, join, kind_of
from seqbook.scratch.dropout import Dropout, DropoutCache
from seqbook.scratch.linear import Linear, LinearCache
from seqbook.scratch.losses import loss_and_gradient
from seqbook.scratch.ragged import as_lengths, clear_padding, padded, zero_padding
from seqbook.scratch.seq2seq import check_same_dtype


class SequenceModelCache(NamedTuple):
    first: tuple | None               # each layer's own cache
    recurrent: tuple
    dropout: DropoutCache
    output: LinearCache
    lengths: np.ndarray | None        # (B,)


class SequenceModel(Layer):
    """first → recurrent → output: an output (B, T, O) at every step of the inputs (B, T, …).

    `first` is an `Embedding` for ids (B, T), a `Linear` for x (B, T, D), or None where the recurrent layer reads x;
    `recurrent` is any recurrent layer, `output` a `Linear`. `dropout` acts before the output, where there is an `rng`.
    Parameters: those of the three, under `first.`, `recurrent.` and `output.`.

        model = SequenceModel(Embedding(V, 32, rng=rng), LSTM(32, 96, rng=rng), Linear(96, V, rng=rng))
        for loss, grads, _, _ in truncated_bptt(model.training_step(CrossEntropy()), x, targets, chunk=32): ...
        text = sample(model.step, None, first, end=0, max_length=80, rng=rng)
    """

    def __init__(self, first, recurrent, output: Linear, *, dropout=0.0):
        check_chain(first, recurrent, output)
        check_interval("dropout", dropout, 1)
        check_same_dtype(recurrent.dtype, **({} if first is None else {"first": first}), output=output)
        self.first, self.recurrent, self.output = first, recurrent, output
        self.dropout = Dropout(dropout, dtype=recurrent.dtype)
        super().__init__(recurrent.dtype, **join(first=first and first.params, recurrent=recurrent.params,
                                                 output=output.params))

    def forward(self, x, state=None, lengths=None, rng=None):
        """(outputs (B, T, O), state), cache; x (B, T) or (B, T, D), state that of `recurrent`, lengths (B,) or None."""
        if not is_array(x) or x.ndim not in (2, 3) or x.size == 0:
            got = x.shape if is_array(x) else kind_of(x)
            raise ValueError(f"x must be an array of shape (B, T) or (B, T, D) with no axis of size 0, got {got}")
        lengths = as_lengths(lengths, *x.shape[:2])
        x = zero_padding(x, lengths)
        e, first_cache = (x, None) if self.first is None else self.first.forward(x)
        (hs, state), recurrent_cache = self.recurrent.forward(e, state, lengths)
        hs, dropout_cache = self.dropout.forward(hs, rng)
        outputs, output_cache = self.output.forward(hs)
        clear_padding(outputs, lengths)
        return (outputs, state), SequenceModelCache(first_cache, recurrent_cache, dropout_cache, output_cache, lengths)

    def backward(self, doutputs, cache):
        """(dx (B, T, D) or None for ids, dstate), grads; doutputs = (doutputs (B, T, O), dstate or None for zeros)."""
        doutputs, dstate = as_pair("doutputs", doutputs)
        B, T = cache.output.x.shape[:2]
        doutputs = padded("doutputs", doutputs, self.dtype, cache.lengths, B=B, T=T, O=self.output.output_size)
        dhs, output_grads = self.output.backward(doutputs, cache.output)
        dhs, _ = self.dropout.backward(dhs, cache.dropout)
        (dx, dstate), recurrent_grads = self.recurrent.backward((dhs, dstate), cache.recurrent)
        dx, first_grads = (dx, None) if self.first is None else self.first.backward(dx, cache.first)
        return (dx, dstate), join(first=first_grads, recurrent=recurrent_grads, output=output_grads)

    def training_step(self, loss, rng=None):
        """The `step(x, targets, state, lengths) -> loss, grads, state` of `truncated_bptt`; `rng` for dropout.

        No gradient comes from beyond the last step: dstate is zero there.
        """
        def step(x, targets, state=None, lengths=None):
            (outputs, state), cache = self.forward(x, state, lengths, rng)
            value, doutputs = loss_and_gradient(loss, outputs, targets)
            _, grads = self.backward((doutputs, None), cache)
            return value, grads, state
        return step

    def step(self, x, state=None):
        """outputs (B, T, O) after the next x, and the new state; for `seqbook.scratch.greedy` and its kin."""
        return self.forward(x, state)[0]
