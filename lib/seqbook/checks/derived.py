"""The mistakes derived from an exercise: small changes of its solutions, and forms around the right function."""

import ast
import inspect
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from seqbook.checks.edits import Edit, edits
from seqbook.checks.exercise import Case, Exercise, Mistake, Values
from seqbook.checks.forms import Form, forms
from seqbook.checks.program import Program

_SEED = 0  # the draw whose shapes tell which variables could be mistaken for each other


@dataclass(frozen=True, eq=False)
class Derived:
    """A wrong function that comes of a solution (`program`) by an edit, by a form, or by both."""

    exercise: Exercise
    parts: tuple[Edit | Form, ...]
    program: Program | None = None
    given: Mistake | None = None  # the worded mistake that this comes on top of

    @property
    def cost(self) -> int:
        return sum(part.cost for part in self.parts)

    @property
    def kind(self) -> str:
        return self.parts[0].kind

    @property
    def names(self) -> tuple[str, ...]:
        return self.parts[0].names

    @cached_property
    def function(self) -> Callable:
        changes = tuple(change for part in self.parts if isinstance(part, Edit) for change in part.changes)
        function = self.given.function if self.given else self.exercise.reference
        if changes:
            function = self.program.compiled(changes)
        for form in self.parts:
            if isinstance(form, Form):
                function = _around(self.exercise, function, form)
        return function

    def of(self, case: Case) -> Values | str:
        return outcome(self.exercise, lambda: self.function, case)

    def joined(self, other: "Derived") -> "Derived | None":
        """Both at once; None where both change the same place, or come of different solutions."""
        program = self.program or other.program
        if self.program is not None and other.program is not None:
            places = {place for derived in (self, other) for place in {
                (id(change.parent), change.field, change.index) for part in derived.parts for change in part.changes}}
            count = sum(len(part.changes) for derived in (self, other) for part in derived.parts)
            if self.program is not other.program or len(places) < count:
                return None
        return Derived(self.exercise, (*self.parts, *other.parts), program)


@cache
def derived(exercise: Exercise) -> list[Derived]:
    """Every derived mistake of one step, always in the same order."""
    found = [Derived(exercise, (form,)) for form in forms(exercise.arguments, exercise.outputs)]
    for solution in exercise.solutions:
        found += _edits(exercise, solution)
    return found


@cache
def derived_of_given(exercise: Exercise) -> list[Derived]:
    """What comes on top of the fault in the program that an exercise gives."""
    return [each for mistake in exercise.mistakes if mistake.given
            for each in _edits(exercise, exercise.reference, mistake)]


@cache
def derived_of_worded(exercise: Exercise) -> list[Derived]:
    """A few forms around the mistakes that somebody worded."""
    return [Derived(exercise, (form,), None, mistake) for mistake in exercise.mistakes
            for form in forms(exercise.arguments, exercise.outputs)
            if form.kind in ("returned", "unused", "swapped") or form.kind == "gates" and len(form.names) > 1]


@cache
def has_loops(exercise: Exercise) -> bool:
    """Whether a derived mistake is slow to run."""
    programs = {each.program for each in derived(exercise) if each.program}
    return any(isinstance(node, (ast.For, ast.comprehension))
               for program in programs for node in ast.walk(program.tree))


def _edits(exercise: Exercise, solution: Callable, given: Mistake | None = None) -> Iterator[Derived]:
    try:
        program = Program(solution, given.edits if given else {})
    except OSError:  # its source is not in a file: forms alone must do
        return
    case = exercise.draw(np.random.default_rng(_SEED), exercise.kinds[0])
    shapes = {name: np.shape(value) for name, value in program.variables(dict(case.inputs)).items()
              if isinstance(value, (np.ndarray, np.generic))}
    for edit in edits(program, shapes, [*exercise.arguments, *exercise.outputs]):
        yield Derived(exercise, (edit,), program, given)


def outcome(exercise: Exercise, make: Callable[[], Callable], case: Case) -> Values | str:
    """What a wrong function makes of a case: its arrays, or the type of the exception it runs into."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values = exercise.named(make()(**_copied(case.inputs)))    # some write into what they are given
            return {name: np.asarray(value, float if np.isrealobj(value) else complex)
                    for name, value in values.items()}
    except Exception as error:
        return type(error).__name__


def _copied(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _copied(value) if isinstance(value, Mapping) else np.copy(value) if isinstance(value, np.ndarray)
            else value for name, value in inputs.items()}


def _around(exercise: Exercise, function: Callable, form: Form) -> Callable:
    names = list(inspect.signature(function).parameters)[:len(exercise.arguments)]

    def wrapped(**inputs: Any) -> Any:
        changed = form.before(inputs)
        out = form.after(exercise.named(function(**{name: changed[name] for name in names})), inputs)
        return out if exercise.returns_dict else tuple(out.values()) if len(out) > 1 else next(iter(out.values()))

    wrapped.__signature__ = inspect.signature(function)
    return wrapped


def pairs(found: list[Derived], most: int) -> Iterator[Derived]:
    """The first `most` pairs of `found`, the cheapest first."""
    ordered = sorted(found, key=lambda each: each.cost)
    count = 0
    for later in range(1, len(ordered)):
        for earlier in range(later):
            both = ordered[earlier].joined(ordered[later])
            if both is not None:
                yield both
                count += 1
                if count >= most:
                    return
