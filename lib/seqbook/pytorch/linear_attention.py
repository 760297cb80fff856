"""Attention without softmax, which is a recurrence (Katharopoulos et al., 2020)."""

import torch
import torch.nn.functional as F

from seqbook.pytorch.base import check_dtype, check_shape


def linear_attention(q, k, v, state=None):
    """(y (B, T, V), state (B, K, V+1)); q and k (B, T, K), v (B, T, V), as in `seqbook.scratch`."""
    check_shape("q", q, B=None, T=None, K=None)
    B, T, K = q.shape
    check_shape("k", k, B=B, T=T, K=K)
    check_shape("v", v, B=B, T=T, V=None)
    for name, tensor in (("k", k), ("v", v)):
        check_dtype(name, tensor, q.dtype)
    v_one = F.pad(v, (0, 1), value=1.0)
    q, k = F.elu(q) + 1, F.elu(k) + 1
    s = torch.cumsum(k[..., None] * v_one[:, :, None], dim=1)    # (B, T, K, V+1)
    if state is not None:
        check_shape("state", state, B=B, K=K, V1=v_one.shape[-1])
        check_dtype("state", state, q.dtype)
        s = s + state[:, None]
    out = (q[:, :, None] @ s)[:, :, 0]
    return (out[..., :-1] / out[..., -1:], s[:, -1])
