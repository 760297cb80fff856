"""What the chapter lstm/training says of recurrent networks that read Python's documentation, for three seeds."""

import numpy as np
import pytest

from seqbook.data import Vocabulary, documentation, rows
from seqbook.scratch import (
    GRU, LSTM, RNN, Adam, CrossEntropy, Embedding, Linear, SequenceModel, clip_grad_norm, truncated_bptt)

pytestmark = pytest.mark.slow
SEEDS = pytest.mark.parametrize("seed", [0, 1, 2])


@pytest.fixture(scope="module")
def text():
    """V, and ids as rows: inputs and targets (32, T) to learn from, (16, T) to judge by."""
    parts = documentation()
    vocabulary = Vocabulary([parts.train])
    return len(vocabulary), rows(vocabulary.encode(parts.train), 32), rows(vocabulary.encode(parts.test), 16)


def perplexities(text, kind, H, lr, seed, *, epochs=1, forget_bias=1.0):
    """The perplexity on unseen text after every epoch of truncated BPTT, with the chapter's settings."""
    V, (x, targets), (x_test, targets_test) = text
    rng = np.random.default_rng(seed)
    model = SequenceModel(Embedding(V, 32, rng=rng), kind(32, H, rng=rng), Linear(H, V, rng=rng))
    if kind is LSTM:
        model.recurrent.params["bias"][H:2 * H] = forget_bias
    optimizer, step = Adam(model.params, lr), model.training_step(CrossEntropy())
    found = []
    for _ in range(epochs):
        for chunk in truncated_bptt(step, x, targets, chunk=32):
            optimizer.step(clip_grad_norm(chunk.grads, 1.0)[0])
        (logits, _), _ = model.forward(x_test)
        found.append(np.exp(CrossEntropy().forward(logits, targets_test)[0]))
    return found


@pytest.fixture(scope="module")
def read(text):
    """`read(kind, H, lr, seed, epochs=…)` → the perplexity after that many; what two tests ask is learnt once."""
    learnt: dict[tuple, list[float]] = {}

    def after(kind, H, lr, seed, *, epochs=1, forget_bias=1.0):
        key = kind, H, lr, seed, forget_bias
        if len(learnt.get(key, ())) < epochs:
            learnt[key] = perplexities(text, kind, H, lr, seed, epochs=epochs, forget_bias=forget_bias)
        return learnt[key][epochs - 1]
    return after


@SEEDS
def test_with_longer_training_a_wide_rnn_catches_up(read, seed):
    plain, wide, gru, lstm = (read(kind, H, lr, seed, epochs=4) for kind, H, lr in (
        (RNN, 96, 0.008), (RNN, 190, 0.004), (GRU, 96, 0.008), (LSTM, 96, 0.016)))
    assert abs(wide - min(gru, lstm)) < 0.15 and plain > max(wide, gru, lstm) + 0.3


@SEEDS
def test_with_states_of_one_size_gates_read_better_and_width_helps_too(read, seed):
    plain, wide = read(RNN, 96, 0.008, seed), read(RNN, 190, 0.008, seed)
    gru, lstm = read(GRU, 96, 0.008, seed), read(LSTM, 96, 0.016, seed)
    assert max(gru, lstm) < plain - 0.3 and wide < plain - 0.1


@SEEDS
def test_a_large_forget_bias_is_no_help_where_letters_close_by_matter(read, seed):
    zero, one, three = (read(LSTM, 96, 0.016, seed, forget_bias=bias) for bias in (0, 1, 3))
    assert three > max(zero, one) + 0.1
