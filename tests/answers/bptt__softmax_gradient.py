import numpy as np

EXERCISE = "bptt/softmax_gradient"


def r1(logits, targets):
    z = logits - logits.max(-1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(-1, keepdims=True)
    onehot = np.zeros_like(p)
    np.put_along_axis(onehot, targets[..., None], 1, axis=-1)
    return p - onehot


def r2(logits, targets):
    import torch

    z = torch.tensor(logits, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(z.flatten(0, 1), torch.tensor(targets).flatten(), reduction="sum")
    loss.backward()
    return z.grad.numpy()


def r3(logits, targets):
    grad = np.empty(logits.shape)
    for b, row in enumerate(logits):
        for t, z in enumerate(row):
            e = np.exp(z - max(z))
            p = e / sum(e)
            p[targets[b, t]] -= 1
            grad[b, t] = p
    return grad


def r4(logits, targets):
    def log_sum_exp(z):
        m = z.max(axis=2)
        return m + np.log(np.exp(z - m[:, :, None]).sum(axis=2))

    확률 = np.exp(logits - log_sum_exp(logits)[:, :, None])
    정답 = (np.arange(logits.shape[2]) == targets[:, :, None])
    return (확률 - 정답).tolist()


def r5(logits, targets):
    # p_j = 1 / sum_k exp(z_k - z_j), cut off where it would overflow
    d = np.clip(logits[..., None, :] - logits[..., :, None], -700, 700)
    g = 1 / np.exp(d).sum(axis=-1)
    B, T, V = g.shape
    flat = g.reshape(-1, V).copy(order="F")
    flat[np.arange(B * T), targets.ravel()] -= 1.0
    return flat.reshape(B, T, V)


# --- wrong

def w1(logits, targets):
    e = np.exp(logits)
    p = e / e.sum(axis=-1, keepdims=True)
    return p - np.eye(logits.shape[-1])[targets]


def w2(logits, targets):
    B, T, V = logits.shape
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return (p - np.eye(V)[targets]) / (B * T)


def w3(logits, targets):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return np.eye(logits.shape[-1])[targets] - p


def w4(logits, targets):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return p


def w5(logits, targets):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    y = np.eye(logits.shape[-1])[targets]
    return -y / np.maximum(p, 1e-12)


def w6(logits, targets):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    y = np.eye(logits.shape[-1])[targets]
    return (p - y) * p * (1 - p)


def w7(logits, targets):
    e = np.exp(logits - logits.max())
    p = e / e.sum()
    return p - np.eye(logits.shape[-1])[targets]


def w8(logits, targets):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return p - np.eye(logits.shape[-1])[targets]


def w9(logits, targets):
    return logits - np.eye(logits.shape[-1])[targets]


def w10(logits, targets):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    for b in range(p.shape[0]):
        for t in range(p.shape[1]):
            p[b, t, targets[b, t]] -= 1
    return p.mean(axis=0, keepdims=True).repeat(p.shape[0], axis=0)


def w11(logits, targets):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    p[:, :, targets] -= 1
    return p


def w12(logits, targets):
    B, T, V = logits.shape
    p = 1 / (1 + np.exp(-np.clip(logits, -500, 500)))
    return p - np.eye(V)[targets]


def w13(logits, targets):
    # loss, not gradient
    m = logits.max(-1, keepdims=True)
    logp = logits - m - np.log(np.exp(logits - m).sum(-1, keepdims=True))
    return -np.take_along_axis(logp, targets[..., None], -1)[..., 0]


def w14(logits, targets):
    logits -= logits.max(axis=-1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=-1, keepdims=True)
    B, T, V = logits.shape
    logits[np.arange(B)[:, None], np.arange(T)[None], targets] -= 1
    return logits


def w15(logits, targets):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return p - targets[..., None]


def w16(logits, targets):
    B, T, V = logits.shape
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return (p - np.eye(V)[targets]) / B


def w17(logits, targets):
    z = np.clip(logits, -30, 30)           # no overflow
    e = np.exp(z)
    p = e / e.sum(axis=-1, keepdims=True)
    return p - np.eye(logits.shape[-1])[targets]


def w18(logits, targets):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    y = np.eye(logits.shape[-1])[targets]
    return np.where(y == 1, p - y, 0)


def w19(logits, targets):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    J = np.einsum("btv,vw->btvw", p, np.eye(p.shape[-1])) - p[..., :, None] * p[..., None, :]
    return np.take_along_axis(J, targets[..., None, None], axis=2)[:, :, 0]


def w20(logits, targets):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return 2 * (p - np.eye(logits.shape[-1])[targets])


def w21(logits, targets):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1)
    return p - np.eye(logits.shape[-1])[targets]


def w22(logits, targets):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return p - np.eye(logits.shape[-1])[targets - 1]


def r6(logits, targets):
    z = logits.astype(np.longdouble)
    z = z - np.max(z, axis=2)[..., np.newaxis]
    log_p = z - np.log(np.sum(np.exp(z), axis=2))[..., np.newaxis]
    grad = np.exp(log_p)
    for b, t in np.ndindex(*targets.shape):
        grad[b, t, targets[b, t]] -= 1
    return grad


RIGHT = [r1, r2, r3, r4, r5, r6]
WRONG = [
    (w1, "other", "no maximum subtracted: exp overflows for logits in the thousands (NaN); right otherwise"),
    (w2, "scale", "divided by B·T: the mean loss instead of the sum"),
    (w3, "sign", "one-hot minus ŷ"),
    (w4, "missing", "the one-hot target is not subtracted: ŷ alone"),
    (w5, "derivative", "-1/p at the target: gradient with respect to the probabilities, not to the logits"),
    (w6, "extra+derivative", "ŷ - 1 multiplied again by the derivative p(1-p)"),
    (w7, "axis", "softmax over the whole array instead of each step's V"),
    (w8, "axis", "softmax over time instead of over V"),
    (w9, "missing", "no softmax: logits minus one-hot"),
    (w10, "scale+axis", "averaged over the batch and repeated"),
    (w11, "axis", "p[:, :, targets] subtracts at all targets' places in every step"),
    (w12, "activation", "sigmoid instead of softmax"),
    (w13, "other+form", "the losses (B, T) instead of their gradient"),
    (w14, "mutated", "all done inside logits, the argument"),
    (w15, "other", "the number of the target is subtracted from every probability instead of the one-hot vector"),
    (w16, "scale", "divided by B"),
    (w17, "other", "logits clipped to ±30 instead of subtracting the maximum: wrong for large ones only"),
    (w18, "missing", "only the target's entry; the others are set to 0"),
    (w19, "derivative", "the derivative of p[target] itself, p_y(1-p): the -1/p of the logarithm is missing"),
    (w20, "scale", "twice too large, as from a squared error"),
    (w21, "axis+exception", "keepdims is missing in the sum"),
    (w22, "time", "the targets taken as counted from 1: targets - 1"),
]
NOT_TO_SAY = {
    "w1": "anything about the formula: only overflow",
    "w16": "that it was divided by B·T (with T = 1 it is both)",
    "w17": "that exp overflows to NaN",
    "w18": "that the sign is wrong",
    "w19": "that the one-hot is missing",
    "w10": "that it is only divided by B",
}
