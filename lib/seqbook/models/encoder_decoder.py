"""Small encoder–decoder Transformers on the tasks of `seqbook.models.attention`: dates, names, a phrase book.

    python -m seqbook.models.encoder_decoder          # trains all of them anew, some minutes
    python -m seqbook.models.encoder_decoder dates    # one of them
"""

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seqbook.models.attention import (
    SEED, TASKS, Translator, accuracy, card_of, signs_of, teach, write_card,
)
from seqbook.models.files import load_card, load_params, save_params
from seqbook.scratch import Transformer
from seqbook.scratch.base import check_choice

FOLDER = Path(__file__).parent
E, N, F, LAYERS = 20, 2, 32, 2    # model size, heads, hidden size of the feed-forward, blocks of each stack
PLACES = ("encoder", "decoder", "cross")    # self-attention of the source, of the target, and from target to source
HEADS = tuple(f"{place} {layer} {head}" for place in PLACES for layer in range(1, LAYERS + 1)
              for head in range(1, N + 1))    # what heads are called: place, layer and head, both from 1


class Recipe(NamedTuple):
    """How long one is trained, and how."""

    epochs: int
    rate: float
    warmup: float     # share of all steps in which the rate rises
    hide: float       # as in `seqbook.models.attention`
    decay: float
    dropout: float


RECIPES = {
    "dates": Recipe(16, 8e-3, 0.06, 0.0, 0.0, 0.0),
    "names": Recipe(120, 8e-3, 0.06, 0.2, 0.3, 0.1),
    "phrases-en": Recipe(14, 8e-3, 0.06, 0.0, 0.0, 0.0),
    "phrases-ko": Recipe(14, 8e-3, 0.06, 0.0, 0.0, 0.0),
}


# --- a trained model

class Heads(NamedTuple):
    """Who looked at whom, in every block and head: weights (layers, N, rows, columns) of S read and T written signs."""

    source: list[str]       # S signs
    target: list[str]       # T signs, the end "■" last
    encoder: np.ndarray     # (layers, N, S, S)
    decoder: np.ndarray     # (layers, N, T, T): the query that writes sign t, the key of the sign before sign s
    cross: np.ndarray       # (layers, N, T, S)


class TrainedTranslator(Translator):
    """A trained encoder–decoder `Transformer` of `seqbook.scratch`: pre-norm blocks, sinusoidal positions.

    `network` has `layers` blocks in each stack, each with `heads` heads; the rest as in `Translator`.

        model = load_translator("phrases-ko")
        model.write("Ich möchte ein Bier trinken")                # "나는 맥주를 마시고 싶습니다"
        model.heads("Ich möchte ein Bier trinken").cross[1, 0]    # (5, 5): block 2, head 1
        without(model, "cross 2 1").write("Ich möchte ein Bier trinken")    # that head erased
    """

    def stepping(self, ids, lengths):
        memory, mask = self.network.encode(ids, lengths)
        return lambda ids, past: self.network.step(ids, memory, past, mask), None

    def heads(self, text: str, target: str | None = None) -> Heads:
        """All attention weights as it writes, greedily or, teacher-forced, the given `target`."""
        ids = self.write_ids([text])[0] if target is None else self.target_ids(target)
        _, cache = self.network.forward(self.encode(text)[None], self.before(ids)[None])
        blocks = cache.decoder.blocks
        return Heads(self.signs(text), [self.target[n] for n in ids],
                     np.concatenate(cache.encoder.weights),
                     np.concatenate([block.self_attention.sublayer.weights for block in blocks]),
                     np.concatenate([block.cross_attention.sublayer.weights for block in blocks]))

    def __repr__(self):
        return f"TrainedTranslator({self.task!r}, {self.network!r})"


def load_translator(task: str = "phrases-en", dtype=np.float32) -> TrainedTranslator:
    """The Transformer trained on `task` ("dates", "names", "phrases-en", "phrases-ko"). A fresh copy at every call."""
    return read(path(task), dtype)


def path(task: str) -> Path:
    """The safetensors file of a model; its card lies beside it as JSON."""
    check_choice("task", task, tuple(RECIPES))
    return FOLDER / f"transformer-{task}.safetensors"


def read(file: Path, dtype=np.float32) -> TrainedTranslator:
    """The model of a file and the card beside it."""
    card, params = load_card(file), load_params(file)
    network = new_network(len(card["source"]), len(card["target"]), rng=np.random.default_rng(0), dtype=dtype)
    network.params.update({name: array.astype(dtype) for name, array in params.items()})
    return TrainedTranslator(card["task"], card, network)


def new_network(source_size: int, target_size: int, *, rng: np.random.Generator, dtype=np.float32,
                dropout=0.0) -> Transformer:
    """An encoder–decoder Transformer of the size of all of these."""
    return Transformer(source_size, target_size, E, N, F, LAYERS, rng=rng, dtype=dtype, dropout=dropout)


def copy_of(model: TrainedTranslator) -> TrainedTranslator:
    """The same numbers once more."""
    network = new_network(len(model.source), len(model.target), rng=np.random.default_rng(0),
                          dtype=model.network.dtype)
    network.params.update({name: array.copy() for name, array in model.params.items()})
    return TrainedTranslator(model.task, model.card, network)


def without(model: TrainedTranslator, *heads: str) -> TrainedTranslator:
    """A copy in which `heads` (of `HEADS`) are erased: nothing of what they gather goes on.

    What they gather meets zeros in W_O, the layer `output` of their attention.
    """
    copy, K = copy_of(model), E // N
    for name in heads:
        check_choice("heads", name, HEADS)
        attention, head = place_of(name)
        copy.params[f"{attention}.output.weight"][:, head * K:(head + 1) * K] = 0
    return copy


def place_of(name: str) -> tuple[str, int]:
    """The attention that a head of `HEADS` belongs to, as its parameters are named, and the head's number from 0."""
    place, layer, head = name.split()
    stack, attention = {"encoder": ("encoder", "attention"), "decoder": ("decoder", "self_attention"),
                        "cross": ("decoder", "cross_attention")}[place]
    return f"{stack}.blocks.{int(layer) - 1}.{attention}", int(head) - 1


def cooled(model: TrainedTranslator, temperature: float) -> TrainedTranslator:
    """A copy in which all scores are divided by the temperature: its queries are."""
    copy = copy_of(model)
    for name, array in copy.params.items():
        if ".query." in name:
            array /= temperature
    return copy


# --- training

def train(task: str, pairs: list, *, rng: np.random.Generator, epochs: int | None = None, progress=True):
    """A network and the signs of sources and targets, from pairs, with teacher forcing."""
    recipe, (source, target) = RECIPES[task], signs_of(task, pairs)
    network = new_network(len(source), len(target), rng=rng, dropout=recipe.dropout)
    model = TrainedTranslator(task, {"source": source, "target": target}, network)
    teach(model, pairs, lambda ids, before, lengths, _: network.forward(ids, before, lengths, rng), rng=rng,
          epochs=recipe.epochs if epochs is None else epochs, progress=progress, hide=recipe.hide, decay=recipe.decay,
          schedule=lambda done: recipe.rate * min(done / recipe.warmup, (1 - done) / (1 - recipe.warmup)))
    return network, source, target


def score_of(model: TrainedTranslator) -> dict:
    """What the card claims, measured on the held-out pairs.

    `value` is the share of sources whose target is written whole, `wrong` the edits that turn what is written into the
    target, a sign of it. `erased` has the first of them with one head erased, for each of `HEADS`.
    """
    pairs = TASKS[model.task].pairs().test
    whole, wrong = accuracy(model, pairs)
    erased = {name: accuracy(without(model, name), pairs)[0] for name in HEADS}
    return {"name": "accuracy", "meaning": f"share of {len(pairs)} held-out sources translated whole, greedily",
            "value": whole, "wrong": wrong, "tolerance": 0.02,    # the data of other versions of babel
            "erased": erased}


def main(task: str) -> dict:
    """Train one model and write its file and card; the card's score, that of the file as it is read."""
    file = path(task)
    network, source, target = train(task, TASKS[task].pairs().train, rng=np.random.default_rng(SEED))
    save_params(file, dict(network.params), quantise=True, stack=True)
    card = {"name": file.stem, "task": task, **card_of(
        TASKS[task], network, source, target, sizes={"model": E, "heads": N, "hidden": F, "layers": LAYERS},
        command=f"python -m seqbook.models.encoder_decoder {task}")}
    write_card(file, card)
    write_card(file, card | {"measured": score_of(read(file))})
    return read(file).card["measured"]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m seqbook.models.encoder_decoder",
                                     description="Train the small Transformers and write their files and cards.")
    parser.add_argument("task", nargs="?", choices=RECIPES)
    chosen = parser.parse_args()
    for task in [chosen.task] if chosen.task else RECIPES:
        print(task, main(task), flush=True)
