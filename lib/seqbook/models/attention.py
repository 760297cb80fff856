"""Small translators that look back: Luong's decoder in the notes' form, trained on a phrase book, dates and names.

    python -m seqbook.models.attention                  # trains all of them anew, some minutes
    python -m seqbook.models.attention phrases-en dot   # one of them: its task and its score
"""

import argparse
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seqbook.data import Split, Vocabulary, composed, dates, names, pad, phrases
from seqbook.data.phrases import OBJECTS, PLACES
from seqbook.models.files import load_card, load_params, save_params, versions
from seqbook.models.iso import variant
from seqbook.scratch import (
    GRU, AdamW, AdditiveScore, CrossEntropy, DotScore, Encoder, GeneralScore, LuongDecoder, ScaledDotScore, Seq2Seq,
    fit, greedy,
)
from seqbook.scratch.base import check_choice
from seqbook.scratch.losses import loss_and_gradient

FOLDER = Path(__file__).parent
SEED, H, D, BATCH, IGNORED = 0, 24, 16, 64, -100
UNKNOWN = 0.01           # share of source signs that are read as unknown in training
END, START = "■", "□"    # the last two signs of every target
LONGEST, WRITES = 48, 24    # signs that are read and written at most
SCORES = {
    "dot": DotScore, "scaled dot": ScaledDotScore,
    "general": lambda **options: GeneralScore(H, H, **options),
    "additive": lambda **options: AdditiveScore(H, H, H // 2, **options),
}


# --- tasks

class Task(NamedTuple):
    """What is translated, how it is cut into signs, and how long it is learned."""

    pairs: Callable[[], Split]    # (source, target)
    kinds: tuple[str, str]        # the signs of sources and of targets: "words", "characters" or "letters"
    scores: tuple[str, ...]       # a model for each of them
    epochs: int
    rate: float
    hide: float                   # share of the target's tokens that the decoder is not shown in training
    decay: float                  # of the weights
    task: str
    data: str
    split: str


def phrase_pairs(language: str) -> Split:
    """(German, `language`) sentences: "english" or "korean"."""
    book = phrases()
    return Split(*([(phrase.german, getattr(phrase, language)) for phrase in part] for part in (book.train, book.test)))


def name_pairs() -> Split:
    """(Korean, English in small letters) names of the cities and territories whose English has plain letters alone."""
    parts = {"train": [], "test": []}
    for kind in ("cities", "territories"):
        for part in parts:
            parts[part] += [(korean, english.casefold()) for english, korean in getattr(names(kind), part)
                            if set(english.casefold()) <= set("abcdefghijklmnopqrstuvwxyz -'.")]
    return Split(**parts)


BOOK = "seqbook.data.phrases(), 8,000 generated German sentences with their {}"
HELD_OUT = "judged on 1,000 sentences; who does what to what in which mood occurs in no training sentence"
TASKS = {
    "phrases-en": Task(
        lambda: phrase_pairs("english"), ("words", "words"), tuple(SCORES), 14, 1e-2, 0.0, 0.0,
        "the English sentence of a German one, word by word", BOOK.format("English"), HELD_OUT),
    "phrases-ko": Task(
        lambda: phrase_pairs("korean"), ("words", "words"), ("general",), 14, 1e-2, 0.0, 0.0,
        "the Korean sentence of a German one, word by word", BOOK.format("Korean"), HELD_OUT),
    "dates": Task(
        lambda: dates("ko", train=8_000, test=1_000), ("characters", "characters"), ("general",), 12, 1e-2, 0.0, 0.0,
        "the ISO date of a Korean date, character by character",
        "seqbook.data.dates('ko', train=8_000): Unicode CLDR patterns from the package babel; each as in the model iso"
        ", some without spaces or among other characters",
        "judged on 1,000 texts of days that occur in no training text, one day in ten"),
    "names": Task(
        name_pairs, ("letters", "characters"), ("general",), 120, 2e-2, 0.3, 0.5,
        "the English name of a place, letter by letter, from the letters (jamo) of its Korean name",
        "seqbook.data.names('cities') and ('territories'): Unicode CLDR from the package babel; names of plain letters",
        "setting chosen on a sixth of the training names, then trained on all, judged on places of no training name"),
}


def cut(text: str, kind: str) -> list[str]:
    """The signs of a text, at most 48: its "words", "characters", or "letters": Hangul syllables taken apart (jamo)."""
    text = composed(text)
    signs = text.split() if kind == "words" else unicodedata.normalize("NFKD", text) if kind == "letters" else text
    return list(signs)[:LONGEST]


def joined(signs: list[str], kind: str) -> str:
    """The text that signs make: `cut` backwards."""
    return (" " if kind == "words" else "").join(signs)


# --- a trained model

class Alignment(NamedTuple):
    """What a model wrote and where it looked: `weights[t, i]` is the attention weight α of target t at source i."""

    source: list[str]      # S signs
    target: list[str]      # T signs, the end "■" last
    weights: np.ndarray    # (T, S)


class Translator:
    """A trained encoder and decoder, whatever they are made of, with the signs that they read and write.

    `network` is the whole, `params` its arrays by name. `source` and `target` are the signs that ids stand for: source
    id 0 is every unknown sign, the last two of the target are the `end` and the `start`. `card` says what it was
    trained on, how, and how well it does.
    """

    def __init__(self, task: str, card: dict, network):
        self.task, self.card, self.network, self.params = task, card, network, network.params
        self.source, self.target = tuple(card["source"]), tuple(card["target"])
        self.kinds = TASKS[task].kinds
        self.end, self.start = self.target.index(END), self.target.index(START)
        self._ids = ids_of(self.source)

    def signs(self, text: str) -> list[str]:
        """What of a source is read as one: its words, characters or letters, at most 48."""
        return cut(text, self.kinds[0])

    def encode(self, text: str) -> np.ndarray:
        """The ids (S,) of a source; a word also in other capitals; 0 for what is unknown."""
        return np.array([self._ids.get(sign, self._ids.get(sign.lower(), 0)) for sign in self.signs(text)], int)

    def target_ids(self, text: str) -> np.ndarray:
        """The ids (T,) of a target text and its end."""
        return np.array([self.target.index(sign) for sign in [*cut(text, self.kinds[1]), END]])

    def before(self, ids: np.ndarray) -> np.ndarray:
        """What the decoder has read when it has to write `ids` (…, T): the start, then all of them but the last."""
        return np.concatenate([np.full_like(ids[..., :1], self.start), ids[..., :-1]], axis=-1)

    def stepping(self, ids: np.ndarray, lengths: np.ndarray):
        """The step and the first state with which `seqbook.scratch.greedy` and its kin write from sources (B, S)."""
        raise NotImplementedError

    def write_ids(self, texts: list[str]) -> list[np.ndarray]:
        """The ids that are written for each source, greedily, up to the end, that included, and to 24 of them."""
        step, state = self.stepping(*pad([self.encode(text) for text in texts]))
        first = np.full(len(texts), self.start)
        found = greedy(step, state, first, end=self.end, max_length=WRITES).ids
        return [row[:np.flatnonzero(row == self.end)[0] + 1 if self.end in row else None] for row in found]

    def text(self, ids: np.ndarray) -> str:
        """The target text of ids, without the end."""
        return joined([self.target[n] for n in ids if n != self.end], self.kinds[1])

    def write(self, text: str) -> str:
        """What is written for a source."""
        return self.text(self.write_ids([text])[0])


class TrainedAttention(Translator):
    """A trained encoder and a decoder that looks back at all its states (`LuongDecoder`), of `seqbook.scratch`.

    For every target step: scores e = score(s(t), h(i)), weights α = softmax(e), c(t) = Σ α h(i),
    a(t) = tanh(W_c [c(t); s(t)] + b), logits = W_o a(t) + b. The decoder starts from the encoder's last state.
    `network` is the `Seq2Seq`, `encoder` and `decoder` are its layers; the rest as in `Translator`.

        model = load_attention("phrases-ko")
        model.write("Ich möchte ein Bier trinken")                   # "나는 맥주를 마시고 싶습니다"
        model.align("Ich möchte ein Bier trinken").weights.round(2)  # (5, 5)
    """

    def __init__(self, task: str, score: str, card: dict, network: Seq2Seq):
        self.score, self.encoder, self.decoder = score, network.encoder, network.decoder
        super().__init__(task, card, network)

    def stepping(self, ids, lengths):
        return self.network.step, self.network.start(ids, lengths)

    def align(self, text: str, target: str | None = None) -> Alignment:
        """Where the decoder looks as it writes, greedily or, teacher-forced, the given `target`."""
        ids = self.write_ids([text])[0] if target is None else self.target_ids(target)
        _, cache = self.network.forward(self.encode(text)[None], self.before(ids)[None])
        return Alignment(self.signs(text), [self.target[n] for n in ids], cache.weights[0])

    def __repr__(self):
        return f"TrainedAttention({self.task!r}, {self.score!r}, {self.network!r})"


def ids_of(signs: tuple[str, ...]) -> dict[str, int]:
    """The ids of signs, and of those in small letters that only one of them is."""
    small = {}
    for n, sign in enumerate(signs[1:], start=1):
        small.setdefault(sign.lower(), []).append(n)
    return {sign: ids[0] for sign, ids in small.items()} | {sign: n for n, sign in enumerate(signs) if n}


def load_attention(task: str = "phrases-en", score: str = "general", dtype=np.float32) -> TrainedAttention:
    """The model trained on `task` ("phrases-en", "phrases-ko", "dates", "names") with `score`; "phrases-en" has all
    four ("dot", "scaled dot", "general", "additive"), the others "general". A fresh copy at every call."""
    return read(path(task, score), dtype)


def path(task: str, score: str) -> Path:
    """The safetensors file of a model; its card lies beside it as JSON."""
    check_choice("task", task, tuple(TASKS))
    check_choice("score", score, TASKS[task].scores)
    return FOLDER / f"attention-{task}-{score.replace(' ', '-')}.safetensors"


def read(file: Path, dtype=np.float32) -> TrainedAttention:
    """The model of a file and the card beside it."""
    card, params = load_card(file), load_params(file)
    network = new_network(card["score"], len(card["source"]), len(card["target"]), rng=np.random.default_rng(0),
                          dtype=dtype)    # the layers' own numbers are overwritten
    network.params.update({name: array.astype(dtype) for name, array in params.items()})
    return TrainedAttention(card["task"], card["score"], card, network)


def new_network(score: str, source_size: int, target_size: int, *, rng: np.random.Generator,
                dtype=np.float32) -> Seq2Seq:
    """Two GRUs and a score with fresh parameters; the bias of the update gates is 1, so that they keep the past."""
    options = {"rng": rng, "dtype": dtype}
    encoder, decoder = (GRU(D, H, **options) for _ in range(2))
    for gru in (encoder, decoder):
        gru.params["bias"][H:2 * H] = 1
    return Seq2Seq(Encoder(source_size, encoder, **options),
                   LuongDecoder(target_size, decoder, SCORES[score](**options), H, **options))


# --- training

def train(task: str, score: str, pairs: list, *, rng: np.random.Generator, epochs: int | None = None, progress=True):
    """A network and the signs of sources and targets, from pairs, with teacher forcing (`teach`)."""
    recipe, (source, target) = TASKS[task], signs_of(task, pairs)
    network = new_network(score, len(source), len(target), rng=rng)
    model = TrainedAttention(task, score, {"source": source, "target": target}, network)
    epochs = recipe.epochs if epochs is None else epochs
    teach(model, pairs, network.forward, rng=rng, epochs=epochs, progress=progress, hide=recipe.hide,
          decay=recipe.decay, schedule=lambda done: recipe.rate * (1 - done))
    return network, source, target


def signs_of(task: str, pairs: list) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The signs of the sources, the unknown one first, and of the targets, the end and the start last."""
    kinds = TASKS[task].kinds
    seen = [text for pair in pairs for text in (pair if task == "dates" else pair[:1])]    # variants hold ISO dates
    return ((Vocabulary.unknown_character, *sorted({sign for text in seen for sign in cut(text, kinds[0])})),
            (*sorted({sign for _, text in pairs for sign in cut(text, kinds[1])}), END, START))


def teach(model: Translator, pairs: list, forward: Callable, *, rng: np.random.Generator, epochs: int, progress: bool,
          hide: float, decay: float, schedule: Callable):
    """Train `model.network` on pairs (source, target), with teacher forcing.

    `forward(ids, before, lengths, target_lengths)` gives logits and the cache of `model.network.backward`;
    `schedule(done)` the rate after the share `done` of all steps. A few source signs are read as unknown; of the
    target, a share `hide` of what the decoder is shown is replaced by the start, so that with few pairs it cannot
    learn them by heart. Dates come as `seqbook.models.iso.variant`s.
    """
    network, are_dates = model.network, model.task == "dates"
    cross_entropy, targets = CrossEntropy(ignore_index=IGNORED), [model.target_ids(text) for _, text in pairs]
    others = [sign for sign in model.source[1:] if not sign.isdigit()]

    def loss_and_grads(batch):
        (ids, lengths), (targets, target_lengths) = batch
        ids = np.where(rng.random(ids.shape) < UNKNOWN, 0, ids)
        before = model.before(np.where(targets == IGNORED, model.end, targets))
        before = np.where(rng.random(before.shape) < hide, model.start, before)
        logits, cache = forward(ids, before, lengths, target_lengths)
        loss, dlogits = loss_and_gradient(cross_entropy, logits, targets)
        return loss, network.backward(dlogits, cache)[1]

    def epoch_batches(epoch):
        read = [model.encode(variant(*pair, others, rng) if are_dates else pair[0]) for pair in pairs]
        order = np.argsort(np.array([len(ids) for ids in read]) + 3 * rng.random(len(read)))
        groups = np.split(order, range(BATCH, len(order), BATCH))
        return ((pad([read[n] for n in groups[g]]), pad([targets[n] for n in groups[g]], IGNORED))
                for g in rng.permutation(len(groups)))

    steps = epochs * -(-len(pairs) // BATCH)
    fit(loss_and_grads, AdamW(network.params, weight_decay=decay), epoch_batches, epochs=epochs, clip=1.0,
        progress=progress, schedule=lambda step: schedule(step / steps))


def score_of(model: TrainedAttention) -> dict:
    """What the card claims, measured on the held-out pairs.

    `value` is the share of sources whose target is written whole, `wrong` the edits that turn what is written into the
    target, a sign of it; both also with c(t) = 0 at every step in the same model. `aligned` (of the phrase book): how
    often, as a noun of an object or a place is written, the largest weight lies on its German noun.
    """
    pairs = TASKS[model.task].pairs().test
    whole, wrong = accuracy(model, pairs)
    without = accuracy(without_attention(model), pairs)
    found = {"name": "accuracy", "meaning": f"share of {len(pairs)} held-out sources translated whole, greedily",
             "value": whole, "wrong": wrong, "tolerance": 0.02,    # the data of other versions of babel
             "baselines": {"the same model, its context vectors 0": without[0]}, "wrong without": without[1]}
    if model.task.startswith("phrases"):
        found["aligned"] = aligned(model, pairs)
    return found


def accuracy(model: Translator, pairs: list) -> tuple[float, float]:
    """The share of pairs whose target is written whole, and the edits a sign of the targets."""
    written = [cut(model.text(ids), model.kinds[1]) for ids in model.write_ids([source for source, _ in pairs])]
    targets = [cut(target, model.kinds[1]) for _, target in pairs]
    edits = sum(distance(*both) for both in zip(written, targets, strict=True))
    return float(np.mean([one == other for one, other in zip(written, targets)])), edits / sum(map(len, targets))


def distance(written: list, wanted: list) -> int:
    """Signs to insert, delete or replace, at least, until `written` is `wanted` (Levenshtein)."""
    row = list(range(len(wanted) + 1))
    for n, sign in enumerate(written, start=1):
        before, row = row, [n]
        for m, other in enumerate(wanted, start=1):
            row.append(min(before[m] + 1, row[-1] + 1, before[m - 1] + (sign != other)))
    return row[-1]


def without_attention(model: TrainedAttention) -> TrainedAttention:
    """A copy whose combination takes nothing from c(t), as if it were 0."""
    network = new_network(model.score, len(model.source), len(model.target), rng=np.random.default_rng(0),
                          dtype=model.network.dtype)
    network.params.update({name: array.copy() for name, array in model.params.items()})
    network.params["decoder.combine.weight"][:, :H] = 0
    return TrainedAttention(model.task, model.score, model.card, network)


def aligned(model: TrainedAttention, pairs: list) -> float:
    """Share of the objects' and places' nouns whose largest weight, as they are written, is at the German noun."""
    language = "english" if model.task == "phrases-en" else "korean"
    nouns = {getattr(noun, language).split()[-1]: noun.german.split()[-1]
             for noun in (*OBJECTS.values(), *PLACES.values())}
    hits = []
    for german, other in pairs:
        found = model.align(german, other)
        hits += [found.source[weights.argmax()] == nouns[sign]
                 for sign, weights in zip(found.target, found.weights) if nouns.get(sign) in found.source]
    return float(np.mean(hits))


def main(task: str, score: str) -> dict:
    """Train one model and write its file and card; the card's score, that of the file as it is read."""
    recipe, file = TASKS[task], path(task, score)
    network, source, target = train(task, score, recipe.pairs().train, rng=np.random.default_rng(SEED))
    save_params(file, dict(network.params), quantise=True)
    card = {"name": file.stem, "task": task, "score": score, **card_of(
        recipe, network, source, target, sizes={"input": D, "hidden": H},
        command=f"python -m seqbook.models.attention {task} '{score}'")}
    write_card(file, card)
    write_card(file, card | {"measured": score_of(read(file))})
    return read(file).card["measured"]


def card_of(recipe: Task, network, source: tuple, target: tuple, *, sizes: dict, command: str) -> dict:
    """What every translator's card says."""
    return {
        "what": recipe.task, "data": recipe.data, "split": recipe.split,
        "source": "".join(source) if recipe.kinds[0] != "words" else list(source),
        "target": "".join(target) if recipe.kinds[1] != "words" else list(target),
        "sizes": {"source": len(source), "target": len(target), **sizes},
        "parameters": sum(array.size for array in network.params.values()), "command": command, "seed": SEED,
        "versions": versions("numpy", "babel", "safetensors"),
    }


def write_card(file: Path, card: dict) -> None:
    """`card` as JSON with a line for each entry."""
    lines = [f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in card.items()]
    file.with_suffix(".json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m seqbook.models.attention",
                                     description="Train the small translators and write their files and cards.")
    parser.add_argument("task", nargs="?", choices=TASKS)
    parser.add_argument("score", nargs="?", choices=SCORES)
    chosen = parser.parse_args()
    for task in [chosen.task] if chosen.task else TASKS:
        for score in [chosen.score] if chosen.score else TASKS[task].scores:
            print(task, score, main(task, score), flush=True)
