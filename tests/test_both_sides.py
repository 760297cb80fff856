"""The stored table of readers that put spaces back is whole, says what rnn/bidirectional says, and comes out again."""

from importlib.metadata import version

import numpy as np
import pytest

from seqbook.data import Vocabulary
from seqbook.models import both_sides as contest
from tests.same_python import same_python

IGNORED = contest.IGNORED


@pytest.fixture(scope="module")
def table():
    return contest.both_sides()


def test_every_language_has_every_reader_rate_and_seed(table):
    assert list(table["errors"]) == ["en", "ko"]
    for readers in table["errors"].values():
        assert tuple(readers) == contest.READERS
        for rates in readers.values():
            assert tuple(map(float, rates)) == contest.RATES
            assert {np.shape(runs) for runs in rates.values()} == {(len(contest.SEEDS), 2)}


def test_the_rate_that_validation_chooses_is_never_the_lowest_or_the_highest(table):
    for language, readers in table["errors"].items():
        for reader, rates in readers.items():
            valid = [np.mean(runs, axis=0)[0] for runs in rates.values()]
            assert 0 < np.argmin(valid) < len(valid) - 1, (language, reader)


def test_all_readers_have_about_as_many_parameters(table):
    for sizes in table["parameters"].values():
        assert max(sizes.values()) < 1.02 * min(sizes.values())
    letters = 26 + 1    # and the unknown one
    found = {reader: sum(array.size for array in contest.new_network(
        reader, letters, np.random.default_rng(0)).params.values()) for reader in contest.READERS}
    assert table["parameters"]["en"] == found


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_baseline_of_no_space_at_all_is_the_share_of_spaces(table, language):
    _, *judged = contest.splits(language)
    exact = same_data(table)
    for part, stored in zip(judged, table["never"][language]):
        spaces = sum(phrase.count(" ") for phrase in part)
        share = 100 * spaces / sum(len(phrase.replace(" ", "")) - 1 for phrase in part)
        assert contest.never(part) == pytest.approx(share)
        assert stored == pytest.approx(share, abs=0.001 if exact else 1.5)


def test_no_phrase_to_learn_from_is_a_validation_or_test_phrase():
    for language in ("en", "ko"):
        learn, valid, test = contest.splits(language)
        assert not {*learn} & {*valid} and not {*learn} & {*test} and len(valid) > len(learn) / 10


def on_test(table, language, reader):
    """The test errors (5,) at the rate that validation chooses, one for each seed."""
    runs = min(table["errors"][language][reader].values(), key=lambda runs: np.mean(runs, axis=0)[0])
    return np.array(runs)[:, 1]


@pytest.mark.parametrize("language, beaten", [("en", 5), ("ko", 4)])
def test_two_directions_beat_either_one_and_the_late_reader_in_english_only(table, language, beaten):
    forward, backward, both = (on_test(table, language, reader) for reader in contest.READERS[:3])
    assert forward.min() > backward.max() + 2 and sum(both < backward) == beaten
    late = {k: on_test(table, language, f"delayed {k}") for k in (1, 2, 4, 8)}
    assert forward.min() > late[1].max() and late[8].min() > late[4].max() + 0.5
    assert (both < late[4]).all() if language == "en" else abs(both.mean() - late[2].mean()) < 0.2


# --- what each reader is given ----------------------------------------------------------------------------------------

IDS, SPACES = np.array([5, 6, 7, 8]), np.array([0, 1, 1, 0])


@pytest.mark.parametrize("reader, ids, targets", [
    ("forward", [5, 6, 7, 8], [0, 1, 1, IGNORED]), ("concatenated", [5, 6, 7, 8], [0, 1, 1, IGNORED]),
    ("backward", [8, 7, 6, 5], [IGNORED, 1, 1, 0]),
    ("delayed 2", [5, 6, 7, 8, 0, 0], [IGNORED, IGNORED, 0, 1, 1, IGNORED])])
def test_a_phrase_is_arranged_for_its_reader(reader, ids, targets):
    got = contest.arranged(reader, IDS, SPACES)
    assert got[0].tolist() == ids and got[1].tolist() == targets


def test_the_error_counts_gaps_only_and_each_once():
    """A network that always says "space" is wrong where there is none, whatever its reader."""
    _, valid, _ = contest.splits("en")
    vocabulary = Vocabulary(phrase.replace(" ", "") for phrase in valid)
    for reader in contest.READERS:
        model = contest.new_network(reader, len(vocabulary), np.random.default_rng(0))
        model.params["output.weight"][...], model.params["output.bias"][...] = 0, [0, 1]
        assert contest.error(model, reader, valid, vocabulary) == pytest.approx(100 - contest.never(valid))


def test_a_counting_table_without_letters_never_puts_a_space_and_one_with_six_hardly_errs_where_it_learned(monkeypatch):
    _, valid, test = contest.splits("ko")
    errors = contest.counting("ko", [0, 1], [0, 2])
    assert errors.shape == (2, 2, 2)
    assert errors[:, 0, 0].tolist() == pytest.approx([contest.never(valid), contest.never(test)])
    assert (errors[:, 0, 1] < errors[:, 0, 0] - 5).all()    # the two letters after a gap say much about it
    monkeypatch.setattr(contest, "splits", lambda language: (valid, valid, valid))
    assert contest.counting("ko", [6], [6]).max() < 0.5     # a window of twelve letters is as good as the name


def test_a_window_holds_the_letters_on_both_sides_of_its_gap():
    laid = contest.laid_out(["an egg", "so"])
    assert laid[2].tolist() == [0, 1, 0, 0, 0]    # a·n n|e e·g g·g, s·o
    outside = chr(1)
    assert contest.windows(laid, 2, 1).tolist() == [
        "".join(chr(ord(letter) + 1) if letter != " " else outside for letter in window)
        for window in (" an", "ane", "neg", "egg", " so")]


# --- the table comes out again ----------------------------------------------------------------------------------------

def same_data(table):
    """Whether Python's documentation and babel's names are the table's; otherwise entries agree only roughly."""
    return same_python(table) and table["versions"]["babel"] == version("babel")


@pytest.mark.parametrize("language, reader", [("ko", "concatenated"), ("ko", "delayed 2"), ("en", "backward")])
def test_an_entry_comes_out_again(table, language, reader):
    found = contest.run(language, reader, 0.016, seed=1)
    stored = table["errors"][language][reader]["0.016"][1]
    np.testing.assert_allclose(found, stored, rtol=0, atol=0.7 if same_data(table) else 2)
