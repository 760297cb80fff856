"""The pages above the languages: the front page with the way into each, and what a server shows for a missing page."""

from pathlib import Path

import jinja2

from press.book import Book

HERE = Path(__file__).parent


def write(book: Book, html: Path) -> None:
    """Write `index.html` and `404.html` into the site `html`; their fonts are those of the Korean pages."""
    templates = jinja2.Environment(loader=jinja2.FileSystemLoader([HERE, HERE / "theme"]), autoescape=True)
    base = f"/{book.repository.rpartition('/')[2]}/"  # where GitHub Pages puts a project's site
    for name, template in {"index.html": "frontpage.html", "404.html": "missing.html"}.items():
        page = templates.get_template(template).render(languages=book.languages, repository=book.repository, base=base)
        (html / name).write_text(page, encoding="utf-8")
    (html / "favicon.svg").write_bytes((HERE / "theme/static/favicon.svg").read_bytes())
