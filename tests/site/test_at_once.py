"""Pages that are there at once: formulas set before and copied as TeX; what is far away laid out later, then wholly."""

import json
import re

import pytest

from tests.site.test_pages import LANGUAGES, NOTEBOOKS, PAGES, WIDGETS

pytestmark = pytest.mark.browser

CHAPTER = NOTEBOOKS[-1]
SELECT = """(element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
}"""
COPY = """() => new Promise((done) => {
    addEventListener("copy", (event) => done(event.clipboardData.getData("text/plain")), { once: true });
    document.execCommand("copy");
})"""


def test_no_page_carries_a_script_that_sets_formulas(site):
    for path in PAGES:
        scripts = " ".join(re.findall(r"<script[^>]*>", (site / path).read_text("utf-8"))).lower()
        assert "book.js" in scripts and "mathjax" not in scripts and "katex" not in scripts, path
    assert not list(site.rglob("*mathjax*")) and not list(site.rglob("katex*.js"))


def test_a_formula_is_copied_once_as_its_tex(tab):
    page = tab().open(f"en/{CHAPTER}.html")
    paragraph = page.locator(".prose p:has(span.math)").first
    tex = paragraph.locator("annotation").first.text_content()
    paragraph.evaluate(SELECT)
    copied = page.evaluate(COPY)
    assert copied.count(f"${tex}$") == paragraph.locator("annotation").all_text_contents().count(tex)
    assert "katex" not in copied
    displayed = page.locator("div.math").first
    displayed.evaluate(SELECT)
    assert page.evaluate(COPY).strip() == f"$${displayed.locator('annotation').text_content()}$$"


def test_a_part_of_a_formula_is_copied_as_the_whole(tab):
    page = tab().open(f"en/{CHAPTER}.html")
    formula = page.locator("p span.math").first
    formula.locator(".katex-html .mord").last.evaluate(SELECT)
    assert page.evaluate(COPY) == f"${formula.locator('annotation').text_content()}$"


def test_text_without_a_formula_is_copied_as_ever(tab):
    page = tab().open(f"en/{CHAPTER}.html")
    heading = page.locator("h1")
    heading.evaluate(SELECT)
    page.evaluate("addEventListener('copy', (event) => { window.prevented = event.defaultPrevented; })")
    page.evaluate("document.execCommand('copy')")
    assert page.evaluate("prevented") is False


@pytest.mark.parametrize("language", LANGUAGES)
def test_formulas_are_read_out_as_mathml(tab, language):
    page = tab().open(f"{language}/{CHAPTER}.html")
    formulas = page.locator(".prose .katex")
    assert formulas.count() > 20
    assert formulas.evaluate_all("(all) => all.every((one) => one.querySelector('math > semantics') && "
                                 "one.querySelector('.katex-html').ariaHidden === 'true')")


def test_in_the_end_every_section_is_laid_out(tab):
    page = tab().open(f"ko/{CHAPTER}.html")
    sections = page.locator(".prose > section > section")
    assert sections.count() > 5
    shown = sections.evaluate_all("(all) => all.map((one) => getComputedStyle(one).contentVisibility)")
    assert set(shown) == {"visible"}


def test_what_is_far_away_waits_until_the_page_has_come(tab):
    tab = tab(java_script_enabled=False)    # then it waits for good, until it comes near
    tab.page.goto(f"{tab.address}ko/{CHAPTER}.html")
    section = tab.page.locator(".prose > section > section").last
    assert section.evaluate("(one) => getComputedStyle(one).contentVisibility") == "auto"
    section.scroll_into_view_if_needed()
    assert section.locator("h2").is_visible() and section.locator("li, p").first.is_visible()


@pytest.mark.parametrize("name", sorted(WIDGETS))
def test_the_first_widget_is_asked_for_in_the_head_and_states_stand_beside_their_views(site, name):
    text = (site / f"ko/{name}.html").read_text("utf-8")
    head, body = text.split("</head>")
    assert "widget-state" not in head and 'rel="modulepreload"' in head
    first = body[body.index("widget-state+json"):]
    state = json.loads(first[first.index(">") + 1:first.index("</script>")])["state"]
    (model,) = state.values()
    assert f"_static/widgets/{model['module']}\"" in head


@pytest.mark.parametrize("path", [path for path in PAGES if path.rpartition("/")[2] != "search.html"])
def test_figures_say_how_large_they_are_and_wait(site, path):
    text = (site / path).read_text("utf-8")
    images = [tag for tag in text.split("<img ")[1:]]
    assert all('width="' in tag[:tag.index(">")] and 'loading="lazy"' in tag[:tag.index(">")] for tag in images)
