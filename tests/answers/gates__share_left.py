import numpy as np

EXERCISE = "gates/share_left"


def r1(f, k):
    share = np.zeros(f.shape)
    share[:, k] = 1.0
    for t in range(k + 1, f.shape[1]):
        share[:, t] = share[:, t - 1] * f[:, t]
    return share


def r2(f, k):
    B, T, H = f.shape
    s = []
    for t in range(T):
        if t < k:
            s.append(np.zeros((B, H)))
        else:
            s.append(np.prod(f[:, k + 1:t + 1], axis=1))
    return np.stack(s, 1)


def r3(f, k):
    gates = f.copy()
    gates[:, :k] = 0
    gates[:, k] = 1
    after = np.cumprod(gates[:, k:], axis=1)
    return np.concatenate([gates[:, :k], after], axis=1).tolist()


def r4(f, k):
    import torch

    f = torch.tensor(f)
    t = torch.arange(f.shape[1])[None, :, None]
    return torch.where(t > k, f, torch.ones_like(f)).cumprod(dim=1) * (t >= k)


def r5(f, k):
    # put a 1 into the cell at step k and follow it
    c = np.zeros((f.shape[0], f.shape[2]), dtype=np.float32)
    남은 = np.empty(f.shape, dtype=np.float32, order="F")
    for t in range(f.shape[1]):
        c = f[:, t] * c + (t == k)
        남은[:, t] = c
    return 남은


# --- wrong

def w1(f, k):
    share = np.zeros_like(f)
    share[:, k:] = np.cumprod(f[:, k:], axis=1)
    return share


def w2(f, k):
    share = np.ones_like(f)
    share[:, k + 1:] = np.cumprod(f[:, k + 1:], axis=1)
    return share


def w3(f, k):
    share = np.zeros_like(f)
    share[:, k] = 1
    share[:, k + 1:] = f[:, k + 1:]
    return share


def w4(f, k):
    share = np.zeros_like(f)
    share[:, k] = 1
    for t in range(k + 1, f.shape[1]):
        share[:, t] = share[:, t - 1] * f[:, t - 1]
    return share


def w5(f, k):
    share = np.zeros_like(f)
    share[:, k] = 1
    share[:, k + 1:] = np.cumprod(1 - f[:, k + 1:], axis=1)
    return share


def w6(f, k):
    share = np.zeros_like(f)
    share[:, k] = 1
    share[:, k + 1:] = np.cumprod(f[:, k + 1:], axis=2)
    return share


def w7(f, k):
    share = np.zeros_like(f)
    share[:, k] = 1
    share[:, :k] = np.cumprod(f[:, :k][:, ::-1], axis=1)[:, ::-1]
    return share


def w8(f, k):
    return np.prod(f[:, k + 1:], axis=1)


def w9(f, k):
    share = np.zeros_like(f)
    share[:, k] = 1
    share[:, k + 1:] = np.cumsum(f[:, k + 1:], axis=1)
    return share


def w10(f, k):
    f[:, :k] = 0
    f[:, k] = 1
    for t in range(k + 1, f.shape[1]):
        f[:, t] *= f[:, t - 1]
    return f


def w11(f, k):
    k = k - 1                      # counted from 0?
    share = np.zeros_like(f)
    share[:, k] = 1
    share[:, k + 1:] = np.cumprod(f[:, k + 1:], axis=1)
    return share


def w12(f, k):
    T = f.shape[1]
    share = np.zeros_like(f)
    share[:, k] = 1
    for t in range(k + 1, T - 1):
        share[:, t] = share[:, t - 1] * f[:, t]
    return share


def w13(f, k):
    share = np.zeros_like(f)
    share[:, k + 1:] = np.cumprod(f[:, k + 1:], axis=1)
    return share


def w14(f, k):
    share = np.zeros_like(f)
    share[:, k] = 1
    for t in range(k + 1, f.shape[1]):
        share[:, t] = f[:, k] ** (t - k)
    return share


def w15(f, k):
    cum = np.cumprod(f, axis=1)
    cum[:, :k] = 0
    return cum


def w16(f, k):
    cum = np.cumprod(f, axis=1)
    share = cum / cum[:, :1]
    share[:, :k] = 0
    share[:, k] = 1
    return share


def w17(f, k):
    share = np.full_like(f, np.nan)
    share[:, k] = 1
    share[:, k + 1:] = np.cumprod(f[:, k + 1:], axis=1)
    return share


def w18(f, k):
    share = np.zeros_like(f)
    share[k] = 1
    for t in range(k + 1, len(f)):
        share[t] = share[t - 1] * f[t]
    return share


def w19(f, k):
    B, T, H = f.shape
    out = np.zeros((B, T, H))
    out[:, k] = 1
    for t in range(k + 1, T):
        out[:, t] = np.mean(f[:, k + 1:t + 1], axis=1)
    return out


def w20(f, k):
    share = np.zeros_like(f)
    share[:, k] = 1
    rest = np.cumprod(f[:, :k:-1], axis=1)[:, ::-1]
    share[:, k + 1:] = rest
    return share


def w21(f, k):
    share = np.zeros(f.shape, dtype=int)
    share[:, k] = 1
    for t in range(k + 1, f.shape[1]):
        share[:, t] = share[:, t - 1] * f[:, t]
    return share


def w22(f, k):
    share = np.zeros_like(f)
    share[:, k] = 1
    for t in range(k + 1, f.shape[1]):
        share[:, t] = 1 - share[:, t - 1] * f[:, t]
    return share


def r6(f, k):
    cum = np.cumprod(f, axis=1)
    ratio = cum / cum[:, k:k + 1]
    return tuple(tuple(tuple(step) if t >= k else (0,) * f.shape[2] for t, step in enumerate(b)) for b in ratio)


RIGHT = [r1, r2, r3, r4, r5, r6]
WRONG = [
    (w1, "time", "the writing step's own gate is counted, too: f[k] at step k instead of 1"),
    (w2, "other", "1 instead of 0 before the step of writing"),
    (w3, "accumulate", "each step's own gate alone, not their product"),
    (w4, "time", "f[:, t-1] instead of f[:, t]: begins with the writing step's gate, one late"),
    (w5, "other", "1 - f instead of f"),
    (w6, "axis", "product along the units instead of time"),
    (w7, "order", "goes backwards from k: shares before the writing, none after"),
    (w8, "form", "only the share left at the end, (B, H)"),
    (w9, "other", "sum of the gates instead of their product"),
    (w10, "mutated", "f itself is overwritten"),
    (w11, "time", "k - 1: one step early (k = 0 wraps to the last)"),
    (w12, "time", "the last step stays 0"),
    (w13, "start", "0 instead of 1 at the step of writing; the others are right"),
    (w14, "other", "powers of the gate at step k instead of the later gates"),
    (w15, "start+time", "the product begins at step 0: what is left of c0, not of what was written at k"),
    (w16, "other+time", "divided by the first gate instead of the product up to k"),
    (w17, "form+other", "NaN before the step of writing"),
    (w18, "axis+exception", "k and t are taken on the batch axis; IndexError where k ≥ B"),
    (w19, "scale+other", "mean of the gates instead of their product"),
    (w20, "order", "the product is taken from the end: the gates from t to T-1 instead of k+1 to t"),
    (w21, "form", "an array of ints cuts the shares to 0"),
    (w22, "other", "the share that was lost is computed recursively: 1 - share·f"),
]
NOT_TO_SAY = {
    "w13": "that a gate is missing or late",
    "w15": "that only the writing step's own gate is one too many (true for k = 0 alone)",
    "w16": "that only one gate is wrong",
    "w20": "that time was reversed in the output",
    "w4": "that the writing step's own gate is counted at step k",
    "w21": "that whole numbers are forbidden as such",
}
