"""Which learning rates an experiment tries, so that the best of them never lies at an end of those tried."""

from collections.abc import Callable, Iterable


def widened(rates: Iterable[float], run: Callable, chosen: Callable, step: float = 2, digits: int = 9) -> tuple:
    """({rate: run(rate)}, from the smallest rate on; the best rate).

    Runs `rates` and, while the best of all is the smallest or the largest, one more: the `step`-th part of it, or
    `step` times as much, to so many `digits` after the point. `chosen(runs)` says which of the rates is the best.
    """
    runs, rates = {}, list(rates)
    while rates:
        runs |= {rate: run(rate) for rate in rates}
        best = chosen(runs)
        more = [best / step] if best == min(runs) else [best * step] if best == max(runs) else []
        rates = [round(rate, digits) for rate in more]
    return dict(sorted(runs.items())), best
