"""The numbers computed in the page equal those of `seqbook.scratch`."""

import unicodedata
from itertools import product

import numpy as np
import pytest

from seqbook import widgets
from seqbook.data import adding_problem
from seqbook.models import date_features, load, sum_features, text_features
from seqbook.models.attention import TASKS, load_attention
from seqbook.models.encoder_decoder import HEADS, PLACES, load_translator
from seqbook.scratch import causal_mask, log_softmax, softmax
from seqbook.widgets import (
    AttentionMap, Cones, DigitVit, GateLaboratory, GradientFlow, MaskLaboratory, Positions, Predict, Stepper, Unfolding,
    attention_map,
)
from seqbook.widgets.base import Flag
from seqbook.widgets.cones import LONGEST as LONGEST_SENTENCE, letters_of
from seqbook.widgets.digit_vit import counted, fitted
from seqbook.widgets.gate_laboratory import BEGINNINGS, LIMIT, SORTS
from seqbook.widgets.gradient_flow import DEEPEST, DRAWS, LONGEST, draw, draw_above
from seqbook.widgets.mask_laboratory import PADS, PRESETS, LONGEST as LONGEST_TEXT
from seqbook.widgets.positions import KINDS, PAIRINGS, LAST as LAST_POSITION
from tests.javascript import compute, page_numbers


def check(made: list, rtol=1e-9, atol=1e-10) -> None:
    """The page's numbers of every widget are Python's, by the same names."""
    for widget, page in zip(made, page_numbers(made), strict=True):
        wanted = widget.numbers()
        assert set(page) == set(wanted)
        for name, values in wanted.items():
            found = np.array(page[name], dtype=float).reshape(np.shape(values))    # JSON's null is NaN
            np.testing.assert_allclose(found, values, rtol=rtol, atol=atol, err_msg=f"{name} of {widget.get_state()}")


def drawn(knob, limits: dict, rng):
    """A value that a knob can take, or None where what it declares does not say."""
    if isinstance(knob, Flag):
        return bool(rng.integers(2))
    if "options" in limits:
        return limits["options"][rng.integers(len(limits["options"]))]
    if not {"min", "max"} <= set(limits) or isinstance(knob.default_value, (dict, list, tuple)):
        return None
    low, high = limits["min"], limits["max"]
    return int(rng.integers(low, high + 1)) if isinstance(low, int) else float(rng.uniform(low, high))


@pytest.mark.parametrize("name", widgets.__all__)
def test_every_widget_at_any_setting_of_its_knobs(name):
    rng, made = np.random.default_rng(4), []
    for _ in range(30):
        widget = getattr(widgets, name)._example()
        for trait, knob in widget._knobs().items():
            if (value := drawn(knob, widget.limits[trait], rng)) is not None:
                setattr(widget, trait, value)
        made.append(widget)
    check(made)


def test_unfolding():
    rng = np.random.default_rng(1)
    made = []
    for pattern, teacher in [(1, False), (2, False), (2, True), (3, False)]:
        for steps in (1, 2, 5, 12):
            params = dict(zip("UWVbc", rng.uniform(-3, 3, 5)))
            x, y = rng.uniform(-2, 2, (2, 12))
            made.append(Unfolding(pattern, steps, params=params, x=x, y=y, state=rng.uniform(-1, 1), teacher=teacher))
    check(made, rtol=0, atol=1e-12)


@pytest.mark.parametrize("model", ["rnn", "lstm", "gru"])
def test_gradient_flow(model):
    rng = np.random.default_rng(2)
    check([
        GradientFlow(model, int(rng.integers(2, LONGEST + 1)), radius=rng.uniform(0.2, 2),
                     input_scale=rng.uniform(0, 3), forget_bias=rng.uniform(-2, 6),
                     activation=("tanh", "relu", "identity")[n % 3], weights=weights, loss=loss,
                     seed=seed)
        for n, (seed, weights, loss) in enumerate(product(range(5), ("gaussian", "orthogonal"), ("last", "every")))
    ], atol=1e-300)    # what has vanished, too


@pytest.mark.parametrize("model", ["rnn", "lstm", "gru"])
def test_gradient_flow_through_layers(model):
    rng = np.random.default_rng(5)
    check([
        GradientFlow(model, int(rng.integers(2, LONGEST + 1)), depth=depth, skips=skips, layer=layer, loss=loss,
                     radius=rng.uniform(0.2, 2), input_scale=rng.uniform(0, 3), forget_bias=rng.uniform(-2, 6),
                     activation=("tanh", "relu", "identity")[n % 3], weights=("gaussian", "orthogonal")[n % 2],
                     seed=int(rng.integers(DRAWS)))
        for n, (depth, skips, loss) in enumerate(product(range(2, DEEPEST + 1), (False, True), ("last", "every")))
        for layer in (1, depth)
    ], atol=1e-300)


def test_gradient_flow_through_the_transformers_blocks():
    rng = np.random.default_rng(6)
    check([
        GradientFlow("transformer", int(rng.integers(2, LONGEST + 1)), depth=depth, skips=skips, norm_place=norm_place,
                     layer=int(rng.integers(1, depth + 1)), loss=("last", "every")[n % 2], radius=rng.uniform(0.2, 2),
                     input_scale=rng.uniform(0, 3), weights=("gaussian", "orthogonal")[n // 2 % 2],
                     seed=int(rng.integers(DRAWS)))
        for n, (depth, skips, norm_place) in enumerate(product((1, 2, DEEPEST), (False, True), ("pre", "post")))
    ], atol=1e-14)    # sums of numbers near 1 that cancel


def test_the_page_draws_the_layers_above_alike():
    numbers = ("weight_ih", "gaussian", "orthogonal", "bias")
    cases = [{"seed": seed, "layer": layer} for seed in range(DRAWS) for layer in range(2, DEEPEST + 1)]
    sent = {name: {"shape": array.shape, "bytes": list(array.tobytes())} for name, array in draw(0).items()}
    for case in cases:
        radii = draw(case["seed"])["radii"]
        case["drawn"] = sent | {"radii": {"shape": radii.shape, "bytes": list(radii.tobytes())}}
    arrays = """Object.fromEntries(Object.entries(c.drawn).map(([name, { shape, bytes }]) =>
        [name, { shape, data: new DataView(new Uint8Array(bytes).buffer) }]))"""
    found = compute("gradient_flow/draws.js", f"m.unpacked({arrays}, c.seed).above(c.layer)", cases)
    for case, page in zip(cases, found, strict=True):
        for name in numbers:
            np.testing.assert_array_equal(np.float32(page[name]), draw_above(case["seed"], case["layer"])[name].ravel())


def test_arrays_survive_the_way_into_the_page():
    widget = GradientFlow()
    base = draw(0)
    sent = widget.draws[0]["gaussian"]
    case = {"shape": sent["shape"], "bytes": list(sent["data"])}
    view = "new DataView(new Uint8Array(c.bytes).buffer)"
    found = compute("kit/arrays.js", f"m.toFloat64({{shape: c.shape, data: {view}}})", [case])
    np.testing.assert_array_equal(np.float32(found[0]), base["gaussian"].ravel())


# --- Gate laboratory

TEXT = 'Call it with "open(name)" (see\n    the *list* below) – x = [1, 2]\n\n한 😀'
CLAMPS = [
    {"gate": "f", "value": 0.0, "start": 5, "end": 9},
    {"gate": "i", "value": 1.0, "unit": 2, "start": 8},
    {"gate": "g", "value": -0.5, "end": 3},
    {"gate": "o", "value": 0.25, "unit": 1},
    {"gate": "i", "value": 0.5, "unit": 2, "start": 9, "end": 10},    # of the two that meet, the last one counts
]


@pytest.mark.parametrize("model", BEGINNINGS)
def test_the_page_computes_the_numbers_of_scratch(model):
    if model == "adding":
        texts = [BEGINNINGS[model][0], "0.5 nonsense 1e3 -2.5* .25 7.*", "0.1*"]
    else:
        known = load(model).vocabulary.characters
        texts = [BEGINNINGS[model][0], TEXT, "".join(np.random.default_rng(3).choice(known, 400)), "\x00"]
    check([GateLaboratory(model, text=text, clamps=clamps) for text in texts for clamps in ([], CLAMPS)])


def test_the_page_reads_as_many_steps_as_python():
    made = [GateLaboratory(text="ab" * 1600), GateLaboratory("adding", text="0.5 " * 3100)]
    for widget, page in zip(made, page_numbers(made), strict=True):
        assert len(page["c"]) == len(widget.numbers()["c"]) == LIMIT


def features(kind: str, steps: list) -> list[dict]:
    """The page's features for each list of steps."""
    expression = ("Object.fromEntries(Object.entries(m.FEATURES[c.kind])"
                  ".map(([name, feature]) => [name, feature(c.steps)]))")
    return compute("gate_laboratory/features.js", expression, [{"kind": kind, "steps": each} for each in steps])


def test_the_page_knows_the_features_that_the_models_are_measured_by():
    texts = [TEXT, "", '"a\n\nb" "c (d', "((a) b\n\n)c)", " *a* **b** * c *", "\n\n  x\n y", "😀(ab)😀",
             "---- a--\n***** == ====", 'x ::= "y"\n | z\n\nend ::=']
    dates = ["2026년 3월 9일 월요일", "2026-12-09", "’26. 1. 31. 오후 12:05"]
    x, _ = adding_problem(3, 12, rng=np.random.default_rng(3))
    cases = [("next", text_features, texts, [[{"label": character} for character in text] for text in texts]),
             ("classes", date_features, dates, [[{"label": character} for character in text] for text in dates]),
             ("number", sum_features, list(x),
              [[{"value": float(value), "marker": float(marker)} for value, marker in each] for each in x])]
    for kind, measured, given, steps in cases:
        for one, page in zip(given, features(kind, steps), strict=True):
            for name, wanted in measured(one).items():
                np.testing.assert_allclose(page[name], wanted, rtol=0, atol=1e-12, err_msg=f"{name} of {one!r}")


def test_ranking_is_pearsons_correlation():
    rng = np.random.default_rng(3)
    cells, feature = rng.standard_normal((50, 4)), rng.standard_normal(50)
    cells[:, 1] = 2.0
    case = {"steps": [{"c": row} for row in cells.tolist()], "feature": feature.tolist()}
    [found] = compute("gate_laboratory/features.js", "m.ranking(c.steps, 'c', Float64Array.from(c.feature))", [case])
    wanted = {unit: 0.0 if unit == 1 else np.corrcoef(np.tanh(cells[:, unit]), feature)[0, 1] for unit in range(4)}
    assert [entry["unit"] for entry in found] == sorted(wanted, key=lambda unit: -abs(wanted[unit]))
    for entry in found:
        assert entry["r"] == pytest.approx(wanted[entry["unit"]], abs=1e-12)


def test_the_page_has_the_features_that_python_sorts_by():
    page = compute("gate_laboratory/features.js", "Object.keys(m.FEATURES[c])", ["next", "number", "classes"])
    for model, features in zip(("documentation", "adding", "korean"), page, strict=True):
        assert sorted(SORTS[model]) == sorted(["unit", *features])


# --- Stepper

def test_stepper():
    """Greedy path, beam of every width and all that the beam held, after what the reader chose."""
    texts = ["2026년 3월 9일 월요일", "안녕하세요", "2026년 3월", "", "\x00😀한 ", "26" * 30]
    forced = ["", "19", "2026-03-09■", "■", "x7-<", "1" * 20]
    made = [Stepper(text, forced=given, width=1 + (3 * n + m) % 8, shown=("greedy", "beam")[(n + m) % 2])
            for n, text in enumerate(texts) for m, given in enumerate(forced)]
    made += [Stepper("안녕하세요", width=width, shown="beam") for width in range(1, 9)]
    check(made)


def test_the_stepper_beats_greedy_decoding_where_it_says_so():
    wide, narrow = (Stepper("안녕하세요", width=width).numbers() for width in (5, 1))
    assert wide["beam_log_prob"][0] > wide["greedy_log_prob"] + 0.1
    assert narrow["beam_log_prob"][0] == pytest.approx(narrow["greedy_log_prob"], abs=1e-12)


# --- Attention map

def by_hand(step: int, size: int, seed: int) -> dict:
    """A row of weights that the reader set."""
    weights = np.random.default_rng(seed).dirichlet(np.ones(size))
    return {"step": step, "weights": weights.tolist()}


def test_attention_map():
    """Every model and score, all that is done to the weights, any text, any output that the gradient starts at."""
    texts = {"phrases-en": ["Ich möchte ein Bier trinken", "Heute hat mein Bruder im Garten einen Apfel gegessen", "",
                            "x", "<b>Ich</b> MUSS\x1cmorgen\u3000😀 \ufeffBier"],
             "phrases-ko": ["Er möchte jetzt Musik hören"], "dates": ["2026년 3월 9일 월요일", "1" * 60, "안녕"],
             "names": ["파라마리보", "서울 ㄱㅏ각뷁 Ab", unicodedata.normalize("NFD", "베를린")]}
    made = []
    for model, given in texts.items():
        for n, text in enumerate(given):
            size = len(AttentionMap(model, text, lang="en").numbers()["states"])
            rows = [by_hand(step, size, step) for step in (1, 3)] if size else []
            for m, (score, attention) in enumerate(product(TASKS[model].scores, attention_map.MODES)):
                options = {"temperature": (1.0, 0.3, 2.5)[(n + m) % 3], "time": 1 + (3 * m + n) % 9,
                           "moved": rows if m % 3 == 2 else [by_hand(2, 7, 0)],
                           "output": ("", "■", "water", "0")[m % 4]}
                made.append(AttentionMap(model, text, score=score, attention=attention, lang="en", **options))
    check(made)


def test_attention_map_of_the_transformer():
    """Every model, place, layer and head, some erased, at any temperature, of any text."""
    texts = {"phrases-en": ["Ich möchte ein Bier trinken", "", "<b>Ich</b> MUSS\x1cmorgen\u3000😀 \ufeffBier"],
             "phrases-ko": ["Heute hat mein Bruder im Garten einen Apfel gegessen"],
             "dates": ["2026년 3월 9일 월요일", "1" * 60, "x"], "names": ["파라마리보", unicodedata.normalize("NFD", "베를린")]}
    rng, made = np.random.default_rng(6), []
    for model, given in texts.items():
        for text, (place, layer, head) in product(given, product(PLACES, (1, 2), (1, 2))):
            erased = [name for name in HEADS if rng.random() < 0.2]
            made.append(AttentionMap(model, text, architecture="transformer", models=[model], place=place, layer=layer,
                                     head=head, erased=erased, temperature=rng.uniform(0.3, 3), lang="en"))
    check(made, rtol=0, atol=1e-9)


def test_the_attention_maps_heads_are_the_transformers_own():
    made = AttentionMap("phrases-ko", architecture="transformer", models=["phrases-ko"], place="decoder", layer=1)
    found, model = made.numbers(), load_translator("phrases-ko", np.float64)
    heads = model.heads(made.text)
    for place in PLACES:
        np.testing.assert_allclose(found[place], getattr(heads, place), rtol=0, atol=1e-12)
    assert model.text(found["written"].astype(int)) == model.write(made.text)
    raised = np.where(np.tri(len(found["scores"]), dtype=bool), np.exp(found["scores"]), 0)
    np.testing.assert_allclose(found["weights"], raised / raised.sum(axis=1, keepdims=True))
    added = []
    for head in (1, 2):
        made.head = head
        added.append(made.numbers()["added"])
    before = model.before(found["written"].astype(int))[None]
    x, _ = model.network.target.forward(before)
    block = model.network.decoder.blocks[0]
    y, _ = block.self_attention.forward(block.norm1.forward(x)[0], mask=causal_mask(before.shape[1]))
    np.testing.assert_allclose(sum(added) + block.self_attention.output.params["bias"], y[0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("model, score", [(task, score) for task, recipe in TASKS.items() for score in recipe.scores])
def test_the_attention_map_goes_back_as_the_layers_do(model, score):
    """Its gradients, left alone, are those of `Seq2Seq`, LuongDecoder and Encoder, forward and backward."""
    made = AttentionMap(model, score=score, lang="en")
    for time in (1, 4, 24):
        made.time = time
        found, network = made.numbers(), load_attention(model, score, np.float64)
        ids, written = network.encode(made.text)[None], found["written"].astype(int)
        (memory, state), encoder_cache = network.encoder.forward(ids)
        (logits, _), cache = network.decoder.forward(network.before(written)[None], state, memory)
        np.testing.assert_allclose(found["weights"], cache.weights[0], rtol=0, atol=1e-10)
        np.testing.assert_allclose(found["log_probs"], log_softmax(logits)[0], rtol=0, atol=1e-10)
        t = min(time, len(written)) - 1
        dlogits = np.zeros_like(logits)
        dlogits[0, t] = np.eye(len(network.target))[written[t]] - softmax(logits[0, t])    # of log p
        (_, dstate, dmemory), _ = network.decoder.backward((dlogits, None), cache)
        np.testing.assert_allclose(found["d_values"] + found["d_keys"], dmemory[0], rtol=0, atol=1e-10)
        (dx, _), _ = network.encoder.recurrent.backward((dmemory, dstate), encoder_cache.recurrent)
        np.testing.assert_allclose(found["d_inputs"], dx[0], rtol=0, atol=1e-10)
        np.testing.assert_allclose(found["d_states"][-1], dmemory[0, -1] + dstate[0], rtol=0, atol=1e-10)
        assert np.abs(dx).max() > 1e-6


@pytest.mark.parametrize("settings", [
    {"temperature": 2.0}, {"attention": "shifted"}, {"attention": "uniform"}, {"attention": "off"},
    {"moved": [by_hand(4, 5, 1)]}, {"moved": [by_hand(2, 5, 1)], "attention": "shifted", "temperature": 0.7},
    {"score": "additive", "temperature": 1.5}, {"score": "dot"}, {"score": "scaled dot", "output": "beer"},
])
def test_the_attention_maps_gradients_are_finite_differences(settings, monkeypatch):
    """Of log p(output) at the step that is shown, at the embeddings of the source."""
    made = AttentionMap(lang="en", time=4, **settings)
    found = made.numbers()
    model = load_attention(made.model, made.score, np.float64)
    monkeypatch.setattr(attention_map, "load_attention", lambda *given: model)
    token = model.target.index(made.output or model.target[int(found["written"][3])])
    ids, embedding = model.encode(made.text), model.encoder.params["embedding.weight"]
    direction = np.random.default_rng(0).normal(size=(len(ids), embedding.shape[1]))
    def log_p(by):
        embedding[ids] += by * direction    # no word stands there twice
        moved = made.numbers()
        embedding[ids] -= by * direction
        np.testing.assert_array_equal(moved["written"], found["written"])
        return moved["log_probs"][3, token]
    slope = (log_p(1e-5) - log_p(-1e-5)) / 2e-5
    assert (found["d_inputs"] * direction).sum() == pytest.approx(slope, rel=1e-5, abs=1e-9) and slope != 0


# --- Cones

def test_cones():
    """Sentences of both languages, of any length and with letters that nobody trained on; changes everywhere."""
    known = "".join(load("spacing").vocabulary.characters)
    rng = np.random.default_rng(5)
    texts = ["they are in the same order", "우리나라 표준 시간", "An egg, 한 개\u3000😀뷁\x85É", "ab", "a", "", " \t",
             unicodedata.normalize("NFD", "동부 아프리카"), "".join(rng.choice([*known, " "], 200))]
    made = [Cones(text, lang="en", reader=reader, time=int(rng.integers(1, LONGEST_SENTENCE + 1)),
                  change=change, into=into)
            for text in texts for reader in ("forward", "backward", "both")
            for change, into in ((None, "x"), (1, "x"), (3, " E"), (7, "뷁"), (48, "시"), (2, ""))]
    check(made, rtol=0, atol=1e-12)


def test_the_page_takes_white_space_out_as_python_does():
    """Every assigned character of the first plane between two letters, but for those that join the letter before."""
    between = [character for character in map(chr, [*range(0xd800), *range(0xe000, 0x10000)])
               if unicodedata.category(character)[0] != "M" and unicodedata.category(character) != "Cn"]
    texts = [f"A{character}b" for character in between]
    page = compute("cones/reading.js", "m.lettersOf(c, 48).letters.join('')", texts)
    assert page == [letters_of(text) for text in texts] and sum(letters == "ab" for letters in page) > 20


# --- Mask laboratory

def test_mask_laboratory():
    """Every preset and painted masks of any size, with padding and without, of texts that nobody trained on, too."""
    rng = np.random.default_rng(6)
    texts = ["the statement", "한 글 ab😀c", "x", "", "ab", "a longer text than it can read", "\n\t\u0301é\x00"]
    painted = [rng.random((T, T)) < share for T, share in ((1, 1), (5, 0.3), (13, 0.5), (17, 0.2), (17, 0.8), (9, 0))]
    made = [MaskLaboratory(text, mask, lang="en", padding=n % (PADS + 1), layers=1 + n % 2,
                           time=int(rng.integers(1, LONGEST_TEXT + 1)), trained=("causal", "leak")[n // 2 % 2])
            for n, (text, mask) in enumerate(product(texts, [*PRESETS, *painted]))]
    check(made)


# --- Positions

def test_positions():
    """Every kind and pairing, on the short line and the long one, where the shift has room and where it has not."""
    rng = np.random.default_rng(7)
    made = []
    for n, (kind, pairing, extrapolate) in enumerate(product(KINDS, PAIRINGS, (False, True))):
        for stretch, pairs, base in ((1.0, 16, 10_000.0), (1.75, 2, 10.0), (8.0, 32, 1e5), (4.0, 5, 123.0)):
            first, second, shift = (int(each) for each in rng.integers(0, (LAST_POSITION + 1, LAST_POSITION + 1, 193)))
            made.append(Positions(first, second, kind, "en", pairing=pairing, extrapolate=extrapolate, stretch=stretch,
                                  pairs=pairs, base=base, shift=shift, vectors=("ones", "drawn")[n // 2 % 2]))
    made += [Positions(first, second, kind, "en", shift=shift)
             for kind in KINDS for first, second, shift in ((0, 0, 0), (63, 0, 9), (64, 63, 0), (255, 255, 192))]
    check(made)


# --- The Vision Transformer of digits

# How somebody may write each digit: strokes of points in the field of 32×32.
STROKES = {
    0: [[(16, 5), (11, 8), (9, 16), (11, 24), (16, 27), (21, 24), (23, 16), (21, 8), (16, 5)]],
    1: [[(13, 9), (17, 5), (17, 27)]],
    2: [[(10, 10), (12, 6), (16, 5), (21, 7), (22, 12), (10, 27), (23, 27)]],
    3: [[(10, 7), (15, 5), (20, 8), (19, 14), (14, 16), (20, 18), (22, 22), (19, 26), (14, 27), (9, 25)]],
    4: [[(17, 5), (9, 19), (23, 19)], [(19, 12), (19, 28)]],
    5: [[(22, 5), (12, 5), (11, 15), (17, 14), (22, 18), (22, 23), (17, 27), (10, 25)]],
    6: [[(19, 5), (12, 12), (10, 20), (12, 26), (18, 27), (22, 23), (20, 17), (14, 16), (11, 19)]],
    7: [[(10, 10), (10, 6), (22, 6), (20, 15), (18, 28)]],
    8: [[(16, 5), (11, 8), (12, 13), (20, 18), (22, 23), (16, 27), (10, 23), (12, 18), (20, 13), (21, 8), (16, 5)]],
    9: [[(21, 10), (17, 6), (11, 8), (11, 14), (16, 17), (21, 13), (21, 8), (20, 20), (17, 28)]],
}
DRAW = """((drawing) => { for (const stroke of c) stroke.forEach((at, n) => {
    drawing = m.stroked(drawing, stroke[Math.max(0, n - 1)], at); }); return m.rowsOf(drawing); })(m.blank())"""


@pytest.fixture(scope="module")
def written():
    """The drawings of the ten digits, as the page's pen makes them."""
    return compute("digit_vit/drawing.js", DRAW, list(STROKES.values()))


def test_digit_vit(written):
    """Examples, drawings, noise and nothing; everything that can be done to them, by every way through the networks."""
    rng = np.random.default_rng(8)
    noise = [rng.random((32, 32)) < 0.02, rng.random((32, 32)) < 0.5, np.zeros((32, 32), bool),
             rng.integers(17, size=(8, 8)), np.pad(np.ones((1, 9), bool), ((31, 0), (23, 0)))]
    made, ways = [], list(product(("nothing", "positions", "class_token"), ("trained", "switched"),
                                  ("paper", "mean", "gone")))
    for n, image in enumerate([*written, *noise, *range(12)]):
        without, network, erasing = ways[5 * n % len(ways)]
        order = rng.permutation(16) if n % 3 else list(range(16))
        made.append(DigitVit(image, fit=bool(n % 4), order=order, erasing=erasing, without=without, network=network,
                             erased=rng.permutation(16)[:(0, 1, 3, 14)[n % 4]], stage=n % 4))
    check(made)


def test_the_page_fits_and_counts_drawings_as_python_does(written):
    rng = np.random.default_rng(9)
    drawings = [np.array([[digit == "1" for digit in row] for row in rows]) for rows in written]
    for _ in range(60):
        h, w = rng.integers(1, 33, 2)
        drawing = np.zeros((32, 32), dtype=bool)
        drawing[rng.integers(33 - h):, rng.integers(33 - w):][:h, :w] = rng.random((h, w)) < 0.4
        drawings.append(drawing)
    page = compute("digit_vit/drawing.js", "m.counted(m.fitted(m.pixelsOf(c)))",
                   [["".join("01"[ink] for ink in row) for row in drawing.astype(int)] for drawing in drawings])
    for drawing, found in zip(drawings, page, strict=True):
        np.testing.assert_array_equal(found, counted(fitted(drawing)).ravel())


def test_what_is_drawn_in_the_page_is_read(written):
    """All ten digits by the whole network, and at least nine where they are written smaller, aside."""
    small = compute("digit_vit/drawing.js", DRAW,
                    [[[[x / 1.6 + 1, y / 1.6 + 10] for x, y in stroke] for stroke in each]
                     for each in STROKES.values()])
    for drawings, least in ((written, 10), (small, 9)):
        found = [DigitVit(drawing).numbers()["trained"].argmax() for drawing in drawings]
        assert sum(read == digit for digit, read in enumerate(found)) >= least, found


# --- Predict

def test_predict():
    asked = {"question": "How many?", "why": "So many."}
    scales = [(0, 100, 1, 61.3), (-0.5, 0.5, 0.1, -0.25), (1e-4, 2e-4, 1e-5, 1.23e-4)]
    made = [Predict(**asked, low=low, high=high, step=step, right=right, guess=guess)
            for low, high, step, right in scales for guess in (None, low, high, right)]
    made += [Predict(**asked, answers=["a", "b", "c", "d"], right=right, guess=guess)
             for right in range(4) for guess in (None, 0, 3)]
    check(made, rtol=0, atol=0)
