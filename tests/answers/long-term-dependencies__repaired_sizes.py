import numpy as np

EXERCISE = "long-term-dependencies/repaired_sizes"


def r1(hs, weight_hh, dlast):
    B, T, H = hs.shape
    sizes = []
    dh = dlast
    for t in range(T - 1, -1, -1):
        sizes.append(np.mean(np.sqrt(np.sum(dh**2, axis=-1))))
        dh = (dh * (1 - hs[:, t]**2)) @ weight_hh
    return np.array(sizes[::-1])


def r2(hs, weight_hh, dlast):
    B, T, H = hs.shape
    total = np.zeros(T)
    for b in range(B):
        dh = dlast[b]
        for t in reversed(range(T)):
            total[t] += np.linalg.norm(dh)
            dh = weight_hh.T @ ((1 - hs[b, t]**2) * dh)
    return total / B


def r3(hs, weight_hh, dlast):
    B, T, H = hs.shape
    dhs = np.empty((B, T, H))
    dhs[:, -1] = dlast
    for t in range(T - 2, -1, -1):
        dhs[:, t] = dhs[:, t + 1] * (1 - hs[:, t + 1]**2) @ weight_hh
    return np.linalg.norm(dhs, axis=2).mean(axis=0)


def r4(hs, weight_hh, dlast):
    import torch

    hs, weight_hh, dh = (torch.tensor(array) for array in (hs, weight_hh, dlast))
    sizes = []
    for h in hs.unbind(1)[::-1]:
        sizes.insert(0, dh.norm(dim=1).mean())
        dh = dh * (1 - h**2) @ weight_hh
    return torch.stack(sizes)


def r5(hs, weight_hh, dlast):
    B, T, H = hs.shape
    J = np.tile(np.eye(H), (B, 1, 1))
    sizes = np.zeros(T, np.float32)
    for t in reversed(range(T)):
        sizes[t] = np.mean([np.linalg.norm(J[b].T @ dlast[b]) for b in range(B)])
        J = J @ ((1 - hs[:, t]**2)[:, :, None] * weight_hh)
    return sizes


# --- wrong

def w1(hs, weight_hh, dlast):
    B, T, H = hs.shape
    dh, sizes = dlast, np.empty(T)
    for t in reversed(range(T)):
        sizes[t] = np.linalg.norm(dh.mean(axis=0))
        dh = dh * (1 - hs[:, t]**2) @ weight_hh
    return sizes


def w2(hs, weight_hh, dlast):
    B, T, H = hs.shape
    dh, sizes = dlast, np.empty(T)
    for t in reversed(range(T)):
        sizes[t] = np.linalg.norm(dh)
        dh = dh * (1 - hs[:, t]**2) @ weight_hh
    return sizes


def w3(hs, weight_hh, dlast):
    B, T, H = hs.shape
    dh, sizes = dlast, np.empty(T)
    for t in reversed(range(T)):
        sizes[t] = np.linalg.norm(dh) / B
        dh = dh * (1 - hs[:, t]**2) @ weight_hh
    return sizes


def w4(hs, weight_hh, dlast):
    B, T, H = hs.shape
    dh, sizes = dlast, np.empty(T)
    for t in reversed(range(T)):
        sizes[t] = np.linalg.norm(dh, axis=0).mean()
        dh = dh * (1 - hs[:, t]**2) @ weight_hh
    return sizes


def w5(hs, weight_hh, dlast):
    B, T, H = hs.shape
    dh, sizes = dlast, np.empty(T)
    for t in reversed(range(T)):
        dh = dh * (1 - hs[:, t]**2) @ weight_hh
        sizes[t] = np.linalg.norm(dh, axis=1).mean()
    return sizes


def w6(hs, weight_hh, dlast):
    B, T, H = hs.shape
    dh, sizes = dlast, np.empty(T)
    for t in reversed(range(T)):
        sizes[t] = np.linalg.norm(dh, axis=1).mean()
        dh = dh * (1 - hs[:, t]**2) @ weight_hh.T
    return sizes


def w7(hs, weight_hh, dlast):
    B, T, H = hs.shape
    dh, sizes = dlast, np.empty(T)
    for t in reversed(range(T)):
        sizes[t] = np.linalg.norm(dh, axis=1).mean()
        dh = dh * (1 - hs[:, t - 1]**2) @ weight_hh
    return sizes


def w8(hs, weight_hh, dlast):
    B, T, H = hs.shape
    dh, sizes = dlast, np.empty(T)
    for t in reversed(range(T)):
        sizes[t] = np.linalg.norm(dh, axis=1).sum()
        dh = dh * (1 - hs[:, t]**2) @ weight_hh
    return sizes


def w9(hs, weight_hh, dlast):
    B, T, H = hs.shape
    dh, sizes = dlast, np.empty(T)
    for t in reversed(range(T)):
        sizes[t] = np.abs(dh).mean()
        dh = dh * (1 - hs[:, t]**2) @ weight_hh
    return sizes


def w10(hs, weight_hh, dlast):
    B, T, H = hs.shape
    dh, sizes = dlast, np.empty(T)
    for t in range(T):
        sizes[t] = np.linalg.norm(dh, axis=1).mean()
        dh = dh * (1 - hs[:, t]**2) @ weight_hh
    return sizes


RIGHT = [r1, r2, r3, r4, r5]
WRONG = [
    (w1, "order+other", "the size of the mean gradient, as in the faulty function"),
    (w2, "axis+scale+other", "the size of the whole batch as one vector"),
    (w3, "axis+scale+other", "the size of the whole batch, divided by B"),
    (w4, "axis", "sizes along the batch, one for each unit"),
    (w5, "time", "measured after the step back instead of before"),
    (w6, "transpose", "weight_hh is transposed"),
    (w7, "time", "the derivative at the state one step too early, wrapping around at the first"),
    (w8, "scale+accumulate", "the sum over the batch instead of the mean"),
    (w9, "other+axis", "the mean of the absolute values instead of the norm"),
    (w10, "order+time", "runs from the first step to the last"),
]
NOT_TO_SAY = {
    "w1": "that the derivative is wrong",
    "w8": "that the norm is wrong",
}
