"""Five ways to mix steps: the model's gradients, the tasks, and the table of beyond/modern-recurrence."""

import platform

import numpy as np
import pytest

from seqbook.gradients import central_differences
from seqbook.models import recurrences as contest
from seqbook.models.tables import write_table
from seqbook.scratch import CrossEntropy


@pytest.fixture(scope="module")
def table():
    return contest.recurrences()


@pytest.fixture(scope="module")
def recall(table):
    """By mixer the shares recalled on the test, (5, len(PAIRS))."""
    return contest.results("recall", table)


@pytest.mark.parametrize("task", contest.UPDATES)
@pytest.mark.parametrize("mixer", contest.MIXERS)
def test_gradients_are_those_of_finite_differences(task, mixer):
    rng = np.random.default_rng(0)
    model = contest.Model(task, mixer, rng=rng, dtype=np.float64)
    x, y = contest.draw(task, rng)
    x, y = x[:2, -10:], y[:2, -10:] if task != "adding" else y[:2]
    x, y = (array.astype(float) if array.dtype.kind == "f" else array for array in (x, y))

    def loss():
        outputs = model.forward(x)[0]
        return ((outputs[:, -1] - y)**2).mean() if task == "adding" else CrossEntropy().forward(outputs, y)[0]

    outputs, cache = model.forward(x)
    _, grads = model.backward(contest.loss_gradient(task, outputs, y), cache)
    assert grads.keys() == model.params.keys()
    for name, array in model.params.items():
        entries = np.argwhere(np.ones(array.shape))[rng.choice(array.size, min(3, array.size), replace=False)]
        np.testing.assert_allclose(grads[name][tuple(entries.T)], central_differences(loss, array, entries),
                                   rtol=1e-4, atol=1e-7, err_msg=name)


def test_recall_asks_every_key_once_for_its_own_value():
    x, y = contest.recall(5, 8, np.random.default_rng(0))
    assert x.shape == (5, 16, 2) and y.shape == (5, 16)
    assert (y[:, :8] == -100).all() and (x[:, 8:, 1] == contest.KEYS + contest.VALUES).all()
    for pairs, targets in zip(x, y):
        told = dict(pairs[:8])
        assert len(told) == 8 and sorted(pairs[8:, 0]) == sorted(told) and max(told) < contest.KEYS
        assert [told[key] - contest.KEYS for key in pairs[8:, 0]] == [*targets[8:]]
    assert (x[:, 8:, 0] != x[:, :8, 0]).any()


def test_the_table_is_whole(table):
    for task, rates in contest.RATES.items():
        assert table[task].keys() == contest.MIXERS.keys()
        for runs in table[task].values():
            assert {*rates} <= {*map(float, runs)}
            best = contest.chosen(task, runs)
            assert min(map(float, runs)) < float(best) < max(map(float, runs))
            assert {rate: len(found) for rate, found in runs.items()} == {
                rate: len(contest.SEEDS) if rate == best else 1 for rate in runs}
    assert {np.shape(shares) for runs in table["recall"].values() for found in runs.values() for shares in found} == {
        (2, len(contest.PAIRS))}


def test_models_have_equal_parameters(table):
    for task, sizes in table["parameters"].items():
        assert max(sizes.values()) < 1.02 * min(sizes.values())
        assert sizes == {mixer: sum(array.size for array in contest.Model(
            task, mixer, rng=np.random.default_rng(0)).params.values()) for mixer in contest.MIXERS}


def test_what_is_written_is_read(table, tmp_path, monkeypatch):
    monkeypatch.setattr(contest, "TABLE", tmp_path / "recurrences.json")
    write_table(table, contest.TABLE)
    assert contest.recurrences() == table


def test_an_entry_comes_out_again(table):
    same = table["versions"]["python"].split(".")[:2] == platform.python_version().split(".")[:2]
    model = contest.train("recall", "LinearRecurrence", 0.012)
    found = contest.judge("recall", model)
    np.testing.assert_allclose(found, table["recall"]["LinearRecurrence"]["0.012"][0], atol=0.02 if same else 0.1)
