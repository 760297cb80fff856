"""Blocks stacked into models: encoder, decoder, encoder–decoder, and the decoder-only language model."""

from typing import NamedTuple

import numpy as np

from seqbook.scratch.base import Layer, check_choice, check_interval, check_shape, check_sizes, join
from seqbook.scratch.blocks import DecoderBlock, EncoderBlock, several
from seqbook.scratch.dropout import Dropout, DropoutCache
from seqbook.scratch.embedding import Embedding, EmbeddingCache
from seqbook.scratch.layer_norm import LayerNorm, LayerNormCache
from seqbook.scratch.linear import Linear, LinearCache
from seqbook.scratch.masks import causal_mask, padding_mask
from seqbook.scratch.positions import LearnedPositions, PositionsCache, SinusoidalPositions
from seqbook.scratch.ragged import as_lengths


class StackCache(NamedTuple):
    blocks: list              # one cache a block
    norm: LayerNormCache

    @property
    def weights(self) -> list:
        """Each block's attention weights, (B, N, T, S)."""
        return [block.weights for block in self.blocks]


class Stack(Layer):
    """`layers` blocks of one kind and a last LayerNorm: what the two stacks below share.

    Parameters: `blocks.0.…`, `blocks.1.…`, …, `norm.weight (E,)`, `norm.bias (E,)`. Pre-norm blocks add to x without
    ever normalising x itself: that is what the last LayerNorm is for.
    """

    block: type

    def __init__(self, model_size, heads, hidden_size, layers, *, rng, dtype=np.float32, eps=1e-5, **options):
        check_sizes(layers=layers)
        self.blocks = [self.block(model_size, heads, hidden_size, rng=rng, dtype=dtype, eps=eps, **options)
                       for _ in range(layers)]
        self.norm = LayerNorm(model_size, eps=eps, dtype=dtype)
        super().__init__(dtype, **join(blocks=[block.params for block in self.blocks], norm=self.norm.params))

    def through(self, x, *arguments):
        """y (B, T, E), cache; the further arguments are those of the blocks' forward."""
        caches = []
        for block in self.blocks:
            x, cache = block.forward(x, *arguments)
            caches.append(cache)
        y, norm_cache = self.norm.forward(x)
        return y, StackCache(caches, norm_cache)

    def through_backward(self, dy, cache):
        """dx (B, T, E), each block's gradients of its further inputs, grads."""
        dx, norm_grads = self.norm.backward(dy, cache.norm)
        dothers, grads = [], []
        for block, block_cache in zip(reversed(self.blocks), reversed(cache.blocks)):
            (dx, *others), block_grads = several(block.backward(dx, block_cache))
            dothers.append(others)
            grads.append(block_grads)
        return dx, dothers, join(blocks=grads[::-1], norm=norm_grads)

    def through_step(self, x, *others, past, **masks):
        """The next tokens x (B, T, E) after `past` (None or what the last call returned): y (B, T, E), past."""
        memories = []
        for block, memory in zip(self.blocks, past or [None] * len(self.blocks)):
            x, memory = block.step(x, *others, past=memory, **masks)
            memories.append(memory)
        return self.norm.forward(x)[0], memories


class TransformerEncoder(Stack):
    """EncoderBlocks and a last LayerNorm: x (B, T, E) → (B, T, E)."""

    block = EncoderBlock

    def forward(self, x, mask=None, rng=None):
        """y (B, T, E), cache; `mask` broadcastable to (B, N, T, T), `rng` for dropout."""
        return self.through(x, mask, rng)

    def backward(self, dy, cache):
        """dx (B, T, E), grads."""
        dx, _, grads = self.through_backward(dy, cache)
        return dx, grads

    def step(self, x, past=None):
        """The next tokens x (B, T, E) after `past`: y (B, T, E), past."""
        return self.through_step(x, past=past)


class TransformerDecoder(Stack):
    """DecoderBlocks and a last LayerNorm: x (B, T, E), memory (B, S, E) → (B, T, E)."""

    block = DecoderBlock

    def forward(self, x, memory, mask=None, memory_mask=None, rng=None):
        """y (B, T, E), cache; `mask` broadcastable to (B, N, T, T), `memory_mask` to (B, N, T, S)."""
        return self.through(x, memory, mask, memory_mask, rng)

    def backward(self, dy, cache):
        """(dx (B, T, E), dmemory (B, S, E)), grads."""
        dx, dothers, grads = self.through_backward(dy, cache)
        return (dx, sum(dmemory for dmemory, in dothers)), grads

    def step(self, x, memory, past=None, memory_mask=None):
        """The next tokens x (B, T, E) after `past`, looking at memory (B, S, E): y (B, T, E), past."""
        return self.through_step(x, memory, past=past, memory_mask=memory_mask)


class TokensCache(NamedTuple):
    embedding: EmbeddingCache
    positions: PositionsCache | None
    dropout: DropoutCache


class Tokens(Layer):
    """Ids (B, T) → vectors (B, T, E): embedding · √E, plus positions. Parameters: `embedding.weight`, `positions.…`.

    The embedding starts from N(0, 1/E), so that the vectors begin with the size of the sinusoids.
    `positions`: "sinusoidal", "learned" (needs `max_length`), or None where something else tells the order.
    """

    def __init__(self, vocabulary_size, model_size, *, rng, dtype=np.float32, positions="sinusoidal", max_length=None,
                 dropout=0.0):
        check_choice("positions", positions, ("sinusoidal", "learned", None))
        check_interval("dropout", dropout, 1)
        self.embedding = Embedding(vocabulary_size, model_size, rng=rng, dtype=dtype)
        self.embedding.params["weight"] = self.embedding.params["weight"] * model_size ** -0.5
        self.scale = np.dtype(dtype).type(model_size ** 0.5)
        self.positions = (
            SinusoidalPositions(model_size, dtype=dtype) if positions == "sinusoidal" else
            LearnedPositions(max_length, model_size, rng=rng, dtype=dtype) if positions == "learned" else None)
        self.dropout = Dropout(dropout, dtype=dtype)
        super().__init__(dtype, **join(embedding=self.embedding.params,
                                       positions=self.positions and self.positions.params))

    def forward(self, ids, rng=None, start=0):
        """x (B, T, E), cache; the first token stands at position `start`."""
        x, embedding_cache = self.embedding.forward(ids)
        x, positions_cache = x * self.scale, None
        if self.positions:
            x, positions_cache = self.positions.forward(x, start)
        x, dropout_cache = self.dropout.forward(x, rng)
        return x, TokensCache(embedding_cache, positions_cache, dropout_cache)

    def backward(self, dx, cache):
        """None, grads."""
        dx, _ = self.dropout.backward(dx, cache.dropout)
        positions_grads = None
        if self.positions:
            dx, positions_grads = self.positions.backward(dx, cache.positions)
        _, embedding_grads = self.embedding.backward(dx * self.scale, cache.embedding)
        return None, join(embedding=embedding_grads, positions=positions_grads)


class TransformerCache(NamedTuple):
    source: TokensCache
    target: TokensCache
    encoder: StackCache
    decoder: StackCache
    output: LinearCache


class Transformer(Layer):
    """The encoder–decoder of Vaswani et al. (2017): source ids (B, S), target ids (B, T) → logits (B, T, V).

    logits[:, t] predict the token after target[:, t] from target[:, :t + 1] and the whole source. Parameters:
    `source.…`, `target.…` (tokens and positions), `encoder.…`, `decoder.…`, Linear `output`. `options` go to the blocks
    (norm_first, activation, dropout).
    """

    def __init__(self, source_size, target_size, model_size, heads, hidden_size, layers, *, rng, dtype=np.float32,
                 positions="sinusoidal", max_length=None, dropout=0.0, **options):
        check_sizes(source_size=source_size, target_size=target_size, model_size=model_size, hidden_size=hidden_size)
        tokens = dict(rng=rng, dtype=dtype, positions=positions, max_length=max_length, dropout=dropout)
        sizes = model_size, heads, hidden_size, layers
        options = dict(rng=rng, dtype=dtype, dropout=dropout, **options)
        self.source, self.target = Tokens(source_size, model_size, **tokens), Tokens(target_size, model_size, **tokens)
        self.encoder, self.decoder = TransformerEncoder(*sizes, **options), TransformerDecoder(*sizes, **options)
        self.output = Linear(model_size, target_size, rng=rng, dtype=dtype)
        super().__init__(dtype, **join(source=self.source.params, target=self.target.params,
                                       encoder=self.encoder.params, decoder=self.decoder.params,
                                       output=self.output.params))

    def forward(self, source, target, source_lengths=None, rng=None):
        """logits (B, T, V), cache; padding of the source is not looked at, padding of the target is for the loss."""
        memory_mask = source_mask(source, source_lengths)
        check_shape("target", target, B=len(source), T=None)
        x, source_cache = self.source.forward(source, rng)
        memory, encoder_cache = self.encoder.forward(x, memory_mask, rng)
        y, target_cache = self.target.forward(target, rng)
        y, decoder_cache = self.decoder.forward(y, memory, causal_mask(target.shape[1]), memory_mask, rng)
        logits, output_cache = self.output.forward(y)
        return logits, TransformerCache(source_cache, target_cache, encoder_cache, decoder_cache, output_cache)

    def backward(self, dlogits, cache):
        """(None, None), grads: ids have no gradient."""
        dy, output_grads = self.output.backward(dlogits, cache.output)
        (dy, dmemory), decoder_grads = self.decoder.backward(dy, cache.decoder)
        _, target_grads = self.target.backward(dy, cache.target)
        dx, encoder_grads = self.encoder.backward(dmemory, cache.encoder)
        _, source_grads = self.source.backward(dx, cache.source)
        return (None, None), join(source=source_grads, target=target_grads, encoder=encoder_grads,
                                  decoder=decoder_grads, output=output_grads)

    def encode(self, source, source_lengths=None):
        """What the decoder looks at, for `step`: memory (B, S, E), its mask or None."""
        memory_mask = source_mask(source, source_lengths)
        return self.encoder.forward(self.source.forward(source)[0], memory_mask)[0], memory_mask

    def step(self, target, memory, past=None, memory_mask=None):
        """logits (B, T, V) of the next target ids (B, T) after `past`, and the new past, by the key-value cache."""
        y, _ = self.target.forward(target, start=seen(past))
        y, past = self.decoder.step(y, memory, past, memory_mask)
        return self.output.forward(y)[0], past


def source_mask(source, source_lengths):
    """The mask (B, 1, 1, S) of a source's real tokens, None without lengths; a ValueError unless they fit."""
    check_shape("source", source, B=None, S=None)
    lengths = as_lengths(source_lengths, *source.shape, "source_lengths", "S")
    return None if lengths is None else padding_mask(lengths, source.shape[1])


def seen(past) -> int:
    """How many tokens a key-value cache holds: `past` is a list of (k, v), each (B, N, S, K), or None."""
    return 0 if past is None else past[0][0].shape[2]


class LanguageModelCache(NamedTuple):
    tokens: TokensCache
    stack: StackCache
    output: LinearCache

    @property
    def weights(self) -> list:
        """Each block's attention weights, (B, N, T, T)."""
        return self.stack.weights


class LanguageModel(Layer):
    """A decoder-only Transformer: ids (B, T) → logits (B, T, V), logits[:, t] for the token after ids[:, :t + 1].

    `positions`: "sinusoidal", "learned" (needs `max_length`) or "rotary". Parameters: `tokens.…`, `stack.…`, Linear
    `output`. Since every position predicts at once from its own past, one pass trains on T predictions (Radford et
    al., 2018).
    """

    def __init__(self, vocabulary_size, model_size, heads, hidden_size, layers, *, rng, dtype=np.float32,
                 positions="sinusoidal", max_length=None, dropout=0.0, **options):
        check_sizes(model_size=model_size, hidden_size=hidden_size)
        check_choice("positions", positions, ("sinusoidal", "learned", "rotary"))
        rotary = positions == "rotary"
        self.tokens = Tokens(vocabulary_size, model_size, rng=rng, dtype=dtype, dropout=dropout,
                             positions=None if rotary else positions, max_length=max_length)
        self.stack = TransformerEncoder(model_size, heads, hidden_size, layers, rng=rng, dtype=dtype, dropout=dropout,
                                        rotary=rotary, **options)
        self.output = Linear(model_size, vocabulary_size, rng=rng, dtype=dtype)
        super().__init__(dtype, **join(tokens=self.tokens.params, stack=self.stack.params, output=self.output.params))

    def forward(self, ids, rng=None):
        """logits (B, T, V), cache; `rng` for dropout."""
        check_shape("ids", ids, B=None, T=None)
        x, tokens_cache = self.tokens.forward(ids, rng)
        x, stack_cache = self.stack.forward(x, causal_mask(ids.shape[1]), rng)
        logits, output_cache = self.output.forward(x)
        return logits, LanguageModelCache(tokens_cache, stack_cache, output_cache)

    def backward(self, dlogits, cache):
        """None, grads: ids have no gradient."""
        dx, output_grads = self.output.backward(dlogits, cache.output)
        dx, stack_grads = self.stack.backward(dx, cache.stack)
        _, tokens_grads = self.tokens.backward(dx, cache.tokens)
        return None, join(tokens=tokens_grads, stack=stack_grads, output=output_grads)

    def step(self, ids, past=None):
        """logits (B, T, V) of the next ids (B, T) after `past`, and the new past, by the key-value cache."""
        check_shape("ids", ids, B=None, T=None)
        x, _ = self.tokens.forward(ids, start=seen(past))
        x, past = self.stack.step(x, past)
        return self.output.forward(x)[0], past
