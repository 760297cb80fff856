"""The next character of Python's documentation: training and score of the model "documentation"."""

import math

import numpy as np

from seqbook.data import Vocabulary, documentation
from seqbook.models.baselines import ngram_bits
from seqbook.models.network import new_network
from seqbook.scratch import Adam, CrossEntropy, SequenceModel, clip_grad_norm, truncated_bptt

H, D = 128, 32
ROW, CHUNK, BATCH, EPOCHS = 1024, 64, 16, 40
RATE, DROPOUT, UNKNOWN = 5e-3, 0.1, 0.005
QUANTISE = True

TASK = "the next character of Python's documentation"
DATA = "seqbook.data.documentation(): the topics of help() in the standard library's pydoc_data.topics"
SPLIT = ("trained on the first nine tenths of the training text, settings chosen on the last tenth, judged on "
         "held-out topics, the same in every Python version; no longer paragraph is in two parts")
LABELS = None    # the vocabulary's own characters


def train(text: str, *, rng: np.random.Generator, epochs=EPOCHS, progress=print) -> tuple[SequenceModel, Vocabulary]:
    """A network and its vocabulary, from `text` alone.

    Every epoch cuts the text anew into rows, each read from a zero state in chunks of truncated BPTT; the rate falls
    linearly to 0. A few characters are read as unknown, so that the network has seen what it means.
    """
    vocabulary = Vocabulary([text])
    ids, V = vocabulary.encode(text), len(vocabulary)
    network = new_network(H, V, rng=rng, vocabulary_size=V, input_size=D, dropout=DROPOUT)
    optimizer, step = Adam(network.params), network.training_step(CrossEntropy(), rng)

    for epoch in range(epochs):
        losses, groups = [], groups_of_rows(ids, rng)
        for n, group in enumerate(groups):
            optimizer.lr = RATE * (1 - (epoch + n / len(groups)) / epochs)
            x = np.where(rng.random(group[:, :-1].shape) < UNKNOWN, vocabulary.unknown_id, group[:, :-1])
            for chunk in truncated_bptt(step, x, group[:, 1:], chunk=CHUNK):
                optimizer.step(clip_grad_norm(chunk.grads, 1.0)[0])
                losses.append(chunk.loss)
        progress(f"epoch {epoch + 1}/{epochs}: {np.mean(losses) / math.log(2):.3f} bits per character")
    return network, vocabulary


def groups_of_rows(ids, rng):
    """The text as groups of (BATCH, ROW+1) ids in random order, cut from a random character on."""
    starts = np.arange(rng.integers(ROW), len(ids) - ROW, ROW)
    starts = rng.permutation(starts)[:len(starts) // BATCH * BATCH].reshape(-1, BATCH)
    return ids[starts[:, :, None] + np.arange(ROW + 1)]


def bits(model, text: str, count: int = 8) -> float:
    """Bits per character of `text`, read as `count` parts of equal length, each from a zero state."""
    ids = model.vocabulary.encode(text)
    parts = ids[:len(ids) // count * count].reshape(count, -1)
    logits, _ = model.forward(parts[:, :-1])
    loss, _ = CrossEntropy().forward(logits, parts[:, 1:])
    return loss / math.log(2)


def build(rng: np.random.Generator) -> tuple[SequenceModel, Vocabulary]:
    """The trained network and its vocabulary; the last tenth of the text was for choosing the settings above."""
    text = documentation().train
    return train(text[:text.index("\n\n", int(0.9 * len(text)))], rng=rng)


def score(model) -> dict:
    """What the card claims, measured."""
    data, V = documentation(), len(model.vocabulary)
    train, test = model.vocabulary.encode(data.train), model.vocabulary.encode(data.test)
    return {
        "name": "bits per character",
        "meaning": "mean of -log2 p(next character) on the held-out topics; the perplexity is 2 to its power",
        "value": bits(model, data.test),
        "tolerance": 0.05,    # the text of other Python versions
        "baselines": {f"{n}-gram": bits for n, bits in enumerate(ngram_bits(train, test, 6, V).tolist(), start=1)},
    }
