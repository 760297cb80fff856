"""Citations: every one stands in references.bib, everything in references.bib is cited, and both become links."""

import re
from pathlib import Path

import pytest

from press import references
from press.book import Book
from press.manuscript import Manuscript
from press.references import ReferenceFault, Work, citations, keys, works

ROOT = Path(__file__).parents[1]
BOOK = Book.open(ROOT)
SOURCES = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
           for path in [ROOT / "chapters/index.md", *BOOK.manuscripts.values()]}


def test_every_citation_is_in_the_file_and_everything_in_the_file_is_cited():
    cited = {name: set(keys(text)) for name, text in SOURCES.items()}
    assert {name: found - works().keys() for name, found in cited.items() if found - works().keys()} == {}
    assert set(works()) - set().union(*cited.values()) == set()


def test_both_languages_cite_the_same():
    manuscript = Manuscript.open(BOOK)
    for page, source in manuscript.sources.items():
        for cell in source.cells:
            assert sorted(keys(cell.prose.get("ko", ""))) == sorted(keys(cell.prose.get("en", ""))), (page, cell.id)


@pytest.mark.parametrize("key", works())
def test_an_entry_is_whole(key):
    work = works()[key]
    assert re.fullmatch(r"(1[89]|20)\d\d", work.year) and work.year in key
    assert work.address.startswith("https://") and work.where and work.title and "{" not in str(work)
    assert all(len(name) > 1 for name in work.names) and len(set(work.authors)) == len(work.authors)


def test_no_address_stands_twice():
    addresses = [work.address for work in works().values()]
    assert len(set(addresses)) == len(addresses)


ELMAN = "https://doi.org/10.1207/s15516709cog1402_1"
LSTM = "https://doi.org/10.1162/neco.1997.9.8.1735"
GRU = "https://doi.org/10.3115/v1/D14-1179"


@pytest.mark.parametrize("written, korean, english", [
    ("@elman1990", f"[Elman(1990)]({ELMAN})", f"[Elman (1990)]({ELMAN})"),
    ("[@elman1990]", f"([Elman, 1990]({ELMAN}))", f"([Elman, 1990]({ELMAN}))"),
    ("@hochreiter1997", f"[Hochreiter & Schmidhuber(1997)]({LSTM})", f"[Hochreiter and Schmidhuber (1997)]({LSTM})"),
    ("[@elman1990; @cho2014]", f"([Elman, 1990]({ELMAN}); [Cho 외, 2014]({GRU}))",
     f"([Elman, 1990]({ELMAN}); [Cho et al., 2014]({GRU}))"),
])
def test_a_citation_becomes_a_link_to_the_paper(written, korean, english):
    text = f"A text, {written}, and more."
    assert citations(text, "ko") == {written: korean} and citations(text, "en") == {written: english}


@pytest.mark.parametrize("text", ["reader@mail1990.org", "x @ y", "@title words", "a[@key]"])
def test_what_is_no_citation_is_left_alone(text):
    assert not citations(text, "en")


def test_an_unknown_key_is_refused():
    with pytest.raises(ReferenceFault, match="got @nobody1900"):
        citations("As [@nobody1900] says", "en")


def test_an_entry_without_an_address_is_refused(tmp_path, monkeypatch):
    (tmp_path / "bad.bib").write_text("@book{knuth1968, author = {Knuth, Donald}, title = {T}, year = 1968}\n")
    monkeypatch.setattr(references, "FILE", tmp_path / "bad.bib")
    works.cache_clear()
    try:
        with pytest.raises(ReferenceFault, match="knuth1968.*got no url"):
            works()
    finally:
        monkeypatch.undo()
        works.cache_clear()


def test_a_notebook_edited_in_jupyter_gives_its_citations_back():
    manuscript = Manuscript.open(BOOK)
    found = [(page, cell) for page, source in manuscript.sources.items() for cell in source.cells
             if keys(cell.prose.get("en", ""))]
    assert found
    for page, cell in found:
        for language in ("ko", "en"):
            shown = manuscript.with_links(page, cell, language)
            assert "](https://" in shown and not keys(shown)
            assert manuscript.without_links(page, cell, language, shown) == cell.prose[language]


@pytest.mark.parametrize("language, cited", [("ko", "인용한 장: "), ("en", "Cited in: ")])
def test_the_page_lists_every_work_with_the_chapters_that_cite_it(language, cited):
    lines = [line for line in references.page(BOOK, language).split("\n") if line.startswith("- ")]
    assert len(lines) == len(works())
    for key, work in works().items():
        (line,) = [line for line in lines if f"]({work.address})" in line]
        pages = [name for name, path in BOOK.manuscripts.items() if key in keys(path.read_text("utf-8"))]
        assert cited in line and re.findall(r"\(\.\./([\w/-]+)\.ipynb\)", line) == pages


def test_names_in_citations():
    one, two, three = (Work(("x",) * n, ("A", "B", "C")[:n], "2000", "t", "w", "u") for n in (1, 2, 3))
    assert [work.cited("en") for work in (one, two, three)] == ["A", "A and B", "A et al."]
