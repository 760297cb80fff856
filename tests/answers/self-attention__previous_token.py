import numpy as np

EXERCISE = "self-attention/previous_token"


def head(x, W_q, W_k, W_v):
    q, k, v = x @ W_q, x @ W_k, x @ W_v
    s = q @ k.T / np.sqrt(k.shape[1])
    a = np.exp(s - s.max(axis=1, keepdims=True))
    a = a / a.sum(axis=1, keepdims=True)
    return a @ v, a


def parts(x):
    V = x.shape[1] - len(x)
    return np.eye(x.shape[1])[:, :V], np.eye(x.shape[1])[:, V:]


def r1(x):
    token, place = parts(x)
    T = len(x)
    M = np.zeros((T, T))
    M[0, 0] = 50
    for t in range(1, T):
        M[t, t - 1] = 50
    return head(x, place @ M, place, token)


def r2(x):
    T = len(x)
    V = x.shape[1] - T
    W_q, W_k, W_v = (np.zeros((V + T, n)) for n in (T, T, V))
    for t in range(T):
        W_k[V + t, t] = 9
        W_q[V + t, t - 1 if t else 0] = 9
    for v in range(V):
        W_v[v, v] = 1
    return head(x, W_q, W_k, W_v)


def r3(x):
    token, place = parts(x)
    T = len(x)
    t = np.arange(T)
    wanted = np.where(t > 0, t - 1, 0)
    M = -np.abs(wanted[:, None] - t[None, :]) * 100.0
    return head(x, place @ M, place, token)


# --- wrong

def w1(x):    # the next one
    token, place = parts(x)
    M = 80 * np.eye(len(x), k=1)
    M[-1, -1] = 80
    return head(x, place @ M, place, token)


def w2(x):    # nothing for the first: it looks at all
    token, place = parts(x)
    return head(x, place @ (80 * np.eye(len(x), k=-1)), place, token)


def w3(x):    # too small
    token, place = parts(x)
    M = np.eye(len(x), k=-1)
    M[0, 0] = 1
    return head(x, place @ M, place, token)


def w4(x):    # looks at itself
    token, place = parts(x)
    return head(x, 100 * place, place, token)


def w5(x):    # wraps round
    token, place = parts(x)
    return head(x, 100 * place @ np.roll(np.eye(len(x)), -1, axis=1), place, token)


def w6(x):    # values are places
    token, place = parts(x)
    M = np.eye(len(x), k=-1)
    M[0, 0] = 1
    return head(x, 100 * place @ M, place, place)


RIGHT = [r1, r2, r3]
WRONG = [
    (w1, "time+swap+other", "the next one instead of the previous"),
    (w6, "form", "puts out places instead of tokens"),
    (w3, "scale", "scores too small"),
    (w4, "time+missing+other", "looks at itself"),
    (w5, "start+time", "the first looks at the last"),
    (w2, "start+missing", "the first looks at all"),
]
