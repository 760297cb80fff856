"""What the book is made of: its folder, its languages and chapters, and the repository's address."""

import hashlib
import json
import sys
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path

import yaml

import seqbook
from press import formulas, glossary, progress, reference, references

PRESS = Path(__file__).resolve().parent
LIBRARY = Path(seqbook.__file__).resolve().parent
# What no notebook imports: editing a widget's source must not run the notebooks again.
NOT_IN_NOTEBOOKS = ("__pycache__", "js")
# Pages without a source of their own: a function from the book and the language to the page's Markdown.
GENERATED = {"start/glossary": glossary.page, "start/progress": progress.page,
             formulas.PAGE: formulas.page, "reference/references": references.page} | {
    f"reference/{name}": partial(reference.page, f"seqbook.{name}")
    for name in ("scratch", "pytorch", "data", "models", "checks", "widgets")}


@dataclass(frozen=True)
class Book:
    """The book in folder `root`, as its `_config.yml` and `_toc.yml` describe it."""

    root: Path
    config: dict
    toc: dict

    @classmethod
    def open(cls, root: Path | str = ".") -> "Book":
        """Read the book in `root`; a ValueError says which of its files is missing."""
        root = Path(root).resolve()
        for name in ("_config.yml", "_toc.yml"):
            if not (root / name).is_file():
                raise ValueError(f"{root} has no {name}: run this from the book's folder")
        return cls(root, *(yaml.safe_load((root / name).read_text("utf-8")) for name in ("_config.yml", "_toc.yml")))

    @property
    def languages(self) -> dict[str, dict]:
        """What differs between the languages: {"ko": {"title": …, "captions": …}, "en": …}."""
        return self.config["languages"]

    @property
    def repository(self) -> str:
        """The repository's address, without a final slash."""
        return self.config["repository"]["url"].rstrip("/")

    @property
    def pages(self) -> list[str]:
        """Every page of the table of contents ("rnn/bptt"), in reading order."""
        parts = self.toc.get("parts", [{"chapters": self.toc.get("chapters", [])}])
        return [self.toc["root"], *(chapter["file"] for part in parts for chapter in part["chapters"])]

    def chapters(self, language: str) -> Path:
        """The folder of one language's sources."""
        return self.root / "chapters" / language

    def source(self, language: str, page: str) -> Path | None:
        """The source of `page`, a notebook or Markdown; None where the page is generated."""
        for suffix in (".ipynb", ".md"):
            path = self.chapters(language) / f"{page}{suffix}"
            if path.is_file():
                return path
        return None

    def notebooks(self, language: str) -> dict[str, Path]:
        """The notebook of every chapter ("rnn/bptt" → …/rnn/bptt.ipynb), in reading order."""
        sources = {page: self.source(language, page) for page in self.pages}
        return {page: source for page, source in sources.items() if source and source.suffix == ".ipynb"}

    @property
    def manuscripts(self) -> dict[str, Path]:
        """The one source of each chapter, from which its notebooks are written ("rnn/bptt" → …/chapters/rnn/bptt.md).

        In reading order; those that _toc.yml does not name come last.
        """
        folder = self.root / "chapters"
        found = {path.relative_to(folder).with_suffix("").as_posix(): path for path in sorted(folder.glob("*/*.md"))
                 if path.relative_to(folder).parts[0] not in self.languages}
        order = {page: place for place, page in enumerate(self.pages)}
        return dict(sorted(found.items(), key=lambda item: order.get(item[0], len(order))))

    def colab(self, language: str, page: str) -> str:
        """The address at which Colab opens the notebook of `page`."""
        branch = self.config["repository"]["branch"]
        return f"{self.repository.replace('https://github.com', 'https://colab.research.google.com/github')}" \
               f"/blob/{branch}/chapters/{language}/{page}.ipynb"

    def digest(self) -> str:
        """One value for everything the website is made from; it changes when any source does."""
        files = [self.root / name for name in ("_config.yml", "_toc.yml", "package-lock.json")]
        files += sorted(path for language in self.languages for path in self.chapters(language).rglob("*")
                        if path.suffix in (".ipynb", ".md"))
        return _digest([file for file in files if file.is_file()], self.root) + "".join(
            _digest(_files(folder), folder) for folder in (LIBRARY, PRESS))


def library_digest() -> str:
    """One value for what a notebook's outputs depend on besides its code: our library, the installed packages."""
    # A set: a folder that stands in Python's path twice counts once, whoever asks.
    packages = sorted({f"{found.name}=={found.version}" for found in metadata.distributions()})
    return hashlib.sha256(json.dumps([sys.version, packages, _digest(_files(LIBRARY, NOT_IN_NOTEBOOKS), LIBRARY)])
                          .encode()).hexdigest()


def _files(folder: Path, without: tuple[str, ...] = ("__pycache__",)) -> list[Path]:
    """The files below `folder`, those in folders of the names `without` left out."""
    return sorted(path for path in folder.rglob("*")
                  if path.is_file() and not set(without).intersection(path.relative_to(folder).parts))


def _digest(files: list[Path], base: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        digest.update(f"{file.relative_to(base).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()

