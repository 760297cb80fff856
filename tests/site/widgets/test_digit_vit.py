"""The Vision Transformer of digits in a browser: drawn by mouse, finger and keyboard, moved, erased, compared."""

import re

import numpy as np
import pytest

from seqbook.widgets import DigitVit
from tests.site.widgets.hosted import Shown, both_languages, drag, number

pytestmark = pytest.mark.browser

KNOBS = ("image", "fit", "order", "erased", "erasing", "without", "network", "layer", "head", "query", "stage")
SAME = list(range(16))


def percent(p: float) -> str:
    return "<1%" if 0 < p < 0.005 else ">99%" if 0.995 < p < 1 else f"{np.floor(100 * p + 0.5):.0f}%"


class Figure(Shown):
    """The shown widget and what can be read off it."""

    @property
    def pad(self):
        return self.element.locator(".sb-pad")

    @property
    def said(self) -> str:
        return self.element.locator(".sb-words").inner_text()

    def patch(self, place: int):
        return self.element.locator(f".sb-patch[data-place='{place}']")

    def texts(self, selector: str) -> list[str]:
        return self.element.locator(selector).all_text_contents()

    def focused(self, name: str) -> str:
        return self.page.evaluate(f"document.activeElement.dataset.{name}")

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A place in the field of 32×32 as one on the page."""
        box = self.pad.bounding_box()
        return box["x"] + x / 32 * box["width"], box["y"] + y / 32 * box["height"]

    def stroke(self, *points):
        """The mouse draws through points of the field."""
        mouse = self.page.mouse
        mouse.move(*self.point(*points[0]))
        mouse.down()
        for point in points[1:]:
            mouse.move(*self.point(*point), steps=4)
        mouse.up()
        self.settle()

    def drag_patch(self, one: int, other: int):
        centre = lambda place: (lambda box: (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))(
            self.patch(place).bounding_box())
        self.page.mouse.move(*centre(one))
        self.page.mouse.down()
        self.page.mouse.move(*centre(other), steps=3)
        self.page.mouse.up()
        self.settle()

    def check(self) -> dict:
        """Pixels, probabilities and maps are what Python computes for the page's settings; its numbers."""
        self.settle()
        made = DigitVit(**{name: self.get(name) for name in KNOBS}, lang="en")
        found = made.numbers()
        shades = self.element.locator(".sb-patch").evaluate_all(
            "all => all.map((each) => [...each.querySelectorAll('i')].map((pixel) => +pixel.style.opacity))")
        wanted = found["grey"].reshape(4, 2, 4, 2).transpose(0, 2, 1, 3).reshape(16, 4) / 16
        np.testing.assert_allclose(shades, wanted, atol=0.00051)
        shown = found[made.network]
        assert self.texts(".sb-share") == [percent(p) for p in shown]
        bars = self.element.locator(".sb-track").evaluate_all(
            "all => all.map((each) => [...each.children].map((one) => parseFloat(one.style.width || one.style.left)))")
        other = found["switched" if made.network == "trained" else "trained"]
        both = [shown, found["before"]] if made.without == "nothing" else [shown, other, found["before"]]
        bars = np.array(bars, dtype=float)[:, [0, 2] if made.without == "nothing" else [0, 1, 2]]
        np.testing.assert_allclose(bars, 100 * np.transpose(both), atol=0.0501)
        first = int(len(found["rollout"]) == 17)
        there = [place for place in SAME if made.erasing != "gone" or place not in made.erased]

        def row(matrix):
            return matrix[[first + made.query - 1] if made.query else [0] if first else there].mean(axis=0)

        weights = row(found["weights"][made.layer - 1, made.head - 1])
        for place, text in enumerate(self.texts(".sb-large span")):
            assert text == (percent(weights[first + place]) if place in there else "×")
        if first:
            assert self.texts(".sb-token")[0].endswith(percent(weights[0]))
        for selector, values in ((".sb-rollout", row(found["rollout"])[first:]), (".sb-effects", found["effects"])):
            rects = self.element.locator(f"{selector} rect").evaluate_all(
                "all => all.slice(0, 16).map((each) =>"
                " [+each.getAttribute('fill-opacity'), each.getAttribute('fill')])")
            size = (np.abs(values).max() or 1) if selector == ".sb-effects" else 1    # nothing can be erased of nothing
            np.testing.assert_allclose([opacity for opacity, _ in rects], np.sqrt(np.abs(values) / size), atol=0.003)
            if selector == ".sb-effects":    # orange where erasing lowers log p
                hues = {fill for (_, fill), value in zip(rects, values) if value < -1e-9}
                assert hues <= {"rgb(226 109 28)"}
        return found


@pytest.fixture
def figure(show):
    return show(DigitVit(lang="en"), kind=Figure)


@both_languages
def test_says_everything_in_the_page_language(show, language):
    figure = show(DigitVit(lang=language), kind=Figure)
    figure.check()
    for without in ("positions", "class_token"):
        figure.knob("without").select_option(without)
        for network in ("trained", "switched"):
            figure.knob("network").select_option(network)
            figure.check()
            assert {"ko": "배운 적이 없습니다", "en": "has never learned"}[language] in figure.said
            key = figure.words()
            assert {"ko": "처음부터 빼고 학습한 모델", "en": "network trained without it"}[language] in key
            assert {"ko": "온전한 모델에서 나중에 끈 모델", "en": "it switched off"}[language] in key
    figure.knob("without").select_option("nothing")
    assert figure.knob("network").is_disabled()
    assert {"ko": "배운 적", "en": "never learned"}[language] not in figure.said


def test_the_mouse_draws_and_the_networks_read_at_once(figure):
    assert figure.element.locator(".sb-hint").is_visible()
    figure.stroke((10, 10), (10, 6), (22, 6), (20, 15), (18, 28))    # a 7
    assert not figure.element.locator(".sb-hint").is_visible()
    found = figure.check()
    assert found["trained"].argmax() == 7 and "answer: 7" in figure.said
    assert figure.element.locator("[data-digit='7'].sb-now").count() == 1
    assert figure.element.locator("[data-example][aria-pressed=true]").count() == 0
    image = figure.get("image")
    assert len(image) == 32 and sum(map(lambda row: row.count("1"), image)) > 100
    figure.element.get_by_role("button", name="Eraser").click()
    figure.stroke((4, 6), (28, 6))
    figure.check()
    assert "1" not in "".join(figure.get("image")[5:7]) and "1" in "".join(figure.get("image")[12:20])
    figure.knob("fit").uncheck()
    figure.check()
    figure.element.get_by_role("button", name="New drawing").click()
    figure.check()
    assert "The field is empty" in figure.said and figure.element.locator(".sb-answers .sb-now").count() == 0


def test_a_stroke_on_an_example_begins_a_new_drawing(figure):
    figure.element.locator("[data-example='8']").click()
    assert figure.get("image") == 8 and "answer: 8" in figure.said
    figure.check()
    figure.stroke((17, 4), (16, 28))
    assert figure.check()["trained"].argmax() == 1
    assert "Before" not in figure.said


def test_a_finger_draws_and_does_not_scroll(show):
    figure = show(DigitVit(lang="ko"), kind=Figure, width=360, touch=True)
    figure.pad.scroll_into_view_if_needed()
    top = figure.page.evaluate("scrollY")
    session = figure.page.context.new_cdp_session(figure.page)
    touch = lambda kind, *points: session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [
        dict(zip("xy", figure.point(*point))) for point in points]})
    touch("touchStart", (16, 4))
    for y in range(5, 29):
        touch("touchMove", (16, y))
    touch("touchEnd")
    figure.settle()
    assert figure.page.evaluate("scrollY") == top
    assert figure.check()["trained"].argmax() == 1
    assert figure.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_keyboard_draws(figure):
    press = figure.page.keyboard.press
    figure.pad.focus()
    press("ArrowRight")
    press("ArrowUp")
    figure.settle()
    assert figure.get("image") == 3    # a pen that is up does not draw
    press("Space")
    for _ in range(22):
        press("ArrowDown")
    press("Space")
    figure.settle()
    rows = [row.count("1") for row in figure.get("image")]
    assert rows[:3] == [0] * 3 and set(rows[6:26]) == {4} and rows[31] == 0
    assert figure.check()["trained"].argmax() == 1
    before = figure.get("image")
    press("Shift+ArrowLeft")
    figure.settle()
    assert figure.get("image") == before
    press("Enter")
    press("Shift+ArrowLeft")
    figure.settle()
    assert figure.get("image")[26].index("1") == before[26].index("1") - 8
    press("Delete")
    figure.settle()
    assert "1" not in "".join(figure.get("image"))
    press("Tab")    # and it can be left
    assert not figure.pad.evaluate("each => each === document.activeElement")


def test_patches_are_dragged_chosen_and_erased(figure):
    figure.drag_patch(1, 14)
    assert figure.get("order") == [0, 14, *SAME[2:14], 1, 15] and figure.get("query") == 0
    assert figure.texts(".sb-came")[14] == "2"
    assert "from row 1, column 2" in figure.patch(14).get_attribute("aria-label")
    figure.check()
    assert "Before the changes" in figure.said
    figure.patch(6).click()
    assert figure.get("query") == 7 and figure.patch(6).get_attribute("aria-selected") == "true"
    figure.check()
    assert "query of row 2, column 3 looks" in figure.said
    figure.element.get_by_role("button", name="Erase row 2, col. 3").click()
    assert figure.get("erased") == [6] and "erased" in figure.patch(6).get_attribute("aria-label")
    figure.check()
    figure.drag_patch(6, 10)
    assert figure.get("erased") == [10] and figure.get("order")[10] == 6    # it stays erased where it goes
    figure.check()
    for erasing in ("mean", "gone"):
        figure.knob("erasing").select_option(erasing)
        figure.check()
    assert "sb-gone" in figure.patch(10).get_attribute("class")
    figure.element.get_by_role("button", name="Restore row 3, col. 3").click()
    assert figure.get("erased") == []
    figure.element.get_by_role("button", name="As it was").click()
    assert figure.get("order") == SAME and figure.get("erased") == []
    assert figure.element.get_by_role("button", name="As it was").is_disabled()
    figure.drag_patch(3, 3)
    assert figure.get("order") == SAME and figure.get("query") == 4


def test_a_drag_that_ends_outside_changes_nothing(figure):
    box = figure.patch(0).bounding_box()
    figure.page.mouse.move(box["x"] + 5, box["y"] + 5)
    figure.page.mouse.down()
    figure.page.mouse.move(box["x"] + 5, box["y"] - 120, steps=3)
    figure.page.mouse.up()
    figure.settle()
    assert figure.get("order") == SAME and figure.get("query") == 0
    assert figure.element.locator(".sb-patch.sb-lifted").count() == 0


def test_the_keyboard_moves_chooses_and_erases_patches(figure):
    press = figure.page.keyboard.press
    assert figure.element.locator(".sb-patch[tabindex='0']").count() == 1
    figure.patch(5).focus()
    for key, wanted in [("ArrowRight", 6), ("ArrowDown", 10), ("End", 11), ("ArrowRight", 11),
                        ("Home", 8), ("ArrowUp", 4)]:
        press(key)
        assert figure.focused("place") == str(wanted)
    press("Space")
    assert "is taken up" in figure.words()
    press("ArrowRight")
    press("Space")
    figure.settle()
    assert figure.get("order")[4:6] == [5, 4] and figure.focused("place") == "5"
    press("Space")
    press("Escape")
    press("ArrowRight")
    press("Space")    # takes up anew, drops nothing
    press("Space")
    figure.settle()
    assert figure.get("order")[4:7] == [5, 4, 6]
    press("Enter")
    press("Delete")
    figure.settle()
    assert figure.get("query") == 7 and figure.get("erased") == [6]
    figure.check()
    press("Backspace")
    figure.settle()
    assert figure.get("erased") == []


def test_no_order_matters_without_positions(figure):
    figure.knob("without").select_option("positions")
    figure.set(erased=[6])
    before = figure.texts(".sb-share")
    figure.element.get_by_role("button", name="Shuffle").click()
    figure.check()
    assert figure.get("order") != SAME and sorted(figure.get("order")) == SAME
    assert [figure.get("order")[place] for place in figure.get("erased")] == [6]    # the same patch
    assert figure.texts(".sb-share") == before and "however the patches are shuffled" in figure.said
    figure.knob("without").select_option("nothing")
    figure.check()
    assert "shuffled" not in figure.said


def test_heads_layers_queries_and_stages(figure):
    for layer, head in ((1, 3), (2, 2), (2, 4)):
        figure.element.locator(f"[data-head='{layer}-{head}']").click()
        assert (figure.get("layer"), figure.get("head")) == (layer, head)
        assert figure.knob("layer").input_value() == str(layer) and figure.knob("head").input_value() == str(head)
        figure.check()
        assert f"In block {layer}, head {head}" in figure.said
    assert figure.element.locator("[data-head][aria-pressed=true]").count() == 1
    drag(figure.knob("query"), 16)
    figure.check()
    assert "query of row 4, column 4" in figure.said
    figure.element.locator(".sb-token").click()
    assert figure.get("query") == 0
    figure.knob("without").select_option("class_token")
    figure.check()
    assert "query of the mean of all patches" in figure.said
    assert "mean of the patches answers" in figure.texts(".sb-token")[0]
    labels = set()
    for stage in range(4):
        figure.knob("stage").select_option(str(stage))
        figure.settle()
        canvas, tokens = figure.element.locator("canvas"), figure.check()["tokens"]
        labels.add(canvas.get_attribute("aria-label"))
        drawn = canvas.evaluate("""each => {
            const copy = new OffscreenCanvas(each.width, each.height).getContext("2d");
            copy.drawImage(each, 0, 0);
            return [...copy.getImageData(0, 0, each.width, each.height).data];
        }""")
        drawn = np.reshape(drawn, (*tokens.shape, 4))
        np.testing.assert_allclose(drawn[..., 3] / 255, np.sqrt(np.abs(tokens) / np.abs(tokens).max()), atol=0.01)
        orange, strong = drawn[..., 0] > drawn[..., 2], np.abs(tokens) > 0.05
        assert np.array_equal(orange[strong], tokens[strong] > 0)
    assert len(labels) == 4


def test_the_table_has_every_number(figure):
    figure.element.locator("summary").click()
    figure.patch(2).click()
    figure.settle()
    for without in ("nothing", "class_token"):
        figure.knob("without").select_option(without)
        found, first = figure.check(), int(without == "nothing")
        rows = [[text.strip() for text in row.locator("th, td").all_text_contents()]
                for row in figure.element.locator("tbody tr").all()]
        assert len(rows) == 16 + first and rows[first][0] == "row 1, column 1"
        assert rows[first + 2][1] == " ".join(f"{grey:.0f}" for grey in found["grey"][:2, 4:6].ravel())
        token = 2 + first
        for s, cells in enumerate(rows):
            weights = [*found["weights"][0, :, token, s], found["rollout"][token, s]]
            assert [number(cell) for cell in cells[2:7]] == pytest.approx(weights, abs=0.00051)
            if s >= first:
                assert number(cells[7]) == pytest.approx(found["effects"][s - first], abs=0.00051)
        assert re.search(r"row 1, column 3", figure.element.locator("tr.sb-now").inner_text())


@pytest.mark.parametrize("width", [360, 390, 768, 1280])
def test_nothing_is_cut_off(show, width):
    figure = show(DigitVit(11, lang="ko", without="class_token", order=SAME[::-1], erased=[3]),
                  kind=Figure, width=width)
    assert figure.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    whole = figure.element.bounding_box()
    for selector in (".sb-share", ".sb-pick", ".sb-head", ".sb-large span", "canvas", ".sb-pad", ".sb-patch"):
        boxes = [each.bounding_box() for each in figure.element.locator(selector).all()]
        assert max(box["x"] + box["width"] for box in boxes) <= whole["x"] + whole["width"], selector
        assert min(box["width"] for box in boxes) > 0
    assert all(box["width"] >= 24 and box["height"] >= 24 for box in
               (each.bounding_box() for each in figure.element.locator("button").all()))
