import numpy as np

EXERCISE = "steps/attend_backward"


def r1(dc, alpha, h):
    dw = np.einsum("bth,bsh->bts", dc, h)
    return alpha * dw - alpha * np.sum(alpha * dw, axis=-1, keepdims=True), np.einsum("bts,bth->bsh", alpha, dc)


def r2(dc, alpha, h):
    B, T, S = alpha.shape
    de, dh = np.zeros((B, T, S)), np.zeros(h.shape)
    for b in range(B):
        for t in range(T):
            for i in range(S):
                dh[b, i] += alpha[b, t, i] * dc[b, t]
                for j in range(S):
                    de[b, t, j] += (h[b, i] @ dc[b, t]) * alpha[b, t, i] * ((i == j) - alpha[b, t, j])
    return de, dh


# --- wrong

def w1(dc, alpha, h):
    dw = dc @ h.swapaxes(1, 2)
    return alpha * (1 - alpha) * dw, alpha.swapaxes(1, 2) @ dc


def w2(dc, alpha, h):
    dw = dc @ h.swapaxes(1, 2)
    return alpha * dw, alpha.swapaxes(1, 2) @ dc


def w3(dc, alpha, h):
    dw = dc @ h.swapaxes(1, 2)
    return dw, alpha.swapaxes(1, 2) @ dc


def w4(dc, alpha, h):
    dw = dc @ h.swapaxes(1, 2)
    return alpha * (dw - dw.mean(axis=-1, keepdims=True)), alpha.swapaxes(1, 2) @ dc


def w5(dc, alpha, h):
    dw = dc @ h.swapaxes(1, 2)
    return alpha * (dw - (alpha * dw).sum(1, keepdims=True)), alpha.swapaxes(1, 2) @ dc


def w6(dc, alpha, h):
    dw = dc @ h.swapaxes(1, 2)
    return alpha * (dw + (alpha * dw).sum(-1, keepdims=True)), alpha.swapaxes(1, 2) @ dc


RIGHT = [r1, r2]
WRONG = [
    (w1, "derivative+missing+other", "the derivative of a sigmoid: only the Jacobian's diagonal"),
    (w2, "missing", "the mean is not subtracted"),
    (w3, "derivative+missing", "the softmax is not differentiated at all"),
    (w4, "other+scale+missing", "a plain mean instead of the weighted one"),
    (w5, "axis", "the mean runs over the output steps"),
    (w6, "sign", "the mean is added"),
]
NOT_TO_SAY = {
    "w1": "that dh is wrong",
}
