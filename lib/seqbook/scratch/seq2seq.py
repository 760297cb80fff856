"""Encoder, decoder and both together, with a fixed context (Sutskever et al., 2014; Cho et al., 2014)."""

from typing import NamedTuple

import numpy as np

from seqbook.protocols import as_pair, check_encoder_decoder, check_passed_state, check_recurrent, embedding_size
from seqbook.scratch.base import Layer, check_integer, check_shape, join
from seqbook.scratch.embedding import Embedding, EmbeddingCache
from seqbook.scratch.linear import Linear, LinearCache
from seqbook.scratch.ragged import add_to_last, as_lengths, clear_padding, last_real, padded, real_steps


def padded_ids(name, ids, lengths):
    """ids (B, T) with 0 in the padding, and lengths (B,) or None; a ValueError unless they are sequences."""
    check_shape(name, ids, B=None, T=None)
    lengths = as_lengths(lengths, *ids.shape)
    return ids if lengths is None else np.where(real_steps(lengths, ids.shape[1]), ids, 0), lengths


def padded_memory(memory, lengths, dtype, B, M):
    """memory (B, S, M), an encoder's outputs, with zeros in its padding, and its lengths (B,) or None."""
    check_shape("memory", memory, B=B, S=None, M=M)
    lengths = as_lengths(lengths, B, memory.shape[1], "memory_lengths", "S")
    return padded("memory", memory, dtype, lengths, B=B, S=None, M=M), lengths


def check_same_dtype(dtype, **layers):
    """Raise ValueError unless the layers have their owner's dtype."""
    for name, layer in layers.items():
        if layer.dtype != np.dtype(dtype):
            raise ValueError(f"{name} must have dtype {np.dtype(dtype)} as its owner has, got {layer.dtype}")


class EncoderCache(NamedTuple):
    embedding: EmbeddingCache
    recurrent: tuple


class Encoder(Layer):
    """Token ids to states: an embedding of the recurrent layer's input size, read by that layer.

    Parameters: `embedding.weight (V, D)` and those of the layer under `recurrent.`.
    """

    def __init__(self, vocabulary_size, recurrent, *, rng, dtype=np.float32):
        check_recurrent(recurrent=recurrent)
        check_same_dtype(dtype, recurrent=recurrent)
        self.embedding = Embedding(vocabulary_size, recurrent.input_size, rng=rng, dtype=dtype)
        self.recurrent = recurrent
        self.output_size = recurrent.output_size
        super().__init__(dtype, **join(embedding=self.embedding.params, recurrent=recurrent.params))

    def forward(self, ids, state=None, lengths=None):
        """(memory (B, S, H), state), cache; ids (B, S), lengths (B,) or None."""
        ids, lengths = padded_ids("ids", ids, lengths)
        x, embedding_cache = self.embedding.forward(ids)
        outputs, recurrent_cache = self.recurrent.forward(x, state, lengths)
        return outputs, EncoderCache(embedding_cache, recurrent_cache)

    def backward(self, doutputs, cache):
        """(None, dstate), grads; doutputs = (dmemory (B, S, H), dstate or None for zeros)."""
        (dx, dstate), recurrent_grads = self.recurrent.backward(doutputs, cache.recurrent)
        _, embedding_grads = self.embedding.backward(dx, cache.embedding)
        return (None, dstate), join(embedding=embedding_grads, recurrent=recurrent_grads)


class DecoderCache(NamedTuple):
    embedding: EmbeddingCache
    recurrent: tuple
    output: LinearCache
    memory: np.ndarray | None             # (B, S, M)
    memory_lengths: np.ndarray | None     # (B,)
    lengths: np.ndarray | None            # (B,)


class Decoder(Layer):
    """States to the logits of the next token, one sequence of target ids in, teacher-forced.

    It starts from the encoder's last state. With `context_size` M it also sees the encoder's last output, the context c
    (B, M), at every step, beside the token's embedding. Parameters: `embedding.weight (V, D - M)`, those of the layer
    under `recurrent.`, `output.weight (V, H)`, `output.bias (V,)`.
    """

    def __init__(self, vocabulary_size, recurrent, *, rng, dtype=np.float32, context_size=0):
        check_recurrent(recurrent=recurrent)
        check_integer("context_size", context_size, "0 or a positive integer", smallest=0)
        check_same_dtype(dtype, recurrent=recurrent)
        self.context_size = context_size
        self.embedding = Embedding(vocabulary_size, embedding_size(recurrent, context_size), rng=rng, dtype=dtype)
        self.recurrent = recurrent
        self.output = Linear(recurrent.output_size, vocabulary_size, rng=rng, dtype=dtype)
        super().__init__(dtype, **join(embedding=self.embedding.params, recurrent=recurrent.params,
                                       output=self.output.params))

    def forward(self, ids, state=None, memory=None, lengths=None, memory_lengths=None):
        """(logits (B, T, V), state), cache.

        ids (B, T) the tokens before those to predict; state of the recurrent layer; memory (B, S, M) the encoder's
        outputs, wanted if there is a context; lengths and memory_lengths (B,) or None.
        """
        ids, lengths = padded_ids("ids", ids, lengths)
        x, embedding_cache = self.embedding.forward(ids)
        if memory is not None or self.context_size:
            size = self.context_size or None
            memory, memory_lengths = padded_memory(memory, memory_lengths, self.dtype, len(ids), size)
        if self.context_size:
            context = last_real(memory, memory_lengths)
            x = np.concatenate([x, np.repeat(context[:, None], x.shape[1], axis=1)], axis=-1)
        (hs, state), recurrent_cache = self.recurrent.forward(x, state, lengths)
        logits, output_cache = self.output.forward(hs)
        clear_padding(logits, lengths)
        return (logits, state), DecoderCache(embedding_cache, recurrent_cache, output_cache, memory, memory_lengths,
                                             lengths)

    def backward(self, doutputs, cache):
        """(None, dstate, dmemory (B, S, M) or None), grads; doutputs = (dlogits (B, T, V), dstate or None)."""
        dlogits, dstate = as_pair("doutputs", doutputs)
        B, T = cache.embedding.ids.shape
        dlogits = padded("dlogits", dlogits, self.dtype, cache.lengths, B=B, T=T, V=self.output.output_size)
        dhs, output_grads = self.output.backward(dlogits, cache.output)
        (dx, dstate), recurrent_grads = self.recurrent.backward((dhs, dstate), cache.recurrent)
        E = self.embedding.embedding_size
        _, embedding_grads = self.embedding.backward(dx[..., :E], cache.embedding)
        dmemory = None if cache.memory is None else np.zeros_like(cache.memory)
        if self.context_size:
            dmemory = add_to_last(dmemory, dx[..., E:].sum(axis=1), cache.memory_lengths)
        grads = join(embedding=embedding_grads, recurrent=recurrent_grads, output=output_grads)
        return (None, dstate, dmemory), grads


class Seq2SeqCache(NamedTuple):
    encoder: EncoderCache
    decoder: tuple

    @property
    def weights(self):
        """The decoder's attention weights, (B, T, S)."""
        return self.decoder.weights


class Seq2Seq(Layer):
    """An `Encoder` and a `Decoder`, `BahdanauDecoder` or `LuongDecoder`: source and target ids to logits.

    The decoder starts from the encoder's last state, or from zeros where `pass_state` is False, as it must be where
    their states have different forms: one h, an LSTM's (h, c), those of several layers or both directions. Parameters
    under `encoder.` and `decoder.`.
    """

    def __init__(self, encoder, decoder, *, pass_state=True):
        check_encoder_decoder(encoder, decoder)
        if encoder.dtype != decoder.dtype:
            raise ValueError(f"encoder and decoder must have one dtype, got {encoder.dtype} and {decoder.dtype}")
        if pass_state:
            check_passed_state(encoder, decoder)
        self.encoder, self.decoder, self.pass_state = encoder, decoder, pass_state
        super().__init__(encoder.dtype, **join(encoder=encoder.params, decoder=decoder.params))

    def forward(self, source, target, source_lengths=None, target_lengths=None):
        """logits (B, T, V), cache; source (B, S), target (B, T) the tokens before those to predict."""
        check_shape("source", source, B=None, S=None)
        check_shape("target", target, B=len(source), T=None)
        source_lengths = as_lengths(source_lengths, *source.shape, "source_lengths", "S")
        target_lengths = as_lengths(target_lengths, *target.shape, "target_lengths")
        (memory, state), encoder_cache = self.encoder.forward(source, None, source_lengths)
        start = state if self.pass_state else None
        (logits, _), decoder_cache = self.decoder.forward(target, start, memory, target_lengths, source_lengths)
        return logits, Seq2SeqCache(encoder_cache, decoder_cache)

    def backward(self, dlogits, cache):
        """(None, None), grads."""
        (_, dstate, dmemory), decoder_grads = self.decoder.backward((dlogits, None), cache.decoder)
        doutputs = (dmemory, dstate if self.pass_state else None)
        _, encoder_grads = self.encoder.backward(doutputs, cache.encoder)
        return (None, None), join(encoder=encoder_grads, decoder=decoder_grads)

    def start(self, source, source_lengths=None):
        """What `step` needs of the source: (the decoder's first state, memory, its lengths)."""
        (memory, state), _ = self.encoder.forward(source, None, source_lengths)
        B, S = source.shape
        lengths = np.full(B, S) if source_lengths is None else as_lengths(source_lengths, B, S, "source_lengths", "S")
        return (state if self.pass_state else None), memory, lengths

    def step(self, ids, state):
        """logits (B, T, V) after the next ids (B, T), and the new state; for `seqbook.scratch.greedy` and its kin."""
        state, memory, lengths = state
        (logits, state), _ = self.decoder.forward(ids, state, memory, None, lengths)
        return logits, (state, memory, lengths)
