"""The rules of a chapter's predictions (`seqbook.widgets.Predict`): how many, computed, and answered in prose."""

import ast
import builtins

from press.markdown import headings
from press.rules import Fault, Page, tree_of

FEWEST, MOST = 2, 4
REACH = 3    # cells from a prediction to the prose that answers it


def predictions(page: Page) -> list[Fault]:
    """Two to four predictions a chapter outside start/, each with a computed answer and prose soon after it."""
    faults, count, literals = [], 0, {}
    for place, cell in enumerate(page.cells):
        if cell["cell_type"] != "code":
            continue
        tree = tree_of(cell)
        _note_literals(tree, literals)
        asked = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_predict(node.func)]
        count += len(asked)
        for call in asked:
            if why := _not_computed(call, literals):
                faults.append(Fault(cell["id"], f"Predict needs right= from the computation, got {why}",
                                    call.lineno - 1))
        if asked and not any(map(_is_prose, page.cells[place + 1:place + 1 + REACH])):
            faults.append(Fault(cell["id"], f"Predict, but none of the next {REACH} cells says the answer in prose"))
    if not page.name.startswith("start/") and not FEWEST <= count <= MOST:
        faults.append(Fault("head", f"a chapter needs {FEWEST} to {MOST} predictions (Predict), got {count}"))
    return faults


def _is_predict(called: ast.expr) -> bool:
    return getattr(called, "attr", None) == "Predict" or getattr(called, "id", None) == "Predict"


def _not_computed(call: ast.Call, literals: dict[str, bool]) -> str | None:
    """What stands where a computed answer is wanted: a constant, a name that only ever held one, or nothing."""
    value = next((keyword.value for keyword in call.keywords if keyword.arg == "right"), None)
    if value is None:
        return "none"
    names = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)} - set(dir(builtins))
    if not names:
        return ast.unparse(value)
    if all(literals.get(name, False) for name in names):
        return f"{ast.unparse(value)}, which is only written down"
    return None


def _note_literals(tree: ast.Module, literals: dict[str, bool]) -> None:
    """Whether each name that is assigned has only ever held constants, added to what `literals` knows."""
    plain = {id(name) for node in ast.walk(tree) if isinstance(node, ast.Assign) and _is_literal(node.value)
             for target in node.targets for name in ast.walk(target)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            literals[node.id] = literals.get(node.id, True) and id(node) in plain


def _is_literal(value: ast.expr) -> bool:
    """Numbers and texts, and what operators make of them; no list, which may be filled later."""
    parts = ast.Constant | ast.Tuple | ast.UnaryOp | ast.BinOp | ast.operator | ast.unaryop | ast.expr_context
    return all(isinstance(node, parts) for node in ast.walk(value))


def _is_prose(cell: dict) -> bool:
    lines = [line for line in cell["source"].splitlines() if line.strip()]
    return cell["cell_type"] == "markdown" and len(lines) > len(headings(cell["source"]))
