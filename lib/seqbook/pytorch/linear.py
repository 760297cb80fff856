"""The affine map y = x Wᵀ + b."""

import torch.nn.functional as F
from torch import nn

from seqbook.pytorch.base import check_dtype, check_shape, check_sizes, uniform


class Linear(nn.Module):
    """y = x Wᵀ + b over the last axis; x (..., D) → y (..., O); `weight (O, D)`, `bias (O,)`."""

    def __init__(self, input_size, output_size, *, device=None, dtype=None):
        super().__init__()
        check_sizes(input_size=input_size, output_size=output_size)
        self.input_size, self.output_size = input_size, output_size
        self.weight = uniform(output_size, input_size, fan_in=input_size, device=device, dtype=dtype)
        self.bias = uniform(output_size, fan_in=input_size, device=device, dtype=dtype)

    def forward(self, x):
        """y (..., O)."""
        check_shape("x", x, ..., D=self.input_size)
        check_dtype("x", x, self.weight.dtype)
        return F.linear(x, self.weight, self.bias)
