"""A trained model as a reader opens it: its layers, its card, and what goes in and comes out."""

from pathlib import Path

import numpy as np

from seqbook.data import Vocabulary, pad
from seqbook.models.files import load_card, load_params
from seqbook.models.network import named, new_bidirectional, new_encoder_decoder, new_network
from seqbook.scratch import LSTM, LanguageModel, Seq2Seq, SequenceModel, beam, greedy
from seqbook.scratch.base import check_choice, check_shape
from seqbook.scratch.transformer import LanguageModelCache

NAMES = ("documentation", "adding", "korean", "spacing", "iso", "transformer")
FOLDER = Path(__file__).parent


class TrainedModel:
    """A trained recurrent network with a linear output at every step, made of layers of `seqbook.scratch`.

    `name` is one of `NAMES` but "iso" and "transformer", and `card` a dict of what it was trained on, how, and how well
    it does. The layers are `embedding` (an `Embedding`, or None where the input is made of numbers), `recurrent` (an
    `LSTM`, which `lstm` names as well; in "spacing" a `Bidirectional` of two `RNN`s) and `output` (a `Linear`);
    `params` has their float32 arrays by name ("lstm.weight_ih", "rnn.forward_layer.weight_ih"), shared with them.
    `vocabulary` is a `Vocabulary` that turns text into ids, or None; `labels` says what each of the O outputs stands
    for: a character, a month, the sum, a reader.

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


class TrainedEncoderDecoder:
    """A trained encoder and decoder with a fixed context vector c between them, made of layers of `seqbook.scratch`.

    `encoder` and `decoder` are those of the `network`, a `Seq2Seq`; c, (B, H), is the encoder's last state and the
    decoder's first. `embedding`, `recurrent` (a `GRU`) and `vocabulary` are the encoder's, `output` and `labels` the
    decoder's: what each of its tokens stands for, with `end` and `first` (the start) as their ids. `card` and `params`
    ("decoder.output.weight") as in `TrainedModel`.

        model = load("iso")
        c = model.read(["2026년 3월 9일 월요일", "26. 3. 9."])    # (2, 64)
        model.write(c)                                         # ["2026-03-09", "2026-03-09"]
    """

    def __init__(self, name: str, card: dict, network: Seq2Seq):
        self.name, self.card, self.network = name, card, network
        self.encoder, self.decoder = network.encoder, network.decoder
        self.embedding, self.recurrent = self.encoder.embedding, self.encoder.recurrent
        self.output = self.decoder.output
        self.params = named(network)
        self.vocabulary, self.labels = Vocabulary([card["vocabulary"]]), tuple(card["labels"])
        self.end, self.first = self.labels.index("end"), self.labels.index("start")

    def read(self, texts: list[str]) -> np.ndarray:
        """c (B, H) of B texts, none of them empty; unknown characters are read as id 0."""
        (_, c), _ = self.encoder.forward(*self._ids(texts))
        return c

    def states(self, text: str) -> np.ndarray:
        """The encoder's states h(1) … h(S) (S, H) at the S characters of `text`; the last is c."""
        (states, _), _ = self.encoder.forward(*self._ids([text]))
        return states[0]

    def step(self, ids: np.ndarray, h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """logits (B, T, V) after the next ids (B, T) and the new h (B, H): for `seqbook.scratch.greedy` and its kin."""
        return self.decoder.forward(ids, h)[0]

    def write(self, c: np.ndarray, *, width: int | None = None, max_length: int = 16) -> list[str]:
        """What the decoder writes from each c (B, H), greedily, or the best of a beam of `width`: B texts."""
        first = np.full(len(c), self.first)
        if width is None:
            ids = greedy(self.step, c, first, end=self.end, max_length=max_length).ids
        else:
            found = beam(self.step, c, first, end=self.end, max_length=max_length, width=width, length_penalty=0)
            ids = found.ids[:, 0]
        return [self.text(row) for row in ids]

    def text(self, ids: np.ndarray) -> str:
        """The tokens (T,) as a text, up to the end and without it."""
        ends = np.flatnonzero(ids == self.end)
        return "".join(self.labels[token] for token in ids[:ends[0] if len(ends) else None])

    def _ids(self, texts):
        """ids (B, S), no state and lengths (B,), as the encoder takes them."""
        ids, lengths = pad([self.vocabulary.encode(text) for text in texts])
        return ids, None, lengths

    def __repr__(self):
        return f"TrainedEncoderDecoder({self.name!r}, {self.network!r})"


class TrainedTransformer:
    """A trained decoder-only Transformer: the next character from those so far, made of layers of `seqbook.scratch`.

    `network` is the `LanguageModel`, `output` its last layer, `longest` the most characters it can read. `card`,
    `params` ("stack.blocks.0.attention.query.weight"), `vocabulary` and `labels` as in `TrainedModel`.

        model = load("transformer")
        logits, cache = model.forward(model.vocabulary.encode("x = (1")[None])
        cache.weights[1][0, 3]    # (6, 6): who looks at whom in the second block's fourth head
    """

    def __init__(self, name: str, card: dict, network: LanguageModel):
        self.name, self.card, self.network = name, card, network
        self.longest, self.params, self.output = network.tokens.positions.max_length, network.params, network.output
        self.vocabulary = Vocabulary([card["vocabulary"]])
        self.labels = tuple(self.vocabulary.characters)

    def forward(self, ids: np.ndarray) -> tuple[np.ndarray, LanguageModelCache]:
        """logits (B, T, V) for the character after each of ids (B, T), and the cache with every head's `weights`."""
        check_shape("ids", ids, B=None, T=None)
        if ids.shape[1] > self.longest:
            raise ValueError(f"ids must have at most T={self.longest} characters, got {ids.shape[1]}")
        return self.network.forward(ids)

    def __repr__(self):
        return f"TrainedTransformer({self.name!r}, {self.network!r})"


def load(name: str) -> TrainedModel | TrainedEncoderDecoder | TrainedTransformer:
    """The trained model `name`: one of `NAMES`; a fresh copy at every call."""
    return read(name, FOLDER)


def path(name: str) -> Path:
    """The safetensors file of the trained model `name`; its card lies beside it as JSON (format: `models/files.py`)."""
    check_choice("name", name, NAMES)
    return FOLDER / f"{name}.safetensors"


def read(name: str, folder: Path) -> TrainedModel | TrainedEncoderDecoder | TrainedTransformer:
    """The model whose file and card lie in `folder`."""
    check_choice("name", name, NAMES)
    file = folder / f"{name}.safetensors"
    card, params = load_card(file), load_params(file)
    if "encoder.embedding.weight" in params:
        model = TrainedEncoderDecoder(name, card, encoder_decoder_for(params))
    elif "tokens.embedding.weight" in params:
        model = TrainedTransformer(name, card, language_model_for(params, card["sizes"]["heads"]))
    else:
        model = TrainedModel(name, card, network_for(params))
    model.params.update(params)
    return model


def language_model_for(params: dict, heads: int) -> LanguageModel:
    """A decoder-only Transformer of the sizes that the arrays in a file are made for; heads leave no trace in them."""
    (V, E), T = params["tokens.embedding.weight"].shape, len(params["tokens.positions.weight"])
    F = len(params["stack.blocks.0.feed_forward.linear1.bias"])
    layers = sum(name.endswith(".norm1.bias") for name in params)
    return LanguageModel(V, E, heads, F, layers, rng=np.random.default_rng(0), positions="learned", max_length=T)


def network_for(params: dict) -> SequenceModel:
    """A network of the kind and the sizes that the arrays in a file are named and made for."""
    rng = np.random.default_rng(0)    # the layers' own numbers are overwritten
    O, V = len(params["output.weight"]), len(params.get("embedding.weight", ())) or None
    if "lstm.weight_ih" in params:
        sizes = {"vocabulary_size": V, "input_size": params["lstm.weight_ih"].shape[1]}
        return new_network(params["lstm.weight_hh"].shape[1], O, rng=rng, **sizes)
    H, D = params["rnn.forward_layer.weight_ih"].shape
    return new_bidirectional(H, O, rng=rng, vocabulary_size=V, input_size=D)


def encoder_decoder_for(params: dict) -> Seq2Seq:
    """An encoder and a decoder of the sizes of the arrays in a file."""
    (V, D), (O, H) = params["encoder.embedding.weight"].shape, params["decoder.output.weight"].shape
    rng = np.random.default_rng(0)    # the layers' own numbers are overwritten
    return new_encoder_decoder(H, rng=rng, vocabulary_size=V, input_size=D, output_size=O)
