"""Two contests of normalisation (chapter transformer/block): over a token or over a batch, before or behind.

    python -m seqbook.models.norms    # trains them all anew (some eight CPU minutes), writes norms.json

"ragged": the part's running model with BatchNorm in LayerNorm's place, on lines of unequal length. "placed": a deeper
one, its norms before the sub-layers or behind them, with warm-up and without. "started": the deeper one with norms and
without, from initial values of two sizes. A chapter reads the table with `norms()`.
"""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seqbook.data import Vocabulary, documentation
from seqbook.models import pieces
from seqbook.models.files import versions
from seqbook.models.tables import write_table
from seqbook.models.text_contest import splits
from seqbook.scratch import Adam, CrossEntropy, LanguageModel, clip_grad_norm, join
from seqbook.scratch.base import Layer, check_choice
from seqbook.scratch.losses import loss_and_gradient
from seqbook.scratch.ragged import real_steps

TABLE = Path(__file__).with_suffix(".json")
SEEDS, CLIP = range(5), 1.0
KINDS = "LayerNorm", "BatchNorm", "BatchNorm, padding too"
SHORTEST, LONGEST, LINES, JUDGED = 8, 64, 16, 320          # characters of a line; lines in a batch, lines judged
RAGGED_RATES, RAGGED_UPDATES = (0.01, 0.02, 0.04), (100, 200, 300)
PLACES, WARM_UPS = ("pre-norm", "post-norm"), (0, 100)     # updates until the rate has risen to its peak
DEPTH, T, BATCH, PLACED_UPDATES = 8, 32, 8, 250
PLACED_RATES = 0.0003, 0.001, 0.003, 0.01, 0.03
NO_NORM, STARTS, STARTED_RATES = "no norm", ("Glorot", "library"), (0.003, 0.01, 0.03)


def norms() -> dict:
    """The stored table, `{"ragged": …, "best": …, "placed": …, "started": …, "versions": …}`.

    Rates are JSON's keys, decimal strings.

    `ragged[kind][rate][seed]` is a list of triples after each of `RAGGED_UPDATES`: the loss (nats per character) on
    held-out lines in batches with the batch's own statistics, alone with those kept from training, and the same on
    validation lines; without BatchNorm all are read as they are. `best[kind]` is the rate that validation chooses.
    `placed[place][warm-up][rate][seed]` is the validation loss after `PLACED_UPDATES`, and so is
    `started[place][start][rate][seed]`, with the longer of `WARM_UPS`, for "pre-norm" and `NO_NORM`.
    """
    return json.loads(TABLE.read_text(encoding="utf-8"))


# --- Over a token or over a batch

class BatchNormCache(NamedTuple):
    x_hat: np.ndarray      # (B, T, E)
    inv_std: np.ndarray    # (E,)
    real: np.ndarray       # (B, T), the tokens whose statistics were taken; None: kept ones were used


class BatchNorm(Layer):
    """y = weight ∘ (x - mean) / √(variance + eps) + bias, mean and variance (E,) over the tokens of a batch.

    x (B, T, E). While `training` they are those of the tokens that `real` (B, T) names, else running means of those
    seen in training. Parameters: `weight (E,)`, `bias (E,)`. Ioffe and Szegedy (2015).
    """

    def __init__(self, model_size, *, eps=1e-5, momentum=0.1, dtype=np.float32):
        super().__init__(dtype, weight=np.ones(model_size), bias=np.zeros(model_size))
        self.eps, self.momentum, self.training, self.real = eps, momentum, True, None
        self.mean, self.variance = np.zeros(model_size, dtype), np.ones(model_size, dtype)

    def forward(self, x):
        """y (B, T, E), cache."""
        weight, bias = self.params.values()
        mean, variance, real = self.mean, self.variance, None
        if self.training:
            real = np.ones(x.shape[:2], dtype=bool) if self.real is None else self.real
            mean, variance = x[real].mean(axis=0), x[real].var(axis=0)
            self.mean = self.mean + self.momentum * (mean - self.mean)
            self.variance = self.variance + self.momentum * (variance - self.variance)
        inv_std = 1 / np.sqrt(variance + self.dtype.type(self.eps))
        x_hat = (x - mean) * inv_std
        return x_hat * weight + bias, BatchNormCache(x_hat, inv_std, real)

    def backward(self, dy, cache):
        """dx (B, T, E), grads; a token outside of `real` moves no statistics, but feels them."""
        x_hat, inv_std, real = cache
        dx_hat = dy * self.params["weight"]
        dx = dx_hat.copy()
        if real is not None:
            n = real.sum()
            dx[real] -= dx_hat.sum(axis=(0, 1)) / n + x_hat[real] * ((dx_hat * x_hat).sum(axis=(0, 1)) / n)
        return dx * inv_std, {"weight": (dy * x_hat).sum(axis=(0, 1)), "bias": dy.sum(axis=(0, 1))}


@cache
def lines() -> tuple:
    """The lines (ids, each ending with its line break) to learn from, of validation and of test, and V."""
    text = documentation()
    vocabulary, cut = Vocabulary([text.train]), len(text.train) * 9 // 10
    parts = text.train[:cut], text.train[cut:], text.test
    found = [[vocabulary.encode(line + "\n") for line in part.split("\n") if SHORTEST <= len(line) <= LONGEST]
             for part in parts]
    return *found, len(vocabulary)


def batch(some) -> tuple:
    """Inputs x and targets y (B, T) of lines of ids, and which are real, (B, T); targets of padding are ignored."""
    lengths = np.array([len(line) - 1 for line in some])
    real = real_steps(lengths, lengths.max())
    x, y = np.zeros(real.shape, int), np.full(real.shape, CrossEntropy().ignore_index)
    x[real], y[real] = (np.concatenate([line[part] for line in some]) for part in (slice(-1), slice(1, None)))
    return x, y, real


def ragged_model(kind: str, V: int, rng: np.random.Generator, dtype=np.float32) -> LanguageModel:
    """The part's running model, for a kind other than LayerNorm with BatchNorm in place of all its norms."""
    check_choice("kind", kind, KINDS)
    model = pieces.new_model("whole", V, rng, dtype)
    if kind != "LayerNorm":
        stack = model.stack
        stack.norm = BatchNorm(pieces.E, dtype=dtype)
        for block in stack.blocks:
            block.norm1, block.norm2 = (BatchNorm(pieces.E, dtype=dtype) for _ in range(2))
            Layer.__init__(block, block.dtype, **join(
                attention=block.attention.params, feed_forward=block.feed_forward.params, norm1=block.norm1.params,
                norm2=block.norm2.params))
        joined(model)
    return model


def joined(model: LanguageModel) -> None:
    """The parameters of a model whose parts were exchanged."""
    stack = model.stack
    Layer.__init__(stack, model.dtype, **join(blocks=[block.params for block in stack.blocks], norm=stack.norm.params))
    Layer.__init__(model, model.dtype, **join(tokens=model.tokens.params, stack=stack.params,
                                              output=model.output.params))


def batch_norms(model: LanguageModel) -> list:
    """The BatchNorms of a model; none where it has LayerNorm."""
    every = [model.stack.norm, *(norm for block in model.stack.blocks for norm in (block.norm1, block.norm2))]
    return [norm for norm in every if isinstance(norm, BatchNorm)]


def set_norms(model: LanguageModel, *, training: bool, real=None) -> None:
    """What the model's BatchNorms shall do in the next pass."""
    for norm in batch_norms(model):
        norm.training, norm.real = training, real


def ragged_loss(model, kind: str, some, *, alone: bool) -> float:
    """Nats per character of lines, in batches of `LINES` with their own statistics, or `alone` with the kept ones."""
    kept = [(norm.mean, norm.variance) for norm in batch_norms(model)]
    total = count = 0
    for at in range(0, len(some), LINES):
        x, y, real = batch(some[at:at + LINES])
        set_norms(model, training=not alone, real=None if "padding" in kind else real)
        total += CrossEntropy(reduction="sum").forward(model.forward(x)[0], y)[0]
        count += real.sum()
    for norm, (norm.mean, norm.variance) in zip(batch_norms(model), kept):
        norm.training = True
    return float(total / count)


def train_ragged(kind: str, rate=0.02, seed=0, updates=RAGGED_UPDATES, *, until=None, judge=True) -> tuple:
    """The triples of `norms()` after each of `updates`, none without `judge`, and the model."""
    learn, valid, test, V = lines()
    rng, found, last = np.random.default_rng(seed), [], max(updates)
    model = ragged_model(kind, V, rng)
    optimizer, cross_entropy = Adam(model.params, rate), CrossEntropy()
    for n in range(until or last):
        x, y, real = batch([learn[i] for i in rng.integers(len(learn), size=LINES)])
        set_norms(model, training=True, real=None if "padding" in kind else real)
        logits, cached = model.forward(x)
        _, dlogits = loss_and_gradient(cross_entropy, logits, y)
        optimizer.lr = rate * (1 - n / last)
        optimizer.step(clip_grad_norm(model.backward(dlogits, cached)[1], CLIP)[0])
        if n + 1 in updates and judge:
            found.append([round(ragged_loss(model, kind, some[:JUDGED], alone=alone), 3)
                          for some, alone in ((test, False), (test, True), (valid, True))])
    return found, model


# --- Before or behind

def placed_model(place: str, V: int, rng: np.random.Generator, depth=DEPTH, dtype=np.float32,
                 start="Glorot") -> LanguageModel:
    """A running model of `depth` blocks, its norms before the sub-layers or behind them, where no last one follows.

    Or with `NO_NORM` at all. Matrices of the blocks start from U(-a, a), a = √(6 / (inputs + outputs)) (Glorot and
    Bengio, 2010), so that at the start a sub-layer adds about as much as there is; with `start="library"` from the
    library's own, which are smaller, a = 1 / √inputs.
    """
    check_choice("place", place, (*PLACES, NO_NORM))
    check_choice("start", start, STARTS)
    model = LanguageModel(V, pieces.E, pieces.N, pieces.F, depth, rng=rng, dtype=dtype, positions="learned",
                          max_length=T, norm_first=place != "post-norm")
    if place == NO_NORM:
        model.stack.blocks = [pieces.Block(pieces.E, pieces.N, pieces.F, variant="no LayerNorm", rng=rng, dtype=dtype)
                              for _ in range(depth)]
    if place != "pre-norm":
        model.stack.norm = pieces.Same(model.dtype)
        joined(model)
    for name, array in model.params.items():
        if start == "Glorot" and name.startswith("stack.blocks") and array.ndim == 2:
            array[:] = rng.uniform(-1, 1, array.shape) * (6 / sum(array.shape)) ** 0.5
    return model


def gradient_norms(model: LanguageModel, ids: np.ndarray) -> np.ndarray:
    """Each block's norm of all its parameters' gradients, (depth,), for windows of ids (B, T + 1)."""
    logits, cached = model.forward(ids[:, :-1])
    _, dlogits = loss_and_gradient(CrossEntropy(), logits, ids[:, 1:])
    _, grads = model.backward(dlogits, cached)
    squares = [[(grad ** 2).sum() for name, grad in grads.items() if name.startswith(f"stack.blocks.{number}.")]
               for number in range(len(model.stack.blocks))]
    return np.sqrt([sum(each) for each in squares])


def train_placed(place: str, warm_up: int, rate: float, seed: int, updates=PLACED_UPDATES, start="Glorot") -> float:
    """The validation loss after `updates`; the rate rises for `warm_up` of them, then falls linearly to 0."""
    learn, valid, _, V = splits()
    rng = np.random.default_rng(seed)
    model = placed_model(place, V, rng, start=start)
    optimizer, cross_entropy = Adam(model.params, rate), CrossEntropy()
    for n in range(updates):
        ids = learn[rng.integers(len(learn) - T, size=BATCH)[:, None] + np.arange(T + 1)]
        logits, cached = model.forward(ids[:, :-1])
        _, dlogits = loss_and_gradient(cross_entropy, logits, ids[:, 1:])
        optimizer.lr = rate * min((n + 1) / warm_up if warm_up else 1, (updates - n) / (updates - warm_up))
        optimizer.step(clip_grad_norm(model.backward(dlogits, cached)[1], CLIP)[0])
    judged = valid[:len(valid) // (T + 1) * (T + 1)].reshape(-1, T + 1)[:JUDGED]
    return round(float(cross_entropy.forward(model.forward(judged[:, :-1])[0], judged[:, 1:])[0]), 3)


def main() -> None:
    ragged, best = {}, {}
    for kind in KINDS:
        runs = {rate: [train_ragged(kind, rate, seed)[0] for seed in SEEDS[:2]] for rate in RAGGED_RATES}
        rate = min(runs, key=lambda rate: np.mean(runs[rate], axis=0)[-1, 2])
        runs[rate] += [train_ragged(kind, rate, seed)[0] for seed in SEEDS[2:]]
        ragged[kind], best[kind] = runs, str(rate)
        print(kind, rate, np.mean(runs[rate], axis=0)[-1].round(3), flush=True)
    placed = {}
    for place in PLACES:
        placed[place] = {warm_up: {rate: [train_placed(place, warm_up, rate, seed) for seed in SEEDS]
                                   for rate in PLACED_RATES} for warm_up in WARM_UPS}
        print(place, placed[place], flush=True)
    started = {place: {start: {rate: [train_placed(place, WARM_UPS[-1], rate, seed, start=start) for seed in SEEDS]
                               for rate in STARTED_RATES} for start in STARTS} for place in ("pre-norm", NO_NORM)}
    print(started)
    write_table({"ragged": ragged, "best": best, "placed": placed, "started": started,
                 "versions": versions("numpy")}, TABLE)


if __name__ == "__main__":
    main()
