"""The three small Vision Transformers of the widget: what their card claims, how they are run, and how they learn."""


import numpy as np
import pytest

from seqbook.data import digits
from seqbook.models import digit_vit
from seqbook.models.digit_contest import new_network
from seqbook.models.digit_vit import PLACES, TRAINED, accuracy, file_of, load_digit_vits, moved, run, varied
from seqbook.scratch.vit import to_patches
from tests.packaged import is_packaged

ORDER = np.random.default_rng(5).permutation(PLACES)


@pytest.fixture(scope="module")
def networks():
    return load_digit_vits(np.float64).networks


@pytest.fixture(scope="module")
def images():
    return digits().test.images[:6].astype(np.float64)


def test_the_files_are_small_and_the_card_is_complete_and_true():
    networks, card = load_digit_vits()
    assert list(networks) == list(TRAINED) == list(card["parameters"])
    assert card["command"] == "python -m seqbook.models.digit_vit" and isinstance(card["seed"], int)
    for without, network in networks.items():
        assert file_of(without).stat().st_size < 18_000
        assert card["parameters"][without] == sum(array.size for array in network.params.values())
        block = network.encoder.blocks[0]
        assert card["sizes"] == {
            "image": network.patches.image_size, "patch": network.patches.patch_size,
            "model": block.attention.model_size, "heads": block.attention.heads,
            "hidden": block.feed_forward.linear1.params["weight"].shape[0], "layers": len(network.encoder.blocks)}
        assert all(array.dtype == np.float32 for array in network.params.values())
        assert ("class_token" in network.params) == (without != "class_token")
        assert ("positions.weight" in network.params) == (without != "positions")
    for file in (*map(file_of, TRAINED), digit_vit.CARD):
        assert is_packaged(file), file.name
    with pytest.raises(ValueError, match="without must be one of .*, got 'heads'"):
        file_of("heads")


def test_the_score_is_what_is_measured():
    networks, card = load_digit_vits()
    wanted, found = card["score"], digit_vit.score(networks)
    assert found.keys() == wanted.keys() and found["meaning"] == wanted["meaning"]
    assert found["value"] == pytest.approx(wanted["value"], abs=wanted["tolerance"])
    for name in ("trained_without", "switched_off", "shuffled", "baselines"):
        assert found[name] == pytest.approx(wanted[name], abs=wanted["tolerance"]), name


def test_what_the_widget_says_of_them():
    """Trained so is another thing than switched off; without positions no order matters, with them it does."""
    score = load_digit_vits().card["score"]
    [nearest] = score["baselines"].values()
    assert score["value"] > 0.97 > nearest > score["trained_without"]["class_token"] > 0.94
    assert 0.55 < score["trained_without"]["positions"] < 0.7
    assert score["switched_off"]["positions"] < 0.2 and score["switched_off"]["class_token"] < 0.75
    assert score["shuffled"]["positions"] == score["trained_without"]["positions"]
    assert max(score["shuffled"]["nothing"], score["shuffled"]["class_token"]) < 0.3


@pytest.mark.parametrize("without", TRAINED)
def test_a_run_is_the_networks_forward(networks, images, without):
    network, found = networks[without], run(networks[without], images)
    logits, cache = network.forward(images)
    np.testing.assert_allclose(found.logits, logits, rtol=0, atol=1e-12)
    T = PLACES + (without != "class_token")
    assert [stage.shape for stage in found.stages] == [(6, T, 24)] * 4
    for weights, wanted in zip(found.weights, cache.weights, strict=True):
        np.testing.assert_array_equal(weights, wanted)
    assert (found.stages[0] == found.stages[1]).all() == (without == "positions")


def test_switched_off_is_the_same_network_with_nothing_added_or_its_token_left_out(networks, images):
    network = load_digit_vits(np.float64).networks["nothing"]
    off = run(network, images, "positions")
    network.params["positions.weight"][:] = 0
    np.testing.assert_array_equal(off.logits, run(network, images).logits)
    network = networks["nothing"]
    x = run(network, images).stages[1][:, 1:]    # the patches with their own positions
    for block in network.encoder.blocks:
        x, _ = block.forward(x)
    y, _ = network.encoder.norm.forward(x)
    wanted, _ = network.output.forward(y.mean(axis=1))
    np.testing.assert_allclose(run(network, images, "class_token").logits, wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("without", TRAINED)
def test_what_is_not_kept_might_as_well_not_be_there(networks, images, without):
    """The same as with tokens that are left out altogether."""
    network, keep = networks[without], np.arange(PLACES) % 5 != 1
    first = int(without != "class_token")
    x = run(network, images).stages[1][:, np.concatenate([np.ones(first, bool), keep])]
    for block in network.encoder.blocks:
        x, _ = block.forward(x)
    y, _ = network.encoder.norm.forward(x)
    wanted, _ = network.output.forward(y[:, 0] if first else y.mean(axis=1))
    found = run(network, images, keep=keep)
    np.testing.assert_allclose(found.logits, wanted, rtol=0, atol=1e-12)
    assert not found.weights[1][..., first:][..., ~keep].any()
    assert np.abs(found.logits - run(network, images).logits).max() > 0.01


def test_moved_patches(networks, images):
    patches, there = to_patches(images, 2), to_patches(moved(images, ORDER), 2)
    for place, came_from in enumerate(ORDER):
        np.testing.assert_array_equal(there[:, place], patches[:, came_from])
    for without, network in networks.items():
        change = np.abs(run(network, moved(images, ORDER)).logits - run(network, images).logits).max()
        assert change < 1e-10 if without == "positions" else change > 1


def test_varied_images_are_the_same_digits_a_little_otherwise():
    images = digits().train.images[:200]
    found = varied(images, np.random.default_rng(0))
    assert found.shape == images.shape and found.dtype == np.float32 and 0 <= found.min() and found.max() <= 1
    assert np.abs(found - images).mean(axis=(1, 2, 3)).min() > 0.01
    alike = [np.corrcoef(one.ravel(), other.ravel())[0, 1] for one, other in zip(images, found)]
    assert 0.5 < np.mean(alike) < 0.95
    network = load_digit_vits().networks["nothing"]
    assert accuracy(network, found, digits().train.labels[:200]) > 0.9
    np.testing.assert_array_equal(found, varied(images, np.random.default_rng(0)))
    blank = np.zeros((3, 1, 8, 8), np.float32)
    assert not varied(blank, np.random.default_rng(1)).any()


@pytest.mark.parametrize("without", TRAINED)
def test_training_learns(without):
    """A short one is far beyond chance, and its networks are the contest's."""
    network = digit_vit.train(without, rng=np.random.default_rng(1), steps=600)
    assert network.params.keys() == new_network(TRAINED[without], np.random.default_rng(0)).params.keys()
    found, least = accuracy(network, digits().test.images, digits().test.labels), {"positions": 0.3}
    assert found > least.get(without, 0.8)
