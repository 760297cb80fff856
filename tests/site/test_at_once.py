"""Pages that are there at once: formulas set before and copied as TeX; what is far away laid out later, then wholly."""

import gzip
import json
import re

import pytest

from tests.site.conftest import come_near
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
    formula = page.locator("p span.math:has(.katex-html .mord)").first
    formula.locator(".katex-html .mord").last.evaluate(SELECT)
    assert page.evaluate(COPY) == f"${formula.locator('annotation').text_content()}$"


def test_paragraphs_with_formulas_are_copied_line_by_line(tab):
    """As without formulas: a paragraph is one line, however its source is wrapped; nothing is left in the page."""
    page = tab().open(f"en/{NOTEBOOKS[0]}.html")
    section = page.locator(".prose section:has(> p:has(span.math)):has(> p:not(:has(span.math)))").first
    plain = section.locator(":scope > p:not(:has(span.math))").all_inner_texts()
    before = page.locator("body > *").count()
    section.evaluate(SELECT)
    copied = page.evaluate(COPY)
    assert plain and set(plain) <= set(copied.split("\n")) and "$" in copied
    assert page.locator("body > *").count() == before


def test_links_beside_a_formula_are_copied_with_their_whole_address(tab):
    page = tab().open(f"en/{CHAPTER}.html")
    page.locator("p:has(span.math):has(a.reference)").first.evaluate(SELECT)
    copied = page.evaluate(COPY.replace("text/plain", "text/html"))
    assert copied.count('href="') == copied.count('href="http') > 0


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


# --- nothing moves ----------------------------------------------------------------------------------------------------

SHIFT = """() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
}"""
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
FIRST = sorted((language, name) for language in LANGUAGES for name in WIDGETS)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language, name", FIRST)
@pytest.mark.parametrize("jump", [True, False], ids=["jump", "stay"])
def test_nothing_moves_when_fonts_and_widgets_come_late(tab, language, name, width, jump):
    """Both come when the page is drawn; where `jump`, widgets when the reader looks at the place of the first one."""
    tab = tab(width=width, height=800)
    page, held, waits = tab.page, [], [True]
    page.route(re.compile(r"/_static/widgets/.*\.(js|css)$" if jump else r"\.woff2$|/_static/widgets/.*\.(js|css)$"),
               lambda route: held.append(route) if waits else route.continue_())
    page.add_init_script(f"({SHIFT})()")
    page.goto(f"{tab.address}{language}/{name}.html", wait_until="commit")
    page.wait_for_function("document.readyState !== 'loading' && "
                           "performance.getEntriesByName('first-contentful-paint').length")
    if jump:
        page.evaluate("async () => { await document.fonts.ready }")
        page.locator(".seqbook-widget").first.evaluate("(place) => place.scrollIntoView()")
    page.evaluate(FRAMES)
    waits.clear()
    for route in held:
        route.continue_()
    page.wait_for_function("document.documentElement.dataset.ready === '' && "
                           "[...document.querySelectorAll('.seqbook-widget:not([data-near])')]"
                           ".every((one) => one.childNodes.length)")
    page.evaluate("async () => { await document.fonts.ready }")
    page.evaluate(FRAMES)
    assert held and page.evaluate("shift") <= 0.1


@pytest.mark.parametrize("language, name", FIRST)
def test_a_widget_is_as_high_as_the_room_that_is_kept_for_it(site, tab, language, name):
    kept = re.findall(r'<div class="seqbook-widget" style="--narrow:(\d+)px;--wide:(\d+)px',
                      (site / f"{language}/{name}.html").read_text("utf-8"))
    for width, heights in zip((390, 1280), zip(*kept, strict=True), strict=True):
        page = tab(width=width).open(f"{language}/{name}.html")
        page.locator("details.deeper").evaluate_all("(all) => all.forEach((one) => { one.open = true; })")
        come_near(page)
        drawn = page.locator(".seqbook-widget").evaluate_all(
            "(all) => all.map((one) => one.getBoundingClientRect().height)")
        assert len(drawn) == len(heights)
        for height, room in zip(drawn, map(int, heights), strict=True):
            assert abs(height - room) <= max(50, 0.06 * height), (width, height, room)


def test_without_scripts_no_room_is_kept_for_what_does_not_come(tab):
    tab = tab(java_script_enabled=False)
    tab.page.goto(f"{tab.address}en/{CHAPTER}.html")
    assert tab.page.locator(".seqbook-widget").first.bounding_box()["height"] == 0


# --- nothing heavy comes ----------------------------------------------------------------------------------------------

def sent(page, site) -> dict[str, int]:
    """Bytes, compressed, of what a page asks for by itself, but for figures, which wait, and icons."""
    text = page.read_text("utf-8")
    static = page.relative_to(site).parts[0] + "/_static/"
    asked = {"page": len(gzip.compress(page.read_bytes()))}
    files = re.findall(r'(?:src|href)="[^"]*?_static/([^"?]+\.(?:css|js|woff2))', text)
    states = "".join(re.findall(r'<script type="application/vnd[^>]*state\+json">(?:(?!</script>).)*</script>\s*'
                                r'<script[^>]*>[^<]*</script><div(?![^>]* data-near)', text, flags=re.S))
    files += [f"widgets/{name}" for name in re.findall(r'"(?:module|style|file)": ?"([^"]+)"', states)]
    files += ["fonts/code.woff2"] + (["fonts/serif-italic.woff2"] if static.startswith("en") else [])
    for name in set(files):
        body = (site / static / name).read_bytes()
        asked[name] = len(body) if name.endswith(".woff2") else len(gzip.compress(body))
    return asked


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_light(site, path):
    asked = sent(site / path, site)
    fonts = sum(size for name, size in asked.items() if name.endswith(".woff2")) + asked["book.css"]
    # The glossary alone says every term in the other language, too.
    assert fonts < (160_000 if "start/glossary" in path else 150_000), asked
    assert sum(asked.values()) < 380_000, asked    # 0.4 MB is the most that a page may have


@pytest.mark.parametrize("path", [f"en/{CHAPTER}.html", f"ko/{CHAPTER}.html"])
def test_a_page_fetches_only_the_hangul_that_it_shows(tab, path):
    """Each part once; all Hangul, which is for what is said later, not at all."""
    tab = tab()
    tab.open(path)
    static = next(response.url for response in tab.responses if "book.css" in response.url).partition("book.css")[0]
    sheet = next(response.text() for response in tab.responses if "book.css" in response.url)
    every = re.findall(r"url\((fonts/hangul-\w+\.woff2)\)", sheet)[0]
    fetched = [response.url for response in tab.responses if "/hangul-" in response.url]
    assert len(fetched) == len(set(fetched)) and static + every not in fetched
    assert len(fetched) == (2 if path.startswith("ko") else 0)
