"""The gate laboratory's Python side, and its numbers: those of the page equal those of `seqbook.scratch`."""

import numpy as np
import pytest

from seqbook.data import adding_problem
from seqbook.models import NAMES, date_features, load, path, sum_features, text_features
from seqbook.widgets import GateLaboratory
from seqbook.widgets.gate_laboratory import BEGINNINGS, LIMIT, QUANTITIES, SORTS
from tests.javascript import compute

RNG = np.random.default_rng(3)
TEXT = 'Call it with "open(name)" (see\n    the *list* below) – x = [1, 2]\n\n한 😀'
CLAMPS = [
    {"gate": "f", "value": 0.0, "start": 5, "end": 9},
    {"gate": "i", "value": 1.0, "unit": 2, "start": 8},
    {"gate": "g", "value": -0.5, "end": 3},
    {"gate": "o", "value": 0.25, "unit": 1},
    {"gate": "i", "value": 0.5, "unit": 2, "start": 9, "end": 10},    # of the two that meet, the last one counts
]


def refused(**arguments) -> str:
    """The sentence with which `arguments` are refused."""
    with pytest.raises(ValueError) as error:
        GateLaboratory(**arguments)
    return str(error.value)


@pytest.mark.parametrize("name, bad", [
    ("model", ["lstm", None, 1]),
    ("text", [3, b"abc", ["a"], "a\ud800b", "\udc00"]),
    ("time", [0, LIMIT + 1, 1.5, "1", True]),
    ("unit", [-1, 128, 0.0, "3", True]),
    ("quantity", ["C", "", None, 3]),
    ("sort", ["sum", "month", 1]),
    ("clamps", [3, "f", {"gate": "f", "value": 0}, [("f", 0)], [{"gate": "f"}], [{"gate": "C", "value": 0}],
                [{"gate": "f", "value": 1.5}], [{"gate": "f", "value": -0.1}], [{"gate": "g", "value": -1.1}],
                [{"gate": "f", "value": np.nan}], [{"gate": "f", "value": 0, "unit": 128}],
                [{"gate": "f", "value": 0, "start": 0}], [{"gate": "f", "value": 0, "start": 5, "end": 4}],
                [{"gate": "f", "value": 0, "from": 4}]]),
])
def test_bad_arguments_are_refused_by_name(name, bad):
    for value in bad:
        assert name in refused(**{name: value}), value


@pytest.mark.parametrize("name, good, bad", [
    ("text", "other (text)", "\ud800"), ("time", 3, 0), ("unit", 127, 128), ("quantity", "o", "O"), ("sort", "line", "marks"),
    ("clamps", [{"gate": "f", "value": 0.5, "unit": None, "start": 2, "end": 2}], [{"gate": "f", "value": 2}]),
])
def test_assigned_traits_are_checked_and_keep_their_value_when_refused(name, good, bad):
    made = GateLaboratory()
    setattr(made, name, good)
    with pytest.raises(ValueError, match=name):
        setattr(made, name, bad)
    assert getattr(made, name) == good


def test_clamps_are_completed():
    made = GateLaboratory(clamps=({"gate": "g", "value": -1}, {"gate": "f", "value": np.float32(0.5), "end": np.int64(7)}))
    assert made.clamps == [{"gate": "g", "value": -1.0, "unit": None, "start": 1, "end": None},
                           {"gate": "f", "value": 0.5, "unit": None, "start": 1, "end": 7}]


@pytest.mark.parametrize("model", NAMES)
def test_each_model_begins_with_something_to_see(model):
    made = GateLaboratory(model)
    text, time, sort = BEGINNINGS[model]
    steps = len(text.split() if model == "adding" else text)
    assert made.text == text and 1 <= made.time == time <= steps and made.sort == sort and made.unit is None
    trained = load(model)
    if model == "adding":
        assert text.count("*") == 2
    else:
        assert set(text) <= set(trained.vocabulary.characters)
    specimen = made.specimen
    assert specimen["weights"] == path(model).read_bytes()
    assert specimen["predicts"] == {"documentation": "next", "adding": "number", "korean": "classes"}[model]
    assert GateLaboratory(model, text="1 2").time == 1


def test_sorts_belong_to_what_the_model_reads():
    page = compute("gate-laboratory/features.js", "Object.keys(m.FEATURES[c])", ["next", "number", "classes"])
    for model, features in zip(("documentation", "adding", "korean"), page, strict=True):
        assert sorted(SORTS[model]) == sorted(["unit", *features])
        for sort in SORTS[model]:
            assert GateLaboratory(model, sort=sort).sort == sort
    assert "sort" in refused(model="adding", sort="bracket")


@pytest.mark.parametrize("model", NAMES)
def test_without_clamps_the_numbers_are_the_layers_own(model):
    made = GateLaboratory(model, text=None if model == "adding" else TEXT)
    trained = load(model)
    if model == "adding":
        words = made.text.split()
        inputs = np.array([[float(word.rstrip("*")), word.endswith("*")] for word in words], np.float32)
    else:
        inputs = trained.vocabulary.encode(made.text)
    outputs, cache = trained.forward(inputs[None])
    found = made.numbers()
    for name, wanted in [("i", cache.input), ("f", cache.forget), ("g", cache.candidate), ("o", cache.output),
                         ("c", cache.cs), ("h", cache.hs), ("outputs", outputs)]:
        np.testing.assert_allclose(found[name], wanted[0], rtol=1e-4, atol=1e-4)    # the layers compute in float32


def test_clamps_hold_and_what_comes_before_them_does_not_change():
    free, held = GateLaboratory(text=TEXT).numbers(), GateLaboratory(text=TEXT, clamps=CLAMPS[:1]).numbers()
    for name in QUANTITIES:
        np.testing.assert_array_equal(free[name][:4], held[name][:4])
    assert (held["f"][4:9] == 0).all() and (free["f"][4:9] > 0).all() and (held["f"][9:] > 0).all()
    np.testing.assert_allclose(held["c"][4:9], (held["i"] * held["g"])[4:9])
    assert np.abs(held["c"] - free["c"])[9:].max() > 0.1


def page_numbers(widgets) -> list[dict]:
    """What the page computes for each widget: i, f, g, o, c, h (T, H) and outputs (T, O)."""
    cases = [{"specimen": {**widget.specimen, "weights": list(widget.specimen["weights"])}, "text": widget.text,
              "clamps": widget.clamps} for widget in widgets]
    specimen = "{...c.specimen, weights: new DataView(new Uint8Array(c.specimen.weights).buffer)}"
    found = compute("gate-laboratory/network.js", f"m.everything({specimen}, c.text, c.clamps)", cases)
    return [{name: np.array(rows, dtype=float) for name, rows in page.items()} for page in found]


@pytest.mark.parametrize("model", NAMES)
def test_the_page_computes_the_numbers_of_scratch(model):
    if model == "adding":
        texts = [BEGINNINGS[model][0], "0.5 nonsense 1e3 -2.5* .25 7.*", "0.1*"]
    else:
        known = load(model).vocabulary.characters
        texts = [BEGINNINGS[model][0], TEXT, "".join(RNG.choice(known, 400)), "\x00"]
    widgets = [GateLaboratory(model, text=text, clamps=clamps) for text in texts for clamps in ([], CLAMPS)]
    for widget, page in zip(widgets, page_numbers(widgets), strict=True):
        wanted = widget.numbers()
        assert set(page) == set(wanted)
        for name, values in wanted.items():
            np.testing.assert_allclose(page[name], values, rtol=1e-9, atol=1e-9, err_msg=f"{name} of {widget.text!r}")


def test_the_page_reads_as_many_steps_as_python():
    widgets = [GateLaboratory(text="ab" * 1600), GateLaboratory("adding", text="0.5 " * 3100)]
    for widget, page in zip(widgets, page_numbers(widgets), strict=True):
        assert len(page["c"]) == len(widget.numbers()["c"]) == LIMIT


def features(kind: str, steps: list) -> list[dict]:
    """The page's features for each list of steps."""
    expression = "Object.fromEntries(Object.entries(m.FEATURES[c.kind]).map(([name, feature]) => [name, feature(c.steps)]))"
    return compute("gate-laboratory/features.js", expression, [{"kind": kind, "steps": each} for each in steps])


def test_the_page_knows_the_features_that_the_models_are_measured_by():
    texts = [TEXT, "", '"a\n\nb" "c (d', "((a) b\n\n)c)", " *a* **b** * c *", "\n\n  x\n y", "😀(ab)😀"]
    dates = ["2026년 3월 9일 월요일", "2026-12-09", "’26. 1. 31. 오후 12:05"]
    x, _ = adding_problem(3, 12, rng=RNG)
    cases = [("next", text_features, texts, [[{"label": character} for character in text] for text in texts]),
             ("classes", date_features, dates, [[{"label": character} for character in text] for text in dates]),
             ("number", sum_features, list(x),
              [[{"value": float(value), "marker": float(marker)} for value, marker in each] for each in x])]
    for kind, measured, given, steps in cases:
        for one, page in zip(given, features(kind, steps), strict=True):
            for name, wanted in measured(one).items():
                np.testing.assert_allclose(page[name], wanted, rtol=0, atol=1e-12, err_msg=f"{name} of {one!r}")


def test_ranking_is_pearsons_correlation():
    cells, feature = RNG.standard_normal((50, 4)), RNG.standard_normal(50)
    cells[:, 1] = 2.0
    case = {"steps": [{"c": row} for row in cells.tolist()], "feature": feature.tolist()}
    [found] = compute("gate-laboratory/features.js", "m.ranking(c.steps, 'c', Float64Array.from(c.feature))", [case])
    wanted = {unit: 0.0 if unit == 1 else np.corrcoef(cells[:, unit], feature)[0, 1] for unit in range(4)}
    assert [entry["unit"] for entry in found] == sorted(wanted, key=lambda unit: -abs(wanted[unit]))
    for entry in found:
        assert entry["r"] == pytest.approx(wanted[entry["unit"]], abs=1e-12)
