import numpy as np

EXERCISE = "deep/layer_gradients"


def r1(dout, h, weight_ih):
    g = dout
    out = np.zeros_like(h)
    for k in range(len(h) - 1, -1, -1):
        out[k] = g
        g = g + (g * (1 - h[k] ** 2)) @ weight_ih[k]
    return out


def r2(dout, h, weight_ih):
    def below(k):
        if k == len(h) - 1:
            return dout
        d = below(k + 1)
        return d + ((1 - h[k + 1] * h[k + 1]) * d) @ weight_ih[k + 1]
    return np.array([below(k) for k in range(len(h))])


# --- wrong

def w1(dout, h, weight_ih):
    g, out = dout, np.zeros_like(h)
    for k in reversed(range(len(h))):
        out[k] = g
        g = (g * (1 - h[k] ** 2)) @ weight_ih[k]
    return out


def w2(dout, h, weight_ih):
    g, out = dout, np.zeros_like(h)
    for k in reversed(range(len(h))):
        out[k] = g
        g = g + g * (1 - h[k] ** 2) @ weight_ih[k].T
    return out


def w3(dout, h, weight_ih):
    g, out = dout, np.zeros_like(h)
    for k in reversed(range(len(h))):
        out[k] = g
        g = g + g @ weight_ih[k]
    return out


def w4(dout, h, weight_ih):
    g, out = dout, []
    for k in reversed(range(len(h))):
        out.append(g)
        g = g + (g * (1 - h[k] ** 2)) @ weight_ih[k]
    return np.stack(out)


def w5(dout, h, weight_ih):
    return np.stack([dout] * len(h))


def w6(dout, h, weight_ih):
    g, out = dout, np.zeros_like(h)
    for k in reversed(range(len(h))):
        g = g + (g * (1 - h[k] ** 2)) @ weight_ih[k]
        out[k] = g
    return out


def w7(dout, h, weight_ih):
    g, out = dout, np.zeros_like(h)
    for k in range(len(h)):
        out[k] = g
        g = g + (g * (1 - h[k] ** 2)) @ weight_ih[k]
    return out


RIGHT = [r1, r2]
WRONG = [
    (w1, "missing", "the way past the layers is missing"),
    (w2, "transpose", "weight transposed"),
    (w3, "derivative", "derivative of tanh missing"),
    (w4, "order", "top layer first"),
    (w5, "missing", "the way through the layers is missing"),
    (w6, "other", "each layer has the gradient of the one below"),
    (w7, "order", "from the bottom up"),
]
