"""Truncated BPTT: full BPTT when the chunk covers T, and a cut exactly at every chunk's boundary otherwise."""

import numpy as np
import pytest

from seqbook.scratch import RNN, CrossEntropy, Linear, truncated_bptt
from seqbook.scratch.base import prefix

B, T, D, H, V = 3, 7, 2, 5, 4
LENGTHS = np.array([4, 7, 1])


class Model:
    """An RNN that predicts a class at every step; its losses are sums, so chunks add up."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.rnn, self.output = (RNN(D, H, rng=rng, dtype=np.float64), Linear(H, V, rng=rng, dtype=np.float64))
        self.loss = CrossEntropy(reduction="sum")
        self.calls = []

    def step(self, x, targets, state, lengths):
        self.calls.append((x.shape, None if lengths is None else lengths.tolist()))
        (hs, state), rnn_cache = self.rnn.forward(x, state, lengths)
        logits, output_cache = self.output.forward(hs)
        loss, loss_cache = self.loss.forward(logits, targets)
        (dlogits, _), _ = self.loss.backward(1.0, loss_cache)
        dhs, output_grads = self.output.backward(dlogits, output_cache)
        _, rnn_grads = self.rnn.backward((dhs, None), rnn_cache)
        return loss, {**prefix("rnn", rnn_grads), **prefix("output", output_grads)}, state


def data(ragged):
    rng = np.random.default_rng(1)
    x, targets, state = rng.standard_normal((B, T, D)), rng.integers(0, V, (B, T)), rng.standard_normal((B, H))
    if ragged:
        targets[np.arange(T) >= LENGTHS[:, None]] = -100
    return x, targets, state, LENGTHS if ragged else None


def total(chunks):
    """The sums of the chunks' losses and gradients, and the last state."""
    chunks = list(chunks)
    grads = {name: sum(chunk.grads[name] for chunk in chunks) for name in chunks[0].grads}
    return sum(chunk.loss for chunk in chunks), grads, chunks[-1].state


@pytest.mark.parametrize("ragged", [False, True])
@pytest.mark.parametrize("chunk", [T, T + 1, 100])
def test_one_chunk_is_full_bptt(ragged, chunk):
    model = Model()
    x, targets, state, lengths = data(ragged)
    loss, grads, end = model.step(x, targets, state, lengths)
    (only,) = truncated_bptt(model.step, x, targets, chunk=chunk, state=state, lengths=lengths)
    assert (only.loss, only.start) == (loss, 0)
    np.testing.assert_array_equal(only.state, end)
    for name in grads:
        np.testing.assert_array_equal(only.grads[name], grads[name])


@pytest.mark.parametrize("ragged", [False, True])
@pytest.mark.parametrize("chunk", [1, 2, 3, 6])
def test_the_loss_and_the_state_do_not_depend_on_the_chunk(ragged, chunk):
    model = Model()
    x, targets, state, lengths = data(ragged)
    loss, grads, end = model.step(x, targets, state, lengths)
    sum_loss, sum_grads, last = total(truncated_bptt(model.step, x, targets, chunk=chunk, state=state, lengths=lengths))
    assert sum_loss == pytest.approx(loss, rel=1e-13)
    np.testing.assert_allclose(last, end, atol=1e-14)
    np.testing.assert_allclose(sum_grads["output.bias"], grads["output.bias"], atol=1e-13)    # sees no recurrence
    assert np.abs(sum_grads["rnn.weight_hh"] - grads["rnn.weight_hh"]).max() > 1e-3    # has lost its past


def test_the_boundary_cuts_exactly():
    """The gradient is that of full BPTT in which the state is data at every boundary."""
    model = Model()
    x, targets, state, _ = data(ragged=False)
    _, grads, _ = total(truncated_bptt(model.step, x, targets, chunk=3, state=state))
    expected = {name: 0 for name in grads}
    for start in range(0, T, 3):
        (_, after), _ = model.rnn.forward(x[:, start:start + 3], state)
        _, part, _ = model.step(x[:, start:start + 3], targets[:, start:start + 3], state, None)
        expected = {name: expected[name] + part[name] for name in grads}
        state = after
    for name in grads:
        np.testing.assert_array_equal(grads[name], expected[name])


def test_sequences_that_have_ended_leave_the_batch():
    model = Model()
    x, targets, state, _ = data(ragged=True)
    list(truncated_bptt(model.step, x, targets, chunk=3, state=state, lengths=LENGTHS))
    assert model.calls == [((3, 3, D), [3, 3, 1]), ((2, 3, D), [1, 3]), ((1, 1, D), [1])]
    model.calls.clear()
    list(truncated_bptt(model.step, x, targets, chunk=3, lengths=np.array([1, 2, 3])))
    assert model.calls == [((3, 3, D), [1, 2, 3])]


def test_parameters_may_change_between_chunks():
    model = Model()
    x, targets, state, _ = data(ragged=False)
    starts = []
    for loss, grads, state, start in truncated_bptt(model.step, x, targets, chunk=3, state=state):
        model.rnn.params["bias"] -= 0.1 * grads["rnn.bias"]
        starts.append(start)
    assert starts == [0, 3, 6]


def test_states_may_be_tuples():
    def step(x, targets, state, lengths):
        h, (c,) = state
        return 0.0, {}, (h + 1, (c + 10,))
    x, targets, _, lengths = data(ragged=True)
    start = (np.zeros((B, H)), (np.zeros((B, 1)),))
    *_, last = truncated_bptt(step, x, targets, chunk=3, state=start, lengths=lengths)
    assert last.state[0][:, 0].tolist() == [2, 3, 1] and last.state[1][0][:, 0].tolist() == [20, 30, 10]
    assert not start[0].any()
