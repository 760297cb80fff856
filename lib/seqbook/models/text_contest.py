"""Four networks on the same text, each with its learning rate chosen on a validation split (chapter lstm/training).

    python -m seqbook.models.text_contest    # trains them all anew (some 15 CPU minutes), writes text_contest.json

A chapter reads the table with `text_contest()`, and trains one of the networks itself with `train`.
"""

import json
from pathlib import Path

import numpy as np

from seqbook.data import Vocabulary, documentation, rows
from seqbook.models.files import versions
from seqbook.scratch import (
    GRU, LSTM, RNN, Adam, CrossEntropy, Embedding, Linear, SequenceModel, clip_grad_norm, truncated_bptt,
)

TABLE = Path(__file__).with_suffix(".json")
NETWORKS = {"RNN": (RNN, 96), "wide RNN": (RNN, 190), "GRU": (GRU, 96), "LSTM": (LSTM, 96)}    # the layer and its H
RATES, SEEDS, PASSES = (0.002, 0.004, 0.008, 0.016, 0.032), range(5), (1, 2, 4)
FORGET_BIASES = (0.0, 1.0, 3.0)
D, CHUNK, BATCH, CLIP = 32, 32, 32, 1.0
JUDGED = 16    # the rows in which validation and test are read


def text_contest() -> dict:
    """The stored table, `{"networks": …, "forget_bias": …, "parameters": …, "versions": …}`.

    `networks[name][rate][seed][n]` is the pair of perplexities (validation, test) after `PASSES[n]` passes through the
    text; `forget_bias[b][seed]` is that of the LSTM after one pass at rate 0.016, its forget bias starting from b.
    Rates and biases are the decimal strings of JSON's keys. `parameters[name]` counts a network's numbers.
    """
    return json.loads(TABLE.read_text(encoding="utf-8"))


def splits():
    """The ids to learn from, those of the validation and of the test (the held-out topics), and V.

    Validation is the last tenth of the training topics; no network here learns from it.
    """
    text = documentation()
    vocabulary = Vocabulary([text.train])
    ids = vocabulary.encode(text.train)
    cut = len(ids) * 9 // 10
    return ids[:cut], ids[cut:], vocabulary.encode(text.test), len(vocabulary)


def new_network(name, V, rng, forget_bias=1.0) -> SequenceModel:
    """A network of the contest with fresh parameters."""
    layer, H = NETWORKS[name]
    model = SequenceModel(Embedding(V, D, rng=rng), layer(D, H, rng=rng), Linear(H, V, rng=rng))
    if layer is LSTM:
        model.recurrent.params["bias"][H:2 * H] = forget_bias
    return model


def train(name, rate, seed, passes, forget_bias=1.0):
    """The pairs of perplexities (validation, test) after each of `passes`, such as (1, 2, 4)."""
    learn, *judged, V = splits()
    model = new_network(name, V, np.random.default_rng(seed), forget_bias)
    optimizer, step, found = Adam(model.params, rate), model.training_step(CrossEntropy()), []
    x, y = rows(learn, BATCH)
    for n in range(1, max(passes) + 1):
        for chunk in truncated_bptt(step, x, y, chunk=CHUNK):
            optimizer.step(clip_grad_norm(chunk.grads, CLIP)[0])
        if n in passes:
            found.append([round(perplexity(model, ids), 3) for ids in judged])
    return found


def perplexity(model, ids) -> float:
    """exp of the mean loss per character, of `ids` read in `JUDGED` rows, each from a zero state."""
    x, y = rows(ids, JUDGED)
    (outputs, _), _ = model.forward(x)
    return float(np.exp(CrossEntropy().forward(outputs, y)[0]))


def write(networks, forget_bias) -> None:
    """The table as JSON, a line for each learning rate."""
    blocks = [f'  "{name}": {{\n' + ",\n".join(f'   "{rate}": {json.dumps(runs)}' for rate, runs in rates.items())
              + "\n  }" for name, rates in networks.items()]
    biases = ",\n".join(f'  "{bias}": {json.dumps(runs)}' for bias, runs in forget_bias.items())
    *_, V = splits()
    sizes = {name: sum(array.size for array in new_network(name, V, np.random.default_rng(0)).params.values())
             for name in NETWORKS}
    TABLE.write_text('{\n "networks": {\n' + ",\n".join(blocks) + '\n },\n "forget_bias": {\n' + biases
                     + f'\n }},\n "parameters": {json.dumps(sizes)},\n'
                     + f' "versions": {json.dumps(versions("numpy"))}\n}}\n', encoding="utf-8")


def main() -> None:
    networks = {}
    for name in NETWORKS:
        networks[name] = {rate: [train(name, rate, seed, PASSES) for seed in SEEDS] for rate in RATES}
        for rate, runs in networks[name].items():
            valid = np.mean(runs, axis=0)[:, 0]
            print(f"{name:8}  {rate}: validation after {PASSES} passes", valid.round(2), flush=True)
    write(networks, {bias: [train("LSTM", 0.016, seed, (1,), bias)[0] for seed in SEEDS] for bias in FORGET_BIASES})


if __name__ == "__main__":
    main()
