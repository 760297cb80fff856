"""Attention on queries, keys and values, and the multi-head layer built on it (Vaswani et al., 2017, section 3.2)."""

from itertools import product
from typing import NamedTuple

import numpy as np

from seqbook.scratch.base import Layer, check_array, check_like, check_shape, check_sizes, prefix
from seqbook.scratch.linear import Linear, LinearCache
from seqbook.scratch.masks import causal_mask, check_mask
from seqbook.scratch.positions import rotate

BLOCK = 1 << 19    # scores worked on at a time (2 MB in float32): what a core's own memory holds


class AttentionCache(NamedTuple):
    q: np.ndarray                   # (B, N, T, K)
    k: np.ndarray                   # (B, N, S, K)
    v: np.ndarray                   # (B, N, S, K)
    mask: np.ndarray | None         # broadcast to (B, N, T, S)
    exp_scores: np.ndarray | None   # (B, N, T, S) exp(score - largest score of the row); None: recomputed when needed
    row_max: np.ndarray             # (B, N, T, 1)
    row_sum: np.ndarray             # (B, N, T, 1), 0 where a query may look at nothing
    out: np.ndarray                 # (B, N, T, K)

    @property
    def weights(self) -> np.ndarray:
        """The attention weights (B, N, T, S): softmax over the keys, zeros where a query may look at nothing."""
        e = self.exp_scores
        if e is None:
            e = _exp(_scores(self.q, self.k, self.mask), self.row_max)
        return e * _inverse(self.row_sum)


class ScaledDotProductAttention(Layer):
    """softmax(Q Kᵀ / √K) V: q (B, N, T, K), k (B, N, S, K), v (B, N, S, K) → (B, N, T, K). No parameters.

    `mask` is boolean, broadcastable to (B, N, T, S), True = may look; a query that may look at nothing gets zeros.
    `recompute=True` keeps no scores: backward computes them again block by block, so that memory grows with T and S
    and not with T·S (Dao et al., 2022).

    The weights are exp_scores / row_sum, but T·S numbers are never divided: the T·K of the output are, and their
    gradient. The work goes block by block either way, so that the scores stay close to the processor while they are
    needed.
    """

    def __init__(self, *, recompute=False, rng=None, dtype=np.float32):
        self.recompute = recompute
        super().__init__(dtype)

    def forward(self, q, k, v, mask=None):
        """out (B, N, T, K), cache; the weights are `cache.weights`."""
        check_array("q", q, self.dtype, B=None, N=None, T=None, K=None)
        B, N, T, K = q.shape
        check_array("k", k, self.dtype, B=B, N=N, S=None, K=K)
        S = k.shape[2]
        check_array("v", v, self.dtype, B=B, N=N, S=S, K=K)
        check_mask("mask", mask, B, N, T, S)
        if mask is not None:
            mask = np.broadcast_to(mask, (B, N, T, S))
        room = np.empty(_block_shape(B, N, T, S) if self.recompute else (B, N, T, S), self.dtype)
        row_max, row_sum = np.empty((2, B, N, T, 1), self.dtype)
        out = np.empty((B, T, N, K), self.dtype).swapaxes(1, 2)    # heads of a token side by side: merging is free
        for heads, parts in _blocks(B, N, T, S):
            for rows in parts:
                block = _start(room, q[rows]) if self.recompute else room[rows]
                scores = _scores(q[rows], k[heads], _part(mask, rows), out=block)
                row_max[rows] = _largest(scores)
                e = _exp(scores, row_max[rows])
                row_sum[rows] = _row_sums(e)
                np.multiply(e @ v[heads], _inverse(row_sum[rows]), out=out[rows])
        return out, AttentionCache(q, k, v, mask, None if self.recompute else room, row_max, row_sum, out)

    def backward(self, dout, cache):
        """(dq, dk, dv), {}.

        With weights p and scores s: dp = dout vᵀ and ds = p ∘ (dp - Σ dp ∘ p), where the sum over the keys is also
        Σ dout ∘ out over the K numbers of the output.
        """
        q, k, v, mask, exp_scores, row_max, row_sum, out = cache
        check_like("dout", dout, out.shape, self.dtype)
        (B, N, T, K), S = q.shape, k.shape[2]
        dq = np.empty((B, T, N, K), self.dtype).swapaxes(1, 2)
        dk, dv = (np.empty((B, S, N, K), self.dtype).swapaxes(1, 2) for _ in "kv")
        room, again = np.empty((2, *_block_shape(B, N, T, S)), self.dtype)
        for heads, parts in _blocks(B, N, T, S):
            dk_sum = dv_sum = 0    # over the parts: every query adds to the gradients of all keys
            for rows in parts:
                if exp_scores is None:
                    e = _scores(q[rows], k[heads], _part(mask, rows), out=_start(again, q[rows]))
                    e = _exp(e, row_max[rows])
                else:
                    e = exp_scores[rows]
                dpart = dout[rows] * _inverse(row_sum[rows])    # (b, n, t, K)
                dv_sum = dv_sum + e.swapaxes(-1, -2) @ dpart
                dscores = np.matmul(dpart, v[heads].swapaxes(-1, -2), out=_start(room, q[rows]))    # (b, n, t, S)
                dscores -= _row_sums(dpart * out[rows])
                dscores *= e
                np.multiply(dscores @ k[heads], _scale(q), out=dq[rows])
                dk_sum = dk_sum + dscores.swapaxes(-1, -2) @ (q[rows] * _scale(q))
            dk[heads], dv[heads] = dk_sum, dv_sum
        return (dq, dk, dv), {}


def _block_shape(B, N, T, S):
    """How many sequences, heads, queries and keys make about BLOCK scores: queries are cut only within one head."""
    return min(B, max(1, BLOCK // (N * T * S))), min(N, max(1, BLOCK // (T * S))), min(T, max(1, BLOCK // S)), S


def _blocks(B, N, T, S):
    """The indices of some heads, (batch, heads), and of the parts of their queries, [(batch, heads, queries), …]."""
    b, n, t, _ = _block_shape(B, N, T, S)
    for batch, head in product(range(0, B, b), range(0, N, n)):
        heads = slice(batch, batch + b), slice(head, head + n)
        yield heads, [(*heads, slice(first, first + t)) for first in range(0, T, t)]


def _start(room, q):
    """As much of a block's room as the queries q (b, n, t, K) need."""
    b, n, t, _ = q.shape
    return room[:b, :n, :t]


def _part(mask, rows):
    return None if mask is None else mask[rows]


def _scale(q):
    """1/√K"""
    return q.dtype.type(q.shape[-1] ** -0.5)


def _scores(q, k, mask, out=None):
    scores = np.matmul(q * _scale(q), k.swapaxes(-1, -2), out=out)
    if mask is not None:
        np.copyto(scores, -np.inf, where=~mask)
    return scores


def _largest(scores):
    """Each row's largest score; 0 for a row of -inf, which has none: exp(-inf - 0) = 0."""
    largest = scores.max(axis=-1, keepdims=True)
    largest[np.isneginf(largest)] = 0
    return largest


def _exp(scores, row_max):
    """exp(scores - row_max), in the scores' own place."""
    scores -= row_max
    return np.exp(scores, out=scores)


def _row_sums(array):
    return np.einsum("bnts->bnt", array)[..., None]    # a third of the time of array.sum(-1) in float32


def _inverse(row_sum):
    return np.divide(1, row_sum, out=np.zeros_like(row_sum), where=row_sum > 0)


class MultiHeadCache(NamedTuple):
    query: LinearCache
    key: LinearCache
    value: LinearCache
    attention: AttentionCache
    output: LinearCache
    inputs: tuple    # which of query, key, value were given

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
        super().__init__(dtype, **prefix("query", self.query.params), **prefix("key", self.key.params),
                         **prefix("value", self.value.params), **prefix("output", self.output.params))

    def forward(self, query, key=None, value=None, mask=None):
        """out (B, T, E), cache; `mask` broadcastable to (B, N, T, S), True = may look; weights in `cache.weights`."""
        inputs = (True, key is not None, value is not None)
        key = query if key is None else key
        value = key if value is None else value
        check_shape("query", query, B=None, T=None, E=self.model_size)
        B, T, E = query.shape
        check_shape("key", key, B=B, S=None, E=E)
        check_shape("value", value, B=B, S=key.shape[1], E=E)
        check_mask("mask", mask, B, self.heads, T, key.shape[1])
        q, query_cache = self.query.forward(query)
        k, key_cache = self.key.forward(key)
        v, value_cache = self.value.forward(value)
        q, k, v = (split_heads(x, self.heads) for x in (q, k, v))
        if self.rotary:
            q, k = rotate(q), rotate(k)
        context, attention_cache = self.attention.forward(q, k, v, mask)
        out, output_cache = self.output.forward(merge_heads(context))
        return out, MultiHeadCache(query_cache, key_cache, value_cache, attention_cache, output_cache, inputs)

    def backward(self, dout, cache):
        """(dquery, dkey, dvalue), grads. An input that was not given has None, its gradient being in the one it was."""
        dmerged, output_grads = self.output.backward(dout, cache.output)
        (dq, dk, dv), _ = self.attention.backward(split_heads(dmerged, self.heads), cache.attention)
        if self.rotary:
            dq, dk = rotate(dq, inverse=True), rotate(dk, inverse=True)
        dquery, query_grads = self.query.backward(merge_heads(dq), cache.query)
        dkey, key_grads = self.key.backward(merge_heads(dk), cache.key)
        dvalue, value_grads = self.value.backward(merge_heads(dv), cache.value)
        _, key_given, value_given = cache.inputs
        if not value_given:
            dkey, dvalue = dkey + dvalue, None
        if not key_given:
            dquery, dkey = dquery + dkey, None
        grads = {**prefix("query", query_grads), **prefix("key", key_grads), **prefix("value", value_grads),
                 **prefix("output", output_grads)}
        return (dquery, dkey, dvalue), grads

    def step(self, x, past=None):
        """The next tokens x (B, T, E) attend to `past` and to one another causally: out (B, T, E), (k, v).

        `past` is what the last call returned: keys and values (B, N, S, K) of all tokens so far, none of which is
        projected again. For generation only: it has no backward.
        """
        check_array("x", x, self.dtype, B=None, T=None, E=self.model_size)
        q, k, v = (split_heads(layer.forward(x)[0], self.heads) for layer in (self.query, self.key, self.value))
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
