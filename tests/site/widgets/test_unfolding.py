"""The unfolding figure in a browser: every control moved by hand or keyboard, its effect compared with scratch."""

import re

import pytest
from playwright.sync_api import expect

from seqbook.widgets import Unfolding
from tests.site.browser import hold_the_clock
from tests.site.widgets.hosted import Shown, both_languages, drag, number

pytestmark = pytest.mark.browser


class Figure(Shown):
    """The shown figure and what can be read off it."""

    def node(self, id: str):
        return self.element.locator(f"[data-id={id}]")

    def nodes(self) -> dict[str, str]:
        """id → the number shown, of all nodes that are visible."""
        return dict(self.element.locator(".sb-node").evaluate_all("""groups => groups
            .filter((group) => group.getAttribute("visibility") !== "hidden")
            .map((group) => [group.dataset.id, group.querySelector(".sb-value").textContent])"""))

    def bright(self) -> set[str]:
        """The nodes that are not faded."""
        return set(self.element.locator(".sb-node").evaluate_all("""groups => groups
            .filter((group) => group.getAttribute("opacity") === "1").map((group) => group.dataset.id)"""))

    def lit_edges(self, parameter: str) -> int:
        return self.element.locator(f".sb-edge.sb-lit[data-parameter={parameter}]").count()

    @property
    def said(self) -> str:
        return self.element.locator(".sb-words").inner_text()

    def look_away(self):
        self.knob("pattern").hover()

    def check(self, **arguments):
        """The page's numbers are those of `seqbook.scratch` for these arguments, to the two digits shown."""
        model = Unfolding(**arguments)
        wanted, shown = model.numbers(), self.nodes()
        first = model.steps if model.pattern == 3 else 1
        for letter, key, start in [("h", "h", 1), ("o", "o", first), ("L", "loss", first)]:
            if letter == "L" and not (model.loss or model.teacher):
                continue
            for t, value in enumerate(wanted[key], start):
                assert number(shown[f"{letter}{t}"]) == pytest.approx(value, abs=0.0051), f"{letter}({t})"


@pytest.fixture
def figure(show):
    return show(Unfolding(lang="en"), kind=Figure)


@both_languages
def test_says_everything_in_the_page_language(show, language):
    figure = show(Unfolding(lang=language), kind=Figure)
    figure.check()
    assert {"ko": "길이 T", "en": "Length T"}[language] in figure.words()
    fold = figure.knob("unfolded")
    names = {"ko": ("접기", "펼치기"), "en": ("Fold", "Unfold")}[language]
    assert fold.inner_text() == names[0]
    fold.click()
    assert fold.inner_text() == names[1]
    fold.click()
    figure.node("h3").hover()
    assert {"ko": "값을 정하는 것", "en": "is determined by"}[language] in figure.said
    assert re.search(r"tanh\(\S+\)", figure.said) and figure.said.count("h(3)") >= 2


def test_pattern_and_teacher(figure):
    pattern, teacher = figure.knob("pattern"), figure.knob("teacher")
    pattern.select_option("2")
    figure.check(pattern=2)
    assert figure.get("pattern") == 2    # a number, as Python takes it
    assert "o0" in figure.nodes() and "h0" not in figure.nodes()
    assert "weight_oh" in figure.words()
    teacher.check()
    figure.check(pattern=2, teacher=True)
    assert "y3" in figure.nodes()
    teacher.uncheck()
    figure.check(pattern=2)
    pattern.select_option("3")
    figure.check(pattern=3)
    assert {"o4"} == {id for id in figure.nodes() if id[0] == "o"}
    expect(teacher).to_be_hidden()
    assert "rnn.weight_hh" in figure.words()


def test_length_by_keyboard(figure):
    length = figure.knob("steps")
    length.focus()
    length.press("ArrowRight")
    figure.check(steps=5)
    length.press("End")
    figure.check(steps=12)
    length.press("Home")
    assert set(figure.nodes()) == {"h0", "x1", "h1", "o1"}


def test_losses_and_targets(figure):
    figure.knob("loss").check()
    figure.check(loss=True)
    y = figure.knob("y").locator("visible=true")
    assert y.count() == 4
    figure.knob("y", 2).fill("-1.5")
    targets = Unfolding().y
    targets[1] = -1.5
    figure.check(loss=True, y=targets)
    assert re.search(r"Σ L\(t\) = [\d.]+", figure.said.replace("\n", ""))
    figure.knob("loss").uncheck()
    assert "L1" not in figure.nodes()
    expect(figure.knob("y", 1)).to_be_hidden()


def test_folds_and_unfolds(figure):
    fold = figure.knob("unfolded")
    fold.click()
    assert set(figure.nodes()) == {"x4", "h4", "o4"}
    figure.element.get_by_role("button", name="one step back").click()
    assert set(figure.nodes()) == {"x3", "h3", "o3"}
    fold.click()
    assert len(figure.nodes()) == 13


def test_moves_where_motion_is_welcome(show):
    figure = show(Unfolding(lang="en"), kind=Figure, still=False)
    hold_the_clock(figure.page)
    place = lambda: float(re.match(r"translate\(([\d.]+)", figure.node("h1").get_attribute("transform"))[1])
    unfolded = place()
    figure.knob("unfolded").click()
    moves = []
    for _ in range(9):
        figure.page.clock.run_for(100)
        moves.append(place())
    right = [unfolded, *moves]
    assert right[0] != right[-1]
    assert right in (sorted(set(right)), sorted(set(right), reverse=True))    # never still, one way
    figure.page.clock.run_for(100)
    expect(figure.node("h1")).to_be_hidden()
    expect(figure.node("h4")).to_be_visible()


def test_steps_through_time(figure):
    back, on = [figure.element.get_by_role("button", name=name) for name in ("one step back", "one step on")]
    back.click()
    back.click()
    shown = figure.nodes()
    assert shown["h2"] != "·" and shown["h3"] == "·" and shown["x3"] == "·"
    on.click()
    assert figure.nodes()["h3"] != "·"
    drag(figure.knob("time"), 1)
    assert figure.nodes()["h2"] == "·"

    hold_the_clock(figure.page)
    play = figure.element.locator(".sb-player .sb-primary")
    play.click()
    for _ in range(3):
        assert play.inner_text() == "Pause" and figure.nodes()["h4"] == "·"
        figure.page.clock.run_for(900)
    assert play.inner_text() == "Play" and figure.nodes()["h4"] != "·"
    play.click()    # at the end: from the beginning again
    assert figure.nodes()["h2"] == "·"
    play.click()
    assert play.inner_text() == "Play"
    figure.page.clock.run_for(9000)
    assert figure.nodes()["h2"] == "·"


def test_parameter_lights_all_its_uses_and_changes_the_numbers(figure):
    for letter in "UWVbc":
        slider = figure.knob("params", letter)
        learned = slider.input_value()
        slider.focus()
        if letter in "UWV":
            assert figure.lit_edges(letter) == 4
            assert figure.element.locator(".sb-edge.sb-lit").count() == 4
        else:
            assert figure.bright() == {f"{'h' if letter == 'b' else 'o'}{t}" for t in range(1, 5)}
        assert "4" in figure.said
        slider.press("Home")
        figure.check(params={letter: -3.0})
        drag(slider, 1.35)
        figure.check(params={letter: 1.35})
        assert slider.locator("xpath=..").locator("output").inner_text() == "1.35"
        drag(slider, learned)
        figure.check()


def test_inputs(figure):
    assert figure.knob("x").locator("visible=true").count() == 4
    x = figure.knob("x", 3)
    x.fill("-2")
    inputs = Unfolding().x
    inputs[2] = -2.0
    figure.check(x=inputs, steps=4)
    for junk in ["", "99", "-1e9"]:    # refused, said, and undone
        x.fill(junk)
        assert x.get_attribute("aria-invalid") is not None
        figure.check(x=inputs, steps=4)
    x.blur()
    assert x.input_value() == "-2" and x.get_attribute("aria-invalid") is None
    figure.knob("state").fill("0.5")
    figure.check(x=inputs, steps=4, state=0.5)


def test_cone_of_a_node(figure):
    figure.node("h3").hover()
    assert figure.bright() == {"h0", "h1", "h2", "h3", "x1", "x2", "x3"}
    assert figure.element.locator(".sb-badges rect").count() == 3
    figure.look_away()
    assert len(figure.bright()) == 13
    figure.node("o2").click()    # a press stays
    figure.look_away()
    assert figure.bright() == {"h0", "h1", "h2", "o2", "x1", "x2"}
    figure.node("o2").click()
    figure.node("o2").blur()
    figure.look_away()
    assert len(figure.bright()) == 13
    figure.element.locator(".sb-edge[data-parameter=W] .sb-parameter").nth(1).hover(force=True)
    assert figure.lit_edges("W") == 4


def test_a_node_that_is_gone_from_under_the_pointer_is_no_longer_lit(figure):
    figure.node("h4").hover()
    figure.set(steps=2)
    figure.page.mouse.move(0, 0)
    figure.set(steps=4)
    assert len(figure.bright()) == 13


def test_nodes_by_keyboard(figure):
    keyboard = figure.page.keyboard
    figure.node("h4").focus()
    for key, wanted in [("ArrowLeft", "h3"), ("ArrowUp", "o3"), ("ArrowRight", "o4"), ("ArrowDown", "h4"),
                        ("ArrowDown", "x4"), ("ArrowLeft", "x3")]:
        keyboard.press(key)
        assert figure.page.evaluate("document.activeElement.dataset.id") == wanted
    assert figure.bright() == {"x3"}
    assert figure.element.locator(".sb-node[tabindex='0']").count() == 1
    figure.set(loss=True)    # other elements: the keyboard keeps its place
    assert figure.page.evaluate("document.activeElement.dataset.id") == "x3"
    figure.set(loss=False)
    keyboard.press("ArrowUp")
    keyboard.press("Enter")
    keyboard.press("Tab")
    assert "h3" in figure.bright() and "h4" not in figure.bright()
    assert figure.node("h3").get_attribute("aria-pressed") == "true"
    figure.node("h3").focus()
    keyboard.press("Escape")
    assert figure.node("h3").get_attribute("aria-pressed") == "false"


def test_table(figure):
    figure.element.locator("summary").click()
    figure.settle()

    def row(name: str) -> list[float]:
        text = figure.element.locator("tbody tr", has_text=f"{name}(t)").inner_text()
        return [number(cell) for cell in text.split()[1:]]

    wanted = Unfolding().numbers()
    assert row("h") == pytest.approx(wanted["h"], abs=6e-5)
    assert row("o") == pytest.approx(wanted["o"], abs=6e-5)
    figure.knob("params", "W").press("End")
    assert row("h") == pytest.approx(Unfolding(params={"W": 3}).numbers()["h"], abs=6e-5)


def test_on_a_phone_the_chosen_node_stays_in_view(show):
    figure = show(Unfolding(lang="ko"), kind=Figure, width=360, touch=True)
    drag(figure.knob("steps"), 12)
    scroller = figure.element.locator(".sb-scroll").first
    for t in (2, 11):
        drag(figure.knob("time"), t)
        box, window = figure.node(f"h{t}").bounding_box(), scroller.bounding_box()
        assert window["x"] <= box["x"] and box["x"] + box["width"] <= window["x"] + window["width"]
    figure.node("h11").tap()
    assert "h(11)" in figure.said
