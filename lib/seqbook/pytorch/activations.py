"""Nonlinearities: PyTorch's own, under the names of `seqbook.scratch`."""

import torch
import torch.nn.functional as F
from torch.nn import ReLU, Sigmoid, Tanh

from seqbook.pytorch.base import check_choice, check_integer

__all__ = ["GELU", "ReLU", "Sigmoid", "Softmax", "Tanh", "gelu", "log_softmax", "relu", "sigmoid", "softmax", "tanh"]

tanh, sigmoid, relu, gelu = torch.tanh, torch.sigmoid, torch.relu, F.gelu


def softmax(x, axis=-1):
    """eˣ / Σ eˣ along `axis`."""
    return torch.softmax(x, dim=axis)


def log_softmax(x, axis=-1):
    """log softmax(x) along `axis`."""
    return torch.log_softmax(x, dim=axis)


class GELU(torch.nn.GELU):
    """x Φ(x); `approximate="tanh"` takes Φ's approximation."""

    def __init__(self, approximate="none"):
        check_choice("approximate", approximate, ("none", "tanh"))
        super().__init__(approximate)


class Softmax(torch.nn.Softmax):
    """softmax along `axis`."""

    def __init__(self, axis=-1):
        check_integer("axis", axis)
        super().__init__(dim=axis)
