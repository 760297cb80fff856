import numpy as np

EXERCISE = "steps/moved"


def r1(alpha, h, i, weight):
    w = np.array(alpha, dtype=float)
    factor = (1 - weight) / (w.sum(axis=1) - w[:, i])
    w *= factor[:, None]
    w[:, i] = weight
    return np.matmul(w[:, None, :], h)[:, 0]


def r2(alpha, h, i, weight):
    others = np.delete(alpha, i, axis=1)
    others = others / others.sum(axis=1, keepdims=True)
    mean = np.einsum("bs,bsh->bh", others, np.delete(h, i, axis=1))
    return weight * h[:, i] + (1 - weight) * mean


# --- wrong

def w1(alpha, h, i, weight):
    w = alpha.copy()
    w[:, i] = weight
    return (w[..., None] * h).sum(1)


def w2(alpha, h, i, weight):
    w = alpha.copy()
    w[:, i] = weight
    w = w / w.sum(1, keepdims=True)
    return (w[..., None] * h).sum(1)


def w3(alpha, h, i, weight):
    S = alpha.shape[1]
    w = np.full(alpha.shape, (1 - weight) / (S - 1))
    w[:, i] = weight
    return (w[..., None] * h).sum(1)


def w4(alpha, h, i, weight):
    return (alpha[..., None] * h).sum(1)


def w5(alpha, h, i, weight):
    w = alpha + (alpha[:, i, None] - weight) / (alpha.shape[1] - 1)
    w[:, i] = weight
    return (w[..., None] * h).sum(1)


RIGHT = [r1, r2]
WRONG = [
    (w1, "missing+scale", "the others are not rescaled"),
    (w2, "scale+other", "the new weight is rescaled with the others, so it is not what was asked"),
    (w3, "other+missing", "alpha is not used: the others get equal weights"),
    (w4, "missing", "nothing is moved"),
    (w5, "other", "the difference is shared equally among the others"),
]
NOT_TO_SAY = {
    "w1": "that h is wrong",
}
