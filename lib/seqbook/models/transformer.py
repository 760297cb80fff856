"""The next character of Python's documentation: training and score of the model "transformer", a decoder-only one."""

import numpy as np

from seqbook.data import Vocabulary, documentation
from seqbook.models import pieces
from seqbook.models.baselines import ngram_bits
from seqbook.models.text_contest import splits
from seqbook.scratch import LanguageModel

UPDATES, RATE = 5000, 0.01
QUANTISE = True

TASK = "the next character of Python's documentation from the last 64 at most: a decoder-only Transformer"
DATA = "seqbook.data.documentation(): the topics of help() in the standard library's pydoc_data.topics"
SPLIT = ("trained on the first nine tenths of the training text, settings chosen on the last tenth, judged on held-out "
         "topics, the same in every Python version; no longer paragraph is in two parts")
LABELS = None    # the vocabulary's own characters


def train(*, rng: np.random.Generator, updates=UPDATES, progress=True) -> tuple[LanguageModel, Vocabulary]:
    """The running model of `pieces`, trained for longer, and its vocabulary."""
    _, model = pieces.train("whole", RATE, rng, (updates,), judge=False)
    if progress:
        print(f"validation {pieces.loss(model, splits()[1]):.3f} nats per character")
    return model, Vocabulary([documentation().train])


def build(rng: np.random.Generator) -> tuple[LanguageModel, Vocabulary]:
    """The trained network and its vocabulary."""
    return train(rng=rng)


def score(model) -> dict:
    """What the card claims, measured. A 4-gram, which reads across windows, is ahead with 1.50."""
    learn, _, test, V = splits()
    bits = ngram_bits(learn, test, 3, V) * np.log(2)
    return {
        "name": "nats per character",
        "meaning": "mean of -log p(next character) on the held-out topics, read in windows of 64 characters",
        "value": pieces.loss(model.network, test),
        "tolerance": 0.05,    # the text of other Python versions
        "baselines": {f"{n}-gram": loss for n, loss in enumerate(bits.tolist(), start=1)},
    }
