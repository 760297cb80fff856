import numpy as np

EXERCISE = "steps/look_back"


def softmax(x, axis):
    x = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return x / np.sum(x, axis=axis, keepdims=True)


def r1(s, h, W_c):
    alpha = softmax(np.matmul(s, np.transpose(h, (0, 2, 1))), -1)
    return alpha, np.tanh(np.concatenate((alpha @ h, s), -1) @ W_c.T)


def r2(s, h, W_c):
    B, T, H = s.shape
    alpha, a = [], []
    for t in range(T):
        w = softmax((h * s[:, t:t + 1]).sum(-1), 1)
        alpha.append(w)
        a.append(np.tanh(np.hstack([(w[:, :, None] * h).sum(1), s[:, t]]) @ W_c.T))
    return np.stack(alpha, 1), np.stack(a, 1)


# --- wrong

def w1(s, h, W_c):
    alpha = softmax(s @ h.swapaxes(1, 2), 1)
    return alpha, np.tanh(np.concatenate([alpha @ h, s], -1) @ W_c.T)


def w2(s, h, W_c):
    alpha = softmax(s @ h.swapaxes(1, 2), -1)
    return alpha, np.tanh(np.concatenate([s, alpha @ h], -1) @ W_c.T)


def w3(s, h, W_c):
    alpha = softmax(s @ h.swapaxes(1, 2), -1)
    return alpha, np.concatenate([alpha @ h, s], -1) @ W_c.T


def w4(s, h, W_c):
    alpha = s @ h.swapaxes(1, 2)
    return alpha, np.tanh(np.concatenate([alpha @ h, s], -1) @ W_c.T)


def w5(s, h, W_c):
    alpha = softmax(s @ h.swapaxes(1, 2) / np.sqrt(s.shape[-1]), -1)
    return alpha, np.tanh(np.concatenate([alpha @ h, s], -1) @ W_c.T)


def w6(s, h, W_c):
    alpha = softmax(s @ h.swapaxes(1, 2), -1)
    c = np.repeat(h.mean(axis=1, keepdims=True), s.shape[1], axis=1)
    return alpha, np.tanh(np.concatenate([c, s], -1) @ W_c.T)


RIGHT = [r1, r2]
WRONG = [
    (w1, "axis", "the softmax runs over the output steps"),
    (w2, "order+swap", "[s; c] instead of [c; s]"),
    (w3, "activation+missing", "no tanh"),
    (w4, "missing+activation", "no softmax"),
    (w5, "scale+extra", "scores divided by the root of H"),
    (w6, "other+missing", "the mean of h instead of the weighted sum"),
]
NOT_TO_SAY = {
    "w1": "that W_c is wrong",
}
