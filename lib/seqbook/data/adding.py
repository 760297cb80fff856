"""The adding problem: two numbers far apart in a long sequence, and their sum."""

import numpy as np


def adding_problem(count: int, steps: int, *, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """`count` sequences x (count, steps, 2) float32 and their targets y (count, 1) float32, drawn anew from `rng`.

    x[..., 0] are numbers from U(0, 1), x[..., 1] a mark: 1 on two of them, one in each half of the sequence, 0 on the
    others; y is the sum of the two marked numbers. To answer 1 always costs 1/6, the variance of that sum.

    The task is that of Hochreiter and Schmidhuber (1997, experiment 4), in the form of Le, Jaitly and Hinton (2015):
    numbers from 0 to 1 where the former had -1 to 1, one length for all, the plain sum as the target. One mark in each
    half is what Arjovsky et al. (2016) have; the former put both into the first half, the first within ten steps.
    """
    for name, value, least in (("count", count, 1), ("steps", steps, 2)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
            raise ValueError(f"{name} must be an integer of at least {least}, got {value!r}")
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a numpy.random.Generator, e.g. np.random.default_rng(0), got {rng!r}")
    count, steps = int(count), int(steps)    # of any width
    x = np.zeros((count, steps, 2), np.float32)
    x[..., 0] = rng.random((count, steps))
    first, second = rng.integers(0, steps // 2, count), rng.integers(steps // 2, steps, count)
    rows = np.arange(count)
    x[rows, first, 1] = x[rows, second, 1] = 1
    return x, (x[..., 0] * x[..., 1]).sum(axis=1, keepdims=True)
