import numpy as np

EXERCISE = "training/gru_step"


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def r1(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    H = h_prev.shape[1]
    gi = x @ weight_ih.T + bias
    gh = h_prev @ weight_hh.T
    r = sigmoid(gi[:, :H] + gh[:, :H])
    z = sigmoid(gi[:, H:2 * H] + gh[:, H:2 * H])
    n = np.tanh(gi[:, 2 * H:] + r * (gh[:, 2 * H:] + bias_hn))
    return n + z * (h_prev - n)


def r2(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    import torch

    D, H = x.shape[1], h_prev.shape[1]
    cell = torch.nn.GRUCell(D, H).double()
    with torch.no_grad():
        cell.weight_ih.copy_(torch.tensor(weight_ih))
        cell.weight_hh.copy_(torch.tensor(weight_hh))
        cell.bias_ih.copy_(torch.tensor(bias))
        cell.bias_hh.zero_()
        cell.bias_hh[2 * H:] = torch.tensor(bias_hn)
        return cell(torch.tensor(x), torch.tensor(h_prev))


def r3(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    H = h_prev.shape[1]
    새로운 = []
    for 입력, 이전 in zip(x, h_prev):
        리셋 = sigmoid(weight_ih[:H] @ 입력 + weight_hh[:H] @ 이전 + bias[:H])
        갱신 = sigmoid(weight_ih[H:-H] @ 입력 + weight_hh[H:-H] @ 이전 + bias[H:-H])
        후보 = np.tanh(weight_ih[-H:] @ 입력 + bias[-H:] + 리셋 * (weight_hh[-H:] @ 이전 + bias_hn))
        새로운.append([float(v) for v in (1 - 갱신) * 후보 + 갱신 * 이전])
    return 새로운


def r4(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    H = h_prev.shape[1]
    U, W, b = weight_ih.reshape(3, H, -1), weight_hh.reshape(3, H, H), bias.reshape(3, H)
    a = np.einsum("kij,bj->kbi", U, x) + b[:, None]
    s = np.einsum("kij,bj->kbi", W, h_prev)
    r, z = sigmoid(a[:2] + s[:2])
    keep, write = z, 1 - z
    return np.asfortranarray(keep * h_prev + write * np.tanh(a[2] + r * s[2] + r * bias_hn), dtype=np.float32)


def r5(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    class GRU:
        def __init__(self):
            self.U = dict(zip("rzn", np.split(weight_ih, 3)))
            self.W = dict(zip("rzn", np.split(weight_hh, 3)))
            self.b = dict(zip("rzn", np.split(bias, 3)))

        def gate(self, k):
            return sigmoid(x @ self.U[k].T + h_prev @ self.W[k].T + self.b[k])

        def __call__(self):
            n = np.tanh(x @ self.U["n"].T + self.b["n"] + self.gate("r") * (h_prev @ self.W["n"].T + bias_hn))
            h = h_prev.copy()
            h *= self.gate("z")
            h += (1 - self.gate("z")) * n
            return h

    return GRU()()


# --- wrong

def parts(x, h_prev, weight_ih, weight_hh, bias):
    return (*np.split(x @ weight_ih.T + bias, 3, axis=1), *np.split(h_prev @ weight_hh.T, 3, axis=1))


def w1(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    x_r, x_z, x_n, h_r, h_z, h_n = parts(x, h_prev, weight_ih, weight_hh, bias)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * (h_n + bias_hn))
    return z * n + (1 - z) * h_prev


def w2(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    x_z, x_r, x_n, h_z, h_r, h_n = parts(x, h_prev, weight_ih, weight_hh, bias)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * (h_n + bias_hn))
    return (1 - z) * n + z * h_prev


def w3(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    H = h_prev.shape[1]
    U_r, U_z, U_n = np.split(weight_ih, 3)
    W_r, W_z, W_n = np.split(weight_hh, 3)
    b_r, b_z, b_n = np.split(bias, 3)
    r = sigmoid(x @ U_r.T + h_prev @ W_r.T + b_r)
    z = sigmoid(x @ U_z.T + h_prev @ W_z.T + b_z)
    n = np.tanh(x @ U_n.T + (r * h_prev) @ W_n.T + b_n + bias_hn)
    return (1 - z) * n + z * h_prev


def w4(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    x_r, x_z, x_n, h_r, h_z, h_n = parts(x, h_prev, weight_ih, weight_hh, bias)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * h_n)
    return (1 - z) * n + z * h_prev


def w5(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    x_r, x_z, x_n, h_r, h_z, h_n = parts(x, h_prev, weight_ih, weight_hh, bias)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * h_n + bias_hn)
    return (1 - z) * n + z * h_prev


def w6(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    x_r, x_z, x_n, h_r, h_z, h_n = parts(x, h_prev, weight_ih, weight_hh, bias)
    z = sigmoid(x_z + h_z)
    n = np.tanh(x_n + h_n + bias_hn)
    return (1 - z) * n + z * h_prev


def w7(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    x_r, x_z, x_n, h_r, h_z, h_n = parts(x, h_prev, weight_ih, weight_hh, bias)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(r * (x_n + h_n + bias_hn))
    return (1 - z) * n + z * h_prev


def w8(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    x_r, x_z, x_n, h_r, h_z, h_n = parts(x, h_prev, weight_ih, weight_hh, bias)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = sigmoid(x_n + r * (h_n + bias_hn))
    return (1 - z) * n + z * h_prev


def w9(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    x_r, x_z, x_n, h_r, h_z, h_n = parts(x, h_prev, weight_ih, weight_hh, bias)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * (h_n + bias_hn))
    return n + z * h_prev


def w10(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    x_r, x_z, x_n, h_r, h_z, h_n = parts(x, h_prev, weight_ih, weight_hh, bias)
    r, z = np.tanh(x_r + h_r), np.tanh(x_z + h_z)
    n = np.tanh(x_n + r * (h_n + bias_hn))
    return (1 - z) * n + z * h_prev


def w11(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    x_r, x_z, x_n, h_r, h_z, h_n = parts(x, h_prev, weight_ih, weight_hh, np.zeros_like(bias))
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * (h_n + bias_hn))
    return (1 - z) * n + z * h_prev


def w12(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    x_r, x_z, x_n, h_r, h_z, h_n = parts(x, h_prev, weight_ih, weight_hh, bias)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + (1 - r) * (h_n + bias_hn))
    return (1 - z) * n + z * h_prev


def w13(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    x_r, x_z, x_n, h_r, h_z, h_n = parts(x, h_prev, weight_ih, weight_hh, bias)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + z * (h_n + bias_hn))
    return (1 - r) * n + r * h_prev


def w14(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    x_r, x_z, x_n, h_r, h_z, h_n = parts(x, h_prev, weight_ih, weight_hh, bias)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * (h_n + bias_hn))
    return np.tanh((1 - z) * n + z * h_prev)


def w15(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    a = x @ weight_ih.T + h_prev @ weight_hh.T + bias
    a_r, a_z, a_n = np.split(a, 3, axis=1)
    r, z = sigmoid(a_r), sigmoid(a_z)
    n = np.tanh(r * a_n + bias_hn)
    return (1 - z) * n + z * h_prev


def w16(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    x_r, x_z, x_n, h_r, h_z, h_n = parts(x, h_prev, weight_ih, weight_hh, bias)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * (h_n + bias_hn))
    h_prev *= z
    h_prev += (1 - z) * n
    return h_prev


def w17(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    x_r, x_z, x_n, h_r, h_z, h_n = parts(x, h_prev, weight_ih, weight_hh, bias)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * (h_n + bias_hn))
    h = (1 - z) * n + z * h_prev
    return h, h


def w18(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    B, H = h_prev.shape
    gi = (x @ weight_ih.T + bias).reshape(B, H, 3)
    gh = (h_prev @ weight_hh.T).reshape(B, H, 3)
    r, z = sigmoid(gi[..., 0] + gh[..., 0]), sigmoid(gi[..., 1] + gh[..., 1])
    n = np.tanh(gi[..., 2] + r * (gh[..., 2] + bias_hn))
    return (1 - z) * n + z * h_prev


def w19(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    x_r, x_z, x_n, h_r, h_z, h_n = parts(x, h_prev, weight_ih, weight_hh, bias)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * (h_n + bias_hn))
    return (1 - z) * n + z * (r * h_prev)


def w20(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    x_r, x_z, x_n, h_r, h_z, h_n = parts(x, h_prev, weight_ih, weight_hh, bias)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    return np.tanh(x_n + r * (h_n + bias_hn))


def w21(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    # Keras / original paper: z keeps, candidate uses r*h; order z, r, h
    H = h_prev.shape[1]
    z = sigmoid(x @ weight_ih[:H].T + h_prev @ weight_hh[:H].T + bias[:H])
    r = sigmoid(x @ weight_ih[H:2 * H].T + h_prev @ weight_hh[H:2 * H].T + bias[H:2 * H])
    hh = np.tanh(x @ weight_ih[2 * H:].T + (r * h_prev) @ weight_hh[2 * H:].T + bias[2 * H:] + bias_hn)
    return z * h_prev + (1 - z) * hh


def w22(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    i, f, g = np.split(x @ weight_ih.T + h_prev @ weight_hh.T + bias, 3, axis=1)
    c = sigmoid(f) * h_prev + sigmoid(i) * np.tanh(g + bias_hn)
    return c


def w23(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    U_r, U_z, U_n = np.split(weight_ih, 3)
    W_r, W_z, W_n = np.split(weight_hh, 3)
    b_r, b_z, b_n = np.split(bias, 3)
    r = sigmoid(x @ U_r.T + h_prev @ W_r + b_r)
    z = sigmoid(x @ U_z.T + h_prev @ W_z + b_z)
    n = np.tanh(x @ U_n.T + b_n + r * (h_prev @ W_n + bias_hn))
    return (1 - z) * n + z * h_prev


RIGHT = [r1, r2, r3, r4, r5]
WRONG = [
    (w1, "swap", "z and 1 - z exchanged in the mixing"),
    (w2, "swap", "stack read in the order z, r, n"),
    (w3, "other", "the original's variant: r multiplies h_prev before W_n (and b_hn stands outside r)"),
    (w4, "missing", "bias_hn is not used"),
    (w5, "other", "bias_hn outside the product with r"),
    (w6, "missing", "the reset gate is not used"),
    (w7, "other", "r also multiplies the input's part of the candidate"),
    (w8, "activation", "sigmoid for the candidate"),
    (w9, "missing", "(1 - z) is missing at the candidate"),
    (w10, "activation", "tanh for the two gates"),
    (w11, "missing", "bias is missing"),
    (w12, "other", "1 - r instead of r"),
    (w13, "swap", "r and z exchanged in their use (same values as order z, r, n)"),
    (w14, "activation+extra", "one more tanh on the new state"),
    (w15, "other", "gates computed on x and h together: r multiplies the input's part and b_n, too, bias_hn outside"),
    (w16, "mutated", "h_prev is overwritten"),
    (w17, "form", "returns a pair of two equal states"),
    (w18, "axis", "the 3H columns are read as interleaved (H, 3)"),
    (w19, "extra", "the state that is kept is multiplied by r, too"),
    (w20, "missing", "no mixing: the candidate is returned; z and h_prev's share are missing"),
    (w21, "swap+other", "Keras: order z, r, n, and r before W_n"),
    (w22, "other", "an LSTM's cell equation: one gate keeps, an independent one writes; no reset"),
    (w23, "transpose", "weight_hh's blocks are not transposed"),
]
NOT_TO_SAY = {
    "w3": "that bias_hn is the only slip",
    "w5": "that bias_hn is missing",
    "w7": "that bias_hn is outside",
    "w15": "that only bias_hn is outside",
    "w21": "only one of the two",
    "w22": "that z and 1 - z are exchanged",
    "w19": "that r is missing in the candidate",
}
