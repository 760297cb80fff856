"""The Sphinx extension of the book: its theme, the other language's page, Korean search, common section anchors."""

import re
from pathlib import Path
from types import SimpleNamespace

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from press.live.bars import LiveCells
from press.markdown import DEEPER
from press.mathematics import write_displayed, write_inline
from press.search import SearchKorean

HERE = Path(__file__).parent
INTERFACE = yaml.safe_load((HERE / "interface.yml").read_text("utf-8"))
# What Sphinx adds to every page and this theme replaces or does not need.
UNUSED_STYLES = ("pygments", "mystnb", "basic")
# The heading of a fold opens and closes it, wherever it is pressed: no link of its own.
FOLD_LINK = re.compile(r'(<details class="deeper"><summary>(?:(?!</summary>).)*?)<a class="headerlink".*?</a>',
                       flags=re.S)
TABLE = re.compile(r'<table class="[^"]*docutils.*?</table>', flags=re.S)
# A formula and what touches it: "$h$는", "($h$,". Lines must not break between them.
GLUED = re.compile(r'(\(?<span class="math notranslate nohighlight">(?:(?!</span>).)*</span>)([^\s<]{1,12})',
                   flags=re.S)
# A link in what a cell has drawn: to a notebook as Jupyter follows it, and to the page of the site.
DRAWN_LINK = re.compile(r'href="[^"]*" data-site="([^"]*)"')
logger = logging.getLogger(__name__)


class CommonSectionIds(SphinxTransform):
    """Give the sections of a page the same readable anchors in every language (those of the English headings).

    So a switch of language keeps the section, and a Korean address stays legible.
    """

    default_priority = 700

    def apply(self, **kwargs) -> None:
        wanted = self.config.seqbook_section_ids.get(self.env.docname)
        if wanted is None:
            return
        sections = list(self.document.findall(nodes.section))
        if len(sections) != len(wanted):
            logger.warning("%s has %d sections, its English page %d", self.env.docname, len(sections), len(wanted),
                           type="seqbook", location=self.env.docname)
            return
        renamed = {}
        for section, slug in zip(sections, wanted):
            renamed |= dict.fromkeys(section["ids"], slug)
            section["ids"] = [slug]
        headings = getattr(self.document, "myst_slugs", {})  # what links to a heading are resolved by, in all pages
        headings.update({name: (line, renamed.get(old, old), title) for name, (line, old, title) in headings.items()})


class FoldDeeper(SphinxPostTransform):
    """Close every section that goes deeper than the main path; its heading opens it."""

    default_priority = 700
    formats = ("html",)

    def run(self, **kwargs) -> None:
        begins = tuple(DEEPER.values())
        for section in list(self.document.findall(nodes.section)):
            title, *rest = section.children
            if not title.astext().startswith(begins):
                continue
            raw = [nodes.raw("", html, format="html") for html in (
                '<details class="deeper"><summary>', "</summary>", "</details>")]
            section[:] = [raw[0], title, raw[1], *rest, raw[2]]


def add_to_page(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """What the templates need beside Sphinx's own: the interface's words, languages, links, one clean navigation."""
    language, languages = app.config.language, app.config.seqbook_languages
    base = context["pathto"]("", 1)  # of this language's site, "" or "../" or "../../"
    other = next(name for name in languages if name != language)
    context.update(
        words=SimpleNamespace(**INTERFACE[language]),
        book=languages[language],
        other=other,
        other_name=languages[other]["name"],
        alternates={name: f"{base}../{name}/{pagename}.html" for name in languages},
        front_page=f"{base}../index.html",
        repository=app.config.seqbook_repository,
        notebook=app.config.seqbook_notebooks.get(pagename),
        css_files=[file for file in context["css_files"]
                   if Path(str(getattr(file, "filename", file))).name.split(".")[0] not in UNUSED_STYLES],
    )
    navigation = context["toctree"](collapse=False, includehidden=True, titles_only=True, maxdepth=2) or ""
    # Sphinx makes a caption a heading without a level, which no heading order can hold.
    context["navigation"] = navigation.replace(' role="heading"', "")
    if "body" in context:
        body = context["body"].replace(' aria-label="Toggle hidden content"', "")  # hides the label, in English
        body = FOLD_LINK.sub(r"\1", body)
        body = DRAWN_LINK.sub(r'href="\1"', body)
        body = GLUED.sub(r'<span class="glue">\1\2</span>', body)
        context["body"] = TABLE.sub(r'<div class="table-scroll">\g<0></div>', body)


def setup(app: Sphinx) -> dict:
    app.add_html_theme("seqbook", str(HERE / "theme"))
    app.add_search_language(SearchKorean)
    app.add_transform(CommonSectionIds)
    app.add_post_transform(FoldDeeper)
    app.add_post_transform(LiveCells)
    app.add_html_math_renderer("katex", (write_inline, None), (write_displayed, None))
    app.add_config_value("seqbook_languages", {}, "html")
    app.add_config_value("seqbook_repository", "", "html")
    app.add_config_value("seqbook_notebooks", {}, "html")  # page → {"colab": address, "file": the notebook's name}
    app.add_config_value("seqbook_section_ids", {}, "env")  # page → the anchors of its sections, in order
    app.add_config_value("comments_config", {}, "html")  # Jupyter Book sets it even where nothing reads it
    app.connect("html-page-context", add_to_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
