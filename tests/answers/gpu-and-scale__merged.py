import numpy as np

EXERCISE = "gpu-and-scale/merged"


def r1(out1, lse1, out2, lse2):
    lse = np.logaddexp(lse1, lse2)
    a = np.exp(lse1 - lse).reshape(-1, 1)
    return a * out1 + (1 - a) * out2, lse


def r2(out1, lse1, out2, lse2):
    T, K = out1.shape
    out, lse = np.zeros((T, K)), np.zeros(T)
    for t in range(T):
        top = max(lse1[t], lse2[t])
        a, b = np.exp(lse1[t] - top), np.exp(lse2[t] - top)
        out[t] = (a * out1[t] + b * out2[t]) / (a + b)
        lse[t] = top + np.log(a + b)
    return out, lse


# --- wrong

def w1(out1, lse1, out2, lse2):
    return (out1 + out2) / 2, np.logaddexp(lse1, lse2)


def w2(out1, lse1, out2, lse2):
    m = np.maximum(lse1, lse2)
    w1, w2 = np.exp(lse1 - m), np.exp(lse2 - m)
    return w1[:, None] * out1 + w2[:, None] * out2, m + np.log(w1 + w2)


def w3(out1, lse1, out2, lse2):
    m = np.maximum(lse1, lse2)
    w1, w2 = np.exp(lse1 - m), np.exp(lse2 - m)
    out = (w2[:, None] * out1 + w1[:, None] * out2) / (w1 + w2)[:, None]
    return out, m + np.log(w1 + w2)


def w4(out1, lse1, out2, lse2):
    m = np.maximum(lse1, lse2)
    w1, w2 = np.exp(lse1 - m), np.exp(lse2 - m)
    out = (w1[:, None] * out1 + w2[:, None] * out2) / (w1 + w2)[:, None]
    return out, np.log(w1 + w2)


def w5(out1, lse1, out2, lse2):
    lse = np.logaddexp(lse1, lse2)
    out = np.exp(lse1 - lse)[:, None] * out1 + np.exp(lse2 - lse)[:, None] * out2
    return out, lse1 + lse2


RIGHT = [r1, r2]
WRONG = [
    (w1, "misconception", "half each"),
    (w2, "missing", "not divided"),
    (w3, "swap+other", "weights exchanged"),
    (w4, "missing", "the largest is not added back"),
    (w5, "other+extra", "logarithms added up"),
]
