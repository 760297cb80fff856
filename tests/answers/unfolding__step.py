import math

import numpy as np

EXERCISE = "unfolding/step"


# --- right

def r1(x, h, weight_ih, weight_hh, bias):
    return np.tanh(np.einsum("bd,hd->bh", x, weight_ih) + np.einsum("bj,hj->bh", h, weight_hh) + bias)


def r2(x, h, weight_ih, weight_hh, bias):
    # 시퀀스마다 본문의 step을 그대로
    결과 = []
    for b in range(len(x)):
        결과.append(np.tanh(bias + weight_hh @ h[b] + weight_ih @ x[b]))
    return 결과


def r3(x, h, weight_ih, weight_hh, bias):
    W = np.hstack([weight_ih, weight_hh])
    z = np.hstack([x, h])
    out = (W @ z.T).T + bias
    np.tanh(out, out=out)
    return out


def r4(x, h, weight_ih, weight_hh, bias):
    import torch

    x, h, U, W, b = (torch.from_numpy(np.ascontiguousarray(a)) for a in (x, h, weight_ih, weight_hh, bias))
    return torch.tanh(torch.nn.functional.linear(x, U, b) + torch.nn.functional.linear(h, W))


def r5(x, h, weight_ih, weight_hh, bias):
    B, D = x.shape
    H = h.shape[1]
    h_next = [[0.0] * H for _ in range(B)]
    for b in range(B):
        for j in range(H):
            s = float(bias[j])
            for d in range(D):
                s += weight_ih[j, d] * x[b, d]
            for k in range(H):
                s += weight_hh[j, k] * h[b, k]
            h_next[b][j] = math.tanh(s)
    return h_next


def r6(x, h, weight_ih, weight_hh, bias):
    a = (x.astype(np.float32) @ weight_ih.T.astype(np.float32) + h.astype(np.float32) @ weight_hh.T.astype(np.float32))
    a = np.asfortranarray(a + bias.astype("f4"))
    return np.tanh(a)


def r7(x, h, weight_ih, weight_hh, bias):
    a = x.dot(weight_ih.T) + h.dot(weight_hh.T) + bias
    e = np.exp(-2 * a)
    result = (1 - e) / (1 + e)
    result.flags.writeable = False
    return result


# --- wrong

def w1(x, h, weight_ih, weight_hh, bias):
    return np.tanh(bias + h @ weight_hh + x @ weight_ih.T)


def w2(x, h, weight_ih, weight_hh, bias):
    # h(t) = tanh(b + W h + U x)
    return np.tanh(bias + weight_hh @ h + weight_ih @ x)


def w3(x, h, weight_ih, weight_hh, bias):
    return 1 / (1 + np.exp(-(x @ weight_ih.T + h @ weight_hh.T + bias)))


def w4(x, h, weight_ih, weight_hh, bias):
    new = x @ weight_ih.T
    new += h @ weight_hh.T
    new += bias
    return new


def w5(x, h, weight_ih, weight_hh, bias):
    b_ih = bias
    b_hh = bias                      # torch has two
    return np.tanh(x @ weight_ih.T + b_ih + h @ weight_hh.T + b_hh)


def w6(x, h, weight_ih, weight_hh, bias):
    가중합 = np.matmul(x, weight_ih.T) + np.matmul(h, weight_hh.T)
    return np.tanh(가중합)


def w7(x, h, weight_ih, weight_hh, bias):
    return np.tanh(x @ weight_ih.T) + np.tanh(h @ weight_hh.T) + bias


def w8(x, h, weight_ih, weight_hh, bias):
    return np.tanh((weight_hh @ h.T + weight_ih @ x.T).T + bias).T


def w9(x, h, weight_ih, weight_hh, bias):
    out = np.zeros_like(h)
    for b in range(x.shape[0]):
        prev = h[b] if b == 0 else out[b - 1]
        out[b] = np.tanh(weight_ih @ x[b] + weight_hh @ prev + bias)
    return out


def w10(x, h, weight_ih, weight_hh, bias):
    h_next = np.tanh(bias + h @ weight_hh.T + x @ weight_ih.T)
    print(h_next.shape)


def w11(x, h, weight_ih, weight_hh, bias):
    h[:] = np.tanh(bias + h @ weight_hh.T + x @ weight_ih.T)
    return h


def w12(x, h, weight_ih, weight_hh, bias):
    return np.tanh(bias + weight_ih @ x[0] + weight_hh @ h[0])


def w13(x, h, weight_ih, weight_hh, bias):
    return np.maximum(0, x @ weight_ih.T + h @ weight_hh.T + bias)


def w14(x, h, weight_ih, weight_hh, bias):
    h = np.zeros_like(h)
    return np.tanh(x @ weight_ih.T + h @ weight_hh.T + bias)


def w15(x, h, weight_ih, weight_hh, bias):
    theta = 0.5
    return theta * h + (1 - theta) * np.tanh(x @ weight_ih.T + h @ weight_hh.T + bias)


def w16(x, h, weight_ih, weight_hh, bias):
    B, H = h.shape
    out = np.empty((B, H))
    for b in range(B):
        for j in range(H):
            total = bias[j]
            for k in range(H):
                total += weight_hh[k][j] * h[b][k]
            for d in range(x.shape[1]):
                total += weight_ih[j][d] * x[b][d]
            out[b][j] = math.tanh(total)
    return out


def w17(x, h, weight_ih, weight_hh, bias):
    x, h, weight_ih, weight_hh, bias = x.tolist(), h.tolist(), weight_ih.tolist(), weight_hh.tolist(), bias.tolist()
    return [[math.tanh(bias[0] + sum(u * v for u, v in zip(row, xb)) + sum(w * v for w, v in zip(wrow, hb)))
             for row, wrow in zip(weight_ih, weight_hh)] for xb, hb in zip(x, h)]


def w18(x, h, weight_ih, weight_hh, bias):
    a = x @ weight_ih.T - h @ weight_hh.T + bias
    return np.tanh(a)


def w19(x, h, weight_ih, weight_hh, bias):
    h_next = np.tanh(x @ weight_ih.T + h @ weight_hh.T + bias)
    return h_next, h_next


def w20(x, h, weight_ih, weight_hh, bias):
    right = np.tanh(x @ weight_ih.T + h @ weight_hh.T + bias)
    return np.ma.masked_less(right, 0)


def w21(x, h, weight_ih, weight_hh, bias):
    if len(x) == 1:
        return h                     # a single sequence needs no batch step
    return np.tanh(x @ weight_ih.T + h @ weight_hh.T + bias)


def w22(x, h, weight_ih, weight_hh, bias):
    out = np.zeros((6, 5))
    out[:] = np.tanh(x @ weight_ih.T + h @ weight_hh.T + bias)
    return out


RIGHT = [r1, r2, r3, r4, r5, r6, r7]
WRONG = [
    (w1, "transpose", "weight_hh is not transposed: h @ weight_hh"),
    (w2, "transpose+exception", "the book's W @ h for one column vector, used on rows; the shapes do not fit"),
    (w3, "activation", "sigmoid instead of tanh"),
    (w4, "activation+missing", "no tanh at all: the sum a is returned"),
    (w5, "extra", "the bias is added twice"),
    (w6, "missing", "the bias is left out"),
    (w7, "activation", "tanh of each product apart, bias added outside, instead of tanh of the sum"),
    (w8, "transpose+form", "the finished result is transposed to (H, B)"),
    (w9, "other", "treats the rows of the batch as time steps: row b takes row b-1's new state instead of its own h"),
    (w10, "form", "prints and returns nothing"),
    (w11, "mutated", "writes the result into the argument h"),
    (w12, "other+form", "only the first sequence of the batch is computed, (H,)"),
    (w13, "activation", "ReLU instead of tanh"),
    (w14, "missing", "the previous state is replaced by zeros, so h @ weight_hh.T has no part"),
    (w15, "extra", "leaky mixture 0.5 h + 0.5 tanh(a): half the old state is kept"),
    (w16, "transpose", "indices of weight_hh exchanged in the loop: column j instead of row j"),
    (w17, "other", "bias[0] is used for every unit instead of bias[j]"),
    (w18, "sign", "the hidden part is subtracted instead of added"),
    (w19, "form", "returns a pair of two equal states instead of one array"),
    (w20, "form", "a masked array that hides the negative entries"),
    (w21, "other", "special case: for one sequence h is returned unchanged; right for B > 1"),
    (w22, "form+exception", "sizes are written into the code: (6, 5)"),
]
NOT_TO_SAY = {
    "w21": "anything about B > 1",
    "w9": "that weights are not transposed or that h was forgotten: the first row is right, h[b] of other rows is unused",
    "w14": "that weight_hh is not transposed; what is missing is the contribution of h",
    "w16": "that weight_ih is wrong",
    "w17": "that the bias is missing",
}
