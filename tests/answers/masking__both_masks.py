import numpy as np

EXERCISE = "masking/both_masks"


def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def r1(scores, lengths):
    B, T, _ = scores.shape
    t, s = np.meshgrid(np.arange(T), np.arange(T), indexing="ij")
    ok = (s <= t)[None] & (s[None] < lengths[:, None, None])
    return softmax(np.where(ok, scores, -1e30))


def r2(scores, lengths):
    x = scores.copy()
    for b in range(len(x)):
        x[b][np.triu_indices(x.shape[1], 1)] = -np.inf
        x[b, :, lengths[b]:] = -np.inf
    return softmax(x)


# --- wrong

def w1(scores, lengths):
    T = scores.shape[1]
    ok = np.tri(T, dtype=bool) & (np.arange(T) < lengths[:, None])[:, :, None]
    return softmax(np.where(ok, scores, -1e30))


def w2(scores, lengths):
    T = scores.shape[1]
    return softmax(np.where(np.tri(T, dtype=bool), scores, -np.inf))


def w3(scores, lengths):
    T = scores.shape[1]
    ok = np.broadcast_to((np.arange(T) < lengths[:, None])[:, None, :], scores.shape)
    return softmax(np.where(ok, scores, -np.inf))


def w4(scores, lengths):
    T = scores.shape[1]
    ok = np.tri(T, dtype=bool) & (np.arange(T) < lengths[:, None])[:, None, :]
    return softmax(scores) * ok


def w5(scores, lengths):
    T = scores.shape[1]
    ok = np.tri(T, dtype=bool) & (np.arange(T) <= lengths[:, None])[:, None, :]
    return softmax(np.where(ok, scores, -np.inf))


def w6(scores, lengths):
    T = scores.shape[1]
    ok = np.triu(np.ones((T, T), dtype=bool)) & (np.arange(T) < lengths[:, None])[:, None, :]
    return softmax(np.where(ok, scores, -1e30))


RIGHT = [r1, r2]
WRONG = [
    (w1, "mask", "padding hidden on the queries' axis"),
    (w2, "mask", "no padding mask"),
    (w3, "mask", "no causal mask"),
    (w4, "mask", "hidden after the softmax"),
    (w5, "time+other", "one padding key too many"),
    (w6, "mask", "causal mask transposed"),
]
NOT_TO_SAY = {}
