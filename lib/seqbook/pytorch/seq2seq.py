"""Encoder, decoder and both together, with a fixed context (Sutskever et al., 2014; Cho et al., 2014)."""

import torch
from torch import nn

from seqbook.protocols import check_encoder_decoder, check_passed_state, check_recurrent, embedding_size
from seqbook.pytorch.base import check_dtype, check_integer, check_shape
from seqbook.pytorch.embedding import Embedding
from seqbook.pytorch.linear import Linear
from seqbook.pytorch.ragged import as_lengths, last_real, zero_padding


def padded_ids(name, ids, lengths):
    """ids (B, T) with 0 in the padding, and lengths (B,) or None; a ValueError unless they are sequences."""
    check_shape(name, ids, B=None, T=None)
    lengths = as_lengths(lengths, *ids.shape, ids.device)
    return zero_padding(ids, lengths), lengths


def padded_memory(memory, lengths, weight, B, M):
    """memory (B, S, M), an encoder's outputs, with zeros in its padding, and its lengths (B,) or None."""
    check_shape("memory", memory, B=B, S=None, M=M)
    check_dtype("memory", memory, weight.dtype)
    lengths = as_lengths(lengths, B, memory.shape[1], memory.device, "memory_lengths", "S")
    return zero_padding(memory, lengths), lengths


class Encoder(nn.Module):
    """Token ids to states: an embedding of the recurrent module's input size, read by that module."""

    def __init__(self, vocabulary_size, recurrent, *, device=None, dtype=None):
        super().__init__()
        check_recurrent(recurrent=recurrent)
        self.embedding = Embedding(vocabulary_size, recurrent.input_size, device=device, dtype=dtype)
        self.recurrent = recurrent
        self.output_size = recurrent.output_size

    def forward(self, ids, state=None, lengths=None):
        """(memory (B, S, H), state); ids (B, S), lengths (B,) or None."""
        ids, lengths = padded_ids("ids", ids, lengths)
        return self.recurrent(self.embedding(ids), state, lengths)


class Decoder(nn.Module):
    """States to the logits of the next token; with `context_size` M the encoder's last output is seen at every step."""

    def __init__(self, vocabulary_size, recurrent, *, context_size=0, device=None, dtype=None):
        super().__init__()
        check_recurrent(recurrent=recurrent)
        check_integer("context_size", context_size, "0 or a positive integer", smallest=0)
        self.context_size = context_size
        size = embedding_size(recurrent, context_size)
        self.embedding = Embedding(vocabulary_size, size, device=device, dtype=dtype)
        self.recurrent = recurrent
        self.output = Linear(recurrent.output_size, vocabulary_size, device=device, dtype=dtype)

    def forward(self, ids, state=None, memory=None, lengths=None, memory_lengths=None):
        """(logits (B, T, V), state); ids (B, T), memory (B, S, M) the encoder's outputs, lengths (B,) or None."""
        ids, lengths = padded_ids("ids", ids, lengths)
        x = self.embedding(ids)
        if memory is not None or self.context_size:
            size = self.context_size or None
            memory, memory_lengths = padded_memory(memory, memory_lengths, self.output.weight, len(ids), size)
        if self.context_size:
            context = last_real(memory, memory_lengths)
            x = torch.cat([x, context[:, None].expand(-1, x.shape[1], -1)], dim=-1)
        hs, state = self.recurrent(x, state, lengths)
        return zero_padding(self.output(hs), lengths), state


class Seq2Seq(nn.Module):
    """An `Encoder` and a `Decoder`, `BahdanauDecoder` or `LuongDecoder`: source and target ids to logits.

    The decoder starts from the encoder's last state, or from zeros where `pass_state` is False, as it must be where
    their states have different forms.
    """

    def __init__(self, encoder, decoder, *, pass_state=True):
        super().__init__()
        check_encoder_decoder(encoder, decoder)
        if pass_state:
            check_passed_state(encoder, decoder)
        self.encoder, self.decoder, self.pass_state = encoder, decoder, pass_state

    def forward(self, source, target, source_lengths=None, target_lengths=None):
        """logits (B, T, V); source (B, S), target (B, T) the tokens before those to predict."""
        check_shape("source", source, B=None, S=None)
        check_shape("target", target, B=len(source), T=None)
        source_lengths = as_lengths(source_lengths, *source.shape, source.device, "source_lengths", "S")
        target_lengths = as_lengths(target_lengths, *target.shape, target.device, "target_lengths")
        memory, state = self.encoder(source, None, source_lengths)
        logits, _ = self.decoder(target, state if self.pass_state else None, memory, target_lengths, source_lengths)
        return logits

    def start(self, source, source_lengths=None):
        """What `step` needs of the source: (the decoder's first state, memory, its lengths)."""
        memory, state = self.encoder(source, None, source_lengths)
        B, S = source.shape
        if source_lengths is None:
            source_lengths = torch.full((B,), S, device=source.device)
        return (state if self.pass_state else None), memory, source_lengths

    def step(self, ids, state):
        """logits (B, T, V) after the next ids (B, T), and the new state; for `seqbook.pytorch.greedy` and its kin."""
        state, memory, lengths = state
        logits, state = self.decoder(ids, state, memory, None, lengths)
        return logits, (state, memory, lengths)
