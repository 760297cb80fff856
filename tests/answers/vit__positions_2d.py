import numpy as np

EXERCISE = "vit/positions_2d"


def angles(length, size):
    return np.arange(length)[:, None] / 10000 ** (np.arange(size // 2) * 2 / size)


def r1(rows, columns, size):
    half = size // 2
    out = np.zeros((rows, columns, size))
    out[..., 0:half:2], out[..., 1:half:2] = np.sin(angles(rows, half))[:, None], np.cos(angles(rows, half))[:, None]
    out[..., half::2], out[..., half + 1::2] = np.sin(angles(columns, half)), np.cos(angles(columns, half))
    return out


# --- wrong

def w1(rows, columns, size):
    half = size // 2
    out = np.zeros((rows, columns, size))
    out[..., 0:half:2], out[..., 1:half:2] = np.sin(angles(columns, half)), np.cos(angles(columns, half))
    out[..., half::2], out[..., half + 1::2] = np.sin(angles(rows, half))[:, None], np.cos(angles(rows, half))[:, None]
    return out


RIGHT = [r1]
WRONG = [(w1, "order+swap", "column first, then row")]
