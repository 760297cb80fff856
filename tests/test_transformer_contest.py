"""Transformers against recurrent networks with attention: the contest is fair, and its table comes out again."""

import numpy as np
import pytest

from seqbook.data import pad
from seqbook.models import transformer_contest as contest
from seqbook.scratch import CrossEntropy, Transformer


@pytest.fixture(scope="module")
def table():
    return contest.transformer_contest()


@pytest.fixture(scope="module")
def network():
    return contest.train("transformer", "names", 0.02, 40)


def test_the_table_is_whole(table):
    assert set(table) == set(contest.parts(table))
    for part, entries in contest.parts(table).items():
        assert set(table[part]) == set(entries), part
    assert np.shape(table["beam"]["names"]) == (5, len(contest.WIDTHS), 3)
    for task in contest.UPDATES:
        assert np.shape(table["smoothing"][task]) == (5, 2, 3)


def test_the_rate_that_validation_chooses_has_five_seeds_and_is_neither_the_lowest_nor_the_highest(table):
    for name, rates in table["runs"].items():
        best = contest.chosen(rates)
        assert min(map(float, rates)) < float(best) < max(map(float, rates)), name
        assert {rate: len(runs) for rate, runs in rates.items()} == {rate: 5 if rate == best else 2 for rate in rates}


@pytest.mark.parametrize("task", contest.UPDATES)
def test_networks_have_equal_parameters_and_the_longer_runs_equal_time(table, task):
    sizes = table["parameters"][task]
    for kind, size in sizes.items():
        params = contest.new_network(kind, task, np.random.default_rng(0)).params
        assert sum(array.size for array in params.values()) == pytest.approx(size, rel=0.01)
    assert max(sizes.values()) < 1.01 * min(sizes.values())
    seconds = table["seconds"][task]
    assert contest.SLOWER[task] == pytest.approx(seconds["transformer"] / seconds["recurrent"], rel=0.1)


def test_names_that_are_judged_are_not_learned_from():
    learn, valid, test = contest.splits("names")
    sources = [{tuple(ids) for ids in part.sources} for part in (learn, valid, test)]
    assert not sources[0] & sources[2] and not sources[1] & sources[2]
    assert len(sources[0] & sources[1]) == 7    # cities called as their territories are
    assert [len(part.sources) for part in (learn, valid, test)] == [506, 102, 66]
    assert all(ids[-1] == learn.W - 2 for part in (learn, valid, test) for ids in part.targets)


def test_the_rate_rises_and_falls_to_nothing():
    rates = [contest.schedule(0.02, 200, 0.1)(step) for step in range(200)]
    assert rates[0] == pytest.approx(0.001) and np.argmax(rates) == 19 and rates[-1] == pytest.approx(0.02 / 200)
    assert contest.schedule(0.02, 200, 0.0)(0) == 0.02


@pytest.mark.parametrize("kind", contest.KINDS)
def test_what_is_written_is_what_the_whole_model_finds_most_probable(kind):
    network, task = contest.train(kind, "names", 0.02, 40), contest.splits("names")[2]
    for source, ids in list(zip(task.sources, contest.written(network, task)))[:4]:
        read = np.concatenate([[task.W - 1], ids])[None]
        lengths = (np.array([len(source)]),) if isinstance(network, Transformer) else ()
        logits = network.forward(source[None], read, *lengths)[0][0]
        assert logits.argmax(axis=-1)[:len(ids)].tolist() == ids.tolist()


def test_a_beam_of_width_one_writes_greedily(network):
    _, edits, whole = contest.searched(network, "names", 1)
    (_, (found, wrong, _)) = contest.scores(network, "names")
    assert edits == pytest.approx(wrong, abs=1e-4) and whole == pytest.approx(found, abs=1e-4)
    assert contest.searched(network, "names", 4)[0] >= contest.searched(network, "names", 1)[0]


def test_the_loss_of_the_scores_is_that_of_one_sequence_at_a_time(network):
    task = contest.splits("names")[2]
    losses = [CrossEntropy(reduction="sum").forward(
        network.forward(source[None], np.concatenate([[task.W - 1], target[:-1]])[None])[0], target[None])[0]
        for source, target in zip(task.sources, task.targets)]
    mean = sum(losses) / sum(map(len, task.targets))
    assert contest.scores(network, "names")[1][2] == pytest.approx(mean, abs=2e-4)


@pytest.mark.parametrize(("kind", "task"), [("recurrent", "dates"), ("transformer", "dates"), ("transformer", "names")])
def test_an_entry_comes_out_again(table, kind, task):
    updates = contest.UPDATES[task][0]
    rates = table["runs"][f"{task} {kind} {updates}"]
    rate = contest.chosen(rates)
    found = contest.scores(contest.train(kind, task, float(rate), updates, 1), task)
    np.testing.assert_allclose(np.array(found)[:, :2], np.array(rates[rate][1])[:, :2], rtol=0, atol=0.08)


def test_padding_changes_nothing(network):
    task = contest.splits("names")[2]
    alone = network.forward(task.sources[0][None], task.targets[0][None])[0]
    source, lengths = pad(task.sources[:5])
    together = network.forward(source, np.repeat(task.targets[0][None], 5, axis=0), lengths)[0]
    np.testing.assert_allclose(together[:1], alone, rtol=0, atol=1e-4)
