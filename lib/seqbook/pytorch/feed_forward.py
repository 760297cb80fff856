"""The network that every token passes by itself, the same at every position."""

from torch import nn
from torch.nn import functional

from seqbook.pytorch.base import check_choice, check_interval, check_sizes
from seqbook.pytorch.dropout import Dropout
from seqbook.pytorch.linear import Linear

ACTIVATIONS = {"relu": functional.relu, "gelu": functional.gelu}


class FeedForward(nn.Module):
    """linear2(activation(linear1(x))): x (B, T, E) → (B, T, F) → (B, T, E). `activation` "relu" or "gelu"."""

    def __init__(self, model_size, hidden_size, *, activation="relu", dropout=0.0, device=None, dtype=None):
        super().__init__()
        check_sizes(model_size=model_size, hidden_size=hidden_size)
        check_choice("activation", activation, ACTIVATIONS)
        check_interval("dropout", dropout, 1)
        self.linear1 = Linear(model_size, hidden_size, device=device, dtype=dtype)
        self.linear2 = Linear(hidden_size, model_size, device=device, dtype=dtype)
        self.activation, self.dropout = ACTIVATIONS[activation], Dropout(dropout)

    def forward(self, x):
        """y (B, T, E)."""
        return self.linear2(self.dropout(self.activation(self.linear1(x))))
