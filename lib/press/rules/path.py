"""The rules of a chapter's main path: what is left of it where the sections that go deeper stay closed."""

import ast
import re
from statistics import median

from press.markdown import DEEPER, MATH, headings
from press.rules import Fault, Page, tree_of

MOST_WORDS, MOST_CELLS, MEDIAN_LINES = 3000, 60, 8
LINK_ROW = re.compile(r"^\|.*\]\(.*\|$\n?", flags=re.M)    # of a table


def divided(page: Page) -> tuple[list[dict], list[dict]]:
    """The cells of the main path, and those of the sections that go deeper, each until a heading of its level."""
    path, aside, level = [], [], None
    for cell in page.cells:
        found = headings(cell["source"]) if cell["cell_type"] == "markdown" else []
        for depth, title in found:
            if level is not None and depth <= level:
                level = None
            if level is None and title.startswith(DEEPER[page.language]):
                level = depth
        (path if level is None else aside).append(cell)
    return path, aside


def words(markdown: str) -> int:
    """The words of a text, an equation counted as one; rows of links, in which nobody reads on, not at all."""
    return len(MATH.sub("x", LINK_ROW.sub("", markdown)).split())


def deeper_heading(page: Page) -> list[Fault]:
    """A section that goes deeper begins with its cell; then every later cell of it lies in the fold."""
    return [Fault(cell["id"], f"{title!r} must be the first line of its cell") for cell in page.of_type("markdown")
            for place, (_, title) in enumerate(headings(cell["source"])) if title.startswith(DEEPER[page.language])
            and (place or not cell["source"].lstrip().startswith("#"))]


def path_length(page: Page) -> list[Fault]:
    """At most 3,000 English words and 60 cells, code cells of 8 lines in the median."""
    path, _ = divided(page)
    code = [len(cell["source"].splitlines()) for cell in path if cell["cell_type"] == "code"]
    count = sum(words(cell["source"]) for cell in path if cell["cell_type"] == "markdown")
    faults = []
    if page.language == "en" and count > MOST_WORDS:
        faults.append(Fault("head", f"the main path has {count} English words, at most {MOST_WORDS} are allowed"))
    if len(path) > MOST_CELLS:
        faults.append(Fault("head", f"the main path has {len(path)} cells, at most {MOST_CELLS} are allowed"))
    if code and median(code) > MEDIAN_LINES:
        faults.append(Fault("head", f"the median of the main path's code cells is {median(code):g} lines, "
                                    f"at most {MEDIAN_LINES} are allowed"))
    return faults


def path_stands_alone(page: Page) -> list[Fault]:
    """No cell of the main path uses a name that only a section which goes deeper has defined."""
    apart = {id(cell) for cell in divided(page)[1]}
    above, hidden, faults = set(), set(), []
    for cell in page.of_type("code"):
        tree = tree_of(cell)
        if id(cell) in apart:
            hidden |= defined(tree) - above
            continue
        own = defined(tree)
        for name in sorted((used(tree) & hidden) - above - own):
            faults.append(Fault(cell["id"], f"uses {name!r}, which only a section that goes deeper defines"))
        above |= own
        hidden -= own
    return faults


def defined(tree: ast.Module) -> set[str]:
    """The names that running a cell leaves defined."""
    names = set()
    for node in _outside_functions(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    return names


def used(tree: ast.Module) -> set[str]:
    """The names that a cell reads, in its functions, too."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _outside_functions(tree: ast.AST):
    for node in ast.iter_child_nodes(tree):
        yield node
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda | ast.ListComp | ast.SetComp
                          | ast.DictComp | ast.GeneratorExp):
            yield from _outside_functions(node)


def formulas(page: Page) -> list[Fault]:
    """A chapter ends with its formulas on one sheet and what to remember; pages of start/ need neither."""
    wanted = {"ko": ["식 요약", "기억할 것"], "en": ["Formulas", "Takeaway"]}[page.language]
    last = [title for level, title in headings(page.markdown) if level == 2][-2:]
    if page.name.startswith("start/") or last == wanted:
        return []
    return [Fault("head", f"the last sections must be {' and '.join(map(repr, wanted))}, got {last}")]
