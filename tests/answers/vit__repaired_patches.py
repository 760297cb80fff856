import numpy as np

EXERCISE = "vit/repaired_patches"


def r1(images):
    B, C, H, W = images.shape
    x = images.reshape(B, C, H // 2, 2, W // 2, 2)
    return np.einsum("bcrisj->brscij", x).reshape(B, H // 2, W // 2, 4 * C)


def r2(images):
    top, bottom = images[:, :, ::2], images[:, :, 1::2]
    parts = [top[..., ::2], top[..., 1::2], bottom[..., ::2], bottom[..., 1::2]]
    B, C, R, S = parts[0].shape
    return np.moveaxis(np.array(parts), 0, 2).transpose(0, 3, 4, 1, 2).reshape(B, R, S, 4 * C)


# --- wrong

def w1(images):
    B, C, H, W = images.shape
    x = images.reshape(B, C, H // 2, 2, W // 2, 2).swapaxes(3, 4)
    return x.reshape(B, H // 2, W // 2, 4 * C)


def w2(images):
    B, C, H, W = images.shape
    x = images.reshape(B, C, H // 2, 2, W // 2, 2)
    return x.transpose(0, 2, 4, 1, 5, 3).reshape(B, H // 2, W // 2, 4 * C)


def w3(images):
    B, C, H, W = images.shape
    x = images.reshape(B, C, H // 2, 2, W // 2, 2)
    return x.transpose(0, 2, 4, 3, 5, 1).reshape(B, H // 2, W // 2, 4 * C)


RIGHT = [r1, r2]
WRONG = [
    (w1, "axis", "the channel stays before the patches"),
    (w2, "axis+transpose", "pixels of a patch column by column"),
    (w3, "axis", "channel last"),
]
