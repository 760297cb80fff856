"""Long short-term memory: one step (`LSTMCell`) and whole sequences (`LSTM`)."""

from typing import NamedTuple

import numpy as np

from seqbook.scratch.activations import sigmoid
from seqbook.scratch.base import Layer, check_array, check_sizes, uniform
from seqbook.scratch.ragged import clear_padding, last_real
from seqbook.scratch.recurrent import check_cotangents, check_input, check_pair, check_state, own, time_first


def lstm_parameters(input_size, hidden_size, rng) -> dict:
    """weight_ih (4H, D), weight_hh (4H, H), bias (4H,) from U(-1/√H, 1/√H), as in PyTorch."""
    check_sizes(input_size=input_size, hidden_size=hidden_size)
    D, H = input_size, hidden_size
    shapes = {"weight_ih": (4 * H, D), "weight_hh": (4 * H, H), "bias": (4 * H,)}
    return {name: uniform(rng, shape, H) for name, shape in shapes.items()}


def lstm_step(i, f, g, o, c_prev):
    """One step: c, tanh_c and h (B, H). i, f, g, o (B, H) come as W x + U h_prev + b and become the gates in place."""
    for gate in (i, f, o):
        sigmoid(gate, out=gate)
    np.tanh(g, out=g)
    c = f * c_prev + i * g
    tanh_c = np.tanh(c)
    return c, tanh_c, o * tanh_c


def lstm_step_backward(da, dh, dc, i, f, g, o, c_prev, tanh_c, h):
    """Writes the gradient of a into `da` (B, 4H) and returns dc_prev (B, H), all in the values the step computed.

    Since σ' = σ - σ², the input gate's argument gets dc g (i - i²) = added - added i with added = dc i g; and so on: no
    gate's argument is needed.
    """
    di, df, dg, do = split_gates(da)
    shown = dh * h
    dc = dc + dh * o - shown * tanh_c    # dh o (1 - tanh² c)
    into_g, dc_prev = dc * i, dc * f
    added, kept = into_g * g, dc_prev * c_prev
    np.subtract(added, added * i, out=di)
    np.subtract(kept, kept * f, out=df)
    np.subtract(into_g, added * g, out=dg)
    np.subtract(shown, shown * o, out=do)
    return dc_prev


def split_gates(array):
    """i, f, g, o: the quarters of the last axis, as views."""
    H = array.shape[-1] // 4
    return [array[..., n * H:(n + 1) * H] for n in range(4)]


def by_gate(weight):
    """weight (4H, D) as (4, D, H): the gates' weights one by one, transposed. A view."""
    rows, D = weight.shape
    return weight.reshape(4, rows // 4, D).swapaxes(1, 2)


def check_lstm_state(name, state, dtype, B, H):
    """A state (h (B, H), c (B, H)), zeros for None."""
    h, c = (None, None) if state is None else check_pair(name, state)
    return check_state(f"{name}[0]", h, dtype, B, H), check_state(f"{name}[1]", c, dtype, B, H)


class LSTMCellCache(NamedTuple):
    x: np.ndarray         # (B, D)
    h_prev: np.ndarray    # (B, H)
    c_prev: np.ndarray    # (B, H)
    gates: np.ndarray     # (B, 4H) i, f, g, o
    tanh_c: np.ndarray    # (B, H)
    h: np.ndarray         # (B, H)


class LSTMCell(Layer):
    """One LSTM step (Hochreiter and Schmidhuber, 1997, with the forget gate of Gers et al., 2000).

    i, f, o = σ(W x + U h_prev + b) and g = tanh(W x + U h_prev + b), each with its own W, U and b;
    c = f ∘ c_prev + i ∘ g and h = o ∘ tanh c.

    Parameters, the gates stacked in the order i, f, g, o: `weight_ih (4H, D)`, `weight_hh (4H, H)`, `bias (4H,)`.
    """

    def __init__(self, input_size, hidden_size, *, rng, dtype=np.float32):
        self.input_size, self.hidden_size = input_size, hidden_size
        super().__init__(dtype, **lstm_parameters(input_size, hidden_size, rng))

    def check_state(self, name, state, B):
        """A state (h (B, H), c (B, H)), zeros for None; refused where it is not one."""
        return check_lstm_state(name, state, self.dtype, B, self.hidden_size)

    def forward(self, x, state=None):
        """(h (B, H), c (B, H)), cache; x (B, D), state (h_prev, c_prev) or None for zeros."""
        check_array("x", x, self.dtype, B=None, D=self.input_size)
        h_prev, c_prev = self.check_state("state", state, len(x))
        weight_ih, weight_hh, bias = self.params.values()
        gates = x @ weight_ih.T + h_prev @ weight_hh.T + bias
        c, tanh_c, h = lstm_step(*split_gates(gates), c_prev)
        return (h.copy(), c), LSTMCellCache(x, h_prev, c_prev, gates, tanh_c, h)

    def backward(self, dstate, cache):
        """(dx (B, D), (dh_prev, dc_prev)), grads; dstate = (dh (B, H), dc (B, H))."""
        x, h_prev, c_prev, gates, tanh_c, h = cache
        dh, dc = self.check_state("dstate", dstate, len(x))
        weight_ih, weight_hh, _ = self.params.values()
        da = np.empty_like(gates)
        dc_prev = lstm_step_backward(da, dh, dc, *split_gates(gates), c_prev, tanh_c, h)
        grads = {"weight_ih": da.T @ x, "weight_hh": da.T @ h_prev, "bias": da.sum(axis=0)}
        return (da @ weight_ih, (da @ weight_hh, dc_prev)), grads


class LSTMCache(NamedTuple):
    """What a forward pass computed, time first; the properties give it batch first, by the gates' names."""

    x: np.ndarray                  # (B, T, D), zero in the padding
    h: np.ndarray                  # (T+1, B, H) h(0) … h(T), zero in the padding
    c: np.ndarray                  # (T+1, B, H) c(0) … c(T), zero in the padding
    gates: np.ndarray              # (4, T, B, H) i, f, g, o
    tanh_c: np.ndarray             # (T, B, H)
    lengths: np.ndarray | None     # (B,)

    @property
    def state(self):
        """(h(0), c(0)), each (B, H)."""
        return self.h[0], self.c[0]

    @property
    def hs(self):
        """h(1) … h(T), (B, T, H)."""
        return self.h[1:].swapaxes(0, 1)

    @property
    def cs(self):
        """c(1) … c(T), (B, T, H)."""
        return self.c[1:].swapaxes(0, 1)

    @property
    def input(self):
        """The input gate i, (B, T, H)."""
        return self.gates[0].swapaxes(0, 1)

    @property
    def forget(self):
        """The forget gate f, (B, T, H)."""
        return self.gates[1].swapaxes(0, 1)

    @property
    def candidate(self):
        """The candidate g, (B, T, H)."""
        return self.gates[2].swapaxes(0, 1)

    @property
    def output(self):
        """The output gate o, (B, T, H)."""
        return self.gates[3].swapaxes(0, 1)


class LSTM(Layer):
    """`LSTMCell`'s step for t = 1 … T; parameters as there, arguments and `lengths` as in `RNN`, state (h, c).

    Inside, time comes first, and what does not depend on the step before or after is one product outside the loop.
    """

    def __init__(self, input_size, hidden_size, *, rng, dtype=np.float32):
        self.input_size, self.hidden_size, self.output_size = input_size, hidden_size, hidden_size
        super().__init__(dtype, **lstm_parameters(input_size, hidden_size, rng))

    def forward(self, x, state=None, lengths=None):
        """(hs (B, T, H), (h, c)), cache; x (B, T, D), state (h (B, H), c (B, H)) or None for zeros, lengths (B,)."""
        x, lengths = check_input(x, lengths, self.dtype, self.input_size)
        B, T, D = x.shape
        H = self.hidden_size
        h_first, c_first = check_lstm_state("state", state, self.dtype, B, H)
        weight_ih, weight_hh, bias = self.params.values()

        x = time_first(x)    # (T, B, D)
        gates = (x.reshape(T * B, D) @ by_gate(weight_ih)).reshape(4, T, B, H)
        weight_hh, bias = np.ascontiguousarray(by_gate(weight_hh)), bias.reshape(4, 1, H)    # a copy: faster T times
        h, c = (np.empty((T + 1, B, H), self.dtype) for _ in range(2))
        tanh_c = np.empty((T, B, H), self.dtype)
        h[0], c[0] = h_first, c_first
        for t in range(T):
            a = h[t] @ weight_hh    # (4, B, H)
            a += bias
            gates[:, t] += a
            c[t + 1], tanh_c[t], h[t + 1] = lstm_step(*gates[:, t], c[t])

        hs, cs = h[1:].swapaxes(0, 1), c[1:].swapaxes(0, 1)
        clear_padding(hs, lengths)
        clear_padding(cs, lengths)
        state = last_real(hs, lengths), last_real(cs, lengths)
        return (own(hs), state), LSTMCache(x.swapaxes(0, 1), h, c, gates, tanh_c, lengths)

    def backward(self, doutputs, cache):
        """(dx (B, T, D), (dh, dc)), grads; doutputs = (dhs (B, T, H), (dh, dc) or None for zeros)."""
        x, h, c, gates, tanh_c, lengths = cache
        B, T, D = x.shape
        H = self.hidden_size
        dhs, dstate = check_pair("doutputs", doutputs)
        dh_last, dc_last = check_lstm_state("dstate", dstate, self.dtype, B, H)
        dhs, dh = check_cotangents((dhs, dh_last), lengths, self.dtype, B, T, H)
        weight_ih, weight_hh, _ = self.params.values()

        da = np.empty((T, B, 4 * H), self.dtype)
        dc = dc_last if lengths is None else np.zeros_like(dc_last)
        for t in reversed(range(T)):
            if lengths is not None:
                dc = dc + dc_last * (lengths == t + 1)[:, None]    # enters at each last real step
            dc = lstm_step_backward(da[t], dhs[:, t] + dh, dc, *gates[:, t], c[t], tanh_c[t], h[t + 1])
            dh = da[t] @ weight_hh

        da = da.reshape(T * B, 4 * H)
        grads = {
            "weight_ih": da.T @ time_first(x).reshape(T * B, D),
            "weight_hh": da.T @ h[:-1].reshape(T * B, H),
            "bias": da.sum(axis=0),
        }
        dx = (da @ weight_ih).reshape(T, B, D).swapaxes(0, 1)
        return (dx, (dh, dc)), grads
