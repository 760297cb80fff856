"""Spaces put back by readers from the left, from the right, from both sides, and late (chapter rnn/bidirectional).

    python -m seqbook.models.both_sides    # trains them all anew (some 15 CPU minutes), writes both_sides.json

A chapter reads the table with `both_sides()`, and trains one of the readers itself with `train`.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np

from seqbook.data import Vocabulary, batches, spacing, unspaced
from seqbook.data.spacing import LANGUAGES
from seqbook.models.files import versions
from seqbook.scratch import RNN, Adam, Bidirectional, CrossEntropy, Embedding, Linear, SequenceModel, fit

TABLE = Path(__file__).with_suffix(".json")
READERS = "forward", "backward", "concatenated", "summed", "delayed 1", "delayed 2", "delayed 4", "delayed 8"
RATES, SEEDS = (0.004, 0.008, 0.016, 0.032, 0.064), range(5)
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


def padded_batches(reader, phrases, vocabulary):
    """All phrases `arranged` and cut into batches `((ids, lengths), targets)` of phrases about equally long."""
    pairs = [arranged(reader, vocabulary.encode(letters), spaces) for letters, spaces in map(unspaced, phrases)]
    pairs.sort(key=lambda pair: len(pair[0]))
    return [((ids, lengths), targets) for (ids, lengths), (targets, _) in batches(
        [ids for ids, _ in pairs], [targets for _, targets in pairs], batch_size=BATCH, fill=(0, IGNORED))]


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
    groups, step = padded_batches(reader, learn, vocabulary), model.training_step(CrossEntropy())

    def loss_and_grads(batch):
        (ids, lengths), targets = batch
        loss, grads, _ = step(ids, targets, lengths=lengths)
        return loss, grads
    steps = EPOCHS[language] * len(groups)
    fit(loss_and_grads, Adam(model.params), lambda _: [groups[n] for n in rng.permutation(len(groups))],
        epochs=EPOCHS[language], clip=CLIP, progress=progress, schedule=lambda n: rate * (1 - n / steps))
    return model, vocabulary


def error(model, reader, phrases, vocabulary) -> float:
    """The share of gaps, in percent, where the larger score says the wrong thing."""
    wrong = gaps = 0
    for (ids, lengths), targets in padded_batches(reader, phrases, vocabulary):
        (outputs, _), _ = model.forward(ids, lengths=lengths)
        counted = targets != IGNORED
        wrong += np.count_nonzero((outputs.argmax(axis=-1) != targets) & counted)
        gaps += np.count_nonzero(counted)
    return 100 * wrong / gaps


def never(phrases) -> float:
    """The error of whoever never puts a space: the share of gaps, in percent, that are spaces."""
    spaces = [unspaced(phrase)[1] for phrase in phrases]
    return 100 * sum(each.sum() for each in spaces) / sum(len(each) - 1 for each in spaces)


def counting(language, lefts, rights):
    """The errors (2, left, right) in percent, of validation and test, of a table that counts windows of letters.

    A gap's window is the `left` letters before it and the `right` ones after it. The answer is what stood more often at
    gaps with these letters; windows never seen are looked up one letter shorter on both sides, in the end as no space.
    """
    learn, *judged = map(laid_out, splits(language))

    @cache
    def votes(left, right):
        """Each window seen in training once, and by how many times a space was more frequent there."""
        known, which = np.unique(windows(learn, left, right), return_inverse=True)
        return known, np.bincount(which, 2 * learn[2] - 1)

    @cache
    def answers(part, left, right):
        if left + right == 0:
            return np.zeros(len(judged[part][1]), dtype=bool)
        known, vote = votes(left, right)
        asked = windows(judged[part], left, right)
        found = np.searchsorted(known, asked).clip(max=len(known) - 1)
        return np.where(known[found] == asked, vote[found] > 0, answers(part, max(left - 1, 0), max(right - 1, 0)))
    return np.array([[[100 * np.mean(answers(part, left, right) != judged[part][2]) for right in rights]
                      for left in lefts] for part in range(2)])


def laid_out(phrases):
    """All letters in one row of codes, six zeros between phrases; the place of each gap's left letter; the truth."""
    pairs = [unspaced(phrase) for phrase in phrases]
    apart = "\0" * 6
    codes = np.array([ord(letter) for letter in apart + apart.join(letters for letters, _ in pairs) + apart])
    gaps = np.flatnonzero((codes[:-1] > 0) & (codes[1:] > 0))
    return codes, gaps, np.concatenate([spaces[:-1] for _, spaces in pairs])


def windows(laid, left, right):
    """The window of each gap as one string of its letters, (N,); six letters a side at most."""
    codes, gaps, _ = laid
    letters = codes[gaps[:, None] + np.arange(1 - left, right + 1)].astype(np.uint32)    # (N, left+right)
    return np.ascontiguousarray(letters + 1).view(f"U{left + right}")[:, 0]


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
    write(errors, {"never": baselines, "parameters": parameters, "versions": versions("numpy", "babel")})


def write(errors, rest) -> None:
    """The table as JSON, a line for each learning rate."""
    block = lambda values, inner: "{\n" + ",\n".join(f'"{key}": {inner(value)}' for key, value in values.items()) + "}"
    text = block(errors, lambda readers: block(readers, lambda rates: block(rates, json.dumps)))
    TABLE.write_text('{"errors": ' + text + ",\n" + json.dumps(rest)[1:] + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
