"""Five ways to mix steps: the model's gradients, the tasks, and the table of beyond/modern-recurrence."""

import numpy as np
import pytest

from seqbook.gradients import central_differences
from seqbook.models import recurrences as contest
from seqbook.models.tables import write_table
from seqbook.scratch import CrossEntropy
from tests.same_python import same_python


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
    assert {np.shape(shares) for part in ("recall", "states") for runs in table[part].values()
            for found in runs.values() for shares in found} == {(2, len(contest.PAIRS))}


def test_the_states_have_five_seeds_at_a_rate_between_others_and_equal_parameters(table):
    own = contest.MIXERS["SelectiveScan"]
    assert {*map(int, table["states"])} == contest.STATES.keys() - {own[0]} and contest.STATES[own[0]] == own[1]
    for runs in table["states"].values():
        best = contest.chosen("recall", runs)
        assert min(map(float, runs)) < float(best) < max(map(float, runs)) and len(runs[best]) == len(contest.SEEDS)
    counts = {N: sum(array.size for array in contest.Model("recall", "SelectiveScan", (N, hidden_size),
                                                           rng=np.random.default_rng(0)).params.values())
              for N, hidden_size in contest.STATES.items()}
    assert max(counts.values()) < 1.02 * min(counts.values())
    assert counts[own[0]] == table["parameters"]["recall"]["SelectiveScan"]


def test_a_larger_state_recalls_more_and_the_smallest_nothing(table, recall):
    states = contest.results("recall", table, "states") | {"8": recall["SelectiveScan"]}
    last = [states[str(N)][:, -1] for N in contest.STATES]
    assert [int((more > less).sum()) for less, more in zip(last, last[1:])] == [5, 4, 5, 5]
    assert [round(100 * shares.mean()) for shares in last] == [13, 18, 29, 51, 81]
    first = states["2"][:, 0].mean(), recall["LinearRecurrence"][:, 0].mean()
    assert np.round(np.multiply(100, first)).tolist() == [80, 53]


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
    same = same_python(table)
    model = contest.train("recall", "LinearRecurrence", 0.012)
    found = contest.judge("recall", model)
    np.testing.assert_allclose(found, table["recall"]["LinearRecurrence"]["0.012"][0], atol=0.02 if same else 0.1)


def test_attention_recalls_all_pairs_the_selective_scan_half_and_the_others_answer_the_most_frequent_value(recall):
    rng = np.random.default_rng(0)
    frequent = [np.mean([np.bincount(values).max() for values in rng.integers(contest.VALUES, size=(2000, n))]) / n
                for n in contest.PAIRS]
    assert (recall["attention"] > 0.998).all()
    shares = recall["SelectiveScan"]
    assert (np.diff(shares, axis=1) < 0).all() and (0.37 < shares[:, -1]).all() and (shares[:, -1] < 0.63).all()
    for mixer in ("LinearRecurrence", "MinGRU", "LSTM"):
        np.testing.assert_allclose(recall[mixer].mean(axis=0), frequent, atol=0.03)
        assert (np.abs(recall[mixer][:, -1] - 0.135) < 0.016).all()


def test_adding_and_text_as_the_chapter_speaks_of_them(table):
    adding, text = (contest.results(task, table) for task in ("adding", "text"))
    assert {mixer: int((errors < 0.016).sum()) for mixer, errors in adding.items()} == {
        "LinearRecurrence": 0, "SelectiveScan": 5, "MinGRU": 5, "LSTM": 2, "attention": 5}
    assert (adding["LinearRecurrence"] > 0.07).all()
    assert all((text[mixer] < text["attention"]).all() for mixer in ("MinGRU", "LSTM"))
    assert {mixer: losses.mean() for mixer, losses in text.items()} == pytest.approx(
        {"LinearRecurrence": 2.43, "SelectiveScan": 2.21, "MinGRU": 2.09, "LSTM": 2.11, "attention": 2.15}, abs=0.0051)
