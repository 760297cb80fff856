"""Spaces put back by readers from the left, from the right, from both sides, and late (chapter rnn/bidirectional).

    python -m seqbook.models.both_sides    # trains them all anew (some 15 CPU minutes), writes both_sides.json

A chapter reads the table with `both_sides()`, and trains one of the readers itself with `train`.
"""

import json
import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np

from seqbook.data import Vocabulary, batches, spacing, unspaced
from seqbook.data.spacing import LANGUAGES
from seqbook.scratch import RNN, Adam, Bidirectional, CrossEntropy, Embedding, Linear, SequenceModel, fit

TABLE = Path(__file__).with_suffix(".json")
READERS = "forward", "backward", "concatenated", "summed", "delayed 1", "delayed 2", "delayed 4", "delayed 8"
RATES, SEEDS = (0.008, 0.016, 0.032, 0.064), range(5)
D, BATCH, CLIP, EPOCHS = 16, 32, 1.0, {"en": 8, "ko": 12}
SIZES = {"concatenated": 43, "summed": 43}    # each of two layers; 64 for one layer has as many parameters
IGNORED = CrossEntropy().ignore_index


def both_sides() -> dict:
    """The stored table, `{"errors": …, "never": …, "parameters": …, "versions": …}`.

    `errors[language][reader][rate][seed]` is the pair (validation, test) of gaps that are wrong, in percent; rates are
    the decimal strings of JSON's keys. `never[language]` is the same pair for whoever never puts a space, and
    `parameters[language][reader]` counts a network's numbers.
    """
    return json.loads(TABLE.read_text(encoding="utf-8"))


def splits(language):
    """The phrases to learn from, those of the validation (one in ten of the training phrases), those of the test."""
    data = spacing(language)
    return [phrase for n, phrase in enumerate(data.train) if n % 10], data.train[::10], data.test


def delay(reader) -> int:
    """How many letters past the gap a reader has seen when it answers: 4 for "delayed 4", 0 for the others."""
    return int(reader.split()[1]) if reader.startswith("delayed") else 0


def arranged(reader, ids, spaces):
    """A phrase as this reader is given it: ids (T,) and targets (T,), k steps longer for a delay of k.

    After the last letter there is no gap, so nothing counts there. The reader from the right is the same network on
    the reversed phrase, the late one has its targets moved back by k steps and k empty inputs (id 0) at the end.
    """
    targets, k = np.append(spaces[:-1], IGNORED), delay(reader)
    if reader == "backward":
        return ids[::-1], targets[::-1]
    return np.append(ids, np.zeros(k, int)), np.append(np.full(k, IGNORED), targets)


def examples(reader, phrases, vocabulary):
    """All phrases `arranged`: the list of their ids and the list of their targets."""
    pairs = [arranged(reader, vocabulary.encode(letters), spaces) for letters, spaces in map(unspaced, phrases)]
    return [ids for ids, _ in pairs], [targets for _, targets in pairs]


def new_network(reader, V, rng) -> SequenceModel:
    """A reader with fresh parameters: outputs (B, T, 2), the scores of "no space" and of "space"."""
    H, options = SIZES.get(reader, 64), {"rng": rng}
    recurrent = RNN(D, H, **options)
    if reader in SIZES:
        recurrent = Bidirectional(recurrent, RNN(D, H, **options),
                                  merge="sum" if reader == "summed" else "concatenate")
    return SequenceModel(Embedding(V, D, **options), recurrent, Linear(recurrent.output_size, 2, **options))


def train(language, reader, rate, seed, progress=False):
    """A trained reader and its vocabulary; the rate falls linearly to 0."""
    learn, *_ = splits(language)
    vocabulary, rng = Vocabulary(phrase.replace(" ", "") for phrase in learn), np.random.default_rng(seed)
    model = new_network(reader, len(vocabulary), rng)
    columns, step = examples(reader, learn, vocabulary), model.training_step(CrossEntropy())

    def loss_and_grads(batch):
        (ids, lengths), (targets, _) = batch
        loss, grads, _ = step(ids, targets, lengths=lengths)
        return loss, grads
    steps = EPOCHS[language] * -(-len(learn) // BATCH)
    fit(loss_and_grads, Adam(model.params), lambda _: batches(*columns, batch_size=BATCH, rng=rng, fill=(0, IGNORED)),
        epochs=EPOCHS[language], clip=CLIP, progress=progress, schedule=lambda n: rate * (1 - n / steps))
    return model, vocabulary


def error(model, reader, phrases, vocabulary) -> float:
    """The share of gaps, in percent, where the larger score says the wrong thing."""
    wrong = gaps = 0
    for (ids, lengths), (targets, _) in batches(*examples(reader, phrases, vocabulary), batch_size=100,
                                                fill=(0, IGNORED)):
        (outputs, _), _ = model.forward(ids, lengths=lengths)
        counted = targets != IGNORED
        wrong += np.count_nonzero((outputs.argmax(axis=-1) != targets) & counted)
        gaps += np.count_nonzero(counted)
    return 100 * wrong / gaps


def never(phrases) -> float:
    """The error of whoever never puts a space: the share of gaps, in percent, that are spaces."""
    spaces = [unspaced(phrase)[1] for phrase in phrases]
    return 100 * sum(each.sum() for each in spaces) / sum(len(each) - 1 for each in spaces)


def run(language, reader, rate, seed):
    """The pair (validation, test) of one trained reader."""
    model, vocabulary = train(language, reader, rate, seed)
    _, *judged = splits(language)
    return [round(error(model, reader, phrases, vocabulary), 3) for phrases in judged]


def main() -> None:
    errors, parameters = {}, {}
    for language in LANGUAGES:
        learn, *_ = splits(language)
        V = len(Vocabulary(phrase.replace(" ", "") for phrase in learn))
        parameters[language] = {reader: sum(array.size for array in new_network(
            reader, V, np.random.default_rng(0)).params.values()) for reader in READERS}
        errors[language] = {}
        for reader in READERS:
            errors[language][reader] = {str(rate): [run(language, reader, rate, seed) for seed in SEEDS]
                                        for rate in RATES}
            for rate, runs in errors[language][reader].items():
                print(f"{language} {reader:12} {rate}: (validation, test)", np.mean(runs, axis=0).round(2), flush=True)
    baselines = {language: [round(never(phrases), 3) for phrases in splits(language)[1:]] for language in LANGUAGES}
    write(errors, {"never": baselines, "parameters": parameters, "versions": {
        "python": platform.python_version(), "numpy": version("numpy"), "babel": version("babel")}})


def write(errors, rest) -> None:
    """The table as JSON, a line for each learning rate."""
    block = lambda values, inner: "{\n" + ",\n".join(f'"{key}": {inner(value)}' for key, value in values.items()) + "}"
    text = block(errors, lambda readers: block(readers, lambda rates: block(rates, json.dumps)))
    TABLE.write_text('{"errors": ' + text + ",\n" + json.dumps(rest)[1:] + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
