"""The networks of the trained models: an LSTM, or two RNNs that read from both ends, between an optional embedding and
a linear output at every step; or an encoder and a decoder."""

import numpy as np

from seqbook.scratch import (
    GRU, LSTM, RNN, Bidirectional, Decoder, Embedding, Encoder, LanguageModel, Linear, Parameters, Seq2Seq,
    SequenceModel, join,
)


def named(network: SequenceModel | Seq2Seq | LanguageModel) -> Parameters:
    """The arrays of a network under the names they have in the models' files."""
    if isinstance(network, (Seq2Seq, LanguageModel)):
        return network.params
    recurrent = {"lstm" if isinstance(network.recurrent, LSTM) else "rnn": network.recurrent.params}
    return Parameters(join(embedding=network.first and network.first.params, **recurrent, output=network.output.params))


def new_network(hidden_size: int, output_size: int, *, rng: np.random.Generator, vocabulary_size: int | None = None,
                input_size: int, dropout: float = 0.0) -> SequenceModel:
    """An LSTM with fresh parameters, forget bias 1 (Jozefowicz et al., 2015): at first it forgets little."""
    embedding = None if vocabulary_size is None else Embedding(vocabulary_size, input_size, rng=rng)
    lstm = LSTM(input_size, hidden_size, rng=rng)
    lstm.params["bias"][hidden_size:2 * hidden_size] = 1
    return SequenceModel(embedding, lstm, Linear(hidden_size, output_size, rng=rng), dropout=dropout)


def new_bidirectional(hidden_size: int, output_size: int, *, rng: np.random.Generator, vocabulary_size: int,
                      input_size: int, dropout: float = 0.0, dtype=np.float32) -> SequenceModel:
    """Two RNNs with fresh parameters, one from each end; every output may look at both states."""
    sizes = {"rng": rng, "dtype": dtype}
    readers = Bidirectional(*(RNN(input_size, hidden_size, **sizes) for _ in range(2)))
    return SequenceModel(Embedding(vocabulary_size, input_size, **sizes), readers,
                         Linear(2 * hidden_size, output_size, **sizes), dropout=dropout)


def new_encoder_decoder(hidden_size: int, *, rng: np.random.Generator, vocabulary_size: int, input_size: int,
                        output_size: int, dtype=np.float32) -> Seq2Seq:
    """Two GRUs with fresh parameters, the second starting from the first's last state.

    The bias of the update gates is 2, so that at first they keep the past, as an LSTM's forget bias does.
    """
    encoder, decoder = (GRU(input_size, hidden_size, rng=rng, dtype=dtype) for _ in range(2))
    for gru in (encoder, decoder):
        gru.params["bias"][hidden_size:2 * hidden_size] = 2
    return Seq2Seq(Encoder(vocabulary_size, encoder, rng=rng, dtype=dtype),
                   Decoder(output_size, decoder, rng=rng, dtype=dtype))
