"""The widgets of the book's pages: each is there and alive. What their controls do is tested in tests/site/widgets."""

import re

import pytest

from press.book import Book
from seqbook.widgets import WIDGETS
from tests.site.conftest import ROOT
from tests.site.widgets.hosted import both_languages, check_alive

pytestmark = pytest.mark.browser

BOOK = Book.open(ROOT)
SOURCES = {page: BOOK.source("ko", page) for page in BOOK.pages}
PAGES = [page for page, source in SOURCES.items() if source and "seqbook.widgets" in source.read_text("utf-8")]


@both_languages
def test_widgets_of_every_page_are_alive(tab, language):
    shown = tab(reduced_motion="reduce")    # which ends without complaint
    assert PAGES
    for path in PAGES:
        page = shown.open(f"{language}/{path}.html")
        views = page.locator("script[type='application/vnd.jupyter.widget-view+json']").count()
        assert check_alive(page) == views > 0, path
    asset = re.compile(r"/_static/widgets/(\w+)-[0-9a-f]{10}\.(js|css)$")
    served = [asset.search(response.url) for response in shown.responses]
    names = {found[1] for found in served if found}
    assert names and names <= set(WIDGETS)    # the module's name, to the last file


HOLD = """
const Observer = ResizeObserver;
window.ResizeObserver = class extends Observer {
  constructor(told) { super((...changes) => window.held || told(...changes)); }
};"""


def test_paper_holds_what_was_drawn_for_the_screen(tab):
    """No browser lets a page draw anew before it prints, and none of the screen's drawings is wider than the paper."""
    shown = tab(width=1280, height=900)
    shown.page.add_init_script(HOLD)
    for path in PAGES:
        page = shown.open(f"en/{path}.html")
        assert check_alive(page)
        page.evaluate("window.held = true")
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 672, "height": 950})
        assert page.evaluate("document.documentElement.scrollWidth") == 672, path
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.evaluate("window.held = false")
