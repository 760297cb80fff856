import numpy as np

EXERCISE = "unfolding/unfold"


def r1(x, h0, weight_ih, weight_hh, bias):
    hs = []
    h = h0
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ weight_ih.T + h @ weight_hh.T + bias)
        hs.append(h)
    return np.stack(hs, axis=1)


def r2(x, h0, weight_ih, weight_hh, bias):
    # one sequence after the other, nested lists
    answer = []
    for sequence, h in zip(x, h0):
        states = []
        for x_t in sequence:
            h = np.tanh(bias + weight_hh @ h + weight_ih @ x_t)
            states.append(h.tolist())
        answer.append(states)
    return answer


def r3(x, h0, weight_ih, weight_hh, bias):
    from itertools import accumulate

    xs = np.einsum("btd,hd->tbh", x, weight_ih) + bias
    states = list(accumulate(xs, lambda h, a: np.tanh(a + h @ weight_hh.T), initial=h0))[1:]
    return np.array(states).transpose(1, 0, 2)


def r4(x, h0, weight_ih, weight_hh, bias):
    import torch

    B, T, D = x.shape
    H = h0.shape[1]
    rnn = torch.nn.RNN(D, H, batch_first=True).double()
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(torch.tensor(weight_ih))
        rnn.weight_hh_l0.copy_(torch.tensor(weight_hh))
        rnn.bias_ih_l0.copy_(torch.tensor(bias))
        rnn.bias_hh_l0.zero_()
        out, _ = rnn(torch.tensor(x), torch.tensor(h0)[None])
    return out


def r5(x, h0, weight_ih, weight_hh, bias):
    class Cell:
        def __init__(self):
            self.h = h0.copy()

        def __call__(self, x_t):
            self.h = np.tanh(x_t @ weight_ih.T + self.h @ weight_hh.T + bias)
            return self.h

    cell = Cell()
    return np.concatenate([cell(x[:, t])[:, None, :] for t in range(x.shape[1])], axis=1)


def r6(x, h0, weight_ih, weight_hh, bias):
    def state(t):        # recursion
        if t == 0:
            return h0
        return np.tanh(bias + state(t - 1) @ weight_hh.T + x[:, t - 1, :] @ weight_ih.T)

    out = np.zeros((x.shape[0], x.shape[1], h0.shape[1]), order="F", dtype=np.float32)
    for t in range(1, x.shape[1] + 1):
        out[:, t - 1] = state(t)
    return out


# --- wrong

def w1(x, h0, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    H = h0.shape[1]
    hs = np.zeros((B, T, H))
    hs[:, 0] = h0
    for t in range(1, T):
        hs[:, t] = np.tanh(bias + hs[:, t - 1] @ weight_hh.T + x[:, t] @ weight_ih.T)
    return hs


def w2(x, h0, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs = [h0]
    for t in range(T):
        hs.append(np.tanh(x[:, t] @ weight_ih.T + hs[-1] @ weight_hh.T + bias))
    return np.stack(hs, 1)


def w3(x, h0, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs = [h0]
    for t in range(T):
        hs.append(np.tanh(x[:, t] @ weight_ih.T + hs[-1] @ weight_hh.T + bias))
    return np.stack(hs, 1)[:, :-1]


def w4(x, h0, weight_ih, weight_hh, bias):
    out = []
    h = h0
    for t in range(x.shape[1]):
        h = np.tanh(bias + h @ weight_hh.T + x[:, t] @ weight_ih.T)
        out.append(h)
    return np.array(out)                     # (T, B, H)


def w5(x, h0, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    out = []
    h = h0
    for t in range(T):
        h = np.tanh(bias + h @ weight_hh.T + x[:, t] @ weight_ih.T)
        out.append(h)
    return np.array(out).reshape(B, T, -1)


def w6(x, h0, weight_ih, weight_hh, bias):
    은닉 = np.zeros((x.shape[0], x.shape[1], h0.shape[1]))
    for t in range(x.shape[1]):
        은닉[:, t] = np.tanh(bias + h0 @ weight_hh.T + x[:, t] @ weight_ih.T)
    return 은닉


def w7(x, h0, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    h = np.zeros_like(h0)
    hs = np.empty((B, T, h.shape[1]))
    for t in range(T):
        h = np.tanh(bias + h @ weight_hh.T + x[:, t] @ weight_ih.T)
        hs[:, t] = h
    return hs


def w8(x, h0, weight_ih, weight_hh, bias):
    h = h0
    for t in range(x.shape[1]):
        h = np.tanh(bias + h @ weight_hh.T + x[:, t] @ weight_ih.T)
    return h


def w9(x, h0, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs = np.zeros((B, T, h0.shape[1]))
    h = h0
    for t in reversed(range(T)):
        h = np.tanh(bias + h @ weight_hh.T + x[:, t] @ weight_ih.T)
        hs[:, t] = h
    return hs


def w10(x, h0, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs = np.zeros((B, T, h0.shape[1]))
    for t in range(T):
        # hs[:, t-1] is the previous state
        hs[:, t] = np.tanh(bias + hs[:, t - 1] @ weight_hh.T + x[:, t] @ weight_ih.T)
    return hs


def w11(x, h0, weight_ih, weight_hh, bias):
    h = h0
    hs = []
    for t in range(x.shape[1]):
        h += np.tanh(bias + h @ weight_hh.T + x[:, t] @ weight_ih.T) - h
        hs.append(h)
    return np.stack(hs, axis=1)


def w12(x, h0, weight_ih, weight_hh, bias):
    h = h0.copy()
    hs = []
    for t in range(x.shape[1]):
        h[...] = np.tanh(bias + h @ weight_hh.T + x[:, t] @ weight_ih.T)
        hs.append(h)
    return np.stack(hs, axis=1)


def w13(x, h0, weight_ih, weight_hh, bias):
    B, T, _ = x.shape
    h = h0
    hs = np.zeros((B, T, h0.shape[1]))
    for t in range(T - 1):
        h = np.tanh(bias + h @ weight_hh.T + x[:, t] @ weight_ih.T)
        hs[:, t] = h
    return hs


def w14(x, h0, weight_ih, weight_hh, bias):
    # pre-compute everything at once, no loop necessary
    a = x @ weight_ih.T + bias
    a = a + (h0 @ weight_hh.T)[:, None, :]
    return np.tanh(np.cumsum(a, axis=1))


def w15(x, h0, weight_ih, weight_hh, bias):
    hs = np.zeros((x.shape[0], x.shape[1], h0.shape[1]))
    h = h0
    for t in range(x.shape[1]):
        h = np.tanh(bias + h @ weight_hh + x[:, t] @ weight_ih.T)
        hs[:, t, :] = h
    return hs


def w16(x, h0, weight_ih, weight_hh, bias):
    h = h0
    hs = []
    for xt in x:                                   # loops over the batch
        h = np.tanh(xt @ weight_ih.T + h @ weight_hh.T + bias)
        hs.append(h)
    return np.stack(hs, axis=1)


def w17(x, h0, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    h = h0
    hs = np.empty((B, T, h0.shape[1]))
    for t in range(1, T + 1):
        h = np.tanh(bias + h @ weight_hh.T + x[:, t] @ weight_ih.T)
        hs[:, t] = h
    return hs


def w18(x, h0, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs = np.empty((B, T, h0.shape[1]))
    a = h0
    for t in range(T):
        a = bias + a @ weight_hh.T + x[:, t] @ weight_ih.T
        hs[:, t] = np.tanh(a)
    return hs


def w19(x, h0, weight_ih, weight_hh, bias):
    import torch

    B, T, D = x.shape
    rnn = torch.nn.RNN(D, h0.shape[1], batch_first=True).double()
    sd = {"weight_ih_l0": weight_ih, "weight_hh_l0": weight_hh, "bias_ih_l0": bias, "bias_hh_l0": bias}
    rnn.load_state_dict({k: torch.tensor(v) for k, v in sd.items()})
    with torch.no_grad():
        return rnn(torch.tensor(x), torch.tensor(h0)[None])[0].numpy()


def w20(x, h0, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    h = h0
    hs = []
    for t in range(T):
        h = np.tanh(bias + h @ weight_hh.T + x[:, t] @ weight_ih.T)
        hs.insert(0, h)
    return np.stack(hs, axis=1)


def r7(x, h0, weight_ih, weight_hh, bias):
    T = x.shape[1]
    big = np.zeros((x.shape[0], 2 * T, h0.shape[1]), dtype=np.longdouble)
    h = np.array(h0, dtype=np.longdouble)
    for t in range(T):
        h = np.tanh(h @ weight_hh.T + x[:, t] @ weight_ih.T + bias)
        big[:, 2 * t] = h
    return big[:, ::2]


def w21(x, h0, weight_ih, weight_hh, bias, hs=[]):
    h = h0
    for t in range(x.shape[1]):
        h = np.tanh(bias + h @ weight_hh.T + x[:, t] @ weight_ih.T)
        hs.append(h)
    return np.stack(hs, axis=1)


def w22(x, h0, weight_ih, weight_hh, bias):
    h = h0
    for t in range(x.shape[1]):
        h = np.tanh(bias + h @ weight_hh.T + x[:, t] @ weight_ih.T)
        yield h


RIGHT = [r1, r2, r3, r4, r5, r6, r7]
WRONG = [
    (w1, "start+time", "hs[:, 0] = h0 and the first input x[:, 0] is never read"),
    (w2, "start+form", "h0 stands first, so T+1 states come out"),
    (w3, "time", "h0 stands first and the last state is cut off: every state one place late"),
    (w4, "axis+form", "time first: (T, B, H)"),
    (w5, "axis", "(T, B, H) forced into (B, T, H) with reshape instead of a transposition: sequences and times are mixed"),
    (w6, "other", "every step starts from h0: the state is not handed on"),
    (w7, "start", "starts from zeros instead of h0"),
    (w8, "form", "only the last state is returned"),
    (w9, "order", "reads the sequence backwards"),
    (w10, "start", "at t = 0 hs[:, -1] (zeros) instead of h0 is the state before"),
    (w11, "mutated+other", "h is h0 and is updated in place: h0 changes, and one and the same array is appended T times"),
    (w12, "other", "the same array is appended T times and overwritten, so every time step shows the last state"),
    (w13, "time", "range(T - 1): the last step is not computed and stays 0"),
    (w14, "other", "no recurrence: tanh of a running sum of the inputs' parts plus h0's part, W used on h0 only"),
    (w15, "transpose", "weight_hh is not transposed"),
    (w16, "axis+exception", "the loop runs over the sequences of the batch instead of over time"),
    (w17, "time+exception", "counts 1 … T with x[:, t]: index T is out of bounds"),
    (w18, "activation", "the sum before the tanh is handed on instead of the state"),
    (w19, "extra", "the bias is counted twice (torch's two biases both set)"),
    (w20, "order", "the right states in reversed time order"),
    (w21, "other+form+exception", "a list as default argument keeps the states of earlier calls: right on the first call only"),
    (w22, "form", "yield: a generator object instead of an array"),
]
NOT_TO_SAY = {
    "w21": "that the recurrence is wrong",
    "w3": "that h0 is unused or that the start is zero; the states are right but late",
    "w9": "that only the order of the output is reversed",
    "w10": "that h0 is written as hs[:, 0]",
    "w12": "that the recurrence is wrong: the states are computed rightly and then overwritten",
    "w20": "that the sequence is read backwards: only the output's order is reversed",
    "w14": "a single missing factor",
}
