"""The rules for claims that a machine can hold: numbers are explained, seeds counted, asserts able to fail."""

import ast
import re

from press.rules import Fault, Page, called, tree_of

LEAST_SEEDS = 5
LARGEST_SLACK = 0.1


def explained(page: Page) -> list[Fault]:
    """A number that is printed has a sentence after it: prose without a heading, at most one cell further down."""
    faults = []
    for place, cell in enumerate(page.cells):
        if not _printing(page, cell):
            continue
        after = page.cells[place + 1:place + 3]
        texts = [each for each in after if each["cell_type"] == "markdown"]
        if not texts or texts[0]["source"].lstrip().startswith("#"):
            faults.append(Fault(cell["id"], "prints, but no sentence right after it (at most one cell in between) "
                                            "says what that means"))
    return faults


def seeds_counted(page: Page) -> list[Fault]:
    """What is repeated over seeds is repeated over five or more, and printed as k of n."""
    faults = []
    cells = [cell for cell in page.of_type("code") if not _of_exercise(page, cell)]
    for place, cell in enumerate(cells):
        counts = [count for count in map(_seeds, ast.walk(tree_of(cell))) if count]
        if few := [count for count in counts if count < LEAST_SEEDS]:
            faults.append(Fault(cell["id"], f"goes through {few[0]} seeds; wanted {LEAST_SEEDS} or more"))
        near = "\n".join(each["source"] for each in cells[place:place + 3])
        if counts and not re.search(r"\bof\b" if page.language == "en" else "[가-힣] ?중", near):
            faults.append(Fault(cell["id"], "goes through seeds; wanted 'k of n seeds' (시드 n개 중 k개) printed by it "
                                            "or one of the next two cells of code"))
    return faults


def able_to_fail(page: Page) -> list[Fault]:
    """No assert of a constant, of a thing compared with itself, or with a slack that hides what is claimed."""
    faults = []
    for cell in page.of_type("code"):
        for node in ast.walk(tree_of(cell)):
            if isinstance(node, ast.Assert) and (why := _vacuous(node.test)):
                faults.append(Fault(cell["id"], f"an assert that cannot fail as it should: {why}", node.lineno - 1))
    return faults


def _vacuous(test: ast.expr) -> str | None:
    if not any(isinstance(node, ast.Name) for node in ast.walk(test)):
        return "it compares constants"
    for node in ast.walk(test):
        if isinstance(node, ast.Compare):
            sides = [ast.dump(each) for each in (node.left, *node.comparators)]
            if len(set(sides)) < len(sides):
                return "both sides are the same expression"
        if called(node) in ("isclose", "allclose", "array_equal"):
            if len(node.args) > 1 and ast.dump(node.args[0]) == ast.dump(node.args[1]):
                return "both sides are the same expression"
            for keyword in node.keywords:
                value = keyword.value.value if isinstance(keyword.value, ast.Constant) else 0
                if keyword.arg in ("atol", "rtol", "abs_tol", "rel_tol") and value >= LARGEST_SLACK:
                    return f"{keyword.arg}={value} hides what is claimed"
    return None


def _seeds(node: ast.AST) -> int | None:
    """How many seeds a loop or comprehension goes through, where it says so: `for seed in range(5)`."""
    if not isinstance(node, ast.For | ast.comprehension) or "seed" not in ast.unparse(node.target).lower():
        return None
    if called(node.iter) == "range":
        numbers = [each.value for each in node.iter.args if isinstance(each, ast.Constant)]
        return numbers[-1] - (numbers[0] if len(numbers) > 1 else 0) if numbers else None
    return len(node.iter.elts) if isinstance(node.iter, ast.Tuple | ast.List) else None


def _printing(page: Page, cell: dict) -> bool:
    if cell["cell_type"] != "code" or _of_exercise(page, cell):
        return False
    tree = tree_of(cell)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    inside = {id(node) for function in functions for node in ast.walk(function)}
    return any(called(node) == "print" and id(node) not in inside
               for node in ast.walk(tree))


def _of_exercise(page: Page, cell: dict) -> bool:
    """Whether a cell is one of an exercise's three, or the setup."""
    kinds = {each.id: each.kind for each in page.manuscript.sources[page.name].cells}
    return cell["id"] == "setup" or kinds.get(cell["id"], "cell") != "cell"
