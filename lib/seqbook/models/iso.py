"""Korean dates into ISO dates: training and score of the model "iso", an encoder and a decoder with c between them."""

import re

import numpy as np

from seqbook.data import Vocabulary, dates, pad
from seqbook.models.network import new_encoder_decoder
from seqbook.scratch import Adam, CrossEntropy, Seq2Seq, fit, greedy
from seqbook.scratch.losses import loss_and_gradient

H, D, BATCH, EPOCHS, RATE = 64, 16, 64, 24, 1e-2
TRAIN, TEST = 20_000, 1_000
QUANTISE = True

TASK = "the ISO date of a Korean date: an encoder reads it, its last state is the context vector c, a decoder writes"
DATA = (f"seqbook.data.dates('ko'), {TRAIN} pairs: Unicode CLDR patterns from the package babel; each date as it "
        "stands, without spaces or in ISO form, a fifth of them after or before other characters")
SPLIT = f"judged on {TEST} texts of days that occur in no training text, one day in ten"
LABELS = [*"0123456789-", "end", "start"]    # the decoder's tokens; an ISO date is 10 and the end
END, START = LABELS.index("end"), LABELS.index("start")
LENGTH = 11    # tokens of an ISO date with its end


def target_ids(isos: list[str]) -> np.ndarray:
    """What the decoder has to write, (B, 11): the ten characters of each ISO date and the end."""
    return np.array([[*map(LABELS.index, iso), END] for iso in isos])


def tokens_before(targets: np.ndarray, start: int = START) -> np.ndarray:
    """What the decoder has read when it has to write `targets` (B, T): the start, then all of them but the last."""
    return np.concatenate([np.full((len(targets), 1), start), targets[:, :-1]], axis=1)


def variant(text: str, iso: str, others: list[str], rng: np.random.Generator) -> str:
    """A date as CLDR writes it, one in six without spaces and one in twelve as ISO; some with `others` around.

    One in ten stands after up to nine `others`, half of them unknown, and a space; one in ten before as many.
    """
    which, around = rng.integers(12), rng.integers(10)
    text = text.replace(" ", "") if which < 2 else iso if which == 2 else text
    if around > 1:
        return text
    drawn = rng.choice(others, rng.integers(1, 10))
    words = "".join(np.where(rng.random(len(drawn)) < 0.5, Vocabulary.unknown_character, drawn))
    return f"{words} {text}" if around else f"{text} {words}"


def train(pairs, *, rng: np.random.Generator, epochs=EPOCHS, progress=True) -> tuple[Seq2Seq, Vocabulary]:
    """An encoder and a decoder, and the encoder's vocabulary, from pairs (text, ISO date), with teacher forcing.

    In every epoch each pair comes as a `variant`; texts of about the same length make a batch.
    """
    vocabulary = Vocabulary(text for pair in pairs for text in pair)
    network = new_encoder_decoder(H, rng=rng, vocabulary_size=len(vocabulary), input_size=D, output_size=len(LABELS))
    cross_entropy, targets = CrossEntropy(), target_ids([iso for _, iso in pairs])

    def loss_and_grads(batch):
        (ids, lengths), targets = batch
        logits, cache = network.forward(ids, tokens_before(targets), lengths)
        loss, dlogits = loss_and_gradient(cross_entropy, logits, targets)
        return loss, network.backward(dlogits, cache)[1]

    def epoch_batches(epoch):
        read = [vocabulary.encode(variant(*pair, others, rng)) for pair in pairs]
        order = np.argsort(np.array([len(ids) for ids in read]) + 3 * rng.random(len(read)))
        groups = np.split(order, range(BATCH, len(order), BATCH))
        return ((pad([read[n] for n in groups[g]]), targets[groups[g]]) for g in rng.permutation(len(groups)))

    others = [character for character in vocabulary.characters[1:] if not character.isdigit()]
    steps = epochs * -(-len(pairs) // BATCH)
    fit(loss_and_grads, Adam(network.params), epoch_batches, epochs=epochs, clip=1.0, progress=progress,
        schedule=lambda step: RATE * (1 - step / steps))
    return network, vocabulary


def exact(model, pairs) -> np.ndarray:
    """Whether the model writes the ISO date of each pair (text, ISO date) whole, greedily, and ends: (N,) booleans."""
    ids, lengths = pad([model.vocabulary.encode(text) for text, _ in pairs])
    (_, c), _ = model.encoder.forward(ids, None, lengths)
    written = greedy(model.step, c, np.full(len(pairs), START), end=END, max_length=LENGTH).ids
    if written.shape[1] < LENGTH:
        return np.zeros(len(pairs), bool)
    return (written == target_ids([iso for _, iso in pairs])).all(axis=1)


def build(rng: np.random.Generator) -> tuple[Seq2Seq, Vocabulary]:
    """The trained network and the vocabulary of its encoder."""
    return train(dates("ko", train=TRAIN, test=TEST).train, rng=rng)


def score(model) -> dict:
    """What the card claims, measured."""
    pairs = dates("ko", train=TRAIN, test=TEST)
    padded = [numbers_padded(text) == iso for text, iso in pairs.test]
    return {
        "name": "accuracy",
        "meaning": f"share of {TEST} held-out texts, as they stand, whose ISO date is written whole, greedily",
        "value": float(exact(model, pairs.test).mean()),
        "tolerance": 0.01,    # the patterns of other versions of babel
        "baselines": {"the first three numbers, padded to two digits": float(np.mean(padded))},
    }


def numbers_padded(text: str) -> str:
    """The first three numbers of a text as they stand, with two digits at least: ISO but for years of two digits."""
    return "-".join(number.zfill(2) for number in re.findall(r"\d+", text)[:3])
