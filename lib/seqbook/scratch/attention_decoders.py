"""Two decoders that look back at the whole source at every step: Bahdanau's and Luong's."""

from typing import NamedTuple

import numpy as np

from seqbook.protocols import as_pair, check_cell, check_recurrent, check_score, embedding_size
from seqbook.scratch.base import Layer, check_sizes, join
from seqbook.scratch.embedding import Embedding, EmbeddingCache
from seqbook.scratch.linear import Linear, LinearCache
from seqbook.scratch.ragged import clear_padding, padded, real_steps
from seqbook.scratch.scores import attend, attend_backward
from seqbook.scratch.seq2seq import check_same_dtype, padded_ids, padded_memory


def hidden(state):
    """h of a cell's state, which an LSTM keeps together with c."""
    return state[0] if isinstance(state, tuple) else state


def memory_mask(lengths, S):
    """(B, 1, S), True at real steps, or None."""
    return None if lengths is None else real_steps(lengths, S)[:, None]


class BahdanauStep(NamedTuple):
    comparison: tuple       # the score's cache
    weights: np.ndarray     # (B, 1, S)
    cell: tuple             # the cell's cache


class BahdanauCache(NamedTuple):
    embedding: EmbeddingCache
    memory: np.ndarray                # (B, S, M), zero in the padding
    steps: list                       # a BahdanauStep for every step
    output: LinearCache
    lengths: np.ndarray | None        # (B,)

    @property
    def weights(self):
        """The attention weights, (B, T, S)."""
        return np.concatenate([step.weights for step in self.steps], axis=1)


class BahdanauDecoder(Layer):
    """s(t) = f(s(t-1), y(t-1), c(t)): the context enters the recurrence (Bahdanau et al., 2015).

    c(t) = Σ weights · memory, with weights = softmax(score(s(t-1), memory)); logits = W_o [s(t); c(t)] + b.
    So every step waits for the one before it.

    `cell` is an RNNCell, LSTMCell or GRUCell whose input is [y; c], `score` any of the scores; memory_size is M.
    Parameters: `embedding.weight (V, D - M)`, `cell.…`, `score.…`, `output.weight (V, H + M)`, `output.bias (V,)`.
    """

    def __init__(self, vocabulary_size, cell, score, memory_size, *, rng, dtype=np.float32):
        check_sizes(memory_size=memory_size)
        check_cell(cell)
        check_score(score, cell.hidden_size, memory_size)
        check_same_dtype(dtype, cell=cell, score=score)
        self.memory_size = memory_size
        self.embedding = Embedding(vocabulary_size, embedding_size(cell, memory_size), rng=rng, dtype=dtype)
        self.cell, self.score = cell, score
        self.output = Linear(cell.hidden_size + memory_size, vocabulary_size, rng=rng, dtype=dtype)
        super().__init__(dtype, **join(embedding=self.embedding.params, cell=cell.params, score=score.params,
                                       output=self.output.params))

    def forward(self, ids, state=None, memory=None, lengths=None, memory_lengths=None):
        """(logits (B, T, V), state), cache; arguments as in `Decoder.forward`, the state that of the cell."""
        ids, lengths = padded_ids("ids", ids, lengths)
        B, T = ids.shape
        memory, memory_lengths = padded_memory(memory, memory_lengths, self.dtype, B, self.memory_size)
        mask = memory_mask(memory_lengths, memory.shape[1])
        y, embedding_cache = self.embedding.forward(ids)
        state = self.cell.state_or_zeros("state", state, B)
        projected = self.score.project(memory)

        features = np.empty((B, T, self.cell.hidden_size + self.memory_size), self.dtype)    # [s(t); c(t)]
        steps, states = [], []
        for t in range(T):
            scores, comparison = self.score.compare(hidden(state)[:, None], projected)    # (B, 1, S)
            weights, context = attend(scores, memory, mask)
            state, cell_cache = self.cell.forward(np.concatenate([y[:, t], context[:, 0]], axis=-1), state)
            features[:, t] = np.concatenate([hidden(state), context[:, 0]], axis=-1)
            steps.append(BahdanauStep(comparison, weights, cell_cache))
            states.append(state)
        logits, output_cache = self.output.forward(features)
        clear_padding(logits, lengths)
        cache = BahdanauCache(embedding_cache, memory, steps, output_cache, lengths)
        return (logits, at_last_step(states, lengths)), cache

    def backward(self, doutputs, cache):
        """(None, dstate, dmemory (B, S, M)), grads; doutputs = (dlogits (B, T, V), dstate or None for zeros)."""
        dlogits, dlast = as_pair("doutputs", doutputs)
        B, T, H = *cache.embedding.ids.shape, self.cell.hidden_size
        dlogits = padded("dlogits", dlogits, self.dtype, cache.lengths, B=B, T=T, V=self.output.output_size)
        dfeatures, output_grads = self.output.backward(dlogits, cache.output)
        dlast = self.cell.state_or_zeros("dstate", dlast, B)

        E = self.embedding.embedding_size
        dy = np.empty((B, T, E), self.dtype)
        dstate, dmemory, dprojected = self.cell.state_or_zeros("dstate", None, B), np.zeros_like(cache.memory), 0
        cell_grads, score_grads = {}, {}
        for t in reversed(range(T)):
            comparison, weights, cell_cache = cache.steps[t]
            dstate = enter_at(dstate, dlast, t, T, cache.lengths)
            (dx, dstate), grads = self.cell.backward(add_to_hidden(dstate, dfeatures[:, t, :H]), cell_cache)
            accumulate(cell_grads, grads)
            dy[:, t] = dx[:, :E]
            dcontext = (dx[:, E:] + dfeatures[:, t, H:])[:, None]
            dscores, from_context = attend_backward(dcontext, weights, cache.memory)
            (dquery, from_score), grads = self.score.compare_backward(dscores, comparison)
            accumulate(score_grads, grads)
            dstate = add_to_hidden(dstate, dquery[:, 0])
            dmemory += from_context
            dprojected = dprojected + from_score
        dkeys, project_grads = self.score.project_backward(dprojected, cache.memory)
        _, embedding_grads = self.embedding.backward(dy, cache.embedding)
        grads = join(embedding=embedding_grads, cell=cell_grads, score={**project_grads, **score_grads},
                     output=output_grads)
        return (None, dstate, dmemory + dkeys), grads


def add_to_hidden(dstate, dh):
    """A state's gradient with `dh` added to h's part."""
    return (dstate[0] + dh, dstate[1]) if isinstance(dstate, tuple) else dstate + dh


def at_last_step(states, lengths):
    """Each sequence's state after its last real step, of the states after every step."""
    if lengths is None:
        return states[-1]
    if isinstance(states[0], tuple):
        return tuple(at_last_step(list(part), lengths) for part in zip(*states))
    return np.stack(states, axis=1)[np.arange(len(lengths)), lengths - 1]


def enter_at(dstate, dlast, t, T, lengths):
    """dstate with dlast's rows added for the sequences whose last real step is t: the backward of `at_last_step`."""
    if isinstance(dstate, tuple):
        return tuple(enter_at(part, last, t, T, lengths) for part, last in zip(dstate, dlast))
    ends = np.full(len(dstate), t == T - 1) if lengths is None else lengths == t + 1
    return dstate + dlast * ends[:, None]


def accumulate(total, grads):
    """Add gradients to those of the same names."""
    for name, grad in grads.items():
        total[name] = total[name] + grad if name in total else grad


class LuongCache(NamedTuple):
    embedding: EmbeddingCache
    recurrent: tuple
    memory: np.ndarray                # (B, S, M), zero in the padding
    comparison: tuple                 # the score's cache
    weights: np.ndarray               # (B, T, S)
    combine: LinearCache
    attentional: np.ndarray           # (B, T, H) a(t)
    output: LinearCache
    lengths: np.ndarray | None        # (B,)


class LuongDecoder(Layer):
    """a(t) = tanh(W_c [c(t); s(t)] + b): the context enters after the recurrence (Luong et al., 2015).

    s = recurrent(y) as if there were no attention; c(t) = Σ weights · memory, weights = softmax(score(s(t), memory));
    logits = W_o a(t) + b. No step waits for another one's context, so all steps are attended to at once.

    `recurrent` is any recurrent layer, `score` any of the scores; memory_size is M. Parameters: `embedding.weight
    (V, D)`, `recurrent.…`, `score.…`, `combine.weight (H, M + H)`, `combine.bias (H,)`, `output.weight (V, H)`,
    `output.bias (V,)`.
    """

    def __init__(self, vocabulary_size, recurrent, score, memory_size, *, rng, dtype=np.float32):
        check_sizes(memory_size=memory_size)
        check_recurrent(recurrent=recurrent)
        H = recurrent.output_size
        check_score(score, H, memory_size)
        check_same_dtype(dtype, recurrent=recurrent, score=score)
        self.memory_size = memory_size
        self.embedding = Embedding(vocabulary_size, recurrent.input_size, rng=rng, dtype=dtype)
        self.recurrent, self.score = recurrent, score
        self.combine = Linear(memory_size + H, H, rng=rng, dtype=dtype)
        self.output = Linear(H, vocabulary_size, rng=rng, dtype=dtype)
        super().__init__(dtype, **join(embedding=self.embedding.params, recurrent=recurrent.params, score=score.params,
                                       combine=self.combine.params, output=self.output.params))

    def forward(self, ids, state=None, memory=None, lengths=None, memory_lengths=None):
        """(logits (B, T, V), state), cache; arguments as in `Decoder.forward`."""
        ids, lengths = padded_ids("ids", ids, lengths)
        memory, memory_lengths = padded_memory(memory, memory_lengths, self.dtype, len(ids), self.memory_size)
        y, embedding_cache = self.embedding.forward(ids)
        (s, state), recurrent_cache = self.recurrent.forward(y, state, lengths)
        scores, comparison = self.score.compare(s, self.score.project(memory))
        weights, c = attend(scores, memory, memory_mask(memory_lengths, memory.shape[1]))
        combined, combine_cache = self.combine.forward(np.concatenate([c, s], axis=-1))
        a = np.tanh(combined)
        logits, output_cache = self.output.forward(a)
        clear_padding(logits, lengths)
        return (logits, state), LuongCache(embedding_cache, recurrent_cache, memory, comparison, weights, combine_cache,
                                           a, output_cache, lengths)

    def backward(self, doutputs, cache):
        """(None, dstate, dmemory (B, S, M)), grads; doutputs = (dlogits (B, T, V), dstate or None for zeros)."""
        dlogits, dstate = as_pair("doutputs", doutputs)
        B, T = cache.embedding.ids.shape
        dlogits = padded("dlogits", dlogits, self.dtype, cache.lengths, B=B, T=T, V=self.output.output_size)
        da, output_grads = self.output.backward(dlogits, cache.output)
        a = cache.attentional
        dfeatures, combine_grads = self.combine.backward(da * (1 - a * a), cache.combine)
        dc, ds = dfeatures[..., :self.memory_size], dfeatures[..., self.memory_size:]
        dscores, dmemory = attend_backward(dc, cache.weights, cache.memory)
        (dquery, dprojected), compare_grads = self.score.compare_backward(dscores, cache.comparison)
        dkeys, project_grads = self.score.project_backward(dprojected, cache.memory)
        (dy, dstate), recurrent_grads = self.recurrent.backward((ds + dquery, dstate), cache.recurrent)
        _, embedding_grads = self.embedding.backward(dy, cache.embedding)
        grads = join(embedding=embedding_grads, recurrent=recurrent_grads, score={**project_grads, **compare_grads},
                     combine=combine_grads, output=output_grads)
        return (None, dstate, dmemory + dkeys), grads
