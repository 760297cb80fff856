"""The gated recurrent unit: one step (`GRUCell`) and whole sequences (`GRU`)."""

from typing import NamedTuple

import numpy as np

from seqbook.scratch.activations import sigmoid
from seqbook.scratch.base import check_array
from seqbook.scratch.ragged import clear_padding, last_real
from seqbook.scratch.recurrent import (
    Cell, Recurrent, own, padded_cotangents, padded_input, state_or_zeros, time_first,
)


def gru_step(from_x, from_h, bias_hn, h_prev):
    """r, z, n, m and h (B, H) of one step from W_ih x + b and W_hh h_prev (B, 3H) on."""
    H = h_prev.shape[-1]
    r, z = np.split(sigmoid(from_x[:, :2 * H] + from_h[:, :2 * H]), 2, axis=1)
    m = from_h[:, 2 * H:] + bias_hn    # what of the past the reset gate lets into n
    n = np.tanh(from_x[:, 2 * H:] + r * m)
    h = n + z * (h_prev - n)           # (1 - z) ∘ n + z ∘ h_prev
    return r, z, n, m, h


def gru_step_backward(dh, r, z, n, m, h_prev):
    """The gradients of W_ih x + b and of W_hh h_prev (B, 3H), and the part of dh_prev that passed by the gates."""
    da_n = dh * (1 - z) * (1 - n**2)
    da_r = da_n * m * r * (1 - r)
    da_z = dh * (h_prev - n) * z * (1 - z)
    return np.concatenate([da_r, da_z, da_n], axis=1), np.concatenate([da_r, da_z, da_n * r], axis=1), dh * z


class GRUCellCache(NamedTuple):
    x: np.ndarray         # (B, D)
    h_prev: np.ndarray    # (B, H)
    rznm: np.ndarray      # (4, B, H) the gates and m = W_hn h_prev + b_hn

    reset_gate = property(lambda cache: cache.rznm[0], doc="r, (B, H)")
    update_gate = property(lambda cache: cache.rznm[1], doc="z, (B, H): 1 keeps the past, 0 replaces it")
    candidate = property(lambda cache: cache.rznm[2], doc="n, (B, H)")


class GRUCell(Cell):
    """One GRU step (Cho et al., 2014), in PyTorch's form.

    r, z = σ(W_ih x + W_hh h_prev + b), n = tanh(W_in x + b_n + r ∘ (W_hn h_prev + b_hn)), h = (1 - z) ∘ n + z ∘ h_prev.
    In r and z one bias is enough. In n the reset gate multiplies the hidden part alone, so that part has its own, b_hn.

    Parameters, stacked in the order r, z, n: `weight_ih (3H, D)`, `weight_hh (3H, H)`, `bias (3H,)`, `bias_hn (H,)`.
    """

    def __init__(self, input_size, hidden_size, *, rng, dtype=np.float32):
        super().__init__(input_size, hidden_size, 3, rng=rng, dtype=dtype, bias_hn=True)

    def forward(self, x, h_prev=None):
        """h (B, H), cache; x (B, D), h_prev (B, H) or None for zeros."""
        check_array("x", x, self.dtype, B=None, D=self.input_size)
        h_prev = self.state_or_zeros("h_prev", h_prev, len(x))
        weight_ih, weight_hh, bias, bias_hn = self.params.values()
        *rznm, h = gru_step(x @ weight_ih.T + bias, h_prev @ weight_hh.T, bias_hn, h_prev)
        return h, GRUCellCache(x, h_prev, np.stack(rznm))

    def backward(self, dh, cache):
        """(dx (B, D), dh_prev (B, H)), grads; dh (B, H)."""
        x, h_prev, rznm = cache
        H = self.hidden_size
        check_array("dh", dh, self.dtype, B=len(x), H=H)
        weight_ih, weight_hh, _, _ = self.params.values()
        dfrom_x, dfrom_h, dpassed = gru_step_backward(dh, *rznm, h_prev)
        grads = {"weight_ih": dfrom_x.T @ x, "weight_hh": dfrom_h.T @ h_prev,
                 "bias": dfrom_x.sum(axis=0), "bias_hn": dfrom_h[:, 2 * H:].sum(axis=0)}
        return (dfrom_x @ weight_ih, dfrom_h @ weight_hh + dpassed), grads


class GRUCache(NamedTuple):
    """What a forward pass computed, time first; the properties give it batch first, by name."""

    x: np.ndarray                  # (B, T, D), zero in the padding
    h: np.ndarray                  # (T+1, B, H) h(0) … h(T), zero in the padding
    rznm: np.ndarray               # (4, T, B, H) the gates and m = W_hn h + b_hn
    lengths: np.ndarray | None     # (B,)

    state = property(lambda cache: cache.h[0], doc="h(0), (B, H)")
    hs = property(lambda cache: cache.h[1:].swapaxes(0, 1), doc="h(1) … h(T), (B, T, H)")
    reset_gate = property(lambda cache: cache.rznm[0].swapaxes(0, 1), doc="r, (B, T, H)")
    update_gate = property(lambda cache: cache.rznm[1].swapaxes(0, 1),
                           doc="z, (B, T, H): 1 keeps the past, 0 replaces it")
    candidate = property(lambda cache: cache.rznm[2].swapaxes(0, 1), doc="n, (B, T, H)")


class GRU(Recurrent):
    """`GRUCell`'s step for t = 1 … T; parameters as there, arguments and `lengths` as in `RNN`.

    Inside, time comes first, and what does not depend on the step before or after is one product outside the loop.
    """

    def __init__(self, input_size, hidden_size, *, rng, dtype=np.float32):
        super().__init__(input_size, hidden_size, 3, rng=rng, dtype=dtype, bias_hn=True)

    def forward(self, x, state=None, lengths=None):
        """(hs (B, T, H), state (B, H)), cache; x (B, T, D), state (B, H) or None for zeros, lengths (B,) or None."""
        x, lengths = padded_input(x, lengths, self.dtype, self.input_size)
        B, T, D = x.shape
        H = self.hidden_size
        state = state_or_zeros("state", state, self.dtype, B, H)
        weight_ih, weight_hh, bias, bias_hn = self.params.values()

        x = time_first(x)    # (T, B, D)
        projected = (x.reshape(T * B, D) @ weight_ih.T).reshape(T, B, 3 * H)
        projected += bias
        h, rznm = np.empty((T + 1, B, H), self.dtype), np.empty((4, T, B, H), self.dtype)
        h[0] = state
        for t in range(T):
            r, z, n, m, h[t + 1] = gru_step(projected[t], h[t] @ weight_hh.T, bias_hn, h[t])
            rznm[0, t], rznm[1, t], rznm[2, t], rznm[3, t] = r, z, n, m

        hs = h[1:].swapaxes(0, 1)
        clear_padding(hs, lengths)
        return (own(hs), last_real(hs, lengths)), GRUCache(x.swapaxes(0, 1), h, rznm, lengths)

    def backward(self, doutputs, cache):
        """(dx (B, T, D), dstate (B, H)), grads; doutputs = (dhs (B, T, H), dstate (B, H) or None for zeros)."""
        x, h, rznm, lengths = cache
        B, T, D = x.shape
        H = self.hidden_size
        dhs, dh = padded_cotangents(doutputs, lengths, self.dtype, B, T, H)
        weight_ih, weight_hh, _, _ = self.params.values()

        dfrom_x, dfrom_h = (np.empty((T, B, 3 * H), self.dtype) for _ in range(2))
        for t in reversed(range(T)):
            dfrom_x[t], dfrom_h[t], dpassed = gru_step_backward(dhs[:, t] + dh, *rznm[:, t], h[t])
            dh = dfrom_h[t] @ weight_hh + dpassed

        dfrom_x, dfrom_h = dfrom_x.reshape(T * B, 3 * H), dfrom_h.reshape(T * B, 3 * H)
        grads = {
            "weight_ih": dfrom_x.T @ time_first(x).reshape(T * B, D),
            "weight_hh": dfrom_h.T @ h[:-1].reshape(T * B, H),
            "bias": dfrom_x.sum(axis=0),
            "bias_hn": dfrom_h[:, 2 * H:].sum(axis=0),
        }
        dx = (dfrom_x @ weight_ih).reshape(T, B, D).swapaxes(0, 1)
        return (dx, dh), grads
