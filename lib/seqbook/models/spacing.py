"""The spaces of an English or Korean phrase, put back by three readers: training and score of the model "spacing"."""

import numpy as np

from seqbook.data import Vocabulary, batches, spacing, unspaced
from seqbook.models.network import new_bidirectional
from seqbook.scratch import Adam, SequenceModel, fit
from seqbook.scratch.activations import sigmoid

H, D, BATCH, EPOCHS = 64, 24, 32, 25
RATE, DROPOUT, UNKNOWN = 6e-3, 0.2, 0.01
QUANTISE = True

TASK = "after every letter of a phrase without its spaces, whether a space followed there"
DATA = ("seqbook.data.spacing('en'), phrases of Python's documentation, and seqbook.data.spacing('ko'), names of "
        "Unicode CLDR from the package babel; in training half of the names are joined to others by a space")
SPLIT = "settings chosen on every tenth training phrase, then trained on all, judged on the held-out phrases"
LABELS = ["forward", "backward", "both"]    # which states an output looks at: one logit for each reader
LANGUAGES = "en", "ko"


def train(phrases: dict, *, rng: np.random.Generator, epochs=EPOCHS, progress=True) -> tuple[SequenceModel, Vocabulary]:
    """A network whose three outputs say whether a space follows, and its vocabulary, from phrases by language.

    The first output sees the forward state alone, the second the backward state alone, the third both; each state
    learns from its own reader and from the third. A few letters are read as unknown, so that the network has seen what
    it means.
    """
    vocabulary = Vocabulary(phrase.replace(" ", "") for language in LANGUAGES for phrase in phrases[language])
    network = new_bidirectional(H, len(LABELS), rng=rng, vocabulary_size=len(vocabulary), input_size=D, dropout=DROPOUT)
    seen = seen_states()
    network.output.params["weight"] *= seen

    def loss_and_grads(batch):
        (ids, lengths), (spaces, _) = batch
        ids = np.where(rng.random(ids.shape) < UNKNOWN, vocabulary.unknown_id, ids)
        (logits, _), cache = network.forward(ids, lengths=lengths, rng=rng)
        loss, dlogits = space_loss(logits, spaces, lengths)
        _, grads = network.backward((dlogits, None), cache)
        grads["output.weight"] = grads["output.weight"] * seen    # what a reader does not see stays at 0
        return loss, grads

    def epoch_batches(epoch):
        read = [unspaced(phrase) for phrase in [*phrases["en"], *joined(phrases["ko"], rng)]]
        columns = [vocabulary.encode(letters) for letters, _ in read], [spaces for _, spaces in read]
        return batches(*columns, batch_size=BATCH, rng=rng)

    steps = epochs * len(list(epoch_batches(0)))
    fit(loss_and_grads, Adam(network.params), epoch_batches, epochs=epochs, clip=1.0, progress=progress,
        schedule=lambda step: RATE * max(0.01, 1 - step / steps))    # epochs differ by a few steps
    return network, vocabulary


def seen_states() -> np.ndarray:
    """1 where a reader's output looks at a state, else 0: (3, 2H), the forward states first."""
    return np.repeat(np.array([[1, 0], [0, 1], [1, 1]], np.float32), H, axis=1)


def joined(names: list[str], rng: np.random.Generator) -> list[str]:
    """`names` in random order, half of the draws alone, the others two to four in a row with a space between."""
    rest, made = [names[n] for n in rng.permutation(len(names))], []
    while rest:
        count = 1 if rng.random() < 0.5 else rng.integers(2, 5)
        made.append(" ".join(rest[:count]))
        rest = rest[count:]
    return made


def gaps(lengths: np.ndarray, T: int) -> np.ndarray:
    """True at the letters that others follow, (B, T): after a phrase's last letter nothing is asked."""
    return np.arange(T) < lengths[:, None] - 1


def space_loss(logits: np.ndarray, spaces: np.ndarray, lengths: np.ndarray) -> tuple[float, np.ndarray]:
    """-log p(what was there), the mean over the gaps, summed over the readers; and its gradient (B, T, 3).

    p(a space) = σ(logit); logits (B, T, 3), spaces (B, T) of 0 and 1.
    """
    counted = gaps(lengths, spaces.shape[1])[..., None]
    space, scale = spaces[..., None].astype(logits.dtype), 1 / max(counted.sum(), 1)
    losses = np.logaddexp(0, logits) - space * logits
    return float((losses * counted).sum() * scale), (sigmoid(logits) - space) * counted * logits.dtype.type(scale)


def errors(model, phrases: list[str]) -> np.ndarray:
    """The share of gaps that each reader gets wrong, (3,): a space where p > ½."""
    read = [unspaced(phrase) for phrase in phrases]
    wrong, asked = np.zeros(len(LABELS)), 0
    for (ids, lengths), (spaces, _) in batches([model.vocabulary.encode(letters) for letters, _ in read],
                                               [spaces for _, spaces in read], batch_size=200):
        (logits, _), _ = model.network.forward(ids, lengths=lengths)
        counted = gaps(lengths, ids.shape[1])
        wrong += (((logits > 0) != (spaces[..., None] == 1)) & counted[..., None]).sum(axis=(0, 1))
        asked += counted.sum()
    return wrong / asked


def build(rng: np.random.Generator) -> tuple[SequenceModel, Vocabulary]:
    """The trained network and its vocabulary."""
    return train({language: spacing(language).train for language in LANGUAGES}, rng=rng)


def score(model) -> dict:
    """What the card claims, measured."""
    phrases = [phrase for language in LANGUAGES for phrase in spacing(language).test]
    forward, backward, both = errors(model, phrases).tolist()
    spaces = np.concatenate([unspaced(phrase)[1][:-1] for phrase in phrases])
    return {
        "name": "gaps wrong",
        "meaning": "share of the gaps between two letters of the held-out phrases of both languages where the reader "
                   "of both states puts a space that was not there or none where one was",
        "value": both,
        "tolerance": 0.004,    # the text of other Python versions and the names of other versions of babel
        "baselines": {"no space anywhere": float(spaces.mean()), "forward states alone": forward,
                      "backward states alone": backward},
    }
