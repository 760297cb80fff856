"""The small encoder–decoder Transformers: their files, cards and claims, their heads, and what is left without one."""

import json
from functools import partial

import numpy as np
import pytest
from safetensors.numpy import load_file

from seqbook.models import encoder_decoder
from seqbook.models.attention import END, SEED, TASKS, cut, load_attention
from seqbook.models.encoder_decoder import (
    HEADS, LAYERS, RECIPES, E, F, N, cooled, load_translator, path, score_of, without,
)
from seqbook.models.files import load_params, save_params
from tests.packaged import is_packaged

NOTES = "Ich möchte ein Bier trinken"
every_model = pytest.mark.parametrize("task", RECIPES)


@every_model
def test_a_file_is_small_packaged_and_its_card_complete_and_true(task):
    model, file = load_translator(task), path(task)
    card, recipe = model.card, TASKS[task]
    assert file.stat().st_size < 40_000
    assert (card["name"], card["task"], card["seed"]) == (file.stem, task, SEED)
    assert (card["what"], card["data"], card["split"]) == (recipe.task, recipe.data, recipe.split)
    assert card["command"] == f"python -m seqbook.models.encoder_decoder {task}"
    assert card["versions"].keys() == {"python", "numpy", "babel", "safetensors"}
    assert card["parameters"] == sum(array.size for array in model.params.values())
    assert card["sizes"] == {"source": len(model.source), "target": len(model.target), "model": E, "heads": N,
                             "hidden": F, "layers": LAYERS}
    assert model.target[-2:] == (END, "□") and model.source[0] == "�" and len(set(model.source)) == len(model.source)
    assert all(array.dtype == np.float32 for array in model.params.values())
    assert is_packaged(file) and is_packaged(file.with_suffix(".json"))


@every_model
def test_the_claims_are_measured_anew(task):
    model = load_translator(task)
    claimed, measured = model.card["measured"], score_of(model)
    assert measured.keys() == claimed.keys() and tuple(measured["erased"]) == HEADS
    for name in ("value", "wrong"):
        assert abs(measured[name] - claimed[name]) <= claimed["tolerance"], name
    assert measured["erased"] == pytest.approx(claimed["erased"], abs=0.03)
    assert measured["value"] > (0.1 if task == "names" else 0.99)


def test_what_the_heads_are_worth_where_the_chapter_says_so():
    """Dates need their heads; in the phrase book the encoder's may go, one at a time."""
    cards = {task: load_translator(task).card["measured"] for task in RECIPES}
    assert min(cards["dates"]["erased"].values()) < 0.5 < cards["dates"]["value"]
    for task in ("phrases-en", "phrases-ko"):
        erased = cards[task]["erased"]
        assert min(value for name, value in erased.items() if name.startswith("encoder")) > 0.97
        assert min(value for name, value in erased.items() if name.startswith("cross")) < 0.9


@pytest.mark.parametrize("task, source, target", [
    ("phrases-en", NOTES, "I would like to drink a beer"), ("phrases-ko", NOTES, "나는 맥주를 마시고 싶습니다"),
    ("phrases-ko", "Er möchte ein Bier trinken", "그는 맥주를 마시고 싶어 합니다"),
    ("dates", "2026년 3월 9일 월요일", "2026-03-09"), ("dates", "26. 3. 9.", "2026-03-09"),
])
def test_held_out_examples_are_translated(task, source, target):
    model = load_translator(task)
    assert model.write(source) == target
    found = model.heads(source)
    assert found.source == model.signs(source) and found.target == [*cut(target, model.kinds[1]), END]
    S, T = len(found.source), len(found.target)
    for weights, shape in ((found.encoder, (S, S)), (found.decoder, (T, T)), (found.cross, (T, S))):
        assert weights.shape == (LAYERS, N, *shape)
        np.testing.assert_allclose(weights.sum(axis=-1), 1, atol=1e-5)
    assert not np.triu(found.decoder, 1).any() and np.triu(found.encoder, 1).any()
    for one, other in zip(found[2:], model.heads(source, target)[2:], strict=True):
        np.testing.assert_array_equal(one, other)


def test_some_head_looks_along_the_date():
    found = load_translator("dates").heads("2026년 3월 9일 월요일")
    places = found.cross.argmax(axis=-1)    # (layers, N, T)
    assert ((places[:, :, 6] == 6).any() and (places[:, :, 9] == 9).any())    # the 3 and the 9


def test_forward_and_greedy_writing_agree_and_texts_of_a_batch_do_not_touch():
    model = load_translator("phrases-ko")
    texts = [NOTES, "Heute hat mein Bruder im Garten einen Apfel gegessen", "Wir lesen ein Buch"]
    for text, ids in zip(texts, model.write_ids(texts), strict=True):
        np.testing.assert_array_equal(ids, model.write_ids([text])[0])
        logits, _ = model.network.forward(model.encode(text)[None], model.before(ids)[None])
        np.testing.assert_array_equal(logits[0].argmax(axis=1), ids)
        assert ids[-1] == model.end and model.text(ids) == model.write(text)


def test_both_kinds_of_translators_read_and_write_the_same_signs():
    for task in RECIPES:
        assert load_translator(task).source == load_attention(task).source
        assert load_translator(task).target == load_attention(task).target


@pytest.mark.parametrize("name", HEADS)
def test_nothing_of_an_erased_head_goes_on_and_the_others_stay(name):
    model = load_translator("dates", np.float64)
    place, layer, head = name.split()
    layer, head, K = int(layer) - 1, int(head) - 1, E // N
    off = without(model, name)
    changed = [key for key in model.params if not np.array_equal(model.params[key], off.params[key])]
    kind = {"encoder": "encoder.blocks.{}.attention", "decoder": "decoder.blocks.{}.self_attention",
            "cross": "decoder.blocks.{}.cross_attention"}[place]
    assert changed == [f"{kind.format(layer)}.output.weight"]
    zero = (off.params[changed[0]] == 0).all(axis=0)
    assert zero.tolist() == [n // K == head for n in range(E)]
    ids, before = model.encode("26. 3. 9.")[None], np.array([[model.start, 2, 0]])
    one, other = model.network.forward(ids, before)[0], off.network.forward(ids, before)[0]
    assert np.abs(one - other).max() > 1e-2
    assert without(off, *HEADS).write("26. 3. 9.") != "2026-03-09" == model.write("26. 3. 9.")


def test_the_temperature_divides_the_scores():
    model = load_translator("dates", np.float64)
    ids, before = model.encode("26. 3. 9.")[None], np.array([[model.start]])
    plain, warm = (each.network.forward(ids, before)[1].encoder.blocks[0].attention.sublayer
                   for each in (model, cooled(model, 2.0)))
    np.testing.assert_allclose(warm.attention.q, plain.attention.q / 2)
    halved = np.sqrt(plain.weights)
    np.testing.assert_allclose(warm.weights, halved / halved.sum(axis=-1, keepdims=True))


@pytest.mark.parametrize("make, message", [
    (lambda: load_translator("poems"), "task must be one of 'dates'"),
    (lambda: load_translator("../dates"), "task must be one of"),
    (lambda: without(load_translator("dates"), "cross 3 1"), "heads must be one of 'encoder 1 1'"),
])
def test_unknown_models_and_heads_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@every_model
def test_every_load_gives_its_own_numbers(task):
    first, second = load_translator(task), load_translator(task, np.float64)
    first.params["output.bias"][:] = 0
    assert not first.network.output.params["bias"].any() and second.params["output.bias"].any()
    assert second.network.dtype == np.float64 and repr(second).startswith(f"TrainedTranslator({task!r}")


def test_what_all_blocks_have_lies_in_one_array_and_comes_back(tmp_path):
    stored, params = load_file(path("dates")), load_params(path("dates"))
    assert stored["encoder.blocks.*.norm1.bias"].shape == (LAYERS, E) and len(stored) < 80
    assert stored["decoder.blocks.*.cross_attention.key.weight"].dtype == np.int8
    np.testing.assert_array_equal(stored["encoder.blocks.*.norm1.bias"][1], params["encoder.blocks.1.norm1.bias"])
    for stack in (False, True):
        save_params(tmp_path / "again", params, quantise=False, stack=stack)
        again = load_params(tmp_path / "again")
        assert again.keys() == params.keys()
        for name, array in params.items():
            np.testing.assert_array_equal(again[name], array)


@pytest.mark.parametrize("task", ["phrases-ko", "names"])
def test_training_twice_writes_the_same_bytes_and_a_whole_card(task, tmp_path, monkeypatch):
    pairs = TASKS[task].pairs()
    few = type(pairs)(pairs.train[:256], pairs.test[:20])
    monkeypatch.setitem(TASKS, task, TASKS[task]._replace(pairs=lambda: few))
    monkeypatch.setattr(encoder_decoder, "train", partial(encoder_decoder.train, epochs=2, progress=False))
    files = []
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        monkeypatch.setattr(encoder_decoder, "FOLDER", tmp_path / folder)
        encoder_decoder.main(task)
        files.append(path(task))
    for suffix in (".safetensors", ".json"):
        assert files[0].with_suffix(suffix).read_bytes() == files[1].with_suffix(suffix).read_bytes()
    monkeypatch.undo()
    card = json.loads(files[0].with_suffix(".json").read_text("utf-8"))
    assert card.keys() == load_translator(task).card.keys()
