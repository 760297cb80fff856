"""Depth between one state and the next: a recurrent layer whose step is a network of several layers."""

from typing import NamedTuple

import numpy as np

from seqbook.scratch.base import Layer, check_sizes, uniform
from seqbook.scratch.ragged import clear_padding, last_real
from seqbook.scratch.recurrent import own, padded_cotangents, padded_input, state_or_zeros, time_first


class DeepTransitionCache(NamedTuple):
    x: np.ndarray                 # (B, T, D), zero in the padding
    start: np.ndarray             # (B, H) h(0)
    z: np.ndarray                 # (T, K, B, H) z₁ … z_K of every step; z_K = h(t)
    lengths: np.ndarray | None    # (B,)


class DeepTransitionRNN(Layer):
    """h(t) by K matrices and K tanh (Pascanu et al., 2014, DT-RNN): z₁ = tanh(W₁ h(t-1) + W_ih x(t) + b₁),
    z_k = tanh(W_k z_{k-1} + b_k), h(t) = z_K. K = `transitions`; with K = 1 it is an `RNN`.

    With `skips` (there DT(S)-RNN), h(t-1) also enters the last line, as W_skip h(t-1). Parameters: `weight_ih (H, D)`,
    `weight_hh (K, H, H)`, `bias (K, H)` and with skips `weight_skip (H, H)`, from U(-1/√H, 1/√H) as in `RNN`.
    """

    def __init__(self, input_size, hidden_size, transitions=2, *, skips=False, rng, dtype=np.float32):
        check_sizes(input_size=input_size, hidden_size=hidden_size, transitions=transitions)
        self.input_size, self.hidden_size, self.output_size = input_size, hidden_size, hidden_size
        self.transitions, self.skips = transitions, skips
        D, H, K = input_size, hidden_size, transitions
        shapes = {"weight_ih": (H, D), "weight_hh": (K, H, H), "bias": (K, H)}
        shapes |= {"weight_skip": (H, H)} if skips else {}
        super().__init__(dtype, **{name: uniform(rng, shape, H) for name, shape in shapes.items()})

    def forward(self, x, state=None, lengths=None):
        """(hs (B, T, H), state (B, H)), cache; x (B, T, D), state (B, H) or None for zeros, lengths (B,) or None."""
        x, lengths = padded_input(x, lengths, self.dtype, self.input_size)
        B, T, _ = x.shape
        start = state_or_zeros("state", state, self.dtype, B, self.hidden_size)
        weight_ih, weight_hh, bias = (self.params[name] for name in ("weight_ih", "weight_hh", "bias"))
        projected = time_first(x) @ weight_ih.T    # (T, B, H)

        z, h = np.empty((T, self.transitions, B, self.hidden_size), self.dtype), start
        for t in range(T):
            below = h
            for k in range(self.transitions):
                a = below @ weight_hh[k].T + bias[k]
                if k == 0:
                    a += projected[t]
                if self.skips and k == self.transitions - 1:
                    a += h @ self.params["weight_skip"].T
                below = np.tanh(a, out=z[t, k])
            h = below

        hs = z[:, -1].swapaxes(0, 1)
        clear_padding(hs, lengths)
        return (own(hs), last_real(hs, lengths)), DeepTransitionCache(x, start, z, lengths)

    def backward(self, doutputs, cache):
        """(dx (B, T, D), dstate (B, H)), grads; doutputs = (dhs (B, T, H), dstate (B, H) or None for zeros)."""
        x, start, z, lengths = cache
        T, K, B, H = z.shape
        dhs, dh = padded_cotangents(doutputs, lengths, self.dtype, B, T, H)
        weight_ih, weight_hh = self.params["weight_ih"], self.params["weight_hh"]

        da = np.empty_like(z)
        for t in reversed(range(T)):
            dz = dhs[:, t] + dh
            for k in reversed(range(K)):
                np.multiply(dz, 1 - z[t, k]**2, out=da[t, k])
                dz = da[t, k] @ weight_hh[k]
            dh = dz + da[t, -1] @ self.params["weight_skip"] if self.skips else dz

        h_prev = np.concatenate([start[None], z[:-1, -1]])    # (T, B, H)
        below = np.concatenate([h_prev[:, None], z[:, :-1]], axis=1)    # (T, K, B, H): what each layer of a step reads
        dweight_hh = [da[:, k].reshape(T * B, H).T @ below[:, k].reshape(T * B, H) for k in range(K)]
        grads = {
            "weight_ih": da[:, 0].reshape(T * B, H).T @ time_first(x).reshape(T * B, -1),
            "weight_hh": np.stack(dweight_hh),
            "bias": da.sum(axis=(0, 2)),
        }
        if self.skips:
            grads["weight_skip"] = da[:, -1].reshape(T * B, H).T @ h_prev.reshape(T * B, H)
        return ((da[:, 0] @ weight_ih).swapaxes(0, 1), dh), grads
