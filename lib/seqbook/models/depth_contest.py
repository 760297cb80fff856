"""Where depth can be added to a recurrent network, at equal parameters, on the same text (chapter rnn/deep).

    python -m seqbook.models.depth_contest    # trains them all anew (some 20 CPU minutes), writes depth_contest.json

A chapter reads the table with `depth_contest()`, and trains one of the networks itself with `train`.
"""

import json
from pathlib import Path

import numpy as np

from seqbook.data import rows
from seqbook.models.files import versions
from seqbook.models.rates import widened
from seqbook.models.text_contest import BATCH, CHUNK, CLIP, D, perplexity, splits
from seqbook.scratch import (
    RNN, Adam, CrossEntropy, DeepTransitionRNN, Embedding, Linear, Sequential, SequenceModel, Stacked, Tanh,
    clip_grad_norm, truncated_bptt,
)

TABLE = Path(__file__).with_suffix(".json")
WIDTH = 96    # of the shallow network, whose number of parameters no other exceeds
DEPTHS = range(1, 7)
NETWORKS = (
    *(str(depth) for depth in DEPTHS), *(f"{depth} skips" for depth in DEPTHS[1:]),    # stacks
    "6 gain 1.7", "6 gain 3", "6 gain 5",    # no skips, but larger initial weights from layer to layer
    "deep input", "deep transition", "deep transition, skips", "deep output",
)
RATES, SEEDS, UPDATES = (0.004, 0.008, 0.016), range(5), (32, 64, 128, 256, 512)
LONGER = {"1": 1020, "3 skips": 765}    # updates that take about the same time: the text four times, three times


def depth_contest() -> dict:
    """The stored table, `{"networks": …, "best": …, "width": …, "parameters": …, "versions": …}`.

    `networks[name][rate][seed]` is a list of pairs (validation, test), the losses in nats per character after each of
    `UPDATES`; names are `NETWORKS`, rates the decimal strings of JSON's keys. `best[name]` is the rate with the
    smallest mean validation loss in the end, `width[name]` is H, `parameters[name]` counts a network's numbers.
    `longer[name][seed]` is the pair of a network of `LONGER`, at its best rate, after that many updates.
    """
    return json.loads(TABLE.read_text(encoding="utf-8"))


def new_network(name, V, H, rng) -> SequenceModel:
    """A network of the contest with fresh parameters and H hidden units in each layer."""
    first, recurrent, output = Embedding(V, D, rng=rng), None, None
    if name == "deep input":
        first = Sequential([first, Linear(D, H, rng=rng), Tanh()])
        recurrent = RNN(H, H, rng=rng)
    elif name.startswith("deep transition"):
        recurrent = DeepTransitionRNN(D, H, 2, skips="skips" in name, rng=rng)
    elif name == "deep output":
        recurrent = RNN(D, H, rng=rng)
        output = Sequential([Linear(H, H, rng=rng), Tanh(), Linear(H, V, rng=rng)])
    else:
        depth, *words = name.split()
        layers = [RNN(D if number == 0 else H, H, rng=rng) for number in range(int(depth))]
        for layer in layers[1:]:
            layer.params["weight_ih"] *= float(words[1]) if "gain" in words else 1.0
        recurrent = Stacked(layers, skips="skips" in name)
    return SequenceModel(first, recurrent, output or Linear(H, V, rng=rng))


def size(model) -> int:
    """How many numbers a model learns."""
    return sum(array.size for array in model.params.values())


def width(name, V) -> int:
    """The largest H with which a network has no more parameters than the shallow one of `WIDTH` units."""
    def parameters(name, H):
        return size(new_network(name, V, H, np.random.default_rng(0)))
    most, H = parameters("1", WIDTH), 1
    while parameters(name, H + 1) <= most:
        H += 1
    return H


def train(name, rate, seed, updates=UPDATES, judge=True):
    """The pairs of losses (validation, test) after each of `updates`, and the model; no pairs without `judge`."""
    learn, *judged, V = splits()
    model = new_network(name, V, width(name, V), np.random.default_rng(seed))
    optimizer, step, found, n = Adam(model.params, rate), model.training_step(CrossEntropy()), [], 0
    x, y = rows(learn, BATCH)
    while n < max(updates):
        for chunk in truncated_bptt(step, x, y, chunk=CHUNK):
            optimizer.step(clip_grad_norm(chunk.grads, CLIP)[0])
            n += 1
            if n in updates and judge:
                found.append([round(float(np.log(perplexity(model, ids))), 3) for ids in judged])
            if n == max(updates):
                break
    return found, model


def tuned(name) -> tuple:
    """All runs of a network by learning rate, and the best rate: `RATES` and, while the best is at an end, one more."""
    def chosen(runs):
        valid = {rate: float(np.mean(found, axis=0)[-1, 0]) for rate, found in runs.items()}
        print(f"{name:24}", {rate: round(loss, 3) for rate, loss in sorted(valid.items())}, flush=True)
        return min(valid, key=valid.get)

    return widened(RATES, lambda rate: [train(name, rate, seed)[0] for seed in SEEDS], chosen)


def write(networks, best, longer) -> None:
    """The table as JSON, a line for each learning rate."""
    blocks = [f'  "{name}": {{\n' + ",\n".join(f'   "{rate}": {json.dumps(runs)}' for rate, runs in rates.items())
              + "\n  }" for name, rates in networks.items()]
    *_, V = splits()
    widths = {name: width(name, V) for name in networks}
    sizes = {name: size(new_network(name, V, H, np.random.default_rng(0))) for name, H in widths.items()}
    others = {"best": {name: str(rate) for name, rate in best.items()}, "width": widths, "parameters": sizes,
              "longer": longer,
              "versions": versions("numpy")}
    lines = ",\n".join(f' "{name}": {json.dumps(values)}' for name, values in others.items())
    TABLE.write_text('{\n "networks": {\n' + ",\n".join(blocks) + "\n },\n" + lines + "\n}\n", encoding="utf-8")


def main() -> None:
    networks, best = {}, {}
    for name in NETWORKS:
        networks[name], best[name] = tuned(name)
    write(networks, best, {name: [train(name, best[name], seed, updates=(updates,))[0][0] for seed in SEEDS]
                           for name, updates in LONGER.items()})


if __name__ == "__main__":
    main()
