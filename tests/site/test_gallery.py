"""The gallery: every widget of the book, each fetched when its reader comes near; and the sheet of all formulas."""

import json
import re

import pytest

from press.book import Book
from press.formulas import WORDS, moved
from seqbook.language import LANGUAGES
from seqbook.widgets import WIDGETS
from tests.site.conftest import ROOT, come_near

pytestmark = pytest.mark.browser
STATE = "script[type='application/vnd.jupyter.widget-state+json']"


def fetched(tab) -> set[str]:
    """The widgets whose modules the page has asked for."""
    return {name[1] for response in tab.responses if (name := re.search(r"/widgets/(\w+)-\w+\.js$", response.url))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_widget_is_in_the_gallery_and_comes_when_the_reader_comes_near(tab, language):
    tab = tab()
    page = tab.open(f"{language}/start/gallery.html")
    states = [state for text in page.locator(STATE).all_text_contents() for state in json.loads(text)["state"].values()]
    kinds = [state["module"].rpartition("-")[0] for state in states]
    assert sorted(set(kinds)) == sorted(WIDGETS)
    assert fetched(tab) <= set(kinds[:2])
    come_near(page)
    assert fetched(tab) == set(kinds) and page.locator(".widget-error").count() == 0


def test_links_of_a_sheet_lead_to_the_same_places_from_the_page_of_formulas():
    text = ("[a](gates.ipynb#x), [b](../rnn/bptt.ipynb), [c](#here), "
            "[d](../reference/references.md#e), [f](https://g.h/i)")
    assert moved(text, "lstm/training") == (
        "[a](../lstm/gates.ipynb#x), [b](../rnn/bptt.ipynb), [c](../lstm/training.ipynb#here), "
        "[d](../reference/references.md#e), [f](https://g.h/i)")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chapter_with_formulas_has_its_sheet_on_the_page_of_all(tab, language):
    page = tab().open(f"{language}/start/formulas.html")
    shown = page.locator("h2 > a[href$='.html']").evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    book = Book.open(ROOT)
    wanted = [f"../{name}.html" for name, source in book.manuscripts.items()
              if f"## {WORDS[language][2]}" in source.read_text("utf-8").splitlines()]
    assert shown == wanted and len(wanted) > 10
    assert page.locator("section section:not(:has(.math))").count() == 0
