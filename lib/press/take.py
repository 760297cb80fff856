"""Take what was edited in a chapter's notebooks back into its source."""

import difflib
import re
from dataclasses import dataclass, replace

from press import choices
from press.choices import CHOICE, HANGUL
from press.manuscript import Manuscript
from press.source import Cell, Source, SourceError, is_words, parse
from seqbook.language import LANGUAGES

# Languages → cells by id.
Notebooks = dict[str, dict[str, dict]]


class TakeError(Exception):
    """An edit that cannot be taken back; the message names the cell and the reason."""


def take(manuscript: Manuscript, page: str, written: dict[str, list[dict]], edited: dict[str, list[dict]]
         ) -> tuple[Source, list[str]]:
    """The source of `page` with the edits in its notebooks, and what was done, in words.

    `written` and `edited` are the cells of each language's notebook as it was written and as it is now; what differs
    between the two is an edit. The source may have been changed meanwhile, in other cells. Raises TakeError.
    """
    was = {language: _by_id(written[language], language) for language in LANGUAGES}
    now = {language: _by_id(edited[language], language) for language in LANGUAGES}
    for language in LANGUAGES:
        if now[language].pop("setup", None) != was[language].pop("setup", None):
            raise TakeError(f"setup, {language}: this cell is the same in all chapters, and in press/manuscript.py")
    return _Taking(manuscript, page, was, now).result()


def _by_id(cells: list[dict], language: str) -> dict[str, dict]:
    """The cells by id, each reduced to what an author writes: kind, text, tags and alt text."""
    found = {}
    for place, cell in enumerate(cells, 1):
        metadata = cell.get("metadata", {})
        name = cell.get("id") or metadata.get("id")  # Colab keeps a cell's id in its metadata
        if not name or name in found:
            raise TakeError(f"cell {place}, {language}: wanted an id of its own, got {name!r}")
        if cell["cell_type"] not in ("markdown", "code"):
            raise TakeError(f"{name}, {language}: wanted a cell of Markdown or code, got {cell['cell_type']!r}")
        found[name] = {"kind": cell["cell_type"], "text": "".join(cell["source"]).strip("\n"),
                       "tags": metadata.get("tags", []),
                       "alt": metadata.get("mystnb", {}).get("image", {}).get("alt")}
    return found


@dataclass
class _Taking:
    """One chapter's edits: its source, and its cells as they were written and as they are now, by language and id."""

    manuscript: Manuscript
    page: str
    was: Notebooks
    now: Notebooks

    def __post_init__(self):
        self.source = self.manuscript.sources[self.page]
        self.cells = {cell.id: cell for cell in self.source.cells}
        self.shown = {language: _by_id(self.manuscript.cells(self.page, language), language) for language in LANGUAGES}
        self.named: dict[tuple[str, str], str] = {}  # (language, a new cell's id there) → its id in the source
        self.done: list[str] = []

    def result(self) -> tuple[Source, list[str]]:
        order = self._order()
        cells, seen = [], set(self.cells)
        for entry in order:
            if isinstance(entry, str):
                cells.append(self._edited(self.cells[entry]))
            else:
                name = _new_name(cells[-1].id, next(iter(entry.values())), seen)
                seen.add(name)
                cells.append(self._new(name, entry))
        return self._proven(self.source.head_text + _joined(cells)), self.done

    # --- which cells, in which order ----------------------------------------------------------------------------------

    def _order(self) -> list[str | dict[str, str]]:
        """The cells of the new source: an id, or for a new cell the id that it has in each notebook that has it."""
        before, current = list(self.was[LANGUAGES[0]]), list(self.cells)
        orders = {language: list(self.now[language]) for language in LANGUAGES
                  if list(self.now[language]) not in (before, current)}
        if not orders:
            return current
        if before != current:
            raise TakeError("cells were added, deleted or moved both in the source and in a notebook")
        shapes = {language: [name if name in self.cells else self.now[language][name]["kind"] for name in order]
                  for language, order in orders.items()}
        if len(orders) == 2 and shapes["ko"] != shapes["en"]:
            raise TakeError("cells were added, deleted or moved differently in the two notebooks: "
                            + _first_difference(shapes["ko"], shapes["en"]))
        first, *_ = orders.values()
        if first[:1] != before[:1]:
            raise TakeError(f"{before[0]}: the opening must stay the first cell, got {first[0] if first else 'none'}")
        for name in [name for name in before if name not in first]:
            self.done.append(f"{name}: deleted")
        kept = [name for name in first if name in self.cells]
        if kept != [name for name in before if name in first]:
            self.done.append("cells in another order: " + ", ".join(_moved([n for n in before if n in first], kept)))
        return [names[0] if names[0] in self.cells else dict(zip(orders, names)) for names in zip(*orders.values())]

    # --- one cell -----------------------------------------------------------------------------------------------------

    def _edited(self, cell: Cell) -> Cell:
        """`cell` with what was edited in it."""
        edits = {}
        for language in LANGUAGES:
            was, now = self.was[language].get(cell.id), self.now[language].get(cell.id)
            if was is None or now is None or was == now:
                continue
            if was != self.shown[language][cell.id]:
                if now == self.shown[language][cell.id]:
                    continue
                raise TakeError(f"{cell.id}, {language}: was edited both in the source and in the notebook")
            if now["kind"] != was["kind"]:
                raise TakeError(f"{cell.id}, {language}: {was['kind']} became {now['kind']}; "
                                f"delete the cell and add one")
            edits[language] = now
        if not edits:
            return cell
        self.done.append(f"{cell.id}: taken from {' and '.join(edits)}")
        changed = replace(cell, prose=dict(cell.prose), alt=dict(cell.alt))
        tags = {tuple(now["tags"]) for now in edits.values()}
        if cell.kind == "cell" and tags != {cell.tags}:
            if len(tags) > 1:
                raise TakeError(f"{cell.id}: the tags were edited differently: {sorted(tags)}")
            changed.tags = tags.pop()
        for language, now in edits.items():
            if now["alt"] is not None:
                changed.alt[language] = now["alt"]
            else:
                changed.alt.pop(language, None)
            if cell.prose:
                changed.prose[language] = self._prose(cell, language, now["text"])
        if cell.alt and len(changed.alt) == 1:  # taken away in one notebook
            changed.alt = {}
        if not cell.prose:
            changed.code = self._code(cell, {language: now["text"] for language, now in edits.items()})
        return _rewritten(changed)

    def _prose(self, cell: Cell, language: str, text: str) -> str:
        """The prose of a cell as its source has it: without the title, links to sources."""
        title = f"# {self.source.head['title'][language]}\n\n"
        if cell is self.source.cells[0]:
            if not text.startswith(title):
                raise TakeError(f"{cell.id}, {language}: the title stands in the head of {self.source.path}; "
                                f"wanted {title.strip()!r} and an empty line, got {text.partition(chr(10))[0]!r}")
            text = text.removeprefix(title)
        following = self.manuscript.default_next(self.page, language)
        if cell is self.source.cells[-1] and following:
            if not text.endswith(f"\n\n{following}"):
                raise TakeError(f"{cell.id}, {language}: the last line is written by itself; wanted {following!r}; "
                                f"to lead to the next chapter in other words write [words](next) in {self.source.path}")
            text = text.removesuffix(f"\n\n{following}")
        return self.manuscript.without_links(self.page, cell, language, text)

    def _code(self, cell: Cell, edited: dict[str, str]) -> str | None:
        """The code of a cell as its source has it, once, with choices."""
        whole = self.manuscript.code(self.page, cell)
        texts = choices.split(whole) | edited
        if list(texts.values()) == list(choices.split(whole).values()):
            return cell.code  # only tags or alt texts were edited
        try:
            if len(edited) == 2:
                code = _keep_lines(whole, choices.merge(*(texts[language] for language in LANGUAGES)))
            else:
                (language, text), = edited.items()
                code = _carry_over(whole, text, language)
            if wrong := choices.faults(code):
                raise ValueError(wrong[0][1])
        except ValueError as error:
            raise TakeError(f"{cell.id}: {error}; edit it in {self.source.path}") from None
        return self._without_frame(cell, whole, code)

    def _without_frame(self, cell: Cell, whole: str, code: str) -> str | None:
        """The code of a check or solution without what is written by itself."""
        if cell.kind not in ("check", "solution"):
            return code
        if cell.kind == "solution" and cell.code is None:
            raise TakeError(f"{cell.id}: its code stands with its exercise in seqbook.exercises; edit it there")
        above, below = ("", whole) if cell.code is None else whole.split(cell.code, 1)
        if not code.startswith(above) or not code.endswith(below.strip("\n")):
            raise TakeError(f"{cell.id}: its title and the call of check(…) are written by themselves, got\n{code}")
        return code.removeprefix(above).removesuffix(below.strip("\n")).strip("\n") or None

    def _new(self, name: str, names: dict[str, str]) -> Cell:
        """A new cell, from the notebooks that have it."""
        found = {language: self.now[language][each] for language, each in names.items()}
        first = next(iter(found.values()))
        texts = {language: cell["text"] for language, cell in found.items()}
        if not all(texts.values()):
            raise TakeError(f"a new cell after {name.removesuffix('-next')} is empty")
        self.named |= {item: name for item in names.items()}
        cell = Cell("cell", name, tuple(first["tags"]),
                    alt={language: each["alt"] for language, each in found.items() if each["alt"]})
        other = [language for language in LANGUAGES if language not in found]
        if first["kind"] == "markdown":
            cell.prose = {language: self.manuscript.without_links(self.page, None, language, texts.get(
                language, first["text"])) for language in LANGUAGES}
        elif other:
            cell.code = first["text"]
        else:
            try:
                cell.code = choices.merge(*(texts[language] for language in LANGUAGES))
            except ValueError as error:
                raise TakeError(f"a new cell, {names}: {error}") from None
        if cell.alt and len(cell.alt) == 1:
            cell.alt = {language: next(iter(cell.alt.values())) for language in LANGUAGES}
        self.done.append(f"{name}: new" + (f", from {next(iter(found))}; its words in {other[0]} are still to be "
                                           f"written" if other else ""))
        return _rewritten(cell)

    def _proven(self, text: str) -> Source:
        """The source in `text`; refused where the edited notebooks would not come out of it as they are."""
        try:
            source = parse(text, self.source.path)
            manuscript = replace(self.manuscript, sources=self.manuscript.sources | {self.page: source})
            again = {language: _by_id(manuscript.cells(self.page, language), language) for language in LANGUAGES}
        except SourceError as error:
            raise TakeError(f"the edits would make a source that cannot be read: {error}") from None
        for language in LANGUAGES:
            line = f"\n\n{self.manuscript.default_next(self.page, language)}"  # it goes with the last cell
            for name, wanted in self.now[language].items():
                got = again[language].get(self.named.get((language, name), name), wanted)  # deleted in the other one
                wanted, got = (cell | {"text": cell["text"].removesuffix(line)} for cell in (wanted, got))
                if got != wanted and self.now[language][name] != self.was[language].get(name):
                    part = next(key for key in wanted if wanted[key] != got[key])
                    raise TakeError(f"{name}, {language}: cannot be taken back as it is: its {part} would become\n"
                                    f"{got[part]}\nwanted\n{wanted[part]}")
        return source


def _rewritten(cell: Cell) -> Cell:
    """`cell` with its text as it will stand in the source."""
    gap = cell.text[len(cell.text.rstrip("\n")):]
    cell.text = cell.written(marker=cell.id != "title").rstrip("\n") + gap
    return cell


def _joined(cells: list[Cell]) -> str:
    """The cells' texts, with at least one empty line between two."""
    bodies = [cell.text.rstrip("\n") for cell in cells]
    gaps = [max(2, len(cell.text) - len(body)) for cell, body in zip(cells, bodies)]
    return "".join(body + "\n" * gap for body, gap in zip(bodies[:-1], gaps)) + bodies[-1] + "\n"


def _new_name(before: str, given: str, taken: set[str]) -> str:
    """The id of a new cell: the one it has if that is words, or one made from the cell before it."""
    if is_words(given) and given not in taken:
        return given
    stem = f"{re.sub('-next(-[0-9]+)?$', '', before)}-next"
    return next(name for name in (stem, *(f"{stem}-{number}" for number in range(2, 1000))) if name not in taken)


def _first_difference(ours: list[str], theirs: list[str]) -> str:
    place = next((i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b), min(len(ours), len(theirs)))
    a, b = ([*names, "the end"][min(place, len(names))] for names in (ours, theirs))
    return f"after {ours[place - 1] if place else 'the start'} comes {a} in ko, {b} in en"


def _moved(before: list[str], after: list[str]) -> list[str]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return [name for tag, _, _, start, end in matcher.get_opcodes() if tag in ("insert", "replace")
            for name in after[start:end]]


# --- code with choices ------------------------------------------------------------------------------------------------

def _keep_lines(old: str, new: str) -> str:
    """`new` with the choices of `old` in lines that say the same in both languages."""
    known = {tuple(choices.split(line).values()): line for line in old.split("\n")}
    return "\n".join(known.get(tuple(choices.split(line).values()), line) for line in new.split("\n"))


def _carry_over(old: str, text: str, language: str) -> str:
    """`old` with what was edited in `text`, its form in one language; the other language's words are kept."""
    before, after, source = choices.split(old)[language].split("\n"), text.split("\n"), old.split("\n")
    result = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        lines = after[new_start:new_end]
        if tag == "equal":
            result += source[start:end]
        elif lines:
            result += _with_choices(source[start:end], lines, language)
    return "\n".join(result)


def _with_choices(source: list[str], lines: list[str], language: str) -> list[str]:
    """Edited `lines` with the choices of the lines of `source` that they replace."""
    if len(source) == len(lines) and all(CHOICE.search(line) for line in source):
        reworded = [_reworded(old, new, language) for old, new in zip(source, lines)]
        if all(reworded):
            return reworded
    text, whole = "\n".join(lines), "\n".join(source)
    for choice in CHOICE.finditer(whole):
        words = dict(zip(LANGUAGES, choice.groups()))[language]
        before = r"(?<!\w)" if re.match(r"\w", words) and not re.search(r"\w$", whole[:choice.start()]) else ""
        after = r"(?!\w)" if re.search(r"\w$", words) and not re.match(r"\w", whole[choice.end():]) else ""
        found = re.finditer(f"⟦[^⟧]*⟧|{before}{re.escape(words)}{after}", text)
        places = [place for place in found if place[0] == words]  # outside the choices already put back
        if not words or not places:
            raise ValueError(f"cannot tell what became of {choice[0]}")
        text = text[:places[0].start()] + choice[0] + text[places[0].end():]
    if language == "ko" and (new := _korean(text) - _korean(whole)):
        raise ValueError(f"new Korean words need their English ones, ⟦한국어|English⟧, got {' '.join(sorted(new))!r}")
    return text.split("\n")


def _korean(code: str) -> set[str]:
    """The Korean words of a code outside its choices."""
    return {word for word in re.findall(r"\w+", CHOICE.sub(" ", code)) if HANGUL.search(word)}


def _reworded(old: str, new: str, language: str) -> str | None:
    """`old` with other words in its choices for one language; None where more than words was edited."""
    parts = re.split(r"(⟦[^⟦⟧\n]*⟧)", old)
    pattern = "".join("(.*)" if i % 2 else re.escape(part) for i, part in enumerate(parts))
    found = re.fullmatch(pattern, new)
    if not found:
        return None
    for place, words in zip(range(1, len(parts), 2), found.groups()):
        sides = CHOICE.fullmatch(parts[place]).groups()
        sides = dict(zip(LANGUAGES, sides)) | {language: words}
        parts[place] = f"⟦{'|'.join(sides.values())}⟧"
    return "".join(parts)
