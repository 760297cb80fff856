import numpy as np

EXERCISE = "multi-head/joint_backward"


def r1(dy, heads, W_o):
    N, K, E = W_o.shape
    joined = heads.transpose(1, 0, 2).reshape(len(dy), N * K)
    flat = W_o.reshape(N * K, E)
    dW = joined.T @ dy
    dheads = (dy @ flat.T).reshape(len(dy), N, K).transpose(1, 0, 2)
    return dheads, dW.reshape(N, K, E)


def r2(dy, heads, W_o):
    return np.stack([dy @ W.T for W in W_o]), np.stack([h.T @ dy for h in heads])


# --- wrong

def w1(dy, heads, W_o):
    N, K, E = W_o.shape
    return (dy @ W_o.reshape(N * K, E).T).reshape(N, len(dy), K), heads.swapaxes(1, 2) @ dy


def w2(dy, heads, W_o):
    return np.stack([dy @ W.T for W in W_o]) / len(W_o), np.stack([h.T @ dy for h in heads])


def w3(dy, heads, W_o):
    return np.stack([dy @ W.T for W in W_o]), np.stack([h.T @ dy for h in heads]) / len(dy)


def w4(dy, heads, W_o):
    return np.stack([dy @ W.T for W in W_o]), np.stack([heads.sum(axis=0).T @ dy for _ in heads])


RIGHT = [r1, r2]
WRONG = [
    (w1, "axis", "cut without swapping the axes back"),
    (w2, "scale", "divided by the number of heads"),
    (w3, "scale", "mean over the positions"),
    (w4, "extra+other", "every W_o gets the sum of all heads"),
]
