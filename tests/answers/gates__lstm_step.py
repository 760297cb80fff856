import numpy as np

EXERCISE = "gates/lstm_step"


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def r1(x, h, c, weight_ih, weight_hh, bias):
    H = h.shape[1]
    z = x @ weight_ih.T + h @ weight_hh.T + bias
    i = sigmoid(z[:, 0 * H:1 * H])
    f = sigmoid(z[:, 1 * H:2 * H])
    g = np.tanh(z[:, 2 * H:3 * H])
    o = sigmoid(z[:, 3 * H:4 * H])
    c_new = f * c + i * g
    h_new = o * np.tanh(c_new)
    return h_new, c_new


def r2(x, h, c, weight_ih, weight_hh, bias):
    import torch

    D, H = x.shape[1], h.shape[1]
    cell = torch.nn.LSTMCell(D, H).double()
    cell.load_state_dict({"weight_ih": torch.tensor(weight_ih), "weight_hh": torch.tensor(weight_hh),
                          "bias_ih": torch.tensor(bias), "bias_hh": torch.zeros(4 * H)})
    with torch.no_grad():
        return cell(torch.tensor(x), (torch.tensor(h), torch.tensor(c)))


def r3(x, h, c, weight_ih, weight_hh, bias):
    hs, cs = [], []
    for xb, hb, cb in zip(x, h, c):
        a = (weight_ih @ xb + weight_hh @ hb + bias).reshape(4, -1)
        i, f, o = sigmoid(a[[0, 1, 3]])
        new = f * cb + i * np.tanh(a[2])
        cs.append(new.tolist())
        hs.append((o * np.tanh(new)).tolist())
    return [hs, cs]


def r4(x, h, c, weight_ih, weight_hh, bias):
    class LSTM셀:
        def __init__(self, U, W, b):
            self.W = np.hstack([W, U])
            self.b = b

        def 게이트(self, 번호, 함수):
            H = self.b.size // 4
            잘라 = slice(번호 * H, (번호 + 1) * H)
            return 함수(self.hx @ self.W[잘라].T + self.b[잘라])

        def step(self, x, h, c):
            self.hx = np.concatenate([h, x], axis=1)
            c = self.게이트(1, sigmoid) * c + self.게이트(0, sigmoid) * self.게이트(2, np.tanh)
            return self.게이트(3, sigmoid) * np.tanh(c), c

    return LSTM셀(weight_ih, weight_hh, bias).step(x, h, c)


def r5(x, h, c, weight_ih, weight_hh, bias):
    H = h.shape[1]
    U, W, b = weight_ih.reshape(4, H, -1), weight_hh.reshape(4, H, H), bias.reshape(4, 1, H)
    a = (np.einsum("ghd,bd->gbh", U, x) + np.einsum("ghj,bj->gbh", W, h) + b).astype(np.float32)
    c_next = np.asfortranarray(sigmoid(a[1]) * c + sigmoid(a[0]) * np.tanh(a[2]))
    return (sigmoid(a[3]) * np.tanh(c_next)).astype(np.float32), c_next


# --- wrong

def w1(x, h, c, weight_ih, weight_hh, bias):
    i, f, o, g = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    c_next = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_next), c_next


def w2(x, h, c, weight_ih, weight_hh, bias):
    f, i, g, o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    c_next = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_next), c_next


def w3(x, h, c, weight_ih, weight_hh, bias):
    i, f, g, o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    c_next = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return c_next, sigmoid(o) * np.tanh(c_next)


def w4(x, h, c, weight_ih, weight_hh, bias):
    i, f, g, o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    c_next = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * c_next, c_next


def w5(x, h, c, weight_ih, weight_hh, bias):
    i, f, g, o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    c_next = np.tanh(sigmoid(f) * c + sigmoid(i) * np.tanh(g))
    return sigmoid(o) * np.tanh(c_next), c_next


def w6(x, h, c, weight_ih, weight_hh, bias):
    i, f, g, o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    h_next = sigmoid(o) * np.tanh(c)
    c_next = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return h_next, c_next


def w7(x, h, c, weight_ih, weight_hh, bias):
    i, f, g, o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    c_next = sigmoid(f) * c + sigmoid(i) * sigmoid(g)
    return sigmoid(o) * np.tanh(c_next), c_next


def w8(x, h, c, weight_ih, weight_hh, bias):
    i, f, g, o = np.split(sigmoid(x @ weight_ih.T + h @ weight_hh.T + bias), 4, axis=1)
    c_next = f * c + i * np.tanh(g)
    return o * np.tanh(c_next), c_next


def w9(x, h, c, weight_ih, weight_hh, bias):
    i, f, g, o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    c_next = sigmoid(f) * h + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_next), c_next


def w10(x, h, c, weight_ih, weight_hh, bias):
    a = x @ weight_ih.T + h @ weight_hh.T + bias
    B, H = h.shape
    i, f, g, o = a.reshape(B, H, 4).transpose(2, 0, 1)
    c_next = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_next), c_next


def w11(x, h, c, weight_ih, weight_hh, bias):
    i, f, g, o = np.split(x @ weight_ih.T + h @ weight_hh.T, 4, axis=1)
    c_next = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_next), c_next


def w12(x, h, c, weight_ih, weight_hh, bias):
    i, f, g, o = np.split(x @ weight_ih.T + bias, 4, axis=1)
    c_next = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_next), c_next


def w13(x, h, c, weight_ih, weight_hh, bias):
    i, f, g, o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    i, f, g, o = np.tanh(i), np.tanh(f), sigmoid(g), np.tanh(o)
    c_next = f * c + i * g
    return o * sigmoid(c_next), c_next


def w14(x, h, c, weight_ih, weight_hh, bias):
    i, f, g, o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    c_next = sigmoid(f) * c + (1 - sigmoid(f)) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_next), c_next


def w15(x, h, c, weight_ih, weight_hh, bias):
    i, f, g, o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    c *= sigmoid(f)
    c += sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def w16(x, h, c, weight_ih, weight_hh, bias):
    i, f, g, o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    c_next = np.tanh(sigmoid(f) * c + sigmoid(i) * np.tanh(g))
    return sigmoid(o) * c_next, c_next


def w17(x, h, c, weight_ih, weight_hh, bias):
    i, f, g, o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    c_next = sigmoid(f) * c + sigmoid(i) * g
    return sigmoid(o) * np.tanh(c_next), c_next


def w18(x, h, c, weight_ih, weight_hh, bias):
    i, f, g, o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    c_next = sigmoid(f) * c + sigmoid(i) + np.tanh(g)
    return sigmoid(o) * np.tanh(c_next), c_next


def w19(x, h, c, weight_ih, weight_hh, bias):
    i, f, g, o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    c_next = sigmoid(i) * c + sigmoid(f) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_next), c_next


def w20(x, h, c, weight_ih, weight_hh, bias):
    i, f, g, o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    c_next = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_next)


def w21(x, h, c, weight_ih, weight_hh, bias):
    # TensorFlow's BasicLSTMCell: i, j, f, o and forget_bias = 1
    i, j, f, o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    new_c = c * sigmoid(f + 1.0) + sigmoid(i) * np.tanh(j)
    new_h = np.tanh(new_c) * sigmoid(o)
    return new_h, new_c


def w22(x, h, c, weight_ih, weight_hh, bias):
    i, f, g, o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    c_next = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return o * np.tanh(c_next), c_next


def w23(x, h, c, weight_ih, weight_hh, bias):
    H = h.shape[1]
    a = x @ weight_ih.T + h @ weight_hh.T + bias
    # peephole: gates look at the cell state
    i, f = sigmoid(a[:, :H] + c), sigmoid(a[:, H:2 * H] + c)
    c_next = f * c + i * np.tanh(a[:, 2 * H:3 * H])
    return sigmoid(a[:, 3 * H:] + c_next) * np.tanh(c_next), c_next


def w24(x, h, c, weight_ih, weight_hh, bias):
    i, f, g, o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    c_next = np.tanh(sigmoid(f) * c + sigmoid(i) * np.tanh(g))
    return sigmoid(o) * np.tanh(c), c_next


def r6(x, h, c, weight_ih, weight_hh, bias):
    from collections import namedtuple

    State = namedtuple("State", "h c")
    joined = np.concatenate([x, h, np.ones((len(x), 1))], axis=1)
    stacked = np.concatenate([weight_ih, weight_hh, bias[:, None]], axis=1)
    ifgo = joined @ stacked.T
    ifgo = np.where(np.arange(ifgo.shape[1]) // h.shape[1] == 2, np.tanh(ifgo), sigmoid(ifgo))
    i, f, g, o = ifgo.reshape(len(x), 4, -1).swapaxes(0, 1)
    new = i * g + f * c
    return State(h=o * np.tanh(new), c=new)


RIGHT = [r1, r2, r3, r4, r5, r6]
WRONG = [
    (w1, "swap", "order i, f, o, g: candidate and output gate exchanged"),
    (w2, "swap", "order f, i, g, o: input and forget gate exchanged"),
    (w3, "swap", "h_next and c_next are returned in exchanged order"),
    (w4, "activation+missing", "h_next without the tanh: o · c_next; c_next is right"),
    (w5, "activation+extra", "the cell state is squashed, and h_next has a second tanh of it"),
    (w6, "time", "h_next from the old c; c_next is right"),
    (w7, "activation", "sigmoid for the candidate"),
    (w8, "activation+extra", "the candidate goes through sigmoid and then tanh"),
    (w9, "swap", "the forget gate multiplies h instead of c; c is not used"),
    (w10, "axis", "the 4H columns are read as interleaved (H, 4)"),
    (w11, "missing", "the bias is missing"),
    (w12, "missing", "h has no part in the gates"),
    (w13, "activation", "sigmoid and tanh exchanged everywhere"),
    (w14, "other", "1 - f instead of i (coupled gates); the input gate is not used"),
    (w15, "mutated", "c is overwritten"),
    (w16, "activation+swap", "tanh is put on the cell state that is handed on; h_next itself is right"),
    (w17, "activation+missing", "no tanh on the candidate"),
    (w18, "other", "i + g instead of i · g"),
    (w19, "swap", "i multiplies the old state and f the candidate (same values as the order f, i, g, o)"),
    (w20, "form", "only h_next is returned"),
    (w21, "swap+extra", "TensorFlow's order i, g, f, o and 1 added to the forget gate's bias"),
    (w22, "activation+missing", "no sigmoid on the output gate; c_next is right"),
    (w23, "extra", "the gates see the cell state (peepholes)"),
    (w24, "activation+extra+time", "the cell state is squashed, and h_next shows the old c"),
]
NOT_TO_SAY = {
    "w5": "that h_next shows o · c_next: the tanh is there twice",
    "w16": "that h_next is wrong or lacks a tanh",
    "w6": "that c_next is wrong",
    "w21": "only that gates are exchanged",
    "w24": "that h_next lacks the tanh",
    "w22": "that the cell state is wrong",
    "w14": "that f and i are exchanged",
}
