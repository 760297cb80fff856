import numpy as np

EXERCISE = "encoder-decoder/string_log_prob"


def r1(logits, ids, end):
    out = []
    for b in range(len(ids)):
        s = 0
        for t in range(ids.shape[1]):
            p = np.exp(logits[b, t] - logits[b, t].max())
            s += np.log(p[ids[b, t]] / p.sum())
            if ids[b, t] == end:
                break
        out.append(s)
    return np.array(out)


def r2(logits, ids, end):
    lp = logits - np.log(np.sum(np.exp(logits), axis=2, keepdims=True))
    picked = (lp * np.eye(logits.shape[2])[ids]).sum(2)
    keep = np.ones(ids.shape)
    keep[:, 1:] = np.cumprod(ids[:, :-1] != end, axis=1)
    return (picked * keep).sum(1)


# --- wrong

def w1(logits, ids, end):
    lp = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    picked = np.take_along_axis(lp, ids[..., None], -1)[..., 0]
    return (picked * (ids != end)).sum(1)


def w2(logits, ids, end):
    lp = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    return np.take_along_axis(lp, ids[..., None], -1)[..., 0].sum(1)


def w3(logits, ids, end):
    picked = np.take_along_axis(logits, ids[..., None], -1)[..., 0]
    keep = np.cumsum(ids == end, 1) - (ids == end) == 0
    return (picked * keep).sum(1)


def w4(logits, ids, end):
    p = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    picked = np.take_along_axis(p, ids[..., None], -1)[..., 0]
    keep = np.cumsum(ids == end, 1) - (ids == end) == 0
    return np.where(keep, picked, 1).prod(1)


RIGHT = [r1, r2]
WRONG = [
    (w1, "missing", "the end's own probability is left out"),
    (w2, "other+accumulate", "the padding after the end is counted"),
    (w3, "missing", "logits instead of log-probabilities"),
    (w4, "activation", "the probability, without the logarithm"),
]
NOT_TO_SAY = {}
