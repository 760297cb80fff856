"""Linear recurrences, their three ways, and linear attention: equal to their definitions, forward and backward."""

import numpy as np
import pytest
import torch

from seqbook import pytorch, scratch
from seqbook.gradients import central_differences
from seqbook.scratch import GRU, MinGRU, MinLSTM, SelectiveScan, linear_attention, linear_attention_backward
from seqbook.scratch.linear_recurrence import MODES, linear_recurrence, linear_recurrence_backward

B, T, K, V = 2, 7, 3, 4


def random(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


@pytest.mark.parametrize("steps", [1, 2, 3, 8, 13, 100])
def test_three_ways_agree_to_the_last_digits(steps):
    a, u, h0, dh = 1 / (1 + np.exp(-random(5))), random(steps, 2, 5), random(2, 5, seed=1), random(steps, 2, 5, seed=2)
    h = {mode: linear_recurrence(a, u, h0, mode) for mode in MODES}
    back = {mode: linear_recurrence_backward(dh, a, h["loop"], mode) for mode in MODES}
    for mode in ("scan", "convolution"):
        assert h[mode].shape == (steps + 1, 2, 5)
        np.testing.assert_allclose(h[mode], h["loop"], rtol=0, atol=1e-13)
        for found, wanted in zip(back[mode], back["loop"]):
            np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("steps", [1, 2, 5, 12])
def test_factors_that_change_go_by_loop_and_scan(steps):
    a, u, h0, dh = random(steps, 2, 5), random(steps, 2, 5, seed=3), random(2, 5, seed=1), random(steps, 2, 5, seed=2)
    h = linear_recurrence(a, u, h0)
    np.testing.assert_allclose(linear_recurrence(a, u, h0, "scan"), h, rtol=0, atol=1e-12)
    gradients = linear_recurrence_backward(dh, a, h)
    for found, wanted in zip(linear_recurrence_backward(dh, a, h, "scan"), gradients):
        np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-12)
    for array, gradient in zip((a, u, h0), gradients):
        entries = np.argwhere(np.ones_like(array))
        found = central_differences(lambda: (dh * linear_recurrence(a, u, h0)[1:]).sum(), array, entries)
        np.testing.assert_allclose(gradient.ravel(), found, rtol=0, atol=1e-6)
    with pytest.raises(ValueError, match="a must be the same at all steps"):
        linear_recurrence(a, u, h0, "convolution")
    for mode in ("loop", "scan"):
        theirs = pytorch.linear_recurrence(*(torch.tensor(array.swapaxes(0, 1)) for array in (a, u)),
                                           torch.tensor(h0), mode)
        np.testing.assert_allclose(theirs.swapaxes(0, 1), h[1:], rtol=0, atol=1e-12)
    with pytest.raises(ValueError, match="a must be the same at all steps"):
        pytorch.linear_recurrence(*(torch.tensor(array.swapaxes(0, 1)) for array in (a, u)), torch.tensor(h0),
                                  "convolution")


@pytest.mark.parametrize("run", [scratch.linear_recurrence, pytorch.linear_recurrence])
def test_an_unknown_way_is_refused(run):
    with pytest.raises(ValueError, match="mode must be"):
        run(1.0, None, None, "tree")


def test_min_gru_is_the_gru_without_what_makes_it_nonlinear():
    """With W_hh = 0 and r = 1 the GRU's step has z and, inside the tanh, n of the MinGRU."""
    x, small = random(B, T, 3), 1e-4
    layer = MinGRU(3, 5, rng=np.random.default_rng(0), dtype=np.float64)
    layer.params["weight_ih"][5:] *= small    # where tanh(n) is n
    layer.params["bias"][5:] = 0
    gru = GRU(3, 5, rng=np.random.default_rng(0), dtype=np.float64)
    for name, array in gru.params.items():
        gru.params[name] = np.zeros_like(array)
    gru.params["weight_ih"][5:], gru.params["bias"][5:] = layer.params["weight_ih"], layer.params["bias"]
    np.testing.assert_allclose(layer.forward(x)[0][0], gru.forward(x)[0][0], rtol=0, atol=1e-10)


def test_min_lstm_stays_finite_where_both_gates_are_shut():
    layer = MinLSTM(2, 3, rng=np.random.default_rng(0))
    layer.params["bias"][:6] = -1000, -1000, -1000, -1000, -1000, -1001
    (hs, _), cache = layer.forward(np.ones((1, 4, 2), np.float32))
    (dx, _), grads = layer.backward((np.ones_like(hs), None), cache)
    assert all(np.isfinite(array).all() for array in (hs, dx, *grads.values()))


def test_selective_scan_is_its_equations():
    D, N = 3, 2
    layer, x = SelectiveScan(D, N, rng=np.random.default_rng(0), dtype=np.float64), random(B, T, 3)
    p, (ys, state) = layer.params, layer.forward(x)[0]
    for b in range(B):
        h = np.zeros((D, N))
        for t in range(T):
            now = x[b, t]
            delta = np.log(1 + np.exp(p["weight_delta"] @ now + p["bias_delta"]))
            h = np.exp(-delta[:, None] * np.exp(p["log_decay"])) * h + np.outer(delta * now, p["weight_b"] @ now)
            np.testing.assert_allclose(ys[b, t], h @ (p["weight_c"] @ now) + p["skip"] * now, rtol=0, atol=1e-12)
        np.testing.assert_allclose(state[b], h.ravel(), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name, shape", [("a", (5, B, 2)), ("a", (4, B, 3)), ("h0", (3, B)), ("u", ())])
def test_a_linear_recurrence_refuses_what_does_not_fit(name, shape):
    arrays = {"a": random(5, B, 3), "u": random(5, B, 3), "h0": random(B, 3)} | {name: random(*shape)}
    with pytest.raises(ValueError, match=f"^{name} must have"):
        linear_recurrence(**{key: np.asarray(array) for key, array in arrays.items()})
    tensors = {key: torch.tensor(array) for key, array in arrays.items()}
    tensors |= {key: tensors[key].transpose(0, 1) for key in ("a", "u") if tensors[key].dim() > 1}
    with pytest.raises(ValueError, match=f"^{name} must have"):
        pytorch.linear_recurrence(**tensors)


def test_linear_attention_is_attention_with_another_kernel():
    q, k, v = random(B, T, K), random(B, T, K, seed=1), random(B, T, V, seed=2)
    phi = [np.where(x > 0, x + 1, np.exp(x)) for x in (q, k)]
    weights = np.tril(phi[0] @ phi[1].swapaxes(1, 2))
    (y, state), _ = linear_attention(q, k, v)
    np.testing.assert_allclose(y, weights / weights.sum(axis=-1, keepdims=True) @ v, rtol=0, atol=1e-12)
    (first, between), _ = linear_attention(q[:, :3], k[:, :3], v[:, :3])
    (rest, end), _ = linear_attention(q[:, 3:], k[:, 3:], v[:, 3:], between)
    np.testing.assert_allclose(np.concatenate([first, rest], axis=1), y, rtol=0, atol=1e-12)
    np.testing.assert_allclose(end, state, rtol=0, atol=1e-12)


def test_linear_attentions_gradients():
    arrays = [random(B, T, K), random(B, T, K, seed=1), random(B, T, V, seed=2), np.abs(random(B, K, V + 1, seed=3))]
    dy, dstate = random(B, T, V, seed=4), random(B, K, V + 1, seed=5)
    (y, state), cache = linear_attention(*arrays)
    by_hand = linear_attention_backward((dy, dstate), cache)
    tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
    outputs = pytorch.linear_attention(*tensors)
    theirs = torch.autograd.grad(outputs, tensors, (torch.tensor(dy), torch.tensor(dstate)))
    for found, wanted in zip((y, state, *by_hand), (*(output.detach() for output in outputs), *theirs)):
        np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-11)
    without = linear_attention_backward((dy, None), cache)
    assert not np.allclose(without[2], by_hand[2])


@pytest.mark.parametrize("name", ["q", "k", "v", "state"])
def test_linear_attention_refuses_wrong_shapes(name):
    arrays = {"q": random(B, T, K), "k": random(B, T, K), "v": random(B, T, V), "state": random(B, K, V + 1)}
    arrays[name] = arrays[name][..., 0]
    with pytest.raises(ValueError, match=f"^{name} must have shape"):
        linear_attention(**arrays)
    with pytest.raises(ValueError, match=f"^{name} must have shape"):
        pytorch.linear_attention(**{key: torch.tensor(array) for key, array in arrays.items()})
