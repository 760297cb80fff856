"""Small encoder–decoders on Korean dates, compared at equal parameters (chapter rnn/encoder-decoder).

    python -m seqbook.models.date_contest    # trains them all anew (some 15 CPU minutes), writes date_contest.json

A chapter reads the table with `date_contest()`, and trains one of the networks itself with `train`.
"""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seqbook.data import Vocabulary, batches, dates, pad
from seqbook.models.files import versions
from seqbook.models.iso import END, LABELS, START, target_ids, tokens_before
from seqbook.models.tables import write_table
from seqbook.scratch import (
    GRU, Adam, CrossEntropy, Decoder, Encoder, Seq2Seq, beam, fit, greedy, log_softmax, sample, softmax,
)
from seqbook.scratch.losses import loss_and_gradient

TABLE = Path(__file__).with_suffix(".json")
TRAIN, VALID, TEST = 20_000, 1_000, 1_000
E, BATCH, EPOCHS, CLIP = 32, 64, 2, 1.0      # E: size of the embeddings
SIZES = {"start": 64, "every step": 54, "both": 54}    # where c enters, and the H that makes parameters equal
RATES, RATE, SEEDS = (0.01, 0.02, 0.04), 0.01, range(5)
FEEDBACK = {"truth": 0.0, "half": 0.5, "own": 1.0}     # the share of its own tokens that the decoder reads in training
COUNTS = 1, 2    # dates in one text
WIDTHS, TEMPERATURES = (1, 2, 3, 4, 6, 8), (0.25, 0.5, 1.0, 1.5, 2.0)


class Task(NamedTuple):
    """Texts and what to write: `ids` a list of arrays (S,), `targets` (N, T), the end included."""

    ids: list
    targets: np.ndarray


def date_contest() -> dict:
    """The stored table; rates and the like are the decimal strings of JSON's keys, the innermost lists go by seed.

    `placement[where][rate]` and `backward[rate]` hold pairs of shares written exactly (validation, test);
    `several[reading][count]` the share of wrong (year, month, day) of each of `count` dates in one text;
    `feedback[kind]` (exact, right after the first error with the truth fed back, and with own tokens fed back);
    `widths[width]` (mean log-probability of the best found, exact, truth among the kept, truth likelier than the best);
    `temperatures[T]` (exact, written with ten characters). `parameters[where]` counts a network's numbers.
    """
    return json.loads(TABLE.read_text(encoding="utf-8"))


@cache
def splits(count=1):
    """(training, validation, test) as `Task`s, and V: texts of `count` dates, joined by commas where there are more.

    Of 2,000 texts of held-out days the first half is the test, the rest validation. Several dates are drawn at random
    from those of a split.
    """
    pairs = dates("ko", train=TRAIN, test=TEST + VALID)
    vocabulary = Vocabulary([text + "," for text, _ in pairs.train])
    tasks = []
    for n, part in enumerate((pairs.train, pairs.test[TEST:], pairs.test[:TEST])):
        if count > 1:
            drawn = np.random.default_rng([count, n]).integers(len(part), size=(len(part), count))
            part = [[", ".join(part[i][0] for i in row), "-".join(part[i][1] for i in row)] for row in drawn]
        tasks.append(Task([vocabulary.encode(text) for text, _ in part], target_ids([iso for _, iso in part])))
    return *tasks, len(vocabulary)


def new_network(where, V, rng) -> Seq2Seq:
    """An encoder and a decoder of GRUs; c enters the decoder at the "start", at "every step" or at "both".

    The update gates' biases start from 2, so that states change slowly at first.
    """
    H, context_size = SIZES[where], 0 if where == "start" else SIZES[where]
    encoder = Encoder(V, GRU(E, H, rng=rng), rng=rng)
    decoder = Decoder(len(LABELS), GRU(E + context_size, H, rng=rng), rng=rng, context_size=context_size)
    for layer in (encoder.recurrent, decoder.recurrent):
        layer.params["bias"][H:2 * H] = 2
    return Seq2Seq(encoder, decoder, pass_state=where != "every step")


def fed_back(model, source, lengths, targets, own, rng):
    """What the decoder reads (B, T) if each token is with probability `own` one that it has drawn itself."""
    tokens, state = np.full(len(source), START), model.start(source, lengths)
    read = [tokens]
    for truth in targets.T[:-1]:
        logits, state = model.step(tokens[:, None], state)
        drawn = softmax(logits[:, -1].astype(np.float64)).cumsum(axis=-1) > rng.random((len(source), 1))
        tokens = np.where(rng.random(len(source)) < own, drawn.argmax(axis=-1), truth)
        read.append(tokens)
    return np.stack(read, axis=1)


def train(where="start", rate=RATE, seed=0, epochs=EPOCHS, *, count=1, backward=False, own=0.0) -> Seq2Seq:
    """A network that has learned to write dates. `count`: dates in one text; for the others see `learn`."""
    rng, (task, _, _, V) = np.random.default_rng(seed), splits(count)
    return learn(new_network(where, V, rng), task, rate, rng, epochs, backward=backward, own=own)


def learn(model, task, rate, rng, epochs=EPOCHS, *, backward=False, own=0.0) -> Seq2Seq:
    """`model` after `epochs` passes over the texts of `task`, with a learning rate that falls linearly to 0.

    Texts of about the same length make a batch. `backward`: texts are read from their last character; `own`: see
    `fed_back`.
    """
    cross_entropy = CrossEntropy()
    ids = [text[::-1] for text in task.ids] if backward else task.ids
    sizes, steps = np.array([len(text) for text in ids]), epochs * -(-len(ids) // BATCH)

    def loss_and_grads(batch):
        (source, lengths), targets = batch
        read = fed_back(model, source, lengths, targets, own, rng) if own else tokens_before(targets)
        logits, cache = model.forward(source, read, lengths)
        loss, dlogits = loss_and_gradient(cross_entropy, logits, targets)
        return loss, model.backward(dlogits, cache)[1]

    def epoch_batches(_):
        order = np.argsort(sizes + 3 * rng.random(len(ids)))
        groups = np.split(order, range(BATCH, len(order), BATCH))
        for g in rng.permutation(len(groups)):
            yield from batches([ids[n] for n in groups[g]], task.targets[groups[g]], batch_size=BATCH)

    fit(loss_and_grads, Adam(model.params, rate), epoch_batches, epochs=epochs, clip=CLIP, progress=False,
        schedule=lambda step: rate * (1 - step / steps))
    return model


def padded(task, backward=False):
    """A task's texts as (ids (N, S), lengths (N,))."""
    return pad([ids[::-1] for ids in task.ids] if backward else task.ids)


def write_greedily(model, task, backward=False):
    """The tokens (N, T) that the model writes, as many as the targets have."""
    T = task.targets.shape[1]
    ids = greedy(model.step, model.start(*padded(task, backward)), np.full(len(task.ids), START), end=END,
                 max_length=T).ids
    return np.pad(ids, ((0, 0), (0, T - ids.shape[1])), constant_values=END)


def exact(model, task, backward=False) -> float:
    """The share of texts whose every token is right, the end included."""
    return float((write_greedily(model, task, backward) == task.targets).all(axis=1).mean())


def wrong_fields(model, task, count, backward=False):
    """The share of wrong (year, month, day) of each date, (count, 3)."""
    right = (write_greedily(model, task, backward) == task.targets).reshape(len(task.ids), count, 11)
    return [[round(float(1 - right[:, n, a:b].all(axis=-1).mean()), 4) for a, b in ((0, 4), (5, 7), (8, 10))]
            for n in range(count)]


def after_first_error(model, task):
    """(exact, the share of tokens right after the first wrong one the truth fed back, own tokens fed back)."""
    source, lengths = padded(task)
    forced = model.forward(source, tokens_before(task.targets), lengths)[0].argmax(axis=-1) == task.targets
    free = write_greedily(model, task) == task.targets
    wrong = ~forced.all(axis=1)
    later = np.arange(forced.shape[1]) > forced[wrong].argmin(axis=1)[:, None]
    return [round(float(share), 4) for share in (free.all(axis=1).mean(), forced[wrong][later].mean(),
                                                 free[wrong][later].mean())]


def truth_log_prob(model, task):
    """The log-probability (N,) of each target."""
    source, lengths = padded(task)
    log_probs = log_softmax(model.forward(source, tokens_before(task.targets), lengths)[0].astype(np.float64))
    return np.take_along_axis(log_probs, task.targets[..., None], axis=-1)[..., 0].sum(axis=1)


def searched(model, task, width):
    """(mean log-probability of the best found, exact, truth among the kept, truth likelier than the best found)."""
    N, T = task.targets.shape
    found = beam(model.step, model.start(*padded(task)), np.full(N, START), end=END, max_length=T + 1, width=width,
                 length_penalty=0)
    targets = np.pad(task.targets, ((0, 0), (0, found.ids.shape[-1] - T)), constant_values=END)
    same = (found.ids == targets[:, None]).all(axis=-1)    # (N, W)
    missed = truth_log_prob(model, task) > found.log_prob[:, 0] + 1e-4
    return [round(float(value.mean()), 4) for value in (found.log_prob[:, 0], same[:, 0], same.any(axis=1), missed)]


def drawn(model, task, temperature):
    """(exact, written with ten characters) of one sample for each text."""
    N, T = task.targets.shape
    found = sample(model.step, model.start(*padded(task)), np.full(N, START), end=END, max_length=2 * T,
                   rng=np.random.default_rng(0), temperature=temperature)
    targets = np.pad(task.targets, ((0, 0), (0, max(found.ids.shape[1] - T, 0))), constant_values=END)
    right = (found.ids == targets[:, :found.ids.shape[1]]).all(axis=1) & (found.lengths == T)
    return [round(float(value.mean()), 4) for value in (right, found.lengths == T)]


def scores(model, backward=False):
    """The shares written exactly, (validation, test)."""
    return [round(exact(model, task, backward), 4) for task in splits()[1:3]]


def parts():
    """The table's parts by name, each a function that computes it."""
    judged = splits()[2]
    return {
        "placement": lambda: {where: {rate: [scores(train(where, rate, seed)) for seed in SEEDS] for rate in RATES}
                              for where in SIZES},
        "backward": lambda: {rate: [scores(train("start", rate, seed, backward=True), True) for seed in SEEDS]
                             for rate in RATES},
        "feedback": lambda: {kind: [after_first_error(train(seed=seed, own=own), judged) for seed in SEEDS]
                             for kind, own in FEEDBACK.items()},
        "widths": lambda: {width: [searched(model, judged, width) for model in after_one_epoch()] for width in WIDTHS},
        "temperatures": lambda: {T: [drawn(model, judged, T) for model in after_one_epoch()] for T in TEMPERATURES},
        "several": lambda: {reading: {count: [wrong_fields(train(seed=seed, count=count, backward=back),
                                                           splits(count)[2], count, back) for seed in SEEDS]
                                      for count in COUNTS}
                            for reading, back in (("forward", False), ("backward", True))},
        "parameters": lambda: {where: sum(array.size for array in new_network(
            where, splits()[3], np.random.default_rng(0)).params.values()) for where in SIZES},
        "versions": lambda: versions("numpy", "babel"),
    }


@cache
def after_one_epoch():
    """The networks of the placement "start" of every seed, after one epoch."""
    return [train(seed=seed, epochs=1) for seed in SEEDS]


def write(table) -> None:
    """The table into the module's own file."""
    write_table(table, TABLE)


def main() -> None:
    table = {}
    for name, compute in parts().items():
        table[name] = compute()
        print(name, json.dumps(table[name]), flush=True)
    write(table)


if __name__ == "__main__":
    main()
