"""The front page: what the book is, in both languages, and the way into each."""

from pathlib import Path

import jinja2

from seqbook.site.book import Book

HERE = Path(__file__).parent


def write(book: Book, html: Path) -> None:
    """Write `index.html` into the site `html`; its fonts are those of the Korean pages."""
    template = jinja2.Template((HERE / "frontpage.html").read_text("utf-8"), autoescape=True)
    page = template.render(languages=book.languages, repository=book.repository)
    (html / "index.html").write_text(page, encoding="utf-8")
    (html / "favicon.svg").write_bytes((HERE / "theme/static/favicon.svg").read_bytes())
