"""The rules of one page. Each takes a `Page` and returns its faults."""

import ast
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from markdown_it import MarkdownIt

from press.choices import HANGUL, parse
from press.markdown import headings, links, slug, without_math
from press.rules import Fault, Page, tree_of
from press.rules.claims import able_to_fail, explained, seeds_counted
from press.rules.live import nothing_needs_torch
from press.rules.path import deeper_heading, formulas, path_length, path_stands_alone
from press.rules.predictions import predictions

MAX_LINES = 25
MIN_EXERCISES = 3
FIGURES = {"subplots", "subplot_mosaic", "figure", "plot", "imshow", "matshow", "hist", "scatter", "bar", "show",
           "semilogx", "semilogy", "loglog"}
MACHINE = re.compile(r"(?<![\w.:/])(/(home|root|tmp|work|Users|mnt|content|usr|var)/[\w.]+|[A-Z]:\\\w+|file://)")
MARKDOWN = MarkdownIt("commonmark")


# --- prose ------------------------------------------------------------------------------------------------------------

def heading_levels(page: Page) -> list[Fault]:
    """One '#' heading, at the start, and no level left out below it."""
    found = [(cell, level, title) for cell in page.of_type("markdown") for level, title in headings(cell["source"])]
    faults, before = [], 0
    for cell, level, title in found:
        offset = _line_of(cell["source"], title)
        if (level == 1) != (before == 0):
            message = f"the page has one title, from the head; got {'#' * level} {title}"
            faults.append(Fault(cell["id"], message, offset))
        elif level > before + 1:
            faults.append(Fault(cell["id"], f"{title!r}: level {level} right after level {before}", offset))
        before = level
    return faults or ([] if found else [Fault(page.cells[0]["id"], "the page has no title")])


def plain_markdown(page: Page) -> list[Fault]:
    """CommonMark and math only: whatever Colab would show as raw text is refused."""
    forms = {
        "a directive": r"^ *(```+|~~~+|:::+) *\{", "a colon fence": r"^ *:::", "a role": r"\{[\w:-]+\}(?=`)",
        "a target": r"^\([\w-]+\)=", "a block break": r"^\+\+\+", "a comment": r"^% ", "a footnote": r"\[\^",
        "HTML": r"</?[A-Za-z][^>]*>|<!--", "an equation's LaTeX environment without $$": r"^\\begin\{",
    }
    faults = []
    for cell in page.of_type("markdown"):
        raw = cell["source"]
        spans = re.sub(r"`[^`\n]+`", "``", raw)  # a role needs the backticks that without_math takes away
        math_free = without_math(raw)
        for name, pattern in forms.items():
            text = spans if name in ("a directive", "a role") else math_free
            if found := re.search(pattern, text, flags=re.M):
                faults.append(Fault(cell["id"], f"{name} is not plain Markdown: {found[0]!r}", _line_of(raw, found[0])))
    return faults


def emphasis(page: Page) -> list[Fault]:
    """No asterisks left over: CommonMark does not end bold between punctuation and a letter, as in **$x$**를."""
    faults = []
    for cell in page.of_type("markdown"):
        prose = re.sub(r"(?<!\\)\$[^$]+?(?<!\\)\$", "$x$", cell["source"])
        children = [child for token in MARKDOWN.parse(prose) for child in token.children or []]
        faults += [Fault(cell["id"], f"the bold here does not end: {child.content.strip()!r}",
                         _line_of(prose, child.content))
                   for child in children if child.type == "text" and "**" in child.content]
    return faults


def targets(page: Page) -> list[Fault]:
    """Links between pages lead to a page of the same language, and to a heading where they name one."""
    return [Fault(cell["id"], f"{target!r} leads to no {what}", _line_of(cell["source"], target))
            for cell in page.of_type("markdown") for target in links(cell["source"])
            if (what := _missing(page, target))]


def _missing(page: Page, target: str) -> str | None:
    """What is not there of a link's target: "page", "heading" or None."""
    if re.match(r"[a-z]+:", target):
        return None
    address, _, anchor = unquote(target).partition("#")
    text = page.target((page.folder / page.name).parent / address) if address else page.markdown
    if text is None:
        return "page"
    return "heading" if anchor and anchor not in [slug(title) for _, title in headings(text)] else None


def language(page: Page) -> list[Fault]:
    """Prose in the page's language: Hangul in each Korean cell, and little of it in an English one."""
    faults = []
    for cell in page.of_type("markdown"):
        letters = re.findall(r"[^\W\d_]", without_math(cell["source"]))
        share = sum(bool(HANGUL.match(letter)) for letter in letters) / max(len(letters), 1)
        if len(letters) >= 10 and (share < 0.2 if page.language == "ko" else share > 0.3):
            faults.append(Fault(cell["id"], f"{share:.0%} of the letters are Hangul in a text in {page.language!r}"))
    return faults


def machine(page: Page) -> list[Fault]:
    """No path of somebody's machine."""
    return [Fault(cell["id"], f"a path of one machine: {found[0]!r}", _line_of(cell["source"], found[0]))
            for cell in page.cells if (found := MACHINE.search(cell["source"]))]


# --- code -------------------------------------------------------------------------------------------------------------

def code(page: Page) -> list[Fault]:
    """Code cells that Python can parse."""
    faults = []
    for cell in page.of_type("code"):
        try:
            parse(cell["source"])
        except SyntaxError as error:
            faults.append(Fault(cell["id"], f"not Python: {error.msg}", (error.lineno or 1) - 1))
    return faults


def length(page: Page) -> list[Fault]:
    """Code cells of at most 25 lines."""
    return [Fault(cell["id"], f"{lines} lines, at most {MAX_LINES} are allowed") for cell in page.of_type("code")
            if (lines := len(cell["source"].splitlines())) > MAX_LINES]


def alternative_text(page: Page) -> list[Fault]:
    """Text for those who do not see it with each cell that draws a figure, in the page's language; with no other."""
    faults, drawing = [], {"plt"}
    for cell in page.of_type("code"):
        text = cell["metadata"].get("mystnb", {}).get("image", {}).get("alt", "")
        draws = _draws(tree_of(cell), drawing)
        if draws and len(text) < 20:
            message = f"draws a figure and needs <!-- alt {page.language}: … --> of 20 letters or more, got {text!r}"
        elif text and not draws:
            message = "has an alt text, but draws no figure"
        elif text and bool(HANGUL.search(text)) != (page.language == "ko"):
            message = f"the alt text must be written in {page.language!r}, got {text!r}"
        else:
            continue
        faults.append(Fault(cell["id"], message))
    return faults


def exercises(page: Page) -> list[Fault]:
    """Stub, check and solution of each exercise belong together; three or more in every chapter outside start/."""
    places = {cell["id"]: place for place, cell in enumerate(page.cells)}
    source = page.manuscript.sources[page.name]
    kinds = {cell.id: cell.kind for cell in source.cells}
    faults = [Fault(cell["id"], "calls check(…); wanted a marker <!-- check NAME -->") for cell in page.of_type("code")
              if kinds.get(cell["id"]) == "cell" and _checks(tree_of(cell))]
    names = [cell.name for cell in source.cells if cell.kind == "stub"]
    for name in names:
        parts = [f"{name}-{part}" for part in ("stub", "check", "solution")]
        if missing := [part for part in parts if part not in places]:
            faults.append(Fault(parts[0], f"the exercise has no {', '.join(missing)}"))
        elif sorted(parts, key=places.get) != parts:
            faults.append(Fault(parts[0], "stub, check and solution must come in this order"))
        else:
            trees = [tree_of(page.cells[places[part]]) for part in parts]
            faults += [Fault(part, message) for part, message in zip(parts, _exercise(*trees)) if message]
    if not page.name.startswith("start/") and len(names) < MIN_EXERCISES:
        faults.append(Fault("head", f"a chapter needs {MIN_EXERCISES} exercises, got {len(names)}"))
    return faults


def _exercise(stub: ast.Module, check: ast.Module, solution: ast.Module) -> Iterator[str | None]:
    """What is wrong with an exercise's stub, check and solution, one after the other."""
    functions = [node for node in stub.body if isinstance(node, ast.FunctionDef)]
    raises = [node for function in functions for node in ast.walk(function)
              if isinstance(node, ast.Raise) and "NotImplementedError" in ast.dump(node)]
    yield None if len(functions) == 1 and raises else "must define one function that raises NotImplementedError"
    yield None if len(_checks(check)) == 1 else "the call of check(…) is written by itself; wanted only code before it"
    wanted = [f"solution_{function.name}" for function in functions]
    defined = [node.name for node in solution.body if isinstance(node, ast.FunctionDef)]
    if not set(wanted) <= set(defined):
        yield f"must define {wanted[0]}, got {', '.join(defined) or 'no function'}"
    else:
        yield None if len(_checks(solution)) == 1 else "the call of check(…) is written by itself; wanted only the code"


def _checks(tree: ast.Module) -> list[ast.Call]:
    return [node for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check"]


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


def _line_of(text: str, part: str) -> int:
    """The line, counted from 0, on which `part` begins in `text`; 0 where it is not there as it stands."""
    place = text.find(part)
    return text.count("\n", 0, place) if place > 0 else 0


TEXT_RULES: tuple[Callable[[Page], list[Fault]], ...] = (
    heading_levels, plain_markdown, emphasis, targets, machine, language)
PAGE_RULES: tuple[Callable[[Page], list[Fault]], ...] = (
    *TEXT_RULES, code, length, alternative_text, exercises, deeper_heading, path_length, path_stands_alone,
    formulas, explained, seeds_counted, able_to_fail, predictions, nothing_needs_torch)
