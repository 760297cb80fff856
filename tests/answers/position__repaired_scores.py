import numpy as np

EXERCISE = "position/repaired_scores"


def rope(x, positions):
    d = x.shape[1]
    theta = positions[:, None] / 10000 ** (np.arange(0, d, 2) / d)
    out = np.empty_like(x)
    out[:, ::2] = x[:, ::2] * np.cos(theta) - x[:, 1::2] * np.sin(theta)
    out[:, 1::2] = x[:, ::2] * np.sin(theta) + x[:, 1::2] * np.cos(theta)
    return out


def r1(q, k, past):
    new = np.arange(len(past), len(past) + len(q))
    return rope(q, new) @ np.vstack([past, rope(k, new)]).T / q.shape[1] ** 0.5


def r2(q, k, past):
    S, T = len(past), len(q)
    scores = np.zeros((T, S + T))
    for t in range(T):
        here = rope(q[t:t + 1], np.array([S + t]))[0]
        for s in range(S + T):
            key = past[s] if s < S else rope(k[s - S:s - S + 1], np.array([s]))[0]
            scores[t, s] = here @ key / np.sqrt(q.shape[1])
    return scores


# --- wrong

def w1(q, k, past):
    keys = np.vstack([past, k])
    return rope(q, np.arange(len(past), len(keys))) @ rope(keys, np.arange(len(keys))).T / q.shape[1] ** 0.5


def w2(q, k, past):
    new = np.arange(len(q))
    return rope(q, new) @ np.vstack([past, rope(k, new)]).T / q.shape[1] ** 0.5


def w3(q, k, past):
    new = np.arange(len(past), len(past) + len(q))
    return rope(q, new) @ np.vstack([past, k]).T / q.shape[1] ** 0.5


def w4(q, k, past):
    new = np.arange(len(past), len(past) + len(q))
    return rope(q, new) @ np.vstack([past, rope(k, new)]).T


def w5(q, k, past):
    new = np.arange(len(past) + 1, len(past) + len(q) + 1)
    return rope(q, new) @ np.vstack([past, rope(k, new)]).T / q.shape[1] ** 0.5


def w6(q, k, past):
    new = np.arange(len(past), len(past) + len(q))
    return rope(q, new) @ np.vstack([rope(k, new), past]).T / q.shape[1] ** 0.5
