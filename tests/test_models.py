"""The trained models: files, cards and scores are what they claim to be, and what they have learned can be seen."""

import json
import re
import subprocess
import sys
from functools import partial

import numpy as np
import pytest
from safetensors.numpy import load_file

from seqbook import data, models
from seqbook.data import Vocabulary, adding_problem, dates, documentation, pad
from seqbook.models import adding, attention, encoder_decoder, iso, korean, spacing
from seqbook.models.baselines import ngram_bits
from seqbook.models.files import load_card, load_params, save_card, save_params
from seqbook.models.network import new_network
from seqbook.models.tracking import auc
from seqbook.models.train import RECIPES, train
from seqbook.models.trained import FOLDER, NAMES
from seqbook.scratch import LSTM, Embedding, Linear, LSTMCell, SequenceModel, beam, greedy
from seqbook.scratch.activations import sigmoid
from tests.packaged import is_packaged
from tests.same_python import same_python

every_model = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def loaded():
    return {name: models.load(name) for name in NAMES}


def measured_sizes(model):
    """What the card says of the sizes of a model's arrays."""
    if model.name == "transformer":
        block = model.network.stack.blocks[0]
        return {"vocabulary": len(model.params["tokens.embedding.weight"]), "positions": model.longest,
                "model": block.attention.model_size, "heads": block.attention.heads,
                "feed_forward": block.feed_forward.linear1.output_size, "blocks": len(model.network.stack.blocks)}
    return {"vocabulary": model.embedding and model.embedding.vocabulary_size, "input": model.recurrent.input_size,
            "hidden": model.recurrent.output_size, "output": model.output.output_size}


# --- files and cards --------------------------------------------------------------------------------------------------

@every_model
def test_a_file_is_small_and_its_card_is_complete_and_true(name, loaded):
    model, card, sizes = loaded[name], loaded[name].card, loaded[name].card["sizes"]
    assert models.path(name).stat().st_size < 300_000
    assert card["name"] == name and card["command"] == f"python -m seqbook.models.train {name}"
    recipe = RECIPES[name]
    assert (card["task"], card["data"], card["split"], card["labels"]) == (
        recipe.TASK, recipe.DATA, recipe.SPLIT, recipe.LABELS)
    assert isinstance(card["seed"], int) and card["versions"].keys() == {"python", "numpy", "babel", "safetensors"}
    assert all(value[0].isdigit() for value in card["versions"].values())
    assert card["score"].keys() == {"name", "meaning", "value", "tolerance", "baselines"}
    assert sizes == measured_sizes(model)
    assert card["parameters"] == sum(array.size for array in model.params.values())
    assert len(model.labels) == model.output.output_size
    assert all(array.dtype == np.float32 for array in model.params.values())
    if model.vocabulary is not None:
        assert len(model.vocabulary) == sizes["vocabulary"]


@every_model
def test_files_and_cards_are_packaged(name):
    for file in (models.path(name), models.path(name).with_suffix(".json")):
        assert is_packaged(file), file.name


def test_there_is_no_file_without_a_name():
    stems = {file.stem for file in FOLDER.iterdir() if file.suffix in (".json", ".safetensors")}
    # Tables, and the models that a widget alone reads: they have tests by their names.
    others = {"at_work", "both_sides", "bottleneck", "date_contest", "depth_contest", "digit_contest", "digit_vit",
              "digit_vit_class_token", "digit_vit_nothing", "digit_vit_positions", "hardware", "heads", "leaks",
              "lengths", "norms", "peeking", "peeking_causal", "peeking_leak", "pieces", "places", "recurrences",
              "score_contest", "text_contest", "transformer_contest", "window"}
    translators = {attention.path(task, score).stem for task, recipe in attention.TASKS.items()
                   for score in recipe.scores}
    transformers = {encoder_decoder.path(task).stem for task in encoder_decoder.RECIPES}
    assert stems == {*NAMES, *others, *translators, *transformers}


@pytest.mark.parametrize("name", (*NAMES, "places", "peeking", "digit_vit"))
def test_a_card_is_written_as_it_lies_there(name, tmp_path):
    save_card(tmp_path / name, load_card(FOLDER / name))
    assert (tmp_path / f"{name}.json").read_bytes() == (FOLDER / f"{name}.json").read_bytes()


@every_model
def test_the_claimed_score_is_the_measured_one_and_beats_every_baseline(name, loaded):
    """Measured anew on the data installed here, which for the documentation depends on Python's version."""
    claimed, measured = loaded[name].card["score"], RECIPES[name].score(loaded[name])
    near = claimed["tolerance"] if not same_python(loaded[name].card) else claimed["tolerance"] / 10
    assert abs(measured["value"] - claimed["value"]) <= near
    assert measured["baselines"] == pytest.approx(claimed["baselines"], rel=0.05)
    better = np.greater if measured["name"] == "accuracy" else np.less
    assert all(better(measured["value"], baseline) for baseline in measured["baselines"].values())
    assert {key: measured[key] for key in ("name", "meaning")} == {key: claimed[key] for key in ("name", "meaning")}


# --- opening a model --------------------------------------------------------------------------------------------------

def test_an_unknown_name_is_refused():
    known = "'documentation', 'adding', 'korean', 'spacing', 'iso', 'transformer'"
    with pytest.raises(ValueError, match=f"name must be one of {known}, got 'poems'"):
        models.load("poems")
    with pytest.raises(ValueError, match="name must be one of .*, got '../scratch'"):
        models.path("../scratch")


@every_model
def test_every_load_gives_its_own_numbers(name):
    first, second = models.load(name), models.load(name)
    weight = [key for key in first.params if key.endswith("output.weight")][-1]
    first.params[weight] = np.zeros_like(first.params[weight])
    assert not first.output.params["weight"].any()    # params and layers share their arrays
    assert second.params[weight].any() and models.load(name).params[weight].any()


def test_forward_is_embedding_lstm_and_output_and_gives_the_gates(loaded):
    model = loaded["documentation"]
    ids = model.vocabulary.encode("for x in (1")[None]
    outputs, cache = model.forward(ids)
    (hs, _), _ = model.lstm.forward(model.embedding.forward(ids)[0])
    np.testing.assert_array_equal(outputs, model.output.forward(hs)[0])
    assert outputs.shape == (1, 11, len(model.labels)) and cache.forget_gate.shape == cache.cs.shape == (1, 11, 128)
    first, cache = model.forward(ids[:, :4])
    second, _ = model.forward(ids[:, 4:], (cache.h[-1], cache.c[-1]))
    np.testing.assert_allclose(np.concatenate([first, second], axis=1), outputs, atol=1e-5)
    assert model.labels == model.vocabulary.characters and model.vocabulary.encode("한")[0] == 0


@pytest.mark.parametrize("name, inputs, message", [
    ("documentation", np.zeros(3, int), r"inputs must have shape \(B, T\), got \(3,\)"),
    ("documentation", np.zeros((1, 3)), "ids must be an array of integers"),
    ("documentation", np.full((1, 3), 104), r"ids must lie in 0\.\.103, got 104\.\.104"),
    ("adding", np.zeros((4, 3), np.float32), r"inputs must have shape \(B, T, D=2\), got \(4, 3\)"),
])
def test_bad_inputs_are_refused(name, inputs, message, loaded):
    with pytest.raises(ValueError, match=message):
        loaded[name].forward(inputs)


# --- quantising -------------------------------------------------------------------------------------------------------

def test_quantised_numbers_are_one_rounding_away_from_the_file_as_in_javascript():
    """weight = fround(int8 · scale): the product in double precision, rounded once, is what JavaScript computes."""
    stored, params = load_file(models.path("documentation")), load_params(models.path("documentation"))
    matrices = [name for name, array in stored.items() if array.dtype == np.int8]
    assert sorted(matrices) == ["embedding.weight", "lstm.weight_hh", "lstm.weight_ih", "output.weight"]
    for name in matrices:
        product = stored[name].astype(np.float64) * stored[f"{name}.scale"].astype(np.float64)[:, None]
        np.testing.assert_array_equal(params[name], product.astype(np.float32))
        assert (np.abs(stored[name].astype(int)).max(axis=1) == 127).all()
    assert params.keys() == stored.keys() - {f"{name}.scale" for name in matrices}


def test_quantising_errs_by_half_a_step_at_most_and_leaves_vectors_alone(tmp_path):
    rng = np.random.default_rng(0)
    params = {"weight": rng.normal(size=(5, 7)).astype(np.float32), "bias": rng.normal(size=5).astype(np.float32)}
    params["weight"][2] = 0
    save_params(tmp_path / "quantised", params, quantise=True)
    save_params(tmp_path / "exact", params, quantise=False)
    back, exact = load_params(tmp_path / "quantised"), load_params(tmp_path / "exact")
    half_steps = np.abs(params["weight"]).max(axis=1, keepdims=True) / 127 / 2
    assert (np.abs(back["weight"] - params["weight"]) <= half_steps * 1.0001).all() and not back["weight"][2].any()
    assert (back["weight"] != params["weight"]).any()
    np.testing.assert_array_equal(back["bias"], params["bias"])
    np.testing.assert_array_equal(exact["weight"], params["weight"])
    assert back["weight"].dtype == exact["bias"].dtype == np.float32 and back.keys() == exact.keys() == params.keys()


# --- what the gates of the models do ----------------------------------------------------------------------------------

def run_shut(model, inputs, gate, shut):
    """The last output (B, O) of the scratch LSTM with one gate held at 0 where shut (B, T) is True."""
    B, T = inputs.shape[:2]
    x = inputs if model.embedding is None else model.embedding.forward(inputs)[0]
    cell = LSTMCell(model.lstm.input_size, model.lstm.hidden_size, rng=np.random.default_rng(0))
    cell.params.update(model.lstm.params)
    state = None
    for t in range(T):
        _, cache = cell.forward(x[:, t], state)
        gates = dict(zip(("input", "forget", "candidate", "output"), np.split(cache.gates, 4, axis=1)))
        gates[gate] = np.where(shut[:, [t]], np.float32(0), gates[gate])
        c = gates["forget"] * cache.c_prev + gates["input"] * gates["candidate"]
        state = gates["output"] * np.tanh(c), c
    return model.output.forward(state[0])[0]


def test_with_no_gate_shut_the_step_by_step_run_is_the_models_own(loaded):
    x, _ = adding_problem(3, 20, rng=np.random.default_rng(0))
    outputs, _ = loaded["adding"].forward(x)
    same = run_shut(loaded["adding"], x, "input", np.zeros((3, 20), bool))
    np.testing.assert_allclose(same, outputs[:, -1], atol=1e-5)


@pytest.mark.parametrize("seed", [10, 11, 12])
def test_an_input_gate_shut_at_a_mark_destroys_the_sum_and_elsewhere_does_not(seed, loaded):
    model, rows = loaded["adding"], np.arange(500)
    x, y = adding_problem(500, 50, rng=np.random.default_rng(seed))
    outputs, _ = model.forward(x)
    assert np.mean((outputs[:, -1] - y) ** 2) < 1 / 6 / 100
    first = x[..., 1].argmax(axis=1)
    steps = np.arange(50) == first[:, None]
    broken = run_shut(model, x, "input", steps)
    assert np.mean((broken - y) ** 2) > 1 / 6    # worse than always 1
    np.testing.assert_allclose(np.mean((broken[:, 0] - (y[:, 0] - x[rows, first, 0])) ** 2), 0, atol=0.01)
    before = np.arange(50) == np.maximum(first - 1, 0)[:, None]
    assert np.mean((run_shut(model, x, "input", before & (x[..., 1] == 0)) - y) ** 2) < 1 / 6 / 100


def test_a_forget_gate_shut_after_the_month_loses_the_month(loaded):
    """At one step it is not enough: h still holds the month, and the next steps write it again."""
    model, lost = loaded["korean"], {1: 0, 3: 0}
    pairs = [pair for pair in dates("ko", train=0, test=400).test if re.search(r"\d월 \d", pair[0])][:100]
    for text, iso in pairs:
        ids, after = model.vocabulary.encode(text)[None], re.search(r"\d월", text).end()
        for steps in lost:
            shut = np.zeros(ids.shape, bool)
            assert run_shut(model, ids, "forget", shut).argmax() == korean.month(iso)
            shut[:, after:after + steps] = True
            lost[steps] += run_shut(model, ids, "forget", shut).argmax() != korean.month(iso)
    assert lost[3] > 70 and lost[1] < 40


@pytest.mark.parametrize("text, month", [
    ("2026년 3월 9일 월요일", 3), ("12월 25일", 12), ("2026년12월25일", 12), ("2026-12-25", 12), ("26. 11. 1. 오후 3:05", 11),
    ("10월 3일은 개천절입니다", 10), ("오늘은 2026년 11월 21일입니다", 11), ("제 생일은 7월 30일", 7), ("1월", 1),
])
def test_the_korean_model_reads_dates_as_people_type_them(text, month, loaded):
    model = loaded["korean"]
    outputs, _ = model.forward(model.vocabulary.encode(text)[None])
    assert model.labels[outputs[0, -1].argmax()] == f"{month}월"


@pytest.mark.parametrize("text, date", [
    ("2026년 3월 9일 월요일", "2026-03-09"), ("2026년3월9일", "2026-03-09"), ("26. 3. 9.", "2026-03-09"),
    ("1999/12/31", "1999-12-31"), ("2026-11-21", "2026-11-21"), ("1987. 12. 25. (금) 오후 3:05", "1987-12-25"),
    ("오늘은 2026년 11월 21일", "2026-11-21"), ("2026년 11월 21일입니다", "2026-11-21"),
])
def test_the_iso_model_reads_dates_as_people_type_them(text, date, loaded):
    c = loaded["iso"].read([text])
    assert loaded["iso"].write(c) == loaded["iso"].write(c, width=4) == [date]


def test_all_that_the_iso_model_writes_goes_through_c(loaded):
    """c is the encoder's last state and the decoder's first; texts of one batch do not touch each other."""
    model, texts = loaded["iso"], ["2026년 3월 9일 월요일", "1999/12/31", "26. 3. 9."]
    c = model.read(texts)
    assert c.shape == (3, 64) and c.dtype == np.float32
    for row, text in zip(c, texts):
        states = model.states(text)
        assert states.shape == (len(text), 64)
        np.testing.assert_allclose(states[-1], row, atol=1e-5)
        np.testing.assert_allclose(model.read([text])[0], row, atol=1e-5)
    assert model.write(c[[2, 1, 0]]) == ["2026-03-09", "1999-12-31", "2026-03-09"]
    logits, h = model.step(np.full((3, 1), model.first), c)
    expected, _ = model.network.decoder.forward(np.full((3, 1), model.first), c)
    np.testing.assert_array_equal(logits, expected[0])
    assert h.shape == (3, 64) and model.labels[model.end] == "end" and model.labels[model.first] == "start"
    ids, lengths = pad([model.vocabulary.encode(text) for text in texts])
    forward, _ = model.network.forward(ids, np.full((3, 1), model.first), lengths)
    np.testing.assert_allclose(forward, logits, atol=1e-5)


def test_what_is_written_ends_at_its_end(loaded):
    model = loaded["iso"]
    ids = np.array([*iso.target_ids(["2026-03-09"])[0], model.end, 3])
    assert model.text(ids) == "2026-03-09" and model.text(ids[:4]) == "2026" and model.text(ids[10:]) == ""
    assert iso.tokens_before(ids[None])[0].tolist() == [iso.START, *ids[:-1]]


def test_a_beam_finds_what_greedy_decoding_misses(loaded):
    """Where the text is no date, c leaves much open: the likeliest first token need not begin the likeliest whole."""
    model = loaded["iso"]
    c = model.read(["안녕하세요"])
    first, options = np.array([model.first]), {"end": model.end, "max_length": 16}
    likely = greedy(model.step, c, first, **options)
    best = beam(model.step, c, first, width=8, length_penalty=0, **options)
    assert best.log_prob[0, 0] > likely.log_prob[0] + 0.1


# --- the Transformer --------------------------------------------------------------------------------------------------

def test_the_transformer_reads_windows_gives_its_weights_and_never_looks_ahead(loaded):
    model, rng = loaded["transformer"], np.random.default_rng(0)
    ids = model.vocabulary.encode("The name is rebound if it was already bound.")[None]
    logits, cache = model.forward(ids)
    assert logits.shape == (1, 44, 104) and [weights.shape for weights in cache.weights] == [(1, 4, 44, 44)] * 2
    assert all((np.triu(weights[0, n], 1) == 0).all() for weights in cache.weights for n in range(4))
    changed = ids.copy()
    changed[0, 20] = rng.integers(1, 104)
    np.testing.assert_allclose(model.forward(changed)[0][0, :20], logits[0, :20], atol=1e-5)
    assert np.abs(model.forward(changed)[0][0, 20:] - logits[0, 20:]).max() > 0.1
    with pytest.raises(ValueError, match="ids must have at most T=64 characters, got 65"):
        model.forward(np.zeros((1, 65), int))
    with pytest.raises(ValueError, match=r"ids must have shape \(B, T\), got \(3,\)"):
        model.forward(np.zeros(3, int))


# --- what each reader of the spacing model knows ----------------------------------------------------------------------

def probabilities(model, letters):
    """Of a space at each gap of `letters`, for the readers of the forward, the backward and both states: (3, T-1)."""
    outputs, _ = model.forward(model.vocabulary.encode(letters)[None])
    return sigmoid(outputs[0, :-1].T)


def test_each_reader_sees_its_own_states_alone(loaded):
    model = loaded["spacing"]
    weight, H = model.params["output.weight"], model.recurrent.forward_layer.hidden_size
    assert not weight[0, H:].any() and not weight[1, :H].any() and (weight != 0).sum(axis=1).min() > 0.9 * H
    assert model.labels == ("forward", "backward", "both") and model.lstm is None
    rng = np.random.default_rng(0)
    for _ in range(20):
        letters = rng.integers(1, len(model.vocabulary), 12)
        other, p = letters.copy(), int(rng.integers(1, 11))
        other[p] = letters[p] % (len(model.vocabulary) - 1) + 1
        before, after = (model.forward(each[None])[0][0, :-1] for each in (letters, other))
        assert (before[:p, 0] == after[:p, 0]).all() and (before[p + 1:, 1] == after[p + 1:, 1]).all()
        assert (before[p:, 0] != after[p:, 0]).any() and (before[:p + 1, 1] != after[:p + 1, 1]).any()


@pytest.mark.parametrize("language, least", [("en", 3), ("ko", 1.5)])
def test_both_sides_know_more_than_either_in_each_language(language, least, loaded):
    forward, backward, both = spacing.errors(loaded["spacing"], data.spacing(language).test)
    assert both < backward < forward and forward > least * both


@pytest.mark.parametrize("phrase, t", [
    ("they are in the same order", 3), ("우리나라 표준 시간", 3), ("now here is the list", 6), ("some times the names", 8),
])
def test_a_forward_reader_is_misled_where_only_what_follows_decides(phrase, t, loaded):
    """After the first t letters it puts a space that is not there; the others read on, or back, and do not."""
    letters, spaces = data.unspaced(phrase)
    forward, backward, both = probabilities(loaded["spacing"], letters)[:, t - 1]
    assert spaces[t - 1] == 0 and forward > 0.5 and backward < 0.2 and both < 0.2


@pytest.mark.parametrize("phrase", [
    "the list is not changed at all", "an object is made by calling the class", "all other names are in the inner list",
    "오스트레일리아 동부 표준시", "중앙 아프리카 표준시", "대한민국 서울 시간", "스페인어 문자",
])
def test_both_states_put_the_spaces_back(phrase, loaded):
    letters, spaces = data.unspaced(phrase)
    assert ((probabilities(loaded["spacing"], letters)[2] > 0.5) == spaces[:-1]).all()


def test_an_unknown_letter_in_every_phrase_costs_little(loaded):
    rng = np.random.default_rng(0)
    for language, most in (("en", 0.02), ("ko", 0.08)):
        phrases = data.spacing(language).test
        hidden = [phrase[:n] + "?" + phrase[n + 1:] for phrase in phrases
                  for n in [rng.choice([n for n, letter in enumerate(phrase) if letter != " "])]]
        assert spacing.errors(loaded["spacing"], hidden)[2] < most


def test_the_shares_of_wrong_gaps_are_what_one_counts_by_hand(loaded):
    model, phrases = loaded["spacing"], ["now here is the list", "an egg", "우리나라 표준 시간", "a"]
    wrong = []
    for phrase in phrases:
        letters, spaces = data.unspaced(phrase)
        wrong.append((probabilities(model, letters) > 0.5) != (spaces[:-1] == 1))
    wrong = np.concatenate(wrong, axis=1)
    np.testing.assert_allclose(spacing.errors(model, phrases), wrong.mean(axis=1), atol=1e-12)
    assert 0 < wrong[0].mean() < 1


def test_the_loss_of_spaces_counts_the_gaps_alone_and_has_its_gradient():
    rng = np.random.default_rng(0)
    logits, spaces, lengths = rng.normal(size=(3, 5, 3)), rng.integers(0, 2, (3, 5)), np.array([5, 3, 1])
    loss, dlogits = spacing.space_loss(logits, spaces, lengths)
    p = 1 / (1 + np.exp(-logits))
    at = [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 1)]    # six gaps
    assert loss == pytest.approx(-sum(np.log(p[b, t] if spaces[b, t] else 1 - p[b, t]).sum() for b, t in at) / 6)
    direction = rng.normal(size=logits.shape)
    above, below = (spacing.space_loss(logits + by * direction, spaces, lengths)[0] for by in (1e-6, -1e-6))
    assert (above - below) / 2e-6 == pytest.approx((dlogits * direction).sum(), rel=1e-7)
    assert {(b, t) for b, t in zip(*np.nonzero(dlogits.any(axis=2)))} == set(at)


def test_training_leaves_out_what_a_reader_does_not_see():
    phrases = {"en": ["an egg is an egg", "the name of the list"] * 20, "ko": ["표준 시간", "한국", "우리 나라"] * 10}
    network, vocabulary = spacing.train(phrases, rng=np.random.default_rng(0), epochs=1, progress=False)
    seen = spacing.seen_states() == 1
    weight = network.output.params["weight"]
    assert not weight[~seen].any() and weight[seen].all()
    assert vocabulary.encode("an표").all() and not vocabulary.encode(" 북").any()    # letters of both, no space


def test_names_are_joined_by_spaces_each_once_up_to_four_in_a_row():
    names = [f"name {n}" for n in range(400)]
    made = spacing.joined(names, np.random.default_rng(0))
    parts = [re.findall(r"name \d+", each) for each in made]
    assert sorted(sum(parts, [])) == sorted(names) and all(" ".join(part) == each for part, each in zip(parts, made))
    counts = np.bincount([len(part) for part in parts], minlength=5)
    assert len(counts) == 5 and 0.35 < counts[1] / len(made) < 0.65 and counts[2:].min() > 10


# --- what the units follow --------------------------------------------------------------------------------------------

def test_units_of_the_documentation_model_follow_features_of_unseen_text(loaded):
    trackers = models.follow(loaded["documentation"])
    for name in ("grammar", "word"):
        assert abs(trackers[name].chosen) > 0.6 and abs(trackers[name].confirmed) > 0.6, name
    assert trackers["grammar"].auc > 0.95 and trackers["quotation"].auc > 0.85 and trackers["word"].auc is None
    for tracker in trackers.values():
        assert tracker.unit == np.abs(tracker.correlations).argmax() == tracker.units()[0]


@pytest.mark.parametrize("name, feature, least", [("adding", "sum", 0.9), ("korean", "month read", 0.6)])
def test_units_of_the_small_models_follow_what_they_have_to_remember(name, feature, least, loaded):
    assert abs(models.follow(loaded[name])[feature].confirmed) > least


def test_correlations_are_pearsons_and_zero_where_nothing_varies():
    rng = np.random.default_rng(0)
    values, feature = rng.normal(3, 2, (50, 4)).astype(np.float32), rng.random(50) < 0.3
    values[:, 2] = 7
    r = models.correlations(values, feature)
    expected = [np.corrcoef(values[:, unit], feature)[0, 1] for unit in (0, 1, 3)]
    np.testing.assert_allclose(r[[0, 1, 3]], expected, atol=1e-6)
    assert r[2] == 0 and not models.correlations(values, np.ones(50)).any()
    with pytest.raises(ValueError, match=r"values must have shape \(N, H\) and feature \(N,\), got .* \(49,\)"):
        models.correlations(values, feature[1:])


def test_a_unit_is_chosen_on_the_first_half_alone_and_confirmed_on_the_second():
    rng = np.random.default_rng(0)
    feature, cells = rng.normal(size=200), rng.normal(size=(200, 3))
    cells[:100, 1] -= 3 * feature[:100]    # follows in the first half only
    cells[100:, 2] += 9 * feature[100:]    # follows in the second half only
    tracker = models.track(cells, {"noise": rng.normal(size=200), "signal": feature})["signal"]
    assert tracker.unit == 1 and tracker.chosen < -0.8 and abs(tracker.confirmed) < 0.3
    assert tracker.confirmed == pytest.approx(np.corrcoef(np.tanh(cells[100:, 1]), feature[100:])[0, 1])
    assert tracker.auc is None


def test_auc_is_the_share_of_pairs_in_the_right_order_also_for_a_unit_that_goes_down():
    rng = np.random.default_rng(0)
    yes, values = rng.random(80) < 0.4, rng.integers(0, 6, 80)
    pairs = [(a > b) + (a == b) / 2 for a in values[yes] for b in values[~yes]]
    assert auc(values, yes) == pytest.approx(np.mean(pairs))
    cells = rng.normal(size=(80, 2))
    cells[:, 1] -= 3 * yes
    tracker = models.track(cells, {"yes": yes})["yes"]
    assert tracker.unit == 1 and tracker.chosen < 0 and tracker.auc == auc(-cells[40:, 1], yes[40:]) > 0.9


def test_features_of_a_text_are_what_one_counts_by_hand():
    text = 'Ab (c "d" (e))\n  - "g\nh" *i j* * k*"\n\n*"(l\n\nx ::= y\n  *)\n\n===-----\n'
    hand = {
        "line":        "12345678901234 0 123456 0 12345678901234 00 1234 00 1234567 0 1234 00 12345678 0",
        "indentation": "00000000000000 0 122222 0 00000000000000 00 0000 00 0000000 0 1222 00 00000000 0",
        "word":        "12001001000100 0 000001 0 10001010000100 00 0001 00 1000001 0 0000 00 00000000 0",
        "rule":        "00000000000000 0 000000 0 00000000000000 00 0000 00 0000000 0 0000 00 00100111 0",
        "grammar":     "00000000000000 0 000000 0 00000000000000 00 0000 00 0011111 1 1111 00 00000000 0",
        "quotation":   "00000011000000 0 000011 1 10000000000000 00 0000 00 0000000 0 0000 00 00000000 0",
        "bracket":     "00011111111110 0 000000 0 00000000000000 00 0000 00 0000000 0 0000 00 00000000 0",
        "emphasis":    "00000000000000 0 000000 0 00011110000000 00 0000 00 0000000 0 0000 00 00000000 0",
    }
    found = models.text_features(text)
    assert found.keys() == hand.keys()
    for name, digits in hand.items():
        assert "".join(str(int(value) % 10) for value in found[name]) == digits.replace(" ", ""), name


def test_features_of_sums_and_dates_are_what_one_counts_by_hand():
    x = np.array([[0.5, 0], [0.25, 1], [0.75, 0], [0.5, 1]], np.float32)
    found = {name: values.tolist() for name, values in models.sum_features(x).items()}
    assert found == {"sum": [0, 0.25, 0.25, 0.75], "marks": [0, 1, 1, 2], "number": [0.5, 0.25, 0.75, 0.5],
                     "step": [1, 2, 3, 4]}
    found = models.date_features("AD 26. 11. 3. 9:05")
    digits = {name: "".join(f"{int(value):x}" for value in values) for name, values in found.items()}
    assert digits == {"month": "00000000bbbbbbbbbb", "month read": "000000001111111111",
                      "numbers": "000111122223334455", "digit": "000110011001001011"}


# --- training ---------------------------------------------------------------------------------------------------------

def test_gradients_of_the_network_are_finite_differences():
    rng = np.random.default_rng(0)
    network = SequenceModel(*(layer(*sizes, rng=rng, dtype=np.float64)
                              for layer, sizes in ((Embedding, (5, 2)), (LSTM, (2, 4)), (Linear, (4, 3)))), dropout=0.5)
    network.params.update({name: rng.normal(size=array.shape) for name, array in network.params.items()})
    ids, lengths = rng.integers(0, 5, (3, 6)), np.array([6, 2, 4])
    state, dstate = ((rng.normal(size=(3, 4)), rng.normal(size=(3, 4))) for _ in range(2))
    doutputs = rng.normal(size=(3, 6, 3))

    def loss():
        (outputs, (h, c)), cache = network.forward(ids, state, lengths, rng=np.random.default_rng(1))
        return (outputs * doutputs).sum() + (h * dstate[0]).sum() + (c * dstate[1]).sum(), cache

    (dx, (dh, dc)), grads = network.backward((doutputs, dstate), loss()[1])
    assert dx is None and grads.keys() == network.params.keys()
    for array, grad in [*((network.params[name], grads[name]) for name in grads), (state[0], dh), (state[1], dc)]:
        direction, before = rng.normal(size=array.shape), array.copy()
        array[...] = before + 1e-6 * direction
        above = loss()[0]
        array[...] = before - 1e-6 * direction
        below = loss()[0]
        array[...] = before
        assert (above - below) / 2e-6 == pytest.approx((grad * direction).sum(), rel=1e-6)
    forget = new_network(4, 3, rng=rng, input_size=2).recurrent.params["bias"]
    assert (forget[4:8] == 1).all() and (np.abs(np.r_[forget[:4], forget[8:]]) < 0.5 + 1e-6).all()


SHORT = {"adding": {"steps": 20}, "korean": {"epochs": 1}, "spacing": {"epochs": 1}, "iso": {"epochs": 1},
         "transformer": {"updates": 3}}


@pytest.mark.parametrize("name", SHORT)
def test_training_twice_writes_the_same_bytes_and_a_whole_card(name, tmp_path, monkeypatch):
    recipe = RECIPES[name]
    monkeypatch.setattr(recipe, "train", partial(recipe.train, **SHORT[name], progress=False))
    monkeypatch.setattr(korean, "TRAIN", 640)
    monkeypatch.setattr(iso, "TRAIN", 640)
    monkeypatch.setattr(spacing, "joined", lambda names, rng: names[:300])
    folders = tmp_path / "first", tmp_path / "second"
    for folder in folders:
        folder.mkdir()
        model = train(name, folder)
    for suffix in (".safetensors", ".json"):
        first, second = ((folder / f"{name}{suffix}").read_bytes() for folder in folders)
        assert first == second
    stored = models.load(name).card
    assert model.card == json.loads(second) and model.card.keys() == stored.keys()
    assert model.card["versions"].keys() == stored["versions"].keys()
    assert model.card["score"] == recipe.score(model)


def test_the_command_refuses_an_unknown_name():
    run = subprocess.run([sys.executable, "-m", "seqbook.models.train", "poems"], capture_output=True, text=True)
    assert run.returncode == 2
    assert "unknown: poems; there are documentation, adding, korean, spacing, iso, transformer" in run.stderr


def test_ngrams_are_a_distribution_and_what_one_counts_by_hand():
    train, V = np.array([1, 2, 1, 2, 1, 0, 3]), 5
    zero, one, two, three, four = ((count + 4 / 5) / 11 for count in (1, 3, 2, 1, 0))    # 7 characters, 4 different
    after_one, after_zero = (2 + 2 * two) / 5, (1 + three) / 2    # after 1 come 2, 2 and 0; after 0 comes 3
    assert ngram_bits(train, np.array([1, 2]), 2, V) == pytest.approx([-np.log2(one * two) / 2,
                                                                       -np.log2(one * after_one) / 2])
    assert ngram_bits(train, np.array([0, 3]), 2, V)[1] == pytest.approx(-np.log2(zero * after_zero) / 2)
    assert ngram_bits(train, np.array([4, 2]), 2, V)[1] == pytest.approx(-np.log2(four * two) / 2)    # 4 is unseen
    for start in ([1, 2, 1], [2, 2, 1], [0, 4, 4], [1, 1, 0]):
        starts = len(start) * ngram_bits(train, np.array(start), 3, V)
        bits = [(len(start) + 1) * ngram_bits(train, np.array([*start, c]), 3, V) - starts for c in range(V)]
        np.testing.assert_allclose((2.0 ** -np.array(bits)).sum(axis=0), 1)
    with pytest.raises(ValueError, match="train and test must have at least order=3 ids, got 7 and 2"):
        ngram_bits(train, np.array([1, 2]), 3, V)


def test_variants_of_a_date_keep_its_month_and_lead_ins_have_no_digit():
    assert korean.variants("2026년 3월 9일 밤 1:05", "2026-03-09") == [
        "2026년 3월 9일 밤 1:05", "3월 9일 밤 1:05", "2026년3월9일밤1:05", "2026-03-09"]
    assert korean.variants("26. 3. 9.", "2026-03-09")[1] == "26. 3. 9."
    rng = np.random.default_rng(0)
    leads = [korean.lead_in(["가", ".", " "], rng) for _ in range(300)]
    assert 150 < leads.count("") < 250 and all(lead == "" or lead[-1] == " " for lead in leads)
    assert set("".join(leads)) == {"가", ".", " ", Vocabulary.unknown_character}


def test_variants_of_a_date_are_the_date_and_what_stands_around_it_holds_no_digit():
    rng, seen = np.random.default_rng(0), set()
    for _ in range(600):
        made = iso.variant("26. 3. 9.", "2026-03-09", ["가", "."], rng)
        core = next(core for core in ("26. 3. 9.", "26.3.9.", "2026-03-09") if core in made)
        before, after = made.split(core, 1)
        seen.add((core, bool(before), bool(after)))
        assert set(before + after) <= {"가", ".", " ", Vocabulary.unknown_character} and not (before and after)
    assert len(seen) == 9
    assert iso.numbers_padded("AD 2001/5/6 13:05") == "2001-05-06" and iso.numbers_padded("26. 3. 9.") == "26-03-09"
