"""The selective state space: a linear recurrence whose factors depend on the input (Gu and Dao, 2023)."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from seqbook.pytorch.base import check_choice, check_sizes, uniform
from seqbook.pytorch.linear_recurrence import linear_recurrence
from seqbook.pytorch.ragged import last_real, zero_padding
from seqbook.pytorch.recurrent import padded_input, state_or_zeros


class SelectiveScan(nn.Module):
    """h(t) = exp(Δ(t) A) ∘ h(t-1) + Δ(t) x(t) b(t)ᵀ, y(t) = h(t) c(t) + s ∘ x(t); the state is (B, D·N).

    `log_decay (D, N)`, `weight_delta (D, D)`, `bias_delta (D,)`, `weight_b (N, D)`, `weight_c (N, D)`, `skip (D,)`.
    """

    def __init__(self, input_size, state_size, *, mode="loop", device=None, dtype=None):
        super().__init__()
        check_sizes(input_size=input_size, state_size=state_size)
        check_choice("mode", mode, ("loop", "scan"))
        D, N = input_size, state_size
        self.input_size, self.state_size, self.output_size, self.mode = D, N, D, mode
        options = {"device": device, "dtype": dtype}
        self.log_decay = nn.Parameter(torch.arange(1, N + 1, **options).log().repeat(D, 1))
        self.weight_delta = uniform(D, D, fan_in=D, **options)
        delta = torch.empty(D, **options).uniform_(math.log(0.001), math.log(0.1)).exp()
        self.bias_delta = nn.Parameter(torch.log(torch.expm1(delta)))
        self.weight_b, self.weight_c = (uniform(N, D, fan_in=D, **options) for _ in range(2))
        self.skip = nn.Parameter(torch.ones(D, **options))

    def forward(self, x, state=None, lengths=None):
        """(ys (B, T, D), state (B, D·N)); x (B, T, D), state (B, D·N) or None for zeros, lengths (B,) or None."""
        x, lengths = padded_input(x, lengths, self.weight_delta, self.input_size)
        D, N = self.input_size, self.state_size
        state = state_or_zeros("state", state, x, self.weight_delta, D * N)
        delta = F.softplus(F.linear(x, self.weight_delta, self.bias_delta))
        b, c = F.linear(x, self.weight_b), F.linear(x, self.weight_c)
        a = torch.exp(delta[..., None] * -torch.exp(self.log_decay)).flatten(2)
        u = ((delta * x)[..., None] * b[:, :, None]).flatten(2)
        hs = linear_recurrence(a, u, state, self.mode)
        ys = (hs.unflatten(2, (D, N)) @ c[..., None])[..., 0] + self.skip * x
        return zero_padding(ys, lengths), last_real(hs, lengths)
