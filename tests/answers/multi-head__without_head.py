import numpy as np

EXERCISE = "multi-head/without_head"


def r1(heads, W_o, n):
    y = np.zeros((heads.shape[1], W_o.shape[2]))
    for m in range(len(heads)):
        h = heads[m]
        if m == n:
            h = np.repeat(h.mean(axis=0, keepdims=True), len(h), axis=0)
        y += h @ W_o[m]
    return y


def r2(heads, W_o, n):
    others = [m for m in range(len(heads)) if m != n]
    bias = heads[n].mean(0) @ W_o[n]
    return sum((heads[m] @ W_o[m] for m in others), np.zeros((heads.shape[1], W_o.shape[2]))) + bias


# --- wrong

def w1(heads, W_o, n):
    W = W_o.copy()
    W[n] = 0
    return (heads @ W).sum(axis=0)


def w2(heads, W_o, n):
    h = heads.copy()
    h[n] = h[n].mean()
    return (h @ W_o).sum(axis=0)


def w3(heads, W_o, n):
    h = heads.copy()
    h[n] = h[n].mean(axis=1, keepdims=True)
    return (h @ W_o).sum(axis=0)


def w4(heads, W_o, n):
    heads[n] = heads[n].mean(axis=0)
    return (heads @ W_o).sum(axis=0)


def w5(heads, W_o, n):
    return (heads @ W_o).sum(axis=0) - heads[n] @ W_o[n]


RIGHT = [r1, r2]
WRONG = [
    (w1, "missing", "zero in its place"),
    (w2, "axis", "one mean for all numbers"),
    (w3, "axis", "mean over the head's numbers"),
    (w4, "mutated", "writes into the argument"),
    (w5, "missing", "the mean is not put back"),
]
