"""Blocks stacked into models: encoder, decoder, encoder–decoder, and the decoder-only language model."""

from torch import nn

from seqbook.pytorch.base import check_choice, check_interval, check_shape, check_sizes
from seqbook.pytorch.blocks import DecoderBlock, EncoderBlock
from seqbook.pytorch.dropout import Dropout
from seqbook.pytorch.embedding import Embedding
from seqbook.pytorch.layer_norm import LayerNorm
from seqbook.pytorch.linear import Linear
from seqbook.pytorch.masks import causal_mask, padding_mask
from seqbook.pytorch.positions import LearnedPositions, SinusoidalPositions
from seqbook.pytorch.ragged import as_lengths


class Stack(nn.Module):
    """`layers` blocks of one kind and a last LayerNorm; what the two stacks below share."""

    block: type

    def __init__(self, model_size, heads, hidden_size, layers, *, eps=1e-5, device=None, dtype=None,
                 **options):
        super().__init__()
        check_sizes(layers=layers)
        self.blocks = nn.ModuleList(
            self.block(model_size, heads, hidden_size, eps=eps, device=device, dtype=dtype, **options)
            for _ in range(layers))
        self.norm = LayerNorm(model_size, eps=eps, device=device, dtype=dtype)

    def forward(self, x, *others, **masks):
        """y (B, T, E); the further arguments are those of the block."""
        for block in self.blocks:
            x = block(x, *others, **masks)
        return self.norm(x)

    def step(self, x, *others, past=None, **masks):
        """The next tokens x (B, T, E) after `past` (None or what the last call returned): y (B, T, E), past."""
        memories = []
        for block, memory in zip(self.blocks, past or [None] * len(self.blocks)):
            x, memory = block.step(x, *others, past=memory, **masks)
            memories.append(memory)
        return self.norm(x), memories


class TransformerEncoder(Stack):
    """EncoderBlocks and a last LayerNorm: x (B, T, E) → (B, T, E)."""

    block = EncoderBlock


class TransformerDecoder(Stack):
    """DecoderBlocks and a last LayerNorm: x (B, T, E), memory (B, S, E) → (B, T, E)."""

    block = DecoderBlock


class Tokens(nn.Module):
    """Ids (B, T) → vectors (B, T, E): embedding · √E, plus positions ("sinusoidal", "learned" or None)."""

    def __init__(self, vocabulary_size, model_size, *, positions="sinusoidal", max_length=None, dropout=0.0,
                 device=None, dtype=None):
        super().__init__()
        check_choice("positions", positions, ("sinusoidal", "learned", None))
        check_interval("dropout", dropout, 1)
        self.embedding = Embedding(vocabulary_size, model_size, device=device, dtype=dtype)
        nn.init.normal_(self.embedding.weight, std=model_size ** -0.5)
        self.scale = model_size ** 0.5
        self.positions = (
            SinusoidalPositions(model_size) if positions == "sinusoidal" else
            LearnedPositions(max_length, model_size, device=device, dtype=dtype) if positions == "learned" else None)
        self.dropout = Dropout(dropout)

    def forward(self, ids, start=0):
        """x (B, T, E); the first token stands at position `start`."""
        check_shape("ids", ids, B=None, T=None)
        x = self.embedding(ids) * self.scale
        return self.dropout(x if self.positions is None else self.positions(x, start))


class Transformer(nn.Module):
    """The encoder–decoder of Vaswani et al. (2017): source ids (B, S), target ids (B, T) → logits (B, T, V)."""

    def __init__(self, source_size, target_size, model_size, heads, hidden_size, layers, *, positions="sinusoidal",
                 max_length=None, dropout=0.0, device=None, dtype=None, **options):
        super().__init__()
        check_sizes(source_size=source_size, target_size=target_size, model_size=model_size, hidden_size=hidden_size)
        factory = {"device": device, "dtype": dtype, "dropout": dropout}
        order = {"positions": positions, "max_length": max_length}
        self.source = Tokens(source_size, model_size, **order, **factory)
        self.target = Tokens(target_size, model_size, **order, **factory)
        self.encoder = TransformerEncoder(model_size, heads, hidden_size, layers, **factory, **options)
        self.decoder = TransformerDecoder(model_size, heads, hidden_size, layers, **factory, **options)
        self.output = Linear(model_size, target_size, device=device, dtype=dtype)

    def forward(self, source, target, source_lengths=None):
        """logits (B, T, V): logits[:, t] predict the token after target[:, t]."""
        memory_mask = source_mask(source, source_lengths)
        check_shape("target", target, B=len(source), T=None)
        memory = self.encoder(self.source(source), mask=memory_mask)
        mask = causal_mask(target.shape[1], device=target.device)
        return self.output(self.decoder(self.target(target), memory, mask=mask, memory_mask=memory_mask))

    def encode(self, source, source_lengths=None):
        """What the decoder looks at: memory (B, S, E), its mask or None."""
        mask = source_mask(source, source_lengths)
        return self.encoder(self.source(source), mask=mask), mask

    def step(self, target, memory, past=None, memory_mask=None):
        """logits (B, T, V) of the next target ids (B, T) after `past`, and the new past, by the key-value cache."""
        y, past = self.decoder.step(self.target(target, seen(past)), memory, past=past, memory_mask=memory_mask)
        return self.output(y), past


def source_mask(source, source_lengths):
    """The mask (B, 1, 1, S) of a source's real tokens, None without lengths; a ValueError unless they fit."""
    check_shape("source", source, B=None, S=None)
    lengths = as_lengths(source_lengths, *source.shape, source.device, "source_lengths", "S")
    return None if lengths is None else padding_mask(lengths, source.shape[1])


def seen(past):
    """How many tokens a key-value cache holds: `past` is a list of (k, v), each (B, N, S, K), or None."""
    return 0 if past is None else past[0][0].shape[2]


class LanguageModel(nn.Module):
    """A decoder-only Transformer: ids (B, T) → logits (B, T, V), logits[:, t] for the token after ids[:, :t + 1]."""

    def __init__(self, vocabulary_size, model_size, heads, hidden_size, layers, *, positions="sinusoidal",
                 max_length=None, dropout=0.0, device=None, dtype=None, **options):
        super().__init__()
        check_sizes(model_size=model_size, hidden_size=hidden_size)
        check_choice("positions", positions, ("sinusoidal", "learned", "rotary"))
        factory = {"device": device, "dtype": dtype, "dropout": dropout}
        rotary = positions == "rotary"
        self.tokens = Tokens(vocabulary_size, model_size, positions=None if rotary else positions,
                             max_length=max_length, **factory)
        self.stack = TransformerEncoder(model_size, heads, hidden_size, layers, rotary=rotary, **factory, **options)
        self.output = Linear(model_size, vocabulary_size, device=device, dtype=dtype)

    def forward(self, ids):
        """logits (B, T, V)."""
        check_shape("ids", ids, B=None, T=None)
        mask = causal_mask(ids.shape[1], device=ids.device)
        return self.output(self.stack(self.tokens(ids), mask=mask))

    def step(self, ids, past=None):
        """logits (B, T, V) of the next ids (B, T) after `past`, and the new past, by the key-value cache."""
        x, past = self.stack.step(self.tokens(ids, seen(past)), past=past)
        return self.output(x), past
