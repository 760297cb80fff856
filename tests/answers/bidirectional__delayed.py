import numpy as np

EXERCISE = "bidirectional/delayed"


def r1(ids, targets, k):
    B = ids.shape[0]
    return np.hstack([ids, np.zeros((B, k))]), np.hstack([-100 * np.ones((B, k)), targets])


def r2(ids, targets, k):
    new_ids = [list(row) + [0] * k for row in ids]
    new_targets = [[-100] * k + list(row) for row in targets]
    return new_ids, new_targets


def r3(ids, targets, k):
    B, T = ids.shape
    x = np.zeros((B, T + k), dtype=np.int64)
    y = np.full((B, T + k), -100)
    x[:, :T] = ids
    y[:, k:] = targets
    return x, y


# --- wrong

def w1(ids, targets, k):
    B = ids.shape[0]
    return np.hstack([ids, np.zeros((B, k))]), np.hstack([targets, -100 * np.ones((B, k))])


def w2(ids, targets, k):
    B = ids.shape[0]
    return np.hstack([np.zeros((B, k)), ids]), np.hstack([-100 * np.ones((B, k)), targets])


def w3(ids, targets, k):
    B = ids.shape[0]
    return np.hstack([ids, np.zeros((B, k))]), np.hstack([np.zeros((B, k)), targets])


def w4(ids, targets, k):
    return ids, np.hstack([-100 * np.ones((len(ids), k)), targets[:, :-k]])


def w5(ids, targets, k):
    return np.roll(np.pad(ids, ((0, 0), (0, k))), 1, axis=1), np.pad(targets, ((0, 0), (k, 0)), constant_values=-100)


def w6(ids, targets, k):
    B = ids.shape[0]
    return np.hstack([ids, np.zeros((B, 1))]), np.hstack([-100 * np.ones((B, 1)), targets])


def w7(ids, targets, k):
    ids, targets = np.pad(ids, ((0, 0), (0, k))), np.pad(targets, ((0, 0), (0, k)), constant_values=-100)
    return ids, np.roll(targets, -k, axis=1)


def w8(ids, targets, k):
    return np.pad(ids, ((0, 0), (0, k)), mode="edge"), np.pad(targets, ((0, 0), (k, 0)), constant_values=-100)


RIGHT = [r1, r2, r3]
WRONG = [
    (w1, "time", "the targets are not late"),
    (w2, "time", "the inputs are late as well"),
    (w3, "other", "targets of 0 in place of -100"),
    (w4, "form+missing", "the inputs stay as they are, whatever k is; T steps"),
    (w5, "time", "the inputs are one step late"),
    (w6, "form+missing", "late by one step whatever k is"),
    (w7, "time+order", "the targets are rolled the wrong way"),
    (w8, "other", "the last letter is repeated in place of empty inputs"),
]
