"""Three small Vision Transformers that read digits that somebody draws: a whole one, without positions, with the mean.

    python -m seqbook.models.digit_vit    # trains all three anew (some three minutes), writes their files and the card

They are networks of `seqbook.models.digit_contest`, trained for longer and on digits that are `varied`. A model whose
positions are set to 0 is not a model that has learned without them, and neither is one whose class token is taken away
one that has learned to read the mean: the widget `DigitVit` shows both kinds, and says which is which.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from seqbook.data import digits
from seqbook.models.digit_contest import BLOCKS, PATCH, E, F, N, Variant, new_network
from seqbook.models.files import load_card, load_params, save_card, save_params, versions
from seqbook.scratch import Adam, CrossEntropy, clip_grad_norm
from seqbook.scratch.base import check_choice
from seqbook.scratch.losses import loss_and_gradient
from seqbook.scratch.vit import from_patches, to_patches

SIDE, PLACES, INK = 8, 16, 16    # pixels of an image's side, patches of an image, a pixel's grey value full of ink
# The network of `digit_contest` that has been trained without something.
TRAINED = {"nothing": "ViT", "positions": "no positions", "class_token": "mean"}
BATCH, STEPS, WARMUP, RATE = 64, 6000, 200, 4e-3
SEED = 0
FOLDER = Path(__file__).parent
CARD = FOLDER / "digit_vit.json"


class DigitVits(NamedTuple):
    """The three networks by what they were trained without, and what is known of them."""

    networks: dict[str, Variant]
    card: dict


def file_of(without: str, folder: Path = FOLDER) -> Path:
    """Where the weights lie of the network that was trained without "nothing", "positions" or "class_token"."""
    check_choice("without", without, tuple(TRAINED))
    return folder / f"digit_vit_{without}.safetensors"


def load_digit_vits(dtype=np.float32) -> DigitVits:
    """The stored networks, fresh copies at every call.

        networks, card = load_digit_vits()
        found = run(networks["nothing"], digits().test.images)
        (found.logits.argmax(axis=1) == digits().test.labels).mean()
    """
    networks = {}
    for without, kind in TRAINED.items():
        networks[without] = new_network(kind, np.random.default_rng(0), dtype)    # its own numbers are overwritten
        params = load_params(file_of(without))
        networks[without].params.update({name: array.astype(dtype) for name, array in params.items()})
    return DigitVits(networks, load_card(CARD))


class Run(NamedTuple):
    """What a network makes of images; T is 17 with the class token, which is the first, and 16 without."""

    logits: np.ndarray     # (B, 10)
    stages: list           # the tokens (B, T, E): embedded, with positions, after each block
    weights: list          # each block's attention weights (B, N, T, T)


def run(network: Variant, images: np.ndarray, switched_off="nothing", keep=None) -> Run:
    """Images (B, 1, 8, 8) from 0, paper, to 1, ink, through a network, step by step.

    `switched_off` takes "positions" or the "class_token" away from a network that has learned with both: nothing is
    added to its tokens, or the mean of the patches' last vectors is read in place of the class token's. `keep` (16,)
    booleans: the patches that are there, all if None. Nobody looks at the others, and they are not in the mean.
    """
    has_token = network.read == "class token" and switched_off != "class_token"
    keep = np.ones(PLACES, dtype=bool) if keep is None else np.asarray(keep, dtype=bool)
    x, _ = network.patches.forward(images)
    if has_token:
        x = np.concatenate([np.broadcast_to(network.params["class_token"], (len(x), 1, E)), x], axis=1)
    stages, weights = [x], []
    if switched_off != "positions":
        positions = network.params.get("positions.weight", network.fixed)
        x = x + (positions if len(positions) == x.shape[1] else positions[1:])
    stages.append(x)
    seen = np.concatenate([np.ones(int(has_token), dtype=bool), keep])    # (T,)
    for block in network.encoder.blocks:
        x, cache = block.forward(x, None if seen.all() else seen[None, None, None])
        stages.append(x)
        weights.append(cache.weights)
    y, _ = network.encoder.norm.forward(x)
    logits, _ = network.output.forward(y[:, 0] if has_token else y[:, keep].mean(axis=1))
    return Run(logits, stages, weights)


# --- Training and score

def varied(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Images (B, 1, 8, 8) a little shifted, turned, slanted, narrowed and thinned, as other hands and pens write.

    Each pixel takes what lies at the place that it comes from, in straight lines between the four pixels around.
    """
    B, middle = len(images), (SIDE - 1) / 2

    def each(low, high):
        return rng.uniform(low, high, (B, 1, 1))

    row, column = np.mgrid[:SIDE, :SIDE] - middle
    turn, slant, wide = each(-0.2, 0.2), each(-0.25, 0.25), each(0.85, 1.2)
    wide = np.where(rng.random((B, 1, 1)) < 0.3, each(0.5, 1.0), wide)    # a 1 may be a single thin line
    down = (np.cos(turn) * row + np.sin(turn) * column) / each(0.85, 1.1) + each(-0.6, 0.6)
    across = (np.cos(turn) * column - np.sin(turn) * row + slant * row) / wide + each(-0.8, 0.8)
    paper = np.pad(images[:, 0], ((0, 0), (1, 2), (1, 2)))
    down, across = (np.clip(place + middle + 1, 0, SIDE + 1) for place in (down, across))
    r, c, b = down.astype(int), across.astype(int), np.arange(B)[:, None, None]
    dr, dc = down - r, across - c
    made = ((1 - dr) * ((1 - dc) * paper[b, r, c] + dc * paper[b, r, c + 1])
            + dr * ((1 - dc) * paper[b, r + 1, c] + dc * paper[b, r + 1, c + 1]))
    return np.clip(made * each(0.8, 1.4) - each(0, 0.12), 0, 1)[:, None].astype(np.float32)


def train(without: str, *, rng: np.random.Generator, steps=STEPS) -> Variant:
    """A network that has learned the training digits, each `varied` anew every time it is seen."""
    network, part, cross_entropy = new_network(TRAINED[without], rng), digits().train, CrossEntropy()
    optimizer = Adam(network.params, RATE)
    for step in range(steps):
        some = rng.integers(len(part), size=BATCH)
        logits, cache = network.forward(varied(part.images[some], rng))
        _, dlogits = loss_and_gradient(cross_entropy, logits, part.labels[some])
        grads, _ = clip_grad_norm(network.backward(dlogits, cache)[1], 1.0)
        optimizer.lr = RATE * min(1, (step + 1) / WARMUP) * (1 - step / steps)
        optimizer.step(grads)
    return network


def accuracy(network: Variant, images: np.ndarray, labels: np.ndarray, switched_off="nothing") -> float:
    """The share of images that are named rightly."""
    return float((run(network, images, switched_off).logits.argmax(axis=1) == labels).mean())


def score(networks: dict[str, Variant]) -> dict:
    """What the card claims, measured on the test digits: networks trained without something, and the whole one with it
    switched off."""
    data = digits()
    test = data.test.images, data.test.labels
    pixels = data.train.images.reshape(len(data.train), -1)
    nearest = ((data.test.images.reshape(len(data.test), 1, -1) - pixels) ** 2).sum(axis=2).argmin(axis=1)
    shuffled = np.random.default_rng(1).permutation(PLACES)
    return {
        "name": "accuracy", "meaning": f"share of {len(data.test)} test digits, by other hands than most of the "
        "training's, that are named rightly",
        "value": accuracy(networks["nothing"], *test), "tolerance": 0.01,
        "trained_without": {without: accuracy(network, *test) for without, network in networks.items()},
        "switched_off": {without: accuracy(networks["nothing"], *test, without) for without in TRAINED},
        "shuffled": {without: accuracy(network, moved(test[0], shuffled), test[1])
                     for without, network in networks.items()},
        "shuffled_meaning": "the same with the patches of all images in one other order that no network has learned",
        "baselines": {"the nearest training digit, pixel by pixel":
                      float((data.train.labels[nearest] == test[1]).mean())},
    }


def moved(images: np.ndarray, order) -> np.ndarray:
    """Images (B, 1, 8, 8) with another order of their patches: at place n stands patch order[n]."""
    patches = to_patches(images, PATCH)
    return from_patches(patches[:, np.asarray(order)], images.shape, PATCH)


def main() -> None:
    for without in TRAINED:
        network = train(without, rng=np.random.default_rng(SEED))
        save_params(file_of(without), dict(network.params), quantise=True, stack=True)
        print(without, "trained", flush=True)
    card = {
        "name": "digit_vit", "task": "which digit an image of 8×8 pixels shows, read as 16 patches of 2×2",
        "data": "seqbook.data.digits(): the first 1,400 to learn from, slightly changed every time they are seen",
        "split": "judged on the last 397, by other hands than most of the training digits",
        "sizes": {"image": SIDE, "patch": PATCH, "model": E, "heads": N, "hidden": F, "layers": BLOCKS},
        "parameters": {without: sum(array.size for array in new_network(kind, np.random.default_rng(0)).params.values())
                       for without, kind in TRAINED.items()},
        "command": "python -m seqbook.models.digit_vit", "seed": SEED,
        "versions": versions("numpy", "scikit-learn", "safetensors"),
    }
    save_card(CARD, card)
    save_card(CARD, card | {"score": score(load_digit_vits().networks)})
    print(load_digit_vits().card["score"])


if __name__ == "__main__":
    main()
