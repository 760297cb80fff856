"""The live pages with their own Python, as a reader uses them."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.site.live.conftest import Live

pytestmark = pytest.mark.browser

LONG = 240_000    # ms for Python to come and a cell to run on a busy machine
CLIP = """def clip_by_norm(grads, max_norm):
    norm = {norm}
    scale = max_norm / norm if norm > max_norm else 1.0
    return {{name: grad * scale for name, grad in grads.items()}}"""
RIGHT = CLIP.format(norm="np.sqrt(sum((grad**2).sum() for grad in grads.values()))")
WRONG = CLIP.format(norm="sum((grad**2).sum() for grad in grads.values())")
FIGURE = "step-figure"
SAID = {"ko": "제곱근이 빠졌습니다", "en": "The square root is missing"}


@pytest.fixture
def reader(tab):
    """`reader(language, chapter)` → a chapter's page with its own Python."""
    return lambda language, chapter: Live(tab(), language).open(chapter)


def becomes(live: Live, name: str, state: str):
    expect(live.cell(name)).to_have_attribute("data-state", state, timeout=LONG)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_exercise_is_failed_with_a_named_mistake_mended_and_passed(reader, language):
    live = reader(language, "rnn/bptt")
    report = live.output("clip-check").locator(".live-report")
    live.write("clip-stub", WRONG)
    live.press("clip-stub", "check")
    expect(report).to_have_attribute("data-passed", "false", timeout=LONG)
    assert SAID[language] not in report.inner_text()    # not before it is asked for
    report.locator("[data-action=hint]").click()
    expect(report.locator(".live-hint")).to_contain_text(SAID[language])

    live.write("clip-stub", RIGHT)
    live.press("clip-stub", "check")
    expect(report).to_have_attribute("data-passed", "true", timeout=LONG)
    live.open("rnn/bptt")
    expect(live.cell("clip-stub").locator(".live-passed")).to_be_visible(timeout=LONG)
    expect(live.cell("clip-stub").locator(".cm-line").first).to_be_visible(timeout=LONG)
    assert live.code("clip-stub") == RIGHT
    live.press("clip-stub", "check")
    expect(report).to_have_attribute("data-passed", "true", timeout=LONG)


def test_a_line_is_changed_and_its_figure_drawn_anew(reader):
    live = reader("ko", "rnn/bptt")
    image = live.output(FIGURE).locator("img")
    alt = image.get_attribute("alt")
    live.press(FIGURE, "run")
    becomes(live, FIGURE, "failed")
    assert "NameError" in live.output(FIGURE).inner_text()
    live.press(FIGURE, "run-above")
    becomes(live, FIGURE, "done")
    expect(image).to_have_attribute("src", re.compile("^blob:"))
    assert image.evaluate("async (img) => { await img.decode(); return img.naturalWidth > 100; }")
    assert image.get_attribute("alt") == alt
    before = image.get_attribute("src")
    code = live.code("forward-code")
    live.write("forward-code", code.replace("np.tanh(b", "np.tanh(2 * b"))
    assert live.code("forward-code") != code
    for name in ("forward-code", "step-code", FIGURE):
        live.press(name, "run")
    expect(image).not_to_have_attribute("src", before, timeout=LONG)
    becomes(live, FIGURE, "done")


def test_stop_keeps_the_variables(reader):
    live = reader("en", "rnn/bptt")
    live.write("data", "kept = 40 + 2\nprint(kept)")
    live.press("data", "run")
    becomes(live, "data", "done")
    live.write("forward-code", "print('on')\nwhile True: pass")
    live.press("forward-code", "run")
    expect(live.output("forward-code")).to_have_text("on\n", timeout=LONG)
    live.press("forward-code", "stop")
    becomes(live, "forward-code", "failed")
    live.write("forward-code", "print(kept)")
    live.press("forward-code", "run")
    becomes(live, "forward-code", "done")
    assert live.output("forward-code").inner_text().strip() == "42"


def test_a_widget_is_made_in_the_page_and_its_numbers_are_checked(reader):
    live = reader("en", "rnn/bptt")
    live.press("gradient-flow", "run")
    becomes(live, "gradient-flow", "done")
    widget = live.output("gradient-flow").locator(".seqbook-widget")
    expect(widget.locator("input").first).to_be_visible(timeout=LONG)
    live.press("gradient-flow", "numbers")
    said = live.cell("gradient-flow").locator(".live-said")
    expect(said).to_have_text(re.compile(r"\d+ numbers compared .* difference is \S+\."), timeout=LONG)
    assert float(re.search(r"is (\S+)\.$", said.inner_text())[1]) < 1e-5


@pytest.mark.parametrize("chapter", ["rnn/unfolding", "rnn/bptt", "lstm/gates"])
def test_the_numbers_of_the_books_widgets_are_pythons(reader, chapter):
    live = reader("ko", chapter)
    buttons = live.page.locator("[data-action=numbers]")
    assert buttons.count() > 0
    for place in range(buttons.count()):
        button = buttons.nth(place)
        button.scroll_into_view_if_needed()
        button.click()
        said = button.locator("xpath=following-sibling::span")
        expect(said).to_have_text(re.compile(r"가장 큰 차이는 \S+입니다"), timeout=LONG)
        assert float(re.search(r"차이는 (\S+)입니다", said.inner_text())[1]) < 1e-5


def test_the_size_of_what_comes_is_said_before_it_comes(reader, site):
    live = reader("en", "rnn/bptt")
    manifest = json.loads((site / "_live/manifest.json").read_text("utf-8"))
    live.press("data", "run")
    size = round(sum(entry["bytes"] for entry in manifest.values()) / 1e6)
    said = live.cell("data").locator(".live-state")
    expect(said).to_have_text(f"Fetching Python ({size} MB, only once)", timeout=LONG)
    becomes(live, "data", "done")
