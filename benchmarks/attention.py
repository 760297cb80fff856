"""Attention and a Transformer's encoder layer: the functions of each case, see `benchmarks.cases`."""

import numpy as np
import torch
from torch import nn

from benchmarks.products import products, random, transposed
from seqbook import scratch
from seqbook.scratch.attention import ScaledDotProductAttention


def attention(B=32, N=8, T=512, K=64, recompute=False):
    """softmax(Q Kᵀ / √K) V against PyTorch's fused kernel."""
    q, k, v, dout = (random(B, N, T, K) for _ in range(4))
    layer = ScaledDotProductAttention(recompute=recompute)

    def by_numpy():
        _, cache = layer.forward(q, k, v)
        layer.backward(dout, cache)

    tensors = [torch.from_numpy(array).requires_grad_() for array in (q, k, v)]
    torch_dout = torch.from_numpy(dout)

    def by_torch():
        out = nn.functional.scaled_dot_product_attention(*tensors)
        torch.autograd.grad(out, tensors, torch_dout)

    scores = random(B, N, T, T)
    floor = products((q, transposed(k), 1), (scores, v, 1),                                                # forward
                     (transposed(scores), dout, 1), (dout, transposed(v), 1),                              # backward
                     (scores, k, 1), (transposed(scores), q, 1))
    return {"numpy": by_numpy, "torch": by_torch, "floor": floor}


def in_blocks(B=2, N=8, T=4096, K=64):
    """Attention that computes its scores again in the backward pass, against attention that keeps them."""
    q, k, v, dout = (random(B, N, T, K) for _ in range(4))

    def by(layer):
        def run():
            _, cache = layer.forward(q, k, v)
            layer.backward(dout, cache)
        return run
    return {"blocks": by(ScaledDotProductAttention(recompute=True)), "whole": by(ScaledDotProductAttention())}


def encoder_layer(B=32, T=128, E=512, N=8, F=2048):
    """EncoderBlock (post-norm, ReLU) against nn.TransformerEncoderLayer."""
    x, dy = random(B, T, E), random(B, T, E)
    layer = scratch.EncoderBlock(E, N, F, norm_first=False, rng=np.random.default_rng(0))

    def by_numpy():
        _, cache = layer.forward(x)
        layer.backward(dy, cache)

    module = nn.TransformerEncoderLayer(E, N, F, dropout=0.0, batch_first=True)
    torch_x, torch_dy = torch.from_numpy(x).requires_grad_(), torch.from_numpy(dy)

    def by_torch():
        torch_x.grad = None
        module.zero_grad()
        module(torch_x).backward(torch_dy)

    rows, hidden, square, wide = random(B * T, E), random(B * T, F), random(E, E), random(E, F)
    q, k, scores = random(B, N, T, E // N), random(B, N, T, E // N), random(B, N, T, T)
    floor = products(
        (rows, square, 8), (rows.T, rows.copy(), 4),                                 # four projections
        (q, transposed(k), 2), (scores, k, 2), (transposed(scores), q, 2),
        (rows, wide, 2), (hidden, wide.T, 2), (rows.T, hidden, 1), (hidden.T, rows, 1))    # feed-forward
    return {"numpy": by_numpy, "torch": by_torch, "floor": floor}
