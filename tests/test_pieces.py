"""The Transformer part's running model: its variants are what they are called, its tables come out again."""

import numpy as np
import pytest

from seqbook.models import heads, load, pieces
from seqbook.scratch import CrossEntropy, LanguageModel
from seqbook.scratch.losses import loss_and_gradient
from tests.same_python import same_python

V = 20
every_variant = pytest.mark.parametrize("variant", pieces.VARIANTS)


@pytest.fixture(scope="module")
def table():
    return pieces.pieces()


def model_and_ids(variant, seed=0):
    """A variant in double precision and ids (3, 12); without the zeros and ones that some parameters start from."""
    rng = np.random.default_rng(seed)
    model = pieces.new_model(variant, V, rng, dtype=np.float64)
    model.params.update({name: array + 0.1 * rng.normal(size=array.shape) for name, array in model.params.items()})
    return model, rng.integers(0, V, (3, 12))


# --- variants ---------------------------------------------------------------------------------------------------------

@every_variant
def test_gradients_of_every_variant_are_finite_differences(variant):
    (model, ids), rng = model_and_ids(variant), np.random.default_rng(1)
    targets, cross_entropy = rng.integers(0, V, ids.shape), CrossEntropy()
    logits, cache = model.forward(ids)
    _, grads = model.backward(loss_and_gradient(cross_entropy, logits, targets)[1], cache)
    assert grads.keys() == model.params.keys()
    for name, grad in grads.items():
        direction, before = rng.normal(size=grad.shape), model.params[name].copy()
        sides = []
        for by in (1e-6, -1e-6):
            model.params[name] = before + by * direction
            sides.append(cross_entropy.forward(model.forward(ids)[0], targets)[0])
        model.params[name] = before
        assert (sides[0] - sides[1]) / 2e-6 == pytest.approx((grad * direction).sum(), rel=1e-4, abs=1e-8), name


def test_the_whole_is_the_librarys_and_a_number_of_heads_costs_no_parameter():
    sizes = {}
    for variant in ("whole", *pieces.HEADS):
        model = pieces.new_model(variant, 104, np.random.default_rng(0))
        plain = LanguageModel(104, 32, pieces.HEADS.get(variant, 4), 64, 2, rng=np.random.default_rng(0),
                              positions="learned", max_length=64)
        ids = np.arange(40)[None]
        np.testing.assert_array_equal(model.forward(ids)[0], plain.forward(ids)[0])
        sizes[variant] = sum(array.size for array in model.params.values())
        assert model.stack.blocks[0].attention.heads == pieces.HEADS.get(variant, 4)
    assert set(sizes.values()) == {25_960}


@every_variant
def test_what_a_variant_is_called_is_what_it_lacks(variant):
    model, ids = model_and_ids(variant)
    names = {".".join(name.split(".")[3:4]) or name for name in model.params if name.startswith("stack.blocks.0")}
    lacking = {"no attention": {"attention", "norm1"}, "no feed-forward": {"feed_forward", "norm2"},
               "no LayerNorm": {"norm1", "norm2"}, pieces.TWICE: {"feed_forward", "norm2"}}.get(variant, set())
    assert names == {"attention", "feed_forward", "norm1", "norm2"} - lacking
    assert ("tokens.positions.weight" in model.params) == (variant != "no positions")
    assert ("stack.norm.weight" in model.params) == (variant != "no LayerNorm")
    before, changed = model.forward(ids)[0], ids.copy()
    changed[:, 3] = (ids[:, 3] + 1) % V
    moved = np.abs(model.forward(changed)[0] - before).max(axis=(0, 2)) > 1e-9
    expected = np.arange(12) >= 3 if variant != "no attention" else np.arange(12) == 3
    assert (moved == expected).all()


def test_a_block_without_residual_connections_passes_nothing_on():
    x, sizes = np.random.default_rng(0).normal(size=(2, 5, 32)), (32, 4, 64)
    block = pieces.Block(*sizes, variant="no residual", rng=np.random.default_rng(0), dtype=np.float64)
    for part in ("weight", "bias"):
        block.params[f"feed_forward.linear2.{part}"] = np.zeros_like(block.params[f"feed_forward.linear2.{part}"])
    np.testing.assert_allclose(block.forward(x)[0], 0, atol=1e-12)


def test_an_unknown_variant_is_refused():
    with pytest.raises(ValueError, match="variant must be one of 'whole', '1 head', .*, got 'no head'"):
        pieces.new_model("no head", V, np.random.default_rng(0))


# --- the table of variants --------------------------------------------------------------------------------------------

def test_the_table_is_whole_and_its_best_rates_are_those_that_validation_chooses(table):
    assert tuple(table["runs"]) == pieces.VARIANTS
    for variant, rates in table["runs"].items():
        valid = {rate: np.mean(runs[:2], axis=0)[-1, 0] for rate, runs in rates.items()}
        best = min(valid, key=valid.get)
        assert float(best) == float(table["best"][variant])
        assert min(map(float, rates)) < float(best) < max(map(float, rates))
        for rate, runs in rates.items():
            assert np.shape(runs) == (5 if rate == best else 2, len(pieces.UPDATES), 2)
        model = pieces.new_model(variant, pieces.splits()[-1], np.random.default_rng(0))
        assert table["parameters"][variant] == sum(array.size for array in model.params.values())


@pytest.mark.parametrize("variant", ["1 head", "8 heads"])
def test_the_beginning_of_an_entry_comes_out_again(variant, table):
    rate = table["best"][variant]
    found, _ = pieces.train(variant, float(rate), 0, until=pieces.UPDATES[0])
    near = 0.03 if same_python(table) else 0.3
    np.testing.assert_allclose(found, table["runs"][variant][rate][0][:1], rtol=0, atol=near)


def test_several_heads_are_better_than_one_and_eight_about_as_good_as_four(table):
    one, four, eight = (np.array(table["runs"][name][table["best"][name]])[:, -1, 1]
                        for name in ("1 head", "whole", "8 heads"))
    assert four.max() < one.min() and eight.max() < one.min() and abs(four.mean() - eight.mean()) < 0.02


def test_the_residual_connection_is_missed_most_and_layer_norm_not_at_all(table):
    final = {name: np.array(table["runs"][name][table["best"][name]])[:, -1, 1] for name in pieces.VARIANTS}
    whole = final["whole"]
    assert final["no residual"].min() > final["no attention"].max() > final["no feed-forward"].max() > whole.max()
    assert final["no LayerNorm"].max() < whole.min()
    assert (final[pieces.TWICE] > whole.max()).sum() == 1 and final[pieces.TWICE].max() < final["no feed-forward"].min()


# --- heads ------------------------------------------------------------------------------------------------------------

def test_an_erased_head_is_gone_but_for_its_mean():
    model, ids = model_and_ids("whole")
    attention, own = model.stack.blocks[1].attention, slice(8, 16)
    mean = model.forward(ids)[1].stack.blocks[1].attention.sublayer.output.x[..., own].mean(axis=(0, 1))
    weight, bias = (array.copy() for array in attention.output.params.values())
    heads.erase(model, 1, 1, ids)
    np.testing.assert_allclose(attention.output.params["bias"], bias + weight[:, own] @ mean)
    assert not attention.output.params["weight"][:, own].any()
    before = model.forward(ids)[0]
    attention.value.params["weight"][own] += 1    # rows of the erased head
    np.testing.assert_array_equal(model.forward(ids)[0], before)
    attention.value.params["weight"][:8] += 1
    assert np.abs(model.forward(ids)[0] - before).max() > 0.01


def test_kinds_of_characters_are_what_one_counts_by_hand():
    text = 'the "bathe" (a)\n**** the'
    characters = sorted(set(text))
    ids = np.array([[characters.index(character) for character in text]])
    found = heads.kinds(ids[:, :-1], ids[:, 1:], characters)
    hand = {    # one mark for each next character
        "all":          "111111111111111111111111"[:len(text) - 1],
        "first letter": "00001000000010000000100",
        "later letter": "11000111100000000000011",
        "end of word":  "00100000010001000000000",
        "repeat":       "00000000000000000000000",
        "closing":      "00000000010001000000000",
        "asterisk":     "00000000000000001110000",
    }
    for kind, place in found.items():
        shown = "".join(str(int(value)) for value in place[0])
        assert len(shown) == len(text) - 1 and (kind == "all" or shown == hand[kind]), (kind, shown)
    again = np.array([[characters.index(character) for character in "bathebathe"]])
    assert np.flatnonzero(heads.kinds(again[:, :-1], again[:, 1:], characters)["repeat"][0]).tolist() == [7, 8]


def test_the_table_of_heads_says_again_what_the_models_heads_cost():
    table, model, (_, _, test, _) = heads.heads(), load("transformer"), pieces.splits()
    found = heads.costs(model.network, test, model.labels)
    near = 0.02 if same_python(table) else 0.3
    stored = np.array(table["costs"])
    assert stored.shape == (5, 2, 2, 4, len(heads.KINDS))
    np.testing.assert_allclose([found[0, 0], found[1, 0], found[1, 1]], stored[0, 1][[0, 1, 1], [0, 0, 1]], 0, near)
    assert np.shape(table["removed"]) == (5, 9) and np.shape(table["trained_on"]) == (5, len(heads.REMOVED))
    assert (np.array(table["trained_on"])[:, 1:] < np.array(table["removed"])[:, heads.REMOVED[1:]]).all()
