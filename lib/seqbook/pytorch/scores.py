"""Score functions, and what attention does with the scores.

Every score is a `compare(query, projected)` of the query with what `project` makes of the keys, once for all queries.
"""

import torch
import torch.nn.functional as F
from torch import nn

from seqbook.pytorch.base import check_dtype, check_shape, check_sizes, uniform, wide


class Score(nn.Module):
    """query (B, T, Q), keys (B, S, K) → scores (B, T, S)."""

    query_size = key_size = None    # any

    def project(self, keys):
        """What of the keys does not depend on the query, (B, S, A)."""
        return keys

    def compare(self, query, projected):
        """scores (B, T, S); float32 where the numbers compared are of half precision, which ends at 65504."""
        return wide(query) @ wide(projected).transpose(1, 2)

    def forward(self, query, keys):
        """scores (B, T, S)."""
        check_shape("query", query, B=None, T=None, Q=self.query_size)
        key_size = query.shape[-1] if self.key_size is None else self.key_size
        check_shape("keys", keys, B=len(query), S=None, K=key_size)
        for parameter in self.parameters():
            check_dtype("query", query, parameter.dtype)
            check_dtype("keys", keys, parameter.dtype)
        return self.compare(query, self.project(keys)).to(query.dtype)


class DotScore(Score):
    """query · key, for queries and keys of one size (Luong et al., 2015, "dot"). No parameters."""

    def __init__(self, *, device=None, dtype=None):
        super().__init__()


class ScaledDotScore(DotScore):
    """query · key / √K."""

    def project(self, keys):
        return keys * keys.shape[-1] ** -0.5


class GeneralScore(Score):
    """queryᵀ W key, a bilinear form (Luong et al., 2015, "general"). Parameter: `weight (Q, K)`."""

    def __init__(self, query_size, key_size, *, device=None, dtype=None):
        super().__init__()
        check_sizes(query_size=query_size, key_size=key_size)
        self.query_size, self.key_size = query_size, key_size
        self.weight = uniform(query_size, key_size, fan_in=key_size, device=device, dtype=dtype)

    def project(self, keys):
        return F.linear(keys, self.weight)


class AdditiveScore(Score):
    """vᵀ tanh(W_q query + W_k key) (Bahdanau et al., 2015): `weight_query (A, Q)`, `weight_key (A, K)`, `v (A,)`."""

    def __init__(self, query_size, key_size, hidden_size, *, device=None, dtype=None):
        super().__init__()
        check_sizes(query_size=query_size, key_size=key_size, hidden_size=hidden_size)
        self.query_size, self.key_size, self.hidden_size = query_size, key_size, hidden_size
        self.weight_query = uniform(hidden_size, query_size, fan_in=query_size, device=device, dtype=dtype)
        self.weight_key = uniform(hidden_size, key_size, fan_in=key_size, device=device, dtype=dtype)
        self.v = uniform(hidden_size, fan_in=hidden_size, device=device, dtype=dtype)

    def project(self, keys):
        return F.linear(keys, self.weight_key)

    def compare(self, query, projected):
        hidden = torch.tanh(F.linear(query, self.weight_query)[:, :, None] + projected[:, None])    # (B, T, S, A)
        return hidden @ self.v


def attend(scores, memory, mask=None):
    """weights = softmax(scores) (B, T, S), zero where `mask` (B, 1, S) is False, and contexts = weights · memory."""
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    weights = torch.softmax(wide(scores), dim=-1).to(memory.dtype)
    return weights, weights @ memory
