"""The network that all trained models are: an LSTM between an optional embedding and a linear output at every step."""

from typing import NamedTuple

import numpy as np

from seqbook.scratch import LSTM, Dropout, Embedding, Layer, Linear, prefix
from seqbook.scratch.dropout import DropoutCache
from seqbook.scratch.embedding import EmbeddingCache
from seqbook.scratch.linear import LinearCache
from seqbook.scratch.lstm import LSTMCache
from seqbook.protocols import as_pair


class NetworkCache(NamedTuple):
    embedding: EmbeddingCache | None
    lstm: LSTMCache
    dropout: DropoutCache
    output: LinearCache


class Network(Layer):
    """Ids (B, T) or x (B, T, D) → `Embedding` if there is one → `LSTM` → `Dropout` → `Linear`: outputs (B, T, O).

    Parameters: `embedding.weight (V, D)` if there is one, `lstm.weight_ih (4H, D)`, `lstm.weight_hh (4H, H)`,
    `lstm.bias (4H,)`, `output.weight (O, H)`, `output.bias (O,)`.
    """

    def __init__(self, embedding: Embedding | None, lstm: LSTM, output: Linear, *, dropout: float = 0.0):
        self.embedding, self.lstm, self.output = embedding, lstm, output
        self.dropout = Dropout(dropout, dtype=lstm.dtype)
        super().__init__(lstm.dtype, **({} if embedding is None else prefix("embedding", embedding.params)),
                         **prefix("lstm", lstm.params), **prefix("output", output.params))

    def forward(self, inputs, state=None, lengths=None, *, rng=None):
        """(outputs (B, T, O), (h, c)), cache; state and lengths as in `LSTM`; `rng` for dropout while training."""
        x, embedding_cache = (inputs, None) if self.embedding is None else self.embedding.forward(inputs)
        (hs, state), lstm_cache = self.lstm.forward(x, state, lengths)
        hs, dropout_cache = self.dropout.forward(hs, rng)
        outputs, output_cache = self.output.forward(hs)
        return (outputs, state), NetworkCache(embedding_cache, lstm_cache, dropout_cache, output_cache)

    def backward(self, doutputs, cache):
        """(dx or None for ids, (dh, dc)), grads; doutputs = (doutputs (B, T, O), (dh, dc) or None for zeros)."""
        doutputs, dstate = as_pair("doutputs", doutputs)
        dhs, output_grads = self.output.backward(doutputs, cache.output)
        dhs, _ = self.dropout.backward(dhs, cache.dropout)
        (dx, dstate), lstm_grads = self.lstm.backward((dhs, dstate), cache.lstm)
        grads = {**prefix("lstm", lstm_grads), **prefix("output", output_grads)}
        if self.embedding is not None:
            dx, embedding_grads = self.embedding.backward(dx, cache.embedding)
            grads |= prefix("embedding", embedding_grads)
        return (dx, dstate), grads


def new_network(hidden_size: int, output_size: int, *, rng: np.random.Generator, vocabulary_size: int | None = None,
                input_size: int, dropout: float = 0.0) -> Network:
    """A network with fresh parameters, forget bias 1 (Jozefowicz et al., 2015): at first it forgets little."""
    embedding = None if vocabulary_size is None else Embedding(vocabulary_size, input_size, rng=rng)
    lstm = LSTM(input_size, hidden_size, rng=rng)
    lstm.params["bias"][hidden_size:2 * hidden_size] = 1
    return Network(embedding, lstm, Linear(hidden_size, output_size, rng=rng), dropout=dropout)
