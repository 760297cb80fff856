"""What is true of a wrong answer that no catalogued mistake explains: measured in its values and by asking it again.

Every observation is a statement that holds on all the draws it is made from, of what the answer does and what the
solution does not: it cannot accuse wrongly. Two of them are said at most, the most telling first.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from seqbook.checks import words
from seqbook.checks.exercise import Case, Exercise, Values
from seqbook.checks.explaining import DRAWS, Entry, Explanation, close
from seqbook.checks.running import Outcome

SAID = 2
_CLEARLY, _NOT_AT_ALL = 1e-4, 1e-9  # of an output's largest value: what counts as a change, and as none
_NEAR = 0.01
_DECIMALS = range(5)
_TOGETHER = 3  # arguments that are zero at once, at most

Ask = Callable[[list[Case]], list[Outcome]]
# case number: (what was changed, the changed case, what the answer made of it)
Answered = dict[int, list[tuple[tuple, Case, Values | None]]]


@dataclass(frozen=True)
class Seen:
    """An observation: a key of `words.OBSERVED`, and what it is about."""

    key: str
    outs: tuple[str, ...]
    names: tuple[str, ...] = ()
    extra: str = ""  # an axis's letter


class Observer:
    """Looks at one answer. `ask` calls the answer on further cases."""

    def __init__(self, exercise: Exercise, cases: list[Case], outcomes: list[Outcome], wrong: list[Entry], ask: Ask):
        self.exercise, self.cases, self.outcomes, self.ask = exercise, cases, outcomes, ask
        self.wrong = set(wrong)
        self.general = [number for number in dict.fromkeys(number for number, _ in wrong)
                        if cases[number].kind.general]

    def explanations(self) -> list[Explanation]:
        if not all(self._readable(number) for number, _ in self.wrong) or self._nothing_but_zeros():
            return []
        if not self.general:
            found = [Seen("special", self._outs())]
        else:
            found = []
            for look in (self._in_values, self._in_changes, self._in_parts):
                found += [seen for seen in look() if seen not in found]
                if len(found) >= SAID:
                    break
        return [self._explanation(seen) for seen in found[:SAID]]

    # ----------------------------------------------------------------------------------------- the values themselves

    def _in_values(self) -> Iterator[Seen]:
        for key, holds in (("rounded", _rounded), ("zeros", _zeros), ("limited", _limited),
                           ("zero_or_one", _zero_or_one), ("elsewhere", _elsewhere),
                           ("zero_or_factor", _zero_or_factor), ("factor_varies", _proportional)):
            if outs := self._where(holds):
                yield Seen(key, outs)
                return
        for name in self._outs():
            for axis, letter in enumerate(self.exercise.letters(name) or ()):
                if self._always(name, lambda got, want, x=axis: _factor_along(got, want, x)):
                    yield Seen("factor_by_row", (name,), (), letter)
                    return
        if outs := self._where(_nearly):
            yield Seen("nearly", outs)
        for name, argument in self._multiples():
            yield Seen("no_multiple", (name,), (argument,))
            return
        for name in self._outs():
            for axis, letter in enumerate(self.exercise.letters(name) or ()):
                if self._sums_differ(name, axis):
                    yield Seen("total", (name,), (), letter)
                    return

    def _multiples(self) -> Iterator[tuple[str, str]]:
        """Outputs that should be one number times an argument, and are not."""
        for argument in self.exercise.arguments:
            def given(number, name, argument=argument):
                value = self.cases[number].inputs[argument]
                return value.get(name) if isinstance(value, Mapping) else value

            for name in self._outs():
                pairs = [(given(number, name), number) for number in self._numbers(name)]
                if all(isinstance(value, np.ndarray) and _multiple(self.cases[number].expected[name], value)
                       and not _multiple(self._values(number)[name], value) for value, number in pairs):
                    yield name, argument

    def _sums_differ(self, name: str, axis: int) -> bool:
        """Whether the sums along an axis should all be the same number, and are not."""
        if self.cases[0].expected[name].ndim < 2:
            return False
        sums = np.concatenate([self.cases[number].expected[name].sum(axis).ravel() for number in self._numbers(name)])
        return np.ptp(sums) < 1e-6 and all(
            abs(self._values(number)[name].sum(axis) - sums[0]).max() > 1e-3 for number in self._numbers(name))

    # ------------------------------------------------------------------------------------------------- asking again

    def _in_changes(self) -> Iterator[Seen]:
        """What the answer does on inputs that are changed a little, made small, or zero."""
        free = [name for name in self.exercise.arguments if name not in self.exercise.bound
                and all(isinstance(self.cases[number].inputs[name], np.ndarray)
                        and self.cases[number].inputs[name].dtype.kind == "f" for number in self.general)]
        numbers = sorted(self.general, key=lambda number: sum(self.cases[number].sizes.values()))[:DRAWS]
        if len(numbers) < DRAWS or not free:
            return
        each = [list(self._probes(self.cases[number], free)) for number in numbers]
        answered = []
        for number, probes in zip(numbers, each, strict=True):
            cases = [case for _, case in probes]
            got = self._answers(cases)
            if got is None:
                return
            answered.append([(key, case, values) for (key, case), values in zip(probes, got, strict=True)])
        answered = dict(zip(numbers, answered, strict=True))
        yield from self._swapped(answered)
        yield from self._dependence(answered)
        yield from self._right_when(answered)
        yield from self._linear(answered, free)

    def _probes(self, case: Case, free: list[str]) -> Iterator[tuple[tuple, Case]]:
        arguments = self.exercise.arguments
        for one, other in itertools.combinations(arguments, 2):
            if arguments[one] == arguments[other] and arguments[one]:
                yield ("swapped", one, other), Case(case.kind, case.sizes, {
                    **case.inputs, one: case.inputs[other], other: case.inputs[one]}, case.expected)
        for name in free:
            value = case.inputs[name]
            for scale in (0.5, 0.75):
                yield ("scaled", name, scale), self._case(case, {name: scale * value})
            yield ("small", name), self._case(case, {name: 1e-4 * value})
            for axis, letter in enumerate(arguments[name] or ()):
                blocks = int(letter[0]) if letter[0].isdigit() else 0
                for place in range(blocks or value.shape[axis]):
                    if not (blocks or letter == "T" or place in (0, value.shape[axis] - 1)):
                        continue
                    changed, width = value.copy(), value.shape[axis] // blocks if blocks else 1
                    at = (slice(None),) * axis + (slice(place * width, (place + 1) * width),)
                    changed[at] *= np.linspace(0.8, 0.9, changed[at].size).reshape(changed[at].shape)
                    yield ("changed", name, letter, place), self._case(case, {name: changed})
        batch = {name: shape.index("B") for name, shape in arguments.items() if shape and "B" in shape}
        if case.sizes.get("B", 1) > 1:    # the first sequence becomes the last, as a whole
            first_as_last = {name: case.inputs[name].take([-1, *range(1, case.sizes["B"])], axis)
                             for name, axis in batch.items()}
            yield ("changed", "", "B", 0), self._case(case, first_as_last)
        for count in range(1, min(_TOGETHER + 1, len(free))):
            for names in itertools.combinations(free, count):
                yield ("zero", *names), self._case(case, {name: 0 * case.inputs[name] for name in names})

    def _case(self, case: Case, changed: dict[str, Any]) -> Case:
        inputs = {**case.inputs, **changed}
        with np.errstate(all="ignore"):
            return Case(case.kind, case.sizes, inputs, self.exercise.named(self.exercise.reference(**inputs)))

    def _answers(self, cases: list[Case]) -> list[Values | None] | None:
        """None in the place of what cannot be read; None for all where time ran out."""
        outcomes = self.ask(cases)
        if len(outcomes) < len(cases):
            return None
        return [None if outcome.failure or outcome.reading.problem or any(
            outcome.reading.values[name].shape != case.expected[name].shape for name in case.expected)
            else outcome.reading.values for outcome, case in zip(outcomes, cases, strict=False)]

    def _swapped(self, answered: Answered) -> Iterator[Seen]:
        for key in [key for key in _keys(answered) if key[0] == "swapped"]:
            if outs := self._right_on(key, answered):
                yield Seen("swapped", outs, key[1:])

    def _dependence(self, answered: Answered) -> Iterator[Seen]:
        """On what the answer depends where the solution does not, and the other way round."""
        both = [self._depends(number, probes) for number, probes in answered.items()]
        claims = [claim for claim in both[0] if claim in both[1]]
        order = list(words.OBSERVED)
        for key, out, _, letter in sorted(claims, key=lambda claim: (order.index(claim[0]), claim)):
            of_key = {(o, n) for k, o, n, x in claims if (k, x) == (key, letter)}
            names = tuple(name for name in self.exercise.arguments if (out, name) in of_key)
            outs = tuple(o for o in self._outs() if {n for each, n in of_key if each == o} >= set(names))
            yield Seen(key, outs, names, letter)
            return

    def _depends(self, number: int, probes: list) -> set[tuple[str, str, str, str]]:
        """(key, output, argument, letter) for every difference in what depends on what."""
        found, moved_by = set(), {}    # moved_by: (output, argument) -> how far the answer, and the solution, moved
        for (kind, *key), changed, values in probes:
            if kind != "changed" or values is None:
                continue
            name, letter, place = key
            for out in self._outs():
                pairs = ((self._values(number)[out], values[out]),
                         (self.cases[number].expected[out], changed.expected[out]))
                if not all(np.isfinite(array).all() for pair in pairs for array in pair):
                    continue
                moved = [_moved(*pair) for pair in pairs]
                far = moved_by.setdefault((out, name), [0.0, 0.0])
                far[:] = [max(before, each.max(initial=0)) for before, each in zip(far, moved, strict=True)]
                found |= {(key, out, name, its) for key, its in self._differences(out, name, letter, place, *moved)}
        for (out, name), (ours, theirs) in moved_by.items():
            if name and ours > _CLEARLY and theirs <= _NOT_AT_ALL:
                found.add(("extra_argument", out, name, ""))
            elif name and theirs > _CLEARLY and ours <= _NOT_AT_ALL:
                found.add(("unused", out, name, ""))
        return found

    def _differences(self, out: str, name: str, letter: str, place: int, ours: np.ndarray,
                     theirs: np.ndarray) -> Iterator[tuple[str, str]]:
        """What one change, at a `place` along an axis of an argument, moved in the answer alone, or in the solution."""
        letters = self.exercise.letters(out) or ()
        once = letters.count(letter) == 1 and (not name or self.exercise.arguments[name].count(letter) == 1)
        along = letters.index(letter) if once else None
        if along is not None:    # the largest change at each place
            others = tuple(axis for axis in range(ours.ndim) if axis != along)
            ours, theirs = ours.max(others, initial=0), theirs.max(others, initial=0)
            off = np.arange(ours.size) != place
        elif letter in letters:
            return
        else:
            ours, theirs = ours.max(initial=0), theirs.max(initial=0)
        for kind, where in (("extra", (ours > _CLEARLY) & (theirs <= _NOT_AT_ALL)),
                            ("missing", (theirs > _CLEARLY) & (ours <= _NOT_AT_ALL))):
            if along is None:
                if where and (letter == "T" or letter[0].isdigit()):
                    yield f"{kind}_step" if letter == "T" else f"{kind}_block", ""
            elif letter == "T":
                at = np.flatnonzero(where)
                for relation, holds in (("earlier", at > place), ("same", at == place), ("later", at < place)):
                    if holds.any():
                        yield f"{kind}_{relation}", ""
            elif letter == "B":
                if kind == "extra" and where[off].any():
                    yield "extra_sequence", ""
            elif kind == "extra" and where[off].any() or kind == "missing" and where[off].all():
                yield f"{kind}_unit", letter

    def _right_when(self, answered: Answered) -> Iterator[Seen]:
        """The fewest arguments that, when zero or small, leave nothing wrong: of each output."""
        for kind in ("zero", "small"):
            left, found = set(self._outs()), {}
            for key in [key for key in _keys(answered) if key[0] == kind]:
                if outs := [out for out in self._right_on(key, answered) if out in left]:
                    found.setdefault(tuple(outs), key[1:])
                    left -= set(outs)
            if not left:    # else there is something else in the others
                yield from (Seen(f"right_when_{kind}", outs, names) for outs, names in found.items())

    def _right_on(self, key: tuple, answered: Answered) -> tuple[str, ...]:
        """The outputs, wrong as they are, that the answer gets right on this probe in every draw."""
        found = [(number, case, values) for number, probes in answered.items() for its, case, values in probes
                 if its == key and values is not None]
        if len(found) < DRAWS:
            return ()
        return tuple(out for out in self._outs() if all(
            self._repaired(self._values(number)[out], self.cases[number].expected[out], values[out], case.expected[out])
            for number, case, values in found))

    def _repaired(self, before: np.ndarray, wanted: np.ndarray, after: np.ndarray, wants: np.ndarray) -> bool:
        """Whether an output is right now, and not by zeros in the places where it was wrong."""
        wrong = ~close(before, wanted, self.exercise.tolerance, wanted)
        telling = wants[wrong] if wrong.any() else wants
        return bool(np.isfinite(wants).all() and np.isin(telling, (0, 1)).mean() < 0.5
                    and np.ptp(telling) > 1e-9 and close(after, wants, self.exercise.tolerance, wants).all())

    def _linear(self, answered: Answered, free: list[str]) -> Iterator[Seen]:
        for name in free:
            bends = {}    # output: whether the answer's and the solution's values bend, in each draw
            for number, probes in answered.items():
                half, more = (next((case.expected, values) for key, case, values in probes
                                   if key == ("scaled", name, by)) for by in (0.5, 0.75))
                if half[1] is None or more[1] is None:
                    return
                for out in self._outs():
                    whole = self.cases[number].expected[out], self._values(number)[out]
                    bend = [abs(whole[who] - 2 * more[who][out] + half[who][out]).max(initial=0)
                            / (abs(whole[who]).max(initial=0) + 1e-300) for who in (0, 1)]
                    bends.setdefault(out, []).append(bend)
            outs = tuple(out for out, each in bends.items() if all(b[0] < 1e-8 and b[1] > 1e-3 for b in each))
            if outs:
                yield Seen("bent", outs, (name,))
                return    # one is enough: of two at once it need not hold
            outs = tuple(out for out, each in bends.items() if all(b[0] > 1e-3 and b[1] < 1e-8 for b in each))
            if outs:
                yield Seen("straight", outs, (name,))
                return

    # ----------------------------------------------------------------------------------------- where it is, and when

    def _in_parts(self) -> Iterator[Seen]:
        names = list(self.cases[0].expected)
        if not self.exercise.returns_dict and len(self._outs()) < len(names):
            yield Seen("only", self._outs())
        yield from self._in_time()
        for letter, key in (("T", "single_step"), ("B", "single_sequence")):
            ones = [number for number, case in enumerate(self.cases) if case.kind.sizes == {letter: 1}]
            if ones and not any(number in ones for number, _ in self.wrong):
                yield Seen(key, self._outs())

    def _in_time(self) -> Iterator[Seen]:
        for name in self._outs():
            letters = self.exercise.letters(name) or ()
            if "T" not in letters:
                continue
            axis, steps = letters.index("T"), []
            for number in self._numbers(name):
                right = close(self._values(number)[name], self.cases[number].expected[name], self.exercise.tolerance,
                              self.cases[number].expected[name])
                steps.append(right.all(axis=tuple(x for x in range(right.ndim) if x != axis)))
            if len(steps) < DRAWS or any(right.all() for right in steps):
                continue
            firsts = [int(np.argmin(right)) for right in steps]    # the first wrong step
            for argument in self.exercise.arguments:
                values = [self.cases[number].inputs[argument] for number in self._numbers(name)]
                if all(isinstance(value, int) for value in values) and {
                        first - value for first, value in zip(firsts, values, strict=True)} in ({0}, {1}) and all(
                        right[:first].all() for right, first in zip(steps, firsts, strict=True)) and min(firsts) > 0:
                    yield Seen("from_argument", (name,), (argument,))
                    return
            for key, pattern in (("first_step_right", lambda right: right[0] and not right[1:].any()),
                                 ("last_step_right", lambda right: right[-1] and not right[:-1].any()),
                                 ("first_step_wrong", lambda right: not right[0] and right[1:].all()),
                                 ("last_step_wrong", lambda right: not right[-1] and right[:-1].all()),
                                 ("wrong_from", lambda right: right[0] and (np.diff(right.astype(int)) <= 0).all()),
                                 ("wrong_until", lambda right: right[-1] and (np.diff(right.astype(int)) >= 0).all())):
                if all(pattern(right) for right in steps):
                    yield Seen(key, (name,))
                    return

    # ----------------------------------------------------------------------------------------------------- helpers

    def _values(self, number: int) -> Values:
        return self.outcomes[number].reading.values

    def _readable(self, number: int) -> bool:
        outcome = self.outcomes[number]
        return not outcome.failure and not outcome.reading.problem and all(
            outcome.reading.values[name].shape == want.shape and outcome.reading.values[name].dtype.kind in "fiu"
            for name, want in self.cases[number].expected.items())

    def _nothing_but_zeros(self) -> bool:
        """Whether one and the same value came out, and right values nowhere: that proves nothing."""
        return len(self.wrong) == sum(len(case.expected) for case in self.cases) and all(
            np.unique(self._values(number)[name]).size < 2 for number, name in self.wrong)

    def _outs(self) -> tuple[str, ...]:
        numbers = self.general or [number for number, _ in self.wrong]
        return tuple(dict.fromkeys(name for number in numbers for name in self.cases[number].expected
                                   if (number, name) in self.wrong))

    def _numbers(self, name: str) -> list[int]:
        return [number for number in self.general if (number, name) in self.wrong]

    def _always(self, name: str, holds: Callable) -> bool:
        numbers = self._numbers(name)
        return len(numbers) >= min(DRAWS, len(self.general)) and all(
            holds(self._values(number)[name], self.cases[number].expected[name]) for number in numbers)

    def _where(self, holds: Callable) -> tuple[str, ...]:
        """All wrong outputs, if `holds` of every one on every draw: a single right by luck proves nothing."""
        outs = self._outs()
        return outs if all(self._always(name, holds) for name in outs) else ()

    def _explanation(self, seen: Seen) -> Explanation:
        kinds = [self.cases[number].kind for number, _ in sorted(self.wrong)]
        outs = () if self.exercise.returns_dict else seen.outs
        said = {lang: words.observed(lang, seen.key, seen.names, outs, seen.extra,
                                     "; ".join(dict.fromkeys(kind.label(lang) for kind in kinds)))
                for lang in ("ko", "en")}
        name = "".join((f"seen_{seen.key}", *(f":{each}" for each in seen.names)))
        return Explanation((name,), frozenset(self.wrong), said)


# --------------------------------------------------------------------------------- what may hold of an output's values


def _wrong(got: np.ndarray, want: np.ndarray) -> np.ndarray:
    return ~close(got, want, 1e-5, want)


def _rounded(got: np.ndarray, want: np.ndarray) -> bool:
    return np.isrealobj(got) and any(np.allclose(got, np.round(want, places), rtol=0, atol=1e-9)
                                     for places in _DECIMALS) and bool((want != got).any())


def _zeros(got: np.ndarray, want: np.ndarray) -> bool:
    wrong = _wrong(got, want)
    return wrong.sum() > 1 and not got[wrong].any()


def _limited(got: np.ndarray, want: np.ndarray) -> bool:
    """The wrong values are all of one size, no value is larger, and the right ones would be."""
    wrong = _wrong(got, want)
    size = np.abs(got[wrong])
    return wrong.sum() > 1 and np.isfinite(got).all() and bool(np.ptp(size) < 1e-9 < size[0] and np.unique(
        got[~wrong]).size > 1) and bool((np.abs(got) <= size[0] + 1e-9).all()
        and (np.abs(want[wrong]) > size[0]).all())


def _zero_or_one(got: np.ndarray, want: np.ndarray) -> bool:
    wrong = _wrong(got, want)
    return wrong.sum() > 1 and bool(np.isin(got[wrong], (0, 1)).all()) and not np.isin(want, (0, 1)).all()


def _elsewhere(got: np.ndarray, want: np.ndarray) -> bool:
    """All the right values, each as often as it should be, but not in their places."""
    return np.unique(want).size > 2 and np.isfinite(got).all() and bool(close(
        np.sort(got, axis=None), np.sort(want, axis=None), 1e-6, want).all())


def _zero_or_factor(got: np.ndarray, want: np.ndarray) -> bool:
    kept = got != 0
    return 2 < kept.sum() < got.size and want[~kept].any() and _proportional(got[kept], want[kept])


def _proportional(got: np.ndarray, want: np.ndarray) -> bool:
    """One number times the right values."""
    return want.size > 2 and want.any() and got.any() and np.isfinite(got).all() and _multiple(got, want)


def _multiple(array: np.ndarray, of: np.ndarray) -> bool:
    if array.shape != of.shape or array.size < 2 or np.iscomplexobj(array) or not np.isfinite(array).all():
        return False
    if not of.any() or not array.any():
        return False
    factor = (array * of).sum() / (of * of).sum()
    return bool(close(array, factor * of, 1e-6, array).all())


def _factor_along(got: np.ndarray, want: np.ndarray, axis: int) -> bool:
    """Along the axis every row is a number of its own times the right one, and for most rows not 0 or 1."""
    if want.ndim < 2 or want.shape[axis] < 3 or np.iscomplexobj(got) or not np.isfinite(got).all():
        return False
    with np.errstate(all="ignore"):
        factors = (got * want).sum(axis, keepdims=True) / (want * want).sum(axis, keepdims=True)
    if not np.isfinite(factors).all():
        return False
    trivial = np.isclose(factors, 0) | np.isclose(factors, 1)
    return bool(close(got, factors * want, 1e-6, got).all() and trivial.mean() < 0.5)


def _nearly(got: np.ndarray, want: np.ndarray) -> bool:
    return want.size > 2 and np.isfinite(got).all() and bool(close(got, want, _NEAR, want).all())


def _moved(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return np.abs(1.0 * after - before) / (np.abs(before).max(initial=0) + 1e-300)



def _keys(answered: Answered) -> list[tuple]:
    return [key for key, _, _ in next(iter(answered.values()))]
