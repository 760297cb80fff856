"""The Transformer's blocks: attention and feed-forward, each with a normalisation and a residual connection."""

from typing import Any, NamedTuple

import numpy as np

from seqbook.scratch.attention import MultiHeadAttention
from seqbook.scratch.base import Layer, check_array, prefix
from seqbook.scratch.dropout import Dropout, DropoutCache
from seqbook.scratch.feed_forward import FeedForward
from seqbook.scratch.layer_norm import LayerNorm, LayerNormCache
from seqbook.scratch.masks import check_mask


class ResidualCache(NamedTuple):
    inner: Any    # the sub-layer's own cache
    norm: LayerNormCache
    dropout: DropoutCache


class Residual:
    """A sub-layer f with its residual connection: x + dropout(f(norm(x))), or norm(x + dropout(f(x))).

    The first ("pre-norm", norm_first=True) leaves the way from the loss to x free; the second ("post-norm") is that of
    Vaswani et al. (2017). f may take further inputs; it sees them as they are.
    """

    def __init__(self, sublayer, model_size, *, norm_first, dropout, eps, dtype):
        self.sublayer, self.norm_first = sublayer, norm_first
        self.norm, self.dropout = LayerNorm(model_size, eps=eps, dtype=dtype), Dropout(dropout, dtype=dtype)

    def forward(self, x, rng, /, *others, via=None, **options):
        """y of x's shape, cache. `via` replaces the sub-layer's `forward`."""
        f = via or self.sublayer.forward
        if self.norm_first:
            z, norm_cache = self.norm.forward(x)
            z, inner = f(z, *others, **options)
            z, dropout_cache = self.dropout.forward(z, rng)
            return x + z, ResidualCache(inner, norm_cache, dropout_cache)
        z, inner = f(x, *others, **options)
        z, dropout_cache = self.dropout.forward(z, rng)
        z, norm_cache = self.norm.forward(x + z)
        return z, ResidualCache(inner, norm_cache, dropout_cache)

    def backward(self, dy, cache):
        """(dx, *dothers), the sub-layer's grads, the norm's grads."""
        if self.norm_first:
            dz, _ = self.dropout.backward(dy, cache.dropout)
            (dz, *dothers), grads = self._sublayer_backward(dz, cache.inner)
            dz, norm_grads = self.norm.backward(dz, cache.norm)
            return (dy + dz, *dothers), grads, norm_grads
        dsum, norm_grads = self.norm.backward(dy, cache.norm)
        dz, _ = self.dropout.backward(dsum, cache.dropout)
        (dz, *dothers), grads = self._sublayer_backward(dz, cache.inner)
        return (dsum + dz, *dothers), grads, norm_grads

    def _sublayer_backward(self, dz, inner):
        dinputs, grads = self.sublayer.backward(dz, inner)
        return (dinputs if isinstance(dinputs, tuple) else (dinputs,)), grads


class EncoderBlockCache(NamedTuple):
    attention: ResidualCache
    feed_forward: ResidualCache

    @property
    def weights(self) -> np.ndarray:
        """The self-attention's weights (B, N, T, T)."""
        return self.attention.inner.weights


class EncoderBlock(Layer):
    """Self-attention, then feed-forward: x (B, T, E) → (B, T, E).

    Parameters: MultiHeadAttention `attention`, FeedForward `feed_forward` (E → F → E), LayerNorm `norm1` and `norm2`.
    With a causal mask it is the block of a decoder-only model.
    """

    def __init__(self, model_size, heads, hidden_size, *, rng, dtype=np.float32, norm_first=True, activation="relu",
                 dropout=0.0, eps=1e-5, rotary=False, recompute=False):
        self.model_size = model_size
        attention = MultiHeadAttention(model_size, heads, rng=rng, dtype=dtype, rotary=rotary, recompute=recompute)
        feed_forward = FeedForward(model_size, hidden_size, rng=rng, dtype=dtype, activation=activation,
                                   dropout=dropout)
        self.attention, self.feed_forward = (
            Residual(sublayer, model_size, norm_first=norm_first, dropout=dropout, eps=eps, dtype=dtype)
            for sublayer in (attention, feed_forward))
        super().__init__(dtype, **prefix("attention", attention.params), **prefix("feed_forward", feed_forward.params),
                         **prefix("norm1", self.attention.norm.params), **prefix("norm2", self.feed_forward.norm.params))

    def forward(self, x, mask=None, rng=None):
        """y (B, T, E), cache; `mask` broadcastable to (B, N, T, T), `rng` for dropout."""
        check_array("x", x, self.dtype, B=None, T=None, E=self.model_size)
        x, attention_cache = self.attention.forward(x, rng, mask=mask)
        x, feed_cache = self.feed_forward.forward(x, rng, rng=rng)
        return x, EncoderBlockCache(attention_cache, feed_cache)

    def backward(self, dy, cache):
        """dx (B, T, E), grads."""
        (dx,), feed_grads, norm2_grads = self.feed_forward.backward(dy, cache.feed_forward)
        (dx, _, _), attention_grads, norm1_grads = self.attention.backward(dx, cache.attention)
        return dx, {**prefix("attention", attention_grads), **prefix("feed_forward", feed_grads),
                    **prefix("norm1", norm1_grads), **prefix("norm2", norm2_grads)}

    def step(self, x, past=None):
        """The next tokens x (B, T, E) after `past`: y (B, T, E), past (see `MultiHeadAttention.step`)."""
        x, cache = self.attention.forward(x, None, past, via=self.attention.sublayer.step)
        x, _ = self.feed_forward.forward(x, None)
        return x, cache.inner


class DecoderBlockCache(NamedTuple):
    self_attention: ResidualCache
    cross_attention: ResidualCache
    feed_forward: ResidualCache

    @property
    def weights(self) -> np.ndarray:
        """The cross-attention's weights (B, N, T, S)."""
        return self.cross_attention.inner.weights


class DecoderBlock(Layer):
    """Self-attention, attention to the encoder's output, then feed-forward: x (B, T, E), memory (B, S, E) → (B, T, E).

    Parameters: MultiHeadAttention `self_attention` and `cross_attention`, FeedForward `feed_forward`, LayerNorm
    `norm1`, `norm2`, `norm3`.
    """

    def __init__(self, model_size, heads, hidden_size, *, rng, dtype=np.float32, norm_first=True, activation="relu",
                 dropout=0.0, eps=1e-5):
        self.model_size, self.heads = model_size, heads
        self_attention, cross_attention = (MultiHeadAttention(model_size, heads, rng=rng, dtype=dtype) for _ in "12")
        feed_forward = FeedForward(model_size, hidden_size, rng=rng, dtype=dtype, activation=activation,
                                   dropout=dropout)
        self.self_attention, self.cross_attention, self.feed_forward = (
            Residual(sublayer, model_size, norm_first=norm_first, dropout=dropout, eps=eps, dtype=dtype)
            for sublayer in (self_attention, cross_attention, feed_forward))
        super().__init__(
            dtype, **prefix("self_attention", self_attention.params), **prefix("cross_attention", cross_attention.params),
            **prefix("feed_forward", feed_forward.params), **prefix("norm1", self.self_attention.norm.params),
            **prefix("norm2", self.cross_attention.norm.params), **prefix("norm3", self.feed_forward.norm.params))

    def forward(self, x, memory, mask=None, memory_mask=None, rng=None):
        """y (B, T, E), cache; `mask` broadcastable to (B, N, T, T), `memory_mask` to (B, N, T, S)."""
        check_array("x", x, self.dtype, B=None, T=None, E=self.model_size)
        check_array("memory", memory, self.dtype, B=x.shape[0], S=None, E=self.model_size)
        check_mask("memory_mask", memory_mask, len(x), self.heads, x.shape[1], memory.shape[1])
        x, self_cache = self.self_attention.forward(x, rng, mask=mask)
        x, cross_cache = self.cross_attention.forward(x, rng, memory, mask=memory_mask)
        x, feed_cache = self.feed_forward.forward(x, rng, rng=rng)
        return x, DecoderBlockCache(self_cache, cross_cache, feed_cache)

    def backward(self, dy, cache):
        """(dx (B, T, E), dmemory (B, S, E)), grads."""
        (dx,), feed_grads, norm3_grads = self.feed_forward.backward(dy, cache.feed_forward)
        (dx, dmemory, _), cross_grads, norm2_grads = self.cross_attention.backward(dx, cache.cross_attention)
        (dx, _, _), self_grads, norm1_grads = self.self_attention.backward(dx, cache.self_attention)
        return (dx, dmemory), {
            **prefix("self_attention", self_grads), **prefix("cross_attention", cross_grads),
            **prefix("feed_forward", feed_grads), **prefix("norm1", norm1_grads), **prefix("norm2", norm2_grads),
            **prefix("norm3", norm3_grads)}

    def step(self, x, memory, past=None, memory_mask=None):
        """The next tokens x (B, T, E) after `past`, looking at memory (B, S, E): y (B, T, E), past."""
        x, cache = self.self_attention.forward(x, None, past, via=self.self_attention.sublayer.step)
        x, _ = self.cross_attention.forward(x, None, memory, mask=memory_mask)
        x, _ = self.feed_forward.forward(x, None)
        return x, cache.inner
