"""Every control of every widget, on the built pages: moved by hand or keyboard, and its effect seen and recomputed."""

import re
from functools import partial

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from seqbook.widgets import GradientFlow, Unfolding
from tests.site.browser import hold_the_clock
from tests.site.widgets import both_languages, drag, number

pytestmark = pytest.mark.browser

UNFOLDING, FLOW = "rnn/patterns.html", "rnn/bptt.html"


# --- Unfolding

@pytest.fixture
def unfolding(tab, request):
    language = request.getfixturevalue("language") if "language" in request.fixturenames else "en"
    page = tab(reduced_motion="reduce").open(f"{language}/{UNFOLDING}")
    widget = page.locator(".sb-unfolding").first
    widget.scroll_into_view_if_needed()
    expect(widget.locator("[data-id=h4]")).to_be_visible()
    return widget


def nodes(widget) -> dict[str, str]:
    """id → the number shown, of all nodes that are visible."""
    return dict(widget.locator(".sb-node").evaluate_all("""groups => groups
        .filter((group) => group.getAttribute("visibility") !== "hidden")
        .map((group) => [group.dataset.id, group.querySelector(".sb-value").textContent])"""))


def bright(widget) -> set[str]:
    """The nodes that are not faded."""
    return set(widget.locator(".sb-node").evaluate_all(
        "groups => groups.filter((group) => group.getAttribute('opacity') === '1').map((group) => group.dataset.id)"))


def lit_edges(widget, parameter: str) -> int:
    return widget.locator(f".sb-edge.sb-lit[data-parameter={parameter}]").count()


def check_numbers(widget, **arguments):
    """The page's numbers are those of `seqbook.scratch` for these arguments, to the two digits shown."""
    model = Unfolding(**arguments)
    wanted, shown = model.numbers(), nodes(widget)
    first = model.steps if model.pattern == 3 else 1
    for letter, key, start in [("h", "h", 1), ("o", "o", first), ("L", "loss", first)]:
        if letter == "L" and not (model.loss or model.teacher):
            continue
        for t, value in enumerate(wanted[key], start):
            assert number(shown[f"{letter}{t}"]) == pytest.approx(value, abs=0.0051), f"{letter}({t})"


def sliders(widget):
    return {letter: widget.locator(".sb-grid input[type=range]").nth(i) for i, letter in enumerate("UWVbc")}


def bar(widget, index: int):
    """The controls above the graph: pattern, length, fold, losses, teacher."""
    return widget.locator(".sb-bar :is(select, input, button)").nth(index)


@both_languages
def test_unfolding_shows_scratch_numbers_in_the_page_language(unfolding, language):
    check_numbers(unfolding)
    words = {"ko": "길이 T", "en": "Length T"}
    assert unfolding.get_attribute("lang") == language and words[language] in unfolding.inner_text()


@both_languages
def test_unfolding_pattern_and_teacher(unfolding, language):
    pattern = bar(unfolding, 0)
    pattern.select_option("2")
    check_numbers(unfolding, pattern=2)
    assert "o0" in nodes(unfolding) and "h0" not in nodes(unfolding)
    assert "weight_oh" in unfolding.inner_text()
    bar(unfolding, 4).check()
    check_numbers(unfolding, pattern=2, teacher=True)
    assert "y3" in nodes(unfolding)
    bar(unfolding, 4).uncheck()
    check_numbers(unfolding, pattern=2)
    pattern.select_option("3")
    check_numbers(unfolding, pattern=3)
    assert {"o4"} == {id for id in nodes(unfolding) if id[0] == "o"}
    expect(bar(unfolding, 4)).to_be_hidden()
    assert "rnn.weight_hh" in unfolding.inner_text()


def test_unfolding_length_by_keyboard(unfolding):
    length = bar(unfolding, 1)
    length.focus()
    length.press("ArrowRight")
    check_numbers(unfolding, steps=5)
    length.press("End")
    check_numbers(unfolding, steps=12)
    length.press("Home")
    assert set(nodes(unfolding)) == {"h0", "x1", "h1", "o1"}


def test_unfolding_losses_and_targets(unfolding):
    bar(unfolding, 3).check()
    check_numbers(unfolding, loss=True)
    y = unfolding.locator(".sb-fields").first.locator("input:visible")
    assert y.count() == 4
    y.nth(1).fill("-1.5")
    targets = Unfolding().y
    targets[1] = -1.5
    check_numbers(unfolding, loss=True, y=targets)
    assert re.search(r"Σ L\(t\) = [\d.]+", unfolding.locator(".sb-words").inner_text().replace("\n", ""))
    bar(unfolding, 3).uncheck()
    assert "L1" not in nodes(unfolding)
    expect(y.first).to_be_hidden()


@both_languages
def test_unfolding_folds_and_unfolds(unfolding, language):
    fold = bar(unfolding, 2)
    names = {"ko": ("접기", "펼치기"), "en": ("Fold", "Unfold")}[language]
    assert fold.inner_text() == names[0]
    fold.click()
    assert fold.inner_text() == names[1]
    assert set(nodes(unfolding)) == {"x4", "h4", "o4"}
    unfolding.locator(".sb-player button").first.click()
    assert set(nodes(unfolding)) == {"x3", "h3", "o3"}
    fold.click()
    assert len(nodes(unfolding)) == 13


def test_unfolding_moves_where_motion_is_welcome(tab):
    page = tab(reduced_motion="no-preference").open(f"en/{UNFOLDING}")
    hold_the_clock(page)
    widget = page.locator(".sb-unfolding").first
    place = lambda: float(re.match(r"translate\(([\d.]+)", widget.locator("[data-id=h1]").get_attribute("transform"))[1])
    unfolded = place()
    widget.locator(".sb-bar button").first.click()
    moves = []
    for _ in range(9):
        page.clock.run_for(100)
        moves.append(place())
    right = [unfolded, *moves]
    assert right[0] != right[-1] and right in (sorted(set(right)), sorted(set(right), reverse=True))    # never still, one way
    page.clock.run_for(100)
    expect(widget.locator("[data-id=h1]")).to_be_hidden()
    expect(widget.locator("[data-id=h4]")).to_be_visible()


def test_unfolding_steps_through_time(unfolding):
    back, play, on = unfolding.locator(".sb-player button").all()
    time = unfolding.locator(".sb-player input")
    back.click()
    back.click()
    shown = nodes(unfolding)
    assert shown["h2"] != "·" and shown["h3"] == "·" and shown["x3"] == "·"
    on.click()
    assert nodes(unfolding)["h3"] != "·"
    drag(time, 1)
    assert nodes(unfolding)["h2"] == "·"

    hold_the_clock(unfolding.page)
    play.click()
    for _ in range(3):
        assert play.inner_text() == "Pause" and nodes(unfolding)["h4"] == "·"
        unfolding.page.clock.run_for(900)
    assert play.inner_text() == "Play" and nodes(unfolding)["h4"] != "·"
    play.click()    # at the end: from the beginning again
    assert nodes(unfolding)["h2"] == "·"
    play.click()
    assert play.inner_text() == "Play"
    unfolding.page.clock.run_for(9000)
    assert nodes(unfolding)["h2"] == "·"


def test_unfolding_parameter_lights_all_its_uses_and_changes_the_numbers(unfolding):
    for letter, slider in sliders(unfolding).items():
        learned = slider.input_value()
        slider.focus()
        if letter in "UWV":
            assert lit_edges(unfolding, letter) == 4
            assert unfolding.locator(".sb-edge.sb-lit").count() == 4
        else:
            assert {id for id in bright(unfolding)} == {f"{'h' if letter == 'b' else 'o'}{t}" for t in range(1, 5)}
        assert "4" in unfolding.locator(".sb-words").inner_text()
        slider.press("Home")
        check_numbers(unfolding, params={letter: -3.0})
        drag(slider, 1.35)
        check_numbers(unfolding, params={letter: 1.35})
        assert unfolding.locator(".sb-grid output").nth("UWVbc".index(letter)).inner_text() == "1.35"
        drag(slider, learned)
        check_numbers(unfolding)


def test_unfolding_inputs(unfolding):
    x = unfolding.locator(".sb-fields").last.locator("input:visible")
    assert x.count() == 4
    x.nth(2).fill("-2")
    inputs = Unfolding().x
    inputs[2] = -2.0
    check_numbers(unfolding, x=inputs, steps=4)
    for junk in ["", "99", "-1e9"]:    # refused, said, and undone
        x.nth(2).fill(junk)
        assert x.nth(2).get_attribute("aria-invalid") is not None
        check_numbers(unfolding, x=inputs, steps=4)
    x.nth(2).blur()
    assert x.nth(2).input_value() == "-2" and x.nth(2).get_attribute("aria-invalid") is None
    initial = unfolding.locator(".sb-frame > input")
    initial.fill("0.5")
    check_numbers(unfolding, x=inputs, steps=4, state=0.5)


@both_languages
def test_unfolding_cone_of_a_node(unfolding, language):
    unfolding.locator("[data-id=h3]").hover()
    assert bright(unfolding) == {"h0", "h1", "h2", "h3", "x1", "x2", "x3"}
    words = unfolding.locator(".sb-words").inner_text()
    assert re.search(r"tanh\(\S+\)", words) and words.count("h(3)") >= 2
    assert unfolding.locator(".sb-badges rect").count() == 3
    bar(unfolding, 0).hover()
    assert len(bright(unfolding)) == 13
    unfolding.locator("[data-id=o2]").click()    # a press stays
    bar(unfolding, 0).hover()
    assert bright(unfolding) == {"h0", "h1", "h2", "o2", "x1", "x2"}
    unfolding.locator("[data-id=o2]").click()
    unfolding.locator("[data-id=o2]").blur()
    bar(unfolding, 0).hover()
    assert len(bright(unfolding)) == 13
    unfolding.locator(".sb-edge[data-parameter=W] .sb-parameter").nth(1).hover(force=True)
    assert lit_edges(unfolding, "W") == 4


def test_unfolding_nodes_by_keyboard(unfolding):
    page = unfolding.page
    unfolding.locator("[data-id=h4]").focus()
    for key, wanted in [("ArrowLeft", "h3"), ("ArrowUp", "o3"), ("ArrowRight", "o4"), ("ArrowDown", "h4"),
                        ("ArrowDown", "x4"), ("ArrowLeft", "x3")]:
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.dataset.id") == wanted
    assert bright(unfolding) == {"x3"}
    assert unfolding.locator(".sb-node[tabindex='0']").count() == 1
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert "h3" in bright(unfolding) and "h4" not in bright(unfolding)
    assert unfolding.locator("[data-id=h3]").get_attribute("aria-pressed") == "true"
    unfolding.locator("[data-id=h3]").focus()
    page.keyboard.press("Escape")
    assert unfolding.locator("[data-id=h3]").get_attribute("aria-pressed") == "false"


def test_unfolding_table(unfolding):
    unfolding.locator("summary").click()
    rows = unfolding.locator("tbody tr").all_inner_texts()
    wanted = Unfolding().numbers()
    assert [number(text) for text in rows[2].split()[1:]] == pytest.approx(wanted["h"], abs=6e-5)
    assert [number(text) for text in rows[3].split()[1:]] == pytest.approx(wanted["o"], abs=6e-5)
    sliders(unfolding)["W"].press("End")
    rows = unfolding.locator("tbody tr").all_inner_texts()
    assert [number(text) for text in rows[2].split()[1:]] == pytest.approx(Unfolding(params={"W": 3}).numbers()["h"], abs=6e-5)


@both_languages
def test_unfolding_on_a_phone_keeps_the_chosen_node_in_view(tab, language):
    page = tab(width=360, height=740, has_touch=True, reduced_motion="reduce").open(f"{language}/{UNFOLDING}")
    widget = page.locator(".sb-unfolding").first
    drag(bar(widget, 1), 12)
    scroller = widget.locator(".sb-scroll").first
    for t in (2, 11):
        drag(widget.locator(".sb-player input"), t)
        box, window = widget.locator(f"[data-id=h{t}]").bounding_box(), scroller.bounding_box()
        assert window["x"] <= box["x"] and box["x"] + box["width"] <= window["x"] + window["width"]
    widget.locator("[data-id=h11]").tap()
    assert "h(11)" in widget.locator(".sb-words").inner_text()


# --- Gradient flow

@pytest.fixture
def flow(tab, request):
    language = request.getfixturevalue("language") if "language" in request.fixturenames else "en"
    page = tab().open(f"{language}/{FLOW}")
    widget = page.locator(".sb-gradient-flow").first
    widget.scroll_into_view_if_needed()
    expect(widget.locator(".sb-chosen")).to_be_visible()
    widget.locator("summary").click()
    return widget


CONTROLS = {name: i for i, name in enumerate(
    ["model", "compare", "radius", "forget_bias", "steps", "input_scale", "activation", "weights", "loss", "seed",
     "step_from", "step_to", "clip", "threshold"])}


def control(widget, name: str):
    return widget.locator(":is(select, input, button)").nth(CONTROLS[name])


def check_flow(widget, **arguments):
    """The page's table and norm are those of `seqbook.scratch` for these arguments, to the three digits shown."""
    wanted = GradientFlow(**arguments).numbers()
    rows = [row.split("\t") for row in widget.locator("tbody tr").all_inner_texts()]
    shown = np.array([[number(cell) for cell in row] for row in rows])
    T = len(wanted["dh"])
    np.testing.assert_array_equal(shown[:, 0], np.arange(1, T + 1))
    np.testing.assert_allclose(shown[:, 1], wanted["dh"], rtol=5.1e-3)
    np.testing.assert_allclose(shown[:, 2], wanted["matrix"][-1], rtol=5.1e-3)
    norm = re.search(r": ([\d.·−]+)$", widget.locator("p[aria-live]").inner_text().replace("\n", ""))
    assert number(norm[1]) == pytest.approx(wanted["gradient"], rel=5.1e-3)


def picture(widget) -> tuple:
    """The line's path and the matrix's pixels."""
    return (widget.locator(".sb-chosen").get_attribute("d"),
            widget.locator("canvas").evaluate("canvas => canvas.toDataURL()"))


MOVES = {    # a new seed cannot be taken back, so it comes last
    "rnn": [("radius", 1.4), ("steps", 50), ("steps", 2), ("input_scale", 2.0), ("activation", "identity"),
            ("activation", "relu"), ("weights", "orthogonal"), ("loss", "every"), ("model", "lstm"), ("model", "gru"),
            ("seed", 1)],
    "lstm": [("forget_bias", 4.0), ("forget_bias", -2.0), ("radius", 1.4), ("steps", 50), ("input_scale", 2.0),
             ("weights", "orthogonal"), ("loss", "every"), ("seed", 1)],
    "gru": [("forget_bias", 4.0), ("radius", 0.4), ("loss", "every"), ("model", "rnn")],
}


@both_languages
@pytest.mark.parametrize("model", MOVES)
def test_flow_control_changes_picture_and_numbers(flow, language, model):
    control(flow, "model").select_option(model)
    check_flow(flow, model=model)
    before = picture(flow)
    for name, value in MOVES[model]:
        moved = control(flow, name)
        if name == "seed":
            moved.click()
        else:
            set_ = moved.select_option if isinstance(value, str) else partial(drag, moved)
            old = moved.input_value()
            set_(value)
        after = picture(flow)
        assert after[0] != before[0], (name, value)
        assert after[1] != before[1] or name == "loss"    # where the losses are does not change the Jacobians
        check_flow(flow, **{"model": model, name: value})
        if name != "seed":
            set_(old)
            assert picture(flow) == before, f"{name} taken back"


@both_languages
def test_flow_compares_the_models_on_the_same_axes(flow, language):
    lines = flow.locator(".sb-chart path[d^=M].sb-series")
    assert lines.count() == 1
    expect(flow.locator(".sb-key")).to_be_hidden()
    control(flow, "compare").check()
    drag(control(flow, "forget_bias"), 4.0)
    drag(control(flow, "step_from"), 3)
    assert lines.count() == len(set(lines.evaluate_all("paths => paths.map((path) => path.getAttribute('d'))"))) == 3
    made = GradientFlow(forget_bias=4.0)
    shown = flow.locator(".sb-key li").all_inner_texts()
    for name, text in zip(("rnn", "lstm", "gru"), shown, strict=True):
        assert name.upper() in text
        said = [number(found) for found in re.findall(r"\d\.\d+(?:·10−?\d+)?", text.replace("\n", ""))]
        assert said == [pytest.approx(made.numbers(name)["dh"][2], rel=5.1e-3)], text
    rows = np.array([[number(cell) for cell in row.split("\t")] for row in flow.locator("tbody tr").all_inner_texts()])
    for column, name in ((1, "rnn"), (3, "lstm"), (4, "gru")):
        np.testing.assert_allclose(rows[:, column], made.numbers(name)["dh"], rtol=5.1e-3)
    drawn = lines.evaluate_all("paths => paths.map((path) => path.getAttribute('d'))")
    control(flow, "model").select_option("gru")    # another line gets the dots, the lines stay
    assert sorted(drawn) == sorted(lines.evaluate_all("paths => paths.map((path) => path.getAttribute('d'))"))
    control(flow, "compare").uncheck()
    assert lines.count() == 1


@both_languages
def test_flow_controls_say_why_they_have_no_effect(flow, language):
    reasons = {"ko": ("게이트가 없", "정해져 있"), "en": ("no gates", "fixed")}[language]
    expect(control(flow, "forget_bias")).to_be_disabled()
    expect(control(flow, "activation")).to_be_enabled()
    assert reasons[0] in flow.inner_text() and reasons[1] not in flow.inner_text()
    for model in ("lstm", "gru"):
        control(flow, "model").select_option(model)
        expect(control(flow, "forget_bias")).to_be_enabled()
        expect(control(flow, "activation")).to_be_disabled()
        said = control(flow, "activation").get_attribute("aria-describedby")
        assert reasons[1] in flow.locator(f"[id='{said}']").inner_text() and reasons[0] not in flow.inner_text()
    control(flow, "compare").check()    # now each has a line to move
    for name in ("forget_bias", "activation"):
        expect(control(flow, name)).to_be_enabled()
        assert control(flow, name).get_attribute("aria-describedby") is None
    assert not any(reason in flow.inner_text() for reason in reasons)


@both_languages
def test_flow_says_what_the_state_is_where_it_is_more_than_h(flow, language):
    assert "∂s" not in flow.inner_text()
    control(flow, "model").select_option("lstm")
    assert "∂s" in flow.locator("figcaption").first.inner_text() and "C(t)" in flow.inner_text().replace("\n", "")
    assert "s(1)" in flow.locator(".sb-words").inner_text().replace("\n", "")
    control(flow, "model").select_option("gru")
    assert "∂s" not in flow.inner_text()


@both_languages
def test_flow_clipping(flow, language):
    expect(control(flow, "threshold")).to_be_hidden()
    control(flow, "clip").check()
    bars = flow.locator("svg[aria-label] rect.sb-before, svg[aria-label] rect.sb-after")
    assert bars.count() == 2
    lengths = []
    for position in (-2, 0, 2):    # powers of ten
        drag(control(flow, "threshold"), position)
        lengths.append(float(flow.locator(".sb-after").get_attribute("width")))
    before = float(flow.locator(".sb-before").get_attribute("width"))
    assert lengths[0] < lengths[1] < lengths[2] == before    # the norm, some 3, is within 100
    words = flow.locator("p[aria-live]").inner_text()
    assert "100" in words
    control(flow, "clip").uncheck()
    assert flow.locator(".sb-after:visible").count() == 0


@both_languages
def test_flow_words_speak_of_the_cell_pointed_at(flow, language):
    wanted = GradientFlow().numbers()
    T = 30
    drawing = flow.locator(".sb-heatmap svg")
    frame = flow.locator(".sb-heatmap .sb-frame").bounding_box()
    cell = frame["width"] / T
    origin = drawing.bounding_box()
    for k, t in [(3, 20), (12, 13), (7, 7)]:
        x, y = frame["x"] + (k - 0.5) * cell, frame["y"] + (t - 0.5) * cell
        drawing.hover(position={"x": x - origin["x"], "y": y - origin["y"]})
        words = flow.locator(".sb-words").inner_text().replace("\n", " ")
        assert f"h({k})" in words and f"h({t})" in words
        said = [number(found.rstrip(".")) for found in re.findall(r"\d\.\d+(?:·10−?\d+)?", words)]
        for value in [wanted["dh"][k - 1]] + ([wanted["matrix"][t - 1, k - 1]] if k < t else []):
            assert any(abs(number_ - value) <= 5.1e-3 * value for number_ in said), (value, words)
        assert control(flow, "step_from").input_value() == str(k) and control(flow, "step_to").input_value() == str(t)
    chart = flow.locator(".sb-chart").bounding_box()
    flow.locator(".sb-chart").hover(position={"x": chart["width"] - 14, "y": 50})
    assert control(flow, "step_from").input_value() == "30"


def test_flow_steps_by_keyboard(flow):
    start, end = control(flow, "step_from"), control(flow, "step_to")
    start.focus()
    for _ in range(4):
        start.press("ArrowRight")
    assert "h(5)" in flow.locator(".sb-words").inner_text()
    end.focus()
    end.press("Home")    # before k: k gives way
    assert start.input_value() == end.input_value() == "1"
    start.press("End")
    assert start.input_value() == end.input_value() == "30"
    control(flow, "radius").press("ArrowRight")
    check_flow(flow, radius=1.01)


# --- Both

@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path, selector", [(UNFOLDING, ".sb-unfolding"), (FLOW, ".sb-gradient-flow")])
def test_axe_finds_nothing_with_everything_open(tab, theme, path, selector):
    """On a phone, at full length, with losses, clipping and the table shown: what the page's own check does not open."""
    page = tab(width=360, height=740, theme=theme, reduced_motion="reduce").open(f"ko/{path}")
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    widget = page.locator(selector).first
    widget.locator("summary").click()
    for checkbox in widget.locator("input[type=checkbox]:visible").all():
        checkbox.check()
    drag(widget.locator("input[type=range]").nth(0 if selector == ".sb-unfolding" else 1), 12)
    assert widget.locator("tbody").inner_text().strip()
    found = Axe().run(page, context=selector).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


