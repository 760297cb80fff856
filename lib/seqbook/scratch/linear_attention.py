"""Attention without softmax, which is a recurrence (Katharopoulos et al., 2020)."""

from typing import NamedTuple

import numpy as np

from seqbook.protocols import as_pair
from seqbook.scratch.base import check_array, check_shape


class LinearAttentionCache(NamedTuple):
    q: np.ndarray          # (B, T, K)
    k: np.ndarray          # (B, T, K)
    v_one: np.ndarray      # (B, T, V+1) the values and a 1
    s: np.ndarray          # (B, T, K, V+1) the states S(1) … S(T)
    out: np.ndarray        # (B, T, V+1) numerators and the denominator


def feature_map(x):
    """φ(x) = elu(x) + 1 > 0: x + 1 where x > 0, exp(x) elsewhere."""
    return np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))


def feature_map_slope(x):
    """φ'(x): 1 where x > 0, exp(x) elsewhere."""
    return np.exp(np.minimum(x, 0))


def linear_attention(q, k, v, state=None):
    """(y (B, T, V), state (B, K, V+1)), cache; q and k (B, T, K), v (B, T, V), state from before or None for zeros.

    Causal attention with the weights φ(q(t))·φ(k(s)), s ≤ t, in the place of exp(q·k/√K), as a recurrence: the state is
    S(t) = S(t-1) + φ(k(t)) [v(t), 1]ᵀ, and φ(q(t))ᵀ S(t) holds the weighted sum of the values and, last, the sum of the
    weights by which it is divided (Katharopoulos et al., 2020, equations 10 and 16–20).
    """
    check_shape("q", q, B=None, T=None, K=None)
    B, T, K = q.shape
    check_array("q", q, q.dtype, B=B, T=T, K=K)
    check_array("k", k, q.dtype, B=B, T=T, K=K)
    check_array("v", v, q.dtype, B=B, T=T, V=None)
    v_one = np.concatenate([v, np.ones_like(v[..., :1])], axis=-1)
    if state is not None:
        check_array("state", state, q.dtype, B=B, K=K, V1=v_one.shape[-1])
    s = (feature_map(k)[..., None] * v_one[:, :, None]).cumsum(axis=1)    # (B, T, K, V+1)
    s = s if state is None else s + state[:, None]
    out = (feature_map(q)[:, :, None] @ s)[:, :, 0]
    return (out[..., :-1] / out[..., -1:], s[:, -1].copy()), LinearAttentionCache(q, k, v_one, s, out)


def linear_attention_backward(doutputs, cache):
    """dq, dk, dv, dstate; doutputs = (dy (B, T, V), dstate (B, K, V+1) or None for zeros)."""
    q, k, v_one, s, out = cache
    dy, dstate = as_pair("doutputs", doutputs)
    check_array("dy", dy, q.dtype, B=len(q), T=q.shape[1], V=v_one.shape[-1] - 1)
    numerator, denominator = out[..., :-1], out[..., -1:]
    ddenominator = -(dy * numerator).sum(axis=-1, keepdims=True) / denominator**2
    dout = np.concatenate([dy / denominator, ddenominator], axis=-1)
    ds = feature_map(q)[..., None] * dout[:, :, None]    # what each S(t) gets from its own output, …
    if dstate is not None:
        check_array("dstate", dstate, q.dtype, B=len(q), K=q.shape[2], V1=v_one.shape[-1])
        ds[:, -1] += dstate
    ds = ds[:, ::-1].cumsum(axis=1)[:, ::-1]             # … and from all after it
    dq = (s @ dout[..., None])[..., 0] * feature_map_slope(q)
    dk = (ds @ v_one[..., None])[..., 0] * feature_map_slope(k)
    dv = (feature_map(k)[:, :, None] @ ds)[:, :, 0, :-1]
    return dq, dk, dv, ds[:, 0]
