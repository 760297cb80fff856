import numpy as np

EXERCISE = "bottleneck/way_back"


def r1(dcontexts, weights, memory):
    da = np.zeros(weights.shape)
    dm = np.zeros(memory.shape)
    for b in range(len(weights)):
        da[b] = dcontexts[b] @ memory[b].T
        dm[b] = weights[b].T @ dcontexts[b]
    return da, dm


def r2(dcontexts, weights, memory):
    da = (dcontexts[:, :, None, :] * memory[:, None, :, :]).sum(-1)
    dm = (weights[..., None] * dcontexts[:, :, None, :]).sum(1)
    return da, dm


# --- wrong

def w1(dcontexts, weights, memory):
    da = dcontexts @ memory.swapaxes(1, 2)
    da = weights * (da - (weights * da).sum(-1, keepdims=True))
    return da, weights.swapaxes(1, 2) @ dcontexts


def w2(dcontexts, weights, memory):
    da = dcontexts @ memory.swapaxes(1, 2)
    dm = np.zeros(memory.shape)
    dm[:, -1] = dcontexts.sum(axis=1)
    return da, dm


def w3(dcontexts, weights, memory):
    return dcontexts @ memory.swapaxes(1, 2), weights.swapaxes(1, 2) @ dcontexts / weights.shape[1]


RIGHT = [r1, r2]
WRONG = [
    (w1, "other", "goes on through the softmax to the scores"),
    (w2, "missing", "sends everything to the last vector"),
    (w3, "scale", "mean over the steps instead of the sum"),
]
