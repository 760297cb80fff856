"""From a model's logits to sequences: greedy, sampling and beam search, for any model that can take one step.

A model takes part through `step(ids (R, 1), state) -> logits (R, 1, V), state`, as `LanguageModel.step` and
`Seq2Seq.step` do. A state is an array whose first axis is R, or a tuple or list of states, or None.
"""

from typing import NamedTuple

import numpy as np

from seqbook.scratch.activations import log_softmax, softmax
from seqbook.scratch.base import as_number, check_callable, check_ids, check_rng, check_shape, check_sizes
from seqbook.scratch.recurrent import take_rows


ROUNDING = 1e-6    # of probabilities that a softmax in float32 gives, relatively


class Decoded(NamedTuple):
    ids: np.ndarray         # (B, L) the tokens after the first, `end` and its repetition as padding included
    lengths: np.ndarray     # (B,) how many of them count: up to and with `end`, all where it did not come
    log_prob: np.ndarray    # (B,) log-probability of those under the model


class Beams(NamedTuple):
    """The `width` best sequences found, the best first; score -inf where there are not so many sequences."""

    ids: np.ndarray         # (B, W, L)
    lengths: np.ndarray     # (B, W)
    log_prob: np.ndarray    # (B, W)
    score: np.ndarray       # (B, W) log_prob / length ** length_penalty


def greedy(step, state, first, *, end, max_length) -> Decoded:
    """At every step the most probable token, from `first (B,)` until `end` or `max_length` tokens."""
    return _generate(step, state, first, end, max_length, lambda logits: logits.argmax(axis=-1))


def sample(step, state, first, *, end, max_length, rng, temperature=1.0, top_k=None, top_p=None) -> Decoded:
    """At every step a token drawn from softmax(logits / temperature), restricted to the likeliest where asked.

    `top_k` keeps the k likeliest tokens; `top_p` keeps the likeliest whose probabilities together reach p ("nucleus",
    Holtzman et al., 2020), where a sum counts as p that misses it by no more than rounding does (a millionth of p). Of
    equally likely tokens those with the smaller id come first. The log-probabilities returned are the model's own,
    without temperature and restriction.
    """
    check_rng(rng)
    if not as_number("temperature", temperature) > 0:
        raise ValueError(f"temperature must be positive, got {temperature}")
    if top_k is not None:
        check_sizes(top_k=top_k)
    if top_p is not None and not 0 < as_number("top_p", top_p) <= 1:
        raise ValueError(f"top_p must lie in (0, 1], got {top_p}")

    def choose(logits):
        probs = softmax(logits / temperature)
        order = np.argsort(-probs, axis=-1, kind="stable")
        ranked = np.take_along_axis(probs, order, axis=-1)
        if top_k is not None:
            ranked[:, int(top_k):] = 0
            ranked /= ranked.sum(axis=-1, keepdims=True)
        cumulative = np.cumsum(ranked, axis=-1)
        if top_p is not None and top_p < 1:    # a token stays while those before it have not reached p
            ranked[:, 1:][cumulative[:, :-1] >= top_p * (1 - ROUNDING)] = 0
            cumulative = np.cumsum(ranked, axis=-1)
        drawn = rng.random(len(probs))[:, None] * cumulative[:, -1:]
        rank = (cumulative > drawn).argmax(axis=-1)
        return np.take_along_axis(order, rank[:, None], axis=-1)[:, 0]
    return _generate(step, state, first, end, max_length, choose)


def beam(step, state, first, *, end, max_length, width, length_penalty=1.0) -> Beams:
    """The `width` best sequences kept at every step, ranked by log-probability / length ** length_penalty.

    Sequences that have ended stay in the beam and compete as they are. Width 1 is `greedy`; a width of all sequences
    there are is exhaustive search. length_penalty 0 ranks by log-probability, which favours short sequences; 1 by its
    mean over the tokens (Wu et al., 2016, with their α).
    """
    check_callable("step", step)
    check_sizes(max_length=max_length, width=width)
    length_penalty = as_number("length_penalty", length_penalty)
    first = first_tokens(first)
    B, W = len(first), int(width)
    state = take_rows(state, np.repeat(np.arange(B), W))
    tokens = np.repeat(first, W)
    ids = np.empty((B, W, 0), first.dtype)
    lengths, finished = np.zeros((B, W), int), np.zeros((B, W), bool)
    log_prob = np.full((B, W), -np.inf)
    log_prob[:, 0] = 0    # at first there is one sequence, the empty one
    for _ in range(max_length):
        logits, state = step(tokens[:, None], state)
        next_log_prob = log_softmax(_last(logits, B * W)).reshape(B, W, -1)
        V = next_log_prob.shape[-1]
        end = end_token(end, V)
        # candidates (B, W, V + 1): every token after an open sequence; in the last column the ended ones as they are
        candidates = np.full((B, W, V + 1), -np.inf)
        candidates[..., :V] = np.where(finished[..., None], -np.inf, log_prob[..., None] + next_log_prob)
        candidates[..., V] = np.where(finished, log_prob, -np.inf)
        new_lengths = np.where(finished, lengths, lengths + 1)
        scores = candidates / new_lengths[..., None] ** length_penalty
        best = np.argsort(-scores.reshape(B, -1), axis=-1, kind="stable")[:, :W]
        parent, token = np.divmod(best, V + 1)    # (B, W)

        log_prob = np.take_along_axis(candidates.reshape(B, -1), best, axis=-1)
        lengths, finished, ids = (np.take_along_axis(new_lengths, parent, axis=1),
                                  np.take_along_axis(finished, parent, axis=1) | (token == end),
                                  np.take_along_axis(ids, parent[..., None], axis=1))
        token = np.where(token == V, end, token)
        ids = np.concatenate([ids, token[..., None]], axis=-1)
        tokens, state = token.reshape(-1), take_rows(state, (np.arange(B)[:, None] * W + parent).reshape(-1))
        if finished[np.isfinite(log_prob)].all():
            break
    return Beams(ids, lengths, log_prob, log_prob / lengths ** length_penalty)


def _generate(step, state, first, end, max_length, choose):
    check_callable("step", step)
    check_sizes(max_length=max_length)
    first = first_tokens(first)
    tokens, columns = first, []
    log_prob, lengths, finished = np.zeros(len(first)), np.zeros(len(first), int), np.zeros(len(first), bool)
    for _ in range(max_length):
        logits, state = step(tokens[:, None], state)
        logits = _last(logits, len(first))
        end = end_token(end, logits.shape[-1])
        tokens = np.where(finished, end, choose(logits))
        chosen = np.take_along_axis(log_softmax(logits), tokens[:, None], axis=-1)[:, 0]
        log_prob += np.where(finished, 0, chosen)
        lengths += ~finished
        columns.append(tokens)
        finished = finished | (tokens == end)
        if finished.all():
            break
    return Decoded(np.stack(columns, axis=1), lengths, log_prob)


def _last(logits, rows):
    """The logits after the last token, (R, V), in float64, of those of all tokens, (R, T, V)."""
    check_shape("the logits of step", logits, R=rows, T=None, V=None)
    return logits[:, -1].astype(np.float64)


def first_tokens(first):
    """A vector of token ids (B,) as int64."""
    check_shape("first", first, B=None)
    check_ids("first", first, np.iinfo(np.int64).max)
    return first.astype(np.int64, copy=False)


def end_token(end, V):
    """The end as an int; a ValueError unless it is a token: the search would never see another."""
    if isinstance(end, bool) or not isinstance(end, (int, np.integer)) or not 0 <= end < V:
        raise ValueError(f"end must be a token id in 0..{V - 1}, got {end!r}")
    return int(end)
