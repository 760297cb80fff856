"""`attend` and `attend_backward` of `seqbook.scratch.attention`, block by block, for many queries and keys.

The weights are e / row_sum with e = exp(score - row_max), but T·S numbers are never divided: the T·K of the output are,
and their gradient. Each block of scores stays close to the processor while it is needed. Backward needs no sum over the
weights either: Σ dweights ∘ weights, over the keys, is Σ dout ∘ out, over the K numbers of the output. What is not kept
is computed again from row_max, so that memory grows with T and S and not with T·S (Dao et al., 2022).
"""

from itertools import product
from typing import NamedTuple

import numpy as np

from seqbook.scratch.masks import hide, inverse, largest, row_sums

BLOCK = 1 << 19    # scores of one head worked on at a time (2 MB in float32): what a core's own memory holds
HEADS = 1 << 17    # scores up to which several heads are taken together


class BlocksCache(NamedTuple):
    q: np.ndarray                   # (B, N, T, K)
    k: np.ndarray                   # (B, N, S, K)
    v: np.ndarray                   # (B, N, S, K)
    mask: np.ndarray | None         # broadcast to (B, N, T, S)
    exp_scores: np.ndarray | None   # (B, N, T, S) exp(score - largest score of the row); None: computed again
    row_max: np.ndarray             # (B, N, T, 1)
    row_sum: np.ndarray             # (B, N, T, 1), 0 where a query may look at nothing
    out: np.ndarray                 # (B, N, T, K)

    @property
    def weights(self) -> np.ndarray:
        """The attention weights (B, N, T, S)."""
        e = self.exp_scores
        if e is None:
            e = exp_scores(scores(self.q, self.k, self.mask), self.row_max)
        return e * inverse(self.row_sum)


def attend(q, k, v, mask, *, keep):
    """out (B, N, T, K) and the cache, with exp_scores if they are to be kept."""
    B, N, T, K = q.shape
    S = k.shape[2]
    mask = None if mask is None else np.broadcast_to(mask, (B, N, T, S))
    room = np.empty((B, N, T, S) if keep else block_shape(B, N, T, S), q.dtype)
    row_max, row_sum = np.empty((2, B, N, T, 1), q.dtype)
    out = heads_side_by_side(q.shape, q.dtype)
    for heads, parts in blocks(B, N, T, S):
        for rows in parts:
            block = room[rows] if keep else start_of(room, q[rows])
            s = scores(q[rows], k[heads], part_of(mask, rows), out=block)
            row_max[rows] = largest(s)
            e = exp_scores(s, row_max[rows])
            row_sum[rows] = row_sums(e)
            np.multiply(e @ v[heads], inverse(row_sum[rows]), out=out[rows])
    return out, BlocksCache(q, k, v, mask, room if keep else None, row_max, row_sum, out)


def attend_backward(dout, cache):
    """dq (B, N, T, K), dk and dv (B, N, S, K)."""
    q, k, v, mask, kept, row_max, row_sum, out = cache
    B, N, T, K = q.shape
    S = k.shape[2]
    dq, dk, dv = (heads_side_by_side(array.shape, q.dtype) for array in (q, k, v))
    room, again = np.empty((2, *block_shape(B, N, T, S)), q.dtype)
    for heads, parts in blocks(B, N, T, S):
        dk_sum = dv_sum = 0    # over the parts: every query adds to the gradients of all keys
        for rows in parts:
            if kept is None:
                s = scores(q[rows], k[heads], part_of(mask, rows), out=start_of(again, q[rows]))
                e = exp_scores(s, row_max[rows])
            else:
                e = kept[rows]
            dpart = dout[rows] * inverse(row_sum[rows])    # (b, n, t, K)
            dv_sum = dv_sum + e.swapaxes(-1, -2) @ dpart
            dscores = np.matmul(dpart, v[heads].swapaxes(-1, -2), out=start_of(room, q[rows]))    # (b, n, t, S)
            dscores -= row_sums(dpart * out[rows])
            dscores *= e
            np.multiply(dscores @ k[heads], scale(q), out=dq[rows])
            dk_sum = dk_sum + dscores.swapaxes(-1, -2) @ (q[rows] * scale(q))
        dk[heads], dv[heads] = dk_sum, dv_sum
    return dq, dk, dv


def scale(q):
    """1/√K in q's dtype."""
    return q.dtype.type(q.shape[-1] ** -0.5)


def scores(q, k, mask, out=None):
    """q kᵀ / √K (…, T, S), -inf where `mask` hides a key."""
    s = np.matmul(q * scale(q), k.swapaxes(-1, -2), out=out)
    hide(s, mask)
    return s


def exp_scores(s, row_max):
    """exp(score - row_max), in the scores' own place."""
    s -= row_max
    return np.exp(s, out=s)


def block_shape(B, N, T, S):
    """How many sequences, heads, queries and keys are worked on at a time: queries are cut only within one head."""
    return min(B, max(1, HEADS // (N * T * S))), min(N, max(1, HEADS // (T * S))), min(T, max(1, BLOCK // S)), S


def blocks(B, N, T, S):
    """The indices of some heads, (batch, heads), and of the parts of their queries, [(batch, heads, queries), …]."""
    b, n, t, _ = block_shape(B, N, T, S)
    for batch, head in product(range(0, B, b), range(0, N, n)):
        heads = slice(batch, batch + b), slice(head, head + n)
        yield heads, [(*heads, slice(first, first + t)) for first in range(0, T, t)]


def start_of(room, q):
    """As much of a block's room as the queries q (b, n, t, K) need."""
    b, n, t, _ = q.shape
    return room[:b, :n, :t]


def part_of(mask, rows):
    return None if mask is None else mask[rows]


def heads_side_by_side(shape, dtype):
    """Room (B, N, T, K) in which a token's heads lie side by side, so that merging them is free."""
    B, N, T, K = shape
    return np.empty((B, T, N, K), dtype).swapaxes(1, 2)
