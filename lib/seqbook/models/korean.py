"""The month of a Korean date, after every character: training and score of the model "korean"."""

import numpy as np

from seqbook.data import Vocabulary, batches, dates
from seqbook.models.network import new_network
from seqbook.scratch import Adam, CrossEntropy, SequenceModel, fit

H, D, BATCH, EPOCHS, RATE = 24, 8, 64, 6, 1e-2
TRAIN, TEST = 20_000, 1_000
QUANTISE = False

TASK = "after every character of a Korean date, which month it is"
DATA = (f"seqbook.data.dates('ko'), {TRAIN} pairs: Unicode CLDR patterns from the package babel; each date as it "
        "stands, without its year, without spaces or in ISO form, a third of them after other characters")
SPLIT = f"judged on {TEST} texts of days that occur in no training text, one day in ten"
LABELS = [f"{month}월" for month in range(1, 13)]


def month(iso: str) -> int:
    """The class 0 … 11 of an ISO date."""
    return int(iso[5:7]) - 1


def variants(text: str, iso: str) -> list[str]:
    """A date as CLDR writes it, and as people also type it: without the year, without spaces, as ISO."""
    _, separator, rest = text.partition("년 ")
    return [text, rest if separator else text, text.replace(" ", ""), iso]


def lead_in(characters: list[str], rng: np.random.Generator) -> str:
    """What may stand before a date: up to nine `characters`, half of them unknown, and a space; or, mostly, nothing."""
    if rng.random() < 2 / 3:
        return ""
    drawn = rng.choice(characters, rng.integers(1, 10))
    return "".join(np.where(rng.random(len(drawn)) < 0.5, Vocabulary.unknown_character, drawn)) + " "


def train(pairs, *, rng: np.random.Generator, epochs=EPOCHS, progress=True) -> tuple[SequenceModel, Vocabulary]:
    """A network that names the month after every character, and its vocabulary, from pairs (text, ISO date).

    In every epoch each pair comes as one of its `variants`, some with a `lead_in`.
    """
    vocabulary = Vocabulary(variant for pair in pairs for variant in variants(*pair))
    network = new_network(H, len(LABELS), rng=rng, vocabulary_size=len(vocabulary), input_size=D)
    cross_entropy = CrossEntropy()
    step = network.training_step(cross_entropy)

    def loss_and_grads(batch):
        (ids, lengths), months = batch
        targets = np.where(np.arange(ids.shape[1]) < lengths[:, None], months[:, None], cross_entropy.ignore_index)
        loss, grads, _ = step(ids, targets, lengths=lengths)
        return loss, grads

    def epoch_batches(epoch):
        texts = [lead_in(others, rng) + variants(*pair)[rng.integers(4)] for pair in pairs]
        return batches([vocabulary.encode(text) for text in texts], months, batch_size=BATCH, rng=rng)

    others = [character for character in vocabulary.characters[1:] if not character.isdigit()]
    months = np.array([month(iso) for _, iso in pairs])
    steps = epochs * -(-len(pairs) // BATCH)
    fit(loss_and_grads, Adam(network.params), epoch_batches, epochs=epochs, clip=1.0, progress=progress,
        schedule=lambda step: RATE * (1 - step / steps))
    return network, vocabulary


def accuracy(model, pairs) -> float:
    """The share of pairs (text, ISO date) whose month has the largest output after the last character."""
    right = 0
    for (ids, lengths), months in batches([model.vocabulary.encode(text) for text, _ in pairs],
                                          np.array([month(iso) for _, iso in pairs]), batch_size=500):
        outputs, _ = model.forward(ids)    # the padding comes after the last character and changes nothing before it
        right += (outputs[np.arange(len(ids)), lengths - 1].argmax(axis=1) == months).sum()
    return float(right / len(pairs))


def build(rng: np.random.Generator) -> tuple[SequenceModel, Vocabulary]:
    """The trained network and its vocabulary."""
    return train(dates("ko", train=TRAIN, test=TEST).train, rng=rng)


def score(model) -> dict:
    """What the card claims, measured."""
    pairs = dates("ko", train=TRAIN, test=TEST)
    counts = np.bincount([month(iso) for _, iso in pairs.train])
    commonest = [month(iso) for _, iso in pairs.test].count(int(counts.argmax())) / TEST
    return {
        "name": "accuracy",
        "meaning": f"share of right months after the last character of {TEST} held-out texts, as they stand",
        "value": accuracy(model, pairs.test),
        "tolerance": 0.01,    # the patterns of other versions of babel
        "baselines": {"the commonest month": commonest},
    }
