import numpy as np

EXERCISE = "bptt/step_backward"


def r1(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = (1 - h_next) * (1 + h_next) * dh_next
    dx = np.einsum("bh,hd->bd", da, weight_ih)
    dh = np.einsum("bh,hj->bj", da, weight_hh)
    dU = np.einsum("bh,bd->hd", da, x)
    dW = np.einsum("bh,bj->hj", da, h)
    return dx, dh, dU, dW, np.einsum("bh->h", da)


def r2(dh_next, x, h, h_next, weight_ih, weight_hh):
    B, D = x.shape
    H = h.shape[1]
    dx, dh = np.zeros((B, D)), np.zeros((B, H))
    dU, dW, db = np.zeros((H, D)), np.zeros((H, H)), np.zeros(H)
    for b in range(B):
        d = dh_next[b] * (1 - h_next[b] ** 2)
        dx[b] = weight_ih.T @ d
        dh[b] = weight_hh.T @ d
        dU += np.outer(d, x[b])
        dW += np.outer(d, h[b])
        db += d
    return [dx, dh, dU, dW, db]


def r3(dh_next, x, h, h_next, weight_ih, weight_hh):
    import torch

    x_, h_, U, W = (torch.tensor(a, requires_grad=True) for a in (x, h, weight_ih, weight_hh))
    # the bias that leads to h_next
    b = torch.zeros(h.shape[1], dtype=torch.float64, requires_grad=True)
    offset = torch.atanh(torch.tensor(h_next)) - (x_ @ U.T + h_ @ W.T).detach()
    out = torch.tanh(x_ @ U.T + h_ @ W.T + b + offset)
    out.backward(torch.tensor(dh_next))
    return x_.grad, h_.grad, U.grad, W.grad, b.grad


def r4(dh_next, x, h, h_next, weight_ih, weight_hh):
    δ = (dh_next - dh_next * h_next**2).astype("f4")
    x, h, weight_ih, weight_hh = x.astype("f4"), h.astype("f4"), weight_ih.astype("f4"), weight_hh.astype("f4")
    return np.dot(δ, weight_ih), np.dot(δ, weight_hh), np.dot(x.T, δ).T, np.dot(h.T, δ).T, np.ones(len(δ), "f4") @ δ


def r5(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = dh_next * (1 - np.square(h_next))
    both = da @ np.c_[weight_ih, weight_hh]
    grads = da.T @ np.c_[x, h, np.ones(len(x))]
    D, H = x.shape[1], h.shape[1]
    return (both[:, :D].tolist(), both[:, D:].tolist(), grads[:, :D].tolist(), grads[:, D:D + H].tolist(),
            grads[:, -1].tolist())


# --- wrong

def w1(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = dh_next * (1 - np.tanh(h_next)**2)
    return da @ weight_ih, da @ weight_hh, da.T @ x, da.T @ h, da.sum(axis=0)


def w2(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = dh_next * h_next * (1 - h_next)
    return da @ weight_ih, da @ weight_hh, da.T @ x, da.T @ h, da.sum(0)


def w3(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = dh_next * (1 - h**2)
    return da @ weight_ih, da @ weight_hh, da.T @ x, da.T @ h, da.sum(0)


def w4(dh_next, x, h, h_next, weight_ih, weight_hh):
    dx = dh_next @ weight_ih
    dh = dh_next @ weight_hh
    dweight_ih = dh_next.T @ x
    dweight_hh = dh_next.T @ h
    dbias = dh_next.sum(axis=0)
    return dx, dh, dweight_ih, dweight_hh, dbias


def w5(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = dh_next * (1 - h_next**2)
    return da @ weight_ih, da @ weight_hh.T, da.T @ x, da.T @ h, da.sum(0)


def w6(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = dh_next * (1 - h_next**2)
    return da @ weight_ih, da @ weight_hh, da.T @ x, h.T @ da, da.sum(0)


def w7(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = dh_next * (1 - h_next**2)
    return da @ weight_ih, da @ weight_hh, da.T @ x, da.T @ h_next, da.sum(axis=0)


def w8(dh_next, x, h, h_next, weight_ih, weight_hh):
    B = x.shape[0]
    da = dh_next * (1 - h_next**2)
    return da @ weight_ih, da @ weight_hh, da.T @ x / B, da.T @ h / B, da.mean(axis=0)


def w9(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = dh_next * (1 - h_next**2)
    return da @ weight_ih, da @ weight_hh, da.T @ x, da.T @ h, da


def w10(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = dh_next * (1 - h_next**2)
    return da @ weight_ih, da @ weight_hh, da.T @ x, da.T @ h, dh_next.sum(axis=0)


def w11(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = dh_next * (1 - h_next**2)
    return da @ weight_hh, da @ weight_ih, da.T @ h, da.T @ x, da.sum(axis=0)


def w12(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = dh_next * (1 - h_next**2)
    dweight_ih = da.T @ x
    dweight_hh = da.T @ h
    dbias = da.sum(axis=0)
    return dweight_ih, dweight_hh, dbias, da @ weight_ih, da @ weight_hh


def w13(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = dh_next * (1 - h_next**2)
    dx = da @ weight_ih
    dh = da @ weight_hh + dh_next
    return dx, dh, da.T @ x, da.T @ h, da.sum(axis=0)


def w14(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = dh_next / (1 - h_next**2)
    return da @ weight_ih, da @ weight_hh, da.T @ x, da.T @ h, da.sum(axis=0)


def w15(dh_next, x, h, h_next, weight_ih, weight_hh):
    dh_next *= 1 - h_next**2
    return dh_next @ weight_ih, dh_next @ weight_hh, dh_next.T @ x, dh_next.T @ h, dh_next.sum(axis=0)


def w16(dh_next, x, h, h_next, weight_ih, weight_hh):
    dL = dh_next.sum(axis=0)
    da = dL * (1 - h_next**2)
    return da @ weight_ih, da @ weight_hh, da.T @ x, da.T @ h, da.sum(axis=0)


def w17(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = dh_next * (1 - h_next**2)
    H, D = weight_ih.shape
    dweight_ih, dweight_hh = np.zeros((H, D)), np.zeros((H, H))
    for b in range(len(x)):
        dweight_ih = np.outer(da[b], x[b])
        dweight_hh = np.outer(da[b], h[b])
    return da @ weight_ih, da @ weight_hh, dweight_ih, dweight_hh, da.sum(axis=0)


def w18(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = (1 - h_next**2)
    return da @ weight_ih, da @ weight_hh, da.T @ x, da.T @ h, da.sum(axis=0)


def w19(dh_next, x, h, h_next, weight_ih, weight_hh):
    # dL/dW from the output, the activation only matters going back to the inputs
    미분 = dh_next * (1 - h_next**2)
    return 미분 @ weight_ih, 미분 @ weight_hh, dh_next.T @ x, dh_next.T @ h, dh_next.sum(axis=0)


def w20(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = dh_next * (1 - h_next**2)
    return weight_ih.T @ da, weight_hh.T @ da, da @ x.T, da @ h.T, da.sum(axis=0)


def w21(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = dh_next * (1 - h_next**2)
    return da @ weight_ih, da @ weight_hh, da.T @ x, da.T @ h, da.sum(axis=1)


def w22(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = -dh_next * (1 - h_next**2)
    return da @ weight_ih, da @ weight_hh, da.T @ x, da.T @ h, da.sum(axis=0)


RIGHT = [r1, r2, r3, r4, r5]
WRONG = [
    (w1, "derivative", "1 - tanh(h_next)²: h_next has already been through tanh"),
    (w2, "derivative", "sigmoid's derivative h(1-h)"),
    (w3, "derivative+swap", "derivative at h instead of h_next"),
    (w4, "missing+derivative", "the tanh's derivative is missing everywhere"),
    (w5, "transpose", "dh with weight_hh.T"),
    (w6, "transpose", "dweight_hh is transposed"),
    (w7, "swap", "dweight_hh with h_next instead of h"),
    (w8, "scale", "gradients of the parameters averaged over the batch instead of summed"),
    (w9, "form+missing", "dbias is not summed over the batch: (B, H)"),
    (w10, "missing+derivative", "dbias without the tanh's derivative"),
    (w11, "swap", "dx and dh, dweight_ih and dweight_hh exchanged"),
    (w12, "swap+form", "the parameters' gradients are returned first"),
    (w13, "extra", "dh_next is added to dh, as if there were a residual road"),
    (w14, "derivative", "divided by 1 - h² instead of multiplied"),
    (w15, "mutated", "*= changes dh_next; the values are right"),
    (w16, "axis+accumulate", "dh_next is summed over the batch first, so that every sequence gets everybody's gradient"),
    (w17, "accumulate", "= for += in the loop over the batch: only the last sequence's share in both weights' gradients"),
    (w18, "missing", "dh_next is not used: da is the tanh's derivative alone"),
    (w19, "missing+derivative", "the derivative is missing in the parameters' gradients only; dx and dh are right"),
    (w20, "transpose+exception", "column-vector formulas on rows"),
    (w21, "axis+form", "dbias summed over the wrong axis, (B,)"),
    (w22, "sign", "sign turned round"),
]
NOT_TO_SAY = {
    "w3": "that h_next went through tanh twice",
    "w10": "anything about the other four",
    "w15": "that a value is wrong",
    "w17": "that it is averaged",
    "w16": "that the batch was averaged",
    "w13": "that weight_hh is transposed",
}
