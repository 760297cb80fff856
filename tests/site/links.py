"""The links of a built site, looked up in its files."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Addresses(HTMLParser):
    """The addresses a page links to or loads, and the anchors it offers."""

    def __init__(self, page: Path):
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag != "base":
            self.links |= {attributes[name] for name in ("href", "src") if attributes.get(name)}
        self.anchors |= {attributes[name] for name in ("id", "name") if attributes.get(name)}


def dead_addresses(site: Path) -> list[str]:
    """The links inside a built site to files or anchors that are not there."""
    pages = {page: Addresses(page) for page in site.rglob("*.html")}
    dead = []
    for page, addresses in pages.items():
        for link in sorted(addresses.links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            anchor = unquote(parts.fragment)
            if not target.is_file() or anchor and anchor not in pages[target].anchors:
                dead.append(f"{page.relative_to(site)}: {link}")
    return dead
