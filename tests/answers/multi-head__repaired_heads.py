import numpy as np

EXERCISE = "multi-head/repaired_heads"


def soft(s, axis=-1):
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def r1(x, W_q, W_k, W_v, W_o):
    heads = []
    for q, k, v in zip(W_q, W_k, W_v):
        a = soft((x @ q) @ (x @ k).T / q.shape[1] ** 0.5)
        heads.append(a @ (x @ v))
    return np.hstack(heads) @ np.vstack(list(W_o))


def r2(x, W_q, W_k, W_v, W_o):
    q, k, v = (np.einsum("te,nek->ntk", x, W) for W in (W_q, W_k, W_v))
    a = soft(np.einsum("ntk,nsk->nts", q, k) / np.sqrt(q.shape[-1]))
    return np.einsum("nts,nsk,nke->te", a, v, W_o)


def r3(x, W_q, W_k, W_v, W_o):
    y = 0
    for n in range(len(W_o)):
        a = soft((x @ W_q[n]) @ (x @ W_k[n]).T / np.sqrt(W_o.shape[1]))
        y = y + a @ x @ W_v[n] @ W_o[n]
    return y


# --- wrong

def w1(x, W_q, W_k, W_v, W_o):
    N, K, E = W_o.shape
    q, k, v = x @ W_q, x @ W_k, x @ W_v
    h = soft(q @ k.swapaxes(1, 2) / np.sqrt(K)) @ v
    return h.reshape(len(x), N * K) @ W_o.reshape(N * K, E)


def w2(x, W_q, W_k, W_v, W_o):
    q, k, v = x @ W_q, x @ W_k, x @ W_v
    return (soft(q @ k.swapaxes(1, 2)) @ v @ W_o).sum(axis=0)


def w3(x, W_q, W_k, W_v, W_o):
    q, k, v = x @ W_q, x @ W_k, x @ W_v
    return (soft(q @ k.swapaxes(1, 2) / np.sqrt(x.shape[1])) @ v @ W_o).sum(axis=0)


def w4(x, W_q, W_k, W_v, W_o):
    q, k, v = x @ W_q, x @ W_k, x @ W_v
    return (soft(q @ k.swapaxes(1, 2) / np.sqrt(W_o.shape[1]), axis=1) @ v @ W_o).sum(axis=0)


def w5(x, W_q, W_k, W_v, W_o):
    q, k, v = x @ W_q, x @ W_k, x @ W_v
    return (soft(q @ k.swapaxes(1, 2) / np.sqrt(W_o.shape[1])) @ v @ W_o).mean(axis=0)


def w6(x, W_q, W_k, W_v, W_o):
    N, K, E = W_o.shape
    q, k, v = x @ W_q, x @ W_k, x @ W_v
    h = soft(q @ k.swapaxes(1, 2) / np.sqrt(K)) @ v
    return h.transpose(1, 2, 0).reshape(len(x), K * N) @ W_o.reshape(N * K, E)


def w7(x, W_q, W_k, W_v, W_o):
    scores = sum(x @ q @ (x @ k).T for q, k in zip(W_q, W_k)) / np.sqrt(W_o.shape[1])
    return (soft(scores) @ (x @ W_v) @ W_o).sum(axis=0)


RIGHT = [r1, r2, r3]
WRONG = [
    (w1, "axis", "(N, T, K) read as (T, N·K) without swapping"),
    (w2, "scale", "the root of K is missing"),
    (w3, "scale", "divided by the root of E"),
    (w4, "axis", "softmax over the queries"),
    (w5, "scale", "mean of the heads' terms"),
    (w6, "axis", "heads and their numbers exchanged before W_o"),
    (w7, "other", "scores added before one softmax"),
]
