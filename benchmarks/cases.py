"""What is measured: each case gives functions that do the same work, by name: "numpy", "torch" and "floor".

The floor is the time of the bare matrix products that forward and backward cannot do without, into ready buffers.
"""

from functools import partial

import numpy as np
import torch
from torch import nn

from benchmarks.attention import attention, encoder_layer
from benchmarks.products import products, random
from seqbook import scratch


def recurrent(name, gates, B, T, D, H):
    """A recurrent layer with `gates` · H numbers a step, against the module of the same name in torch.nn."""
    def case():
        x, dhs = random(B, T, D), random(B, T, H)
        layer = getattr(scratch, name)(D, H, rng=np.random.default_rng(0))

        def by_numpy():
            _, cache = layer.forward(x)
            layer.backward((dhs, None), cache)

        module = getattr(nn, name)(D, H, batch_first=True)
        torch_x, torch_dhs = torch.from_numpy(x).requires_grad_(), torch.from_numpy(dhs)

        def by_torch():
            torch_x.grad = None
            module.zero_grad()
            module(torch_x)[0].backward(torch_dhs)

        weight_ih, weight_hh = layer.params["weight_ih"], layer.params["weight_hh"]
        xs, hs, das = random(B * T, D), random(B * T, H), random(B * T, gates * H)
        h, da = random(B, H), random(B, gates * H)
        floor = products(
            (xs, weight_ih.T, 1), (h, weight_hh.T, T),                                      # forward
            (da, weight_hh, T), (das.T, xs, 1), (das.T, hs, 1), (das, weight_ih, 1),        # backward
        )
        return {"numpy": by_numpy, "torch": by_torch, "floor": floor}
    return case


CASES = {
    "RNN B=64 T=100 D=128 H=256": recurrent("RNN", 1, 64, 100, 128, 256),
    "LSTM B=64 T=100 D=128 H=256": recurrent("LSTM", 4, 64, 100, 128, 256),
    "LSTM B=20 T=35 D=H=650": recurrent("LSTM", 4, 20, 35, 650, 650),
    "GRU B=64 T=100 D=128 H=256": recurrent("GRU", 3, 64, 100, 128, 256),
    "attention B=32 N=8 T=512 K=64": attention,
    "attention in blocks, same sizes": partial(attention, recompute=True),
    "encoder layer B=32 T=128 E=512 N=8 F=2048": encoder_layer,
}
