"""Random inputs, and the floor: the time of the bare matrix products."""

import numpy as np


def random(*shape):
    """float32 numbers from N(0, 1), the same in every run."""
    return np.random.default_rng(0).standard_normal(shape, dtype=np.float32)


def products(*pairs):
    """A function that multiplies every (a, b, times) pair `times` times into one ready buffer.

    a and b must not share memory: NumPy spares itself half of a @ a.T.
    """
    assert not any(np.shares_memory(a, b) for a, b, _ in pairs)
    ready = [(a, b, np.empty((a.shape[0], b.shape[1]), a.dtype), times) for a, b, times in pairs]

    def floor():
        for a, b, out, times in ready:
            for _ in range(times):
                np.matmul(a, b, out=out)
    return floor
