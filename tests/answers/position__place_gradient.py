import numpy as np

EXERCISE = "position/place_gradient"


def r1(dy, place, size):
    grad = np.zeros((size, dy.shape[2]))
    for b in range(dy.shape[0]):
        for t in range(dy.shape[1]):
            if place[b, t] != -1:
                grad[place[b, t]] += dy[b, t]
    return grad


def r2(dy, place, size):
    return np.array([dy[place == m].sum(axis=0) for m in range(size)])


# --- wrong

def w1(dy, place, size):
    grad = np.zeros((size, dy.shape[2]))
    grad[place] += dy
    return grad


def w2(dy, place, size):
    grad = np.zeros((size, dy.shape[2]))
    np.add.at(grad, place, dy)
    return grad


def w3(dy, place, size):
    grad = np.zeros((size, dy.shape[2]))
    T = min(size, dy.shape[1])
    grad[:T] = dy.sum(axis=0)[:T]
    return grad


def w4(dy, place, size):
    grad = np.zeros((size, dy.shape[2]))
    np.add.at(grad, place[place > 0], dy[place > 0])
    return grad
