"""The chapters' notebooks keep to the book's rules, in both languages; every rule is seen to find its fault."""

import copy
import json
import re
import subprocess
from pathlib import Path

import pytest

from seqbook.language import LANGUAGES
from press import bilingual, notebooks
from press.notebooks import PAGE_RULES, PAIR_RULES, Page

ROOT = Path(__file__).parents[1]
CHAPTERS = ROOT / "chapters"
NAMES = notebooks.chapters_of(CHAPTERS)


def names_of(rules):
    return pytest.mark.parametrize("rule", rules, ids=[rule.__name__ for rule in rules])


# --- the book keeps to the rules --------------------------------------------------------------------------------------

@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("chapter", NAMES)
@names_of(PAGE_RULES)
def test_every_notebook_keeps_to(rule, chapter, language):
    assert not rule(Page.read(CHAPTERS, language, chapter))


@pytest.mark.parametrize("chapter", NAMES)
@names_of(PAIR_RULES)
def test_both_languages_have(rule, chapter):
    assert not rule(*(Page.read(CHAPTERS, language, chapter) for language in LANGUAGES))


def test_all_pages_of_both_languages_stand_in_the_contents():
    assert not notebooks.contents(CHAPTERS)


@pytest.mark.parametrize("name", sorted({str(path.relative_to(CHAPTERS / language)) for language in LANGUAGES
                                         for path in (CHAPTERS / language).rglob("*.md")}))
def test_text_pages_are_alike_in_both_languages(name):
    texts = [(CHAPTERS / language / name).read_text(encoding="utf-8") for language in LANGUAGES]
    assert not notebooks.structure_faults(*texts)
    for language, text in zip(LANGUAGES, texts):
        assert not notebooks.dead_links(text, CHAPTERS / language, name.removesuffix(".md"))
        assert not notebooks.plain_markdown(page_of(language, text))
        assert not notebooks.emphasis(page_of(language, text))
        assert not notebooks.language(page_of(language, text))


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
%% markdown {name}-prompt
%%% ko
### 문제 {name}
함수를 완성하세요.
%%% en
### Problem {name}
Complete the function.
%% code {name}-stub exercise
%%% both
def {name}(x):
    """⟦x (B,) → 두 배|x (B,) → twice⟧"""
    raise NotImplementedError
%% code {name}-check
%%% both
check("good/{name}", {name})
%% code {name}-solution hide-input solution
%%% both {{"cellView": "form", "jupyter": {{"source_hidden": true}}}}
# @title ⟦풀이|Solution⟧
def solution_{name}(x):
    return 2 * x  # ⟦원소별|elementwise⟧

check("good/{name}", solution_{name})
'''


GOOD = '''
%% markdown title
%%% ko
# 좋은 장

문장과 식 $h^{(t)}$, [다음 절](#그림-하나)과 [용어](../start/glossary.md)가 있는 글입니다.
$$a = b \\text{이고} c$$
%%% en
# A good chapter

A text with the formula $h^{(t)}$, [the next section](#one-figure) and [terms](../start/glossary.md).
$$a = b \\text{ and } c$$
%% code setup hide-input
%%% both {"cellView": "form", "jupyter": {"source_hidden": true}}
# @title ⟦준비: Colab에서는 먼저 실행하세요|Setup: run this first in Colab⟧
REPOSITORY = "https://example.org/book"
try:
    import seqbook
except ModuleNotFoundError:  # ⟦Colab에는 없는 것만 설치합니다|Colab: install only what is missing⟧
    %pip install --quiet --no-deps "seqbook @ git+{REPOSITORY}" koreanize-matplotlib
    import seqbook

seqbook.setup(lang="⟦ko|en⟧")
%% markdown picture
%%% ko
## 그림 하나

`<b>`와 $1 < 2 > 0$은 HTML이 아니라 코드와 식입니다.
%%% en
## One figure

`<b>` and $1 < 2 > 0$ are code and math, not HTML.
%% code picture-code
%%% ko {"mystnb": {"image": {"alt": "시점에 따라 오르는 곧은 선 하나가 그려진 그림입니다."}}}
%%% en {"mystnb": {"image": {"alt": "A figure with one straight line that rises with time."}}}
%%% both
import matplotlib.pyplot as plt
from seqbook.checks import check

steps = 3
fig, ax = plt.subplots()
ax.plot(range(steps))
ax.set(title="⟦시점|time⟧", xlabel=f"⟦모두 {steps:d}번|{steps:d} in all⟧")
''' + exercise("one") + exercise("two") + exercise("three")


@pytest.fixture
def good(tmp_path) -> dict[str, Page]:
    (tmp_path / "_config.yml").write_text("repository: {url: 'https://example.org/book'}\n")
    (tmp_path / "_toc.yml").write_text("root: index\nparts: [{chapters: [{file: rnn/good}, {file: start/glossary}]}]\n")
    for language, notebook in bilingual.pack(GOOD).items():
        bilingual.write(notebook, tmp_path / "chapters" / language / "rnn" / "good.ipynb")
        (tmp_path / "chapters" / language / "index.md").write_text("# x\n")
    return {language: Page.read(tmp_path / "chapters", language, "rnn/good") for language in LANGUAGES}


def page_of(language: str, *markdown: str) -> Page:
    cells = [{"cell_type": "markdown", "id": f"text-{i}", "metadata": {}, "source": [text]}
             for i, text in enumerate(markdown)]
    return Page("page", language, CHAPTERS, {"cells": cells})


def test_a_good_chapter_has_no_fault(good):
    assert not notebooks.faults_of(good["ko"].chapters, "rnn/good")
    assert not notebooks.contents(good["ko"].chapters)


def change(cell_id: str, old: str, new: str, *, every: bool = False):
    """A fault: `old` replaced by `new` in the source of one cell."""
    def plant(notebook):
        cell = next(cell for cell in notebook["cells"] if cell["id"] == cell_id)
        text = "".join(cell["source"])
        assert old in text
        cell["source"] = [text.replace(old, new) if every else text.replace(old, new, 1)]
    return plant


def setting(cell_id: str, **values):
    """A fault: other fields, or with metadata=… other metadata, of one cell."""
    def plant(notebook):
        next(cell for cell in notebook["cells"] if cell["id"] == cell_id).update(values)
    return plant


def cell_list(edit):
    """A fault in the list of cells."""
    return lambda notebook: edit(notebook["cells"])


OUTPUT = {"output_type": "stream", "name": "stdout", "text": ["1\n"]}
NEW_CODE = {"cell_type": "code", "id": "extra", "metadata": {}, "source": ["1"], "outputs": [], "execution_count": None}
NEW_TEXT = NEW_CODE | {"cell_type": "markdown"}

PAGE_FAULTS = [
    ("form", lambda notebook: notebook.update(nbformat_minor=4)),
    ("form", lambda notebook: notebook.update(worksheets=[])),
    ("form", lambda notebook: notebook["metadata"].update(widgets={})),
    ("form", lambda notebook: notebook["metadata"].pop("colab")),
    ("form", lambda notebook: notebook["metadata"].update(accelerator="GPU")),
    ("form", setting("picture-code", outputs=[OUTPUT])),
    ("form", setting("picture-code", execution_count=3)),
    ("ids", setting("picture", id="5f3a9c21")),
    ("ids", setting("picture", id="a1b2c3d4")),
    ("ids", setting("picture", id="Picture_1")),
    ("ids", setting("picture", id="title")),
    ("beginning", change("title", "# ", "")),
    ("beginning", cell_list(lambda cells: cells.insert(1, cells.pop(2)))),
    ("beginning", change("setup", "https://example.org/book", "https://example.org/fork")),
    ("beginning", change("setup", "--no-deps ", "")),
    ("beginning", setting("setup", metadata={"tags": ["hide-input"]})),
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
    ("exercises", cell_list(lambda cells: [cells.remove(cell) for cell in cells[-4:]])),
    ("exercises", cell_list(lambda cells: cells.pop())),
    ("exercises", cell_list(lambda cells: cells.pop(-2))),
    ("exercises", cell_list(lambda cells: cells.pop(-3))),
    ("exercises", cell_list(lambda cells: cells.insert(-3, cells.pop()))),
    ("exercises", setting("one-stub", metadata={})),
    ("exercises", setting("one-check", metadata={"tags": ["exercise"]})),
    ("exercises", setting("one-solution", metadata={"tags": ["solution"]})),
    ("exercises", change("one-stub", "raise NotImplementedError", "return None")),
    ("exercises", change("one-check", "good/", "other/")),
    ("exercises", change("one-check", ", one", ", two")),
    ("exercises", change("one-solution", "def solution_one", "def answer_one")),
    ("exercises", change("one-solution", "solution_one)", "one)")),
    ("exercises", change("one-solution", "# @title", "#")),
    ("targets", change("title", "../start/glossary.md", "../start/missing.ipynb")),
    ("targets", change("title", "](#", "](#no-")),
    ("targets", change("title", "../start/glossary.md", "../index.md#nowhere")),
    ("machine", change("picture-code", "steps = 3", "steps = open('/home/reader/data')")),
    ("machine", change("picture", "`<b>`", "`C:\\Users`")),
    ("machine", change("picture", "`<b>`", "[x](file:///x)")),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule, plant", PAGE_FAULTS, ids=[f"{rule}-{i}" for i, (rule, _) in enumerate(PAGE_FAULTS)])
def test_a_fault_of_a_page_is_found(good, rule, plant, language):
    page = good[language]
    plant(page.notebook)
    assert getattr(notebooks, rule)(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_alternative_text_in_the_other_language_is_found(good, language):
    """Metadata is the one place where both notebooks of a pair could carry the same words unseen."""
    other = good[{"ko": "en", "en": "ko"}[language]]
    good[language].notebook["cells"][3]["metadata"] = other.notebook["cells"][3]["metadata"]
    assert notebooks.alternative_text(good[language])


def test_every_rule_of_a_page_has_a_planted_fault():
    assert {rule for rule, _ in PAGE_FAULTS} | {"language"} == {rule.__name__ for rule in PAGE_RULES}


@pytest.mark.parametrize("language, text, fault", [
    ("ko", "This was never translated.", True), ("ko", "`only_code()`과 $x$", False), ("ko", "RNN", False),
    ("en", "이 문장은 옮기지 않았습니다.", True), ("en", 'The name "서울" is Seoul, the capital of Korea.', False),
    ("ko", "**순환 신경망**(recurrent neural network, RNN)은 은닉 상태를 시점에서 시점으로 넘깁니다.", False),
])
def test_untranslated_prose_is_found(language, text, fault):
    assert bool(notebooks.language(page_of(language, text))) is fault


PAIR_FAULTS = [
    ("same_cells", cell_list(lambda cells: cells.append(NEW_CODE))),
    ("same_cells", cell_list(lambda cells: cells.insert(3, NEW_TEXT))),
    ("same_cells", cell_list(lambda cells: cells.insert(3, cells.pop(2)))),
    ("same_cells", setting("picture", id="image")),
    ("same_cells", setting("picture-code", metadata={"tags": ["hide-input"]})),
    ("same_cells", cell_list(lambda cells: cells[3].update(NEW_TEXT, id="picture-code"))),
    ("same_structure", change("picture", "## ", "### ")),
    ("same_structure", change("title", "$h^{(t)}$", "$h^{(t-1)}$")),
    ("same_structure", change("title", "$h^{(t)}$", "h")),
    ("same_structure", change("title", "$$a = b", "$$a = d")),
    ("same_structure", change("title", "../start/glossary.md", "../index.md")),
    ("same_structure", change("title", "](../start/glossary.md)", "]")),
    ("same_code", change("picture-code", "steps = 3", "steps = 4")),
    ("same_code", change("picture-code", "steps = 3", "count = 3")),
    ("same_code", change("picture-code", "steps = 3", "steps = 3; steps")),
    ("same_code", change("picture-code", "steps = 3", "steps = 3\n")),
    ("same_code", change("picture-code", "steps = 3", "steps = True")),
    ("same_code", change("picture-code", "ax.plot(", "ax.step(")),
    ("same_code", change("picture-code", "{steps:d}", "{steps:x}")),
    ("same_code", change("picture-code", "{steps:d}", "{3:d}")),
    ("same_code", change("picture-code", "{steps:d}", "")),
    ("same_code", change("one-check", "good/one", "good/two")),
    ("same_code", change("setup", "--quiet ", "")),
    ("same_code", change("setup", "example.org", "example.com")),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule, plant", PAIR_FAULTS, ids=[f"{rule}-{i}" for i, (rule, _) in enumerate(PAIR_FAULTS)])
def test_a_fault_in_one_of_two_languages_is_found(good, rule, plant, language):
    notebook = copy.deepcopy(good[language].notebook)
    plant(notebook)
    pages = good | {language: Page("rnn/good", language, good[language].chapters, notebook)}
    assert getattr(notebooks, rule)(pages["ko"], pages["en"])


def test_every_rule_of_a_pair_has_a_planted_fault():
    assert {rule for rule, _ in PAIR_FAULTS} == {rule.__name__ for rule in PAIR_RULES}


@pytest.mark.parametrize("korean, english, same", [
    ("x = '은닉'", "x = 'hidden'", True), ("x = 'ko'", "x = 'en'", True), ("x = 'tanh'", "x = 'relu'", False),
    ("x = 'en'", "x = 'ko'", False), ("x = 1  # 하나", "x = 1  # one", True),
    ("x = f'{a}과 {b}'", "x = f'{b} and {a}'", True),
    ("x = f'{a}과 {b}'", "x = f'{a} and {c}'", False), ("x = f'{a:.1f}번'", "x = f'{a:.2f} times'", False),
    ("x = f'{a}-'", "x = f'{a}+'", False), ("x = f'{a}번'", "x = 'times'", False), ("x = '모두'", "x = f'all {a}'", False),
    ("x = f'{a[\"키\"]}번'", "x = f'{a[\"key\"]} times'", False), ("x = (1)", "x = 1", True),
    ("def f():\n    '뜻'", "def f():\n    'meaning'", True), ("def f(): pass", "def g(): pass", False),
    ("x = [1, 2]", "x = [1]", False), ("x = b'a'", "x = b'b'", False), ("x = 1", "x = 1.0", False),
    ("x = '가'\ny = 2", "x = 'a'; y = 2", False), ("import a", "import b", False), ("f(a=1)", "f(b=1)", False),
    ("%pip install a", "%pip install b", False), ("%pip install a", "%pip install a", True),
])
def test_code_is_compared_but_for_labels_and_comments(korean, english, same):
    cells = [NEW_CODE | {"source": [text]} for text in (korean, english)]
    pages = [Page("x", language, CHAPTERS, {"cells": [cell]}) for language, cell in zip(LANGUAGES, cells)]
    assert (not notebooks.same_code(*pages)) is same


@pytest.mark.parametrize("lines, draws", [
    ("fig, ax = plt.subplots()", True), ("plt.plot([1])", True), ("for i in x:\n    plt.figure()", True),
    ("def show(x):\n    fig, ax = plt.subplots()", False), ("ax.set_title('x')", False), ("plt.close()", False),
    ("def show(x):\n    plt.subplots()\nshow(1)", True), ("x = lambda: plt.subplots()", False),
    ("def show(x):\n    plt.subplots()\ndef twice(x):\n    show(x)\ntwice(1)", True),
])
def test_a_cell_that_draws_is_told_from_one_that_does_not(lines, draws):
    page = Page("x", "en", CHAPTERS, {"cells": [NEW_CODE | {"source": [lines]}]})
    assert bool(notebooks.alternative_text(page)) is draws


def test_a_function_that_draws_is_remembered_in_later_cells():
    cells = [NEW_CODE | {"id": name, "source": [text]}
             for name, text in (("one", "def show():\n    plt.subplots()"), ("two", "show()"))]
    (fault,) = notebooks.alternative_text(Page("x", "en", CHAPTERS, {"cells": cells}))
    assert fault.startswith("two:")


@pytest.mark.parametrize("markdown, found", [
    ("a $x$ b $$y$$ c", (["y"], {"x"})), ("`$x$` and\n```\n$y$\n```", ([], set())), (r"5 \$ and $z$", ([], {"z"})),
    ("$$\na\n  + b\n$$", (["a + b"], set())), (r"$\text{말} x$", ([], {r"\text{} x"})),
])
def test_equations_are_read_as_math_only(markdown, found):
    assert notebooks.equations(markdown) == found


@pytest.mark.parametrize("title, anchor", [
    ("Two words", "two-words"), ("그림 하나", "그림-하나"), ("Why?", "why"), ("1. One, two", "1-one-two"),
])
def test_anchors_of_headings(title, anchor):
    assert notebooks.slug(title) == anchor


def test_missing_languages_and_contents_are_found(good):
    chapters = good["ko"].chapters
    (chapters / "en" / "rnn" / "good.ipynb").unlink()
    assert notebooks.faults_of(chapters, "rnn/good") == ["rnn/good: no notebook in en"]
    assert notebooks.contents(chapters) == ["rnn/good: in _toc.yml, but not in en"]
    (chapters / "ko" / "more.md").write_text("# x")
    assert notebooks.contents(chapters)[0] == "more: in ko, but not in _toc.yml"


def test_the_command_prints_faults_and_fails(good, monkeypatch):
    monkeypatch.chdir(good["ko"].chapters.parent)
    with pytest.raises(SystemExit, match="1 chapters keep to the rules"):
        notebooks.main([])
    path = good["en"].chapters / "en/rnn/good.ipynb"
    path.write_text(path.read_text().replace("steps = 3", "steps = 4"))
    with pytest.raises(SystemExit, match="rnn/good: picture-code: line 4: 3 in ko, 4 in en"):
        notebooks.main(["rnn/good"])


def test_the_tests_notebook_survives_json():
    """The planted faults are planted in what is really on the disk."""
    texts = bilingual.pack(GOOD)
    assert json.loads(json.dumps(texts["ko"])) == texts["ko"]
