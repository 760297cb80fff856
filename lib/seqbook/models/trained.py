"""A trained model as a reader opens it: its layers, its card, and what goes in and comes out."""

import json
from pathlib import Path

import numpy as np

from seqbook.data import Vocabulary
from seqbook.models.files import load_params
from seqbook.models.network import named
from seqbook.scratch import LSTM, Embedding, Linear, SequenceModel
from seqbook.scratch.base import check_choice, check_shape
from seqbook.scratch.lstm import LSTMCache

NAMES = ("documentation", "adding", "korean")
FOLDER = Path(__file__).parent


class TrainedModel:
    """A trained LSTM with a linear output at every step, made of layers of `seqbook.scratch`.

    `name` is "documentation", "adding" or "korean", and `card` a dict of what it was trained on, how, and how well it
    does. The layers are `embedding` (an `Embedding`, or None where the input is made of numbers), `lstm` and `output`
    (a `Linear`); `params` has their float32 arrays by name ("lstm.weight_ih"), shared with them. `vocabulary` is a
    `Vocabulary` that turns text into ids, or None; `labels` says what each of the O outputs stands for: a character, a
    month, the sum.

        model = load("documentation")
        outputs, cache = model.forward(model.vocabulary.encode("x = (1")[None])
        cache.forget_gate[0, :, 7]    # unit 7's forget gate at each of the 6 characters
    """

    def __init__(self, name: str, card: dict, network: SequenceModel):
        self.name, self.card, self.network = name, card, network
        self.embedding, self.lstm, self.output = network.first, network.recurrent, network.output
        self.params = named(network)
        self.vocabulary = Vocabulary([card["vocabulary"]]) if card["vocabulary"] else None
        self.labels = tuple(card["labels"] or self.vocabulary.characters)

    def forward(self, inputs: np.ndarray, state=None) -> tuple[np.ndarray, LSTMCache]:
        """outputs (B, T, O) and the LSTM's cache; inputs: ids (B, T), or x (B, T, D) where there is no embedding.

        Outputs are logits, or the number itself where `labels` is one. `state` (h (B, H), c (B, H)) or None for zeros;
        the state after the last step is (cache.h[-1], cache.c[-1]).
        """
        check_shape("inputs", inputs, B=None, T=None, **({"D": self.lstm.input_size} if self.embedding is None else {}))
        (outputs, _), cache = self.network.forward(inputs, state)
        return outputs, cache.recurrent

    def __repr__(self):
        return f"TrainedModel({self.name!r}, {self.network!r})"


def load(name: str) -> TrainedModel:
    """The trained model `name`: "documentation", "adding" or "korean"; a fresh copy at every call."""
    return read(name, FOLDER)


def path(name: str) -> Path:
    """The safetensors file of the trained model `name`; its card lies beside it as JSON (format: `models/files.py`)."""
    check_choice("name", name, NAMES)
    return FOLDER / f"{name}.safetensors"


def read(name: str, folder: Path) -> TrainedModel:
    """The model whose file and card lie in `folder`."""
    check_choice("name", name, NAMES)
    card = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    params = load_params(folder / f"{name}.safetensors")
    rng = np.random.default_rng(0)    # the layers' own numbers are overwritten
    (O, H), D = params["output.weight"].shape, params["lstm.weight_ih"].shape[1]
    V = len(params["embedding.weight"]) if "embedding.weight" in params else None
    embedding = None if V is None else Embedding(V, D, rng=rng)
    model = TrainedModel(name, card, SequenceModel(embedding, LSTM(D, H, rng=rng), Linear(H, O, rng=rng)))
    model.params.update(params)
    return model
