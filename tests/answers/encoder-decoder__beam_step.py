import numpy as np

EXERCISE = "encoder-decoder/beam_step"


def r1(log_prob, next_log_prob):
    W, V = next_log_prob.shape
    cand = []
    for i in range(W):
        for j in range(V):
            cand.append((float(log_prob[i] + next_log_prob[i, j]), i, j))
    cand.sort(key=lambda t: t[0], reverse=True)
    cand = cand[:W]
    return np.array([a for a, _, _ in cand]), np.array([b for _, b, _ in cand]), np.array([c for _, _, c in cand])


def r2(log_prob, next_log_prob):
    flat = np.ravel(next_log_prob + log_prob[:, np.newaxis])
    k = len(log_prob)
    top = np.argpartition(flat, -k)[-k:]
    top = top[np.argsort(flat[top])[::-1]]
    rows, cols = divmod(top, next_log_prob.shape[1])
    return flat[top], rows, cols


# --- wrong

def w1(log_prob, next_log_prob):
    W, V = next_log_prob.shape
    flat = next_log_prob.reshape(-1)
    top = np.argsort(-flat)[:W]
    return flat[top], top // V, top % V


def w2(log_prob, next_log_prob):
    W, V = next_log_prob.shape
    flat = (log_prob[:, None] + next_log_prob).reshape(-1)
    top = np.argsort(flat)[:W]
    return flat[top], top // V, top % V


def w3(log_prob, next_log_prob):
    token = next_log_prob.argmax(1)
    best = log_prob + next_log_prob.max(1)
    order = np.argsort(-best)
    return best[order], order, token[order]


def w4(log_prob, next_log_prob):
    W, V = next_log_prob.shape
    flat = (log_prob[:, None] + next_log_prob).reshape(-1)
    top = np.argsort(-flat)[:W]
    return flat[top], top % V, top // V


def w5(log_prob, next_log_prob):
    W, V = next_log_prob.shape
    flat = (log_prob[:, None] * next_log_prob).reshape(-1)
    top = np.argsort(-flat)[:W]
    return flat[top], top // V, top % V


RIGHT = [r1, r2]
WRONG = [
    (w1, "missing", "log_prob is not added"),
    (w2, "order", "the least probable are kept"),
    (w3, "other", "each string goes on with its own best token"),
    (w4, "order", "parent and token swapped"),
    (w5, "other", "log-probabilities are multiplied instead of added"),
]
NOT_TO_SAY = {
    "w3": "that log_prob is not added",
}
