"""The stored table of dictation and agreement is whole, says what attention/bottleneck says, and comes out again."""

import json

import numpy as np
import pytest

from seqbook.models import bottleneck as contest
from seqbook.scratch import CrossEntropy
from seqbook.scratch.losses import loss_and_gradient


@pytest.fixture(scope="module")
def table():
    return contest.bottleneck()


def test_every_part_has_every_setting_rate_and_seed(table):
    seeds, lengths = len(contest.SEEDS), len(contest.LENGTHS)
    assert table["dictation"].keys() == table["parameters"].keys() == contest.SETTINGS.keys()
    for rates in table["dictation"].values():
        assert [*map(float, rates)] == [*contest.RATES]
        assert sorted(map(len, rates.values())) == [1, seeds, seeds]
        for run in sum(rates.values(), []):
            assert np.shape(run["written"]) == np.shape(run["exact"]) == (lengths,) and run["valid"] > 0
            assert {len(run[key]) for key in ("by_position", "truth_read", "other_c")} == {contest.LONGEST}
            assert len(run["truth_read_kinds"]) == len(run["other_c_kinds"]) == 3
    assert [*table["agreement"]] == [*contest.AGREEMENT]
    for entry, rates in table["agreement"].items():
        target = entry.split()[0]
        assert [*map(float, rates)] == [*contest.AGREE[target][1]]
        assert sorted(map(len, rates.values())) == [2, seeds]
        distances = contest.FAR if target == "verb" else contest.PHRASES
        for run in sum(rates.values(), []):
            assert {np.shape(run[key]) for key in ("distance", "agreement", "words")} == {(len(distances),)}
            assert run["valid"] > 0


def test_validation_chooses_the_rates(table):
    """What has all seeds was at least as good as the others, on the seeds that they have in common."""
    for part, rounds in contest.ROUNDS.items():
        for rates in table[part].values():
            loss = {rate: np.mean([run["valid"] for run in runs[:rounds[0][0]]]) for rate, runs in rates.items()}
            whole = [rate for rate, runs in rates.items() if len(runs) == len(contest.SEEDS)]
            assert max(loss[rate] for rate in whole) <= min(loss[rate] for rate in rates if rate not in whole)
            assert contest.best(rates) in whole


def test_the_lower_mean_loss_is_better_and_more_seeds_come_first():
    runs = {rate: [{"valid": loss} for loss in losses] for rate, losses in
            {"a": [0.1], "b": [0.2, 0.9], "c": [0.5, 0.3]}.items()}
    assert contest.best(runs) == "c" and contest.kept(runs, 2, 1) == ["a", "b"]
    assert contest.kept(runs, 5, 0) == ["a", "b", "c"] and contest.kept(runs, 1, 2) == ["c"]


def test_all_networks_have_equal_parameters(table):
    V, sizes = len(contest.passages()[3]), table["parameters"].values()
    assert max(sizes) < 1.02 * min(sizes)
    for name, size in table["parameters"].items():
        params = contest.new_network(contest.SETTINGS[name], V, np.random.default_rng(0)).params
        assert sum(array.size for array in params.values()) == pytest.approx(size, rel=0.01)


def test_one_vector_falls_and_attention_does_not(table):
    chosen = {name: rates[contest.best(rates)] for name, rates in table["dictation"].items()}
    written = {name: np.array([run["written"] for run in runs]) for name, runs in chosen.items()}
    at = {n: column for column, n in enumerate(contest.LENGTHS)}
    for name in ("c2", "c8", "c32", "c128"):
        assert (written[name][:, at[24]] < 0.3).all() and (written[name] < written["attention"]).all()
    assert (written["c32"][:, at[4]] > 0.85).all() and (written["attention"][:, at[24]] > 0.85).all()


def test_the_gradients_of_a_narrowed_gru_are_those_of_finite_differences():
    rng = np.random.default_rng(0)
    layer = contest.Narrowed(3, 4, 2, rng=rng, dtype=np.float64)
    x, doutputs, dstate = rng.normal(size=(2, 5, 3)), rng.normal(size=(2, 5, 2)), rng.normal(size=(2, 4))

    def value():
        (outputs, state), _ = layer.forward(x)
        return (outputs * doutputs).sum() + (state * dstate).sum()

    (dx, _), grads = layer.backward((doutputs, dstate), layer.forward(x)[1])
    assert grads.keys() == layer.params.keys()
    for array, gradient in ((x, dx), *((layer.params[name], grads[name]) for name in grads)):
        index, step = tuple(rng.integers(n) for n in array.shape), 1e-6
        before = array[index]
        array[index] = before + step
        above = value()
        array[index] = before - step
        below = value()
        array[index] = before
        assert gradient[index] == pytest.approx((above - below) / (2 * step), rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("name", ["c8", "attention"])
def test_the_decoder_knows_the_source_through_c_alone(name):
    """Another source changes the logits; where there is one c, only the encoder's last vector has a gradient."""
    V, rng = 11, np.random.default_rng(0)
    model = contest.new_network(contest.SETTINGS[name], V, rng)
    source = rng.integers(V, size=(3, 6))
    read = contest.tokens_before(source, V)
    assert (read[:, 0] == V).all() and (read[:, 1:] == source[:, :-1]).all()
    logits, cache = model.forward(source, read)
    assert not np.allclose(logits, model.forward(source[::-1], read)[0])
    _, dlogits = loss_and_gradient(CrossEntropy(), logits, source)
    (_, _, dmemory), _ = model.decoder.backward((dlogits, None), cache.decoder)
    reached = np.abs(dmemory).sum(axis=(0, 2)) > 0
    assert reached.tolist() == ([True] * 6 if name == "attention" else [False] * 5 + [True])


def test_the_verb_agrees_with_the_first_noun():
    for phrases in contest.FAR:
        source, verbs = contest.sentences(np.random.default_rng(phrases), phrases, 40)
        assert source.shape[0] == 40 and 3 * phrases <= source.shape[1] - 2 <= 4 * phrases
        for row, verb in zip(source, verbs):
            words = [contest.WORDS[i] for i in row]
            assert (contest.WORDS[verb] == "were") == words[1].endswith("s") and words[0] == "the"
            assert sum(word in ("who", *contest.PREPOSITIONS) for word in words) == phrases


def test_passages_share_nothing_between_the_parts():
    learn, valid, test, vocabulary = contest.passages()
    texts = [vocabulary.decode(part) for part in (learn, valid, test)]
    assert "  " not in texts[0] and "\n" not in texts[0]
    rows = contest.some(test, 24, 50, np.random.default_rng(0))
    assert rows.shape == (50, 24)
    assert sum(vocabulary.decode(row) in texts[0] for row in rows) <= 5    # phrases that the documentation repeats


def test_what_is_counted():
    rows = np.array([[1, 1, 2, 3], [4, 4, 4, 5]]), np.array([[1, 2, 2, 9], [5, 4, 4, 4]])
    assert contest.kept_in_any_order(*rows).tolist() == [2, 4]
    vocabulary = contest.passages()[3]
    assert contest.kind_of(vocabulary.encode("a B1."), vocabulary).tolist() == [1, 0, 2, 2, 2]


def test_a_network_that_learns_the_verb_comes_out_again(table):
    rates = table["agreement"]["verb c32"]
    rate = contest.best(rates)
    model = contest.learn_agreement("c32", "verb", float(rate), seed=0)
    found, stored = contest.agreed(model, "verb"), rates[rate][0]
    assert found["distance"] == stored["distance"] and found["words"] == stored["words"]
    np.testing.assert_allclose(found["agreement"], stored["agreement"], atol=0.05)
    assert min(found["agreement"]) > 0.9


def test_the_table_is_written_as_it_is_read(table, tmp_path, monkeypatch):
    monkeypatch.setattr(contest, "TABLE", tmp_path / "bottleneck.json")
    contest.write(table)
    assert contest.bottleneck() == json.loads(json.dumps(table))
