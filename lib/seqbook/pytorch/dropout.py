"""Zeros at random places while training."""

from torch import nn
from torch.nn import functional

from seqbook.pytorch.base import check_interval, check_shape


class Dropout(nn.Module):
    """Each number is zero with probability p while the module is in training mode; the others grow by 1/(1 - p)."""

    def __init__(self, p=0.1, *, device=None, dtype=None):
        super().__init__()
        check_interval("p", p, 1)
        self.p = p

    def forward(self, x):
        """y of x's shape."""
        check_shape("x", x, ...)
        return functional.dropout(x, self.p, self.training)
