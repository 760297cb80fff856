"""The recurrent network h(t) = f(W_hh h(t-1) + W_ih x(t) + b): one step (`RNNCell`) and whole sequences (`RNN`)."""

from typing import NamedTuple

import numpy as np

from seqbook.scratch.activations import relu, tanh
from seqbook.scratch.base import check_array, check_choice
from seqbook.scratch.ragged import clear_padding, last_real
from seqbook.scratch.recurrent import (
    Cell, Recurrent, own, padded_cotangents, padded_input, state_or_zeros, time_first,
)

NONLINEARITIES = {    # f, and f's derivative written in f's value h
    "tanh": (tanh, lambda h: 1 - h * h),
    "relu": (relu, lambda h: (h > 0).astype(h.dtype)),
    "identity": (np.positive, np.ones_like),
}


class RNNCellCache(NamedTuple):
    x: np.ndarray         # (B, D)
    h_prev: np.ndarray    # (B, H)
    h: np.ndarray         # (B, H)


class RNNCell(Cell):
    """One step h = f(W_hh h_prev + W_ih x + b), the recurrence of the unfolded graph (Goodfellow et al., eq. 10.8).

    `nonlinearity`: "tanh", "relu" or "identity". Parameters: `weight_ih (H, D)`, `weight_hh (H, H)`, `bias (H,)`.
    """

    def __init__(self, input_size, hidden_size, *, rng, dtype=np.float32, nonlinearity="tanh"):
        check_choice("nonlinearity", nonlinearity, NONLINEARITIES)
        self.nonlinearity = nonlinearity
        super().__init__(input_size, hidden_size, 1, rng=rng, dtype=dtype)

    def forward(self, x, h_prev=None):
        """h (B, H), cache; x (B, D), h_prev (B, H) or None for zeros."""
        check_array("x", x, self.dtype, B=None, D=self.input_size)
        h_prev = self.state_or_zeros("h_prev", h_prev, len(x))
        weight_ih, weight_hh, bias = self.params.values()
        f, _ = NONLINEARITIES[self.nonlinearity]
        h = f(x @ weight_ih.T + h_prev @ weight_hh.T + bias)
        return h.copy(), RNNCellCache(x, h_prev, h)

    def backward(self, dh, cache):
        """(dx (B, D), dh_prev (B, H)), grads; dh (B, H)."""
        x, h_prev, h = cache
        check_array("dh", dh, self.dtype, B=len(x), H=self.hidden_size)
        weight_ih, weight_hh, _ = self.params.values()
        _, derivative = NONLINEARITIES[self.nonlinearity]
        da = dh * derivative(h)
        grads = {"weight_ih": da.T @ x, "weight_hh": da.T @ h_prev, "bias": da.sum(axis=0)}
        return (da @ weight_ih, da @ weight_hh), grads


class RNNCache(NamedTuple):
    x: np.ndarray                  # (B, T, D), zero in the padding
    h: np.ndarray                  # (T+1, B, H) h(0) … h(T), time first; zero in the padding
    lengths: np.ndarray | None     # (B,)

    state = property(lambda cache: cache.h[0], doc="h(0), (B, H)")
    hs = property(lambda cache: cache.h[1:].swapaxes(0, 1), doc="h(1) … h(T), (B, T, H)")


class RNN(Recurrent):
    """Hidden-to-hidden recurrence over whole sequences (pattern 1): `RNNCell`'s step for t = 1 … T.

    Parameters as in `RNNCell`. Sequences of unequal length take `lengths (B,)`: what stands past a sequence's end has
    no effect, h is 0 there, and the state returned is that of the last real step.

    Inside, time comes first, so that each step's numbers lie together; and what does not depend on the step before or
    after is one product outside the loop.
    """

    def __init__(self, input_size, hidden_size, *, rng, dtype=np.float32, nonlinearity="tanh"):
        check_choice("nonlinearity", nonlinearity, NONLINEARITIES)
        self.nonlinearity = nonlinearity
        super().__init__(input_size, hidden_size, 1, rng=rng, dtype=dtype)

    def forward(self, x, state=None, lengths=None):
        """(hs (B, T, H), state (B, H)), cache; x (B, T, D), state (B, H) or None for zeros, lengths (B,) or None."""
        x, lengths = padded_input(x, lengths, self.dtype, self.input_size)
        B, T, D = x.shape
        H = self.hidden_size
        state = state_or_zeros("state", state, self.dtype, B, H)
        weight_ih, weight_hh, bias = self.params.values()
        f, _ = NONLINEARITIES[self.nonlinearity]

        x = time_first(x)    # (T, B, D)
        h = np.empty((T + 1, B, H), self.dtype)
        h[0] = state
        np.matmul(x.reshape(T * B, D), weight_ih.T, out=h[1:].reshape(T * B, H))    # W_ih x(t), where h(t) will stand
        weight_hh_T = np.ascontiguousarray(weight_hh.T)    # a copy: faster T times
        for t in range(T):
            a = h[t] @ weight_hh_T
            a += h[t + 1]
            a += bias
            f(a, out=h[t + 1])

        hs = h[1:].swapaxes(0, 1)
        clear_padding(hs, lengths)
        return (own(hs), last_real(hs, lengths)), RNNCache(x.swapaxes(0, 1), h, lengths)

    def backward(self, doutputs, cache):
        """(dx (B, T, D), dstate (B, H)), grads; doutputs = (dhs (B, T, H), dstate (B, H) or None for zeros)."""
        x, h, lengths = cache
        B, T, D = x.shape
        H = self.hidden_size
        dhs, dh = padded_cotangents(doutputs, lengths, self.dtype, B, T, H)
        weight_ih, weight_hh, _ = self.params.values()
        _, derivative = NONLINEARITIES[self.nonlinearity]

        da = np.empty((T, B, H), self.dtype)
        for t in reversed(range(T)):
            np.multiply(dhs[:, t] + dh, derivative(h[t + 1]), out=da[t])
            dh = da[t] @ weight_hh

        da = da.reshape(T * B, H)
        grads = {
            "weight_ih": da.T @ time_first(x).reshape(T * B, D),
            "weight_hh": da.T @ h[:-1].reshape(T * B, H),
            "bias": da.sum(axis=0),
        }
        dx = (da @ weight_ih).reshape(T, B, D).swapaxes(0, 1)
        return (dx, dh), grads
