"""Score functions: how well a query (a decoder's state) matches each key (an encoder's state), and what attention does
with the scores.

Every score is a `compare(query, projected)` of the query with what `project` makes of the keys. The projection needs no
query, so a decoder computes it once for all its steps.
"""

from typing import NamedTuple

import numpy as np

from seqbook.scratch.base import Layer, check_array, check_sizes, uniform
from seqbook.scratch.masks import masked_softmax, softmax_backward


class ScoreCache(NamedTuple):
    keys: np.ndarray    # (B, S, K)
    comparison: tuple   # what compare computed


class Score(Layer):
    """query (B, T, Q), keys (B, S, K) → scores (B, T, S)."""

    query_size = key_size = None    # any

    def project(self, keys):
        """What of the keys does not depend on the query, (B, S, A)."""
        return keys

    def project_backward(self, dprojected, keys):
        """dkeys (B, S, K), grads of the parameters that `project` uses."""
        return dprojected, {}

    def compare(self, query, projected):
        """scores (B, T, S), cache."""
        return query @ projected.swapaxes(1, 2), (query, projected)

    def compare_backward(self, dscores, cache):
        """(dquery, dprojected), grads of the parameters that `compare` uses."""
        query, projected = cache
        return (dscores @ projected, dscores.swapaxes(1, 2) @ query), {}

    def forward(self, query, keys):
        """scores (B, T, S), cache."""
        check_array("query", query, self.dtype, B=None, T=None, Q=self.query_size)
        key_size = query.shape[-1] if self.key_size is None else self.key_size
        check_array("keys", keys, self.dtype, B=len(query), S=None, K=key_size)
        scores, comparison = self.compare(query, self.project(keys))
        return scores, ScoreCache(keys, comparison)

    def backward(self, dscores, cache):
        """(dquery (B, T, Q), dkeys (B, S, K)), grads."""
        B, S, _ = cache.keys.shape
        check_array("dscores", dscores, self.dtype, B=B, T=cache.comparison[0].shape[1], S=S)
        (dquery, dprojected), compare_grads = self.compare_backward(dscores, cache.comparison)
        dkeys, project_grads = self.project_backward(dprojected, cache.keys)
        return (dquery, dkeys), {**project_grads, **compare_grads}


class DotScore(Score):
    """query · key, for queries and keys of one size (Luong et al., 2015, "dot"). No parameters."""

    def __init__(self, *, rng=None, dtype=np.float32):
        super().__init__(dtype)


class ScaledDotScore(DotScore):
    """query · key / √K: the dot product of independent unit-variance numbers, brought back to variance 1."""

    def project(self, keys):
        return keys * self.dtype.type(keys.shape[-1] ** -0.5)

    def project_backward(self, dprojected, keys):
        return dprojected * self.dtype.type(keys.shape[-1] ** -0.5), {}


class GeneralScore(Score):
    """queryᵀ W key, a bilinear form (Luong et al., 2015, "general"). Parameter: `weight (Q, K)`."""

    def __init__(self, query_size, key_size, *, rng, dtype=np.float32):
        check_sizes(query_size=query_size, key_size=key_size)
        self.query_size, self.key_size = query_size, key_size
        super().__init__(dtype, weight=uniform(rng, (query_size, key_size), key_size))

    def project(self, keys):
        return keys @ self.params["weight"].T

    def project_backward(self, dprojected, keys):
        dweight = dprojected.reshape(-1, self.query_size).T @ keys.reshape(-1, self.key_size)
        return dprojected @ self.params["weight"], {"weight": dweight}


class AdditiveScore(Score):
    """vᵀ tanh(W_q query + W_k key), a network with one hidden layer of A units (Bahdanau et al., 2015).

    Parameters: `weight_query (A, Q)`, `weight_key (A, K)`, `v (A,)`.
    """

    def __init__(self, query_size, key_size, hidden_size, *, rng, dtype=np.float32):
        check_sizes(query_size=query_size, key_size=key_size, hidden_size=hidden_size)
        self.query_size, self.key_size, self.hidden_size = query_size, key_size, hidden_size
        super().__init__(dtype, weight_query=uniform(rng, (hidden_size, query_size), query_size),
                         weight_key=uniform(rng, (hidden_size, key_size), key_size),
                         v=uniform(rng, (hidden_size,), hidden_size))

    def project(self, keys):
        return keys @ self.params["weight_key"].T

    def project_backward(self, dprojected, keys):
        dweight = dprojected.reshape(-1, self.hidden_size).T @ keys.reshape(-1, self.key_size)
        return dprojected @ self.params["weight_key"], {"weight_key": dweight}

    def compare(self, query, projected):
        hidden = np.tanh((query @ self.params["weight_query"].T)[:, :, None] + projected[:, None])    # (B, T, S, A)
        return hidden @ self.params["v"], (query, hidden)

    def compare_backward(self, dscores, cache):
        query, hidden = cache
        dhidden = dscores[..., None] * (self.params["v"] * (1 - hidden * hidden))    # (B, T, S, A), before tanh
        from_query = dhidden.sum(axis=2)                                             # (B, T, A)
        grads = {
            "weight_query": from_query.reshape(-1, self.hidden_size).T @ query.reshape(-1, self.query_size),
            "v": dscores.reshape(-1) @ hidden.reshape(-1, self.hidden_size),
        }
        return (from_query @ self.params["weight_query"], dhidden.sum(axis=1)), grads


def attend(scores, memory, mask=None):
    """weights = softmax(scores) (B, T, S), zero where `mask` (B, 1, S) is False, and contexts = weights · memory.

    scores (B, T, S), memory (B, S, M) → weights (B, T, S), contexts (B, T, M).
    """
    weights = masked_softmax(scores.copy(), mask)
    return weights, weights @ memory


def attend_backward(dcontexts, weights, memory):
    """dscores (B, T, S) and dmemory (B, S, M)."""
    dweights = dcontexts @ memory.swapaxes(1, 2)
    return softmax_backward(dweights, weights), weights.swapaxes(1, 2) @ dcontexts
