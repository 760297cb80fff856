"""What was edited in a chapter's notebooks comes back into its source; what cannot is refused and changes nothing."""

import copy
import json
import re
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from press import notebooks
from press.book import Book
from press.manuscript import Manuscript
from press.notebooks import EditedError, as_json, take_back, write
from press.references import KEY
from press.source import Cell, parse
from press.take import TakeError, take
from seqbook.language import LANGUAGES

ROOT = Path(__file__).parents[1]
BOOK = Manuscript.open(Book.open(ROOT))

ONE = '''\
---
part: Networks
title: {ko: 한 장, en: One chapter}
summary: {ko: 보기, en: an example}
---
<!-- ko -->
여는 말, [둘째](two.md)와 [](two.md#x).
<!-- en -->
The opening, [two](two.md) and [](two.md#x).


<!-- cell data -->
<!-- ko -->
## 데이터

글입니다.
<!-- en -->
## Data

A text.

<!-- cell data-code -->
<!-- alt ko: 그림 하나 -->
<!-- alt en: one figure -->
```python
text = "3월"
x, y = 1, 2                  # ⟦두 수|two numbers⟧

def half(a):
    return a / 2

print(f"⟦반|half⟧ {half(x):.2f}, ⟦합|sum⟧ {x + y}")
ax.set(xlabel="⟦시점|time⟧", ylabel="A")
```

<!-- stub twice -->
```python
def twice(x):
    raise NotImplementedError
```

<!-- check twice -->

<!-- solution twice -->
```python
def solution_twice(x):
    return 2 * x  # ⟦두 배|twice⟧
```

<!-- cell takeaway wide -->
<!-- ko -->
끝. [다음](next)
<!-- en -->
The end. [Next](next)
'''
TWO = ONE.replace("한 장", "둘째 장").replace("One chapter", "Second").replace("two.md", "one.md").replace(
    " [다음](next)", "").replace(" [Next](next)", "")


def book(folder: Path, one: str = ONE, two: str = TWO) -> Manuscript:
    (folder / "_config.yml").write_text("repository: {url: 'https://example.org/book', branch: main}\n"
                                        "languages: {ko: {title: 책}, en: {title: Book}}\n", encoding="utf-8")
    (folder / "_toc.yml").write_text("root: index\nparts: [{caption: Networks, chapters: [{file: net/one}, "
                                     "{file: net/two}]}]\n")
    (folder / "chapters/net").mkdir(parents=True, exist_ok=True)
    for name, text in (("one", one), ("two", two)):
        (folder / f"chapters/net/{name}.md").write_text(text, encoding="utf-8")
    return Manuscript.open(Book.open(folder))


@pytest.fixture
def tiny(tmp_path) -> Manuscript:
    return book(tmp_path)


def cells(manuscript: Manuscript, page: str = "net/one") -> dict[str, list[dict]]:
    return {language: manuscript.cells(page, language) for language in LANGUAGES}


def taken(manuscript: Manuscript, *edits) -> tuple[str, list[str]]:
    """The source after `edits`, functions of the cells of both notebooks, and what was done."""
    edited = copy.deepcopy(cells(manuscript))
    for edit in edits:
        edit(edited)
    source, done = take(manuscript, "net/one", cells(manuscript), edited)
    return str(source), done


def change(language: str, name: str, old: str, new: str):
    def edit(edited):
        cell = next(cell for cell in edited[language] if cell["id"] == name)
        assert old in cell["source"]
        cell["source"] = cell["source"].replace(old, new, 1)
    return edit


def insert(language: str, place: int, cell: dict):
    return lambda edited: edited[language].insert(place, cell)


def move(language: str, place: int, to: int):
    return lambda edited: edited[language].insert(to, edited[language].pop(place))


def pop(language: str, place: int):
    return lambda edited: edited[language].pop(place)


def with_tags(language: str, place: int, *tags: str):
    return lambda edited: edited[language][place]["metadata"].update(tags=list(tags))


def new(kind: str, source: str, name: str = "5f3a9c21", **metadata) -> dict:
    return {"cell_type": kind, "id": name, "metadata": metadata, "source": source}


# --- nothing edited ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("page", BOOK.sources)
def test_a_chapter_that_was_not_edited_stays_as_it_is(page):
    source, done = take(BOOK, page, cells(BOOK, page), cells(BOOK, page))
    assert str(source) == (ROOT / "chapters" / f"{page}.md").read_text("utf-8") and done == []


@pytest.mark.parametrize("page", BOOK.sources)
def test_what_jupyter_and_colab_add_is_no_edit(page):
    edited = copy.deepcopy(cells(BOOK, page))
    for place, cell in enumerate(cell for each in edited.values() for cell in each):
        cell["source"] = cell["source"].splitlines(keepends=True)
        cell["metadata"] |= {"editable": True, "scrolled": False}
        if cell["cell_type"] == "code":
            cell |= {"execution_count": place, "outputs": [{"output_type": "stream", "name": "stdout", "text": "1"}]}
        if place % 2:
            cell["metadata"]["id"] = cell.pop("id")  # as Colab stores it
    source, done = take(BOOK, page, cells(BOOK, page), edited)
    assert str(source) == str(BOOK.sources[page]) and done == []


@pytest.mark.parametrize("page", BOOK.sources)
def test_a_chapter_comes_back_whole_from_its_notebooks_alone(page):
    """From a source whose every text is another, the notebooks give the chapter's own source again."""
    own = BOOK.sources[page]
    linked = set(re.findall(rf"\({re.escape(Path(page).name)}\.md#([\w-]+)\)", str(own)))
    texts = [_other(cell, linked).written(marker=cell is not own.cells[0]) for cell in own.cells]
    other = parse(own.head_text + "\n".join(texts), own.path)
    manuscript = Manuscript(BOOK.book, BOOK.sources | {page: other}, BOOK.index)
    source, done = take(manuscript, page, cells(manuscript, page), cells(BOOK, page))
    changed = [cell.id for cell in own.cells if cell.kind not in ("check", "stub") and (cell.prose or cell.code)]
    assert len(done) >= len(changed) and str(source) == str(own)


def _other(cell: Cell, linked: set[str]) -> Cell:
    code = cell.code if cell.code is None or cell.kind in ("stub", "check") else f"{cell.code}\nanother = '⟦다른|other⟧'"
    # What is written by itself is known from the cell's own text, and a link of the page from the heading of the cell
    # it leads to: these stay, and more is added.
    own = re.compile(rf"\]\(next\)|\[\]\(|\.md#|{KEY}")
    prose = {language: f"{text}\n\n다른 글 other" if cell.id in linked or own.search(text) else "다른 글 other"
             for language, text in cell.prose.items()}
    return Cell(cell.kind, cell.name, cell.tags, prose, code, {name: "…" for name in cell.alt})


def part(text: str, name: str) -> str:
    """One cell's text in a source."""
    start = text.index(f"<!-- cell {name} -->")
    return text[start:re.search("<!-- (cell|stub)", text[start + 5:]).start() + start + 5]


# --- edits that come back ---------------------------------------------------------------------------------------------

EDITS = {
    "prose of one language": ([change("ko", "data", "글입니다", "긴 글입니다")], ("글입니다.\n<!--", "긴 글입니다.\n<!--")),
    "the opening": ([change("en", "title", "The opening", "An opening")], ("The opening", "An opening")),
    "a link": ([change("en", "data", "A text", "[A](two.ipynb#y) text")], ("A text.", "[A](two.md#y) text.")),
    "words around [](…)": ([change("ko", "title", "여는", "첫")], ("여는", "첫")),
    "words around the next chapter": ([change("en", "takeaway", "The end", "End")], ("The end", "End")),
    "code in Korean": ([change("ko", "data-code", "x, y = 1, 2 ", "x, y = 1, 3 ")], ("x, y = 1, 2 ", "x, y = 1, 3 ")),
    "code in English": ([change("en", "data-code", "x, y = 1, 2 ", "x, y = 1, 3 ")], ("x, y = 1, 2 ", "x, y = 1, 3 ")),
    "the same code in both": ([change(language, "data-code", "a / 2", "a / 3") for language in LANGUAGES],
                              ("a / 2", "a / 3")),
    "a line more": ([change("en", "data-code", "def half", "z = 3\n\ndef half")], ("def half", "z = 3\n\ndef half")),
    "a line less": ([change("ko", "data-code", 'text = "3월"\n', "")], ('text = "3월"\n', "")),
    "a line with choices less": ([change("ko", "data-code", '\nax.set(xlabel="시점", ylabel="A")', "")],
                                 ('\nax.set(xlabel="⟦시점|time⟧", ylabel="A")', "")),
    "a line with Korean in both": ([change("ko", "data-code", 'text = "3월"', 'text = "3월"[:1]')],
                                   ('text = "3월"', 'text = "3월"[:1]')),
    "a label": ([change("ko", "data-code", '"시점"', '"시각"')], ("⟦시점|", "⟦시각|")),
    "a comment in English": ([change("en", "data-code", "two numbers", "2 numbers")], ("|two numbers⟧", "|2 numbers⟧")),
    "a label in both": ([change("ko", "data-code", '"시점"', '"시각"'), change("en", "data-code", '"time"', '"moment"')],
                        ("⟦시점|time⟧", "⟦시각|moment⟧")),
    "code beside choices": ([change("en", "data-code", ":.2f", ":.1f")], (":.2f", ":.1f")),
    "code and a label": ([change("ko", "data-code", 'xlabel="시점"', 'title="때"'),
                          change("en", "data-code", 'xlabel="time"', 'title="when"')],
                         ('xlabel="⟦시점|time⟧"', 'title="⟦때|when⟧"')),
    "a stub": ([change("en", "twice-stub", "def twice(x)", "def twice(x, /)")], ("def twice(x)", "def twice(x, /)")),
    "a solution": ([change("en", "twice-solution", "2 * x", "x * 2")], ("2 * x", "x * 2")),
    "code before a check": ([change("ko", "twice-check", "check(", "x = 1\n\ncheck(")],
                            ("<!-- check twice -->\n", "<!-- check twice -->\n```python\nx = 1\n```\n")),
    "alt texts": ([lambda edited: edited["ko"][3]["metadata"]["mystnb"]["image"].update(alt="그림 둘")],
                  ("그림 하나", "그림 둘")),
    "no alt texts": ([lambda edited: [edited[language][3].update(metadata={}) for language in LANGUAGES]],
                     ("<!-- alt ko: 그림 하나 -->\n<!-- alt en: one figure -->\n", "")),
    "tags": ([with_tags("en", 3, "hide-cell", "wide")],
             ("<!-- cell data-code -->", "<!-- cell data-code hide-cell wide -->")),
    "tags of prose": ([lambda edited: edited["en"][-1]["metadata"].clear()], (" wide -->", " -->")),
    "a deleted cell": ([pop("ko", 3)],
                       (ONE[ONE.index("<!-- cell data-code"):ONE.index("<!-- stub")], "")),
    "a moved cell": ([move("en", 3, 2)],
                     (lambda text: text.replace(part(text, "data") + part(text, "data-code"),
                                                part(text, "data-code") + part(text, "data")))),
    "a cell added in one": ([insert("ko", 3, new("markdown", "새 [글](two.ipynb)"))],
                            ("<!-- cell data-code", "<!-- cell data-next -->\n<!-- ko -->\n새 [글](two.md)\n<!-- en -->\n"
                                                    "새 [글](two.md)\n\n<!-- cell data-code")),
    "a cell added in both": ([insert("ko", 99, new("code", "z = 1  # 하나", tags=["hide-input"])),
                              insert("en", 99, new("code", "z = 1  # one", "a1", tags=["hide-input"])),
                              insert("ko", 99, new("markdown", "참 끝", "5f3a9c22")),
                              insert("en", 99, new("markdown", "The real end", "real-end"))],
                             (lambda text: text + "\n<!-- cell takeaway-next hide-input -->\n```python\n"
                              "z = 1  # ⟦하나|one⟧\n```\n\n<!-- cell takeaway-next-2 -->\n<!-- ko -->\n참 끝\n<!-- en -->\n"
                              "The real end\n")),
    "a cell of a name of its own": ([insert("en", 3, new("code", "z = 1", "more-code"))],
                                    ("<!-- cell data-code", "<!-- cell more-code -->\n```python\nz = 1\n```\n\n"
                                                            "<!-- cell data-code")),
    "added, moved and edited at once": ([move("en", 3, 2), insert("en", 2, new("markdown", "*")),
                                         change("en", "data", "A text", "Words"),
                                         change("ko", "data-code", "a / 2", "a / 4")],
                                        (lambda text: text[:text.index("<!-- cell data -->")]
                                         + "<!-- cell title-next -->\n<!-- ko -->\n*\n<!-- en -->\n*\n\n"
                                         + part(text, "data-code").replace("a / 2", "a / 4")
                                         + part(text, "data").replace("A text", "Words")
                                         + text[text.index("<!-- stub"):])),
}


@pytest.mark.parametrize("edits, result", EDITS.values(), ids=EDITS)
def test_an_edit_comes_back(tiny, edits, result):
    text, done = taken(tiny, *edits)
    assert done and text != ONE
    if callable(result):
        assert text == result(ONE)
    else:
        assert result[0] in ONE and text == ONE.replace(*result, 1)


def test_what_was_done_is_told(tiny):
    assert taken(tiny, change("ko", "data", "글", "긴 글"), change("en", "data", "A text", "Text"),
                 insert("en", 4, new("code", "1")),
                 move("en", 3, 2))[1] == [
        "cells in another order: data-code", "data: taken from ko and en",
        "data-next: new, from en; its words in ko are still to be written"]
    assert taken(tiny, pop("ko", 3))[1] == ["data-code: deleted"]


def test_a_chapter_that_is_led_on_by_the_writer_comes_back(tmp_path):
    plain = ONE.replace(" [다음](next)", "").replace(" [Next](next)", "")
    manuscript = book(tmp_path, plain)
    text, _ = taken(manuscript, change("en", "takeaway", "The end.", "End."))
    assert text == plain.replace("The end.", "End.")
    with pytest.raises(TakeError,
        match=r"takeaway, en: the last line is written by itself; wanted 'Next chapter: \[Sec"):
        taken(manuscript, change("en", "takeaway", "Next chapter", "Then"))
    longer, _ = taken(manuscript, *(insert(language, 99, new("markdown", "더 more", "more"))
                                    for language in LANGUAGES))
    assert longer == plain + "\n<!-- cell more -->\n<!-- ko -->\n더 more\n<!-- en -->\n더 more\n"


def test_choices_written_by_hand_stay_as_they_are(tmp_path):
    hand = ONE.replace("⟦두 수|two numbers⟧", "⟦T = 8, 두 수|T = 8, two numbers⟧")
    text, _ = taken(book(tmp_path, hand), *(change(language, "data-code", "a / 2", "a / 3") for language in LANGUAGES))
    assert text == hand.replace("a / 2", "a / 3")


def test_words_of_a_choice_are_found_as_whole_words(tiny):
    text, _ = taken(tiny, change("en", "data-code", '(f"half', '(f"behalf, halfway: half'),
                    change("en", "data-code", ".2f", ".1f"))
    assert text == ONE.replace('(f"⟦반', '(f"behalf, halfway: ⟦반').replace(".2f", ".1f")


# --- edits that do not ------------------------------------------------------------------------------------------------

REFUSED = {
    "code changed differently": ([change("ko", "data-code", "a / 2", "a / 3"), change("en", "data-code", "a / 2",
        "a / 4")],
                                 "data-code: the code differs: return a / 3 in ko, return a / 4 in en; edit it in"),
    "more lines in one": ([change("ko", "data-code", "a / 2", "a / 3"), change("en", "data-code", "a / 2", "a / 3\n1")],
                          "data-code: the code differs"),
    "new Korean words in code": ([change("ko", "data-code", "a / 2", "a / 2  # 반으로")],
                                 "data-code: new Korean words need their English ones, ⟦한국어|English⟧, got '반으로'"),
    "a label and its line": ([change("ko", "data-code", 'xlabel="시점"', 'title="때"')],
                             "data-code: cannot tell what became of ⟦시점\\|time⟧"),
    "a label that is gone": ([change("en", "data-code", '# two numbers', "")],
                             "data-code: cannot tell what became of ⟦두 수\\|two numbers⟧"),
    "a label without Hangul": ([change("ko", "data-code", '"시점"', '"t"'), change("en", "data-code", '"time"',
        '"time (s)"')],
                               "data-code: the words cannot be laid side by side: the first side of a choice"),
    "a choice typed into a notebook": ([change("ko", "data-code", "a / 2", "a / 2  # ⟦반")],
        "data-code: new Korean words"),
    "half a choice typed into a notebook": ([change("en", "data-code", "a / 2", "a / 2  # |x⟧")],
        "data-code: wanted choices like"),
    "the setup cell": ([change("en", "setup", "--quiet ", "")], "setup, en: this cell is the same in all chapters"),
    "no setup cell": ([pop("ko", 1)], "setup, ko: this cell is the same"),
    "the title": ([change("ko", "title", "# 한 장", "# 다른 장")], "title, ko: the title stands in the head of"),
    "the opening moved": ([move("ko", 0, 3)], "title: the opening must stay"),
    "a solution's title": ([change("en", "twice-solution", "# @title Solution", "# Answer")],
                           "twice-solution: cannot tell what became of ⟦풀이"),
    "a solution's titles": ([change("en", "twice-solution", "@title Solution", "@title Answer"),
                             change("ko", "twice-solution", "@title 풀이", "@title 답")],
                            "twice-solution: .*written by themselves"),
    "a solution's check": ([change("en", "twice-solution", '"one/twice"', '"one/thrice"')],
                           "twice-solution: .*written by themselves"),
    "an exercise's id": ([change("ko", "twice-check", '"one/twice"', '"one/thrice"')],
                         "twice-check: .*written by themselves"),
    "a kind": ([lambda edited: edited["ko"][2].update(cell_type="code")], "data, ko: markdown became code"),
    "a raw cell": ([lambda edited: edited["ko"][2].update(cell_type="raw")],
        "data, ko: wanted a cell of Markdown or code"),
    "an id that is gone": ([lambda edited: edited["ko"][2].pop("id")], "cell 3, ko: wanted an id of its own, got None"),
    "an id twice": ([lambda edited: edited["ko"][2].update(id="title")],
        "cell 3, ko: wanted an id of its own, got 'title'"),
    "different tags": ([with_tags("ko", 3, "a"),
                        with_tags("en", 3, "b")], "data-code: the tags were edited diff"),
    "an exercise's tags": ([with_tags("ko", 4, "a")], "twice-stub, ko: cannot be taken"),
    "moved differently": ([move("ko", 3, 2), pop("en", 3)],
                          "differently in the two notebooks: after title comes data-code in ko, data in en"),
    "added differently": ([insert("ko", 3, new("markdown", "새 글")),
                           insert("en", 3, new("code", "1"))],
                          "differently in the two notebooks: after data comes markdown in ko, code in en"),
    "added codes that differ": ([insert("ko", 3, new("code", "1")),
                                 insert("en", 3, new("code", "2"))], "a new cell, .*differs: 1 in"),
    "an empty new cell": ([insert("ko", 3, new("markdown", ""))], "a new cell after data is empty"),
    "an emptied cell": ([change("ko", "data", "## 데이터\n\n글입니다.", "")], "cell data: wanted its text in ko, got none"),
    "a marker in prose": ([change("ko", "data", "글", "\n<!-- cell x -->\n글")], "cannot be read"),
    "the stub of an exercise": ([pop("ko", 4)], "twice-check: wanted <!-- stub twice -->"),
    "a link to the source": ([change("en", "data", "A text", "[A](two.md) text")],
        "data, en: cannot be taken back as it is"),
    "the next chapter in one": ([change("ko", "takeaway", "[다음](two.ipynb)", "끝")],
        "wanted \\[words\\]\\(next\\) in both lang"),
}


@pytest.mark.parametrize("edits, message", REFUSED.values(), ids=REFUSED)
def test_what_cannot_come_back_is_refused(tiny, edits, message):
    before = str(tiny.sources["net/one"])
    with pytest.raises(TakeError, match=f"(?s){message}"):
        taken(tiny, *edits)
    assert str(tiny.sources["net/one"]) == before == ONE


# --- source and notebook edited ---------------------------------------------------------------------------------------

def test_the_source_may_have_been_edited_in_other_cells(tmp_path):
    written = cells(book(tmp_path))
    changed = ONE.replace("A text.", "Some text.").replace("def half(a)", "def half(b)").replace("return a", "return b")
    manuscript = book(tmp_path, changed)
    edited = copy.deepcopy(written)
    change("ko", "takeaway", "끝", "참 끝")(edited)
    source, done = take(manuscript, "net/one", written, edited)
    assert str(source) == changed.replace("끝.", "참 끝.") and done == ["takeaway: taken from ko"]
    same = copy.deepcopy(written)  # the same edit in both
    change("en", "data", "A text", "Some text")(same)
    assert take(manuscript, "net/one", written, same)[1] == []
    change("en", "data", "Some", "Much")(same)
    with pytest.raises(TakeError, match="data, en: was edited both in the source and in the notebook"):
        take(manuscript, "net/one", written, same)
    moved = book(tmp_path, changed.replace("<!-- cell data -->", "<!-- cell words -->"))  # and written, and committed
    assert take(moved, "net/one", written, cells(moved)) == (moved.sources["net/one"], [])
    edited["ko"].pop(3)
    manuscript = book(tmp_path, changed.replace("<!-- cell data -->", "<!-- cell words -->"))
    with pytest.raises(TakeError, match="added, deleted or moved both in the source and in a notebook"):
        take(manuscript, "net/one", written, edited)


def test_a_solution_of_the_exercise_is_not_edited_in_the_notebook(tmp_path, monkeypatch):
    monkeypatch.setattr("press.manuscript.solution_source",
        lambda *arguments: "def solution_twice(x):\n    return 2 * x")
    manuscript = book(tmp_path, ONE[:ONE.index("```python\ndef solution")] + ONE[ONE.index("\n<!-- cell takeaway"):])
    with pytest.raises(TakeError, match="twice-solution: its code stands with its exercise in seqbook.exercises"):
        taken(manuscript, change("ko", "twice-solution", "2 * x", "x * 2"))


# --- any chapter ------------------------------------------------------------------------------------------------------

KOREAN = st.sampled_from(["말", "시점마다", "상태 $h$가", "**끝**", "`code`입니다", "- 하나\n- 둘", "## 제목", "```sh\nls\n```"])
ENGLISH = st.sampled_from(["words", "the state $h$", "**end**", "- one\n- two", "## Heading", "a [link](two.md#x)"])
LINES = st.sampled_from(["x = 1", "y = x  # ⟦합|sum⟧", 'print("⟦손실|loss⟧", x)', "def f(a):\n    return a", "", "z = '|'",
                         'print(f"⟦상태|state⟧ {x}, ⟦비율|factor⟧ {y:.2f}")', "%time f(1)", '"""⟦뜻|meaning⟧"""',
                             "t = '3월'"])


@st.composite
def any_cell(draw, name: str) -> Cell:
    if draw(st.booleans()):
        texts = {"ko": draw(st.lists(KOREAN, min_size=1, max_size=3)), "en": draw(st.lists(ENGLISH, min_size=1,
            max_size=3))}
        return Cell("cell", name, prose={language: "\n\n".join(text) for language, text in texts.items()})
    code = "\n".join(draw(st.lists(LINES, min_size=1, max_size=6))).strip("\n") or "x = 0"
    tags = tuple(draw(st.lists(st.sampled_from(["hide-input", "wide"]), unique=True)))
    alt = draw(st.sampled_from([{}, {"ko": "그림 하나", "en": "one figure"}, {"ko": "그림 " * 60 + "끝", "en": "a -- b"}]))
    return Cell("cell", name, tags, code=code, alt=alt)


@st.composite
def two_chapters(draw) -> tuple[str, str]:
    """Two versions of a chapter: cells edited, deleted, added and moved between them."""
    names = ["alpha", "beta", "gamma", "delta", "omega"]
    head = ONE[:ONE.index("<!-- cell data -->")]
    versions = []
    first = {name: draw(any_cell(name)) for name in names}
    for _ in range(2):
        order = draw(st.lists(st.sampled_from(names), unique=True))
        found = [first[name] for name in order]
        versions.append(head + "\n".join([*(cell.written() for cell in found), ONE[ONE.index("<!-- cell takeaway"):]]))
        first = {name: draw(any_cell(name)) if draw(st.booleans()) else cell for name, cell in first.items()}
        first = {name: new if new.code is None == (old.code is None) else old for (name, old), new in
                 zip(first.items(), first.values())}
    return versions[0], versions[1]


@settings(max_examples=60, deadline=None)
@given(two_chapters())
def test_any_chapter_becomes_any_other_through_its_notebooks(tmp_path_factory, chapters):
    """Editing both notebooks of one chapter into those of another gives the other's source, to the letter."""
    before, after = (book(tmp_path_factory.getbasetemp(), text) for text in chapters)
    kinds = [{cell["id"]: cell["cell_type"] for cell in cells(each)["ko"]} for each in (before, after)]
    if any(kinds[0].get(name, kind) != kind for name, kind in kinds[1].items()):
        with pytest.raises(TakeError, match="became"):
            take(before, "net/one", cells(before), cells(after))
    else:
        source, _ = take(before, "net/one", cells(before), cells(after))
        assert str(source) == chapters[1]


# --- the command ------------------------------------------------------------------------------------------------------

def test_the_command_takes_what_jupyter_saved(tmp_path, monkeypatch, capsys):
    write(book(tmp_path))
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "chapters/ko/net/one.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[2].source = notebook.cells[2].source.replace("글", "긴 글")
    notebook.cells[3].update(execution_count=7, outputs=[nbformat.v4.new_output("stream", text="1\n")])
    notebook.cells.insert(3, nbformat.v4.new_code_cell("x = 2"))
    notebook.metadata.language_info.version = "3.12"
    nbformat.write(notebook, path)
    with pytest.raises(EditedError):
        write(book(tmp_path))
    notebooks.main(["take", "net/one"])
    assert capsys.readouterr().out.split("\n")[:-1] == [
        "net/one: data: taken from ko", "net/one: data-next: new, from ko; its words in en are still to be written"]
    manuscript = Manuscript.open(Book.open(tmp_path))
    assert "긴 글입니다" in str(manuscript.sources["net/one"]) and not write(manuscript)
    assert path.read_text("utf-8") == as_json(manuscript.notebook("net/one", "ko"))
    notebooks.main(["take", "net/one", "net/two"])
    assert capsys.readouterr().out == "net/one: nothing to take\nnet/two: nothing to take\n"


def test_nothing_is_changed_by_what_is_refused(tmp_path, monkeypatch):
    write(book(tmp_path))
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "chapters/en/net/one.ipynb"
    path.write_text(path.read_text("utf-8").replace("--quiet", "--loud"), encoding="utf-8")
    before = {file: file.read_bytes() for file in tmp_path.rglob("*.*") if file.is_file()}
    with pytest.raises(SystemExit, match="^setup, en: this cell"):
        notebooks.main(["take", "net/one"])
    path.write_text("{", encoding="utf-8")
    with pytest.raises(SystemExit, match="one.ipynb cannot be read as a notebook"):
        notebooks.main(["take", "net/one"])
    with pytest.raises(SystemExit, match="^there is no chapters/net/none.md"):
        notebooks.main(["take", "net/none"])
    assert {file: file.read_bytes() for file in before if file != path} == {
        file: text for file, text in before.items() if file != path}


def test_edits_are_taken_on_a_fresh_clone_too(tmp_path):
    """Where nothing is known of what was last written, the source says what it was."""
    write(book(tmp_path))
    for file in (tmp_path / "_build").rglob("*.ipynb"):
        file.unlink()
    path = tmp_path / "chapters/en/net/one.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"][2]["source"] = ["## Data\n", "\n", "Words."]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert take_back(Book.open(tmp_path), "net/one") == ["data: taken from en"]
