import numpy as np

EXERCISE = "training/read_in_chunks"


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def lstm_step(x, h, c, weight_ih, weight_hh, bias):
    a_i, a_f, a_g, a_o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    c = sigmoid(a_f) * c + sigmoid(a_i) * np.tanh(a_g)
    return sigmoid(a_o) * np.tanh(c), c


# --- right

def r1(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h_start, c_start = [], h0, c0
    for start in range(0, T, chunk):
        h, c = h_start, c_start
        for t in range(start, min(start + chunk, T)):
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            hs.append(h)
        h_start, c_start = h, c
    return np.stack(hs, axis=1), h, c


def r2(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    # the chunks make no difference
    B, T, D = x.shape
    hs = np.zeros((B, T, h0.shape[1]), order="F")
    h, c = h0, c0
    for t in range(T):
        h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
        hs[:, t] = h
    return hs, hs[:, -1], c


def r3(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    def read(part, state):
        out = []
        for x_t in part.swapaxes(0, 1):
            state = lstm_step(x_t, *state, weight_ih, weight_hh, bias)
            out.append(state[0])
        return out, state

    상태, 전부 = (h0, c0), []
    for 조각 in np.split(x, range(chunk, x.shape[1], chunk), axis=1):
        out, 상태 = read(조각, 상태)
        전부 += out
    return [np.array(전부).transpose(1, 0, 2).tolist(), *상태]


def r4(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    import torch

    H = h0.shape[1]
    lstm = torch.nn.LSTM(x.shape[2], H, batch_first=True).double()
    lstm.load_state_dict({"weight_ih_l0": torch.tensor(weight_ih), "weight_hh_l0": torch.tensor(weight_hh),
                          "bias_ih_l0": torch.tensor(bias), "bias_hh_l0": torch.zeros(4 * H)})
    state = torch.tensor(h0)[None], torch.tensor(c0)[None]
    with torch.no_grad():
        parts = []
        for part in torch.tensor(x).split(chunk, dim=1):
            out, state = lstm(part, state)
            parts.append(out)
    return torch.cat(parts, dim=1), state[0][0], state[1][0]


def r5(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    def rest(x, h, c):              # recursive: first chunk, then the rest
        hs = []
        for t in range(min(chunk, x.shape[1])):
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            hs.append(h)
        if x.shape[1] <= chunk:
            return hs, h, c
        more, h, c = rest(x[:, chunk:], h, c)
        return hs + more, h, c

    hs, h, c = rest(x.astype(np.float32), h0.astype(np.float32), c0.astype(np.float32))
    return np.stack(hs, 1).astype(np.float32), h.astype(np.float32), c.astype(np.float32)


# --- wrong

def w1(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h_start, c_start = [], h0, c0
    for start in range(0, T, chunk):
        h, c = h_start, c_start
        for t in range(start, min(start + chunk, T)):
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            hs.append(h)
        h_start = h
    return np.stack(hs, axis=1), h, c


def w2(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs = []
    for start in range(0, T, chunk):
        h, c = np.zeros_like(h0), np.zeros_like(c0)
        for t in range(start, min(start + chunk, T)):
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            hs.append(h)
    return np.stack(hs, axis=1), h, c


def w3(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs = []
    for start in range(0, T, chunk):
        h, c = h0, c0
        for t in range(start, min(start + chunk, T)):
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            hs.append(h)
    return np.stack(hs, axis=1), h, c


def w4(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h_start, c_start = [], h0, c0
    for start in range(0, T, chunk):
        h, c = h_start, c_start
        for t in range(start, min(start + chunk, T)):
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            hs.append(h)
        c_start = c
    return np.stack(hs, axis=1), h, c


def w5(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h, c = [], h0, c0
    for start in range(0, T - chunk + 1, chunk):
        for t in range(start, start + chunk):
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            hs.append(h)
    return np.stack(hs, axis=1), h, c


def w6(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h_start, c_start = [], h0, c0
    for start in range(0, T, chunk):
        h, c = h_start, c_start
        for t in range(start, min(start + chunk, T)):
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            hs.append(h)
        h_start = h
        c_start = h
    return np.stack(hs, axis=1), h, c


def w7(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h, c = [], h0, c0
    for start in range(0, T, chunk):
        for t in range(start, min(start + chunk, T)):
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
        hs.append(h)
    return np.stack(hs, axis=1), h, c


def w8(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h, c = [], np.zeros_like(h0), np.zeros_like(c0)
    for start in range(0, T, chunk):
        for t in range(start, min(start + chunk, T)):
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            hs.append(h)
    return np.stack(hs, axis=1), h, c


def w9(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h, c = [], h0, c0
    for start in range(0, T, chunk):
        for t in range(start, min(start + chunk, T)):
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            hs.append(h)
    return np.stack(hs, axis=1), c, h


def w10(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h, c = [], h0, c0
    for start in range(0, T, chunk):
        for t in range(start, start + chunk):
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            hs.append(h)
    return np.stack(hs, axis=1), h, c


def w11(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h, c = [], h0, c0
    for start in range(0, T, chunk):
        for t in range(start, min(start + chunk, T)):
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            hs.append(h)
    return np.stack(hs), h, c


def w12(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h_start, c_start = [], h0, c0
    for start in range(0, T, chunk):
        h, c = h_start, c_start
        for t in range(start, min(start + chunk, T)):
            h, c_start = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)      # c itself isn't updated
            hs.append(h)
        h_start = h
    return np.stack(hs, axis=1), h, c_start


def w13(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h, c = [], h0, c0
    for start in range(0, T, chunk + 1):
        for t in range(start, min(start + chunk, T)):
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            hs.append(h)
    return np.stack(hs, axis=1), h, c


def w14(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h, c = [], h0, c0
    for start in range(0, T, chunk):
        for t in range(start, min(start + chunk + 1, T)):         # overlap by one, to have the border
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            if t < start + chunk:
                hs.append(h)
    return np.stack(hs, axis=1), h, c


def w15(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    def lstm_step(x, h, c):
        i, f, g, o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return np.tanh(o) * np.tanh(c), c

    B, T, D = x.shape
    hs, h, c = [], h0, c0
    for start in range(0, T, chunk):
        for t in range(start, min(start + chunk, T)):
            h, c = lstm_step(x[:, t], h, c)
            hs.append(h)
    return np.stack(hs, axis=1), h, c


def w16(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    # 조각마다 병렬로
    B, T, D = x.shape
    hs = []
    h, c = h0, c0
    for start in range(0, T, chunk):
        part = x[:, start:start + chunk]
        out = []
        for t in range(part.shape[1]):
            h, c = lstm_step(part[:, t], h, c, weight_ih, weight_hh, bias)
            out.append(h)
        hs.append(np.stack(out, axis=1))
    return np.stack(hs, axis=1), h, c


def w17(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h, c = [], h0, c0
    for start in reversed(range(0, T, chunk)):
        part = []
        for t in range(start, min(start + chunk, T)):
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            part.append(h)
        hs = part + hs
    return np.stack(hs, axis=1), h, c


def w18(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h_start, c_start = [], h0, c0
    for start in range(0, T, chunk):
        h, c = h_start, c_start
        for t in range(start, min(start + chunk, T)):
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            hs.append(h)
        h_start = h
        c_start = np.tanh(c)
    return np.stack(hs, axis=1), h, c


def w19(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h, c = [], h0, c0
    for start in range(0, T, chunk):
        first_h, first_c = h, c
        for t in range(start, min(start + chunk, T)):
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            hs.append(h)
    return np.stack(hs, axis=1), first_h, first_c


def w20(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h, c = [], h0, c0
    for t in range(chunk):
        h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
        hs.append(h)
    return np.stack(hs, axis=1), h, c


def w21(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h, c = [], h0.copy(), c0.copy()
    for start in range(0, T, chunk):
        for t in range(start, min(start + chunk, T)):
            h[:], c[:] = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            hs.append(h)
    return np.stack(hs, axis=1), h, c


def w22(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h_start, c_start = [], h0, c0
    for start in range(0, T, chunk):
        h, c = h_start, c_start
        for t in range(start, min(start + chunk, T)):
            h_start, c_start = h, c
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            hs.append(h)
    return np.stack(hs, axis=1), h, c


def w23(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    for start in range(0, x.shape[1], chunk):
        for t in range(start, min(start + chunk, x.shape[1])):
            h0[...], c0[...] = lstm_step(x[:, t], h0, c0, weight_ih, weight_hh, bias)
            hs = h0[:, None].copy() if t == 0 else np.concatenate([hs, h0[:, None]], axis=1)
    return hs, h0, c0


def w24(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h_start, c_start = [], h0, c0
    for start in range(0, T, chunk):
        h, c = h_start, c_start
        for t in range(start, min(start + chunk, T)):
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            hs.append(h)
            h_start = h
        c_start = c0 * 0 + c.mean()
    return np.stack(hs, axis=1), h, c


def w25(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    # the friend's cell state is lost, so just hand on the hidden state at every step instead
    B, T, D = x.shape
    hs, h = [], h0
    for t in range(T):
        h, c = lstm_step(x[:, t], h, c0, weight_ih, weight_hh, bias)
        hs.append(h)
    return np.stack(hs, axis=1), h, c


def w26(x, h0, c0, chunk, weight_ih, weight_hh, bias, hs=[]):
    h, c = h0, c0
    for start in range(0, x.shape[1], chunk):
        for x_t in x[:, start:start + chunk].transpose(1, 0, 2):
            h, c = lstm_step(x_t, h, c, weight_ih, weight_hh, bias)
            hs += [h]
    return np.stack(hs, axis=1), h, c


RIGHT = [r1, r2, r3, r4, r5]
WRONG = [
    (w1, "missing", "not repaired: c is not handed on, every chunk starts from c0 (h is handed on)"),
    (w2, "start", "zeros at the start of every chunk, h0 and c0 not used"),
    (w3, "missing", "every chunk starts from h0 and c0: nothing is handed on"),
    (w4, "missing", "c is handed on instead of h: every chunk starts from h0"),
    (w5, "time+form", "a last chunk that is shorter is not read"),
    (w6, "swap", "the next chunk's cell state starts from h"),
    (w7, "form", "only each chunk's last h is kept"),
    (w8, "start", "starts from zeros instead of h0 and c0, but hands both on"),
    (w9, "swap", "h and c are returned in exchanged order"),
    (w10, "time+exception", "the last chunk is not cut at T: IndexError unless chunk divides T"),
    (w11, "axis+form", "hs is (T, B, H)"),
    (w12, "other", "within a chunk every step starts from the chunk's first c: c only goes on at the borders, one step's worth"),
    (w13, "time+form", "one step is skipped after each chunk"),
    (w14, "time", "the step at each border is read twice"),
    (w15, "activation", "its own lstm_step has tanh at the output gate; states are handed on rightly"),
    (w16, "form+exception", "chunks are stacked instead of joined"),
    (w17, "order", "the chunks are read from the last to the first"),
    (w18, "activation+extra", "the cell state is squashed by tanh at the borders"),
    (w19, "time", "h and c are the last chunk's first ones, not those from the very end; hs are right"),
    (w20, "missing+form", "only the first chunk is read"),
    (w21, "other", "one array is overwritten and appended: hs shows the last state everywhere; h and c are right"),
    (w22, "time", "the state before the chunk's last step is handed on instead of the one after it"),
    (w23, "mutated", "h0 and c0 are overwritten; the values are right"),
    (w24, "other+scale", "every chunk starts with one number, the mean, as cell state"),
    (w25, "missing", "every single step starts from c0; only h goes on"),
    (w26, "other+form+exception", "a list as default argument keeps the states of earlier calls: right on the first call only"),
]
NOT_TO_SAY = {
    "w25": "that c is lost at the borders only", "w26": "that something is lost at the borders",
    "w1": "that h is not handed on", "w4": "that c is not handed on",
    "w3": "only that c is lost", "w2": "only that c is lost",
    "w6": "that c starts from c0",
    "w8": "that something is lost at the borders",
    "w15": "anything about the borders",
    "w12": "that c is lost at the borders",
    "w19": "that h and c are exchanged",
    "w21": "that the states are computed wrongly",
    "w18": "that c is not handed on",
}
