"""The network that all trained models are: an LSTM between an optional embedding and a linear output at every step."""

import numpy as np

from seqbook.scratch import LSTM, Embedding, Linear, Parameters, SequenceModel, join


def named(network: SequenceModel) -> Parameters:
    """The arrays of a network under the names they have in the models' files."""
    return Parameters(join(embedding=network.first and network.first.params, lstm=network.recurrent.params,
                           output=network.output.params))


def new_network(hidden_size: int, output_size: int, *, rng: np.random.Generator, vocabulary_size: int | None = None,
                input_size: int, dropout: float = 0.0) -> SequenceModel:
    """An LSTM with fresh parameters, forget bias 1 (Jozefowicz et al., 2015): at first it forgets little."""
    embedding = None if vocabulary_size is None else Embedding(vocabulary_size, input_size, rng=rng)
    lstm = LSTM(input_size, hidden_size, rng=rng)
    lstm.params["bias"][hidden_size:2 * hidden_size] = 1
    return SequenceModel(embedding, lstm, Linear(hidden_size, output_size, rng=rng), dropout=dropout)
