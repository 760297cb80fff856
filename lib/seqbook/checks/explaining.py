"""Which mistakes explain a wrong answer: those worded by hand, the derived ones, two at once, or a common factor."""

import itertools
from dataclasses import dataclass, field

import numpy as np

from seqbook.checks import words
from seqbook.checks.derived import Derived, derived, derived_of_given, derived_of_worded, has_loops, outcome, pairs
from seqbook.checks.exercise import Case, Exercise, Mistake, Values, size_of
from seqbook.checks.messages import say
from seqbook.checks.running import Outcome

Entry = tuple[int, str]  # case number, output
PAIRS = {False: 3000, True: 800}  # tried at most, without loops in the solution and with
_NAMED = 3  # names that are said at most where the place is not sure
DRAWS = 2  # on which a derived mistake must show


@dataclass(frozen=True)
class Explanation:
    """What is said of some of the wrong entries, in two steps."""

    names: tuple[str, ...]
    entries: frozenset[Entry]
    said: dict[str, tuple[str, str]]  # language -> what it is, where to look


@dataclass
class _Fit:
    """How a mistake agrees with an answer: in these `outputs`, wherever the mistake gets them wrong.

    Not `whole`: in other outputs, or on other kinds of input, the mistake is wrong in a way that the answer is not.
    """

    mistake: Mistake | Derived
    entries: set[Entry] = field(default_factory=set)
    outputs: tuple[str, ...] = ()
    whole: bool = True

    @property
    def by_hand(self) -> bool:
        return isinstance(self.mistake, Mistake)

    @property
    def cost(self) -> int:
        return self.mistake.cost + (not self.whole) + (self.mistake.given is not None)


class Explainer:
    """Compares one answer's outcomes with mistakes."""

    def __init__(self, exercise: Exercise, cases: list[Case], outcomes: list[Outcome], wrong: list[Entry]):
        self.exercise, self.cases, self.outcomes = exercise, cases, outcomes
        self.wrong = set(wrong)
        self.general = any(cases[number].kind.general for number, _ in wrong)
        readable = [number for number, _ in wrong if self._values(number)]
        general = [number for number in readable if cases[number].kind.general] or readable
        # the case on which mistakes are sifted: a small one, for speed
        self.first = min(general, key=lambda number: sum(cases[number].sizes.values()), default=None)

    def explanations(self) -> tuple[list[Explanation], set[Entry]]:
        """The mistakes found, and the wrong entries that none of them explains."""
        by_hand = [fit for mistake in self.exercise.mistakes if (fit := self._fit(mistake)) and fit.whole]
        if self.first is None or set().union(*(fit.entries for fit in by_hand)) >= self.wrong:
            return self._cover(by_hand)
        sifted = self._sifted(derived(self.exercise))
        fits = self._fits(sifted)
        if complete := self._complete(fits):
            return complete, set()
        if not self.general:
            return self._cover(by_hand)
        factors = list(self._factors())
        found, left = self._cover(by_hand + fits, factors)
        if any(self._values(number) for number, _ in left):
            for more in (derived_of_given, derived_of_worded):
                if more is derived_of_given and not self._faulty():
                    continue
                if complete := self._complete(self._fits(self._sifted(more(self.exercise)))):
                    return complete, set()
            for both in self._two_at_once(sifted, {name for _, name in left}):
                return both, set()
        return found, left

    # -------------------------------------------------------------------------------------------------- comparing

    def _values(self, number: int) -> Values:
        outcome_ = self.outcomes[number]
        return {} if outcome_.failure or outcome_.reading.problem else outcome_.reading.values

    def _equal(self, got: np.ndarray, value: np.ndarray, want: np.ndarray) -> bool:
        return got.shape == value.shape and bool(
            close(got, value, self.exercise.tolerance, want, relative=True).all())

    def _touches(self, values: Values) -> bool:
        """Whether the answer has some output, wrong, just as in `values`, on the first case."""
        got, want = self._values(self.first), self.cases[self.first].expected
        return any((self.first, name) in self.wrong and self._equal(got[name], values[name], want[name])
                   for name in want)

    def _fit(self, mistake: Mistake | Derived, first: Values | None = None) -> _Fit | None:
        fit, agreeing, telling, clashing = _Fit(mistake), {}, set(), set()
        for number, case in enumerate(self.cases):
            if not self.general and not fit.by_hand and not any((number, name) in self.wrong for name in case.expected):
                continue    # right on all but special inputs: what the change does on others does not matter
            theirs = first if first is not None and number == self.first else self._of(mistake, case)
            got, failure = self._values(number), self.outcomes[number].failure
            if isinstance(theirs, str):    # raises: the answer must raise the same, and agree in values elsewhere
                if failure and failure.type == theirs:
                    fit.entries |= {(number, name) for name in case.expected}
                elif not case.kind.stress:
                    clashing |= {self._key(name) for name in case.expected if (number, name) not in self.wrong}
                continue
            for name, want in case.expected.items():
                if self._equal(theirs[name], want, want):
                    continue
                turned = name in got and got[name].shape != want.shape and sorted(got[name].shape) == sorted(want.shape)
                if turned and not fit.by_hand:    # the message about its shape says more
                    clashing.add(self._key(name))
                elif name in got and (number, name) in self.wrong and self._equal(got[name], theirs[name], want):
                    fit.entries.add((number, name))
                    agreeing.setdefault(self._key(name), set()).add(number)
                    if _tells(got[name]):
                        telling.add(self._key(name))
                elif not case.kind.stress and ((number, name) not in self.wrong or name in got or case.kind.general):
                    clashing.add(self._key(name))
        sure = {name for name in agreeing if name not in clashing and (
            self._varied(name, agreeing[name]) if fit.by_hand else len(agreeing[name]) >= DRAWS)}
        if not sure or not (fit.by_hand or telling & sure):
            return None
        fit.whole = not clashing
        fit.outputs = tuple(name for name in self.cases[0].expected if self._key(name) in sure)
        fit.entries = {(number, name) for number, name in fit.entries if self._key(name) in sure
                       or self._key(name) not in agreeing and not clashing}
        return fit

    def _key(self, name: str) -> str:
        """Outputs by name; the arrays of a dict, whose names differ from case to case, together."""
        return "" if self.exercise.returns_dict else name

    def _varied(self, name: str, numbers: set[int]) -> bool:
        """More than one value, or what only extreme inputs show: enough for a mistake that somebody wrote down."""
        return any(self.cases[number].kind.stress or len(np.unique(value)) > 1 for number in numbers
                   for each, value in self._values(number).items() if self._key(each) == name)

    def _of(self, mistake: Mistake | Derived, case: Case) -> Values | str:
        if isinstance(mistake, Derived):
            return mistake.of(case)
        return outcome(self.exercise, lambda: mistake.function, case)

    def _sifted(self, mistakes: list[Derived]) -> list[tuple[Derived, Values]]:
        """Every derived mistake that shows on the first case, and what it makes of it."""
        case, found = self.cases[self.first], []
        for each in mistakes:
            values = each.of(case)
            if not isinstance(values, str) and not all(
                    self._equal(values[name], want, want) for name, want in case.expected.items()):
                found.append((each, values))
        return found

    def _faulty(self) -> bool:
        """Whether the answer is wrong wherever the fault of the program that the exercise gives shows."""
        case = self.cases[self.first]
        for mistake in self.exercise.mistakes:
            values = self._of(mistake, case) if mistake.given else ""
            if not isinstance(values, str) and all(
                    (self.first, name) in self.wrong or self._equal(values[name], want, want)
                    for name, want in case.expected.items()):
                return True
        return False

    def _fits(self, sifted: list[tuple[Derived, Values]]) -> list[_Fit]:
        return [fit for each, first in sifted if self._touches(first) and (fit := self._fit(each, first))]

    # --------------------------------------------------------------------------------------------------- choosing

    def _complete(self, fits: list[_Fit]) -> list[Explanation]:
        """What is said of the mistakes that explain all, if there are any."""
        fits = [fit for fit in fits if fit.entries >= self.wrong]
        if not self.general and not words.one_tells([fit.mistake.kind for fit in _cheapest(fits)]):
            return []    # on T = 1, say, many mistakes look alike
        return self._said(fits) if fits else []

    def _cover(self, fits: list[_Fit], more: list[Explanation] = ()) -> tuple[list[Explanation], set[Entry]]:
        """Again and again the mistake that explains most of what is left: worded ones first, then the cheapest."""
        found, left = [], set(self.wrong)
        while left:
            gain = max((len(fit.entries & left) for fit in fits), default=0)
            factor = max(more, key=lambda each: len(each.entries & left), default=None)
            if factor is not None and len(factor.entries & left) > gain:
                said = [factor]
            elif gain:
                said = self._said([fit for fit in fits if len(fit.entries & left) == gain])
            else:
                break
            found += said
            left = left.difference(*(each.entries for each in said))
        return found, left

    def _said(self, fits: list[_Fit]) -> list[Explanation]:
        """What is true of all of the best of `fits`."""
        for fit in fits:
            if fit.by_hand:
                return [self._hint(fit.mistake, fit.entries)]
        fits = sorted(_cheapest(fits), key=lambda fit: words.rank(fit.mistake.kind))
        fits = [fit for fit in fits if fit.outputs == fits[0].outputs and fit.entries == fits[0].entries]
        kinds = words.chosen([fit.mistake.kind for fit in fits])
        of_kind = [fit.mistake for fit in fits if fit.mistake.kind == kinds[0]]
        given = [self._hint(fits[0].mistake.given, fits[0].entries)] if fits[0].mistake.given else []
        return [*given, self._worded(kinds, of_kind, fits[0].outputs, fits[0].entries)]

    def _hint(self, mistake: Mistake, entries: set[Entry]) -> Explanation:
        return Explanation((mistake.name,), frozenset(entries), {lang: mistake.steps(lang) for lang in ("ko", "en")})

    def _worded(self, kinds: list[str], mistakes: list[Derived], outputs: tuple[str, ...],
                entries: set[Entry]) -> Explanation:
        names = [name for name in mistakes[0].names if all(name in other.names for other in mistakes)]
        if not names:    # one of a few
            some = dict.fromkeys(name for each in mistakes for name in each.names)
            names = list(some) if all(each.names for each in mistakes) and len(some) <= _NAMED else []
        said = {lang: (words.first_step(lang, kinds), words.second_step(lang, kinds, names, outputs))
                for lang in ("ko", "en")}
        name = "_or_".join(kinds) + "".join(f":{each}" for each in names)
        return Explanation((name,), frozenset(entries), said)

    def _two_at_once(self, sifted: list[tuple[Derived, Values]], names: set[str]):
        """Explanations of two derived mistakes that together give the answer in the outputs `names`."""
        want, distinct = self.cases[self.first].expected, {}
        for each, values in sifted:
            touched = {name for name in want if not self._equal(values[name], want[name], want[name])}
            if touched & names and all((self.first, name) in self.wrong for name in touched):
                mark = tuple(np.round(value, 9).tobytes() for value in values.values())
                if mark not in distinct or distinct[mark].cost > each.cost:
                    distinct[mark] = each
        for both in pairs(list(distinct.values()), PAIRS[has_loops(self.exercise)]):
            first = both.of(self.cases[self.first])
            if isinstance(first, str) or not self._touches(first):
                continue
            fit = self._fit(both, first)
            if fit and fit.whole and fit.entries >= self.wrong:
                yield [self._worded([part.kind], [Derived(self.exercise, (part,))], fit.outputs, fit.entries)
                       for part in both.parts]

    def _factors(self):
        """Outputs that are the right ones times one number, or divided by a size."""
        for name in dict.fromkeys(name for _, name in self.wrong):
            factors = {number: _factor(self._values(number)[name], self.cases[number].expected[name],
                                       self.exercise.tolerance)
                       for number, each in sorted(self.wrong) if each == name and name in self._values(number)}
            general = [number for number in factors if self.cases[number].kind.general]
            if len(general) < DRAWS or not all(factors[number] for number in general):
                continue
            entries = frozenset((number, name) for number in factors if factors[number])
            values = [factors[number] for number in general]
            if np.allclose(values, values[0], rtol=1e-4):
                keys = ("sign", {}) if np.isclose(values[0], -1) else ("factor", {"factor": values[0]})
            elif letters := self._size([(factors[number], self.cases[number].sizes) for number in general]):
                keys = ("divided" if values[0] < 1 else "multiplied", {"letters": letters})
            else:
                continue
            where = "factor_where" if keys[0] == "factor" else "scale_where"
            said = {lang: (say(lang, f"{keys[0]}_step", name=name, **keys[1]), say(lang, where, name=name, **keys[1]))
                    for lang in ("ko", "en")}
            yield Explanation((f"{keys[0]}:{name}",), entries, said)

    def _size(self, factors: list) -> str | None:
        """"B" or "B·T" where that is what everything was divided or multiplied by."""
        letters = list(factors[0][1])
        for count in (1, 2):
            for chosen in itertools.combinations(letters, count):
                for power, text in ((1, "·".join(chosen)), (0.5, "√" + "·".join(chosen))):
                    sizes = [np.prod([size_of(letter, its) for letter in chosen])**power for _, its in factors]
                    if any(np.allclose([factor for factor, _ in factors], np.power(sizes, sign), rtol=1e-4)
                           for sign in (-1.0, 1.0)):
                        return text
        return None


def close(got: np.ndarray, want: np.ndarray, tolerance: float, scale: np.ndarray, relative: bool = False) -> np.ndarray:
    """Where `got` equals `want`, to `tolerance` of the largest finite value of `scale`, or also of its own size."""
    with np.errstate(all="ignore"):
        size = np.abs(scale)
        largest = size.max(initial=0)
        if not largest < np.inf:
            largest = size[np.isfinite(size)].max(initial=0)
        apart = np.abs(1.0 * got - want)    # truth values too
        own = np.where(np.isfinite(want), np.abs(want), 0) if relative else 0
        near = apart <= tolerance * (largest + own) + 1e-12
    if near.all() or np.isfinite(apart).all():
        return near
    return near & np.isfinite(want) | (got == want) | np.isnan(got) & np.isnan(want)


def _cheapest(fits: list[_Fit]) -> list[_Fit]:
    cost = min((fit.cost for fit in fits), default=0)
    return [fit for fit in fits if fit.cost == cost]


def _tells(got: np.ndarray) -> bool:
    """Whether a wrong output holds some finite value that is neither 0 nor 1: all zeros and all NaN prove nothing."""
    return bool((np.isfinite(got) & (got != 0) & (got != 1)).any())


def _factor(got: np.ndarray, want: np.ndarray, tolerance: float) -> float | None:
    """The one number by which all of `want` is multiplied in `got`, if there is one."""
    if got.shape != want.shape or want.size < 2 or not want.any() or not np.isfinite(got).all() or np.iscomplexobj(got):
        return None
    with np.errstate(all="ignore"):
        factor = float((got * want).sum() / (want * want).sum())
    return factor if factor and abs(factor - 1) > 1e-4 and close(got, factor * want, tolerance, want).all() else None
