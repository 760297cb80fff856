import numpy as np

EXERCISE = "long-term-dependencies/carried_back"


def r1(dC, f):
    B, T, H = f.shape
    out = []
    g = dC
    for t in range(T - 1, -1, -1):
        out.append(g)
        g = g * f[:, t]
    return np.stack(out[::-1], axis=1)


def r2(dC, f):
    after = np.concatenate([f[:, 1:], np.ones_like(f[:, :1])], axis=1)
    return dC[:, None] * np.cumprod(after[:, ::-1], axis=1)[:, ::-1]


def r3(dC, f):
    B, T, H = f.shape
    return [[[float(dC[b, j] * np.prod(f[b, t + 1:, j])) for j in range(H)] for t in range(T)] for b in range(B)]


def r4(dC, f):
    import torch

    f = torch.tensor(f)
    B, T, H = f.shape
    states = [torch.zeros(B, H, dtype=f.dtype, requires_grad=True)]
    for t in range(1, T):
        states.append(f[:, t] * states[-1])
    grads = torch.autograd.grad(states[-1], states, torch.tensor(dC))
    return torch.stack(grads, 1)


def r5(dC, f):
    dCs = np.repeat(dC[:, None].astype(np.float32), f.shape[1], axis=1)
    for t in range(1, f.shape[1]):
        dCs[:, :t] *= f[:, t:t + 1]
    return np.asfortranarray(dCs)


# --- wrong

def w1(dC, f):
    dCs = np.empty_like(f)
    dCs[:, -1] = dC
    for t in reversed(range(f.shape[1] - 1)):
        dCs[:, t] = dCs[:, t + 1] * f[:, t]
    return dCs


def w2(dC, f):
    dCs = np.empty_like(f)
    g = dC
    for t in reversed(range(f.shape[1])):
        g = g * f[:, t]
        dCs[:, t] = g
    return dCs


def w3(dC, f):
    dCs = np.empty_like(f)
    dCs[:, -1] = dC
    for t in reversed(range(f.shape[1] - 1)):
        dCs[:, t] = dCs[:, t + 1] * (1 - f[:, t + 1])
    return dCs


def w4(dC, f):
    dCs = np.zeros_like(f)
    dCs[:, -1] = dC
    for t in reversed(range(f.shape[1] - 1)):
        dCs[:, t] = dCs[:, t + 1] + f[:, t + 1]
    return dCs


def w5(dC, f):
    dCs = np.zeros_like(f)
    dCs[:, -1] = dC
    for t in reversed(range(f.shape[1] - 1)):
        dCs[:, t] = dC * f[:, t + 1]
    return dCs


def w6(dC, f):
    return np.repeat(dC[:, None, :], f.shape[1], axis=1)


def w7(dC, f):
    return dC[:, None] * np.cumprod(f, axis=1)


def w8(dC, f):
    B, T, H = f.shape
    dCs = np.zeros_like(f)
    dCs[:, 0] = dC
    for t in range(1, T):
        dCs[:, t] = dCs[:, t - 1] * f[:, t]
    return dCs


def w9(dC, f):
    dCs = np.empty_like(f)
    dCs[:, -1] = dC
    for t in reversed(range(f.shape[1] - 1)):
        df = f[:, t + 1] * (1 - f[:, t + 1])
        dCs[:, t] = dCs[:, t + 1] * df
    return dCs


def w10(dC, f):
    g = dC.copy()
    out = []
    for t in reversed(range(f.shape[1])):
        out.append(g)
        g *= f[:, t]
    return np.stack(out[::-1], axis=1)


def w11(dC, f):
    g = dC
    out = [g]
    for t in range(f.shape[1] - 1, 0, -1):
        g = g * f[:, t]
        out.append(g)
    return np.stack(out, axis=1)


def w12(dC, f):
    back = np.cumprod(f[:, ::-1], axis=0)[:, ::-1]
    res = np.empty_like(f)
    res[:, -1] = dC
    res[:, :-1] = dC[:, None] * back[:, 1:]
    return res


def w13(dC, f):
    B, T, H = f.shape
    dCs = np.zeros((B, T, H))
    dCs[:, T - 1] = dC
    for t in range(T - 2):
        dCs[:, T - 2 - t] = dCs[:, T - 1 - t] * f[:, T - 1 - t]
    return dCs


def w14(dC, f):
    for t in reversed(range(f.shape[1])):
        after = dC if t == f.shape[1] - 1 else after * f[:, t + 1]
    return after


def w15(dC, f):
    dCs = np.empty_like(f)
    dCs[:, -1] = dC
    for t in reversed(range(f.shape[1] - 1)):
        dC *= f[:, t + 1]
        dCs[:, t] = dC
    return dCs


def w16(dC, f):
    dCs = np.empty_like(f)
    dCs[:, -1] = dC
    for t in reversed(range(f.shape[1] - 1)):
        dCs[:, t] = dCs[:, t + 1] / f[:, t + 1]
    return dCs


def w17(dC, f):
    dCs = np.zeros_like(f)
    dCs[:, -1] = dC
    for t in range(f.shape[1] - 1):           # 앞에서부터
        dCs[:, t] = dCs[:, t + 1] * f[:, t + 1]
    return dCs


def w18(dC, f):
    B, T, H = f.shape
    mean = f.mean(axis=1)
    return np.stack([dC * mean ** (T - 1 - t) for t in range(T)], axis=1)


def w19(dC, f):
    dCs = np.zeros_like(f)
    dCs[:, -1] = dC
    for t in reversed(range(f.shape[1] - 1)):
        dCs[:, t] = dC + dCs[:, t + 1] * f[:, t + 1]
    return dCs


def w20(dC, f):
    import torch

    f = torch.tensor(f, requires_grad=True)
    C = torch.cumprod(f, dim=1)
    C[:, -1].backward(torch.tensor(dC))
    return f.grad


def w21(dC, f):
    B, T, H = f.shape
    dCs = np.zeros_like(f)
    dCs[:, -1] = dC * f[:, -1]
    for t in reversed(range(T - 1)):
        dCs[:, t] = dCs[:, t + 1] * f[:, t + 1]
    return dCs


def w22(dC, f):
    B, T, H = f.shape
    fs = 1 / (1 + np.exp(-f))
    dCs = np.empty_like(f)
    dCs[:, -1] = dC
    for t in range(T - 2, -1, -1):
        dCs[:, t] = dCs[:, t + 1] * fs[:, t + 1]
    return dCs


def r6(dC, f):
    logs = np.log(f)
    total = logs.sum(axis=1, keepdims=True)
    return dC[:, np.newaxis, :] * np.exp(total - np.cumsum(logs, axis=1))


RIGHT = [r1, r2, r3, r4, r5, r6]
WRONG = [
    (w1, "time", "f[:, t] instead of f[:, t+1]"),
    (w2, "time", "multiplied before it is stored: one gate too many, ∂L/∂C_{t-1} at place t"),
    (w3, "other", "1 - f instead of f"),
    (w4, "other", "the gate is added instead of multiplied"),
    (w5, "accumulate", "dC times one gate only: not a product of all later ones"),
    (w6, "missing", "dC unchanged at every step; f is not used"),
    (w7, "order", "product of the gates from the first up to t instead of those after t"),
    (w8, "order", "goes forwards: dC at the first step and multiplied to later ones"),
    (w9, "derivative", "the sigmoid's derivative f(1-f) instead of f"),
    (w10, "other", "one array is changed in place and appended T times: every step shows the same, all gates multiplied"),
    (w11, "order", "the list is not turned round: time reversed"),
    (w12, "axis", "product along the batch instead of time"),
    (w13, "time", "the loop ends too early: t = 0 stays 0"),
    (w14, "form", "only the first step's gradient is returned, (B, H)"),
    (w15, "mutated", "dC is changed in place"),
    (w16, "other", "divided by the gate instead of multiplied"),
    (w17, "order", "goes forwards over an empty array, and uses the entries after it before they are computed"),
    (w18, "other", "powers of the mean gate instead of the product of the gates"),
    (w19, "extra", "dC is added again at every step, as if every step had a loss of its own"),
    (w20, "other", "∂L/∂f_t instead of ∂L/∂C_t"),
    (w21, "extra+start", "the last step is multiplied by its own gate, too, and so all before it"),
    (w22, "activation", "a sigmoid is put on the gates, which have been through it already"),
]
NOT_TO_SAY = {
    "w2": "f[:, t] for f[:, t+1] with dCs[:, -1] = dC: here the last entry is multiplied, too",
    "w5": "that f[:, t] was used",
    "w10": "that the gate's index is wrong",
    "w11": "that the gradient is carried forwards",
    "w20": "that a gate is missing or added: another quantity was differentiated",
    "w19": "that the gate is added",
}
