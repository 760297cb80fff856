"""Zeros at random places while training."""

from torch import nn
from torch.nn import functional


class Dropout(nn.Module):
    """Each number is zero with probability p while the module is in training mode; the others grow by 1/(1 - p)."""

    def __init__(self, p=0.1, *, device=None, dtype=None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError(f"p must lie in [0, 1), got {p!r}")
        self.p = p

    def forward(self, x):
        """y of x's shape."""
        return functional.dropout(x, self.p, self.training)
