import numpy as np

EXERCISE = "modern-recurrence/scan_round"


def r1(a, u, reach):
    if reach >= len(u):
        return a.copy(), u.copy()
    A = np.concatenate([a[:reach], a[reach:] * a[:-reach]])
    U = np.concatenate([u[:reach], a[reach:] * u[:-reach] + u[reach:]])
    return A, U


def r2(a, u, reach):
    A, U = a.copy(), u.copy()
    for t in range(len(u) - 1, reach - 1, -1):
        U[t] = a[t] * U[t - reach] + U[t]
        A[t] = a[t] * A[t - reach]
    return A, U


# --- wrong

def w1(a, u, reach):
    A, U = a.copy(), u.copy()
    for t in range(reach, len(u)):
        A[t] = A[t] * A[t - reach]
        U[t] = a[t] * U[t - reach] + U[t]
    return A, U


def w2(a, u, reach):
    A, U = a.copy(), u.copy()
    for t in range(reach, len(u)):
        A[t] = a[t] * a[t - reach]
        U[t] = a[t - reach] * u[t] + u[t - reach]
    return A, U


def w3(a, u, reach):
    A, U = r1(a, u, reach)
    return A, np.concatenate([u[:reach], U[reach:] - u[reach:]])


def w4(a, u, reach):
    return r1(a, u, 1)


RIGHT = [r1, r2]
WRONG = [
    (w1, "accumulate+other", "reads what the round has changed"),
    (w2, "swap+order", "the two pairs exchanged"),
    (w3, "missing", "the later pair's own term missing"),
    (w4, "time+other", "always the pair right before"),
]
