import numpy as np

EXERCISE = "deep/repaired_stack"


def r1(x, weight_ih, weight_hh, bias):
    K, B, T, H = len(bias), *x.shape
    out = x.copy()
    for k in range(K):
        h = np.zeros((B, H))
        for t in range(T):
            h = np.tanh(out[:, t] @ weight_ih[k].T + h @ weight_hh[k].T + bias[k])
            out[:, t] = h
    return out


def r2(x, weight_ih, weight_hh, bias):
    def layer(x, U, W, b):
        hs, h = [], 0 * x[:, 0]
        for t in range(x.shape[1]):
            h = np.tanh(x[:, t] @ U.T + h @ W.T + b)
            hs.append(h)
        return np.stack(hs, axis=1)
    for U, W, b in zip(weight_ih, weight_hh, bias):
        x = layer(x, U, W, b)
    return x


# --- wrong

def w1(x, weight_ih, weight_hh, bias):
    B, T, H = x.shape
    hs, h = x, np.zeros((B, H))
    for k in range(len(bias)):
        states = []
        for t in range(T):
            h = np.tanh(hs[:, t] @ weight_ih[k].T + h @ weight_hh[k].T + bias[k])
            states.append(h)
        hs = np.stack(states, axis=1)
    return hs


def w2(x, weight_ih, weight_hh, bias):
    B, T, H = x.shape
    hs = x
    for k in range(len(bias)):
        states = []
        for t in range(T):
            h = np.zeros((B, H))
            h = np.tanh(hs[:, t] @ weight_ih[k].T + h @ weight_hh[k].T + bias[k])
            states.append(h)
        hs = np.stack(states, axis=1)
    return hs


def w3(x, weight_ih, weight_hh, bias):
    B, T, H = x.shape
    for k in range(len(bias)):
        h, states = np.zeros((B, H)), []
        for t in range(T):
            h = np.tanh(x[:, t] @ weight_ih[k].T + h @ weight_hh[k].T + bias[k])
            states.append(h)
        hs = np.stack(states, axis=1)
    return hs


def w4(x, weight_ih, weight_hh, bias):
    B, T, H = x.shape
    hs = x
    for k in range(len(bias)):
        h, states = np.zeros((B, H)), []
        for t in range(T):
            h = np.tanh(hs[:, t] @ weight_ih[k].T + h @ weight_hh[k].T + bias[k])
            states.append(h)
        hs = np.stack(states, axis=1) + hs
    return hs


def w5(x, weight_ih, weight_hh, bias):
    B, T, H = x.shape
    hs = x
    for k in range(len(bias)):
        h, states = np.zeros((B, H)), []
        for t in range(T):
            h = np.tanh(hs[:, t] @ weight_ih[0].T + h @ weight_hh[0].T + bias[0])
            states.append(h)
        hs = np.stack(states, axis=1)
    return hs


def w6(x, weight_ih, weight_hh, bias):
    B, T, H = x.shape
    h = np.zeros((B, H))
    hs = []
    for t in range(T):
        below = x[:, t]
        for k in range(len(bias)):
            h = below = np.tanh(below @ weight_ih[k].T + h @ weight_hh[k].T + bias[k])
        hs.append(h)
    return np.stack(hs, axis=1)


RIGHT = [r1, r2]
WRONG = [
    (w1, "start+other", "the fault given: the last state of the layer below"),
    (w2, "missing", "state never handed on"),
    (w3, "other", "only the top layer, reading x"),
    (w4, "extra", "skips, around the lowest layer too"),
    (w5, "other", "the lowest layer's parameters everywhere"),
    (w6, "other", "one state for all layers"),
]
