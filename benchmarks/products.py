"""Random inputs, and the floor: the time of the bare matrix products."""

import numpy as np


def random(*shape):
    """float32 numbers from N(0, 1), the same in every run."""
    return np.random.default_rng(0).standard_normal(shape, dtype=np.float32)


def products(*pairs):
    """A function that multiplies every (a, b, times) pair `times` times into a ready buffer, one for every shape.

    A stack of matrices, such as an array of all steps' states, is multiplied matrix by matrix. So the products read and
    write as many numbers as in the layer: one matrix T times would lie close to the processor from the second time on.
    a and b must not share memory: NumPy spares itself half of a @ a.T.
    """
    assert not any(np.shares_memory(a, b) for a, b, _ in pairs)
    shapes = [(*a.shape[:-1], b.shape[-1]) for a, b, _ in pairs]
    buffers = {shape: np.ones(shape, pairs[0][0].dtype) for shape in shapes}    # written once: their pages are there

    def floor():
        for (a, b, times), shape in zip(pairs, shapes):
            for _ in range(times):
                np.matmul(a, b, out=buffers[shape])
    return floor


def transposed(array):
    """Every matrix of a stack, transposed."""
    return array.swapaxes(-1, -2)
