import numpy as np

EXERCISE = "long-term-dependencies/rescaled"


def r1(weight, radius):
    values, _ = np.linalg.eig(weight)
    rho = max(abs(v) for v in values)
    return weight * (radius / rho)


def r2(weight, radius):
    고윳값 = np.linalg.eigvals(weight)
    크기 = np.sqrt(고윳값.real ** 2 + 고윳값.imag ** 2)
    return (weight / np.sort(크기)[-1] * radius).tolist()


def r3(weight, radius):
    import torch

    W = torch.tensor(weight)
    return W.mul(radius / torch.linalg.eigvals(W).abs().max())


def r4(weight, radius):
    # Gelfand: ρ = lim ‖Wⁿ‖^(1/n), by repeated squaring
    power, log = weight / np.linalg.norm(weight), np.log(np.linalg.norm(weight))
    n = 1
    for _ in range(40):
        power = power @ power
        size = np.linalg.norm(power)
        power /= size
        n *= 2
        log += np.log(size) / n
    return radius / np.exp(log) * weight


def r5(weight, radius):
    W = weight.copy()
    W *= -radius / np.abs(np.linalg.eigvals(weight.T)).max()      # any number will do, also a negative one
    return W


def r6(weight, radius):
    w = weight.astype(np.float32)
    out = np.empty(w.shape, np.float32, order="F")
    out[...] = w * np.float32(radius / np.abs(np.linalg.eigvals(weight)).max())
    out.flags.writeable = False
    return out


# --- wrong

def w1(weight, radius):
    return weight / np.linalg.norm(weight, 2) * radius


def w2(weight, radius):
    return weight * radius


def w3(weight, radius):
    return weight * radius / np.linalg.norm(weight)


def w4(weight, radius):
    return weight * (radius / np.abs(np.linalg.eigvalsh(weight)).max())


def w5(weight, radius):
    lam = np.linalg.eigvals(weight)
    return weight * radius / lam.real.max()


def w6(weight, radius):
    lam = np.linalg.eigvals(weight)
    return weight * radius / lam.max()


def w7(weight, radius):
    return weight * radius / abs(np.linalg.eigvals(weight)[0])


def w8(weight, radius):
    return weight * (np.abs(np.linalg.eigvals(weight)).max() / radius)


def w9(weight, radius):
    return weight * radius / np.abs(weight).max()


def w10(weight, radius):
    return weight * radius / np.abs(np.linalg.eigvals(weight)).min()


def w11(weight, radius):
    return weight * radius / np.abs(np.linalg.eigvals(weight)).mean()


def w12(weight, radius):
    weight *= radius / np.abs(np.linalg.eigvals(weight)).max()
    return weight


def w13(weight, radius):
    lam, P = np.linalg.eig(weight)
    lam = lam / np.abs(lam) * radius
    return (P @ np.diag(lam) @ np.linalg.inv(P)).real


def w14(weight, radius):
    rho = np.abs(np.linalg.eigvals(weight)).max()
    return radius / rho


def w15(weight, radius):
    H = len(weight)
    return weight + (radius - np.abs(np.linalg.eigvals(weight)).max()) * np.eye(H)


def w16(weight, radius):
    return weight / np.abs(np.linalg.eigvals(weight)).max()


def w17(weight, radius):
    return weight * np.sqrt(radius / np.abs(np.linalg.eigvals(weight)).max())


def w18(weight, radius):
    # 거듭제곱법 (power iteration)
    v = np.ones(len(weight))
    for _ in range(10):
        v = weight @ v
        v /= np.linalg.norm(v)
    return weight * radius / np.linalg.norm(weight @ v)


def w19(weight, radius):
    rho = np.abs(np.linalg.eigvals(weight)).max()
    if rho > radius:
        return weight * (radius / rho)
    return weight.copy()


def w20(weight, radius):
    return weight * radius / np.trace(weight)


def w21(weight, radius):
    rho = np.max(np.abs(np.linalg.eigvals(weight)))
    return np.array([[radius / rho * w for w in row] for row in weight.T])


def w22(weight, radius):
    from math import sqrt

    rho = sqrt(np.abs(np.linalg.eigvals(weight.T @ weight)).max())
    return [[w * radius / rho for w in row] for row in weight.tolist()]


def w23(weight, radius):
    lam = np.linalg.eigvals(weight)
    return weight * radius / np.abs(lam.real).max()


def w24(weight, radius):
    return weight * radius / np.abs(np.linalg.det(weight)) ** (1 / len(weight))


RIGHT = [r1, r2, r3, r4, r5, r6]
WRONG = [
    (w1, "other", "the largest singular value instead of the spectral radius"),
    (w2, "missing", "multiplied by radius without dividing by the present spectral radius"),
    (w3, "other", "Frobenius norm instead of the spectral radius"),
    (w4, "other", "eigvalsh is for symmetric matrices"),
    (w5, "other", "the largest real part instead of the largest absolute value"),
    (w6, "other", "max() of complex eigenvalues, no absolute value: result may be complex"),
    (w7, "other", "always the first eigenvalue instead of the largest in absolute value"),
    (w8, "scale", "ratio inverted"),
    (w9, "other", "the largest entry instead of the largest eigenvalue"),
    (w10, "other", "the smallest absolute eigenvalue"),
    (w11, "scale", "mean of the absolute eigenvalues"),
    (w12, "mutated", "weight itself is changed in place"),
    (w13, "other", "all eigenvalues are moved to absolute value radius: not one number times weight"),
    (w14, "form", "the factor is returned, not the matrix"),
    (w15, "other", "a multiple of the identity is added instead of multiplying by one number"),
    (w16, "missing", "radius is not used: spectral radius becomes 1"),
    (w17, "scale", "square root of the right factor"),
    (w18, "other", "ten rounds of power iteration: not converged (and never for complex pairs)"),
    (w19, "other", "only scales down, like clipping; a spectral radius below radius is left"),
    (w20, "other", "the trace instead of the spectral radius"),
    (w21, "transpose", "the right factor, but the matrix is transposed"),
    (w22, "other", "square root of WᵀW's largest eigenvalue, which is the largest singular value"),
    (w23, "other", "absolute value of the real parts only; complex pairs' imaginary parts are dropped"),
    (w24, "other", "the geometric mean of the eigenvalues (H-th root of the determinant)"),
]
NOT_TO_SAY = {
    "w13": "that the spectral radius is wrong: it is radius, the matrix is not a multiple of weight",
    "w15": "the spectral radius' definition",
    "w19": "that another norm was used",
    "w21": "that the spectral radius is wrong: it is right",
    "w7": "that the singular value was taken",
    "w24": "that a particular eigenvalue was taken",
}
