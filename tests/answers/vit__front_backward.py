import numpy as np

EXERCISE = "vit/front_backward"


def r1(dfirst, dz, patches):
    dW = (dz.swapaxes(1, 2) @ patches).sum(axis=0)
    return dfirst.sum(axis=0), dz.sum(axis=0), dW, dz.sum(axis=0).sum(axis=0)


# --- wrong

def w1(dfirst, dz, patches):
    dW = (dz.swapaxes(1, 2) @ patches).sum(axis=0)
    return dfirst.mean(axis=0), dz.sum(axis=0), dW, dz.sum(axis=(0, 1))


def w2(dfirst, dz, patches):
    dW = (dz.swapaxes(1, 2) @ patches).sum(axis=0)
    return dfirst.sum(axis=0), dz.mean(axis=0), dW, dz.sum(axis=(0, 1))


def w3(dfirst, dz, patches):
    dW = (dz.swapaxes(1, 2) @ patches).mean(axis=0)
    return dfirst.sum(axis=0), dz.sum(axis=0), dW, dz.sum(axis=(0, 1))


RIGHT = [r1]
WRONG = [
    (w1, "scale", "mean over the images for the class token"),
    (w2, "scale", "mean over the images for the positions"),
    (w3, "scale", "mean over the images for the matrix"),
]
