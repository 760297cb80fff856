"""The gate laboratory in a browser, as the website hosts it: typed into, pointed at, held; compared with Python."""

import base64
import json
import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from seqbook.models import NAMES, load
from seqbook.widgets import GateLaboratory
from seqbook.widgets.base import STATIC
from seqbook.widgets.gate_laboratory import LIMIT, QUANTITIES
from tests.javascript import ROOT
from tests.site.widgets import both_languages, drag, number

pytestmark = pytest.mark.browser

HOST = "http://laboratory.test/"
PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>laboratory</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<link rel="stylesheet" href="widget.css"><style>body {{ margin: 8px; font-family: sans-serif }}</style></head>
<body><main id="main"></main><script type="module">
import widget from "./widget.js";
import {{ decode, Model }} from "./widget-model.js";
window.model = new Model(decode(await (await fetch("state.json")).json()));
window.dispose = widget.render({{ model, el: document.getElementById("main") }});
</script></body></html>"""


def traits(widget) -> dict:
    """A widget's state as the website embeds it, its file in base64."""
    state = {name: value for name, value in widget.get_state().items() if not name.startswith("_") and name != "layout"}
    specimen = dict(state["specimen"])
    data = base64.b64encode(specimen.pop("weights")).decode()
    buffers = [{"path": ["specimen", "weights"], "data": data, "encoding": "base64"}]
    return {"state": {**state, "specimen": specimen}, "buffers": buffers}


class Laboratory:
    """A shown widget: its page, its element, and what Python computes for the state the reader has brought it to."""

    def __init__(self, page, widget):
        self.page, self.python, self.element = page, widget, page.locator(".sb-gate-laboratory")
        self.settle()

    def settle(self):
        """Wait until everything is computed and sorted."""
        expect(self.element).not_to_have_attribute("aria-busy", "true", timeout=20_000)
        self.page.wait_for_function("() => new Promise((done) => setTimeout(() => done(true)))")
        expect(self.element).not_to_have_attribute("aria-busy", "true", timeout=20_000)

    def trait(self, name: str):
        return self.page.evaluate("name => model.get(name)", name)

    def numbers(self) -> dict:
        """Python's numbers for the text and the clamps that the page has now."""
        self.settle()
        return GateLaboratory(self.python._network.name, text=self.trait("text"), clamps=self.trait("clamps")).numbers()

    def check(self):
        """What is written in the cell, the words and the table is what Python computes."""
        wanted, unit = self.numbers(), self.trait("unit")
        t = min(self.trait("time"), len(wanted["c"]))
        at = {name: wanted[name][t - 1, unit] for name in QUANTITIES}
        before = wanted["c"][t - 2, unit] if t > 1 else 0.0
        shown = [number(text.lstrip("+")) for text in self.element.locator(".sb-cell .sb-number").all_text_contents()]
        expected = [*(at[name] for name in "figo"), before, at["f"] * before, at["i"] * at["g"], at["c"], at["h"]]
        assert shown == pytest.approx(expected, abs=0.0051)
        equations = self.element.locator(".sb-equation").all_inner_texts()
        assert [number(text.split()[-1]) for text in equations] == pytest.approx([at["c"], at["h"]], abs=0.0051)
        if not self.element.locator("details").get_attribute("open") is None:
            for row in self.element.locator("tbody tr").all_inner_texts():
                step, _, *cells = row.split("\t")
                values = [wanted[name][int(step) - 1, unit] for name in QUANTITIES]
                assert [number(cell) for cell in cells] == pytest.approx(values, abs=6e-5), step
        return wanted

    def pictures(self) -> list[str]:
        return self.element.locator("canvas").evaluate_all("canvases => canvases.map((each) => each.toDataURL())")

    def card(self, gate: str):
        return self.element.locator(".sb-card").nth("figo".index(gate))

    def press(self, gate: str, name: str):
        self.card(gate).get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def show(chromium):
    """`show("adding", language="ko", …)` → a Laboratory; its page must end without complaint or foreign request."""
    opened = []

    def open_(model="documentation", language="en", *, width=1280, theme="light", touch=False, **arguments):
        widget = GateLaboratory(model, lang=language, **arguments)
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, has_touch=touch)
        page, complaints = context.new_page(), []
        opened.append((context, complaints))
        page.on("console", lambda message: complaints.append(message.text)
                if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        host = ROOT / "lib/press/theme/static/widget-model.js"
        answers = {
            "": ("text/html", PAGE.format(lang=language)),
            "widget.js": ("text/javascript", (STATIC / "gate-laboratory.js").read_text("utf-8")),
            "widget.css": ("text/css", (STATIC / "gate-laboratory.css").read_text("utf-8")),
            "widget-model.js": ("text/javascript", host.read_text("utf-8")),
            "state.json": ("application/json", json.dumps(traits(widget))),
        }

        def answer(route):
            name = route.request.url.removeprefix(HOST)
            if name not in answers:
                complaints.append(f"request: {route.request.url}")
                return route.abort()
            kind, body = answers[name]
            route.fulfill(content_type=f"{kind}; charset=utf-8", body=body)

        page.route("**/*", answer)
        page.goto(HOST)
        expect(page.locator(".sb-gate-laboratory textarea")).to_be_visible()
        return Laboratory(page, widget)

    yield open_
    for context, complaints in opened:
        context.close()
    for _, complaints in opened:
        assert complaints == []


@both_languages
@pytest.mark.parametrize("model", NAMES)
def test_shows_scratch_numbers_in_the_page_language(show, model, language):
    lab = show(model, language)
    lab.element.locator("summary").click()
    wanted = lab.check()
    assert lab.element.get_attribute("lang") == language
    assert {"ko": "망각 게이트", "en": "forget gate"}[language] in lab.element.inner_text()
    t = lab.trait("time")
    shares = lab.element.locator(".sb-share:not(.sb-before)").all_inner_texts()
    outputs = wanted["outputs"][t - 1]
    if model == "adding":
        assert number(shares[1]) == pytest.approx(outputs[0], abs=0.0051)
    else:
        probabilities = np.exp(outputs - outputs.max())
        top = np.sort(probabilities / probabilities.sum())[::-1][:5]
        assert [number(share.rstrip("%")) for share in shares] == pytest.approx(100 * top, abs=0.51)


def test_begins_with_a_unit_that_follows_what_it_is_sorted_by(show):
    lab = show()
    options = lab.element.locator("select").nth(1).locator("option")
    order = [int(value) for value in options.evaluate_all("all => all.map((each) => each.value)")]
    assert sorted(order) == list(range(128)) and lab.trait("unit") == order[0]
    said = lab.element.locator("p.sb-quiet", has_text="correlation").inner_text()
    assert abs(number(re.search(r"[−\d.]+$", said)[0])) > 0.3


def test_typing_is_read_at_once_and_time_follows_the_caret(show):
    lab = show(text="def f(x)")
    lab.element.locator("summary").click()
    field = lab.element.locator("textarea")
    field.click()
    field.press("Control+End")
    lab.page.keyboard.type(": return (x")
    assert lab.trait("text") == "def f(x): return (x" and lab.trait("time") == 19
    lab.check()
    field.press("Control+Home")
    lab.page.keyboard.type("# ")
    assert lab.trait("text").startswith("# def") and lab.trait("time") == 2
    lab.check()
    field.press("ArrowRight")
    assert lab.trait("time") == 3
    field.press("Control+a")
    field.press("Delete")
    expect(lab.element.locator(".sb-cell")).to_be_hidden()
    assert "Write a character" in lab.element.inner_text()
    lab.settle()
    lab.page.keyboard.type("a")
    lab.check()


def test_korean_composition_is_left_alone(show):
    """What an input method composes is not written over while it composes."""
    lab = show("korean", "ko", text="")
    session = lab.page.context.new_cdp_session(lab.page)
    field = lab.element.locator("textarea")
    field.focus()
    for part in ("ㅇ", "우", "월"):
        session.send("Input.imeSetComposition", {"text": part, "selectionStart": 1, "selectionEnd": 1})
        assert field.input_value() == part == lab.trait("text")
    session.send("Input.insertText", {"text": "월"})
    assert field.input_value() == lab.trait("text") == "월"
    lab.check()


@both_languages
def test_unknown_characters_are_shown_as_unknown(show, language):
    lab = show(language=language, text="a한b😀c")
    status = lab.element.locator("textarea + p").inner_text()
    assert re.search(r"\b2", status) and {"ko": "점선", "en": "dashed"}[language] in status
    lab.check()
    before = lab.pictures()[0]
    lab.page.evaluate("model.set('text', 'a글b🚀c')")    # other characters, as unknown as those
    lab.check()
    np.testing.assert_allclose(lab.numbers()["c"], GateLaboratory(text="a한b😀c").numbers()["c"])
    assert lab.pictures()[0] != before


@pytest.mark.parametrize("gate", "figo")
def test_a_gate_is_held_here_and_released(show, gate):
    lab = show()
    names = ["−1", "0", "learned", "+1"] if gate == "g" else ["shut", "learned", "open"]
    free = lab.numbers()
    for name in [name for name in names if name != "learned"]:
        lab.press(gate, name)
        [clamp] = lab.trait("clamps")
        value = {"shut": 0, "open": 1}.get(name) if gate != "g" else number(name.lstrip("+"))
        t = lab.trait("time")
        assert clamp == {"gate": gate, "value": value, "unit": None, "start": t, "end": t}
        held = lab.check()
        assert (held[gate][t - 1] == value).all() and not np.allclose(held["h"][t:], free["h"][t:])
        assert lab.card(gate).get_by_role("button", name=name, exact=True).get_attribute("aria-pressed") == "true"
        assert lab.element.locator(".sb-held .sb-gate").count() == 1
    lab.press(gate, "learned")
    assert lab.trait("clamps") == [] and lab.element.locator(".sb-held .sb-gate").count() == 0
    lab.check()
    drag(lab.card(gate).locator("input"), 0.35)
    assert [clamp["value"] for clamp in lab.trait("clamps")] == [0.35]
    drag(lab.card(gate).locator("input"), 0.4)    # one clamp moves, none is added
    assert [clamp["value"] for clamp in lab.trait("clamps")] == [0.4]
    lab.check()


def test_where_and_in_which_units(show):
    lab = show(time=20, unit=5)
    where, who = lab.element.locator(".sb-hold select").all()
    T = len(lab.trait("text"))
    for place, span in [("onward", (20, None)), ("all", (1, None)), ("range", (20, 29)), ("here", (20, 20))]:
        where.select_option(place)
        lab.press("f", "shut")
        assert [(clamp["start"], clamp["end"]) for clamp in lab.trait("clamps")] == [span]
        lab.check()
        lab.element.get_by_role("button", name="Release all").click()
    where.select_option("range")
    start, end = [lab.element.get_by_role("slider", name=name, exact=True) for name in ("From", "to")]
    drag(start, 40)
    drag(end, 31)
    who.select_option("unit")
    lab.press("i", "open")
    assert lab.trait("clamps") == [{"gate": "i", "value": 1, "unit": 5, "start": 31, "end": 40}]
    lab.check()
    lab.page.evaluate("model.set('time', 35)")
    held = lab.check()
    assert (held["i"][30:40, 5] == 1).all() and not (held["i"][30:40, 4] == 1).any()
    assert start.get_attribute("max") == str(T)


def test_held_gates_are_listed_and_released_one_by_one(show):
    lab = show(clamps=[{"gate": "f", "value": 0, "start": 3, "end": 3}, {"gate": "o", "value": 0.5, "unit": 7}])
    chips = lab.element.locator(".sb-chip")
    assert chips.count() == 2 and "all units" in chips.nth(0).inner_text() and "unit 7" in chips.nth(1).inner_text()
    lab.check()
    chips.nth(0).click()
    assert [clamp["gate"] for clamp in lab.trait("clamps")] == ["o"] and chips.count() == 1
    lab.element.get_by_role("button", name="Release all").click()
    assert lab.trait("clamps") == [] and "No gate is held" in lab.element.inner_text()
    lab.check()


def test_clamps_stay_on_their_characters_while_the_text_changes(show):
    lab = show(text="abc def", time=5, clamps=[{"gate": "f", "value": 0, "start": 5, "end": 5}])
    field = lab.element.locator("textarea")
    field.click()
    field.press("Control+Home")
    lab.page.keyboard.type("xy")
    assert [(clamp["start"], clamp["end"]) for clamp in lab.trait("clamps")] == [(7, 7)]
    lab.check()
    field.press("Control+a")
    lab.page.keyboard.type("z")
    assert lab.trait("clamps") == []


@both_languages
def test_experiments_are_held_and_let_go_at_one_press(show, language):
    lab = show(language=language)
    t = lab.trait("time")
    for index, (gate, value, end) in enumerate([("f", 0, t), ("f", 1, None), ("i", 0, None), ("o", 0, None)]):
        button = lab.element.locator(".sb-experiments button").nth(index)
        button.click()
        assert lab.trait("clamps") == [{"gate": gate, "value": value, "unit": None, "start": t, "end": end}]
        assert button.get_attribute("aria-pressed") == "true"
        lab.check()
        bars = lab.element.locator(".sb-bars .sb-before").all_inner_texts()
        assert bars and all(re.fullmatch(r"[\d.]+%", text) for text in bars)    # as learned, beside what is held
    button.click()
    assert lab.trait("clamps") == [] and button.get_attribute("aria-pressed") == "false"


@both_languages
def test_shutting_the_input_gate_at_a_marker_destroys_the_sum(show, language):
    lab = show("adding", language)
    words = lab.trait("text").split()
    first, second = [n for n, word in enumerate(words) if word.endswith("*")]
    truth = sum(float(words[n].rstrip("*")) for n in (first, second))
    drag(lab.element.locator(".sb-player input"), len(words))
    shares = lab.element.locator(".sb-bars .sb-share:not(.sb-before)")
    shown = lambda: [number(text) for text in shares.all_inner_texts()]
    assert shown() == pytest.approx([truth, truth], abs=0.1)
    lab.element.locator(".sb-experiments button").first.click()
    assert lab.trait("time") == second + 1
    drag(lab.element.locator(".sb-player input"), len(words))
    held = lab.check()["outputs"][-1, 0]
    assert shown()[0] == pytest.approx(truth, abs=0.0051) and shown()[2] == pytest.approx(held, abs=0.0051)
    assert abs(held - truth) > 0.3
    assert f"{held:.2f}" in lab.element.locator(".sb-words").last.inner_text()


def test_numbers_are_marked_unmarked_and_drawn_anew(show):
    lab = show("adding", text="0.1 0.2 x 0.4*", time=2)
    assert "1 in dashed frames" in lab.element.locator("textarea + p").inner_text()
    lab.element.get_by_role("button", name="Mark this number").click()
    assert lab.trait("text") == "0.1 0.2* x 0.4*"
    lab.check()
    lab.element.get_by_role("button", name="Unmark this number").click()
    assert lab.trait("text") == "0.1 0.2 x 0.4*" and lab.trait("time") == 2
    lab.element.get_by_role("button", name="Draw new numbers").click()
    assert re.fullmatch(r"(0\.\d\d\*? ?|1\.00\*? ?){4}", lab.trait("text")) and lab.trait("text").count("*") == 2
    lab.check()


def test_a_korean_dates_month_is_answered_and_forgotten(show):
    lab = show("korean", "ko")
    answer = lab.element.locator(".sb-bars li").first
    assert answer.inner_text().startswith("3월")
    T = len(lab.trait("text"))
    drag(lab.element.locator(".sb-player input"), T)
    assert answer.inner_text().startswith("3월")
    lab.element.locator(".sb-experiments button").first.click()
    held = lab.check()["outputs"][-1]
    assert held.argmax() == load("korean").labels.index(answer.inner_text().split()[0])


def test_quantity_order_and_unit(show):
    lab = show()
    text, _, units = lab.pictures()
    seen = {text}
    for quantity in "figoh":
        lab.element.locator(f"input[value={quantity}]").check()
        lab.settle()
        assert lab.trait("quantity") == quantity
        seen.add(lab.pictures()[0])
    assert len(seen) == 6
    sort, unit = lab.element.locator(".sb-grid").first.locator("select").all()
    sort.select_option("word")
    lab.settle()
    chosen = lab.trait("unit")
    assert unit.input_value() == str(chosen) and "place in the word" in lab.element.inner_text()
    lab.check()
    unit.select_option("17")
    assert lab.trait("unit") == 17
    lab.check()
    sort.select_option("unit")
    lab.settle()
    assert lab.trait("unit") == 0
    units = lab.element.locator("canvas").nth(2)
    units.click(position={"x": units.bounding_box()["width"] - 8, "y": 8})    # the last of the first row
    assert lab.trait("unit") > 10
    lab.check()


def test_features_a_text_does_not_have_are_no_order(show):
    lab = show(text="plain words only", sort="unit")
    absent = lab.element.locator("select").first.locator("option[value=bracket]")
    assert absent.is_disabled() and "none in this text" in absent.inner_text()
    lab.element.locator("textarea").fill("plain (words) only")
    lab.settle()
    assert absent.is_enabled() and absent.inner_text() == "inside brackets"


def test_time_by_player_pointer_and_keyboard(show):
    lab = show(text="first line\nsecond (line) of the text", time=5)
    back, play, on = lab.element.locator(".sb-player button").all()
    on.click()
    assert lab.trait("time") == 6
    back.click()
    back.click()
    assert lab.trait("time") == 4
    text = lab.element.locator(".sb-text")
    text.focus()
    moves = [("ArrowRight", 5), ("ArrowLeft", 4), ("ArrowDown", 15), ("ArrowUp", 4), ("End", 36), ("Home", 1)]
    for key, wanted in moves:
        text.press(key)
        assert lab.trait("time") == wanted, key
    assert "“f”" in text.get_attribute("aria-valuetext") and text.get_attribute("aria-valuenow") == "1"
    text.click(position={"x": 12, "y": 40})
    assert lab.trait("time") == 13    # the second character of the second line
    lab.check()
    tape = lab.element.locator(".sb-tape canvas")
    tape.click(position={"x": 50, "y": 60})
    assert lab.trait("time") < 5
    lab.check()
    drag(lab.element.locator(".sb-player input"), 35)
    play.click()
    expect(play).to_have_text("Play", timeout=10_000)    # it came to the end and stopped
    assert lab.trait("time") == 36


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


@pytest.mark.parametrize("model", NAMES)
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_is_only_text(show, kind, model):
    lab = show(model)
    elements = lab.page.evaluate(COUNT)
    lab.element.locator("textarea").fill(HOSTILE[kind])
    lab.check()
    kept = lab.element.locator("textarea").input_value()
    assert kept == HOSTILE[kind] == lab.trait("text")
    lab.element.locator(".sb-experiments button").first.click(force=True)
    lab.element.locator("summary").click()
    lab.check()
    assert lab.page.evaluate("window.hacked") is None
    assert lab.page.locator("#main script, #main img, #main b").count() == 0
    assert lab.page.evaluate(COUNT) <= elements + 4    # the table's caption, head and body, and a chip
    assert lab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_lone_surrogates_become_replacement_characters(show):
    lab = show(text="ab")
    lab.element.locator("textarea").evaluate("""field => {
        field.value = "a\\ud83d😀\\ude00b";
        field.setSelectionRange(2, 2);
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }""")
    assert lab.trait("text") == "a\ufffd😀\ufffdb" == lab.element.locator("textarea").input_value()
    assert lab.trait("time") == 2 and lab.element.locator("textarea").evaluate("field => field.selectionEnd") == 2
    lab.check()


def test_a_hundred_thousand_characters_stay_in_the_field_and_say_how_many_are_read(show):
    lab = show()
    text = "The name (of it) is long. " * 4000
    field = lab.element.locator("textarea")
    field.fill(text)
    lab.settle()
    status = lab.element.locator("textarea + p").inner_text()
    assert str(LIMIT) in status and str(len(text) - LIMIT) in status
    assert field.input_value() == text == lab.trait("text")
    lab.check()
    field.focus()
    field.press("Control+Home")
    lab.page.keyboard.type("(x")
    assert lab.trait("text") == "(x" + text and lab.trait("time") == 2
    lab.check()


def test_pythons_updates_are_drawn(show):
    lab = show()
    changes = [("text", "something (else) \"now\""), ("time", 12), ("unit", 77), ("quantity", "f"), ("sort", "word"),
               ("clamps", [{"gate": "f", "value": 0.25, "unit": None, "start": 2, "end": None}]), ("lang", "ko")]
    for name, value in changes:
        before = lab.pictures()
        lab.page.evaluate("([name, value]) => model.set(name, value)", [name, value])
        lab.check()
        if name == "lang":
            assert lab.element.get_attribute("lang") == "ko"
        else:
            assert lab.pictures() != before, name
    other = traits(GateLaboratory("adding", lang="ko"))
    lab.page.evaluate("""async (other) => {
        const { decode } = await import("./widget-model.js");
        const { specimen, text, sort } = decode(other);
        model.set({ specimen, text, sort, time: 4, unit: null, clamps: [] });
    }""", other)
    lab.python = GateLaboratory("adding")
    lab.check()


def test_nothing_is_left_behind(show):
    """Every listener and observer of a closed widget is gone, and its player's clock has stopped."""
    lab = show("adding")
    counted = lab.page.evaluate("""async () => {
        const { default: widget } = await import("./widget.js");
        const counts = { traits: 0, system: 0, nodes: 0 };
        const count = (object, name, key, by) => {
            const original = object[name];
            object[name] = function (...values) { counts[key] += by(this); return original.apply(this, values); };
        };
        count(model, "on", "traits", () => 1);
        count(model, "off", "traits", () => -1);
        count(MediaQueryList.prototype, "addEventListener", "system", () => 1);
        count(MediaQueryList.prototype, "removeEventListener", "system", () => -1);
        for (const kind of [ResizeObserver, MutationObserver]) {
            count(kind.prototype, "observe", "nodes", (observer) => (observer.watched = (observer.watched ?? 0) + 1, 1));
            count(kind.prototype, "disconnect", "nodes", (observer) => -(observer.watched ?? 0));
        }
        const el = document.body.appendChild(document.createElement("div"));
        const close = widget.render({ model, el });
        el.querySelectorAll(".sb-player button")[1].click();    // while it plays
        const open = { ...counts };
        close();
        const time = model.get("time");
        await new Promise((done) => setTimeout(done, 900));    // two ticks of the clock
        return { open, closed: counts, left: el.childNodes.length, moved: model.get("time") - time };
    }""")
    assert min(counted["open"].values()) > 0
    assert counted["closed"] == {"traits": 0, "system": 0, "nodes": 0}
    assert counted["left"] == counted["moved"] == 0


def test_canvases_follow_the_theme(show):
    lab = show()
    light = lab.pictures()
    lab.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    expect(lab.element).to_have_css("background-color", "rgb(20, 24, 31)")
    lab.settle()
    assert light and all(dark != bright for dark, bright in zip(lab.pictures(), light, strict=True))
    lab.page.evaluate("document.documentElement.dataset.theme = 'light'")
    lab.settle()
    assert lab.pictures() == light


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("model", NAMES)
def test_axe_finds_nothing_on_a_phone_with_everything_open(show, model, theme):
    lab = show(model, "ko", width=360, theme=theme, touch=True)
    lab.element.locator(".sb-experiments button").first.tap()
    lab.element.locator("summary").tap()
    lab.element.locator(".sb-hold select").first.select_option("range")
    lab.check()
    found = Axe().run(lab.page, context=".sb-gate-laboratory").response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    assert lab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
