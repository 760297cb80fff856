import numpy as np

EXERCISE = "whole/repaired_step"


def sm(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def r1(x, W_q, W_k, W_v, k_past, v_past):
    S, T = len(k_past), len(x)
    k = np.concatenate((k_past, x @ W_k), axis=0)
    v = np.concatenate((v_past, x @ W_v), axis=0)
    y = np.zeros((T, v.shape[1]))
    for t in range(T):
        w = sm(k[:S + t + 1] @ (x[t] @ W_q) / np.sqrt(k.shape[1]))
        y[t] = w @ v[:S + t + 1]
    return y, k, v


def r2(x, W_q, W_k, W_v, k_past, v_past):
    k, v = np.r_[k_past, x @ W_k], np.r_[v_past, x @ W_v]
    s = (x @ W_q) @ k.T * k.shape[1] ** -0.5
    i, j = np.indices(s.shape)
    s[j > i + len(k_past)] = -1e30
    return sm(s) @ v, k, v


# --- wrong

def w1(x, W_q, W_k, W_v, k_past, v_past):
    k, v = np.vstack([k_past, x @ W_k]), np.vstack([v_past, x @ W_v])
    mask = np.tri(len(x), len(k), k=len(k_past) - 1, dtype=bool)
    return sm(np.where(mask, (x @ W_q) @ k.T / np.sqrt(k.shape[1]), -1e9)) @ v, k, v


def w2(x, W_q, W_k, W_v, k_past, v_past):
    k, v = np.vstack([k_past, x @ W_k]), np.vstack([v_past, x @ W_v])
    return sm((x @ W_q) @ k.T / np.sqrt(k.shape[1])) @ v, k, v


def w3(x, W_q, W_k, W_v, k_past, v_past):
    k, v = np.vstack([x @ W_k, k_past]), np.vstack([x @ W_v, v_past])
    mask = np.tri(len(x), len(k), k=len(k_past), dtype=bool)
    return sm(np.where(mask, (x @ W_q) @ k.T / np.sqrt(k.shape[1]), -1e9)) @ v, k, v


def w4(x, W_q, W_k, W_v, k_past, v_past):
    k, v = np.vstack([k_past, x @ W_k]), np.vstack([v_past, x @ W_v])
    mask = np.tri(len(x), len(k), k=len(k_past), dtype=bool)
    return sm(np.where(mask, (x @ W_q) @ k.T, -1e9)) @ v, k, v


def w5(x, W_q, W_k, W_v, k_past, v_past):
    k, v = np.vstack([k_past, x @ W_k]), np.vstack([v_past, x @ W_v])
    mask = np.tri(len(x), len(k), dtype=bool)
    return sm(np.where(mask, (x @ W_q) @ k.T / np.sqrt(k.shape[1]), -1e9)) @ v, k, v


RIGHT = [r1, r2]
WRONG = [
    (w1, "time", "the given fault: a position does not see itself"),
    (w2, "missing+time", "no mask among the new positions"),
    (w3, "order", "new ones put before the past"),
    (w4, "scale", "the root of K is missing"),
    (w5, "time+missing", "the mask begins at the past's first"),
]
NOT_TO_SAY = {}
