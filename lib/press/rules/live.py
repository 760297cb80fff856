"""The rule of a chapter's live pages: what needs PyTorch stays among itself, since all else runs in the page."""

from press.live.cells import PARTS, ambiguous, imports_torch, kinds, names, tree_of
from press.rules import Fault, Page


def nothing_needs_torch(page: Page) -> list[Fault]:
    """Only what stands right after a cell that imports PyTorch uses what it defines; an exercise never does.

    And no cell reads a name that such a cell has changed: in the page it would read the old value.
    """
    sources = {cell["id"]: cell["source"] for cell in page.of_type("code")}
    kind, importing, faults, source = kinds(sources), None, [], {}
    for cell, code in sources.items():
        tree = tree_of(code)
        own, read = names(tree)
        if kind[cell] == "live":
            importing = None
            source = {name: where for name, where in source.items() if name not in own}
            continue
        if imports_torch(tree):
            importing = cell
        elif importing is None:
            name = min((read - own) & source.keys())
            faults.append(Fault(cell, f"uses {name!r}, which only {source[name]!r}, which needs PyTorch, defines"))
        if PARTS.fullmatch(cell):
            faults.append(Fault(cell, "an exercise must run in the page, without PyTorch"))
        source |= {name: cell for name in own if name not in source}
    return faults + [Fault(cell, f"reads {name!r}, which {torch!r}, a cell that needs PyTorch, has changed")
                     for cell, name, torch in ambiguous(sources)]
