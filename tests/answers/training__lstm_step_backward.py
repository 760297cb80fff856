import numpy as np

EXERCISE = "training/lstm_step_backward"


def r1(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    H = c.shape[1]
    i, f, g, o = (gates[:, k * H:(k + 1) * H] for k in range(4))
    tc = np.tanh(c)
    dc = dc_next + dh * o / np.cosh(c) ** 2
    dgates = np.empty_like(gates)
    dgates[:, :H] = dc * g * i * (1 - i)
    dgates[:, H:2 * H] = dc * c_prev * f * (1 - f)
    dgates[:, 2 * H:3 * H] = dc * i * (1 - g * g)
    dgates[:, 3 * H:] = dh * tc * o * (1 - o)
    return (dgates.dot(weight_ih), dgates.dot(weight_hh), dc * f,
            dgates.T.dot(x), dgates.T.dot(h_prev), dgates.sum(0))


def r2(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    import torch

    B, H = c.shape
    t = lambda a: torch.tensor(a, requires_grad=True)
    x_, h_, c_, U, W = t(x), t(h_prev), t(c_prev), t(weight_ih), t(weight_hh)
    b = torch.zeros(4 * H, dtype=torch.float64, requires_grad=True)
    G = torch.tensor(gates)
    before = torch.cat([torch.logit(G[:, :2 * H]), torch.atanh(G[:, 2 * H:3 * H]), torch.logit(G[:, 3 * H:])], 1)
    a = x_ @ U.T + h_ @ W.T + b
    a = a + (before - a).detach()
    i, f, g, o = a.chunk(4, 1)
    c_new = f.sigmoid() * c_ + i.sigmoid() * g.tanh()
    c_new = c_new + (torch.tensor(c) - c_new).detach()
    h_new = o.sigmoid() * c_new.tanh()
    loss = (h_new * torch.tensor(dh)).sum() + (c_new * torch.tensor(dc_next)).sum()
    return torch.autograd.grad(loss, [x_, h_, c_, U, W, b])


def r3(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    B, H = c.shape
    dU, dW, db = np.zeros(weight_ih.shape), np.zeros(weight_hh.shape), np.zeros(4 * H)
    dx, dhp, dcp = [], [], []
    for n in range(B):
        i, f, g, o = gates[n].reshape(4, H)
        th = np.tanh(c[n])
        δc = dc_next[n] + dh[n] * o * (1 - th ** 2)
        δ = np.array([δc * g * (i - i**2), δc * c_prev[n] * (f - f**2), δc * i * (1 - g**2),
                      dh[n] * th * (o - o**2)]).ravel()
        dU += np.outer(δ, x[n])
        dW += np.outer(δ, h_prev[n])
        db += δ
        dx.append(list(weight_ih.T @ δ))
        dhp.append(list(weight_hh.T @ δ))
        dcp.append(list(δc * f))
    return [dx, dhp, dcp, dU, dW, db]


def r4(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    f4 = np.float32
    B, H = c.shape
    G = gates.astype(f4).reshape(B, 4, H)
    slope = G * (1 - G)
    slope[:, 2] = 1 - G[:, 2] ** 2
    tanh_c = np.tanh(c.astype(f4))
    dc = dc_next + dh * G[:, 3] * (1 - tanh_c**2)
    partner = np.stack([dc * G[:, 2], dc * c_prev, dc * G[:, 0], dh * tanh_c], axis=1)
    da = (partner * slope).astype(f4)                  # (B, 4, H)
    U, W = weight_ih.reshape(4, H, -1).astype(f4), weight_hh.reshape(4, H, H).astype(f4)
    return (np.einsum("bgh,ghd->bd", da, U), np.einsum("bgh,ghj->bj", da, W), (dc * G[:, 1]).astype(f4),
            np.einsum("bgh,bd->ghd", da, x).reshape(4 * H, -1), np.einsum("bgh,bj->ghj", da, h_prev).reshape(4 * H, H),
            da.sum(axis=0).ravel())


# --- wrong

def w1(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc = dc_next + dh * o * (1 - tanh_c**2)
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
    da = np.concatenate([di, df, dg * (1 - g**2), do], axis=1)
    return da @ weight_ih, da @ weight_hh, dc * f, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def w2(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc = dc_next + dh * o * (1 - tanh_c**2)
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg, do * o * (1 - o)], axis=1)
    return da @ weight_ih, da @ weight_hh, dc * f, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def w3(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc = dc_next + dh * o * (1 - tanh_c**2)
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g**2)], axis=1)
    return da @ weight_ih, da @ weight_hh, dc * f, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def w4(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc = dc_next + dh * o * (1 - tanh_c**2)
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
    return da @ weight_ih, dc * f, da @ weight_hh, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def w5(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc = dc_next
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
    return da @ weight_ih, da @ weight_hh, dc * f, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def w6(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc = dh * o * (1 - tanh_c**2)
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
    return da @ weight_ih, da @ weight_hh, dc * f, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def w7(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc = dc_next + dh * o
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
    return da @ weight_ih, da @ weight_hh, dc * f, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def w8(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    dc = dc_next + dh * o * (1 - c**2)
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * np.tanh(c)
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
    return da @ weight_ih, da @ weight_hh, dc * f, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def w9(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc = dc_next + dh * o * (1 - tanh_c**2)
    di, df, dg, do = dc * g, dc * c, dc * i, dh * tanh_c
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
    return da @ weight_ih, da @ weight_hh, dc * f, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def w10(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc = dc_next + dh * o * (1 - tanh_c**2)
    di, df, dg, do = dc * i, dc * c_prev, dc * g, dh * tanh_c
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
    return da @ weight_ih, da @ weight_hh, dc * f, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def w11(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    # apply the activations first
    sig = lambda a: 1 / (1 + np.exp(-a))
    i, f, g, o = np.split(gates, 4, axis=1)
    i, f, g, o = sig(i), sig(f), np.tanh(g), sig(o)
    tanh_c = np.tanh(c)
    dc = dc_next + dh * o * (1 - tanh_c**2)
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
    return da @ weight_ih, da @ weight_hh, dc * f, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def w12(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc = dc_next + dh * o * (1 - tanh_c**2)
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * g * (1 - g), do * o * (1 - o)], axis=1)
    return da @ weight_ih, da @ weight_hh, dc * f, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def w13(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc = dc_next + dh * o * (1 - tanh_c**2)
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
    return da @ weight_ih, da @ weight_hh, dc, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def w14(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc = dc_next + dh * o * (1 - tanh_c**2)
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
    n = len(x)
    return da @ weight_ih, da @ weight_hh, dc * f, da.T @ x / n, da.T @ h_prev / n, da.mean(axis=0)


def w15(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc_next += dh * o * (1 - tanh_c**2)
    di, df, dg, do = dc_next * g, dc_next * c_prev, dc_next * i, dh * tanh_c
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
    return da @ weight_ih, da @ weight_hh, dc_next * f, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def w16(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc = dc_next + dh * o * (1 - tanh_c**2)
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * c
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
    return da @ weight_ih, da @ weight_hh, dc * f, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def w17(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, o, g = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc = dc_next + dh * o * (1 - tanh_c**2)
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g**2)], axis=1)
    return da @ weight_ih, da @ weight_hh, dc * f, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def w18(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc = dc_next + dh * o * (1 - tanh_c**2)
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
    h = o * tanh_c
    return da @ weight_ih, da @ weight_hh, dc * f, da.T @ x, da.T @ h, da.sum(axis=0)


def w19(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc = dc_next * f + dh * o * (1 - tanh_c**2)
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
    return da @ weight_ih, da @ weight_hh, dc, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def w20(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc = dc_next + dh * o * (1 - tanh_c**2)
    da = np.hstack([dc * i * (1 - i), dc * f * (1 - f), dc * (1 - g**2), dh * o * (1 - o)])
    return da @ weight_ih, da @ weight_hh, dc * f, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def w21(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc = dc_next + dh * o * (1 - tanh_c**2)
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
    dW = da.T @ np.concatenate([h_prev, x], axis=1)
    return da @ weight_ih, da @ weight_hh, dc * f, dW, da.sum(axis=0)


def w22(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    do = dh * tanh_c * o * (1 - o)
    dc = dc_next + dh * o * (1 - tanh_c**2)
    d = [dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2), do]
    dx, dhp = np.zeros_like(x), np.zeros_like(h_prev)
    for k, (U, W) in enumerate(zip(np.split(weight_ih, 4), np.split(weight_hh, 4))):
        dx = d[k] @ U
        dhp = d[k] @ W
    da = np.concatenate(d, axis=1)
    return dx, dhp, dc * f, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def w23(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc = dc_next + dh * o * (1 - tanh_c**2)
    da = np.concatenate([dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2), dh * tanh_c * o * (1 - o)], 1)
    return da @ weight_ih, dh + da @ weight_hh, dc * f, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def w24(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    c_now = f * c_prev + i * g
    tanh_c = np.tanh(c_now)
    dc = dc_next + dh * o * (1 - np.tanh(tanh_c)**2)
    da = np.concatenate([dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2), dh * tanh_c * o * (1 - o)], 1)
    return da @ weight_ih, da @ weight_hh, dc * f, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def r5(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    class Node:
        """value and the function that gives back the argument's gradient"""

        def __init__(self, value, slope):
            self.value, self.slope = value, slope

        def back(self, grad):
            return grad * self.slope(self.value)

    sig, tanh = (lambda y: y - y * y), (lambda y: 1 - y * y)
    H = dh.shape[1]
    i, f, g, o = (Node(gates[:, n * H:n * H + H], s) for n, s in enumerate([sig, sig, tanh, sig]))
    cell = Node(np.tanh(c), tanh)
    dC = cell.back(dh * o.value) + dc_next
    d = np.empty((len(x), 4 * H), order="F")
    d[:] = np.block([i.back(dC * g.value), f.back(dC * c_prev), g.back(dC * i.value), o.back(dh * cell.value)])
    return d @ weight_ih, d @ weight_hh, f.value * dC, (x.T @ d).T, (h_prev.T @ d).T, np.einsum("bk->k", d)


RIGHT = [r1, r2, r3, r4, r5]
WRONG = [
    (w1, "missing+derivative", "the three sigmoids' derivatives are missing; the candidate's is there"),
    (w2, "missing+derivative", "only the candidate's derivative 1 - g² is missing"),
    (w3, "swap", "da is joined in the order i, f, o, g; the gates were cut rightly"),
    (w4, "swap", "dh_prev and dc_prev are returned in exchanged order"),
    (w5, "missing", "the way through h_t is missing in dc"),
    (w6, "missing", "dc_next is not used"),
    (w7, "missing+derivative", "the tanh's derivative 1 - tanh²(c) is missing in dc"),
    (w8, "derivative", "1 - c² instead of 1 - tanh(c)²"),
    (w9, "time", "c instead of c_prev as the forget gate's partner"),
    (w10, "swap", "di and dg with each other's partner: dc·i for i and dc·g for g"),
    (w11, "activation+extra", "gates are put through their activations again"),
    (w12, "derivative", "the sigmoid's derivative for the candidate: g(1-g)"),
    (w13, "missing", "dc_prev lacks the factor f"),
    (w14, "scale", "parameters' gradients averaged over the batch"),
    (w15, "mutated", "dc_next += …: the argument is changed"),
    (w16, "missing+activation", "do with c instead of tanh(c)"),
    (w17, "swap", "gates cut and joined in the order i, f, o, g: consistently wrong"),
    (w18, "time", "dweight_hh with the new h = o·tanh(c) instead of h_prev"),
    (w19, "other", "f multiplies dc_next before the two ways are added instead of afterwards; dc_prev lacks f on the other way"),
    (w20, "missing", "only the activations' derivatives: the partners g, c_prev, i, tanh(c) are missing"),
    (w21, "form", "five outputs: both weights' gradients joined in one array"),
    (w22, "accumulate", "= for += over the gates: dx and dh_prev hold the output gate's share alone"),
    (w23, "extra", "dh is added to dh_prev, as if h went straight on"),
    (w24, "derivative", "1 - tanh(tanh(c))² in dc (c computed anew from the gates, which is the c given)"),
]
NOT_TO_SAY = {
    "w3": "that gates were read in another order",
    "w17": "only that da is joined wrongly",
    "w2": "that the sigmoids' derivatives are missing",
    "w1": "that all derivatives are missing",
    "w19": "that dc_next is not used",
    "w20": "that derivatives are missing",
    "w22": "that weights are transposed",
    "w18": "anything but dweight_hh",
    "w24": "that the c used is wrong: f·c_prev + i·g is c",
}
