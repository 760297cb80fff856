import numpy as np

EXERCISE = "whole/smoothed_gradient"


def sm(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def r1(z, targets, epsilon):
    T, V = z.shape
    y = (1 - epsilon) * np.eye(V)[np.maximum(targets, 0)] + epsilon / V
    dz = sm(z) - y
    dz[targets == -100] = 0
    return dz / (targets != -100).sum()


def r2(z, targets, epsilon):
    dz, n = np.zeros_like(z), 0
    for t in range(len(z)):
        if targets[t] == -100:
            continue
        n += 1
        for v in range(z.shape[1]):
            dz[t, v] = sm(z[t])[v] - epsilon / z.shape[1] - (1 - epsilon) * (v == targets[t])
    return dz / n


# --- wrong

def w1(z, targets, epsilon):
    T, V = z.shape
    dz = sm(z) - (1 - epsilon) * np.eye(V)[targets * (targets >= 0)]
    return dz * (targets >= 0)[:, None] / (targets >= 0).sum()


def w2(z, targets, epsilon):
    T, V = z.shape
    y = (1 - epsilon) * np.eye(V)[targets * (targets >= 0)] + epsilon / V
    return (sm(z) - y) / T


def w3(z, targets, epsilon):
    T, V = z.shape
    y = np.eye(V)[targets * (targets >= 0)]
    return (sm(z) - y) * (targets >= 0)[:, None] / (targets >= 0).sum()


def w4(z, targets, epsilon):
    T, V = z.shape
    y = (1 - epsilon) * np.eye(V)[targets * (targets >= 0)] + epsilon / V
    return (sm(z) - y) * (targets >= 0)[:, None]


def w5(z, targets, epsilon):
    T, V = z.shape
    y = (1 - epsilon) * np.eye(V)[targets * (targets >= 0)] + epsilon / V
    return (y - sm(z)) * (targets >= 0)[:, None] / (targets >= 0).sum()


RIGHT = [r1, r2]
WRONG = [
    (w1, "missing", "what is taken from the truth is given to nobody"),
    (w2, "scale+missing", "padding has a gradient and counts in the mean"),
    (w3, "missing", "no smoothing at all"),
    (w4, "scale", "the sum, not the mean"),
    (w5, "sign", "the sign"),
]
NOT_TO_SAY = {}
