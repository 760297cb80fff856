import numpy as np

EXERCISE = "gates/write"


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def r1(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate((h, x), 1)
    i = sigmoid(np.dot(joined, W_i.T) + b_i)
    C = np.tanh(np.dot(joined, W_C.T) + b_C)
    return np.multiply(i, C)


def r2(x, h, W_i, b_i, W_C, b_C):
    H = h.shape[1]

    def affine(W, b):
        return h @ W[:, :H].T + x @ W[:, H:].T + b

    return np.tanh(affine(W_C, b_C)) / (1 + np.exp(-affine(W_i, b_i)))


def r3(x, h, W_i, b_i, W_C, b_C):
    결과 = []
    for 입력, 은닉 in zip(x, h):
        v = np.r_[은닉, 입력]
        결과.append((sigmoid(W_i @ v + b_i) * np.tanh(W_C @ v + b_C)).tolist())
    return 결과


def r4(x, h, W_i, b_i, W_C, b_C):
    import torch

    hx = torch.cat([torch.tensor(h), torch.tensor(x)], dim=-1)
    both = hx @ torch.tensor(np.vstack([W_i, W_C])).T + torch.tensor(np.r_[b_i, b_C])
    i, g = both.chunk(2, dim=-1)
    return i.sigmoid().mul(g.tanh())


def r5(x, h, W_i, b_i, W_C, b_C):
    W = np.stack([W_i, W_C]).astype(np.float32)
    a = np.einsum("khj,bj->kbh", W, np.hstack([h, x]).astype(np.float32)) + np.stack([b_i, b_C])[:, None]
    added = sigmoid(a[0])
    added *= np.tanh(a[1])
    added.setflags(write=False)
    return added


# --- wrong

def w1(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([h, x], axis=1)
    return np.tanh(joined @ W_i.T + b_i) * sigmoid(joined @ W_C.T + b_C)


def w2(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([h, x], axis=1)
    return sigmoid(joined @ W_C.T + b_C) * np.tanh(joined @ W_i.T + b_i)


def w3(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([x, h], axis=1)
    return sigmoid(joined @ W_i.T + b_i) * np.tanh(joined @ W_C.T + b_C)


def w4(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([h, x], axis=1)
    return sigmoid(joined @ W_i.T + b_i) + np.tanh(joined @ W_C.T + b_C)


def w5(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([h, x], axis=1)
    return np.tanh(joined @ W_C.T + b_C)


def w6(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([h, x], axis=1)
    return sigmoid(joined @ W_i.T + b_i)


def w7(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([h, x], axis=1)
    return sigmoid(joined @ W_i.T + b_i) * sigmoid(joined @ W_C.T + b_C)


def w8(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([h, x], axis=1)
    return np.tanh(joined @ W_i.T + b_i) * np.tanh(joined @ W_C.T + b_C)


def w9(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([h, x], axis=1)
    return sigmoid(joined @ W_i.T) * np.tanh(joined @ W_C.T)


def w10(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([h, x], axis=1)
    return sigmoid(joined @ W_i.T + b_C) * np.tanh(joined @ W_C.T + b_i)


def w11(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([h, x], axis=1)
    i = sigmoid(joined @ W_i.T + b_i)
    return (1 - i) * np.tanh(joined @ W_C.T + b_C)


def w12(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([h, x], axis=1)
    i = sigmoid(joined @ W_i.T + b_i)
    C = np.tanh(joined @ W_C.T + b_C)
    return i, C


def w13(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([h, x], axis=1)
    i = sigmoid(joined @ W_i.T + b_i)
    C_new = np.tanh(joined @ W_C.T + b_C)
    return h + i * C_new


def w14(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([h, x], axis=1)
    i = sigmoid(joined @ W_i.T + b_i)
    C = np.tanh(joined @ W_C.T + b_C)
    return i @ C


def w15(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([h, x], axis=1)
    return sigmoid(joined @ W_i.T + b_i) * (joined @ W_C.T + b_C)


def w16(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([h, x], axis=1)
    return np.tanh(sigmoid(joined @ W_i.T + b_i) * (joined @ W_C.T + b_C))


def w17(x, h, W_i, b_i, W_C, b_C):
    i = sigmoid(np.concatenate([h, x], axis=1) @ W_i.T + b_i)
    C = np.tanh(np.concatenate([x, h], axis=1) @ W_C.T + b_C)
    return i * C


def w18(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([h, x], axis=1)
    i = 1 / (1 + np.exp(joined @ W_i.T + b_i))
    return i * np.tanh(joined @ W_C.T + b_C)


def w19(x, h, W_i, b_i, W_C, b_C):
    H = h.shape[1]
    r = sigmoid(np.concatenate([h, x], axis=1) @ W_i.T + b_i)
    # reset-gate style: the candidate sees r*h
    return r * np.tanh((r * h) @ W_C[:, :H].T + x @ W_C[:, H:].T + b_C)


def w20(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([h, x], axis=1)
    i = sigmoid(joined @ W_i.T + b_i)
    g = np.tanh(joined @ W_i.T + b_i)
    return i * g


def w21(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([h, x], axis=1)
    i = sigmoid(joined @ W_i.T + b_i)
    g = np.tanh(joined @ W_C.T + b_C)
    added = i * g
    return np.tanh(added)


def w22(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([h, x], axis=0)
    return sigmoid(joined @ W_i.T + b_i) * np.tanh(joined @ W_C.T + b_C)


RIGHT = [r1, r2, r3, r4, r5]
WRONG = [
    (w1, "activation", "sigmoid and tanh exchanged"),
    (w2, "swap", "the weights (and biases) of gate and candidate exchanged (same values as exchanging the activations)"),
    (w3, "order+swap", "joined as [x, h]"),
    (w4, "other", "added instead of multiplied"),
    (w5, "missing", "the input gate is missing: candidate alone"),
    (w6, "missing", "the candidate is missing: gate alone"),
    (w7, "activation", "sigmoid for the candidate, too"),
    (w8, "activation", "tanh for the gate, too"),
    (w9, "missing", "both biases are missing"),
    (w10, "swap", "only the biases are exchanged"),
    (w11, "other", "1 - i instead of i"),
    (w12, "form", "gate and candidate as a pair, not multiplied"),
    (w13, "extra", "h is added: a new state instead of what is added"),
    (w14, "other+exception", "matrix product instead of elementwise"),
    (w15, "activation+missing", "no tanh on the candidate"),
    (w16, "activation", "tanh is applied after multiplying with the gate"),
    (w17, "order+swap", "joined as [x, h] for the candidate only; the gate is right"),
    (w18, "sign", "the exponent's sign in the gate"),
    (w19, "extra", "the candidate sees h multiplied by the gate, as in a GRU"),
    (w20, "swap", "W_i and b_i for the candidate, too; W_C is not used"),
    (w21, "activation+extra", "one more tanh on the product"),
    (w22, "axis+exception", "joined along the batch"),
]
NOT_TO_SAY = {
    "w1": "either name (weights exchanged / activations exchanged) is true by values; say what both share",
    "w10": "that the biases are missing or that all weights are exchanged",
    "w17": "that the gate is joined wrongly, too",
    "w20": "that activations are exchanged",
    "w11": "that the forget gate was used",
}
