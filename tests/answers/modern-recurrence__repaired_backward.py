import numpy as np

EXERCISE = "modern-recurrence/repaired_backward"


def r1(dh, a, h):
    T, H = dh.shape
    da, du, carried = np.empty((T, H)), np.empty((T, H)), np.zeros(H)
    for t in range(T - 1, -1, -1):
        du[t] = dh[t] + carried
        da[t] = du[t] * (h[t - 1] if t else np.zeros(H))
        carried = a[t] * du[t]
    return da, du


def r2(dh, a, h):
    after = np.vstack([a[1:], np.zeros((1, a.shape[1]))])
    g, out = 0, []
    for f, d in zip(after[::-1], dh[::-1]):
        g = f * g + d
        out.insert(0, g)
    du = np.array(out)
    prev = np.roll(h, 1, axis=0)
    prev[0] = 0
    return du * prev, du


# --- wrong

def w1(dh, a, h):
    da, du, g = np.zeros_like(dh), np.zeros_like(dh), np.zeros(dh.shape[1])
    for t in reversed(range(len(dh))):
        g = dh[t] + a[t] * g
        du[t] = g
        da[t] = g * h[t - 1] if t > 0 else 0
    return da, du


def w2(dh, a, h):
    da, du = r1(dh, a, h)
    return du * h, du


def w3(dh, a, h):
    da, du = r1(dh, a, h)
    return du * np.roll(h, 1, axis=0), du


def w4(dh, a, h):
    return dh * np.vstack([np.zeros((1, h.shape[1])), h[:-1]]), dh


RIGHT = [r1, r2]
WRONG = [
    (w1, "time+scale", "the factor of the same step"),
    (w2, "time", "the state of the same step"),
    (w3, "start+time", "the first step sees the last state"),
    (w4, "missing", "nothing comes back from later steps"),
]
