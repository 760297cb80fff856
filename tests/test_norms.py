"""The stored contests of normalisation: whole, as transformer/block says, and coming out again."""

import numpy as np
import pytest

from seqbook.models import norms, pieces
from seqbook.scratch import CrossEntropy
from tests.same_python import same_python



@pytest.fixture(scope="module")
def table():
    return norms.norms()


def near(table) -> float:
    """How close a run comes to the stored one; the text to learn from is that of Python's version."""
    return 0.03 if same_python(table) else 0.3


# --- The table

def test_the_table_is_whole_and_its_best_rates_are_those_that_validation_chooses(table):
    assert tuple(table["ragged"]) == norms.KINDS == tuple(table["best"])
    for kind, rates in table["ragged"].items():
        assert tuple(map(float, rates)) == norms.RAGGED_RATES
        valid = {rate: np.mean(runs[:2], axis=0)[-1, 2] for rate, runs in rates.items()}
        assert min(valid, key=valid.get) == table["best"][kind]
        for rate, runs in rates.items():
            assert np.shape(runs) == (5 if rate == table["best"][kind] else 2, len(norms.RAGGED_UPDATES), 3)
    assert tuple(table["placed"]) == norms.PLACES
    for by_warm_up in table["placed"].values():
        assert tuple(map(int, by_warm_up)) == norms.WARM_UPS
        for by_rate in by_warm_up.values():
            assert tuple(map(float, by_rate)) == norms.PLACED_RATES
            assert all(np.shape(losses) == (5,) for losses in by_rate.values())
    assert tuple(table["started"]) == ("pre-norm", norms.NO_NORM)
    for by_start in table["started"].values():
        assert tuple(by_start) == norms.STARTS
        for by_rate in by_start.values():
            assert tuple(map(float, by_rate)) == norms.STARTED_RATES
            assert all(np.shape(losses) == (5,) for losses in by_rate.values())


def test_warm_up_helps_both_and_post_norm_stays_behind_and_without_a_norm_much_depends_on_the_start(table):
    pre, post = (np.array([[*by_rate.values()] for by_rate in table["placed"][place].values()])
                 for place in norms.PLACES)    # (warm-ups, rates, seeds)
    assert (pre[1, 3:] < pre[0, 3:]).all() and (post[1, 2] < post[0, 2]).all()
    assert post.min() > pre.mean(axis=2).min() + 0.5
    with_norm, without = ({start: np.array([*by_rate.values()]) for start, by_rate in table["started"][place].items()}
                          for place in ("pre-norm", norms.NO_NORM))
    assert max(each.mean(axis=1).max() for each in with_norm.values()) < 2.37
    assert without["Glorot"].min() > 6 and without["library"][2].min() > 20
    assert (without["library"][:2] < with_norm["library"][:2]).all()
    alone = {kind: np.array(table["ragged"][kind][table["best"][kind]])[:, -1, 1] for kind in norms.KINDS[:2]}
    assert (alone["BatchNorm"] < alone["LayerNorm"]).all()


@pytest.mark.parametrize("kind", ["LayerNorm", "BatchNorm"])
def test_the_beginning_of_a_ragged_run_comes_out_again(kind, table):
    rate = table["best"][kind]
    found, _ = norms.train_ragged(kind, float(rate), 0, until=norms.RAGGED_UPDATES[0])
    np.testing.assert_allclose(found, table["ragged"][kind][rate][0][:1], rtol=0, atol=near(table))


def test_a_placed_run_comes_out_again(table):
    stored = table["placed"]["pre-norm"]["100"]["0.01"][0]
    assert norms.train_placed("pre-norm", 100, 0.01, 0) == pytest.approx(stored, abs=near(table))
    stored = table["started"][norms.NO_NORM]["library"]["0.01"][1]
    assert norms.train_placed(norms.NO_NORM, 100, 0.01, 1, start="library") == pytest.approx(stored, abs=near(table))


# --- Over a token or over a batch

@pytest.mark.parametrize("training", [True, False])
def test_batch_norm_goes_backwards(training):
    rng = np.random.default_rng(0)
    norm = norms.BatchNorm(4, dtype=np.float64)
    norm.params.update(weight=rng.normal(size=4), bias=rng.normal(size=4))
    norm.training, norm.real = training, np.arange(5) < np.array([[3], [5]])
    x, dy, direction = rng.normal(size=(3, 2, 5, 4))
    dx, grads = norm.backward(dy, norm.forward(x)[1])
    kept = norm.mean, norm.variance
    sides = []
    for by in (1e-6, -1e-6):
        norm.mean, norm.variance = kept
        sides.append((norm.forward(x + by * direction)[0] * dy).sum())
    assert (sides[0] - sides[1]) / 2e-6 == pytest.approx((dx * direction).sum(), rel=1e-5)
    norm.mean, norm.variance = kept
    x_hat = (norm.forward(x)[0] - norm.params["bias"]) / norm.params["weight"]
    np.testing.assert_allclose(grads["weight"], (dy * x_hat).sum(axis=(0, 1)))
    np.testing.assert_allclose(grads["bias"], dy.sum(axis=(0, 1)))


def test_batch_norm_takes_its_statistics_from_real_tokens_and_keeps_running_ones():
    rng = np.random.default_rng(0)
    norm, real = norms.BatchNorm(3, dtype=np.float64), np.arange(4) < np.array([[4], [2]])
    x = rng.normal(2, 3, size=(2, 4, 3))
    x[1, 2:] = 1e6
    norm.real = real
    y, _ = norm.forward(x)
    np.testing.assert_allclose(y[real].mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(y[real].var(axis=0), 1, rtol=1e-4)
    np.testing.assert_allclose(norm.mean, 0.1 * x[real].mean(axis=0))
    norm.training = False
    np.testing.assert_allclose(norm.forward(x)[0], (x - norm.mean) / np.sqrt(norm.variance + 1e-5))


def test_a_batch_of_lines_predicts_every_next_character_and_ignores_padding():
    lines = [np.array([3, 4, 5, 6]), np.array([7, 8])]
    x, y, real = norms.batch(lines)
    assert real.tolist() == [[True, True, True], [True, False, False]]
    assert x.tolist() == [[3, 4, 5], [7, 0, 0]]
    assert y.tolist() == [[4, 5, 6], [8, CrossEntropy().ignore_index, CrossEntropy().ignore_index]]


@pytest.mark.parametrize("kind", norms.KINDS)
def test_gradients_of_every_kind_are_finite_differences(kind):
    rng = np.random.default_rng(0)
    model = norms.ragged_model(kind, 20, rng, np.float64)
    model.params.update({name: array + 0.1 * rng.normal(size=array.shape) for name, array in model.params.items()})
    x, y, real = norms.batch([rng.integers(0, 20, size=n) for n in (6, 9, 4)])
    norms.set_norms(model, training=True, real=None if "padding" in kind else real)
    assert len(norms.batch_norms(model)) == (0 if kind == "LayerNorm" else 5)
    loss = CrossEntropy()

    def value():
        return loss.forward(model.forward(x)[0], y)[0]

    logits, cache = model.forward(x)
    (dlogits, _), _ = loss.backward(1.0, loss.forward(logits, y)[1])
    _, grads = model.backward(dlogits, cache)
    assert grads.keys() == model.params.keys()
    for name in ("stack.blocks.0.norm1.weight", "stack.blocks.1.norm2.bias", "stack.norm.weight",
                 "stack.blocks.0.attention.value.weight", "tokens.embedding.weight"):
        direction, before = rng.normal(size=grads[name].shape), model.params[name].copy()
        sides = []
        for by in (1e-6, -1e-6):
            model.params[name][...] = before + by * direction
            sides.append(value())
        model.params[name][...] = before
        assert (sides[0] - sides[1]) / 2e-6 == pytest.approx((grads[name] * direction).sum(), rel=1e-4, abs=1e-8), name


@pytest.mark.parametrize("kind", norms.KINDS)
def test_judging_changes_nothing_and_reads_layer_norm_the_same_alone(kind):
    *_, test, V = norms.lines()
    model = norms.ragged_model(kind, V, np.random.default_rng(0))
    before = [(norm.mean.copy(), norm.variance.copy()) for norm in norms.batch_norms(model)]
    together, alone = (norms.ragged_loss(model, kind, test[:20], alone=alone) for alone in (False, True))
    assert (abs(together - alone) < 1e-5) == (kind == "LayerNorm")
    for norm, (mean, variance) in zip(norms.batch_norms(model), before):
        np.testing.assert_array_equal(norm.mean, mean)
        np.testing.assert_array_equal(norm.variance, variance)


def test_an_unknown_kind_or_place_is_refused():
    with pytest.raises(ValueError, match="kind must be one of 'LayerNorm', .*, got 'norm'"):
        norms.ragged_model("norm", 20, np.random.default_rng(0))
    with pytest.raises(ValueError, match="place must be one of 'pre-norm', 'post-norm', 'no norm', got 'none'"):
        norms.placed_model("none", 20, np.random.default_rng(0))


# --- Before or behind

def test_a_placed_model_has_its_norms_where_it_says_and_starts_from_the_values_it_says():
    for place in (*norms.PLACES, norms.NO_NORM):
        for start in norms.STARTS:
            model = norms.placed_model(place, 20, np.random.default_rng(0), depth=3, start=start)
            assert len(model.stack.blocks) == 3
            assert all(block.norm_first == (place != "post-norm") for block in model.stack.blocks)
            assert isinstance(model.stack.norm, pieces.Same) == (place != "pre-norm")
            assert any("norm" in name for name in model.params) == (place != norms.NO_NORM)
            for name, array in model.params.items():
                if name.startswith("stack.blocks") and array.ndim == 2:
                    bound = (6 / sum(array.shape)) ** 0.5 if start == "Glorot" else array.shape[1] ** -0.5
                    assert 0.95 * bound < np.abs(array).max() <= bound


def test_gradient_norms_are_those_of_each_blocks_parameters():
    model = norms.placed_model("post-norm", 20, np.random.default_rng(0), depth=2, dtype=np.float64)
    ids = np.random.default_rng(1).integers(0, 20, (3, norms.T + 1))
    found = norms.gradient_norms(model, ids)
    loss = CrossEntropy()
    logits, cache = model.forward(ids[:, :-1])
    (dlogits, _), _ = loss.backward(1.0, loss.forward(logits, ids[:, 1:])[1])
    _, grads = model.backward(dlogits, cache)
    for number in range(2):
        own = [grad.ravel() for name, grad in grads.items() if f".blocks.{number}." in name]
        assert found[number] == pytest.approx(np.linalg.norm(np.concatenate(own)))


def test_at_the_start_gradients_are_larger_at_the_top_in_post_norm_and_at_the_bottom_in_pre_norm():
    _, valid, _, V = norms.splits()
    ids = valid[:16 * 33].reshape(16, 33)
    for place in norms.PLACES:
        for seed in range(5):
            sizes = norms.gradient_norms(norms.placed_model(place, V, np.random.default_rng(seed), depth=24), ids)
            assert (sizes[-1] > sizes[0]) == (place == "post-norm")
