"""The selective state space: a linear recurrence whose factors depend on the input (Gu and Dao, 2023)."""

from typing import NamedTuple

import numpy as np

from seqbook.protocols import as_pair
from seqbook.scratch.activations import sigmoid
from seqbook.scratch.base import Layer, check_choice, check_rng, check_sizes, uniform
from seqbook.scratch.linear_recurrence import all_cotangents, linear_recurrence, linear_recurrence_backward
from seqbook.scratch.ragged import clear_padding, last_real, padded
from seqbook.scratch.recurrent import padded_input, state_or_zeros, time_first


class SelectiveScanCache(NamedTuple):
    """What a forward pass computed, time first; a unit of the state is d·N + n."""

    x: np.ndarray                  # (T, B, D), zero in the padding
    to_delta: np.ndarray           # (T, B, D) before the softplus
    b: np.ndarray                  # (T, B, N)
    c: np.ndarray                  # (T, B, N)
    a: np.ndarray                  # (T, B, D·N) the factors exp(Δ A)
    h: np.ndarray                  # (T+1, B, D·N) h(0) … h(T)
    lengths: np.ndarray | None     # (B,)

    state = property(lambda cache: cache.h[0], doc="h(0), (B, D·N)")
    delta = property(lambda cache: np.logaddexp(0, cache.to_delta).swapaxes(0, 1), doc="the step sizes Δ, (B, T, D)")
    decay = property(lambda cache: cache.a.swapaxes(0, 1), doc="the factors exp(Δ A), (B, T, D·N)")


class SelectiveScan(Layer):
    """h(t) = exp(Δ(t) A) ∘ h(t-1) + Δ(t) x(t) b(t)ᵀ, y(t) = h(t) c(t) + s ∘ x(t): N numbers for each of D channels.

    Step size Δ = softplus(W_Δ x + b_Δ) (D,), b = W_b x and c = W_c x (N,) depend on the input; A = -exp(log_decay)
    (D, N) does not. This is the S6 layer of Mamba (Gu and Dao, 2023) in a readable form: W_Δ has full rank here, and
    what Mamba's block has around the layer (wider channels, a short convolution, a gate) is left to the model.

    Parameters: `log_decay (D, N)` = log 1 … log N, `weight_delta (D, D)`, `bias_delta (D,)` such that softplus gives
    0.001 … 0.1, `weight_b (N, D)`, `weight_c (N, D)`, `skip (D,)` = 1. The state is an array (B, D·N); `mode` is "loop"
    or "scan", arguments and `lengths` are as in `RNN`.
    """

    def __init__(self, input_size, state_size, *, mode="loop", rng, dtype=np.float32):
        check_sizes(input_size=input_size, state_size=state_size)
        check_choice("mode", mode, ("loop", "scan"))
        check_rng(rng)
        D, N = input_size, state_size
        self.input_size, self.state_size, self.output_size, self.mode = D, N, D, mode
        delta = np.exp(rng.uniform(np.log(0.001), np.log(0.1), D))
        super().__init__(
            dtype, log_decay=np.tile(np.log(np.arange(1, N + 1)), (D, 1)), weight_delta=uniform(rng, (D, D), D),
            bias_delta=np.log(np.expm1(delta)), weight_b=uniform(rng, (N, D), D), weight_c=uniform(rng, (N, D), D),
            skip=np.ones(D))

    def forward(self, x, state=None, lengths=None):
        """(ys (B, T, D), state (B, D·N)), cache; x (B, T, D), state or None for zeros, lengths (B,) or None."""
        x, lengths = padded_input(x, lengths, self.dtype, self.input_size)
        B, T, D = x.shape
        N = self.state_size
        state = state_or_zeros("state", state, self.dtype, B, D * N)
        log_decay, weight_delta, bias_delta, weight_b, weight_c, skip = self.params.values()
        x = time_first(x)    # (T, B, D)
        to_delta = x @ weight_delta.T + bias_delta
        delta, b, c = np.logaddexp(0, to_delta), x @ weight_b.T, x @ weight_c.T
        a = np.exp(delta[..., None] * -np.exp(log_decay)).reshape(T, B, D * N)
        u = ((delta * x)[..., None] * b[:, :, None]).reshape(T, B, D * N)
        h = linear_recurrence(a, u, state, self.mode)
        y = (h[1:].reshape(T, B, D, N) @ c[..., None])[..., 0] + skip * x
        ys = np.ascontiguousarray(y.swapaxes(0, 1))
        clear_padding(ys, lengths)
        return (ys, last_real(h[1:].swapaxes(0, 1), lengths)), SelectiveScanCache(x, to_delta, b, c, a, h, lengths)

    def backward(self, doutputs, cache):
        """(dx (B, T, D), dstate (B, D·N)), grads; doutputs = (dys (B, T, D), dstate (B, D·N) or None for zeros)."""
        x, to_delta, b, c, a, h, lengths = cache
        T, B, D = x.shape
        N = self.state_size
        log_decay, weight_delta, _, weight_b, weight_c, skip = self.params.values()
        delta, A = np.logaddexp(0, to_delta), -np.exp(log_decay)
        dys, dstate = as_pair("doutputs", doutputs)
        dy = time_first(padded("dys", dys, self.dtype, lengths, B=B, T=T, D=D))

        dc = (dy[:, :, None] @ h[1:].reshape(T, B, D, N))[:, :, 0]
        dhs = (dy[..., None] * c[:, :, None]).reshape(T, B, D * N).swapaxes(0, 1)
        dhs = time_first(all_cotangents((dhs, dstate), lengths, self.dtype, B, T, D * N))
        da, du, dstate = linear_recurrence_backward(dhs, a, h, self.mode)
        dexponent, du = (da * a).reshape(T, B, D, N), du.reshape(T, B, D, N)    # of Δ A, and of Δ x bᵀ
        dscaled = (du @ b[..., None])[..., 0]                                   # of Δ ∘ x, (T, B, D)
        db = ((delta * x)[:, :, None] @ du)[:, :, 0]
        ddelta = (dexponent * A).sum(axis=-1) + dscaled * x
        dto_delta = ddelta * sigmoid(to_delta)

        grads = {"log_decay": (dexponent * delta[..., None]).sum(axis=(0, 1)) * A,
                 "weight_delta": over_steps(dto_delta, x), "bias_delta": dto_delta.sum(axis=(0, 1)),
                 "weight_b": over_steps(db, x), "weight_c": over_steps(dc, x), "skip": (dy * x).sum(axis=(0, 1))}
        dx = dscaled * delta + dto_delta @ weight_delta + db @ weight_b + dc @ weight_c + dy * skip
        return (dx.swapaxes(0, 1), dstate), grads


def over_steps(dout, x):
    """The gradient (O, D) of a matrix from those of its products dout (T, B, O) with x (T, B, D)."""
    return dout.reshape(-1, dout.shape[-1]).T @ x.reshape(-1, x.shape[-1])
