"""Telling a model where in the sequence a token stands: added sinusoids, added learned vectors, or rotations."""

import torch
from torch import nn

from seqbook.pytorch.base import check_shape, check_sizes


def angles(T, size, start=0, device=None, stretch=1.0):
    """pos · 10000^(-2i/size) for T positions from `start` and i = 0 … size/2 - 1: (T, size/2), in radians, float64.

    With `stretch` a position counts as pos / stretch, so that longer texts keep to known angles (Chen et al., 2023).
    """
    frequency = 10000.0 ** (-torch.arange(0, size, 2, device=device, dtype=torch.float64) / size)
    return torch.arange(start, start + T, device=device, dtype=torch.float64)[:, None] / stretch * frequency


def sinusoids(T, E, start=0, device=None, stretch=1.0):
    """(T, E) with sin(angle) in the even and cos(angle) in the odd columns (Vaswani et al., 2017, section 3.5)."""
    angle = angles(T, E, start, device, stretch)
    return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)[:, :E]


class SinusoidalPositions(nn.Module):
    """x (B, T, E) → x + sinusoids(T, E). No parameters, no longest length."""

    def __init__(self, model_size, *, device=None, dtype=None):
        super().__init__()
        check_sizes(model_size=model_size)
        self.model_size = model_size

    def forward(self, x, start=0):
        """x with its positions `start`, `start` + 1, … added."""
        check_shape("x", x, B=None, T=None, E=self.model_size)
        return x + sinusoids(x.shape[1], self.model_size, start, x.device).to(x.dtype)


class LearnedPositions(nn.Module):
    """x (B, T, E) → x + weight[:T], with `weight (max_length, E)` from N(0, 0.02²)."""

    def __init__(self, max_length, model_size, *, device=None, dtype=None):
        super().__init__()
        check_sizes(max_length=max_length, model_size=model_size)
        self.max_length, self.model_size = max_length, model_size
        self.weight = nn.Parameter(0.02 * torch.randn(max_length, model_size, device=device, dtype=dtype))

    def forward(self, x, start=0):
        """x with its positions `start`, `start` + 1, … added."""
        check_shape("x", x, B=None, T=None, E=self.model_size)
        T = x.shape[1]
        if start + T > self.max_length:
            raise ValueError(f"x must end before position max_length={self.max_length}, got {start} + T={T}")
        return x + self.weight[start:start + T]


def rotate(x, start=0, stretch=1.0):
    """Turn each pair (x_2i, x_2i+1) of x (B, N, T, K) by angle i of its position (Su et al., 2021, "RoPE")."""
    angle = angles(x.shape[2], x.shape[3], start, x.device, stretch)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)    # (T, K/2)
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack([even * cos - odd * sin, even * sin + odd * cos], dim=-1).flatten(-2)
