"""The scan: a running sum, or a linear recurrence, by a tree of operations that run at once; the loop beside it."""

import numpy as np

from seqbook.scratch import linear_recurrence
from seqbook.widgets import unfolding
from seqbook.widgets.base import BookWidget, choice, knob

LONGEST = 16    # numbers
X = (3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3)


class Numbers(unfolding.Numbers):
    """A number for every step: those given, then zeros."""

    most = LONGEST


class Scan(BookWidget):
    """A parallel prefix scan of up to 16 numbers, round by round, with a loop that does the same beside it.

    What it computes is s(t) = x(1) + … + x(t) (`operation="sum"`) or the state of a linear recurrence, h(t) = `decay`
    h(t-1) + x(t) (`operation="recurrence"`), whose steps h → a h + u are combined in pairs. `method` is "tree" (up and
    down again, Brent and Kung, 1982: some 2 log₂ T rounds, fewer than 2T operations) or "doubling" (Hillis and Steele,
    1986: log₂ T rounds, some T log₂ T operations). `steps` is T, 2..16, by default the length of `x`, else 8; `time` is
    the round shown as done, and `target` the t whose result is followed back to all that it is made of.
    """

    operation = choice("sum", ("sum", "recurrence"))
    method = choice("tree", ("tree", "doubling"))
    steps = knob(8, 2, LONGEST)
    time = knob(1, 1, LONGEST - 1)
    target = knob(8, 1, LONGEST)
    decay = knob(0.5, 0.0, 1.0, step=0.05)
    x = Numbers(X, -99.0, 99.0, 1)

    def __init__(self, operation=operation.default_value, method=method.default_value, steps=None, lang=None, *,
                 x=None, target=None, **knobs):
        given = {} if x is None else {"x": x}
        if steps is None:
            size = 0 if x is None else np.size(x)
            steps = size if 2 <= size <= LONGEST else type(self).steps.default_value
        super().__init__(lang=lang, operation=operation, method=method, steps=steps,
                         target=steps if target is None else target, **given, **knobs)

    def numbers(self) -> dict:
        """`a` and `u` (R+1, T), the step that each place holds after every round, `first` (R+1, T), the first t in it.

        `results` (T,) are the library's loop's; `rounds` and `operations` of the scan, `loop_rounds` of the loop (one
        operation each); `needed`, how many operations the target's result is made of; `done` and `loop_done`, the
        operations done by the round `time`.
        """
        T = self.steps
        rounds = rounds_of(T, self.method)
        a = np.full(T, 1.0 if self.operation == "sum" else self.decay)
        u, first = np.array(self.x[:T]), np.arange(1, T + 1)
        results = linear_recurrence(a, u, np.zeros(()))[1:]
        held = [(a, u, first)]
        for places in rounds:
            a, u, first = (each.copy() for each in held[-1])
            for source, place in places:
                u[place] += a[place] * held[-1][1][source]
                a[place] *= held[-1][0][source]
                first[place] = held[-1][2][source]
            held.append((a, u, first))
        a, u, first = map(np.array, zip(*held, strict=True))
        count = [len(places) for places in rounds]
        found = {"a": a, "u": u, "first": first, "results": results, "rounds": len(rounds), "operations": sum(count),
                 "loop_rounds": T - 1, "needed": needed(rounds, min(self.target, T) - 1),
                 "done": sum(count[:self.time]), "loop_done": min(self.time, T - 1)}
        return {name: np.asarray(value, dtype=float) for name, value in found.items()}


def rounds_of(T: int, method: str) -> list[list[tuple[int, int]]]:
    """The rounds of a scan of T places: (source, place) for every operation, which puts what `source` holds before what
    `place` holds, into `place`; places from 0. The operations of a round do not wait for one another.
    """
    if method == "doubling":
        reach = [1 << n for n in range((T - 1).bit_length())]
        return [[(place - d, place) for place in range(d, T)] for d in reach]
    reach = [1 << n for n in range(T.bit_length() - 1)]
    up = [[(place - d, place) for place in range(2 * d - 1, T, 2 * d)] for d in reach]
    down = [[(place - d, place) for place in range(3 * d - 1, T, 2 * d)] for d in reversed(reach)]
    return [places for places in up + down if places]


def needed(rounds: list, place: int) -> int:
    """How many operations take part in what `place` holds in the end."""
    count, open_places = 0, {place}
    for places in reversed(rounds):
        sources = {source for source, place in places if place in open_places}
        count += sum(place in open_places for _, place in places)
        open_places |= sources
    return count
