"""Which cells run in the page: found from the code alone, and held by a rule."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from press.book import Book
from press.extension import INTERFACE
from press.live.bars import live_bar, opening
from press.live.cells import ambiguous, announced, kinds, mark, needs
from press.rules import Page
from press.rules.live import nothing_needs_torch
from tests.site.conftest import ROOT

FIELD = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("code", ["import torch", "import torch.nn.functional as F", "from torch import nn",
                                  "from seqbook import pytorch as ours", "from seqbook.contract import error_table",
                                  "import seqbook.interop", "def f():\n    import torch", "x = torch.ones(3)"])
def test_a_cell_that_imports_or_uses_pytorch_needs_it(code):
    assert kinds({"cell": code}) == {"cell": "torch"}


@pytest.mark.parametrize("code", ["import numpy as np", "from seqbook.scratch import LSTM", "torches = 1",
                                  "import torchlight", "# import torch", "%pip install torch", "text = 'import torch'",
                                  "from seqbook import plot", "not python at all"])
def test_other_cells_run_in_the_page(code):
    assert kinds({"cell": code}) == {"cell": "live"}


def test_what_only_a_cell_with_pytorch_defines_needs_it_too():
    cells = {"a": "import torch\nx = torch.ones(3)\ny = 1", "uses": "print(x)", "further": "z = 1\nprint(z)",
             "inside": "def f():\n    return x", "by": "f()", "local": "def g(x):\n    return x",
             "loop": "for x in range(3):\n    print(x)", "again": "print(x)"}
    assert kinds(cells) == {"a": "torch", "uses": "torch", "further": "live", "inside": "torch", "by": "torch",
                            "local": "live", "loop": "live", "again": "live"}


def test_a_name_of_the_page_that_pytorch_changes_is_found():
    cells = {"own": "x = 1", "a": "import torch\nx = 2\nfor t in range(3): pass", "reads": "print(x)",
             "anew": "x = 3", "after": "print(x)"}
    assert kinds(cells)["reads"] == "live"
    assert ambiguous(cells) == [("reads", "x", "a")]


def test_a_cell_needs_the_cells_that_define_its_names_and_what_these_need():
    cells = {"np": "import numpy as np", "w": "w = np.ones(3)", "f": "def f(x):\n    return x * w", "other": "q = 5",
             "w2": "w = 2 * np.ones(3)", "use": "print(f(q))"}
    assert needs(cells) == {"np": [], "w": ["np"], "f": ["np", "w"], "other": [], "w2": ["np"],
                            "use": ["np", "w", "f", "other"]}


def test_an_exercise_needs_what_its_solution_needs():
    cells = {"np": "import numpy as np", "helper": "def helper(x): return x",
             "check": "from seqbook.checks import check",
             "step-stub": "def step(x):\n    raise NotImplementedError", "step-check": 'check("bptt/step", step)',
             "step-solution": "def solution_step(x):\n    return helper(np.tanh(x))"}
    assert needs(cells)["step-stub"] == ["np", "helper", "check"]
    assert needs(cells)["step-check"] == ["np", "helper", "check", "step-stub"]


def notebook(**sources) -> nbformat.NotebookNode:
    cells = [new_code_cell(source, id=name.replace("_", "-")) for name, source in sources.items()]
    return new_notebook(cells=[new_markdown_cell("# One", id="title"), *cells])


def test_what_a_page_is_told_of_a_cell():
    made = notebook(step_stub="def step(x): raise NotImplementedError", step_check='check("bptt/step", step)',
                    torch="import torch")
    made.cells[1].metadata["execution"] = {"iopub.status.busy": "2026-11-28T10:00:00.000000Z",
                                           "iopub.status.idle": "2026-11-28T10:00:12.345000Z"}
    mark(made.cells)
    stub, check, torch = (cell.metadata["live"] for cell in made.cells[1:])
    assert stub == {"id": "step-stub", "kind": "live", "needs": [], "part": "stub", "exercise": "bptt/step",
                    "seconds": 12.35} or stub["seconds"] == 12.34
    assert check["part"] == "check" and check["needs"] == ["step-stub"] and "seconds" not in check
    assert torch["kind"] == "torch"
    assert "live" not in made.cells[0].metadata


@pytest.mark.parametrize("seconds, about", [
    (0, None), (1.3, None), (1.4, 5), (3.2, 10), (15, 45), (60, 180), (900, 600)])
def test_a_long_cell_is_announced_in_round_numbers(seconds, about):
    assert announced(seconds) == about


def test_the_page_holds_no_markup_of_a_cells_name():
    live = {"id": 'x"><script>', "kind": "live", "needs": ["a", "b"], "part": "stub", "exercise": "<b>"}
    assert "<script>" not in opening(live) and "<b>" not in opening(live)
    assert 'data-needs="a b"' in opening(live)
    bar = live_bar(live, INTERFACE["ko"]["live"])
    assert bar.count("<button") == 3 and "채점하기" in bar and "실행 전" in bar


def page(**sources) -> Page:
    return Page("net/one", "en", [dict(cell) for cell in notebook(**sources).cells])


@pytest.mark.parametrize("sources, fault", [
    (dict(a="import torch\nx = 1", b="print(x)"), None),
    (dict(a="import torch\nx = 1", b="y = 2", c="print(x)"), "uses 'x', which only 'a', which needs PyTorch, defines"),
    (dict(a="import torch\nx = 1", b="y = x", c="print(y)"), None),
    (dict(x="x = 1", a="import torch\nx = 2", b="print(x)"),
     "reads 'x', which 'a', a cell that needs PyTorch, has changed"),
    (dict(step_stub="import torch\ndef step(): pass"), "an exercise must run in the page, without PyTorch"),
    (dict(a="import torch\nx = 1", b="x = 2", c="print(x)"), None)])
def test_the_rule_keeps_pytorch_to_itself(sources, fault):
    assert [found.message for found in nothing_needs_torch(page(**sources))] == ([fault] if fault else [])


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_book_keeps_the_rule(language):
    from press.manuscript import Manuscript

    manuscript = Manuscript.open(Book.open(ROOT))
    pages = [Page.of(manuscript, name, language) for name in manuscript.sources]
    assert [page.where(fault) for page in pages for fault in nothing_needs_torch(page)] == []


def test_both_languages_have_the_same_words():
    korean, english = (INTERFACE[language]["live"] for language in ("ko", "en"))
    assert korean.keys() == english.keys()
    for key, text in korean.items():
        assert set(FIELD.findall(text)) == set(FIELD.findall(english[key])), key
