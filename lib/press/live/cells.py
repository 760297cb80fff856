"""Which cells of a chapter run in the page, and what each of them needs.

A cell is "live" or, where it needs PyTorch or a name that only such a cell defines, "torch".
"""

import ast
import re
import symtable

from press.choices import parse

TORCH = {"torch", "seqbook.pytorch", "seqbook.contract", "seqbook.interop"}
PARTS = re.compile(r"(.+)-(stub|check|solution)")
CHECK = re.compile(r'^check\("([\w/-]+)", ', flags=re.M)
SLOWER = 3              # a cell takes about as many times as long in a page
LONG = 4                # seconds in a page, from which on they are announced
ROUND = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600)


# --- what a cell needs ------------------------------------------------------------------------------------------------

def tree_of(source: str) -> ast.Module:
    """The code of a cell as a tree; an empty one where Python cannot read it."""
    try:
        return parse(source)
    except SyntaxError:
        return ast.Module([], [])


def names(tree: ast.Module) -> tuple[set[str], set[str]]:
    """(names that running a cell leaves defined, names of the notebook that it reads, in its functions, too)."""
    top = symtable.symtable(ast.unparse(tree), "cell", "exec")
    defined = {each.get_name() for each in top.get_symbols() if each.is_assigned() or each.is_imported()}
    read = {each.get_name() for each in top.get_symbols() if each.is_referenced()}
    inside = list(top.get_children())
    while inside:
        table = inside.pop()
        inside += table.get_children()
        read |= {each.get_name() for each in table.get_symbols() if each.is_global() and each.is_referenced()}
    return defined, read


def imports_torch(tree: ast.Module) -> bool:
    """Whether a cell imports PyTorch or a part of the library that does, or uses it where it has been imported."""
    imported = names(tree)[1] & {"torch"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return any(name == torch or name.startswith(f"{torch}.") for name in imported for torch in TORCH)


def kinds(sources: dict[str, str]) -> dict[str, str]:
    """"live" or "torch" for every cell of a page; `sources` is its code by cell id, in order."""
    found, clean, tainted = {}, set(), set()
    for name, source in sources.items():
        tree = tree_of(source)
        own, read = names(tree)
        if imports_torch(tree) or (read - own) & tainted:
            found[name] = "torch"
            tainted |= own - clean
        else:
            found[name] = "live"
            clean |= own
            tainted -= own
    return found


def needs(sources: dict[str, str]) -> dict[str, list[str]]:
    """For every cell the earlier ones that it needs, in order: those that define its names, and what they need.

    An exercise needs what its solution does.
    """
    own, read = ({name: names(tree_of(source))[side] for name, source in sources.items()} for side in (0, 1))
    order = list(sources)

    def asked(name: str) -> set[str]:
        part = PARTS.fullmatch(name)
        together = [f"{part[1]}-{kind}" for kind in ("stub", "check", "solution")] if part else [name]
        return set().union(*(read.get(each, set()) for each in together))

    found = {}
    for place, name in enumerate(order):
        closure = set()
        for wanted in asked(name):
            if definer := next((each for each in reversed(order[:place]) if wanted in own[each]), None):
                closure |= {definer, *found[definer]}
        found[name] = [each for each in order if each in closure]
    return found


def ambiguous(sources: dict[str, str]) -> list[tuple[str, str, str]]:
    """(live cell, name, torch cell) where a live cell reads what a torch cell has changed, which no page runs."""
    kind, changed, clean, found = kinds(sources), {}, set(), []
    for name, source in sources.items():
        own, read = names(tree_of(source))
        if kind[name] == "torch":
            changed |= {each: name for each in own & clean}
            continue
        found += [(name, each, changed[each]) for each in sorted((read - own) & changed.keys())]
        clean |= own
        changed = {each: cell for each, cell in changed.items() if each not in own}
    return found


# --- what a page is told ----------------------------------------------------------------------------------------------

def mark(cells: list) -> None:
    """Put into the metadata of every code cell of an executed notebook, as `live`, what the page must know of it."""
    sources = {cell.id: cell.source for cell in cells if cell.cell_type == "code"}
    kind, needed = kinds(sources), needs(sources)
    for cell in cells:
        if cell.cell_type != "code":
            continue
        live = {"id": cell.id, "kind": kind[cell.id],
                "needs": [name for name in needed[cell.id] if kind[name] == "live"]}
        if part := PARTS.fullmatch(cell.id):
            check = CHECK.search(sources.get(f"{part[1]}-check", ""))
            if check and f"{part[1]}-stub" in sources:
                live |= {"part": part[2], "exercise": check[1]}
        if (seconds := native_seconds(cell)) is not None:
            live["seconds"] = round(seconds, 2)
        cell.metadata["live"] = live


def native_seconds(cell) -> float | None:
    """How long a cell took where the notebook was run; None where nobody knows."""
    from dateutil.parser import isoparse

    times = cell.metadata.get("execution", {})
    if not {"iopub.status.busy", "iopub.status.idle"} <= times.keys():
        return None
    start, end = (isoparse(times[f"iopub.status.{state}"]) for state in ("busy", "idle"))
    return (end - start).total_seconds()


def announced(seconds: float) -> int | None:
    """About how many seconds a cell takes in a page, in round numbers; None for a short one."""
    expected = SLOWER * seconds
    return None if expected < LONG else min(ROUND, key=lambda number: abs(number - expected))
