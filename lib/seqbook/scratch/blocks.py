"""The Transformer's blocks: attention and feed-forward, each with a normalisation and a residual connection."""

from typing import Any, NamedTuple

import numpy as np

from seqbook.scratch.attention import MultiHeadAttention
from seqbook.scratch.base import Layer, check_array, check_shape, join
from seqbook.scratch.dropout import Dropout, DropoutCache
from seqbook.scratch.feed_forward import FeedForward
from seqbook.scratch.layer_norm import LayerNorm, LayerNormCache
from seqbook.scratch.masks import check_mask


class ResidualCache(NamedTuple):
    norm: LayerNormCache
    sublayer: Any           # the sub-layer's own cache
    dropout: DropoutCache


class Block(Layer):
    """What both blocks share: x + dropout(f(norm(x))) for norm_first, else norm(x + dropout(f(x))).

    The first ("pre-norm") leaves the way from the loss to x free; the second ("post-norm") is that of Vaswani et al.
    (2017). f may take further inputs; it sees them as they are.
    """

    def __init__(self, norm_first, dropout, dtype, **params):
        self.norm_first, self.dropout = norm_first, Dropout(dropout, dtype=dtype)
        super().__init__(dtype, **params)

    def residual(self, x, norm, sublayer, rng, /, *others, **options):
        """y of x's shape, cache; `sublayer(z, *others, **options) -> z, cache` is f."""
        if self.norm_first:
            z, norm_cache = norm.forward(x)
            z, sublayer_cache = sublayer(z, *others, **options)
            z, dropout_cache = self.dropout.forward(z, rng)
            y = x + z
        else:
            z, sublayer_cache = sublayer(x, *others, **options)
            z, dropout_cache = self.dropout.forward(z, rng)
            y, norm_cache = norm.forward(x + z)
        return y, ResidualCache(norm_cache, sublayer_cache, dropout_cache)

    def residual_backward(self, dy, norm, sublayer, cache):
        """(dx, *dothers), f's grads, the norm's grads; `sublayer` is f's backward."""
        if self.norm_first:
            dz, _ = self.dropout.backward(dy, cache.dropout)
            (dz, *dothers), grads = several(sublayer(dz, cache.sublayer))
            dz, norm_grads = norm.backward(dz, cache.norm)
            dx = dy + dz
        else:
            dsum, norm_grads = norm.backward(dy, cache.norm)
            dz, _ = self.dropout.backward(dsum, cache.dropout)
            (dz, *dothers), grads = several(sublayer(dz, cache.sublayer))
            dx = dsum + dz
        return (dx, *dothers), grads, norm_grads


def several(backward):
    """The gradients of a layer's inputs as a tuple, also where it has one input alone, and its grads."""
    dinputs, grads = backward
    return (dinputs if isinstance(dinputs, tuple) else (dinputs,)), grads


class EncoderBlockCache(NamedTuple):
    attention: ResidualCache
    feed_forward: ResidualCache

    @property
    def weights(self) -> np.ndarray:
        """The self-attention's weights (B, N, T, T)."""
        return self.attention.sublayer.weights


class EncoderBlock(Block):
    """Self-attention, then feed-forward: x (B, T, E) → (B, T, E).

    Parameters: MultiHeadAttention `attention`, FeedForward `feed_forward` (E → F → E), LayerNorm `norm1` and `norm2`.
    With a causal mask it is the block of a decoder-only model.
    """

    def __init__(self, model_size, heads, hidden_size, *, rng, dtype=np.float32, norm_first=True, activation="relu",
                 dropout=0.0, eps=1e-5, rotary=False, recompute=False):
        self.attention = MultiHeadAttention(model_size, heads, rng=rng, dtype=dtype, rotary=rotary, recompute=recompute)
        self.feed_forward = FeedForward(model_size, hidden_size, rng=rng, dtype=dtype, activation=activation,
                                        dropout=dropout)
        self.norm1, self.norm2 = (LayerNorm(model_size, eps=eps, dtype=dtype) for _ in range(2))
        super().__init__(norm_first, dropout, dtype, **join(
            attention=self.attention.params, feed_forward=self.feed_forward.params,
            norm1=self.norm1.params, norm2=self.norm2.params))

    def forward(self, x, mask=None, rng=None):
        """y (B, T, E), cache; `mask` broadcastable to (B, N, T, T), `rng` for dropout."""
        check_shape("x", x, B=None, T=None, E=self.attention.model_size)
        x, attention_cache = self.residual(x, self.norm1, self.attention.forward, rng, mask=mask)
        x, feed_cache = self.residual(x, self.norm2, self.feed_forward.forward, rng, rng=rng)
        return x, EncoderBlockCache(attention_cache, feed_cache)

    def backward(self, dy, cache):
        """dx (B, T, E), grads."""
        (dx,), feed_grads, norm2_grads = self.residual_backward(
            dy, self.norm2, self.feed_forward.backward, cache.feed_forward)
        (dx, _, _), attention_grads, norm1_grads = self.residual_backward(
            dx, self.norm1, self.attention.backward, cache.attention)
        return dx, join(attention=attention_grads, feed_forward=feed_grads, norm1=norm1_grads, norm2=norm2_grads)

    def step(self, x, past=None):
        """The next tokens x (B, T, E) after `past`: y (B, T, E), past (see `MultiHeadAttention.step`)."""
        def attention(z):
            nonlocal past
            z, past = self.attention.step(z, past)
            return z, None
        x, _ = self.residual(x, self.norm1, attention, None)
        x, _ = self.residual(x, self.norm2, self.feed_forward.forward, None)
        return x, past


class DecoderBlockCache(NamedTuple):
    self_attention: ResidualCache
    cross_attention: ResidualCache
    feed_forward: ResidualCache

    @property
    def weights(self) -> np.ndarray:
        """The cross-attention's weights (B, N, T, S)."""
        return self.cross_attention.sublayer.weights


class DecoderBlock(Block):
    """Self-attention, attention to the encoder's output, then feed-forward: x (B, T, E), memory (B, S, E) → (B, T, E).

    Parameters: MultiHeadAttention `self_attention` and `cross_attention`, FeedForward `feed_forward`, LayerNorm
    `norm1`, `norm2`, `norm3`.
    """

    def __init__(self, model_size, heads, hidden_size, *, rng, dtype=np.float32, norm_first=True, activation="relu",
                 dropout=0.0, eps=1e-5):
        self.self_attention, self.cross_attention = (
            MultiHeadAttention(model_size, heads, rng=rng, dtype=dtype) for _ in range(2))
        self.feed_forward = FeedForward(model_size, hidden_size, rng=rng, dtype=dtype, activation=activation,
                                        dropout=dropout)
        self.norm1, self.norm2, self.norm3 = (LayerNorm(model_size, eps=eps, dtype=dtype) for _ in range(3))
        super().__init__(norm_first, dropout, dtype, **join(
            self_attention=self.self_attention.params, cross_attention=self.cross_attention.params,
            feed_forward=self.feed_forward.params,
            norm1=self.norm1.params, norm2=self.norm2.params, norm3=self.norm3.params))

    def forward(self, x, memory, mask=None, memory_mask=None, rng=None):
        """y (B, T, E), cache; `mask` broadcastable to (B, N, T, T), `memory_mask` to (B, N, T, S)."""
        E, N = self.cross_attention.model_size, self.cross_attention.heads
        check_shape("x", x, B=None, T=None, E=E)
        B, T, _ = x.shape
        check_array("memory", memory, self.dtype, B=B, S=None, E=E)    # whose own layers would call it x
        check_mask("memory_mask", memory_mask, B, N, T, memory.shape[1])
        x, self_cache = self.residual(x, self.norm1, self.self_attention.forward, rng, mask=mask)
        x, cross_cache = self.residual(x, self.norm2, self.cross_attention.forward, rng, memory, mask=memory_mask)
        x, feed_cache = self.residual(x, self.norm3, self.feed_forward.forward, rng, rng=rng)
        return x, DecoderBlockCache(self_cache, cross_cache, feed_cache)

    def backward(self, dy, cache):
        """(dx (B, T, E), dmemory (B, S, E)), grads."""
        (dx,), feed_grads, norm3_grads = self.residual_backward(
            dy, self.norm3, self.feed_forward.backward, cache.feed_forward)
        (dx, dmemory, _), cross_grads, norm2_grads = self.residual_backward(
            dx, self.norm2, self.cross_attention.backward, cache.cross_attention)
        (dx, _, _), self_grads, norm1_grads = self.residual_backward(
            dx, self.norm1, self.self_attention.backward, cache.self_attention)
        return (dx, dmemory), join(self_attention=self_grads, cross_attention=cross_grads, feed_forward=feed_grads,
                                   norm1=norm1_grads, norm2=norm2_grads, norm3=norm3_grads)

    def step(self, x, memory, past=None, memory_mask=None):
        """The next tokens x (B, T, E) after `past`, looking at memory (B, S, E): y (B, T, E), past."""
        def attention(z):
            nonlocal past
            z, past = self.self_attention.step(z, past)
            return z, None
        x, _ = self.residual(x, self.norm1, attention, None)
        x, _ = self.residual(x, self.norm2, self.cross_attention.forward, None, memory, mask=memory_mask)
        x, _ = self.residual(x, self.norm3, self.feed_forward.forward, None)
        return x, past
