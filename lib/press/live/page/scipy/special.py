"""The error function of SciPy in the page: its Taylor series around the nearest of many points."""

import math

import numpy as np

STEP, END, TERMS = 1 / 64, 6, 9    # erf(6) is 1 in double precision


def _series() -> np.ndarray:
    """The coefficients (TERMS, points): f = erf, f' = 2/√π e^(-x²), f⁽ⁿ⁺¹⁾ = -2x f⁽ⁿ⁾ - 2(n-1) f⁽ⁿ⁻¹⁾."""
    x = np.arange(-END, END + STEP, STEP)
    derivatives = [np.array([math.erf(number) for number in x]), 2 / math.sqrt(math.pi) * np.exp(-x * x)]
    for n in range(1, TERMS - 1):
        derivatives.append(-2 * x * derivatives[n] - (2 * (n - 1) * derivatives[n - 1] if n > 1 else 0))
    return np.array([each / math.factorial(n) for n, each in enumerate(derivatives)])


_SERIES = _series()


def erf(x):
    """erf of every number, in x's dtype."""
    x = np.asarray(x)
    inside = np.clip(x.astype(np.float64), -END, END)
    nearest = np.rint(inside / STEP).astype(int)
    away, y = inside - nearest * STEP, 0
    for coefficients in _SERIES[::-1]:
        y = y * away + coefficients[nearest + round(END / STEP)]
    return y.astype(x.dtype)
