"""Recurrences that are linear in the state, h(t) = a(t) ∘ h(t-1) + u(t): three ways to compute one, and a layer."""

from typing import Any, NamedTuple

import numpy as np

from seqbook.protocols import as_pair
from seqbook.scratch.activations import sigmoid
from seqbook.scratch.base import Layer, check_choice, check_rng, check_shape, check_sizes, uniform
from seqbook.scratch.ragged import add_to_last, clear_padding, last_real, padded
from seqbook.scratch.recurrent import own, padded_input, state_or_zeros, time_first

MODES = ("loop", "scan", "convolution")


def linear_recurrence(a, u, h0, mode="loop"):
    """h(0) … h(T), (T+1, …), of h(t) = a(t) ∘ h(t-1) + u(t).

    u (T, …), h0 of the shape of one u(t); a (T, …) as u, or without the axis of time where it is the same at all steps,
    which "convolution" needs. "loop" takes T steps one after another; "scan" some 2 log₂ T, each for many times at once
    (the tree of Blelloch, 1990), "convolution" multiplies in the frequency domain.
    """
    check_choice("mode", mode, MODES)
    check_shape("u", u, ...)
    check_fit(np.shape(a), u.shape, u.shape[1:], np.shape(h0))
    constant = np.ndim(a) < np.ndim(u)
    if mode == "convolution":
        if not constant:
            raise ValueError('a must be the same at all steps for mode "convolution", that is have no axis of time')
        return convolution(a, u, h0)
    return {"loop": loop, "scan": scan}[mode](np.broadcast_to(a, u.shape) if constant else a, u, h0)


def check_fit(a, u, one, h0) -> None:
    """Raise ValueError unless the shapes of a and h0 fit that of u, in which `one` is that of a single step."""
    if not u:
        raise ValueError("u must have an axis of time, got one number")
    if not broadcasts(h0, one):
        raise ValueError(f"h0 must have shape {one}, that of one u(t), got {h0}")
    if a != u and not broadcasts(a, one):
        raise ValueError(f"a must have shape {u} as u has or, where it is the same at all steps, {one}, got {a}")


def broadcasts(shape, wanted) -> bool:
    """Whether an array of a shape can stand for one of the shape wanted."""
    return len(shape) <= len(wanted) and all(size in (1, other) for size, other in zip(shape[::-1], wanted[::-1]))


def loop(a, u, h0):
    """h(0) … h(T) step by step; a and u (T, …)."""
    h = np.empty((len(u) + 1, *u.shape[1:]), u.dtype)
    h[0] = h0
    for t in range(len(u)):
        h[t + 1] = a[t] * h[t] + u[t]
    return h


def combine(first, then):
    """The step (a, u) that does in one what two do, h → a' (a h + u) + u': the associative operation of the scan."""
    (a, u), (a_then, u_then) = first, then
    return a_then * a, a_then * u + u_then


def prefixes(a, u):
    """Steps 1 … t combined into one, for all t: (a, u), each (T, …)."""
    T = len(u)
    if T == 1:
        return a, u
    pairs = combine((a[:T // 2 * 2:2], u[:T // 2 * 2:2]), (a[1::2], u[1::2]))    # steps 1 and 2, 3 and 4, …: up
    upto = prefixes(*pairs)                                                       # steps 1 … t for even t
    found = np.empty(u.shape, a.dtype), np.empty_like(u)
    between = combine([part[:(T - 1) // 2] for part in upto], (a[2::2], u[2::2]))    # and one step more: down
    for whole, step, even, odd in zip(found, (a, u), upto, between):
        whole[0], whole[1::2], whole[2::2] = step[0], even, odd
    return found


def scan(a, u, h0):
    """h(0) … h(T) by a parallel prefix scan; a and u (T, …)."""
    _, h = prefixes(a, np.concatenate([a[:1] * h0 + u[:1], u[1:]]))
    return np.concatenate([np.broadcast_to(h0, h[:1].shape), h])


def convolution(a, u, h0):
    """h(0) … h(T) as u convolved with 1, a, a², …, by the fast Fourier transform; u (T, …), a of one u(t)'s shape."""
    T = len(u)
    powers = np.broadcast_to(a, u.shape[1:]) ** np.arange(T + 1).reshape(-1, *[1] * (u.ndim - 1))    # (T+1, …)
    spectrum = np.fft.rfft(powers[:T], 2 * T, axis=0) * np.fft.rfft(u, 2 * T, axis=0)
    h = np.fft.irfft(spectrum, 2 * T, axis=0)[:T] + powers[1:] * h0
    return np.concatenate([np.broadcast_to(h0, h[:1].shape), h]).astype(u.dtype)


def linear_recurrence_backward(dh, a, h, mode="loop"):
    """(da, du, dh0) from the gradients dh (T, …) of h(1) … h(T), and what the forward pass had and found, h (T+1, …).

    What reaches h(t) in all is g(t) = dh(t) + a(t+1) ∘ g(t+1), a recurrence of the same kind from the end: computed in
    the same mode. With it du = g, da(t) = g(t) ∘ h(t-1), dh0 = a(1) ∘ g(1).
    """
    constant = np.ndim(a) < np.ndim(dh)
    after = a if constant else np.concatenate([np.zeros_like(a[:1]), a[:0:-1]])    # a(t+1), last t first
    g = linear_recurrence(after, dh[::-1], np.zeros_like(dh[0]), mode)[:0:-1]      # (T, …)
    da = g * h[:-1]
    if constant:
        da = da.reshape(-1, *np.shape(a)).sum(axis=0)
    return da, g, (a if constant else a[0]) * g[0]


class LinearRecurrenceCache(NamedTuple):
    """What a forward pass computed, time first; `hs` gives the states batch first."""

    x: np.ndarray                  # (T, B, D), zero in the padding
    a: np.ndarray                  # (H,) or (T, B, H)
    h: np.ndarray                  # (T+1, B, H) h(0) … h(T)
    saved: Any                     # what a layer's own backward needs besides
    lengths: np.ndarray | None     # (B,)

    state = property(lambda cache: cache.h[0], doc="h(0), (B, H)")
    hs = property(lambda cache: cache.h[1:].swapaxes(0, 1), doc="h(1) … h(T), (B, T, H)")


class LinearInState(Layer):
    """What layers share whose h(t) = a(t) ∘ h(t-1) + u(t), where a and u depend on x(t) alone.

    A layer says how: `coefficients(x) -> a, u, saved` and `coefficients_backward(da, du, x, saved) -> dx, grads`, all
    arrays time first. `weight_ih (R·H, D)` and `bias (R·H,)` are drawn from U(-1/√D, 1/√D), R = `rows` for each unit.
    """

    modes = ("loop", "scan")

    def __init__(self, input_size, hidden_size, rows, *, mode, rng, dtype, **params):
        check_sizes(input_size=input_size, hidden_size=hidden_size)
        check_choice("mode", mode, self.modes)
        D, H = input_size, hidden_size
        self.input_size, self.hidden_size, self.output_size, self.mode = D, H, H, mode
        super().__init__(dtype, weight_ih=uniform(rng, (rows * H, D), D), bias=uniform(rng, (rows * H,), D), **params)

    def project(self, x):
        """W_ih x + bias at all steps, (T, B, R·H)."""
        T, B, D = x.shape
        return (x.reshape(T * B, D) @ self.params["weight_ih"].T + self.params["bias"]).reshape(T, B, -1)

    def project_backward(self, dprojected, x):
        """dx (T, B, D), the gradients of `weight_ih` and `bias`."""
        T, B, D = x.shape
        dprojected = dprojected.reshape(T * B, -1)
        grads = {"weight_ih": dprojected.T @ x.reshape(T * B, D), "bias": dprojected.sum(axis=0)}
        return (dprojected @ self.params["weight_ih"]).reshape(T, B, D), grads

    def forward(self, x, state=None, lengths=None):
        """(hs (B, T, H), state (B, H)), cache; x (B, T, D), state (B, H) or None for zeros, lengths (B,) or None."""
        x, lengths = padded_input(x, lengths, self.dtype, self.input_size)
        state = state_or_zeros("state", state, self.dtype, len(x), self.hidden_size)
        x = time_first(x)
        a, u, saved = self.coefficients(x)
        h = linear_recurrence(a, u, state, self.mode)
        hs = h[1:].swapaxes(0, 1)
        clear_padding(hs, lengths)
        return (own(hs), last_real(hs, lengths)), LinearRecurrenceCache(x, a, h, saved, lengths)

    def backward(self, doutputs, cache):
        """(dx (B, T, D), dstate (B, H)), grads; doutputs = (dhs (B, T, H), dstate (B, H) or None for zeros)."""
        x, a, h, saved, lengths = cache
        T, B, _ = x.shape
        dhs = time_first(all_cotangents(doutputs, lengths, self.dtype, B, T, self.hidden_size))
        da, du, dstate = linear_recurrence_backward(dhs, a, h, self.mode)
        dx, grads = self.coefficients_backward(da, du, x, saved)
        dx = dx.swapaxes(0, 1)
        clear_padding(dx, lengths)    # of the transform's rounding errors
        return (dx, dstate), grads


def all_cotangents(doutputs, lengths, dtype, B, T, H):
    """dhs (B, T, H) with zeros in its padding, dstate (B, H) or None added at each last real step."""
    dhs, dstate = as_pair("doutputs", doutputs)
    dhs = padded("dhs", dhs, dtype, lengths, B=B, T=T, H=H)
    return add_to_last(dhs, state_or_zeros("dstate", dstate, dtype, B, H), lengths)


class LinearRecurrence(LinearInState):
    """h(t) = a ∘ h(t-1) + W_ih x(t) + b with a = σ(decay) in (0, 1), one factor for each unit, the same at all steps.

    The diagonal form of a linear recurrence (the linear recurrent unit of Orvieto et al., 2023, with real factors and
    without its normalisation). `mode` is the way to compute it, forward and backward: "loop", "scan" or "convolution".

    Parameters: `weight_ih (H, D)`, `bias (H,)` from U(-1/√D, 1/√D), `decay (H,)` such that 1 - a is spread from 1/2 to
    1/100 evenly on a logarithmic scale. Arguments and `lengths` as in `RNN`.
    """

    modes = MODES

    def __init__(self, input_size, hidden_size, *, mode="loop", rng, dtype=np.float32):
        check_sizes(input_size=input_size, hidden_size=hidden_size)
        check_rng(rng)
        super().__init__(input_size, hidden_size, 1, mode=mode, rng=rng, dtype=dtype,
                         decay=spread_decays(rng, hidden_size))

    def coefficients(self, x):
        """a (H,), u (T, B, H), None."""
        return sigmoid(self.params["decay"]), self.project(x), None

    def coefficients_backward(self, da, du, x, saved):
        """dx (T, B, D), grads."""
        a = sigmoid(self.params["decay"])
        dx, grads = self.project_backward(du, x)
        return dx, {**grads, "decay": da * a * (1 - a)}


def spread_decays(rng, size):
    """Numbers (size,) whose sigmoid is a, log(1 - a) from U(log 1/100, log 1/2)."""
    left = np.exp(rng.uniform(np.log(0.01), np.log(0.5), size))    # 1 - a
    return np.log((1 - left) / left)
