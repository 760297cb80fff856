"""Each vector brought to mean 0 and variance 1, then scaled and shifted by what is learned."""

import torch
from torch import nn

from seqbook.pytorch.base import check_interval, check_shape, check_sizes, wide


class LayerNorm(nn.Module):
    """y = weight ∘ (x - mean) / √(variance + eps) + bias over the last axis; x (..., E) → (..., E). Biased variance.

    Half precision is normalised in float32: in float16 the square of 256 is infinite.
    """

    def __init__(self, model_size, *, eps=1e-5, device=None, dtype=None):
        super().__init__()
        check_sizes(model_size=model_size)
        check_interval("eps", eps)
        self.model_size, self.eps = model_size, eps
        self.weight = nn.Parameter(torch.ones(model_size, device=device, dtype=dtype))
        self.bias = nn.Parameter(torch.zeros(model_size, device=device, dtype=dtype))

    def forward(self, x):
        """y (..., E)."""
        check_shape("x", x, ..., E=self.model_size)
        dtype = torch.promote_types(x.dtype, self.weight.dtype)
        x = wide(x)
        centred = x - x[..., :1]    # near 0, where sums are exact enough: all 0 in a row of equal numbers
        centred = centred - centred.mean(-1, keepdim=True)
        variance = centred.square().mean(-1, keepdim=True)
        return (centred * torch.rsqrt(variance + self.eps) * self.weight + self.bias).to(dtype)
