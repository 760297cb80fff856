"""A chapter's one source, `chapters/<part>/<name>.md`: Korean and English side by side, code once.

    ---                                       the head, in YAML
    part: Recurrent neural networks           the caption of its part in _toc.yml
    title: {ko: 시간 역전파 (BPTT), en: Back-propagation through time (BPTT)}
    short: {ko: 시간 역전파, en: Back-propagation through time}    what lists call it, where not as its title
    summary: {ko: …, en: …}                   its entry in the list of chapters
    notes: [Computing the gradient]           its rows in the map of the lecture notes
    ---
    <!-- ko -->                               the opening, below the title
    …
    <!-- en -->
    …

    <!-- cell question -->                    a cell of prose: its id, then both languages
    <!-- ko -->
    …
    <!-- en -->
    …

    <!-- cell step-code hide-input -->        a cell of code: its id and any tags, then one fenced block
    <!-- alt ko: … -->                        the text of its figure for those who do not see it; may span lines
    <!-- alt en: … -->
    ```python
    ax.set_title("⟦은닉 상태|hidden state⟧")   (see press.choices)
    ```

    <!-- stub step -->                        an exercise: the unfinished function …
    ```python
    def rnn_step(x, h): …
    ```

    <!-- check step -->                       … the cell that checks it, and its solution; both are written by
                                              `press.notebooks`, from the exercise "bptt/step"
    <!-- solution step -->

A check may have a block of code to come before it, a solution a block of its own code. `chapters/index.md` has
<!-- list chapters --> and <!-- list notes --> where its two lists go.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from seqbook.language import LANGUAGES

WORDS = "[a-z][a-z0-9]*(-[a-z0-9]+)*"
KINDS = {"cell": ("ID", WORDS), "stub": ("NAME", WORDS), "check": ("NAME", WORDS), "solution": ("NAME", WORDS),
         "list": ("chapters or notes", "chapters|notes")}
MARKER = re.compile(r"<!-- *(cell|stub|check|solution|list)\b *(.*?) *-->")
ALT = re.compile(rf"<!-- *alt +({'|'.join(LANGUAGES)}) *: *(.*?) *-->", flags=re.S)
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")


def is_words(name: str) -> bool:
    """Whether an id is readable: words joined by hyphens, not the digits that Jupyter gives a new cell."""
    return bool(re.fullmatch(WORDS, name)) and not re.fullmatch(r"(?=.*\d)[0-9a-f-]{6,}", name)


class SourceError(ValueError):
    """A source that cannot be read; the message names file and line, what was wanted and what came."""


@dataclass
class Cell:
    """One cell of a source. `name` is its id, or for stub, check and solution the exercise's, which begins the id."""

    kind: str                                            # "cell", "stub", "check", "solution" or "list"
    name: str
    tags: tuple[str, ...] = ()
    prose: dict[str, str] = field(default_factory=dict)  # language → Markdown; of a cell without code
    code: str | None = None                              # with choices
    alt: dict[str, str] = field(default_factory=dict)    # language → text
    line: int = 0                                        # of its marker, counted from 1
    lines: dict[str, int] = field(default_factory=dict)  # language, or "code" → its first line
    text: str = ""                                       # as it stands in the source, blank lines after it included

    @property
    def id(self) -> str:
        return self.name if self.kind in ("cell", "list") else f"{self.name}-{self.kind}"

    def written(self, *, marker: bool = True) -> str:
        """The cell's text in the source, from its contents; `marker=False` for a chapter's opening."""
        lines = [f"<!-- {' '.join([self.kind, self.name, *self.tags])} -->"] if marker else []
        lines += [_comment(f"alt {language}: {self.alt[language]}") for language in LANGUAGES if language in self.alt]
        if self.code is not None:
            fence = max(["``", *re.findall("^ *(`{3,})", self.code, flags=re.M)], key=len) + "`"
            lines += [f"{fence}python", self.code, fence]
        for language, text in self.prose.items():
            lines += [f"<!-- {language} -->", text]
        return "\n".join(lines) + "\n"


def _comment(text: str, width: int = 120) -> str:
    """A comment, its words wrapped (an alt text is one paragraph)."""
    lines = ["<!--"]
    for word in [*text.split(" "), "-->"]:
        if len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] += f" {word}"
    return "\n".join(lines)


@dataclass
class Source:
    """A source in the file `path`: its head, as data and as text, and its cells."""

    path: Path
    head: dict
    head_text: str
    cells: list[Cell]

    def __str__(self) -> str:
        return self.head_text + "".join(cell.text for cell in self.cells)

    def error(self, line: int, message: str) -> SourceError:
        return SourceError(f"{self.path}:{line}: {message}")

    def head_line(self, key: str) -> int:
        """The line of `key` in the head."""
        lines = self.head_text.split("\n")
        return next((number for number, line in enumerate(lines, 1) if line.startswith(f"{key}:")), 1)


def read(path: Path, shown: Path | str | None = None) -> Source:
    """The source in the file `path`, which errors call `shown`. Raises SourceError."""
    return parse(path.read_text(encoding="utf-8"), Path(shown or path))


def parse(text: str, path: Path = Path("chapter.md")) -> Source:
    """The source in `text`; errors say that it came from `path`. Raises SourceError."""
    def wrong(line: int, message: str) -> SourceError:
        return SourceError(f"{path}:{line}: {message}")

    head = re.match(r"---\n(.*?)^---\n", text, flags=re.S | re.M)
    if not head:
        raise wrong(1, f"a source must start with its head between two lines '---', got {text.partition(chr(10))[0]!r}")
    try:
        data = yaml.safe_load(head[1]) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise wrong(mark.line + 2 if mark else 1, f"the head is not YAML: {getattr(error, 'problem', error)}") from None
    if not isinstance(data, dict):
        raise wrong(2, f"the head must be keys with values, got {data!r}")
    source = Source(path, data, head[0], [])
    first = head[0].count("\n") + 1
    blocks = _blocks(text[head.end():].split("\n"), first, wrong)
    for place, (line, lines) in enumerate(blocks):
        source.cells.append(_cell(line, lines, place == 0, place == len(blocks) - 1, wrong))
    taken: dict[str, int] = {}
    for cell in source.cells:
        if cell.id in taken:
            raise wrong(cell.line, f"the id {cell.id!r} is taken by the cell in line {taken[cell.id]}")
        taken[cell.id] = cell.line
    return source


def _outside_fences(lines: list[str], first: int, wrong):
    """(place, line) of every line that is not inside a fenced block; the fences themselves are outside."""
    fence, opened = None, 0
    for place, line in enumerate(lines):
        found = FENCE.match(line)
        if fence is None:
            if found and "`" not in found[2]:
                fence, opened = found[1], place
            yield place, line
        elif found and found[1][0] == fence[0] and len(found[1]) >= len(fence) and not found[2].strip():
            fence = None
            yield place, line
    if fence is not None:
        raise wrong(first + opened, f"the block opened here with {fence} is never closed")


def _blocks(lines: list[str], first: int, wrong) -> list[tuple[int, list[str]]]:
    """The cells' lines, each with the number of its first one."""
    starts = [0] + [place for place, line in _outside_fences(lines, first, wrong) if MARKER.match(line)]
    return [(first + start, lines[start:end]) for start, end in zip(starts, [*starts[1:], len(lines)])]


def _cell(line: int, lines: list[str], opening: bool, last: bool, wrong) -> Cell:
    text = "\n".join(lines) + ("" if last else "\n")
    cell = Cell("cell", "title", line=line, text=text)
    body = lines
    if not opening:
        marker = MARKER.fullmatch(lines[0].rstrip())
        if not marker:
            raise wrong(line, f"a marker must stand alone on its line, got {lines[0]!r}")
        kind, words = marker[1], marker[2].split()
        wanted, pattern = KINDS[kind]
        if not words or not re.fullmatch(pattern, words[0]):
            raise wrong(line, f"wanted <!-- {kind} {wanted} --> (words joined by hyphens), got {lines[0]!r}")
        if words[1:] and kind != "cell":
            raise wrong(line, f"a {kind} takes no tags, got {' '.join(words[1:])!r}")
        for tag, marker in {"exercise": "stub", "solution": "solution"}.items():
            if tag in words[1:]:
                raise wrong(line, f"wanted <!-- {marker} NAME -->, got the tag {tag!r} in {lines[0]!r}")
        cell = Cell(kind, words[0], tuple(words[1:]), line=line, text=text)
        if not is_words(cell.name):
            raise wrong(line, f"an id must be words, got {cell.name!r}")
        body = lines[1:]
    _contents(cell, body, line + len(lines) - len(body), wrong)
    _check(cell, wrong)
    return cell


def _contents(cell: Cell, body: list[str], first: int, wrong) -> None:
    """Fill the cell's prose, code and alt texts from the lines after its marker."""
    outside = dict(_outside_fences(body, first, wrong))
    language, place = None, 0
    while place < len(body):
        line, number = body[place], first + place
        at = place
        place += 1
        if at not in outside or not line.strip() and language is None:
            if language is not None:
                cell.prose[language] += line + "\n"
            continue
        if found := re.fullmatch(rf"<!-- *({'|'.join(LANGUAGES)}) *-->", line.rstrip()):
            language = found[1]
            if language in cell.prose:
                raise wrong(number, f"cell {cell.id}: a second text in {language}; the first stands in line "
                                    f"{cell.lines[language]}")
            cell.prose[language], cell.lines[language] = "", number + 1
        elif re.match(r"<!-- *alt\b", line):
            end = next((i for i in range(at, len(body)) if "-->" in body[i]), None)
            comment = " ".join(each.strip() for each in body[at:(end or at) + 1])
            found = ALT.fullmatch(comment)
            if end is None or not found or not found[2]:
                raise wrong(number, f"cell {cell.id}: wanted <!-- alt ko: … --> or <!-- alt en: … -->, got {line!r}")
            if found[1] in cell.alt or language is not None or cell.code is not None:
                raise wrong(number, f"cell {cell.id}: wanted one alt text a language, before the code, got {line!r}")
            cell.alt[found[1]] = found[2]
            place = end + 1
        elif line.startswith("<!--"):
            raise wrong(number, f"cell {cell.id}: wanted a marker (cell, stub, check, solution, list, ko, en, alt), "
                                f"got {line!r}")
        elif language is not None:
            cell.prose[language] += line + "\n"
        elif found := re.fullmatch(r"(`{3,})python *", line):
            if cell.code is not None:
                raise wrong(number, f"cell {cell.id}: wanted one block of code a cell, got a second one")
            end = next(i for i in range(place, len(body)) if i in outside)
            code = "\n".join(body[place:end])
            cell.code = code.strip("\n")
            cell.lines["code"] = number + 1 + len(code) - len(code.lstrip("\n"))
            place = end + 1
        else:
            wanted = "a line <!-- ko --> or <!-- en --> before prose, or ```python before code"
            raise wrong(number, f"cell {cell.id}: wanted {wanted}, got {line!r}")
    for language in cell.prose:
        ahead = len(cell.prose[language]) - len(cell.prose[language].lstrip("\n"))
        cell.lines[language] += ahead
        cell.prose[language] = cell.prose[language].strip("\n")


def _check(cell: Cell, wrong) -> None:
    """Refuse a cell whose parts do not belong together."""
    has_code, missing = cell.code is not None, [name for name in LANGUAGES if not cell.prose.get(name)]
    if cell.kind == "list":
        if has_code or cell.prose:
            raise wrong(cell.line, f"the list of {cell.name} is written by press.notebooks; wanted a new cell after it")
        return
    if cell.kind == "cell" and not has_code and missing:
        what = "prose in both languages, or a block of code" if len(missing) == 2 else f"its text in {missing[0]}"
        raise wrong(cell.line, f"cell {cell.id}: wanted {what}, got none")
    if has_code and cell.prose:
        raise wrong(cell.line, f"cell {cell.id}: wanted prose or code, got both")
    if cell.kind != "cell" and cell.prose:
        raise wrong(cell.line, f"{cell.id}: wanted code, got prose; prose needs a marker <!-- cell ID --> of its own")
    if cell.kind == "stub" and not has_code:
        raise wrong(cell.line, f"{cell.id}: wanted the unfinished function in a block of code, got none")
    if has_code and not cell.code.strip():
        raise wrong(cell.line, f"cell {cell.id}: wanted code, got an empty block")
    if len(cell.alt) == 1 or cell.alt and not has_code:
        raise wrong(cell.line, f"cell {cell.id}: wanted alt texts in both languages, and code that draws, got "
                               f"{', '.join(cell.alt)}")
