"""What the running model's heads are for, found by erasing them, and how many can go (chapter transformer/multi-head).

    python -m seqbook.models.heads    # trains four models anew (some 4 CPU minutes), writes heads.json

A chapter reads the table with `heads()`, and does the same with the model "transformer".
"""

import json
from pathlib import Path

import numpy as np

from seqbook.data import Vocabulary, documentation
from seqbook.models import pieces, transformer
from seqbook.models.files import versions
from seqbook.models.text_contest import splits
from seqbook.models.trained import load
from seqbook.scratch import Adam, CrossEntropy, clip_grad_norm, log_softmax
from seqbook.scratch.losses import loss_and_gradient

TABLE = Path(__file__).with_suffix(".json")
SEEDS, REMOVED = range(5), (0, 1, 2, 4)       # heads that are gone before the rest trains on
UPDATES, RATE = 300, 0.003                    # of training on
KINDS = "all", "first letter", "later letter", "end of word", "repeat", "closing", "asterisk"


def heads() -> dict:
    """The stored table, `{"costs": …, "removed": …, "trained_on": …, "versions": …}`, by seed in every list.

    `costs[seed][half][block][head]` are the nats that erasing this head alone costs for each of `KINDS`, half 0 on the
    validation text and 1 on the test; `removed[seed]` the test losses with 0, 1, … 8 heads gone, the cheapest on the
    validation text first; `trained_on[seed]` those with `REMOVED` heads gone after `UPDATES` further updates.
    """
    return json.loads(TABLE.read_text(encoding="utf-8"))


def kinds(x, y, characters) -> dict:
    """For each of `KINDS` where the next characters y (B, T) of windows x (B, T) are of this kind: booleans (B, T).

    A letter may be the first of a word or a later one, and what is no letter may follow a word's end. "repeat": a later
    letter whose three predecessors stand earlier in the window, followed by the same letter; "closing": a quotation
    mark or bracket that ends what another has begun; "asterisk": one after another, as in the lines under headings.
    """
    letter = np.array([character.isalnum() or character == "_" for character in characters])
    asterisk = np.array([character == "*" for character in characters])
    closing, later, repeat = np.zeros(x.shape, bool), letter[y] & letter[x], np.zeros(x.shape, bool)
    for b, (ids, target) in enumerate(zip(x, y)):
        text = "".join(characters[i] for i in ids)
        for t in range(len(text)):
            before, character = text[:t + 1], characters[target[t]]
            if t >= 3 and letter[ids[t - 2:t + 1]].all() and (at := before.rfind(before[-3:], 0, t)) >= 0:
                repeat[b, t] = later[b, t] and before[at + 3] == character
            opening = {")": "(", "]": "["}.get(character)
            closing[b, t] = (before.count('"') % 2 == 1 if character == '"'
                             else opening is not None and before.count(opening) > before.count(character))
    return dict(zip(KINDS, (np.ones(x.shape, bool), letter[y] & ~letter[x], later, ~letter[y] & letter[x],
                            repeat, closing, asterisk[x] & asterisk[y])))


def losses(model, x, y) -> np.ndarray:
    """-log p of each next character, (B, T)."""
    log_p = log_softmax(model.forward(x)[0].astype(np.float64))
    return -np.take_along_axis(log_p, y[..., None], axis=-1)[..., 0]


def erase(model, block, head, x) -> None:
    """Take a head out of the model for good: only its mean output over the windows x stays, in the bias."""
    _, cache = model.forward(x)
    merged = cache.stack.blocks[block].attention.sublayer.output.x       # (B, T, E), all heads side by side
    attention = model.stack.blocks[block].attention
    weight, bias = attention.output.params.values()
    own = np.arange(attention.model_size).reshape(attention.heads, -1)[head]
    bias += weight[:, own] @ merged[..., own].mean(axis=(0, 1))
    weight[:, own] = 0


def every_head(model) -> list:
    """(block, head) of all heads."""
    return [(b, n) for b, block in enumerate(model.stack.blocks) for n in range(block.attention.heads)]


def costs(model, ids, characters) -> dict:
    """What erasing one head alone costs on a text, in nats for each of `KINDS`: (block, head) → list."""
    x, y = pieces.windows(ids)
    masks, before, saved, found = kinds(x, y, characters), losses(model, x, y), model.params.copy(), {}
    for block, head in every_head(model):
        erase(model, block, head, x)
        risen = losses(model, x, y) - before
        found[block, head] = [round(float(risen[mask].mean()), 3) for mask in masks.values()]
        model.params.update(saved)
    return found


def train_on(model, gone, rng) -> None:
    """`UPDATES` further updates of a model from which the heads in `gone`, pairs (block, head), have been erased."""
    learn, *_ = splits()
    optimizer, cross_entropy = Adam(model.params, RATE), CrossEntropy()
    for n in range(UPDATES):
        x, y = pieces.windows(learn, rng.integers(len(learn) - pieces.T, size=pieces.BATCH))
        logits, cache = model.forward(x)
        _, grads = model.backward(loss_and_gradient(cross_entropy, logits, y)[1], cache)
        for block, head in gone:    # W_o's columns of an erased head stay 0
            K = pieces.E // pieces.N
            grads[f"stack.blocks.{block}.attention.output.weight"][:, head * K:(head + 1) * K] = 0
        optimizer.lr = RATE * (1 - n / UPDATES)
        optimizer.step(clip_grad_norm(grads, pieces.CLIP)[0])


def trained(seed):
    """The model "transformer" for seed 0, for others one trained in the same way."""
    if seed == 0:
        return load("transformer").network
    return pieces.train("whole", transformer.RATE, seed, (transformer.UPDATES,), judge=False)[1]


def examined(model, seed) -> tuple:
    """(costs on validation and test, losses as heads are removed, losses after training on) of a model."""
    _, valid, test, _ = splits()
    characters = Vocabulary([documentation().train]).characters
    both = [costs(model, ids, characters) for ids in (valid, test)]
    order = sorted(both[0], key=lambda head: both[0][head][0])
    removed, trained_on, x = [], [], pieces.windows(valid)[0]
    for count in range(len(order) + 1):
        removed.append(round(pieces.loss(model, test), 3))
        if count in REMOVED:
            now = model.params.copy()
            train_on(model, order[:count], np.random.default_rng(seed))
            trained_on.append(round(pieces.loss(model, test), 3))
            model.params.update(now)
        if count < len(order):
            erase(model, *order[count], x)
    shaped = [[[half[b, n] for n in range(pieces.N)] for b in range(pieces.BLOCKS)] for half in both]
    return shaped, removed, trained_on


def write(results) -> None:
    """The table as JSON, a line for each seed; `results` are those of `examined`."""
    found = dict(zip(("costs", "removed", "trained_on"), zip(*results)))
    lines = [f' "{name}": [\n  ' + ",\n  ".join(map(json.dumps, runs)) + "\n ]" for name, runs in found.items()]
    lines.append(f' "versions": {json.dumps(versions("numpy"))}')
    TABLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def main() -> None:
    results = []
    for seed in SEEDS:
        results.append(examined(trained(seed), seed))
        print(seed, *results[-1][1:], flush=True)
    write(results)


if __name__ == "__main__":
    main()
