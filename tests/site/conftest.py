"""The built site, served from below the root as GitHub Pages does, and a browser that remembers what happened."""

import json
import threading
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from press.book import Book
from press.browser import launch
from press.serve import Handler
from tests.site import fonts

ROOT = Path(__file__).parents[2]
# The page was left before it had all; scripts are switched off, and the page asks for one ahead.
ABORTED = ("net::ERR_ABORTED", "csp")


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built site; fails where it is missing or older than its sources."""
    stamp = ROOT / "_build/site.json"
    if not stamp.is_file() or not (ROOT / "_build/html/index.html").is_file():
        pytest.fail("There is no site in _build/html: run `make book` first.")
    if json.loads(stamp.read_text())["sources"] != Book.open(ROOT).digest():
        pytest.fail("The site in _build/html is older than its sources: run `make book` first.")
    return ROOT / "_build/html"


@pytest.fixture(scope="session")
def address(site):
    """Where the site is served, with its final slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site.parent)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/{site.name}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def driver():
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(driver, tmp_path_factory):
    """The browser of a system that has few fonts, the same on every machine."""
    browser = launch(driver, fonts.environment(tmp_path_factory.mktemp("fonts")))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def wide_chromium(driver, tmp_path_factory):
    """The browser of a system whose fonts are half as wide again as any."""
    browser = launch(driver, fonts.environment(tmp_path_factory.mktemp("wide-fonts"), wider=1.5))
    yield browser
    browser.close()


class Tab:
    """A page of the browser with all that it asked for and complained about."""

    def __init__(self, page, address: str):
        self.page, self.address = page, address
        self.complaints: list[str] = []
        self.responses = []
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}")
                if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        page.on("requestfailed", lambda request: self.complaints.append(f"failed: {request.url}")
                if request.failure not in ABORTED else None)
        page.on("response", lambda response: self.responses.append(response))

    def open(self, path: str):
        """Go to `path` and wait until formulas are set and widgets drawn, but for those that wait for their reader."""
        self.page.goto(self.address + path, wait_until="load")
        self.page.evaluate("async () => { await document.fonts.ready }")
        self.page.wait_for_function("""() => {    // not async: a promise would count as true at once
            const unfinished = document.querySelector("html:not([data-ready]) script[src*='/book.js']");
            if (unfinished) return false;
            const views = document.querySelectorAll("script[type='application/vnd.jupyter.widget-view+json']");
            return [...views].every(({ nextElementSibling: place }) =>
                place?.childNodes.length || "near" in place.dataset);
        }""")
        return self.page

    @property
    def foreign(self) -> list[str]:
        """The addresses on other hosts that were asked for anything."""
        return [response.url for response in self.responses
                if urlsplit(response.url).scheme.startswith("http")
                and urlsplit(response.url).netloc != urlsplit(self.address).netloc]


def come_near(page) -> None:
    """Scroll to every widget that waits for its reader, until it is drawn."""
    for place in page.locator(".seqbook-widget[data-near]").all():
        place.scroll_into_view_if_needed()
        expect(place.locator("*").first).to_be_attached()


@contextmanager
def tabs(browser, address: str):
    """`make(width=…, theme=…)` → a fresh Tab; every one must end without complaint and without foreign requests."""
    opened = []

    def make(width: int = 1280, height: int = 900, theme: str = "light", **options) -> Tab:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme, **options)
        opened.append((context, Tab(context.new_page(), address)))
        return opened[-1][1]

    yield make
    for context, tab in opened:
        context.close()
    for _, tab in opened:
        assert tab.complaints == []
        assert tab.foreign == []


@pytest.fixture
def tab(chromium, address):
    """Makes tabs of the browser, see `tabs`."""
    with tabs(chromium, address) as make:
        yield make


@pytest.fixture
def wide_tab(wide_chromium, address):
    """Makes tabs of the browser whose system has the widest letters."""
    with tabs(wide_chromium, address) as make:
        yield make
