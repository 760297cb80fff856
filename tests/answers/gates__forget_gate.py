import numpy as np

EXERCISE = "gates/forget_gate"


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def r1(x, h, W_f, b_f):
    z = np.hstack((h, x))
    return 1.0 / (1.0 + np.exp(-(z.dot(W_f.T) + b_f)))


def r2(x, h, W_f, b_f):
    H = h.shape[1]
    return sigmoid(h @ W_f[:, :H].T + x @ W_f[:, H:].T + b_f)


def r3(x, h, W_f, b_f):
    f = []
    for x_t, h_prev in zip(x, h):
        joined = np.append(h_prev, x_t)
        f.append([float(sigmoid(w @ joined + b)) for w, b in zip(W_f, b_f)])
    return f


def r4(x, h, W_f, b_f):
    import torch

    lin = torch.nn.Linear(W_f.shape[1], W_f.shape[0]).double()
    with torch.no_grad():
        lin.weight.copy_(torch.tensor(W_f))
        lin.bias.copy_(torch.tensor(b_f))
        return torch.sigmoid(lin(torch.cat([torch.tensor(h), torch.tensor(x)], dim=1)))


def r5(x, h, W_f, b_f):
    연결 = np.concatenate([h, x], axis=-1).astype(np.float32)
    a = np.einsum("bj,hj->bh", 연결, W_f.astype(np.float32)) + b_f.astype(np.float32)
    return np.asfortranarray(0.5 * (1 + np.tanh(a / 2)))


# --- wrong

def w1(x, h, W_f, b_f):
    return sigmoid(np.concatenate([x, h], axis=1) @ W_f.T + b_f)


def w2(x, h, W_f, b_f):
    z = np.concatenate([h, x], axis=1) @ W_f.T + b_f
    return 1 / (1 + np.exp(z))


def w3(x, h, W_f, b_f):
    return np.tanh(np.concatenate([h, x], axis=1) @ W_f.T + b_f)


def w4(x, h, W_f, b_f):
    return np.concatenate([h, x], axis=1) @ W_f.T + b_f


def w5(x, h, W_f, b_f):
    joined = np.concatenate([h, x], axis=1)
    return sigmoid(joined @ W_f.T)


def w6(x, h, W_f, b_f):
    joined = np.concatenate([h, x], axis=1)
    return sigmoid(joined @ W_f.T) + b_f


def w7(x, h, W_f, b_f):
    return 1 - sigmoid(np.concatenate([h, x], axis=1) @ W_f.T + b_f)


def w8(x, h, W_f, b_f):
    f = sigmoid(np.concatenate([h, x], axis=1) @ W_f.T + b_f)
    return f * h


def w9(x, h, W_f, b_f):
    return sigmoid(W_f @ np.concatenate([h, x]) + b_f)


def w10(x, h, W_f, b_f):
    H, D = h.shape[1], x.shape[1]
    W_x, W_h = W_f[:, :D], W_f[:, D:]         # input weights first, as in Keras kernels
    return sigmoid(x @ W_x.T + h @ W_h.T + b_f)


def w11(x, h, W_f, b_f):
    f = sigmoid(np.concatenate([h, x], axis=1) @ W_f.T + b_f)
    return (f > 0.5).astype(float)


def w12(x, h, W_f, b_f):
    a = np.concatenate([h, x], axis=1) @ W_f.T + b_f
    e = np.exp(a - a.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def w13(x, h, W_f, b_f):
    return np.clip(0.2 * (np.concatenate([h, x], axis=1) @ W_f.T + b_f) + 0.5, 0, 1)      # hard sigmoid


def w14(x, h, W_f, b_f):
    joined = np.concatenate([h, x], axis=1)
    return sigmoid(joined @ W_f.T + b_f + 1)        # forget bias 1


def w15(x, h, W_f, b_f):
    H = h.shape[1]
    return sigmoid(h @ W_f[:, :H].T + b_f)


def w16(x, h, W_f, b_f):
    H = h.shape[1]
    return sigmoid(x @ W_f[:, H:].T + b_f)


def w17(x, h, W_f, b_f):
    H = h.shape[1]
    return sigmoid(h @ W_f[:, :H].T) + sigmoid(x @ W_f[:, H:].T + b_f)


def w18(x, h, W_f, b_f):
    H = h.shape[1]
    return sigmoid(h @ W_f[:, :H] + x @ W_f[:, H:].T + b_f)


def w19(x, h, W_f, b_f):
    s = sigmoid(np.concatenate([h, x], axis=1) @ W_f.T + b_f)
    return s * (1 - s)


def w20(x, h, W_f, b_f):
    joined = np.concatenate([h, x], axis=1)
    f = sigmoid(joined @ W_f.T + b_f).mean(axis=1)
    return f


def w21(x, h, W_f, b_f):
    a = np.concatenate([h, x], axis=1) @ W_f.T + b_f
    return 1 / 1 + np.exp(-a)


def w22(x, h, W_f, b_f):
    a = np.concatenate([h, x], axis=1) @ W_f.T + b_f
    return sigmoid(np.tanh(a))


def w23(x, h, W_f, b_f):
    a = np.concatenate([h, x], axis=1) @ W_f.T + b_f
    return np.array([[sigmoid(v) if v > -1e9 else None for v in row] for row in a], dtype=object)[:, ::-1]


def w24(x, h, W_f, b_f):
    f = sigmoid(np.concatenate([h, x], axis=1) @ W_f.T + b_f)
    keep = np.random.default_rng(0).random(f.shape) > 0.2          # dropout
    return f * keep / 0.8


RIGHT = [r1, r2, r3, r4, r5]
WRONG = [
    (w1, "order+swap", "joined as [x, h] instead of [h, x]"),
    (w2, "sign", "the exponent's sign is turned round: 1/(1+exp(a)), which is 1 - f"),
    (w3, "activation", "tanh instead of sigmoid"),
    (w4, "activation+missing", "no sigmoid"),
    (w5, "missing", "the bias is missing"),
    (w6, "other", "the bias is added outside the sigmoid"),
    (w7, "other", "1 - f: the share that is forgotten instead of kept"),
    (w8, "extra", "the gate is applied to h straight away: f·h"),
    (w9, "axis+exception", "joined along the batch and multiplied as a column vector"),
    (w10, "order+swap", "the weights are cut as (D, H) instead of (H, D): same as joining [x, h]"),
    (w11, "activation+extra", "the gate is rounded to 0 or 1"),
    (w12, "activation", "softmax instead of sigmoid"),
    (w13, "activation", "hard sigmoid (Keras) instead of sigmoid"),
    (w14, "extra", "1 is added to the bias"),
    (w15, "missing", "x has no part"),
    (w16, "missing", "h has no part"),
    (w17, "activation+other", "sigmoid of each part apart, then added"),
    (w18, "transpose", "the part of W_f for h is not transposed"),
    (w19, "derivative+extra", "the sigmoid's derivative f(1-f) is returned"),
    (w20, "form+axis", "mean over the units: one number for each sequence"),
    (w21, "other", "brackets missing: 1/1 + exp(-a)"),
    (w22, "activation+extra", "a tanh before the sigmoid"),
    (w23, "order+form", "an object array with the units in reversed order"),
    (w24, "extra", "dropout on the gate: a fifth of the entries 0, the others divided by 0.8"),
]
NOT_TO_SAY = {
    "w2": "only that the share to keep was misunderstood: the exponent's sign is the slip (as values 1 - f)",
    "w14": "that the bias is missing or doubled",
    "w10": "that a bias is wrong",
    "w21": "that the exponent's sign is wrong",
    "w13": "that tanh was used",
}
