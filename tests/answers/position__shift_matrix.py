import numpy as np

EXERCISE = "position/shift_matrix"


def r1(frequency, k):
    K = len(frequency)
    R = np.zeros((2 * K, 2 * K))
    i = 2 * np.arange(K)
    R[i, i] = R[i + 1, i + 1] = np.cos(k * frequency)
    R[i, i + 1] = np.sin(k * frequency)
    R[i + 1, i] = -np.sin(k * frequency)
    return R


def r2(frequency, k):
    t = np.arange(400)
    codes = np.stack([np.sin(t[:, None] * frequency), np.cos(t[:, None] * frequency)], axis=-1).reshape(400, -1)
    later = np.stack([np.sin((t + k)[:, None] * frequency), np.cos((t + k)[:, None] * frequency)], axis=-1)
    return np.linalg.lstsq(codes, later.reshape(400, -1), rcond=None)[0].T


# --- wrong

def w1(frequency, k):
    return r1(frequency, k).T


def w2(frequency, k):
    return r1(frequency, 1)


def w3(frequency, k):
    K, c, s = len(frequency), np.diag(np.cos(k * frequency)), np.diag(np.sin(k * frequency))
    return np.block([[c, s], [-s, c]])


def w4(frequency, k):
    return r1(1 / frequency, k)


def w5(frequency, k):
    R = r1(frequency, k)
    R[1::2] *= -1
    return R
