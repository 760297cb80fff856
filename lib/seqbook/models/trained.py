"""A trained model as a reader opens it: its layers, its card, and what goes in and comes out."""

import json
from pathlib import Path

import numpy as np

from seqbook.data import Vocabulary
from seqbook.models.files import load_params
from seqbook.models.network import named, new_bidirectional, new_network
from seqbook.scratch import LSTM, SequenceModel
from seqbook.scratch.base import check_choice, check_shape

NAMES = ("documentation", "adding", "korean", "spacing")
FOLDER = Path(__file__).parent


class TrainedModel:
    """A trained recurrent network with a linear output at every step, made of layers of `seqbook.scratch`.

    `name` is one of `NAMES`, and `card` a dict of what it was trained on, how, and how well it does. The layers are
    `embedding` (an `Embedding`, or None where the input is made of numbers), `recurrent` (an `LSTM`, which `lstm` names
    as well; in "spacing" a `Bidirectional` of two `RNN`s) and `output` (a `Linear`); `params` has their float32 arrays
    by name ("lstm.weight_ih", "rnn.forward_layer.weight_ih"), shared with them. `vocabulary` is a `Vocabulary` that
    turns text into ids, or None; `labels` says what each of the O outputs stands for: a character, a month, the sum, a
    reader.

        model = load("documentation")
        outputs, cache = model.forward(model.vocabulary.encode("x = (1")[None])
        cache.forget_gate[0, :, 7]    # unit 7's forget gate at each of the 6 characters
    """

    def __init__(self, name: str, card: dict, network: SequenceModel):
        self.name, self.card, self.network = name, card, network
        self.embedding, self.recurrent, self.output = network.first, network.recurrent, network.output
        self.lstm = network.recurrent if isinstance(network.recurrent, LSTM) else None
        self.params = named(network)
        self.vocabulary = Vocabulary([card["vocabulary"]]) if card["vocabulary"] else None
        self.labels = tuple(card["labels"] or self.vocabulary.characters)

    def forward(self, inputs: np.ndarray, state=None) -> tuple[np.ndarray, tuple]:
        """outputs (B, T, O) and the recurrent layer's cache; inputs: ids (B, T), or x (B, T, D) without an embedding.

        Outputs are logits, or the number itself where `labels` is one. `state` is None for zeros, or the layer's own,
        of an LSTM (h (B, H), c (B, H)); its state after the last step is (cache.h[-1], cache.c[-1]).
        """
        numbers = {"D": self.recurrent.input_size} if self.embedding is None else {}
        check_shape("inputs", inputs, B=None, T=None, **numbers)
        (outputs, _), cache = self.network.forward(inputs, state)
        return outputs, cache.recurrent

    def __repr__(self):
        return f"TrainedModel({self.name!r}, {self.network!r})"


def load(name: str) -> TrainedModel:
    """The trained model `name`, one of `NAMES`; a fresh copy at every call."""
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
    model = TrainedModel(name, card, network_for(params))
    model.params.update(params)
    return model


def network_for(params: dict) -> SequenceModel:
    """A network of the kind and the sizes that the arrays in a file are named and made for."""
    rng = np.random.default_rng(0)    # the layers' own numbers are overwritten
    O, V = len(params["output.weight"]), len(params.get("embedding.weight", ())) or None
    if "lstm.weight_ih" in params:
        sizes = {"vocabulary_size": V, "input_size": params["lstm.weight_ih"].shape[1]}
        return new_network(params["lstm.weight_hh"].shape[1], O, rng=rng, **sizes)
    H, D = params["rnn.forward_layer.weight_ih"].shape
    return new_bidirectional(H, O, rng=rng, vocabulary_size=V, input_size=D)
