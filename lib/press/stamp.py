"""Write the repository's address from `_config.yml` into every notebook: `python -m press.stamp`."""

import re
import sys

import nbformat

from press.bilingual import write
from press.book import Book

LINE = re.compile(r'^REPOSITORY = ".*"$', flags=re.M)


def stamp(book: Book) -> list[str]:
    """Stamp all notebooks; the paths of those that changed. A notebook without a REPOSITORY line is a ValueError."""
    changed = []
    for path in sorted((book.root / "chapters").rglob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        cell = next((cell for cell in notebook.cells if cell.id == "setup"), None)
        if cell is None or not LINE.search(cell.source):
            raise ValueError(f'{path} must have a cell "setup" with a line REPOSITORY = "…"')
        stamped = LINE.sub(lambda _: f'REPOSITORY = "{book.repository}"', cell.source)
        if stamped != cell.source:
            cell.source = stamped
            write(notebook, path)
            changed.append(str(path.relative_to(book.root)))
    return changed


def main() -> None:
    try:
        changed = stamp(Book.open())
    except ValueError as error:
        sys.exit(str(error))
    print("\n".join(f"stamped {path}" for path in changed) or "All notebooks carry the address of _config.yml.")


if __name__ == "__main__":
    main()
