import numpy as np

EXERCISE = "gates/cell_states"


def r1(c0, f, i, g):
    c = c0.copy()
    out = []
    for t in range(f.shape[1]):
        c *= f[:, t]
        c += i[:, t] * g[:, t]
        out.append(c.copy())
    return np.stack(out, axis=1)


def r2(c0, f, i, g):
    # closed form: sum over what was written × gates after
    B, T, H = f.shape
    cs = np.zeros((B, T, H))
    for t in range(T):
        cs[:, t] = c0 * np.prod(f[:, :t + 1], axis=1)
        for s in range(t + 1):
            cs[:, t] += i[:, s] * g[:, s] * np.prod(f[:, s + 1:t + 1], axis=1)
    return cs


def r3(c0, f, i, g):
    from itertools import accumulate

    steps = zip(f.swapaxes(0, 1), (i * g).swapaxes(0, 1))
    cs = list(accumulate(steps, lambda c, step: step[0] * c + step[1], initial=c0))
    return np.array(cs[1:]).swapaxes(0, 1)


def r4(c0, f, i, g):
    import torch

    c, f, i, g = (torch.tensor(a) for a in (c0, f, i, g))
    cs = torch.empty_like(f)
    for t in range(f.size(1)):
        c = torch.addcmul(f[:, t] * c, i[:, t], g[:, t])
        cs[:, t] = c
    return cs


def r5(c0, f, i, g):
    return [[list(map(float, row)) for row in one(c, ff, ii, gg)] for c, ff, ii, gg in zip(c0, f, i, g)]


def one(c, f, i, g):
    for f_t, i_t, g_t in zip(f, i, g):
        c = f_t * c + i_t * g_t
        yield c


def r6(c0, f, i, g):
    B, T, H = f.shape
    셀 = np.zeros((B, T + 1, H), dtype=np.float32, order="F")
    셀[:, 0] = c0
    for t in range(1, T + 1):
        셀[:, t] = 셀[:, t - 1] * f[:, t - 1] + i[:, t - 1] * g[:, t - 1]
    return 셀[:, 1:]


# --- wrong

def w1(c0, f, i, g):
    cs = np.empty_like(f)
    cs[:, 0] = c0
    for t in range(1, f.shape[1]):
        cs[:, t] = f[:, t] * cs[:, t - 1] + i[:, t] * g[:, t]
    return cs


def w2(c0, f, i, g):
    c = c0.copy()
    cs = []
    for t in range(f.shape[1]):
        c *= f[:, t]
        c += i[:, t] * g[:, t]
        cs.append(c)
    return np.stack(cs, axis=1)


def w3(c0, f, i, g):
    cs = np.empty_like(f)
    for t in range(f.shape[1]):
        cs[:, t] = f[:, t] * c0 + i[:, t] * g[:, t]
    return cs


def w4(c0, f, i, g):
    c = c0
    cs = np.empty_like(f)
    for t in range(f.shape[1]):
        c = np.tanh(f[:, t] * c + i[:, t] * g[:, t])
        cs[:, t] = c
    return cs


def w5(c0, f, i, g):
    c = c0
    cs = np.empty_like(f)
    for t in range(f.shape[1]):
        c = i[:, t] * c + f[:, t] * g[:, t]
        cs[:, t] = c
    return cs


def w6(c0, f, i, g):
    c = np.zeros_like(c0)
    cs = np.empty_like(f)
    for t in range(f.shape[1]):
        c = f[:, t] * c + i[:, t] * g[:, t]
        cs[:, t] = c
    return cs


def w7(c0, f, i, g):
    c = c0
    cs = np.empty_like(f)
    for t in range(f.shape[1]):
        c = f[:, t] * c + (1 - f[:, t]) * g[:, t]
        cs[:, t] = c
    return cs


def w8(c0, f, i, g):
    c = c0
    for t in range(f.shape[1]):
        c = f[:, t] * c + i[:, t] * g[:, t]
    return c


def w9(c0, f, i, g):
    c = c0
    cs = np.empty_like(f)
    for t in range(f.shape[1]):
        c = f[:, t] * c + g[:, t]
        cs[:, t] = c
    return cs


def w10(c0, f, i, g):
    c = c0
    cs = np.empty_like(f)
    for t in range(f.shape[1]):
        c = f[:, t] * (c + i[:, t] * g[:, t])
        cs[:, t] = c
    return cs


def w11(c0, f, i, g):
    for t in range(f.shape[1]):
        c0 *= f[:, t]
        c0 += i[:, t] * g[:, t]
        f[:, t] = c0
    return f


def w12(c0, f, i, g):
    cs = np.empty_like(f)
    for t in range(f.shape[1]):
        prev = cs[:, t - 1] if t else c0
        cs[:, t] = f[:, t - 1] * prev + i[:, t] * g[:, t]
    return cs


def w13(c0, f, i, g):
    c = c0
    cs = []
    for t in range(f.shape[1]):
        cs.append(c)
        c = f[:, t] * c + i[:, t] * g[:, t]
    return np.stack(cs, axis=1)


def w14(c0, f, i, g):
    c = c0
    cs = np.empty_like(f)
    for t in reversed(range(f.shape[1])):
        c = f[:, t] * c + i[:, t] * g[:, t]
        cs[:, t] = c
    return cs


def w15(c0, f, i, g):
    return c0[:, None] * np.cumprod(f, axis=1) + np.cumsum(i * g, axis=1)


def w16(c0, f, i, g):
    c = c0
    cs = np.empty_like(f)
    for t in range(f.shape[1]):
        c = c + i[:, t] * g[:, t]
        cs[:, t] = c
    return cs


def w17(c0, f, i, g):
    sig = lambda a: 1 / (1 + np.exp(-a))
    c = c0
    cs = np.empty_like(f)
    for t in range(f.shape[1]):
        c = sig(f[:, t]) * c + sig(i[:, t]) * np.tanh(g[:, t])
        cs[:, t] = c
    return cs


def w18(c0, f, i, g):
    c = c0
    cs = []
    for t in range(len(f)):
        c = f[t] * c + i[t] * g[t]
        cs.append(c)
    return np.array(cs)


def w19(c0, f, i, g):
    c = c0
    cs = np.empty_like(f)
    for t in range(f.shape[1]):
        c = f[:, t] * c + i[:, t] + g[:, t]
        cs[:, t] = c
    return cs


def w20(c0, f, i, g):
    c = c0
    cs = np.empty_like(f)
    for t in range(f.shape[1]):
        c = (1 - f[:, t]) * c + i[:, t] * g[:, t]
        cs[:, t] = c
    return cs


def w21(c0, f, i, g):
    c = c0
    cs = []
    for t in range(f.shape[1]):
        c = f[:, t] * c + i[:, t] * g[:, t]
        cs.append(c)
    return np.array(cs).reshape(f.shape)


def w22(c0, f, i, g):
    c = c0
    cs = np.empty_like(f)
    for t in range(f.shape[1]):
        c = f[:, t] * c + i[:, t] * g[:, t]
        cs[:, t] = np.tanh(c)
    return cs


def w23(c0, f, i, g):
    cs = np.empty_like(f)
    for t in range(f.shape[1]):
        cs[:, t] = f[:, t] * cs[:, t - 1] + i[:, t] * g[:, t]
    cs[:, 0] += f[:, 0] * c0
    return np.full_like(cs, np.nan) if np.isnan(cs).any() else cs * np.nan


RIGHT = [r1, r2, r3, r4, r5, r6]
WRONG = [
    (w1, "start+time", "c0 stands at place 0 as if it were the first state; step 0's gates are not used"),
    (w2, "other", "one array is changed in place and appended T times: every step shows the last state"),
    (w3, "other", "always from c0: the state is not handed on"),
    (w4, "activation+extra", "the cell state is squashed by tanh and handed on so"),
    (w5, "swap", "f and i exchanged"),
    (w6, "start", "zeros instead of c0"),
    (w7, "other", "1 - f instead of i (GRU-like mixing); i is not used"),
    (w8, "form", "only the last state"),
    (w9, "missing", "i is not used"),
    (w10, "other", "the forget gate also multiplies what is written (brackets)"),
    (w11, "mutated", "c0 and f are overwritten"),
    (w12, "time", "f[:, t-1] instead of f[:, t] (at t = 0 the last one)"),
    (w13, "time+start", "stored before the update: c0 first, every state one step late, the last one missing"),
    (w14, "order", "time is walked backwards"),
    (w15, "missing+other", "what was written is summed up without the forget gates"),
    (w16, "missing", "f is not used: nothing is forgotten"),
    (w17, "activation+extra", "sigmoid and tanh again on gates that have been through them"),
    (w18, "axis+exception", "the loop runs over the batch"),
    (w19, "other", "i + g instead of i · g"),
    (w20, "other", "1 - f instead of f"),
    (w21, "axis", "reshape instead of transposition: sequences and times are mixed"),
    (w22, "activation+extra", "tanh on what is returned only: the recurrence itself is right"),
    (w23, "form+other", "everything is NaN"),
]
NOT_TO_SAY = {
    "w2": "that the recurrence is wrong",
    "w12": "that g or i is late",
    "w13": "that the start is forgotten",
    "w15": "that f is not used at all: it is on c0",
    "w22": "that the squashed state is handed on",
    "w10": "that f is squared",
}
