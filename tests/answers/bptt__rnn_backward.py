import numpy as np

EXERCISE = "bptt/rnn_backward"


def r1(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    before = np.concatenate([h0[:, None], hs[:, :-1]], axis=1)
    das = np.zeros_like(hs)
    future = 0
    for t in range(T - 1, -1, -1):
        das[:, t] = (dhs[:, t] + future) * (1 - hs[:, t]**2)
        future = das[:, t] @ weight_hh
    return (das @ weight_ih, future, np.einsum("bth,btd->hd", das, x), np.einsum("bth,btj->hj", das, before),
            das.sum(axis=(0, 1)))


def r2(dhs, x, h0, hs, weight_ih, weight_hh):
    import torch

    x_, h_, U, W = (torch.tensor(a, requires_grad=True) for a in (x, h0, weight_ih, weight_hh))
    b = torch.zeros(hs.shape[2], dtype=torch.float64, requires_grad=True)
    given, loss, h = torch.tensor(hs), 0.0, h_
    for t in range(hs.shape[1]):
        a = x_[:, t] @ U.T + h @ W.T + b
        h = torch.tanh(a + (torch.atanh(given[:, t]) - a).detach())
        loss = loss + (torch.tensor(dhs[:, t]) * h).sum()
    loss.backward()
    return x_.grad, h_.grad, U.grad, W.grad, b.grad


def r3(dhs, x, h0, hs, weight_ih, weight_hh):
    def backward(t, dh):                # recursion from the end to the beginning
        if t < 0:
            return [], dh, 0.0, 0.0, 0.0
        prev = h0 if t == 0 else hs[:, t - 1]
        da = (dh + dhs[:, t]) * (1 - hs[:, t] ** 2)
        dxs, dh0, dU, dW, db = backward(t - 1, da @ weight_hh)
        return dxs + [da @ weight_ih], dh0, dU + da.T @ x[:, t], dW + da.T @ prev, db + da.sum(0)

    dxs, *rest = backward(hs.shape[1] - 1, np.zeros_like(h0))
    return (np.stack(dxs, axis=1), *rest)


def r4(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx = np.zeros(x.shape)
    dh0 = np.zeros(h0.shape)
    dU, dW, db = np.zeros(weight_ih.shape), np.zeros(weight_hh.shape), np.zeros(H)
    for b in range(B):
        carry = np.zeros(H)
        t = T
        while t:
            t -= 1
            d = (dhs[b, t] + carry) * (1 - hs[b, t] * hs[b, t])
            dx[b, t] = weight_ih.T.dot(d)
            dU += d[:, None] * x[b, t]
            dW += d[:, None] * (hs[b, t - 1] if t else h0[b])
            db += d
            carry = weight_hh.T.dot(d)
        dh0[b] = carry
    return [dx.tolist(), dh0.tolist(), dU.tolist(), dW.tolist(), db.tolist()]


def r5(dhs, x, h0, hs, weight_ih, weight_hh):
    dhs = dhs.copy()                    # add the future's share into a copy
    T = hs.shape[1]
    dU, dW, db = 0, 0, 0
    dx = np.empty_like(x, order="F")
    for t in reversed(range(T)):
        da = dhs[:, t] * (1 - hs[:, t] ** 2)
        dU, db = dU + da.T @ x[:, t], db + da.sum(0)
        dx[:, t] = da @ weight_ih
        if t:
            dhs[:, t - 1] += da @ weight_hh
            dW = dW + da.T @ hs[:, t - 1]
        else:
            dh0 = da @ weight_hh
            dW = dW + da.T @ h0
    return dx, dh0, dU, dW, db


# --- wrong

def w1(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh = np.zeros_like(x), np.zeros_like(h0)
    dU, dW, db = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(H)
    for t in reversed(range(T)):
        h_prev = hs[:, t - 1]                   # at t = 0 this is the last one!
        da = (dhs[:, t] + dh) * (1 - hs[:, t]**2)
        dU += da.T @ x[:, t]
        dW += da.T @ h_prev
        db += da.sum(axis=0)
        dx[:, t] = da @ weight_ih
        dh = da @ weight_hh
    return dx, dh, dU, dW, db


def w2(dhs, x, h0, hs, weight_ih, weight_hh):
    das = dhs * (1 - hs**2)
    prev = np.concatenate([h0[:, None], hs[:, :-1]], axis=1)
    return (das @ weight_ih, das[:, 0] @ weight_hh, np.einsum("bth,btd->hd", das, x),
            np.einsum("bth,btj->hj", das, prev), das.sum(axis=(0, 1)))


def w3(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh = np.zeros_like(x), np.zeros_like(h0)
    dU, dW, db = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(H)
    for t in range(T):
        h_prev = hs[:, t - 1] if t > 0 else h0
        da = (dhs[:, t] + dh) * (1 - hs[:, t]**2)
        dU += da.T @ x[:, t]
        dW += da.T @ h_prev
        db += da.sum(axis=0)
        dx[:, t] = da @ weight_ih
        dh = da @ weight_hh
    return dx, dh, dU, dW, db


def w4(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh = np.zeros_like(x), np.zeros_like(h0)
    dU, dW, db = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(H)
    for t in reversed(range(T)):
        h_prev = hs[:, t - 1] if t > 0 else h0
        da = dhs[:, t] * (1 - hs[:, t]**2) + dh
        dU += da.T @ x[:, t]
        dW += da.T @ h_prev
        db += da.sum(axis=0)
        dx[:, t] = da @ weight_ih
        dh = da @ weight_hh
    return dx, dh, dU, dW, db


def w5(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh = np.zeros_like(x), np.zeros_like(h0)
    for t in reversed(range(T)):
        h_prev = hs[:, t - 1] if t > 0 else h0
        da = (dhs[:, t] + dh) * (1 - hs[:, t]**2)
        dU = da.T @ x[:, t]
        dW = da.T @ h_prev
        db = da.sum(axis=0)
        dx[:, t] = da @ weight_ih
        dh = da @ weight_hh
    return dx, dh, dU, dW, db


def w6(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh = np.zeros_like(x), np.zeros_like(h0)
    dU, dW, db = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(H)
    for t in range(T - 1, 0, -1):
        da = (dhs[:, t] + dh) * (1 - hs[:, t]**2)
        dU += da.T @ x[:, t]
        dW += da.T @ hs[:, t - 1]
        db += da.sum(axis=0)
        dx[:, t] = da @ weight_ih
        dh = da @ weight_hh
    return dx, dh, dU, dW, db


def w7(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh = np.zeros_like(x), np.zeros_like(h0)
    dU, dW, db = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(H)
    for t in reversed(range(T)):
        da = (dhs[:, t] + dh) * (1 - hs[:, t]**2)
        dU += da.T @ x[:, t]
        dW += da.T @ hs[:, t]
        db += da.sum(axis=0)
        dx[:, t] = da @ weight_ih
        dh = da @ weight_hh
    return dx, dh, dU, dW, db


def w8(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh = np.zeros_like(x), np.zeros_like(h0)
    dU, dW, db = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(H)
    for t in reversed(range(T)):
        h_prev = hs[:, t - 1] if t > 0 else h0
        dh = dhs[:, t] + dh
        da = dh * (1 - hs[:, t]**2)
        dU += da.T @ x[:, t]
        dW += da.T @ h_prev
        db += da.sum(axis=0)
        dx[:, t] = da @ weight_ih
        dh += da @ weight_hh                    # accumulate
    return dx, dh, dU, dW, db


def w9(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh = np.zeros_like(x), np.zeros_like(h0)
    dU, dW, db = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(H)
    for t in reversed(range(T)):
        h_prev = hs[:, t - 1] if t > 0 else h0
        da = (dhs[:, t] + dh) * (1 - np.tanh(hs[:, t])**2)
        dU += da.T @ x[:, t]; dW += da.T @ h_prev; db += da.sum(0)
        dx[:, t] = da @ weight_ih
        dh = da @ weight_hh
    return dx, dh, dU, dW, db


def w10(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    기울기_x, 다음 = np.zeros_like(x), np.zeros_like(h0)
    dU, dW, db = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(H)
    for t in reversed(range(T)):
        이전 = hs[:, t - 1] if t > 0 else h0
        da = (dhs[:, t] + 다음) * (1 - hs[:, t]**2)
        dU += da.T @ x[:, t]
        dW += da.T @ 이전
        db += da.sum(axis=0)
        기울기_x[:, t] = da @ weight_ih
        다음 = da @ weight_hh.T
    return 기울기_x, 다음, dU, dW, db


def w11(dhs, x, h0, hs, weight_ih, weight_hh):
    # total loss = last time step's gradient, propagated back
    B, T, H = hs.shape
    dx, dh = np.zeros_like(x), dhs[:, -1]
    dU, dW, db = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(H)
    for t in reversed(range(T)):
        h_prev = hs[:, t - 1] if t > 0 else h0
        da = dh * (1 - hs[:, t]**2)
        dU += da.T @ x[:, t]
        dW += da.T @ h_prev
        db += da.sum(axis=0)
        dx[:, t] = da @ weight_ih
        dh = da @ weight_hh
    return dx, dh, dU, dW, db


def w12(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh = np.zeros_like(x), np.zeros_like(h0)
    dU, dW, db = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(H)
    for t in reversed(range(T)):
        h_prev = hs[:, t - 1] if t > 0 else np.zeros_like(h0)
        da = (dhs[:, t] + dh) * (1 - hs[:, t]**2)
        dU += da.T @ x[:, t]
        dW += da.T @ h_prev
        db += da.sum(axis=0)
        dx[:, t] = da @ weight_ih
        dh = da @ weight_hh
    return dx, dh, dU, dW, db


def w13(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh = np.zeros_like(x), np.zeros_like(h0)
    dU, dW, db = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(H)
    for t in reversed(range(T)):
        h_prev = hs[:, t - 1] if t > 0 else h0
        da = (dhs[:, t] + dh) * (1 - hs[:, t]**2)
        dU += da.T @ x[:, t] / T
        dW += da.T @ h_prev / T
        db += da.sum(axis=0) / T
        dx[:, t] = da @ weight_ih
        dh = da @ weight_hh
    return dx, dh, dU, dW, db


def w14(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh = np.zeros_like(x), np.zeros_like(h0)
    dU, dW, db = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(H)
    for t in reversed(range(T)):
        h_prev = hs[:, t - 1] if t > 0 else h0
        da = (dhs[:, t] + dh) * (1 - hs[:, t]**2)
        dU += da.T @ x[:, t]
        dW += da.T @ h_prev
        db += da.sum(axis=0)
        dx[:, t] = da @ weight_ih
        dh = da
    return dx, dh, dU, dW, db


def w15(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx = np.zeros_like(x)
    dU, dW, db = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(H)
    for t in reversed(range(T)):
        h_prev = hs[:, t - 1] if t > 0 else h0
        da = dhs[:, t] * (1 - hs[:, t]**2)
        dU += da.T @ x[:, t]
        dW += da.T @ h_prev
        db += da.sum(axis=0)
        dx[:, t] = da @ weight_ih
        if t > 0:
            dhs[:, t - 1] += da @ weight_hh
    return dx, da @ weight_hh, dU, dW, db


def w16(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh = np.zeros_like(x), np.zeros_like(h0)
    dU, dW, db = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(H)
    for t in reversed(range(T)):
        h_prev = hs[:, t - 1] if t > 0 else h0
        da = (dhs[:, t] + dh) * (1 - hs[:, t]**2)
        dU += da.T @ x[:, t]
        dW += da.T @ h_prev
        db += da.sum(axis=0)
        dx[:, t] = da @ weight_ih
        dh0 = dhs[:, 0] + dh
        dh = da @ weight_hh
    return dx, dh0, dU, dW, db


def w17(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh = [], np.zeros_like(h0)
    dU, dW, db = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(H)
    for t in reversed(range(T)):
        h_prev = hs[:, t - 1] if t > 0 else h0
        da = (dhs[:, t] + dh) * (1 - hs[:, t]**2)
        dU += da.T @ x[:, t]
        dW += da.T @ h_prev
        db += da.sum(axis=0)
        dx.append(da @ weight_ih)
        dh = da @ weight_hh
    return np.stack(dx, axis=1), dh, dU, dW, db


def w18(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh = np.zeros_like(x), np.zeros_like(h0)
    dU, dW, db = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(H)
    for t in reversed(range(T)):
        h_prev = hs[:, t - 1] if t > 0 else h0
        da = (dhs[:, t] + dh) * (1 - h_prev**2)
        dU += da.T @ x[:, t]
        dW += da.T @ h_prev
        db += da.sum(axis=0)
        dx[:, t] = da @ weight_ih
        dh = da @ weight_hh
    return dx, dh, dU, dW, db


def w19(dhs, x, h0, hs, weight_ih, weight_hh):
    # truncated to two steps to be fast, like the framework does
    B, T, H = hs.shape
    prev = np.concatenate([h0[:, None], hs[:, :-1]], axis=1)
    direct = dhs * (1 - hs**2)
    das = direct.copy()
    das[:, :-1] += (direct[:, 1:] @ weight_hh) * (1 - hs[:, :-1]**2)
    return (das @ weight_ih, das[:, 0] @ weight_hh, np.einsum("bth,btd->hd", das, x),
            np.einsum("bth,btj->hj", das, prev), das.sum((0, 1)))


def w20(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh = np.zeros_like(x), np.zeros_like(h0)
    dU, dW, db = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(H)
    for t in reversed(range(T)):
        h_prev = hs[:, t - 1] if t > 0 else h0
        da = (dhs[:, t] + dh) * (1 - hs[:, t]**2)
        dU += da.T @ x[:, t]
        dW += da.T @ h_prev
        db += dhs[:, t].sum(axis=0)
        dx[:, t] = da @ weight_ih
        dh = da @ weight_hh
    return dx, dh, dU, dW, db


def w21(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh = np.zeros_like(x), np.zeros_like(h0)
    dU, dW, db = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(H)
    for t in reversed(range(T)):
        h_prev = hs[:, t - 1] if t > 0 else h0
        da = (dhs[:, t] + dh) * (1 - hs[:, t]**2)
        dU += da.T @ x[:, t]
        dW += da.T @ h_prev
        db += da.sum(axis=0)
        dx[:, t] = da @ weight_ih
        dh = np.clip(da @ weight_hh, -1, 1)        # against explosion
    return dx, dh, dU, dW, db


def w22(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh = np.zeros_like(x), np.zeros_like(h0)
    dU, dW, db = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(H)
    for t in reversed(range(T)):
        h_prev = hs[:, t - 1] if t > 0 else h0
        da = dhs[:, t] + dh
        dU += (da * (1 - hs[:, t]**2)).T @ x[:, t]
        dW += (da * (1 - hs[:, t]**2)).T @ h_prev
        db += (da * (1 - hs[:, t]**2)).sum(axis=0)
        dx[:, t] = (da * (1 - hs[:, t]**2)) @ weight_ih
        dh = da @ weight_hh
    return dx, dh, dU, dW, db


RIGHT = [r1, r2, r3, r4, r5]
WRONG = [
    (w1, "time+start", "hs[:, -1] instead of h0 before the first step, in dweight_hh only"),
    (w2, "missing", "the future's share is missing: every step only gets its own dhs"),
    (w3, "order", "time is walked forwards"),
    (w4, "derivative", "the tanh's derivative on dhs only, not on the share from the future"),
    (w5, "accumulate", "= for +=: the parameters' gradients are the first time step's alone"),
    (w6, "time", "t = 0 is left out"),
    (w7, "time", "dweight_hh with hs[:, t] instead of hs[:, t-1]"),
    (w8, "accumulate+extra", "dh += …: the step's own gradient is carried back past the step, too"),
    (w9, "derivative", "1 - tanh(hs)²"),
    (w10, "transpose", "weight_hh.T on the way back"),
    (w11, "missing", "only the last step's dhs is used"),
    (w12, "start", "zeros instead of h0 before the first step, in dweight_hh only"),
    (w13, "scale", "the parameters' gradients are averaged over time"),
    (w14, "missing", "the way back does not go through weight_hh: dh = da"),
    (w15, "mutated", "the future's share is added into dhs, the argument"),
    (w16, "other", "dh0 is the gradient of the first state hs[:, 0], not of h0"),
    (w17, "order", "dx in reversed time order; the others are right"),
    (w18, "derivative+time", "derivative at the state before (h_prev) instead of hs[:, t]"),
    (w19, "other", "the gradient is carried back one step only (truncated)"),
    (w20, "missing", "dbias sums dhs alone: derivative and future are missing in it"),
    (w21, "extra", "the gradient carried back is clipped to ±1 at every step"),
    (w22, "derivative+missing", "the gradient carried back does not go through the tanh's derivative; used rightly elsewhere"),
]
NOT_TO_SAY = {
    "w1": "anything but dweight_hh's first step; not that h0 is zero",
    "w12": "that dweight_hh uses hs[:, t]",
    "w8": "that the parameters are not accumulated",
    "w17": "that time is walked forwards",
    "w19": "that the future's share is missing altogether",
    "w22": "that the derivative is missing everywhere",
    "w4": "that the derivative is missing everywhere",
}
