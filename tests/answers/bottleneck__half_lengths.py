import numpy as np

EXERCISE = "bottleneck/half_lengths"


def r1(shares, lengths):
    out = []
    for row in shares:
        answer = lengths[-1]
        for k in range(1, len(row)):
            if row[k] < 0.5:
                t = (0.5 - row[k - 1]) / (row[k] - row[k - 1])
                answer = (1 - t) * lengths[k - 1] + t * lengths[k]
                break
        out.append(answer)
    return np.array(out)


def r2(shares, lengths):
    below = shares < 0.5
    k = np.maximum(below.argmax(axis=1), 1)
    rows = np.arange(len(shares))
    high, low = shares[rows, k - 1], shares[rows, k]
    found = lengths[k - 1] + (high - 0.5) / (high - low) * (lengths[k] - lengths[k - 1])
    return np.where(below.any(axis=1), found, lengths[-1])


# --- wrong

def w1(shares, lengths):
    return np.array([lengths[np.argmax(row < 0.5)] for row in shares])


def w2(shares, lengths):
    return np.array([lengths[np.argmin(abs(row - 0.5))] for row in shares])


def w3(shares, lengths):
    out = []
    for row in shares:
        k = np.argmax(row < 0.5)
        out.append((lengths[k - 1] + lengths[k]) / 2 if k else lengths[-1])
    return np.array(out)


RIGHT = [r1, r2]
WRONG = [
    (w1, "other", "the first measured length below one half, and the first of all where there is none"),
    (w2, "other", "the measured length nearest to one half"),
    (w3, "scale+missing+other", "the middle between the two lengths, not the point of the line"),
]
