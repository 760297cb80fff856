"""The recurrent layers as functions of time: steps, states, lengths and what flows between them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqbook.scratch import RNN, OutputRNN, RNNCell, SingleOutputRNN, softmax

B, T, D, H, O = 3, 7, 2, 5, 4


def random(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def double(layer, *sizes, **options):
    return layer(*sizes, rng=np.random.default_rng(7), dtype=np.float64, **options)


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu", "identity"])
def test_rnn_is_its_cell_step_by_step(nonlinearity):
    rnn, cell = (double(kind, D, H, nonlinearity=nonlinearity) for kind in (RNN, RNNCell))
    cell.params.update(rnn.params)
    x, h, dhs, dstate = random(B, T, D), random(B, H, seed=1), random(B, T, H, seed=2), random(B, H, seed=3)
    (hs, state), cache = rnn.forward(x, h)
    (dx, dh0), grads = rnn.backward((dhs, dstate), cache)

    caches = []
    for t in range(T):
        h, step_cache = cell.forward(x[:, t], h)
        caches.append(step_cache)
        np.testing.assert_allclose(h, hs[:, t], atol=1e-14)
    np.testing.assert_array_equal(state, hs[:, -1])
    dh, total = dstate, {name: 0 for name in grads}
    for t in reversed(range(T)):
        (dx_t, dh), step_grads = cell.backward(dhs[:, t] + dh, caches[t])
        np.testing.assert_allclose(dx_t, dx[:, t], atol=1e-13)
        total = {name: total[name] + step_grads[name] for name in total}
    np.testing.assert_allclose(dh, dh0, atol=1e-13)
    for name in grads:
        np.testing.assert_allclose(total[name], grads[name], atol=1e-12)


@given(st.integers(1, T - 1), st.booleans())
def test_two_calls_joined_by_the_state_are_one(cut, free):
    layer = double(OutputRNN, D, H, O, feedback="softmax") if free else double(RNN, D, H)
    size, width = (O, O) if free else (H, H)
    x, start, dout, dstate = random(B, T, D), random(B, size, seed=1), random(B, T, width, seed=2), random(B, size, seed=3)
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
    for layer, size in ((double(RNN, D, H), H), (double(OutputRNN, D, H, O), O), (double(SingleOutputRNN, D, H, O), H)):
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
