"""The network that every token passes by itself, the same at every position."""

from typing import NamedTuple

import numpy as np

from seqbook.scratch.activations import GELU, ActivationCache, ReLU
from seqbook.scratch.base import Layer, check_choice, check_interval, check_sizes, join
from seqbook.scratch.dropout import Dropout, DropoutCache
from seqbook.scratch.linear import Linear, LinearCache

ACTIVATIONS = {"relu": ReLU, "gelu": GELU}


class FeedForwardCache(NamedTuple):
    linear1: LinearCache
    activation: ActivationCache
    dropout: DropoutCache
    linear2: LinearCache


class FeedForward(Layer):
    """linear2(activation(linear1(x))): x (B, T, E) → (B, T, F) → (B, T, E) (Vaswani et al., 2017, section 3.3).

    Parameters: Linear `linear1` (E → F) and `linear2` (F → E). `activation` "relu" or "gelu".
    """

    def __init__(self, model_size, hidden_size, *, rng, dtype=np.float32, activation="relu", dropout=0.0):
        check_sizes(model_size=model_size, hidden_size=hidden_size)
        check_choice("activation", activation, ACTIVATIONS)
        check_interval("dropout", dropout, 1)
        self.linear1 = Linear(model_size, hidden_size, rng=rng, dtype=dtype)
        self.linear2 = Linear(hidden_size, model_size, rng=rng, dtype=dtype)
        self.activation, self.dropout = ACTIVATIONS[activation](), Dropout(dropout, dtype=dtype)
        super().__init__(dtype, **join(linear1=self.linear1.params, linear2=self.linear2.params))

    def forward(self, x, rng=None):
        """y (B, T, E), cache; `rng` for dropout, None to evaluate."""
        hidden, cache1 = self.linear1.forward(x)
        active, activation_cache = self.activation.forward(hidden)
        dropped, dropout_cache = self.dropout.forward(active, rng)
        y, cache2 = self.linear2.forward(dropped)
        return y, FeedForwardCache(cache1, activation_cache, dropout_cache, cache2)

    def backward(self, dy, cache):
        """dx (B, T, E), grads."""
        ddropped, grads2 = self.linear2.backward(dy, cache.linear2)
        dactive, _ = self.dropout.backward(ddropped, cache.dropout)
        dhidden, _ = self.activation.backward(dactive, cache.activation)
        dx, grads1 = self.linear1.backward(dhidden, cache.linear1)
        return dx, join(linear1=grads1, linear2=grads2)
