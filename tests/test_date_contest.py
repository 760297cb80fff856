"""The stored table of the dates is whole, says what rnn/encoder-decoder says of it, and comes out again."""

import json

import numpy as np
import pytest

from seqbook.models import date_contest as contest
from seqbook.models.iso import END, START, tokens_before
from seqbook.scratch import log_softmax


@pytest.fixture(scope="module")
def table():
    return contest.date_contest()


@pytest.fixture(scope="module")
def young():
    """A network after one epoch, as the chapter trains it, and its judge."""
    return contest.train("start", epochs=1), contest.splits()[2]


def chosen(rates):
    """The shares (5,) exact on the test at the rate that validation chooses."""
    return np.array(max(rates.values(), key=lambda runs: np.mean(runs, axis=0)[0]))[:, 1]


def test_every_part_has_every_setting_and_seed(table):
    seeds = len(contest.SEEDS)
    for rates in (*table["placement"].values(), table["backward"]):
        assert [*map(float, rates)] == [*contest.RATES]
        assert {np.shape(runs) for runs in rates.values()} == {(seeds, 2)}
    assert table["placement"].keys() == table["parameters"].keys() == contest.SIZES.keys()
    assert table["feedback"].keys() == contest.FEEDBACK.keys()
    assert {np.shape(runs) for runs in table["feedback"].values()} == {(seeds, 3)}
    assert [*map(int, table["widths"])] == [*contest.WIDTHS]
    assert [*map(float, table["temperatures"])] == [*contest.TEMPERATURES]
    for counts in table["several"].values():
        assert {count: np.shape(runs) for count, runs in counts.items()} == {
            str(count): (seeds, count, 3) for count in contest.COUNTS}


def test_the_three_placements_have_equal_parameters(table):
    sizes = [*table["parameters"].values()]
    assert max(sizes) < 1.02 * min(sizes)
    V = contest.splits()[3]
    for where, size in table["parameters"].items():
        params = contest.new_network(where, V, np.random.default_rng(0)).params
        assert sum(array.size for array in params.values()) == pytest.approx(size, rel=0.01)


def test_the_splits_share_no_day_and_texts_of_two_dates_are_made_of_them():
    learn, valid, judged, V = contest.splits()
    days = {name: {tuple(row) for row in task.targets} for name, task in (("learn", learn), ("judged", judged))}
    assert not days["learn"] & days["judged"] and len(judged.ids) == len(valid.ids) == 1_000
    two = contest.splits(2)[2]
    assert two.targets.shape == (1_000, 22) and (two.targets[:, -1] == END).all()
    assert {tuple(row[:10]) for row in two.targets} <= {row[:10] for row in days["judged"]}
    assert max(ids.max() for ids in two.ids) < V


def test_what_the_decoder_reads_is_the_truth_or_its_own(young):
    network, judged = young
    source, lengths = contest.padded(contest.Task(judged.ids[:64], None))
    targets, rng = judged.targets[:64], np.random.default_rng(0)
    truth = contest.fed_back(network, source, lengths, targets, 0.0, rng)
    np.testing.assert_array_equal(truth, tokens_before(targets))
    own = contest.fed_back(network, source, lengths, targets, 1.0, rng)
    assert (own[:, 0] == START).all() and 0.5 < (own == truth)[:, 1:].mean() < 1


def test_a_young_network_and_its_searches_come_out_again(table, young):
    network, judged = young
    assert contest.exact(network, judged) == pytest.approx(table["widths"]["1"][0][1], abs=0.05)
    for width in (1, 4):
        np.testing.assert_allclose(contest.searched(network, judged, width), table["widths"][str(width)][0],
                                   rtol=0, atol=0.08)
    np.testing.assert_allclose(contest.drawn(network, judged, 0.5), table["temperatures"]["0.5"][0], rtol=0, atol=0.05)


def test_the_log_probability_of_the_truth_is_that_of_its_tokens(young):
    network, judged = young
    few = contest.Task(judged.ids[:3], judged.targets[:3])
    found = contest.truth_log_prob(network, few)
    for ids, target, log_prob in zip(few.ids, few.targets, found):
        state, total, token = network.start(ids[None]), 0.0, START
        for y in target:
            logits, state = network.step(np.array([[token]]), state)
            total, token = total + log_softmax(logits[0, -1].astype(float))[y], y
        assert total == pytest.approx(log_prob, abs=1e-3)


def test_c_at_every_step_is_ahead_and_reading_backwards_too(table):
    start, every, both = (chosen(rates) for rates in table["placement"].values())
    assert (every > start + 0.08).all() and every.mean() > start.mean() + 0.1 and both.mean() > start.mean() + 0.1
    assert (chosen(table["backward"]) > start + 0.05).all()


def test_the_rate_that_validation_chooses_is_never_the_lowest_or_the_highest(table):
    for rates in (*table["placement"].values(), table["backward"]):
        valid = [np.mean(runs, axis=0)[0] for runs in rates.values()]
        assert 0 < np.argmax(valid) < len(valid) - 1


def test_what_is_written_last_goes_wrong_first(table):
    for counts in table["several"].values():
        first, second = np.array(counts["2"]).mean(axis=2).T
        assert (second > first + 0.2).all()
        year, month, day = np.array(counts["1"])[:, 0].mean(axis=0)
        assert year < month < day


def test_own_tokens_in_training_help_after_a_mistake(table):
    truth, own = (np.array(table["feedback"][kind]) for kind in ("truth", "own"))
    assert (own[:, 2] > truth[:, 2] + 0.1).all() and (truth[:, 1] > truth[:, 2] + 0.1).all()


def test_wide_beams_find_more_probable_strings_that_are_not_more_often_right(table):
    widths = np.array([*table["widths"].values()])    # (widths, seeds, 4)
    assert (np.diff(widths[..., 0], axis=0) > 0).all()
    right = widths[..., 1].mean(axis=1)
    assert right[-1] < right[1:3].max() and np.ptp(right[1:]) < 0.01
    assert widths[-1, :, 3].max() < 0.001 < 0.05 < widths[0, :, 3].min()


@pytest.mark.slow
@pytest.mark.parametrize("where", contest.SIZES)
def test_a_placement_learns_again_what_the_table_says(table, where):
    found = contest.scores(contest.train(where, contest.RATE, seed=0))
    np.testing.assert_allclose(found, table["placement"][where][str(contest.RATE)][0], rtol=0, atol=0.1)


@pytest.mark.slow
def test_own_tokens_learn_again_what_the_table_says(table):
    found = contest.after_first_error(contest.train(seed=0, own=1.0), contest.splits()[2])
    np.testing.assert_allclose(found, table["feedback"]["own"][0], rtol=0, atol=0.1)


@pytest.mark.slow
def test_two_dates_are_learned_again_as_the_table_says(table):
    found = contest.wrong_fields(contest.train(seed=0, count=2), contest.splits(2)[2], 2)
    np.testing.assert_allclose(found, table["several"]["forward"]["2"][0], rtol=0, atol=0.1)


def test_what_is_written_is_read(table, tmp_path, monkeypatch):
    monkeypatch.setattr(contest, "TABLE", tmp_path / "table.json")
    contest.write(table)
    assert contest.date_contest() == json.loads(json.dumps(table))
