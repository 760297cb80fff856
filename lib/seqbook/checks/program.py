"""A solution as a program that can be edited: its source, its syntax tree, and the trees with something changed."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import numpy as np

from seqbook.scratch import relu, sigmoid, softmax

# what an edit may call by a name that no solution has
TOOLS = {"_np": np, "_sigmoid": sigmoid, "_relu": relu, "_softmax": softmax}
_FILLED = {"empty": "zeros", "empty_like": "zeros_like"}  # what is never written must not differ from run to run


@dataclass(frozen=True)
class Change:
    """One place of a tree, `parent.field` or `parent.field[index]`, that is taken by `new`."""

    parent: ast.AST
    field: str
    index: int | None
    new: Any

    def swap(self, new: Any) -> Any:
        """Put `new` there; what was there comes back."""
        if self.index is None:
            old = getattr(self.parent, self.field)
            setattr(self.parent, self.field, new)
        else:
            old = getattr(self.parent, self.field)[self.index]
            getattr(self.parent, self.field)[self.index] = new
        return old


class Program:
    """The syntax tree of `function` and of the helpers of its own module that it calls, ready to be changed."""

    def __init__(self, function: Callable, replaced: Mapping[str, str] = {}):
        self.name = function.__name__
        self.globals = function.__globals__
        main, *helpers = _with_helpers(function)
        self.functions = [_definition(edited_source(main, replaced))]
        self.functions += [_definition(source_of(helper)) for helper in helpers]
        self.main = self.functions[0]
        self.tree = ast.Module(self.functions, [])
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute) and node.attr in _FILLED:
                node.attr = _FILLED[node.attr]

    def compiled(self, changes: tuple[Change, ...] = ()) -> FunctionType:
        """The function with `changes` made, later ones in what earlier ones left; the tree itself stays as it is."""
        with self._made(changes):
            code = compile(self.tree, f"<{self.name}>", "exec")
        return _executed(code, self.globals)[self.name]

    def variables(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """The main function's variables at its end, on these inputs."""
        seen = {}
        *body, last = self.main.body
        report = ast.copy_location(ast.Expr(quote("_seen(locals())")), last)
        with self._made((Change(self.main, "body", None, [*body, report, last]),)):
            code = compile(self.tree, f"<{self.name}>", "exec")
        _executed(code, self.globals | {"_seen": seen.update})[self.name](**inputs)
        return seen

    @contextmanager
    def _made(self, changes: tuple[Change, ...]):
        undo = []
        try:
            for change in changes:
                undo.append((change, change.swap(change.new)))
            yield
        finally:
            for change, old in reversed(undo):
                change.swap(old)


def quote(text: str, **parts: ast.AST) -> ast.expr:
    """The expression `text` with `parts` in the place of their names."""

    class Insert(ast.NodeTransformer):
        def visit_Name(self, node):
            return parts.get(node.id, node)

    node = Insert().visit(ast.parse(text, mode="eval")).body
    return located(node)


def located(node: ast.AST) -> ast.AST:
    """With a line number wherever one is missing, as `compile` wants."""
    for part in ast.walk(node):
        if "lineno" in part._attributes and not hasattr(part, "lineno"):
            part.lineno = part.end_lineno = 1
            part.col_offset = part.end_col_offset = 0
    return node


def source_of(function: Callable) -> str:
    """The text of a function without its decorators, from the file it stands in."""
    text = textwrap.dedent(inspect.getsource(function))
    definition = ast.parse(text).body[0]
    return "".join(text.splitlines(keepends=True)[definition.lineno - 1:]).rstrip() + "\n"


def edited(function: Callable, edits: Mapping[str, str]) -> FunctionType:
    """`function` with each text of `edits` replaced, wherever it stands in the body, by another."""
    code = compile(edited_source(function, edits), f"<{function.__name__}>", "exec")
    return _executed(code, function.__globals__)[function.__name__]


def edited_source(function: Callable, edits: Mapping[str, str]) -> str:
    head, _, text = source_of(function).partition("\n")
    for old, new in edits.items():
        if old not in text:
            raise ValueError(f"{old!r} does not stand in the solution {function.__name__}")
        text = text.replace(old, new)
    return f"{head}\n{text}"


def _definition(source: str) -> ast.FunctionDef:
    definition = ast.parse(source).body[0]
    if ast.get_docstring(definition) is not None:
        del definition.body[0]
    return definition


def _with_helpers(function: Callable) -> list[Callable]:
    found = [function]
    for each in found:
        for name in each.__code__.co_names:
            helper = function.__globals__.get(name)
            if isinstance(helper, FunctionType) and helper.__module__ == function.__module__ and helper not in found:
                found.append(helper)
    return found


def _executed(code: Any, names: dict[str, Any]) -> dict[str, Any]:
    namespace = {**names, **TOOLS}
    exec(code, namespace)
    return namespace
