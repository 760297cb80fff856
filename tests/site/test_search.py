"""Searching the book: parts of Korean words, and English ones."""

import json
import re
from urllib.parse import quote

import pytest

from press.book import Book
from tests.site.conftest import ROOT

pytestmark = pytest.mark.browser
BOOK = Book.open(ROOT)


def prose(language: str, page: str) -> str:
    """The text that search must know: a page's Markdown without formulas, links' addresses and code."""
    source = BOOK.source(language, page)
    if source is None:
        return ""
    text = source.read_text("utf-8")
    if source.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return re.sub(r"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`|\]\([^)]*\)", " ", text, flags=re.S)


def found(tab, language: str, query: str) -> set[str]:
    """The pages that a search for `query` lists."""
    page = tab.open(f"{language}/search.html?q={quote(query)}")
    page.wait_for_function("document.querySelector('.search-summary')?.textContent.trim()")  # written when all is found
    links = page.locator("#search-results ul.search li > a").evaluate_all("(links) => links.map((link) => link.href)")
    return {re.sub(r"\.html.*", "", link.removeprefix(f"{tab.address}{language}/")) for link in links}


@pytest.mark.parametrize("word", ["신경", "기울", "어텐", "은닉", "상태", "울기", "시점", "펼치"])
def test_parts_of_korean_words_are_found(tab, word):
    pages = {page for page in BOOK.pages if word in prose("ko", page)}
    assert pages <= found(tab(), "ko", word)
    if word in ("신경", "기울", "은닉", "상태", "시점"):
        assert pages, f"no page says {word}: choose another word for this test"


@pytest.mark.parametrize("word", ["gradient", "hidden", "recurrent"])
def test_english_words_are_found(tab, word):
    pages = {page for page in BOOK.pages if re.search(rf"\b{word}\b", prose("en", page))}
    assert pages and pages <= found(tab(), "en", word)


def test_a_word_that_no_page_has_is_not_found(tab):
    assert found(tab(), "ko", "쀍뷁") == set()


def test_header_search_leads_to_the_results_and_stays_in_the_language(tab):
    tab = tab()
    page = tab.open(f"ko/{BOOK.pages[-1]}.html")
    page.locator("#site-search").fill("기울")
    page.locator("#site-search").press("Enter")
    page.wait_for_url(f"{tab.address}ko/search.html?q=*")
    page.locator("#search-results li a").first.wait_for()
    switch = page.locator("[data-language-switch]").evaluate("(link) => link.href")
    assert switch == f"{tab.address}en/search.html?q={quote('기울')}"
