"""Four small Vision Transformers that read handwritten digits: with and without positions, with and without class token.

    python -m seqbook.models.digit_vit    # trains all four anew (some five minutes), writes their files and the card

A model whose positions are set to 0 is not a model that was trained without them: the widget `DigitVit` shows both, and
so there is one network for each of the four ways, trained so. All are a `seqbook.scratch.ViT` of the same sizes.
"""

import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seqbook.data import digits
from seqbook.models.files import load_params, save_params
from seqbook.scratch import Adam, ViT, clip_grad_norm, join, log_softmax

SIDE, PATCH, PLACES = 8, 2, 16    # of an image, of a patch; patches of an image
E, N, F, LAYERS = 24, 4, 48, 2
BATCH, STEPS, RATE = 64, 8000, 4e-3
SEED = 0
# (class token, positions) by the name of the network that was trained so.
TRAINED = {"full": (True, True), "no_positions": (True, False), "mean": (False, True), "bag": (False, False)}
FOLDER = Path(__file__).parent
CARD = FOLDER / "digit_vit.json"


class DigitVits(NamedTuple):
    """The four networks by the names in TRAINED, and what is known of them."""

    networks: dict[str, ViT]
    card: dict


def file_of(trained: str, folder: Path = FOLDER) -> Path:
    """Where the weights lie of the network `trained`."""
    return folder / f"digit_vit_{trained}.safetensors"


def load_digit_vits(dtype=np.float32) -> DigitVits:
    """The stored networks, fresh copies at every call.

        networks, card = load_digit_vits()
        logits, cache = forward(networks["full"], as_images(digits().test.images))
    """
    networks = {}
    for trained in TRAINED:
        networks[trained] = new(np.random.default_rng(0), dtype)
        params = networks[trained].params
        stored = load_params(file_of(trained))
        params.update({name: stored.get(name, np.zeros_like(array)).astype(dtype) for name, array in params.items()})
    return DigitVits(networks, json.loads(CARD.read_text(encoding="utf-8")))


def new(rng: np.random.Generator, dtype=np.float32) -> ViT:
    """Two blocks with fresh parameters."""
    return ViT(SIDE, PATCH, 1, 10, E, N, F, LAYERS, rng=rng, dtype=dtype, activation="relu")


def as_images(grey: np.ndarray, dtype=np.float32) -> np.ndarray:
    """Grey values (B, 8, 8) from 0, paper, to 16, ink → what a network takes, (B, 1, 8, 8) from 0 to 1."""
    return (np.asarray(grey)[:, None] / 16).astype(dtype)


# --- The ways through a ViT

class Cache(NamedTuple):
    patches: tuple
    positions: tuple | None
    encoder: tuple
    output: tuple
    class_token: bool
    tokens: np.ndarray    # (B, T, E): what the first block reads

    @property
    def weights(self) -> list:
        """Each block's attention weights (B, N, T, T)."""
        return self.encoder.weights


def forward(model: ViT, images: np.ndarray, class_token=True, positions=True, keep=None):
    """logits (B, 10) of images (B, 1, 8, 8), and the cache.

    With the `class_token`, T = 17 tokens and its last vector is read; without, T = 16 and the mean of the patches' is.
    Without `positions` nothing is added to the tokens. `keep` (16,): the patches that there are, all if None; the
    others are looked at by nobody and not in the mean.
    """
    x, patches = model.patches.forward(images)
    B, P, E = x.shape
    if class_token:
        x = np.concatenate([np.broadcast_to(model.params["class_token"], (B, 1, E)), x], axis=1)
    positions_cache = None
    if positions:    # the class token's is the first
        x, positions_cache = model.positions.forward(x, start=0 if class_token else 1)
    tokens, keep = x, np.ones(P, dtype=bool) if keep is None else np.asarray(keep)
    seen = np.concatenate([np.ones(int(class_token), dtype=bool), keep])    # (T,)
    x, encoder = model.encoder.forward(x, None if seen.all() else seen[None, None, None])
    read = x[:, 0] if class_token else x[:, keep].mean(axis=1)
    logits, output = model.output.forward(read)
    return logits, Cache(patches, positions_cache, encoder, output, class_token, tokens)


def backward(model: ViT, dlogits: np.ndarray, cache: Cache) -> dict:
    """The grads of the parameters that took part in a forward with all patches."""
    dread, output = model.output.backward(dlogits, cache.output)
    B, T, E = cache.tokens.shape
    dx = np.zeros((B, T, E), model.dtype)
    if cache.class_token:
        dx[:, 0] = dread
    else:
        dx[:] = dread[:, None] / T
    dx, encoder = model.encoder.backward(dx, cache.encoder)
    positions = class_token = None
    if cache.positions is not None:
        dx, positions = model.positions.backward(dx, cache.positions)
    if cache.class_token:
        class_token, dx = {"class_token": dx[:, 0].sum(axis=0)}, dx[:, 1:]
    _, patches = model.patches.backward(np.ascontiguousarray(dx), cache.patches)
    return join(class_token or {}, patches=patches, positions=positions, encoder=encoder, output=output)


def rollout(weights: list) -> np.ndarray:
    """Attention through all blocks (B, T, T), of the blocks' weights (B, N, T, T) (Abnar and Zuidema, 2020).

    Each block is taken as half the mean over its heads and half the residual connection, and the blocks multiplied.
    """
    through = np.eye(weights[0].shape[-1])
    for block in weights:
        through = (block.mean(axis=1) + np.eye(block.shape[-1])) / 2 @ through
    return through


# --- Training and score

def varied(grey: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Images (B, 8, 8) a little shifted, turned, slanted, narrowed and thinned, as other people's pens would have them.

    Each new pixel takes the value between those around the place that it comes from.
    """
    B, middle = len(grey), (SIDE - 1) / 2
    draw = lambda low, high: rng.uniform(low, high, (B, 1, 1))    # noqa: E731
    row, column = np.mgrid[:SIDE, :SIDE] - middle
    angle, slant = draw(-0.2, 0.2), draw(-0.25, 0.25)
    wide = np.where(rng.random((B, 1, 1)) < 0.3, draw(0.5, 1.0), draw(0.85, 1.2))
    down = (np.cos(angle) * row + np.sin(angle) * column) / draw(0.85, 1.1) + draw(-0.6, 0.6) + middle
    across = (np.cos(angle) * column - np.sin(angle) * row + slant * row) / wide + draw(-0.8, 0.8) + middle
    padded = np.pad(grey, ((0, 0), (1, 2), (1, 2)))
    down, across = (np.clip(each + 1, 0, SIDE + 1) for each in (down, across))
    r, c = down.astype(int), across.astype(int)
    dr, dc, b = down - r, across - c, np.arange(B)[:, None, None]
    made = ((1 - dr) * ((1 - dc) * padded[b, r, c] + dc * padded[b, r, c + 1])
            + dr * ((1 - dc) * padded[b, r + 1, c] + dc * padded[b, r + 1, c + 1]))
    return np.clip(made * draw(0.8, 1.4) - draw(0, 2), 0, 16)


def train(trained: str, images: np.ndarray, labels: np.ndarray, *, rng: np.random.Generator, steps=STEPS) -> ViT:
    """A network that has learned grey images (N, 8, 8) in the way `trained`, each `varied` every time it is seen."""
    model, (class_token, positions) = new(rng), TRAINED[trained]
    if not positions:
        model.params["positions.weight"][:] = 0
    if not class_token:
        model.params["class_token"][:] = 0
    used = None
    for step in range(steps):
        chosen = rng.integers(len(images), size=BATCH)
        grey = varied(images[chosen], rng)
        logits, cache = forward(model, as_images(grey), class_token, positions)
        dlogits = np.exp(log_softmax(logits))
        dlogits[np.arange(BATCH), labels[chosen]] -= 1
        grads = backward(model, dlogits / np.float32(BATCH), cache)
        if used is None:    # Adam wants all of its params' grads, and these are all that there are
            used = Adam({name: model.params[name] for name in grads})
        grads, _ = clip_grad_norm(grads, 1.0)
        used.lr = RATE * min(1, (step + 1) / 200, 1.05 * (1 - step / steps))
        used.step(grads)
    return model
