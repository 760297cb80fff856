"""The recurrent network h(t) = f(W_hh h(t-1) + W_ih x(t) + b): one step (`RNNCell`) and whole sequences (`RNN`)."""

from typing import NamedTuple

import numpy as np

from seqbook.scratch.activations import relu, tanh
from seqbook.scratch.base import Layer, check_array, check_choice, check_sizes, uniform
from seqbook.scratch.ragged import clear_padding, last_real
from seqbook.scratch.recurrent import check_cotangents, check_input, check_state, own, time_first

NONLINEARITIES = {    # f, and f's derivative written in f's value h
    "tanh": (tanh, lambda h: 1 - h * h),
    "relu": (relu, lambda h: (h > 0).astype(h.dtype)),
    "identity": (np.positive, np.ones_like),
}


def rnn_parameters(input_size, hidden_size, rng) -> dict:
    """weight_ih (H, D), weight_hh (H, H), bias (H,) from U(-1/√H, 1/√H), as in PyTorch."""
    check_sizes(input_size=input_size, hidden_size=hidden_size)
    shapes = {"weight_ih": (hidden_size, input_size), "weight_hh": (hidden_size, hidden_size), "bias": (hidden_size,)}
    return {name: uniform(rng, shape, hidden_size) for name, shape in shapes.items()}


class RNNCellCache(NamedTuple):
    x: np.ndarray         # (B, D)
    h_prev: np.ndarray    # (B, H)
    h: np.ndarray         # (B, H)


class RNNCell(Layer):
    """One step h = f(W_hh h_prev + W_ih x + b), the recurrence of the unfolded graph (Goodfellow et al., eq. 10.8).

    `nonlinearity`: "tanh", "relu" or "identity". Parameters: `weight_ih (H, D)`, `weight_hh (H, H)`, `bias (H,)`.
    """

    def __init__(self, input_size, hidden_size, *, rng, dtype=np.float32, nonlinearity="tanh"):
        check_choice("nonlinearity", nonlinearity, NONLINEARITIES)
        self.input_size, self.hidden_size, self.nonlinearity = input_size, hidden_size, nonlinearity
        super().__init__(dtype, **rnn_parameters(input_size, hidden_size, rng))

    def check_state(self, name, state, B):
        """A state (B, H), zeros for None; refused where it is not one."""
        return check_state(name, state, self.dtype, B, self.hidden_size)

    def forward(self, x, h_prev=None):
        """h (B, H), cache; x (B, D), h_prev (B, H) or None for zeros."""
        check_array("x", x, self.dtype, B=None, D=self.input_size)
        h_prev = self.check_state("h_prev", h_prev, len(x))
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
    states: np.ndarray             # (T+1, B, H) h(0) … h(T), time first; zero in the padding
    lengths: np.ndarray | None     # (B,)

    @property
    def state(self):
        """h(0), (B, H)."""
        return self.states[0]

    @property
    def hs(self):
        """h(1) … h(T), (B, T, H)."""
        return self.states[1:].swapaxes(0, 1)


class RNN(Layer):
    """Hidden-to-hidden recurrence over whole sequences (pattern 1): `RNNCell`'s step for t = 1 … T.

    Parameters as in `RNNCell`. Sequences of unequal length take `lengths (B,)`: what stands past a sequence's end has
    no effect, h is 0 there, and the state returned is that of the last real step.

    Inside, time comes first, so that each step's numbers lie together; and what does not depend on the step before or
    after is one product outside the loop.
    """

    def __init__(self, input_size, hidden_size, *, rng, dtype=np.float32, nonlinearity="tanh"):
        check_choice("nonlinearity", nonlinearity, NONLINEARITIES)
        self.input_size, self.hidden_size, self.output_size = input_size, hidden_size, hidden_size
        self.nonlinearity = nonlinearity
        super().__init__(dtype, **rnn_parameters(input_size, hidden_size, rng))

    def forward(self, x, state=None, lengths=None):
        """(hs (B, T, H), state (B, H)), cache; x (B, T, D), state (B, H) or None for zeros, lengths (B,) or None."""
        x, lengths = check_input(x, lengths, self.dtype, self.input_size)
        B, T, D = x.shape
        H = self.hidden_size
        state = check_state("state", state, self.dtype, B, H)
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
        dhs, dh = check_cotangents(doutputs, lengths, self.dtype, B, T, H)
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
