import numpy as np

EXERCISE = "qkv/padded"


def soft(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def r1(q, k, v, lengths):
    s = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
    for b, n in enumerate(lengths):
        s[b, :, n:] = -np.inf
    return soft(s) @ v


def r2(q, k, v, lengths):
    keep = np.arange(k.shape[1])[None, None] < np.asarray(lengths)[:, None, None]
    s = np.einsum("bik,bjk->bij", q, k) / np.sqrt(k.shape[-1])
    w = soft(s) * keep
    return (w / w.sum(-1, keepdims=True)) @ v


# --- wrong

def w1(q, k, v, lengths):
    keep = np.arange(k.shape[1]) < lengths[:, None]
    return (soft(q @ k.transpose(0, 2, 1) / np.sqrt(k.shape[-1])) * keep[:, None]) @ v


def w2(q, k, v, lengths):
    s = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
    for b, n in enumerate(lengths):
        s[b, :, n:] = 0
    return soft(s) @ v


def w3(q, k, v, lengths):
    s = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
    for b, n in enumerate(lengths):
        s[b, :, n + 1:] = -np.inf
    return soft(s) @ v


def w4(q, k, v, lengths):
    return soft(q @ k.transpose(0, 2, 1) / np.sqrt(k.shape[-1])) @ v


def w5(q, k, v, lengths):
    keep = (np.arange(k.shape[1]) < lengths[:, None])[..., None]
    k, v = k * keep, v * keep
    return soft(q @ k.transpose(0, 2, 1) / np.sqrt(k.shape[-1])) @ v


def w6(q, k, v, lengths):
    s = q @ k.transpose(0, 2, 1)
    for b, n in enumerate(lengths):
        s[b, :, n:] = -np.inf
    return soft(s) @ v


RIGHT = [r1, r2]
WRONG = [
    (w1, "order+other+missing+scale", "hidden after the softmax"),
    (w2, "other", "hidden scores are 0"),
    (w3, "time+other+edge", "one key too many"),
    (w4, "missing", "nothing is hidden"),
    (w5, "other", "padded keys and values are zero vectors, which still get weight"),
    (w6, "missing+scale", "not divided by √K"),
]
NOT_TO_SAY = {
    "w2": "that it was hidden after the softmax",
}
