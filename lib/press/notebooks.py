"""What a chapter's two notebooks must keep to. Each rule is a function that returns the faults it finds, as sentences.

    python -m press.notebooks                     check all chapters
    python -m press.notebooks rnn/bptt            check one, while writing it

Rules of one notebook take a `Page`, rules of a pair take the Korean and the English `Page`.
"""

import ast
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import nbformat
from markdown_it import MarkdownIt

from seqbook.language import LANGUAGES
from press.book import Book
from press.build import GENERATED

MAX_LINES = 25
MIN_EXERCISES = 3
FIGURES = {"subplots", "subplot_mosaic", "figure", "plot", "imshow", "matshow", "hist", "scatter", "bar", "show",
           "semilogx", "semilogy", "loglog"}
FOLDED = {"cellView": "form", "jupyter": {"source_hidden": True}}
SETUP = '''\
# @title {title}
REPOSITORY = "{repository}"
try:
    import seqbook
except ModuleNotFoundError:  # {reason}
    %pip install --quiet --no-deps "seqbook @ git+{{REPOSITORY}}" koreanize-matplotlib
    import seqbook

seqbook.setup(lang="{language}")'''
SETUP_WORDS = {
    "ko": {"title": "준비: Colab에서는 먼저 실행하세요", "reason": "Colab에는 없는 것만 설치합니다"},
    "en": {"title": "Setup: run this first in Colab", "reason": "Colab: install only what is missing"},
}
HANGUL = re.compile("[가-힣ㄱ-ㅎㅏ-ㅣ]")
MARKDOWN = MarkdownIt("commonmark")


@dataclass(frozen=True)
class Page:
    """A chapter in one language: its name ("rnn/bptt"), language, the folder `chapters` and the notebook as JSON."""

    chapter: str
    language: str
    chapters: Path
    notebook: dict

    @classmethod
    def read(cls, chapters: Path, language: str, chapter: str) -> "Page":
        path = chapters / language / f"{chapter}.ipynb"
        return cls(chapter, language, chapters, json.loads(path.read_text(encoding="utf-8")))

    @property
    def cells(self) -> list[dict]:
        return self.notebook["cells"]

    def of_type(self, kind: str) -> list[dict]:
        return [cell for cell in self.cells if cell["cell_type"] == kind]


def source(cell: dict) -> str:
    return "".join(cell["source"])


def tags(cell: dict) -> list[str]:
    return cell["metadata"].get("tags", [])


# --- Markdown ---------------------------------------------------------------------------------------------------------

def without_code(markdown: str) -> str:
    """Markdown without fenced blocks and code spans."""
    markdown = re.sub(r"^ *(```+|~~~+)(?!\{).*?^ *\1 *$", "", markdown, flags=re.S | re.M)
    return re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", markdown)


def headings(markdown: str) -> list[tuple[int, str]]:
    """(level, title) of every heading."""
    fenceless = re.sub(r"^ *(```+|~~~+).*?^ *\1 *$", "", markdown, flags=re.S | re.M)
    return [(len(marks), title.strip()) for marks, title in re.findall(r"^(#{1,6}) +(.*?)#* *$", fenceless, flags=re.M)]


def equations(markdown: str) -> tuple[list[str], set[str]]:
    """The displayed equations in order, and the inline ones as a set; words inside \\text{…} do not count."""
    text = without_code(markdown)
    displayed = re.findall(r"\$\$(.+?)\$\$", text, flags=re.S)
    inline = re.findall(r"(?<![\\$])\$([^$]+?)(?<!\\)\$", re.sub(r"\$\$.+?\$\$", "", text, flags=re.S))
    plain = [" ".join(re.sub(r"\\text(rm|bf|it)?\{[^{}]*\}", r"\\text{}", each).split()) for each in displayed + inline]
    return plain[:len(displayed)], set(plain[len(displayed):])


def without_math(markdown: str) -> str:
    """Markdown without code and without math."""
    return re.sub(r"\$\$.+?\$\$|(?<![\\$])\$[^$]+?(?<!\\)\$", "", without_code(markdown), flags=re.S)


def links(markdown: str) -> list[str]:
    """The targets of all links and images."""
    return re.findall(r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)", without_code(markdown))


def slug(title: str) -> str:
    """The anchor that GitHub, Jupyter Book and JupyterLab agree on for a heading of plain words."""
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", re.sub(r"\$[^$]*\$|`", "", title)).strip().lower())


# --- rules of one notebook --------------------------------------------------------------------------------------------

def form(page: Page) -> list[str]:
    """nbformat 4.5, valid, without outputs, counts or saved widgets, and with exactly the book's metadata."""
    faults = []
    version = page.notebook.get("nbformat"), page.notebook.get("nbformat_minor")
    if version != (4, 5):
        faults.append(f"nbformat must be 4.5, got {version}")
    try:
        nbformat.validate(nbformat.from_dict(page.notebook))
    except nbformat.ValidationError as error:
        return [*faults, f"not a valid notebook: {error.message}"]
    for cell in page.of_type("code"):
        if cell["outputs"] or cell["execution_count"] is not None:
            faults.append(f"{cell['id']}: outputs must be empty and execution_count null")
    metadata = dict(page.notebook["metadata"])
    colab = {"provenance": [], "toc_visible": True}
    if metadata.pop("accelerator", None) is not None:
        colab["gpuType"] = "T4"
    wanted = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
              "language_info": {"name": "python"}, "colab": colab}
    if metadata != wanted:
        faults.append(f"metadata must be {wanted} (and accelerator where a GPU is needed), got {metadata}")
    return faults


def ids(page: Page) -> list[str]:
    """Readable cell ids ("forget-gate-code"), each once."""
    names = [cell.get("id", "") for cell in page.cells]
    return [f"{name!r}: an id must be words joined by hyphens" for name in names
            if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) or re.fullmatch(r"(?=.*\d)[0-9a-f]{6,}", name)
            ] + [f"{name!r}: used {count} times" for name, count in Counter(names).items() if count > 1]


def beginning(page: Page) -> list[str]:
    """The title, then the setup cell exactly as in all notebooks, with the address of _config.yml."""
    repository = Book.open(page.chapters.parent).repository
    wanted = SETUP.format(repository=repository, language=page.language, **SETUP_WORDS[page.language])
    faults = []
    first, second = page.cells[:2] if len(page.cells) > 1 else (None, None)
    if first is None or first["cell_type"] != "markdown" or not source(first).startswith("# "):
        faults.append("the first cell must be Markdown and start with the title, '# …'")
    if second is None or second["cell_type"] != "code" or second["id"] != "setup":
        return [*faults, "the second cell must be code with the id 'setup'"]
    if source(second) != wanted:
        faults.append(f"setup: the source must be exactly\n{wanted}\ngot\n{source(second)}")
    if second["metadata"] != {**FOLDED, "tags": ["hide-input"]}:
        faults.append(f"setup: the metadata must be {FOLDED} with the tag 'hide-input', got {second['metadata']}")
    return faults


def heading_levels(page: Page) -> list[str]:
    """One '#' heading, at the start, and no level left out below it."""
    found = [(level, title) for cell in page.of_type("markdown") for level, title in headings(source(cell))]
    levels = [level for level, _ in found]
    faults = [] if levels[:1] == [1] else ["the first heading must be the title, '# …'"]
    faults += [f"a second title: {title!r}" for level, title in found[1:] if level == 1]
    return faults + [f"{title!r}: level {after} right after level {before}"
                     for before, after, (_, title) in zip(levels, levels[1:], found[1:]) if after > before + 1]


def length(page: Page) -> list[str]:
    """Code cells of at most 25 lines."""
    return [f"{cell['id']}: {lines} lines, at most {MAX_LINES} are allowed" for cell in page.of_type("code")
            if (lines := len(source(cell).splitlines())) > MAX_LINES]


def plain_markdown(page: Page) -> list[str]:
    """CommonMark and math only: whatever Colab would show as raw text is refused."""
    forms = {
        "a directive": r"^ *(```+|~~~+|:::+) *\{", "a colon fence": r"^ *:::", "a role": r"\{[\w:-]+\}(?=`)",
        "a target": r"^\([\w-]+\)=", "a block break": r"^\+\+\+", "a comment": r"^% ", "a footnote": r"\[\^",
        "HTML": r"</?[A-Za-z][^>]*>|<!--", "an equation's LaTeX environment without $$": r"^\\begin\{",
    }
    faults = []
    for cell in page.of_type("markdown"):
        raw = source(cell)
        spans = re.sub(r"`[^`\n]+`", "``", raw)  # a role needs the backticks that without_code takes away
        math_free = without_math(raw)
        for name, pattern in forms.items():
            text = spans if name in ("a directive", "a role") else math_free
            if found := re.search(pattern, text, flags=re.M):
                faults.append(f"{cell['id']}: {name} is not plain Markdown: {found[0]!r}")
    return faults


def emphasis(page: Page) -> list[str]:
    """No asterisks left over: CommonMark does not end bold between punctuation and a letter, as in **$x$**를."""
    faults = []
    for cell in page.of_type("markdown"):
        prose = re.sub(r"(?<!\\)\$[^$]+?(?<!\\)\$", "$x$", source(cell))
        children = [child for token in MARKDOWN.parse(prose) for child in token.children or []]
        shown = [child.content for child in children if child.type == "text"]
        faults += [f"{cell['id']}: the bold here does not end: {text.strip()!r}" for text in shown if "**" in text]
    return faults


def code(page: Page) -> list[str]:
    """Code cells that Python can parse."""
    faults = []
    for cell in page.of_type("code"):
        try:
            parse(cell)
        except SyntaxError as error:
            faults.append(f"{cell['id']}: line {error.lineno}: {error.msg}")
    return faults


def alternative_text(page: Page) -> list[str]:
    """Text for those who do not see it with each cell that draws a figure, in the page's language; with no other cell."""
    faults, drawing = [], {"plt"}
    for cell in page.of_type("code"):
        text = cell["metadata"].get("mystnb", {}).get("image", {}).get("alt", "")
        draws = _draws(parse(cell), drawing)
        if draws and len(text) < 20:
            faults.append(f"{cell['id']}: draws a figure and needs metadata mystnb.image.alt of 20 letters or more")
        elif text and not draws:
            faults.append(f"{cell['id']}: has an alt text, but draws no figure")
        elif text and bool(HANGUL.search(text)) != (page.language == "ko"):
            faults.append(f"{cell['id']}: the alt text must be written in {page.language!r}")
    return faults


def exercises(page: Page) -> list[str]:
    """Stub, check and solution of each exercise belong together; three or more in every chapter outside start/."""
    found = {cell["id"]: (place, cell) for place, cell in enumerate(page.cells)}
    names = [name.removesuffix("-stub") for name in found if name.endswith("-stub")]
    faults = []
    for name, (_, cell) in found.items():
        stem, _, part = name.rpartition("-")
        if part in ("check", "solution") and stem not in names and _checked(cell):
            faults.append(f"{name}: no cell '{stem}-stub'")
        if ("exercise" in tags(cell)) != name.endswith("-stub") or ("solution" in tags(cell)) != (
                part == "solution" and stem in names):
            faults.append(f"{name}: the tag 'exercise' belongs to '…-stub' and the tag 'solution' to '…-solution'")
    for name in names:
        parts = [f"{name}-{part}" for part in ("stub", "check", "solution")]
        if missing := [part for part in parts if part not in found]:
            faults.append(f"{name}: no cell {', '.join(missing)}")
            continue
        places, (stub, check, solution) = zip(*(found[part] for part in parts))
        if list(places) != sorted(places):
            faults.append(f"{name}: stub, check and solution must come in this order")
        faults += [f"{name}: {fault}" for fault in _exercise(page, stub, check, solution)]
    if not page.chapter.startswith("start/") and len(names) < MIN_EXERCISES:
        faults.append(f"a chapter needs {MIN_EXERCISES} exercises, got {len(names)}")
    return faults


def targets(page: Page) -> list[str]:
    """Links between pages lead to a page of the same language, and to a heading where they name one."""
    return [f"{cell['id']}: {fault}" for cell in page.of_type("markdown")
            for fault in dead_links(source(cell), page.chapters / page.language, page.chapter,
                                    "\n\n".join(source(each) for each in page.of_type("markdown")))]


def machine(page: Page) -> list[str]:
    """No path of somebody's machine."""
    pattern = re.compile(r"(?<![\w.:/])(/(home|root|tmp|work|Users|mnt|content|usr|var)/[\w.]+|[A-Z]:\\\w+|file://)")
    return [f"{cell['id']}: a path of one machine: {found[0]!r}" for cell in page.cells
            if (found := pattern.search(source(cell)))]


def language(page: Page) -> list[str]:
    """Prose in the page's language: Hangul in each Korean cell, and little of it in an English one."""
    faults = []
    for cell in page.of_type("markdown"):
        letters = re.findall(r"[^\W\d_]", without_math(source(cell)))
        share = sum(bool(HANGUL.match(letter)) for letter in letters) / max(len(letters), 1)
        if len(letters) >= 10 and (share < 0.2 if page.language == "ko" else share > 0.3):
            faults.append(f"{cell['id']}: {share:.0%} of the letters are Hangul in a page in {page.language!r}")
    return faults


# --- rules of a pair --------------------------------------------------------------------------------------------------

def same_cells(korean: Page, english: Page) -> list[str]:
    """The same cells in the same order: ids, kinds, and metadata but for alt texts."""
    ours, theirs = ([(cell["id"], cell["cell_type"]) for cell in page.cells] for page in (korean, english))
    if ours != theirs:
        place = next((i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b), min(len(ours), len(theirs)))
        return [f"cell {place} differs: {(ours[place:] or ['none'])[0]} in ko, {(theirs[place:] or ['none'])[0]} in en"]
    return [f"{a['id']}: metadata differs: {_without_alt(a)} in ko, {_without_alt(b)} in en"
            for a, b in zip(korean.cells, english.cells) if _without_alt(a) != _without_alt(b)]


def same_structure(korean: Page, english: Page) -> list[str]:
    """In each Markdown cell the same headings' levels, equations and links."""
    faults = []
    for a, b in zip(korean.cells, english.cells):
        if a["cell_type"] == b["cell_type"] == "markdown":
            faults += [f"{a['id']}: {fault}" for fault in structure_faults(source(a), source(b))]
    return faults


def structure_faults(korean: str, english: str) -> list[str]:
    """Where two Markdown texts differ in headings' levels, equations or links."""
    (display, inline), (their_display, their_inline) = equations(korean), equations(english)
    pairs = {
        "headings' levels": [[level for level, _ in headings(text)] for text in (korean, english)],
        "displayed equations": [display, their_display],
        "inline equations": [sorted(inline - their_inline), sorted(their_inline - inline)],
        "links": [sorted(target.partition("#")[0] for target in links(text)) for text in (korean, english)],
    }
    return [f"{name} differ: {ours} in ko, {theirs} in en" for name, (ours, theirs) in pairs.items() if ours != theirs]


def same_code(korean: Page, english: Page) -> list[str]:
    """The same code apart from comments and labels; a label's Korean form has Hangul, or the pair is "ko", "en"."""
    faults = []
    for a, b in zip(korean.cells, english.cells):
        if a["cell_type"] == b["cell_type"] == "code":
            faults += [f"{a['id']}: {fault}" for fault in _code_differences(a, b)]
    return faults


PAGE_RULES: tuple[Callable[[Page], list[str]], ...] = (
    form, ids, beginning, heading_levels, length, plain_markdown, emphasis, code, alternative_text, exercises, targets,
    machine, language)
PAIR_RULES: tuple[Callable[[Page, Page], list[str]], ...] = (same_cells, same_structure, same_code)


# --- rules of the whole book ------------------------------------------------------------------------------------------

def chapters_of(folder: Path) -> list[str]:
    """The chapters ("rnn/bptt") that have a notebook in either language."""
    return sorted({str(path.relative_to(folder / language).with_suffix("")) for language in LANGUAGES
                   for path in (folder / language).rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts})


def contents(folder: Path) -> list[str]:
    """Every page exists in both languages and stands in _toc.yml, and every entry of _toc.yml is a page."""
    listed = set(Book.open(folder.parent).pages) - GENERATED.keys()
    faults = []
    for language in LANGUAGES:
        pages = {str(path.relative_to(folder / language).with_suffix("")) for path in (folder / language).rglob("*")
                 if path.suffix in (".md", ".ipynb") and ".ipynb_checkpoints" not in path.parts}
        faults += [f"{name}: in _toc.yml, but not in {language}" for name in sorted(listed - pages)]
        faults += [f"{name}: in {language}, but not in _toc.yml" for name in sorted(pages - listed)]
    return faults


def dead_links(markdown: str, root: Path, name: str, whole: str | None = None) -> list[str]:
    """The links of page `name` below `root` that lead nowhere; `whole` is the page's own text, for its anchors."""
    faults = []
    for target in links(markdown):
        if re.match(r"[a-z]+:", target):
            continue
        address, _, anchor = unquote(target).partition("#")
        path = (root / name).parent / address if address else None
        if path is not None and not path.is_file():
            if path.resolve() not in [(root / f"{page}.md").resolve() for page in GENERATED]:
                faults.append(f"{target!r} leads to no page")
            continue
        if anchor:
            text = whole if path is None else _markdown(path)
            if anchor not in [slug(title) for _, title in headings(text or markdown)]:
                faults.append(f"{target!r} leads to no heading")
    return faults


# --- how the rules look at code ---------------------------------------------------------------------------------------

def parse(cell: dict) -> ast.Module:
    """The cell's code as a tree; IPython's magics count as `pass`."""
    return ast.parse(re.sub(r"^( *)[%!].*$", r"\1pass", source(cell), flags=re.M))


def _draws(tree: ast.AST, drawing: set[str]) -> bool:
    """Whether running `tree` makes a figure; functions that would are added to `drawing`, by name."""
    found = False
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            if _draws(node, drawing) and isinstance(node, ast.FunctionDef):
                drawing.add(node.name)
            continue
        if isinstance(node, ast.Call):
            called = node.func
            found |= isinstance(called, ast.Name) and called.id in drawing - {"plt"}
            found |= (isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name)
                      and called.value.id == "plt" and called.attr in FIGURES)
        found |= _draws(node, drawing)
    return found


def _checked(cell: dict) -> list[tuple[str, str]]:
    """(exercise, name of the answer) of every `check("…", answer)` in a code cell."""
    if cell["cell_type"] != "code":
        return []
    return [(call.args[0].value, call.args[1].id) for call in ast.walk(parse(cell))
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "check"
            and len(call.args) == 2 and isinstance(call.args[0], ast.Constant) and isinstance(call.args[1], ast.Name)]


def _exercise(page: Page, stub: dict, check: dict, solution: dict) -> Iterator[str]:
    functions = [node for node in parse(stub).body if isinstance(node, ast.FunctionDef)]
    if len(functions) != 1 or not any(isinstance(node, ast.Raise) and "NotImplementedError" in ast.dump(node)
                                      for node in ast.walk(functions[0])):
        yield "the stub must define one function that raises NotImplementedError"
        return
    name = functions[0].name
    match _checked(check):
        case [(exercise, answer)] if answer == name and exercise.startswith(page.chapter.rpartition("/")[2] + "/"):
            if _checked(solution) != [(exercise, f"solution_{name}")]:
                yield f"the solution must end in check({exercise!r}, solution_{name}), got {_checked(solution)}"
        case other:
            yield f"the check must be check('{page.chapter.rpartition('/')[2]}/…', {name}), got {other}"
    if f"solution_{name}" not in [node.name for node in parse(solution).body if isinstance(node, ast.FunctionDef)]:
        yield f"the solution must define solution_{name}"
    title = "# @title " + {"ko": "풀이", "en": "Solution"}[page.language]
    if not source(solution).startswith(title + "\n"):
        yield f"the solution must start with '{title}'"
    if solution["metadata"] != {**FOLDED, "tags": ["hide-input", "solution"]}:
        yield f"the solution's metadata must be {FOLDED} with the tags hide-input and solution"


def _without_alt(cell: dict) -> dict:
    metadata = json.loads(json.dumps(cell["metadata"]))
    if "alt" in metadata.get("mystnb", {}).get("image", {}):
        metadata["mystnb"]["image"]["alt"] = "…"
    return metadata


def _code_differences(korean: dict, english: dict) -> list[str]:
    ours, theirs = source(korean).splitlines(), source(english).splitlines()
    if len(ours) != len(theirs):
        return [f"{len(ours)} lines of code in ko, {len(theirs)} in en"]
    magics = [[line for line in lines if re.match(r" *[%!]", line)] for lines in (ours, theirs)]
    if magics[0] != magics[1]:
        return [f"magics differ: {magics[0]} in ko, {magics[1]} in en"]
    return list(_tree_differences(parse(korean), parse(english)))


def _tree_differences(a, b) -> Iterator[str]:
    if isinstance(a, ast.JoinedStr) and isinstance(b, ast.JoinedStr | ast.Constant) or isinstance(b, ast.JoinedStr):
        yield from _formatted_differences(a, b)
    elif isinstance(a, ast.Constant) and isinstance(b, ast.Constant):
        strings = isinstance(a.value, str) and isinstance(b.value, str)
        if a.value != b.value and not (strings and _is_label(a.value, b.value)) or type(a.value) is not type(b.value):
            yield f"line {a.lineno}: {a.value!r} in ko, {b.value!r} in en"
    elif isinstance(a, ast.AST) and type(a) is type(b):
        for field in a._fields:
            yield from _tree_differences(getattr(a, field, None), getattr(b, field, None))
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for each, other in zip(a, b):
            yield from _tree_differences(each, other)
    elif a != b:
        yield f"line {_line(a) or _line(b)}: code differs: {_text(a)} in ko, {_text(b)} in en"


def _formatted_differences(a: ast.expr, b: ast.expr) -> Iterator[str]:
    """Two f-strings: the same expressions in any order, since word order is the language's, around other words."""
    words, values = zip(*(_formatted_parts(each) for each in (a, b)))
    if values[0] != values[1]:
        yield f"line {a.lineno}: f-strings show {sorted(values[0])} in ko, {sorted(values[1])} in en"
    elif words[0] != words[1] and not _is_label(*words):
        yield f"line {a.lineno}: {words[0]!r} in ko, {words[1]!r} in en"


def _formatted_parts(node: ast.expr) -> tuple[str, Counter]:
    if isinstance(node, ast.Constant):
        return str(node.value), Counter()
    if not isinstance(node, ast.JoinedStr):
        return "", Counter([ast.dump(node)])
    words = "{}".join(str(part.value) if isinstance(part, ast.Constant) else "" for part in node.values)
    return words, Counter(ast.unparse(part) for part in node.values if isinstance(part, ast.FormattedValue))


def _is_label(korean: str, english: str) -> bool:
    return bool(HANGUL.search(korean)) or (korean, english) == LANGUAGES


def _line(node) -> int | None:
    return getattr(node, "lineno", None)


def _text(node) -> str:
    return ast.unparse(node) if isinstance(node, ast.AST) and hasattr(node, "lineno") else repr(node)


def _markdown(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    return "\n\n".join(source(cell) for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown")


# --- command ----------------------------------------------------------------------------------------------------------

def faults_of(folder: Path, chapter: str) -> list[str]:
    """All faults of one chapter, each with its language or both."""
    if missing := [language for language in LANGUAGES if not (folder / language / f"{chapter}.ipynb").exists()]:
        return [f"{chapter}: no notebook in {', '.join(missing)}"]
    pages = [Page.read(folder, language, chapter) for language in LANGUAGES]
    faults = [f"{page.language}/{chapter}: {fault}" for page in pages for rule in PAGE_RULES for fault in rule(page)]
    return faults + [f"{chapter}: {fault}" for rule in PAIR_RULES for fault in rule(*pages)]


def main(arguments: list[str]) -> None:
    folder = Path("chapters").resolve()
    wanted = arguments or chapters_of(folder)
    faults = [fault for chapter in wanted for fault in faults_of(folder, chapter)]
    faults += [] if arguments else contents(folder)
    sys.exit("\n".join(faults) if faults else f"{len(wanted)} chapters keep to the rules")


if __name__ == "__main__":
    main(sys.argv[1:])
