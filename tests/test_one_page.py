"""The drawing of the whole Transformer: each box leads to a section that is there, in both languages and everywhere."""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from press.extension import DRAWN_LINK
from press.markdown import headings, slug, slugs
from press.source import read
from seqbook import one_page, set_language

CHAPTERS = Path(__file__).parent.parent / "chapters"
LANGUAGES = pytest.mark.parametrize("lang", ["ko", "en"])


@pytest.fixture(autouse=True)
def english_again():
    yield
    set_language("en")


def html(lang):
    set_language(lang)
    return one_page.draw_transformer()._repr_html_()


def hrefs(page):
    return re.findall(r'href="([^"]*)"', page)


@pytest.mark.parametrize("name", one_page.LINKS)
def test_a_box_leads_to_the_heading_of_its_cell(name):
    page, cell, anchors = one_page.LINKS[name]
    prose = next(each.prose for each in read(CHAPTERS / f"{page}.md").cells if each.id == cell)
    title = {lang: headings(prose[lang])[0][1] for lang in ("ko", "en")}
    assert anchors == {"ko": slug(title["ko"]), "en": slug(title["en"]), "site": slugs([title["en"]])[0]}


@LANGUAGES
def test_every_link_ends_at_a_heading_of_a_notebook_and_of_a_page_of_the_site(lang):
    page = html(lang)
    for notebook, site in zip(hrefs(page), re.findall(r'data-site="([^"]*)"', page), strict=True):
        for link, ending in ((notebook, ".ipynb"), (site, ".html")):
            target, anchor = link.split("#")
            file = (CHAPTERS / lang / "transformer" / target).resolve().with_suffix(".ipynb")
            assert target.endswith(ending) and file.is_file(), link
            other = CHAPTERS / "en" / file.relative_to((CHAPTERS / lang).resolve())
            titles = [title for cell in nbformat.read(file if ending == ".ipynb" else other, as_version=4).cells
                      if cell.cell_type == "markdown" for _, title in headings(cell.source)]
            assert anchor in (map(slug, titles) if ending == ".ipynb" else slugs(titles)), link


@LANGUAGES
def test_all_sections_are_linked_and_all_shapes_are_there(lang):
    page = html(lang)
    linked = {site for site in re.findall(r'data-site="([^"]*)"', page)}
    assert len(linked) == len(one_page.LINKS) == 16
    for shape in ("(B, S)", "(B, T)", "(B, S, E)", "(B, T, E)", "(B, N, S, S)", "(B, N, T, T)", "(B, N, T, S)",
                  "(B, S, F)", "(B, T, F)", "(B, T, V)"):
        assert shape in page, shape


def test_the_site_takes_its_own_links():
    page = DRAWN_LINK.sub(r'href="\1"', html("ko"))
    assert "data-site" not in page and ".ipynb" not in page
    assert "block.html#ffn-what-each-position-computes-alone" in page


def test_in_colab_links_open_the_notebooks_of_the_repository_it_was_installed_from(monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", SimpleNamespace())
    installed = SimpleNamespace(read_text=lambda name: '{"url": "https://github.com/someone/book"}')
    monkeypatch.setattr(one_page, "distribution", lambda name: installed)
    links = hrefs(html("ko"))
    assert "https://colab.research.google.com/github/someone/book/blob/main/chapters/ko/transformer/block.ipynb" \
           "#scrollTo=ffn" in links
    assert all(link.startswith("https://colab.research.google.com/") for link in links)


def test_in_the_page_of_the_site_links_are_the_sites(monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    source = Path(__file__).parent.parent / "lib/press/live/ui/clean.js"
    allowed = re.search(r"const PAGE = /(.*)/;", source.read_text("utf-8"))
    pattern = re.compile(allowed[1].replace(r"\/", "/"))
    links = hrefs(html("en"))
    assert "block.html#norm" not in links and all(pattern.fullmatch(link) for link in links), links
    for foreign in ("javascript:alert(1)", "//elsewhere.org/a.html#b", "https.html", "../../a/b.html#c"):
        assert not pattern.fullmatch(foreign)


@LANGUAGES
def test_the_html_is_balanced_and_both_languages_have_the_same_words(lang):
    opened = []

    class Balanced(HTMLParser):
        def handle_starttag(self, tag, attributes):
            if tag != "br":
                opened.append(tag)

        def handle_endtag(self, tag):
            assert opened.pop() == tag

    Balanced().feed(html(lang))
    assert not opened and one_page.WORDS["ko"].keys() == one_page.WORDS["en"].keys()
