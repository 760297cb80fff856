import numpy as np

EXERCISE = "block/repaired_norm"


def r1(x, gamma, beta):
    m = x.mean(-1)[..., None]
    v = ((x - m) ** 2).mean(-1)[..., None]
    return (x - m) / np.sqrt(v + 1e-5) * gamma + beta


def r2(x, gamma, beta, eps=1e-5):
    out = np.empty_like(x)
    for b in range(x.shape[0]):
        for t in range(x.shape[1]):
            row = x[b, t]
            out[b, t] = gamma * (row - row.mean()) / np.sqrt(row.var() + eps) + beta
    return out


# --- wrong

def w1(x, gamma, beta):
    return gamma * (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + 1e-5) + beta


def w2(x, gamma, beta):
    return gamma * (x - x.mean(axis=0, keepdims=True)) / np.sqrt(x.var(axis=0, keepdims=True) + 1e-5) + beta


def w3(x, gamma, beta):
    return gamma * (x - x.mean(axis=-1, keepdims=True)) / (x.var(axis=-1, keepdims=True) + 1e-5) + beta


def w4(x, gamma, beta):
    return gamma * (x - x.mean(axis=2, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + 1e-5) + beta


def w5(x, gamma, beta):
    return gamma * (x - x.mean()) / np.sqrt(x.var() + 1e-5) + beta


def w6(x, gamma, beta):
    return gamma * x / np.sqrt((x ** 2).mean(axis=-1, keepdims=True) + 1e-5) + beta


def w7(x, gamma, beta):
    return (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5)


RIGHT = [r1, r2]
WRONG = [
    (w1, "axis", "the given fault: over the positions"),
    (w2, "axis", "over the batch"),
    (w3, "scale", "divided by the variance"),
    (w4, "axis", "the mean mended, the variance not"),
    (w5, "axis", "over everything"),
    (w6, "other", "no mean taken away"),
    (w7, "missing+scale", "gamma and beta forgotten"),
]
NOT_TO_SAY = {}
