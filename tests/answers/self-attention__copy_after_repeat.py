import numpy as np

EXERCISE = "self-attention/copy_after_repeat"


def soft(s):
    e = np.exp(s - s.max())
    return e / e.sum()


def r1(x, before):
    V = before.shape[1]
    alpha = soft(70 * before @ x[-1, :V])
    return alpha @ x[:, :V], alpha


def r2(x, before):
    T, V = before.shape
    z = np.hstack([x, before])
    W = np.zeros((2 * V + T, V))
    W_q, W_k, W_v = W.copy(), W.copy(), W.copy()
    W_q[:V], W_k[-V:], W_v[:V] = 30 * np.eye(V), 30 * np.eye(V), np.eye(V)
    s = (z @ W_q) @ (z @ W_k).T / np.sqrt(V)
    alpha = np.array([soft(row) for row in s])
    return (alpha @ (z @ W_v))[-1], alpha[-1]


# --- wrong

def w1(x, before):    # finds the same token, and itself
    V = before.shape[1]
    alpha = soft(70 * x[:, :V] @ x[-1, :V])
    return alpha @ x[:, :V], alpha


def w2(x, before):    # copies the repeated token, not what followed
    V = before.shape[1]
    alpha = soft(70 * before @ x[-1, :V])
    return alpha @ before, alpha


def w3(x, before):    # all rows
    V = before.shape[1]
    alpha = np.array([soft(70 * before @ row) for row in x[:, :V]])
    return alpha @ x[:, :V], alpha


def w4(x, before):    # asks with the previous token
    V = before.shape[1]
    alpha = soft(70 * before @ before[-1])
    return alpha @ x[:, :V], alpha


def w5(x, before):    # looks at the token before the repeat
    V = before.shape[1]
    alpha = np.roll(soft(70 * before @ x[-1, :V]), -2)
    return alpha @ x[:, :V], alpha


RIGHT = [r1, r2]
WRONG = [
    (w1, "missing+swap+other", "looks at the same token"),
    (w3, "form", "returns all rows"),
    (w2, "swap+other", "copies the repeated token itself"),
    (w4, "swap+other", "asks with the token before the last"),
    (w5, "time", "two places to the left"),
]
