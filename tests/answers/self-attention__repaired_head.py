import numpy as np

EXERCISE = "self-attention/repaired_head"


def softmax(s, axis=-1):
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def r1(x, W_q, W_k, W_v):
    q, k, v = x @ W_q, x @ W_k, x @ W_v
    alpha = softmax(q @ np.transpose(k, (0, 2, 1)) / q.shape[-1] ** 0.5)
    return alpha @ v, alpha


def r2(x, W_q, W_k, W_v):
    B, T, _ = x.shape
    alpha, y = np.zeros((B, T, T)), np.zeros((B, T, W_v.shape[1]))
    for b in range(B):
        for t in range(T):
            s = np.array([(x[b, t] @ W_q) @ (x[b, r] @ W_k) for r in range(T)]) / np.sqrt(W_k.shape[1])
            alpha[b, t] = softmax(s)
            y[b, t] = sum(alpha[b, t, r] * (x[b, r] @ W_v) for r in range(T))
    return y, alpha


# --- wrong

def w1(x, W_q, W_k, W_v):    # the fault given
    q, k, v = x @ W_q, x @ W_k, x @ W_v
    alpha = softmax(q @ k.swapaxes(1, 2) / np.sqrt(k.shape[2]), axis=1)
    return alpha @ v, alpha


def w2(x, W_q, W_k, W_v):    # transposes the weights afterwards
    q, k, v = x @ W_q, x @ W_k, x @ W_v
    alpha = softmax(q @ k.swapaxes(1, 2) / np.sqrt(k.shape[2]), axis=1).swapaxes(1, 2)
    return alpha @ v, alpha


def w3(x, W_q, W_k, W_v):    # the batch axis
    q, k, v = x @ W_q, x @ W_k, x @ W_v
    alpha = softmax(q @ k.swapaxes(1, 2) / np.sqrt(k.shape[2]), axis=0)
    return alpha @ v, alpha


def w4(x, W_q, W_k, W_v):    # root of T
    q, k, v = x @ W_q, x @ W_k, x @ W_v
    alpha = softmax(q @ k.swapaxes(1, 2) / np.sqrt(k.shape[1]))
    return alpha @ v, alpha


def w5(x, W_q, W_k, W_v):    # no root at all
    q, k, v = x @ W_q, x @ W_k, x @ W_v
    alpha = softmax(q @ k.swapaxes(1, 2))
    return alpha @ v, alpha


def w6(x, W_q, W_k, W_v):    # keys for values
    q, k = x @ W_q, x @ W_k
    alpha = softmax(q @ k.swapaxes(1, 2) / np.sqrt(k.shape[2]))
    return alpha @ k, alpha


RIGHT = [r1, r2]
WRONG = [
    (w1, "axis", "the fault given"),
    (w2, "axis+swap+transpose", "columns, then transposed: queries and keys have changed places"),
    (w3, "axis", "over the batch"),
    (w4, "scale+axis", "divided by the root of T"),
    (w5, "scale+missing", "not divided"),
    (w6, "swap+other", "keys in the values' place"),
]
