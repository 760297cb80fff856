"""The verdict: a run of the student's function against the reference solution and the catalogued mistakes."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from seqbook.checks.exercise import Case, Exercise, Mistake, Values, size_of
from seqbook.checks.messages import axis_name, say
from seqbook.checks.report import Report
from seqbook.checks.running import Line, Outcome, Run

Entry = tuple[int, str]  # case number, output


@dataclass(frozen=True)
class Judge:
    """Turns a run into a report in one language."""

    exercise: Exercise
    cases: list[Case]
    run: Run
    seconds: float
    lang: str

    def report(self) -> Report:
        outcomes = self.run.outcomes
        for outcome in outcomes:
            if outcome.failure and outcome.failure.stub:
                return self._report("stub", self._say("not_implemented", call=self.exercise.call))
        if self.run.timed_out:
            case = self.cases[len(outcomes) % len(self.cases)]
            details = [self._say("case", label=case.label(self.lang))]
            return self._report("timed_out", self._say("timed_out", seconds=self.seconds), details,
                                line=self.run.line, inputs=case.inputs, expected=case.expected)
        if not self._repeatable():
            return self._failed("unstable", self._say("unstable"), self._mutation("also_mutated"))
        if wrong := self._wrong():
            found, left = self._mistakes(wrong)
            return self._name(found, left, wrong) if found else self._describe(wrong)
        if mutation := self._mutation("mutated"):
            return self._failed("mutated", mutation[0])
        return self._report("passed", self._say("passed_all", count=len(outcomes)), self._remarks())

    # what is wrong

    def _wrong(self) -> list[Entry]:
        """Every (case, output) that is not as expected; all outputs of a case that failed as a whole."""
        return [(number, name) for number, case in enumerate(self.cases) for name in case.expected
                if not self._right(number, name)]

    def _right(self, number: int, name: str) -> bool:
        want = self.cases[number].expected[name]
        return (self._returned(number, name, want, want)
                and self.run.outcomes[number].reading.values[name].dtype.kind == "f")

    def _equal(self, got: np.ndarray, want: np.ndarray, scale: np.ndarray) -> bool:
        return got.shape == want.shape and bool(_close(got, want, self.exercise.tolerance, scale).all())

    def _repeatable(self) -> bool:
        """Whether the first case, called again at the end, came out the same."""
        first, again = self.run.outcomes[0], self.run.outcomes[-1]
        if first.failure or again.failure:
            return bool(first.failure) == bool(again.failure)
        if first.reading.problem or again.reading.problem:
            return bool(first.reading.problem) == bool(again.reading.problem)
        return all(self._equal(again.reading.values[name], value, value)
                   for name, value in first.reading.values.items())

    # named mistakes

    def _mistakes(self, wrong: list[Entry]) -> tuple[list[Mistake], list[Entry]]:
        """The catalogued mistakes that explain what is wrong, and the wrong entries that none explains.

        A mistake fits where the answer agrees with it in every entry in which the mistake differs from the
        reference. Of those that fit, the one that explains most is named, then what the others explain beyond it.
        """
        explained = {mistake.name: (mistake, entries) for mistake in self.exercise.mistakes
                     if (entries := self._explained(mistake))}
        found, left = [], set(wrong)
        while explained and left:
            name = max(explained, key=lambda name: len(explained[name][1] & left))
            mistake, entries = explained.pop(name)
            if not entries & left:
                break
            found.append(mistake)
            left -= entries
        return found, [entry for entry in wrong if entry in left]

    def _name(self, found: list[Mistake], left: list[Entry], wrong: list[Entry]) -> Report:
        hints = [mistake.hint(self.lang) for mistake in found]
        details = [self._say("mistakes_more", hint=hint) for hint in hints[1:]]
        if left:
            details.append(self._say("beyond", message=self._describe(left).message))
        details += self._holds_when(wrong) + self._mutation("also_mutated")
        names = tuple(mistake.name for mistake in found)
        return self._failed("mistake", hints[0], details, mistakes=names, number=wrong[0][0])

    def _explained(self, mistake: Mistake) -> set[Entry]:
        """The entries in which `mistake` and the answer are wrong alike; none where they part company anywhere."""
        entries, seen = set(), False
        for number, case in enumerate(self.cases):
            outcome, theirs = self.run.outcomes[number], mistaken(self.exercise, mistake, case)
            if isinstance(theirs, str):  # raises: the answer must raise the same, and agree in values elsewhere
                if outcome.failure and outcome.failure.type == theirs:
                    entries |= {(number, name) for name in case.expected}
                elif not case.kind.stress:
                    return set()
                continue
            for name, want in case.expected.items():
                if self._equal(theirs[name], want, want):
                    continue
                if self._returned(number, name, theirs[name], want):
                    entries.add((number, name))
                    seen = True
                elif not case.kind.stress:
                    return set()
        return entries if seen else set()

    def _returned(self, number: int, name: str, value: np.ndarray, scale: np.ndarray) -> bool:
        """Whether the answer came out as `value`."""
        outcome = self.run.outcomes[number]
        return (not outcome.failure and not outcome.reading.problem
                and self._equal(outcome.reading.values[name], value, scale))

    # everything else

    def _describe(self, wrong: list[Entry]) -> Report:
        number, name = wrong[0]
        outcome = self.run.outcomes[number]
        details = self._holds_when(wrong) + self._mutation("also_mutated")
        if outcome.failure:
            return self._exception(number, outcome, details)
        if outcome.reading.problem:
            key, values = outcome.reading.problem
            return self._failed("form", self._say(key, **values), details, number=number)
        got, want = outcome.reading.values[name], self.cases[number].expected[name]
        if got.shape != want.shape:
            reason, message, more = "shape", *self._shape(number, name, got, want)
        elif got.dtype.kind != "f":
            key = "dtype_integer" if got.dtype.kind in "biu" else "dtype"
            reason, message, more = "dtype", self._say(key, name=name, got=got.dtype), []
        elif not np.isfinite(got[np.isfinite(want)]).all():
            bad = ~np.isfinite(got)
            message = self._say("not_finite", name=name, total=got.size, count=int(bad.sum()), index=_first(bad))
            reason, more = "not_finite", []
        else:
            reason, message, more = "value", *self._value(number, name, got, want)
        parts = self._parts(number)
        return self._failed(reason, message, [*more, *parts, *details, self._say("look")], number=number)

    def _exception(self, number: int, outcome: Outcome, details: list[str]) -> Report:
        failure = outcome.failure
        key = "exception" if failure.message else "exception_silent"
        if failure.type in ("SystemExit", "KeyboardInterrupt"):
            key = "exception_exit"
        message = self._say(key, type=failure.type, message=failure.message)
        if failure.line and failure.line.shapes:
            details = [self._say("shapes", shapes=", ".join(failure.line.shapes)), *details]
        return self._failed("exception", message, details, number=number, line=failure.line)

    def _shape(self, number: int, name: str, got: np.ndarray, want: np.ndarray) -> tuple[str, list[str]]:
        letters = self.exercise.letters(name)
        if letters is None:
            return self._say("shape_plain", name=name, want=want.shape, got=got.shape), []
        sizes, label = self.cases[number].sizes, ", ".join(letters)
        by_size = {}
        for dimension in (*sizes, *self.exercise.dimensions):
            by_size.setdefault(size_of(dimension, sizes), dimension)
        known = got.ndim > 0 and all(size in by_size for size in got.shape)
        got_letters = self._say("shape_letters", letters=", ".join(by_size[n] for n in got.shape)) if known else ""
        message = self._say("shape", name=name, letters=label, want=want.shape, got=got.shape, got_letters=got_letters)
        if known and sorted(got.shape) == sorted(want.shape):
            moved = np.transpose(got, [got.shape.index(size) for size in want.shape])
            if self._equal(moved, want, want):
                return message, [self._say("shape_axes", letters=label)]
        return message, []

    def _value(self, number: int, name: str, got: np.ndarray, want: np.ndarray) -> tuple[str, list[str]]:
        right = _close(got, want, self.exercise.tolerance, want)
        index = np.unravel_index(int(np.argmin(right)), right.shape)
        details = []
        if factor := self._factor(got, want):
            details.append(self._say("sign") if factor == -1.0 else self._say("factor", factor=factor))
        for axis, letter in enumerate(self.exercise.letters(name) or ()):
            if letter not in ("B", "T"):
                continue
            along = right.all(axis=tuple(other for other in range(right.ndim) if other != axis))
            if along.any() and not along.all():
                details.append(self._say(
                    "along", axis=axis_name(self.lang, letter), letter=letter.lower(),
                    right=", ".join(map(str, np.flatnonzero(along))),
                    wrong=", ".join(map(str, np.flatnonzero(~along)))))
        details.append(self._say("first_wrong", name=name, index=_index(index), got=got[index], want=want[index]))
        return self._say("value", name=name, total=right.size, right=int(right.sum())), details

    def _factor(self, got: np.ndarray, want: np.ndarray) -> float | None:
        """The one number by which all of `want` was multiplied, if there is one."""
        if want.size < 2 or not want.any():
            return None
        factor = round(float((got * want).sum() / (want * want).sum()), 6)
        return factor if factor and self._equal(got, factor * want, want) else None

    def _parts(self, number: int) -> list[str]:
        names = list(self.cases[number].expected)
        if len(names) < 2:
            return []
        right = [name for name in names if self._right(number, name)]
        wrong = [name for name in names if name not in right]
        return [self._say("parts", right=", ".join(right) or "–", wrong=", ".join(wrong))]

    def _holds_when(self, wrong: list[Entry]) -> list[str]:
        """On which kinds of input the answer holds, where it holds on some."""
        bad = {number for number, _ in wrong}
        good = set(range(len(self.cases))) - bad
        if not good:
            return []

        def labels(numbers: set[int]) -> str:
            return "; ".join(dict.fromkeys(self.cases[number].kind.label(self.lang) or self._say("general")
                                           for number in sorted(numbers)))

        general = {number for number, case in enumerate(self.cases) if case.kind.general}
        if general <= good:
            return [self._say("only_when", wrong=labels(bad))]
        return [self._say("except_when", right=labels(good), wrong=labels(bad))]

    # small things

    def _mutation(self, key: str) -> list[str]:
        names = dict.fromkeys(name for outcome in self.run.outcomes for name in outcome.mutated)
        return [self._say(key, names=", ".join(f"`{name}`" for name in names))] if names else []

    def _remarks(self) -> list[str]:
        reading = self.run.outcomes[0].reading
        remarks = [self._say("converted", name=name, got=got) for name, got in reading.converted.items()]
        return remarks + [self._say("single_precision", name=name, got=value.dtype)
                          for name, value in reading.values.items()
                          if name not in reading.converted and value.dtype != np.float64]

    def _failed(self, reason: str, message: str, details: list[str] = (), number: int = 0, **more: Any) -> Report:
        case, reading = self.cases[number], self.run.outcomes[number].reading
        label = case.label(self.lang)
        details = [*details, *([self._say("case", label=label)] if label else [])]
        return self._report(reason, message, details, inputs=case.inputs,
                            got=reading.values if reading else {}, expected=case.expected, **more)

    def _report(self, reason: str, message: str, details: list[str] = (), line: Line | None = None,
                **more: Any) -> Report:
        printed = self.run.printed
        if self.run.printed_more:
            printed += "\n" + self._say("printed_more", count=self.run.printed_more)
        if line:
            more |= {"line": self._say("line", function=line.function, number=line.number), "code": line.code}
        return Report(self.exercise.id, reason, message, self.lang, tuple(details), printed=printed, **more)

    def _say(self, key: str, **values: Any) -> str:
        return say(self.lang, key, **values)


def mistaken(exercise: Exercise, mistake: Mistake, case: Case) -> Values | str:
    """What a catalogued mistake makes of a case: its arrays, or the type of the exception it runs into."""
    try:
        with np.errstate(all="ignore"):
            return exercise.named(mistake.function(**case.inputs))
    except Exception as error:
        return type(error).__name__


def _close(got: np.ndarray, want: np.ndarray, tolerance: float, scale: np.ndarray) -> np.ndarray:
    """Where `got` equals `want`, to `tolerance` of the largest finite value of `scale`."""
    finite = np.abs(scale[np.isfinite(scale)])
    return np.isclose(got, want, rtol=0, atol=tolerance * finite.max(initial=0) + 1e-12, equal_nan=True)


def _first(where: np.ndarray) -> str:
    return _index(np.unravel_index(int(np.argmax(where)), where.shape))


def _index(index: tuple) -> str:
    return ", ".join(str(int(i)) for i in index)
