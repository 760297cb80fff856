import numpy as np

EXERCISE = "long-term-dependencies/mark_and_add"


def r1(numbers, first, second):
    B, T = numbers.shape
    marks = np.zeros((B, T), dtype=int)
    y = np.zeros(B)
    for b in range(B):
        marks[b, first[b]] = 1
        marks[b, second[b]] = 1
        y[b] = numbers[b, first[b]] + numbers[b, second[b]]
    return marks, y


def r2(numbers, first, second):
    t = np.arange(numbers.shape[1])
    marks = (t == first[:, None]) | (t == second[:, None])        # bools
    return marks, np.where(marks, numbers, 0).sum(axis=1)


def r3(numbers, first, second):
    I = np.eye(numbers.shape[1])
    marks = I[first] + I[second]
    return marks.astype(np.float32), np.einsum("bt,bt->b", marks, numbers).astype(np.float32)


def r4(numbers, first, second):
    marks = [[1 if t in (a, z) else 0 for t in range(len(row))] for row, a, z in zip(numbers, first, second)]
    y = [float(row[a] + row[z]) for row, a, z in zip(numbers, first, second)]
    return [marks, y]


def r5(numbers, first, second):
    import torch

    n = torch.tensor(numbers)
    where = torch.stack([torch.tensor(first), torch.tensor(second)], dim=1)
    marks = torch.zeros_like(n, dtype=torch.uint8).scatter_(1, where, 1)
    return marks, n.gather(1, where).sum(dim=1)


def r6(numbers, first, second):
    marks = np.zeros(numbers.shape, order="F")
    both = np.column_stack([first, second])
    np.put_along_axis(marks, both, 1.0, axis=1)
    return marks, np.take_along_axis(numbers, both, axis=1) @ np.ones(2)


# --- wrong

def w1(numbers, first, second):
    marks = np.zeros_like(numbers)
    marks[:, first] = 1
    marks[:, second] = 1
    return marks, (marks * numbers).sum(axis=1)


def w2(numbers, first, second):
    rows = np.arange(len(numbers))
    marks = np.zeros_like(numbers)
    marks[rows, first - 1] = 1
    marks[rows, second - 1] = 1
    return marks, (marks * numbers).sum(axis=1)


def w3(numbers, first, second):
    rows = np.arange(len(numbers))
    marks = np.zeros_like(numbers)
    marks[rows, first] = marks[rows, second] = 1
    return marks, (marks * numbers).sum(axis=0)


def w4(numbers, first, second):
    rows = np.arange(len(numbers))
    marks = np.zeros_like(numbers)
    marks[rows, first] = marks[rows, second] = 1
    return marks, (marks * numbers).sum()


def w5(numbers, first, second):
    rows = np.arange(len(numbers))
    marks = np.zeros_like(numbers)
    marks[rows, first] = 1
    marks[rows, second] = 1
    return marks, numbers.sum(axis=1)


def w6(numbers, first, second):
    marks = np.zeros_like(numbers)
    for b in range(len(numbers)):
        marks[b, first[b]:second[b]] = 1
    return marks, (marks * numbers).sum(axis=1)


def w7(numbers, first, second):
    rows = np.arange(len(numbers))
    marks = np.zeros_like(numbers)
    marks[rows, first], marks[rows, second] = 1, 2
    return marks, numbers[rows, first] + numbers[rows, second]


def w8(numbers, first, second):
    rows = np.arange(len(numbers))
    marks = np.zeros_like(numbers)
    marks[rows, first] = marks[rows, second] = 1
    return marks, first + second


def w9(numbers, first, second):
    rows = np.arange(len(numbers))
    marks = np.zeros_like(numbers)
    marks[rows, first] = marks[rows, second] = 1
    return marks, (numbers * marks).sum(axis=1) / 2


def w10(numbers, first, second):
    rows = np.arange(len(numbers))
    marks = np.zeros_like(numbers)
    marks[rows, first] = numbers[rows, first]
    marks[rows, second] = numbers[rows, second]
    return marks, marks.sum(axis=1)


def w11(numbers, first, second):
    rows = np.arange(len(numbers))
    marks = np.zeros_like(numbers)
    marks[rows, first] = 1
    y = (numbers * marks).sum(axis=1)
    marks = np.zeros_like(numbers)
    marks[rows, second] = 1
    y += (numbers * marks).sum(axis=1)
    return marks, y


def w12(numbers, first, second):
    표시 = np.zeros_like(numbers)
    합 = []
    for b in range(len(numbers)):
        표시[b, first[b]] = 1
        표시[b, second[b]] = 1
        합.append(numbers[b, first[b]] + numbers[b, second[b]])
    return np.array(합), 표시


def w13(numbers, first, second):
    rows = np.arange(len(numbers))
    numbers[rows, first] += 0.0
    marks = numbers
    marks[:] = 0
    marks[rows, first] = 1
    marks[rows, second] = 1
    return marks, (numbers * marks).sum(axis=1)


def w14(numbers, first, second):
    B, T = numbers.shape
    marks = np.zeros((T, B))
    for b in range(B):
        marks[first[b], b] = marks[second[b], b] = 1
    return marks, np.array([numbers[b, first[b]] + numbers[b, second[b]] for b in range(B)])


def w15(numbers, first, second):
    marks = np.zeros_like(numbers)
    marks[0, first] = 1
    marks[0, second] = 1
    return marks, numbers[0, first] + numbers[0, second]


def w16(numbers, first, second):
    rows = np.arange(len(numbers))
    marks = np.ones_like(numbers)
    marks[rows, first] = 0
    marks[rows, second] = 0
    return marks, (numbers * (1 - marks)).sum(axis=1)


def w17(numbers, first, second):
    rows = np.arange(len(numbers))
    marks = np.zeros_like(numbers)
    marks[rows, first] = marks[rows, second] = 1
    return marks, numbers[rows, first] * numbers[rows, second]


def w18(numbers, first, second):
    rows = np.arange(len(numbers))
    marks = np.zeros_like(numbers)
    marks[rows, first] = marks[rows, second] = 1
    return marks, numbers[rows, first]


def w19(numbers, first, second):
    rows = np.arange(len(numbers))
    marks = np.zeros_like(numbers)
    marks[rows, first] = marks[rows, second] = 1
    return np.stack([numbers, marks], axis=-1), (numbers * marks).sum(axis=1)


def w20(numbers, first, second):
    # the adding problem: one mark in each half
    B, T = numbers.shape
    rows = np.arange(B)
    second = np.where(second < T // 2, second + T // 2, second)
    marks = np.zeros_like(numbers)
    marks[rows, first] = marks[rows, second] = 1
    return marks, (numbers * marks).sum(axis=1)


def w21(numbers, first, second):
    rows = np.arange(len(numbers))
    marks = np.zeros_like(numbers)
    marks[rows, first] = marks[rows, second] = 1
    return marks, (numbers * marks).sum(axis=1, keepdims=True)


def w22(numbers, first, second):
    rows = np.arange(len(numbers))
    marks = np.zeros_like(numbers)
    marks[rows, first] = marks[rows, second] = 1
    y = np.zeros(len(numbers), dtype=int)
    y[:] = (numbers * marks).sum(axis=1)
    return marks, y


def w23(numbers, first, second):
    rows = np.arange(len(numbers))
    marks = np.zeros_like(numbers)
    marks[rows, first] = marks[rows, second] = 1
    return np.ma.masked_equal(marks, 0), (numbers * marks).sum(axis=1)


RIGHT = [r1, r2, r3, r4, r5, r6]
WRONG = [
    (w1, "axis", "marks[:, first] marks all sequences' places in every sequence"),
    (w2, "time", "places counted from 1 (- 1)"),
    (w3, "axis", "y is summed over the batch: (T,); marks are right"),
    (w4, "axis+form", "y is one number, summed over everything; marks are right"),
    (w5, "missing", "y is the sum of all numbers, not only of the marked ones; marks are right"),
    (w6, "other", "marks everything from first up to second"),
    (w7, "other", "the second place is marked with 2; y is right"),
    (w8, "swap", "y is the sum of the places instead of the numbers; marks are right"),
    (w9, "scale", "y is the mean; marks are right"),
    (w10, "other", "marks hold the numbers instead of 1; y is right"),
    (w11, "accumulate", "marks of the first place are overwritten by those of the second; y is right"),
    (w12, "swap", "y and marks are returned in exchanged order"),
    (w13, "mutated+other", "marks is the array numbers itself: numbers is destroyed and y is always 2"),
    (w14, "transpose+form", "marks are (T, B); y is right"),
    (w15, "axis", "all marks are set in sequence 0 and all numbers read from it"),
    (w16, "other", "marks inverted: 0 at the two places and 1 elsewhere; y is right"),
    (w17, "other", "product of the two numbers; marks are right"),
    (w18, "missing", "y is the first number alone; marks are right"),
    (w19, "form", "returns the network's input (numbers and marks stacked, (B, T, 2)) instead of marks; y is right"),
    (w21, "form", "y is (B, 1)"),
    (w22, "form", "y is cut to whole numbers by an array of ints; marks are right"),
    (w23, "form", "marks is a masked array that hides the zeros"),
]
UNSEEN = [    # wrong by the prompt (any two places), right on all inputs drawn: second always lies in the second half
    (w20, "extra", "moves a second place of the first half into the second half"),
]
NOT_TO_SAY = {
    "w3": "anything about marks", "w5": "anything about marks", "w8": "anything about marks",
    "w7": "that y is wrong", "w11": "that the second place is missing",
    "w13": "only that y is wrong",
    "w20": "that places are counted wrongly",
    "w22": "that marks may not be whole numbers",
}
