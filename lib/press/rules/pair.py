"""The rules of a pair: the Korean and the English page of one source. Code needs none: it is written once."""

from collections.abc import Callable

from press.markdown import DEEPER, equations, headings, links
from press.rules import Fault, Page


def same_structure(korean: Page, english: Page) -> list[Fault]:
    """In each cell of prose the same headings' levels, equations and links."""
    return [Fault(a["id"], fault) for a, b in zip(korean.cells, english.cells, strict=True)
            if a["cell_type"] == "markdown" for fault in structure_faults(a["source"], b["source"])]


def structure_faults(korean: str, english: str) -> list[str]:
    """Where two Markdown texts differ in headings' levels, equations or links."""
    (display, inline), (their_display, their_inline) = equations(korean), equations(english)
    pairs = {
        "headings' levels": [[level for level, _ in headings(text)] for text in (korean, english)],
        "sections that go deeper": [[title.startswith(DEEPER[language]) for _, title in headings(text)]
                                    for language, text in (("ko", korean), ("en", english))],
        "displayed equations": [display, their_display],
        "inline equations": [sorted(inline - their_inline), sorted(their_inline - inline)],
        "links": [sorted(target.partition("#")[0] for target in links(text)) for text in (korean, english)],
    }
    return [f"{name} differ: {ours} in ko, {theirs} in en" for name, (ours, theirs) in pairs.items() if ours != theirs]


PAIR_RULES: tuple[Callable[[Page, Page], list[Fault]], ...] = (same_structure,)
