"""The head over a window of text: its gradients, and the stored table as transformer/self-attention speaks of it."""

import numpy as np
import pytest

from seqbook.models import window as contest
from seqbook.models.text_contest import splits
from tests.same_python import same_python


@pytest.fixture(scope="module")
def table():
    return contest.window()


@pytest.fixture(scope="module")
def chosen(table):
    """By kind the test losses (5,) at the rate that validation chooses, and those of shuffled windows."""
    rates = {kind: contest.chosen(losses) for kind, losses in table["losses"].items()}
    return {kind: (np.array(table["losses"][kind][rate])[:, 1], np.array(table["shuffled"][kind][rate]))
            for kind, rate in rates.items()}


@pytest.mark.parametrize("kind", contest.KINDS)
def test_gradients_are_those_of_finite_differences(kind):
    rng, V, eps = np.random.default_rng(1), 7, 1e-6
    params = {name: value.astype(float) for name, value in contest.new_params(kind, V, rng).items()}
    ids, dlogits = rng.integers(V, size=(3, contest.T)), rng.standard_normal((3, V))
    grads = contest.backward(params, dlogits, contest.forward(params, ids)[1])
    assert grads.keys() == params.keys()
    for name, value in params.items():
        for _ in range(5):
            at = tuple(rng.integers(value.shape))
            moved = []
            for step in (eps, -eps):
                changed = {**params, name: value.copy()}
                changed[name][at] += step
                moved.append((contest.forward(changed, ids)[0] * dlogits).sum())
            assert grads[name][at] == pytest.approx((moved[0] - moved[1]) / (2 * eps), rel=1e-5, abs=1e-7), name


def test_the_table_is_whole(table):
    for part in ("losses", "shuffled"):
        assert table[part].keys() == contest.KINDS.keys()
        assert all([*map(float, rates)] == [*contest.RATES] for rates in table[part].values())
    assert {np.shape(runs) for rates in table["losses"].values() for runs in rates.values()} == {(5, 2)}
    assert {np.shape(runs) for rates in table["shuffled"].values() for runs in rates.values()} == {(5,)}
    assert np.shape(table["places"]["attended"]) == np.shape(table["places"]["exchanged"]) == (5, contest.T)
    np.testing.assert_allclose(np.sum(table["places"]["attended"], axis=1), 1, atol=0.01)


def test_models_have_equal_parameters_and_rates_within_the_range(table):
    *_, V = splits()
    sizes = [sum(array.size for array in contest.new_params(kind, V, np.random.default_rng(0)).values())
             for kind in contest.KINDS]
    assert max(sizes) < 1.02 * min(sizes) and [*table["parameters"].values()] == pytest.approx(sizes, rel=0.01)
    for rates in table["losses"].values():
        assert contest.RATES[0] < float(contest.chosen(rates)) < contest.RATES[-1]


def test_without_places_order_is_nothing_and_with_them_it_is_much(chosen):
    for kind in ("last", "mean", "head"):
        np.testing.assert_allclose(*chosen[kind], atol=2e-4)
    loss, shuffled = chosen["positions"]
    assert (shuffled > loss + 0.3).all() and (loss < chosen["head"][0] - 0.15).all()


def test_the_head_with_places_looks_at_the_character_before_and_uses_it(table, chosen):
    attended, exchanged = (np.array(table["places"][name]) for name in ("attended", "exchanged"))
    assert (attended.argmax(axis=1) == contest.T - 2).all()
    grown = exchanged - chosen["positions"][0][:, None]
    assert (grown[:, -2] > 0.3).all() and (np.abs(grown[:, :-4]) < 0.05).all()


def test_an_entry_comes_out_again(table):
    same = same_python(table)
    rate = contest.chosen(table["losses"]["head"])
    params = contest.train("head", float(rate), seed=0)
    found = [contest.loss(params, task) for task in contest.judged()]
    assert found == pytest.approx(table["losses"]["head"][rate][0], abs=0.02 if same else 0.3)


def test_what_is_written_is_read(table, tmp_path, monkeypatch):
    monkeypatch.setattr(contest, "TABLE", tmp_path / "window.json")
    contest.write({name: part for name, part in table.items() if name != "versions"})
    assert {**contest.window(), "versions": None} == {**table, "versions": None}
