import numpy as np

EXERCISE = "examples/scaled"


def r1(y, cut):
    train = y[0:cut]
    return (y - np.mean(train)) / np.std(train)


def r2(y, cut):
    out = np.empty_like(y)
    mu = y[:cut].sum() / cut
    sd = np.sqrt(((y[:cut] - mu) ** 2).sum() / cut)
    for t in range(len(y)):
        out[t] = (y[t] - mu) / sd
    return out


def r3(y, cut):
    y = y.astype(np.float32)
    학습 = y[:cut].astype(np.float64)
    return (y - 학습.mean()) / 학습.std()


# --- wrong

def w1(y, cut):
    return (y - y.mean()) / y.std()


def w2(y, cut):
    return (y - y[:cut].mean()) / y.std()


def w3(y, cut):
    return (y - y.mean()) / y[:cut].std()


def w4(y, cut):
    return y - y[:cut].mean()


def w5(y, cut):
    x = y.copy()
    x[:cut] = (y[:cut] - y[:cut].mean()) / y[:cut].std()
    x[cut:] = (y[cut:] - y[cut:].mean()) / (y[cut:].std() if cut < len(y) else 1)
    return x


def w6(y, cut):
    return (y[:cut] - y[:cut].mean()) / y[:cut].std()


def w7(y, cut):
    return (y - y[:cut].mean()) / y[:cut].var()


def w8(y, cut):
    low, high = y[:cut].min(), y[:cut].max()
    return (y - low) / (high - low)


def w9(y, cut):
    return (y - y[:-cut].mean()) / y[:-cut].std()


RIGHT = [r1, r2, r3]
WRONG = [
    (w1, "other", "mean and std of the whole series"),
    (w2, "other", "std of the whole series"),
    (w3, "other", "mean of the whole series"),
    (w4, "missing+scale", "not divided by the standard deviation"),
    (w5, "other", "each part scaled by itself"),
    (w6, "form", "only the training part returned"),
    (w7, "scale+other", "divided by the variance"),
    (w8, "other+scale", "scaled to 0 … 1"),
    (w9, "other+time", "slice from the end: y[:-cut]"),
]
