"""Layers made of recurrent layers: both directions, depth, and any nesting of the two."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqbook.contract import finite_difference
from seqbook.scratch import (
    GRU, LSTM, RNN, Bidirectional, DeepTransitionRNN, Embedding, Linear, OutputRNN, Sequential, Stacked, Tanh,
)
from seqbook.scratch.ragged import reverse_steps
from seqbook.tree import leaves, map_arrays

B, T, D, H = 3, 6, 2, 4
LENGTHS = np.array([4, 6, 1])


def random(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def double(layer, *sizes, seed=7, **options):
    return layer(*sizes, rng=np.random.default_rng(seed), dtype=np.float64, **options)


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "ragged"])
def test_both_directions_are_two_one_way_layers(lengths):
    ahead, back = double(LSTM, D, H), double(RNN, D, 5, seed=8)
    x = random(B, T, D)
    (hs, (first, second)), _ = Bidirectional(ahead, back).forward(x, lengths=lengths)
    for b, length in enumerate([T] * B if lengths is None else lengths):
        real = x[b:b + 1, :length]
        (own_ahead, end), _ = ahead.forward(real)
        (own_back, start), _ = back.forward(real[:, ::-1])
        np.testing.assert_allclose(hs[b, :length, :H], own_ahead[0], atol=1e-14)
        np.testing.assert_allclose(hs[b, :length, H:], own_back[0, ::-1], atol=1e-14)
        np.testing.assert_allclose([first[0][b], first[1][b]], [end[0][0], end[1][0]], atol=1e-14)
        np.testing.assert_allclose(second[b], start[0], atol=1e-14)
        assert not hs[b, length:].any()


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "ragged"])
def test_summed_directions_are_the_halves_of_the_concatenated_added_up(lengths):
    layers, x = (double(GRU, D, H), double(GRU, D, H, seed=8)), random(B, T, D)
    (hs, ends), _ = Bidirectional(*layers).forward(x, lengths=lengths)
    summed = Bidirectional(*layers, merge="sum")
    (added, other_ends), _ = summed.forward(x, lengths=lengths)
    np.testing.assert_array_equal(added, hs[..., :H] + hs[..., H:])
    np.testing.assert_array_equal(ends, other_ends)
    assert summed.output_size == H and added.any()


def test_both_directions_see_the_future_and_one_does_not():
    layer, x = Bidirectional(double(GRU, D, H), double(GRU, D, H, seed=8)), random(B, T, D)
    changed = x.copy()
    changed[:, 3] += 1
    (hs, _), _ = layer.forward(x)
    (other, _), _ = layer.forward(changed)
    moved = np.abs(hs - other).max(axis=0) > 0    # (T, 2H)
    assert moved[:, :H].all(axis=1).tolist() == [t >= 3 for t in range(T)]
    assert moved[:, H:].all(axis=1).tolist() == [t <= 3 for t in range(T)]


@given(st.lists(st.integers(1, T), min_size=1, max_size=4))
def test_reversing_twice_changes_nothing(lengths):
    lengths = np.array(lengths)
    x = random(len(lengths), T, D)
    back = reverse_steps(x, lengths)
    np.testing.assert_array_equal(reverse_steps(back, lengths), x)
    for b, length in enumerate(lengths):
        np.testing.assert_array_equal(back[b, :length], x[b, :length][::-1])
        np.testing.assert_array_equal(back[b, length:], x[b, length:])


def test_skips_add_each_input_above_the_lowest_layer():
    layers = [double(RNN, D, H), double(GRU, H, H), double(RNN, H, H, seed=8)]
    x = random(B, T, D)
    (first, _), _ = layers[0].forward(x)
    (second, _), _ = layers[1].forward(first)
    (third, _), _ = layers[2].forward(second + first)
    (hs, states), _ = Stacked(layers, skips=True).forward(x)
    np.testing.assert_allclose(hs, third + second + first, atol=1e-14)
    assert [state.shape for state in states] == [(B, H)] * 3


def test_a_transition_of_one_layer_is_the_recurrent_network():
    layer, plain = double(DeepTransitionRNN, D, H, 1), double(RNN, D, H)
    plain.params.update({name: array[0] if name != "weight_ih" else array for name, array in layer.params.items()})
    x, state = random(B, T, D), random(B, H)
    (hs, end), _ = layer.forward(x, state, LENGTHS)
    (expected, last), _ = plain.forward(x, state, LENGTHS)
    np.testing.assert_allclose(hs, expected, atol=1e-14)
    np.testing.assert_allclose(end, last, atol=1e-14)


def test_a_deep_transition_is_its_equations_and_skips_add_the_state_before():
    layer, x = double(DeepTransitionRNN, D, H, 3, skips=True), random(B, T, D)
    U, W, b, past = (layer.params[name] for name in ("weight_ih", "weight_hh", "bias", "weight_skip"))
    h = np.zeros((B, H))
    (hs, _), _ = layer.forward(x)
    for t in range(T):
        z = np.tanh(h @ W[0].T + x[:, t] @ U.T + b[0])
        z = np.tanh(z @ W[1].T + b[1])
        h = np.tanh(z @ W[2].T + h @ past.T + b[2])
        np.testing.assert_allclose(hs[:, t], h, atol=1e-14)


def test_layers_in_a_row_have_the_sizes_of_their_ends():
    rng = np.random.default_rng(0)
    row = Sequential([Linear(D, 5, rng=rng), Tanh(), Linear(5, H, rng=rng), Tanh()])
    assert (row.input_size, row.output_size) == (D, H)
    row = Sequential([Embedding(7, 3, rng=rng), Tanh()])
    assert (row.input_size, row.output_size) == (None, 3)


def recurrent_layers(depth):
    """A strategy for random recurrent layers, as (function of sizes, structure of the state)."""
    kinds = st.sampled_from([(LSTM, (None, None)), (GRU, None), (RNN, None)])
    simple = kinds.map(lambda kind: (lambda D, H: double(kind[0], D, H), kind[1]))
    if depth == 0:
        return simple
    inner = recurrent_layers(depth - 1)
    both = st.tuples(inner, inner).map(lambda pair: (
        lambda D, H: Bidirectional(pair[0][0](D, H), pair[1][0](D, H + 1)), (pair[0][1], pair[1][1])))

    def stack(parts):
        def make(D, H):
            layers = []
            for build, _ in parts:
                layers.append(build(layers[-1].output_size if layers else D, H))
            return Stacked(layers)
        return make, tuple(structure for _, structure in parts)
    return st.one_of(simple, both, st.lists(inner, min_size=1, max_size=3).map(stack))


@given(recurrent_layers(2), st.lists(st.integers(1, 3), min_size=1, max_size=2), st.booleans())
def test_any_nesting_has_right_gradients(kind, lengths, ragged):
    """One directional derivative of everything at once, and None for a state is its zeros."""
    layer = kind[0](2, 2)
    lengths = np.array(lengths) if ragged else None
    count = 2 if lengths is None else len(lengths)
    x = random(count, 3, 2)
    (hs, end), cache = layer.forward(x, lengths=lengths)
    start = map_arrays(lambda part: random(*part.shape, seed=3), end)
    zeros = map_arrays(np.zeros_like, end)
    np.testing.assert_array_equal(hs, layer.forward(x, zeros, lengths)[0][0])

    (hs, end), cache = layer.forward(x, start, lengths)
    dhs, dend = random(*hs.shape, seed=1), map_arrays(lambda part: random(*part.shape, seed=2), end)
    (dx, dstart), grads = layer.backward((dhs, dend), cache)
    assert grads.keys() == layer.params.keys()
    inputs = [x, *leaves(start), *layer.params.values()]
    gradients = [dx, *leaves(dstart), *(grads[name] for name in layer.params)]
    directions = [random(*array.shape, seed=4) for array in inputs]
    origin = [array.copy() for array in inputs]
    step = np.zeros(1)

    def objective():
        for array, value, direction in zip(inputs, origin, directions):
            array[...] = value + step * direction
        (hs, end), _ = layer.forward(x, start, lengths)
        return np.sum(hs * dhs) + sum(np.sum(a * b) for a, b in zip(leaves(end), leaves(dend)))
    (slope,) = finite_difference(objective, step, np.zeros((1, 1), int))
    expected = sum(np.sum(gradient * direction) for gradient, direction in zip(gradients, directions))
    assert slope == pytest.approx(expected, rel=1e-6, abs=1e-6)


CALLS = [
    (lambda: Bidirectional(double(RNN, D, H), double(RNN, 3, H)), "must have one input size, got 2 and 3"),
    (lambda: Bidirectional(double(RNN, D, H), RNN(D, H, rng=np.random.default_rng(0))), "must have one dtype"),
    (lambda: Bidirectional(double(RNN, D, H), double(RNN, D, H + 1), merge="sum"),
     f"must have one output size to be summed, got {H} and {H + 1}"),
    (lambda: Bidirectional(double(RNN, D, H), double(RNN, D, H), merge="mean"), 
     "merge must be one of 'concatenate', 'sum', got 'mean'"),
    (lambda: Bidirectional(double(RNN, D, H), double(RNN, D, H)).forward(random(B, T, 3)),
     "x must have shape (B, T, D=2), got (3, 6, 3)"),
    (lambda: Bidirectional(double(RNN, D, H), double(RNN, D, H)).forward(random(B, T, D), random(B, H)),
     "state must be a tuple of two, got ndarray"),
    (lambda: Stacked([]), "layers must be a list of at least one layer, got []"),
    (lambda: Stacked([double(RNN, D, H), double(RNN, 3, H)]), "layers[1] must have the input size 4"),
    (lambda: Stacked([double(RNN, D, H), double(RNN, H, 3)], skips=True), "one size for input and output, got 4 and 3"),
    (lambda: Stacked([double(RNN, D, H), RNN(H, H, rng=np.random.default_rng(0))]), "layers must have one dtype"),
    (lambda: Stacked([double(RNN, D, H)]).forward(random(B, T, D), random(B, H)),
     "state must be a tuple of 1 states, one for each layer, got ndarray"),
    (lambda: Stacked([double(RNN, D, H)] * 1).forward(random(B, T, D), (None, None)),
     "state must be a tuple of 1 states, one for each layer, got 2"),
    (lambda: Stacked([double(RNN, D, H)]).forward(random(B, T, D), lengths=[1, 2, 7]), "lengths must lie in 1..T=6"),
    (lambda: Sequential([]), "layers must be a list of at least one layer, got []"),
    (lambda: Sequential([double(Linear, D, H), Tanh(), double(Linear, 3, H)]), "layers[2] must have the input size 4"),
    (lambda: Sequential([double(Linear, D, H), double(RNN, H, H)]), "layers[1] must be a layer that reads each"),
    (lambda: Sequential([Tanh]), "layers[0] must be a layer that reads each position by itself"),
    (lambda: Sequential([double(Linear, D, H), Linear(H, 3, rng=np.random.default_rng(0))]), "must have one dtype"),
]


@pytest.mark.parametrize("call, message", CALLS, ids=[message for _, message in CALLS])
def test_refused(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def test_pattern_two_stacks_as_well():
    layer = Stacked([double(GRU, D, H), double(OutputRNN, H, 5, 3)])
    (os, states), cache = layer.forward(random(B, T, D), lengths=LENGTHS)
    (dx, _), grads = layer.backward((os, None), cache)
    assert os.shape == (B, T, 3) and dx.shape == (B, T, D) and grads.keys() == layer.params.keys()
