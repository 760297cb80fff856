"""One context vector against attention, on dictation and on agreement at a distance (chapter attention/bottleneck).

    python -m seqbook.models.bottleneck    # trains what bottleneck.json lacks (all: some 14 CPU minutes), writes it

A chapter reads the table with `bottleneck()`, and trains one of the networks itself with `train`.
"""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seqbook.data import Vocabulary, documentation
from seqbook.models.files import versions
from seqbook.models.iso import tokens_before
from seqbook.models.tables import write_table
from seqbook.scratch import (
    GRU, Adam, CrossEntropy, Decoder, Encoder, GeneralScore, Linear, LuongDecoder, Seq2Seq, fit, greedy,
)
from seqbook.scratch.base import Layer, join
from seqbook.scratch.losses import loss_and_gradient

TABLE = Path(__file__).with_suffix(".json")
E, BATCH, CLIP = 24, 64, 1.0                       # E: size of the embeddings
SEEDS = range(5)
# Rounds of the choice of rates: seeds, and how many rates are left, the best of the round before.
ROUNDS = {"dictation": ((1, 3), (len(SEEDS), 2)), "agreement": ((2, 2), (len(SEEDS), 1))}
LONGEST, UPDATES = 24, 1200                        # of dictation: characters of a passage in training
LENGTHS = (2, 4, 6, 8, 10, 12, 16, 20, 24, 28, 32)    # characters of the passages that are judged
RATES, JUDGED = (0.005, 0.01, 0.02), 300           # JUDGED: passages or sentences a length
PHRASES = range(7)                                 # of agreement: how many stand between subject and verb
FAR = (0, 1, 2, 3, 4, 5, 6, 9, 12)                  # the same where the verb alone is judged
AGREE = {"verb": (800, (0.003, 0.01)), "sentence": (1000, (0.005, 0.01))}    # target: updates, rates
AGREEMENT = "verb c32", "sentence c8", "sentence c32", "sentence attention"    # target and setting

NOUNS = "chef farmer pilot doctor nurse singer lawyer baker".split()
PLACES = "lake river market station garden bridge tower harbour".split()
VERBS, PREPOSITIONS = "knew met saw helped thanked called".split(), "near behind above beside".split()
WORDS = ["the", "who", "was", "were", *NOUNS, *(noun + "s" for noun in NOUNS), *PLACES,
         *(place + "s" for place in PLACES), *VERBS, *PREPOSITIONS]
IDS = {word: n for n, word in enumerate(WORDS)}


class Setting(NamedTuple):
    """What joins encoder and decoder: one vector c of C numbers, or attention to vectors of C numbers; H: states."""

    C: int
    H: int
    attention: bool = False


SETTINGS = {"c2": Setting(2, 76), "c8": Setting(8, 75), "c32": Setting(32, 69), "c128": Setting(128, 51),
            "attention": Setting(32, 67, attention=True)}    # H makes parameters equal
AGREE_SETTINGS = {"c8": Setting(8, 75), "c32": Setting(32, 69), "attention": Setting(32, 67, attention=True)}


def bottleneck() -> dict:
    """The stored table; keys are strings as JSON has them.

    `dictation[setting][rate]` and `agreement["target setting"][rate]` are lists of runs, one for each seed: `judged` or
    `agreed` dicts with the loss on `valid`ation, which rules in ROUNDS; `best` is the rate that it chooses.
    `parameters[setting]` counts a network's numbers.
    """
    return json.loads(TABLE.read_text(encoding="utf-8"))


def best(rates) -> str:
    """Of the rates that have the most runs the one with the lowest mean loss on validation."""
    return kept(rates, 1, max(map(len, rates.values())))[0]


def kept(rates, count, seeds) -> list:
    """Of the rates that have so many seeds the `count` with the lowest mean loss on validation."""
    able = [rate for rate in rates if len(rates[rate]) >= seeds]
    if len(able) <= count:
        return able
    return sorted(able, key=lambda rate: np.mean([run["valid"] for run in rates[rate][:seeds]]))[:count]


class Narrowed(Layer):
    """A GRU whose states are shown as C numbers each, P h + b: x (B, S, D) → (B, S, C).

    Parameters: the GRU's under `gru.`, `linear.weight (C, H)`, `linear.bias (C,)`.
    """

    def __init__(self, input_size, hidden_size, output_size, *, rng, dtype=np.float32):
        self.gru = slow_gru(input_size, hidden_size, rng, dtype)
        self.linear = Linear(hidden_size, output_size, rng=rng, dtype=dtype)
        self.input_size, self.hidden_size, self.output_size = input_size, hidden_size, output_size
        super().__init__(dtype, **join(gru=self.gru.params, linear=self.linear.params))

    def forward(self, x, state=None, lengths=None):
        """(outputs (B, S, C), state (B, H)), cache; arguments as in `GRU.forward`."""
        (hs, state), gru_cache = self.gru.forward(x, state, lengths)
        outputs, linear_cache = self.linear.forward(hs)
        return (outputs, state), (gru_cache, linear_cache)

    def backward(self, doutputs, cache):
        """(dx (B, S, D), dstate), grads; doutputs = (doutputs (B, S, C), dstate or None for zeros)."""
        gru_cache, linear_cache = cache
        dhs, linear_grads = self.linear.backward(doutputs[0], linear_cache)
        dinputs, gru_grads = self.gru.backward((dhs, doutputs[1]), gru_cache)
        return dinputs, join(gru=gru_grads, linear=linear_grads)


def slow_gru(D, H, rng, dtype=np.float32):
    """A GRU whose update gates' biases start from 1, so that states change slowly at first."""
    gru = GRU(D, H, rng=rng, dtype=dtype)
    gru.params["bias"][H:2 * H] = 1
    return gru


def new_network(setting, V, rng) -> Seq2Seq:
    """An encoder–decoder for V tokens; token V is the start. One c is shown at every step; attention is Luong's."""
    C, H, attention = setting
    encoder = Encoder(V, Narrowed(E, H, C, rng=rng), rng=rng)
    if attention:
        decoder = LuongDecoder(V + 1, slow_gru(E, H, rng), GeneralScore(H, C, rng=rng), C, rng=rng)
    else:
        decoder = Decoder(V + 1, slow_gru(E + C, H, rng), rng=rng, context_size=C)
    return Seq2Seq(encoder, decoder, pass_state=False)


def train(setting, V, draw, updates, rate=0.01, seed=0) -> Seq2Seq:
    """A network after so many updates; draw(rng) → source (B, S), targets (B, T). The rate falls linearly to 0."""
    rng = np.random.default_rng(seed)
    model, cross_entropy = new_network(setting, V, rng), CrossEntropy()

    def loss_and_grads(batch):
        source, targets = batch
        logits, cache = model.forward(source, tokens_before(targets, V))
        loss, dlogits = loss_and_gradient(cross_entropy, logits, targets)
        return loss, model.backward(dlogits, cache)[1]

    fit(loss_and_grads, Adam(model.params, rate), lambda _: (draw(rng) for _ in range(updates)), clip=CLIP,
        progress=False, schedule=lambda step: rate * (1 - step / updates))
    return model


def written(model, source, T, start):
    """The T tokens (B, T) that the model writes, each the most probable."""
    ids = greedy(model.step, model.start(source), np.full(len(source), start), end=start, max_length=T).ids
    return np.pad(ids, ((0, 0), (0, T - ids.shape[1])), constant_values=start)


# ------------------------------------------------------------------------------------------------------------ dictation

@cache
def passages():
    """(training, validation, test) ids of Python's documentation, runs of white space made one space; the vocabulary.

    Validation is the last tenth of the text to learn from.
    """
    text = documentation()
    learn, test = (" ".join(part.split()) for part in (text.train, text.test))
    vocabulary = Vocabulary([learn])
    ids = vocabulary.encode(learn)
    cut = len(ids) * 9 // 10
    return ids[:cut], ids[cut:], vocabulary.encode(test), vocabulary


def some(ids, n, count, rng):
    """`count` passages (count, n) of n characters, from random places."""
    return ids[rng.integers(len(ids) - n, size=count)[:, None] + np.arange(n)]


def dictated(rng):
    """A batch to learn from: a passage of 1 to LONGEST characters, to be written down as it is."""
    source = some(passages()[0], rng.integers(1, LONGEST + 1), BATCH, rng)
    return source, source


def take_dictation(name, seed=0, rate=0.01, updates=UPDATES) -> Seq2Seq:
    """A network of SETTINGS that has learned dictation."""
    return train(SETTINGS[name], len(passages()[3]), dictated, updates, rate, seed)


def judged(model):
    """What of test passages a network writes down right, as shares.

    `written` and `exact`: characters, whole passages, for each of LENGTHS. For the length LONGEST also, by position,
    `by_position` as it writes, `truth_read` if it reads the true characters instead of its own, and `other_c` if
    moreover its source is another passage: what the language alone gives. `kinds`: truth_read and other_c for spaces,
    small letters, all others. `letters_kept`: written characters that the passage has, in whatever order.
    """
    test, vocabulary = passages()[2:]
    start, found = len(vocabulary), {"written": [], "exact": []}
    for n in LENGTHS:
        source = some(test, n, JUDGED, np.random.default_rng(n))
        right = written(model, source, n, start) == source
        found["written"].append(share(right))
        found["exact"].append(share(right.all(axis=1)))
    source = some(test, LONGEST, JUDGED, np.random.default_rng(LONGEST))
    ids = written(model, source, LONGEST, start)
    found["by_position"] = [share(column) for column in (ids == source).T]
    found["letters_kept"] = share(kept_in_any_order(ids, source) / LONGEST)
    kinds = kind_of(source, vocabulary)
    for name, shown in (("truth_read", source), ("other_c", np.roll(source, 1, axis=0))):
        right = model.forward(shown, tokens_before(source, start))[0].argmax(axis=-1) == source
        found[name] = [share(column) for column in right.T]
        found[name + "_kinds"] = [share(right[kinds == kind]) for kind in range(3)]
    return found


def kind_of(ids, vocabulary):
    """0 for a space, 1 for a small letter, 2 for any other character; of the shape of `ids`."""
    kinds = np.array([0 if c == " " else 1 if c.isalpha() and c.islower() else 2 for c in vocabulary.characters])
    return kinds[ids]


def kept_in_any_order(ids, source):
    """For each row how many of its tokens the source's row has too, repeats counted as often as in both."""
    count = lambda rows: np.stack([np.bincount(row, minlength=256) for row in rows])
    return np.minimum(count(ids), count(source)).sum(axis=1)


def share(values) -> float:
    """A mean, rounded for the table."""
    return round(float(np.mean(values)), 4)


def valid_loss(model):
    """The mean loss on validation passages of 8, 16 and 24 characters, the true ones read."""
    valid, start = passages()[1], len(passages()[3])
    losses = []
    for n in (8, 16, 24):
        source = some(valid, n, JUDGED, np.random.default_rng(n))
        losses.append(loss_and_gradient(CrossEntropy(), model.forward(source, tokens_before(source, start))[0],
                                        source)[0])
    return share(losses)


# ------------------------------------------------------------------------------------------------------------ agreement

def sentences(rng, phrases, count):
    """`count` beginnings of sentences with so many phrases after the subject, of one length, and the verb's ids.

    "the chef who met the farmers near the lake", "was" → ids (count, S), (count,). Each phrase is "who", a verb, "the",
    a noun, or a preposition, "the", a place; the number of each noun is drawn by itself.
    """
    clauses = rng.binomial(phrases, 0.5)
    rows, verbs = [], []
    for _ in range(count):
        plural = rng.integers(2, size=phrases + 1)
        words = ["the", NOUNS[rng.integers(8)] + "s" * plural[0]]
        for n, clause in enumerate(rng.permutation(phrases) < clauses, start=1):
            ending = "s" * plural[n]
            if clause:
                words += ["who", VERBS[rng.integers(6)], "the", NOUNS[rng.integers(8)] + ending]
            else:
                words += [PREPOSITIONS[rng.integers(4)], "the", PLACES[rng.integers(8)] + ending]
        rows.append([IDS[word] for word in words])
        verbs.append(IDS["were" if plural[0] else "was"])
    return np.array(rows), np.array(verbs)


def learn_agreement(name, target, rate, seed=0) -> Seq2Seq:
    """A network that writes, after the beginning of a sentence, the "verb" alone, or the "sentence" and the verb."""
    def draw(rng):
        return to_write(target, *sentences(rng, rng.choice(PHRASES), BATCH))
    return train(AGREE_SETTINGS[name], len(WORDS), draw, AGREE[target][0], rate, seed)


def to_write(target, source, verbs):
    """The source (B, S), and what is to be written after it: the verb (B, 1), or sentence and verb (B, S + 1)."""
    return source, verbs[:, None] if target == "verb" else np.column_stack([source, verbs])


def agreed(model, target):
    """For each number of phrases, of sentences not learned from: the mean `distance` in words from subject to verb, the
    share of `agreement` (the right one of was and were more probable, where the verb belongs, after the words that the
    network has written itself; chance is half), and of `words` of the sentence written right (1 for the verb alone)."""
    found = {"distance": [], "agreement": [], "words": []}
    start = len(WORDS)
    for phrases in FAR if target == "verb" else PHRASES:
        draws = [sentences(np.random.default_rng([phrases, part]), phrases, JUDGED // 6) for part in range(6)]
        distances, agree, words = [], [], []
        for source, verbs in draws:
            ids = source[:, :0] if target == "verb" else written(model, source, source.shape[1], start)
            read = np.column_stack([np.full(len(source), start), ids])
            logits = model.forward(source, read)[0][:, -1]
            was = logits[:, IDS["was"]] > logits[:, IDS["were"]]
            distances.append(source.shape[1] - 2)
            agree.append(was == (verbs == IDS["was"]))
            words.append(1 if target == "verb" else (ids == source).mean())
        for key, values in zip(found, (distances, agree, words)):
            found[key].append(share(values))
    return found


def agreement_loss(model, target):
    """The mean loss on sentences that are neither learned from nor judged, JUDGED // 6 for each of PHRASES."""
    losses = []
    for phrases in PHRASES:
        source, targets = to_write(target, *sentences(np.random.default_rng([phrases, 6]), phrases, JUDGED // 6))
        logits = model.forward(source, tokens_before(targets, len(WORDS)))[0]
        losses.append(loss_and_gradient(CrossEntropy(), logits, targets)[0])
    return round(float(np.mean(losses)), 6)


# ------------------------------------------------------------------------------------------------------------ the table

def rates_of(part) -> dict:
    """The rates to be tried by entry of a part, as strings."""
    rates = {"dictation": {name: RATES for name in SETTINGS},
             "agreement": {entry: AGREE[entry.split()[0]][1] for entry in AGREEMENT}}[part]
    return {entry: [*map(str, each)] for entry, each in rates.items()}


def one_run(job) -> dict:
    """A network trained and judged; job: (part, entry, rate, seed)."""
    part, entry, rate, seed = job
    if part == "dictation":
        model = take_dictation(entry, seed, float(rate))
        return {"valid": valid_loss(model), **judged(model)}
    target, name = entry.split()
    model = learn_agreement(name, target, float(rate), seed)
    return {"valid": agreement_loss(model, target), **agreed(model, target)}


def write(table) -> None:
    """The table into the module's own file."""
    write_table(table, TABLE)


def main() -> None:
    """Train, two at a time, what the stored table lacks (nothing is stored: everything); write it after each run."""
    from concurrent.futures import ProcessPoolExecutor    # a page has none

    stored, V = bottleneck() if TABLE.exists() else {}, len(passages()[3])
    table = {part: {entry: {rate: stored.get(part, {}).get(entry, {}).get(rate, []) for rate in rates}
                    for entry, rates in rates_of(part).items()} for part in ROUNDS}
    table["parameters"] = {name: sum(array.size for array in new_network(
        setting, V, np.random.default_rng(0)).params.values()) for name, setting in SETTINGS.items()}
    table["versions"] = versions("numpy")
    with ProcessPoolExecutor(2) as pool:
        for part, rounds in ROUNDS.items():
            seeds_before = 0
            for seeds, count in rounds:
                jobs = [(part, entry, rate, seed) for seed in range(seeds) for entry, rates in table[part].items()
                        for rate in kept(rates, count, seeds_before) if seed >= len(rates[rate])]
                for job, found in zip(jobs, pool.map(one_run, jobs)):
                    table[part][job[1]][job[2]].append(found)
                    print(*job, json.dumps(found), flush=True)
                    write(table)
                seeds_before = seeds
    write(table)


if __name__ == "__main__":
    main()
