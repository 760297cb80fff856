"""The widgets of the book's pages: each is there and alive. What their controls do is tested in tests/site/widgets."""

import re

import pytest

from press.book import Book
from seqbook.widgets import WIDGETS
from tests.site.conftest import ROOT

pytestmark = pytest.mark.browser

BOOK = Book.open(ROOT)
SOURCES = {page: BOOK.source("ko", page) for page in BOOK.pages}
PAGES = [page for page, source in SOURCES.items() if source and "seqbook.widgets" in source.read_text("utf-8")]


def check_alive(page) -> int:
    """Every widget of an open page is drawn under a name we know, and answers its first slider; how many there are.

    Playwright's `page` is left as it was, but for where it is scrolled to.
    """
    widgets = page.locator(".seqbook-widget > .sb")
    for widget in widgets.all():
        assert widget.get_attribute("class") in {f"sb sb-{name}" for name in WIDGETS}
        slider = widget.locator("input[type=range][data-trait]:enabled:visible").first
        slider.scroll_into_view_if_needed()
        seen = lambda: widget.evaluate("""(root) => root.innerHTML + [...root.querySelectorAll("canvas")]
            .map((each) => each.toDataURL()).join()""")
        before, value = seen(), slider.input_value()
        key = "ArrowLeft" if value == slider.get_attribute("max") else "ArrowRight"
        slider.press(key)
        assert slider.input_value() != value and seen() != before
        slider.press("ArrowLeft" if key == "ArrowRight" else "ArrowRight")
        assert slider.input_value() == value
    return widgets.count()


@pytest.mark.parametrize("language", ["ko", "en"])
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
