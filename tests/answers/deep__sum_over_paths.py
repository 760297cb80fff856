import numpy as np

EXERCISE = "deep/sum_over_paths"


def r1(weights):
    n = len(weights)
    c = [0] * n
    c[0] = 1
    for i in range(n):
        for j in range(i):
            c[i] += weights[i][j] * c[j]
    return np.array(c)


def r2(weights):
    total, power = np.eye(len(weights)), np.eye(len(weights))
    for _ in range(len(weights)):
        power = power @ weights
        total = total + power
    return total[:, 0]


# --- wrong

def w1(weights):
    return weights.sum(axis=1)


def w2(weights):
    c = np.zeros(len(weights))
    c[0] = 1
    for i in range(1, len(weights)):
        for j in range(i):
            c[i] = weights[i, j] * c[j]
    return c


def w3(weights):
    c = np.zeros(len(weights))
    for i in range(1, len(weights)):
        c[i] = weights[i] @ c
    return c


def w4(weights):
    c = np.zeros(len(weights))
    c[0] = 1
    for i in range(1, len(weights)):
        c[i] = (weights[i] * c).max()
    return c


def w5(weights):
    c = np.ones(len(weights))
    for i in range(1, len(weights)):
        c[i] = weights[i, :i] @ c[:i] + 1
    return c


def w6(weights):
    return np.linalg.inv(np.eye(len(weights)) - weights)[-1]


def w7(weights):
    c = np.zeros(len(weights))
    c[0] = 1
    for i in range(1, len(weights)):
        c[i] = weights[i] @ c / i
    return c


RIGHT = [r1, r2]
WRONG = [
    (w1, "missing", "weights of the last arrows alone"),
    (w2, "accumulate", "overwritten instead of added"),
    (w3, "start", "the start has no path"),
    (w4, "other", "largest instead of the sum"),
    (w5, "extra+start", "a path begins at every node"),
    (w6, "transpose+axis", "paths into the last node, from each"),
    (w7, "scale", "averaged over the arrows"),
]
