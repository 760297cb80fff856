"""Every small change of a program that people make by mistake, found by walking its syntax tree.

An edit knows its kind (a key of `words.KINDS`), the names it touches, and what it costs: leaving something out 1,
taking something else 2, putting something in 3. Edits of one `group` are one slip made in several places, so all of
them at once is an edit too.
"""

import ast
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from seqbook.checks.program import Change, Program, located, quote

ACTIVATIONS = {"tanh": "_np.tanh(_0)", "sigmoid": "_sigmoid(_0)", "relu": "_relu(_0)", "softmax": "_softmax(_0)"}
# other functions people take in a function's place; what is not in the list of a name is only left out
OTHERS = {
    "arctanh": ["_np.tanh(_0)", "_np.arctan(_0)", "1 / _np.tanh(_0)", "_np.sinh(_0)",
                "_np.arcsinh(_0)", "_np.log(_0 / (1 - _0))", "_np.log(_0)"],
    "eigvals": ["_np.linalg.eigvalsh(_0)", "_np.linalg.svd(_0, compute_uv=False)", "_np.linalg.eigvals(_0).real",
                "_np.diag(_0)"],
    "abs": ["_0.real", "_0**2"],
    "exp": ["_np.log(_0)", "_np.exp(-_0)", "_0"],
    "sqrt": ["_0**2"],
    "cumprod": ["_np.cumsum(_0, axis=1)", "_0"],
    "norm": ["_np.linalg.norm(_0)", "_np.abs(_np.linalg.eigvals(_0)).max()", "_np.linalg.norm(_0, 1)",
             "_np.abs(_0).max()",
             "_np.linalg.norm(_0, _np.inf)", "_np.linalg.norm(_0, -2)", "_np.linalg.norm(_0, 2)**2",
             "_np.linalg.norm(_0)**2", "_np.abs(_np.linalg.det(_0))", "_np.trace(_0)", "_0.sum()", "_np.abs(_0).sum()",
             "_0.mean()", "_np.sqrt(_np.linalg.norm(_0, 2))", "_np.abs(_0).mean()"],
    "ones": ["_np.zeros(_0)"],
    "zeros": ["_np.ones(_0)"],
    "zeros_like": ["_np.ones_like(_0)"],
    "eye": ["_np.ones((_0, _0))", "_np.zeros((_0, _0))"],
}
REDUCTIONS = ("sum", "mean", "max", "min", "prod")
DELETED, REPLACED, INSERTED = 1, 2, 3
_FEW = 14  # variables of one shape that may be multiplied in by mistake
_SHORT = 60  # characters of a definition that people write out again
# slips made in one of several uses of a variable
_ONCE = ("missing", "derivative", "derivative_missing", "sign", "activation", "no_activation", "complement", "function",
         "joined", "time")


@dataclass(frozen=True)
class Edit:
    kind: str
    changes: tuple[Change, ...]
    cost: int
    names: tuple[str, ...] = ()  # arguments and outputs that stand where the change is
    group: str = ""


def edits(program: Program, shapes: dict[str, tuple], known: list[str]) -> list[Edit]:
    """Every edit of `program`; `shapes` of its variables, and the `known` names, which a student knows too."""
    found = list(_Editor(program, shapes, known).all())
    found += _exchanged(program, found)
    groups = {}
    for edit in found:
        groups.setdefault((edit.kind, edit.group), []).append(edit)
    return found + [together for (_, group), members in groups.items() if group and len(members) > 1
                    for together in _together(members)]


def _exchanged(program: Program, found: list[Edit]) -> Iterator[Edit]:
    """Two activations in each other's place everywhere."""
    swaps = {}
    for edit in found:
        if edit.kind == "activation" and "→" in edit.group:
            swaps.setdefault(edit.group, []).append(edit)
    for one, other in itertools.combinations(swaps, 2):
        if one.split(" → ") == other.split(" → ")[::-1]:
            members = swaps[one] + swaps[other]
            yield Edit("activation", tuple(change for edit in members for change in edit.changes), REPLACED + 1)


def _together(members: list[Edit]) -> Iterator[Edit]:
    """All edits of a group at once, and all but one where they are few."""
    sets = [members]
    if 2 < len(members) < 6:
        sets += [each for size in range(2, len(members)) for each in itertools.combinations(members, size)]
    for edits_ in sets:
        changes = tuple(change for edit in edits_ for change in edit.changes)
        names = tuple(dict.fromkeys(name for edit in edits_ for name in edit.names))
        if len({(id(change.parent), change.field, change.index) for change in changes}) == len(changes):
            yield Edit(members[0].kind, changes, members[0].cost + 1, names)


class _Editor:
    def __init__(self, program: Program, shapes: dict[str, tuple], known: list[str]):
        self.program, self.shapes, self.known = program, shapes, known
        self.parents = {id(child): (parent, field, index)
                        for parent, field, index, child in _places(program.tree)}
        self.loops = {name.id for node in ast.walk(program.tree) if isinstance(node, (ast.For, ast.comprehension))
                      for name in ast.walk(node.target) if isinstance(name, ast.Name)}
        self.indices = {id(inner) for node in ast.walk(program.tree)
                        for root in ([node.slice] if isinstance(node, ast.Subscript) else
                                     node.args if isinstance(node, ast.Call) and _function(node) == "range" else [])
                        for inner in ast.walk(root)}
        self.definitions = self._definitions()

    def all(self) -> Iterator[Edit]:
        for function in self.program.functions:
            for parent, field, index, node in _places(function):
                if isinstance(node, ast.stmt):
                    yield from self.statement(parent, field, index, node)
                elif isinstance(node, ast.expr) and not self._no_value(parent, field, node):
                    here = (parent, field, index)
                    for kind, new, cost, group in self.expression(node):
                        yield self.edit(kind, here, node, new, cost, group)
                    yield from self.inlined(here, node)

    # ------------------------------------------------------------------------------------------------- expressions

    def expression(self, node: ast.expr) -> Iterator[tuple[str, ast.expr, int, str]]:
        """(kind, new expression, cost, group) for the slips made in this one."""
        if id(node) in self.indices and not isinstance(node, ast.Name):    # `subscript` and `range` see to these
            return
        if isinstance(node, ast.BinOp):
            yield from self.operation(node)
            yield from self.derivative(node)
        elif isinstance(node, ast.Call):
            yield from self.call(node)
        elif isinstance(node, ast.Subscript):
            yield from self.subscript(node)
        elif isinstance(node, ast.Attribute) and node.attr == "T":
            yield "transpose", node.value, DELETED, f"T {ast.unparse(node)}"
            shape = self.shapes.get(getattr(node.value, "id", None), ())
            for other, its in self.shapes.items():
                if its == shape[::-1] and len(shape) > 1 and other != node.value.id:
                    yield "other", ast.copy_location(ast.Name(other, ast.Load()), node), REPLACED, ""
        elif isinstance(node, ast.Name):
            yield from self.name(node)
        elif isinstance(node, ast.Constant):
            yield from self.constant(node)
        elif isinstance(node, ast.Compare) and len(node.ops) == 1:
            left, right = node.left, node.comparators[0]
            for text in ("_0 > _1", "_0 < _1", "_0 >= _1", "_0 <= _1", "_0 != _1", "_0 == _1"):
                yield "condition", quote(text, _0=left, _1=right), REPLACED, ""
        elif isinstance(node, ast.IfExp):
            yield "condition", node.body, DELETED, ""
            yield "condition", node.orelse, DELETED, ""
        if isinstance(node, (ast.BinOp, ast.Call, ast.Name, ast.Subscript)) and self.arithmetic(node):
            parent, field, _ = self.parents[id(node)]
            product = isinstance(parent, ast.BinOp) and isinstance(parent.op, (ast.Mult, ast.Div))
            if not (isinstance(parent, ast.BinOp) and isinstance(parent.op, (ast.Add, ast.Sub)) and field == "right"):
                yield "sign", quote("-_0", _0=node), INSERTED, ""
            if product or isinstance(parent, (ast.Assign, ast.Return, ast.Tuple)):
                yield "complement", quote("1 - _0", _0=node), INSERTED, ""
            if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.MatMult):
                yield "transpose", quote("_0.T", _0=node), INSERTED, f"T {ast.unparse(node)}.T"

    def operation(self, node: ast.BinOp) -> Iterator:
        a, b, op = node.left, node.right, node.op
        pair = {"_0": a, "_1": b}
        if isinstance(op, (ast.Add, ast.Sub)):
            yield "missing", a, DELETED, f"drop {ast.unparse(b)}"
            yield "missing", quote("-_0", _0=b) if isinstance(op, ast.Sub) else b, DELETED, f"drop {ast.unparse(a)}"
            yield "sign", quote("_0 - _1" if isinstance(op, ast.Add) else "_0 + _1", **pair), REPLACED, ""
            yield "operation", quote("_0 * _1", **pair), REPLACED, ""
            for one, factored in ((a, b), (b, a)):
                if isinstance(factored, ast.BinOp) and isinstance(factored.op, ast.Mult):    # p + r * q: r * (p + q)
                    for r, q in ((factored.left, factored.right), (factored.right, factored.left)):
                        yield "multiplied", quote("_0 * (_1 + _2)", _0=r, _1=one, _2=q), REPLACED, ""
            if isinstance(op, ast.Sub):
                yield "missing", b, DELETED, ""
                yield "sign", quote("_1 - _0", **pair), REPLACED, ""
            if not isinstance(a, ast.Constant):
                sign = "+" if isinstance(op, ast.Add) else "-"
                for text in (f"_0 {sign} _1 {sign} _1", f"_0 + _0 {sign} _1"):
                    yield "twice", quote(text, **pair), INSERTED, ""
                yield "average", quote("(_0 + _1) / 2", **pair), INSERTED, ""
        elif isinstance(op, ast.Mult):
            for kept, dropped in ((a, b), (b, a)):
                slope = isinstance(dropped, ast.BinOp) and _tanh_slope(dropped) is not None
                yield ("derivative_missing" if slope else "missing"), kept, DELETED, f"drop {ast.unparse(dropped)}"
            yield "operation", quote("_0 + _1", **pair), REPLACED, ""
            yield "operation", quote("_0 / _1", **pair), REPLACED, ""
            yield "operation", quote("_1 / _0", **pair), REPLACED, ""
            yield "operation", quote("_0 @ _1", **pair), REPLACED, ""
            yield "twice", quote("_0 * _1 * _1", **pair), INSERTED, ""
            yield "twice", quote("_0 * _0 * _1", **pair), INSERTED, ""
            for factor, rest in ((a, b), (b, a)):
                if isinstance(factor, (ast.Name, ast.Subscript)):
                    for text in ("_np.tanh(_0) * _1", "_sigmoid(_0) * _1"):
                        yield "activation_more", quote(text, _0=factor, _1=rest), INSERTED, ""
            for name in sorted(self._like(a) | self._like(b)):
                yield "multiplied", quote("_0 * _1 * _2", **pair, _2=ast.Name(name, ast.Load())), INSERTED, ""
            for inner, outer in ((a, b), (b, a)):
                if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Add):    # (p + q) * s: p * s + q
                    slope = isinstance(outer, ast.BinOp) and _tanh_slope(outer) is not None
                    for text in ("_0 * _2 + _1", "_0 + _1 * _2"):
                        yield ("derivative_missing" if slope else "missing"), quote(
                            text, _0=inner.left, _1=inner.right, _2=outer), DELETED, ""
                if isinstance(inner, ast.Call) and _function(inner) in ACTIVATIONS and inner.args:
                    yield "inside", _with_argument(inner, quote("_0 * _1", _0=outer, _1=inner.args[0])), REPLACED, ""
                if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.MatMult):    # d * (W @ J): W @ (d * J)
                    yield "product", quote("_0 @ (_1 * _2)", _0=inner.left, _1=outer, _2=inner.right), REPLACED, ""
                    yield "product", quote("(_1 * _0) @ _2", _0=inner.left, _1=outer, _2=inner.right), REPLACED, ""
        elif isinstance(op, ast.Div):
            yield "missing", a, DELETED, f"drop {ast.unparse(b)}"
            yield "missing", b, DELETED, ""
            yield "missing", quote("1 / _0", _0=b), DELETED, ""
            yield "inverted", quote("_1 / _0", **pair), REPLACED, ""
            yield "inverted", quote("_0 * _1", **pair), REPLACED, ""
            yield "operation", quote("_0 - _1", **pair), REPLACED, ""
            yield "function", quote("_np.sqrt(_0 / _1)", **pair), INSERTED, ""
            yield "power", quote("(_0 / _1)**2", **pair), INSERTED, ""
        elif isinstance(op, ast.MatMult):
            yield "missing", a, DELETED, f"drop {ast.unparse(b)}"
            yield "missing", b, DELETED, f"drop {ast.unparse(a)}"
            yield "operation", quote("_0 * _1", **pair), REPLACED, ""
            yield from self.chain(node)
        elif isinstance(op, ast.Pow):
            parent = self.parents[id(node)][0]
            kind = "derivative" if isinstance(parent, ast.BinOp) and _tanh_slope(parent) is not None else "power"
            yield kind, a, DELETED, f"power {ast.unparse(b)}"
            for text in ("2 * _0", "abs(_0)", "_0**3"):
                yield kind, quote(text, _0=a), REPLACED, ""

    def chain(self, node: ast.BinOp) -> Iterator:
        """The factors of a whole chain of matrix products in another order."""
        parent, field, _ = self.parents[id(node)]
        if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.MatMult) and field == "left":
            return
        factors = _flat(node, ast.MatMult)
        for order in itertools.permutations(range(len(factors))):
            if list(order) != sorted(order):
                yield "product", _folded([factors[place] for place in order]), REPLACED, ""
        for place in range(len(factors)) if len(factors) > 2 else ():
            factor = factors[place]
            yield ("missing", _folded(factors[:place] + factors[place + 1:]), DELETED,
                   f"drop {ast.unparse(factor)}")

    def derivative(self, node: ast.BinOp) -> Iterator:
        """Slips in 1 - h**2, the derivative of h = tanh a, and in i * (1 - i), that of i = sigmoid(a)."""
        if (h := _tanh_slope(node)) is not None:
            for text in ("_0 * (1 - _0)", "1 - _0", "1 - _np.tanh(_0)**2", "1 + _0**2", "(1 - _0)**2",
                         "_0", "1 - abs(_0)", "1 - _np.arctanh(_0)**2", "1 / (1 - _0**2)", "_np.sqrt(1 - _0**2)",
                         "1 - _0**3", "1 - 2 * _0", "2 * (1 - _0**2)"):
                yield "derivative", quote(text, _0=h), REPLACED, f"tanh slope {text}"
            yield "derivative", quote("1 - _np.tanh(_0)", _0=h), REPLACED, "tanh slope 1 - tanh"
        if not isinstance(node.op, ast.Mult) or self._inner(node, ast.Mult):
            return
        factors = _flat(node, ast.Mult)
        for one, other in itertools.permutations(range(len(factors)), 2):
            gate = factors[one]
            if ast.unparse(factors[other]) != f"1 - {ast.unparse(gate)}":
                continue
            rest = [factor for place, factor in enumerate(factors) if place not in (one, other)]
            for text in ("", "1 - _0**2", "_sigmoid(_0) * (1 - _sigmoid(_0))", "_0", "1 - _0", "_0**2", "_0 * (1 + _0)",
                         "_0 * (1 - _0)**2", "_0**2 * (1 - _0)", "1 - _sigmoid(_0)**2", "_0 * (1 - _0**2)",
                         "1 - _np.tanh(_0)**2"):
                new = [*rest, *([quote(text, _0=gate)] if text else [])]
                kind, cost = ("derivative", REPLACED) if text else ("derivative_missing", DELETED)
                yield kind, _product(new), cost, f"sigmoid slope {text}"

    def call(self, node: ast.Call) -> Iterator:
        name, argument = _function(node), _argument(node)
        if argument is None:
            return
        if name in ACTIVATIONS or name == "exp":
            yield "no_activation", argument, DELETED, f"drop {name}"
            for other, text in ACTIVATIONS.items():
                if other != name:
                    yield "activation", quote(text, _0=argument), REPLACED, f"{name} → {other}"
            yield "activation_more", _with_argument(node, node), INSERTED, f"{name} twice"
            yield "sign", _with_argument(node, quote("-_0", _0=argument)), INSERTED, f"{name} of minus"
            for text in ACTIVATIONS.values():
                yield "activation_more", _with_argument(node, quote(text, _0=argument)), INSERTED, ""
            for other in self._alike(argument.id) if getattr(argument, "id", None) in self.shapes else ():
                swapped = _with_argument(node, ast.Name(other, ast.Load()))
                yield "complement", quote("1 - _0", _0=swapped), INSERTED, ""
            if name == "sigmoid":
                yield "activation", quote("_0 > 0", _0=argument), REPLACED, "sigmoid → step"
                yield "activation", quote("_np.exp(_0)", _0=argument), REPLACED, "sigmoid → exp"
                yield "activation", quote("1 + _np.exp(-_0)", _0=argument), REPLACED, "sigmoid → its inverse"
                yield "activation", quote("1 / (1 - _np.exp(-_0))", _0=argument), REPLACED, "sigmoid → 1 / (1 - e)"
                yield "activation", quote("_sigmoid(2 * _0)", _0=argument), REPLACED, "sigmoid → of twice"
                yield "activation", quote("_np.clip(_0, 0, 1)", _0=argument), REPLACED, "sigmoid → clip"
                yield "activation", quote("_np.clip(0.2 * _0 + 0.5, 0, 1)", _0=argument), REPLACED, "sigmoid → hard"
                yield "activation", quote("_np.clip(_0 / 6 + 0.5, 0, 1)", _0=argument), REPLACED, "sigmoid → hard 6"
            else:
                yield "activation", quote("_np.clip(_0, -1, 1)", _0=argument), REPLACED, f"{name} → clip"
                yield "activation", quote("_np.sin(_0)", _0=argument), REPLACED, f"{name} → sin"
                yield "activation", quote("_np.arctan(_0)", _0=argument), REPLACED, f"{name} → arctan"
                yield "activation", quote("2 * _sigmoid(_0) - 1", _0=argument), REPLACED, f"{name} → 2 sigmoid - 1"
            yield from self.outside(node, argument)
        if name in OTHERS:
            for text in OTHERS[name]:
                yield "function", quote(text, _0=argument), REPLACED, f"{name} → {text}"
        if name in OTHERS or name in ("diag", "minimum", "maximum"):
            yield "function", argument, DELETED, f"drop {name}"
        if name in REDUCTIONS:
            yield from self.reduction(node, name, argument)
        if name in ("concatenate", "stack", "hstack"):
            yield from self.joined(node)
        elif name not in REDUCTIONS:
            yield from self.along(node)
        if name == "reversed":
            yield "reversed", argument, DELETED, ""
        if name == "range":
            yield from self.range(node)
        if name == "min" or name == "max":
            for each in node.args if len(node.args) > 1 else ():
                yield "condition", each, DELETED, ""
        if name == "split" and len(node.args) == 2:
            yield "interleaved", quote("[_0[:, n::_1] for n in range(_1)]", _0=argument, _1=node.args[1]), REPLACED, ""

    def outside(self, node: ast.Call, argument: ast.expr) -> Iterator:
        """f(a + b + c): one of the terms outside, all of them alone, one with f of its own."""
        terms = _flat(argument, ast.Add)
        if len(terms) == 1:
            return
        for place, term in enumerate(terms):
            rest = _folded(terms[:place] + terms[place + 1:], ast.Add)
            yield "outside", quote("_0 + _1", _0=_with_argument(node, rest), _1=term), REPLACED, ""
            both = quote("_0 + _1", _0=_with_argument(node, rest), _1=_with_argument(node, term))
            yield "apart", both, REPLACED, ""
        yield "apart", _folded([_with_argument(node, term) for term in terms], ast.Add), REPLACED, ""
        yield "apart", _folded([term if isinstance(term, (ast.Name, ast.Subscript)) else _with_argument(node, term)
                                for term in terms], ast.Add), REPLACED, ""
        for each in terms:    # one term in each of two
            others = [_with_argument(node, quote("_0 + _1", _0=term, _1=each)) for term in terms if term is not each]
            yield "apart", _folded(others, ast.Add), REPLACED, ""

    def reduction(self, node: ast.Call, name: str, argument: ast.expr) -> Iterator:
        keywords = {keyword.arg for keyword in node.keywords}
        for other in REDUCTIONS:
            if other != name:
                yield "reduction", _renamed(node, other), REPLACED, f"{name} → {other}"
        yield "not_summed", argument, DELETED, f"drop {name}"
        if name in ("max", "min"):
            yield "reduction", quote("_0.ravel()[0]", _0=argument), REPLACED, ""
            yield "reduction", quote("_0.ravel()[-1]", _0=argument), REPLACED, ""
        if name == "sum" and "axis" in keywords:
            yield "reduction", quote("_0.T[..., 0].T", _0=argument), REPLACED, ""
        yield from self.along(node)

    def along(self, node: ast.Call) -> Iterator:
        """Another axis, or none."""
        for keyword in node.keywords:
            if keyword.arg == "axis":
                others = [each for each in node.keywords if each is not keyword]
                yield "axis", _call(node, others), DELETED, "axis none"
                for new in (0, 1, 2, -1):
                    if ast.unparse(keyword.value) != str(new):
                        changed = ast.keyword("axis", ast.Constant(new))
                        yield "axis", _call(node, [*others, changed]), REPLACED, f"axis {new}"

    def joined(self, node: ast.Call) -> Iterator:
        if not node.args or not isinstance(node.args[0], (ast.List, ast.Tuple)):
            return
        parts = node.args[0].elts
        for order in itertools.permutations(range(len(parts))) if len(parts) <= 4 else ():
            if list(order) != sorted(order):
                yield "joined", _with_argument(node, ast.List([parts[n] for n in order], ast.Load())), REPLACED, ""
        for place in range(len(parts)):
            zeroed = [quote("_0 * 0", _0=part) if n == place else part for n, part in enumerate(parts)]
            yield "missing", _with_argument(node, ast.List(zeroed, ast.Load())), DELETED, ""

    def range(self, node: ast.Call) -> Iterator:
        """One step more or less at either end."""
        first = node.args[0] if len(node.args) > 1 else ast.Constant(0)
        end = node.args[min(1, len(node.args) - 1)]
        step = node.args[2] if len(node.args) > 2 else ast.Constant(1)
        for text in ("range(_0, _1 - 1, _2)", "range(_0, _1 + 1, _2)", "range(_0 + 1, _1, _2)", "range(_0 - 1, _1, _2)",
                     "range(_0 + 1, _1 + 1, _2)", "range(_0 + 1, _1 - 1, _2)", "range(_0, _1 - 2, _2)",
                     "range(_0 + 2, _1, _2)", "range(0, _1, _2)"):
            yield "ends", quote(text, _0=first, _1=end, _2=step), REPLACED, ""
        if len(node.args) > 2:
            yield "ends", quote("range(_0, _1 - _1 % _2, _2)", _0=first, _1=end, _2=step), REPLACED, ""
            yield "ends", quote("range(_0, _1, 1)", _0=first, _1=end), REPLACED, ""
        parent = self.parents[id(node)][0]
        if not (isinstance(parent, ast.Call) and _function(parent) == "reversed"):
            yield "reversed", quote("range(_0, _1, _2)[::-1]", _0=first, _1=end, _2=step), INSERTED, ""
        yield "once", quote("list(_0)[:1]", _0=node), INSERTED, ""
        yield "once", quote("list(_0)[-1:]", _0=node), INSERTED, ""

    def subscript(self, node: ast.Subscript) -> Iterator:
        indices = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]

        def with_index(place, new):
            changed = [new if n == place else each for n, each in enumerate(indices)]
            index = ast.Tuple(changed, ast.Load()) if len(changed) > 1 else changed[0]
            return located(ast.Subscript(node.value, index, node.ctx))

        time = "time" if any(isinstance(name, ast.Name) and name.id in self.loops for name in ast.walk(node.slice)) \
            or self._along_time(node, len(indices)) else "place"
        for place, index in enumerate(indices):
            if isinstance(index, ast.Slice):
                if index.lower is None and index.upper is None:
                    continue
                for new in _slices(index):
                    yield time, with_index(place, new), REPLACED, ""
                if index.step is None:
                    yield "reversed", quote("_0[:, ::-1]" if place else "_0[::-1]", _0=node), INSERTED, ""
            elif isinstance(index, ast.Constant) and index.value is None:
                continue
            elif isinstance(index, (ast.Constant, ast.Name, ast.BinOp, ast.UnaryOp, ast.Call)):
                text = ast.unparse(index)
                for shift in (-2, -1, 1, 2):
                    yield time, with_index(place, quote(f"_0 + {shift}", _0=index)), REPLACED, f"{text} {shift}"
                if isinstance(node.ctx, ast.Load):
                    for fixed in ("0", "-1"):
                        if fixed != text:
                            yield "fixed", with_index(place, quote(fixed)), REPLACED, f"{text} → {fixed}"
                if not isinstance(index, ast.Constant):
                    yield "pairing", with_index(place, ast.Slice()), REPLACED, ""
                    yield "from_end", with_index(place, quote("-_0", _0=index)), REPLACED, ""
                    yield "from_end", with_index(place, quote("-1 - _0", _0=index)), REPLACED, ""
                    kind = "place" if place else "one_for_all"
                    for text in ("_np.broadcast_to(_np.max(_0), _np.shape(_0))", "0 * _0"):
                        yield kind, with_index(place, quote(text, _0=index)), REPLACED, ""
        whole = self.shapes.get(getattr(node.value, "id", None), ())
        if isinstance(node.ctx, ast.Load) and len(whole) > 1 and isinstance(indices[-1], (ast.Name, ast.BinOp)):
            part = whole[:len(indices) - 1] + whole[len(indices):]    # a[:, t] of (B, T, H): (B, H)
            for name, its in self.shapes.items():
                if its == part:
                    yield "other", ast.copy_location(ast.Name(name, ast.Load()), node), REPLACED, ""
        if isinstance(node.value, ast.Call) and _function(node.value) == "eye":
            yield "function", quote("_0[..., None]", _0=node.slice), REPLACED, ""
        if isinstance(node.ctx, ast.Load) and any(isinstance(each, ast.Slice) and (each.lower or each.upper)
                                                  for each in indices):
            yield "whole", node.value, DELETED, ""

    def name(self, node: ast.Name) -> Iterator:
        if not isinstance(node.ctx, ast.Load) or node.id not in self.shapes or not self.shapes[node.id]:
            return
        shape = self.shapes[node.id]
        for other in self._alike(node.id):
            if other != node.id:
                kind = "carry" if self._carried(node.id) and not self._carried(other) else "other"
                yield kind, ast.copy_location(ast.Name(other, ast.Load()), node), REPLACED, f"{node.id} → {other}"
        for step in self._steps(node):
            for other, its in self.shapes.items():
                if len(its) > len(shape) and (its[0], *its[2:]) == shape and other[0] == node.id[0]:    # hs for h_prev
                    for shift in (-1, 0, 1):
                        yield "other", quote(f"{other}[:, {step} + {shift}]"), REPLACED, f"{node.id} → {other} {shift}"
        yield "unused" if node.id in self.known else "missing", quote("0 * _0", _0=node), REPLACED, f"{node.id} → 0"

    def constant(self, node: ast.Constant) -> Iterator:
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
            return
        parent, field, _ = self.parents[id(node)]
        if isinstance(parent, (ast.Subscript, ast.Slice, ast.UnaryOp, ast.keyword)) or field == "slice":
            return
        for new in {0, 1, 2, -1, 0.5} - {node.value}:
            yield "constant", ast.copy_location(ast.Constant(new), node), REPLACED, ""

    def inlined(self, here: tuple, node: ast.expr) -> Iterator[Edit]:
        """A slip in one use only of a variable that is written out there."""
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load) or node.id not in self.definitions:
            return
        definition = self.definitions[node.id]
        for inner in ast.walk(definition):
            for kind, new, cost, _ in self.expression(inner) if isinstance(inner, ast.expr) else ():
                if kind in _ONCE:
                    yield self.edit(kind, here, inner, _replaced(definition, inner, new), cost + 1, "")
        parent, field, index = here
        if (isinstance(definition, ast.BinOp) and isinstance(definition.op, ast.Mult) and isinstance(parent, ast.BinOp)
                and isinstance(parent.op, ast.MatMult) and field == "left"):    # (a * s) @ W: (a @ W) * s
            outer = self.parents[id(parent)]
            for a, s in ((definition.left, definition.right), (definition.right, definition.left)):
                yield self.edit("product", outer, definition, quote("(_0 @ _1) * _2", _0=a, _1=parent.right, _2=s),
                                REPLACED, "")

    # -------------------------------------------------------------------------------------------------- statements

    def statement(self, parent: ast.AST, field: str, index: int, node: ast.stmt) -> Iterator[Edit]:
        here, looped = (parent, field, index), isinstance(parent, ast.For)
        if isinstance(node, ast.AugAssign):
            target = _loaded(node.target)
            yield self.edit("overwrite", here, node, _assign([node.target], node.value), REPLACED, "overwrite")
            yield self.edit("overwrite", here, node, _assign([node.target], quote("_0 - _1", _0=target, _1=node.value)),
                            REPLACED, "subtract")
            yield self.edit("missing", here, node, ast.copy_location(ast.Pass(), node), DELETED, "")
        if isinstance(node, ast.Assign):
            targets = node.targets
            for target in targets if len(targets) > 1 else ():
                rest = [each for each in targets if each is not target]
                yield self.edit("carry" if looped else "missing", here, node, _assign(rest, node.value), DELETED, "")
                value = node.value
                if isinstance(value, ast.Call) and _function(value) in ACTIVATIONS and value.args:
                    steps = [_assign(rest, value), _assign([target], value.args[0])]    # the state last: value reads it
                    if not isinstance(target, ast.Name):
                        steps.reverse()
                    both = ast.If(ast.Constant(True), steps, [])
                    yield self.edit("no_activation", here, node, both, DELETED, "")
            if looped and len(targets) == 1:
                kind = "carry" if isinstance(targets[0], ast.Name) and self._carried(targets[0].id) else "missing"
                yield self.edit(kind, here, node, ast.copy_location(ast.Pass(), node), DELETED, "")
                if not isinstance(node.value, ast.Tuple):
                    for target in targets:
                        for name in self.known if not isinstance(target, ast.Tuple) else ():
                            if self.shapes.get(name):
                                more = quote("_0 + _1", _0=node.value, _1=ast.Name(name, ast.Load()))
                                yield self.edit("added", here, node, _assign(targets, more), INSERTED, "")
                        if not isinstance(target, ast.Tuple):
                            yield self.edit("added", here, node, _assign(targets, quote("_0 + _1", _0=_loaded(target),
                                                                         _1=node.value)), INSERTED, "")
            if len(targets) == 1 and isinstance(targets[0], ast.Tuple):
                yield from self.unpacked(here, node, targets[0])
        if isinstance(node, (ast.Return, ast.Assign)) and isinstance(node.value, ast.Tuple):
            yield from self.exchanged(node)
        if isinstance(node, ast.For):
            backwards = quote("list(_0)[::-1]", _0=node.iter)
            yield self.edit("reversed", (node, "iter", None), node.iter, backwards, INSERTED, "")
        body = getattr(parent, field)
        if looped and index + 1 < len(body):
            changes = (Change(parent, field, index, body[index + 1]), Change(parent, field, index + 1, node))
            yield Edit("late", changes, REPLACED, self.named(node))

    def unpacked(self, here: tuple, node: ast.Assign, target: ast.Tuple) -> Iterator[Edit]:
        """a, b = …: the names in another order, or one of them left as it was."""
        names = target.elts
        kind = "gates" if isinstance(node.value, ast.Call) else "swapped"
        for order in itertools.permutations(range(len(names))) if len(names) <= 4 else ():
            if list(order) != sorted(order):
                moved = ast.Tuple([names[n] for n in order], ast.Store())
                yield self.edit(kind, (node, "targets", 0), target, located(moved), REPLACED, f"order {order}")
        if isinstance(here[0], ast.For):
            for place, name in enumerate(names):
                if isinstance(name, ast.Name) and self._carried(name.id):
                    left = [ast.Name("_", ast.Store()) if n == place else each for n, each in enumerate(names)]
                    rest = located(ast.Tuple(left, ast.Store()))
                    yield self.edit("carry", (node, "targets", 0), name, rest, DELETED, "")

    def exchanged(self, node: ast.stmt) -> Iterator[Edit]:
        parts = node.value.elts
        kind = "returned" if isinstance(node, ast.Return) else "swapped"
        if all(isinstance(part, ast.BinOp) and isinstance(part.op, ast.Mult) for part in parts):
            for side in ("left", "right"):
                kept = ast.Tuple([getattr(part, side) for part in parts], ast.Load())
                yield self.edit("missing", (node, "value", None), node.value, located(kept), DELETED + 1, "")
        for one, other in itertools.combinations(range(len(parts)), 2):
            moved = list(parts)
            moved[one], moved[other] = moved[other], moved[one]
            exchanged = located(ast.Tuple(moved, ast.Load()))
            yield self.edit(kind, (node, "value", None), node.value, exchanged, REPLACED, "")
        for place, part in enumerate(parts) if isinstance(node, ast.Return) else ():
            yield self.edit("transpose", (node.value, "elts", place), part, quote("_0.T", _0=part), INSERTED, "")

    # ----------------------------------------------------------------------------------------------------- helpers

    def edit(self, kind: str, here: tuple, old: ast.AST, new: ast.AST, cost: int, group: str) -> Edit:
        names, kept = self.named(old), self.named(new)
        if kind == "sign" and isinstance(old, ast.BinOp) and isinstance(old.op, (ast.Add, ast.Sub)):
            names = self.named(old.right)
        gone = tuple(name for name in names if name not in kept)    # of a term left out: what stood in it
        return Edit(kind, (Change(*here, located(new)),), cost, gone or names, group)

    def named(self, node: ast.AST) -> tuple[str, ...]:
        """The arguments and outputs that stand in the node, but for its indices."""
        names = [each.id for each in ast.walk(node) if isinstance(each, ast.Name) and id(each) not in self.indices]
        return tuple(dict.fromkeys(name for name in names if name in self.known))

    def arithmetic(self, node: ast.expr) -> bool:
        """Whether the node is a number or an array that goes on into a computation, and no index or length."""
        parent, field, _ = self.parents[id(node)]
        if id(node) in self.indices or isinstance(node, ast.Name) and not self.shapes.get(node.id):
            return False
        if isinstance(getattr(node, "ctx", None), ast.Store):
            return False
        if isinstance(parent, ast.Call):
            return field != "func" and _function(parent) not in ("range", "len", "reversed", "zip", "min")
        return isinstance(parent, (ast.BinOp, ast.Assign, ast.Return, ast.Tuple))

    def _no_value(self, parent: ast.AST, field: str, node: ast.expr) -> bool:
        return (isinstance(parent, ast.Call) and field == "func" or isinstance(node, (ast.Tuple, ast.List, ast.Slice))
                or isinstance(getattr(node, "ctx", None), ast.Store) and not isinstance(node, ast.Subscript))

    def _inner(self, node: ast.BinOp, op: type) -> bool:
        parent, field, _ = self.parents[id(node)]
        return isinstance(parent, ast.BinOp) and isinstance(parent.op, op) and field == "left"

    def _carried(self, name: str) -> bool:
        """Whether a loop hands the variable on: it is assigned both before and in it."""
        places = [self.parents[id(node)] for node in ast.walk(self.program.tree) if isinstance(node, ast.Name)
                  and node.id == name and isinstance(node.ctx, ast.Store)]
        return len(places) > 1

    def _steps(self, node: ast.AST) -> list[str]:
        """The variables of the loops over a range around a node."""
        found = []
        while id(node) in self.parents:
            node = self.parents[id(node)][0]
            if isinstance(node, ast.For) and isinstance(node.target, ast.Name) and "range" in ast.unparse(node.iter):
                found.append(node.target.id)
        return found

    def _alike(self, name: str) -> list[str]:
        """The variables that may be taken for this one: of its shape and, where these are many, of a name like its."""
        found = [other for other, its in self.shapes.items() if its == self.shapes[name]]
        near = [other for other in found if len(other) == len(name) or other in name or name in other]
        return found if len(found) <= _FEW else near

    def _like(self, node: ast.expr) -> set[str]:
        """The variables of the shape of this one."""
        shape = self.shapes.get(getattr(node, "id", None))
        found = {name for name, its in self.shapes.items() if its == shape and shape}
        return found if len(found) <= _FEW else found & set(self.known)

    def _along_time(self, node: ast.Subscript, count: int) -> bool:
        return count > 1 and isinstance(node.value, ast.Name) and len(self.shapes.get(node.value.id, ())) == 3

    def _definitions(self) -> dict[str, ast.expr]:
        found = {}
        for node in ast.walk(self.program.main):
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target, value = node.targets[0], node.value
                pairs = [(target, value)]
                if isinstance(target, ast.Tuple):
                    same = isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts)
                    pairs = list(zip(target.elts, value.elts, strict=True)) if same else []
                for name, expression in pairs:
                    if isinstance(name, ast.Name):
                        found.setdefault(name.id, []).append(expression)
        return {name: each[0] for name, each in found.items()
                if len(each) == 1 and isinstance(each[0], (ast.BinOp, ast.Call)) and self._uses(name) > 1
                and len(ast.unparse(each[0])) <= _SHORT}

    def _uses(self, name: str) -> int:
        return sum(isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
                   for node in ast.walk(self.program.main))


def _places(root: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    for parent in ast.walk(root):
        for field, value in ast.iter_fields(parent):
            if isinstance(value, ast.AST):
                yield parent, field, None, value
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    if isinstance(item, ast.AST):
                        yield parent, field, index, item


def _slices(index: ast.Slice) -> Iterator[ast.Slice]:
    for lower, upper in ((-1, 0), (1, 0), (0, -1), (0, 1), (2, 0)):
        low = quote(f"_0 + {lower}", _0=index.lower or ast.Constant(0)) if lower else index.lower
        high = quote(f"_0 + {upper}", _0=index.upper) if upper and index.upper else index.upper
        if upper and not index.upper:
            high = ast.Constant(upper) if upper < 0 else None
        yield located(ast.Slice(low, high, index.step))
    if index.upper is not None and index.lower is not None:
        yield located(ast.Slice(None, index.upper))
        yield located(ast.Slice(index.lower, None))
    if index.upper is not None and index.lower is None:
        yield located(ast.Slice(ast.Constant(1), None))    # the other end left out
        yield located(ast.Slice(index.upper, None))
    if index.lower is not None and index.upper is None:
        yield located(ast.Slice(None, index.lower))
    yield ast.Slice()


def _replaced(tree: ast.expr, old: ast.expr, new: ast.expr) -> ast.expr:
    """A copy of `tree` in which `new` stands for `old`."""

    class Replace(ast.NodeTransformer):
        def visit(self, node):
            return new if getattr(node, "original", node) is old else self.generic_visit(node)

    def copied(node):
        if not isinstance(node, ast.AST):
            return [copied(each) for each in node] if isinstance(node, list) else node
        copy = type(node)(**{field: copied(value) for field, value in ast.iter_fields(node)})
        copy.original = node
        return ast.copy_location(copy, node) if "lineno" in node._attributes else copy

    return Replace().visit(copied(tree))


def _flat(node: ast.expr, op: type) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, op):
        return [*_flat(node.left, op), node.right]
    return [node]


def _folded(parts: list[ast.expr], op: type = ast.MatMult) -> ast.expr:
    node = parts[0]
    for part in parts[1:]:
        node = ast.BinOp(node, op(), part)
    return located(node)


def _product(factors: list[ast.expr]) -> ast.expr:
    return _folded(factors, ast.Mult) if factors else quote("1.0")


def _tanh_slope(node: ast.BinOp) -> ast.expr | None:
    """h of 1 - h**2."""
    if (isinstance(node.op, ast.Sub) and isinstance(node.left, ast.Constant) and node.left.value == 1
            and isinstance(node.right, ast.BinOp) and isinstance(node.right.op, ast.Pow)):
        return node.right.left
    return None


def _function(node: ast.Call) -> str:
    """"tanh" of np.tanh(a), "sum" of a.sum(axis=0)."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _is_method(node: ast.Call) -> bool:
    root = node.func
    while isinstance(root, ast.Attribute):
        root = root.value
    return isinstance(node.func, ast.Attribute) and not (isinstance(root, ast.Name) and root.id == "np")


def _argument(node: ast.Call) -> ast.expr | None:
    """What a function is taken of: its first argument, or the array whose method it is."""
    if _is_method(node):
        return node.func.value
    return node.args[0] if node.args else None


def _with_argument(node: ast.Call, argument: ast.expr) -> ast.expr:
    if _is_method(node):
        return located(ast.Call(ast.Attribute(argument, node.func.attr, ast.Load()), node.args, node.keywords))
    return located(ast.Call(node.func, [argument, *node.args[1:]], node.keywords))


def _call(node: ast.Call, keywords: list[ast.keyword]) -> ast.expr:
    return located(ast.Call(node.func, node.args, keywords))


def _renamed(node: ast.Call, name: str) -> ast.expr:
    if not isinstance(node.func, ast.Attribute):
        return quote(f"_np.{name}(list(_0))", _0=node.args[0])
    return located(ast.Call(ast.Attribute(node.func.value, name, ast.Load()), node.args, node.keywords))


def _assign(targets: list[ast.expr], value: ast.expr) -> ast.Assign:
    return located(ast.Assign(targets, value))


def _loaded(target: ast.expr) -> ast.expr:
    node = ast.parse(ast.unparse(target), mode="eval").body
    return located(node)
