"""The small translators with attention: their files, cards and claims, and what their attention does."""

import json
from functools import partial

import numpy as np
import pytest

from seqbook.models import attention
from seqbook.models.attention import (
    END, LONGEST, SCORES, TASKS, WRITES, cut, distance, ids_of, joined, load_attention, path, score_of,
    without_attention,
)
from seqbook.scratch import CrossEntropy
from seqbook.scratch.losses import loss_and_gradient
from tests.packaged import is_packaged

MODELS = [(task, score) for task, recipe in TASKS.items() for score in recipe.scores]
every_model = pytest.mark.parametrize("task, score", MODELS)
NOTES = "Ich möchte ein Bier trinken"


@every_model
def test_a_file_is_small_packaged_and_its_card_complete_and_true(task, score):
    model, file = load_attention(task, score), path(task, score)
    card, recipe = model.card, TASKS[task]
    assert file.stat().st_size < 25_000
    assert (card["name"], card["task"], card["score"]) == (file.stem, task, score)
    assert (card["what"], card["data"], card["split"]) == (recipe.task, recipe.data, recipe.split)
    assert card["command"] == f"python -m seqbook.models.attention {task} '{score}'" and card["seed"] == attention.SEED
    assert card["versions"].keys() == {"python", "numpy", "babel", "safetensors"}
    assert card["parameters"] == sum(array.size for array in model.params.values())
    assert card["sizes"] == {"source": len(model.source), "target": len(model.target),
                             "input": model.encoder.recurrent.input_size, "hidden": model.encoder.output_size}
    assert model.target[-2:] == (END, "□") and model.source[0] == "�" and len(set(model.source)) == len(model.source)
    assert all(array.dtype == np.float32 for array in model.params.values())
    assert is_packaged(file) and is_packaged(file.with_suffix(".json"))


@every_model
def test_the_claims_are_measured_anew_and_nothing_is_left_without_attention(task, score):
    model = load_attention(task, score)
    claimed, measured = model.card["measured"], score_of(model)
    assert measured.keys() == claimed.keys()
    for name in ("value", "wrong", "wrong without", *(("aligned",) if "aligned" in claimed else ())):
        assert abs(measured[name] - claimed[name]) <= claimed["tolerance"], name
    assert measured["baselines"] == pytest.approx(claimed["baselines"], abs=0.02)
    assert measured["value"] > 5 * max(measured["baselines"].values())
    assert 2 * measured["wrong"] < measured["wrong without"]
    assert measured["value"] > (0.1 if task == "names" else 0.95)


def test_equally_good_models_look_in_different_places():
    """The shares of nouns whose largest weight lies on the German noun, as the cards say."""
    cards = {score: load_attention("phrases-en", score).card["measured"] for score in SCORES}
    assert min(card["value"] for card in cards.values()) > 0.95
    assert cards["additive"]["aligned"] > cards["general"]["aligned"] + 0.1 > cards["dot"]["aligned"] + 0.2


@pytest.mark.parametrize("task, score, source, target", [
    *(("phrases-en", score, NOTES, "I would like to drink a beer") for score in SCORES),
    ("phrases-ko", "general", NOTES, "나는 맥주를 마시고 싶습니다"),
    ("phrases-ko", "general", "Er möchte ein Bier trinken", "그는 맥주를 마시고 싶어 합니다"),
    ("dates", "general", "2026년 3월 9일 월요일", "2026-03-09"), ("dates", "general", "26. 3. 9.", "2026-03-09"),
    ("names", "general", "파라마리보", "paramaribo"), ("names", "general", "크로아티아", "croatia"),
])
def test_held_out_examples_are_translated(task, score, source, target):
    model = load_attention(task, score)
    assert model.write(source) == target
    found = model.align(source)
    assert found.source == model.signs(source) and found.target == [*cut(target, model.kinds[1]), END]
    assert found.weights.shape == (len(found.target), len(found.source))
    np.testing.assert_allclose(found.weights.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(found.weights, model.align(source, target).weights)


@pytest.mark.parametrize("sign, source", [("나는", "Ich"), ("맥주를", "Bier"), ("마시고", "trinken"), ("싶습니다", "Ich")])
def test_the_verb_moves_and_its_ending_looks_at_the_subject(sign, source):
    found = load_attention("phrases-ko").align(NOTES)
    weights = found.weights[found.target.index(sign)]
    assert found.source[weights.argmax()] == source and weights.max() > 0.6


def test_where_a_date_is_written_the_model_looks_along_it():
    found = load_attention("dates").align("2026년 3월 9일 월요일")
    places = found.weights.argmax(axis=1)
    assert places[3] == 3 and set(places[5:7]) <= {6, 7} and set(places[8:10]) <= {9, 10, 11}    # 2026, " 3월", " 9일"


def test_forward_and_greedy_writing_agree_and_texts_of_a_batch_do_not_touch():
    model = load_attention()
    texts = [NOTES, "Heute hat mein Bruder im Garten einen Apfel gegessen", "Wir lesen ein Buch"]
    together = model.write_ids(texts)
    for text, ids in zip(texts, together, strict=True):
        np.testing.assert_array_equal(ids, model.write_ids([text])[0])
        logits, _ = model.network.forward(model.encode(text)[None], model.before(ids)[None])
        np.testing.assert_array_equal(logits[0].argmax(axis=1), ids)
        assert ids[-1] == model.end and model.text(ids) == model.write(text)


def test_what_does_not_end_is_cut_off_and_what_is_too_long_is_not_read():
    model = load_attention("names")
    assert len(model.write_ids(["가나다라마바사아자차카타파하" * 4])[0]) <= WRITES
    assert len(model.encode("가" * 99)) == LONGEST == len(model.signs("가" * 99))


def test_unknown_signs_are_read_as_one_and_capitals_are_forgiven():
    model = load_attention()
    assert model.encode("Quark möchte BIER").tolist() == [0, model.source.index("möchte"), model.source.index("Bier")]
    assert ids_of(("�", "Morgen", "morgen")) == {"Morgen": 1, "morgen": 2}
    assert cut("각 ㄱ", "letters") == ["\u1100", "\u1161", "\u11a8", " ", "\u1100"]
    assert joined(["a", "b"], "words") == "a b" and joined(["a", "b"], "letters") == "ab"


def test_edits_are_what_one_counts_by_hand():
    cases = {("", ""): 0, ("abc", "abc"): 0, ("abc", ""): 3, ("kitten", "sitting"): 3, ("ab", "ba"): 2,
             ("abc", "xabc"): 1}
    assert {pair: distance(list(pair[0]), list(pair[1])) for pair in cases} == cases


def test_without_attention_the_context_does_not_reach_the_output():
    model = load_attention()
    off = without_attention(model)
    ids, before = model.encode(NOTES)[None], np.array([[model.start, 3, 5]])
    start, _, _ = model.network.start(ids)
    memory = np.random.default_rng(0).normal(size=(1, 5, 24)).astype(np.float32)
    one, other = (each.decoder.forward(before, start, memory)[0][0] for each in (off, model))
    zero = off.decoder.forward(before, start, np.zeros_like(memory))[0][0]
    np.testing.assert_array_equal(one, zero)
    assert np.abs(other - zero).max() > 0.1 and model.params["decoder.combine.weight"][:, :24].any()


@pytest.mark.parametrize("arguments, message", [
    ({"task": "poems"}, "task must be one of"), ({"task": "dates", "score": "dot"}, r"score must be .*'general'"),
    ({"score": "../dot"}, "score must be one of"),
])
def test_unknown_models_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        load_attention(**arguments)


@every_model
def test_every_load_gives_its_own_numbers(task, score):
    first, second = load_attention(task, score), load_attention(task, score, np.float64)
    first.params["decoder.output.bias"][:] = 0
    assert not first.decoder.output.params["bias"].any() and second.params["decoder.output.bias"].any()
    assert second.network.dtype == np.float64 and repr(second).startswith(f"TrainedAttention({task!r}")


@pytest.mark.parametrize("task, score", [("phrases-en", "additive"), ("dates", "general"), ("names", "general")])
def test_training_twice_writes_the_same_bytes_and_a_whole_card(task, score, tmp_path, monkeypatch):
    pairs = TASKS[task].pairs()
    few = type(pairs)(pairs.train[:256], pairs.test[:20])
    monkeypatch.setitem(TASKS, task, TASKS[task]._replace(pairs=lambda: few))
    monkeypatch.setattr(attention, "train", partial(attention.train, epochs=2, progress=False))
    files = []
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        monkeypatch.setattr(attention, "FOLDER", tmp_path / folder)
        attention.main(task, score)
        files.append(path(task, score))
    for suffix in (".safetensors", ".json"):
        assert files[0].with_suffix(suffix).read_bytes() == files[1].with_suffix(suffix).read_bytes()
    monkeypatch.undo()
    card = json.loads(files[0].with_suffix(".json").read_text("utf-8"))
    assert card.keys() == load_attention(task, score).card.keys()


def test_a_few_updates_of_the_training_bring_the_loss_down():
    pairs = TASKS["phrases-en"].pairs()
    losses = []
    for epochs in (1, 4):
        network, source, target = attention.train("phrases-en", "general", pairs.train[:640], progress=False,
                                                  rng=np.random.default_rng(0), epochs=epochs)
        model = attention.TrainedAttention("phrases-en", "general", {"source": source, "target": target}, network)
        ids = model.target_ids(pairs.train[0][1])[None]
        logits, _ = network.forward(model.encode(pairs.train[0][0])[None], model.before(ids))
        losses.append(loss_and_gradient(CrossEntropy(), logits, ids)[0])
    assert losses[1] < 0.7 * losses[0]


def test_update_gates_keep_the_past_at_first():
    network = attention.new_network("general", 7, 5, rng=np.random.default_rng(0))
    for gru in (network.encoder.recurrent, network.decoder.recurrent):
        bias = gru.params["bias"]
        assert (bias[24:48] == 1).all() and np.abs(np.r_[bias[:24], bias[48:]]).max() < 0.5


def test_what_is_hidden_is_not_shown_and_some_signs_are_read_as_unknown(monkeypatch):
    """With all of the target hidden, the decoder's embeddings stay as they were drawn, but for the start's."""
    pairs = TASKS["names"].pairs().train[:64]
    monkeypatch.setitem(TASKS, "names", TASKS["names"]._replace(hide=1.0, decay=0.0))
    monkeypatch.setattr(attention, "UNKNOWN", 0.2)
    network, source, target = attention.train("names", "general", pairs, rng=np.random.default_rng(0), epochs=2,
                                              progress=False)
    drawn = attention.new_network("general", len(source), len(target), rng=np.random.default_rng(0))
    names = {part: f"{part}.embedding.weight" for part in ("encoder", "decoder")}
    changed = {part: (network.params[name] != drawn.params[name]).any(axis=1) for part, name in names.items()}
    assert changed["decoder"].tolist() == [False] * (len(target) - 1) + [True] and changed["encoder"].all()
