import numpy as np

EXERCISE = "block/rms_backward"


def r1(dy, x, gamma):
    r = np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + 1e-5)
    g = dy * gamma
    dr = -(g * x).sum(-1, keepdims=True) / r ** 2
    return g / r + dr * x / (r * x.shape[-1]), np.sum(dy * x / r, axis=0)


def r2(dy, x, gamma):
    inv = (np.mean(x ** 2, axis=1) + 1e-5) ** -0.5
    n = x * inv[:, None]
    g = gamma * dy
    dx = inv[:, None] * (g - n * np.einsum("te,te->t", g, n)[:, None] / x.shape[1])
    return dx, np.einsum("te,te->e", dy, n)


# --- wrong

def w1(dy, x, gamma):
    r = np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + 1e-5)
    return dy * gamma / r, np.sum(dy * x / r, axis=0)


def w2(dy, x, gamma):
    r = np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + 1e-5)
    n, g = x / r, dy * gamma
    return (g - n * (g * n).sum(axis=1, keepdims=True)) / r, (dy * n).sum(axis=0)


def w3(dy, x, gamma):
    r = np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + 1e-5)
    n, g = x / r, dy * gamma
    return (g - g.mean(axis=1, keepdims=True) - n * (g * n).mean(axis=1, keepdims=True)) / r, (dy * n).sum(axis=0)


def w4(dy, x, gamma):
    r = np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + 1e-5)
    n, g = x / r, dy * gamma
    return g - n * (g * n).mean(axis=1, keepdims=True), (dy * n).sum(axis=0)


def w5(dy, x, gamma):
    r = np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + 1e-5)
    n, g = x / r, dy * gamma
    return (g + n * (g * n).mean(axis=1, keepdims=True)) / r, (dy * n).sum(axis=0)


def w6(dy, x, gamma):
    r = np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + 1e-5)
    n, g = x / r, dy * gamma
    return (g - n * (g * n).mean(axis=1, keepdims=True)) / r, (g * n).sum(axis=0)


RIGHT = [r1, r2]
WRONG = [
    (w1, "term", "r taken for a constant"),
    (w2, "scale", "the sum instead of the mean along x"),
    (w3, "term", "LayerNorm's backward"),
    (w4, "scale", "not divided by r"),
    (w5, "sign", "the part along x added"),
    (w6, "extra+scale", "gamma in its own gradient"),
]
NOT_TO_SAY = {}
