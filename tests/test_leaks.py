"""The stored table of leaking masks is whole, says what transformer/masking says of it, and comes out again."""

import numpy as np
import pytest

from seqbook.models import leaks


@pytest.fixture(scope="module")
def runs():
    return {kind: np.array(each) for kind, each in leaks.leaks()["runs"].items()}


def test_every_kind_has_every_seed(runs):
    assert runs.keys() == leaks.MASKS.keys()
    assert {each.shape for each in runs.values()} == {(len(leaks.SEEDS), len(leaks.UPDATES), 2)}
    parameters = sum(array.size for array in leaks.new_network("open", np.random.default_rng(0)).params.values())
    assert leaks.leaks()["parameters"] == parameters


def test_a_leak_is_a_score_too_good_at_once_and_too_bad_step_by_step(runs):
    uniform = np.log(len(leaks.texts()[2]))
    causal = runs["causal"][:, -1]
    assert np.allclose(*causal.T, atol=1e-3)
    for kind in ("after", "off by one", "transposed", "open"):
        at_once, step_by_step = runs[kind][:, -1].T
        assert (at_once < 0.5 * causal[:, 0]).all() and (step_by_step > causal[:, 1] + 1).all(), kind
        assert step_by_step.mean() > uniform, kind


def test_training_comes_out_again(runs):
    _, pairs = leaks.train("after", 0, leaks.UPDATES[:1])
    assert np.allclose(pairs, runs["after"][0, :1], atol=0.05)    # sums round differently elsewhere


@pytest.mark.parametrize("kind", ["causal", "after"])
def test_read_is_forward_under_any_mask(kind):
    network = leaks.new_network(kind, np.random.default_rng(0), np.float64)
    x = leaks.texts()[1][:3, :7]
    theirs, _ = network.forward(x)
    assert np.allclose(leaks.read(network, x, np.tri(7, dtype=bool))[0], theirs, atol=1e-12)


def test_hidden_after_goes_backwards():
    rng = np.random.default_rng(0)
    arrays = list(rng.standard_normal((3, 2, 3, 5, 4)))    # q, k, v (B, N, T, K)
    dy, mask, layer = rng.standard_normal(arrays[0].shape), np.tri(5, dtype=bool), leaks.HiddenAfter(dtype=np.float64)
    grads, _ = layer.backward(dy, layer.forward(*arrays, mask)[1])
    for at, grad in enumerate(grads):
        for _ in range(5):
            place = tuple(rng.integers(size) for size in grad.shape)
            up, down = ([array.copy() for array in arrays] for _ in range(2))
            up[at][place] += 1e-6
            down[at][place] -= 1e-6
            above, below = ((dy * layer.forward(*each, mask)[0]).sum() for each in (up, down))
            assert abs((above - below) / 2e-6 - grad[place]) < 1e-6
