"""The two small Transformers of the mask laboratory: what their card claims, and how they are trained."""

import numpy as np
import pytest

from seqbook.data import Vocabulary, documentation
from seqbook.models import peeking
from seqbook.models.peeking import JUDGED, LAYERS, TRAINED, WINDOW, drawn, file_of, load_peeking, loss, training_mask
from seqbook.scratch import log_softmax
from tests.packaged import is_packaged


def test_the_files_are_small_and_the_card_is_complete_and_true():
    networks, vocabulary, card = load_peeking()
    assert list(networks) == card["trained"] == list(TRAINED)
    assert card["command"] == "python -m seqbook.models.peeking" and isinstance(card["seed"], int)
    for trained, network in networks.items():
        assert file_of(trained).stat().st_size < 25_000
        assert card["parameters"] == sum(array.size for array in network.params.values())
        attention = network.stack.blocks[0].attention
        assert card["sizes"] == {
            "vocabulary": len(vocabulary), "model": attention.model_size, "heads": attention.heads,
            "hidden": network.stack.blocks[0].feed_forward.linear1.params["weight"].shape[0],
            "layers": len(network.stack.blocks), "window": WINDOW}
        assert all(array.dtype == np.float32 for array in network.params.values())
    for file in (*map(file_of, TRAINED), peeking.CARD):
        assert is_packaged(file), file.name


def test_the_score_is_what_is_measured():
    networks, vocabulary, card = load_peeking()
    wanted, found = card["score"], peeking.score(networks, vocabulary)
    assert found.keys() == wanted.keys() and found["value"] == pytest.approx(wanted["value"], abs=wanted["tolerance"])
    for name, nats in wanted["baselines"].items():
        assert found["baselines"][name] == pytest.approx(nats, abs=wanted["tolerance"])
    for trained in TRAINED:
        for mask in TRAINED:    # where it was never judged it may be wrong by much, and more or less so
            np.testing.assert_allclose(found["under"][trained][mask], wanted["under"][trained][mask], rtol=0.03)


def test_the_leak_is_too_good_in_training_and_of_no_use_afterwards():
    """As the page says; the honest one lies between counting two characters and counting four."""
    networks, vocabulary, card = load_peeking()
    windows = drawn(vocabulary.encode(documentation().test), JUDGED, np.random.default_rng(2))
    under = {trained: [loss(networks[trained], windows, training_mask(mask, WINDOW)) for mask in TRAINED]
             for trained in TRAINED}
    counts = card["score"]["baselines"]
    assert counts["4-gram counts"] < under["causal"][0] < counts["3-gram counts"]
    assert under["leak"][1] < 0.1 and under["leak"][0] > 2 * np.log(len(vocabulary))


def test_a_position_cannot_look_ahead_in_honest_training():
    assert np.array_equal(training_mask("causal", 3), [[1, 0, 0], [1, 1, 0], [1, 1, 1]])
    assert np.array_equal(training_mask("leak", 3), [[1, 1, 0], [1, 1, 1], [1, 1, 1]])


@pytest.mark.parametrize("layers", [1, 2])
def test_gradients_are_those_of_the_loss(layers):
    """Every kind of parameter, by nudging one number of it."""
    rng, eps = np.random.default_rng(5), 1e-6
    model, mask = peeking.new(7, rng, np.float64), rng.random((5, 5)) < 0.6
    ids, targets = rng.integers(7, size=(2, 2, 5))

    def value():
        return peeking.losses(peeking.forward(model, ids, mask, layers)[0], targets).sum()

    logits, cache = peeking.forward(model, ids, mask, layers)
    dlogits = np.exp(log_softmax(logits)) - np.eye(7)[targets]
    _, grads = peeking.backward(model, dlogits, cache)
    assert len([name for name in grads if name.startswith("stack.blocks.")]) == layers * 16
    for name, grad in grads.items():
        array, place = model.params[name], tuple(rng.integers(size) for size in grad.shape)
        array[place] += eps
        up = value()
        array[place] -= 2 * eps
        slope = (up - value()) / (2 * eps)
        array[place] += eps
        assert grad[place] == pytest.approx(slope, rel=1e-5, abs=1e-7), name


def test_training_learns_under_its_mask():
    """A short one: both have learned something, and the leak is far ahead already."""
    text = documentation().train
    vocabulary = Vocabulary([text])
    windows = drawn(vocabulary.encode(documentation().test), 100, np.random.default_rng(1))
    found = {}
    for trained in TRAINED:
        model = peeking.train(trained, rng=np.random.default_rng(1), text=text, vocabulary=vocabulary, steps=250)
        found[trained] = [loss(model, windows, training_mask(trained, WINDOW), layers) for layers in (1, LAYERS)]
    assert max(found["causal"]) < 2.8 and max(found["leak"]) < 1
