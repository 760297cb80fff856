"""The mask laboratory in a browser: painted by mouse, touch and keyboard, and compared with what Python computes."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from seqbook.widgets import MaskLaboratory
from seqbook.widgets.mask_laboratory import PRESETS
from tests.site.widgets.hosted import Shown, both_languages, drag, number

pytestmark = pytest.mark.browser

KNOBS = ("text", "mask", "padding", "layers", "time", "trained")


class Figure(Shown):
    """The shown laboratory and what can be read off it."""

    def cell(self, t: int, s: int):
        """Row t, column s, from 0."""
        return self.element.locator(f".sb-cell[data-t='{t}'][data-s='{s}']")

    def matrix(self, mark: str) -> np.ndarray:
        """(T, T): which cells carry a mark."""
        rows = self.element.locator(".sb-cells .sb-row").evaluate_all(
            "(rows, mark) => rows.map((row) => [...row.querySelectorAll('.sb-cell')]"
            ".map((cell) => cell.classList.contains(mark)))", f"sb-{mark}")
        return np.array(rows, dtype=bool)

    def texts(self, selector: str) -> list[str]:
        return self.element.locator(selector).all_text_contents()

    def heights(self) -> list[float]:
        return [float(height) for height in self.element.locator(".sb-bar-of").evaluate_all(
            "all => all.map((each) => each.getAttribute('height'))")]

    @property
    def said(self) -> str:
        return self.element.locator(".sb-words:visible").inner_text()

    def preset(self, name: str):
        return self.element.locator(f"[data-preset={name}]")

    def loss(self, trained: str, mask: str) -> str:
        return self.element.locator(f"[data-loss={trained}-{mask}]").inner_text()

    def check(self) -> dict:
        """Cells, bars, losses, writing and table are what Python computes for the page's settings; its numbers."""
        self.settle()
        made = MaskLaboratory(**{name: self.get(name) for name in KNOBS}, lang="en")
        found = made.numbers()
        T, n = len(found["mask"]), len(found["answer"])
        assert np.array_equal(self.matrix("open"), found["mask"] > 0)
        others = ~np.eye(T, dtype=bool) & (found["mask"] == 0)
        assert np.array_equal(self.matrix("known"), (found["knows"] > 0) & others)
        now = T - n + min(made.time, n) - 1
        inside = self.element.locator(".sb-token").evaluate_all(
            "all => all.map((each) => each.classList.contains('sb-inside'))")
        assert inside == list(found["knows"][now] > 0)
        says = [re.search(r"([<>]?)(\d+)%$", text) for text in self.texts(".sb-says")[T - n:]]
        for p, text in zip(found["answer"], says, strict=True):
            assert text[0] == ("<1%" if p < 0.005 else ">99%" if p > 0.995 else f"{np.floor(100 * p + 0.5):.0f}%")
        wanted = 44 * found["gradient"] / found["gradient"].max()
        for height, size in zip(self.heights(), wanted, strict=True):
            assert (height == 0) == (size == 0) and (height == pytest.approx(size, abs=1e-3) or size < 1 == height)
        for at, trained in enumerate(("causal", "leak")):
            for mask, name in (("training", "training_loss"), ("right", "right_loss"), ("here", "loss")):
                if n > 1:
                    assert number(self.loss(trained, mask)) == pytest.approx(found[name][at].mean(), abs=0.00501)
                else:
                    assert self.loss(trained, mask) == "–"
        return found


@pytest.fixture
def figure(show):
    return show(MaskLaboratory("the statement", lang="en"), kind=Figure)


@both_languages
def test_says_everything_in_the_page_language(show, language):
    figure = show(MaskLaboratory(lang=language), kind=Figure)
    figure.check()
    for preset in PRESETS:
        figure.preset(preset).click()
        figure.check()
        assert figure.preset(preset).get_attribute("aria-pressed") == "true"
        assert figure.element.locator("[data-preset][aria-pressed=true]").count() == 1
    assert {"ko": "어텐션의 출력이 0", "en": "attention gives zeros"}[language] in figure.said
    assert {"ko": "11글자", "en": "11 characters"}[language] in figure.words()


def test_the_usual_mistakes_are_seen_for_what_they_are(figure):
    figure.check()
    assert "none of 12" in figure.said and not (figure.matrix("open") & figure.matrix("future")).any()
    causal = figure.loss("causal", "here")
    figure.preset("off_by_one").click()
    figure.check()
    assert "12 of 12" in figure.said and "can know its answer “t”" in figure.said
    assert (figure.matrix("open") & figure.matrix("future")).sum() == 12
    assert number(figure.loss("leak", "here")) < 0.05 < number(causal) < number(figure.loss("causal", "here"))
    assert figure.loss("leak", "here") == figure.loss("leak", "training")
    assert number(figure.loss("leak", "right")) > 4.64 and "4.64" in figure.words()
    figure.preset("inverted").click()
    assert "zeros): 13." in figure.said
    figure.preset("padding_in_query").click()
    figure.check()
    assert figure.get("padding") == 2 and "zeros): □1, □2." in figure.said and "Padding among" in figure.said
    figure.preset("padding").click()
    figure.check()
    assert "Padding among" not in figure.said and figure.loss("causal", "here") == causal
    figure.preset("closed").click()
    figure.check()
    assert figure.element.locator(".sb-token.sb-inside").count() == 1 and "reaches 1 of 15" in figure.said


def test_both_networks_write_without_the_future(figure):
    written = {each: figure.element.locator(f"[data-writing={each}]").inner_text() for each in ("causal", "leak")}
    ids, characters = figure.python.numbers()["written"], figure.get("specimen")["characters"]
    for at, text in enumerate(written.values()):
        assert text == "the statement" + "".join(characters[int(each)] for each in ids[at])
    figure.preset("open").click()
    assert figure.element.locator("[data-writing=leak]").inner_text() == written["leak"]
    assert " the " in written["causal"][13:] and " " not in written["leak"][13:]


def test_a_press_turns_a_cell_and_a_drag_paints(figure):
    figure.cell(2, 9).click()
    assert figure.get("mask")[2] == "1110000001000" and figure.cell(2, 9).get_attribute("aria-selected") == "true"
    figure.check()
    assert figure.element.locator("[aria-pressed=true][data-preset]").count() == 0
    assert "A mask of your own" in figure.said
    figure.cell(2, 9).click()
    assert figure.get("mask")[2] == "1110000000000"
    centre = lambda t, s: (lambda box: (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))(
        figure.cell(t, s).bounding_box())
    mouse = figure.page.mouse
    mouse.move(*centre(0, 3))
    mouse.down()
    mouse.move(*centre(0, 12))    # in one leap
    mouse.move(*centre(2, 12))
    mouse.up()
    assert figure.get("mask")[0] == "1001111111111" and [row[12] for row in figure.get("mask")[:3]] == ["1"] * 3
    mouse.move(*centre(7, 7))
    assert figure.get("mask")[7] == "1111111100000"    # the stroke is over
    mouse.move(*centre(12, 0))    # a stroke that begins on an open cell closes
    mouse.down()
    mouse.move(*centre(12, 5))
    mouse.move(centre(12, 5)[0], centre(12, 5)[1] + 300)    # beyond the board: its last row
    mouse.up()
    assert figure.get("mask")[12] == "0000001111111"
    figure.check()
    before = figure.get("mask")
    figure.cell(0, 0).click(button="right")
    assert figure.get("mask") == before


def test_a_finger_paints_and_does_not_scroll(show):
    figure = show(MaskLaboratory("the statement", lang="ko", mask="closed"), kind=Figure, width=360, touch=True)
    figure.cell(3, 1).tap()
    assert figure.get("mask")[3] == "0100000000000"
    box = lambda t, s: figure.cell(t, s).bounding_box()
    figure.cell(5, 0).scroll_into_view_if_needed()
    x, y, side, top = box(5, 0)["x"], box(5, 0)["y"], box(5, 0)["width"], figure.page.evaluate("scrollY")
    assert side >= 12
    session = figure.page.context.new_cdp_session(figure.page)
    touch = lambda kind, *points: session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [
        {"x": px, "y": py} for px, py in points]})
    touch("touchStart", (x + side / 2, y + side / 2))
    for n in range(1, 8):
        touch("touchMove", (x + side * (n + 0.5), y + side * (n + 0.5)))
    touch("touchEnd")
    figure.settle()
    assert [figure.get("mask")[5 + n][n] for n in range(8)] == ["1"] * 8
    assert figure.page.evaluate("scrollY") == top
    figure.check()


def test_the_keyboard_moves_paints_and_keeps_its_place(figure):
    focused = lambda: tuple(map(int, figure.page.evaluate("Object.values(document.activeElement.dataset)")))
    press = figure.page.keyboard.press
    assert figure.element.locator(".sb-cell[tabindex='0']").count() == 1
    figure.cell(0, 0).focus()
    for key, wanted in [("ArrowRight", (0, 1)), ("ArrowDown", (1, 1)), ("End", (1, 12)), ("PageDown", (12, 12)),
                        ("ArrowDown", (12, 12)), ("Home", (12, 0)), ("PageUp", (0, 0)), ("ArrowRight", (0, 1))]:
        press(key)
        assert focused() == wanted
    press("Space")
    assert figure.get("mask")[0] == "1100000000000" and focused() == (0, 1)
    for _ in range(3):
        press("Shift+ArrowRight")
    figure.settle()
    assert figure.get("mask")[0] == "1111100000000" and focused() == (0, 4)
    press("Enter")
    figure.settle()
    assert figure.get("mask")[0] == "1111000000000" and focused() == (0, 4)
    assert figure.element.locator(".sb-cell[tabindex='0']").count() == 1
    figure.check()
    assert "query 1 “t”, key 4 “␣”: may look" == figure.cell(0, 3).get_attribute("aria-label")


def test_a_position_is_chosen_by_its_letter_and_the_slider(figure):
    figure.element.locator(".sb-head button").nth(8).click()
    assert figure.get("time") == 9 and "Position 9, “e”" in figure.said
    figure.check()
    drag(figure.knob("time"), 13)
    figure.check()
    assert "favourite is" in figure.said and figure.knob("time").get_attribute("max") == "13"
    figure.knob("layers").select_option("2")
    figure.preset("strict").click()
    figure.check()
    figure.knob("trained").select_option("leak")
    drag(figure.knob("padding"), 3)
    figure.check()


def test_what_the_reader_types_is_read_as_it_stands(figure):
    field = figure.knob("text")
    field.fill('<b onclick="alert(1)">')
    figure.check()
    assert figure.get("text") == '<b onclick="alert(1)">' and "8 more are not" in figure.words()
    assert figure.element.locator(".sb-board b, .sb-contest i").count() == 0
    field.fill("한글 a")
    figure.check()
    assert "unknown character" in figure.words() and "한 글" in figure.words()
    field.fill("x")
    figure.check()
    assert "none of 0" in figure.said
    field.fill("")
    expect(figure.element.locator(".sb-board")).to_be_hidden()
    assert "at least one character" in figure.words()
    field.fill("ab")
    figure.check()
    assert len(figure.matrix("open")) == 2
    figure.set(mask=["11", "01"])
    figure.check()
    field.fill("abc")    # beyond what is painted it is causal
    assert np.array_equal(figure.check()["mask"], [[1, 1, 0], [0, 1, 0], [1, 1, 1]])


def test_the_table_has_every_number(figure):
    figure.preset("padding_in_query").click()
    figure.element.locator("summary").click()
    figure.settle()
    found, rows = figure.check(), figure.element.locator("tbody").last.locator("tr").all()
    cells = [[text.strip() for text in row.locator("th, td").all_text_contents()] for row in rows]
    assert len(cells) == 15 and cells[0][:3] == ["□1", "–", "□1"] and cells[6][0] == "5 s"
    for n, row in enumerate(cells[2:]):
        if n < 12:
            assert [number(row[3]), number(row[4])] == pytest.approx(found["loss"][:, n], abs=0.00501)
        assert number(row[5]) == pytest.approx(found["answer"][n], abs=0.000501)
    assert cells[6][1] == "□1 □2 1 2 3 4 5"


@pytest.mark.parametrize("width", [360, 390, 768, 1280])
def test_nothing_is_cut_off_with_all_the_tokens_there_can_be(show, width):
    figure = show(MaskLaboratory("wwwwwwwwwwwwww", padding=3, lang="ko", layers=2), kind=Figure, width=width)
    assert figure.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    board = figure.element.locator(".sb-picture").bounding_box()
    for selector in (".sb-says", ".sb-name", ".sb-cell"):
        boxes = [each.bounding_box() for each in figure.element.locator(selector).all() if each.text_content() or
                 selector == ".sb-cell"]
        assert max(box["x"] + box["width"] for box in boxes) <= board["x"] + board["width"] + 1, selector
