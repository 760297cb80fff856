"""The stored table of the depth contest is whole, says what rnn/deep says of it, and comes out again."""


import numpy as np
import pytest

from seqbook.models import depth_contest as contest
from tests.same_python import same_python


@pytest.fixture(scope="module")
def table():
    return contest.depth_contest()


def runs(table, name, split=1):
    """The losses (5,) in the end at the best rate, one for each seed; of the test, or of the validation (split 0)."""
    return np.array(table["networks"][name][table["best"][name]])[:, -1, split]


def test_every_network_has_every_seed_and_update(table):
    assert tuple(table["networks"]) == contest.NETWORKS
    for rates in table["networks"].values():
        assert {float(rate) for rate in rates} >= set(contest.RATES)
        assert {np.shape(each) for each in rates.values()} == {(len(contest.SEEDS), len(contest.UPDATES), 2)}


def test_the_best_rate_is_the_one_that_validation_chooses_and_never_the_lowest_or_the_highest(table):
    for name, rates in table["networks"].items():
        valid = {rate: np.mean(each, axis=0)[-1, 0] for rate, each in rates.items()}
        assert min(valid, key=valid.get) == table["best"][name]
        assert min(map(float, rates)) < float(table["best"][name]) < max(map(float, rates)), name


def test_no_network_has_more_parameters_than_the_one_it_is_compared_with(table):
    *_, V = contest.splits()
    for name, H in table["width"].items():
        model = contest.new_network(name, V, H, np.random.default_rng(0))
        assert contest.size(model) == pytest.approx(table["parameters"][name], rel=0.01)
        assert 0.97 * table["parameters"]["1"] < table["parameters"][name] <= table["parameters"]["1"], name


@pytest.mark.parametrize("name", ["1", "6 skips", "deep transition"])
def test_an_entry_comes_out_again(table, name):
    rate = table["best"][name]
    found, _ = contest.train(name, float(rate), seed=0, updates=contest.UPDATES[:3])
    near = 0.03 if same_python(table) else 0.3
    np.testing.assert_allclose(found, table["networks"][name][rate][0][:3], rtol=0, atol=near)


def test_without_skips_each_layer_beyond_the_second_makes_it_worse(table):
    means = [runs(table, str(depth)).mean() for depth in contest.DEPTHS]
    assert all(below + 0.03 < above for below, above in zip(means[1:], means[2:]))
    assert runs(table, "6").min() > runs(table, "1").max() + 0.2


def test_with_skips_every_depth_is_a_little_ahead_of_one_layer_and_not_of_one_that_is_given_the_time(table):
    one, three = runs(table, "1"), runs(table, "3 skips")
    for depth in contest.DEPTHS[1:]:
        assert -0.05 < runs(table, f"{depth} skips").mean() - one.mean() < -0.01
    assert (three < one).all() and runs(table, "6 skips").max() < runs(table, "6").min() - 0.2
    assert {name: np.shape(pairs) for name, pairs in table["longer"].items()} == {
        name: (len(contest.SEEDS), 2) for name in contest.LONGER}
    longer = {name: np.array(pairs).mean(axis=0) for name, pairs in table["longer"].items()}    # (validation, test)
    assert (longer["1"] < longer["3 skips"]).all() and (longer["3 skips"] < longer["1"] + 0.02).all()


def test_larger_initial_weights_mend_most_of_it_and_not_all(table):
    one, plain = runs(table, "1").mean(), runs(table, "6").mean()
    best = min(runs(table, f"6 gain {gain}").mean() for gain in ("1.7", "3", "5"))
    assert one + 0.03 < best < one + 0.4 * (plain - one)


def test_what_is_written_is_read(table, tmp_path, monkeypatch):
    monkeypatch.setattr(contest, "TABLE", tmp_path / "table.json")
    contest.write(table["networks"], table["best"], table["longer"])
    written = contest.depth_contest()
    assert {key: written[key] for key in table if key != "versions"} == {
        key: table[key] for key in table if key != "versions"}


def test_the_rates_go_on_while_the_best_is_at_an_end(monkeypatch):
    losses = {0.002: 3.0, 0.004: 2.0, 0.008: 2.5, 0.016: 2.6}
    monkeypatch.setattr(contest, "train", lambda name, rate, seed: ([[losses[rate]] * 2], None))
    found, best = contest.tuned("1")
    assert best == 0.004 and [*found] == [0.002, 0.004, 0.008, 0.016]
