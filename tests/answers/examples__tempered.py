import numpy as np

EXERCISE = "examples/tempered"


def r1(o, temperature):
    z = o / temperature
    z = z - np.max(z, axis=1, keepdims=True)
    return np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)


def r2(o, temperature):
    from seqbook.scratch import softmax
    return softmax(o / temperature)


def r3(o, temperature):
    out = np.zeros(o.shape)
    for b in range(o.shape[0]):
        z = (o[b] - o[b].max()) * (1 / temperature)
        out[b] = np.exp(z) / np.exp(z).sum()
    return out


# --- wrong

def w1(o, temperature):
    z = o * temperature
    z = z - z.max(axis=1, keepdims=True)
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def w2(o, temperature):
    z = o - o.max(axis=1, keepdims=True)
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def w3(o, temperature):
    z = o - o.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return p ** (1 / temperature)


def w4(o, temperature):
    z = o / temperature
    z = z - z.max()
    return np.exp(z) / np.exp(z).sum()


def w5(o, temperature):
    z = o / temperature
    z = z - z.max(axis=0)
    return np.exp(z) / np.exp(z).sum(axis=0)


def w6(o, temperature):
    z = o - o.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return p / temperature


def w7(o, temperature):
    z = o / temperature
    z = z - z.max(axis=1, keepdims=True)
    return np.exp(z)


def w8(o, temperature):
    z = o - temperature
    z = z - z.max(axis=1, keepdims=True)
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


RIGHT = [r1, r2, r3]
WRONG = [
    (w1, "other+scale", "multiplied by the temperature"),
    (w2, "missing", "temperature not used"),
    (w3, "missing+scale", "p ** (1/T) not normalised again"),
    (w4, "axis", "softmax over the whole batch"),
    (w5, "axis", "softmax over the batch axis"),
    (w6, "other+scale", "temperature after the softmax"),
    (w7, "missing+scale", "not normalised"),
    (w8, "other+missing", "temperature subtracted: no effect"),
]
