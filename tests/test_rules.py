"""The chapters keep to the book's rules, in both languages; every rule is seen to find its fault."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from myst_parser.mdit_to_docutils.base import default_slugify

from press.book import Book
from press.manuscript import Manuscript
from press.markdown import equations, headings, slug
from press.rules import Page, contents, pages_of
from press.rules import page as page_rules
from press.rules.__main__ import faults_of, main
from press.rules.page import PAGE_RULES, TEXT_RULES
from press.rules.pair import PAIR_RULES, same_structure
from press.rules.path import divided
from press.rules.predictions import predictions
from seqbook.language import LANGUAGES

ROOT = Path(__file__).parents[1]
BOOK = Manuscript.open(Book.open(ROOT))
NAMES = pages_of(BOOK)


@cache
def page(name: str, language: str) -> Page:
    return Page.of(BOOK, name, language)


def names_of(rules):
    return pytest.mark.parametrize("rule", rules, ids=[rule.__name__ for rule in rules])


# --- the book keeps to the rules --------------------------------------------------------------------------------------

@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
@names_of(PAGE_RULES)
def test_every_page_keeps_to(rule, name, language):
    if name != "index" or rule in TEXT_RULES:  # the index has no code
        checked = page(name, language)
        assert [checked.where(fault) for fault in rule(checked)] == []


@pytest.mark.parametrize("name", NAMES)
@names_of(PAIR_RULES)
def test_both_languages_have(rule, name):
    pages = [page(name, language) for language in LANGUAGES]
    assert [pages[0].where(fault) for fault in rule(*pages)] == []


def test_all_pages_of_both_languages_stand_in_the_contents():
    assert len(NAMES) > 5 and not contents(BOOK)


REGISTRIES = re.compile(r"pypi[.]org|pythonhosted[.]org|npmjs[.](org|com)|yarnpkg[.]com|deb[.]debian|debian[.]org")


def test_no_registry_is_named_anywhere_in_the_repository():
    """Packages are asked for by name only; which registry serves them is the reader's affair."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in listed.split("\0") if name]
    assert len(files) > 10
    found = {str(path): hit[0] for path in files if path.is_file()
             if (hit := REGISTRIES.search(path.read_bytes().decode("utf-8", errors="ignore")))}
    assert not found


@pytest.mark.parametrize("host", [("pypi", "org"), ("registry", "npmjs", "org"), ("deb", "debian", "org")])
def test_a_registry_would_be_found(host):
    assert REGISTRIES.search(f'"resolved": "https://{".".join(host)}/x"')


# --- and the rules find faults ----------------------------------------------------------------------------------------

def exercise(name: str) -> str:
    return f'''
<!-- cell {name}-prompt -->
<!-- ko -->
### 문제 {name}
함수를 완성하세요.
<!-- en -->
### Problem {name}
Complete the function.

<!-- stub {name} -->
```python
def {name}(x):
    """⟦x (B,) → 두 배|x (B,) → twice⟧"""
    raise NotImplementedError
```

<!-- check {name} -->

<!-- solution {name} -->
```python
def solution_{name}(x):
    return 2 * x  # ⟦원소별|elementwise⟧
```
'''


GOOD = '''\
---
part: Recurrent networks
title: {ko: 좋은 장, en: A good chapter}
summary: {ko: 보기, en: an example}
---
<!-- ko -->
문장과 식 $h^{(t)}$, [다음 절](#그림-하나)과 [용어](../start/glossary.md)가 있는 글입니다.
$$a = b \\text{이고} c$$
<!-- en -->
A text with the formula $h^{(t)}$, [the next section](#one-figure) and [terms](../start/glossary.md).
$$a = b \\text{ and } c$$

<!-- cell picture -->
<!-- ko -->
## 그림 하나

`<b>`와 $1 < 2 > 0$은 HTML이 아니라 코드와 식입니다.
<!-- en -->
## One figure

`<b>` and $1 < 2 > 0$ are code and math, not HTML.

<!-- cell picture-code -->
<!-- alt ko: 시점에 따라 오르는 곧은 선 하나가 그려진 그림입니다. -->
<!-- alt en: A figure with one straight line that rises with time. -->
```python
import matplotlib.pyplot as plt
from seqbook.checks import check

steps = 3
fig, ax = plt.subplots()
ax.plot(range(steps))
ax.set(title="⟦시점|time⟧", xlabel=f"⟦모두 {steps:d}번|{steps:d} in all⟧")
```

<!-- cell guess-code hide-input -->
```python
from seqbook.widgets import Predict

halves = [step // 2 for step in range(steps)]
Predict("⟦합은 얼마인가요?|What is the sum?⟧", ["⟦없음|none⟧", "⟦하나|one⟧", "⟦둘|two⟧"], right=sum(halves),
        why=f"⟦합은 {sum(halves)}입니다.|The sum is {sum(halves)}.⟧")
```

<!-- cell guess-shown -->
<!-- ko -->
합은 1입니다.
<!-- en -->
The sum is 1.

<!-- cell slide-code hide-input -->
```python
share = 100 * sum(halves) / len(halves)
Predict("⟦몇 %인가요?|How much?⟧", low=0, high=100, unit="%", right=share, why="⟦셋 중 하나입니다.|One in three.⟧")
```

<!-- cell slide-shown -->
<!-- ko -->
셋 가운데 하나이므로 33%쯤입니다.
<!-- en -->
One in three is some 33 per cent.

<!-- cell seeds-code -->
```python
solved = [seed > 0 for seed in range(5)]
print(f"⟦시드 {len(solved)}개 중 {sum(solved)}개|{sum(solved)} of {len(solved)} seeds⟧")
assert sum(solved) == 4
```

<!-- cell seeds-shown -->
<!-- ko -->
다섯 시드 가운데 넷에서 풀었습니다.
<!-- en -->
Four of the five seeds solve it.

<!-- cell aside -->
<!-- ko -->
### 더 깊이: 곁길

길을 벗어난 글입니다.
<!-- en -->
### Going deeper: an aside

A text off the path.

<!-- cell aside-code -->
```python
aside = 3
```

<!-- cell exercises -->
<!-- ko -->
## 연습 문제

두 배를 돌려주세요.
<!-- en -->
## Exercises

Return twice the number.
''' + exercise("one") + exercise("two") + exercise("three") + '''
<!-- cell formulas -->
<!-- ko -->
## 식 요약

$h^{(t)}$
<!-- en -->
## Formulas

$h^{(t)}$

<!-- cell takeaway -->
<!-- ko -->
## 기억할 것

이 장에서 배운 것입니다.
<!-- en -->
## Takeaway

What this chapter was about.
'''


def open_book(folder: Path, good: str = GOOD) -> Manuscript:
    (folder / "_config.yml").write_text("repository: {url: 'https://example.org/book'}\n"
                                        "languages: {ko: {title: 책}, en: {title: Book}}\n")
    (folder / "_toc.yml").write_text("root: index\nparts: [{caption: Recurrent networks, chapters: [{file: rnn/good}, "
                                     "{file: start/glossary}]}]\n")
    (folder / "chapters/rnn").mkdir(parents=True, exist_ok=True)
    (folder / "chapters/rnn/good.md").write_text(good, encoding="utf-8")
    (folder / "chapters/index.md").write_text("---\n---\n<!-- ko -->\n이 책은 책입니다.\n<!-- en -->\nThis book is one.\n")
    return Manuscript.open(Book.open(folder))


@pytest.fixture
def good(tmp_path) -> dict[str, Page]:
    manuscript = open_book(tmp_path)
    return {language: Page.of(manuscript, "rnn/good", language) for language in LANGUAGES}


def page_of(language: str, *markdown: str) -> Page:
    return Page("page", language, [{"cell_type": "markdown", "id": f"text-{i}", "metadata": {}, "source": text}
                                   for i, text in enumerate(markdown)])


def test_a_good_chapter_has_no_fault(tmp_path):
    manuscript = open_book(tmp_path)
    assert not faults_of(manuscript, "rnn/good") and not faults_of(manuscript, "index") and not contents(manuscript)


def change(cell_id: str, old: str, new: str):
    """A fault: `old` replaced by `new` in the source of one cell."""
    def plant(cells):
        cell = next(cell for cell in cells if cell["id"] == cell_id)
        assert old in cell["source"]
        cell["source"] = cell["source"].replace(old, new, 1)
    return plant


def setting(cell_id: str, **values):
    """A fault: other fields, or with metadata=… other metadata, of one cell."""
    def plant(cells):
        next(cell for cell in cells if cell["id"] == cell_id).update(values)
    return plant


def without(*names: str):
    """A fault: these cells are not there."""
    def plant(cells):
        cells[:] = [cell for cell in cells if cell["id"] not in names]
    return plant


def moved(name: str, before: str):
    """A fault: a cell stands before another one."""
    def plant(cells):
        cell = next(cell for cell in cells if cell["id"] == name)
        cells.remove(cell)
        cells.insert(next(i for i, other in enumerate(cells) if other["id"] == before), cell)
    return plant


def more(kind: str, source: str, number: int):
    """A fault: so many more cells after the figure's."""
    def plant(cells):
        cells[4:4] = [CODE | {"cell_type": kind, "id": f"extra-{i}", "source": source} for i in range(number)]
    return plant


CODE = {"cell_type": "code", "id": "extra", "metadata": {}, "source": "1", "outputs": [], "execution_count": None}

PAGE_FAULTS = [
    ("heading_levels", change("picture", "## ", "### ")),
    ("heading_levels", change("picture", "## ", "# ")),
    ("heading_levels", change("title", "# ", "## ")),
    ("length", change("picture-code", "steps = 3", "steps = 3\n" * 20)),
    ("plain_markdown", change("picture", "`<b>`", "<b>x</b>")),
    ("plain_markdown", change("picture", "`<b>`", "<br/>")),
    ("plain_markdown", change("picture", "`<b>`", "<!-- x -->")),
    ("plain_markdown", change("picture", "`<b>`", "{ref}`x`")),
    ("plain_markdown", change("picture", "`<b>`", "\n```{note}\nx\n```\n")),
    ("plain_markdown", change("picture", "`<b>`", "\n:::{note}\nx\n:::\n")),
    ("plain_markdown", change("picture", "`<b>`", "\n(x)=\n")),
    ("plain_markdown", change("picture", "`<b>`", "\n+++\n")),
    ("plain_markdown", change("picture", "`<b>`", "[^1]")),
    ("plain_markdown", change("picture", "`<b>`", "\n\\begin{align}\n")),
    ("emphasis", change("picture", "`<b>`", "**$h$**를 `<b>`")),
    ("emphasis", change("picture", "`<b>`", '**True는 "보아도 된다"**는 `<b>`')),
    ("code", change("picture-code", "steps = 3", "steps = = 3")),
    ("alternative_text", setting("picture-code", metadata={})),
    ("alternative_text", setting("picture-code", metadata={"mystnb": {"image": {"alt": "figure"}}})),
    ("alternative_text", setting("one-stub", metadata={"tags": ["exercise"], "mystnb": {"image": {"alt": "x" * 30}}})),
    ("targets", change("title", "../start/glossary.md", "../start/missing.ipynb")),
    ("targets", change("title", "](#", "](#no-")),
    ("targets", change("title", "../start/glossary.md", "../index.md#nowhere")),
    ("machine", change("picture-code", "steps = 3", "steps = open('/home/reader/data')")),
    ("machine", change("picture", "`<b>`", "`C:\\Users`")),
    ("machine", change("picture", "`<b>`", "[x](file:///x)")),
    ("exercises", without("three-solution")),
    ("exercises", without("three-check")),
    ("exercises", moved("three-solution", "three-stub")),
    ("exercises", change("one-stub", "raise NotImplementedError", "return None")),
    ("exercises", change("one-stub", "def one(x)", "def other(x)")),
    ("exercises", change("one-check", "check(", "check('good/one', two)\ncheck(")),
    ("exercises", change("one-solution", "def solution_one", "def answer_one")),
    ("exercises", change("one-solution", "return 2 * x", "return check('good/one', one)")),
    ("exercises", change("picture-code", "steps = 3", "check('good/one', steps)")),
    ("deeper_heading", change("aside", "###", "text\n\n###")),
    ("deeper_heading", change("aside", "### ", "### x\n\n### ")),
    ("path_length", more("code", "x = 1", 50)),
    ("path_length", more("code", "x = 1\n" * 9, 20)),
    ("path_stands_alone", change("one-stub", "raise", "aside\n    raise")),
    ("path_stands_alone", change("one-solution", "2 * x", "2 * aside")),
    ("formulas", without("formulas")),
    ("formulas", without("takeaway")),
    ("formulas", moved("takeaway", "formulas")),
    ("explained", without("seeds-shown")),
    ("explained", more("code", "print(steps)", 2)),
    ("explained", setting("seeds-shown", source="## x\n\ntext")),
    ("seeds_counted", change("seeds-code", "range(5)", "range(4)")),
    ("seeds_counted", change("seeds-code", "range(5)", "range(2, 6)")),
    ("seeds_counted", change("seeds-code", "range(5)", "(1, 2, 3)")),
    ("seeds_counted", setting("seeds-code", source="for seed in range(5):\n    print(seed)")),
    ("able_to_fail", change("seeds-code", "sum(solved) == 4", "True")),
    ("able_to_fail", change("seeds-code", "sum(solved) == 4", "5 > 4")),
    ("able_to_fail", change("seeds-code", "sum(solved) == 4", "sum(solved) == sum(solved)")),
    ("able_to_fail", change("seeds-code", "sum(solved) == 4", "np.isclose(steps, steps)")),
    ("able_to_fail", change("seeds-code", "sum(solved) == 4", "np.allclose(steps, 3, atol=0.2)")),
    ("nothing_needs_torch", change("one-stub", "raise", "import torch\n    raise")),
    ("nothing_needs_torch", change("one-solution", "2 * x", "torch.tensor(x)")),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule, plant", PAGE_FAULTS, ids=[f"{rule}-{i}" for i, (rule, _) in enumerate(PAGE_FAULTS)])
def test_a_fault_of_a_page_is_found(good, rule, plant, language):
    page = good[language]
    assert not getattr(page_rules, rule)(page)
    plant(page.cells)
    assert getattr(page_rules, rule)(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_alternative_text_in_the_other_language_is_found(good, language):
    """Alt texts are the one place where both notebooks of a pair could carry the same words unseen."""
    other = good[{"ko": "en", "en": "ko"}[language]]
    good[language].cells[3]["metadata"] = other.cells[3]["metadata"]
    (fault,) = page_rules.alternative_text(good[language])
    assert fault.cell == "picture-code"


def test_every_rule_of_a_page_has_a_planted_fault():
    assert {rule for rule, _ in PAGE_FAULTS} | {"language", "predictions"} == {rule.__name__ for rule in PAGE_RULES}


@pytest.mark.parametrize("language, text, fault", [
    ("ko", "This was never translated.", True), ("ko", "`only_code()`과 $x$", False), ("ko", "RNN", False),
    ("en", "이 문장은 옮기지 않았습니다.", True), ("en", 'The name "서울" is Seoul, the capital of Korea.', False),
    ("ko", "**순환 신경망**(recurrent neural network, RNN)은 은닉 상태를 시점에서 시점으로 넘깁니다.", False),
])
def test_untranslated_prose_is_found(language, text, fault):
    assert bool(page_rules.language(page_of(language, text))) is fault


def test_a_long_chapter_is_found_in_english_and_what_goes_deeper_does_not_count(good):
    for language in LANGUAGES:
        cells = good[language].cells
        cells[3:3] = [CODE | {"cell_type": "markdown", "id": "long", "source": "$a b$ " * 2900 + "word " * 200}]
        assert bool(page_rules.path_length(good[language])) is (language == "en")
        cells[3]["source"] = "| a row | [of links](../net/two.ipynb) |\n" * 500
        assert not page_rules.path_length(good[language])
        cells[3]["source"] = "| a row | of text |\n" * 500
        assert bool(page_rules.path_length(good[language])) is (language == "en")
        cells[3]["source"] = ""
        next(cell for cell in cells if cell["id"] == "aside")["source"] += " word" * 4000
        assert not page_rules.path_length(good[language])


def test_a_section_that_goes_deeper_ends_with_a_heading_of_its_level(good):
    path, aside = divided(good["en"])
    assert [cell["id"] for cell in aside] == ["aside", "aside-code"]
    assert len(path) + 2 == len(good["en"].cells)
    change("exercises", "## ", "#### ")(good["en"].cells)
    assert "exercises" in [cell["id"] for cell in divided(good["en"])[1]]


def test_a_name_that_the_main_path_defines_again_is_its_own(good):
    change("one-solution", "2 * x", "2 * aside")(good["en"].cells)
    assert page_rules.path_stands_alone(good["en"])
    change("one-stub", "def one", "aside = 1\ndef one")(good["en"].cells)
    assert not page_rules.path_stands_alone(good["en"])


PAIR_FAULTS = [
    ("same_structure", change("picture", "## ", "### ")),
    ("same_structure", change("aside", "### ", "### x: ")),
    ("same_structure", change("title", "$h^{(t)}$", "$h^{(t-1)}$")),
    ("same_structure", change("title", "$h^{(t)}$", "h")),
    ("same_structure", change("title", "$$a = b", "$$a = d")),
    ("same_structure", change("title", "../start/glossary.md", "../index.md")),
    ("same_structure", change("title", "](../start/glossary.md)", "]")),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("plant", [plant for _, plant in PAIR_FAULTS])
def test_a_fault_in_one_of_two_languages_is_found(good, plant, language):
    plant(good[language].cells)
    assert same_structure(good["ko"], good["en"])


def test_every_rule_of_a_pair_has_a_planted_fault():
    assert {rule for rule, _ in PAIR_FAULTS} == {rule.__name__ for rule in PAIR_RULES}


@pytest.mark.parametrize("lines, draws", [
    ("fig, ax = plt.subplots()", True), ("plt.plot([1])", True), ("for i in x:\n    plt.figure()", True),
    ("def show(x):\n    fig, ax = plt.subplots()", False), ("ax.set_title('x')", False), ("plt.close()", False),
    ("def show(x):\n    plt.subplots()\nshow(1)", True), ("x = lambda: plt.subplots()", False),
    ("def show(x):\n    plt.subplots()\ndef twice(x):\n    show(x)\ntwice(1)", True),
])
def test_a_cell_that_draws_is_told_from_one_that_does_not(lines, draws):
    page = Page("x", "en", [CODE | {"source": lines}])
    assert bool(page_rules.alternative_text(page)) is draws


def test_a_function_that_draws_is_remembered_in_later_cells():
    cells = [CODE | {"id": name, "source": text}
             for name, text in (("one", "def show():\n    plt.subplots()"), ("two", "show()"))]
    (fault,) = page_rules.alternative_text(Page("x", "en", cells))
    assert fault.cell == "two"


@pytest.mark.parametrize("markdown, found", [
    ("a $x$ b $$y$$ c", (["y"], {"x"})), ("`$x$` and\n```\n$y$\n```", ([], set())), (r"5 \$ and $z$", ([], {"z"})),
    ("$$\na\n  + b\n$$", (["a + b"], set())), (r"$\text{말} x$", ([], {r"\text{} x"})),
])
def test_equations_are_read_as_math_only(markdown, found):
    assert equations(markdown) == found


@pytest.mark.parametrize("title, anchor", [
    ("Two words", "two-words"), ("그림 하나", "그림-하나"), ("Why?", "why"), ("1. One, two", "1-one-two"),
    ("The start: $L = 1$", "the-start-"), ("$h_t$: what is shown", "-what-is-shown"), ("`a_b` (c)", "a_b-c"),
])
def test_anchors_of_headings(title, anchor):
    inline, = MarkdownIt("commonmark").use(dollarmath_plugin).parseInline(title)
    assert slug(title) == anchor == default_slugify("".join(
        part.content for part in inline.children if part.type in ("text", "code_inline")))    # as MyST reads a heading


@pytest.mark.parametrize("markdown, found", [
    ("# One\n## Two  \n### Three ##\n", [(1, "One"), (2, "Two"), (3, "Three")]), ("#no\n\n    # code", []),
    ("```py\n# comment\n```\n  # T", [(1, "T")]), ("~~~\n# a\n~~~\n# b", [(1, "b")]),
    ("````\n```\n# a\n````\n# b", [(1, "b")]),
])
def test_headings_are_read_outside_code_only(markdown, found):
    assert headings(markdown) == found


@pytest.mark.parametrize("old, new, message", [
    ("## One figure", "### One figure", "picture: 'One figure': level 3 right after level 1"),
    ("`<b>` and $1", "[code](none.md) and $1", "picture: 'none.md' leads to no page"),
    ("$$a = b \\text{이고} c$$", "{ref}`x`", "title: a role is not plain Markdown: '{ref}'"),
    ("    return 2 * x  # ⟦원소별|elementwise⟧", "    return (2 * x", "one-solution: not Python: '(' was never closed"),
    ("steps = 3", "steps = = 3", "picture-code: not Python: invalid syntax"),
    ("\nsteps = 3", "\nopen('/home/me/x')", "picture-code: a path of one machine: '/home/me'"),
])
def test_a_fault_names_file_and_line(tmp_path, old, new, message):
    text = GOOD.replace(old, new, 1)
    line = text[:text.index(new.strip())].count("\n") + 1
    faults = faults_of(open_book(tmp_path, text), "rnn/good")
    assert any(fault.startswith(f"chapters/rnn/good.md:{line}: {message}") for fault in faults), faults


def test_pages_without_a_source_or_a_place_in_the_contents_are_found(tmp_path):
    manuscript = open_book(tmp_path)
    for name in ("ko/rnn/old.ipynb", "en/more.md"):
        (tmp_path / "chapters" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "chapters" / name).write_text("{}")
    assert contents(manuscript) == [
        "chapters/ko/rnn/old.ipynb: has no source chapters/rnn/old.md", "rnn/old: in ko, but not in _toc.yml",
        "more: in en, but not in _toc.yml"]
    manuscript.sources.clear()
    assert "rnn/good: in _toc.yml, but not in ko" in contents(manuscript)


def test_the_command_prints_faults_and_fails(tmp_path, monkeypatch, capsys):
    open_book(tmp_path)
    monkeypatch.chdir(tmp_path)
    main([])
    assert capsys.readouterr().out == "2 sources keep to the rules\n"
    open_book(tmp_path, GOOD.replace("steps = 3", "steps = 3\n" * 20))
    with pytest.raises(SystemExit, match=r"^chapters/rnn/good.md:27: picture-code: 27 lines, at most 25 are allowed$"):
        main(["rnn/good"])
    with pytest.raises(SystemExit, match="there is no chapters/rnn/bad.md"):
        main(["rnn/bad"])


# --- predictions

PREDICTION = "Predict('?', low=0, high=9, right={}, why='w')"
PREDICTION_FAULTS = [
    (without("slide-code"), "head: a chapter needs 2 to 4 predictions (Predict), got 1"),
    (without("guess-code", "slide-code"), "head: a chapter needs 2 to 4 predictions (Predict), got 0"),
    (change("guess-code", "from", f"{PREDICTION.format('share')}\n" * 3 + "from"),
     "head: a chapter needs 2 to 4 predictions (Predict), got 5"),
    (without("guess-shown", "slide-shown", "seeds-shown", "aside"),
     "guess-code: Predict, but none of the next 3 cells says the answer in prose"),
    (lambda cells: [setting(name, source="## x\n\n### y\n")(cells) for name in ("slide-shown", "seeds-shown")],
     "slide-code: Predict, but none of the next 3 cells says the answer in prose"),
    (change("slide-code", "right=share, ", ""), "slide-code: Predict needs right= from the computation, got none"),
    *[(change("slide-code", "right=share", f"right={literal}"),
       f"slide-code: Predict needs right= from the computation, got {literal}")
      for literal in ("80", "-1.5", "8 * 10", "int(80.0)", "round(80.1, 1)", "len('aaaa')", "None")],
    (change("slide-code", "share = 100 * sum(halves) / len(halves)", "share = 8 * 10"),
     "slide-code: Predict needs right= from the computation, got share, which is only written down"),
    *[(change("slide-code", "right=share", f"right={value}"),
       f"slide-code: Predict needs right= from the computation, got {value}, which is only written down")
      for value in ("steps / 5", "int(steps)")],
    (change("slide-code", "Predict(", "seqbook.widgets.Predict(right=8) or Predict("),
     "slide-code: Predict needs right= from the computation, got 8"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("plant, message", PREDICTION_FAULTS, ids=[message for _, message in PREDICTION_FAULTS])
def test_a_fault_of_a_prediction_is_found(good, plant, message, language):
    assert not predictions(good[language])
    plant(good[language].cells)
    assert message in [f"{fault.cell}: {fault.message}" for fault in predictions(good[language])]


@pytest.mark.parametrize("right", [
    "np.argmax(solved)", "solved[0]", "[1, 2].index(answer)", "int(solved > steps)", "counts[0]", "total", "a", "b - 1",
    "c",
    "(lambda: solved)()", "model.loss"])
def test_an_answer_that_is_computed_is_no_fault(good, right):
    cells = good["en"].cells
    change("guess-code", "from", "counts = []\ncounts.append(steps)\ntotal = 0\ntotal += steps\n"
                                 "a, b = steps, 2\nfor b in range(steps):\n    pass\n"
                                 "c = steps // 2\nif c > 5:\n    c = 0\nfrom")(cells)
    change("slide-code", "right=share", f"right={right}")(cells)
    assert not predictions(good["en"])


def test_four_predictions_are_enough_and_pages_of_start_need_none(good):
    page = good["en"]
    change("guess-code", "from", f"{PREDICTION.format('share')}\n" * 2 + "from")(page.cells)
    assert not predictions(page)
    without("guess-code", "slide-code")(page.cells)
    assert predictions(page) and not predictions(Page("start/notation", "en", page.cells))
    assert predictions(Page("start/notation", "en", [CODE | {"source": PREDICTION.format(3)}]))
