"""Two decoders that look back at the whole source at every step: Bahdanau's and Luong's."""

import torch
from torch import nn

from seqbook.protocols import check_cell, check_recurrent, check_score, embedding_size
from seqbook.pytorch.base import check_sizes
from seqbook.pytorch.embedding import Embedding
from seqbook.pytorch.linear import Linear
from seqbook.pytorch.ragged import last_real, zero_padding
from seqbook.pytorch.scores import attend
from seqbook.pytorch.seq2seq import padded_ids, padded_memory


def hidden(state):
    """h of a cell's state, which an LSTM keeps together with c."""
    return state[0] if isinstance(state, tuple) else state


def memory_mask(lengths, S):
    """(B, 1, S), True at real steps, or None."""
    return None if lengths is None else (torch.arange(S, device=lengths.device) < lengths[:, None])[:, None]


def at_last_step(states, lengths):
    """Each sequence's state after its last real step, of the states after every step."""
    if isinstance(states[0], tuple):
        return tuple(at_last_step(list(part), lengths) for part in zip(*states))
    return states[-1] if lengths is None else last_real(torch.stack(states, dim=1), lengths)


class AttentionDecoder(nn.Module):
    """What both decoders do before and after their steps; `decode` has the steps."""

    def forward(self, ids, state=None, memory=None, lengths=None, memory_lengths=None):
        """(logits (B, T, V), state); arguments as in `Decoder.forward`."""
        logits, state, _ = self.with_weights(ids, state, memory, lengths, memory_lengths)
        return logits, state

    def with_weights(self, ids, state=None, memory=None, lengths=None, memory_lengths=None):
        """(logits (B, T, V), state, attention weights (B, T, S))."""
        ids, lengths = padded_ids("ids", ids, lengths)
        weight = self.output.weight
        memory, memory_lengths = padded_memory(memory, memory_lengths, weight, len(ids), self.memory_size)
        mask = memory_mask(memory_lengths, memory.shape[1])
        features, state, weights = self.decode(self.embedding(ids), state, lengths, memory, mask)
        return zero_padding(self.output(features), lengths), state, weights

    def decode(self, y, state, lengths, memory, mask):
        """(what `output` reads (B, T, …), state, weights (B, T, S)) of the tokens' vectors y (B, T, D)."""
        raise NotImplementedError


class BahdanauDecoder(AttentionDecoder):
    """s(t) = f(s(t-1), y(t-1), c(t)): the context enters the recurrence (Bahdanau et al., 2015).

    `cell` is an RNNCell, LSTMCell or GRUCell whose input is [y; c], `score` any of the scores; memory_size is M.
    """

    def __init__(self, vocabulary_size, cell, score, memory_size, *, device=None, dtype=None):
        super().__init__()
        check_sizes(memory_size=memory_size)
        check_cell(cell)
        check_score(score, cell.hidden_size, memory_size)
        self.memory_size = memory_size
        size = embedding_size(cell, memory_size)
        self.embedding = Embedding(vocabulary_size, size, device=device, dtype=dtype)
        self.cell, self.score = cell, score
        self.output = Linear(cell.hidden_size + memory_size, vocabulary_size, device=device, dtype=dtype)

    def decode(self, y, state, lengths, memory, mask):
        """As in `AttentionDecoder`; the state is that of the cell."""
        state = self.cell.state_or_zeros("state", state, memory)
        projected = self.score.project(memory)
        features, states, all_weights = [], [], []
        for token in y.unbind(dim=1):
            weights, context = attend(self.score.compare(hidden(state)[:, None], projected), memory, mask)
            context = context[:, 0]
            state = self.cell(torch.cat([token, context], dim=-1), state)
            features.append(torch.cat([hidden(state), context], dim=-1))
            states.append(state)
            all_weights.append(weights)
        return torch.stack(features, dim=1), at_last_step(states, lengths), torch.cat(all_weights, dim=1)


class LuongDecoder(AttentionDecoder):
    """a(t) = tanh(W_c [c(t); s(t)] + b): the context enters after the recurrence (Luong et al., 2015).

    `recurrent` is any recurrent module, `score` any of the scores; memory_size is M.
    """

    def __init__(self, vocabulary_size, recurrent, score, memory_size, *, device=None, dtype=None):
        super().__init__()
        check_sizes(memory_size=memory_size)
        check_recurrent(recurrent=recurrent)
        self.memory_size = memory_size
        H = recurrent.output_size
        check_score(score, H, memory_size)
        self.embedding = Embedding(vocabulary_size, recurrent.input_size, device=device, dtype=dtype)
        self.recurrent, self.score = recurrent, score
        self.combine = Linear(memory_size + H, H, device=device, dtype=dtype)
        self.output = Linear(H, vocabulary_size, device=device, dtype=dtype)

    def decode(self, y, state, lengths, memory, mask):
        """As in `AttentionDecoder`; the state is that of the recurrent module."""
        s, state = self.recurrent(y, state, lengths)
        weights, c = attend(self.score.compare(s, self.score.project(memory)), memory, mask)
        return torch.tanh(self.combine(torch.cat([c, s], dim=-1))), state, weights
