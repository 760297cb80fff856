"""The stored table of the four networks says what rnn/examples says, and comes out again; so does the writer."""


import numpy as np
import pytest

from seqbook.models import at_work as work
from seqbook.models import writer
from seqbook.models.baselines import Counts, letters_around, letters_before
from seqbook.scratch import softmax
from tests.same_python import same_python

TASKS = ("names", "languages", "capitals", "co2")


@pytest.fixture(scope="module")
def table():
    return work.at_work()


@pytest.fixture(scope="module")
def names():
    return work.Names()


@pytest.fixture(scope="module")
def air():
    return work.Air()


# --- the table --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("task", TASKS)
def test_every_setting_has_five_seeds_and_every_rival_two_scores(task, table):
    for runs in table[task]["networks"].values():
        assert len(runs) >= 2 and all(len(seeds) == len(work.SEEDS) for seeds in runs.values())
    for settings in table[task]["baselines"].values():
        assert all(len(scores) >= 2 and np.isfinite(scores).all() for scores in settings.values())


def test_validation_chooses_and_the_test_does_not(monkeypatch):
    runs = {"a": [[1.0, 9.0]] * 5, "b": [[2.0, 0.5]] * 5}
    made = {"names": {"baselines": {"counts": {"n=1": [3.0, 1.0], "n=2": [2.0, 8.0]}}, "networks": {"RNN": runs}}}
    monkeypatch.setattr(work, "at_work", lambda: made)
    found = work.verdict("names")
    assert found.rivals["counts"] == ("n=2", 8.0) and found.networks["RNN"][0] == "a" and found.won == {"RNN": 0}


def test_who_wins_is_what_the_chapter_says():
    won = {task: work.verdict(task).won for task in TASKS}
    assert won["names"]["RNN"] == 5 and won["languages"]["RNN"] == 0 and won["co2"]["RNN"] == 0
    assert won["capitals"]["both ways"] >= 3 and won["capitals"]["forward"] == 0


# --- baselines --------------------------------------------------------------------------------------------------------

def test_counts_are_interpolated_from_the_shortest_context_up():
    model = Counts("ab\n")
    assert model.p([""]).tolist() == pytest.approx([1 / 3] * 3)
    model.add(["", "a"], "b")
    np.testing.assert_allclose(model.p([""]), [1 / 6, 2 / 3, 1 / 6])
    np.testing.assert_allclose(model.p(["", "a"]), [1 / 12, 5 / 6, 1 / 12])
    model.add([""], "a")    # N = 2, U = 2
    np.testing.assert_allclose(model.p([""]), [5 / 12, 5 / 12, 1 / 6])
    np.testing.assert_allclose(model.p(["", "b"]), model.p([""]))    # a context never seen is the shorter one


def test_a_discount_counts_in_shorter_contexts_how_many_longer_ones_came_before():
    model = Counts("ab\n", discount=0.5)
    for context in ("a", "a", "b"):
        model.add(["", context], "b")    # twice after "a", once after "b": twice after ""
    np.testing.assert_allclose(model.p([""]), [1 / 12, 5 / 6, 1 / 12])
    np.testing.assert_allclose(model.p(["", "a"]), [1 / 48, 23 / 24, 1 / 48])
    with pytest.raises(ValueError, match="discount"):
        Counts("ab", discount=1)


def test_contexts_grow_from_nothing():
    assert letters_before("seoul", 3, 3) == ["", "o", "eo"] and letters_before("seoul", 1, 4) == ["", "s"]
    assert letters_around("seoul", 2, 2) == ["o", "eou", "seoul"] and letters_around("seoul", 0, 1) == ["s", "se"]


def test_an_n_gram_model_of_names_comes_out_as_stored(names, table):
    for rival, discount in (("counts", None), ("Kneser-Ney", work.DISCOUNT)):
        stored = table["names"]["baselines"][rival]["order=3"]
        loss = work.counting_loss(work.counting_names(names, 3, discount), 3, names.test)
        assert loss == pytest.approx(stored[1], abs=0.02)


def test_f1_counts_what_is_found_missed_and_wrong():
    truth = np.array([True] * 10 + [False] * 10)
    guess = np.array([True] * 8 + [False] * 2 + [True] * 2 + [False] * 8)
    assert work.f1(truth, guess) == pytest.approx(0.8)
    assert work.f1(truth, ~truth) == 0 and work.f1(truth, truth) == 1


def test_lower_case_keeps_length_and_names_the_capitals():
    text, capital = work.without_capitals("Python İs a ß")
    assert text == "python İs a ß" and capital.tolist() == [True] + 12 * [False]


# --- forecasts --------------------------------------------------------------------------------------------------------

def test_no_forecast_looks_ahead(air):
    """Every value after the last week of reading may be another, and no forecast moves."""
    t = air.origins["test"][:1]
    later = work.Air()
    later.y = air.y.copy()
    later.y[t[0] + 1:] += 100
    for name, forecast in work.simple_forecasts(air).items():
        np.testing.assert_allclose(forecast(t), work.simple_forecasts(later)[name](t), rtol=1e-12, err_msg=name)
    np.testing.assert_allclose(work.autoregression(air, 52)(t), work.autoregression(later, 52)(t), rtol=1e-12)
    one, other = (work.forecaster(each, 0, lr=0.003, H=4, steps=3) for each in (air, later))
    np.testing.assert_allclose(one(t), other(t), rtol=1e-12)


def test_parts_of_the_series_do_not_overlap(air):
    learn, valid, test = (set((air.origins[part] + work.AHEAD).tolist()) for part in ("learn", "valid", "test"))
    assert not learn & valid and not valid & test and max(learn) < min(valid) <= max(valid) < min(test)
    assert len(valid) == work.VALID and len(test) == work.TEST and max(learn) < air.end


def test_simple_forecasts_come_out_as_stored(air, table):
    for name, forecast in work.simple_forecasts(air).items():
        stored = table["co2"]["baselines"][name][""]
        assert [air.rmse(forecast, part) for part in ("valid", "test")] == pytest.approx(stored, abs=1e-3)
    stored = table["co2"]["baselines"]["autoregression"]["order=104"]
    assert air.rmse(work.autoregression(air, 104), "test") == pytest.approx(stored[1], abs=1e-3)


# --- networks come out again ------------------------------------------------------------------------------------------

def setting(text):
    """The numbers of a setting's name."""
    parts = (part.split("=") for part in text.split())
    return {key: int(value) if key == "H" else float(value) for key, value in parts}


@pytest.mark.slow
def test_the_chosen_networks_come_out_again(names, air, table):
    found = {task: next(iter(work.verdict(task).networks.values())) for task in TASKS}
    writer_ = work.name_writer(names, 0, **setting(found["names"][0]))
    assert work.network_loss(writer_, names, names.test) == pytest.approx(found["names"][1][0], abs=0.03)
    tongues = work.Tongues()
    reader = work.language_reader(tongues, 0, **setting(found["languages"][0]))
    assert work.reader_accuracy(reader, tongues, tongues.test) == pytest.approx(found["languages"][1][0], abs=0.05)
    forecast = work.forecaster(air, 0, **setting(found["co2"][0]))
    assert air.rmse(forecast, "test") == pytest.approx(found["co2"][1][0], abs=0.1)
    if same_python(table):    # the same text
        manual = work.Capitals()
        tagger = work.capitaliser(manual, 0, **setting(found["capitals"][0]))
        assert work.capitaliser_f1(tagger, manual, manual.test) == pytest.approx(found["capitals"][1][0], abs=0.05)


# --- the stored writer ------------------------------------------------------------------------------------------------

def test_the_writers_file_is_small_and_its_card_true():
    network, letters, card = writer.load_writer()
    assert writer.FILE.stat().st_size < 300_000 and card["parameters"] == work.size(network)
    assert len(letters) == card["sizes"]["vocabulary"] == network.first.vocabulary_size and letters[0] == "\n"
    assert {"task", "data", "split", "command", "seed", "versions", "score"} <= card.keys()
    measured = writer.score(network, writer.everything())
    assert abs(measured["value"] - card["score"]["value"]) <= card["score"]["tolerance"]
    assert measured["value"] < min(measured["baselines"].values()) - 0.1
    assert max(measured["copied"].values()) < 0.05


def test_the_writer_knows_the_two_languages_by_their_marks():
    network, letters, _ = writer.load_writer()
    ids = np.array([[letters.index("@")], [letters.index("#")]])
    p = softmax(network.forward(ids)[0][0][:, 0])
    hangul = np.array([letter >= "\u1100" and letter != "’" for letter in letters])
    assert p[0, hangul].sum() < 0.01 and p[1, hangul].sum() > 0.99


def test_every_load_of_the_writer_gives_its_own_numbers_in_the_type_asked_for():
    first, second = writer.load_writer(), writer.load_writer(np.float64)
    first.network.params["output.weight"][:] = 0
    assert second.network.params["output.weight"].any() and second.network.params["output.weight"].dtype == np.float64
