"""Layers one after the other, each at every position by itself: a small network where a single layer would do."""

from torch import nn

from seqbook.protocols import as_chain
from seqbook.pytorch.base import check_shape


class Sequential(nn.Module):
    """Each layer reads what the one before puts out, as in `torch.nn.Sequential`; parameters under `layers.0.` …"""

    def __init__(self, layers):
        super().__init__()
        layers, self.input_size, self.output_size = as_chain(layers)
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        """y."""
        check_shape("x", x, ...)
        for layer in self.layers:
            x = layer(x)
        return x
