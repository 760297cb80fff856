import numpy as np

EXERCISE = "unfolding/next_losses"


def _softmax(o):
    e = np.exp(o - o.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def r1(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    B, T = ids.shape
    losses, h = np.empty((B, T)), h0
    for t in range(T):
        p = _softmax(c + h @ weight_hy.T)
        losses[:, t] = -np.log(p[range(B), ids[:, t]])
        h = np.tanh(bias + h @ weight_hh.T + weight_ih.T[ids[:, t]])
    return losses


def r2(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    # the order of the lines left as it was, the targets moved instead
    B, T = ids.shape
    losses, h = np.empty((B, T)), h0
    for t in range(T):
        if t > 0:
            h = np.tanh(bias + h @ weight_hh.T + weight_ih.T[ids[:, t - 1]])
        o = c + h @ weight_hy.T
        losses[:, t] = np.log(np.exp(o).sum(axis=1)) - o[np.arange(B), ids[:, t]]
    return losses


def r3(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    D = len(c)
    x = np.eye(D)[ids]
    out, h = [], h0
    for t in range(ids.shape[1]):
        out.append(-(x[:, t] * np.log(_softmax(h @ weight_hy.T + c))).sum(axis=-1))
        h = np.tanh(x[:, t] @ weight_ih.T + h @ weight_hh.T + bias)
    return np.stack(out, axis=1)


def r4(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    def losses_of(row, h):
        for i in row:
            yield -np.log(_softmax(weight_hy @ h + c)[i])
            h = np.tanh(weight_ih[:, i] + weight_hh @ h + bias)

    return [list(losses_of(row, h)) for row, h in zip(ids, h0)]


def r5(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    import torch

    ids, h = torch.tensor(ids), torch.tensor(h0)
    U, W, b, V, c = (torch.tensor(each) for each in (weight_ih, weight_hh, bias, weight_hy, c))
    logits = []
    for x in torch.nn.functional.one_hot(ids, len(c)).to(h.dtype).unbind(dim=1):
        logits.append(h @ V.T + c)
        h = torch.tanh(x @ U.T + h @ W.T + b)
    return torch.nn.functional.cross_entropy(torch.stack(logits, dim=2), ids, reduction="none")


# --- wrong

def w1(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    B, T = ids.shape
    losses, h = np.empty((B, T)), h0
    for t in range(T):
        h = np.tanh(bias + h @ weight_hh.T + weight_ih.T[ids[:, t]])
        losses[:, t] = -np.log(_softmax(c + h @ weight_hy.T)[np.arange(B), ids[:, t]])
    return losses


def w2(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    B, T = ids.shape
    losses = np.empty((B, T))
    for t in range(T):
        losses[:, t] = -np.log(_softmax(c + h0 @ weight_hy.T)[np.arange(B), ids[:, t]])
    return losses


def w3(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    B, T = ids.shape
    losses, h = np.zeros((B, T)), h0
    for t in range(1, T):
        h = np.tanh(bias + h @ weight_hh.T + weight_ih.T[ids[:, t - 1]])
        losses[:, t] = -np.log(_softmax(c + h @ weight_hy.T)[np.arange(B), ids[:, t]])
    return losses


def w4(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    B, T = ids.shape
    losses, h = np.empty((B, T)), h0
    for t in range(T):
        losses[:, t] = np.log(_softmax(c + h @ weight_hy.T)[np.arange(B), ids[:, t]])
        h = np.tanh(bias + h @ weight_hh.T + weight_ih.T[ids[:, t]])
    return losses


def w5(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    B, T = ids.shape
    losses, h = np.empty((B, T)), h0
    for t in range(T):
        o = c + h @ weight_hy.T
        log_p = o - np.log(np.exp(o).sum(axis=0, keepdims=True))
        losses[:, t] = -log_p[np.arange(B), ids[:, t]]
        h = np.tanh(bias + h @ weight_hh.T + weight_ih.T[ids[:, t]])
    return losses


def w6(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    B, T = ids.shape
    losses, h = np.empty((B, T)), np.zeros_like(h0)
    for t in range(T):
        losses[:, t] = -np.log(_softmax(c + h @ weight_hy.T)[np.arange(B), ids[:, t]])
        h = np.tanh(bias + h @ weight_hh.T + weight_ih.T[ids[:, t]])
    return losses


def w7(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    B, T = ids.shape
    losses, h = np.empty((B, T)), h0
    for t in range(T):
        losses[:, t] = -np.log(_softmax(h @ weight_hy.T)[np.arange(B), ids[:, t]])
        h = np.tanh(bias + h @ weight_hh.T + weight_ih.T[ids[:, t]])
    return losses


def w8(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    B, T = ids.shape
    losses, h = np.empty((B, T)), h0
    for t in range(T):
        losses[:, t] = -np.log(_softmax(c + h @ weight_hy.T)[np.arange(B), ids[:, t]])
        h = np.tanh(bias + h @ weight_hh + weight_ih.T[ids[:, t]])
    return losses


def w9(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    B, T = ids.shape
    losses, h = np.empty((B, T)), h0
    for t in range(T):
        losses[:, t] = -np.log(_softmax(c + h @ weight_hy.T)[np.arange(B), ids[:, t]])
        h = np.tanh(bias + h0 @ weight_hh.T + weight_ih.T[ids[:, t]])
    return losses


def w10(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    B, T = ids.shape
    losses, h = np.empty((B, T)), h0
    for t in range(T):
        losses[:, t] = -np.log(_softmax(c + h @ weight_hy.T)[np.arange(B), ids[:, t]])
        h = bias + h @ weight_hh.T + weight_ih.T[ids[:, t]]
    return losses


def w11(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    B, T = ids.shape
    losses, h = np.empty((B, T)), h0
    for t in range(T):
        o = c + h @ weight_hy.T
        losses[:, t] = -o[np.arange(B), ids[:, t]]
        h = np.tanh(bias + h @ weight_hh.T + weight_ih.T[ids[:, t]])
    return losses


def w12(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    B, T = ids.shape
    losses, h = np.empty((B, T)), h0
    for t in range(T):
        losses[:, t] = -np.log(_softmax(c + h @ weight_hy.T)[np.arange(B), ids[:, t]])
        h = np.tanh(h @ weight_hh.T + weight_ih.T[ids[:, t]])
    return losses


def w13(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    return w1(ids, h0, weight_ih, weight_hh, bias, weight_hy, c).mean()


def w14(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    B, T = ids.shape
    losses, h = np.empty((B, T)), h0
    for t in range(T):
        losses[:, t] = -np.log(_softmax(c + h @ weight_hy.T)[np.arange(B), ids[:, 0]])
        h = np.tanh(bias + h @ weight_hh.T + weight_ih.T[ids[:, t]])
    return losses


RIGHT = [r1, r2, r3, r4, r5]
WRONG = [
    (w1, "other+time", "reads the character before it guesses it"),
    (w2, "missing+time", "guesses everything from h0"),
    (w3, "time+start+missing", "the first character costs nothing"),
    (w4, "sign", "log p, not -log p"),
    (w5, "axis", "softmax over the batch"),
    (w6, "start+missing", "starts from zeros"),
    (w7, "missing", "no bias c"),
    (w8, "transpose", "W not transposed"),
    (w9, "missing+time+other", "the state is always computed from h0"),
    (w10, "activation+missing", "no tanh"),
    (w11, "missing", "scores are not normalised"),
    (w12, "missing", "no bias b"),
    (w13, "form+scale", "one number, and it peeks"),
    (w14, "time", "the target is always the first character"),
]
