"""The widgets' Python side, with the installed versions of anywidget and ipywidgets (Colab's too)."""

import inspect
import json
import unicodedata

import numpy as np
import pytest
import traitlets

import seqbook
from seqbook import widgets
from seqbook.data import digits, unspaced
from seqbook.models import load, path
from seqbook.models.attention import TASKS
from seqbook.models.digit_vit import load_digit_vits, moved, run
from seqbook.models.encoder_decoder import HEADS, load_translator, without
from seqbook.models.peeking import forward, load_peeking, losses
from seqbook.scratch import RNN, OutputRNN, SingleOutputRNN, log_softmax, softmax
from seqbook.scratch.positions import rotate, sinusoids
from seqbook.widgets import (
    AttentionMap, Cones, DigitVit, GateLaboratory, GradientFlow, MaskLaboratory, Positions, Predict, Stepper, Unfolding,
    attention_map, base,
)
from seqbook.widgets.cones import letters_of
from seqbook.widgets.gate_laboratory import BEGINNINGS, QUANTITIES
from seqbook.widgets.gradient_flow import DEEPEST, DRAWS, LONGEST, MODELS, D, H, draw, draw_above, joined, parted
from seqbook.widgets.stepper import END, tokens_of

RNG = np.random.default_rng(0)
WIDGETS = list(widgets.WIDGETS.values())
KNOBS = [(widget, name) for widget in WIDGETS for name in widget._knobs()]


@pytest.fixture(autouse=True)
def restore_language():
    before = seqbook.get_language()
    yield
    seqbook.set_language(before)


@pytest.mark.parametrize("widget", WIDGETS)
def test_speaks_the_page_language_unless_told(widget):
    for lang in ("ko", "en"):
        seqbook.set_language(lang)
        assert widget._example().lang == lang
    assert widget._example(lang="ko").lang == "ko"
    made = widget._example()
    made.lang = "ko"
    with pytest.raises(ValueError, match="lang must be one of"):
        made.lang = "de"
    assert made.lang == "ko"


def test_there_are_widgets_and_each_has_one_name():
    """Module, class and bundle; that the ES module's folder has it too is tested with its source (test_javascript)."""
    assert {"Unfolding", "GradientFlow", "GateLaboratory"} <= set(widgets.__all__)
    for widget in WIDGETS:
        name = widget.__module__.rpartition(".")[2]
        assert widgets.class_name(name) == widget.__name__ and name in widgets.WIDGETS
        assert str(widget._esm) == (base.STATIC / f"{name}.js").read_text("utf-8")
        assert str(widget._css) == (base.STATIC / f"{name}.css").read_text("utf-8")
    assert sorted(widgets.WIDGETS) == sorted(path.stem for path in base.STATIC.glob("*.js"))


def test_a_missing_bundle_says_how_it_is_made():
    with pytest.raises(FileNotFoundError, match="no_such_widget.js is missing: .*make bundle"):
        type("NoSuchWidget", (base.BookWidget,), {"__module__": "seqbook.widgets.no_such_widget"})


@pytest.mark.parametrize("widget", WIDGETS)
def test_carries_its_bundle_and_shows_itself(widget):
    made = widget._example()
    state = made.get_state()
    assert "export" in state["_esm"] and "render" in state["_esm"]
    assert ".sb" in state["_css"]
    shown = made._repr_mimebundle_()
    bundle = shown[0] if isinstance(shown, tuple) else shown
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == made.model_id


def refused(widget, **arguments):
    """The sentence with which `arguments` are refused."""
    with pytest.raises(ValueError) as error:
        widget._example(**arguments)
    return str(error.value)


@pytest.mark.parametrize("widget", WIDGETS)
def test_an_unknown_argument_is_an_error(widget):
    for name in ("stepp", "limits", "draws", "specimen"):    # what the widget itself brings is no argument
        with pytest.raises(TypeError, match=f"unexpected keyword argument '{name}'"):
            widget._example(**{name: 4})


# --- Every knob of every widget, by what it declares

def just_outside(limits: dict) -> list:
    """Numbers beyond a knob's limits by little and by much, whole where the limits are."""
    low, high = limits["min"], limits["max"]
    nudge = 1 if isinstance(low, int) else 1e-9 * max(1.0, abs(low), abs(high))
    return [low - nudge, high + nudge, -10 ** 6, 10 ** 6]


WRONG_KIND = [np.nan, np.inf, -np.inf, "", "1", b"1", (), {}, object(), np.ones((2, 2)), 1j]


@pytest.mark.parametrize("widget, name", KNOBS)
def test_what_a_knob_declares_is_what_it_takes(widget, name):
    """Both limits and every option are taken; what lies outside, NaN and other kinds are refused by the knob's name."""
    made, knob = widget._example(), widget._knobs()[name]
    limits = made.limits[name]
    if isinstance(knob, base.Number):
        good = [limits["min"], limits["max"]]
        whole = isinstance(knob, base.Integer)
        bad = [*just_outside(limits), *WRONG_KIND, True, False, *([0.5 + limits["min"]] if whole else [])]
        assert isinstance(limits["min"], int) == whole
        assert isinstance(limits["step"], (int, float)) and 0 < limits["step"] <= limits["max"] - limits["min"]
    elif isinstance(knob, base.Choice):
        good, bad = limits["options"], [*WRONG_KIND, limits["options"][0].upper() + " ", True, 0]
    elif isinstance(knob, base.Flag):
        good, bad = [True, False, np.True_], [*WRONG_KIND, 0, 1, 0.0]
    elif isinstance(knob, base.Characters):
        good, bad = ["", "a", "한😀", "x" * limits["most"] + "more"], [3, b"abc", ["a"], "a\ud800b", "\udc00"]
    else:
        good, bad = [getattr(made, name)], [3.5, object(), np.nan]    # its own tests say more
    if knob.allow_none:
        good = [*good, None]
    else:
        bad = [*bad, None]
    for value in good:
        setattr(made, name, value)
        kept = getattr(made, name)
        assert kept == value and (kept is None or isinstance(kept, (bool, int, float, str, list, dict)))
    for value in bad:
        with pytest.raises(ValueError, match=f"^{name}"):
            setattr(made, name, value)
        assert getattr(made, name) == kept, value
        if value is not None:    # which may stand for what follows from the other arguments
            with pytest.raises(ValueError, match=f"^{name}"):
                widget._example(**{name: value})


@pytest.mark.parametrize("widget", WIDGETS)
def test_limits_travel_to_the_page_and_cannot_be_set(widget):
    made = widget._example()
    assert list(made.limits) == list(widget._knobs()) and made.get_state()["limits"] == made.limits
    json.dumps(made.limits)
    with pytest.raises(traitlets.TraitError, match="read-only"):
        made.limits = {}
    for name, knob in widget._knobs().items():
        assert knob.metadata["sync"] and name in made.keys


@pytest.mark.parametrize("widget", WIDGETS)
def test_the_defaults_are_the_declared_ones_or_follow_from_the_others(widget):
    made, follows = widget._example(), {"text", "time", "sort", "step_to"}
    for name, knob in widget._knobs().items():
        if name not in follows:
            default = knob.default_value
            assert getattr(made, name) == (None if default is None else knob.check(made, default)), name


@pytest.mark.parametrize("widget, name", KNOBS)
def test_each_value_is_checked_once(widget, name, monkeypatch):
    """In the constructor, by an assignment, and when a page sends it."""
    value, checked, kind = getattr(widget._example(), name), [], type(widget._knobs()[name])
    check = kind.check

    def counting(knob, *arguments):
        if knob.name == name:
            checked.append(knob.name)
        return check(knob, *arguments)

    monkeypatch.setattr(kind, "check", counting)
    made = widget._example(**{name: value}) if value is not None else widget._example()
    assert len(checked) == (value is not None)
    checked.clear()
    setattr(made, name, value)
    assert len(checked) == (value is not None)
    checked.clear()
    made.set_state({name: value})
    assert len(checked) <= 1    # none for the very object that is there
    if "max" in made.limits[name] and isinstance(value, (int, float)):
        checked.clear()
        made.set_state({name: made.limits[name]["max"]})
        assert len(checked) == 1


@pytest.mark.parametrize("widget", WIDGETS)
def test_the_signature_names_every_knob(widget):
    """In the reference and in a notebook's help, not `**knobs`."""
    named = set(inspect.signature(widget).parameters)
    assert {"lang", *widget._knobs()} <= named and not {"knobs", "values", "self"} & named


@pytest.mark.parametrize("widget", WIDGETS)
def test_numbers_are_arrays_by_name(widget):
    found = widget._example().numbers()
    assert found and all(isinstance(name, str) and np.asarray(array).dtype == float for name, array in found.items())


# --- What each takes besides


@pytest.mark.parametrize("widget, name, bad", [
    (Unfolding, "time", [0, 5, 2.5]),
    (Unfolding, "x", [[], [1.0] * 13, [[1.0]], "abc", [np.nan], [10.0], 3.0]),
    (Unfolding, "y", [[], [np.inf], [[1.0, 2.0]]]),
    (Unfolding, "params", [3, [1.0], {"Q": 1.0}, {"W": 3.5}, {"W": np.nan}, {"W": np.ones((2, 2))}, {"W": "1"}]),
    (Unfolding, "focus", ["h13", "x0", "L0", "y0", "q", "W1", "hh", "h01", 3, None]),
    (GradientFlow, "step_from", [0, 31, 1.0]),
    (GradientFlow, "step_to", [0, 31]),
    (GradientFlow, "layer", [0, 2, 1.0]),
    (GradientFlow, "depth", [0, 7, 2.0]),
    (GradientFlow, "skips", [0, None]),
    (Cones, "change", [0, 49, 2.5]),
    (Cones, "lang", ["de"]),
    (Stepper, "forced", [3, None, "2\ud800"]),
    (Stepper, "time", [0, 65, 1.5]),
    (MaskLaboratory, "mask", ["Causal", "101", [], ["1"] * 2, ["12", "10"], ["1" * 18] * 18, [[1, 0], [0, 1]],
                              np.ones((2, 3), dtype=bool), np.ones((2, 2)), np.ones((18, 18), dtype=bool)]),
    (MaskLaboratory, "padding", [-1, 4, 1.0]),
    (MaskLaboratory, "layers", [0, 3]),
    (Positions, "first", [-1, 256, 2.5, None]),
    (Positions, "kind", ["RoPE", None, 1]),
    (Positions, "stretch", [0.99, 8.01, np.nan]),
    (GateLaboratory, "model", ["lstm", None, 1]),
    (GateLaboratory, "sort", ["sum", "month", 1]),
    (GateLaboratory, "clamps", [3, "f", {"gate": "f", "value": 0}, [("f", 0)]]),
    (GateLaboratory, "clamps", [[clamp] for clamp in (
        {"gate": "f"}, {"gate": "C", "value": 0}, {"gate": "f", "value": 1.5}, {"gate": "f", "value": -0.1},
        {"gate": "g", "value": -1.1}, {"gate": "f", "value": np.nan}, {"gate": "f", "value": 0, "unit": 128},
        {"gate": "f", "value": 0, "start": 0}, {"gate": "f", "value": 0, "start": 5, "end": 4},
        {"gate": "f", "value": 0, "from": 4})]),
])
def test_bad_arguments_are_refused_by_name(widget, name, bad):
    for value in bad:
        assert name in refused(widget, **{name: value}), value


def test_the_documented_limits_are_the_declared_ones():
    """What the docstrings, the chapters and the page speak of."""
    flow, unfolding, laboratory, cones, stepper, masks, positions = (
        kind().limits for kind in (GradientFlow, Unfolding, GateLaboratory, Cones, Stepper, MaskLaboratory, Positions))
    bounds = lambda limits: (limits["min"], limits["max"])
    names = ("steps", "radius", "forget_bias", "input_scale", "seed", "clip", "depth", "layer")
    assert {name: bounds(flow[name]) for name in names} == {
        "steps": (2, 50), "radius": (0.2, 2.0), "forget_bias": (-2.0, 6.0), "input_scale": (0.0, 3.0),
        "seed": (0, DRAWS - 1), "clip": (0.01, 100.0), "depth": (1, 6), "layer": (1, 6)}
    assert flow["model"]["options"] == ["rnn", "lstm", "gru", "transformer"]
    assert flow["loss"]["options"] == ["last", "every"]
    assert {name: bounds(unfolding[name]) for name in ("pattern", "steps", "params", "x", "y", "state")} == {
        "pattern": (1, 3), "steps": (1, 12), "params": (-3.0, 3.0), "x": (-9.0, 9.0), "y": (-9.0, 9.0),
        "state": (-9.0, 9.0)}
    assert cones["text"]["most"] == cones["time"]["max"] == cones["change"]["max"] == 48
    assert cones["into"]["most"] == 1
    assert cones["reader"]["options"] == ["forward", "backward", "both"]
    assert cones["predict"]["options"] == ["space", "next"]
    assert bounds(stepper["width"]) == (1, 8) and stepper["text"]["most"] == 48
    assert stepper["forced"]["most"] == stepper["node"]["most"] == 16 and bounds(stepper["time"]) == (1, 64)
    assert stepper["shown"]["options"] == ["greedy", "beam"]
    assert masks["text"]["most"] == masks["time"]["max"] == 14 and bounds(masks["layers"]) == (1, 2)
    assert bounds(masks["padding"]) == (0, 3) and masks["trained"]["options"] == ["causal", "leak"]
    assert masks["mask"]["options"] == ["causal", "padding", "off_by_one", "strict", "transposed", "inverted",
                                        "padding_in_query", "open", "closed"]
    assert {name: bounds(positions[name]) for name in ("first", "second", "pairs", "base", "stretch", "shift")} == {
        "first": (0, 255), "second": (0, 255), "pairs": (2, 32), "base": (10.0, 1e5), "stretch": (1.0, 8.0),
        "shift": (0, 192)}
    assert positions["kind"]["options"] == ["sinusoidal", "rotary", "learned"]
    assert bounds(laboratory["time"]) == (1, 3000) and laboratory["text"]["most"] == 3000
    assert bounds(laboratory["unit"]) == (0, 127) and laboratory["quantity"]["options"] == list(QUANTITIES)
    assert {gate: bounds(limits) for gate, limits in laboratory["clamps"].items()} == {
        "i": (0, 1), "f": (0, 1), "g": (-1, 1), "o": (0, 1)}


def test_messages_say_what_was_wanted_and_what_came():
    assert refused(GradientFlow, radius=2.5) == "radius must lie in [0.2, 2], got 2.5"
    assert refused(GradientFlow, radius="1") == "radius must be a finite number, got '1'"
    assert refused(GradientFlow, steps=51) == "steps must be an integer in 2..50, got 51"
    kinds = "'rnn', 'lstm', 'gru', 'transformer'"
    assert refused(GradientFlow, model="elman") == f"model must be one of {kinds}, got 'elman'"
    assert refused(GradientFlow, compare=1) == "compare must be True or False, got 1"
    assert refused(GradientFlow, step_to=31) == "step_to must be an integer in 1..30, got 31"
    assert refused(GradientFlow, depth=3, layer=4) == "layer must be an integer in 1..3, got 4"
    assert refused(GradientFlow, step_to=9, step_from=10) == "step_from must be an integer in 1..9, got 10"
    assert refused(Unfolding, time=5) == "time must be an integer in 1..4, got 5"
    assert refused(GateLaboratory, text="a\ud800b") == (
        "text must be made of characters, got half of a surrogate pair at index 1")
    assert refused(GateLaboratory, unit=128) == "unit must be an integer in 0..127, got 128"


@pytest.mark.parametrize("widget, name, good, bad", [
    (Unfolding, "focus", "W", "Q"), (Unfolding, "params", Unfolding(params={"W": 0.5}).params, {"W": 4.0}),
    (Unfolding, "x", [1.0] * 12, [10.0]),
    (GateLaboratory, "clamps", [{"gate": "f", "value": 0.5, "unit": None, "start": 2, "end": 2}],
     [{"gate": "f", "value": 2}]),
])
def test_assigned_traits_are_checked_and_keep_their_value_when_refused(widget, name, good, bad):
    made = widget()
    setattr(made, name, good)
    with pytest.raises(ValueError, match=name):
        setattr(made, name, bad)
    assert getattr(made, name) == good


def test_a_refused_value_of_the_page_is_not_kept():
    made = GradientFlow(radius=1.5)
    with pytest.raises(ValueError, match="radius"):
        made.set_state({"radius": 9.0})
    assert made.radius == 1.5


def test_unfolding_sequences():
    assert Unfolding(x=[1.0, -2.0, 0.5]).steps == 3
    assert Unfolding(x=np.array([1, 2], dtype=np.int64)).x == [1.0, 2.0] + [0.0] * 10
    assert Unfolding(x=[1.0, 2.0, 3.0], steps=2).steps == 2
    assert refused(Unfolding, x=[1.0, 2.0], steps=3) == "x must have at least steps=3 numbers, got 2"
    assert Unfolding(steps=6).time == 6 and len(Unfolding().y) == 12


def test_unfolding_takes_letters_names_in_code_and_layers():
    assert Unfolding(params={"W": -0.5}).params == {**Unfolding().params, "W": -0.5}
    assert Unfolding(params={"weight_oh": np.float32([[0.5]]), "output.bias": np.zeros(1)}).params["W"] == 0.5
    for layer in (RNN(1, 1, rng=RNG), OutputRNN(1, 1, 1, rng=RNG), SingleOutputRNN(1, 1, 1, rng=RNG)):
        for given in (layer, layer.params):
            params = Unfolding(params=given).params
            by_end = {name.split(".")[-1]: array.item() for name, array in layer.params.items() if "output" not in name}
            assert params["U"] == by_end["weight_ih"] and params["b"] == by_end["bias"]
            assert params["W"] == by_end.get("weight_hh", by_end.get("weight_oh"))
            if "output.weight" in layer.params:
                assert params["V"] == layer.params["output.weight"].item()
    assert "twice" in refused(Unfolding, params={"W": 1.0, "weight_hh": 1.0})
    assert "sizes are 1" in refused(Unfolding, params=RNN(1, 2, rng=RNG))
    assert "nonlinearity" in refused(Unfolding, params=RNN(1, 1, rng=RNG, nonlinearity="relu"))
    assert "feedback" in refused(Unfolding, params=OutputRNN(1, 1, 1, rng=RNG, feedback="softmax"))


def test_unfolding_numbers_by_hand():
    made = Unfolding(pattern=1, params={"U": 2.0, "W": -1.0, "V": 0.5, "b": 0.25, "c": -0.75}, x=[0.5, -0.25], y=[1, 1],
                     state=0.5)
    h1 = np.tanh(0.25 - 0.5 + 1.0)
    h2 = np.tanh(0.25 - h1 - 0.5)
    o = 0.5 * np.array([h1, h2]) - 0.75
    numbers = made.numbers()
    np.testing.assert_allclose(numbers["h"], [h1, h2], atol=1e-12)
    np.testing.assert_allclose(numbers["o"], o, atol=1e-12)
    np.testing.assert_allclose(numbers["total"], ((o - 1) ** 2).sum(), atol=1e-12)
    made.pattern = 3
    np.testing.assert_allclose(made.numbers()["o"], o[1:], atol=1e-12)
    made.pattern = 2
    first = 0.5 * np.tanh(0.25 - 0.5 + 1.0) - 0.75
    np.testing.assert_allclose(made.numbers()["o"], [first, 0.5 * np.tanh(0.25 - first - 0.5) - 0.75], atol=1e-12)
    made.teacher = True
    np.testing.assert_allclose(made.numbers()["o"][1], 0.5 * np.tanh(0.25 - 1.0 - 0.5) - 0.75, atol=1e-12)


@pytest.mark.parametrize("seed", range(DRAWS))
def test_drawn_matrices_have_spectral_radius_one(seed):
    drawn = draw(seed)
    shapes = {"x": (LONGEST, D), "weight_ih": (4 * H, D), "bias": (4 * H,)}
    assert {name: drawn[name].shape for name in shapes} == shapes
    layers = [drawn, *(draw_above(seed, number) for number in range(2, DEEPEST + 1))]
    for name in ("gaussian", "orthogonal"):
        for layer, largest in zip(layers, drawn[f"largest_{name}"], strict=True):
            blocks = layer[name].astype(np.float64).reshape(4, H, H)
            np.testing.assert_allclose(np.abs(np.linalg.eigvals(blocks)).max(axis=1), 1, atol=1e-5)
            np.testing.assert_allclose(np.linalg.norm(blocks[2], 2), largest, rtol=1e-5)
    np.testing.assert_allclose(drawn["largest_orthogonal"], 1, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(drawn["direction"]), 1, atol=1e-6)


def test_the_layers_above_are_drawn_as_the_lowest_and_each_by_itself():
    above = [draw_above(seed, number) for seed in range(DRAWS) for number in range(2, DEEPEST + 1)]
    for layer in above:
        assert layer["weight_ih"].shape == layer["gaussian"].shape == (4 * H, H) and layer["bias"].shape == (4 * H,)
        assert all(array.dtype == np.float32 for array in layer.values())
    for name, size in (("weight_ih", 1 / np.sqrt(H)), ("bias", 0.1)):
        numbers = np.concatenate([layer[name].ravel() for layer in above])
        assert len(np.unique(numbers)) > 0.99 * len(numbers)
        assert abs(numbers.mean()) < 0.1 * size and numbers.std() == pytest.approx(size, rel=0.1)
    blocks = np.concatenate([layer["orthogonal"].astype(np.float64).reshape(4, H, H) for layer in above])
    np.testing.assert_allclose(blocks @ blocks.transpose(0, 2, 1), np.broadcast_to(np.eye(H), blocks.shape), atol=1e-6)
    with_alike = np.corrcoef([layer["gaussian"].ravel() for layer in above])
    assert np.abs(with_alike - np.eye(len(above))).max() < 0.25    # of 256 numbers each


def test_draws_differ_and_travel_as_bytes():
    sent = [drawn["gaussian"] for drawn in GradientFlow().get_state()["draws"]]
    assert len({bytes(array["data"]) for array in sent}) == len(sent) == DRAWS
    np.testing.assert_array_equal(np.frombuffer(sent[3]["data"], "<f4").reshape(sent[3]["shape"]), draw(3)["gaussian"])


def test_gradient_flow_numbers_by_hand():
    """With the identity and an orthogonal matrix, every step multiplies every size by the spectral radius."""
    made = GradientFlow(steps=9, radius=0.8, weights="orthogonal", activation="identity")
    numbers = made.numbers()
    t, k = np.indices((9, 9))
    np.testing.assert_allclose(numbers["matrix"][t >= k], (0.8 ** (t - k))[t >= k], rtol=1e-5)
    assert np.isnan(numbers["matrix"][t < k]).all()
    np.testing.assert_allclose(numbers["dh"], 0.8 ** np.arange(8, -1, -1), rtol=1e-5)
    assert numbers["gradient"] > 0
    assert made.numbers("lstm")["dh"][0] != numbers["dh"][0]
    with pytest.raises(ValueError, match="model"):
        made.numbers("elman")
    made.loss = "every"
    assert made.numbers()["dh"][-1] == pytest.approx(1, abs=1e-6) and made.numbers()["dh"][0] != numbers["dh"][0]


@pytest.mark.parametrize("model", MODELS)
def test_jacobian_of_the_whole_state_by_nudging_it(model):
    """‖∂s(t)/∂s(k)‖ by finite differences of the forward pass alone, from s(k) on."""
    made = GradientFlow(model, 9, radius=1.2, forget_bias=0.5, input_scale=1.5, seed=2)
    k, t = 3, 8
    _, layer = made._network(model)
    x = 1.5 * draw(2)["x"][None, :9].astype(np.float64)

    def state_at(t, start, first=0):
        """s(t) from s(first) on, (B, S)."""
        start = np.split(start, 2, axis=1) if model == "lstm" else start
        B = len(start[0]) if model == "lstm" else len(start)
        (_, state), _ = layer.forward(np.repeat(x[:, first:t], B, axis=0), start)
        return np.concatenate(state, axis=1) if model == "lstm" else state

    S = 2 * H if model == "lstm" else H
    state = state_at(k, np.zeros((1, S)))
    nudges = 1e-6 * np.eye(S)
    columns = (state_at(t, state + nudges, k) - state_at(t, state - nudges, k)) / 2e-6    # (S nudged, S)
    np.testing.assert_allclose(np.linalg.norm(columns) / np.sqrt(S), made.numbers()["matrix"][t - 1, k - 1], rtol=1e-7)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("skips", [False, True])
@pytest.mark.parametrize("loss", ["last", "every"])
def test_the_map_by_nudging_the_state_of_one_layer(model, skips, loss):
    """‖∂L/∂s(l,t)‖ by finite differences of the stacked layers' forward pass, one state of one layer nudged."""
    T, depth = 6, 3
    made = GradientFlow(model, T, depth=depth, skips=skips, loss=loss, radius=1.3, forget_bias=0.5, seed=1)
    networks = [made._network(model, number) for number in range(1, depth + 1)]
    S = 2 * H if model == "lstm" else H

    def losses(nudged, t, nudges):
        """L (B,) when `nudges` (B, S) are added to the state of layer `nudged` at step t."""
        B = len(nudges)
        x = np.repeat(0.5 * draw(1)["x"][None, :T].astype(np.float64), B, axis=0)
        for number, (cell, layer) in enumerate(networks, start=1):
            if number != nudged:
                (out, _), _ = layer.forward(x)
            else:
                (before, state), _ = layer.forward(x[:, :t])
                state = joined(state) + nudges
                before[:, -1] = state[:, :H]
                (after, _), _ = layer.forward(x[:, t:], parted(state, cell)) if t < T else ((before[:, :0], None), None)
                out = np.concatenate([before, after], axis=1)
            x = out + x if skips and number > 1 else out
        own = x @ draw(1)["direction"].astype(np.float64)    # (B, T)
        return own[:, -1] if loss == "last" else own.sum(axis=1)

    found = made.numbers()
    assert found["layers"].shape == (depth, T)
    for layer in (1, 2, 3):
        for t in (1, 4, T):
            by = 1e-5 * np.eye(S)
            slopes = (losses(layer, t, by) - losses(layer, t, -by)) / 2e-5
            np.testing.assert_allclose(np.linalg.norm(slopes), found["layers"][layer - 1, t - 1], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("norm_place", ["pre", "post"])
@pytest.mark.parametrize("skips", [False, True])
@pytest.mark.parametrize("loss", ["last", "every"])
def test_the_transformer_by_nudging_what_a_block_puts_out(norm_place, skips, loss):
    """‖∂L/∂x(l,t)‖, one block's Jacobian and the norm of all gradients, by finite differences of the blocks alone."""
    T, depth = 5, 3
    made = GradientFlow("transformer", T, depth=depth, layer=2, skips=skips, loss=loss, norm_place=norm_place,
                        radius=1.3, seed=1)
    drawn = {name: np.asarray(array, np.float64) for name, array in draw(1).items()}
    blocks = [made._block(number) for number in (1, 2, 3)]
    x = [0.5 * drawn["x"][None, :T] @ drawn["weight_ih"][:H].T]    # x(0,t), x(1,t), …
    for block in blocks:
        x.append(block.forward(x[-1])[0])

    def losses(x, above):
        """L (B,) of x (B, T, H) through the blocks `above`."""
        for block in above:
            x, _ = block.forward(x)
        own = x @ drawn["direction"]
        return own[:, -1] if loss == "last" else own.sum(axis=1)

    found, by = made.numbers(), 1e-5
    for layer in (1, 2, 3):
        for t in (1, 3, T):
            nudges = np.zeros((H, T, H))
            nudges[:, t - 1] = by * np.eye(H)
            slopes = (losses(x[layer] + nudges, blocks[layer:]) - losses(x[layer] - nudges, blocks[layer:])) / (2 * by)
            np.testing.assert_allclose(np.linalg.norm(slopes), found["layers"][layer - 1, t - 1], rtol=1e-5, atol=1e-8)
            moved = (blocks[1].forward(x[1] + nudges)[0] - blocks[1].forward(x[1] - nudges)[0]) / (2 * by)
            sizes = np.sqrt(np.square(moved).sum(axis=(0, 2)) / H)    # of each later position
            np.testing.assert_allclose(sizes[t - 1:], found["matrix"][t - 1:, t - 1], rtol=1e-5, atol=1e-8)
            np.testing.assert_allclose(sizes[:t - 1], 0, atol=1e-8)
            assert np.isnan(found["matrix"][:t - 1, t - 1]).all()
    np.testing.assert_array_equal(found["dh"], found["layers"][1])

    squares = 0
    for block in blocks:
        for part in block.parts.values():
            for array in part.params.values():
                for place in np.ndindex(array.shape):
                    kept, sides = array[place], []
                    for step in (by, -by):
                        array[place] = kept + step
                        sides.append(losses(x[0], blocks)[0])
                    array[place] = kept
                    squares += ((sides[0] - sides[1]) / (2 * by)) ** 2
    flow, of_norms = np.zeros((1, T, H)), 0    # whose scales and shifts are in it, too
    flow[0, slice(T - 1, T) if loss == "last" else slice(None)] = drawn["direction"]
    for number in (2, 1, 0):
        flow, grads = blocks[number].backward(flow, blocks[number].forward(x[number])[1])
        of_norms += sum(np.square(grad).sum() for name, grad in grads.items() if ".norm." in name)
    assert found["gradient"] ** 2 == pytest.approx(squares + of_norms, rel=1e-5)
    assert made.numbers("rnn")["layers"].shape == (depth, T)


def test_the_layer_is_what_chart_and_matrix_speak_of():
    made = GradientFlow("gru", 7, depth=3, skips=True)
    found = [made.numbers()]
    for layer in (2, 3):
        made.layer = layer
        found.append(made.numbers())
    for number, numbers in enumerate(found):
        np.testing.assert_array_equal(numbers["layers"], found[0]["layers"])
        np.testing.assert_array_equal(numbers["dh"], numbers["layers"][number])
        assert numbers["gradient"] == found[0]["gradient"]
    assert len({numbers["matrix"][6, 0] for numbers in found}) == 3
    made.depth = 2    # a layer beyond the top one is shown as the top one
    np.testing.assert_array_equal(made.numbers()["dh"], made.numbers()["layers"][1])


def test_one_layer_is_what_it_was_before_there_were_more():
    """The numbers that chapters print, of seeds and settings that they use: ‖∂L/∂s(1)‖ and the gradient's norm."""
    wanted = {"rnn": (2.976703200770026e-06, 2.916323710848489), "lstm": (0.06484275538339627, 1.1457750667954276),
              "gru": (0.5327198807533037, 0.5800668892984008)}
    for model, values in wanted.items():
        for skips in (False, True):
            found = GradientFlow(model, 40, forget_bias=4.0, skips=skips).numbers()
            np.testing.assert_allclose([found["dh"][0], found["gradient"]], values, rtol=1e-9)
            np.testing.assert_array_equal(found["layers"], [found["dh"]])


# --- Stepper

def test_stepper_begins_at_its_last_step_and_reads_what_is_typed():
    for lang in ("ko", "en"):
        made = Stepper(lang=lang)
        assert made.text == "2026년 3월 9일 월요일" and made.time == len(made.text) + 11
    assert Stepper("26. 3. 9.").time == 9 + 11 and Stepper("26. 3. 9.", time=2).time == 2 and Stepper("").time == 1
    assert tokens_of("20x26-■3") == [2, 0, 2, 6, 10, END] and tokens_of("1" * 20) == [1] * 16 and tokens_of("") == []


def test_stepper_numbers_are_the_trained_models():
    model, made = load("iso"), Stepper("2026년 3월 9일 월요일", width=4)
    found = made.numbers()
    assert "".join(model.labels[int(token)] for token in found["written"][:-1]) == "2026-03-09"
    np.testing.assert_allclose(found["states"], model.states(made.text), atol=1e-4)
    np.testing.assert_allclose(np.exp(found["log_probs"]).sum(axis=1), 1)
    assert len(found["beam_ids"]) == len(found["beam_log_prob"]) == 4
    chosen = found["log_probs"][np.arange(11), found["written"].astype(int)]
    assert found["greedy_log_prob"] == pytest.approx(chosen.sum())
    np.testing.assert_array_equal(found["kept"][-1], found["beam_log_prob"])
    assert (np.diff(found["kept"], axis=1) <= 0).all() and (np.diff(found["kept"][:, 0]) <= 0).all()


def test_stepper_goes_on_from_what_the_reader_chose():
    free, chosen = (Stepper("2026년 3월 9일 월요일", forced=forced, width=2).numbers() for forced in ("", "2026-1"))
    assert chosen["written"][:6].tolist() == [2, 0, 2, 6, 10, 1] and free["written"][5] == 0
    np.testing.assert_allclose(chosen["log_probs"][:6], free["log_probs"][:6])    # what stood there before is the same
    assert (np.abs(chosen["log_probs"][6] - free["log_probs"][6]) > 1e-3).any()
    before = free["log_probs"][np.arange(6), [2, 0, 2, 6, 10, 1]].sum()
    assert before > chosen["kept"][0, 0] > before + free["log_probs"].min() and chosen["beam_ids"].shape[0] == 2
    assert Stepper("1월", forced="20■").numbers()["beam_ids"].size == 0


# --- Attention map

def test_the_attention_map_begins_with_each_models_own_text_and_step():
    for lang in ("ko", "en"):
        made = AttentionMap(lang=lang)
        assert (made.model, made.text, made.time) == ("phrases-en", "Ich möchte ein Bier trinken", 5)
    for model, (text, time) in attention_map.BEGINNINGS.items():
        made = AttentionMap(model)
        assert (made.text, made.time) == (text, time) and 1 <= time <= len(made.numbers()["written"])
    assert AttentionMap("dates", "26. 3. 9.").time == 1 and AttentionMap("dates", "26. 3. 9.", time=3).time == 3


def test_the_attention_map_carries_only_the_models_that_are_asked_for():
    size = lambda made: sum(len(file) for task in made.specimen["models"].values() for file in task["files"].values())
    carried = lambda made: {name: list(task["files"]) for name, task in made.specimen["models"].items()}
    every = AttentionMap()
    assert carried(every) == {task: list(recipe.scores) for task, recipe in TASKS.items()} and size(every) < 150_000
    one = AttentionMap("dates", models=("dates",))
    assert carried(one) == {"dates": ["general"]} and size(one) < 20_000
    assert one.limits["model"]["options"] == ["dates"] and "dates" in carried(AttentionMap("dates", models=["names"]))
    two = AttentionMap(models=["phrases-en"], scores=["dot"], score="additive")
    assert carried(two) == {"phrases-en": ["dot", "additive"]} and size(two) < 40_000
    assert carried(AttentionMap(scores=["dot"], score="dot"))["names"] == ["general"]    # it has no other
    with pytest.raises(ValueError, match="model must be one of"):
        one.model = "names"


def test_the_attention_map_carries_only_the_architecture_that_is_asked_for():
    recurrent, transformer = AttentionMap("dates", models=["dates"]), AttentionMap(
        "dates", models=["dates"], architecture="transformer")
    assert recurrent.limits["architecture"]["options"] == ["recurrent"] and not recurrent.specimen["transformers"]
    assert transformer.limits["architecture"]["options"] == ["transformer"] and not transformer.specimen["models"]
    carried = transformer.specimen["transformers"]["dates"]
    assert len(carried["file"]) < 40_000 and carried["right"] > 0.99 and tuple(carried["erased"]) == HEADS
    both = AttentionMap("dates", models=["dates"], architectures=("transformer", "recurrent"))
    assert both.architecture == "recurrent" and both.limits["architecture"]["options"] == ["recurrent", "transformer"]
    assert both.specimen["models"].keys() == both.specimen["transformers"].keys() == {"dates"}
    with pytest.raises(ValueError, match="architecture must be one of"):
        recurrent.architecture = "transformer"


def test_an_erased_head_adds_nothing_and_the_output_is_written_anew():
    made = AttentionMap("dates", architecture="transformer", models=["dates"], layer=2, head=1, lang="en")
    free = made.numbers()
    made.erased = ["cross 2 1"]
    erased = made.numbers()
    assert free["added"].any(axis=1).all() and not erased["added"].any() and erased["mixed"].any()
    model = load_translator("dates")
    write = lambda found: model.text(found["written"].astype(int))
    assert write(free) == "2026-03-09" != write(erased) == without(model, "cross 2 1").write(made.text)
    made.erased = ("cross 2 2", "encoder 1 1", "cross 2 2")
    assert made.erased == ["encoder 1 1", "cross 2 2"]
    made.erased = []
    made.temperature = 0.5
    sharper = made.numbers()
    np.testing.assert_allclose(sharper["encoder"][0].sum(axis=-1), 1)
    assert (sharper["encoder"][0].max(axis=-1) > free["encoder"][0].max(axis=-1)).all()    # whose scores are the same
    nothing = AttentionMap("dates", "", architecture="transformer", models=["dates"]).numbers()
    assert nothing.keys() == free.keys() and not any(each.size for each in nothing.values())


@pytest.mark.parametrize("arguments, message", [
    ({"architecture": "perceptron"}, "architecture must be one of"),
    ({"architectures": "transformer"}, "architectures must be some of"),
    ({"erased": "cross 1 1"}, "erased must be a list of heads"), ({"erased": [3]}, r"erased\[0\] must be one of"),
    ({"erased": ["cross 1 1", "cross 3 1"]}, r"erased\[1\] must be one of 'encoder 1 1'"),
    ({"models": "dates"}, r"models must be some of \('phrases-en'.*got 'dates'"),
    ({"models": ["poems"]}, "models must be some of"), ({"scores": ["cosine"]}, "scores must be some of"),
    ({"moved": 3}, "moved must be a list"),
    ({"moved": [{"step": 1}]}, r"moved\[0\] must be a dict of step and weights"),
    ({"moved": [{"step": 0, "weights": [1.0]}]}, r"moved\[0\]\['step'\] must be an integer in 1..24"),
    ({"moved": [{"step": 1, "weights": []}]}, r"moved\[0\]\['weights'\] must be a list of 1 to 48 numbers"),
    ({"moved": [{"step": 1, "weights": [0.5, 0.4]}]}, r"moved\[0\]\['weights'\] must have the sum 1, got 0.9"),
    ({"moved": [{"step": 1, "weights": [1.5, -0.5]}]}, r"moved\[0\]\['weights'\]\[0\] must lie in \[0, 1\], got 1.5"),
    ({"moved": [{"step": 1, "weights": [1.0]}] * 25}, "moved must be a list of up to 24 dicts"),
])
def test_the_attention_map_refuses_by_the_arguments_name(arguments, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        AttentionMap(**arguments)


def test_what_is_done_to_the_weights_reaches_the_output():
    free = AttentionMap(score="additive", lang="en").numbers()
    assert free["weights"][4].argmax() == 4    # "drink" looks at "trinken"
    row = {"step": 5, "weights": [0, 0, 0, 1.0, 0]}
    moved = AttentionMap(score="additive", lang="en", moved=[row]).numbers()
    np.testing.assert_array_equal(moved["weights"][4], row["weights"])
    np.testing.assert_allclose(moved["contexts"][4], moved["states"][3])
    np.testing.assert_array_equal(moved["weights"][:4], free["weights"][:4])
    assert not moved["d_scores"].any() and moved["d_weights"].all() and free["d_scores"].all()
    assert np.exp(moved["log_probs"][4]).argmax() != free["written"][4]
    uniform, shifted, off = (AttentionMap(lang="en", attention=attention).numbers()
                             for attention in ("uniform", "shifted", "off"))
    np.testing.assert_allclose(uniform["weights"], 1 / 5)
    np.testing.assert_allclose(shifted["weights"][0], np.roll(AttentionMap(lang="en").numbers()["weights"][0], 1))
    assert not off["weights"].any() and not off["contexts"].any() and not off["d_weights"].any()
    other = AttentionMap(lang="en", moved=[{"step": 5, "weights": [0.5, 0.5]}]).numbers()    # of another text
    np.testing.assert_array_equal(other["weights"], AttentionMap(lang="en").numbers()["weights"])


def test_a_lower_temperature_sharpens_and_without_a_text_there_is_nothing():
    entropy = [-(w * np.log(w)).sum() for w in (AttentionMap(score="scaled dot", lang="en", temperature=tau).numbers()
                                                ["weights"][0] for tau in (0.3, 1.0, 4.0))]
    assert entropy[0] < entropy[1] < entropy[2]
    nothing = AttentionMap(lang="en", text=" ").numbers()
    assert nothing.keys() == AttentionMap(lang="en").numbers().keys()
    assert not any(each.size for each in nothing.values())


# --- Cones

@pytest.mark.parametrize("lang", ["ko", "en"])
def test_cones_begin_where_only_what_follows_decides(lang):
    """The forward reader puts a space where none was; both readers together know better."""
    made = Cones(lang=lang)
    letters, spaces = unspaced(made.text)
    assert set(letters) <= set(load("spacing").vocabulary.characters) and not spaces[made.time - 1]
    forward, backward, both = made.numbers()["probability"][:, made.time - 1]
    assert forward > 0.7 and backward < 0.2 and both < 0.2
    assert ((made.numbers()["probability"][2] > 0.5) == spaces[:-1]).all()    # and so everywhere
    assert Cones("an egg").time == 1 and Cones("an egg", lang=lang, time=4).time == 4


def test_cones_take_the_spaces_out_and_read_the_first_letters():
    assert letters_of(" An\u3000 egg\n\x85한글É ") == "anegg한글É"
    assert letters_of(unicodedata.normalize("NFD", "한글")) == "한글" and letters_of(" \t") == ""
    assert letters_of("ab " * 40) == "ab" * 24
    for text in ("", "  ", "a"):
        numbers = Cones(text, change=1).numbers()
        assert numbers["forward"].shape == (len(text.strip()), 64) and numbers["probability"].shape == (3, 0)
        assert not numbers["known"].any()


def test_what_cones_say_moves_is_what_moves():
    """A letter changed at p: forward states before it and backward states after it stay the same, bit for bit."""
    made, p = Cones("the list of all names", change=6, into=" Q"), 6
    numbers, T = made.numbers(), 17
    other = Cones("the liqt of all names").numbers()
    for name, still in (("forward", np.arange(T) < p - 1), ("backward", np.arange(T) > p - 1)):
        np.testing.assert_array_equal(numbers[name][still], other[name][still])
        moved = np.sqrt(np.square(numbers[name] - other[name]).sum(axis=1))
        np.testing.assert_allclose(numbers[f"{name}_moved"], moved, rtol=1e-12, atol=0)
        assert (moved[~still] > 0).all()
    np.testing.assert_array_equal(numbers["probability_changed"], other["probability"])
    before, after = numbers["probability"], numbers["probability_changed"]
    gap = np.arange(T - 1)
    assert ((before != after)[0] == (gap >= p - 1)).all() and ((before != after)[1] == (gap <= p - 1)).all()
    assert (before != after)[2].all()
    for change, into in ((None, "q"), (18, "q"), (6, " ")):
        still = Cones("the list of all names", change=change, into=into).numbers()
        assert not still["forward_moved"].any() and not still["backward_moved"].any()


@pytest.mark.parametrize("reader, known", [("forward", [1, 3]), ("backward", [3, 6]), ("both", [1, 6])])
def test_what_an_output_can_know_is_what_changes_it(reader, known):
    """Every letter of the cone, changed, moves the output; no other does."""
    made = Cones("an eggs", time=3, reader=reader)
    np.testing.assert_array_equal(made.numbers()["known"], known)
    at = ("forward", "backward", "both").index(reader)
    moving = []
    for change in range(1, 7):
        made.change, made.into = change, "q"
        numbers = made.numbers()
        if numbers["probability"][at, 2] != numbers["probability_changed"][at, 2]:
            moving.append(change)
    assert moving == list(range(known[0], known[1] + 1))


# --- Mask laboratory

def test_a_mask_is_a_name_or_painted():
    painted = np.array([[1, 0, 1], [1, 1, 0], [0, 0, 0]], dtype=bool)
    made = MaskLaboratory("abcde", painted)
    assert made.mask == ["101", "110", "000"]
    wanted = np.tri(5, dtype=bool)    # causal beyond what is painted
    wanted[:3, :3] = painted
    assert np.array_equal(made.numbers()["mask"], wanted) and np.array_equal(made.mask_of(2, 0), painted[:2, :2])
    made.mask = ("11", "01")
    assert made.mask == ["11", "01"]
    made.mask[0] = "10"
    assert made.mask == ["10", "01"]
    with pytest.raises(ValueError, match="^mask must be one of 'causal', .* or T strings of T digits 0 and 1"):
        made.mask[0] = "102"
    said = refused(MaskLaboratory, mask=np.ones((2, 3), dtype=bool))
    assert said.endswith("with T in 1..17, got shape (2, 3) of bool")
    assert [MaskLaboratory(mask=name).padding for name in ("causal", "padding", "padding_in_query")] == [0, 2, 2]
    assert MaskLaboratory(mask="padding", padding=0).padding == 0


def test_presets_are_the_masks_that_people_write():
    T, P = 6, 2
    made = MaskLaboratory("abcd", padding=P)
    right, rows = np.zeros((2, T, T), dtype=bool)
    for t in range(T):
        right[t, P:t + 1] = True
        rows[t, :t + 1] = t >= P
    causal = np.tril(np.ones((T, T), dtype=bool))
    wanted = {"causal": causal, "padding": right, "off_by_one": np.tril(np.ones((T, T), dtype=bool), 1),
              "strict": np.tril(np.ones((T, T), dtype=bool), -1), "transposed": np.triu(np.ones((T, T), dtype=bool)),
              "inverted": np.triu(np.ones((T, T), dtype=bool), 1), "padding_in_query": rows,
              "open": np.full((T, T), True), "closed": np.full((T, T), False)}
    assert list(wanted) == made.limits["mask"]["options"]
    for name, mask in wanted.items():
        made.mask = name
        assert np.array_equal(made.numbers()["mask"], mask), name


def test_the_causal_numbers_are_the_language_models_own():
    networks, vocabulary, _ = load_peeking(np.float64)
    made = MaskLaboratory("the statement", layers=2)
    ids, found = vocabulary.encode(made.text), made.numbers()
    for at, network in enumerate(networks.values()):
        log_probs = log_softmax(network.forward(ids[None])[0][0])
        wanted = [-log_probs[t, ids[t + 1]] for t in range(len(ids) - 1)]
        for name in ("loss", "right_loss") + ("training_loss",) * (at == 0):
            np.testing.assert_allclose(found[name][at], wanted, rtol=1e-12, err_msg=name)
        first, past = network.step(ids[None])    # and what it writes is what it writes with a cache
        read = first[0, -1].argmax()
        for written in found["written"][at]:
            assert written == read
            first, past = network.step(np.array([[read]]), past)
            read = first[0, -1].argmax()


def test_padding_changes_nothing_under_the_right_mask_and_something_under_the_wrong_one():
    plain = MaskLaboratory(layers=2).numbers()
    for P in (1, 3):
        right, wrong = (MaskLaboratory(mask=mask, padding=P, layers=2).numbers()
                        for mask in ("padding", "padding_in_query"))
        for name in ("loss", "right_loss", "training_loss", "answer", "written"):
            np.testing.assert_allclose(right[name], plain[name], rtol=1e-11, err_msg=name)
        np.testing.assert_allclose(right["gradient"][P:], plain["gradient"], rtol=1e-11)
        assert not right["gradient"][:P].any() and wrong["gradient"][:P].all()
        assert np.abs(wrong["loss"] - plain["loss"]).mean() > 0.1
        one = (MaskLaboratory(mask=mask, padding=P).numbers()["loss"] for mask in ("padding_in_query", "causal"))
        np.testing.assert_array_equal(*one)    # to real characters it is no mask at all, through one block


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("trained", ["causal", "leak"])
def test_what_a_position_can_know_is_what_changes_it(layers, trained):
    """Under random masks: a token of another kind moves exactly the positions that can know of it."""
    rng, text = np.random.default_rng(3), "a function"
    for share in (0.05, 0.15, 0.4):
        made = MaskLaboratory(text, rng.random((10, 10)) < share, layers=layers, trained=trained)
        found = made.numbers()
        network, ids = load_peeking(np.float64).networks[trained], load_peeking().vocabulary.encode(text)
        mask = found["mask"] > 0
        before, _ = forward(network, ids[None], mask, layers)
        moved = np.zeros((10, 10))
        for s in range(10):
            other = ids.copy()
            other[s] = load_peeking().vocabulary.encode("Z")[0]
            after, _ = forward(network, other[None], mask, layers)
            moved[:, s] = (after != before)[0].any(axis=1)
        assert np.array_equal(moved, found["knows"])
        for time in range(1, 11):
            made.time = time
            assert np.array_equal(made.numbers()["gradient"] > 0, found["knows"][time - 1] > 0), time


def test_the_gradient_is_that_of_the_answers_loss():
    """By nudging the embedding of a character that stands once in the text: its token's vector moves by √E as much."""
    made, eps = MaskLaboratory("abcdef", "off_by_one", layers=2, time=3), 1e-6
    network, ids = load_peeking(np.float64).networks["causal"], load_peeking().vocabulary.encode("abcdef")
    E, gradient = network.tokens.embedding.params["weight"].shape[1], made.numbers()["gradient"]
    for s in range(6):
        row, slopes = network.tokens.embedding.params["weight"][ids[s]], np.zeros(E)
        for e in range(E):
            up, down = (losses_after(network, ids, row, e, way * eps)[0, 2] for way in (1, -1))
            slopes[e] = (up - down) / (2 * eps * np.sqrt(E))
        assert gradient[s] == pytest.approx(np.linalg.norm(slopes), rel=1e-6, abs=1e-9), s
    assert gradient[3] > 0.01    # its answer's own


def losses_after(network, ids, row, e, by):
    """The losses under the mask that is off by one after a nudge of one number."""
    row[e] += by
    logits, _ = forward(network, ids[None], np.tri(len(ids), k=1, dtype=bool), 2)
    row[e] -= by
    return losses(logits[:, :-1], ids[None, 1:])


def test_the_leak_is_too_good_in_training_and_of_no_use_afterwards():
    evenly = np.log(len(load_peeking().vocabulary))
    for text in ("the statement", "if the stateme", "The value of e", "a function obj"):
        for layers in (1, 2):
            found = MaskLaboratory(text, "off_by_one", layers=layers).numbers()
            causal, leak = found["training_loss"].mean(axis=1)
            assert leak < 0.05 and 0.5 < causal < 2
            assert found["right_loss"][1].mean() > 2 * evenly and found["right_loss"][0].mean() == causal
            np.testing.assert_array_equal(found["loss"][1], found["training_loss"][1])


# --- Gate laboratory

TEXT = 'Call it with "open(name)" (see\n    the *list* below) – x = [1, 2]\n\n한 😀'


def test_clamps_are_completed():
    clamps = {"gate": "g", "value": -1}, {"gate": "f", "value": np.float32(0.5), "end": np.int64(7)}
    made = GateLaboratory(clamps=clamps)
    assert made.clamps == [{"gate": "g", "value": -1.0, "unit": None, "start": 1, "end": None},
                           {"gate": "f", "value": 0.5, "unit": None, "start": 1, "end": 7}]


@pytest.mark.parametrize("model", BEGINNINGS)
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


@pytest.mark.parametrize("model, own, other", [
    ("documentation", "bracket", "sum"), ("adding", "marks", "month"), ("korean", "month read", "bracket"),
])
def test_sorts_belong_to_what_the_model_reads(model, own, other):
    assert GateLaboratory(model, sort=own).sort == own
    assert "sort" in refused(GateLaboratory, model=model, sort=other)


@pytest.mark.parametrize("model", BEGINNINGS)
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
    for name, wanted in [("i", cache.input_gate), ("f", cache.forget_gate), ("g", cache.candidate),
                         ("o", cache.output_gate), ("c", cache.cs), ("h", cache.hs), ("outputs", outputs)]:
        np.testing.assert_allclose(found[name], wanted[0], rtol=1e-4, atol=1e-4)    # the layers compute in float32


def test_clamps_hold_and_what_comes_before_them_does_not_change():
    clamps = [{"gate": "f", "value": 0.0, "start": 5, "end": 9}]
    free, held = GateLaboratory(text=TEXT).numbers(), GateLaboratory(text=TEXT, clamps=clamps).numbers()
    for name in QUANTITIES:
        np.testing.assert_array_equal(free[name][:4], held[name][:4])
    assert (held["f"][4:9] == 0).all() and (free["f"][4:9] > 0).all() and (held["f"][9:] > 0).all()
    np.testing.assert_allclose(held["c"][4:9], (held["i"] * held["g"])[4:9])
    assert np.abs(held["c"] - free["c"])[9:].max() > 0.1


@pytest.mark.parametrize("widget", WIDGETS)
def test_state_but_for_arrays_is_plain_json(widget):
    state = widget._example().get_state()
    json.dumps({name: value for name, value in state.items() if name not in ("draws", "specimen", "layout")})


def test_a_dict_or_list_changed_in_place_is_drawn_or_refused():
    widget, sent = Unfolding(), []
    widget.observe(lambda change: sent.append((change.name, change.new)), ["params", "x"])
    params = widget.params
    params["W"] = 2.0
    widget.params = params
    assert sent == [("params", {**Unfolding().params, "W": 2.0})] and params["W"] == 2.0
    widget.x[0] = 5.0
    assert widget.x[0] == 5.0 and sent[-1][0] == "x" and widget.get_state()["x"][0] == 5.0
    for wrong in (lambda: widget.params.update(W=99.0), lambda: widget.x.append(1.0),
                  lambda: widget.x.__setitem__(0, np.nan)):
        count = len(sent)
        with pytest.raises(ValueError, match="params|x"):
            wrong()
        assert len(sent) == count and widget.params["W"] == 2.0 and widget.x[0] == 5.0
    laboratory = GateLaboratory(clamps=[{"gate": "f", "value": 0.5}])
    clamp = laboratory.clamps[0]
    clamp["value"] = 1.0
    assert laboratory.clamps[0]["value"] == clamp["value"] == 1.0
    with pytest.raises(ValueError, match="clamps"):
        clamp["value"] = 7
    laboratory.clamps.clear()
    with pytest.raises(ValueError, match="clamps has been set since this was read"):
        clamp["value"] = 0.0
    assert laboratory.clamps == []


def test_decomposed_hangul_is_composed_in_a_widgets_text():
    text = "2026년 12월 9일"
    laboratory = GateLaboratory("korean", text=unicodedata.normalize("NFD", text))
    assert laboratory.text == text
    wanted = GateLaboratory("korean", text=text).numbers()["outputs"]
    np.testing.assert_array_equal(laboratory.numbers()["outputs"], wanted)


# --- Predict

CHOICES = {"question": "How many?", "answers": ["none", "one", "two"], "right": 1, "why": "There is one."}
SLIDER = {"question": "How much?", "low": 0, "high": 100, "right": 61.3, "why": "So much."}


def unasked(base, **arguments):
    """The sentence with which a question is refused: `base`, with `arguments` in place of its own."""
    with pytest.raises(ValueError) as error:
        Predict(**base | arguments)
    return str(error.value)


def test_predict_takes_what_a_computation_gives():
    logits = np.array([0.1, 2.0, -1.0])
    made = Predict(**CHOICES | {"right": np.argmax(logits)})
    assert made.right == 1 and type(made.right) is int and made.answers == ["none", "one", "two"]
    for right in (np.float32(61.5), np.array(61.5), np.float64(61.5)):
        made = Predict(**SLIDER | {"right": right})
        assert made.right == 61.5 and type(made.right) is float
    assert Predict(**SLIDER | {"right": np.int64(61)}).numbers()["right"] == 61.0
    made = Predict("Why?", ("a", " b\n", "c", "d"), right=3, why="So.")
    assert made.question == "Why?" and made.answers == ["a", "b", "c", "d"] and made.guess is None


def test_predict_composes_hangul():
    decomposed = unicodedata.normalize("NFD", "가나요?")
    made = Predict(decomposed, [decomposed, "b", "c"], right=0, why=decomposed)
    assert made.question == made.answers[0] == made.why == "가나요?"


def test_predict_has_a_step_and_a_unit():
    made = Predict(**SLIDER, step=0.5, unit=" nats ")
    assert (made.low, made.high, made.step, made.unit) == (0.0, 100.0, 0.5, "nats")
    assert made.limits["guess"] == {"min": 0.0, "max": 100.0, "step": 0.5}
    assert Predict(**SLIDER).step == 1 and Predict(**SLIDER | {"high": 1, "right": 0.2}).step == 0.01
    assert Predict(**SLIDER | {"low": 0.1, "high": 0.7, "right": 0.2}, step=0.1).step == 0.1    # six of them, nearly
    for right in (0, 100):
        assert Predict(**SLIDER | {"right": right}).right == right


@pytest.mark.parametrize("base, arguments, message", [
    (CHOICES, {"question": ""}, "question must not be empty, got ''"),
    (CHOICES, {"question": " \n"}, r"question must not be empty, got ' \n'"),
    (CHOICES, {"question": None}, "question must be a string, got NoneType"),
    (CHOICES, {"question": "a\ud800"}, "question must be made of characters, got half of a surrogate pair at index 1"),
    (CHOICES, {"why": ""}, "why must not be empty, got ''"),
    (CHOICES, {"why": 3}, "why must be a string, got int"),
    (SLIDER, {"why": ""}, "why must not be empty, got ''"),
    (CHOICES, {"answers": ["a", "b"]}, "answers must be 3 or 4 texts, got 2"),
    (CHOICES, {"answers": list("abcde")}, "answers must be 3 or 4 texts, got 5"),
    (CHOICES, {"answers": []}, "answers must be 3 or 4 texts, got 0"),
    (CHOICES, {"answers": "abc"}, "answers must be a list of 3 or 4 texts, got 'abc'"),
    (CHOICES, {"answers": ["a", "b", ""]}, "answers[2] must not be empty, got ''"),
    (CHOICES, {"answers": ["a", "b", 3]}, "answers[2] must be a string, got int"),
    (CHOICES, {"answers": ["a", "b", "a "]}, "answers must differ from each other, got 'a' twice"),
    (CHOICES, {"answers": None}, "answers must be given, or low and high for a slider"),
    (CHOICES, {"right": 3}, "right must be an integer in 0..2, got 3"),
    (CHOICES, {"right": -1}, "right must be an integer in 0..2, got -1"),
    (CHOICES, {"right": 1.0}, "right must be an integer in 0..2, got 1.0"),
    (CHOICES, {"right": True}, "right must be an integer in 0..2, got True"),
    (CHOICES, {"right": "one"}, "right must be an integer in 0..2, got 'one'"),
    (CHOICES, {"guess": 3}, "guess must be an integer in 0..2, got 3"),
    (CHOICES, {"guess": "one"}, "guess must be an integer in 0..2, got 'one'"),
    (CHOICES, {"low": 0, "high": 1}, "low belongs to a slider and answers do not, got both"),
    (CHOICES, {"high": 1}, "high belongs to a slider and answers do not, got both"),
    (CHOICES, {"step": 1}, "step belongs to a slider and answers do not, got both"),
    (CHOICES, {"unit": "%"}, "unit belongs to a slider and answers do not, got both"),
    (CHOICES, {"low": 0, "high": 1, "answers": []}, "low belongs to a slider and answers do not, got both"),
    (SLIDER, {"low": None}, "low must be given with high, got None"),
    (SLIDER, {"high": None}, "high must be given with low, got None"),
    (SLIDER, {"low": 100}, "low must be less than high=100, got 100"),
    (SLIDER, {"low": 200}, "low must be less than high=100, got 200"),
    (SLIDER, {"low": np.nan}, "low must be a finite number, got nan"),
    (SLIDER, {"high": np.inf}, "high must be a finite number, got inf"),
    (SLIDER, {"high": "1"}, "high must be a finite number, got '1'"),
    (SLIDER, {"right": 101}, "right must lie in [0, 100], got 101"),
    (SLIDER, {"right": -0.5}, "right must lie in [0, 100], got -0.5"),
    (SLIDER, {"right": np.nan}, "right must be a finite number, got nan"),
    (SLIDER, {"right": None}, "right must be a finite number, got None"),
    (SLIDER, {"guess": 101}, "guess must lie in [0, 100], got 101"),
    (SLIDER, {"guess": np.nan}, "guess must be a finite number, got nan"),
    (SLIDER, {"step": 0}, "step must go a whole number of times into high - low = 100, got 0"),
    (SLIDER, {"step": 30}, "step must go a whole number of times into high - low = 100, got 30"),
    (SLIDER, {"step": -1}, "step must lie in [0, 100], got -1"),
    (SLIDER, {"step": 200}, "step must lie in [0, 100], got 200"),
    (SLIDER, {"unit": 3}, "unit must be a string, got int"),
])
def test_predict_refuses_by_the_arguments_name(base, arguments, message):
    assert unasked(base, **arguments) == message


@pytest.mark.parametrize("missing", ["question", "right", "why"])
def test_predict_needs_a_question_its_answer_and_the_reason(missing):
    with pytest.raises(TypeError, match=missing):
        Predict(**{name: value for name, value in CHOICES.items() if name != missing})


def test_a_question_that_is_asked_stays_as_it_is():
    """Only the guess may change: the answer to it must not come out of step with the question."""
    made = Predict(**CHOICES)
    for name in ("question", "answers", "right", "why", "low", "high", "step", "unit"):
        with pytest.raises(traitlets.TraitError, match="read-only"):
            setattr(made, name, getattr(made, name))
    with pytest.raises(traitlets.TraitError, match="read-only"):
        made.answers.append("three")
    assert made.answers == CHOICES["answers"]


def test_predict_numbers():
    made = Predict(**SLIDER)
    assert made.numbers() == {"right": 61.3, "guess": pytest.approx(np.nan, nan_ok=True),
                              "difference": pytest.approx(np.nan, nan_ok=True)}
    made.guess = 40
    assert made.numbers() == {"right": 61.3, "guess": 40.0, "difference": pytest.approx(-21.3)}
    made = Predict(**CHOICES, guess=np.int64(2))
    assert made.numbers() == {"right": 1.0, "guess": 2.0, "difference": 1.0} and made.guess == 2
    made.guess = None
    assert np.isnan(made.numbers()["difference"])


# --- Positions

def test_positions_have_the_codes_of_the_library():
    """Those that the layers add or turn by, and of the learned ones no more than there are."""
    made = Positions(0, 255)
    np.testing.assert_array_equal(made.numbers()["codes"], sinusoids(256, 32))
    made = Positions(5, 90, "rotary", vectors="drawn", pairs=8)
    query, key = made.given_vectors()
    codes, hands = made.numbers()["codes"], made.numbers()["hands"]
    np.testing.assert_allclose(codes, rotate(np.tile(query, (1, 1, 256, 1)))[0, 0], rtol=0, atol=1e-12)
    there = rotate(np.tile(key, (1, 1, 91, 1)))[0, 0, 90]
    np.testing.assert_allclose(hands, [codes[5].reshape(-1, 2), there.reshape(-1, 2)], rtol=0, atol=1e-12)
    layer = load("transformer").network.tokens.positions
    codes = Positions(0, 64, "learned").numbers()["codes"]
    np.testing.assert_array_equal(codes[:64], layer.params["weight"])
    assert np.isnan(codes[64:]).all() and len(codes) == 256
    with pytest.raises(ValueError, match="max_length=64"):
        layer.forward(np.zeros((1, 65, 32), layer.dtype))


def test_halves_turn_as_rotate_half_does():
    """x cos + (-x₂, x₁) sin with the halves x₁, x₂ of x, as libraries of the other pairing write it."""
    made = Positions(kind="rotary", pairing="halves", vectors="drawn", pairs=6, base=500.0)
    x, angle = made.given_vectors()[0], np.tile(np.arange(64)[:, None] * 500.0 ** (-np.arange(6) / 6), 2)
    wanted = x * np.cos(angle) + np.concatenate([-x[6:], x[:6]]) * np.sin(angle)
    np.testing.assert_allclose(made.numbers()["codes"], wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("pairing", ["neighbours", "halves"])
def test_positions_pairings_are_one_another_reordered(pairing):
    found = Positions(3, 40, "rotary", pairing=pairing, vectors="drawn").numbers()
    other = {"neighbours": "halves", "halves": "neighbours"}[pairing]
    there = Positions(3, 40, "rotary", pairing=other, vectors="drawn").numbers()["dot"]
    assert found["other_pairing"] == pytest.approx(there, abs=1e-10)
    assert found["reordered"] == pytest.approx(found["dot"], abs=1e-10)
    assert abs(found["other_pairing"] - found["dot"]) > 0.1


def test_the_distance_alone_decides_but_for_learned_positions():
    for kind, vectors in (("sinusoidal", "ones"), ("rotary", "ones"), ("rotary", "drawn")):
        made = Positions(10, 20, kind, vectors=vectors, extrapolate=True, stretch=1.5)
        found = made.numbers()
        np.testing.assert_allclose(found["most"], found["least"], rtol=0, atol=1e-10)
        np.testing.assert_allclose(found["dots"], found["least"][245:501], rtol=0, atol=1e-10)
        made.shift = 100
        moved = made.numbers()
        assert moved["dot"] == pytest.approx(found["dot"], abs=1e-10) and moved["turned_error"] < 1e-12
        assert moved["dot_before"] == found["dot"] and np.abs(moved["hands"] - found["hands"]).max() > 0.5
    found = Positions(10, 20, "learned", shift=20).numbers()
    rows = Positions(kind="learned").numbers()["codes"]
    apart = [rows[p] @ rows[p + 10] for p in range(54)]
    names = "least", "most", "dot", "dot_before"
    shown = [found[name][73] if found[name].ndim else found[name] for name in names]
    np.testing.assert_allclose(shown, [min(apart), max(apart), apart[30], apart[10]], rtol=0, atol=1e-10)
    assert max(apart) - min(apart) > 1


def test_stretched_positions_have_the_codes_of_others():
    for kind in ("sinusoidal", "rotary", "learned"):
        plain, wide = (Positions(0, 0, kind, stretch=stretch, extrapolate=True).numbers() for stretch in (1.0, 4.0))
        np.testing.assert_allclose(wide["codes"][:253:4], plain["codes"][:64], rtol=0, atol=1e-12)
    np.testing.assert_allclose(wide["codes"][101], 0.75 * plain["codes"][25] + 0.25 * plain["codes"][26], atol=1e-12)
    assert not np.isnan(wide["codes"][252]).any() and np.isnan(wide["codes"][253:]).all()


@pytest.mark.parametrize("kind", ["sinusoidal", "rotary"])
def test_unseen_hands_are_those_that_no_training_position_shows(kind):
    """An angle that lies far from all of the first 64 positions (or distances), against one that is among them."""
    rng, both = np.random.default_rng(0), set()
    for _ in range(40):
        first, second = (int(each) for each in rng.integers(0, 256, 2))
        stretch = float(rng.choice([1.0, 2.0, 3.0]))
        found = Positions(first, second, kind, stretch=stretch, pairs=12, extrapolate=True).numbers()
        for i, rate in enumerate(10_000.0 ** (-np.arange(12) / 12)):
            trained = np.arange(0, 63.001, 0.01) * rate
            if kind == "rotary":
                asked, trained = [(second - first) / stretch * rate] * 2, np.concatenate([trained, -trained])
            else:
                asked = np.array([first, second]) / stretch * rate
            for role, angle in enumerate(asked):
                gap = np.abs(np.exp(1j * trained) - np.exp(1j * angle)).min()
                if not 0.006 * rate < gap < 0.02 * rate:    # at the very end of what was seen
                    assert found["unseen"][role, i] == (gap > 0.01 * rate), (first, second, stretch, i)
                    both.add(bool(gap > 0.01 * rate))
    assert both == {False, True}


def test_the_line_is_as_long_as_its_positions_need():
    assert [Positions(first, second).extrapolate for first, second in ((10, 16), (63, 63), (64, 0), (0, 255))] == [
        False, False, True, True]
    made = Positions(100, 20, extrapolate=False, shift=9)
    assert made.extrapolate is False and made.first == 100
    last, places = made.places()
    assert last == 63 and list(places) == [63, 20]    # no room is left for the shift
    made.extrapolate = True
    assert list(made.places()[1]) == [109, 29] and len(made.numbers()["dots"]) == 256


# --- The Vision Transformer of digits

SAME = list(range(16))


def test_an_image_is_an_example_grey_values_or_a_drawing():
    made, grey = DigitVit(), np.arange(64).reshape(8, 8) % 17
    assert made.image == 3 and made.limits["image"] == {"examples": 12}
    for given, kept in [(11, 11), (np.int64(2), 2), (grey, grey.tolist()), (grey.astype(float), grey.tolist()),
                        (np.eye(32, dtype=bool), ["".join("01"[r == c] for c in range(32)) for r in range(32)])]:
        made.image = given
        assert made.image == kept
        json.dumps(made.image)
        made.image = made.image    # as a page sends it
        assert DigitVit(given).image == kept
    drawing = ["0" * 32] * 32
    for bad in (12, -1, True, 2.0, None, "3", grey[:7], grey / 10, grey - 1, grey + 1, np.eye(32),
                np.eye(31, dtype=bool), drawing[:31], [*drawing[:31], "0" * 31], [*drawing[:31], "2" * 32],
                [[0] * 8] * 7, [["a"] * 8] * 8):
        with pytest.raises(ValueError, match="^image must be the number of an example in 0..11, 8×8 whole numbers"):
            DigitVit(bad)


def test_an_order_holds_every_patch_once_and_places_are_erased_once():
    made = DigitVit(order=np.arange(16)[::-1], erased=(7, 3))
    assert made.order == SAME[::-1] and made.erased == [3, 7] and made.limits["erased"] == {"most": 14}
    for bad in ([*SAME[:15], 14], SAME[:15], [*SAME, 16], [float(each) for each in SAME], "0123456789abcdef", None, 3):
        with pytest.raises(ValueError, match="^order must hold each of 0..15 once, got"):
            made.order = bad
    for bad in ([3, 3], [16], [-1], SAME[:15], [1.0], [True], "3", None, 3):
        with pytest.raises(ValueError, match="^erased must be up to 14 different places in 0..15, got"):
            made.erased = bad
    made.erased = SAME[:14]
    assert np.isfinite(DigitVit(erased=SAME[:14], erasing="gone", without="class_token").numbers()["effects"]).all()


def test_a_drawing_becomes_grey_values_as_the_data_were_made():
    """Its ink is brought to the whole height, into the middle, and counted in blocks of 4×4."""
    drawing = np.zeros((32, 32), dtype=bool)
    drawing[2:22, :10] = True    # 20×10 becomes 32×16
    fitted = np.zeros((8, 8))
    fitted[:, 2:6] = 16
    np.testing.assert_array_equal(DigitVit(drawing).numbers()["grey"], fitted)
    plain = np.add.reduceat(np.add.reduceat(drawing.astype(int), range(0, 32, 4), axis=0), range(0, 32, 4), axis=1)
    np.testing.assert_array_equal(DigitVit(drawing, fit=False).numbers()["grey"], plain)
    images = digits().train.images[:, 0]    # theirs fill the height, too, and the middle
    assert (images.max(axis=2) > 0).all() and (images.max(axis=1)[:, [0, 7]] > 0).mean() < 0.1
    empty = DigitVit(np.zeros((32, 32), dtype=bool)).numbers()
    assert not empty["grey"].any() and empty["trained"].sum() == pytest.approx(1)


def test_the_examples_are_test_digits_of_their_number_and_two_are_misread():
    made, [*read] = DigitVit(), [DigitVit(n).numbers()["before"].argmax() for n in range(12)]
    assert made.specimen["labels"] == [*range(10), 9, 4] and read == [*range(10), 5, 9]
    for n, grey in enumerate(made.specimen["examples"]):
        here = (digits().test.images[:, 0] * 16 == np.reshape(grey, (8, 8))).all(axis=(1, 2))
        assert digits().test.labels[here].tolist() == made.specimen["labels"][n:n + 1]
    np.testing.assert_allclose(np.reshape(made.specimen["mean"], (8, 8)), 16 * digits().train.images[:, 0].mean(axis=0),
                               rtol=1e-5)


@pytest.mark.parametrize("without", ["nothing", "positions", "class_token"])
def test_numbers_are_those_of_the_networks(without):
    order, networks = np.random.default_rng(0).permutation(16), load_digit_vits(np.float64).networks
    images = moved(digits().test.images[[60]], order).astype(np.float64)
    for network, (model, off) in {"trained": (networks[without], "nothing"),
                                  "switched": (networks["nothing"], without)}.items():
        found, wanted = DigitVit(3, order=order, without=without, network=network, stage=2).numbers(), run(
            model, images, off)
        np.testing.assert_allclose(found["tokens"], wanted.stages[2][0], rtol=0, atol=1e-10)
        np.testing.assert_allclose(found["weights"], np.concatenate(wanted.weights), rtol=0, atol=1e-10)
        np.testing.assert_allclose(found[network], softmax(wanted.logits)[0], rtol=0, atol=1e-10)
        through = np.eye(len(found["rollout"]))
        for weights in wanted.weights:
            through = (weights[0].mean(axis=0) / 2 + np.eye(len(through)) / 2) @ through
        np.testing.assert_allclose(found["rollout"], through, rtol=0, atol=1e-10)
        np.testing.assert_allclose(found["before"], DigitVit(3).numbers()["trained"], rtol=0, atol=1e-12)


@pytest.mark.parametrize("erasing", ["paper", "mean", "gone"])
def test_an_effect_is_what_erasing_that_place_changes(erasing):
    options = {"order": SAME[::-1], "erasing": erasing, "without": "class_token", "network": "switched"}
    before = DigitVit(5, erased=[2], **options).numbers()
    log_p, answer = np.log(before["switched"]), before["switched"].argmax()
    assert before["effects"][2] == 0 and np.abs(before["effects"]).max() > 0.1
    for place in (0, 6, 9):
        after = DigitVit(5, erased=[place, 2], **options).numbers()
        change = np.log(after["switched"])[answer] - log_p[answer]
        assert before["effects"][place] == pytest.approx(change, abs=1e-10)
        patch = np.s_[2 * (place // 4):2 * (place // 4) + 2, 2 * (place % 4):2 * (place % 4) + 2]
        mean = np.reshape(DigitVit().specimen["mean"], (8, 8))
        wanted = {"paper": 0, "mean": mean[patch], "gone": before["grey"][patch]}[erasing]
        np.testing.assert_allclose(after["grey"][patch], wanted)


def test_without_positions_no_order_changes_the_answer_and_with_them_one_does():
    order = np.random.default_rng(2).permutation(16)
    for network in ("trained", "switched"):
        one, other = (DigitVit(3, order=each, without="positions").numbers()[network] for each in (SAME, order))
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-12)
    assert DigitVit(3, order=order).numbers()["trained"][3] < 0.5 < DigitVit(3).numbers()["trained"][3]
