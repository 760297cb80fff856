"""What the chapters cite: the entries of references.bib, citations in the sources, and the page that lists them all.

A source cites as in Pandoc: [@elman1990] for (Elman, 1990), [@elman1990; @jordan1986] for both, @elman1990 for
Elman (1990). Each becomes a link to the paper, so that it leads there from Colab, too.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pybtex.database import Entry, parse_file

from press import source

FILE = Path(__file__).parent / "references.bib"
KEY = r"@[a-z]+\d{4}[a-z]?\b"
CITATION = re.compile(rf"\[{KEY}(?:; {KEY})*\]|(?<![\w.@/;\[]){KEY}")
WORDS = {
    "ko": {"title": "참고문헌", "lead": "이 책이 인용하는 논문과 책입니다. 제목을 누르면 원문으로 갑니다.", "cited": "인용한 장",
           "and": " & ", "others": " 외", "year": "{}({})"},
    "en": {"title": "References", "lead": "The papers and books that this book cites; each title leads to the text.",
           "cited": "Cited in", "and": " and ", "others": " et al.", "year": "{} ({})"},
}


class ReferenceFault(ValueError):
    """A citation of what references.bib does not have."""


@dataclass(frozen=True)
class Work:
    """One entry: who wrote it, when, its title, where it appeared, its address."""

    authors: tuple[str, ...]     # "Sepp Hochreiter"
    names: tuple[str, ...]       # "Hochreiter"
    year: str
    title: str
    where: str
    address: str

    def cited(self, language: str) -> str:
        """Who is named in a citation: "Elman", "Hochreiter and Schmidhuber", "Cho et al."."""
        words = WORDS[language]
        return self.names[0] + words["others"] if len(self.names) > 2 else words["and"].join(self.names)


@cache
def works() -> dict[str, Work]:
    """Every entry of references.bib by its key, as the file has them. Raises ReferenceFault for one without an author,
    title, year or address."""
    return {key: _work(key, entry) for key, entry in parse_file(str(FILE), "bibtex").entries.items()}


def _work(key: str, entry: Entry) -> Work:
    fields = {name: _plain(text) for name, text in entry.fields.items()}
    people = entry.persons.get("author", [])
    missing = [name for name in ("title", "year", "url") if not fields.get(name)] + ([] if people else ["author"])
    if missing or not re.fullmatch(KEY, f"@{key}"):
        raise ReferenceFault(f"references.bib, {key}: wanted a key like elman1990 with author, title, year and url, "
                             f"got no {', '.join(missing) or 'such key'}")
    volume = fields.get("volume", "") + (f"({fields['number']})" if "volume" in fields and "number" in fields else "")
    where = [fields.get(name) for name in ("journal", "booktitle", "school", "institution", "publisher")]
    parts = [*where, volume, fields.get("pages"), fields.get("note")]
    return Work(tuple(_plain(" ".join([*person.first_names, *person.middle_names, *person.prelast_names,
                                       *person.last_names])) for person in people),
                tuple(_plain(" ".join([*person.prelast_names, *person.last_names])) for person in people),
                fields["year"], fields["title"], ", ".join(filter(None, parts)), fields["url"])


def _plain(text: str) -> str:
    return re.sub(r"[{}]", "", text).replace("--", "–")


def keys(text: str) -> list[str]:
    """The keys that a text cites, in their order."""
    return [key[1:] for found in CITATION.finditer(text) for key in re.findall(KEY, found[0])]


def citations(text: str, language: str) -> dict[str, str]:
    """Each citation in `text` as it is written, and as the page of that language shows it. Raises ReferenceFault."""
    return {found[0]: _shown(found[0], language) for found in CITATION.finditer(text)}


def _shown(written: str, language: str) -> str:
    links = []
    for key in keys(written):
        if key not in works():
            raise ReferenceFault(f"wanted a key of references.bib, got @{key}")
        work = works()[key]
        name = work.cited(language)
        words = f"{name}, {work.year}" if written.startswith("[") else WORDS[language]["year"].format(name, work.year)
        links.append(f"[{words}]({work.address})")
    return f"({'; '.join(links)})" if written.startswith("[") else links[0]


def page(book, language: str) -> str:
    """The Markdown of the references page: every entry by its first author, with the chapters that cite it."""
    words, cited = WORDS[language], {}
    for name, path in book.manuscripts.items():
        text = path.read_text("utf-8")
        head = source.parse(text, path).head
        for key in dict.fromkeys(keys(text)):
            title = head.get("short", head["title"])[language]
            cited.setdefault(key, []).append(f"[{title}](../{name}.ipynb)")
    ordered = sorted(works().items(), key=lambda item: (item[1].names[0].lower(), item[1].year))
    english = ('<span lang="en">', "</span>") if language != "en" else ("", "")    # for those who hear the page
    entries = [f"- {english[0]}{', '.join(work.authors)} ({work.year}). [{work.title}]({work.address}). {work.where}."
               f"{english[1]} {words['cited']}: {', '.join(cited.get(key, []))}" for key, work in ordered]
    return f"# {words['title']}\n\n{words['lead']}\n\n" + "\n".join(entries) + "\n"
