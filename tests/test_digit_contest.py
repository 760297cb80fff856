"""The stored contest on digits is whole, says what vision/vit says of it, and comes out again."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from seqbook.models import digit_contest as contest
from seqbook.scratch import CrossEntropy, ViT
from seqbook.scratch.losses import loss_and_gradient
from seqbook.scratch.vit import to_patches

MODELS = "ViT", "CNN", "MLP"


@pytest.fixture(scope="module")
def table():
    return contest.digit_contest()


def fresh(kind, seed=0):
    """A network in double precision, without the zeros and ones that some parameters start from."""
    rng = np.random.default_rng(seed)
    network = contest.new_network(kind, rng, np.float64)
    network.params.update({name: array + 0.1 * rng.normal(size=array.shape) for name, array in network.params.items()})
    return network, rng


# --- networks ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("kind", contest.KINDS)
def test_gradients_of_every_network_are_finite_differences(kind):
    network, rng = fresh(kind)
    images, labels, cross_entropy = rng.normal(size=(3, 1, 8, 8)), np.array([1, 2, 3]), CrossEntropy()
    logits, cache = network.forward(images)
    dimages, grads = network.backward(loss_and_gradient(cross_entropy, logits, labels)[1], cache)
    assert grads.keys() == network.params.keys()

    def loss(inputs):
        return cross_entropy.forward(network.forward(inputs)[0], labels)[0]

    for name, grad in grads.items():
        direction, before = rng.normal(size=grad.shape), network.params[name].copy()
        sides = []
        for by in (1e-6, -1e-6):
            network.params[name] = before + by * direction
            sides.append(loss(images))
        network.params[name] = before
        assert (sides[0] - sides[1]) / 2e-6 == pytest.approx((grad * direction).sum(), rel=1e-4, abs=1e-8), name
    direction = rng.normal(size=images.shape)
    slope = (loss(images + 1e-6 * direction) - loss(images - 1e-6 * direction)) / 2e-6
    assert slope == pytest.approx((dimages * direction).sum(), rel=1e-4, abs=1e-8)


def test_parameters_are_nearly_equal_and_the_vit_is_the_librarys(table):
    sizes = {kind: sum(array.size for array in contest.new_network(kind, np.random.default_rng(0)).params.values())
             for kind in contest.KINDS}
    assert sizes == table["parameters"] and max(sizes.values()) < 1.05 * min(sizes.values())
    network, rng = fresh("ViT")
    library = ViT(8, contest.PATCH, 1, 10, contest.E, contest.N, contest.F, contest.BLOCKS, rng=rng, dtype=np.float64)
    library.params.update(network.params)
    images = rng.normal(size=(2, 1, 8, 8))
    np.testing.assert_allclose(network.forward(images)[0], library.forward(images)[0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("kernel, stride, padding", [(3, 1, 1), (2, 2, 0), (3, 2, 1)])
def test_the_convolution_is_pytorchs(kernel, stride, padding):
    rng = np.random.default_rng(0)
    layer = contest.Convolution(2, 3, kernel, rng=rng, stride=stride, padding=padding, dtype=np.float64)
    x = torch.tensor(rng.normal(size=(2, 2, 7, 7)), requires_grad=True)
    weight, bias = (torch.tensor(array, requires_grad=True) for array in layer.params.values())
    theirs = functional.conv2d(x, weight, bias, stride, padding)
    y, cache = layer.forward(x.detach().numpy())
    np.testing.assert_allclose(y, theirs.detach().numpy(), rtol=0, atol=1e-12)
    dy = rng.normal(size=y.shape)
    theirs.backward(torch.tensor(dy))
    dx, grads = layer.backward(dy, cache)
    for ours, leaf in ((dx, x), (grads["weight"], weight), (grads["bias"], bias)):
        np.testing.assert_allclose(ours, leaf.grad.numpy(), rtol=0, atol=1e-12)


def test_the_largest_of_two_by_two_is_pytorchs():
    x = torch.tensor(np.random.default_rng(0).normal(size=(2, 3, 4, 4)), requires_grad=True)
    theirs = functional.max_pool2d(x, 2)
    y, where = contest.pool(x.detach().numpy())
    np.testing.assert_array_equal(y, theirs.detach().numpy())
    theirs.sum().backward()
    np.testing.assert_array_equal(contest.pool_backward(np.ones_like(y), where), x.grad.numpy())


def test_variants_are_what_they_are_called():
    lacking = {kind: {"class_token", "positions.weight"} - fresh(kind)[0].params.keys() for kind in contest.VARIANTS}
    assert lacking == {"ViT": set(), "mean": {"class_token"}, "sinusoids": {"positions.weight"},
                       "no positions": {"positions.weight"}}
    images = np.random.default_rng(1).normal(size=(2, 1, 8, 8))
    moved = contest.shuffled(images, "fixed", None)
    for kind in contest.VARIANTS:
        network, _ = fresh(kind)
        same = np.allclose(network.forward(images)[0], network.forward(moved)[0], rtol=0, atol=1e-9)
        assert same == (kind == "no positions"), kind
    places = contest.sinusoids_2d(3, 4, 8).reshape(3, 4, 8)
    assert (places[1, 0, :4] == places[1, 3, :4]).all() and (places[0, 2, 4:] == places[2, 2, 4:]).all()
    assert len({place.tobytes() for place in places.reshape(12, 8)}) == 12


def test_patches_are_shuffled_in_one_order_or_in_a_fresh_one():
    images, rng = np.random.default_rng(0).normal(size=(5, 1, 8, 8)), np.random.default_rng(1)
    patches = to_patches(images, 2)
    for order in contest.SHUFFLES:
        found = to_patches(contest.shuffled(images, order, rng), 2)
        places = [[int(np.flatnonzero((own == patch).all(axis=1))[0]) for patch in new]
                  for own, new in zip(patches, found)]
        assert all(sorted(row) == list(range(16)) for row in places)
        assert (len({tuple(row) for row in places}) == 1) == (order == "fixed") and places[0] != list(range(16))
    assert contest.shuffled(images, None, rng) is images


# --- what is attended, erased -----------------------------------------------------------------------------------------

def test_rollout_multiplies_what_passes_through_the_blocks():
    a, b = np.random.default_rng(0).dirichlet(np.ones(3), size=(2, 1, 2, 3))
    found = contest.rollout([a, b])
    half = [(alpha[0].mean(axis=0) + np.eye(3)) / 2 for alpha in (a, b)]
    np.testing.assert_allclose(found[0], half[1] @ half[0], rtol=1e-6)
    np.testing.assert_allclose(found.sum(axis=-1), 1, rtol=1e-6)


def test_an_erased_patch_is_that_of_the_mean_image_and_the_others_stay():
    images, mean = contest.split().test.images[:2], contest.split().train.images.mean(axis=0)
    found = contest.erase(images, np.array([[0, 5], [15, 3]]))
    assert np.allclose(found[0, 0, :2, :2], mean[0, :2, :2]) and np.allclose(found[0, 0, 2:4, 2:4], mean[0, 2:4, 2:4])
    assert np.allclose(found[1, 0, 6:, 6:], mean[0, 6:, 6:]) and np.array_equal(found[0, 0, 4:], images[0, 0, 4:])
    assert np.array_equal(contest.erase(images, np.zeros((2, 0), int)), images)


# --- the table --------------------------------------------------------------------------------------------------------

def test_every_part_has_every_setting_and_seed(table):
    for kind in contest.KINDS:
        counts = contest.COUNTS if kind in MODELS else [contest.VARIED]
        assert sorted(map(int, table[kind])) == sorted(counts)
    assert table["shuffled"].keys() == {f"{kind} {order}" for kind in MODELS for order in contest.SHUFFLES}
    for entry in [each for kind in (*contest.KINDS, "shuffled") for each in table[kind].values()]:
        assert len(entry["test"]) == len(contest.SEEDS)
        assert {len(found) for found in entry["valid"].values()} == {len(contest.SEEDS)}
        sums, best = {float(rate): sum(found) for rate, found in entry["valid"].items()}, entry["rate"]
        assert set(contest.RATES) <= set(sums) and min(sums) < best < max(sums)
        assert best == min(rate for rate in sums if sums[rate] == max(sums.values()))
    assert table["erased"].keys() == set(contest.ORDERS)
    assert {np.shape(shares) for shares in table["erased"].values()} == {(len(contest.SEEDS), len(contest.ERASED))}


def test_a_part_of_the_table_comes_out_again(table):
    images, labels = contest.split().test.images, contest.split().test.labels
    for kind, near in (("ViT", 0.05), ("CNN", 0.05), ("MLP", 0.02)):
        entry = table[kind]["50"]
        network = contest.train(kind, 50, entry["rate"], 0)
        assert contest.accuracy(network, images, labels) == pytest.approx(entry["test"][0], abs=near), kind
    entry = table["MLP"]["1400"]
    assert contest.validated("MLP", 1400, 0.004, 0) == pytest.approx(entry["valid"]["0.004"][0], abs=0.02)
