import numpy as np

EXERCISE = "patterns/last_state"


def r1(hs, lengths):
    return np.stack([h[n - 1] for h, n in zip(hs, lengths)])


def r2(hs, lengths):
    index = (lengths - 1)[:, None, None]
    return np.take_along_axis(hs, np.broadcast_to(index, (len(hs), 1, hs.shape[2])), axis=1)[:, 0]


def r3(hs, lengths):
    out = []
    for b in range(hs.shape[0]):
        진짜 = hs[b, :lengths[b]]
        out.append(list(진짜[-1]))
    return out


def r4(hs, lengths):
    B, T, H = hs.shape
    pick = np.arange(T)[None, :] == lengths[:, None] - 1
    return hs[pick]


def r5(hs, lengths):
    import torch

    hs = torch.tensor(hs)
    idx = (torch.tensor(lengths) - 1).view(-1, 1, 1).expand(-1, 1, hs.size(2))
    return hs.gather(1, idx).squeeze(1)


def r6(hs, lengths):
    last = np.empty((hs.shape[0], hs.shape[2]), dtype=np.float32)
    for t in range(hs.shape[1]):
        here = lengths >= t + 1
        last[here] = hs[here, t]
    return last


# --- wrong

def w1(hs, lengths):
    return hs[:, -1]


def w2(hs, lengths):
    return hs[np.arange(len(hs)), np.minimum(lengths, hs.shape[1] - 1)]


def w3(hs, lengths):
    return hs[np.arange(len(hs)), lengths]


def w4(hs, lengths):
    return hs[:, lengths - 1]


def w5(hs, lengths):
    return hs[np.arange(len(hs)), -lengths]


def w6(hs, lengths):
    # last non-zero state
    out = []
    for h in hs:
        t = len(h) - 1
        while t > 0 and not h[t].any():
            t -= 1
        out.append(h[t])
    return np.array(out)


def w7(hs, lengths):
    T = hs.shape[1]
    mask = np.arange(T)[None] < lengths[:, None]
    return (hs * mask[..., None]).sum(axis=1) / lengths[:, None]


def w8(hs, lengths):
    return hs[np.arange(len(hs)), lengths - 2]


def w9(hs, lengths):
    return hs[:, lengths.max() - 1]


def w10(hs, lengths):
    T = hs.shape[1]
    mask = np.arange(T)[None] < lengths[:, None]
    return (hs * mask[..., None]).max(axis=1)


def w11(hs, lengths):
    return np.array([hs[b][:lengths[b]] for b in range(len(hs))])


def w12(hs, lengths):
    flat = hs.reshape(-1, hs.shape[2])
    return flat[np.cumsum(lengths) - 1]


def w13(hs, lengths):
    out = np.zeros((hs.shape[0], hs.shape[2]))
    for b in range(len(hs)):
        out = hs[b, lengths[b] - 1]
    return out


def w14(hs, lengths):
    lengths -= 1
    return hs[np.arange(len(hs)), lengths]


def w15(hs, lengths):
    mask = np.arange(hs.shape[1])[None] < lengths[:, None]
    return (hs * mask[:, :, None])[:, -1]


def w16(hs, lengths):
    return hs[np.arange(len(hs)), 0]


def w17(hs, lengths):
    order = np.argsort(-lengths)               # like pack_padded_sequence
    hs, lengths = hs[order], lengths[order]
    return hs[np.arange(len(hs)), lengths - 1]


def w18(hs, lengths):
    return hs[np.arange(len(hs)), hs.shape[1] - lengths]


def w19(hs, lengths):
    return np.stack([h[n - 1:n] for h, n in zip(hs, lengths)])


def w20(hs, lengths):
    mask = (np.arange(hs.shape[1])[None] < lengths[:, None])[..., None]
    return (hs * mask).sum(axis=1)


def w21(hs, lengths):
    hs = hs[:, ::-1]
    return np.array([h[n - 1] for h, n in zip(hs, lengths)])


def r7(hs, lengths):
    return hs[:, lengths - 1].diagonal(axis1=0, axis2=1).T        # a read-only view


RIGHT = [r1, r2, r3, r4, r5, r6, r7]
WRONG = [
    (w1, "time+missing", "the array's last step, lengths not used"),
    (w2, "time", "index lengths instead of lengths - 1, cut down to T-1 where it is too large"),
    (w3, "time+exception", "index lengths instead of lengths - 1; raises IndexError for full sequences"),
    (w4, "axis+form", "hs[:, lengths - 1] picks every length from every sequence, (B, B, H)"),
    (w5, "time", "-lengths counts from the end of the array"),
    (w6, "other", "looks for the last state that is not zero instead of using lengths: padding need not be zero"),
    (w7, "other", "mean over the real steps"),
    (w8, "time", "the last but one real step (lengths - 2)"),
    (w9, "other", "the longest sequence's last step for all of them"),
    (w10, "other", "maximum over the real steps"),
    (w11, "form+exception", "all real steps of every sequence: a ragged list"),
    (w12, "axis", "positions as if the sequences were joined without padding (cumsum of lengths in the flat array)"),
    (w13, "form", "out is overwritten instead of out[b]: one state (H,), the last sequence's"),
    (w14, "mutated", "lengths -= 1 changes the argument"),
    (w15, "time", "padding is set to zero, then the array's last step is taken: zeros for shorter sequences"),
    (w16, "time", "the first step"),
    (w17, "order", "the sequences are sorted by length and not put back in their order"),
    (w18, "time", "T - lengths, counted from the wrong end"),
    (w19, "form", "(B, 1, H): the time axis is kept"),
    (w20, "accumulate+other", "sum over the real steps"),
    (w21, "order", "time is reversed first: the step T - lengths"),
]
NOT_TO_SAY = {
    "w1": "that lengths is one too large",
    "w6": "that lengths - 1 was got wrong",
    "w12": "that padding was read by being one step late",
    "w17": "that a wrong time step was picked: each is the right state, in another row",
    "w15": "that lengths is not used",
}
