import numpy as np

EXERCISE = "masking/repaired_weights"


def r1(scores):
    x = np.array(scores)
    i, j = np.triu_indices(x.shape[-1], k=1)
    x[:, i, j] = -np.inf
    x = np.exp(x - x.max(2)[:, :, None])
    return x / x.sum(2)[:, :, None]


def r2(scores):
    T = scores.shape[-1]
    e = np.tril(np.exp(scores))
    return np.array([[e[b, t] / e[b, t].sum() for t in range(T)] for b in range(len(e))])


# --- wrong

def w1(scores):
    e = np.exp(scores) * (1 - np.triu(np.ones(scores.shape[1:]), k=2))
    return e / e.sum(axis=-1, keepdims=True)


def w2(scores):
    e = np.exp(scores) * np.triu(np.ones(scores.shape[1:]))
    return e / e.sum(axis=-1, keepdims=True)


def w3(scores):
    e = np.exp(scores)
    return e / e.sum(axis=-1, keepdims=True) * np.tril(np.ones(scores.shape[1:]))


def w4(scores):
    e = np.tril(np.exp(scores))
    return e / e.sum(axis=-2, keepdims=True)


def w5(scores):
    e = np.exp(scores)
    return e / e.sum(axis=-1, keepdims=True)


RIGHT = [r1, r2]
WRONG = [
    (w1, "mask", "still one too many"),
    (w2, "mask", "the past is hidden"),
    (w3, "mask", "hidden after the softmax"),
    (w4, "axis", "normalised over the queries"),
    (w5, "missing", "nothing hidden"),
]
NOT_TO_SAY = {}
