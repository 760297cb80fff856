"""The stored table of attention's scores is whole, says what attention/steps says of it, and comes out again."""

import numpy as np
import pytest

from seqbook.data import dates, pad
from seqbook.models import score_contest as contest
from seqbook.scratch import softmax


@pytest.fixture(scope="module")
def table():
    return contest.score_contest()


@pytest.fixture(scope="module")
def network():
    """The network that the chapter trains."""
    return contest.train("dot", 0.04)


def chosen(rates):
    """The shares (5,) exact on the test at the rate that validation chooses."""
    return np.array(rates[contest.best(rates)])[:, 1]


def test_every_part_has_every_setting_and_seed(table):
    seeds = len(contest.SEEDS)
    assert [*map(int, table["scores"])] == [*contest.COUNTS]
    for kinds in table["scores"].values():
        assert kinds.keys() == table["parameters"].keys() == contest.SIZES.keys()
        for rates in kinds.values():
            assert [*map(float, rates)] == [*contest.RATES]
            assert {np.shape(runs) for runs in rates.values()} == {(seeds, 2)}
    assert {np.shape(runs) for runs in table["long"].values()} == {(seeds, 2)}
    assert table["explanation"].keys() == {"zeros", "last state"}
    assert {np.shape(runs) for runs in table["explanation"].values()} == {(seeds, len(contest.MEASURES))}
    assert table["offsets"].keys() == {"forward", "backward"}
    assert {np.shape(runs) for runs in table["offsets"].values()} == {(seeds, 3)}


def test_all_networks_have_equal_parameters(table):
    sizes = [*table["parameters"].values()]
    assert max(sizes) < 1.03 * min(sizes)
    V = contest.splits()[3]
    for kind, size in table["parameters"].items():
        params = contest.new_network(kind, V, np.random.default_rng(0)).params
        assert sum(array.size for array in params.values()) == pytest.approx(size, rel=0.01)


def test_the_rate_that_validation_chooses_is_never_the_lowest_or_the_highest(table):
    for kinds in table["scores"].values():
        for rates in kinds.values():
            assert 0 < [*rates].index(contest.best(rates)) < len(rates) - 1


def test_equal_weights_are_equal_whatever_the_query():
    score, rng = contest.UniformScore(), np.random.default_rng(0)
    query, keys = (rng.normal(size=(2, n, 4)).astype(np.float32) for n in (3, 5))
    scores, cache = score.forward(query, keys)
    np.testing.assert_allclose(softmax(scores), 1 / 5, rtol=1e-6)
    (dquery, dkeys), grads = score.backward(np.ones_like(scores), cache)
    assert not dquery.any() and not dkeys.any() and not grads


def test_steps_2_to_4_with_the_network_s_own_weights_are_its_outputs(network):
    task = contest.splits()[2]
    source, lengths = pad(task.ids[:3])
    parts = contest.parts_of(network, source, lengths, task.targets[:3])
    logits = network.forward(source, contest.tokens_before(task.targets[:3]), lengths)[0]
    np.testing.assert_allclose(contest.outputs(network, *parts), softmax(logits), rtol=0, atol=1e-5)


def test_influence_is_the_way_between_two_distributions(network):
    task = contest.splits()[2]
    ids, target = task.ids[0], task.targets[0]
    found = contest.influence(network, ids, target)
    p, fewer = (contest.outputs(network, *contest.parts_of(network, *pad([some]), target[None]))[0]
                for some in (ids, np.delete(ids, 6)))
    np.testing.assert_allclose(found[:, 6], np.abs(fewer - p).sum(axis=-1) / 2, rtol=0, atol=1e-4)
    assert found.shape == (11, len(ids)) and found.min() >= 0 and found.max() <= 1 + 1e-5


def test_the_chapter_s_network_and_what_is_measured_of_it_come_out_again(table, network):
    assert contest.scores(network)[1] == pytest.approx(table["scores"]["20000"]["dot"]["0.04"][0][1], abs=0.03)
    moved = slice(5, 9)
    np.testing.assert_allclose(contest.explanation(network)[moved], table["explanation"]["zeros"][0][moved], rtol=0,
                               atol=0.15)
    np.testing.assert_allclose(contest.offsets(network), table["offsets"]["forward"][0], rtol=0, atol=0.2)


def test_the_chapter_s_example_looks_at_the_month_beside_the_digit_that_matters(network):
    task, text = contest.splits()[2], dates("ko", train=0, test=1).test[0][0]
    weights, _, _ = contest.parts_of(network, *pad(task.ids[:1]), task.targets[:1])
    influence = contest.influence(network, task.ids[0], task.targets[0])[6]
    place = text.index("8월")
    assert weights[0, 6].argmax() == place + 1 and influence.argmax() == place
    assert influence[place + 1] < 0.3 and influence[place] > 0.7


def test_scores_differ_with_few_dates_and_hardly_with_twice_as_many(table):
    few, more = ({kind: chosen(rates) for kind, rates in table["scores"][str(count)].items()}
                 for count in contest.COUNTS)
    for kind in ("dot", "general", "additive", "Bahdanau"):
        assert (few["scaled dot"] < few[kind] - 0.05).all()
    attentive = [shares.mean() for kind, shares in more.items() if kind != "uniform"]
    assert min(attentive) > 0.97 and max(attentive) - min(attentive) < 0.03


def test_equal_weights_do_not_catch_up(table):
    dot = chosen(table["scores"]["20000"]["dot"])
    assert (chosen(table["scores"]["20000"]["uniform"]) < dot - 0.3).all() and (chosen(table["long"]) < dot).all()


def test_the_most_attended_character_stands_beside_the_most_influential_on_the_side_read_later(table):
    measured = dict(zip(contest.MEASURES, np.array(table["explanation"]["zeros"]).T))
    assert measured["most attended is most influential"].mean() == pytest.approx(0.433, abs=0.002)    # the text's 43%
    assert measured["or stands next to it"].mean() == pytest.approx(0.88, abs=0.002)
    assert (measured["or stands next to it"] > measured["most attended is most influential"] + 0.2).all()
    forward, backward = (np.array(table["offsets"][reading]) for reading in ("forward", "backward"))
    assert (forward[:, 2] > forward[:, 0] + 0.1).all() and (backward[:, 2] < 0.05).all()


def test_moved_weights_change_what_is_written(table):
    measured = dict(zip(contest.MEASURES, np.array(table["explanation"]["zeros"]).T))
    assert (measured["token kept without another"] > 0.95).all()
    assert (measured["token kept in a random order"] < 0.5).all()
    assert (measured["token kept with equal weights"] < 0.5).all()


def test_what_is_written_is_read(table, tmp_path):
    contest.write_table(table, tmp_path / "table.json")
    assert (tmp_path / "table.json").read_text(encoding="utf-8") == contest.TABLE.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("kind", contest.SIZES)
def test_a_kind_learns_again_what_the_table_says(table, kind):
    for count in contest.COUNTS:
        found = contest.scores(contest.train(kind, 0.04, seed=1, count=count))
        np.testing.assert_allclose(found, table["scores"][str(count)][kind]["0.04"][1], rtol=0, atol=0.1)
