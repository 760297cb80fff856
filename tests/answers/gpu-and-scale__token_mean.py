import numpy as np

EXERCISE = "gpu-and-scale/token_mean"


def r1(grads, counts):
    n = counts.sum()
    return sum(c / n * g for c, g in zip(counts, grads))


def r2(grads, counts):
    return np.einsum("m,mp->p", counts, grads) / np.sum(counts)


# --- wrong

def w1(grads, counts):
    return grads.mean(axis=0)


def w2(grads, counts):
    return grads.sum(axis=0)


def w3(grads, counts):
    return (counts[:, None] * grads).sum(axis=0)


def w4(grads, counts):
    return (counts[:, None] * grads).sum(axis=0) / len(counts)


def w5(grads, counts):
    return grads.sum(axis=0) / counts.sum()


RIGHT = [r1, r2]
WRONG = [
    (w1, "misconception", "mean of means"),
    (w2, "misconception", "sum of means"),
    (w3, "missing", "sums never divided"),
    (w4, "missing+other+scale", "divided by the number of parts"),
    (w5, "missing", "not multiplied by the counts"),
]
