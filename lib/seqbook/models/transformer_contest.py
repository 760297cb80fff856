"""Transformers against recurrent networks with attention, at equal parameters and at equal time (transformer/whole).

    python -m seqbook.models.transformer_contest    # trains what the table lacks (all: some 40 CPU minutes)

A chapter reads the table with `transformer_contest()`, and trains one of the networks itself with `train`.
"""

import json
import time
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seqbook.data import pad
from seqbook.models import date_contest
from seqbook.models.attention import cut, distance, name_pairs
from seqbook.models.files import versions
from seqbook.models.iso import tokens_before
from seqbook.models.rates import widened
from seqbook.models.tables import write_table
from seqbook.scratch import (
    GRU, AdamW, CrossEntropy, Encoder, GeneralScore, LuongDecoder, Seq2Seq, Transformer, beam, fit, greedy,
)
from seqbook.scratch.losses import loss_and_gradient

TABLE = Path(__file__).with_suffix(".json")
BATCH, CLIP, IGNORED, SEEDS = 64, 1.0, -100, range(5)
RATES = (0.01, 0.02, 0.04)                         # and, while the best is the first or the last, one more
WARM_UP, SMOOTHING = 0.1, 0.1                      # share of the updates; ε
KINDS = "recurrent", "transformer"
E, N, F, BLOCKS = 24, 4, 48, 1                     # of the Transformer; BLOCKS in the encoder and in the decoder
D, H = 16, 32                                      # of the recurrent network: embeddings, states
UPDATES = {"dates": (200, 400, 1600), "names": (400, 1600)}
SLOWER = {"dates": 1.5, "names": 1.8}              # an update's time, Transformer over recurrent network: `seconds`
TRIED = {"dates": 200, "names": 400}               # updates of the runs with and without warm-up and smoothing
WARMED = (0.02, 0.04, 0.08)                        # rates of the runs with and without warm-up
WIDTHS = (1, 2, 4, 8)                              # of the beam


class Setting(NamedTuple):
    """What else a task asks for; the recurrent networks begin as in `score_contest` and in `attention`."""

    decay: float        # of the weights
    hide: float         # share of the target's tokens that are not shown in training
    dropout: float      # of the Transformer
    slow: float         # the biases of the update gates at the start: states change slowly
    pass_state: bool    # whether the decoder begins with the encoder's last state, or with zeros


SETTINGS = {"dates": Setting(0.0, 0.0, 0.0, 2.0, False), "names": Setting(0.5, 0.3, 0.1, 1.0, True)}


class Task(NamedTuple):
    """Ids of sources, a list of arrays (S,), and of targets (T,), the end included; of V source and W target tokens the
    last two of the latter are end and start."""

    sources: list
    targets: list
    V: int
    W: int


def transformer_contest() -> dict:
    """The stored table; keys are strings as JSON has them, the innermost lists go by seed.

    `runs["task kind updates"][rate]` holds `scores`; `best` is the rate that validation chooses. `warm_up["with"]` and
    `["without"]` hold the scores of Transformers on dates by rate, `smoothing[task]` those with label smoothing at
    the rate that is best without. `beam["names"]` has, by seed, for each of WIDTHS what Transformers find of the
    test's names: [log-probability, edits per letter, share whole]. `seconds[task]` has the CPU seconds of an update by
    kind, measured side by side, and `parameters[task]` the numbers of a network.
    """
    return json.loads(TABLE.read_text(encoding="utf-8"))


@cache
def splits(task) -> tuple[Task, Task, Task]:
    """(training, validation, test) of "dates", Korean to ISO, or "names", the letters of a Korean name to English.

    One name in six of those to learn from is for validation; seven of these are also a city's or a territory's there.
    """
    if task == "dates":
        *parts, V = date_contest.splits()
        return tuple(Task(part.ids, list(part.targets), V, 13) for part in parts)
    pairs = name_pairs()
    parts = [pair for n, pair in enumerate(pairs.train) if n % 6], pairs.train[::6], pairs.test
    read = ["", *sorted({sign for korean, _ in pairs.train for sign in cut(korean, "letters")})]    # 0: unknown
    written = sorted({sign for _, english in pairs.train for sign in english})
    ids, W = {sign: n for n, sign in enumerate(read)}, len(written) + 2
    return tuple(Task([np.array([ids.get(sign, 0) for sign in cut(korean, "letters")]) for korean, _ in part],
                      [np.array([*map(written.index, english), W - 2]) for _, english in part], len(read), W)
                 for part in parts)


def new_network(kind, task, rng):
    """A network with fresh parameters: GRUs with Luong's decoder, or an encoder–decoder Transformer."""
    V, W = splits(task)[0][2:]
    if kind == "transformer":
        return Transformer(V, W, E, N, F, BLOCKS, rng=rng, dropout=SETTINGS[task].dropout)
    encoder, decoder = (GRU(D, H, rng=rng) for _ in range(2))
    for gru in (encoder, decoder):
        gru.params["bias"][H:2 * H] = SETTINGS[task].slow
    return Seq2Seq(Encoder(V, encoder, rng=rng), LuongDecoder(W, decoder, GeneralScore(H, H, rng=rng), H, rng=rng),
                   pass_state=SETTINGS[task].pass_state)


def schedule(rate, updates, warm_up):
    """step → rate: up in a straight line over the share `warm_up` of the updates, and down to 0 from the first."""
    rising = max(round(warm_up * updates), 1)
    return lambda step: rate * min((step + 1) / rising, 1) * (1 - step / updates)


def train(kind, task, rate, updates, seed=0, *, warm_up=WARM_UP, smoothing=0.0, spent=None):
    """A network of `KINDS` after so many updates with batches of texts of about the same length.

    `spent`, a list, is given the CPU seconds of the training.
    """
    rng, learn, setting = np.random.default_rng(seed), splits(task)[0], SETTINGS[task]
    network, cross_entropy = new_network(kind, task, rng), CrossEntropy(ignore_index=IGNORED, label_smoothing=smoothing)
    sizes, start = np.array([len(ids) for ids in learn.sources]), learn.W - 1

    def loss_and_grads(batch):
        (source, lengths), (targets, target_lengths) = batch
        read = tokens_before(np.where(targets == IGNORED, start, targets), start)
        if setting.hide:
            read = np.where(rng.random(read.shape) < setting.hide, start, read)
        others = {"rng": rng} if kind == "transformer" else {"target_lengths": target_lengths}
        logits, cache = network.forward(source, read, lengths, **others)
        loss, dlogits = loss_and_gradient(cross_entropy, logits, targets)
        return loss, network.backward(dlogits, cache)[1]

    def drawn(_):
        left = updates
        while left:
            order = np.argsort(sizes + 3 * rng.random(len(sizes)))
            groups = np.split(order, range(BATCH, len(order), BATCH))
            for g in rng.permutation(len(groups))[:left]:
                yield (pad([learn.sources[n] for n in groups[g]]), pad([learn.targets[n] for n in groups[g]], IGNORED))
            left -= min(left, len(groups))

    begin = time.process_time()
    fit(loss_and_grads, AdamW(network.params, rate, weight_decay=setting.decay), drawn, clip=CLIP, progress=False,
        schedule=schedule(rate, updates, warm_up))
    if spent is not None:
        spent.append(time.process_time() - begin)
    return network


def begin(network, source, lengths):
    """(step, state) with which `greedy` and `beam` write for sources (B, S)."""
    if isinstance(network, Transformer):
        return network_step(network), (None, *network.encode(source, lengths))
    return network.step, network.start(source, lengths)


def network_step(network):
    """A step of a Transformer whose state is (past, memory, its mask)."""
    def step(ids, state):
        past, memory, mask = state
        logits, past = network.step(ids, memory, past, mask)
        return logits, (past, memory, mask)
    return step


def written(network, task: Task) -> list:
    """The ids that are written greedily for each source, without the end."""
    step, state = begin(network, *pad(task.sources))
    end = task.W - 2
    ids = greedy(step, state, np.full(len(task.sources), task.W - 1), end=end, max_length=24).ids
    return [row[:np.flatnonzero(row == end)[0]] if end in row else row for row in ids]


def searched(network, task, width) -> list:
    """[mean log-probability of the best found, edits per sign, share whole] on the test with a beam."""
    part = splits(task)[2]
    step, state = begin(network, *pad(part.sources))
    found = beam(step, state, np.full(len(part.sources), part.W - 1), end=part.W - 2, max_length=24, width=width,
                 length_penalty=0)
    rows = [ids[:n][ids[:n] != part.W - 2] for ids, n in zip(found.ids[:, 0], found.lengths[:, 0])]
    edits = [distance(list(row), list(truth[:-1])) for row, truth in zip(rows, part.targets)]
    signs = sum(len(truth) - 1 for truth in part.targets)
    return [round(float(value), 4) for value in (found.log_prob[:, 0].mean(), sum(edits) / signs,
                                                 np.mean(np.array(edits) == 0))]


def scores(network, task) -> list:
    """(validation, test), each [share written whole, edits per sign of the target, mean -log p of a token].

    Edits: signs to insert, delete or replace. The last number is taken with the truth read, without smoothing.
    """
    found = []
    for part in splits(task)[1:]:
        pairs = [(list(row), list(truth[:-1])) for row, truth in zip(written(network, part), part.targets)]
        edits = sum(distance(*pair) for pair in pairs) / sum(len(truth) for _, truth in pairs)
        targets = pad(part.targets, IGNORED)[0]
        read = tokens_before(np.where(targets == IGNORED, part.W - 1, targets), part.W - 1)
        loss, _ = CrossEntropy(ignore_index=IGNORED).forward(network.forward(pad(part.sources)[0], read,
                                                                             pad(part.sources)[1])[0], targets)
        whole = np.mean([one == other for one, other in pairs])
        found.append([round(float(value), 4) for value in (whole, edits, loss)])
    return found


def chosen(rates) -> str:
    """Of the rates the one whose first two runs have the fewest edits on validation, then the lowest loss."""
    return min(rates, key=lambda rate: tuple(np.mean(rates[rate][:2], axis=0)[0, 1:]))


def tuned(kind, task, updates, **options) -> dict:
    """Runs by rate: two seeds for each of `RATES` and, while the best is the first or last, one more; all for the best.
    """
    def judged(rate, seeds):
        return [scores(train(kind, task, rate, updates, seed, **options), task) for seed in seeds]

    runs, best = widened(RATES, lambda rate: judged(rate, SEEDS[:2]), chosen)
    runs[best] += judged(best, SEEDS[2:])
    return {str(rate): found for rate, found in runs.items()}


def seconds(task) -> dict:
    """The CPU seconds of an update by kind: the median of five measurements of 40 updates, kinds in turn."""
    spent = {kind: [] for kind in KINDS}
    for seed in range(5):
        for kind in KINDS:
            train(kind, task, 0.01, 40, seed, spent=spent[kind])
    return {kind: round(float(np.median(times)) / 40, 6) for kind, times in spent.items()}


def longer(task, updates) -> int:
    """How many updates a recurrent network makes in the time of so many of the Transformer's."""
    return round(updates * SLOWER[task])


def parts(table) -> dict:
    """The table's parts by name, each a dict of functions that compute an entry; the last from those before."""
    runs = {}
    for task, counts in UPDATES.items():
        for updates in counts:
            runs |= {f"{task} {kind} {updates}": (kind, task, updates) for kind in KINDS}
        for updates in (longer(task, counts[0]), longer(task, counts[-1])):
            runs[f"{task} recurrent {updates}"] = ("recurrent", task, updates)
    return {
        "seconds": {task: lambda task=task: seconds(task) for task in UPDATES},
        "runs": {name: lambda what=what: tuned(*what) for name, what in runs.items()},
        "warm_up": {name: lambda share=share: {
            str(rate): [scores(train("transformer", "dates", rate, TRIED["dates"], seed, warm_up=share), "dates")
                        for seed in SEEDS] for rate in WARMED}
            for name, share in (("with", WARM_UP), ("without", 0.0))},
        "smoothing": {task: lambda task=task: [
            scores(train("transformer", task, float(chosen(table["runs"][f"{task} transformer {TRIED[task]}"])),
                         TRIED[task], seed, smoothing=SMOOTHING), task) for seed in SEEDS] for task in UPDATES},
        "beam": {"names": lambda: [
            [searched(network, "names", width) for width in WIDTHS]
            for rates in [table["runs"][f"names transformer {TRIED['names']}"]] for seed in SEEDS
            for network in [train("transformer", "names", float(chosen(rates)), TRIED["names"], seed)]]},
        "parameters": {task: lambda task=task: {
            kind: sum(array.size for array in new_network(kind, task, np.random.default_rng(0)).params.values())
            for kind in KINDS} for task in UPDATES},
        "versions": {name: lambda found=found: found for name, found in versions("numpy", "babel").items()},
    }


def main() -> None:
    table = transformer_contest() if TABLE.exists() else {}
    for part, entries in parts(table).items():
        for name, compute in entries.items():
            if name not in table.setdefault(part, {}):
                table[part][name] = compute()
                write_table(table, TABLE)
                print(part, name, json.dumps(table[part][name]), flush=True)


if __name__ == "__main__":
    main()
