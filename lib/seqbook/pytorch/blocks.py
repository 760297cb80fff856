"""The Transformer's blocks: attention and feed-forward, each with a normalisation and a residual connection."""

from torch import nn

from seqbook.pytorch.attention import MultiHeadAttention
from seqbook.pytorch.base import check_interval, check_shape
from seqbook.pytorch.dropout import Dropout
from seqbook.pytorch.feed_forward import FeedForward
from seqbook.pytorch.layer_norm import LayerNorm
from seqbook.pytorch.masks import check_mask


class Block(nn.Module):
    """What both blocks share: x + dropout(f(norm(x))) for norm_first, else norm(x + dropout(f(x)))."""

    def __init__(self, norm_first, dropout):
        super().__init__()
        check_interval("dropout", dropout, 1)
        self.norm_first, self.dropout = norm_first, Dropout(dropout)

    def residual(self, x, norm, sublayer, *others, **options):
        """The sub-layer with its normalisation and its residual connection, y of x's shape."""
        if self.norm_first:
            return x + self.dropout(sublayer(norm(x), *others, **options))
        return norm(x + self.dropout(sublayer(x, *others, **options)))


class EncoderBlock(Block):
    """Self-attention, then feed-forward: x (B, T, E) → (B, T, E). With a causal mask, a decoder-only model's block."""

    def __init__(self, model_size, heads, hidden_size, *, norm_first=True, activation="relu", dropout=0.0,
                 eps=1e-5, rotary=False, backend="fused", device=None, dtype=None):
        super().__init__(norm_first, dropout)
        factory = {"device": device, "dtype": dtype}
        self.attention = MultiHeadAttention(model_size, heads, rotary=rotary, backend=backend, **factory)
        self.feed_forward = FeedForward(model_size, hidden_size, activation=activation, dropout=dropout, **factory)
        self.norm1, self.norm2 = (LayerNorm(model_size, eps=eps, **factory) for _ in range(2))

    def forward(self, x, mask=None):
        """y (B, T, E); `mask` broadcastable to (B, N, T, T), True = may look."""
        check_shape("x", x, B=None, T=None, E=self.attention.model_size)
        x = self.residual(x, self.norm1, self.attention, mask=mask)
        return self.residual(x, self.norm2, self.feed_forward)

    def step(self, x, past=None):
        """The next tokens x (B, T, E) after `past`: y (B, T, E), past (see `MultiHeadAttention.step`)."""
        def attention(z):
            nonlocal past
            z, past = self.attention.step(z, past)
            return z
        x = self.residual(x, self.norm1, attention)
        return self.residual(x, self.norm2, self.feed_forward), past


class DecoderBlock(Block):
    """Self-attention, attention to the encoder's output, feed-forward: x (B, T, E), memory (B, S, E) → (B, T, E)."""

    def __init__(self, model_size, heads, hidden_size, *, norm_first=True, activation="relu", dropout=0.0,
                 eps=1e-5, backend="fused", device=None, dtype=None):
        super().__init__(norm_first, dropout)
        factory = {"device": device, "dtype": dtype}
        self.self_attention, self.cross_attention = (
            MultiHeadAttention(model_size, heads, backend=backend, **factory) for _ in range(2))
        self.feed_forward = FeedForward(model_size, hidden_size, activation=activation, dropout=dropout, **factory)
        self.norm1, self.norm2, self.norm3 = (LayerNorm(model_size, eps=eps, **factory) for _ in range(3))

    def forward(self, x, memory, mask=None, memory_mask=None):
        """y (B, T, E); `mask` broadcastable to (B, N, T, T), `memory_mask` to (B, N, T, S)."""
        E, N = self.cross_attention.model_size, self.cross_attention.heads
        check_shape("x", x, B=None, T=None, E=E)
        check_shape("memory", memory, B=len(x), S=None, E=E)
        check_mask("memory_mask", memory_mask, len(x), N, x.shape[1], memory.shape[1])
        x = self.residual(x, self.norm1, self.self_attention, mask=mask)
        x = self.residual(x, self.norm2, self.cross_attention, memory, mask=memory_mask)
        return self.residual(x, self.norm3, self.feed_forward)

    def step(self, x, memory, past=None, memory_mask=None):
        """The next tokens x (B, T, E) after `past`, looking at memory (B, S, E): y (B, T, E), past."""
        def attention(z):
            nonlocal past
            z, past = self.self_attention.step(z, past)
            return z
        x = self.residual(x, self.norm1, attention)
        x = self.residual(x, self.norm2, self.cross_attention, memory, mask=memory_mask)
        return self.residual(x, self.norm3, self.feed_forward), past
