import numpy as np

EXERCISE = "gates/input_gate"


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def r1(x, h, weight_ih, weight_hh, bias):
    H = h.shape[-1]
    return sigmoid(x @ weight_ih[:H].T + h @ weight_hh[:H].T + bias[:H])


def r2(x, h, weight_ih, weight_hh, bias):
    U_i, U_f, U_g, U_o = np.split(weight_ih, 4)
    W_i, *_ = np.split(weight_hh, 4)
    b_i = bias.reshape(4, -1)[0]
    return sigmoid((U_i @ x.T + W_i @ h.T + b_i[:, None]).T)


def r3(x, h, weight_ih, weight_hh, bias):
    H = len(weight_hh) // 4
    gate = []
    for b in range(len(x)):
        row = []
        for j in range(H):
            a = bias[j] + np.dot(weight_ih[j], x[b]) + np.dot(weight_hh[j], h[b])
            row.append(float(1 / (1 + np.exp(-a))))
        gate.append(row)
    return gate


def r4(x, h, weight_ih, weight_hh, bias):
    import torch

    t = lambda a: torch.from_numpy(np.array(a))
    gates = torch.nn.functional.linear(t(x), t(weight_ih), t(bias)) + torch.nn.functional.linear(t(h), t(weight_hh))
    ingate, forgetgate, cellgate, outgate = gates.chunk(4, 1)
    return ingate.sigmoid()


def r5(x, h, weight_ih, weight_hh, bias):
    f = np.float32
    입력 = np.c_[x, h, np.ones(len(x))].astype(f)
    가중치 = np.c_[weight_ih, weight_hh, bias].astype(f)
    out = 1 / (1 + np.exp(-np.einsum("bk,gk->bg", 입력, 가중치)))
    return out[:, :h.shape[1]]


# --- wrong

def w1(x, h, weight_ih, weight_hh, bias):
    H = h.shape[1]
    a = x @ weight_ih.T + h @ weight_hh.T + bias
    return sigmoid(a[:, H:2 * H])


def w2(x, h, weight_ih, weight_hh, bias):
    H = h.shape[1]
    a = x @ weight_ih.T + h @ weight_hh.T + bias
    return np.tanh(a[:, :H])


def w3(x, h, weight_ih, weight_hh, bias):
    a = x @ weight_ih.T + h @ weight_hh.T + bias
    return sigmoid(a)


def w4(x, h, weight_ih, weight_hh, bias):
    H = h.shape[1]
    return sigmoid(x @ weight_ih[:H].T + bias[:H])


def w5(x, h, weight_ih, weight_hh, bias):
    H = h.shape[1]
    a = x @ weight_ih.T + h @ weight_hh.T
    return sigmoid(a[:, :H])


def w6(x, h, weight_ih, weight_hh, bias):
    B, H = h.shape
    a = x @ weight_ih.T + h @ weight_hh.T + bias
    return sigmoid(a.reshape(B, H, 4)[:, :, 0])


def w7(x, h, weight_ih, weight_hh, bias):
    a = x @ weight_ih.T + h @ weight_hh.T + bias
    return sigmoid(a[:, ::4])


def w8(x, h, weight_ih, weight_hh, bias):
    D = x.shape[1]
    H = h.shape[1]
    U, W = weight_ih[:H], weight_hh[:H]
    return sigmoid(x @ U.T + h @ W + bias[:H])


def w9(x, h, weight_ih, weight_hh, bias):
    H = h.shape[1]
    a = x @ weight_ih.T + h @ weight_hh.T + bias
    return sigmoid(a[:, -H:])


def w10(x, h, weight_ih, weight_hh, bias):
    H = h.shape[1]
    a = x @ weight_ih.T + h @ weight_hh.T + bias
    i, f, g, o = np.split(a, 4, axis=1)
    return sigmoid(i) * np.tanh(g)


def w11(x, h, weight_ih, weight_hh, bias):
    H = h.shape[1]
    a = x @ weight_ih.T + h @ weight_hh.T + 2 * bias     # b_ih + b_hh
    return sigmoid(a[:, :H])


def w12(x, h, weight_ih, weight_hh, bias):
    H = h.shape[1]
    a = x @ weight_ih.T + h @ weight_hh.T + bias
    return a[:, :H]


def w13(x, h, weight_ih, weight_hh, bias):
    H = h.shape[1]
    a = sigmoid(x @ weight_ih.T + h @ weight_hh.T + bias)
    return a[:H]


def w14(x, h, weight_ih, weight_hh, bias):
    H = h.shape[1]
    U, W = weight_ih[:H], weight_hh[:H]
    return sigmoid(x @ U.T + h @ W.T + bias[H:2 * H])


def w15(x, h, weight_ih, weight_hh, bias):
    H = h.shape[1]
    U, W = weight_ih[:H], weight_hh[H:2 * H]
    return sigmoid(x @ U.T + h @ W.T + bias[:H])


def w16(x, h, weight_ih, weight_hh, bias):
    H = h.shape[1]
    a = x @ weight_ih.T + h @ weight_hh.T + bias
    return 1 / (1 + np.exp(a[:, :H]))


def w17(x, h, weight_ih, weight_hh, bias):
    H = h.shape[1]
    W = np.concatenate([weight_ih, weight_hh], axis=1)
    joined = np.concatenate([h, x], axis=1)
    return sigmoid(joined @ W.T + bias)[:, :H]


def w18(x, h, weight_ih, weight_hh, bias):
    a = np.dot(weight_ih, x) + np.dot(weight_hh, h) + bias
    i, f, g, o = np.split(a, 4)
    return sigmoid(i)


def w19(x, h, weight_ih, weight_hh, bias):
    a = x @ weight_ih.T + h @ weight_hh.T + bias
    gates = np.split(sigmoid(a), 4, axis=1)
    return sum(gates) / 4


def w20(x, h, weight_ih, weight_hh, bias):
    H = h.shape[1]
    i = sigmoid(x @ weight_ih[:H].T + h @ weight_hh[:H].T + bias[:H])
    return i * x[:, :1]


def w21(x, h, weight_ih, weight_hh, bias):
    a = x @ weight_ih.T + h @ weight_hh.T + bias
    i, f, g, o = np.split(a, 4, axis=1)
    return sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)


def w22(x, h, weight_ih, weight_hh, bias):
    H = h.shape[1]
    f_gate = sigmoid((x @ weight_ih.T + h @ weight_hh.T + bias)[:, H:2 * H])
    return 1 - f_gate


def w23(x, h, weight_ih, weight_hh, bias):
    H = h.shape[1]
    a_x = sigmoid(x @ weight_ih[:H].T + bias[:H])
    a_h = sigmoid(h @ weight_hh[:H].T + bias[:H])
    return a_x + a_h


RIGHT = [r1, r2, r3, r4, r5]
WRONG = [
    (w1, "swap", "the second block (the forget gate) instead of the first"),
    (w2, "activation", "tanh instead of sigmoid"),
    (w3, "form", "all four blocks, (B, 4H)"),
    (w4, "missing", "h has no part"),
    (w5, "missing", "the bias is missing"),
    (w6, "axis", "the 4H columns are read as interleaved (H, 4) instead of four blocks"),
    (w7, "axis", "every fourth column instead of the first block (same values as reading them interleaved)"),
    (w8, "transpose", "the part of weight_hh is not transposed"),
    (w9, "swap", "the last block (the output gate)"),
    (w10, "extra", "multiplied by the candidate: what is written instead of the gate"),
    (w11, "extra", "the bias is counted twice"),
    (w12, "activation+missing", "no sigmoid"),
    (w13, "axis+form", "cuts the first H rows of the batch instead of the first H columns"),
    (w14, "swap", "the bias of the forget gate; the weights are right"),
    (w15, "swap", "weight_hh's block of the forget gate; weight_ih and bias are right"),
    (w16, "sign", "1/(1+exp(a)): the exponent's sign"),
    (w17, "order+swap", "weights joined as [x, h], inputs as [h, x]"),
    (w18, "transpose+exception", "matrix times column vector, on rows"),
    (w19, "other", "mean of the four blocks"),
    (w20, "extra", "the gate is multiplied with an input value"),
    (w21, "form", "all four gates as a tuple"),
    (w22, "other", "1 - f: input and forget gate coupled as in a GRU"),
    (w23, "activation+other", "sigmoid of each part apart, then added (bias in both)"),
]
NOT_TO_SAY = {
    "w6": "that another gate's block was taken",
    "w14": "that the weights are the forget gate's, or the bias is missing",
    "w15": "that the whole forget gate was computed",
    "w22": "that the sigmoid's sign is wrong (1 - i)",
}
