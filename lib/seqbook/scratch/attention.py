"""Attention on queries, keys and values, and the multi-head layer built on it (Vaswani et al., 2017, section 3.2)."""

from typing import NamedTuple

import numpy as np

from seqbook.scratch import attention_blocks
from seqbook.scratch.attention_blocks import BlocksCache, scale
from seqbook.scratch.base import Layer, check_array, check_shape, check_sizes, join
from seqbook.scratch.linear import Linear, LinearCache
from seqbook.scratch.masks import causal_mask, check_mask, masked_softmax, softmax_backward
from seqbook.scratch.positions import rotate

LARGE = 1 << 19    # scores above which the work goes block by block


def attend(q, k, v, mask=None):
    """softmax(Q Kᵀ / √K) V and the weights (B, N, T, S); q (B, N, T, K), k and v (B, N, S, K) → (B, N, T, K).

    `mask` is boolean, broadcastable to the weights, True = may look; a query that may look at nothing gets zeros.
    """
    scores = (q * scale(q)) @ k.swapaxes(-1, -2)    # (B, N, T, S)
    weights = masked_softmax(scores, mask)
    return weights @ v, weights


def attend_backward(dout, q, k, v, weights):
    """dq (B, N, T, K), dk and dv (B, N, S, K)."""
    dv = weights.swapaxes(-1, -2) @ dout
    dweights = dout @ v.swapaxes(-1, -2)              # (B, N, T, S)
    dscores = softmax_backward(dweights, weights)
    dq = dscores @ (k * scale(q))
    dk = dscores.swapaxes(-1, -2) @ (q * scale(q))
    return dq, dk, dv


class AttentionCache(NamedTuple):
    q: np.ndarray          # (B, N, T, K)
    k: np.ndarray          # (B, N, S, K)
    v: np.ndarray          # (B, N, S, K)
    weights: np.ndarray    # (B, N, T, S), zeros where a query may not look


class ScaledDotProductAttention(Layer):
    """`attend` as a layer without parameters: its owner has looked at what comes in.

    `recompute=True` keeps no weights: backward computes them again block by block, so that memory grows with T and S
    and not with T·S. Many scores are worked on block by block in any case: that is faster.
    """

    def __init__(self, *, recompute=False, rng=None, dtype=np.float32):
        self.recompute = recompute
        super().__init__(dtype)

    def forward(self, q, k, v, mask=None):
        """out (B, N, T, K), cache; the weights are `cache.weights`."""
        B, N, T, _ = q.shape
        if self.recompute or B * N * T * k.shape[2] > LARGE:
            return attention_blocks.attend(q, k, v, mask, keep=not self.recompute)
        out, weights = attend(q, k, v, mask)
        return out, AttentionCache(q, k, v, weights)

    def backward(self, dout, cache):
        """(dq, dk, dv), {}."""
        if isinstance(cache, BlocksCache):
            return attention_blocks.attend_backward(dout, cache), {}
        return attend_backward(dout, *cache), {}


class MultiHeadCache(NamedTuple):
    query: LinearCache
    key: LinearCache
    value: LinearCache
    attention: AttentionCache | BlocksCache
    output: LinearCache
    key_given: bool
    value_given: bool

    @property
    def weights(self) -> np.ndarray:
        """Every head's attention weights (B, N, T, S)."""
        return self.attention.weights


class MultiHeadAttention(Layer):
    """N attentions side by side, each on K = E/N numbers of its own projections, joined by a last linear map.

    query (B, T, E), key and value (B, S, E) → (B, T, E). Without key it is self-attention; value is key unless given.
    Parameters: Linear `query`, `key`, `value`, `output` (the paper's W^Q, W^K, W^V of all heads stacked, and W^O), so
    `query.weight (E, E)` holds head n in its rows nK … (n+1)K. `rotary=True` turns queries and keys by their position
    (see `positions.rotate`); `recompute` is that of `ScaledDotProductAttention`.
    """

    def __init__(self, model_size, heads, *, rng, dtype=np.float32, rotary=False, recompute=False):
        check_sizes(model_size=model_size, heads=heads)
        if model_size % heads:
            raise ValueError(f"model_size must be a multiple of heads={heads}, got {model_size}")
        if rotary and model_size // heads % 2:
            raise ValueError(f"rotary positions need an even head size, got {model_size}/{heads}={model_size // heads}")
        self.model_size, self.heads, self.rotary = model_size, heads, rotary
        self.query, self.key, self.value, self.output = (
            Linear(model_size, model_size, rng=rng, dtype=dtype) for _ in range(4))
        self.attention = ScaledDotProductAttention(recompute=recompute, dtype=dtype)
        super().__init__(dtype, **join(query=self.query.params, key=self.key.params, value=self.value.params,
                                       output=self.output.params))

    def forward(self, query, key=None, value=None, mask=None):
        """out (B, T, E), cache; `mask` broadcastable to (B, N, T, S), True = may look; weights in `cache.weights`."""
        key_given, value_given = key is not None, value is not None
        check_shape("query", query, B=None, T=None, E=self.model_size)
        B, T, E = query.shape
        if key_given:
            check_shape("key", key, B=B, S=None, E=E)
        S = key.shape[1] if key_given else T
        if value_given:
            check_shape("value", value, B=B, S=S, E=E)
        check_mask("mask", mask, B, self.heads, T, S)
        q, query_cache = self.query.forward(query)
        k, key_cache = self.key.forward(key) if key_given else (self.key.affine(query), query_cache)
        v, value_cache = self.value.forward(value) if value_given else (self.value.affine(key_cache.x), key_cache)
        q, k, v = (split_heads(x, self.heads) for x in (q, k, v))
        if self.rotary:
            q, k = rotate(q), rotate(k)
        context, attention_cache = self.attention.forward(q, k, v, mask)
        out, output_cache = self.output.forward(merge_heads(context))
        return out, MultiHeadCache(query_cache, key_cache, value_cache, attention_cache, output_cache,
                                   key_given, value_given)

    def backward(self, dout, cache):
        """(dquery, dkey, dvalue), grads. An input that was not given has None, its gradient being in the one it was."""
        dmerged, output_grads = self.output.backward(dout, cache.output)
        (dq, dk, dv), _ = self.attention.backward(split_heads(dmerged, self.heads), cache.attention)
        if self.rotary:
            dq, dk = rotate(dq, inverse=True), rotate(dk, inverse=True)
        dquery, query_grads = self.query.backward(merge_heads(dq), cache.query)
        dkey, key_grads = self.key.backward(merge_heads(dk), cache.key)
        dvalue, value_grads = self.value.backward(merge_heads(dv), cache.value)
        if not cache.value_given:
            dkey, dvalue = dkey + dvalue, None
        if not cache.key_given:
            dquery, dkey = dquery + dkey, None
        return (dquery, dkey, dvalue), join(query=query_grads, key=key_grads, value=value_grads, output=output_grads)

    def step(self, x, past=None):
        """The next tokens x (B, T, E) attend to `past` and to one another causally: out (B, T, E), (k, v).

        `past` is what the last call returned: keys and values (B, N, S, K) of all tokens so far, none of which is
        projected again. For generation only: it has no backward.
        """
        check_array("x", x, self.dtype, B=None, T=None, E=self.model_size)
        q, k, v = (split_heads(layer.affine(x), self.heads) for layer in (self.query, self.key, self.value))
        seen = 0 if past is None else past[0].shape[2]
        if self.rotary:
            q, k = rotate(q, start=seen), rotate(k, start=seen)
        if past is not None:
            k, v = (np.concatenate([old, new], axis=2) for old, new in zip(past, (k, v)))
        context, _ = self.attention.forward(q, k, v, causal_mask(x.shape[1], k.shape[2]))
        return self.output.forward(merge_heads(context))[0], (k, v)


def split_heads(x, N):
    """(B, T, E) → (B, N, T, K): head n takes the numbers nK … (n+1)K of every token. A view."""
    B, T, E = x.shape
    return x.reshape(B, T, N, E // N).swapaxes(1, 2)


def merge_heads(x):
    """(B, N, T, K) → (B, T, E), the inverse of `split_heads`."""
    B, N, T, K = x.shape
    return x.swapaxes(1, 2).reshape(B, T, N * K)
