import numpy as np

EXERCISE = "long-term-dependencies/jacobian_norms"


def r1(hs, weight_hh):
    T, H = hs.shape
    norms = []
    for t in range(T):
        J = np.identity(H)
        for s in range(t + 1, T):
            J = np.diag(1 - hs[s] ** 2) @ weight_hh @ J
        norms.append(np.linalg.norm(J, 2))
    return norms


def r2(hs, weight_hh):
    J = np.eye(hs.shape[1])
    result = [1]
    for h in hs[:0:-1]:
        J = J @ ((1 - h**2)[:, None] * weight_hh)
        result.append(np.linalg.svd(J, compute_uv=False)[0])
    return result[::-1]


def r3(hs, weight_hh):
    import torch

    T, H = hs.shape
    h = torch.tensor(hs)
    W = torch.tensor(weight_hh)
    out = torch.ones(T, dtype=torch.float64)
    J = torch.eye(H, dtype=torch.float64)
    for t in range(T - 2, -1, -1):
        J = J @ torch.diag(1 - h[t + 1] ** 2) @ W
        out[t] = torch.linalg.matrix_norm(J, ord=2)
    return out


def r4(hs, weight_hh):
    def norm(M):
        return np.sqrt(np.linalg.eigvalsh(M.T @ M)[-1])

    T, H = hs.shape
    steps = (1 - hs ** 2)[:, :, None] * weight_hh           # (T, H, H)
    result = {T - 1: 1.0}
    P = np.eye(H)
    for t in range(T - 1, 0, -1):
        P = P.dot(steps[t])
        result[t - 1] = norm(P)
    return np.array([result[t] for t in range(T)])


def r5(hs, weight_hh):
    T, H = hs.shape
    Js = [np.eye(H, dtype=np.float32)]
    for t in range(T - 2, -1, -1):
        Js.insert(0, (Js[0] @ np.diag(1 - hs[t + 1]**2) @ weight_hh).astype(np.float32))
    return np.linalg.norm(np.stack(Js), ord=2, axis=(1, 2))


# --- wrong

def w1(hs, weight_hh):
    T, H = hs.shape
    J, norms = np.eye(H), np.ones(T)
    for t in reversed(range(T - 1)):
        J = J @ np.diag(1 - hs[t]**2) @ weight_hh
        norms[t] = np.linalg.norm(J, 2)
    return norms


def w2(hs, weight_hh):
    T, H = hs.shape
    J, norms = np.eye(H), np.zeros(T)
    for t in reversed(range(T)):
        J = J @ np.diag(1 - hs[t]**2) @ weight_hh
        norms[t] = np.linalg.norm(J, 2)
    return norms


def w3(hs, weight_hh):
    T, H = hs.shape
    J, norms = np.eye(H), np.ones(T)
    for t in reversed(range(T - 1)):
        J = J @ np.diag(1 - np.tanh(hs[t + 1])**2) @ weight_hh
        norms[t] = np.linalg.norm(J, 2)
    return norms


def w4(hs, weight_hh):
    T, H = hs.shape
    J, norms = np.eye(H), np.ones(T)
    for t in reversed(range(T - 1)):
        J = J @ np.diag(1 - hs[t + 1]**2) @ weight_hh
        norms[t] = np.linalg.norm(J)
    return norms


def w5(hs, weight_hh):
    T, H = hs.shape
    J, norms = np.eye(H), np.ones(T)
    for t in reversed(range(T - 1)):
        J = J @ weight_hh
        norms[t] = np.linalg.norm(J, 2)
    return norms


def w6(hs, weight_hh):
    T, H = hs.shape
    norms = np.ones(T)
    for t in reversed(range(T - 1)):
        norms[t] = norms[t + 1] * np.linalg.norm(np.diag(1 - hs[t + 1]**2) @ weight_hh, 2)
    return norms


def w7(hs, weight_hh):
    T, H = hs.shape
    J, norms = np.eye(H), np.ones(T)
    for t in reversed(range(T - 1)):
        J = np.diag(1 - hs[t + 1]**2) @ weight_hh @ J
        norms[t] = np.linalg.norm(J, 2)
    return norms


def w8(hs, weight_hh):
    T, H = hs.shape
    J, norms = np.eye(H), [1.0]
    for t in reversed(range(T - 1)):
        J = J @ np.diag(1 - hs[t + 1]**2) @ weight_hh
        norms.append(np.linalg.norm(J, 2))
    return np.array(norms)


def w9(hs, weight_hh):
    T, H = hs.shape
    J, norms = np.eye(H), np.ones(T)
    for t in reversed(range(T - 1)):
        J = J @ np.diag(1 - hs[t + 1]**2) @ weight_hh.T
        norms[t] = np.linalg.norm(J, 2)
    return norms


def w10(hs, weight_hh):
    T, H = hs.shape
    J, norms = np.eye(H), np.ones(T)
    for t in reversed(range(T - 1)):
        J = J @ np.diag(1 - hs[t + 1]**2) @ weight_hh
        norms[t] = np.abs(np.linalg.eigvals(J)).max()
    return norms


def w11(hs, weight_hh):
    T, H = hs.shape
    norms = np.ones(T)
    for t in range(T - 1):
        norms[t] = np.linalg.norm(np.diag(1 - hs[t + 1]**2) @ weight_hh, 2)
    return norms


def w12(hs, weight_hh):
    T, H = hs.shape
    J, norms = np.eye(H), np.zeros(T)
    for t in reversed(range(T - 1)):
        J = J @ np.diag(1 - hs[t + 1]**2) @ weight_hh
        norms[t] = np.linalg.norm(J, 2)
    return norms


def w13(hs, weight_hh):
    T, H = hs.shape
    J, norms = np.eye(H), np.ones(T)
    for t in range(1, T):
        J = np.diag(1 - hs[t]**2) @ weight_hh @ J
        norms[t] = np.linalg.norm(J, 2)         # ∂h_t/∂h_1
    return norms


def w14(hs, weight_hh):
    T, H = hs.shape
    J = np.eye(H)
    Js = np.zeros((T, H, H))
    Js[-1] = J
    for t in reversed(range(T - 1)):
        J = J @ np.diag(1 - hs[t + 1]**2) @ weight_hh
        Js[t] = J
    return Js


def w15(hs, weight_hh):
    T, H = hs.shape
    J, 배율 = np.eye(H), np.ones(T)
    for t in reversed(range(T - 1)):
        J = J @ np.diag(hs[t + 1] * (1 - hs[t + 1])) @ weight_hh
        배율[t] = np.linalg.norm(J, 2)
    return 배율


def w16(hs, weight_hh):
    T, H = hs.shape
    J, norms = np.eye(H), np.ones(T)
    for t in reversed(range(T - 1)):
        J = J @ weight_hh @ np.diag(1 - hs[t + 1]**2)
        norms[t] = np.linalg.norm(J, 2)
    return norms


def w17(hs, weight_hh):
    T, H = hs.shape
    J, norms = np.eye(H), np.ones(T)
    for t in reversed(range(T - 1)):
        J += J @ np.diag(1 - hs[t + 1]**2) @ weight_hh
        norms[t] = np.linalg.norm(J, 2)
    return norms


def w18(hs, weight_hh):
    # the factor at distance n is rho(W) ** n
    T = len(hs)
    rho = np.abs(np.linalg.eigvals(weight_hh)).max()
    return rho ** np.arange(T - 1, -1, -1)


def w19(hs, weight_hh):
    T, H = hs.shape
    J, norms = np.eye(H), np.ones(T)
    for t in reversed(range(T - 1)):
        J = J @ ((1 - hs[t + 1]**2) * weight_hh)
        norms[t] = np.linalg.norm(J, 2)
    return norms


def w20(hs, weight_hh):
    T, H = hs.shape
    v, norms = np.ones(H) / np.sqrt(H), np.ones(T)
    for t in reversed(range(T - 1)):
        v = weight_hh.T @ ((1 - hs[t + 1]**2) * v)
        norms[t] = np.linalg.norm(v)
    return norms


def w21(hs, weight_hh):
    T, H = hs.shape
    J = np.eye(H)
    norms = np.ones(T, dtype=int)
    for t in reversed(range(T - 1)):
        J = J @ np.diag(1 - hs[t + 1]**2) @ weight_hh
        norms[t] = np.linalg.norm(J, 2)
    return norms


def w22(hs, weight_hh):
    T, H = hs.shape
    J, norms = np.eye(H), np.ones(T)
    for t in reversed(range(T - 2)):
        J = J @ np.diag(1 - hs[t + 1]**2) @ weight_hh
        norms[t] = np.linalg.norm(J, 2)
    return norms


RIGHT = [r1, r2, r3, r4, r5]
WRONG = [
    (w1, "time", "the derivative of hs[t] instead of hs[t+1]"),
    (w2, "time", "one factor too many everywhere: the last value is not 1"),
    (w3, "derivative", "1 - tanh(hs)²"),
    (w4, "other", "Frobenius norm instead of the 2-norm (the last value is set to 1)"),
    (w5, "missing+derivative", "the tanh's derivative is missing: powers of W"),
    (w6, "other", "the product of the steps' norms instead of the norm of the product"),
    (w7, "order", "new factors are multiplied from the wrong side: D(t+1)W J instead of J D(t+1)W"),
    (w8, "order", "the list is not turned round: from the last step to the first"),
    (w9, "transpose", "weight_hh is transposed"),
    (w10, "other", "spectral radius instead of the largest singular value"),
    (w11, "other", "only one step's Jacobian each, ∂h_{t+1}/∂h_t, not multiplied up to T"),
    (w12, "start", "the last value is 0 instead of 1; the others are right"),
    (w13, "other", "∂h_t/∂h_1 instead of ∂h_T/∂h_t"),
    (w14, "form", "the Jacobians themselves, (T, H, H)"),
    (w15, "derivative", "the sigmoid's derivative h(1-h)"),
    (w16, "transpose", "W D instead of D W in each step"),
    (w17, "accumulate", "+= for ="),
    (w18, "other", "powers of the spectral radius of weight_hh; hs is used for its length only"),
    (w19, "axis", "1 - h² is multiplied along the columns: W D instead of D W"),
    (w20, "other", "follows one gradient vector of ones instead of the matrix: a factor in one direction only"),
    (w21, "form", "an array of ints cuts off the decimals"),
    (w22, "time", "the loop begins at T-3: norms[T-2] stays 1 and one factor is missing in all before"),
]
NOT_TO_SAY = {
    "w6": "that derivatives or a factor are missing",
    "w7": "that D and W are exchanged within a step (W D)",
    "w8": "that it runs over the wrong direction of time in computing: only the output is reversed",
    "w12": "that a factor is missing",
    "w20": "that the wrong norm of the Jacobian was taken",
    "w21": "anything but the kind of number",
    "w11": "that the derivative is missing",
}
