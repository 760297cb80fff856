import numpy as np

EXERCISE = "whole/grouped_attention"


def sm(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def r1(q, k, v):
    out = np.zeros_like(q)
    for n in range(len(q)):
        for t in range(q.shape[1]):
            w = sm(k[n // 3, :t + 1] @ q[n, t] / np.sqrt(q.shape[2]))
            out[n, t] = w @ v[n // 3, :t + 1]
    return out


def r2(q, k, v):
    G, T, K = k.shape
    s = np.einsum("grtk,gsk->grts", q.reshape(G, 3, T, K), k) / np.sqrt(K)
    s = s + np.triu(np.full((T, T), -1e30), 1)
    return np.einsum("grts,gsk->grtk", sm(s), v).reshape(3 * G, T, K)


# --- wrong

def w1(q, k, v):
    T, K = q.shape[1:]
    k, v = np.tile(k, (3, 1, 1)), np.tile(v, (3, 1, 1))
    return sm(np.where(np.tri(T, dtype=bool), q @ k.swapaxes(1, 2) / np.sqrt(K), -1e9)) @ v


def w2(q, k, v):
    k, v = np.repeat(k, 3, axis=0), np.repeat(v, 3, axis=0)
    return sm(q @ k.swapaxes(1, 2) / np.sqrt(q.shape[2])) @ v


def w3(q, k, v):
    T = q.shape[1]
    k, v = np.repeat(k, 3, axis=0), np.repeat(v, 3, axis=0)
    return sm(np.where(np.tri(T, dtype=bool), q @ k.swapaxes(1, 2), -1e9)) @ v


def w4(q, k, v):
    T, K = q.shape[1:]
    k, v = np.repeat(k, 3, axis=0), np.repeat(v, 3, axis=0)
    return sm(np.where(np.tri(T, k=-1, dtype=bool), q @ k.swapaxes(1, 2) / np.sqrt(K), -1e9)) @ v


def w5(q, k, v):
    T, K = q.shape[1:]
    k, v = np.repeat(k, 3, axis=0), np.repeat(v, 3, axis=0)
    s = np.where(np.tri(T, dtype=bool), q @ k.swapaxes(1, 2) / np.sqrt(K), -1e9)
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True) @ v


RIGHT = [r1, r2]
WRONG = [
    (w1, "axis+other+order", "sets dealt out in turn"),
    (w2, "missing+time", "no mask"),
    (w3, "scale", "the root of K is missing"),
    (w4, "time", "a position does not see itself"),
    (w5, "axis", "softmax over the queries"),
]
NOT_TO_SAY = {}
