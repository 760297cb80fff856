"""The gradient flow figure in a browser: every control moved by hand or keyboard, its effect compared with scratch."""

import re
from functools import partial

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from seqbook.widgets import GradientFlow
from tests.site.widgets.hosted import Shown, both_languages, drag, number

pytestmark = pytest.mark.browser


class Flow(Shown):
    """The shown figure, its table open."""

    def __init__(self, page, widget):
        super().__init__(page, widget)
        self.element.locator("summary").click()
        self.settle()
        self.threshold = self.knob("clip", "threshold")
        self.switch = self.element.locator("input[type=checkbox][data-trait=clip]")

    def rows(self) -> np.ndarray:
        """The table's numbers, a row for every step."""
        return np.array([[number(cell) for cell in row.split("\t")]
                         for row in self.element.locator("tbody tr").all_inner_texts()])

    def check(self, **arguments):
        """The page's table and norm are those of `seqbook.scratch` for these arguments, to the three digits shown."""
        wanted, shown = GradientFlow(**arguments).numbers(), self.rows()
        depth, T = wanted["layers"].shape
        np.testing.assert_array_equal(shown[:, 0], np.arange(1, T + 1))
        np.testing.assert_allclose(shown[:, 1:1 + depth], wanted["layers"].T, rtol=5.1e-3)
        np.testing.assert_allclose(shown[:, 1 + depth], wanted["matrix"][-1], rtol=5.1e-3)
        norm = re.search(r": ([\d.·−]+)$", self.element.locator("p[aria-live]").inner_text().replace("\n", ""))
        assert number(norm[1]) == pytest.approx(wanted["gradient"], rel=5.1e-3)

    def drawn(self) -> tuple:
        """The line's path, the matrix's pixels and the map's."""
        pixels = "canvas => canvas.toDataURL()"
        return (self.element.locator(".sb-chosen").get_attribute("d"),
                self.element.locator("figure:not(.sb-map) canvas").evaluate(pixels),
                self.map.locator("canvas").evaluate(pixels))

    @property
    def map(self):
        return self.element.locator(".sb-map")

    def captions(self) -> list[str]:
        return [text.replace("\n", "") for text in self.element.locator("figcaption:visible").all_inner_texts()]

    @property
    def reading(self) -> str:
        """What is written under the map of the chosen cell."""
        return self.map.locator("strong").inner_text().replace("\n", "")

    def place(self, layer: int, k: int, depth: int, steps: int) -> tuple[float, float]:
        """Where on the page the map's cell lies."""
        self.map.scroll_into_view_if_needed()
        box = self.map.locator(".sb-frame").bounding_box()
        return box["x"] + (k - 0.5) * box["width"] / steps, box["y"] + (depth - layer + 0.5) * box["height"] / depth

    def lines(self):
        return self.element.locator(".sb-chart path[d^=M].sb-series")

    @property
    def said(self) -> str:
        return self.element.locator(".sb-words").inner_text().replace("\n", " ")


@pytest.fixture
def flow(show):
    return show(GradientFlow(lang="en"), kind=Flow)


MOVES = {    # a new seed cannot be taken back, so it comes last
    "rnn": [("radius", 1.4), ("steps", 50), ("steps", 2), ("input_scale", 2.0), ("activation", "identity"),
            ("activation", "relu"), ("weights", "orthogonal"), ("loss", "every"), ("model", "lstm"), ("model", "gru"),
            ("seed", 1)],
    "lstm": [("forget_bias", 4.0), ("forget_bias", -2.0), ("radius", 1.4), ("steps", 50), ("input_scale", 2.0),
             ("weights", "orthogonal"), ("loss", "every"), ("seed", 1)],
    "gru": [("forget_bias", 4.0), ("radius", 0.4), ("loss", "every"), ("model", "rnn")],
}


@pytest.mark.parametrize("model", MOVES)
def test_control_changes_picture_and_numbers(flow, model):
    flow.knob("model").select_option(model)
    flow.check(model=model)
    before = flow.drawn()
    for name, value in MOVES[model]:
        moved = flow.knob(name)
        if name == "seed":
            moved.click()
        else:
            set_ = moved.select_option if isinstance(value, str) else partial(drag, moved)
            old = moved.input_value()
            set_(value)
        after = flow.drawn()
        assert after[0] != before[0], (name, value)
        assert after[1] != before[1] or name == "loss"    # where the losses are does not change the Jacobians
        flow.check(**{"model": model, name: value})
        if name != "seed":
            set_(old)
            assert flow.drawn() == before, f"{name} taken back"


def test_compares_the_models_on_the_same_axes(flow):
    lines = flow.lines()
    assert lines.count() == 1
    expect(flow.element.locator(".sb-key")).to_be_hidden()
    flow.knob("compare").check()
    drag(flow.knob("forget_bias"), 4.0)
    drag(flow.knob("step_from"), 3)
    assert lines.count() == len(set(lines.evaluate_all("paths => paths.map((path) => path.getAttribute('d'))"))) == 3
    made = GradientFlow(forget_bias=4.0)
    shown = flow.element.locator(".sb-key li").all_inner_texts()
    for name, text in zip(("rnn", "lstm", "gru"), shown, strict=True):
        assert name.upper() in text
        said = [number(found) for found in re.findall(r"\d\.\d+(?:·10−?\d+)?", text.replace("\n", ""))]
        assert said == [pytest.approx(made.numbers(name)["dh"][2], rel=5.1e-3)], text
    rows = flow.rows()
    for column, name in ((1, "rnn"), (3, "lstm"), (4, "gru")):
        np.testing.assert_allclose(rows[:, column], made.numbers(name)["dh"], rtol=5.1e-3)
    drawn = lines.evaluate_all("paths => paths.map((path) => path.getAttribute('d'))")
    flow.knob("model").select_option("gru")    # another line gets the dots, the lines stay
    assert sorted(drawn) == sorted(lines.evaluate_all("paths => paths.map((path) => path.getAttribute('d'))"))
    flow.knob("compare").uncheck()
    assert lines.count() == 1


@both_languages
def test_says_everything_in_the_page_language(show, language):
    """Which control has no effect and why, what the state is where it is more than h, and what clipping does."""
    flow = show(GradientFlow(lang=language), kind=Flow)
    no_gate, fixed = {"ko": ("게이트가 없", "정해져 있"), "en": ("no gates", "fixed")}[language]
    forget_bias, activation = flow.knob("forget_bias"), flow.knob("activation")
    expect(forget_bias).to_be_disabled()
    expect(activation).to_be_enabled()
    assert no_gate in flow.words() and fixed not in flow.words() and "∂s" not in flow.words()
    for model in ("lstm", "gru"):
        flow.knob("model").select_option(model)
        expect(forget_bias).to_be_enabled()
        expect(activation).to_be_disabled()
        reason = activation.get_attribute("aria-describedby")
        assert fixed in flow.element.locator(f"[id='{reason}']").inner_text() and no_gate not in flow.words()
        if model == "lstm":
            assert "∂s" in flow.element.locator("figcaption:visible").first.inner_text() and "C(t)" in flow.words()
            assert "s(1)" in flow.said.replace(" ", "")
        else:
            assert "∂s" not in flow.words()
    flow.knob("compare").check()    # now each has a line to move
    for control in (forget_bias, activation):
        expect(control).to_be_enabled()
        assert control.get_attribute("aria-describedby") is None
    assert not any(reason in flow.words() for reason in (no_gate, fixed))
    flow.switch.check()
    assert {"ko": "임곗값", "en": "threshold"}[language] in flow.element.locator("p[aria-live]").inner_text()


@both_languages
def test_the_transformer_has_controls_and_words_of_its_own(show, language):
    knobs = {"model": "transformer", "steps": 9, "depth": 2, "skips": True, "lang": language}
    flow = show(GradientFlow(**knobs), kind=Flow)
    flow.check(**knobs)
    for trait in ("forget_bias", "activation"):
        expect(flow.knob(trait)).to_be_disabled()
    expect(flow.knob("compare")).to_be_hidden()
    expect(flow.knob("skips")).to_be_visible()
    assert "x(l,t)" in flow.words() and "x(1,1)" in flow.said.replace(" ", "")
    assert "∂x(1,t)/∂x(0,k)" in flow.captions()[2].replace(" ", "")
    flow.knob("norm_place").select_option("post")
    flow.check(**knobs, norm_place="post")
    flow.knob("skips").uncheck()
    flow.check(**knobs | {"skips": False}, norm_place="post")
    flow.knob("model").select_option("gru")
    expect(flow.knob("norm_place")).to_be_hidden()
    expect(flow.knob("compare")).to_be_visible()
    assert "x(l,t)" not in flow.words()


def test_clipping(flow):
    expect(flow.threshold).to_be_hidden()
    flow.switch.check()
    bars = flow.element.locator("rect.sb-before, rect.sb-after")
    assert bars.count() == 2
    lengths = []
    for position in (-2, 0, 2):    # powers of ten
        drag(flow.threshold, position)
        lengths.append(float(flow.element.locator(".sb-after").get_attribute("width")))
    before = float(flow.element.locator(".sb-before").get_attribute("width"))
    assert lengths[0] < lengths[1] < lengths[2] == before    # the norm, some 3, is within 100
    assert "100" in flow.element.locator("p[aria-live]").inner_text()
    flow.switch.uncheck()
    assert flow.element.locator(".sb-after:visible").count() == 0


def test_words_speak_of_the_cell_pointed_at(flow):
    wanted = GradientFlow().numbers()
    T = 30
    drawing = flow.element.locator("figure:not(.sb-map) .sb-heatmap svg")
    frame = drawing.locator(".sb-frame").bounding_box()
    cell = frame["width"] / T
    origin = drawing.bounding_box()
    for k, t in [(3, 20), (12, 13), (7, 7)]:
        x, y = frame["x"] + (k - 0.5) * cell, frame["y"] + (t - 0.5) * cell
        drawing.hover(position={"x": x - origin["x"], "y": y - origin["y"]})
        words = flow.said
        assert f"h({k})" in words and f"h({t})" in words
        said = [number(found.rstrip(".")) for found in re.findall(r"\d\.\d+(?:·10−?\d+)?", words)]
        for value in [wanted["dh"][k - 1]] + ([wanted["matrix"][t - 1, k - 1]] if k < t else []):
            assert any(abs(number_ - value) <= 5.1e-3 * value for number_ in said), (value, words)
        assert flow.knob("step_from").input_value() == str(k) and flow.knob("step_to").input_value() == str(t)
    chart = flow.element.locator(".sb-chart").bounding_box()
    flow.element.locator(".sb-chart").hover(position={"x": chart["width"] - 14, "y": 50})
    assert flow.knob("step_from").input_value() == "30"


def test_steps_by_keyboard(flow):
    start, end = flow.knob("step_from"), flow.knob("step_to")
    start.focus()
    for _ in range(4):
        start.press("ArrowRight")
    assert "h(5)" in flow.said
    end.focus()
    end.press("Home")    # before k: k gives way
    assert start.input_value() == end.input_value() == "1"
    start.press("End")
    assert start.input_value() == end.input_value() == "30"
    flow.knob("radius").press("ArrowRight")
    flow.check(radius=1.01)


# --- Several layers

def test_one_layer_has_no_map_and_nothing_that_speaks_of_layers(flow):
    hidden = [flow.map, flow.knob("layer"), flow.knob("skips")]
    for part in hidden:
        expect(part).to_be_hidden()
    before = flow.picture()
    assert "layer" not in flow.words().replace("Layers (depth)", "") and "h(1)" in flow.said
    drag(flow.knob("depth"), 3)
    for part in hidden:
        expect(part).to_be_visible()
    flow.check(depth=3)
    drag(flow.knob("depth"), 1)
    for part in hidden:
        expect(part).to_be_hidden()
    flow.check()
    after = flow.picture()
    assert after["pixels"][1:] == before["pixels"][1:] and after["controls"] == before["controls"]


@pytest.mark.parametrize("model", ["rnn", "lstm", "gru"])
def test_depth_skips_and_layer_change_pictures_and_numbers(show, model):
    flow = show(GradientFlow(model, 20, depth=2, lang="en"), kind=Flow)
    flow.check(model=model, steps=20, depth=2)
    for name, value, still in (("depth", 6, ()), ("layer", 2, (2,)), ("steps", 50, ())):
        moved = flow.knob(name)
        before, old = flow.drawn(), moved.input_value()
        drag(moved, value)
        flow.check(**{"model": model, "steps": 20, "depth": 2, name: value})
        after = flow.drawn()
        if name == "depth":    # the lowest layer's own Jacobians know nothing of those above
            still = (1,)
        assert [n for n in range(3) if after[n] == before[n]] == list(still), name
        drag(moved, old)
        assert flow.drawn() == before, f"{name} taken back"
    before = flow.drawn()
    flow.knob("skips").check()
    flow.check(model=model, steps=20, depth=2, skips=True)
    assert flow.drawn()[2] != before[2]
    flow.knob("skips").uncheck()
    assert flow.drawn() == before


@pytest.mark.parametrize("touch", [False, True])
def test_a_cell_of_the_map_is_chosen_and_read(show, touch):
    """With a mouse pointed at, on a phone tapped: words, sliders, the reading and the other pictures follow."""
    flow = show(GradientFlow(steps=50, depth=6, skips=True, lang="en"), kind=Flow, touch=touch,
                width=360 if touch else 1280)
    wanted = flow.python.numbers()["layers"]
    charts = set()
    for layer, k in [(1, 1), (6, 50), (3, 20), (2, 50), (5, 2)]:
        point = flow.page.touchscreen.tap if touch else flow.page.mouse.move
        point(*flow.place(layer, k, 6, 50))
        flow.settle()
        assert (flow.get("layer"), flow.get("step_from")) == (layer, k)
        assert flow.knob("layer").input_value() == str(layer) and flow.knob("step_from").input_value() == str(k)
        assert f"h({layer},{k})" in flow.said
        name, value = flow.reading.split(": ")
        assert name == f"layer {layer}, step {k}"
        assert number(value) == pytest.approx(wanted[layer - 1, k - 1], rel=5.1e-3)
        assert f"size of ∂L/∂h({layer},t)size" in "".join(flow.captions())
        charts.add(flow.drawn()[:2])
    assert len(charts) == 5


def test_cells_of_the_map_by_keyboard(show):
    flow = show(GradientFlow(steps=12, depth=3, lang="en"), kind=Flow)
    cells = flow.map.locator("svg")
    assert cells.get_attribute("role") == "slider"
    cells.focus()
    for key, layer, k in [("ArrowUp", 2, 1), ("ArrowRight", 2, 2), ("ArrowUp", 3, 2), ("ArrowUp", 3, 2), ("End", 3, 12),
                          ("ArrowRight", 3, 12), ("ArrowLeft", 3, 11), ("PageDown", 1, 11), ("ArrowDown", 1, 11),
                          ("Home", 1, 1), ("PageUp", 3, 1)]:
        flow.page.keyboard.press(key)
        flow.settle()
        assert (flow.get("layer"), flow.get("step_from")) == (layer, k), key
        assert flow.reading.startswith(f"layer {layer}, step {k}:")
        assert cells.get_attribute("aria-valuetext") == flow.reading
        assert cells.get_attribute("aria-valuenow") == str(k)
        assert cells.evaluate("each => each === document.activeElement")
    outline = cells.evaluate("each => getComputedStyle(each).outlineStyle + getComputedStyle(each).outlineWidth")
    assert outline == "solid3px"


def test_the_map_shows_each_size_in_its_place_and_names_its_colours(show):
    """The lowest layer below; blue where sizes are below 1, orange above; of two sizes the fainter is nearer 1."""
    made = GradientFlow(steps=15, depth=4, radius=1.6, activation="relu", loss="every", seed=2, lang="en")
    flow = show(made, kind=Flow)
    wanted = flow.python.numbers()["layers"]
    assert wanted.min() < 1 < wanted.max()
    pixels = np.array(flow.map.locator("canvas").evaluate(
        "each => [...each.getContext('2d').getImageData(0, 0, each.width, each.height).data]")).reshape(4, 15, 4)[::-1]
    strong = pixels[..., 3] > 20    # of a fainter one the browser does not keep the hue
    assert ((pixels[..., 0] > pixels[..., 2]) == (wanted > 1))[strong].all() and strong.any()
    order = np.argsort(np.abs(np.log(wanted)), axis=None)
    assert (np.diff(pixels[..., 3].ravel()[order].astype(int)) >= -1).all()
    told = flow.map.locator("svg").get_attribute("aria-label")
    low, high = flow.map.locator(".sb-legend").inner_text().replace("\n", "").replace("10", " 10").split()
    assert "logarithmic" in flow.map.locator(".sb-map-legend").inner_text()
    ends = re.search(r"from 10(\S+) \(blue\) to 10(\S+) \(orange\)", told)
    assert low.startswith("10−") and high == f"10{low[3:]}" and len(ends[1]) == len(ends[2]) + 1
    layer, step = (int(place[0]) + 1 for place in np.where(wanted == wanted.max()))
    assert f"in layer {layer} at step {step}." in told


def test_compares_the_models_in_the_chosen_layer(show):
    flow = show(GradientFlow("gru", 25, compare=True, depth=3, layer=2, lang="en"), kind=Flow)
    assert flow.lines().count() == 3
    rows = flow.rows()
    assert rows.shape == (25, 7)
    for column, model in ((2, "gru"), (5, "rnn"), (6, "lstm")):
        np.testing.assert_allclose(rows[:, column], flow.python.numbers(model)["dh"], rtol=5.1e-3)
    assert "C(t)" in flow.words() and "∂s(2,t)" in flow.words()


@both_languages
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_six_layers_on_a_phone(show, language, theme):
    made = GradientFlow(steps=50, depth=6, skips=True, compare=True, clip=1.0, lang=language)
    flow = show(made, kind=Flow, width=360, theme=theme, touch=True)
    found = Axe().run(flow.page, context="#main .sb").response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    assert flow.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not re.search(r"[{}]|undefined|NaN", flow.words())
