import numpy as np

EXERCISE = "long-term-dependencies/roads"


def r1(J):
    H = J.shape[1] // 2
    whole = np.linalg.multi_dot(J[::-1]) if len(J) > 1 else J[0]
    straight = np.diag(np.prod([np.diag(step[H:, H:]) for step in J], axis=0))
    return straight, whole[H:, H:] - straight


def r2(J):
    from functools import reduce

    H = J.shape[-1] // 2
    whole = reduce(np.matmul, J[::-1])[H:, H:]
    straight = reduce(np.matmul, J[::-1, H:, H:])
    return straight, whole - straight


def r3(J):
    T, S, _ = J.shape
    H = S // 2
    dh, dC, road = np.zeros((H, H)), np.eye(H), np.eye(H)
    for t in range(T):
        dh, dC = J[t, :H, :H] @ dh + J[t, :H, H:] @ dC, J[t, H:, :H] @ dh + J[t, H:, H:] @ dC
        road = J[t, H:, H:] @ road
    return [road.tolist(), (dC - road).tolist()]


def r4(J):
    H = J.shape[1] // 2
    columns = []
    for k in range(H):
        v = np.zeros(2 * H)
        v[H + k] = 1
        for step in J:
            v = step @ v
        columns.append(v[H:])
    f = np.ones(H)
    for step in J:
        f = f * step[H:, H:].diagonal()
    return np.diag(f), np.array(columns).T - np.diag(f)


def r5(J):
    import torch

    H = J.shape[1] // 2
    J = torch.tensor(J)
    back = torch.eye(2 * H, dtype=J.dtype)
    for step in J.flip(0):
        back = back @ step
    straight = torch.diag(torch.stack([step[H:, H:].diagonal() for step in J]).prod(dim=0))
    return straight, back[H:, H:] - straight


# --- wrong

def w1(J):
    H = J.shape[1] // 2
    whole, straight = np.eye(2 * H), np.eye(H)
    for step in J:
        whole = step @ whole
        straight = step[H:, H:] @ straight
    return straight, whole[H:, H:]


def w2(J):
    H = J.shape[1] // 2
    whole, straight = np.eye(2 * H), np.eye(H)
    for step in J:
        whole = whole @ step
        straight = straight @ step[H:, H:]
    return straight, whole[H:, H:] - straight


def w3(J):
    H = J.shape[1] // 2
    whole, straight = np.eye(2 * H), np.eye(H)
    for step in J:
        whole = step @ whole
        straight = step[:H, :H] @ straight
    return straight, whole[:H, :H] - straight


def w4(J):
    H = J.shape[1] // 2
    straight = np.eye(H)
    for step in J:
        straight = step[H:, H:] @ straight
    return straight, np.zeros((H, H))


def w5(J):
    H = J.shape[1] // 2
    whole, straight = np.eye(2 * H), np.eye(H)
    for step in J[1:]:
        whole = step @ whole
        straight = step[H:, H:] @ straight
    return straight, whole[H:, H:] - straight


def w6(J):
    H = J.shape[1] // 2
    whole, straight = np.eye(2 * H), np.eye(H)
    for step in J:
        whole = step @ whole
        straight = step[H:, H:] @ straight
    return whole[H:, H:], whole[H:, H:] - straight


def w7(J):
    H = J.shape[1] // 2
    whole, straight = np.eye(2 * H), np.eye(H)
    for step in J:
        whole = step * whole
        straight = step[H:, H:] * straight
    return straight, whole[H:, H:] - straight


def w8(J):
    H = J.shape[1] // 2
    whole, straight = np.eye(2 * H), np.eye(H)
    for step in J:
        whole = step @ whole
        straight = step[H:, H:] @ straight
    return straight, straight - whole[H:, H:]


def w9(J):
    H = J.shape[1] // 2
    whole, straight = np.eye(2 * H), np.eye(H)
    for step in J:
        whole = step @ whole
        straight = step[H:, H:] @ straight
    return straight, whole[H:, :H] - straight


def w10(J):
    H = J.shape[1] // 2
    whole, straight = np.zeros((2 * H, 2 * H)), np.zeros((H, H))
    for step in J:
        whole = whole + step
        straight = straight + step[H:, H:]
    return straight, whole[H:, H:] - straight


RIGHT = [r1, r2, r3, r4, r5]
WRONG = [
    (w1, "missing", "the straight road is not subtracted: the second result is the whole"),
    (w2, "order", "the steps are multiplied the wrong way round"),
    (w3, "swap", "the block of h instead of the block of C, in both results"),
    (w4, "other", "the detours are taken for 0"),
    (w5, "start", "the first step is left out"),
    (w6, "swap+extra+other", "the first result is the whole, not the straight road"),
    (w7, "operation+other+form", "multiplied entry by entry instead of as matrices"),
    (w8, "sign", "the difference the other way round"),
    (w9, "other", "the block ∂C/∂h instead of ∂C/∂C"),
    (w10, "other", "added up instead of multiplied"),
]
NOT_TO_SAY = {
    "w1": "that the order of the product is wrong",
    "w4": "that the straight road is wrong",
}
