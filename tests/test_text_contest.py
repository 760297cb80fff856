"""The stored table of the text contest is whole, its rates bracket the chosen ones, and an entry comes out again."""

import platform

import numpy as np
import pytest

from seqbook.data import Vocabulary, documentation
from seqbook.models import text_contest as contest


@pytest.fixture(scope="module")
def table():
    return contest.text_contest()


def test_every_network_has_every_rate_seed_and_pass(table):
    assert table["networks"].keys() == contest.NETWORKS.keys()
    for rates in table["networks"].values():
        assert [*map(float, rates)] == [*contest.RATES]
        assert {np.shape(runs) for runs in rates.values()} == {(len(contest.SEEDS), len(contest.PASSES), 2)}
    assert [*map(float, table["forget_bias"])] == [*contest.FORGET_BIASES]
    assert {np.shape(runs) for runs in table["forget_bias"].values()} == {(len(contest.SEEDS), 2)}


def test_the_rate_that_validation_chooses_is_never_the_lowest_or_the_highest(table):
    for name, rates in table["networks"].items():
        valid = [np.mean(runs, axis=0)[-1, 0] for runs in rates.values()]
        assert 0 < np.argmin(valid) < len(valid) - 1, name


def test_the_forget_bias_of_one_is_the_contest_s_own_run(table):
    in_contest = [passes[0] for passes in table["networks"]["LSTM"]["0.016"]]
    assert table["forget_bias"]["1.0"] == in_contest


def test_an_entry_comes_out_again(table):
    """On another Python the documentation has another text: then only roughly."""
    same = table["versions"]["python"].split(".")[:2] == platform.python_version().split(".")[:2]
    found = contest.train("RNN", 0.008, seed=0, passes=(1,))
    assert found[0] == pytest.approx(table["networks"]["RNN"]["0.008"][0][0], abs=0.03 if same else 0.3)


def test_sizes_are_counted_and_the_wide_rnn_matches_the_lstm(table):
    *_, V = contest.splits()
    for name, size in table["parameters"].items():
        params = contest.new_network(name, V, np.random.default_rng(0)).params
        assert sum(array.size for array in params.values()) == pytest.approx(size, rel=0.01)
    assert table["parameters"]["wide RNN"] == pytest.approx(table["parameters"]["LSTM"], rel=0.05)


def test_validation_is_the_last_tenth_of_the_training_text_and_the_test_is_apart():
    text, (learn, valid, test, V) = documentation(), contest.splits()
    vocabulary = Vocabulary([text.train])
    np.testing.assert_array_equal(np.concatenate([learn, valid]), vocabulary.encode(text.train))
    np.testing.assert_array_equal(test, vocabulary.encode(text.test))
    assert V == len(vocabulary) and len(valid) == pytest.approx(len(learn) / 9, rel=0.001)


def test_what_is_written_is_read(table, tmp_path, monkeypatch):
    monkeypatch.setattr(contest, "TABLE", tmp_path / "table.json")
    contest.write(table["networks"], table["forget_bias"])
    written = contest.text_contest()
    assert {key: written[key] for key in ("networks", "forget_bias", "parameters")} == {
        key: table[key] for key in ("networks", "forget_bias", "parameters")}
