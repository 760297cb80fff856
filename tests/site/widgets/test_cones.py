"""The cones in a browser: typed into, pointed at, changed; compared with what Python computes."""

import unicodedata

import numpy as np
import pytest
from playwright.sync_api import expect

from seqbook.widgets import Cones
from tests.site.widgets.hosted import Shown, both_languages, drag, number

pytestmark = pytest.mark.browser

SENTENCE = "they are in the same order"    # the network's: 21 letters


class Figure(Shown):
    """The shown cones and what can be read off them."""

    def at(self, row: str, n: int):
        return self.element.locator(f".sb-at-{row}[data-n='{n}']")

    def texts(self, selector: str) -> list[str]:
        return self.element.locator(selector).all_text_contents()

    def inside(self, row: str) -> list[int]:
        """Which letters of a row are in the cone, from 1."""
        group = "letter" if row == "letter" else f"state.sb-{row}"
        prefix = "at-" if row == "letter" else ""
        marks = self.element.locator(f".sb-{prefix}{group}").evaluate_all(
            "all => all.map((each) => each.classList.contains('sb-inside'))")
        return [n for n, mark in enumerate(marks, 1) if mark]

    @property
    def said(self) -> str:
        return self.element.locator(".sb-words:visible").inner_text()

    @property
    def status(self) -> str:
        return self.element.locator(".sb-field p").inner_text()

    def check(self) -> dict:
        """What stands in outputs, states and table is what Python computes for the page's settings; its numbers."""
        self.settle()
        knobs = ("text", "reader", "time", "change", "into", "predict")
        made = Cones(**{name: self.get(name) for name in knobs}, lang="en")
        wanted = made.numbers()
        at = ("forward", "backward", "both").index(made.reader)
        values = self.texts(".sb-at-output > text:not(.sb-aside)")
        if made.predict == "space":
            assert values == [f"{np.floor(100 * p + 0.5):.0f}%" for p in wanted["probability_changed"][at]]
        else:
            assert set(values) == {"?"}
        for row in ("forward", "backward"):
            sizes, moved = self.texts(f".sb-state.sb-{row} > text"), wanted[f"{row}_moved"]
            if made.change is None:
                assert set(sizes) == {""}
            else:
                for size, text in zip(moved, sizes, strict=True):
                    assert (text == "0") == (size == 0)
                    half = 0.00501 if size < 0.99 else 0.0501 if size < 9.9 else 0.501
                    assert text == "<.01" and 0 < size < 0.005 or number(text) == pytest.approx(size, abs=half)
        return wanted


@pytest.fixture
def figure(show):
    return show(Cones(SENTENCE, lang="en", time=3), kind=Figure)


@both_languages
def test_says_everything_in_the_page_language(show, language):
    figure = show(Cones(lang=language), kind=Figure)
    figure.check()
    assert {"ko": "정방향 상태는", "en": "the forward state sums up"}[language] in figure.said
    assert {"ko": "우리나라 표준 시간", "en": SENTENCE}[language] == figure.element.locator(".sb-restored").inner_text()
    assert {"ko": "8글자", "en": "21 letters"}[language] in figure.status
    figure.at("letter", 4).click()
    assert {"ko": "번 글자를 바꾸었습니다", "en": "Letter 4: “y” → “x”"}[language] in figure.said
    figure.set(predict="next")
    assert {"ko": "언어 모델의 정답", "en": "language model's answer"}[language] in figure.said


def test_the_cone_of_every_reader(figure):
    everything = list(range(1, 22))
    for reader, forward, backward in [("forward", [1, 2, 3], []), ("backward", [], everything[2:]),
                                      ("both", [1, 2, 3], everything[2:])]:
        figure.knob("reader").select_option(reader)
        figure.check()
        assert figure.inside("forward") == forward and figure.inside("backward") == backward
        assert figure.inside("letter") == sorted({*forward, *backward})
    lit = lambda: figure.element.locator(".sb-edge.sb-lit").count()
    assert lit() == 3 + 2 + 1 + 19 + 18 + 1    # letters to states, state to state, state to output
    figure.knob("reader").select_option("forward")
    assert lit() == 3 + 2 + 1
    assert "“the” alone. Of “yareinthesameorder”" in figure.said


def test_an_output_is_chosen_by_pointer_slider_and_keyboard(figure):
    figure.at("output", 7).click()
    assert figure.get("time") == 7 and figure.inside("forward") == list(range(1, 8))
    assert figure.at("output", 7).get_attribute("aria-pressed") == "true"
    drag(figure.knob("time"), 20)
    assert figure.get("time") == 20 and "after “e”" in figure.words()
    assert figure.knob("time").get_attribute("max") == "20"
    figure.at("output", 20).focus()
    for key, wanted in [("ArrowRight", ("output", 20)), ("ArrowLeft", ("output", 19)), ("ArrowDown", ("letter", 19)),
                        ("ArrowRight", ("letter", 20)), ("ArrowUp", ("output", 20))]:
        figure.page.keyboard.press(key)
        focused = figure.page.evaluate("document.activeElement.dataset")
        assert (focused["row"], int(focused["n"])) == wanted
    figure.page.keyboard.press("ArrowLeft")
    figure.page.keyboard.press("Enter")
    assert figure.get("time") == 19
    figure.check()
    assert figure.page.evaluate("document.activeElement.dataset.n") == "19"    # the keyboard keeps its place
    middle = lambda n: figure.at("output", n).bounding_box()["x"]
    assert middle(1) < middle(2) < middle(19) < middle(20)    # and everything its own
    figure.set(text="the order is the same", time=19)
    assert figure.at("output", 16).get_attribute("aria-pressed") == "true" and middle(1) < middle(2) < middle(16)


def test_a_changed_letter_moves_the_states_that_read_it(figure):
    expect(figure.knob("change")).to_be_hidden()
    figure.at("letter", 6).click()
    assert figure.get("change") == 6
    wanted = figure.check()
    assert figure.texts(".sb-state.sb-forward > text")[:5] == ["0"] * 5 and not wanted["forward_moved"][:5].any()
    assert figure.texts(".sb-state.sb-backward > text")[6:] == ["0"] * 15
    assert figure.at("letter", 6).text_content() == "xr→"
    into = figure.knob("into")
    into.fill("한")
    assert figure.get("into") == "한"
    figure.check()
    into.press_sequentially("b")    # typed behind what is there
    assert figure.get("into") == "b"
    into.fill("")
    assert figure.get("into") == "b"
    into.blur()
    assert into.input_value() == "b"
    drag(figure.knob("change"), 2)
    figure.check()
    assert "h→" in figure.at("letter", 2).text_content()
    figure.at("letter", 2).click()    # once more: as it was
    assert figure.get("change") is None
    figure.check()
    figure.element.locator("input[type=checkbox]").check()
    assert figure.get("change") == 5
    figure.check()
    figure.element.locator("input[type=checkbox]").uncheck()
    assert figure.get("change") is None


def test_outside_the_cone_nothing_moves_the_output(figure):
    figure.set(reader="forward", change=9)
    figure.check()
    shifts = [text for text in figure.texts(".sb-at-output > .sb-aside")]
    assert shifts[:8] == ["0"] * 8 and any(text not in ("0", "±0") for text in shifts[8:])
    assert "Letter 9 lies outside the cone of output 3, which does not move at all" in figure.said
    figure.set(reader="both")
    assert "outside the cone" not in figure.said
    assert "0" not in figure.texts(".sb-at-output > .sb-aside")


def test_the_language_model_that_sees_its_answer(figure):
    figure.knob("predict").select_option("next")
    figure.check()
    assert "answer" in figure.at("letter", 4).text_content()
    assert "letter 4, “y”. It lies inside the cone" in figure.said
    expect(figure.element.locator(".sb-restored")).to_be_hidden()
    figure.element.get_by_role("button", name="Change the answer").click()
    assert figure.get("change") == 4
    wanted = figure.check()
    size = wanted["backward_moved"][2]
    assert f"moves the backward state that output 3 reads by {size:.1f}" in figure.said and size < 9.9
    figure.knob("reader").select_option("forward")
    assert "outside the cone: the model has to predict it" in figure.said and "does not move at all" in figure.said
    figure.knob("predict").select_option("space")
    expect(figure.element.get_by_role("button", name="Change the answer")).to_be_hidden()
    figure.check()


def test_a_sentence_of_the_readers_own(figure):
    figure.at("letter", 6).click()
    figure.knob("text").fill("The list뷁 is NOT changed")
    assert figure.get("change") is None and figure.get("time") == 3
    figure.check()
    assert "Reads 20 letters" in figure.status and "Capitals (4)" in figure.status and "(뷁)" in figure.status
    assert "names of countries" in figure.status
    assert figure.element.locator(".sb-at-letter.sb-unknown").count() == 1
    assert "sb-unknown" in figure.at("letter", 8).get_attribute("class")
    figure.knob("text").fill("thelistisnotchanged")
    figure.check()
    assert figure.element.locator(".sb-restored").inner_text() == "the list is not changed"
    assert "typed" not in figure.element.locator("p:has(.sb-restored)").inner_text()
    figure.knob("text").fill("t he list is not changed")
    assert "3 of 5" in figure.words() or "4 of 5" in figure.words()
    assert figure.element.locator(".sb-missed").count() == 1 and figure.element.locator(".sb-extra").count() == 0
    figure.knob("text").fill("ab " * 40)
    assert "Only the first 48 are read; 32 more are not." in figure.status
    figure.check()
    for short in ("", " ", "a"):
        figure.knob("text").fill(short)
        figure.settle()
        assert "Type two letters or more" in figure.said
        expect(figure.knob("reader")).to_be_hidden()
    figure.knob("text").fill("ab")
    assert len(figure.texts(".sb-at-output > text:not(.sb-aside)")) == 1
    figure.check()


def test_table(figure):
    figure.element.locator("summary").click()
    figure.settle()
    cells = "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    rows = lambda: figure.element.locator("tbody tr").evaluate_all(cells)
    wanted = figure.check()
    assert [row[0] for row in rows()[:3]] == ["1 t", "2 h", "3 e"] and rows()[-1][1:] == ["", "", ""]
    for n, (_, *values) in enumerate(rows()[:-1]):
        assert [number(value) for value in values] == pytest.approx(wanted["probability"][:, n], abs=6e-4)
    figure.set(change=4, into="q")
    wanted = figure.check()
    for n, (_, *values) in enumerate(rows()[:-1]):
        moved = [wanted["forward_moved"][n], wanted["backward_moved"][n]]
        assert [number(value) for value in values[3:5]] == pytest.approx(moved, rel=0.006)
        assert [number(value) for value in values[5:]] == pytest.approx(wanted["probability_changed"][:, n], abs=6e-4)
    assert rows()[3][0] == "4 q"


HOSTILE = {
    "markup": "<img src=x onerror=window.hacked=1><b>bold</b><script>window.hacked=1</script>",
    "holes": "{t} {letter} ${window.hacked=1} %s \\u0041",
    "controls": "a\x00b\x07c\x1b\u200bd\u202ee\u2066f",
    "beyond": "👨‍👩‍👧‍👦 𝔘𝔫𝔦 ﷽ é한",
    "long": "뷁" * 3000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_is_only_text(figure, kind):
    text = HOSTILE[kind]
    figure.element.locator("summary").click()
    figure.knob("text").fill(text)
    figure.settle()
    figure.check()
    assert figure.get("text") == unicodedata.normalize("NFC", text)
    figure.at("letter", 2).click()
    figure.knob("into").fill("<")
    figure.settle()
    figure.check()
    figure.set(predict="next")
    assert figure.page.evaluate("window.hacked") is None
    assert figure.page.locator("#main script, #main img, #main b").count() == 0
    assert figure.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_half_a_surrogate_pair_is_sent_as_a_replacement_character(figure):
    figure.knob("text").evaluate("""field => {
        field.value = "a\\ud83d😀\\ude00b";
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }""")
    assert figure.get("text") == "a\ufffd😀\ufffdb"
    figure.check()


@both_languages
def test_on_a_phone_what_was_moved_last_stays_in_view(show, language):
    figure = show(Cones(SENTENCE, lang=language), kind=Figure, width=360, touch=True)
    scroller = figure.element.locator(".sb-scroll").first

    def is_in_view(row, n):
        figure.settle()
        box, window = figure.at(row, n).bounding_box(), scroller.bounding_box()
        return window["x"] - 1 <= box["x"] and box["x"] + box["width"] <= window["x"] + window["width"] + 1

    for t in (1, 12, 20):
        drag(figure.knob("time"), t)
        assert is_in_view("output", t)
    figure.at("output", 19).tap()
    assert figure.get("time") == 19
    figure.set(change=18)
    for n in (2, 21):    # and so does the changed letter, where it was moved last
        drag(figure.knob("change"), n)
        assert is_in_view("letter", n)
    drag(figure.knob("change"), 12)
    assert is_in_view("letter", 12)
    left = scroller.evaluate("each => each.scrollLeft")
    figure.at("letter", 13).tap()
    assert figure.get("change") == 13 and scroller.evaluate("each => each.scrollLeft") == left    # seen already
    figure.knob("text").fill("anegg")
    assert is_in_view("output", 4)
    for name in figure.element.locator(".sb-rows > span").all():    # the rows' names are whole
        assert name.evaluate("each => each.scrollWidth <= each.parentElement.clientWidth")
