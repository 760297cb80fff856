import numpy as np

EXERCISE = "qkv/attention_gradients"


def r1(dout, q, k, v, weights):
    d = q.shape[-1] ** 0.5
    dv = np.einsum("bts,btm->bsm", weights, dout)
    dw = np.einsum("btm,bsm->bts", dout, v)
    ds = weights * dw - weights * (weights * dw).sum(-1, keepdims=True)
    return np.einsum("bts,bsk->btk", ds, k) / d, np.einsum("bts,btk->bsk", ds, q) / d, dv


def r2(dout, q, k, v, weights):
    out = weights @ v
    dw = dout @ v.transpose(0, 2, 1)
    ds = weights * (dw - (dout * out).sum(axis=2, keepdims=True)) / np.sqrt(k.shape[-1])
    return ds @ k, ds.transpose(0, 2, 1) @ q, weights.transpose(0, 2, 1) @ dout


# --- wrong

def w1(dout, q, k, v, weights):
    dw = dout @ v.transpose(0, 2, 1)
    ds = weights * (1 - weights) * dw / np.sqrt(k.shape[-1])
    return ds @ k, ds.transpose(0, 2, 1) @ q, weights.transpose(0, 2, 1) @ dout


def w2(dout, q, k, v, weights):
    dw = dout @ v.transpose(0, 2, 1)
    ds = weights * (dw - (weights * dw).sum(-1, keepdims=True))
    return ds @ k, ds.transpose(0, 2, 1) @ q, weights.transpose(0, 2, 1) @ dout


def w3(dout, q, k, v, weights):
    ds = dout @ v.transpose(0, 2, 1) / np.sqrt(k.shape[-1])
    return ds @ k, ds.transpose(0, 2, 1) @ q, weights.transpose(0, 2, 1) @ dout


def w4(dout, q, k, v, weights):
    dw = dout @ v.transpose(0, 2, 1)
    ds = weights * (dw - dw.sum(-1, keepdims=True)) / np.sqrt(k.shape[-1])
    return ds @ k, ds.transpose(0, 2, 1) @ q, weights.transpose(0, 2, 1) @ dout


def w5(dout, q, k, v, weights):
    dw = dout @ v.transpose(0, 2, 1)
    ds = weights * (dw - (weights * dw).sum(1, keepdims=True)) / np.sqrt(k.shape[-1])
    return ds @ k, ds.transpose(0, 2, 1) @ q, weights.transpose(0, 2, 1) @ dout


def w6(dout, q, k, v, weights):
    dw = dout @ v.transpose(0, 2, 1)
    ds = weights * dw / np.sqrt(k.shape[-1])
    return ds @ k, ds.transpose(0, 2, 1) @ q, weights.transpose(0, 2, 1) @ dout


RIGHT = [r1, r2]
WRONG = [
    (w1, "derivative", "the softmax is derived elementwise only"),
    (w2, "missing+scale", "not divided by √K"),
    (w3, "derivative+missing", "the softmax's derivative is missing"),
    (w4, "missing+derivative", "the mean is not weighted"),
    (w5, "axis", "the sum runs over the queries"),
    (w6, "missing+derivative", "the mean is not subtracted"),
]
NOT_TO_SAY = {
    "w2": "that the softmax's derivative is wrong",
}
