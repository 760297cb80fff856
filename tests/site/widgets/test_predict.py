"""The prediction in a browser: a guess, its lock, the answer that is nowhere before it, and the next visit."""

import math

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from seqbook.widgets import Predict
from tests.site.widgets.hosted import Shown, both_languages, drag

pytestmark = pytest.mark.browser

QUESTION = "All recurrent weights are set to zero. What happens to the loss?"
ANSWERS = ["Nothing.", "It rises to that of a model of one character.", "It rises to that of no model.", "It falls."]
WHY = "It rose from 1.92 to 2.51; counting pairs gives 2.47."
HOW_MUCH = "How much of the difference is left after 40 steps?"
BECAUSE = "A step keeps 0.98 of it."
WORDS = {"ko": {"keep": "내 예측 남기기", "again": "다시 예측하기", "mine": "내 예측", "right": "계산한 답"},
         "en": {"keep": "Keep my guess", "again": "Guess again", "mine": "my guess", "right": "computed answer"}}


# Of an answer's text to what is behind it, by WCAG 2.
CONTRAST = """(row) => {
    const parts = (colour) => colour.match(/[0-9.]+/g).slice(0, 3).map((each) => each / 255);
    const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    const light = (colour) => {
        const [red, green, blue] = parts(colour).map(linear);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const { color, backgroundColor } = getComputedStyle(row);
    const [dark, bright] = [light(color), light(backgroundColor)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
}"""


def choices(lang="en", right=1, **arguments) -> Predict:
    return Predict(QUESTION, ANSWERS, right=right, why=WHY, lang=lang, **arguments)


def slider(lang="en", right=61.3, **arguments) -> Predict:
    return Predict(HOW_MUCH, **{"low": 0, "high": 100, "step": 1, "unit": "%"} | arguments, right=right, why=BECAUSE,
                   lang=lang)


class Asked(Shown):
    """The shown question."""

    def button(self, name: str):
        return self.element.get_by_role("button", name=WORDS[self.python.lang][name])

    def answer(self, value: int):
        return self.element.get_by_role("radio").nth(value)

    @property
    def slide(self):
        return self.element.get_by_role("slider")

    def row(self, value: int) -> str:
        """What stands on an answer's line."""
        return self.element.locator(".sb-answer").nth(value).inner_text()

    @property
    def told(self) -> str:
        """What is announced."""
        return self.element.locator("[aria-live=polite]").text_content()

    def everything(self) -> str:
        """All that can be found of it: its markup, with what is hidden, and what assistive technology is told."""
        return self.element.evaluate("root => root.outerHTML") + self.element.aria_snapshot()

    def focused(self) -> str:
        return self.page.evaluate("document.activeElement.className || document.activeElement.type")

    def guess(self, value) -> None:
        if self.python.answers:
            self.answer(value).check()
        else:
            drag(self.slide, value)
        self.button("keep").click()
        self.settle()

    def reload(self) -> None:
        self.page.reload()
        self.page.locator("#main .sb").wait_for()
        self.settle()

    def stored(self) -> dict:
        return self.page.evaluate("({ ...localStorage })")


@both_languages
def test_a_guess_among_answers_is_kept_locked_and_answered(show, language):
    asked, words = show(choices(language), kind=Asked), WORDS[language]
    assert asked.element.get_by_role("group", name=QUESTION).get_by_role("radio").count() == 4
    for value, answer in enumerate(ANSWERS):
        assert asked.row(value) == answer and not asked.answer(value).is_checked()
        assert asked.element.get_by_role("radio", name=answer, exact=True).count() == 1
    keep = asked.button("keep")
    assert keep.is_disabled() and asked.button("again").count() == 0 and asked.get("guess") is None
    asked.answer(2).check()
    assert keep.is_enabled() and asked.get("guess") is None and asked.told == ""
    asked.answer(0).check()    # changed one's mind
    keep.click()
    assert asked.get("guess") == 0 and keep.count() == 0
    assert all(asked.answer(value).is_disabled() for value in range(4)) and asked.answer(0).is_checked()
    marks = [asked.row(value).removeprefix(answer).split("\n") for value, answer in enumerate(ANSWERS)]
    assert [" ".join(mark).strip() for mark in marks] == [words["mine"], f"✓ {words['right']}", "", ""]
    assert WHY in asked.told and ANSWERS[1] in asked.told and WHY in asked.words()
    assert {"ko": "다른 답", "en": "another answer"}[language] in asked.told
    heard = asked.element.locator(".sb-heard")    # on the screen the mark says it
    assert heard.bounding_box()["width"] == 1 and heard.evaluate("each => getComputedStyle(each).clipPath") != "none"


@both_languages
def test_a_right_guess_is_told_so(show, language):
    asked, words = show(choices(language), kind=Asked), WORDS[language]
    asked.guess(1)
    assert words["mine"] in asked.row(1) and f"✓ {words['right']}" in asked.row(1)
    assert {"ko": "맞았습니다", "en": "was right"}[language] in asked.told
    assert all(asked.row(value) == ANSWERS[value] for value in (0, 2, 3))


@both_languages
def test_a_guess_on_the_slider_is_kept_locked_and_drawn_beside_the_answer(show, language):
    asked, words = show(slider(language), kind=Asked), WORDS[language]
    slide, keep = asked.slide, asked.button("keep")
    assert asked.element.get_by_role("slider", name=HOW_MUCH).count() == 1
    assert keep.is_disabled() and not any(character.isdigit() for character in slide.get_attribute("aria-valuetext"))
    drag(slide, 40)
    assert asked.element.locator("output").inner_text() == slide.get_attribute("aria-valuetext") == "40%"
    assert asked.get("guess") is None and keep.is_enabled()
    keep.click()
    assert asked.get("guess") == 40 and slide.count() == 0    # hidden: the axis is there instead
    axis = asked.element.get_by_role("img")
    assert "40%" in axis.get_attribute("aria-label") and "61.3%" in axis.get_attribute("aria-label")
    assert f"{words['mine']} 40%" in axis.inner_text() and "✓" in axis.inner_text() and "61.3%" in axis.inner_text()
    assert BECAUSE in asked.told and "40%" in asked.told and "61.3%" in asked.told
    assert {"ko": "예측이 21.3%포인트 작습니다", "en": "21.3 percentage points lower"}[language] in asked.told


@pytest.mark.parametrize("low, high, step, right, guess", [
    (0, 100, 1, 61.3, 40), (0, 100, 1, 0, 100), (-2, 2, 0.5, -1.75, 1.5), (0, 1, 0.01, 1, 0)])
def test_the_axis_has_both_where_they_lie(show, low, high, step, right, guess):
    asked = show(slider(low=low, high=high, step=step, right=right, unit=""), kind=Asked, width=390)
    asked.guess(guess)
    box = lambda selector: asked.element.locator(selector).first.bounding_box()
    middle = lambda selector: box(selector)["x"] + box(selector)["width"] / 2
    rail = box(".sb-rail")
    for selector, value in ((".sb-own", guess), (".sb-goal path", right)):
        wanted = rail["x"] + rail["width"] * (value - low) / (high - low)
        assert middle(selector) == pytest.approx(wanted, abs=1), selector
    card = asked.element.bounding_box()
    for selector in (".sb-mark-guess", ".sb-mark-right"):    # never beyond the card, wherever the numbers lie
        mark = box(selector)
        assert card["x"] < mark["x"] and mark["x"] + mark["width"] < card["x"] + card["width"]


def test_the_answer_is_nowhere_before_the_guess(show):
    """Two questions that differ only in their answer cannot be told from each other, neither at first nor later."""
    def looks(make, value, rights):
        found = []
        for right in rights:
            asked = show(make(right=right), kind=Asked)
            seen = [asked.everything()]
            asked.answer(value).check() if make is choices else drag(asked.slide, value)
            asked.settle()
            seen.append(asked.everything())
            asked.button("keep").click()
            assert (WHY if make is choices else BECAUSE) in asked.everything()
            asked.button("again").click()
            seen.append(asked.everything())
            for text in seen:
                assert WHY not in text and BECAUSE not in text and "61.3" not in text and "✓" not in text
            found.append([asked.page.evaluate("text => text.replace(/seqbook-[a-z]+-[0-9a-z-]+/g, 'id')", text)
                          for text in seen])
        return found

    first, second = looks(choices, 2, (1, 2))
    assert first == second
    first, second = looks(slider, 40, (61.3, 40.0))
    assert first == second


@pytest.mark.parametrize("make, value", [(choices, 3), (slider, 25)])
def test_guessing_again(show, make, value):
    asked = show(make(), kind=Asked)
    before = asked.everything()
    asked.guess(value)
    asked.button("again").click()
    asked.settle()
    assert asked.get("guess") is None and asked.stored() == {} and asked.told == ""
    assert asked.button("keep").is_disabled() and asked.button("again").count() == 0
    if make is choices:
        assert not any(asked.answer(each).is_checked() or asked.answer(each).is_disabled() for each in range(4))
    else:
        assert asked.slide.input_value() == "50" and asked.slide.is_enabled()
    assert asked.element.inner_text() and before.count("<") == asked.everything().count("<")
    asked.guess(value)
    assert asked.get("guess") == value


def test_answers_by_keyboard_alone(show):
    asked = show(choices(), kind=Asked)
    press = asked.page.keyboard.press
    press("Tab")
    assert asked.focused() == "radio"
    press("Space")
    press("ArrowDown")
    press("ArrowDown")
    assert asked.answer(2).is_checked()
    press("Tab")
    press("Enter")
    asked.settle()
    assert asked.get("guess") == 2 and asked.focused() == "sb-result"    # where a screen reader goes on reading
    press("Tab")
    press("Enter")
    asked.settle()
    assert asked.get("guess") is None and asked.focused() == "radio"
    press("ArrowDown")
    press("Tab")
    press("Space")
    asked.settle()
    assert asked.get("guess") == 1


def test_a_number_by_keyboard_alone(show):
    asked = show(slider(), kind=Asked)
    press = asked.page.keyboard.press
    press("Tab")
    assert asked.focused() == "range"
    press("ArrowRight")
    press("ArrowRight")
    press("Tab")
    press("Enter")
    asked.settle()
    assert asked.get("guess") == 52
    press("Tab")
    press("Enter")
    asked.settle()
    assert asked.focused() == "range" and asked.get("guess") is None
    press("Enter")    # where it stands may be what the reader means
    press("Tab")
    press("Enter")
    assert asked.get("guess") == 50


def test_a_held_key_does_not_take_the_guess_back(show):
    asked = show(choices(), kind=Asked)
    asked.answer(0).check()
    asked.button("keep").focus()
    for _ in range(5):
        asked.page.keyboard.down("Enter")
    assert asked.get("guess") == 0


def test_a_press_where_the_slider_stands_chooses_it_and_a_press_on_the_question_does_not(show):
    asked = show(slider(), kind=Asked)
    asked.element.get_by_text(HOW_MUCH).click()
    assert asked.button("keep").is_disabled()
    asked.slide.click()    # in its middle
    asked.button("keep").click()
    assert asked.get("guess") == 50


@pytest.mark.parametrize("make, value, text", [(choices, 3, "It falls."), (slider, 25, "25")])
def test_the_guess_is_there_on_the_next_visit(show, make, value, text):
    asked = show(make(), kind=Asked)
    question = asked.python.question
    asked.guess(value)
    assert asked.stored() == {f"seqbook:predict:/:{question}": text}
    told = asked.told
    asked.reload()
    assert asked.get("guess") == value and asked.told == told and asked.button("again").is_visible()
    assert asked.focused() not in ("sb-result", "radio", "range")    # nothing takes the focus on arrival
    asked.button("again").click()
    asked.reload()
    assert asked.get("guess") is None and asked.button("keep").is_disabled() and asked.told == ""


def test_another_question_or_a_forged_guess_is_not_restored(show):
    asked = show(choices(), kind=Asked)
    asked.page.evaluate("""question => {
        localStorage["seqbook:predict:/:Another?"] = "It falls.";
        localStorage["seqbook:predict:/:" + question] = "<b>no such answer</b>";
    }""", QUESTION)
    asked.reload()
    assert asked.get("guess") is None and asked.button("keep").is_disabled()


@pytest.mark.parametrize("broken", [
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })",
    "Object.defineProperty(window, 'localStorage', { value: null })",
    "Storage.prototype.setItem = Storage.prototype.getItem = () => { throw new DOMException('', 'QuotaExceeded') }",
])
def test_without_storage_a_guess_is_kept_while_the_page_is_open(show, broken):
    asked = show(choices(), kind=Asked)
    asked.page.add_init_script(broken)
    asked.reload()
    asked.guess(0)
    assert asked.get("guess") == 0 and WHY in asked.told
    asked.button("again").click()
    assert asked.get("guess") is None
    asked.guess(1)
    asked.reload()
    assert asked.get("guess") is None    # and the page ends without complaint


def test_in_a_notebook_the_trait_keeps_the_guess_and_nothing_is_stored(show):
    asked = show(choices(), kind=Asked)
    asked.page.evaluate("""async () => {
        const { default: widget } = await import("./widget.js");
        window.dispose();
        model.widget_manager = {};
        window.saved = 0;
        model.save_changes = () => { window.saved += 1 };
        widget.render({ model, el: document.getElementById("main") });
    }""")
    asked.guess(2)
    assert asked.get("guess") == 2 and asked.page.evaluate("saved") == 1 and asked.stored() == {}


@pytest.mark.parametrize("make, value", [(choices, 3), (slider, 25)])
def test_pythons_guess_is_shown_and_taken_back(show, make, value):
    asked = show(make(), kind=Asked)
    asked.set(guess=value)
    assert asked.button("again").is_visible() and asked.told
    assert asked.focused() not in ("sb-result", "radio", "range")
    asked.set(guess=None)
    assert asked.button("keep").is_disabled() and asked.told == ""
    asked = show(make(guess=value), kind=Asked)
    assert asked.get("guess") == value and asked.button("again").is_visible() and asked.told
    asked.page.evaluate("([question, other]) => { localStorage[`seqbook:predict:/:${question}`] = other }",
                        [asked.python.question, ANSWERS[0] if make is choices else "7"])
    asked.set(lang="ko")    # all is made anew
    assert asked.get("guess") == value


def test_markup_is_text_and_long_words_wrap(show):
    bad = "<img src=x onerror=alert(1)>"
    long = "x" * 300
    made = Predict(f"{bad}{long}?", [bad, f"<script>alert(2)</script>{long}", "c"], right=0, why=bad + long, lang="en")
    asked = show(made, kind=Asked, width=360)
    assert asked.row(0) == bad
    asked.guess(0)
    assert bad in asked.told and asked.element.locator("img, script, b").count() == 0
    assert asked.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    asked = show(Predict(bad, low=0, high=1, right=0.5, unit=bad[:9], why=bad, lang="en"), kind=Asked, width=360)
    asked.guess(0.25)
    assert asked.element.locator("img").count() == 0 and "<img src=" in asked.element.get_by_role("img").inner_text()


@pytest.mark.parametrize("make, value", [(choices, 3), (slider, 25)])
def test_paper_has_the_question_and_an_answer_only_to_a_guess(show, make, value):
    asked = show(make(), kind=Asked, theme="dark")
    asked.page.emulate_media(media="print")
    for words in [asked.python.question, *asked.python.answers]:
        expect(asked.element.get_by_text(words, exact=True)).to_be_visible()
    assert asked.element.get_by_role("button").count() == 0
    assert asked.python.why not in asked.words() and WORDS["en"]["right"] not in asked.words()
    letters = asked.element.evaluate("root => getComputedStyle(root).color").removeprefix("rgb(").rstrip(")")
    assert max(map(int, letters.split(","))) < 128    # dark, whatever the screen's
    asked.page.emulate_media(media="screen")
    asked.guess(value)
    asked.page.emulate_media(media="print")
    assert asked.element.get_by_role("button").count() == 0
    assert asked.python.why in asked.words() and WORDS["en"]["mine"] in asked.words()
    picture = asked.element.locator(".sb-picture")
    assert make is choices or picture.bounding_box()["height"] == pytest.approx(28)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("make, value", [(choices, 3), (slider, 25)])
def test_axe_finds_nothing_at_any_stage(show, make, value, theme):
    asked = show(make("ko"), kind=Asked, width=360, theme=theme, touch=True)
    axe = Axe()

    def check():
        found = axe.run(asked.page, context="#main .sb").response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
        assert asked.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    check()
    asked.answer(value).check() if make is choices else drag(asked.slide, value)
    check()
    asked.button("keep").click()
    check()
    for row in asked.element.locator(".sb-answer").all():    # axe asks nothing of what a reader cannot change
        assert row.evaluate(CONTRAST) >= 4.5
    for target in asked.element.locator("button:visible, .sb-answer").all():
        assert target.bounding_box()["height"] >= 36
    assert math.isclose(asked.element.bounding_box()["x"], 8)


def test_nothing_moves_for_those_who_asked_for_less(show):
    still = show(choices(), kind=Asked).element.locator(".sb-answer").first
    moving = show(choices(), kind=Asked, still=False).element.locator(".sb-answer").first
    duration = "each => getComputedStyle(each).transitionDuration"
    assert still.evaluate(duration) == "0s" and moving.evaluate(duration) != "0s"
