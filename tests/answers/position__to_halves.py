import numpy as np

EXERCISE = "position/to_halves"


def r1(weight, bias):
    return (np.concatenate([weight[:, 0::2], weight[:, 1::2]], axis=1),
            np.concatenate([bias[:, 0::2], bias[:, 1::2]], axis=1))


def r2(weight, bias):
    new_weight, new_bias = np.zeros_like(weight), np.zeros_like(bias)
    K = bias.shape[1] // 2
    for i in range(K):
        new_weight[:, i], new_weight[:, K + i] = weight[:, 2 * i], weight[:, 2 * i + 1]
        new_bias[:, i], new_bias[:, K + i] = bias[:, 2 * i], bias[:, 2 * i + 1]
    return new_weight, new_bias


# --- wrong

def w1(weight, bias):
    new_weight, new_bias = np.zeros_like(weight), np.zeros_like(bias)
    K = bias.shape[1] // 2
    new_weight[:, 0::2], new_weight[:, 1::2] = weight[:, :K], weight[:, K:]
    new_bias[:, 0::2], new_bias[:, 1::2] = bias[:, :K], bias[:, K:]
    return new_weight, new_bias


def w2(weight, bias):
    return np.concatenate([weight[:, 0::2], weight[:, 1::2]], axis=1), bias


def w3(weight, bias):
    return weight, bias


def w4(weight, bias):
    return (np.concatenate([weight[:, 1::2], weight[:, 0::2]], axis=1),
            np.concatenate([bias[:, 1::2], bias[:, 0::2]], axis=1))
