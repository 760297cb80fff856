"""Write the notebooks and index pages of both languages from the chapters' sources, and take edits back.

    python -m press.notebooks                    write what the sources say (`make notebooks`)
    python -m press.notebooks take rnn/bptt      put what was edited in the notebooks of rnn/bptt into its source
    python -m press.notebooks --force            write, and throw away what was edited in notebooks

A notebook that was edited and is not committed is never overwritten unasked. What was last written is kept in
`_build/notebooks`, to tell an edited notebook from an old one.
"""

import json
import subprocess
import sys
from pathlib import Path

from press.book import Book
from press.manuscript import Manuscript
from press.take import TakeError, take
from seqbook.language import LANGUAGES

USAGE = "usage: python -m press.notebooks [--force] | take CHAPTER …   (for example: take rnn/bptt)"


class EditedError(Exception):
    """Notebooks were edited since they were written; the message names them and says what to do."""


def as_json(notebook: dict) -> str:
    """A notebook as the book stores it: as nbformat writes it, with a final newline."""
    cells = [cell | {"source": cell["source"].splitlines(keepends=True)} for cell in notebook["cells"]]
    return json.dumps(notebook | {"cells": cells}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def pages(manuscript: Manuscript) -> dict[Path, str]:
    """Every file that is written from the sources, with its text."""
    texts = {notebook_path(manuscript.book, language, page): as_json(manuscript.notebook(page, language))
             for page in manuscript.sources for language in LANGUAGES}
    if manuscript.index:
        texts |= {manuscript.book.chapters(language) / "index.md": manuscript.index_page(language)
                  for language in LANGUAGES}
    return texts


def notebook_path(book: Book, language: str, page: str) -> Path:
    return book.chapters(language) / f"{page}.ipynb"


def kept_path(book: Book, path: Path) -> Path:
    """Where a copy of the written file `path` is kept."""
    return book.root / "_build" / "notebooks" / path.relative_to(book.root / "chapters")


def stale(manuscript: Manuscript) -> list[Path]:
    """The written files that are missing or not as the sources say."""
    return _differing(pages(manuscript))


def _differing(texts: dict[Path, str]) -> list[Path]:
    return [path for path, text in texts.items() if not path.is_file() or path.read_text("utf-8") != text]


def write(manuscript: Manuscript, *, force: bool = False) -> list[Path]:
    """Write all files that differ from the sources and return them. Raises SourceError and EditedError."""
    book, texts = manuscript.book, pages(manuscript)
    changed = _differing(texts)
    if edited := [path for path in changed if not force and _edited(book, path)]:
        names = "\n".join(f"  {path.relative_to(book.root)}" for path in edited)
        chapters = sorted({path.relative_to(book.root).with_suffix("").as_posix().split("/", 2)[2] for path in edited
                           if path.suffix == ".ipynb"})
        advice = f"put that into the source with: python -m press.notebooks take {' '.join(chapters)}\n" \
                 if chapters else "put that into chapters/index.md\n"
        raise EditedError(f"Nothing was written. Edited since the last time, and not committed:\n{names}\n{advice}"
                          "or throw it away with: python -m press.notebooks --force")
    for path, text in texts.items():
        for target in (path, kept_path(book, path)):
            if target is not path or path in changed:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
    return changed


def _edited(book: Book, path: Path) -> bool:
    """Whether a written file holds work that is neither what was last written nor committed."""
    kept = kept_path(book, path)
    if not path.is_file() or kept.is_file() and kept.read_bytes() == path.read_bytes():
        return False
    committed = subprocess.run(["git", "show", f"HEAD:./{path.name}"], cwd=path.parent, capture_output=True)
    return committed.returncode != 0 or committed.stdout != path.read_bytes()


def take_back(book: Book, page: str) -> list[str]:
    """Take the edits in both notebooks of `page` into its source and write the notebooks anew; what was done, in words.

    Raises SourceError and TakeError; then no file was changed.
    """
    manuscript = Manuscript.open(book)
    if page not in manuscript.sources:
        raise TakeError(f"there is no chapters/{page}.md")
    edited, written = {}, {}
    for language in LANGUAGES:
        path = notebook_path(book, language, page)
        kept = kept_path(book, path)
        edited[language] = _cells(path)
        written[language] = _cells(kept) if kept.is_file() else manuscript.cells(page, language)
    source, done = take(manuscript, page, written, edited)
    (book.root / "chapters" / f"{page}.md").write_text(str(source), encoding="utf-8")
    manuscript.sources[page] = source
    for language in LANGUAGES:
        path, text = notebook_path(book, language, page), as_json(manuscript.notebook(page, language))
        for target in (path, kept_path(book, path)):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    return done


def _cells(path: Path) -> list[dict]:
    try:
        return json.loads(path.read_text("utf-8"))["cells"]
    except (OSError, ValueError, KeyError) as error:
        raise TakeError(f"{path} cannot be read as a notebook: {error}") from None


def main(arguments: list[str]) -> None:
    try:
        book = Book.open()
        match arguments:
            case [] | ["--force"]:
                changed = write(Manuscript.open(book), force=bool(arguments))
                print("\n".join(f"wrote {path.relative_to(book.root)}" for path in changed)
                      or "All notebooks and index pages are as their sources say.")
            case ["take", *chapters] if chapters:
                for page in chapters:
                    print("\n".join(f"{page}: {line}" for line in take_back(book, page)) or f"{page}: nothing to take")
            case _:
                sys.exit(USAGE)
    except (ValueError, EditedError, TakeError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
