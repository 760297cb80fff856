import numpy as np

EXERCISE = "deep/stack_step"


def r1(x, h, weight_ih, weight_hh, bias):
    new = h.copy()
    inp = x
    for i, (U, W, b) in enumerate(zip(weight_ih, weight_hh, bias)):
        new[i] = np.tanh(inp @ U.T + h[i] @ W.T + b)
        if i == 0:
            inp = new[i]
        else:
            inp = inp + new[i]
    return new, inp


def r2(x, h, weight_ih, weight_hh, bias):
    out, res = x, []
    for k in range(h.shape[0]):
        a = np.einsum("bi,hi->bh", out, weight_ih[k]) + np.einsum("bi,hi->bh", h[k], weight_hh[k]) + bias[k]
        res.append(np.tanh(a))
        out = np.sum(res, axis=0)
    return np.array(res), out


# --- wrong

def w1(x, h, weight_ih, weight_hh, bias):
    out, res = x, []
    for k in range(len(h)):
        out = np.tanh(out @ weight_ih[k].T + h[k] @ weight_hh[k].T + bias[k])
        res.append(out)
    return np.stack(res), out


def w2(x, h, weight_ih, weight_hh, bias):
    out, res = x, []
    for k in range(len(h)):
        s = np.tanh(out @ weight_ih[k].T + h[k] @ weight_hh[k].T + bias[k])
        out = s + out
        res.append(s)
    return np.stack(res), out


def w3(x, h, weight_ih, weight_hh, bias):
    out, res = x, []
    for k in range(len(h)):
        s = np.tanh(out @ weight_ih[k].T + h[k] @ weight_hh[k].T + bias[k])
        out = s + x if k else s
        res.append(s)
    return np.stack(res), out


def w4(x, h, weight_ih, weight_hh, bias):
    out, res = x, []
    for k in range(len(h)):
        s = np.tanh(out @ weight_ih[k].T + h[k] @ weight_hh[k].T + bias[k])
        out = s + out if k else s
        res.append(out)
    return np.stack(res), out


def w5(x, h, weight_ih, weight_hh, bias):
    out, res = x, []
    for k in range(len(h)):
        s = np.tanh(out @ weight_ih[k] + h[k] @ weight_hh[k] + bias[k])
        out = s + out if k else s
        res.append(s)
    return np.stack(res), out


def w6(x, h, weight_ih, weight_hh, bias):
    out, res = x, []
    for k in range(len(h)):
        s = np.tanh(out @ weight_ih[k].T + h[k] @ weight_hh[k].T + bias[k])
        out = s + out if k else s
        res.append(s)
    return out, np.stack(res)


def w7(x, h, weight_ih, weight_hh, bias):
    h_next = np.zeros_like(h)
    for k in range(len(h)):
        below = x if k == 0 else h[k - 1]
        h_next[k] = np.tanh(below @ weight_ih[k].T + h[k] @ weight_hh[k].T + bias[k])
    return h_next, h_next.sum(axis=0)


def w8(x, h, weight_ih, weight_hh, bias):
    out, res = x, []
    for k in range(len(h)):
        s = np.tanh(out @ weight_ih[k].T + h[k] @ weight_hh[k].T)
        out = s + out if k else s
        res.append(s)
    return np.stack(res), out


RIGHT = [r1, r2]
WRONG = [
    (w1, "missing", "no skip"),
    (w2, "extra", "skip around the lowest layer too"),
    (w3, "other", "skip from the input of the stack"),
    (w4, "other", "the sum handed on in time"),
    (w5, "transpose", "both weights transposed"),
    (w6, "swap", "results swapped"),
    (w7, "time+other", "reads the states of the step before, no sums between layers"),
    (w8, "missing", "no bias"),
]
