"""Attention on queries, keys and values, and the multi-head layer built on it (Vaswani et al., 2017, section 3.2)."""

import torch
from torch import nn
from torch.nn import functional

from seqbook.pytorch.base import check_choice, check_shape, check_sizes, wide
from seqbook.pytorch.linear import Linear
from seqbook.pytorch.masks import causal_mask, check_mask
from seqbook.pytorch.positions import rotate


def attention_weights(q, k, mask=None):
    """softmax(Q Kᵀ / √K): q (B, N, T, K), k (B, N, S, K) → (B, N, T, S), zeros where a query may look at nothing."""
    scores = wide(q) @ wide(k).transpose(-1, -2) * q.shape[-1] ** -0.5    # in float16 they would end at 65504
    if mask is None:
        return scores.softmax(-1).to(q.dtype)
    weights = scores.masked_fill(~mask, torch.finfo(scores.dtype).min).softmax(-1)
    return (weights * mask).to(q.dtype)    # a row without any True came out uniform


def attend(q, k, v, mask=None, backend="fused"):
    """softmax(Q Kᵀ / √K) V → (B, N, T, K); `mask` broadcastable to (B, N, T, S), True = may look.

    backend "fused" is PyTorch's kernel, which never stores the T·S weights on a GPU; "math" is the formula.
    """
    if backend == "math":
        return attention_weights(q, k, mask) @ v
    if mask is None:
        return functional.scaled_dot_product_attention(q, k, v)
    looks = mask.any(-1, keepdim=True)    # what a kernel does with a row of False differs: give it a row of True
    out = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask | ~looks)
    return out * looks


class MultiHeadAttention(nn.Module):
    """N attentions side by side, each on K = E/N numbers of its own projections, joined by a last linear map.

    query (B, T, E), key and value (B, S, E) → (B, T, E). Without key it is self-attention; value is key unless given.
    Parameters as in `seqbook.scratch`. `backend` is that of `attend`.
    """

    def __init__(self, model_size, heads, *, rotary=False, backend="fused", device=None, dtype=None):
        super().__init__()
        check_sizes(model_size=model_size, heads=heads)
        check_choice("backend", backend, ("fused", "math"))
        if model_size % heads:
            raise ValueError(f"model_size must be a multiple of heads={heads}, got {model_size}")
        if rotary and model_size // heads % 2:
            raise ValueError(f"rotary positions need an even head size, got {model_size}/{heads}={model_size // heads}")
        self.model_size, self.heads, self.rotary, self.backend = model_size, heads, rotary, backend
        self.query, self.key, self.value, self.output = (
            Linear(model_size, model_size, device=device, dtype=dtype) for _ in range(4))

    def forward(self, query, key=None, value=None, mask=None, need_weights=False):
        """out (B, T, E), or (out, weights (B, N, T, S)) with `need_weights`."""
        q, k, v = self.project(query, key, value)
        check_mask("mask", mask, *q.shape[:3], k.shape[2])
        out = self.output(merge_heads(attend(q, k, v, mask, self.backend)))
        return (out, attention_weights(q, k, mask)) if need_weights else out

    def project(self, query, key=None, value=None, start=0):
        """q (B, N, T, K), k and v (B, N, S, K)."""
        key = query if key is None else key
        value = key if value is None else value
        check_shape("query", query, B=None, T=None, E=self.model_size)
        check_shape("key", key, B=query.shape[0], S=None, E=self.model_size)
        check_shape("value", value, B=query.shape[0], S=key.shape[1], E=self.model_size)
        q, k, v = (split_heads(layer(x), self.heads)
                   for layer, x in ((self.query, query), (self.key, key), (self.value, value)))
        return (rotate(q, start), rotate(k, start), v) if self.rotary else (q, k, v)

    def step(self, x, past=None):
        """The next tokens x (B, T, E) attend to `past` and to one another causally: out (B, T, E), (k, v)."""
        seen = 0 if past is None else past[0].shape[2]
        q, k, v = self.project(x, start=seen)
        if past is not None:
            k, v = (torch.cat([old, new], dim=2) for old, new in zip(past, (k, v)))
        T, S = q.shape[2], k.shape[2]
        context = attend(q, k, v, causal_mask(T, S, x.device), self.backend)
        return self.output(merge_heads(context)), (k, v)


def split_heads(x, N):
    """(B, T, E) → (B, N, T, K): head n takes the numbers nK … (n+1)K of every token."""
    return x.unflatten(-1, (N, -1)).transpose(1, 2)


def merge_heads(x):
    """(B, N, T, K) → (B, T, E), the inverse of `split_heads`."""
    return x.transpose(1, 2).flatten(2)
