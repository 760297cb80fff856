import numpy as np

EXERCISE = "block/residual_flow"


def r1(dy, W):
    flow = np.zeros((len(W) + 1, len(dy)))
    flow[-1] = dy
    for l in reversed(range(len(W))):
        flow[l] = flow[l + 1] + flow[l + 1] @ W[l].T
    return flow[:-1]


def r2(dy, W):
    rows = [dy]
    for l in range(len(W)):
        rows.insert(0, rows[0] + np.dot(W[len(W) - 1 - l], rows[0]))
    return np.stack(rows[:-1])


# --- wrong

def w1(dy, W):
    flow = np.zeros((len(W) + 1, len(dy)))
    flow[-1] = dy
    for l in reversed(range(len(W))):
        flow[l] = flow[l + 1] @ W[l].T
    return flow[:-1]


def w2(dy, W):
    flow = np.zeros((len(W) + 1, len(dy)))
    flow[-1] = dy
    for l in reversed(range(len(W))):
        flow[l] = flow[l + 1] + flow[l + 1] @ W[l]
    return flow[:-1]


def w3(dy, W):
    flow = [dy]
    for W_l in W:
        flow.append(flow[-1] + flow[-1] @ W_l.T)
    return np.array(flow[:0:-1])


def w4(dy, W):
    flow = [dy]
    for W_l in W[::-1]:
        flow.append(dy + flow[-1] @ W_l.T)
    return np.array(flow[:0:-1])


def w5(dy, W):
    flow = [dy]
    for W_l in W:
        flow.append(flow[-1] + flow[-1] @ W_l)
    return np.array(flow[:-1])


RIGHT = [r1, r2]
WRONG = [
    (w1, "term", "the straight branch is missing"),
    (w2, "transpose", "W not transposed"),
    (w3, "order", "first layer first"),
    (w4, "term", "dy itself added at every layer"),
    (w5, "order", "the forward pass instead"),
]
NOT_TO_SAY = {}
