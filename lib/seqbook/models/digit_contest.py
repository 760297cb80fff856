"""A Vision Transformer, a small convolutional network and a perceptron on few digits (chapter vision/vit).

    python -m seqbook.models.digit_contest    # trains them all anew (some 25 CPU minutes), writes digit_contest.json

A chapter reads the table with `digit_contest()`, and trains one of the networks itself with `train`. All have about
10,600 parameters and see as many images. Learning rates are chosen for each network and each number of images on a
fifth of these images, which takes no part in that training, for five seeds; then the network learns from all of them.
"""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seqbook.data import digits
from seqbook.models.files import versions
from seqbook.models.rates import widened
from seqbook.models.tables import write_table
from seqbook.scratch import Adam, CrossEntropy, Linear, ReLU, ViT, join, softmax
from seqbook.scratch.base import Layer, check_array, check_choice
from seqbook.scratch.losses import loss_and_gradient
from seqbook.scratch.positions import sinusoids
from seqbook.scratch.vit import ViTCache, from_patches, to_patches

TABLE = Path(__file__).with_suffix(".json")
PATCH, E, N, F, BLOCKS = 2, 24, 4, 48, 2          # a patch's side, model size, heads, feed-forward size, blocks
HIDDEN, CHANNELS, JOINED = 141, (16, 32), 41      # the perceptron's units; the convolutional network's channels, units
VARIANTS = {                                      # of the ViT: what is read in the end, how positions are told
    "ViT": ("class token", "learned"), "mean": ("mean", "learned"), "sinusoids": ("class token", "sinusoids"),
    "no positions": ("class token", None)}
KINDS = *VARIANTS, "CNN", "MLP"
UPDATES = {50: 300, 100: 300, 200: 400, 400: 600, 800: 800, 1400: 1000}    # by the number of images
COUNTS = tuple(UPDATES)
VARIED = 400                                      # images for the variants and the shuffled patches
SHUFFLES = "fixed", "fresh"                       # one order of the patches for all images, or a new one for each
RATES = 0.002, 0.004, 0.008                       # and, while the best is the first or the last, one more
BATCH, WARMUP, SEEDS = 32, 50, range(5)
ERASED = range(9)                                 # patches erased, of 16
ORDERS = "rollout", "last block", "random", "least rollout", "unlike the mean", "influence"    # which are erased first


def digit_contest() -> dict:
    """The stored table; keys are strings as JSON has them, the innermost lists go by seed.

    `table[kind][count]` has "valid", the validation accuracies by rate, "rate", the best of them, and "test", the test
    accuracies with it; `table["shuffled"]` the same for "ViT fixed", … `table["erased"][order]` has for each seed's
    ViT the shares of the test's answers that stay when `ERASED` patches are erased in this order.
    """
    return json.loads(TABLE.read_text(encoding="utf-8"))


# --- networks ---------------------------------------------------------------------------------------------------------

class ConvolutionCache(NamedTuple):
    shape: tuple           # of the padded images, (B, C, H, W)
    columns: np.ndarray    # (B, H', W', C·k·k)


class Convolution(Layer):
    """Images (B, C, H, W) → (B, O, H', W'): one Linear of the k·k pixels around every place, zeros beyond the edge.

    Parameters `weight (O, C, k, k)`, `bias (O,)`, both from U(-1/√(C·k·k), 1/√(C·k·k)). H' is
    (H + 2 padding - k) / stride + 1.
    """

    def __init__(self, channels, outputs, kernel, *, rng, stride=1, padding=0, dtype=np.float32):
        self.channels, self.kernel, self.stride, self.padding = channels, kernel, stride, padding
        bound = (channels * kernel ** 2) ** -0.5
        super().__init__(dtype, weight=rng.uniform(-bound, bound, (outputs, channels, kernel, kernel)),
                         bias=rng.uniform(-bound, bound, outputs))

    def forward(self, x):
        """y (B, O, H', W'), cache."""
        check_array("x", x, self.dtype, B=None, C=self.channels, H=None, W=None)
        weight, bias = self.params.values()
        sides = (self.padding, self.padding)
        x = np.pad(x, ((0, 0), (0, 0), sides, sides))
        seen = np.lib.stride_tricks.sliding_window_view(x, (self.kernel, self.kernel), axis=(2, 3))
        seen = seen[:, :, ::self.stride, ::self.stride]                                   # (B, C, H', W', k, k)
        B, _, height, width, _, _ = seen.shape
        columns = seen.transpose(0, 2, 3, 1, 4, 5).reshape(B, height, width, -1)
        y = columns @ weight.reshape(len(weight), -1).T + bias
        return np.ascontiguousarray(y.transpose(0, 3, 1, 2)), ConvolutionCache(x.shape, columns)

    def backward(self, dy, cache):
        """dx (B, C, H, W), grads."""
        weight, k = self.params["weight"], self.kernel
        B, O, height, width = dy.shape
        dy = np.ascontiguousarray(dy.transpose(0, 2, 3, 1)).reshape(-1, O)
        grads = {"weight": (dy.T @ cache.columns.reshape(len(dy), -1)).reshape(weight.shape), "bias": dy.sum(axis=0)}
        dseen = (dy @ weight.reshape(O, -1)).reshape(B, height, width, self.channels, k, k).transpose(0, 3, 1, 2, 4, 5)
        dx = np.zeros(cache.shape, self.dtype)
        for i, j in np.ndindex(k, k):
            dx[:, :, i:i + self.stride * height:self.stride, j:j + self.stride * width:self.stride] += dseen[..., i, j]
        inner = slice(self.padding, -self.padding or None)
        return dx[:, :, inner, inner], grads


def pool(x):
    """The largest of every 2×2 of x (B, C, H, W): y (B, C, H/2, W/2), and where it stood, of x's shape."""
    B, C, H, W = x.shape
    blocks = x.reshape(B, C, H // 2, 2, W // 2, 2)
    y = blocks.max(axis=(3, 5), keepdims=True)
    first = np.where(blocks == y, 1.0, 0.0).astype(x.dtype)
    return y.reshape(B, C, H // 2, W // 2), first / first.sum(axis=(3, 5), keepdims=True)    # equal ones share


def pool_backward(dy, where):
    """dx (B, C, H, W)."""
    B, C, height, _, width, _ = where.shape
    return (where * dy.reshape(B, C, height, 1, width, 1)).reshape(B, C, 2 * height, 2 * width)


class ConvNet(Layer):
    """Images (B, 1, 8, 8) → logits (B, 10): twice convolution 3×3, ReLU and the largest of 2×2; then a perceptron.

    The form of LeNet (LeCun et al., 1998), small, with the largest value for their mean and ReLU for their tanh.
    """

    def __init__(self, *, rng, dtype=np.float32):
        first, second = CHANNELS
        options = dict(rng=rng, dtype=dtype)
        self.conv1, self.conv2 = (Convolution(*sizes, 3, padding=1, **options) for sizes in ((1, first), CHANNELS))
        self.linear, self.output = Linear(second * 4, JOINED, **options), Linear(JOINED, 10, **options)
        self.relu = ReLU()
        super().__init__(dtype, **join(conv1=self.conv1.params, conv2=self.conv2.params, linear=self.linear.params,
                                       output=self.output.params))

    def forward(self, images):
        """logits (B, 10), cache."""
        x, caches = images, []
        for conv in (self.conv1, self.conv2):
            x, conv_cache = conv.forward(x)
            x, relu_cache = self.relu.forward(x)
            x, where = pool(x)
            caches.append((conv_cache, relu_cache, where))
        shape = x.shape
        x, linear_cache = self.linear.forward(x.reshape(len(x), -1))
        x, relu_cache = self.relu.forward(x)
        logits, output_cache = self.output.forward(x)
        return logits, (caches, shape, linear_cache, relu_cache, output_cache)

    def backward(self, dlogits, cache):
        """dimages (B, 1, 8, 8), grads."""
        caches, shape, linear_cache, relu_cache, output_cache = cache
        dx, output_grads = self.output.backward(dlogits, output_cache)
        dx, _ = self.relu.backward(dx, relu_cache)
        dx, linear_grads = self.linear.backward(dx, linear_cache)
        dx, conv_grads = dx.reshape(shape), []
        for conv, (conv_cache, relu_cache, where) in zip((self.conv2, self.conv1), caches[::-1]):
            dx, _ = self.relu.backward(pool_backward(dx, where), relu_cache)
            dx, grads = conv.backward(dx, conv_cache)
            conv_grads.append(grads)
        return dx, join(conv1=conv_grads[1], conv2=conv_grads[0], linear=linear_grads, output=output_grads)


class Perceptron(Layer):
    """Images (B, 1, 8, 8) → logits (B, 10): all pixels at once into one hidden layer with ReLU."""

    def __init__(self, *, rng, dtype=np.float32):
        self.linear, self.output = Linear(64, HIDDEN, rng=rng, dtype=dtype), Linear(HIDDEN, 10, rng=rng, dtype=dtype)
        self.relu = ReLU()
        super().__init__(dtype, **join(linear=self.linear.params, output=self.output.params))

    def forward(self, images):
        """logits (B, 10), cache."""
        x, linear_cache = self.linear.forward(images.reshape(len(images), -1))
        x, relu_cache = self.relu.forward(x)
        logits, output_cache = self.output.forward(x)
        return logits, (images.shape, linear_cache, relu_cache, output_cache)

    def backward(self, dlogits, cache):
        """dimages (B, 1, 8, 8), grads."""
        shape, linear_cache, relu_cache, output_cache = cache
        dx, output_grads = self.output.backward(dlogits, output_cache)
        dx, _ = self.relu.backward(dx, relu_cache)
        dx, linear_grads = self.linear.backward(dx, linear_cache)
        return dx.reshape(shape), join(linear=linear_grads, output=output_grads)


def sinusoids_2d(height, width, E) -> np.ndarray:
    """(height·width, E): a place's row in the first half of the numbers, its column in the second."""
    rows, columns = sinusoids(height, E // 2), sinusoids(width, E // 2)
    return np.concatenate([rows.repeat(width, axis=0), np.tile(columns, (height, 1))], axis=1)


class Variant(ViT):
    """The library's ViT that reads the "class token" or the "mean" of the patches (which then have no class token
    among them), and whose positions are "learned", "sinusoids" of row and column, or None."""

    def __init__(self, read, positions, *, rng, dtype=np.float32):
        super().__init__(8, PATCH, 1, 10, E, N, F, BLOCKS, rng=rng, dtype=dtype)
        self.read, self.kind, params = read, positions, dict(self.params)
        if read == "mean":
            del params["class_token"]
        if positions != "learned":
            del params["positions.weight"]
        first = int(read == "class token")
        self.fixed = np.zeros((first + self.patches.count, E), dtype)    # where positions are not learned
        if positions == "sinusoids":
            side = 8 // PATCH
            self.fixed[first:] = sinusoids_2d(side, side, E)
        if positions == "learned" and not first:
            params["positions.weight"] = params["positions.weight"][1:]
        Layer.__init__(self, dtype, **params)

    def forward(self, images, rng=None):
        """logits (B, 10), cache."""
        x, patches_cache = self.patches.forward(images)
        if self.read == "class token":
            x = np.concatenate([np.broadcast_to(self.params["class_token"], (len(x), 1, E)), x], axis=1)
        x = x + self.params.get("positions.weight", self.fixed)
        x, encoder_cache = self.encoder.forward(x, rng=rng)
        logits, output_cache = self.output.forward(x[:, 0] if self.read == "class token" else x.mean(axis=1))
        return logits, ViTCache(patches_cache, None, encoder_cache, output_cache)

    def backward(self, dlogits, cache):
        """dimages (B, 1, 8, 8), grads."""
        dread, output_grads = self.output.backward(dlogits, cache.output)
        first = int(self.read == "class token")
        dx = np.zeros((len(dread), first + self.patches.count, E), self.dtype)
        if first:
            dx[:, 0] = dread
        else:
            dx += dread[:, None] / self.patches.count
        dx, encoder_grads = self.encoder.backward(dx, cache.encoder)
        dimages, patches_grads = self.patches.backward(np.ascontiguousarray(dx[:, first:]), cache.patches)
        own = {"class_token": dx[:, 0].sum(axis=0), "positions.weight": dx.sum(axis=0)}
        own = {name: grad for name, grad in own.items() if name in self.params}
        return dimages, join(own, patches=patches_grads, encoder=encoder_grads, output=output_grads)


def new_network(kind, rng, dtype=np.float32) -> Layer:
    """One of `KINDS` with fresh parameters."""
    check_choice("kind", kind, KINDS)
    if kind in VARIANTS:
        return Variant(*VARIANTS[kind], rng=rng, dtype=dtype)
    return {"CNN": ConvNet, "MLP": Perceptron}[kind](rng=rng, dtype=dtype)


# --- training ---------------------------------------------------------------------------------------------------------

@cache
def split():
    return digits()


def drawn(count, seed) -> np.ndarray:
    """Which `count` of the 1,400 training images a seed learns from; fewer are the first of more."""
    return np.random.default_rng([seed, 1]).permutation(len(split().train))[:count]


def shuffled(images, order, rng) -> np.ndarray:
    """Images whose patches stand in another order, "fixed" for all the same, "fresh" for each another; None: as is."""
    if order is None:
        return images
    patches = to_patches(images, PATCH)
    one = np.random.default_rng(0).permutation(patches.shape[1])
    places = np.tile(one, (len(images), 1))
    if order == "fresh":
        places = rng.permuted(places, axis=1)
    return from_patches(np.take_along_axis(patches, places[..., None], axis=1), images.shape, PATCH)


def accuracy(network, images, labels, order=None) -> float:
    """The share of images that are named rightly."""
    logits, _ = network.forward(shuffled(images, order, np.random.default_rng(1)))
    return round(float((logits.argmax(axis=1) == labels).mean()), 4)


def train(kind, count=1400, rate=0.004, seed=0, *, order=None, rows=None) -> Layer:
    """A network that has learned from `count` digits (or those of `rows`): Adam, a batch of `BATCH` each update.

    The rate rises over `WARMUP` updates and falls linearly to 0.
    """
    rows = drawn(count, seed) if rows is None else rows
    rng, part, cross_entropy, updates = np.random.default_rng(seed), split().train, CrossEntropy(), UPDATES[count]
    network = new_network(kind, rng)
    optimizer = Adam(network.params, rate)
    for n in range(updates):
        some = rng.choice(rows, BATCH)
        logits, cache = network.forward(shuffled(part.images[some], order, rng))
        _, dlogits = loss_and_gradient(cross_entropy, logits, part.labels[some])
        optimizer.lr = rate * min(1, (n + 1) / WARMUP) * (1 - n / updates)
        optimizer.step(network.backward(dlogits, cache)[1])
    return network


def validated(kind, count, rate, seed, order=None) -> float:
    """The accuracy on a fifth of the images, after learning from the others."""
    rows, part = drawn(count, seed), split().train
    kept = rows[:count // 5]
    network = train(kind, count, rate, seed, order=order, rows=rows[count // 5:])
    return accuracy(network, part.images[kept], part.labels[kept], order)


def tuned(kind, count, order=None) -> tuple:
    """The entry of the table, and the networks: a rate is chosen, and the network trained with it for every seed."""
    valid, best = widened(
        RATES, lambda rate: [validated(kind, count, rate, seed, order) for seed in SEEDS],
        lambda valid: max(sorted(valid), key=lambda rate: sum(valid[rate])))    # of equal ones the smallest
    networks, test = [train(kind, count, best, seed, order=order) for seed in SEEDS], split().test
    found = [accuracy(network, test.images, test.labels, order) for network in networks]
    return {"valid": {str(rate): shares for rate, shares in valid.items()}, "rate": best, "test": found}, networks


# --- what is attended, erased -----------------------------------------------------------------------------------------

def rollout(weights) -> np.ndarray:
    """(B, T, T) from each block's attention weights (B, N, T, T): how much of each input token is in each of the last.

    Heads are averaged, the residual connection counts one half, and blocks are multiplied (Abnar and Zuidema, 2020).
    """
    T = weights[0].shape[-1]
    through = np.eye(T, dtype=weights[0].dtype)
    for alpha in weights:
        through = (0.5 * alpha.mean(axis=1) + 0.5 * np.eye(T, dtype=alpha.dtype)) @ through
    return through


def erase(images, places) -> np.ndarray:
    """Images whose patches at `places` (B, k) are those of the mean training image."""
    patches = to_patches(images, PATCH)
    mean = to_patches(split().train.images.mean(axis=0, keepdims=True), PATCH)[0]
    patches[np.arange(len(images))[:, None], places] = mean[places]
    return from_patches(patches, images.shape, PATCH)


def scores(network, images, order) -> np.ndarray:
    """(B, P): in which order the patches are erased, largest first; one of `ORDERS`."""
    logits, cache = network.forward(images)
    if order == "random":
        return np.random.default_rng(0).random((len(images), network.patches.count))
    if order == "last block":
        return cache.weights[-1].mean(axis=1)[:, 0, 1:]
    if order == "unlike the mean":    # no network needed
        return np.abs(to_patches(images - split().train.images.mean(axis=0), PATCH)).sum(axis=2)
    if order == "influence":          # how far the answer's probability falls when one patch alone is erased
        answers, P = logits.argmax(axis=1)[:, None], network.patches.count
        each = [softmax(network.forward(erase(images, np.full((len(images), 1), n)))[0]) for n in range(P)]
        return -np.stack([np.take_along_axis(p, answers, axis=1)[:, 0] for p in each], axis=1)
    found = rollout(cache.weights)[:, 0, 1:]
    return -found if order == "least rollout" else found


def kept(network, images, order) -> list:
    """The shares of answers that stay when `ERASED` patches are erased in an order."""
    answers, places = network.forward(images)[0].argmax(axis=1), (-scores(network, images, order)).argsort(axis=1)
    return [round(float((network.forward(erase(images, places[:, :k]))[0].argmax(axis=1) == answers).mean()), 4)
            for k in ERASED]


# --- the table --------------------------------------------------------------------------------------------------------

def main() -> None:
    """Goes on where a table that is not whole ends."""
    table = digit_contest() if TABLE.exists() else {}
    todo = [(kind, count, kind, None) for count in COUNTS[::-1] for kind in ("ViT", "CNN", "MLP")]
    todo += [(kind, VARIED, kind, None) for kind in VARIANTS if kind != "ViT"]
    todo += [("shuffled", f"{kind} {order}", kind, order) for kind in ("ViT", "CNN", "MLP") for order in SHUFFLES]
    for part, key, kind, order in todo:
        entries = table.setdefault(part, {})
        if str(key) not in entries:
            entries[str(key)], networks = tuned(kind, key if order is None else VARIED, order)
            print(part, key, entries[str(key)]["rate"], np.mean(entries[str(key)]["test"]).round(3), flush=True)
            if (part, key) == ("ViT", COUNTS[-1]):
                images = split().test.images
                table["erased"] = {order: [kept(network, images, order) for network in networks] for order in ORDERS}
            write_table(table, TABLE)
    networks = {kind: new_network(kind, np.random.default_rng(0)) for kind in KINDS}
    table["parameters"] = {kind: sum(array.size for array in network.params.values())
                           for kind, network in networks.items()}
    table["versions"] = versions("numpy")
    write_table(table, TABLE)


if __name__ == "__main__":
    main()
