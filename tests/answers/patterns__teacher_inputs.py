import numpy as np

EXERCISE = "patterns/teacher_inputs"


def r1(y, start):
    inputs = np.empty_like(y)
    inputs[:, 0] = start
    inputs[:, 1:] = y[:, :-1]
    return inputs


def r2(y, start):
    rolled = np.roll(y, 1, axis=1)
    rolled[:, 0, :] = start
    return rolled


def r3(y, start):
    return [[start[b].tolist()] + [y[b][t].tolist() for t in range(y.shape[1] - 1)] for b in range(len(y))]


def r4(y, start):
    import torch

    return torch.cat((torch.tensor(start).unsqueeze(1), torch.tensor(y)[:, :-1, :]), dim=1)


def r5(y, start):
    B, T, O = y.shape
    out = np.zeros((B, T, O), order="F", dtype="float32")
    prev = start
    for t in range(T):
        out[:, t] = prev
        prev = y[:, t]
    out.setflags(write=False)
    return out


def r6(y, start):
    return np.insert(y, 0, start, axis=1)[:, :-1]


# --- wrong

def w1(y, start):
    return y


def w2(y, start):
    return np.concatenate([start[:, None], y], axis=1)


def w3(y, start):
    return np.concatenate([start[:, None, :], y[:, 1:]], axis=1)


def w4(y, start):
    return np.roll(y, 1, axis=1)


def w5(y, start):
    return np.concatenate([y[:, 1:], start[:, None]], axis=1)


def w6(y, start):
    inputs = np.zeros_like(y)
    inputs[:, 1:] = y[:, :-1]
    return inputs


def w7(y, start):
    y[:, 1:] = y[:, :-1].copy()
    y[:, 0] = start
    return y


def w8(y, start):
    B, T, O = y.shape
    입력 = np.empty_like(y)
    입력[0] = start[0]
    for t in range(1, B):
        입력[t] = y[t - 1]
    return 입력


def w9(y, start):
    inputs = y.copy()
    inputs[:, 0] = start
    for t in range(1, y.shape[1]):
        inputs[:, t] = inputs[:, t - 1]
    return inputs


def w10(y, start):
    return np.concatenate([start, y[:, :-1]], axis=1)


def w11(y, start):
    return np.hstack([start[:, None], y[:, :-1]]).transpose(1, 0, 2)


def w12(y, start):
    inputs = np.roll(y, 1)
    inputs[:, 0] = start
    return inputs


def w13(y, start):
    out = [start]
    for t in range(y.shape[1] - 2):
        out.append(y[:, t])
    out.append(y[:, -1])
    return np.stack(out[:y.shape[1]], axis=1)


def w14(y, start):
    T = y.shape[1]
    # half of the time the teacher helps
    inputs = np.repeat(start[:, None], T, axis=1)
    for t in range(1, T):
        if t % 2:
            inputs[:, t] = y[:, t - 1]
    return inputs


def w15(y, start):
    backwards = y[:, ::-1]
    return np.concatenate([start[:, None], backwards[:, :-1]], axis=1)


def w16(y, start):
    out = np.zeros(y.shape)
    for t in range(1, y.shape[1]):
        out[:, t] = y[:, t - 1]
    out[:, 0] += y[:, 0]
    return out


def w17(y, start):
    result = [start]
    for t in range(len(y[0])):
        result.append(y[:, t])
    np.stack(result[:-1], axis=1)


def w18(y, start):
    return np.concatenate([start[:, None], np.cumsum(y, axis=1)[:, :-1]], axis=1)


def w19(y, start):
    onehot = np.eye(y.shape[-1])[y.argmax(axis=-1)]
    return np.concatenate([start[:, None], onehot[:, :-1]], axis=1)


def w20(y, start):
    out = np.empty_like(y)
    out[:, 0] = start
    out[:, 1:] = y[:, :-1]
    return np.ma.array(out, mask=[[[t == 0] * y.shape[2] for t in range(y.shape[1])]] * len(y))


def w21(y, start):
    first = np.broadcast_to(start.mean(axis=0), start.shape)
    return np.concatenate([first[:, None], y[:, :-1]], axis=1)


RIGHT = [r1, r2, r3, r4, r5, r6]
WRONG = [
    (w1, "time+missing", "the step's own answer y[t]; start is not used"),
    (w2, "form", "T+1 steps: the last y is not cut off"),
    (w3, "time", "start replaces y[0], every later step gets its own answer"),
    (w4, "start", "roll: the first step gets the sequence's last answer instead of start"),
    (w5, "time", "shifted the other way: step t gets y[t+1], start stands last"),
    (w6, "start", "zeros at the first step instead of start"),
    (w7, "mutated", "y itself is shifted and changed"),
    (w8, "axis", "shifted along the batch instead of along time"),
    (w9, "other", "start is carried on into every step: each step copies the input before it, not the answer before it"),
    (w10, "exception", "start (B, O) and y (B, T-1, O) are joined without a time axis"),
    (w11, "form+axis", "time first: (T, B, O)"),
    (w12, "axis", "np.roll without an axis shifts the flattened array by one number"),
    (w13, "time", "the last step gets y[T-1] (its own answer) instead of y[T-2]; the others are right"),
    (w14, "other", "teacher's answers only at every other step, start in between (scheduled sampling misunderstood)"),
    (w15, "order", "the answers come in reversed time order"),
    (w16, "start", "the first step gets y[0], its own answer, instead of start; the others are right"),
    (w17, "form", "nothing is returned"),
    (w18, "accumulate+other", "running sums of the answers instead of the answers"),
    (w19, "other", "the true outputs are replaced by one-hot vectors of their largest entries"),
    (w20, "form", "a masked array that hides the first step"),
    (w21, "other", "the batch's mean start instead of each sequence's own"),
]
NOT_TO_SAY = {
    "w3": "that start is not used",
    "w4": "that the shift has the wrong direction",
    "w12": "that the answers are shifted by one time step along the right axis and only start is missing",
    "w13": "that all steps get their own answer",
    "w16": "that nothing is shifted",
    "w21": "that start is not used",
}
