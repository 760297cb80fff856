"""Depth between one state and the next: a recurrent module whose step is a network of several layers."""

import torch
import torch.nn.functional as F
from torch import nn

from seqbook.pytorch.base import check_sizes, uniform
from seqbook.pytorch.ragged import last_real, zero_padding
from seqbook.pytorch.recurrent import padded_input, state_or_zeros


class DeepTransitionRNN(nn.Module):
    """h(t) by `transitions` matrices and as many tanh (Pascanu et al., 2014); parameters as in `seqbook.scratch`."""

    def __init__(self, input_size, hidden_size, transitions=2, *, skips=False, device=None, dtype=None):
        super().__init__()
        check_sizes(input_size=input_size, hidden_size=hidden_size, transitions=transitions)
        self.input_size, self.hidden_size, self.output_size = input_size, hidden_size, hidden_size
        self.transitions, self.skips = transitions, skips
        D, H, K = input_size, hidden_size, transitions
        options = {"fan_in": H, "device": device, "dtype": dtype}
        self.weight_ih, self.weight_hh = uniform(H, D, **options), uniform(K, H, H, **options)
        self.bias = uniform(K, H, **options)
        if skips:
            self.weight_skip = uniform(H, H, **options)

    def forward(self, x, state=None, lengths=None):
        """(hs (B, T, H), state (B, H)); x (B, T, D), state (B, H) or None for zeros, lengths (B,) or None."""
        x, lengths = padded_input(x, lengths, self.weight_ih, self.input_size)
        h = state_or_zeros("state", state, x, self.weight_ih, self.hidden_size)
        hs = []
        for projected in F.linear(x, self.weight_ih).unbind(dim=1):    # (B, H)
            z = h
            for k in range(self.transitions):
                a = F.linear(z, self.weight_hh[k], self.bias[k])
                a = a + projected if k == 0 else a
                last = self.skips and k == self.transitions - 1
                z = torch.tanh(a + F.linear(h, self.weight_skip) if last else a)
            h = z
            hs.append(h)
        hs = zero_padding(torch.stack(hs, dim=1), lengths)
        return hs, last_real(hs, lengths)
