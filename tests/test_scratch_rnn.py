"""The recurrent layers as functions of time: steps, states, lengths and what flows between them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqbook.scratch import GRU, LSTM, RNN, GRUCell, LSTMCell, OutputRNN, RNNCell, SingleOutputRNN, softmax

B, T, D, H, O = 3, 7, 2, 5, 4


def random(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def double(layer, *sizes, **options):
    return layer(*sizes, rng=np.random.default_rng(7), dtype=np.float64, **options)


KINDS = {    # sequence layer, its cell, the shapes of its state
    "tanh": (lambda: double(RNN, D, H), lambda: double(RNNCell, D, H), 1),
    "relu": (lambda: double(RNN, D, H, nonlinearity="relu"), lambda: double(RNNCell, D, H, nonlinearity="relu"), 1),
    "identity": (lambda: double(RNN, D, H, nonlinearity="identity"),
                 lambda: double(RNNCell, D, H, nonlinearity="identity"), 1),
    "LSTM": (lambda: double(LSTM, D, H), lambda: double(LSTMCell, D, H), 2),
    "GRU": (lambda: double(GRU, D, H), lambda: double(GRUCell, D, H), 1),
}


def random_state(count, seed=0):
    state = tuple(random(B, H, seed=seed + n) for n in range(count))
    return state if count > 1 else state[0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_layer_is_its_cell_step_by_step(kind):
    layer, cell, count = KINDS[kind]
    layer, cell = layer(), cell()
    cell.params.update(layer.params)
    x, state, dhs, dstate = random(B, T, D), random_state(count, 1), random(B, T, H, seed=3), random_state(count, 4)
    (hs, end), cache = layer.forward(x, state)
    (dx, dstart), grads = layer.backward((dhs, dstate), cache)

    caches = []
    for t in range(T):
        state, step_cache = cell.forward(x[:, t], state)
        caches.append(step_cache)
        np.testing.assert_allclose(state[0] if count > 1 else state, hs[:, t], atol=1e-14)
    np.testing.assert_allclose(end, state, atol=1e-14)
    total = {name: 0 for name in grads}
    for t in reversed(range(T)):
        dstate = (dstate[0] + dhs[:, t], dstate[1]) if count > 1 else dstate + dhs[:, t]
        (dx_t, dstate), step_grads = cell.backward(dstate, caches[t])
        np.testing.assert_allclose(dx_t, dx[:, t], atol=1e-13)
        total = {name: total[name] + step_grads[name] for name in total}
    np.testing.assert_allclose(dstate, dstart, atol=1e-13)
    for name in grads:
        np.testing.assert_allclose(total[name], grads[name], atol=1e-12)


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_the_caches_of_cell_and_layer_have_the_same_values_under_the_same_names(kind):
    layer, cell, count = KINDS[kind]
    layer, cell = layer(), cell()
    cell.params.update(layer.params)
    x, state = random(B, T, D), random_state(count)
    _, cache = layer.forward(x, state)
    names = {name for name in dir(type(cache)) if isinstance(getattr(type(cache), name), property)}
    names -= {"state", "hs", "cs"}    # of whole sequences
    assert {"LSTM": {"input_gate", "forget_gate", "output_gate", "candidate", "gates"},
            "GRU": {"reset_gate", "update_gate", "candidate"}}[kind] == names
    for t in range(T):
        state, step = cell.forward(x[:, t], state)
        for name in names:
            np.testing.assert_allclose(getattr(step, name), getattr(cache, name)[:, t], atol=1e-14)


def test_the_gates_stand_side_by_side_as_the_parameters_stack_them():
    layer, x = double(LSTM, D, H), random(B, 1, D)
    _, cache = layer.forward(x)
    weight_ih, _, bias = layer.params.values()
    a_i, a_f, a_g, a_o = np.split(x @ weight_ih.T + bias, 4, axis=-1)
    by_hand = np.concatenate([1 / (1 + np.exp(-a_i)), 1 / (1 + np.exp(-a_f)), np.tanh(a_g), 1 / (1 + np.exp(-a_o))], -1)
    np.testing.assert_allclose(cache.gates, by_hand, atol=1e-14)


def test_lstm_gates_decide_what_their_names_say():
    """f = 1 and i = 0 keep the cell for ever; f = 0 forgets it; o = 0 hides it."""
    lstm, x = double(LSTM, D, H), random(B, T, D)
    state = random_state(2, 1)
    lstm.params.update({name: np.zeros_like(array) for name, array in lstm.params.items()})
    i, f, g, o = (slice(n * H, (n + 1) * H) for n in range(4))
    lstm.params["bias"][i], lstm.params["bias"][f], lstm.params["bias"][o] = -1e4, 1e4, 1e4
    (hs, (h, c)), cache = lstm.forward(x, state)
    np.testing.assert_array_equal(c, state[1])
    np.testing.assert_array_equal(hs, np.repeat(np.tanh(state[1])[:, None], T, axis=1))
    assert not cache.input_gate.any() and (cache.forget_gate == 1).all() and (cache.output_gate == 1).all()
    assert not cache.candidate.any() and (cache.cs == state[1][:, None]).all()
    lstm.params["bias"][f], lstm.params["bias"][g], lstm.params["bias"][o] = -1e4, 1, -1e4
    (hs, (h, c)), cache = lstm.forward(x, state)
    assert not c.any() and not hs.any() and not cache.forget_gate.any()
    np.testing.assert_allclose(cache.candidate, np.tanh(1))


def test_gru_update_gate_keeps_the_past():
    gru, state = double(GRU, D, H), random(B, H, seed=1)
    gru.params.update({name: np.zeros_like(array) for name, array in gru.params.items()})
    gru.params["bias"][H:2 * H] = 1e4
    (hs, end), cache = gru.forward(random(B, T, D), state)
    np.testing.assert_array_equal(end, state)
    assert (cache.update_gate == 1).all() and (cache.reset_gate == 0.5).all() and not cache.candidate.any()


@given(st.integers(1, T - 1), st.booleans())
def test_two_calls_joined_by_the_state_are_one(cut, free):
    layer = double(OutputRNN, D, H, O, feedback="softmax") if free else double(RNN, D, H)
    size, width = (O, O) if free else (H, H)
    x, start = random(B, T, D), random(B, size, seed=1)
    dout, dstate = random(B, T, width, seed=2), random(B, size, seed=3)
    (out, end), cache = layer.forward(x, start)
    (dx, dstart), grads = layer.backward((dout, dstate), cache)
    (first, middle), first_cache = layer.forward(x[:, :cut], start)
    (second, last), second_cache = layer.forward(x[:, cut:], middle)
    np.testing.assert_allclose(np.concatenate([first, second], axis=1), out, atol=1e-14)
    np.testing.assert_allclose(last, end, atol=1e-14)
    (dsecond, dmiddle), second_grads = layer.backward((dout[:, cut:], dstate), second_cache)
    (dfirst, dbegin), first_grads = layer.backward((dout[:, :cut], dmiddle), first_cache)
    np.testing.assert_allclose(np.concatenate([dfirst, dsecond], axis=1), dx, atol=1e-13)
    np.testing.assert_allclose(dbegin, dstart, atol=1e-13)
    for name in grads:
        np.testing.assert_allclose(first_grads[name] + second_grads[name], grads[name], atol=1e-12)


@given(st.lists(st.integers(1, T), min_size=1, max_size=5), st.sampled_from([np.nan, np.inf, 1e30]))
def test_any_lengths_any_padding(lengths, garbage):
    lengths = np.array(lengths)
    B = len(lengths)
    padding = np.arange(T) >= lengths[:, None]
    x, dirty = random(B, T, D), random(B, T, D)
    dirty[padding] = garbage
    for layer, size in ((double(RNN, D, H), H), (double(OutputRNN, D, H, O), O), (double(SingleOutputRNN, D, H, O), H),
                        (double(GRU, D, H), H)):
        (out, state), cache = layer.forward(x, random(B, size, seed=1), lengths)
        (out2, state2), cache2 = layer.forward(dirty, random(B, size, seed=1), lengths)
        np.testing.assert_array_equal(out, out2)
        np.testing.assert_array_equal(state, state2)
        dout = random(*out.shape, seed=2)
        (dx, dstate), grads = layer.backward((dout, state), cache)
        (dx2, dstate2), grads2 = layer.backward((dout, state), cache2)
        np.testing.assert_array_equal(dx, dx2)
        np.testing.assert_array_equal(dstate, dstate2)
        assert not dx[padding].any() and (dx[~padding] != 0).any()
        for name in grads:
            np.testing.assert_array_equal(grads[name], grads2[name])


def test_the_future_does_not_reach_the_past():
    rnn, x = double(RNN, D, H), random(B, T, D)
    changed = x.copy()
    changed[:, 4] += 1
    (hs, _), _ = rnn.forward(x)
    (other, _), _ = rnn.forward(changed)
    np.testing.assert_array_equal(hs[:, :4], other[:, :4])
    assert (hs[:, 4:] != other[:, 4:]).all()


def test_state_none_is_zeros_and_dstate_none_is_zeros():
    for layer, size in ((double(RNN, D, H), H), (double(OutputRNN, D, H, O), O), (double(SingleOutputRNN, D, H, O), H)):
        x = random(B, T, D)
        (out, state), cache = layer.forward(x)
        (same, same_state), _ = layer.forward(x, np.zeros((B, size)))
        np.testing.assert_array_equal(out, same)
        np.testing.assert_array_equal(state, same_state)
        (dx, dstate), _ = layer.backward((out, None), cache)
        (dx0, dstate0), _ = layer.backward((out, np.zeros((B, size))), cache)
        np.testing.assert_array_equal(dx, dx0)
        np.testing.assert_array_equal(dstate, dstate0)


def test_a_teacher_takes_the_place_of_the_outputs():
    """With its own free-running outputs as the teacher, the network does the same; with others, it does not."""
    for feedback, transform in (("identity", lambda o: o), ("softmax", softmax)):
        layer = double(OutputRNN, D, H, O, feedback=feedback)
        x, start = random(B, T, D), random(B, O, seed=1)
        (os, state), free = layer.forward(x, start)
        (forced, forced_state), cache = layer.forward(x, start, teacher=transform(os))
        np.testing.assert_allclose(forced, os, atol=1e-14)
        np.testing.assert_allclose(forced_state, state, atol=1e-14)
        np.testing.assert_array_equal(state, transform(os)[:, -1])
        teacher = random(B, T, O, seed=2)
        (other, other_state), cache = layer.forward(x, start, teacher=teacher)
        assert np.abs(other[:, 1:] - os[:, 1:]).min() > 0
        np.testing.assert_array_equal(other[:, 0], forced[:, 0])
        np.testing.assert_array_equal(other_state, teacher[:, -1])


def test_no_gradient_crosses_steps_under_a_teacher():
    layer = double(OutputRNN, D, H, O)
    x, dos = random(B, T, D), np.zeros((B, T, O))
    dos[:, 4] = 1
    (_, _), cache = layer.forward(x, teacher=random(B, T, O, seed=1))
    (dx, dstate), _ = layer.backward((dos, np.ones((B, O))), cache)
    touched = np.abs(dx).max(axis=(0, 2)) > 0
    assert touched.tolist() == [t == 4 for t in range(T)] and not dstate.any()
    (_, _), cache = layer.forward(x)
    (dx, dstate), _ = layer.backward((dos, None), cache)
    assert (np.abs(dx).max(axis=(0, 2)) > 0).tolist() == [t <= 4 for t in range(T)] and dstate.any()


def test_the_returned_state_is_read_at_each_last_real_step():
    lengths = np.array([4, 7, 1])
    rnn = double(RNN, D, H)
    (hs, state), _ = rnn.forward(random(B, T, D), lengths=lengths)
    np.testing.assert_array_equal(state, hs[np.arange(B), lengths - 1])
    teacher = random(B, T, O, seed=1)
    (_, state), _ = double(OutputRNN, D, H, O).forward(random(B, T, D), lengths=lengths, teacher=teacher)
    np.testing.assert_array_equal(state, teacher[np.arange(B), lengths - 1])
