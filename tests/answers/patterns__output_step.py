import numpy as np

EXERCISE = "patterns/output_step"


def r1(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = np.tanh(x @ weight_ih.T + o @ weight_oh.T + bias)
    return h @ weight_ho.T + bias_o, h


def r2(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    os, hs = [], []
    for x_b, o_b in zip(x, o):
        h_b = np.tanh(weight_ih @ x_b + weight_oh @ o_b + bias)
        hs.append(h_b)
        os.append(weight_ho @ h_b + bias_o)
    return [os, hs]


def r3(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = np.tanh(np.concatenate([x, o], axis=-1) @ np.concatenate([weight_ih, weight_oh], axis=-1).T + bias)
    o_next = np.einsum("bh,oh->bo", h, weight_ho) + bias_o[None, :]
    return np.asfortranarray(o_next), np.asfortranarray(h)


def r4(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    import torch
    import torch.nn.functional as F

    x, o, U, W, b, V, c = map(torch.as_tensor, (x, o, weight_ih, weight_oh, bias, weight_ho, bias_o))
    h = (F.linear(x, U) + F.linear(o, W, b)).tanh()
    return F.linear(h, V, c), h


def r5(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    x, o = x.astype(np.float32), o.astype(np.float32)
    a = np.matmul(weight_ih, x.T) + np.matmul(weight_oh, o.T) + bias.reshape(-1, 1)      # (H, B)
    h = np.tanh(a)
    return (weight_ho @ h + bias_o.reshape(-1, 1)).T, h.T


def r6(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    def affine(v, W, b=0):
        return [[sum(w * a for w, a in zip(row, vec)) for row in W] for vec in v] + np.asarray(b)

    h = np.tanh(affine(x, weight_ih, bias) + affine(o, weight_oh))
    return affine(h, weight_ho, bias_o).tolist(), h.tolist()


# --- wrong

def w1(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = np.tanh(x @ weight_ih.T + o @ weight_oh.T + bias)
    o_next = h @ weight_ho.T + bias_o
    return h, o_next


def w2(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = np.tanh(x @ weight_ih.T + o @ weight_oh.T + bias)
    return np.tanh(h @ weight_ho.T + bias_o), h


def w3(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = np.tanh(x @ weight_ih.T + o @ weight_oh.T + bias)
    z = h @ weight_ho.T + bias_o
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True), h


def w4(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    # feed the hidden state back, like an Elman network
    h_prev = o @ weight_ho
    h = np.tanh(x @ weight_ih.T + h_prev + bias)
    return h @ weight_ho.T + bias_o, h


def w5(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = np.tanh(x @ weight_ih.T + bias)
    return h @ weight_ho.T + bias_o, h


def w6(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = np.tanh(x @ weight_ih.T + o @ weight_oh.T + bias)
    o_next = h @ weight_ho.T
    return o_next, h


def w7(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = np.tanh(x @ weight_ih.T + o @ weight_oh.T)
    o_next = h @ weight_ho.T + bias_o
    return o_next, h


def w8(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    a = x @ weight_ih.T + o @ weight_oh.T + bias
    return a @ weight_ho.T + bias_o, a


def w9(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    a = x @ weight_ih.T + o @ weight_oh.T + bias
    h = np.tanh(a)
    return a @ weight_ho.T + bias_o, h


def w10(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = np.tanh(x @ weight_ih.T + o @ weight_ho + bias)       # (B,O)@(O,H) fits
    return h @ weight_oh + bias_o, h                           # (B,H)@(H,O) fits


def w11(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = np.tanh(x @ weight_ih.T + o @ weight_oh.T + bias)
    return h @ weight_oh + bias_o, h


def w12(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = np.tanh(weight_ih @ x + weight_oh @ o + bias)
    return weight_ho @ h + bias_o, h


def w13(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = np.tanh(x @ weight_ih.T + o @ weight_oh.T + bias)
    return h @ weight_ho.T + bias_o


def w14(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = np.tanh(x @ weight_ih.T + o @ weight_oh.T + bias)
    return o + h @ weight_ho.T + bias_o, h


def w15(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    for _ in range(len(x)):
        h = np.tanh(x @ weight_ih.T + o @ weight_oh.T + bias)
        o = h @ weight_ho.T + bias_o
    return o, h


def w16(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    o_prev = np.zeros_like(o)
    h = np.tanh(x @ weight_ih.T + o_prev @ weight_oh.T + bias)
    return h @ weight_ho.T + bias_o, h


def w17(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = 1 / (1 + np.exp(-x @ weight_ih.T - o @ weight_oh.T - bias))
    return h @ weight_ho.T + bias_o, h


def w18(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = np.tanh(x @ weight_ih.T + o @ weight_oh.T + bias)
    new_o = h @ weight_ho.T + bias_o
    h = np.tanh(x @ weight_ih.T + new_o @ weight_oh.T + bias)
    return new_o, h


def w19(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = np.tanh(x @ weight_ih.T + o @ weight_oh.T + bias)
    return {"o_next": h @ weight_ho.T + bias_o, "h": h}


def w20(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    은닉 = np.tanh(x @ weight_ih.T + np.tanh(o) @ weight_oh.T + bias)
    출력 = 은닉 @ weight_ho.T + bias_o
    return 출력, 은닉


RIGHT = [w19, r1, r2, r3, r4, r5, r6]
WRONG = [
    (w1, "swap", "h and o_next are returned in exchanged order"),
    (w2, "activation", "tanh on the output, too"),
    (w3, "activation", "softmax on the output"),
    (w4, "swap", "the output is fed back through weight_ho instead of weight_oh.T; weight_oh is not used"),
    (w5, "missing", "the previous output o is not used"),
    (w6, "missing", "bias_o is missing"),
    (w7, "missing", "bias is missing in h"),
    (w8, "activation+missing", "no tanh; h is the sum a"),
    (w9, "activation", "the output is computed from a, before the tanh; h itself is right"),
    (w10, "swap", "weight_oh and weight_ho are exchanged (in both places)"),
    (w11, "swap", "the output is computed with weight_oh instead of weight_ho; h is right"),
    (w12, "transpose+exception", "matrix times column vector, used on rows"),
    (w13, "form", "only o_next is returned, h is missing"),
    (w14, "extra", "the old output o is added to the new one; h is right"),
    (w15, "other", "the step is repeated B times, feeding its output back"),
    (w16, "missing", "zeros in the place of the previous output"),
    (w17, "activation", "sigmoid instead of tanh"),
    (w18, "other", "h is computed a second time from the new output; o_next is right"),
    (w20, "extra", "the previous output goes through an additional tanh before it is fed back"),
]
NOT_TO_SAY = {
    "w9": "that the tanh is missing altogether: h is right",
    "w11": "anything about h",
    "w18": "that h and o_next are exchanged",
    "w4": "that o is not used",
    "w15": "that a weight is wrong",
}
