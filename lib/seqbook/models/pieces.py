"""The Transformer part's running model, and the same model with one piece left out or changed.

    python -m seqbook.models.pieces                  # trains them all anew (some 15 CPU minutes), writes pieces.json
    python -m seqbook.models.pieces "no residual"    # trains the variants named, keeps the others' numbers

A small decoder-only Transformer predicts the next character of Python's documentation from the last `T` at most.
Chapters read the table with `pieces()`, and train one of the models themselves with `train`.
"""

import json
import sys
from pathlib import Path

import numpy as np

from seqbook.models.files import versions
from seqbook.models.rates import widened
from seqbook.models.text_contest import splits
from seqbook.scratch import Adam, CrossEntropy, LanguageModel, clip_grad_norm, join
from seqbook.scratch.base import Layer, check_choice
from seqbook.scratch.blocks import EncoderBlock
from seqbook.scratch.losses import loss_and_gradient

TABLE = Path(__file__).with_suffix(".json")
T, E, N, F, BLOCKS = 64, 32, 4, 64, 2    # characters in a window, model size, heads, feed-forward size, blocks
SENTENCE = "The name is rebound if it was already bound."    # of the test topics, for pictures
HEADS = {"1 head": 1, "2 heads": 2, "8 heads": 8}
IN_THE_BLOCK = "no attention", "no feed-forward", "no LayerNorm", "no residual"
TWICE = "attention twice"    # no feed-forward but twice the blocks: as many parameters as the whole, nearly
VARIANTS = "whole", *HEADS, "no positions", *IN_THE_BLOCK, TWICE
BATCH, CLIP, RATES, SEEDS, UPDATES = 16, 1.0, (0.01, 0.02, 0.04), range(5), (125, 250, 500, 750, 1000)


def pieces() -> dict:
    """The stored table, `{"runs": …, "best": …, "parameters": …, "versions": …}`.

    `runs[variant][rate][seed]` is a list of pairs (validation, test), the losses in nats per character after each of
    `UPDATES`; variants are `VARIANTS`, rates the decimal strings of JSON's keys. `best[variant]` is the rate with the
    smallest mean validation loss in the end: all rates are tried with two seeds, the best with five.
    `parameters[variant]` counts a model's numbers.
    """
    return json.loads(TABLE.read_text(encoding="utf-8"))


class Same(Layer):
    """y = x, in the place of a layer that is left out."""

    def __init__(self, dtype=np.float32):
        super().__init__(dtype)

    def forward(self, x):
        """y of x's shape, no cache."""
        return x.copy(), None

    def backward(self, dy, cache):
        """dx, {}."""
        return dy, {}


class Block(EncoderBlock):
    """The library's block without one of its pieces, or whole where `variant` takes nothing from a block."""

    def __init__(self, *sizes, variant, **options):
        super().__init__(*sizes, **options)
        self.variant, parts = variant, {}
        if variant == "no LayerNorm":
            self.norm1, self.norm2 = Same(self.dtype), Same(self.dtype)
        if variant != "no attention":
            parts |= {"attention": self.attention.params, "norm1": self.norm1.params}
        if variant != "no feed-forward":
            parts |= {"feed_forward": self.feed_forward.params, "norm2": self.norm2.params}
        Layer.__init__(self, self.dtype, **join(**parts))

    def forward(self, x, mask=None, rng=None):
        """y (B, T, E), the caches of both sub-layers, None where one is left out."""
        attention_cache = feed_cache = None
        if self.variant != "no attention":
            x, attention_cache = self.residual(x, self.norm1, self.attention.forward, rng, mask=mask)
        if self.variant != "no feed-forward":
            x, feed_cache = self.residual(x, self.norm2, self.feed_forward.forward, rng, rng=rng)
        return x, (attention_cache, feed_cache)

    def backward(self, dx, cache):
        """dx (B, T, E), grads."""
        (attention_cache, feed_cache), parts = cache, {}
        if feed_cache is not None:
            (dx,), parts["feed_forward"], parts["norm2"] = self.residual_backward(
                dx, self.norm2, self.feed_forward.backward, feed_cache)
        if attention_cache is not None:
            (dx, _, _), parts["attention"], parts["norm1"] = self.residual_backward(
                dx, self.norm1, self.attention.backward, attention_cache)
        return dx, join(**parts)

    def residual(self, x, *arguments, **options):
        """y of x's shape, cache; without the residual connection x is taken away again."""
        y, cache = super().residual(x, *arguments, **options)
        return (y - x if self.variant == "no residual" else y), cache

    def residual_backward(self, dy, *arguments):
        """(dx, *dothers), f's grads, the norm's grads."""
        (dx, *dothers), *grads = super().residual_backward(dy, *arguments)
        return (dx - dy if self.variant == "no residual" else dx, *dothers), *grads


def new_model(variant, V, rng, dtype=np.float32) -> LanguageModel:
    """The running model or a variant of it, with fresh parameters."""
    check_choice("variant", variant, VARIANTS)
    model = LanguageModel(V, E, HEADS.get(variant, N), F, BLOCKS, rng=rng, dtype=dtype, positions="learned",
                          max_length=T)
    stack, tokens = model.stack, model.tokens
    if variant == "no positions":
        tokens.positions = None
        Layer.__init__(tokens, model.dtype, **join(embedding=tokens.embedding.params))
    if variant in (*IN_THE_BLOCK, TWICE):
        kind, count = ("no feed-forward", 2 * BLOCKS) if variant == TWICE else (variant, BLOCKS)
        stack.blocks = [Block(E, N, F, variant=kind, rng=rng, dtype=dtype) for _ in range(count)]
    if variant == "no LayerNorm":
        stack.norm = Same(model.dtype)
    Layer.__init__(stack, model.dtype, **join(blocks=[block.params for block in stack.blocks], norm=stack.norm.params))
    Layer.__init__(model, model.dtype, **join(tokens=tokens.params, stack=stack.params, output=model.output.params))
    return model


def windows(ids, starts=None):
    """Inputs and targets (B, T) from some places of a text, or of all its windows one after another."""
    if starts is None:
        starts = np.arange(0, len(ids) - T, T)
    window = ids[starts[:, None] + np.arange(T + 1)]
    return window[:, :-1], window[:, 1:]


def loss(model, ids) -> float:
    """The mean loss in nats per character of a text, read in windows of `T` characters."""
    x, y = windows(ids)
    return float(CrossEntropy().forward(model.forward(x)[0], y)[0])


def train(variant="whole", rate=0.01, seed=0, updates=UPDATES, *, until=None, judge=True):
    """The pairs of losses (validation, test) after each of `updates`, and the model; no pairs without `judge`.

    Every update reads `BATCH` windows from random places; the rate falls linearly to 0 at the last of `updates`.
    Training ends there, or after `until` updates. `seed` may be a random generator.
    """
    learn, *judged, V = splits()
    rng, found, last = np.random.default_rng(seed), [], max(updates)
    model = new_model(variant, V, rng)
    optimizer, cross_entropy = Adam(model.params, rate), CrossEntropy()
    for n in range(until or last):
        x, y = windows(learn, rng.integers(len(learn) - T, size=BATCH))
        logits, cache = model.forward(x)
        _, dlogits = loss_and_gradient(cross_entropy, logits, y)
        _, grads = model.backward(dlogits, cache)
        optimizer.lr = rate * (1 - n / last)
        optimizer.step(clip_grad_norm(grads, CLIP)[0])
        if n + 1 in updates and judge:
            found.append([round(loss(model, ids), 3) for ids in judged])
    return found, model


def tuned(variant) -> tuple:
    """All runs of a variant by learning rate, and the best rate: two seeds for each of `RATES` and, while the best is
    at an end, one more; all seeds for the best."""
    runs, best = widened(
        RATES, lambda rate: [train(variant, rate, seed)[0] for seed in SEEDS[:2]],
        lambda runs: min(runs, key=lambda rate: np.mean(runs[rate], axis=0)[-1, 0]))
    runs[best] += [train(variant, best, seed)[0] for seed in SEEDS[2:]]
    print(f"{variant:16}", best, np.mean(runs[best], axis=0)[-1].round(3), flush=True)
    return runs, best


def write(runs, best) -> None:
    """The table as JSON, a line for each learning rate."""
    blocks = [f'  "{name}": {{\n' + ",\n".join(f'   "{rate}": {json.dumps(found)}' for rate, found in rates.items())
              + "\n  }" for name, rates in runs.items()]
    *_, V = splits()
    sizes = {name: sum(array.size for array in new_model(name, V, np.random.default_rng(0)).params.values())
             for name in runs}
    others = {"best": {name: str(rate) for name, rate in best.items()}, "parameters": sizes,
              "versions": versions("numpy")}
    lines = ",\n".join(f' "{name}": {json.dumps(values)}' for name, values in others.items())
    TABLE.write_text('{\n "runs": {\n' + ",\n".join(blocks) + "\n },\n" + lines + "\n}\n", encoding="utf-8")


def main(names) -> None:
    for name in names:
        found, rate = tuned(name)
        kept = pieces() if TABLE.exists() else {"runs": {}, "best": {}}
        runs, best = kept["runs"] | {name: found}, kept["best"] | {name: rate}
        write({each: runs[each] for each in VARIANTS if each in runs}, best)


if __name__ == "__main__":
    main(sys.argv[1:] or VARIANTS)
