"""A chapter's one source: what is written from it, what its form refuses, and that the committed notebooks are it."""

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from markdown_it import MarkdownIt

import seqbook.checks
from press import choices, notebooks
from press.book import Book
from press.manuscript import Manuscript
from press.markdown import headings
from press.notebooks import EditedError, as_json, stale, write
from press.source import SourceError, parse
from seqbook.language import LANGUAGES

ROOT = Path(__file__).parents[1]
BOOK = Manuscript.open(Book.open(ROOT))
FILES = sorted(path.relative_to(ROOT).as_posix() for path in notebooks.pages(BOOK))


@cache
def files() -> dict[str, str]:
    return {path.relative_to(ROOT).as_posix(): text for path, text in notebooks.pages(BOOK).items()}


# --- the committed files ----------------------------------------------------------------------------------------------

def test_there_are_two_notebooks_a_chapter_and_two_index_pages():
    assert len(FILES) == 2 * len(BOOK.sources) + 2 >= 16


@pytest.mark.parametrize("file", FILES)
def test_the_committed_file_is_what_its_source_says(file):
    same = (ROOT / file).read_text("utf-8") == files()[file]
    assert same, f"{file} is not what its source says: run make notebooks"


@pytest.mark.parametrize("file", [file for file in FILES if file.endswith(".ipynb")])
def test_a_notebook_is_valid_and_as_nbformat_writes_it(file):
    notebook = nbformat.reads(files()[file], as_version=4)
    nbformat.validate(notebook)
    assert nbformat.writes(notebook, version=4).rstrip("\n") + "\n" == files()[file]
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5) and "widgets" not in notebook.metadata
    assert not [cell.id for cell in notebook.cells if cell.get("outputs") or cell.get("execution_count")]
    assert [cell.id for cell in notebook.cells[:2]] == ["title", "setup"]


@pytest.mark.parametrize("page", BOOK.sources)
def test_a_source_reads_as_markdown(page):
    """An editor and a code host see the prose and the code, and the markers as comments."""
    source = BOOK.sources[page]
    tokens = MarkdownIt("commonmark").parse(str(source).removeprefix(source.head_text))
    fences = [token.content.strip("\n") for token in tokens if token.type == "fence" and token.info == "python"]
    assert fences == [cell.code for cell in source.cells if cell.code is not None]
    shown = [(int(token.tag[1]), tokens[place + 1].content) for place, token in enumerate(tokens)
             if token.type == "heading_open"]
    assert shown == [each for cell in source.cells for text in cell.prose.values() for each in headings(text)]
    assert all(re.fullmatch(r"(?s)\s*<!--((?!-->).)*-->\s*", token.content) for token in tokens
               if token.type == "html_block")


@pytest.mark.parametrize("page", BOOK.sources)
def test_both_notebooks_have_the_same_cells(page):
    shapes = [[(cell["id"], cell["cell_type"], cell["metadata"].get("tags"), cell["source"].count("\n")
                if cell["cell_type"] == "code" else None) for cell in BOOK.cells(page, language)]
              for language in LANGUAGES]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("page", BOOK.sources)
def test_a_source_is_read_without_loss(page):
    path = ROOT / "chapters" / f"{page}.md"
    source = BOOK.sources[page]
    assert str(source) == path.read_text("utf-8")
    again = parse(source.head_text + "\n".join(cell.written(marker=cell is not source.cells[0])
                                               for cell in source.cells))
    for cell, other in zip(source.cells, again.cells, strict=True):
        assert (cell.id, cell.kind, cell.tags, cell.prose, cell.code, cell.alt) == (
            other.id, other.kind, other.tags, other.prose, other.code, other.alt)
    assert str(again) == str(source)  # the book's sources are laid out as `take` would lay them out


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_map_of_the_lecture_notes_is_whole(language):
    """start/lecture-notes leads to every chapter that has a place in the notes, and names those still to come."""
    rows = [line for cell in BOOK.cells("start/lecture-notes", language) for line in cell["source"].split("\n")
            if line.startswith("| ")]
    for page, head, _ in BOOK._notes():
        if page in BOOK.sources:
            assert any(f"](../{page}.ipynb" in row for row in rows), page
        elif not page.startswith("beyond/"):    # not in the notes
            wanted = [f"| {heading if isinstance(heading, str) else heading[language]} | {head['title'][language]} |"
                      for heading in head["notes"]]
            assert set(wanted) <= set(rows), page


# --- code once --------------------------------------------------------------------------------------------------------

MERGED = {
    "the same code": ("x = 1\ny = 2", "x = 1\ny = 2", "x = 1\ny = 2"),
    "a label": ('print("은닉 상태")', 'print("hidden state")', 'print("⟦은닉 상태|hidden state⟧")'),
    "labels with a common start": ('f("가나 다")', 'f("가나 마")', 'f("가나 ⟦다|마⟧")'),
    "a word is not cut": ('f("Colab에는 없음")', 'f("Colab: none")', 'f("⟦Colab에는 없음|Colab: none⟧")'),
    "two labels in a line": ('f("가", 1, "나")', 'f("a", 1, "b")', 'f("⟦가|a⟧", 1, "⟦나|b⟧")'),
    "a comment": ("x = 1  # 하나", "x = 1  # one", "x = 1  # ⟦하나|one⟧"),
    "an f-string piece by piece": ('f"손실 {a:.2f}, 비율 {b}"', 'f"loss {a:.2f}, factor {b}"',
                                   'f"⟦손실|loss⟧ {a:.2f}, ⟦비율|factor⟧ {b}"'),
    "another word order": ('f"{a}과 {b}"', 'f"{b} and {a}"', 'f"⟦{a}과 {b}|{b} and {a}⟧"'),
    "a docstring of two lines": ('"""가\n나"""', '"""a\nb"""', '"""⟦가|a⟧\n⟦나|b⟧"""'),
    "a hash in a string": ('f("#가")  # 나', 'f("#a")  # b', 'f("#⟦가|a⟧")  # ⟦나|b⟧'),
    "a quote in a label": ("f('\"가\"')", "f('\"a\"')", "f('\"⟦가|a⟧\"')"),
    "brackets stay balanced": ('f("끝(50걸음)")', 'f("last (mean of 50)")', 'f("⟦끝(50걸음)|last (mean of 50)⟧")'),
    "the languages themselves": ('f(lang="ko")', 'f(lang="en")', 'f(lang="⟦ko|en⟧")'),
    "cell magic": ("%%time\nx = 1  # 가", "%%time\nx = 1  # a", "%%time\nx = 1  # ⟦가|a⟧"),
    "blank lines and indentation": ("    x = 1\n\n\n    y = 2  # 둘", "    x = 1\n\n\n    y = 2  # two",
                                    "    x = 1\n\n\n    y = 2  # ⟦둘|two⟧"),
    "not Python, but the same": ("x = (", "x = (", "x = ("),
}


@pytest.mark.parametrize("korean, english, merged", MERGED.values(), ids=MERGED)
def test_codes_are_merged_and_split_again(korean, english, merged):
    assert choices.merge(korean, english) == merged
    assert choices.split(merged) == {"ko": korean, "en": english}
    assert not choices.faults(merged)


@pytest.mark.parametrize("korean, english", [
    ("x = 1", "x = 2"), ("x = 1", "y = 1"), ("x = 1\ny = 2", "x = 1"), ("x = 1  # 하나", "x = 1"),
    ("x = 1\n# 가\n# 나", "x = 1\n# a and b"), ("f('tanh')", "f('relu')"), ("f('en')", "f('ko')"),
    ("f'{a:.1f}번'", "f'{a:.2f} times'"), ("f'{a}번'", "f'times'"), ("f'{a}과 {b}'", "f'{b} and {c}'"),
    ("f('가|나')", "f('a|b')"), ("f('⟦가⟧')", "f('a')"), ("%pip install 가", "%pip install a"), ("import a", "import b"),
    ("f'가 {a}'", "'a {a}'"), ("x = b'a'", "x = b'b'"), ("x = 가", "x = a"), ("f('')", "f('x')"),
])
def test_codes_that_differ_in_more_than_words_are_not_merged(korean, english):
    with pytest.raises(ValueError):
        choices.merge(korean, english)


@pytest.mark.parametrize("code, line, message", [
    ("x = ⟦가|1⟧", 0, "must stand in a string or a comment"), ("f(1)\nf('⟦tanh|relu⟧')", 1, "must have Hangul"),
    ("f('⟦en|ko⟧')", 0, "must have Hangul"), ("f('⟦|x⟧')", 0, "must have Hangul"),
    ("f('⟦가|나|다⟧')", 0, r"wanted choices like"), ("f('⟦가⟧')", 0, "wanted choices like"),
    ("1\n'''⟦가\n|b⟧'''", 1, "wanted choices like"), ("f('⟦가|a')", 0, "wanted choices like"),
    ("f('⟦⟦가|a⟧|b⟧')", 0, "wanted choices like"), ("%pip install ⟦가|a⟧", 0, "line of IPython's"),
    ("f'⟦{a}번|{b} times⟧'", 0, "the same values on both sides"), ("f'⟦{a}번|times⟧'", 0, "the same values"),
    ("f('⟦가', 1|a⟧')", 0, "must stand in a string"), ("f'{⟦가|a⟧}'", 0, "must stand in a string"),
    ("f(⟦'가'|'a', 1⟧)", 0, "must stand in a string"), ("x = '⟦가'; y = '나|a⟧'", 0, "must stand in a string"),
])
def test_a_choice_that_could_change_the_code_is_refused(code, line, message):
    (number, found), *_ = choices.faults(code)
    assert number == line and re.search(message, found)


@pytest.mark.parametrize("code", [
    "f('⟦가|a⟧')", "f(lang='⟦ko|en⟧')", "x = 1  # ⟦가|a⟧", "f'⟦{a}과 {b}|{b} and {a}⟧'", '"""⟦뜻|meaning⟧"""',
    "f'⟦{a:.1f}번|{a:.1f} times⟧'", "f('⟦{이름}|{name}⟧')", "f(r'⟦가|\\alpha⟧')", "x = a | b  # ⟦합|union⟧",
])
def test_a_choice_of_words_is_fine(code):
    assert not choices.faults(code)


# --- a source's form --------------------------------------------------------------------------------------------------

HEAD = """\
---
part: Networks
title: {ko: 좋은 장, en: A good chapter}
summary: {ko: 보기, en: an example}
---
"""
OPENING = "<!-- ko -->\n여는 말.\n<!-- en -->\nThe opening.\n\n"   # from line 6
START = HEAD + OPENING
PROSE = "<!-- cell text -->\n<!-- ko -->\n말\n<!-- en -->\nwords\n"   # from line 11


def test_a_source_by_hand_needs_no_particular_layout():
    loose = parse(HEAD + "\n\n<!--ko-->\n\n여는 말.\n\n\n<!--  en  -->\nThe opening.\n"
                  "<!-- cell code hide-input wide -->\n\n\n"
                  "```python\n\nx = 1\n\n\n```\n\n\n"
                  "<!-- cell text -->\n<!-- en -->\n```sh\n<!-- ko -->\n```\n\n<!-- ko -->\n말")
    opening, code, text = loose.cells
    assert opening.prose == {"ko": "여는 말.", "en": "The opening."} and code.code == "x = 1"
    assert code.tags == ("hide-input", "wide") and code.lines["code"] == 20
    assert text.prose == {"en": "```sh\n<!-- ko -->\n```", "ko": "말"} and text.lines == {"en": 28, "ko": 33}
    assert str(loose).endswith("말")


def test_a_long_alternative_text_spans_lines_and_is_one_paragraph():
    words = " ".join(f"word-{number}" for number in range(50))
    source = parse(START + f"<!-- cell plot -->\n<!-- alt ko: 그림 -->\n<!-- alt en: {words} -->\n"
                                    "```python\nplot()\n```\n")
    text = source.cells[1].written()
    assert max(map(len, text.split("\n"))) <= 120 and parse(START + text).cells[1].alt["en"] == words


def test_code_with_fences_of_its_own_is_fenced_by_a_longer_one():
    code = 'x = """\n```sh\nls\n```\n````\n"""'
    cell = parse(START + f"<!-- cell code -->\n`````python\n{code}\n`````\n").cells[1]
    assert cell.code == code and cell.written().count("`````") == 2
    assert parse(START + cell.written()).cells[1].code == code


@pytest.mark.parametrize("text, line, message", [
    ("# A chapter", 1, "must start with its head between two lines '---', got '# A chapter'"),
    ("---\npart: [\n---\n", 3, "the head is not YAML"),
    ("---\nwords\n---\n", 2, "the head must be keys with values, got 'words'"),
    (HEAD + "Words.\n", 6,
     "cell title: wanted a line <!-- ko --> or <!-- en --> before prose, or ```python before code"),
    (HEAD + "<!-- ko -->\n말\n", 6, "cell title: wanted its text in en, got none"),
    (HEAD + "<!-- ko -->\n<!-- en -->\nx\n", 6, "cell title: wanted its text in ko, got none"),
    (HEAD + OPENING.replace("<!-- en", "<!-- ko"), 8, "cell title: a second text in ko; the first stands in line 7"),
    (HEAD + OPENING.replace("<!-- en", "<!-- fr"), 8,
     "wanted a marker (cell, stub, check, solution, list, ko, en, alt)"),
    (START + "<!-- cell -->\n", 11, "wanted <!-- cell ID --> (words joined by hyphens), got '<!-- cell -->'"),
    (START + "<!-- cell Some_cell -->\n", 11, "wanted <!-- cell ID -->"),
    (START + "<!-- cell 5f3a9c21 -->\n", 11, "wanted <!-- cell ID -->"),
    (START + "<!-- cell a1b2c3d4 -->\n", 11, "an id must be words, got 'a1b2c3d4'"),
    (START + "<!-- cell text --> words\n", 11, "a marker must stand alone on its line"),
    (START + "<!-- cell text -->\n\n" + PROSE, 11, "cell text: wanted prose in both languages, or a block of code"),
    (START + PROSE + PROSE, 16, "the id 'text' is taken by the cell in line 11"),
    (START + PROSE.replace("text", "title"), 11, "the id 'title' is taken by the cell in line 6"),
    (START + PROSE + "```python\n1\n", 16, "the block opened here with ``` is never closed"),
    (START + "<!-- cell x -->\n```python\n1\n```\n```python\n2\n```\n", 15, "wanted one block of code a cell"),
    (START + "<!-- cell x -->\n```python\n1\n```\n<!-- ko -->\n말\n", 11, "cell x: wanted prose or code, got both"),
    (START + "<!-- cell x -->\n```\n1\n```\n", 12, "wanted a line <!-- ko --> or <!-- en --> before prose, or ```py"),
    (START + "<!-- cell x -->\n```python\n\n```\n", 11, "cell x: wanted code, got an empty block"),
    (START + "<!-- cell x -->\n<!-- alt ko: 말 -->\n```python\n1\n```\n", 11, "wanted alt texts in both languages"),
    (START + "<!-- cell x -->\n<!-- alt: 말 -->\n```python\n1\n```\n", 12, "wanted <!-- alt ko: … --> or <!-- alt en"),
    (START + "<!-- cell x -->\n<!-- alt ko: 말\n```python\n1\n```\n", 12, "wanted <!-- alt ko: … --> or <!-- alt en"),
    (START + "<!-- stub x more -->\n", 11, "a stub takes no tags, got 'more'"),
    (START + "<!-- cell x solution -->\n```python\n1\n```\n", 11, "wanted <!-- solution NAME -->"),
    (START + "<!-- stub x -->\n", 11, "x-stub: wanted the unfinished function in a block of code, got none"),
    (START + PROSE.replace("cell", "check"), 11, "text-check: wanted code, got prose"),
    (START + "<!-- list pages -->\n", 11, "wanted <!-- list chapters or notes -->"),
    (START + "<!-- list notes -->\n말\n", 12, "wanted a line <!-- ko -->"),
    (START + "<!-- note: x -->\n", 11, "cell title: wanted a marker"),
])
def test_a_malformed_source_is_refused_with_its_line(text, line, message):
    with pytest.raises(SourceError, match=re.escape(message)) as caught:
        parse(text, Path("chapters/rnn/good.md"))
    assert str(caught.value).startswith(f"chapters/rnn/good.md:{line}: ")


# --- a tiny book ------------------------------------------------------------------------------------------------------

STUB = '<!-- stub twice -->\n```python\ndef twice(x):\n    """⟦두 배|double⟧"""\n    raise NotImplementedError\n```\n\n'
SOLUTION = "```python\ndef solution_twice(x):\n    return 2 * x  # ⟦두 배|twice⟧\n```\n"
EXERCISE = STUB + "<!-- check twice -->\n\n<!-- solution twice -->\n"
CLOSING = "\n<!-- cell takeaway -->\n<!-- ko -->\n끝.\n<!-- en -->\nThe end.\n"
INDEX = """\
---
notes:
- net/one
- {page: net/later, title: {ko: 나중, en: Later}, notes: [Far, {ko: 멀리, en: far}]}
---
<!-- ko -->
책.
<!-- en -->
Book.

<!-- list chapters -->

<!-- cell map -->
<!-- ko -->
## 지도
<!-- en -->
## Map

<!-- list notes -->

<!-- cell end -->
<!-- ko -->
[](net/one.md)부터.
<!-- en -->
From [](net/one.md).
"""
ONE = HEAD.replace("---\n<", "<").replace("summary", "notes: [Near]\nsummary")
FIRST = ONE + OPENING
TWO = HEAD.replace("좋은 장", "둘째 장 (둘)").replace("A good chapter", "Second (two)").replace(
    "summary", "short: {ko: 둘째 장, en: Second}\nsummary")


def book(folder: Path, *, index: str = INDEX, **chapters: str) -> Manuscript:
    """A book of the chapters net/NAME, in this order."""
    (folder / "_config.yml").write_text("repository: {url: 'https://example.org/book/', branch: main}\n"
                                        "languages: {ko: {title: 책}, en: {title: Book}}\n", encoding="utf-8")
    files = ", ".join(f"{{file: net/{name}}}" for name in chapters)
    (folder / "_toc.yml").write_text(f"root: index\nparts: [{{caption: Networks, chapters: [{files}]}}]\n")
    (folder / "chapters/net").mkdir(parents=True, exist_ok=True)
    (folder / "chapters/index.md").write_text(index, encoding="utf-8")
    for name, text in chapters.items():
        (folder / f"chapters/net/{name}.md").write_text(text, encoding="utf-8")
    return Manuscript.open(Book.open(folder))


def both(folder: Path, **changes) -> Manuscript:
    return book(folder, **{"one": FIRST + EXERCISE + SOLUTION + CLOSING, "two": TWO + OPENING + CLOSING, **changes})


def sources(manuscript: Manuscript, page: str, language: str) -> dict[str, str]:
    return {cell["id"]: cell["source"] for cell in manuscript.cells(page, language)}


def test_what_is_written_into_a_notebook(tmp_path):
    manuscript = both(tmp_path)
    korean = sources(manuscript, "net/one", "ko")
    assert list(korean) == ["title", "setup", "twice-stub", "twice-check", "twice-solution", "takeaway"]
    assert korean["title"] == "# 좋은 장\n\n여는 말."
    assert korean["setup"] == '''\
# @title 준비: Colab에서는 먼저 실행하세요
REPOSITORY = "https://example.org/book"
try:
    import seqbook
except ModuleNotFoundError:  # Colab에는 없는 것만 설치합니다
    %pip install --quiet --no-deps "seqbook @ git+{REPOSITORY}" koreanize-matplotlib
    import seqbook

seqbook.setup(lang="ko")'''
    assert korean["twice-check"] == 'check("one/twice", twice)'
    english = sources(manuscript, "net/one", "en")
    assert "# @title Setup: run this first" in english["setup"] and english["setup"].endswith('setup(lang="en")')
    assert english["twice-solution"] == ('# @title Solution\ndef solution_twice(x):\n    return 2 * x  # twice\n\n\n'
                                         'check("one/twice", solution_twice)')
    folded = {"cellView": "form", "jupyter": {"source_hidden": True}}
    metadata = {cell["id"]: cell["metadata"] for cell in manuscript.cells("net/one", "en")}
    assert metadata == {"title": {}, "setup": folded | {"tags": ["hide-input"]}, "twice-stub": {"tags": ["exercise"]},
                        "twice-check": {}, "twice-solution": folded | {"tags": ["hide-input", "solution"]},
                            "takeaway": {}}


def test_a_chapter_leads_to_the_next_one_of_the_contents(tmp_path):
    manuscript = both(tmp_path)
    assert sources(manuscript, "net/one", "ko")["takeaway"] == "끝.\n\n다음 장: [둘째 장](two.ipynb)"
    assert sources(manuscript, "net/one", "en")["takeaway"] == "The end.\n\nNext chapter: [Second](two.ipynb)"
    assert sources(manuscript, "net/two", "en")["takeaway"] == "The end."
    own = both(tmp_path, one=FIRST + CLOSING.replace("끝.", "[다음](next)으로.").replace("The end.", "On to [](next)."))
    assert sources(own, "net/one", "ko")["takeaway"] == "[다음](two.ipynb)으로."
    assert sources(own, "net/one", "en")["takeaway"] == "On to [Second](two.ipynb)."
    turned = book(tmp_path, two=TWO + OPENING + CLOSING, one=FIRST + CLOSING)
    assert sources(turned, "net/two", "en")["takeaway"].endswith("[A good chapter](one.ipynb)")


def test_links_lead_from_source_to_source_and_from_notebook_to_notebook(tmp_path):
    links = ("[a](two.md), [](two.md#x), [b](../net/two.md#y), [c](../start/glossary.md), "
             "[d](https://x.org/two.md), [e](#f)")
    manuscript = both(tmp_path, one=ONE + OPENING.replace("The opening.", links) + CLOSING)
    assert sources(manuscript, "net/one", "en")["title"].endswith(
        "[a](two.ipynb), [Second](two.ipynb#x), [b](two.ipynb#y), [c](../start/glossary.md), "
        "[d](https://x.org/two.md), [e](#f)")


def test_a_link_to_a_cell_leads_to_its_heading_in_each_language(tmp_path):
    section = "\n<!-- cell far -->\n<!-- ko -->\n## 먼 곳: $h$\n<!-- en -->\n## Far $h$, (away)\n"
    links = "[](two.md#far), [a](two.md#far), [](two.md#takeaway)"
    manuscript = both(tmp_path, one=ONE + OPENING.replace("The opening.", links).replace("여는 말.", links) + CLOSING,
                      two=TWO + OPENING + section + CLOSING)
    assert sources(manuscript, "net/one", "en")["title"].endswith(
        "[Far $h$, (away)](two.ipynb#far--away), [a](two.ipynb#far--away), [Second](two.ipynb#takeaway)")
    assert sources(manuscript, "net/one", "ko")["title"].endswith(
        "[먼 곳: $h$](two.ipynb#먼-곳-), [a](two.ipynb#먼-곳-), [둘째 장](two.ipynb#takeaway)")
    cell = manuscript.sources["net/one"].cells[0]
    shown = manuscript.with_links("net/one", cell, "ko")
    assert manuscript.without_links("net/one", cell, "ko", shown) == cell.prose["ko"]


def test_the_index_pages_have_their_lists(tmp_path):
    manuscript = both(tmp_path)
    assert manuscript.index_page("en") == """\
# Book

Book.

1. [A good chapter](net/one.ipynb): an example
2. [Second](net/two.ipynb): an example

## Map

| heading in the notes | chapter in this book |
| --- | --- |
| Near | [A good chapter](net/one.ipynb) |
| Far | Later |
| far | Later |

From [A good chapter](net/one.ipynb).
"""
    assert "| Near | [좋은 장](net/one.ipynb) |\n| Far | 나중 |\n| 멀리 | 나중 |\n" in manuscript.index_page("ko")


def test_a_gpu_is_asked_for_in_the_notebook(tmp_path):
    manuscript = both(tmp_path, two=TWO.replace("summary", "gpu: true\nsummary") + OPENING + CLOSING)
    assert manuscript.notebook("net/two", "en")["metadata"]["accelerator"] == "GPU"
    assert manuscript.notebook("net/two", "en")["metadata"]["colab"]["gpuType"] == "T4"
    assert "accelerator" not in manuscript.notebook("net/one", "en")["metadata"]


def test_a_solution_and_a_check_are_filled_from_the_exercise(tmp_path, monkeypatch):
    fake = SimpleNamespace(solution_source=lambda: "def solution_twice(x):\n    return x + x  # ⟦더하기|a sum⟧\n")
    monkeypatch.setattr(seqbook.checks, "EXERCISES", {"one/twice": fake})
    manuscript = both(tmp_path, one=FIRST + EXERCISE + CLOSING)
    for language, title, comment in (("ko", "풀이", "더하기"), ("en", "Solution", "a sum")):
        assert sources(manuscript, "net/one", language)["twice-solution"] == (
            f"# @title {title}\ndef solution_twice(x):\n    return x + x  # {comment}\n\n\n"
            f'check("one/twice", solution_twice)')
    wrong = SimpleNamespace(solution_source=lambda: "def solution_twice(x):\n    return ⟦둘|2⟧ * x\n")
    monkeypatch.setattr(seqbook.checks, "EXERCISES", {"one/twice": wrong})
    with pytest.raises(SourceError, match="one.md:21: a choice must stand in a string"):
        manuscript.cells("net/one", "en")


def test_code_may_stand_before_the_check(tmp_path):
    code = "```python\nfrom seqbook.checks import check\n```\n\n"
    text = f"{STUB}<!-- check twice -->\n{code}<!-- solution twice -->\n{SOLUTION}"
    check = sources(both(tmp_path, one=FIRST + text + CLOSING), "net/one", "en")["twice-check"]
    assert check == 'from seqbook.checks import check\n\ncheck("one/twice", twice)'


@pytest.mark.parametrize("changes, where, message", [
    ({"one": ONE.replace("part: Networks", "part: Nets") + OPENING}, "one.md:2",
     "part must be 'Networks', the caption"),
    ({"one": ONE.replace("title: {ko: 좋은 장,", "title: {") + OPENING}, "one.md:3", "title must be {ko: …, en: …}"),
    ({"one": ONE.replace("summary: {ko: 보기", "summary: {ko: 3") + OPENING}, "one.md:5",
     "summary must be {ko: …, en: …}"),
    ({"one": ONE.replace("notes: [Near]", "notes: Near") + OPENING}, "one.md:4",
     "notes must be a list of headings, got 'Ne"),
    ({"one": ONE.replace("part", "chapter: 1\npart") + OPENING}, "one.md:2",
     "wanted the keys gpu, notes, part, short,"),
    ({"one": ONE.replace("part", "gpu: T4\npart") + OPENING}, "one.md:2", "gpu must be true or false, got 'T4'"),
    ({"one": FIRST + "<!-- list notes -->\n"}, "one.md:12", "a list stands in chapters/index.md only"),
    ({"one": FIRST + "<!-- cell x -->\n```python\n1\n```\n"}, "one.md:12", "a chapter must end in prose"),
    ({"one": ONE + OPENING.replace("The opening", "[x](next)")}, "one.md:7", "in both languages, got it in en"),
    ({"two": TWO + OPENING.replace("The opening", "[x](next)").replace("여는", "[x](next)")}, "two.md:8",
     "wanted a chapter after net/two in _toc.yml for '](next)', got none"),
    ({"one": ONE + OPENING.replace("The", "[x](two.ipynb)")}, "one.md:10",
     "wanted a link to a chapter's source (….md)"),
    ({"one": ONE + OPENING.replace("The", "[](none.md)")}, "one.md:10",
     "wanted the words of a link that leads to no chapter"),
    ({"one": FIRST + "<!-- check twice -->\n" + CLOSING}, "one.md:12", "wanted <!-- stub twice --> with one function"),
    ({"one": FIRST + STUB.replace("def", "x = lambda") + "<!-- check twice -->\n" + CLOSING}, "one.md:12",
     "twice-check: wanted <!-- stub twice --> with one function, got []"),
    ({"one": FIRST + EXERCISE + CLOSING}, "one.md:21",
     "twice-solution: wanted code, or an exercise 'one/twice' that brings its solution"),
    ({"one": FIRST + "<!-- cell x -->\n```python\n1\nf('⟦a|b⟧')\n```\n" + CLOSING}, "one.md:15", "must have Hangul"),
    ({"one": FIRST + EXERCISE + SOLUTION.replace("⟦두 배", "⟦x") + CLOSING}, "one.md:24", "must have Hangul"),
    ({"index": INDEX.replace("- net/one\n", "")}, "index.md:2",
     "notes: wanted net/one where the lecture notes have it"),
    ({"index": INDEX.replace("- net/one\n", "- net/one\n- net/none\n")}, "index.md:2",
     "notes: net/none has no source yet"),
    ({"index": INDEX.replace("page: net/later", "page: net/two")}, "index.md:2",
     "notes: net/two is written and brings"),
    ({"index": INDEX.replace("page: net/later, ", "")}, "index.md:2",
     "notes: wanted a page, or {page, title, notes} to come"),
    ({"index": INDEX.replace("- net/one\n", "- net/one\n- net/two\n")}, "two.md:1", "wanted notes, the headings of"),
    ({"index": INDEX + "\n<!-- cell x -->\n```python\n1\n```\n"}, "index.md:27",
     "the index has prose and lists, no code"),
])
def test_a_source_that_does_not_fit_the_book_is_refused(tmp_path, changes, where, message):
    with pytest.raises(SourceError, match=re.escape(message)) as caught:
        notebooks.pages(both(tmp_path, **changes))
    assert re.match(rf"chapters/(net/)?{where}: ", str(caught.value))


def test_a_source_that_the_contents_do_not_name_is_refused(tmp_path):
    both(tmp_path)
    (tmp_path / "chapters/net/three.md").write_text(START, encoding="utf-8")
    with pytest.raises(SourceError, match="three.md:1: wanted a line '- file: net/three' in _toc.yml, got none"):
        Manuscript.open(Book.open(tmp_path))


# --- the command ------------------------------------------------------------------------------------------------------

def test_the_command_writes_what_differs(tmp_path, monkeypatch, capsys):
    both(tmp_path)
    monkeypatch.chdir(tmp_path)
    notebooks.main([])
    assert capsys.readouterr().out.split("\n")[:2] == ["wrote chapters/ko/net/one.ipynb",
        "wrote chapters/en/net/one.ipynb"]
    first = {path: path.read_bytes() for folder in LANGUAGES for path in (tmp_path / "chapters" / folder).rglob("*.*")}
    assert len(first) == 6
    notebooks.main([])
    assert capsys.readouterr().out == "All notebooks and index pages are as their sources say.\n"
    manuscript = both(tmp_path, two=TWO + OPENING.replace("여는", "다른") + CLOSING)
    assert stale(manuscript) == [tmp_path / "chapters/ko/net/two.ipynb"]
    assert write(manuscript) == [tmp_path / "chapters/ko/net/two.ipynb"] and not stale(manuscript)
    write(both(tmp_path))
    assert {path: path.read_bytes() for path in first} == first
    with pytest.raises(SystemExit, match="usage"):
        notebooks.main(["take"])
    (tmp_path / "chapters/net/two.md").write_text("x")
    with pytest.raises(SystemExit, match="^chapters/net/two.md:1: a source must start with its head"):
        notebooks.main([])


def test_an_edited_notebook_is_not_overwritten(tmp_path, monkeypatch, capsys):
    write(both(tmp_path))
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "chapters/ko/net/one.ipynb"
    edited = path.read_text("utf-8").replace("끝.", "끝이 아님.")
    path.write_text(edited, encoding="utf-8")
    other = both(tmp_path, two=TWO + OPENING.replace("The", "An") + CLOSING)
    with pytest.raises(EditedError,
        match=r"(?s)Nothing was written.*chapters/ko/net/one.ipynb.*take net/one\n.*--force"):
        write(other)
    assert path.read_text("utf-8") == edited
    assert "An opening" not in (tmp_path / "chapters/en/net/two.ipynb").read_text("utf-8")
    (tmp_path / "chapters/ko/index.md").write_text("# x")
    with pytest.raises(SystemExit, match=r"(?s)chapters/ko/index.md"):
        notebooks.main([])
    notebooks.main(["--force"])
    assert not stale(other)


def test_a_committed_notebook_is_overwritten_without_asking(tmp_path):
    """On a fresh clone nothing is known of what was last written; what is committed cannot be lost."""
    if not shutil.which("git"):
        pytest.skip("needs git")
    write(both(tmp_path))
    shutil.rmtree(tmp_path / "_build")
    path = tmp_path / "chapters/en/net/two.ipynb"
    path.write_text(path.read_text("utf-8").replace("The end.", "End."), encoding="utf-8")
    changed = both(tmp_path)
    with pytest.raises(EditedError):
        write(changed)
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run([*git, *command], cwd=tmp_path, check=True)
    assert write(changed) == [path]


def test_notebooks_are_the_same_whatever_the_order_of_files(tmp_path):
    manuscript = both(tmp_path)
    assert as_json(manuscript.notebook("net/one", "ko")) == as_json(json.loads(json.dumps(manuscript.notebook(
        "net/one", "ko"), sort_keys=True)))
