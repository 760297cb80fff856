import numpy as np

EXERCISE = "bptt/clip"


def r1(grads, max_norm):
    total = 0.0
    for g in grads.values():
        total += float(np.sum(g * g))
    norm = total ** 0.5
    out = {}
    for k in grads:
        out[k] = grads[k] * (max_norm / norm) if norm > max_norm else grads[k].copy()
    return out


def r2(grads, max_norm):
    flat = np.concatenate([g.ravel() for g in grads.values()])
    factor = min(1, max_norm / max(np.linalg.norm(flat), 1e-12))
    return dict((name, factor * g) for name, g in grads.items())


def r3(grads, max_norm):
    import torch

    params = {}
    for name, g in grads.items():
        p = torch.nn.Parameter(torch.zeros(g.shape, dtype=torch.float64))
        p.grad = torch.tensor(g)
        params[name] = p
    norm = torch.linalg.vector_norm(torch.stack([p.grad.norm() for p in params.values()]))
    if norm > max_norm:
        for p in params.values():
            p.grad.mul_(max_norm / norm)
    return {name: p.grad for name, p in params.items()}


def r4(grads, max_norm):
    norm = np.linalg.norm([np.linalg.norm(grad) for grad in grads.values()])
    if norm <= max_norm:
        return {name: grad.tolist() for name, grad in grads.items()}
    return {name: (grad / norm * max_norm).tolist() for name, grad in grads.items()}


def r5(grads, max_norm):
    import copy

    new = copy.deepcopy(grads)
    전체 = np.sqrt(sum(np.vdot(g, g) for g in new.values()))
    if 전체 > max_norm:
        for g in new.values():
            g *= max_norm / 전체
    return {k: np.asfortranarray(v, dtype=np.float32) for k, v in new.items()}


# --- wrong

def w1(grads, max_norm):
    clipped = {}
    for name, g in grads.items():
        norm = np.linalg.norm(g)
        clipped[name] = g * max_norm / norm if norm > max_norm else g.copy()
    return clipped


def w2(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    scale = norm / max_norm if norm > max_norm else 1.0
    return {k: g * scale for k, g in grads.items()}


def w3(grads, max_norm):
    return {name: np.clip(g, -max_norm, max_norm) for name, g in grads.items()}


def w4(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    return {k: g * max_norm / (norm + 1e-12) for k, g in grads.items()}


def w5(grads, max_norm):
    norm = sum((g**2).sum() for g in grads.values())
    scale = max_norm / norm if norm > max_norm else 1.0
    return {k: g * scale for k, g in grads.items()}


def w6(grads, max_norm):
    norm = sum(np.linalg.norm(g) for g in grads.values())
    if norm > max_norm:
        return {k: g * (max_norm / norm) for k, g in grads.items()}
    return {k: g for k, g in grads.items()}


def w7(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    if norm > max_norm:
        for name in grads:
            grads[name] = grads[name] * max_norm / norm
    return grads


def w8(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    if norm > max_norm:
        for g in grads.values():
            g *= max_norm / norm
    return dict(grads)


def w9(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    if norm > max_norm:
        return {k: g / norm for k, g in grads.items()}
    return dict(grads)


def w10(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    if norm > max_norm:
        return {k: g * max_norm / norm for k, g in grads.items()}


def w11(grads, max_norm):
    norm = max(np.linalg.norm(g) for g in grads.values())
    scale = min(1.0, max_norm / norm) if norm else 1.0
    return {k: scale * g for k, g in grads.items()}


def w12(grads, max_norm):
    norm = np.sqrt(sum((g**2).mean() for g in grads.values()))
    scale = max_norm / norm if norm > max_norm else 1
    return {k: scale * g for k, g in grads.items()}


def w13(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    scale = max_norm / norm if norm < max_norm else 1.0
    return {k: scale * g for k, g in grads.items()}


def w14(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    scale = max_norm / norm if norm > max_norm else 1.0
    return [scale * g for g in grads.values()]


def w15(grads, max_norm):
    norm = sum(np.abs(g).sum() for g in grads.values())
    scale = max_norm / norm if norm > max_norm else 1.0
    return {k: scale * g for k, g in grads.items()}


def w16(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    if norm > max_norm:
        return {k: np.zeros_like(g) for k, g in grads.items()}
    return {k: g.copy() for k, g in grads.items()}


def w17(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for k, g in grads.items() if k.startswith("weight")))    # biases aren't clipped
    scale = max_norm / norm if norm > max_norm else 1.0
    return {k: scale * g if k.startswith("weight") else g.copy() for k, g in grads.items()}


def w18(grads, max_norm):
    out = {}
    for name, g in grads.items():
        rows = np.sqrt((g**2).sum(axis=-1, keepdims=True))
        out[name] = np.where(rows > max_norm, g * max_norm / rows, g)
    return out


def w19(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    scale = min(1.0, max_norm / norm)
    for name, g in grads.items():
        clipped = {name: g * scale}
    return clipped


def w20(grads, max_norm):
    norm = np.linalg.norm(np.array([np.sum(g) for g in grads.values()]))
    scale = max_norm / norm if norm > max_norm else 1.0
    return {k: scale * g for k, g in grads.items()}


def w21(grads, max_norm):
    norm = 0
    for g in grads.values():
        norm = np.sqrt((g**2).sum())
    scale = max_norm / norm if norm > max_norm else 1.0
    return {k: scale * g for k, g in grads.items()}


def w22(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    scale = max_norm / norm                        # norm 0?
    return {k: g * min(scale, 1.0) if norm > 0 else g * scale for k, g in grads.items()}


def w23(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    return {k: np.minimum(g, g * max_norm / norm) if norm > max_norm else g * 1 for k, g in grads.items()}


def w24(grads, max_norm):
    # torch.nn.utils.clip_grad_norm_ returns the norm
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    scale = max_norm / norm if norm > max_norm else 1.0
    return {k: g * scale for k, g in grads.items()}, norm


def w25(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    scale = max_norm / norm if norm > max_norm else 1.0
    return {"d" + k: g * scale for k, g in grads.items()}


def w26(grads, max_norm):
    flat = np.concatenate([g.ravel() for g in grads.values()])
    norm = np.linalg.norm(flat)
    if norm > max_norm:
        flat = flat * max_norm / norm
    return dict(zip(grads, np.split(flat, len(grads)))) if len(flat) % len(grads) == 0 else {k: flat for k in grads}


RIGHT = [r1, r2, r3, r4, r5]
WRONG = [
    (w1, "other+scale", "each array is clipped alone by its own norm"),
    (w2, "scale", "ratio inverted: norm / max_norm"),
    (w3, "other", "every entry is clipped to ±max_norm"),
    (w4, "missing", "no condition: small gradients are scaled up to max_norm"),
    (w5, "scale", "no square root: the squared norm"),
    (w6, "scale", "the arrays' norms are added instead of the root of the sum of squares"),
    (w7, "mutated", "the dict that was given is changed"),
    (w8, "mutated", "the arrays that were given are changed in place"),
    (w9, "scale", "divided by the norm, not multiplied by max_norm: norm becomes 1"),
    (w10, "form", "returns None when the norm does not exceed"),
    (w11, "scale", "the largest array's norm instead of the norm of all"),
    (w12, "scale", "mean of the squares instead of their sum"),
    (w13, "sign+other", "the condition turned round: scales up what is small, leaves what is large"),
    (w14, "form", "a list of arrays instead of a dict"),
    (w15, "scale", "sum of absolute values (1-norm) instead of the 2-norm"),
    (w16, "other", "gradients that are too large are thrown away (set to zero)"),
    (w17, "other+missing", "biases are left out of the norm and are not scaled"),
    (w18, "axis+other", "clips each row by its own norm"),
    (w19, "form+accumulate", "a new dict in every round of the loop: only the last name is left"),
    (w20, "scale+sign", "the norm of the arrays' sums: entries cancel"),
    (w21, "accumulate", "the norm is overwritten in the loop: that of the last array only"),
    (w22, "other", "max_norm / 0 when all gradients are zero: NaN; right otherwise"),
    (w23, "other", "elementwise minimum of the gradient and the scaled one: negative entries stay unscaled"),
    (w24, "form", "returns a pair (dict, norm)"),
    (w25, "form", "other names: a d is put before every key"),
    (w26, "form", "right values, but as flat pieces: the arrays' shapes are lost"),
]
NOT_TO_SAY = {
    "w22": "anything about non-zero gradients",
    "w4": "that the ratio is inverted",
    "w11": "that each array is clipped alone",
    "w21": "that each array is clipped alone",
    "w18": "that each array is clipped by its own norm as a whole",
    "w9": "that the ratio is inverted",
}
