"""What is measured: each case gives functions that do the same work, by name.

In `NUMPY` they are "numpy", "torch" and "floor", the time of the bare matrix products that forward and backward cannot
do without, into ready buffers (training on dates has no floor); in `PYTORCH` "ours" and "torch"; in `IN_BLOCKS`
"blocks" and "whole".
"""

from functools import partial

import numpy as np
import torch
from torch import nn

from benchmarks.attention import attention, encoder_layer, in_blocks
from benchmarks.dates import bahdanau, luong, training
from benchmarks.products import products, random
from seqbook import pytorch, scratch


def by_module(module, x, dhs):
    """Forward and backward of a recurrent nn.Module."""
    x, dhs = torch.from_numpy(x).requires_grad_(), torch.from_numpy(dhs)

    def run():
        x.grad = None
        module.zero_grad()
        module(x)[0].backward(dhs)
    return run


def recurrent(name, gates, B, T, D, H):
    """A recurrent layer with `gates` · H numbers a step, against the module of the same name in torch.nn."""
    def case():
        x, dhs = random(B, T, D), random(B, T, H)
        layer = getattr(scratch, name)(D, H, rng=np.random.default_rng(0))

        def by_numpy():
            _, cache = layer.forward(x)
            layer.backward((dhs, None), cache)

        by_torch = by_module(getattr(nn, name)(D, H, batch_first=True), x, dhs)
        weight_ih, weight_hh = layer.params["weight_ih"], layer.params["weight_hh"]
        xs, hs, das = random(B * T, D), random(B * T, H), random(B * T, gates * H)
        h, da = hs.reshape(T, B, H), das.reshape(T, B, gates * H)
        floor = products(
            (xs, weight_ih.T, 1), (h, weight_hh.T, 1),                                      # forward
            (da, weight_hh, 1), (das.T, xs, 1), (das.T, hs, 1), (das, weight_ih, 1),        # backward
        )
        return {"numpy": by_numpy, "torch": by_torch, "floor": floor}
    return case


def recurrent_module(name, B, T, D, H):
    """A recurrent module of `seqbook.pytorch` as it comes, against the module of the same name in torch.nn."""
    def case():
        x, dhs = random(B, T, D), random(B, T, H)
        return {"ours": by_module(getattr(pytorch, name)(D, H), x, dhs),
                "torch": by_module(getattr(nn, name)(D, H, batch_first=True), x, dhs)}
    return case


NUMPY = {
    "RNN B=64 T=100 D=128 H=256": recurrent("RNN", 1, 64, 100, 128, 256),
    "LSTM B=64 T=100 D=128 H=256": recurrent("LSTM", 4, 64, 100, 128, 256),
    "LSTM B=20 T=35 D=H=650": recurrent("LSTM", 4, 20, 35, 650, 650),
    "GRU B=64 T=100 D=128 H=256": recurrent("GRU", 3, 64, 100, 128, 256),
    "attention B=32 N=8 T=512 K=64": attention,
    "attention in blocks, same sizes": partial(attention, recompute=True),
    "encoder layer B=32 T=128 E=512 N=8 F=2048": encoder_layer,
    "date task, Bahdanau's decoder": partial(training, bahdanau),
    "date task, Luong's decoder": partial(training, luong),
}
IN_BLOCKS = {"attention B=2 N=8 T=4096 K=64": in_blocks}
PYTORCH = {
    "PyTorch RNN B=64 T=100 D=128 H=256": recurrent_module("RNN", 64, 100, 128, 256),
    "PyTorch LSTM B=64 T=100 D=128 H=256": recurrent_module("LSTM", 64, 100, 128, 256),
    "PyTorch LSTM B=20 T=35 D=H=650": recurrent_module("LSTM", 20, 35, 650, 650),
    "PyTorch GRU B=64 T=100 D=128 H=256": recurrent_module("GRU", 64, 100, 128, 256),
}
