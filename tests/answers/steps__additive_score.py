import numpy as np

EXERCISE = "steps/additive_score"


def r1(s, h, W_s, W_h, v):
    return np.tanh(np.expand_dims(s @ W_s.T, 2) + np.expand_dims(h @ W_h.T, 1)) @ v


def r2(s, h, W_s, W_h, v):
    out = []
    for b in range(len(s)):
        out.append([[v @ np.tanh(W_s @ q + W_h @ k) for k in h[b]] for q in s[b]])
    return np.array(out)


# --- wrong

def w1(s, h, W_s, W_h, v):
    return (np.expand_dims(s @ W_s.T, 2) + np.expand_dims(h @ W_h.T, 1)) @ v


def w2(s, h, W_s, W_h, v):
    return (np.expand_dims(np.tanh(s @ W_s.T), 2) + np.expand_dims(np.tanh(h @ W_h.T), 1)) @ v


def w3(s, h, W_s, W_h, v):
    return np.tanh(np.expand_dims(s @ W_s.T, 2) + np.expand_dims(h @ W_h.T, 1)).sum(axis=-1)


def w4(s, h, W_s, W_h, v):
    return np.tanh(np.expand_dims(s @ W_s.T, 2) * np.expand_dims(h @ W_h.T, 1)) @ v


def w5(s, h, W_s, W_h, v):
    e = np.tanh(np.expand_dims(s @ W_s.T, 2) + np.expand_dims(h @ W_h.T, 1)) @ v
    e = np.exp(e - e.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def w6(s, h, W_s, W_h, v):
    return np.tanh((np.expand_dims(s @ W_s.T, 2) + np.expand_dims(h @ W_h.T, 1)) @ v)


RIGHT = [r1, r2]
WRONG = [
    (w1, "activation+missing", "no tanh"),
    (w2, "activation+other", "tanh on each before they are added"),
    (w3, "missing", "v is not used"),
    (w4, "other", "multiplied instead of added inside the tanh"),
    (w5, "activation+extra", "softmax applied to the scores as well"),
    (w6, "activation+other+order", "tanh outside the product with v"),
]
NOT_TO_SAY = {
    "w2": "that the tanh is missing",
}
