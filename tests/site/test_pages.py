"""Every page of both languages, in a real browser."""

import gzip
import json
import re

import pytest
from playwright.sync_api import expect

from press.book import Book
from tests.site.accessibility import findings
from tests.site.browser import hold_the_clock
from tests.site.conftest import ROOT
from tests.site.links import dead_addresses

pytestmark = pytest.mark.browser

BOOK = Book.open(ROOT)
LANGUAGES = list(BOOK.languages)
NOTEBOOKS = [page for page in BOOK.pages if (source := BOOK.source("ko", page)) and source.suffix == ".ipynb"]
PAGES = [f"{language}/{page}.html" for page in [*BOOK.pages, "search"] for language in LANGUAGES]
WIDGETS = {page for page in NOTEBOOKS if "seqbook.widgets" in BOOK.source("ko", page).read_text("utf-8")}

every_page = pytest.mark.parametrize("path", ["index.html", "404.html", *PAGES])
both_languages = pytest.mark.parametrize("language", LANGUAGES)


def weight(tab) -> tuple[int, int]:
    """Bytes of all that the page asked for, compressed; and those of the widgets' own code and data."""
    total = own = 0
    for response in tab.responses:
        body = response.body()
        size = len(body) if response.url.endswith((".woff2", ".woff", ".png")) else len(gzip.compress(body))
        total += size
        own += size if "/_static/widgets/" in response.url else 0
    return total, own


def widget_data(saved) -> tuple[int, int]:
    """How many bytes a page's widget state has, compressed: all but trained models' weights, and these."""
    models = b""
    for widget in saved["state"].values():
        for buffer in widget.get("buffers", []):
            if buffer["path"] == ["specimen", "weights"]:
                models += buffer.pop("data").encode()
    return len(gzip.compress(json.dumps(saved).encode())), len(gzip.compress(models))


@every_page
def test_page_is_whole(tab, path):
    tab = tab()
    page = tab.open(path)
    assert tab.responses and all(response.status < 400 for response in tab.responses)
    assert page.title() and page.locator("h1").count() == 1
    assert page.locator("[data-mml-node=merror], mjx-merror, .widget-error, .system-message, .problematic").count() == 0
    assert page.locator("img:not([alt]), img[alt='']").count() == 0
    views = page.locator("script[type='application/vnd.jupyter.widget-view+json']").count()
    assert page.locator(".seqbook-widget").count() == views
    page_name = path.partition("/")[2].removesuffix(".html")
    assert (views > 0) == (page_name in WIDGETS)
    state = page.locator("script[type='application/vnd.jupyter.widget-state+json']")
    data, models = widget_data(json.loads(state.text_content())) if state.count() else (0, 0)
    total, own = weight(tab)
    assert total < 1_100_000, f"{total} bytes compressed"
    assert own + data < 60_000, f"{own + data} bytes of widgets, compressed"
    assert models < 300_000, f"{models} bytes of trained models, compressed"


@pytest.mark.parametrize("page_name", [*BOOK.pages, "search"])
@both_languages
def test_page_speaks_its_language_and_names_the_other(tab, site, language, page_name):
    tab = tab(java_script_enabled=False)  # what the server sends is enough for all of this
    tab.page.goto(f"{tab.address}{language}/{page_name}.html")
    page = tab.page
    assert page.locator("html").get_attribute("lang") == language
    links = {link.get_attribute("hreflang"): link.evaluate("(link) => link.href")
             for link in page.locator("link[rel=alternate]").all()}
    assert links == {name: f"{tab.address}{name}/{page_name}.html" for name in LANGUAGES}
    other = next(name for name in LANGUAGES if name != language)
    assert page.locator("[data-language-switch]").evaluate("(link) => link.href") == links[other]
    summaries = page.locator("details.hide > summary").all()
    assert bool(summaries) == (page_name in NOTEBOOKS)
    for summary in summaries:
        assert summary.inner_text().strip() and not summary.get_attribute("aria-label")
    assert "# @title" not in page.locator(".prose").text_content()


@every_page
def test_a_phone_scrolls_only_what_is_wide_and_breaks_no_word_of_a_table(tab, path):
    page = tab(width=360, height=740, has_touch=True).open(path)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    cut = page.evaluate("""() => [...document.querySelectorAll("main *")].filter((element) => {
        for (let at = element; at && at.localName !== "main"; at = at.parentElement) {
            const { overflowX, position } = getComputedStyle(at);
            if (at.matches("svg, mjx-assistive-mml") || overflowX !== "visible") return false;
            if (position === "absolute") return false;
        }
        return element.getBoundingClientRect().right > innerWidth + 1;
    }).map((element) => element.outerHTML.slice(0, 120))""")
    assert cut == []
    narrow = page.locator(".prose td").evaluate_all("""(cells) => cells.filter((cell) => {
        const { fontSize, paddingLeft, paddingRight } = getComputedStyle(cell);
        const longest = Math.max(...cell.textContent.match(/[가-힣]*/g).map((word) => word.length));
        const room = cell.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
        return room < 0.8 * longest * parseFloat(fontSize);
    }).map((cell) => cell.textContent)""")
    assert narrow == []


@every_page
def test_axe_finds_nothing_serious_in_light_and_dark(tab, path):
    assert findings(tab().open(path)) == ""


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


@pytest.mark.parametrize("page_name", NOTEBOOKS)
@both_languages
def test_switching_language_keeps_the_section(tab, language, page_name):
    tab = tab()
    page = tab.open(f"{language}/{page_name}.html")
    anchor = page.locator(".prose section section").nth(1).get_attribute("id")
    page.evaluate("(id) => document.getElementById(id).scrollIntoView()", anchor)
    other = next(name for name in LANGUAGES if name != language)
    page.locator(f"[data-language-switch][href$='{page_name.split('/')[-1]}.html#{anchor}']").click()
    page.wait_for_url(f"{tab.address}{other}/{page_name}.html#{anchor}")
    page.wait_for_function("(id) => Math.abs(document.getElementById(id).getBoundingClientRect().top) < 200",
                           arg=anchor)


def test_focusing_the_header_does_not_move_the_page(tab):
    page = tab().open(f"ko/{NOTEBOOKS[0]}.html")
    page.evaluate("scrollTo(0, 2000)")
    header = page.locator("header :is(a, button)").all()
    assert header
    for element in header:
        element.focus()
        page.evaluate("() => new Promise(requestAnimationFrame)")
        assert page.evaluate("scrollY") == 2000, element


@pytest.mark.parametrize("page_name", NOTEBOOKS)
@both_languages
def test_notebook_opens_in_colab_and_downloads(tab, site, language, page_name):
    page = tab().open(f"{language}/{page_name}.html")
    repository = BOOK.config["repository"]["url"].removeprefix("https://github.com/")
    assert page.locator("[data-colab]").get_attribute("href") == (
        f"https://colab.research.google.com/github/{repository}/blob/{BOOK.config['repository']['branch']}"
        f"/chapters/{language}/{page_name}.ipynb")
    with page.expect_download() as download:
        page.locator("a[download]").click()
    assert download.value.path().read_bytes() == BOOK.source(language, page_name).read_bytes()


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


@pytest.mark.parametrize("page_name", [name for name in BOOK.pages if name.startswith("reference/")])
def test_english_prose_of_a_korean_page_says_so(tab, page_name):
    page = tab().open(f"ko/{page_name}.html")
    lead, *docstrings = page.locator(".prose p").evaluate_all(
        "(texts) => texts.map((text) => text.closest('[lang]').lang)")
    assert lead == "ko" and set(docstrings) == {"en"}


def test_the_table_of_errors_is_a_table(tab):
    page = tab().open("ko/rnn/bptt.html")
    assert page.locator(".cell_output table tr", has_text="SingleOutputRNN").locator("td").count() == 4


def test_words_in_a_subscript_take_no_more_room_than_they_need(tab):
    page = tab().open("ko/rnn/bptt.html")
    words = page.locator("mjx-utext").evaluate_all("""(words) => words.map((word) => {
        const text = document.createRange();
        text.selectNodeContents(word);
        return [word.getBoundingClientRect().width, text.getBoundingClientRect().width];
    })""")
    assert words and all(abs(box - text) < 1 for box, text in words)


def test_theme_is_kept_from_page_to_page(tab):
    tab = tab(theme="light")
    page = tab.open(f"ko/{NOTEBOOKS[0]}.html")
    page.locator(".theme-button").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    for path in (f"en/{NOTEBOOKS[-1]}.html", "index.html"):
        assert tab.open(path).locator("html").get_attribute("data-theme") == "dark"


@pytest.mark.parametrize("page_name", sorted(WIDGETS))
def test_dark_inverts_figures_and_leaves_widgets_alone(tab, page_name):
    page = tab(theme="dark").open(f"en/{page_name}.html")
    look = "(element) => { const style = getComputedStyle(element); return [style.filter, style.opacity]; }"
    for image in page.locator(".cell_output img").all():
        assert image.evaluate(look)[0].startswith("invert(1) hue-rotate(180deg)")
    clean = """(element) => { for (let at = element; at; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (style.filter !== "none" || style.opacity !== "1") return false;
    } return true; }"""
    widgets = page.locator(".seqbook-widget").all()
    assert widgets and all(widget.evaluate(clean) for widget in widgets)
    boxes = page.locator(".cell_output").evaluate_all("""(outputs) => outputs.flatMap((output) =>
        [output, ...output.querySelectorAll(".output, .highlight, pre")])
        .map((box) => getComputedStyle(box).backgroundColor)""")
    assert set(boxes) <= {"rgba(0, 0, 0, 0)"}


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


@pytest.mark.parametrize("page_name", NOTEBOOKS)
def test_print_shows_the_text_and_all_of_the_code(tab, page_name):
    page = tab(theme="dark").open(f"ko/{page_name}.html")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 672, "height": 900})  # a sheet of A4 within its margins
    assert page.evaluate("document.documentElement.scrollWidth") == 672
    for hidden in (".site-header", ".book-nav", ".page-actions", ".prev-next"):
        assert not page.locator(hidden).first.is_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper')").strip() == "#fff"
    assert page.locator(".cell pre").evaluate_all(
        "(codes) => codes.every((code) => code.scrollWidth <= code.clientWidth + 1)")
    for image in page.locator(".cell_output img").all():
        assert image.evaluate("(image) => getComputedStyle(image).filter") == "none"


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
