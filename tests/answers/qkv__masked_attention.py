import numpy as np

EXERCISE = "qkv/masked_attention"


def soft(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def r1(q, k, v, mask):
    s = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
    s[~mask] = -1e9
    w = soft(s) * mask
    return w @ v


def r2(q, k, v, mask):
    s = np.matmul(q, np.swapaxes(k, -1, -2)) * k.shape[-1] ** -0.5
    with np.errstate(all="ignore"):
        w = soft(np.where(mask, s, -np.inf))
    return np.nan_to_num(w) @ v


# --- wrong

def w1(q, k, v, mask):
    s = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
    return soft(np.where(mask, -np.inf, s)) @ v


def w2(q, k, v, mask):
    s = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
    return soft(np.where(mask, s, -1e9)) @ v


def w3(q, k, v, mask):
    s = q @ k.transpose(0, 2, 1)
    return (soft(np.where(mask, s, -1e9)) * mask) @ v


def w4(q, k, v, mask):
    s = q @ k.transpose(0, 2, 1) / q.shape[-1]
    return (soft(np.where(mask, s, -1e9)) * mask) @ v


def w5(q, k, v, mask):
    s = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
    return (soft(s) * mask) @ v


def w6(q, k, v, mask):
    s = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
    return soft(s * mask) @ v


def w7(q, k, v, mask):
    s = q @ k.transpose(0, 2, 1) / np.sqrt(k.shape[1])
    return (soft(np.where(mask, s, -1e9)) * mask) @ v


RIGHT = [r1, r2]
WRONG = [
    (w1, "sign+other", "the mask is turned round"),
    (w2, "other", "a query that may look at nothing looks at everything"),
    (w3, "missing+scale", "not divided by √K"),
    (w4, "scale+activation+missing+other", "divided by K, not by √K"),
    (w5, "order+other+missing+scale", "the mask comes after the softmax"),
    (w6, "other", "hidden scores are 0"),
    (w7, "scale+other+axis", "divided by √S, not by √K"),
]
NOT_TO_SAY = {
    "w2": "that the mask is turned round",
    "w3": "that it is divided by K",
}
