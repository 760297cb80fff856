"""The recurrent network h(t) = f(W_hh h(t-1) + W_ih x(t) + b): one step (`RNNCell`) and whole sequences (`RNN`)."""

from typing import NamedTuple

import numpy as np

from seqbook.scratch.activations import relu, tanh
from seqbook.scratch.base import Layer, check_array, check_choice, check_shape, check_sizes, uniform
from seqbook.scratch.ragged import add_to_last, check_lengths, check_sequences, last_real, zero_padding

NONLINEARITIES = {    # f, and f's derivative written in f's value h
    "tanh": (tanh, lambda h: 1 - h * h),
    "relu": (relu, lambda h: (h > 0).astype(h.dtype)),
    "identity": (lambda a: a, np.ones_like),
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
    """One step h = f(W_hh h_prev + W_ih x + b), the recurrence of the unfolded graph (Goodfellow et al., eq. 10.8-10.9).

    `nonlinearity`: "tanh", "relu" or "identity". Parameters: `weight_ih (H, D)`, `weight_hh (H, H)`, `bias (H,)`.
    """

    def __init__(self, input_size, hidden_size, *, rng, dtype=np.float32, nonlinearity="tanh"):
        check_choice("nonlinearity", nonlinearity, NONLINEARITIES)
        self.input_size, self.hidden_size, self.nonlinearity = input_size, hidden_size, nonlinearity
        super().__init__(dtype, **rnn_parameters(input_size, hidden_size, rng))

    def forward(self, x, h_prev=None):
        """h (B, H), cache; x (B, D), h_prev (B, H) or None for zeros."""
        check_array("x", x, self.dtype, B=None, D=self.input_size)
        B, H = len(x), self.hidden_size
        if h_prev is None:
            h_prev = np.zeros((B, H), self.dtype)
        check_array("h_prev", h_prev, self.dtype, B=B, H=H)
        weight_ih, weight_hh, bias = self.params.values()
        f, _ = NONLINEARITIES[self.nonlinearity]
        h = f(x @ weight_ih.T + h_prev @ weight_hh.T + bias)
        return h, RNNCellCache(x, h_prev, h)

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
    state: np.ndarray              # (B, H) h(0)
    hs: np.ndarray                 # (B, T, H) h(1) … h(T), zero in the padding
    lengths: np.ndarray | None     # (B,)


class RNN(Layer):
    """Hidden-to-hidden recurrence over whole sequences (pattern 1): `RNNCell`'s step for t = 1 … T.

    Parameters as in `RNNCell`. Sequences of unequal length take `lengths (B,)`: what stands past a sequence's end has
    no effect, h is 0 there, and the state returned is that of the last real step.
    """

    def __init__(self, input_size, hidden_size, *, rng, dtype=np.float32, nonlinearity="tanh"):
        check_choice("nonlinearity", nonlinearity, NONLINEARITIES)
        self.input_size, self.hidden_size, self.nonlinearity = input_size, hidden_size, nonlinearity
        super().__init__(dtype, **rnn_parameters(input_size, hidden_size, rng))

    def forward(self, x, state=None, lengths=None):
        """(hs (B, T, H), state (B, H)), cache; x (B, T, D), state (B, H) or None for zeros, lengths (B,) or None."""
        x, state, lengths = check_recurrent_input(x, state, lengths, self.dtype, self.input_size, self.hidden_size)
        B, T, _ = x.shape
        weight_ih, weight_hh, bias = self.params.values()
        f, _ = NONLINEARITIES[self.nonlinearity]

        projected = x @ weight_ih.T    # (B, T, H): what needs no h(t-1) is one product before the loop
        projected += bias
        hs = np.empty_like(projected)
        h = state
        for t in range(T):
            h = hs[:, t] = f(projected[:, t] + h @ weight_hh.T)
        hs = zero_padding(hs, lengths)
        return (hs, last_real(hs, lengths)), RNNCache(x, state, hs, lengths)

    def backward(self, doutputs, cache):
        """(dx (B, T, D), dstate (B, H)), grads; doutputs = (dhs (B, T, H), dstate (B, H) or None for zeros)."""
        x, state, hs, lengths = cache
        B, T, H = hs.shape
        dhs = check_recurrent_cotangents(doutputs, cache.lengths, self.dtype, B, T, H)
        weight_ih, weight_hh, _ = self.params.values()
        _, derivative = NONLINEARITIES[self.nonlinearity]

        das = np.empty_like(hs)
        dh = np.zeros_like(state)
        for t in reversed(range(T)):
            da = das[:, t] = (dh + dhs[:, t]) * derivative(hs[:, t])
            dh = da @ weight_hh
        # what needs no da(t+1) is one product after the loop
        rows = das.reshape(B * T, H)
        hs_prev = np.concatenate([state[:, None], hs[:, :-1]], axis=1)
        grads = {
            "weight_ih": rows.T @ x.reshape(B * T, -1),
            "weight_hh": rows.T @ hs_prev.reshape(B * T, H),
            "bias": rows.sum(axis=0),
        }
        return (das @ weight_ih, dh), grads


def check_recurrent_input(x, state, lengths, dtype, input_size, hidden_size):
    """x with zeros in its padding, the state (zeros for None) and lengths, refused where they do not fit a layer."""
    check_shape("x", x, B=None, T=None, D=input_size)
    B, T, _ = x.shape
    lengths = check_lengths(lengths, B, T)
    x = check_sequences("x", x, dtype, lengths, B=B, T=T, D=input_size)
    if state is None:
        state = np.zeros((B, hidden_size), dtype)
    check_array("state", state, dtype, B=B, H=hidden_size)
    return x, state, lengths


def check_recurrent_cotangents(doutputs, lengths, dtype, B, T, H):
    """dhs (B, T, H) with zeros in its padding and dstate's part added at each sequence's last real step."""
    dhs, dstate = doutputs
    dhs = check_sequences("dhs", dhs, dtype, lengths, B=B, T=T, H=H)
    if dstate is not None:
        check_array("dstate", dstate, dtype, B=B, H=H)
    return add_to_last(dhs, dstate, lengths)
