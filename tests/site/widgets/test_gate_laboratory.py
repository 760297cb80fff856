"""The gate laboratory in a browser, as the website hosts it: typed into, pointed at, held; compared with Python."""

import re
import unicodedata

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from seqbook.models import load
from seqbook.widgets import GateLaboratory
from seqbook.widgets.gate_laboratory import BEGINNINGS, LIMIT, QUANTITIES
from tests.site.widgets.hosted import Shown, both_languages, drag, embedded, number

pytestmark = pytest.mark.browser


class Laboratory(Shown):
    """A shown laboratory, and what Python computes for the state the reader has brought it to."""

    def numbers(self) -> dict:
        """Python's numbers for the text and the clamps that the page has now."""
        self.settle()
        return GateLaboratory(self.python._network.name, text=self.get("text"), clamps=self.get("clamps")).numbers()

    def check(self):
        """What is written in the cell, the words and the table is what Python computes."""
        wanted, unit = self.numbers(), self.get("unit")
        t = min(self.get("time"), len(wanted["c"]))
        at = {name: wanted[name][t - 1, unit] for name in QUANTITIES}
        before = wanted["c"][t - 2, unit] if t > 1 else 0.0
        shown = [number(text.lstrip("+")) for text in self.element.locator(".sb-cell .sb-number").all_text_contents()]
        expected = [*(at[name] for name in "figo"), before, at["f"] * before, at["i"] * at["g"], at["c"], at["h"]]
        assert shown == pytest.approx(expected, abs=0.0051)
        equations = self.element.locator(".sb-equation").all_inner_texts()
        assert [number(text.split()[-1]) for text in equations] == pytest.approx([at["c"], at["h"]], abs=0.0051)
        if not self.element.locator("details").get_attribute("open") is None:
            rows = self.element.locator("tbody tr").evaluate_all(    # text of rows just opened may lack its tabs
                "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))")
            for step, _, *cells in rows:
                values = [wanted[name][int(step) - 1, unit] for name in QUANTITIES]
                assert [number(cell) for cell in cells] == pytest.approx(values, abs=6e-5), step
        return wanted

    def pictures(self) -> list[str]:
        return self.element.locator("canvas").evaluate_all("canvases => canvases.map((each) => each.toDataURL())")

    @property
    def status(self) -> str:
        """What is said of the text under its field."""
        return self.element.locator("textarea + p").inner_text()

    def card(self, gate: str):
        return self.element.locator(f".sb-card[data-gate={gate}]")

    def press(self, gate: str, name: str):
        self.card(gate).get_by_role("button", name=name, exact=True).click()

    def experiment(self, name: str):
        return self.element.locator(f"[data-experiment={name}]")

    def look_at(self, t: int):
        drag(self.knob("time"), t)


@pytest.fixture
def laboratory(show):
    """`laboratory("adding", "ko", width=360, …)` → a Laboratory."""
    def open_(model="documentation", language="en", *, width=1280, theme="light", touch=False, **arguments):
        widget = GateLaboratory(model, lang=language, **arguments)
        return show(widget, width=width, theme=theme, touch=touch, kind=Laboratory)

    return open_


@both_languages
def test_says_everything_in_the_page_language(laboratory, language):
    lab = laboratory(language=language, text="a한b😀c")
    assert {"ko": "망각 게이트", "en": "forget gate"}[language] in lab.element.inner_text()
    assert {"ko": "점선", "en": "dashed"}[language] in lab.status
    assert {"ko": "잊기", "en": "Forget"}[language] in lab.experiment("forget").inner_text()
    lab.experiment("forget").click()
    lab.check()
    assert {"ko": "모든 유닛", "en": "all units"}[language] in lab.element.locator(".sb-chip").inner_text()


@pytest.mark.parametrize("model", BEGINNINGS)
def test_shows_scratch_numbers(laboratory, model):
    lab = laboratory(model)
    lab.element.locator("summary").click()
    wanted = lab.check()
    t = lab.get("time")
    shares = lab.element.locator(".sb-share:not(.sb-before)").all_inner_texts()
    outputs = wanted["outputs"][t - 1]
    if model == "adding":
        assert number(shares[1]) == pytest.approx(outputs[0], abs=0.0051)
    else:
        probabilities = np.exp(outputs - outputs.max())
        top = np.sort(probabilities / probabilities.sum())[::-1][:5]
        assert [number(share.rstrip("%")) for share in shares] == pytest.approx(100 * top, abs=0.51)


def test_begins_with_a_unit_that_follows_what_it_is_sorted_by(laboratory):
    lab = laboratory()
    options = lab.knob("unit").locator("option")
    order = [int(value) for value in options.evaluate_all("all => all.map((each) => each.value)")]
    assert sorted(order) == list(range(128)) and lab.get("unit") == order[0]
    said = lab.element.locator("p.sb-quiet", has_text="correlation").inner_text()
    assert abs(number(re.search(r"[−\d.]+$", said)[0])) > 0.3


def test_typing_is_read_at_once_and_time_follows_the_caret(laboratory):
    lab = laboratory(text="def f(x)")
    lab.element.locator("summary").click()
    field = lab.knob("text")
    field.click()
    field.press("Control+End")
    lab.page.keyboard.type(": return (x")
    assert lab.get("text") == "def f(x): return (x" and lab.get("time") == 19
    lab.check()
    field.press("Control+Home")
    lab.page.keyboard.type("# ")
    assert lab.get("text").startswith("# def") and lab.get("time") == 2
    lab.check()
    field.press("ArrowRight")
    assert lab.get("time") == 3
    field.press("Control+a")
    field.press("Delete")
    expect(lab.element.locator(".sb-cell")).to_be_hidden()
    assert "Write a character" in lab.element.inner_text()
    lab.settle()
    lab.page.keyboard.type("a")
    lab.check()


def test_korean_composition_is_left_alone(laboratory):
    """What an input method composes is not written over while it composes."""
    lab = laboratory("korean", "ko", text="")
    session = lab.page.context.new_cdp_session(lab.page)
    field = lab.knob("text")
    field.focus()
    for part in ("ㅇ", "우", "월"):
        session.send("Input.imeSetComposition", {"text": part, "selectionStart": 1, "selectionEnd": 1})
        assert field.input_value() == part == lab.get("text")
    session.send("Input.insertText", {"text": "월"})
    assert field.input_value() == lab.get("text") == "월"
    lab.check()


def test_unknown_characters_are_shown_as_unknown(laboratory):
    lab = laboratory(text="a한b😀c")
    assert re.search(r"\b2", lab.status) and "dashed" in lab.status
    lab.check()
    before = lab.pictures()[0]
    lab.set(text="a글b🚀c")    # other characters, as unknown as those
    lab.check()
    np.testing.assert_allclose(lab.numbers()["c"], GateLaboratory(text="a한b😀c").numbers()["c"])
    assert lab.pictures()[0] != before


@pytest.mark.parametrize("gate", "figo")
def test_a_gate_is_held_here_and_released(laboratory, gate):
    lab = laboratory()
    names = ["−1", "0", "learned", "+1"] if gate == "g" else ["shut", "learned", "open"]
    free = lab.numbers()
    for name in [name for name in names if name != "learned"]:
        lab.press(gate, name)
        [clamp] = lab.get("clamps")
        value = {"shut": 0, "open": 1}.get(name) if gate != "g" else number(name.lstrip("+"))
        t = lab.get("time")
        assert clamp == {"gate": gate, "value": value, "unit": None, "start": t, "end": t}
        held = lab.check()
        assert (held[gate][t - 1] == value).all() and not np.allclose(held["h"][t:], free["h"][t:])
        assert lab.card(gate).get_by_role("button", name=name, exact=True).get_attribute("aria-pressed") == "true"
        assert lab.element.locator(".sb-held .sb-gate").count() == 1
    lab.press(gate, "learned")
    assert lab.get("clamps") == [] and lab.element.locator(".sb-held .sb-gate").count() == 0
    lab.check()
    drag(lab.card(gate).locator("input"), 0.35)
    assert [clamp["value"] for clamp in lab.get("clamps")] == [0.35]
    drag(lab.card(gate).locator("input"), 0.4)    # one clamp moves, none is added
    assert [clamp["value"] for clamp in lab.get("clamps")] == [0.4]
    lab.check()


def test_where_and_in_which_units(laboratory):
    lab = laboratory(time=20, unit=5)
    where, who = [lab.element.get_by_label(name, exact=True) for name in ("When", "Which units")]
    T = len(lab.get("text"))
    for place, span in [("onward", (20, None)), ("all", (1, None)), ("range", (20, 29)), ("here", (20, 20))]:
        where.select_option(place)
        lab.press("f", "shut")
        assert [(clamp["start"], clamp["end"]) for clamp in lab.get("clamps")] == [span]
        lab.check()
        lab.element.get_by_role("button", name="Release all").click()
    where.select_option("range")
    start, end = [lab.element.get_by_role("slider", name=name, exact=True) for name in ("From", "to")]
    drag(start, 40)
    drag(end, 31)
    who.select_option("unit")
    lab.press("i", "open")
    assert lab.get("clamps") == [{"gate": "i", "value": 1, "unit": 5, "start": 31, "end": 40}]
    lab.check()
    lab.set(time=35)
    held = lab.check()
    assert (held["i"][30:40, 5] == 1).all() and not (held["i"][30:40, 4] == 1).any()
    assert start.get_attribute("max") == str(T)


def test_held_gates_are_listed_and_released_one_by_one(laboratory):
    lab = laboratory(clamps=[{"gate": "f", "value": 0, "start": 3, "end": 3}, {"gate": "o", "value": 0.5, "unit": 7}])
    chips = lab.element.locator(".sb-chip")
    assert chips.count() == 2 and "all units" in chips.nth(0).inner_text() and "unit 7" in chips.nth(1).inner_text()
    lab.check()
    chips.nth(0).click()
    assert [clamp["gate"] for clamp in lab.get("clamps")] == ["o"] and chips.count() == 1
    lab.element.get_by_role("button", name="Release all").click()
    assert lab.get("clamps") == [] and "No gate is held" in lab.element.inner_text()
    lab.check()


def test_clamps_stay_on_their_characters_while_the_text_changes(laboratory):
    lab = laboratory(text="abc def", time=5, clamps=[{"gate": "f", "value": 0, "start": 5, "end": 5}])
    field = lab.knob("text")
    field.click()
    field.press("Control+Home")
    lab.page.keyboard.type("xy")
    assert [(clamp["start"], clamp["end"]) for clamp in lab.get("clamps")] == [(7, 7)]
    lab.check()
    field.press("Control+a")
    lab.page.keyboard.type("z")
    assert lab.get("clamps") == []


def test_experiments_are_held_and_let_go_at_one_press(laboratory):
    lab = laboratory()
    t = lab.get("time")
    for name, gate, value, end in [("forget", "f", 0, t), ("keep", "f", 1, None), ("ignore", "i", 0, None),
                                   ("silence", "o", 0, None)]:
        button = lab.experiment(name)
        button.click()
        assert lab.get("clamps") == [{"gate": gate, "value": value, "unit": None, "start": t, "end": end}]
        assert button.get_attribute("aria-pressed") == "true"
        lab.check()
        bars = lab.element.locator(".sb-bars .sb-before").all_inner_texts()
        assert bars and all(re.fullmatch(r"[\d.]+%", text) for text in bars)    # as learned, beside what is held
    button.click()
    assert lab.get("clamps") == [] and button.get_attribute("aria-pressed") == "false"


def test_shutting_the_input_gate_at_a_marker_destroys_the_sum(laboratory):
    lab = laboratory("adding")
    words = lab.get("text").split()
    first, second = [n for n, word in enumerate(words) if word.endswith("*")]
    truth = sum(float(words[n].rstrip("*")) for n in (first, second))
    lab.look_at(len(words))
    shares = lab.element.locator(".sb-bars .sb-share:not(.sb-before)")
    shown = lambda: [number(text) for text in shares.all_inner_texts()]
    assert shown() == pytest.approx([truth, truth], abs=0.1)
    lab.experiment("marker").click()
    assert lab.get("time") == second + 1
    lab.look_at(len(words))
    held = lab.check()["outputs"][-1, 0]
    assert shown()[0] == pytest.approx(truth, abs=0.0051) and shown()[2] == pytest.approx(held, abs=0.0051)
    assert abs(held - truth) > 0.3
    assert f"{held:.2f}" in lab.element.locator(".sb-words").last.inner_text()


def test_numbers_are_marked_unmarked_and_drawn_anew(laboratory):
    lab = laboratory("adding", text="0.1 0.2 x 0.4*", time=2)
    assert "1 in dashed frames" in lab.status
    lab.element.get_by_role("button", name="Mark this number").click()
    assert lab.get("text") == "0.1 0.2* x 0.4*"
    lab.check()
    lab.element.get_by_role("button", name="Unmark this number").click()
    assert lab.get("text") == "0.1 0.2 x 0.4*" and lab.get("time") == 2
    lab.element.get_by_role("button", name="Draw new numbers").click()
    assert re.fullmatch(r"(0\.\d\d\*? ?|1\.00\*? ?){4}", lab.get("text")) and lab.get("text").count("*") == 2
    lab.check()


def test_a_korean_dates_month_is_answered_and_forgotten(laboratory):
    lab = laboratory("korean", "ko")
    answer = lab.element.locator(".sb-bars li").first
    assert answer.inner_text().startswith("3월")
    T = len(lab.get("text"))
    lab.look_at(T)
    assert answer.inner_text().startswith("3월")
    lab.experiment("forget").click()
    held = lab.check()["outputs"][-1]
    assert held.argmax() == load("korean").labels.index(answer.inner_text().split()[0])


def test_quantity_order_and_unit(laboratory):
    lab = laboratory()
    text, _, units = lab.pictures()
    seen = {text}
    for quantity in "figoh":
        lab.element.locator(f"input[value={quantity}]").check()
        lab.settle()
        assert lab.get("quantity") == quantity
        seen.add(lab.pictures()[0])
    assert len(seen) == 6
    sort, unit = lab.knob("sort"), lab.knob("unit")
    sort.select_option("word")
    lab.settle()
    chosen = lab.get("unit")
    assert unit.input_value() == str(chosen) and "place in the word" in lab.element.inner_text()
    lab.check()
    unit.select_option("17")
    assert lab.get("unit") == 17
    lab.check()
    sort.select_option("unit")
    lab.settle()
    assert lab.get("unit") == 0
    units = lab.element.locator("canvas[role=img]")
    units.click(position={"x": units.bounding_box()["width"] - 8, "y": 8})    # the last of the first row
    assert lab.get("unit") > 10
    lab.check()


def test_features_a_text_does_not_have_are_no_order(laboratory):
    lab = laboratory(text="plain words only", sort="unit")
    absent = lab.knob("sort").locator("option[value=bracket]")
    assert absent.is_disabled() and "none in this text" in absent.inner_text()
    lab.knob("text").fill("plain (words) only")
    lab.settle()
    assert absent.is_enabled() and absent.inner_text() == "inside brackets"


def test_time_by_player_pointer_and_keyboard(laboratory):
    lab = laboratory(text="first line\nsecond (line) of the text", time=5)
    names = ("one step back", "Play", "one step on")
    back, play, on = [lab.element.get_by_role("button", name=name) for name in names]
    on.click()
    assert lab.get("time") == 6
    back.click()
    back.click()
    assert lab.get("time") == 4
    text = lab.element.locator(".sb-text")
    text.focus()
    moves = [("ArrowRight", 5), ("ArrowLeft", 4), ("ArrowDown", 15), ("ArrowUp", 4), ("End", 36), ("Home", 1)]
    for key, wanted in moves:
        text.press(key)
        assert lab.get("time") == wanted, key
    assert "“f”" in text.get_attribute("aria-valuetext") and text.get_attribute("aria-valuenow") == "1"
    text.click(position={"x": 12, "y": 40})
    assert lab.get("time") == 13    # the second character of the second line
    lab.check()
    tape = lab.element.locator(".sb-tape canvas")
    tape.click(position={"x": 50, "y": 60})
    assert lab.get("time") < 5
    lab.check()
    lab.look_at(35)
    play.click()
    expect(play).to_have_text("Play", timeout=10_000)    # it came to the end and stopped
    assert lab.get("time") == 36


HOSTILE = {
    "markup": "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>\"><svg onload=alert(1)>",
    "entities": "&lt;b&gt; &amp; {{constructor}} ${1} </textarea></script>",
    "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301 🇰🇷",
    "right to left": "\u202eשלום \u2067مرحبا\u2069 abc\u200f",
    "controls": "a\tb\u0000c\u0007d\u2028e\ufefff",
    "long word": "x" * 3000,
}


# The elements of the page but for those of which there are as many as there is to say.
COUNT = "document.querySelectorAll(':not(option, li, tr, td, th, tspan, p, i, sup, span)').length"


@pytest.mark.parametrize("model", BEGINNINGS)
def test_hostile_text_is_only_text(laboratory, model):
    lab = laboratory(model)
    lab.element.locator("summary").click()
    lab.settle()
    elements = lab.page.evaluate(COUNT)
    for kind, text in HOSTILE.items():
        lab.knob("text").fill(text)
        lab.check()
        kept = lab.knob("text").input_value()
        assert kept == unicodedata.normalize("NFC", text) == lab.get("text"), kind
        lab.element.locator("[data-experiment]").first.click(force=True)
        lab.check()
        assert lab.page.evaluate("window.hacked") is None, kind
        assert lab.page.locator("#main script, #main img, #main b").count() == 0, kind
        assert lab.page.evaluate(COUNT) <= elements + 1, kind    # a chip
        assert lab.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), kind
        lab.set(clamps=[])


def test_lone_surrogates_become_replacement_characters(laboratory):
    lab = laboratory(text="ab")
    lab.knob("text").evaluate("""field => {
        field.value = "a\\ud83d😀\\ude00b";
        field.setSelectionRange(2, 2);
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }""")
    assert lab.get("text") == "a\ufffd😀\ufffdb" == lab.knob("text").input_value()
    assert lab.get("time") == 2 and lab.knob("text").evaluate("field => field.selectionEnd") == 2
    lab.check()


def test_a_hundred_thousand_characters_stay_in_the_field_and_say_how_many_are_read(laboratory):
    lab = laboratory()
    text = "The name (of it) is long. " * 4000
    field = lab.knob("text")
    field.fill(text)
    lab.settle()
    status = lab.status
    assert str(LIMIT) in status and str(len(text) - LIMIT) in status
    assert field.input_value() == text == lab.get("text")
    lab.check()
    field.focus()
    field.press("Control+Home")
    lab.page.keyboard.type("(x")
    assert lab.get("text") == "(x" + text and lab.get("time") == 2
    lab.check()


def test_pythons_updates_are_drawn(laboratory):
    lab = laboratory()
    changes = [("text", "something (else) \"now\""), ("time", 12), ("unit", 77), ("quantity", "f"), ("sort", "word"),
               ("clamps", [{"gate": "f", "value": 0.25, "unit": None, "start": 2, "end": None}]), ("lang", "ko")]
    for name, value in changes:
        before = lab.pictures()
        lab.set(**{name: value})
        lab.check()
        if name == "lang":
            assert lab.element.get_attribute("lang") == "ko"
        else:
            assert lab.pictures() != before, name
    other = embedded(GateLaboratory("adding", lang="ko"))
    lab.page.evaluate("""async (other) => {
        const { decode } = await import("./widget-model.js");
        const { specimen, limits, text, sort } = decode(other);
        model.set({ specimen, limits, text, sort, time: 4, unit: null, clamps: [] });
    }""", other)
    lab.python = GateLaboratory("adding")
    lab.check()


def test_canvases_follow_the_theme(laboratory):
    lab = laboratory()
    light = lab.pictures()
    lab.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    expect(lab.element).to_have_css("background-color", "rgb(20, 24, 31)")
    lab.settle()
    assert light and all(dark != bright for dark, bright in zip(lab.pictures(), light, strict=True))
    lab.page.evaluate("document.documentElement.dataset.theme = 'light'")
    lab.settle()
    assert lab.pictures() == light


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("model", BEGINNINGS)
def test_axe_finds_nothing_on_a_phone_with_everything_open(laboratory, model, theme):
    lab = laboratory(model, "ko", width=360, theme=theme, touch=True)
    lab.element.locator("[data-experiment]").first.tap()
    lab.element.locator("summary").tap()
    lab.element.get_by_label("언제", exact=True).select_option("range")
    lab.check()
    found = Axe().run(lab.page, context=".sb-gate_laboratory").response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    assert lab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
