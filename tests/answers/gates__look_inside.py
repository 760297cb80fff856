import math

import numpy as np

EXERCISE = "gates/look_inside"


def r1(h, o):
    ratio = h / o
    return 0.5 * np.log((1 + ratio) / (1 - ratio))


def r2(h, o):
    return [[math.atanh(a / b) for a, b in zip(x, y)] for x, y in zip(h, o)]


def r3(h, o):
    import torch

    return torch.atanh(torch.tensor(h).div(torch.tensor(o)))


def r4(h, o):
    c = h.copy()
    c /= o
    np.arctanh(c, out=c)
    c.flags.writeable = False
    return c


def r5(h, o):
    # Newton's method on o*tanh(c) = h
    c = np.zeros_like(h)
    lo, hi = np.full_like(h, -40), np.full_like(h, 40)
    for _ in range(200):
        c = (lo + hi) / 2
        under = o * np.tanh(c) < h
        lo = np.where(under, c, lo)
        hi = np.where(under, hi, c)
    return np.asfortranarray(c)


def r6(h, o):
    return (np.log(o + h) - np.log(o - h)) / 2


# --- wrong

def w1(h, o):
    return np.arctanh(h) / o


def w2(h, o):
    return h / o


def w3(h, o):
    return np.tanh(h / o)


def w4(h, o):
    return np.arctan(h / o)


def w5(h, o):
    return 1 / np.tanh(h / o)


def w6(h, o):
    return np.arctanh(h * o)


def w7(h, o):
    return o * np.tanh(h)


def w8(h, o):
    return np.arctanh(o / h)


def w9(h, o):
    return np.log((h / o) / (1 - h / o))


def w10(h, o):
    return np.arctanh(h - o)


def w11(h, o):
    s = 1 / (1 + np.exp(-o))
    return np.arctanh(h / s)


def w12(h, o):
    return np.arctanh(h)


def w13(h, o):
    h /= o
    return np.arctanh(h)


def w14(h, o):
    c = np.log((1 + h / o) / (1 - h / o))
    return c


def w15(h, o):
    c = np.arctanh(np.clip(h / o, -0.5, 0.5))
    return c


def w16(h, o):
    r = h / o
    return r + r**3 / 3            # series


def w17(h, o):
    return np.abs(np.arctanh(h / o))


def w18(h, o):
    with np.errstate(all="ignore"):
        return np.where(o > 0.5, np.arctanh(h / o), 0)


def w19(h, o):
    return np.arcsinh(h / o)


def w20(h, o):
    return np.linalg.solve(o, h)


def w21(h, o):
    c = np.arctanh(h / o)
    np.round(c)


def w22(h, o):
    return np.round(np.arctanh(h / o), 2)


def w23(h, o):
    return -0.5 * np.log((1 + h / o) / (1 - h / o))


def w24(h, o):
    # h = o * tanh(C)  →  C = tanh(h) / o
    return np.tanh(h) / o


RIGHT = [r1, r2, r3, r4, r5, r6]
WRONG = [
    (w1, "order", "undone in the wrong order: arctanh first, then divided by o"),
    (w2, "missing", "the tanh is not undone"),
    (w3, "activation", "tanh once more instead of its inverse"),
    (w4, "activation", "arctan instead of arctanh"),
    (w5, "activation+other", "1/tanh: tanh⁻¹ read as the reciprocal"),
    (w6, "other", "multiplied by o instead of divided"),
    (w7, "other", "goes forwards: o·tanh(h), h taken for the cell state"),
    (w8, "scale", "ratio inverted: o / h"),
    (w9, "activation", "the sigmoid's inverse (logit) instead of the tanh's"),
    (w10, "other", "o is subtracted instead of divided by"),
    (w11, "activation+extra", "a sigmoid on o, which has been through it already"),
    (w12, "missing", "o is not used"),
    (w13, "mutated", "h is overwritten"),
    (w14, "scale", "the factor ½ of the logarithm formula is missing"),
    (w15, "extra", "h/o is clipped to ±0.5"),
    (w16, "other", "only two terms of a series: holds for small h/o only"),
    (w17, "sign", "absolute values: signs lost"),
    (w18, "other", "0 wherever the gate is less than half open"),
    (w19, "activation", "arcsinh instead of arctanh"),
    (w20, "other+exception", "solves a system of linear equations with o as a matrix"),
    (w21, "form", "nothing is returned"),
    (w22, "other", "rounded to two decimals"),
    (w23, "sign", "sign turned round"),
    (w24, "order+activation", "tanh instead of its inverse, and before dividing"),
]
NOT_TO_SAY = {
    "w1": "that the tanh is not undone",
    "w14": "that the gate is wrong",
    "w16": "that the order is wrong",
    "w18": "that o is not used: it is right where o > 0.5",
    "w22": "that the formula is wrong",
    "w15": "that the formula is wrong for |h/o| < 0.5",
}
