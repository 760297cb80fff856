"""Every page of both languages, in a real browser."""

import gzip
import json
import re

import pytest
from playwright.sync_api import expect

from press.book import Book
from tests.site.accessibility import findings, put_theme
from tests.site.browser import hold_the_clock
from tests.site.conftest import ROOT
from tests.site.links import dead_addresses

pytestmark = pytest.mark.browser

BOOK = Book.open(ROOT)
LANGUAGES = list(BOOK.languages)
NOTEBOOKS = list(BOOK.notebooks("ko"))
PAGES = [f"{language}/{page}.html" for page in [*BOOK.pages, "search"] for language in LANGUAGES]
WIDGETS = {page for page in NOTEBOOKS if "seqbook.widgets" in BOOK.source("ko", page).read_text("utf-8")}

both_languages = pytest.mark.parametrize("language", LANGUAGES)
LOOK_AT_WHAT_WAS_SENT = """async () => {
    const sent = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
    const links = [...sent.querySelectorAll("link[rel=alternate]")].map((link) => [link.hreflang, link.href]);
    return {
        lang: sent.documentElement.lang, links: Object.fromEntries(links),
        switch: sent.querySelector("[data-language-switch]").href, prose: sent.querySelector(".prose").textContent,
    };
}"""
IS_CUT = """() => [...document.querySelectorAll("main *")].filter((element) => {
    for (let at = element; at && at.localName !== "main"; at = at.parentElement) {
        const { overflowX, position } = getComputedStyle(at);
        if (at.matches("svg") || overflowX !== "visible") return false;
        if (position === "absolute") return false;
    }
    return element.getBoundingClientRect().right > innerWidth + 1;
}).map((element) => element.outerHTML.slice(0, 120))"""
IS_NARROW = """(cells) => cells.filter((cell) => {
    const { fontSize, paddingLeft, paddingRight } = getComputedStyle(cell);
    const longest = Math.max(...cell.textContent.match(/[가-힣]*/g).map((word) => word.length));
    const room = cell.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    return room < 0.8 * longest * parseFloat(fontSize);
}).map((cell) => cell.textContent)"""
FILTERS = "(images) => images.map((image) => getComputedStyle(image).filter)"
IS_CLEAN = """(element) => {
    for (let at = element; at; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (style.filter !== "none" || style.opacity !== "1") return false;
    }
    return true;
}"""


def weight(tab) -> tuple[int, int]:
    """Bytes of all that the page asked for, compressed; and those of the widgets' own code and data."""
    total = own = 0
    for response in tab.responses:
        body = response.body()
        size = len(body) if response.url.endswith((".woff2", ".woff", ".png")) else len(gzip.compress(body))
        total += size
        own += size if "/_static/widgets/" in response.url and "/state-" not in response.url else 0
    return total, own


def widget_data(saved: list) -> tuple[int, int]:
    """How many bytes a page's widget states have, compressed: all but trained models' weights, and these."""
    models = b""
    widgets = [widget for each in saved for widget in ([each] if "module" in each else each.values())]
    for widget in widgets:
        for buffer in widget.get("buffers", []):
            if buffer["path"][0] == "specimen":
                models += buffer.pop("data").encode()
    return len(gzip.compress(json.dumps(saved).encode())), len(gzip.compress(models))


# --- every page, opened once ------------------------------------------------------------------------------------------
#
# A page is opened as by a phone that comes from the other language; then it is put on a desk, into the dark and on
# paper. Each check is a function of the page's visit, in the order of `CHECKS`.

class Visit:
    """A page of the site, open in a tab: where it is, and what the book knows of it."""

    def __init__(self, tab, site, path: str):
        self.tab, self.page, self.path = tab, tab.page, path
        self.language, _, self.name = path.removesuffix(".html").partition("/")
        self.other = next(language for language in LANGUAGES if language != self.language)
        self.is_notebook = self.name in NOTEBOOKS
        sections = re.findall(r'<section[^>]* id="([^"]+)"', (site / path).read_text("utf-8"))
        self.section = sections[2] if self.is_notebook else None


def a_phone_scrolls_only_what_is_wide_and_breaks_no_word_of_a_table(visit):
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 360
    assert visit.page.evaluate(IS_CUT) == []
    assert visit.page.locator(".prose td").evaluate_all(IS_NARROW) == []


def what_a_cell_printed_fits(visit):
    scrolling = visit.page.locator(".cell_output .highlight pre").evaluate_all(
        "(all) => all.filter((each) => each.scrollWidth > each.clientWidth + 1).map("
        "(each) => [each.closest('[data-cell]')?.dataset.cell, each.textContent])")
    assert [text for cell, text in scrolling if cell != "tracking-figure"] == []    # whose lines are what it shows


def the_section_that_was_asked_for_is_shown(visit):
    visit.page.wait_for_function("(id) => Math.abs(document.getElementById(id).getBoundingClientRect().top) < 200",
                                 arg=visit.section)


def the_page_is_whole(visit):
    tab, page = visit.tab, visit.page
    assert tab.responses and all(response.status < 400 for response in tab.responses)
    assert page.title() and page.locator("h1").count() == 1
    assert page.locator(".katex-error, .widget-error, .system-message, .problematic").count() == 0
    assert page.locator("img:not([alt]), img[alt='']").count() == 0
    assert " at 0x" not in page.locator("main").text_content()    # a cell whose last value was not meant to be seen
    views = page.locator("script[type='application/vnd.jupyter.widget-view+json']").count()
    assert page.locator(".seqbook-widget").count() == views
    assert (views > 0) == (visit.name in WIDGETS)
    formulas = page.locator("span.math, div.math")
    assert formulas.count() == page.locator(".math > .katex, .math > .katex-display").count()
    states = [json.loads(text)["state"] for text in page.locator(
        "script[type='application/vnd.jupyter.widget-state+json']").all_text_contents()]
    files = [response.json() for response in tab.responses if "/_static/widgets/state-" in response.url]
    data, models = widget_data([*states, *files])
    total, own = weight(tab)
    assert total < 400_000 + models, f"{total} bytes compressed"
    if not page.locator(".seqbook-widget[data-near]").count():    # else how many came depends on where the reader is
        assert own + data < 60_000, f"{own + data} bytes of widgets, compressed"
    assert models < 300_000, f"{models} bytes of trained models, compressed"


def what_the_server_sends_speaks_its_language_and_names_the_other(visit):
    """Scripts may have changed the page since: what is looked at is the page as it was sent."""
    sent = visit.page.evaluate(LOOK_AT_WHAT_WAS_SENT)
    address = visit.tab.address
    assert sent["lang"] == visit.language
    assert sent["links"] == {name: f"{address}{name}/{visit.name}.html" for name in LANGUAGES}
    assert sent["switch"] == sent["links"][visit.other]
    assert "# @title" not in sent["prose"]
    summaries = visit.page.locator("details.hide > summary")
    assert bool(summaries.count()) == visit.is_notebook
    assert summaries.evaluate_all("""(all) => all.every((one) => !one.ariaLabel &&
        (one.closest("details.deeper:not([open])") ? one.textContent : one.innerText).trim())""")


def the_language_switch_keeps_the_section(visit):
    visit.page.evaluate("(id) => document.getElementById(id).scrollIntoView()", visit.section)
    visit.page.wait_for_function("(address) => document.querySelector('[data-language-switch]').href === address",
                                 arg=f"{visit.tab.address}{visit.other}/{visit.name}.html#{visit.section}")


def the_notebook_opens_in_colab_and_downloads(visit):
    repository = BOOK.config["repository"]["url"].removeprefix("https://github.com/")
    assert visit.page.locator("[data-colab]").get_attribute("href") == (
        f"https://colab.research.google.com/github/{repository}/blob/{BOOK.config['repository']['branch']}"
        f"/chapters/{visit.language}/{visit.name}.ipynb")
    with visit.page.expect_download() as download:
        visit.page.locator("a[download]").click()
    assert download.value.path().read_bytes() == BOOK.source(visit.language, visit.name).read_bytes()


def english_prose_of_a_korean_page_says_so(visit):
    if visit.name == "reference/references":
        entries = visit.page.locator(".prose li").count()
        assert entries > 20 and visit.page.locator(".prose li span[lang=en] a").count() == entries
        return
    lead, *docstrings = visit.page.locator(".prose p").evaluate_all(
        "(texts) => texts.map((text) => text.closest('[lang]').lang)")
    assert lead == "ko" and set(docstrings) == {"en"}


def the_dark_inverts_figures_and_leaves_widgets_alone(visit):
    page = visit.page
    filters = page.locator(".cell:not(.tag_natural-colours) > .cell_output img").evaluate_all(FILTERS)
    assert all(one.startswith("invert(1) hue-rotate(180deg)") for one in filters)
    photographs = page.locator(".tag_natural-colours .cell_output img").evaluate_all(FILTERS)
    assert set(photographs) == ({"none"} if visit.name == "vision/vit" else set())
    widgets = page.locator(".seqbook-widget").all()
    assert widgets and all(widget.evaluate(IS_CLEAN) for widget in widgets)
    boxes = page.locator(".cell_output").evaluate_all("""(outputs) => outputs.flatMap((output) =>
        [output, ...output.querySelectorAll(".output, .highlight, pre")])
        .map((box) => getComputedStyle(box).backgroundColor)""")
    assert set(boxes) <= {"rgba(0, 0, 0, 0)"}


def paper_shows_the_text_and_all_of_the_code(visit):
    page = visit.page
    assert page.evaluate("document.documentElement.scrollWidth") == 672
    for hidden in (".site-header", ".book-nav", ".page-actions", ".prev-next"):
        assert not page.locator(hidden).first.is_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper')").strip() == "#fff"
    assert page.locator(".cell pre").evaluate_all(
        "(codes) => codes.every((code) => code.scrollWidth <= code.clientWidth + 1)")
    filters = page.locator(".cell_output img").evaluate_all(FILTERS)
    assert set(filters) <= {"none"}


def axe_finds_nothing_serious_in_light_and_dark(visit):
    assert findings(visit.page) == ""    # which leaves the page thinner: the last check


def on_a_phone(page):
    page.set_viewport_size({"width": 360, "height": 740})


def on_a_usual_phone(page):
    page.set_viewport_size({"width": 400, "height": 844})    # 390, and two letters for a machine that takes longer


def on_a_desk(page):
    page.set_viewport_size({"width": 1280, "height": 900})


def in_the_dark(page):
    put_theme(page, "dark")


def on_paper(page):
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 672, "height": 900})    # a sheet of A4 within its margins


def on_a_desk_again(page):
    page.emulate_media(media="screen")
    put_theme(page, "light")
    on_a_desk(page)


EVERY = lambda visit: True
NOTEBOOK = lambda visit: visit.is_notebook
CHECKS = [    # where the page is put before; for which pages; what is looked at
    (on_a_phone, EVERY, a_phone_scrolls_only_what_is_wide_and_breaks_no_word_of_a_table),
    (on_a_phone, NOTEBOOK, the_section_that_was_asked_for_is_shown),
    (on_a_usual_phone, NOTEBOOK, what_a_cell_printed_fits),
    (on_a_desk, EVERY, the_page_is_whole),
    (on_a_desk, lambda visit: visit.name, what_the_server_sends_speaks_its_language_and_names_the_other),
    (on_a_desk, NOTEBOOK, the_language_switch_keeps_the_section),
    (on_a_desk, NOTEBOOK, the_notebook_opens_in_colab_and_downloads),
    (on_a_desk, lambda visit: visit.path.startswith("ko/reference/"), english_prose_of_a_korean_page_says_so),
    (in_the_dark, lambda visit: visit.name in WIDGETS, the_dark_inverts_figures_and_leaves_widgets_alone),
    (on_paper, NOTEBOOK, paper_shows_the_text_and_all_of_the_code),
    (on_a_desk_again, EVERY, axe_finds_nothing_serious_in_light_and_dark),
]


@pytest.mark.parametrize("path", ["index.html", "404.html", *PAGES])
def test_page(tab, site, subtests, path):
    tab = tab(width=360, height=740, has_touch=True)
    visit = Visit(tab, site, path)
    tab.open(f"{path}#{visit.section}" if visit.section else path)
    place = on_a_phone
    for put, concerned, check in CHECKS:
        if concerned(visit):
            if put is not place:
                put(visit.page)
                place = put
            with subtests.test(check.__name__):
                check(visit)


@pytest.mark.parametrize("path", ["index.html", "404.html", *PAGES])
def test_page_keeps_its_width_whatever_fonts_the_system_has(wide_tab, site, subtests, path):
    """The same looks at a page's width in a browser whose system has the widest of letters."""
    tab = wide_tab(width=360, height=740, has_touch=True)
    visit = Visit(tab, site, path)
    tab.open(path)
    with subtests.test("phone"):
        a_phone_scrolls_only_what_is_wide_and_breaks_no_word_of_a_table(visit)
    if visit.is_notebook:
        on_a_desk(visit.page)
        on_paper(visit.page)
        with subtests.test("paper"):
            paper_shows_the_text_and_all_of_the_code(visit)


def test_the_systems_fonts_are_those_of_the_test(tab, wide_tab):
    """Or the checks of widths could not fail: the same word without a font of the site's, in both browsers."""
    def width(make, word: str) -> float:
        page = make().page
        page.set_content(f"<span style='font: 100px serif'>{word}</span>")
        return page.locator("span").evaluate("(span) => span.getBoundingClientRect().width")

    for word in ("width", "너비"):
        assert 1.3 * width(tab, word) < width(wide_tab, word), word


@both_languages
def test_the_language_switch_leads_to_the_same_section(tab, language):
    """A click, once; that every page's switch points there and that every page shows its section is looked at above."""
    tab, name = tab(), NOTEBOOKS[1]
    page = tab.open(f"{language}/{name}.html")
    anchor = page.locator(".prose section section").nth(1).get_attribute("id")
    page.evaluate("(id) => document.getElementById(id).scrollIntoView()", anchor)
    other = next(name for name in LANGUAGES if name != language)
    page.locator(f"[data-language-switch][href$='{name.split('/')[-1]}.html#{anchor}']").click()
    page.wait_for_url(f"{tab.address}{other}/{name}.html#{anchor}")
    page.wait_for_function("(id) => Math.abs(document.getElementById(id).getBoundingClientRect().top) < 200",
                           arg=anchor)


def test_what_is_sent_is_enough_without_scripts(tab):
    tab = tab(java_script_enabled=False)
    page = tab.page
    page.goto(f"{tab.address}ko/{NOTEBOOKS[0]}.html")
    assert page.locator("h1").is_visible() and page.locator("[data-language-switch]").is_visible()


@pytest.mark.parametrize("pale, expected", [
    ("html[data-theme=dark] .pale { color: #555 }", ["dark", "color-contrast", "only this"]),
    ("html[data-theme=light] .box { background: #888 }", ["light", "color-contrast", "a word"]),
    ("a { color: #555; text-decoration: none }", ["link-in-text-block", "a link"]),
])
def test_axe_finds_what_is_pale_in_one_theme_or_place(tab, pale, expected):
    words = "".join(f"<span>word {i}</span> " for i in range(20))
    tab = tab()
    tab.page.set_content(f"""<html lang=en><title>Page</title><style>
        html {{ --text: #333; --paper: #fff }} html[data-theme=dark] {{ --text: #ddd; --paper: #111 }}
        body {{ color: var(--text); background: var(--paper) }} a {{ color: inherit }} {pale}
        </style><main><h1>Page</h1><p>{words}</p><p>{words}<span class=pale>only this</span></p>
        <p class=box><span>a word</span></p><p>Some text with <a href=#>a link</a>.</p></main>""")
    found = findings(tab.page)
    assert all(word in found for word in expected) and "word 1" not in found, found


def test_every_link_inside_the_site_leads_somewhere(site):
    assert dead_addresses(site) == []


def test_dead_links_are_found(tmp_path):
    (tmp_path / "ko").mkdir()
    (tmp_path / "ko/one.html").write_text("<section id=here></section><a href=#here><a href='two.html'><img src=x.png>")
    (tmp_path / "two.html").write_text("<a href=ko/one.html#here><a href=ko/one.html#there><a href=https://x.org/y>")
    assert sorted(dead_addresses(tmp_path)) == [
        "ko/one.html: two.html", "ko/one.html: x.png", "two.html: ko/one.html#there"]


@pytest.mark.parametrize("page_name", BOOK.pages)
def test_sections_have_the_same_anchors_in_both_languages(site, page_name):
    texts = [(site / language / f"{page_name}.html").read_text("utf-8") for language in ("ko", "en")]
    korean, english = (re.findall(r'<section[^>]* id="([^"]+)"', text) for text in texts)
    assert korean == english and korean
    assert len(set(korean)) == len(korean)


def test_focusing_the_header_does_not_move_the_page(tab):
    page = tab().open(f"ko/{NOTEBOOKS[0]}.html")
    page.evaluate("scrollTo(0, 2000)")
    header = page.locator("header :is(a, button)").all()
    assert header
    for element in header:
        element.focus()
        page.evaluate("() => new Promise(requestAnimationFrame)")
        assert page.evaluate("scrollY") == 2000, element


def test_front_page_leads_into_both_languages(tab):
    tab = tab()
    for language in LANGUAGES:
        page = tab.open("index.html")
        page.locator(f"a.door[hreflang={language}]").click()
        assert page.url == f"{tab.address}{language}/index.html"


@pytest.mark.parametrize("path", ["ko/rnn/missing.html", "en/missing", "ko/", "404.html"])
@both_languages
def test_a_missing_page_leads_back_from_any_depth(tab, site, path, language):
    """As GitHub Pages does, every missing address is answered with 404.html."""
    tab = tab()
    tab.page.route(f"{tab.address}{path}", lambda route: route.fulfill(path=site / "404.html"))
    page = tab.open(path)
    assert page.locator("h1").evaluate("(title) => getComputedStyle(title).fontFamily").startswith('"Book Sans"')
    page.locator(f"a[href='{language}/index.html']").click()
    assert page.url == f"{tab.address}{language}/index.html"


@pytest.mark.parametrize("asked, base", [("book/no/such/page", "book/"), ("elsewhere/page.html", "")])
def test_a_missing_page_outside_the_languages_leads_to_the_project_or_the_root(chromium, site, asked, base):
    page = chromium.new_page(java_script_enabled=True)
    page.route("**/*", lambda route: route.fulfill(path=site / "404.html"))
    page.goto(f"http://127.0.0.1:1/{asked}")
    assert page.locator("a[href='en/index.html']").evaluate("(link) => link.href") == (
        f"http://127.0.0.1:1/{base}en/index.html")
    page.close()


def test_the_table_of_errors_is_a_table(tab):
    page = tab().open("ko/rnn/bptt.html")
    assert page.locator(".cell_output table tr", has_text="SingleOutputRNN").locator("td").count() == 4


def test_theme_is_kept_from_page_to_page(tab):
    tab = tab(theme="light")
    page = tab.open(f"ko/{NOTEBOOKS[0]}.html")
    page.locator(".theme-button").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    for path in (f"en/{NOTEBOOKS[-1]}.html", "index.html"):
        assert tab.open(path).locator("html").get_attribute("data-theme") == "dark"


@both_languages
def test_contents_open_and_close_by_keyboard_on_a_phone(tab, language):
    page = tab(width=360, height=740).open(f"{language}/{NOTEBOOKS[0]}.html")
    menu, contents = page.locator(".menu-button"), page.locator("#book-nav")
    assert not contents.is_visible()
    menu.focus()
    page.keyboard.press("Enter")
    contents.wait_for(state="visible")
    assert menu.get_attribute("aria-expanded") == "true"
    assert page.evaluate("document.activeElement.closest('#book-nav') !== null")
    page.keyboard.press("Escape")
    contents.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.matches('.menu-button')")


def test_copy_button_copies_the_code(tab):
    tab = tab(permissions=["clipboard-read", "clipboard-write"])
    page = tab.open(f"en/{NOTEBOOKS[-1]}.html")
    hold_the_clock(page)
    cell = page.locator(".cell:not(.tag_hide-input) .cell_input").first
    cell.hover()
    button = cell.locator(".copy-button")
    button.click()
    expect(button).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == cell.locator("pre").text_content()
    page.clock.run_for(1500)
    expect(button).to_have_text("Copy")
