"""The gradient flow figure in a browser: every control moved by hand or keyboard, its effect compared with scratch."""

import re
from functools import partial

import numpy as np
import pytest
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
        T = len(wanted["dh"])
        np.testing.assert_array_equal(shown[:, 0], np.arange(1, T + 1))
        np.testing.assert_allclose(shown[:, 1], wanted["dh"], rtol=5.1e-3)
        np.testing.assert_allclose(shown[:, 2], wanted["matrix"][-1], rtol=5.1e-3)
        norm = re.search(r": ([\d.·−]+)$", self.element.locator("p[aria-live]").inner_text().replace("\n", ""))
        assert number(norm[1]) == pytest.approx(wanted["gradient"], rel=5.1e-3)

    def drawn(self) -> tuple:
        """The line's path and the matrix's pixels."""
        return (self.element.locator(".sb-chosen").get_attribute("d"),
                self.element.locator("canvas").evaluate("canvas => canvas.toDataURL()"))

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
            assert "∂s" in flow.element.locator("figcaption").first.inner_text() and "C(t)" in flow.words()
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
    drawing = flow.element.locator(".sb-heatmap svg")
    frame = flow.element.locator(".sb-heatmap .sb-frame").bounding_box()
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
