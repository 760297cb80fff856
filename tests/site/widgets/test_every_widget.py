"""What every widget owes its readers, of all that there are: found by name, shown on a bare page."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from seqbook import widgets
from seqbook.widgets.base import Flag
from tests.site.widgets.hosted import both_languages, drag, embedded, stem

pytestmark = pytest.mark.browser

every_widget = pytest.mark.parametrize("name", widgets.__all__)


def made(name: str, **arguments):
    return getattr(widgets, name)._example(**arguments)


@every_widget
@both_languages
def test_is_there_in_the_page_language_under_its_one_name(show, name, language):
    shown = show(made(name, lang=language))
    assert shown.element.get_attribute("class") == f"sb sb-{stem(shown.python)}"
    assert shown.element.get_attribute("role") == "group" and shown.element.get_attribute("lang") == language
    assert shown.element.get_attribute("aria-label").strip() and shown.words().strip()
    other = {"ko": "en", "en": "ko"}[language]
    title, before = shown.element.get_attribute("aria-label"), shown.words()
    shown.set(lang=other)
    assert shown.element.get_attribute("lang") == other
    assert shown.element.get_attribute("aria-label") != title and shown.words() != before


@every_widget
def test_controls_offer_what_the_knobs_declare(show, name):
    """A slider's ends and a choice's options are the declared ones, and Python takes whatever a control sets."""
    shown = show(made(name, lang="en"))
    controls = shown.element.locator("[data-trait]").all()
    assert {control.get_attribute("data-trait") for control in controls} <= set(shown.python._knobs()) and controls

    def reached(move, trait, entry):
        """What the page's trait (or its entry) is after a move; a ValueError where Python does not take it."""
        move()
        shown.settle()
        value = shown.get(trait)
        setattr(shown.python, trait, value)
        return value if entry is None or not isinstance(value, (dict, list)) else \
            value[int(entry) - 1] if isinstance(value, list) else value[entry]

    for control in controls:
        trait, entry = control.get_attribute("data-trait"), control.get_attribute("data-entry")
        limits = shown.python.limits[trait]
        kind = control.evaluate("each => each.type ?? each.tagName")
        if kind in ("range", "number") and "min" in limits:
            low, high = [reached(lambda bound=bound: drag(control, control.get_attribute(bound)), trait, entry)
                         for bound in ("min", "max")]
            assert low == pytest.approx(limits["min"]), trait
            if isinstance(limits["min"], int):    # a step lies within the length, whatever that may be
                assert high <= limits["max"], trait
            else:
                assert high == pytest.approx(limits["max"]), trait
        elif kind == "select-one":
            options = control.locator("option").evaluate_all("all => all.map((each) => each.value)")
            wanted = limits.get("options") or range(limits["min"], limits["max"] + 1)
            assert sorted(options) == sorted(map(str, wanted)), trait
            offered = control.locator("option:not([disabled])").evaluate_all("all => all.map((each) => each.value)")
            for option in offered[:5]:
                choose = lambda option=option: control.select_option(option, force=True)
                assert str(reached(choose, trait, None)) == option
    radios = [control.get_attribute("value") for control in shown.element.locator("input[type=radio]").all()]
    assert all(sorted(radios) == sorted(map(str, shown.python.limits[trait]["options"])) for trait in
               {control.get_attribute("data-trait") for control in shown.element.locator("input[type=radio]").all()})


def second_value(knob, limits: dict, value):
    """Another value for a knob, or None where nothing general can be said."""
    if isinstance(knob, Flag):
        return not value
    if "options" in limits:
        return next(option for option in limits["options"] if option != value)
    if "min" in limits and (value is None or isinstance(value, (int, float))):
        return limits["min"] if value != limits["min"] else limits["max"]
    return None


@every_widget
def test_pythons_updates_are_drawn(show, name):
    shown = show(made(name, lang="en"))
    shown.element.evaluate("root => root.querySelectorAll('details').forEach((each) => { each.open = true })")
    shown.settle()
    knobs, limits = shown.python._knobs(), shown.python.limits
    others = {trait: second_value(knob, limits[trait], shown.get(trait)) for trait, knob in knobs.items()}
    others = {trait: value for trait, value in others.items() if value is not None}
    assert others

    def is_drawn(trait: str) -> bool:
        value, before = shown.get(trait), shown.picture()
        shown.set(**{trait: others[trait]})
        changed = shown.picture() != before
        shown.set(**{trait: value})
        return changed

    def is_drawn_where_it_has_an_effect(trait: str) -> bool:
        """With some other knob at some other value: a teacher has something to teach in one pattern only."""
        for other in set(knobs) - {trait}:
            bounds = limits[other]
            few = bounds.get("options", [])
            if isinstance(bounds.get("min"), int):
                few = range(bounds["min"], min(bounds["max"], bounds["min"] + 4) + 1)
            before = shown.get(other)
            for value in few:
                shown.set(**{other: value})
                if is_drawn(trait):
                    return True
            shown.set(**{other: before})
        return False

    for trait in others:
        assert is_drawn(trait) or is_drawn_where_it_has_an_effect(trait), trait


@every_widget
def test_nothing_is_left_behind(show, name):
    """Every listener and observer of a closed widget is gone, and its clocks have stopped."""
    shown = show(made(name, lang="en"), still=False)
    counted = shown.page.evaluate("""async () => {
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
            count(kind.prototype, "observe", "nodes", (each) => (each.watched = (each.watched ?? 0) + 1, 1));
            count(kind.prototype, "disconnect", "nodes", (observer) => -(observer.watched ?? 0));
        }
        window.dispose();    // the one that was there, which would move too
        for (const key in counts) counts[key] = 0;
        const el = document.body.appendChild(document.createElement("div"));
        const close = widget.render({ model, el });
        el.querySelector(".sb-player .sb-primary")?.click();    // while it plays
        model.set("lang", model.get("lang") === "ko" ? "en" : "ko");    // and once more, made anew
        el.querySelector(".sb-player .sb-primary")?.click();
        el.querySelector("[data-trait=unfolded]")?.click();    // while it moves
        const open = { ...counts };
        close();
        const state = () => JSON.stringify(Object.keys(model.get("limits")).map((name) => model.get(name)));
        const before = state();
        await new Promise((done) => setTimeout(done, 1000));    // longer than a tick of any clock
        return { open, closed: counts, left: el.childNodes.length, moved: state() !== before };
    }""")
    listens = {kind for kind, count in counted["open"].items() if count > 0}
    assert "traits" in listens
    if name == "GateLaboratory":    # it draws on canvases: in the room there is, in the theme's colours
        assert listens == {"traits", "system", "nodes"}
    assert counted["closed"] == {"traits": 0, "system": 0, "nodes": 0}
    assert counted["left"] == 0 and not counted["moved"]


@every_widget
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone_with_everything_open(show, name, theme):
    """At a phone's width, every switch on, every table open."""
    shown = show(made(name, lang="ko"), width=360, theme=theme, touch=True)
    for switch in shown.element.locator("input[type=checkbox]:visible").all():
        switch.check()
    for summary in shown.element.locator("summary:visible").all():
        summary.click()
    if shown.knob("steps").count():
        drag(shown.knob("steps"), 12)
    shown.settle()
    for table in shown.element.locator("tbody").all():
        assert table.inner_text().strip()
    found = Axe().run(shown.page, context="#main .sb").response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    assert shown.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
