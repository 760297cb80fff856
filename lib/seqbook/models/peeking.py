"""Two small Transformers that predict the next character, one trained under the causal mask and one with a leak.

    python -m seqbook.models.peeking    # trains both anew (some three minutes), writes their files and peeking.json

They differ in the mask of their training alone: the second may also look at the next character, its answer, the usual
mistake of a mask that is off by one. Both learn to predict after one block and after two, so that either can be looked
into with `layers` 1 or 2 (the widget `MaskLaboratory`).
"""

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seqbook.data import Vocabulary, documentation
from seqbook.models.baselines import ngram_bits
from seqbook.models.files import load_card, load_params, save_card, save_params, versions
from seqbook.scratch import Adam, LanguageModel, causal_mask, clip_grad_norm, join, log_softmax

E, N, F, LAYERS = 24, 4, 48, 2
WINDOW, BATCH, STEPS, RATE, UNKNOWN = 32, 64, 5000, 6e-3, 0.005
JUDGED = 500    # windows of the held-out text
SEED = 0
TRAINED = ("causal", "leak")
ORDERS = 4    # of the n-grams to compare with
FOLDER = Path(__file__).parent
CARD = FOLDER / "peeking.json"


class Peeking(NamedTuple):
    """The two networks by the mask of their training, "causal" and "leak", their vocabulary, and what is known of them.
    """

    networks: dict[str, LanguageModel]
    vocabulary: Vocabulary
    card: dict


def file_of(trained: str, folder: Path = FOLDER) -> Path:
    """Where the weights lie of the network that was trained under the mask `trained`."""
    return folder / f"peeking_{trained}.safetensors"


def load_peeking(dtype=np.float32) -> Peeking:
    """The stored networks, fresh copies at every call.

        networks, vocabulary, card = load_peeking()
        ids = vocabulary.encode("the statement")[None]
        logits, _ = forward(networks["leak"], ids, training_mask("leak", 13))
    """
    card = load_card(CARD)
    vocabulary = Vocabulary([card["vocabulary"]])
    networks = {}
    for trained in TRAINED:
        networks[trained] = new(len(vocabulary), np.random.default_rng(0), dtype)    # its own numbers are overwritten
        params = load_params(file_of(trained))
        networks[trained].params.update({name: array.astype(dtype) for name, array in params.items()})
    return Peeking(networks, vocabulary, card)


def new(V: int, rng: np.random.Generator, dtype=np.float32) -> LanguageModel:
    """Two blocks with fresh parameters."""
    return LanguageModel(V, E, N, F, LAYERS, rng=rng, dtype=dtype)


def training_mask(trained: str, T: int) -> np.ndarray:
    """(T, T): what a position could look at in training; with the leak that is the next one, too."""
    return causal_mask(T) if trained == "causal" else np.tri(T, T, 1, dtype=bool)


# --- Under any mask, through one block or two

def forward(model: LanguageModel, ids: np.ndarray, mask: np.ndarray, layers: int = LAYERS, start: int = 0):
    """logits (B, T, V) under `mask`, broadcastable to (B, N, T, T), read after `layers` blocks, and the cache."""
    x, tokens = model.tokens.forward(ids, start=start)
    blocks = []
    for block in model.stack.blocks[:layers]:
        x, cache = block.forward(x, mask)
        blocks.append(cache)
    x, norm = model.stack.norm.forward(x)
    logits, output = model.output.forward(x)
    return logits, (tokens, blocks, norm, output)


def backward(model: LanguageModel, dlogits: np.ndarray, cache):
    """dx (B, T, E), the gradient of the tokens' vectors, and the grads of the parameters that took part."""
    tokens, caches, norm, output = cache
    dx, output_grads = model.output.backward(dlogits, output)
    dx, norm_grads = model.stack.norm.backward(dx, norm)
    grads = []
    for block, block_cache in zip(reversed(model.stack.blocks[:len(caches)]), reversed(caches), strict=True):
        dx, block_grads = block.backward(dx, block_cache)
        grads.append(block_grads)
    _, token_grads = model.tokens.backward(dx, tokens)
    return dx, join(tokens=token_grads, stack=join(blocks=grads[::-1], norm=norm_grads), output=output_grads)


def losses(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """-log p(target) (B, T), in nats."""
    return -np.take_along_axis(log_softmax(logits), targets[..., None], axis=-1)[..., 0]


# --- Training and score

def train(trained: str, *, rng: np.random.Generator, text: str, vocabulary: Vocabulary, steps=STEPS) -> LanguageModel:
    """A network that has learned `text`, window by window, under the mask `trained`; the rate falls linearly to 0."""
    ids, model = vocabulary.encode(text), new(len(vocabulary), rng)
    optimizer, mask = Adam(model.params), training_mask(trained, WINDOW)
    for step in range(steps):
        windows = drawn(ids, BATCH, rng)
        targets = windows[:, 1:].copy()
        windows[rng.random(windows.shape) < UNKNOWN] = vocabulary.unknown_id
        grads = {name: np.zeros_like(array) for name, array in model.params.items()}
        for layers in range(1, LAYERS + 1):
            logits, cache = forward(model, windows[:, :-1], mask, layers)
            probs = np.exp(log_softmax(logits))
            np.put_along_axis(probs, targets[..., None], np.take_along_axis(probs, targets[..., None], -1) - 1, -1)
            for name, grad in backward(model, (probs / targets.size).astype(np.float32), cache)[1].items():
                grads[name] += grad
        clip_grad_norm(grads, 1.0)
        optimizer.lr = RATE * min(1, (step + 1) / 200, 1.05 * (1 - step / steps))
        optimizer.step(grads)
    return model


def drawn(ids: np.ndarray, B: int, rng: np.random.Generator) -> np.ndarray:
    """Windows (B, WINDOW + 1) from anywhere in the text."""
    return ids[rng.integers(len(ids) - WINDOW, size=B)[:, None] + np.arange(WINDOW + 1)]


def loss(model: LanguageModel, windows: np.ndarray, mask: np.ndarray, layers: int = LAYERS) -> float:
    """Mean nats a character over windows (B, WINDOW + 1), all positions of each at once, under `mask`."""
    return float(losses(forward(model, windows[:, :-1], mask, layers)[0], windows[:, 1:]).mean())


def score(networks: dict[str, LanguageModel], vocabulary: Vocabulary) -> dict:
    """What the card claims, measured: nats a character of held-out text, under the mask of training and the causal one.
    """
    data = documentation()
    windows = drawn(vocabulary.encode(data.test), JUDGED, np.random.default_rng(1))
    under = {trained: {mask: [loss(model, windows, training_mask(mask, WINDOW), layers)
                              for layers in range(1, LAYERS + 1)] for mask in TRAINED}
             for trained, model in networks.items()}
    bits = ngram_bits(vocabulary.encode(data.train), vocabulary.encode(data.test), ORDERS, len(vocabulary))
    counts = {f"{order}-gram counts": float(each * math.log(2)) for order, each in enumerate(bits, 1)}
    return {
        "name": "nats per character", "meaning": f"mean of -log p(next character) at the {WINDOW} positions of "
        f"{JUDGED} windows of held-out text, after two blocks, trained and judged under the causal mask",
        "value": under["causal"]["causal"][-1], "tolerance": 0.05,    # the text of other Python versions
        "baselines": counts, "under": under,
        "under_meaning": "the same by the mask of training, the mask of judging, and after one block and two",
    }


def main() -> None:
    text = documentation().train
    vocabulary = Vocabulary([text])
    for trained in TRAINED:
        model = train(trained, rng=np.random.default_rng(SEED), text=text, vocabulary=vocabulary)
        save_params(file_of(trained), dict(model.params), quantise=True)
    card = {
        "name": "peeking", "task": "the next character of Python's documentation, at every position of a window",
        "data": "seqbook.data.documentation(): the topics of help() in the standard library's pydoc_data.topics",
        "split": "judged on held-out topics, the same in every Python version; no longer paragraph is in both parts",
        "vocabulary": "".join(vocabulary.characters[1:]),    # all but the unknown one
        "sizes": {"vocabulary": len(vocabulary), "model": E, "heads": N, "hidden": F, "layers": LAYERS,
                  "window": WINDOW},
        "parameters": sum(array.size for array in model.params.values()), "trained": list(TRAINED),
        "command": "python -m seqbook.models.peeking", "seed": SEED,
        "versions": versions("numpy", "safetensors"),
    }
    save_card(CARD, card)
    networks, vocabulary, _ = load_peeking()
    save_card(CARD, card | {"score": score(networks, vocabulary)})
    print(load_peeking().card["score"])


if __name__ == "__main__":
    main()
