"""The scan in a browser: counts, circles and words are Python's, and every control moves them."""

import pytest

from seqbook.widgets import Scan
from tests.site.widgets.hosted import both_languages, drag

pytestmark = pytest.mark.browser


def counts(shown) -> list[str]:
    return shown.element.locator(".sb-counts tbody td").all_inner_texts()


def circles(shown, kind="") -> list[str]:
    return shown.element.locator(".sb-scroll > svg").first.locator(f".sb-node{kind} text").all_text_contents()


@both_languages
def test_counts_are_python_s_for_both_methods(show, language):
    shown = show(Scan(lang=language, time=2))
    for method in ("tree", "doubling"):
        shown.knob("method").select_option(method)
        shown.settle()
        n = Scan(method=method, time=2).numbers()
        said = {"en": "{0:.0f} of {1:.0f}", "ko": "{1:.0f} 가운데 {0:.0f}"}[language]
        assert counts(shown) == [said.format(2, n["loop_rounds"])] * 2 + [
            said.format(2, n["rounds"]), said.format(n["done"], n["operations"])]


def test_circles_are_inputs_and_operations_and_what_is_to_come_is_open(show):
    shown = show(Scan(lang="en", time=1, x=[1, 2, 3, 4], target=4))
    assert circles(shown) == ["1", "2", "3", "4", "3", "7", "·", "·"]
    shown.knob("time").press("End")
    shown.settle()
    assert circles(shown)[4:] == ["3", "7", "10", "6"]
    assert circles(shown, ".sb-result") == ["1", "3", "10", "6"] and circles(shown, ".sb-later") == []


def test_the_way_to_a_result_is_chosen_by_slider_keys_and_press(show):
    shown = show(Scan(lang="en", x=[1, 2, 3, 4], time=3))
    assert len(circles(shown, ".sb-way")) == 4 + 3 and "4 inputs" in shown.element.locator(".sb-words").inner_text()
    drag(shown.knob("target"), 2)
    shown.settle()
    needed = Scan(x=[1, 2, 3, 4], target=2).numbers()["needed"]
    assert shown.get("target") == 2 and len(circles(shown, ".sb-way")) == 2 + needed
    drawing = shown.element.locator("svg[tabindex]")
    drawing.focus()
    drawing.press("ArrowRight")
    shown.settle()
    assert shown.get("target") == 3
    drawing.click(position={"x": 5, "y": 40})
    shown.settle()
    assert shown.get("target") == 1 and len(circles(shown, ".sb-way")) == 1


def test_an_input_that_is_typed_changes_the_results(show):
    shown = show(Scan(lang="en", x=[1, 2, 3, 4], time=3))
    shown.knob("x", 2).fill("10")
    shown.settle()
    assert shown.get("x")[:4] == [1, 10, 3, 4] and circles(shown, ".sb-result") == ["1", "11", "18", "14"]


def test_the_decay_belongs_to_the_recurrence(show):
    shown = show(Scan(lang="en", x=[4, 0, 0, 0], time=3))
    assert shown.knob("decay").is_disabled()
    shown.knob("operation").select_option("recurrence")
    shown.settle()
    assert shown.knob("decay").is_enabled() and circles(shown, ".sb-result") == ["4", "2", "0.50", "1"]
    drag(shown.knob("decay"), 0.25)
    shown.settle()
    assert circles(shown, ".sb-result") == ["4", "1", "0.06", "0.25"]


def test_a_longer_sequence_shows_more_fields_and_follows_its_last_result(show):
    shown = show(Scan(lang="en", steps=4))
    drag(shown.knob("steps"), 13)
    shown.settle()
    assert shown.get("target") == 13 and shown.element.locator(".sb-inputs input:visible").count() == 13
    assert len(circles(shown)) == 13 + Scan(steps=13).numbers()["operations"]
