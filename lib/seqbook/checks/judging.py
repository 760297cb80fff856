"""The verdict: a run of the student's function against the solution and the mistakes that may explain it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from seqbook.checks.exercise import Case, Exercise, size_of
from seqbook.checks.explaining import Entry, Explainer, Explanation, close
from seqbook.checks.messages import axis_name, say
from seqbook.checks.observing import Observer
from seqbook.checks.report import Report
from seqbook.checks.running import Line, Outcome, Run

_HINTS = (  # what the text of an exception tells, and the key of a hint
    (r"matmul|not aligned", "hint_matmul"), (r"broadcast|input array .* shape", "hint_broadcast"),
    (r"out of bounds|out of range", "hint_index"), (r"NoneType", "hint_none"),
    (r"is not defined|not associated with a value|referenced before assignment", "hint_name"))


@dataclass(frozen=True)
class Judge:
    """Turns a run into a report in one language. `ask` calls the answer on further cases."""

    exercise: Exercise
    cases: list[Case]
    run: Run
    seconds: float
    lang: str
    ask: Callable[[list[Case]], list[Outcome]]

    def report(self) -> Report:
        outcomes = self.run.outcomes
        if self.run.stub:
            return self._report("stub", self._say("not_implemented", call=self.exercise.call))
        if self.run.timed_out:
            case = self.cases[len(outcomes) % len(self.cases)]
            details = [self._say("case", label=case.label(self.lang))]
            return self._report("timed_out", self._say("timed_out", seconds=self.seconds), details,
                                line=self.run.line, inputs=case.inputs, expected=case.expected)
        if not self._repeatable():
            return self._failed("unstable", self._say("unstable"), self._mutation("also_mutated"))
        if wrong := self.wrong():
            if self._cut_off(wrong):
                return self._describe(wrong)
            with np.errstate(all="ignore"):    # wrong answers may be huge
                found, left = Explainer(self.exercise, self.cases, outcomes, wrong).explanations()
                seen = [] if found else Observer(self.exercise, self.cases, outcomes, wrong, self.ask).explanations()
            if found:
                return self._name(found, sorted(left), wrong)
            described = self._describe(wrong)
            if described.reason != "value":    # that says more than most of what is measured
                seen = [each for each in seen if each.names[0].startswith(("seen_special", "seen_swapped"))]
            return self._observed(seen, described) if seen else described
        if mutation := self._mutation("mutated"):
            return self._failed("mutated", mutation[0])
        return self._report("passed", self._say("passed_all", count=len(outcomes)), self._remarks())

    # what is wrong

    def wrong(self) -> list[Entry]:
        """Every (case, output) that is not as expected; all outputs of a case that failed as a whole."""
        return [(number, name) for number, case in enumerate(self.cases) for name in case.expected
                if not self._right(number, name)]

    def _right(self, number: int, name: str) -> bool:
        case, outcome = self.cases[number], self.run.outcomes[number]
        if outcome.failure or outcome.reading.problem:
            return False
        got = outcome.reading.values
        return self._equal(got[name], case.expected[name]) or any(
            all(self._equal(got[each], values[each]) for each in values) for values in case.accepted)

    def _equal(self, got: np.ndarray, want: np.ndarray) -> bool:
        return got.shape == want.shape and bool(close(got, want, self.exercise.tolerance, want).all())

    def _repeatable(self) -> bool:
        """Whether the first case, called again at the end, came out the same."""
        first, again = self.run.outcomes[0], self.run.outcomes[-1]
        if first.failure or again.failure:
            return bool(first.failure) == bool(again.failure)
        if first.reading.problem or again.reading.problem:
            return bool(first.reading.problem) == bool(again.reading.problem)
        return all(self._equal(again.reading.values[name], value)
                   for name, value in first.reading.values.items())

    # named mistakes

    def _name(self, found: list[Explanation], left: list[Entry], wrong: list[Entry]) -> Report:
        (message, where), *others = [explanation.said[self.lang] for explanation in found]
        details = [where] if where else []
        details += [self._say("mistakes_more", hint=" ".join(filter(None, steps))) for steps in others]
        if left:
            details.append(self._say("beyond", message=self._describe(left).message))
        details += self._holds_when(wrong) + self._mutation("also_mutated")
        names = tuple(name for explanation in found for name in explanation.names)
        return self._failed("mistake", message, details, mistakes=names, where=where, number=wrong[0][0])

    def _observed(self, seen: list[Explanation], described: Report) -> Report:
        """What was measured comes first, and after it what the plain description says."""
        (message, where), *others = [explanation.said[self.lang] for explanation in seen]
        more = [self._say("mistakes_more", hint=" ".join(steps)) for steps in others]
        return replace(described, reason="mistake", message=message, where=where,
                       mistakes=tuple(name for explanation in seen for name in explanation.names),
                       details=(where, *more, described.message, *described.details))

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
        elif self._cut_off([(number, name)]):
            reason, message, more = "dtype", self._say("dtype_integer", name=name, got=got.dtype), []
        elif got.dtype.kind in "bc" and not np.array_equal(want, np.round(want)):
            reason, message, more = "dtype", self._say("dtype", name=name, got=got.dtype), []
        elif not np.isfinite(got[np.isfinite(want)]).all():
            bad = ~np.isfinite(got)
            message = self._say("not_finite", name=name, total=got.size, count=int(bad.sum()), index=_first(bad))
            reason, more = "not_finite", []
        else:
            reason, message, more = "value", *self._value(number, name, got, want)
        parts = self._parts(number)
        return self._failed(reason, message, [*more, *parts, *details, self._say("look")], number=number)

    def _cut_off(self, wrong: list[Entry]) -> bool:
        """Whether all that is wrong are whole numbers: the right values without their decimals."""
        def cut(number: int, name: str) -> bool:
            outcome, want = self.run.outcomes[number], self.cases[number].expected[name]
            got = None if outcome.failure else outcome.reading.values.get(name)
            return got is not None and got.dtype.kind in "iu" and got.shape == want.shape and any(
                np.array_equal(got, whole(want)) for whole in (np.trunc, np.round, np.floor))
        return all(cut(*entry) for entry in wrong)

    def _exception(self, number: int, outcome: Outcome, details: list[str]) -> Report:
        failure = outcome.failure
        key = "exception" if failure.message else "exception_silent"
        if failure.type in ("SystemExit", "KeyboardInterrupt"):
            key = "exception_exit"
        message = self._say(key, type=failure.type, message=failure.message)
        hints = [self._say(key) for pattern, key in _HINTS if re.search(pattern, failure.message)]
        details = hints[:1] + details
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
            if self._equal(moved, want):
                return message, [self._say("shape_axes", letters=label)]
        if known:
            ours, theirs = [by_size[n] for n in got.shape], [by_size[n] for n in want.shape]
            for key, extra in (("shape_left", [each for each in ours if each not in theirs]),
                               ("shape_gone", [each for each in theirs if each not in ours])):
                if extra and len(ours) != len(theirs):
                    return message, [self._say(key, letters=", ".join(extra))]
        return message, []

    def _value(self, number: int, name: str, got: np.ndarray, want: np.ndarray) -> tuple[str, list[str]]:
        right = close(got, want, self.exercise.tolerance, want)
        index = np.unravel_index(int(np.argmin(right)), right.shape)
        details = []
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
        if not got.any():
            return self._say("all_zero", name=name), details
        return self._say("value", name=name, total=right.size, right=int(right.sum())), details

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
                          if name not in reading.converted and value.dtype.kind == "f" and value.dtype != np.float64]

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


def _first(where: np.ndarray) -> str:
    return _index(np.unravel_index(int(np.argmax(where)), where.shape))


def _index(index: tuple) -> str:
    return ", ".join(str(int(i)) for i in index)
