import numpy as np

EXERCISE = "unfolding/sensitivity"


def r1(hs, weight_ih, weight_hh, k):
    T, H = hs.shape
    J = np.diag(1 - hs[k] ** 2) @ weight_ih
    for t in range(k + 1, T):
        J = np.diag(1 - hs[t] ** 2) @ weight_hh @ J
    return J


def r2(hs, weight_ih, weight_hh, k):
    # from the back, as the text does
    T, H = hs.shape
    M = np.eye(H)
    t = T - 1
    while t > k:
        M = M @ ((1 - hs[t] ** 2)[:, None] * weight_hh)
        t -= 1
    return M @ np.diag(1 - hs[k] ** 2) @ weight_ih


def r3(hs, weight_ih, weight_hh, k):
    from functools import reduce

    D = [np.diag(1 - h * h) for h in hs[k:]]
    factors = [D[0] @ weight_ih] + [d @ weight_hh for d in D[1:]]
    return reduce(lambda J, F: F @ J, factors).tolist()


def r4(hs, weight_ih, weight_hh, k):
    columns = []
    for d in range(weight_ih.shape[1]):       # one column for each number of the input
        v = (1 - hs[k] ** 2) * weight_ih[:, d]
        for h in hs[k + 1:]:
            v = (1 - h ** 2) * (weight_hh @ v)
        columns.append(v)
    return np.array(columns).T


def r5(hs, weight_ih, weight_hh, k):
    import torch

    T = len(hs)
    U, W = torch.tensor(weight_ih), torch.tensor(weight_hh)
    h = [torch.tensor(row) for row in hs]
    # biases that reproduce the given states
    a = [torch.atanh(row) for row in h]

    def last(dx):
        state = torch.tanh(a[k] + U @ dx)
        for t in range(k + 1, T):
            state = torch.tanh(a[t] + W @ (state - h[t - 1]))
        return state

    return torch.autograd.functional.jacobian(last, torch.zeros(U.shape[1], dtype=U.dtype))


def r6(hs, weight_ih, weight_hh, k):
    J = np.einsum("h,hd->hd", 1 - hs[k] ** 2, weight_ih).astype(np.float32)
    for h in hs[k + 1:].astype(np.float32):
        J = np.einsum("i,ij,jd->id", 1 - h ** 2, weight_hh.astype(np.float32), J)
    return J


# --- wrong

def w1(hs, weight_ih, weight_hh, k):
    J = (1 - np.tanh(hs[k])[:, None] ** 2) * weight_ih
    for h in hs[k + 1:]:
        J = (1 - np.tanh(h)[:, None] ** 2) * (weight_hh @ J)
    return J


def w2(hs, weight_ih, weight_hh, k):
    J = np.diag(hs[k] * (1 - hs[k])) @ weight_ih
    for t in range(k + 1, len(hs)):
        J = np.diag(hs[t] * (1 - hs[t])) @ weight_hh @ J
    return J


def w3(hs, weight_ih, weight_hh, k):
    T = hs.shape[0]
    J = np.diag(1 - hs[k]**2) @ weight_ih
    for t in range(k, T):
        J = np.diag(1 - hs[t]**2) @ weight_hh @ J
    return J


def w4(hs, weight_ih, weight_hh, k):
    T = hs.shape[0]
    J = np.diag(1 - hs[k]**2) @ weight_ih
    for t in range(k + 1, T - 1):
        J = np.diag(1 - hs[t]**2) @ weight_hh @ J
    return J


def w5(hs, weight_ih, weight_hh, k):
    야코비 = weight_ih
    for t in range(k + 1, len(hs)):
        야코비 = np.diag(1 - hs[t] ** 2) @ weight_hh @ 야코비
    return 야코비


def w6(hs, weight_ih, weight_hh, k):
    J = (1 - hs[k][:, None] ** 2) * weight_ih
    for h in hs[k + 1:]:
        J = weight_hh @ ((1 - h[:, None] ** 2) * J)
    return J


def w7(hs, weight_ih, weight_hh, k):
    J = (1 - hs[k][:, None] ** 2) * weight_ih
    for h in hs[k + 1:]:
        J = (1 - h[:, None] ** 2) * (weight_hh.T @ J)
    return J


def w8(hs, weight_ih, weight_hh, k):
    T, H = hs.shape
    grad = np.eye(H)
    for t in range(k + 1, T):
        grad = grad @ np.diag(1 - hs[t] ** 2) @ weight_hh
    return grad @ np.diag(1 - hs[k] ** 2) @ weight_ih


def w9(hs, weight_ih, weight_hh, k):
    steps = len(hs) - 1 - k
    return np.linalg.matrix_power(weight_hh, steps) @ np.diag(1 - hs[k] ** 2) @ weight_ih


def w10(hs, weight_ih, weight_hh, k):
    steps = len(hs) - 1 - k
    D = np.diag(1 - hs[-1] ** 2)
    return np.linalg.matrix_power(D @ weight_hh, steps) @ D @ weight_ih


def w11(hs, weight_ih, weight_hh, k):
    J = (1 - hs[k] ** 2) * weight_ih
    for h in hs[k + 1:]:
        J = (1 - h ** 2) * (weight_hh @ J)
    return J


def w12(hs, weight_ih, weight_hh, k):
    J = np.diag(1 - hs[k]**2) @ weight_ih
    for t in range(k + 1, len(hs)):
        J += np.diag(1 - hs[t]**2) @ weight_hh @ J
    return J


def w13(hs, weight_ih, weight_hh, k):
    # k is counted from 1 in the text
    k = k - 1
    J = np.diag(1 - hs[k]**2) @ weight_ih
    for t in range(k + 1, len(hs)):
        J = np.diag(1 - hs[t]**2) @ weight_hh @ J
    return J


def w14(hs, weight_ih, weight_hh, k):
    J = np.diag(1 - hs[k]**2) @ weight_ih
    for t in range(k + 1, len(hs)):
        J = np.diag(1 - hs[t - 1]**2) @ weight_hh @ J
    return J


def w15(hs, weight_ih, weight_hh, k):
    T, H = hs.shape
    J = np.diag(1 - hs[k]**2) @ weight_ih
    for t in range(k + 1, T):
        J = np.diag(1 - hs[t]**2) @ weight_hh @ J
    return J.T


def w16(hs, weight_ih, weight_hh, k):
    T, H = hs.shape
    if k == T - 1:
        return np.zeros_like(weight_ih)      # nothing comes after it, no influence
    J = np.diag(1 - hs[k]**2) @ weight_ih
    for t in range(k + 1, T):
        J = np.diag(1 - hs[t]**2) @ weight_hh @ J
    return J


def w17(hs, weight_ih, weight_hh, k):
    J = np.diag(1 - hs[k]) @ weight_ih
    for t in range(k + 1, len(hs)):
        J = np.diag(1 - hs[t]) @ weight_hh @ J
    return J


def w18(hs, weight_ih, weight_hh, k):
    J = np.diag(1 - hs[k] ** 2) @ weight_ih
    for t in range(k + 1, len(hs)):
        J = weight_hh @ J
    return J


def w19(hs, weight_ih, weight_hh, k):
    J = (1 - hs[k] ** 2)[:, None] * weight_ih
    for t in range(k + 1, len(hs)):
        J = (1 - hs[t] ** 2)[:, None] * weight_hh * J
    return J


def w20(hs, weight_ih, weight_hh, k):
    total = np.zeros_like(weight_ih)
    for s in range(k, len(hs)):
        J = np.diag(1 - hs[s] ** 2) @ weight_ih
        for t in range(s + 1, len(hs)):
            J = np.diag(1 - hs[t] ** 2) @ weight_hh @ J
        total += J
    return total


RIGHT = [r1, r2, r3, r4, r5, r6]
WRONG = [
    (w1, "derivative", "1 - tanh(h)²: hs have been through the tanh already"),
    (w2, "derivative", "the sigmoid's derivative h(1-h)"),
    (w3, "time", "one step too many: the loop begins at k instead of k+1"),
    (w4, "time", "one step too few: T-1 is left out"),
    (w5, "missing+derivative", "the step k's own derivative D(k) is missing: starts with U"),
    (w6, "transpose", "W D instead of D W in each later step: the order of the two is exchanged"),
    (w7, "transpose", "weight_hh is transposed"),
    (w8, "order", "the product is in reversed order of time: D(k+1)W … D(T)W instead of D(T)W … D(k+1)W"),
    (w9, "missing+derivative", "only D(k) is there; the derivatives of the later steps are left out (a power of W)"),
    (w10, "other", "the last state's derivative is used for every step"),
    (w11, "axis+exception", "1 - h² is multiplied along the columns: [:, None] is missing"),
    (w12, "accumulate", "+= for =: the product is added to J instead of taking its place"),
    (w13, "time", "k - 1: the step is counted from 1; for k = 0 it wraps to the last step"),
    (w14, "time", "the derivative of the step before: hs[t-1] instead of hs[t]"),
    (w15, "transpose+form", "the transposed Jacobian (D, H)"),
    (w16, "other", "special case k = T-1 returns zeros; the rest is right"),
    (w17, "derivative", "1 - h: the square is missing"),
    (w18, "missing+derivative", "the loop multiplies with W only, no derivative of the later steps"),
    (w19, "other+exception", "elementwise * instead of the matrix product"),
    (w20, "extra", "sum over all inputs k … T-1 instead of the influence of input k alone"),
]
NOT_TO_SAY = {
    "w6": "that derivatives are missing or that the factors come in reversed time order",
    "w8": "D and W exchanged within one step",
    "w10": "that derivatives are missing",
    "w13": "that a step is missing: one too many, and D(k-1) at the start",
    "w16": "anything about 0 ≤ k < T-1",
    "w20": "that = stands for +=",
}
