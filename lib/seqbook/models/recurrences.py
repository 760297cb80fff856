"""Five ways to mix the steps of a sequence, in one model, on three tasks, at equal parameters
(chapter beyond/modern-recurrence).

    python -m seqbook.models.recurrences    # trains them all anew (some 25 CPU minutes), writes recurrences.json

A chapter reads the table with `recurrences()`, and trains one of the models itself with `train`.
"""

import json
from functools import cache, partial
from pathlib import Path

import numpy as np

from seqbook.data import adding_problem
from seqbook.models import pieces
from seqbook.models.files import versions
from seqbook.models.rates import widened
from seqbook.models.tables import write_table
from seqbook.models.text_contest import splits
from seqbook.scratch import (
    LSTM, MSE, Adam, CrossEntropy, Embedding, FeedForward, LayerNorm, Linear, LinearRecurrence, MinGRU,
    MultiHeadAttention, SelectiveScan, causal_mask, clip_grad_norm, join,
)
from seqbook.scratch.base import Layer
from seqbook.scratch.blocks import Block
from seqbook.scratch.losses import loss_and_gradient

TABLE = Path(__file__).with_suffix(".json")
E, BLOCKS, BATCH, CLIP = 32, 2, 16, 1.0
MIXERS = {"LinearRecurrence": (64, 64), "SelectiveScan": (8, 84), "MinGRU": (43, 64), "LSTM": (18, 64),
          "attention": (4, 64)}    # the state's size (scan: per channel; attention: heads) and the feed-forward's
STATE = {"LinearRecurrence": 64, "SelectiveScan": 8 * E, "MinGRU": 43, "LSTM": 2 * 18}    # numbers in one block's state
STATES = {1: 95, 2: 93, 4: 90, 8: 84, 16: 73}      # a selective scan's state per channel; its feed-forward's size
KEYS, VALUES, PAIRS = 64, 16, (2, 4, 8, 16, 32)    # of the recall
STEPS, T, JUDGED = 32, 32, 400                     # of the adding problem; characters in a window, windows judged
UPDATES = {"recall": 1000, "adding": 300, "text": 250}
RATES = {"recall": (0.004, 0.012, 0.036), "adding": (0.004, 0.012, 0.036), "text": (0.008, 0.016, 0.032)}
SEEDS = range(5)


def recurrences() -> dict:
    """The stored table; keys are strings as JSON has them, the innermost lists go by seed.

    `recall[mixer][rate]` holds for each seed two lists, (validation, test), of the shares of values recalled after
    `PAIRS` pairs, `adding[mixer][rate]` pairs of mean squared errors, `text[mixer][rate]` pairs of losses in nats per
    character. `states[N][rate]` is the recall by selective scans of other `STATES` than that in `recall`, at equal
    parameters. Rates are tried with seed 0, and further ones while the best is at an end; the one with the best
    validation has all `SEEDS`. `parameters[task][mixer]` counts a model's numbers.
    """
    return json.loads(TABLE.read_text(encoding="utf-8"))


@cache
def text():
    """Ids to learn from, of the validation and of the test, and V: `splits`, made once."""
    return splits()


class Mixer(Layer):
    """A recurrent layer and a matrix back to the model's size: x (B, T, E) → (B, T, E)."""

    def __init__(self, recurrent, *, rng, dtype):
        self.recurrent, self.output = recurrent, Linear(recurrent.output_size, E, rng=rng, dtype=dtype)
        super().__init__(dtype, **join(recurrent=recurrent.params, output=self.output.params))

    def forward(self, x):
        """y (B, T, E), cache."""
        (hs, _), recurrent_cache = self.recurrent.forward(x)
        y, output_cache = self.output.forward(hs)
        return y, (recurrent_cache, output_cache)

    def backward(self, dy, cache):
        """dx (B, T, E), grads."""
        dhs, output_grads = self.output.backward(dy, cache[1])
        (dx, _), recurrent_grads = self.recurrent.backward((dhs, None), cache[0])
        return dx, join(recurrent=recurrent_grads, output=output_grads)


class CausalAttention(MultiHeadAttention):
    """Attention in which a position sees itself and those before it."""

    def forward(self, x):
        """y (B, T, E), cache."""
        return super().forward(x, mask=causal_mask(x.shape[1]))

    def backward(self, dy, cache):
        """dx (B, T, E), grads."""
        (dx, _, _), grads = super().backward(dy, cache)
        return dx, grads


def new_mixer(name, size, *, rng, dtype):
    """One of `MIXERS`; gates that keep the past start out spread as the decays of the LinearRecurrence."""
    if name == "attention":
        return CausalAttention(E, size, rng=rng, dtype=dtype, rotary=True)
    layer = {"LinearRecurrence": LinearRecurrence, "SelectiveScan": SelectiveScan, "MinGRU": MinGRU, "LSTM": LSTM}[name]
    recurrent = layer(E, size, rng=rng, dtype=dtype)
    if name in ("MinGRU", "LSTM"):
        start = size if name == "LSTM" else 0    # after the input gate's rows
        left = np.exp(rng.uniform(np.log(0.01), np.log(0.5), size))
        recurrent.params["bias"][start:start + size] = np.log((1 - left) / left)
    return Mixer(recurrent, rng=rng, dtype=dtype)


class MixerBlock(Block):
    """A Transformer's block with any mixer in the place of its attention."""

    def __init__(self, name, sizes, *, rng, dtype):
        size, hidden_size = sizes
        self.mixer = new_mixer(name, size, rng=rng, dtype=dtype)
        self.feed_forward = FeedForward(E, hidden_size, rng=rng, dtype=dtype)
        self.norm1, self.norm2 = (LayerNorm(E, dtype=dtype) for _ in range(2))
        super().__init__(True, 0.0, dtype, **join(mixer=self.mixer.params, feed_forward=self.feed_forward.params,
                                                  norm1=self.norm1.params, norm2=self.norm2.params))

    def forward(self, x):
        """y (B, T, E), cache."""
        x, mixer_cache = self.residual(x, self.norm1, self.mixer.forward, None)
        x, feed_cache = self.residual(x, self.norm2, self.feed_forward.forward, None)
        return x, (mixer_cache, feed_cache)

    def backward(self, dx, cache):
        """dx (B, T, E), grads."""
        (dx,), feed_grads, norm2_grads = self.residual_backward(dx, self.norm2, self.feed_forward.backward, cache[1])
        (dx,), mixer_grads, norm1_grads = self.residual_backward(dx, self.norm1, self.mixer.backward, cache[0])
        return dx, join(mixer=mixer_grads, feed_forward=feed_grads, norm1=norm1_grads, norm2=norm2_grads)


class SumOfEmbeddings(Embedding):
    """ids (B, T, 2) → the sum of the two tokens' vectors, (B, T, E)."""

    def forward(self, ids):
        """x (B, T, E), cache."""
        x, cache = super().forward(ids.reshape(len(ids), -1))
        return x.reshape(*ids.shape, -1).sum(axis=2), cache

    def backward(self, dx, cache):
        """None, grads."""
        return super().backward(np.repeat(dx, 2, axis=1), cache)


class Model(Layer):
    """What reads a task's inputs, blocks, LayerNorm, and an output at every step: the model of the comparison.

    `sizes`: the state's size and the feed-forward's, where they are not those of `MIXERS`.
    """

    def __init__(self, task, mixer, sizes=None, *, rng, dtype=np.float32):
        options = {"rng": rng, "dtype": dtype}
        V = text()[3] if task == "text" else 0
        self.first = {"recall": lambda: SumOfEmbeddings(KEYS + VALUES + 1, E, **options),
                      "adding": lambda: Linear(2, E, **options), "text": lambda: Embedding(V, E, **options)}[task]()
        self.blocks = [MixerBlock(mixer, sizes or MIXERS[mixer], **options) for _ in range(BLOCKS)]
        self.norm = LayerNorm(E, dtype=dtype)
        self.output = Linear(E, {"recall": VALUES, "adding": 1, "text": V}[task], **options)
        super().__init__(dtype, **join(first=self.first.params, blocks=[block.params for block in self.blocks],
                                       norm=self.norm.params, output=self.output.params))

    def forward(self, x):
        """outputs (B, T, O), cache."""
        x, first_cache = self.first.forward(x)
        caches = []
        for block in self.blocks:
            x, cache = block.forward(x)
            caches.append(cache)
        x, norm_cache = self.norm.forward(x)
        outputs, output_cache = self.output.forward(x)
        return outputs, (first_cache, caches, norm_cache, output_cache)

    def backward(self, doutputs, cache):
        """None, grads."""
        first_cache, caches, norm_cache, output_cache = cache
        dx, output_grads = self.output.backward(doutputs, output_cache)
        dx, norm_grads = self.norm.backward(dx, norm_cache)
        grads = []
        for block, block_cache in zip(self.blocks[::-1], caches[::-1]):
            dx, block_grads = block.backward(dx, block_cache)
            grads.append(block_grads)
        _, first_grads = self.first.backward(dx, first_cache)
        return None, join(first=first_grads, blocks=grads[::-1], norm=norm_grads, output=output_grads)


def recall(B, pairs, rng):
    """ids (B, 2 · pairs, 2) and targets (B, 2 · pairs): `pairs` keys, all different, each with its value, then the keys
    alone, in another order. Targets are the values asked for, -100 before. Token ids: keys, values, "which value?"."""
    keys = rng.permuted(np.tile(np.arange(KEYS), (B, 1)), axis=1)[:, :pairs]
    values = rng.integers(VALUES, size=(B, pairs))
    order = rng.permuted(np.tile(np.arange(pairs), (B, 1)), axis=1)
    asked = np.take_along_axis(keys, order, axis=1)
    told = np.stack([keys, KEYS + values], axis=2)
    ask = np.stack([asked, np.full_like(asked, KEYS + VALUES)], axis=2)
    targets = np.concatenate([np.full_like(keys, -100), np.take_along_axis(values, order, axis=1)], axis=1)
    return np.concatenate([told, ask], axis=1), targets


def draw(task, rng):
    """A batch to learn from: inputs and targets."""
    if task == "recall":
        return recall(BATCH, int(rng.choice(PAIRS)), rng)
    if task == "adding":
        return adding_problem(BATCH, STEPS, rng=rng)
    learn = text()[0]
    return windows(learn, rng.integers(len(learn) - pieces.T, size=BATCH))


def windows(ids, starts=None):
    """Inputs and targets (B, T) from some places of a text, or from `JUDGED` places all over it."""
    starts = np.linspace(0, len(ids) - pieces.T - 1, JUDGED).astype(int) if starts is None else starts
    return [side[:, :T] for side in pieces.windows(ids, starts)]


def loss_gradient(task, outputs, y):
    """The gradient of a task's loss with respect to the outputs (B, T, O)."""
    if task != "adding":
        return loss_and_gradient(CrossEntropy(), outputs, y)[1]
    doutputs = np.zeros_like(outputs)
    doutputs[:, -1] = loss_and_gradient(MSE(), outputs[:, -1], y)[1]
    return doutputs


def recalled(model, rng, sequences=200):
    """The share of values recalled after each of `PAIRS`."""
    shares = []
    for pairs in PAIRS:
        x, y = recall(sequences, pairs, rng)
        found = model.forward(x)[0].argmax(axis=-1)
        shares.append(round(float((found == y)[:, pairs:].mean()), 3))
    return shares


def judge(task, model):
    """What the model makes of the validation and of the test."""
    if task == "text":
        return [round(float(CrossEntropy().forward(model.forward(x)[0], y)[0]), 3)
                for x, y in map(windows, text()[1:3])]
    rngs = np.random.default_rng(1), np.random.default_rng(2)
    if task == "recall":
        return [recalled(model, rng) for rng in rngs]
    return [round(float(((model.forward(x)[0][:, -1] - y)**2).mean()), 5)
            for x, y in (adding_problem(1000, STEPS, rng=rng) for rng in rngs)]


def train(task, mixer, rate, seed=0, updates=None, sizes=None) -> Model:
    """A model after a task's `UPDATES`, or fewer; the rate falls linearly to 0."""
    rng, updates = np.random.default_rng(seed), updates or UPDATES[task]
    model = Model(task, mixer, sizes, rng=rng)
    optimizer = Adam(model.params, rate)
    for n in range(updates):
        x, y = draw(task, rng)
        outputs, cache = model.forward(x)
        _, grads = model.backward(loss_gradient(task, outputs, y), cache)
        optimizer.lr = rate * (1 - n / updates)
        optimizer.step(clip_grad_norm(grads, CLIP)[0])
    return model


def error(task, judged) -> float:
    """One number for a validation, the smaller the better: 1 - the mean share recalled, or the loss."""
    return 1 - float(np.mean(judged[0])) if task == "recall" else judged[0]


def chosen(task, runs):
    """The rate with the smallest error on the validation with seed 0."""
    return min(runs, key=lambda rate: error(task, runs[rate][0]))


def results(task, table, part=None) -> dict:
    """By mixer what the test says at the rate that validation chooses: arrays (5,), of the recall (5, len(PAIRS)).

    `part`: of the table, where it is not called as the task.
    """
    return {name: np.array([judged[1] for judged in runs[chosen(task, runs)]])
            for name, runs in table[part or task].items()}


def tuned(task, mixer, sizes=None) -> dict:
    """All runs by rate: seed 0 for `RATES` and, while the best is at an end, one more; all seeds for the best."""
    def judged(rate, seeds):
        return [judge(task, train(task, mixer, rate, seed, sizes=sizes)) for seed in seeds]

    rates = RATES[task]
    runs, best = widened(rates, lambda rate: judged(rate, SEEDS[:1]), partial(chosen, task), rates[1] / rates[0], 5)
    runs[best] += judged(best, SEEDS[1:])
    print(f"{task:8} {mixer:18}", best, np.mean([found[1] for found in runs[best]], axis=0).round(4), flush=True)
    return runs


def main() -> None:
    table = {
        "parameters": {task: {mixer: sum(array.size for array in Model(
            task, mixer, rng=np.random.default_rng(0)).params.values()) for mixer in MIXERS} for task in UPDATES},
        "versions": versions("numpy")}
    for task in UPDATES:
        table[task] = {}
        for mixer in MIXERS:
            table[task][mixer] = tuned(task, mixer)
            write_table(table, TABLE)
    table["states"] = {str(N): tuned("recall", "SelectiveScan", (N, hidden_size)) for N, hidden_size in STATES.items()
                       if N != MIXERS["SelectiveScan"][0]}
    write_table(table, TABLE)


if __name__ == "__main__":
    main()
