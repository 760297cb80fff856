"""The page of all formulas: what stands on the last sheet of every chapter, in the order of the book."""

import posixpath
import re

from press.markdown import headings

PAGE = "start/formulas"
WORDS = {
    "ko": ("식 모음", "장마다 끝에 있는 식 요약을 책의 차례대로 모았습니다. 제목을 누르면 그 식을 유도한 장으로 갑니다. 기호와 모양의 약속은 "
                   "[기호와 모양](notation.ipynb)에 있습니다.", "식 요약"),
    "en": ("All formulas", "The sheet of formulas that ends each chapter, in the order of the book. The titles lead to "
                           "the chapters that derive them; symbols and shapes follow [Notation and shapes]"
                           "(notation.ipynb).", "Formulas"),
}
LINK = re.compile(r"(\]\(<?)([^)\s>:]+)(?=>?(?:\s+\"[^\"]*\")?\))")


def page(book, language: str) -> str:
    """The Markdown of the page in `language`."""
    title, lead, heading = WORDS[language]
    parts = [f"# {title}", lead]
    for name, notebook in book.notebooks(language).items():
        if found := sheet(notebook, heading):
            chapter, text = found
            link = posixpath.relpath(f"{name}.ipynb", posixpath.dirname(PAGE))
            parts += [f"## [{chapter}]({link})", moved(text, name)]
    return "\n\n".join(parts) + "\n"


def sheet(notebook, heading: str) -> tuple[str, str] | None:
    """A chapter's title, and what stands in its section `heading`; None where it has no such section."""
    import nbformat

    cells = [cell.source for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "markdown"]
    parts = re.split(r"^## +(.+)$", "\n\n".join(cells), flags=re.M)
    texts = dict(zip(parts[1::2], parts[2::2], strict=True))
    if heading not in texts:
        return None
    return headings(cells[0])[0][1], texts[heading].strip()


def moved(text: str, name: str) -> str:
    """`text` of the page `name` with links that lead from the page of formulas to the same places."""
    def link(found: re.Match) -> str:
        address, mark, anchor = found[2].partition("#")
        target = posixpath.join(posixpath.dirname(name), address) if address else f"{name}.ipynb"
        return found[1] + posixpath.relpath(target, posixpath.dirname(PAGE)) + mark + anchor
    return LINK.sub(link, text)
