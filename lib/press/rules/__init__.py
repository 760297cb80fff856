"""What the chapters must keep to, beyond what the form of their sources already guarantees.

    python -m press.rules                     check all chapters and the index
    python -m press.rules rnn/bptt            check one, while writing it

A rule is a function that returns the faults it finds. The rules of `press.rules.page` take a `Page`, those of
`press.rules.pair` the Korean and the English one.
"""

import ast
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from press.book import GENERATED
from press.choices import parse
from press.manuscript import Manuscript


class Fault(NamedTuple):
    """A fault: in which cell, what is wrong, and how many lines below the cell's first."""

    cell: str
    message: str
    offset: int = 0


@dataclass(frozen=True)
class Page:
    """A chapter, or the index, in one language: its cells as in a notebook, and where in the source they begin."""

    name: str                                           # "rnn/bptt" or "index"
    language: str
    cells: list[dict]
    lines: dict[str, int] = field(default_factory=dict)  # cell's id → its first line in the source
    manuscript: Manuscript | None = None

    @classmethod
    def of(cls, manuscript: Manuscript, name: str, language: str) -> "Page":
        """The page as it is written from its source."""
        if name == "index":
            cells = [{"cell_type": "markdown", "id": cell.id, "metadata": {}, "source": text}
                     for cell, text in manuscript.index_cells(language)]
            cells[0]["source"] = f"# {manuscript.book.languages[language]['title']}\n\n{cells[0]['source']}"
            source = manuscript.index
        else:
            cells, source = manuscript.cells(name, language), manuscript.sources[name]
        above = {"title": 2, **{cell.id: 1 for cell in source.cells if cell.kind == "solution" and cell.code}}
        lines = {cell.id: cell.lines.get(language, cell.lines.get("code", cell.line)) - above.get(cell.id, 0)
                 for cell in source.cells}
        return cls(name, language, cells, lines, manuscript)

    @property
    def folder(self) -> Path:
        """The folder of the language's pages."""
        return self.manuscript.book.chapters(self.language)

    def of_type(self, kind: str) -> list[dict]:
        return [cell for cell in self.cells if cell["cell_type"] == kind]

    @property
    def markdown(self) -> str:
        """All prose of the page."""
        return "\n\n".join(cell["source"] for cell in self.of_type("markdown"))

    def where(self, fault: Fault) -> str:
        """The fault as a sentence that begins with file and line."""
        line = self.lines.get(fault.cell, 1) + fault.offset
        return f"chapters/{self.name}.md:{max(line, 1)}: {fault.cell}: {fault.message}"

    def target(self, path: Path) -> str | None:
        """The Markdown of the page at `path`, which a link names; None where there is no such page."""
        try:
            name = path.resolve().relative_to(self.folder.resolve()).as_posix()
        except ValueError:
            return None
        page = name.rpartition(".")[0]
        if name == "index.md" and self.manuscript.index or name.endswith(".ipynb") and page in self.manuscript.sources:
            return Page.of(self.manuscript, page, self.language).markdown
        if name.endswith(".md") and page in GENERATED:
            return GENERATED[page](self.manuscript.book, self.language)
        return path.read_text("utf-8") if path.is_file() else None


def tree_of(cell: dict) -> ast.Module:
    """The code of a cell as a tree; an empty one where the rule `code` has something to say."""
    try:
        return parse(cell["source"])
    except SyntaxError:
        return ast.Module([], [])


def called(node: ast.AST) -> str | None:
    """The name of what a call calls, without what it is an attribute of; None for what is no call."""
    function = node.func if isinstance(node, ast.Call) else None
    return getattr(function, "attr", None) or getattr(function, "id", None)


def pages_of(manuscript: Manuscript) -> list[str]:
    """The names of all pages that have a source."""
    return [*(["index"] if manuscript.index else []), *manuscript.sources]


def contents(manuscript: Manuscript) -> list[str]:
    """Every page exists in both languages and stands in _toc.yml, and every entry of _toc.yml is a page."""
    book = manuscript.book
    written, listed = set(pages_of(manuscript)), set(book.pages) - GENERATED.keys()
    faults = []
    for language in book.languages:
        folder = book.chapters(language)
        files = [path.relative_to(folder) for path in sorted(folder.rglob("*"))
                 if path.suffix in (".md", ".ipynb") and ".ipynb_checkpoints" not in path.parts]
        faults += [f"chapters/{language}/{file}: has no source chapters/{file.with_suffix('.md')}" for file in files
                   if file.suffix == ".ipynb" and file.with_suffix("").as_posix() not in written]
        names = {file.with_suffix("").as_posix() for file in files} | written
        faults += [f"{name}: in _toc.yml, but not in {language}" for name in sorted(listed - names)]
        faults += [f"{name}: in {language}, but not in _toc.yml" for name in sorted(names - listed)]
    return faults
