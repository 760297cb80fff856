import numpy as np

EXERCISE = "bidirectional/unseen"


def r1(ahead, back):
    zero = np.zeros((ahead.shape[0], 1, ahead.shape[2]))
    return np.concatenate((np.concatenate((zero, ahead), 1)[:, :-1], np.concatenate((back, zero), 1)[:, 1:]), 2)


def r2(ahead, back):
    B, T, H = ahead.shape
    rows = []
    for t in range(T):
        left = ahead[:, t - 1] if t > 0 else np.zeros((B, H))
        right = back[:, t + 1] if t + 1 < T else np.zeros((B, H))
        rows.append(np.hstack([left, right]))
    return np.stack(rows, axis=1)


def r3(ahead, back):
    left, right = np.roll(ahead, 1, axis=1), np.roll(back, -1, axis=1)
    left[:, 0] = 0
    right[:, -1] = 0
    return np.concatenate([left, right], axis=2)


def r4(ahead, back):
    import torch

    a, b = torch.tensor(ahead), torch.tensor(back)
    z = torch.zeros_like(a[:, :1])
    return torch.cat([torch.cat([z, a[:, :-1]], 1), torch.cat([b[:, 1:], z], 1)], -1)


# --- wrong

def w1(ahead, back):
    zero = np.zeros_like(ahead[:, :1])
    return np.concatenate([np.concatenate([zero, ahead[:, :-1]], 1), back], -1)


def w2(ahead, back):
    return np.concatenate([ahead, back], -1)


def w3(ahead, back):
    zero = np.zeros_like(ahead[:, :1])
    shift = lambda h: np.concatenate([zero, h[:, :-1]], 1)
    return np.concatenate([shift(ahead), shift(back)], -1)


def w4(ahead, back):
    return np.concatenate([np.roll(ahead, 1, 1), np.roll(back, -1, 1)], -1)


def w5(ahead, back):
    zero = np.zeros_like(ahead[:, :1])
    return np.concatenate([zero, ahead[:, :-1]], 1) + np.concatenate([back[:, 1:], zero], 1)


def w6(ahead, back):
    return np.concatenate([ahead[:, :-2], back[:, 2:]], -1)


def w7(ahead, back):
    zero = np.zeros_like(ahead[:, :1])
    return np.concatenate([np.concatenate([ahead[:, 1:], zero], 1), np.concatenate([zero, back[:, :-1]], 1)], -1)


def w8(ahead, back):
    zero = np.zeros_like(ahead[:, :1])
    back = back[:, ::-1]
    return np.concatenate([np.concatenate([zero, ahead[:, :-1]], 1), np.concatenate([back[:, 1:], zero], 1)], -1)


def w9(ahead, back):
    hs = np.concatenate([ahead, back], -1)
    return np.concatenate([np.zeros_like(hs[:, :1]), hs[:, :-1]], 1)


RIGHT = [r1, r2, r3, r4]
WRONG = [
    (w1, "time", "back is not moved: it has read letter t"),
    (w2, "time", "neither is moved"),
    (w3, "time", "back is moved the wrong way"),
    (w4, "start", "rolled: the ends come round"),
    (w5, "form", "added up"),
    (w6, "form", "T-2 steps: the ends are missing"),
    (w7, "time", "both are moved the wrong way"),
    (w8, "order", "back is reversed once more"),
    (w9, "time", "back is moved the wrong way"),
]
