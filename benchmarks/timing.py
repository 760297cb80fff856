"""Fair timing: everything in one process, in turn, each after a pause and a warm-up call; medians of the rounds.

Ratios are medians of the rounds' own ratios, so that a busy moment of the machine hits both sides. The pause lets the
worker threads of the library that ran before fall asleep: they spin for a while and would steal the next one's cores.
"""

import statistics
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import NamedTuple

import torch
from threadpoolctl import threadpool_limits

PAUSE = 0.05    # seconds


class Timing(NamedTuple):
    seconds: dict    # name → median
    rounds: dict     # name → every round's time

    def ratio(self, name: str, other: str) -> float:
        """The median over the rounds of `name`'s time by `other`'s."""
        return statistics.median(a / b for a, b in zip(self.rounds[name], self.rounds[other]))


def alternate(functions: dict[str, Callable], rounds: int, seconds: float = 0) -> Timing:
    """Time every function once a round, for at least so many rounds and so many seconds: busy moments last seconds."""
    times = {name: [] for name in functions}
    end = time.perf_counter() + seconds
    while rounds > 0 or time.perf_counter() < end:
        rounds -= 1
        for name, function in functions.items():
            time.sleep(PAUSE)
            function()
            start = time.perf_counter()
            function()
            times[name].append(time.perf_counter() - start)
    return Timing({name: statistics.median(values) for name, values in times.items()}, times)


@contextmanager
def threads(count: int):
    """Give NumPy's matrix products and PyTorch `count` threads each."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        with threadpool_limits(count):
            yield
    finally:
        torch.set_num_threads(before)
