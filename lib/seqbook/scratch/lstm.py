"""Long short-term memory: one step (`LSTMCell`) and whole sequences (`LSTM`)."""

from typing import NamedTuple

import numpy as np

from seqbook.protocols import as_pair
from seqbook.scratch.activations import sigmoid
from seqbook.scratch.base import check_array
from seqbook.scratch.ragged import clear_padding, last_real
from seqbook.scratch.recurrent import (
    Cell, Recurrent, own, padded_cotangents, padded_input, state_or_zeros, time_first,
)


def lstm_step(a, c_prev, gates):
    """c, tanh c and h (B, H) of one step from a = W x + U h_prev + b (4, B, H) on; i, f, g, o go into `gates`."""
    a_i, a_f, a_g, a_o = a
    i, f, g, o = gates    # room (4, B, H)
    sigmoid(a_i, out=i)
    sigmoid(a_f, out=f)
    np.tanh(a_g, out=g)
    sigmoid(a_o, out=o)
    c = f * c_prev + i * g
    tanh_c = np.tanh(c)
    h = o * tanh_c
    return c, tanh_c, h


def lstm_step_backward(da, dh, dc, gates, c_prev, tanh_c):
    """dc_prev (B, H); the gradients of the gates' arguments go into `da` (B, 4H)."""
    i, f, g, o = gates
    da_i, da_f, da_g, da_o = split_gates(da)
    dc = dc + dh * o * (1 - tanh_c**2)    # from the next step, and by way of h = o ∘ tanh c
    da_i[:] = dc * g * i * (1 - i)
    da_f[:] = dc * c_prev * f * (1 - f)
    da_g[:] = dc * i * (1 - g**2)
    da_o[:] = dh * tanh_c * o * (1 - o)
    return dc * f


def split_gates(array):
    """i, f, g, o: the quarters of the last axis, as views."""
    H = array.shape[-1] // 4
    return [array[..., n * H:(n + 1) * H] for n in range(4)]


def gate_by_gate(weight):
    """weight (4H, D) as (4, D, H): the gates' weights one by one, transposed. A view."""
    rows, D = weight.shape
    return weight.reshape(4, rows // 4, D).swapaxes(1, 2)


def side_by_side(cache):
    """The gates as the parameters stack them, i, f, g, o in the last axis: (…, 4H)."""
    return np.concatenate([cache.input_gate, cache.forget_gate, cache.candidate, cache.output_gate], axis=-1)


def lstm_state_or_zeros(name, state, dtype, B, H):
    """The state (h (B, H), c (B, H)), zeros for None; a ValueError unless it is one."""
    h, c = (None, None) if state is None else as_pair(name, state)
    return state_or_zeros(f"{name}[0]", h, dtype, B, H), state_or_zeros(f"{name}[1]", c, dtype, B, H)


class LSTMCellCache(NamedTuple):
    x: np.ndarray         # (B, D)
    h_prev: np.ndarray    # (B, H)
    c_prev: np.ndarray    # (B, H)
    ifgo: np.ndarray      # (4, B, H) the gates
    tanh_c: np.ndarray    # (B, H)

    input_gate = property(lambda cache: cache.ifgo[0], doc="i, (B, H)")
    forget_gate = property(lambda cache: cache.ifgo[1], doc="f, (B, H)")
    candidate = property(lambda cache: cache.ifgo[2], doc="g, (B, H)")
    output_gate = property(lambda cache: cache.ifgo[3], doc="o, (B, H)")
    gates = property(side_by_side)


class LSTMCell(Cell):
    """One LSTM step (Hochreiter and Schmidhuber, 1997, with the forget gate of Gers et al., 2000).

    i, f, o = σ(W x + U h_prev + b) and g = tanh(W x + U h_prev + b), each with its own W, U and b;
    c = f ∘ c_prev + i ∘ g and h = o ∘ tanh c.

    Parameters, the gates stacked in the order i, f, g, o: `weight_ih (4H, D)`, `weight_hh (4H, H)`, `bias (4H,)`.
    """

    def __init__(self, input_size, hidden_size, *, rng, dtype=np.float32):
        super().__init__(input_size, hidden_size, 4, rng=rng, dtype=dtype)

    def state_or_zeros(self, name, state, B):
        """The state (h (B, H), c (B, H)), zeros for None; a ValueError unless it is one."""
        return lstm_state_or_zeros(name, state, self.dtype, B, self.hidden_size)

    def forward(self, x, state=None):
        """(h (B, H), c (B, H)), cache; x (B, D), state (h_prev, c_prev) or None for zeros."""
        check_array("x", x, self.dtype, B=None, D=self.input_size)
        B, H = len(x), self.hidden_size
        h_prev, c_prev = self.state_or_zeros("state", state, B)
        weight_ih, weight_hh, bias = self.params.values()
        a = x @ weight_ih.T + h_prev @ weight_hh.T + bias    # (B, 4H)
        ifgo = np.empty((4, B, H), self.dtype)
        c, tanh_c, h = lstm_step(split_gates(a), c_prev, ifgo)
        return (h, c), LSTMCellCache(x, h_prev, c_prev, ifgo, tanh_c)

    def backward(self, dstate, cache):
        """(dx (B, D), (dh_prev, dc_prev)), grads; dstate = (dh (B, H), dc (B, H))."""
        x, h_prev, c_prev, ifgo, tanh_c = cache
        B, H = h_prev.shape
        dh, dc = self.state_or_zeros("dstate", dstate, B)
        weight_ih, weight_hh, _ = self.params.values()
        da = np.empty((B, 4 * H), self.dtype)
        dc_prev = lstm_step_backward(da, dh, dc, ifgo, c_prev, tanh_c)
        grads = {"weight_ih": da.T @ x, "weight_hh": da.T @ h_prev, "bias": da.sum(axis=0)}
        return (da @ weight_ih, (da @ weight_hh, dc_prev)), grads


class LSTMCache(NamedTuple):
    """What a forward pass computed, time first; the properties give it batch first, by name."""

    x: np.ndarray                  # (B, T, D), zero in the padding
    h: np.ndarray                  # (T+1, B, H) h(0) … h(T), zero in the padding
    c: np.ndarray                  # (T+1, B, H) c(0) … c(T), zero in the padding
    ifgo: np.ndarray               # (4, T, B, H) the gates
    tanh_c: np.ndarray             # (T, B, H)
    lengths: np.ndarray | None     # (B,)

    state = property(lambda cache: (cache.h[0], cache.c[0]), doc="(h(0), c(0)), each (B, H)")
    hs = property(lambda cache: cache.h[1:].swapaxes(0, 1), doc="h(1) … h(T), (B, T, H)")
    cs = property(lambda cache: cache.c[1:].swapaxes(0, 1), doc="c(1) … c(T), (B, T, H)")
    input_gate = property(lambda cache: cache.ifgo[0].swapaxes(0, 1), doc="i, (B, T, H)")
    forget_gate = property(lambda cache: cache.ifgo[1].swapaxes(0, 1), doc="f, (B, T, H)")
    candidate = property(lambda cache: cache.ifgo[2].swapaxes(0, 1), doc="g, (B, T, H)")
    output_gate = property(lambda cache: cache.ifgo[3].swapaxes(0, 1), doc="o, (B, T, H)")
    gates = property(side_by_side)


class LSTM(Recurrent):
    """`LSTMCell`'s step for t = 1 … T; parameters as there, arguments and `lengths` as in `RNN`, state (h, c).

    Inside, time comes first, and what does not depend on the step before or after is one product outside the loop.
    """

    def __init__(self, input_size, hidden_size, *, rng, dtype=np.float32):
        super().__init__(input_size, hidden_size, 4, rng=rng, dtype=dtype)

    def forward(self, x, state=None, lengths=None):
        """(hs (B, T, H), (h, c)), cache; x (B, T, D), state (h (B, H), c (B, H)) or None for zeros, lengths (B,)."""
        x, lengths = padded_input(x, lengths, self.dtype, self.input_size)
        B, T, D = x.shape
        H = self.hidden_size
        h_first, c_first = lstm_state_or_zeros("state", state, self.dtype, B, H)
        weight_ih, weight_hh, bias = self.params.values()

        x = time_first(x)    # (T, B, D)
        ifgo = (x.reshape(T * B, D) @ gate_by_gate(weight_ih)).reshape(4, T, B, H)    # W x(t), until step t
        weight_hh = np.ascontiguousarray(gate_by_gate(weight_hh))    # a copy: faster T times
        bias = bias.reshape(4, 1, H)
        h, c = (np.empty((T + 1, B, H), self.dtype) for _ in range(2))
        tanh_c = np.empty((T, B, H), self.dtype)
        h[0], c[0] = h_first, c_first
        for t in range(T):
            a = h[t] @ weight_hh    # (4, B, H)
            a += bias
            gates = ifgo[:, t]
            a += gates
            c[t + 1], tanh_c[t], h[t + 1] = lstm_step(a, c[t], gates)

        hs, cs = h[1:].swapaxes(0, 1), c[1:].swapaxes(0, 1)
        clear_padding(hs, lengths)
        clear_padding(cs, lengths)
        state = last_real(hs, lengths), last_real(cs, lengths)
        return (own(hs), state), LSTMCache(x.swapaxes(0, 1), h, c, ifgo, tanh_c, lengths)

    def backward(self, doutputs, cache):
        """(dx (B, T, D), (dh, dc)), grads; doutputs = (dhs (B, T, H), (dh, dc) or None for zeros)."""
        x, h, c, ifgo, tanh_c, lengths = cache
        B, T, D = x.shape
        H = self.hidden_size
        dhs, dstate = as_pair("doutputs", doutputs)
        dh_last, dc_last = lstm_state_or_zeros("dstate", dstate, self.dtype, B, H)
        dhs, dh = padded_cotangents((dhs, dh_last), lengths, self.dtype, B, T, H)
        weight_ih, weight_hh, _ = self.params.values()

        da = np.empty((T, B, 4 * H), self.dtype)
        dc = dc_last if lengths is None else np.zeros_like(dc_last)
        for t in reversed(range(T)):
            if lengths is not None:
                dc = dc + dc_last * (lengths == t + 1)[:, None]    # enters at each last real step
            dc = lstm_step_backward(da[t], dhs[:, t] + dh, dc, ifgo[:, t], c[t], tanh_c[t])
            dh = da[t] @ weight_hh

        da = da.reshape(T * B, 4 * H)
        grads = {
            "weight_ih": da.T @ time_first(x).reshape(T * B, D),
            "weight_hh": da.T @ h[:-1].reshape(T * B, H),
            "bias": da.sum(axis=0),
        }
        dx = (da @ weight_ih).reshape(T, B, D).swapaxes(0, 1)
        return (dx, (dh, dc)), grads
