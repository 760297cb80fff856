import numpy as np

EXERCISE = "bidirectional/reversed_within"


def r1(x, lengths):
    out = np.array(x)
    for i in range(len(x)):
        out[i, :lengths[i]] = np.flip(x[i, :lengths[i]], axis=0)
    return out


def r2(x, lengths):
    return np.stack([np.concatenate([seq[:n][::-1], seq[n:]]) for seq, n in zip(x, lengths)])


def r3(x, lengths):
    import torch

    out = torch.tensor(x).clone()
    for b, n in enumerate(lengths.tolist()):
        out[b, :n] = torch.flip(out[b, :n], dims=[0])
    return out


def r4(x, lengths):
    T = x.shape[1]
    idx = lengths[:, None] - 1 - np.arange(T)[None]
    idx = np.where(idx < 0, np.arange(T)[None], idx)
    return np.take_along_axis(x, idx[:, :, None], axis=1)


# --- wrong

def w1(x, lengths):
    return x[:, ::-1]


def w2(x, lengths):
    out = np.zeros_like(x)
    for i, n in enumerate(lengths):
        out[i, :n] = x[i, n - 1::-1]
        out[i, n:] = x[i, n:][::-1]
    return out


def w3(x, lengths):
    out = x.copy()
    for i, n in enumerate(lengths):
        out[i, :n] = x[i, n:0:-1] if n < x.shape[1] else x[i, :n][::-1]
    return out


def w4(x, lengths):
    n = lengths.max()
    return np.concatenate([x[:, :n][:, ::-1], x[:, n:]], axis=1)


def w5(x, lengths):
    return x[::-1]


def w6(x, lengths):
    for i, n in enumerate(lengths):
        x[i, :n] = x[i, :n][::-1]
    return x


def w7(x, lengths):
    idx = (lengths[:, None] - 1 - np.arange(x.shape[1])) % x.shape[1]
    return x[np.arange(len(x))[:, None], idx]


def w8(x, lengths):
    out = x.copy()
    for i, n in enumerate(lengths):
        out[i, :n - 1] = x[i, :n - 1][::-1]
    return out


RIGHT = [r1, r2, r3, r4]
WRONG = [
    (w1, "order", "the padding is reversed as well"),
    (w2, "order+other", "the padding is reversed within itself"),
    (w3, "time", "one step late in the sequences that do not fill T: the last real step is replaced by padding"),
    (w4, "order+other", "every sequence is reversed within the longest length"),
    (w5, "axis", "the batch is reversed, not time"),
    (w6, "mutated", "x itself is changed"),
    (w7, "order", "the padding comes round in reversed order"),
    (w8, "time", "the last real step stays where it is"),
]
