"""Attention's scores and designs on Korean dates, compared at equal parameters (chapter attention/steps).

    python -m seqbook.models.score_contest    # trains them all anew (some 8 CPU minutes), writes score_contest.json

A chapter reads the table with `score_contest()`, and trains one of the networks itself with `train`.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np

from seqbook.data import pad
from seqbook.models import date_contest
from seqbook.models.date_contest import Task, exact, splits
from seqbook.models.files import versions
from seqbook.models.iso import LABELS, tokens_before
from seqbook.models.tables import write_table
from seqbook.scratch import (
    GRU, AdditiveScore, BahdanauDecoder, DotScore, Encoder, GeneralScore, GRUCell, LuongDecoder, ScaledDotScore,
    Seq2Seq, softmax,
)

TABLE = Path(__file__).with_suffix(".json")
E = 16                                             # size of the embeddings
SIZES = {"dot": (32, 0), "scaled dot": (32, 0), "general": (30, 0), "additive": (31, 10), "Bahdanau": (29, 10),
         "uniform": (32, 0)}                       # (H, units of the additive score) that make parameters equal
RATES, SEEDS = (0.01, 0.02, 0.04, 0.08, 0.16), range(5)
COUNTS = 10_000, 20_000                            # dates to learn from, each read once
LONG = 4                                           # passes of the networks with uniform weights that learn longer
EXPLAINED, SHUFFLES = 200, 20                      # test dates whose maps are examined; random orders of each row
DEPENDENT = 0.5                                    # influence from which on a step depends on a character
MEASURES = ("share of steps that depend on a character", "most attended is most influential", "or stands next to it",
            "largest influence", "influence of the most attended", "token kept without the most attended",
            "token kept without another", "token kept in a random order", "token kept with equal weights",
            "positions that alone give the token")


class UniformScore(DotScore):
    """Every key scores 0, whatever the query: all weights are 1 / S."""

    def compare(self, query, projected):
        scores, cache = super().compare(query, projected)
        return np.zeros_like(scores), cache

    def compare_backward(self, dscores, cache):
        (dquery, dprojected), grads = super().compare_backward(dscores, cache)
        return (np.zeros_like(dquery), np.zeros_like(dprojected)), grads


def score_contest() -> dict:
    """The stored table; keys are strings as JSON has them, the innermost lists go by seed.

    `scores[count][kind][rate]` holds pairs of shares of dates written exactly (validation, test), each of `count` dates
    read once; `long[rate]` those of "uniform" after LONG passes over all; `explanation[start]` the MEASURES of networks
    with "dot" whose decoder starts from "zeros" or from the encoder's "last state", and `offsets[reading]` those of the
    former that read "forward" or "backward"; `parameters[kind]` counts a network's numbers.
    """
    return json.loads(TABLE.read_text(encoding="utf-8"))


def new_network(kind, V, rng, start="zeros") -> Seq2Seq:
    """An encoder and a decoder that attends, both of GRUs; the decoder starts from "zeros" or the "last state".

    `kind` is one of SIZES: "Bahdanau" has Bahdanau's decoder with the additive score, the others Luong's. The update
    gates' biases start from 2, so that states change slowly at first.
    """
    H, A = SIZES[kind]
    encoder = Encoder(V, GRU(E, H, rng=rng), rng=rng)
    if kind == "Bahdanau":
        recurrent = GRUCell(E + H, H, rng=rng)
        decoder = BahdanauDecoder(len(LABELS), recurrent, AdditiveScore(H, H, A, rng=rng), H, rng=rng)
    else:
        recurrent = GRU(E, H, rng=rng)
        score = {"dot": DotScore, "scaled dot": ScaledDotScore, "uniform": UniformScore,
                 "general": lambda: GeneralScore(H, H, rng=rng),
                 "additive": lambda: AdditiveScore(H, H, A, rng=rng)}[kind]()
        decoder = LuongDecoder(len(LABELS), recurrent, score, H, rng=rng)
    for layer in (encoder.recurrent, recurrent):
        layer.params["bias"][H:2 * H] = 2
    return Seq2Seq(encoder, decoder, pass_state=start == "last state")


def train(kind, rate, seed=0, count=COUNTS[-1], epochs=1, *, start="zeros", backward=False) -> Seq2Seq:
    """A network that has learned to write dates from the first `count` training texts, read from the end or not."""
    rng, (task, _, _, V) = np.random.default_rng(seed), splits()
    task = Task(task.ids[:count], task.targets[:count])
    return date_contest.learn(new_network(kind, V, rng, start), task, rate, rng, epochs, backward=backward)


def scores(model):
    """The shares written exactly, (validation, test)."""
    return [round(exact(model, task), 4) for task in splits()[1:3]]


def best(rates):
    """The rate that has the best mean on the validation dates."""
    return max(rates, key=lambda rate: np.mean(rates[rate], axis=0)[0])


def parts_of(model, source, lengths, targets):
    """(weights (B, T, S), states s (B, T, H), memory (B, S, H)) of a network with Luong's decoder that reads the truth.
    """
    _, cache = model.forward(source, tokens_before(targets), lengths)
    memory = cache.decoder.memory
    return cache.weights, cache.decoder.combine.x[..., memory.shape[-1]:], memory


def outputs(model, weights, states, memory):
    """Steps 2 to 4 from other weights (B, T, S): the probabilities of the next token (B, T, V)."""
    a = np.tanh(model.decoder.combine.affine(np.concatenate([weights @ memory, states], axis=-1)))
    return softmax(model.decoder.output.affine(a))


def influence(model, ids, targets):
    """(T, S): how far the probabilities at each step move (total variation) when a character is left out."""
    S = len(ids)
    source, lengths = pad([ids, *(np.delete(ids, i) for i in range(S))])
    p = outputs(model, *parts_of(model, source, lengths, np.repeat(targets[None], S + 1, axis=0)))
    return np.abs(p[1:] - p[0]).sum(axis=-1).T / 2


def dependent_steps(model, backward=False):
    """Of each of EXPLAINED test dates, what belongs to the K of its steps that depend on a character.

    Yields (share of its steps, weights (K, S), states s (1, K, H), memory (1, S, H), influences (K, S)), S in the order
    of reading; `model` has Luong's decoder.
    """
    task = splits()[2]
    for ids, targets in zip(task.ids[:EXPLAINED], task.targets):
        ids = ids[::-1] if backward else ids
        weights, states, memory = parts_of(model, *pad([ids]), targets[None])
        influences = influence(model, ids, targets)
        steps = influences.max(axis=1) > DEPENDENT
        yield steps.mean(), weights[0, steps], states[:, steps], memory, influences[steps]


def explanation(model):
    """The MEASURES of a network with Luong's decoder, over the steps that depend on a character.

    The first five leave characters out of the text, the others move weights and leave the encoder's states alone.
    """
    rng, shares, found = np.random.default_rng(0), [], []
    for share, weights, states, memory, influences in dependent_steps(model):
        shares.append(share)
        K, S = weights.shape
        each, top, most = np.arange(K), weights.argmax(axis=1), influences.argmax(axis=1)
        token = outputs(model, weights[None], states, memory).argmax(axis=-1)[0]    # (K,)

        def kept(moved):
            """(K,): whether the token stays what it was with the weights `moved` (K, S)."""
            return outputs(model, moved[None], states, memory).argmax(axis=-1)[0] == token

        def without(positions):
            left = weights.copy()
            left[each, positions] = 0
            return kept(left / left.sum(axis=1, keepdims=True))

        another = (top + rng.integers(1, S, size=K)) % S
        shuffled = np.mean([kept(rng.permuted(weights, axis=1)) for _ in range(SHUFFLES)], axis=0)
        alone = np.mean([kept(np.eye(S, dtype=weights.dtype)[[i] * K]) for i in range(S)], axis=0)
        found.append(np.stack([top == most, np.abs(top - most) <= 1, influences.max(axis=1), influences[each, top],
                               without(top), without(another), shuffled, kept(np.full_like(weights, 1 / S)), alone]))
    return [round(float(value), 4) for value in (np.mean(shares), *np.concatenate(found, axis=1).mean(axis=1))]


def offsets(model, backward=False):
    """How often the most attended character stands (left of, at, right of) the most influential one, next to it."""
    found = [weights.argmax(axis=1) - influences.argmax(axis=1)
             for _, weights, _, _, influences in dependent_steps(model, backward)]
    offset = np.concatenate(found) * (-1 if backward else 1)
    return [round(float(np.mean(offset == place)), 4) for place in (-1, 0, 1)]


@cache
def all_scores():
    """`scores` of every count, kind, rate and seed."""
    return {count: {kind: {rate: [scores(train(kind, rate, seed, count)) for seed in SEEDS] for rate in RATES}
                    for kind in SIZES} for count in COUNTS}


def parts():
    """The table's parts by name, each a function that computes it."""
    rates = {kind: best(runs) for kind, runs in all_scores()[COUNTS[-1]].items()}
    return {
        "scores": all_scores,
        "long": lambda: {rate: [scores(train("uniform", rate, seed, epochs=LONG)) for seed in SEEDS]
                         for rate in (rates["uniform"] / 4, rates["uniform"] / 2, rates["uniform"])},
        "explanation": lambda: {start: [explanation(train("dot", rates["dot"], seed, start=start)) for seed in SEEDS]
                                for start in ("zeros", "last state")},
        "offsets": lambda: {reading: [offsets(train("dot", rates["dot"], seed, backward=back), back) for seed in SEEDS]
                            for reading, back in (("forward", False), ("backward", True))},
        "parameters": lambda: {kind: sum(array.size for array in new_network(
            kind, splits()[3], np.random.default_rng(0)).params.values()) for kind in SIZES},
        "versions": lambda: versions("numpy", "babel"),
    }


def main() -> None:
    table = {}
    for name, compute in parts().items():
        table[name] = compute()
        print(name, json.dumps(table[name]), flush=True)
    write_table(table, TABLE)


if __name__ == "__main__":
    main()
