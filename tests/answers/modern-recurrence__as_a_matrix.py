import numpy as np

EXERCISE = "modern-recurrence/as_a_matrix"


def r1(a):
    T = len(a)
    return np.array([[np.prod(a[s + 1:t + 1]) if s <= t else 0 for s in range(T)] for t in range(T)])


def r2(a):
    T = len(a)
    M = np.zeros((T, T))
    for s in range(T):
        x = 1.0
        for t in range(s, T):
            if t > s:
                x *= a[t]
            M[t, s] = x
    return M


# --- wrong

def w1(a):
    c = np.cumprod(a)
    return np.tril(c[:, None] * np.ones(len(a)))


def w2(a):
    T = len(a)
    return np.array([[np.prod(a[s:t + 1]) if s <= t else 0 for s in range(T)] for t in range(T)])


def w3(a):
    T = len(a)
    return np.array([[a[t] ** (t - s) if s <= t else 0 for s in range(T)] for t in range(T)])


def w4(a):
    return r1(a).T


def w5(a):
    return r1(a) - np.eye(len(a))


RIGHT = [r1, r2]
WRONG = [
    (w1, "time+start", "the product of all factors up to t"),
    (w2, "time+extra", "the input's own factor too"),
    (w3, "other+scale", "one factor raised to a power"),
    (w4, "transpose+order", "transposed"),
    (w5, "missing+start", "the step's own input missing"),
]
