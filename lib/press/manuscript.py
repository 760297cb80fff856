"""All sources of the book together, and what is written from them: the cells of each notebook, the index pages."""

import posixpath
import re
from dataclasses import dataclass

from press import choices, references
from press.book import Book
from press.markdown import headings, slug
from press.source import Cell, Source, read
from seqbook.language import LANGUAGES

FOLDED = {"cellView": "form", "jupyter": {"source_hidden": True}}
SETUP = '''\
# @title ⟦준비: Colab에서는 먼저 실행하세요|Setup: run this first in Colab⟧
REPOSITORY = "{repository}"
try:
    import seqbook
except ModuleNotFoundError:  # ⟦Colab에는 없는 것만 설치합니다|Colab: install only what is missing⟧
    %pip install --quiet --no-deps "seqbook @ git+{{REPOSITORY}}" koreanize-matplotlib
    import seqbook

seqbook.setup(lang="⟦ko|en⟧")'''
WORDS = {"ko": {"next": "다음 장: ", "columns": "| 노트의 제목 | 이 책의 장 |"},
         "en": {"next": "Next chapter: ", "columns": "| heading in the notes | chapter in this book |"}}
HEAD = {"part", "title", "short", "summary", "notes", "gpu"}


@dataclass
class Manuscript:
    """The book's sources: `sources` by page ("rnn/bptt") and that of the index pages, if there is one."""

    book: Book
    sources: dict[str, Source]
    index: Source | None

    @classmethod
    def open(cls, book: Book) -> "Manuscript":
        """Read all sources of `book`. Raises SourceError."""
        path = book.root / "chapters" / "index.md"
        sources = {page: read(path, path.relative_to(book.root)) for page, path in book.manuscripts.items()}
        index = read(path, path.relative_to(book.root)) if path.is_file() else None
        for page, source in sources.items():
            _check_head(book, page, source)
        return cls(book, sources, index)

    def title(self, page: str, language: str) -> str:
        """What lists and links call a chapter."""
        head = self.sources[page].head
        return head.get("short", head["title"])[language]

    # --- a chapter ----------------------------------------------------------------------------------------------------

    def notebook(self, page: str, language: str) -> dict:
        """The notebook of a chapter in one language, nbformat 4.5 without outputs. Raises SourceError."""
        colab = {"provenance": [], "toc_visible": True}
        metadata = {"colab": colab, "language_info": {"name": "python"},
                    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
        if self.sources[page].head.get("gpu"):
            colab["gpuType"] = "T4"
            metadata["accelerator"] = "GPU"
        return {"cells": self.cells(page, language), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}

    def cells(self, page: str, language: str) -> list[dict]:
        """The cells of that notebook."""
        source = self.sources[page]
        setup = choices.split(SETUP.format(repository=self.book.repository))[language]
        cells = [self._cell(page, cell, language) for cell in source.cells]
        cells[0]["source"] = f"# {source.head['title'][language]}\n\n{cells[0]['source']}"
        cells.insert(1, _code_cell("setup", setup, ["hide-input"]))
        if following := self.default_next(page, language):
            cells[-1]["source"] += f"\n\n{following}"
        return cells

    def _cell(self, page: str, cell: Cell, language: str) -> dict:
        if cell.kind == "list":
            raise self.sources[page].error(cell.line, "a list stands in chapters/index.md only")
        if cell.prose:
            text = self.with_links(page, cell, language)
            return {"cell_type": "markdown", "id": cell.id, "metadata": _metadata(cell.tags), "source": text}
        tags = {"stub": ["exercise"], "solution": ["hide-input", "solution"]}.get(cell.kind, cell.tags)
        return _code_cell(cell.id, choices.split(self.code(page, cell))[language], tags, cell.alt.get(language))

    def code(self, page: str, cell: Cell) -> str:
        """The whole code of a cell with its choices, that of a check or solution with what is written for it."""
        source = self.sources[page]
        code = cell.code
        if cell.kind in ("check", "solution"):
            exercise, function = self.exercise(page, cell)
            if cell.kind == "check":
                code = "\n\n".join(filter(None, [code, f'check("{exercise}", {function})']))
            else:
                code = solution_source(exercise, source, cell) if code is None else code
                code = f'# @title ⟦풀이|Solution⟧\n{code}\n\n\ncheck("{exercise}", solution_{function})'
        if wrong := choices.faults(code):
            line, message = wrong[0]
            offset = 0 if cell.code is None else line - (cell.kind == "solution")  # its first line is the title
            raise source.error(cell.lines.get("code", cell.line) + offset, message)
        return code

    def exercise(self, page: str, cell: Cell) -> tuple[str, str]:
        """The exercise to which a check or solution belongs, and the function that its stub leaves open."""
        source = self.sources[page]
        stub = next((each for each in source.cells if each.kind == "stub" and each.name == cell.name), None)
        functions = re.findall(r"^def (\w+)\(", stub.code, flags=re.M) if stub else []
        if len(functions) != 1:
            wanted = f"<!-- stub {cell.name} --> with one function"
            raise source.error(stub.line if stub else cell.line,
                               f"{cell.id}: wanted {wanted}, got {functions if stub else 'no such stub'}")
        return f"{page.rpartition('/')[2]}/{cell.name.replace('-', '_')}", functions[0]

    # --- links between chapters ---------------------------------------------------------------------------------------

    def following(self, page: str) -> str | None:
        """The chapter after `page` in _toc.yml."""
        pages = list(self.sources)
        return next(iter(pages[pages.index(page) + 1:]), None)

    def default_next(self, page: str, language: str) -> str | None:
        """The line that ends a chapter which does not itself lead to the next one, [words](next)."""
        source, following = self.sources[page], self.following(page)
        said = [name for name in LANGUAGES if any("](next)" in cell.prose.get(name, "") for cell in source.cells)]
        if len(said) == 1:
            raise source.error(source.cells[-1].line, f"wanted [words](next) in both languages, got it in {said[0]}")
        if said or not following:
            return None
        if not source.cells[-1].prose:
            raise source.error(source.cells[-1].line, "a chapter must end in prose, which leads to the next one")
        return WORDS[language]["next"] + f"[{self.title(following, language)}]({_relative(following, page)}.ipynb)"

    def with_links(self, page: str, cell: Cell, language: str) -> str:
        """A cell's prose with links that lead from notebook to notebook."""
        text = cell.prose[language]
        for written, shown in self.links(page, cell, language):
            text = text.replace(written, shown)
        return text

    def without_links(self, page: str, cell: Cell | None, language: str, text: str) -> str:
        """The inverse of `with_links`, for the edited `text` of a cell (None for a new one): links to sources."""
        for written, shown in self.links(page, cell, language) if cell else []:
            text = text.replace(shown, written)
        return re.sub(r"\]\(([^():\s#]+)\.ipynb((?:#[^()\s]*)?)\)", r"](\1.md\2)", text)

    def links(self, page: str, cell: Cell, language: str) -> list[tuple[str, str]]:
        """(as written, as shown) of the links to chapters in a cell's prose, and of its citations.

        [](rnn/bptt.md) shows the chapter's title. After # stands the name of a cell that begins a section: it becomes
        the anchor of its heading in this language, and [](rnn/bptt.md#order) shows the heading.
        """
        source = self.sources.get(page, self.index)
        pairs = {}
        for link in re.finditer(r"(\[)?\]\(([^()\s#]+)((?:#[^()\s]*)?)\)", cell.prose[language]):
            empty, target, anchor = link.groups()
            line = cell.lines[language] + cell.prose[language].count("\n", 0, link.start())
            if target.endswith(".ipynb") and ":" not in target:
                raise source.error(line, f"wanted a link to a chapter's source (….md), got {link[0]!r}")
            other = self.following(page) if target == "next" else \
                posixpath.normpath(posixpath.join(posixpath.dirname(page), target.removesuffix(".md")))
            if target == "next" and not other:
                raise source.error(line, f"wanted a chapter after {page} in _toc.yml for {link[0]!r}, got none")
            if other not in self.sources or target != "next" and not target.endswith(".md"):
                if empty:
                    raise source.error(line, f"wanted the words of a link that leads to no chapter, got {link[0]!r}")
                continue
            section = self._section(other, anchor.removeprefix("#"), language)
            words = f"[{section or self.title(other, language)}" if empty else ""
            pairs[link[0]] = f"{words}]({_relative(other, page)}.ipynb{f'#{slug(section)}' if section else anchor})"
        try:
            pairs |= references.citations(cell.prose[language], language)
        except references.ReferenceFault as fault:
            raise source.error(cell.lines[language], f"cell {cell.id}: {fault}") from None
        return sorted(pairs.items(), key=lambda pair: -len(pair[0]))  # "[](next)" before "](next)", [@a] before @a

    def _section(self, page: str, name: str, language: str) -> str | None:
        """The heading of the cell called `name` in a chapter; None where it has none, or there is no such cell."""
        cell = next((cell for cell in self.sources[page].cells if cell.id == name), None)
        found = headings(cell.prose.get(language, "")) if cell else []
        return found[0][1] if found else None

    # --- the index pages ----------------------------------------------------------------------------------------------

    def index_page(self, language: str) -> str:
        """The Markdown of the index page. Raises SourceError."""
        parts = [f"# {self.book.languages[language]['title']}", *(text for _, text in self.index_cells(language))]
        return "\n\n".join(parts) + "\n"

    def index_cells(self, language: str) -> list[tuple[Cell, str]]:
        """The cells of the index's source, each with its text."""
        lists = {"chapters": self._list_of_chapters, "notes": self._map_of_notes}
        return [(cell, lists[cell.name](language) if cell.kind == "list" else self.with_links("index", cell, language))
                for cell in self._index_cells()]

    def _index_cells(self) -> list[Cell]:
        for cell in self.index.cells:
            if cell.kind != "list" and not cell.prose:
                raise self.index.error(cell.line, f"{cell.id}: the index has prose and lists, no code")
        return self.index.cells

    def _list_of_chapters(self, language: str) -> str:
        return "\n".join(f"{number}. [{self.title(page, language)}]({page}.ipynb): {source.head['summary'][language]}"
                         for number, (page, source) in enumerate(self.sources.items(), 1))

    def _map_of_notes(self, language: str) -> str:
        rows = [WORDS[language]["columns"], "| --- | --- |"]
        for page, head, _ in self._notes():
            name = f"[{self.title(page, language)}]({page}.ipynb)" if page in self.sources else head["title"][language]
            rows += [f"| {_in(language, heading)} | {name} |" for heading in head["notes"]]
        return "\n".join(rows)

    def _notes(self) -> list[tuple[str, dict, int]]:
        """(page, head, line) in the order of the lecture notes: of a chapter's own head, or of one still to come."""
        line = self.index.head_line("notes")
        listed, result = [], []
        for entry in self.index.head.get("notes", []):
            page = entry if isinstance(entry, str) else entry.get("page") if isinstance(entry, dict) else None
            if page is None or isinstance(entry, dict) and entry.keys() != {"page", "title", "notes"}:
                raise self.index.error(line, f"notes: wanted a page, or {{page, title, notes}} to come, got {entry!r}")
            if isinstance(entry, str) and page not in self.sources:
                raise self.index.error(line, f"notes: {page} has no source yet; wanted its page, title and notes")
            if isinstance(entry, dict) and page in self.sources:
                raise self.index.error(line, f"notes: {page} is written and brings title and notes in its own head; "
                                             f"wanted only its name")
            if isinstance(entry, dict):
                _check_words(self.index, line, "title", entry["title"])
                _check_notes(self.index, line, entry["notes"])
            listed.append(page)
            result.append((page, entry if isinstance(entry, dict) else self.sources[page].head, line))
        for page, source in self.sources.items():
            if source.head.get("notes") and page not in listed:
                raise self.index.error(line, f"notes: wanted {page} where the lecture notes have it, got no such entry")
            if page in listed and not source.head.get("notes"):
                raise source.error(1, "wanted notes, the headings of the lecture notes that lead here, got none")
        return result


def _in(language: str, words: str | dict) -> str:
    return words if isinstance(words, str) else words[language]


def _relative(page: str, start: str) -> str:
    return posixpath.relpath(page, posixpath.dirname(start) or ".")


def _metadata(tags) -> dict:
    return {"tags": list(tags)} if tags else {}


def _code_cell(name: str, code: str, tags, alt: str | None = None) -> dict:
    metadata = _metadata(tags) | (FOLDED if code.startswith("# @title ") else {})
    if alt:
        metadata["mystnb"] = {"image": {"alt": alt}}
    return {"cell_type": "code", "execution_count": None, "id": name, "metadata": metadata, "outputs": [],
            "source": code}


def solution_source(exercise: str, source: Source, cell: Cell) -> str:
    """The code of an exercise's solution, for a solution cell that has none: from the exercise's own module."""
    from seqbook.checks import EXERCISES

    if exercise not in EXERCISES or not hasattr(EXERCISES[exercise], "solution_source"):
        raise source.error(cell.line, f"{cell.id}: wanted code, or an exercise {exercise!r} that brings its solution")
    return EXERCISES[exercise].solution_source().strip("\n")


def _check_head(book: Book, page: str, source: Source) -> None:
    head = source.head
    if unknown := head.keys() - HEAD:
        name = sorted(map(str, unknown))[0]
        raise source.error(source.head_line(name), f"wanted the keys {', '.join(sorted(HEAD))}, got {name!r}")
    for key in ("title", "summary", *(["short"] if "short" in head else [])):
        _check_words(source, source.head_line(key), key, head.get(key))
    _check_notes(source, source.head_line("notes"), head.get("notes", []))
    captions = {chapter["file"]: part.get("caption") for part in book.toc.get("parts", [])
                for chapter in part["chapters"]}
    if page not in book.pages:
        raise source.error(1, f"wanted a line '- file: {page}' in _toc.yml, got none")
    if head.get("part") != captions.get(page):
        raise source.error(source.head_line("part"), f"part must be {captions.get(page)!r}, the caption above "
                                                     f"{page} in _toc.yml, got {head.get('part')!r}")
    if head.get("gpu", False) not in (True, False):
        raise source.error(source.head_line("gpu"), f"gpu must be true or false, got {head['gpu']!r}")


def _check_words(source: Source, line: int, key: str, words) -> None:
    if not isinstance(words, dict) or set(words) != set(LANGUAGES) or not all(
            isinstance(text, str) and text.strip() == text != "" and "\n" not in text for text in words.values()):
        raise source.error(line, f"{key} must be {{ko: …, en: …}}, one line each, got {words!r}")


def _check_notes(source: Source, line: int, notes) -> None:
    if not isinstance(notes, list):
        raise source.error(line, f"notes must be a list of headings, got {notes!r}")
    for heading in notes:
        if not isinstance(heading, str):
            _check_words(source, line, "a heading in notes", heading)
