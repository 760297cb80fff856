"""Small Transformers trained under masks that leak, and their losses with and without a future (transformer/masking).

    python -m seqbook.models.leaks    # trains them all anew (some two CPU minutes), writes leaks.json

A chapter reads the table with `leaks()`, and trains some of the networks itself with `train`. They are one block of the
part's running model, with sinusoids as positions, over windows of `T` characters.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np

from seqbook.data import Vocabulary, documentation
from seqbook.models.files import versions
from seqbook.scratch import Adam, CrossEntropy, LanguageModel, clip_grad_norm
from seqbook.scratch.attention import ScaledDotProductAttention, scale
from seqbook.scratch.base import check_choice
from seqbook.scratch.losses import loss_and_gradient
from seqbook.scratch.masks import masked_softmax, softmax_backward
from seqbook.scratch.transformer import LanguageModelCache

TABLE = Path(__file__).with_suffix(".json")
E, N, F, T = 32, 4, 64, 32
BATCH, RATE, CLIP, SEEDS, UPDATES, JUDGED = 16, 0.01, 1.0, range(5), (125, 250, 500, 1000), 200
MASKS = {    # (T, T), True = may look
    "causal": np.tri(T, T, dtype=bool),
    "after": np.tri(T, T, dtype=bool),          # laid on the weights, behind the softmax
    "off by one": np.tri(T, T, 1, dtype=bool),
    "transposed": np.tri(T, T, dtype=bool).T,
    "open": np.ones((T, T), dtype=bool),
}


class HiddenAfter(ScaledDotProductAttention):
    """Attention that puts zeros in the hidden keys' place after the softmax: a leak, through its denominator."""

    def forward(self, q, k, v, mask=None):
        """out (B, N, T, K), cache."""
        A = masked_softmax((q * scale(q)) @ k.swapaxes(-1, -2))
        kept = A * mask
        return kept @ v, (q, k, v, A, mask, kept)

    def backward(self, dy, cache):
        """(dq, dk, dv), {}."""
        q, k, v, A, mask, kept = cache
        dA = (dy @ v.swapaxes(-1, -2)) * mask
        dS = softmax_backward(dA, A)
        return (dS @ (k * scale(q)), dS.swapaxes(-1, -2) @ (q * scale(q)), kept.swapaxes(-1, -2) @ dy), {}


def leaks() -> dict:
    """The stored table: `runs[kind][seed]` is a list of pairs of losses on held-out text, in nats per character.

    There is a pair after each of `UPDATES`: all positions of a window at once under the mask of training, and step by
    step, where the future does not exist. Kinds are those of `MASKS`. `parameters` counts a network's numbers.
    """
    return json.loads(TABLE.read_text(encoding="utf-8"))


@cache
def texts():
    """The ids to learn from, windows (JUDGED, T + 1) to judge by, and the vocabulary."""
    text = documentation()
    vocabulary = Vocabulary([text.train])
    test = vocabulary.encode(text.test)
    rows = test[:len(test) // (T + 1) * (T + 1)].reshape(-1, T + 1)
    return vocabulary.encode(text.train), rows[:: len(rows) // JUDGED][:JUDGED], vocabulary


def new_network(kind: str, rng: np.random.Generator, dtype=np.float32) -> LanguageModel:
    """One block with fresh parameters; of the kinds only "after" computes otherwise."""
    check_choice("kind", kind, tuple(MASKS))
    network = LanguageModel(len(texts()[2]), E, N, F, 1, rng=rng, dtype=dtype)
    if kind == "after":
        network.stack.blocks[0].attention.attention = HiddenAfter(dtype=dtype)
    return network


def read(network: LanguageModel, x: np.ndarray, mask: np.ndarray):
    """logits (B, T, V) of x (B, T) under `mask`, cache: what `forward` does under the causal mask."""
    x, tokens = network.tokens.forward(x)
    x, stack = network.stack.forward(x, mask)
    logits, output = network.output.forward(x)
    return logits, LanguageModelCache(tokens, stack, output)


def losses(network: LanguageModel, mask: np.ndarray, windows: np.ndarray) -> tuple[float, float]:
    """Nats per character of windows (B, T + 1): all positions at once, and step by step."""
    x, y = windows[:, :-1], windows[:, 1:]
    steps = [read(network, x[:, :t], mask[:t, :t])[0][:, -1:] for t in range(1, x.shape[1] + 1)]
    return tuple(float(CrossEntropy().forward(logits, y)[0])
                 for logits in (read(network, x, mask)[0], np.concatenate(steps, axis=1)))


def train(kind: str, seed: int = 0, updates=UPDATES, *, judge=True):
    """The network, and the pairs of `losses` after each of `updates`; no pairs without `judge`.

    Every update reads `BATCH` windows from random places. The kinds see the same windows in the same order.
    """
    learn, windows, _ = texts()
    network, mask, pairs = new_network(kind, np.random.default_rng(seed)), MASKS[kind], []
    optimizer, rng = Adam(network.params, lr=RATE), np.random.default_rng(seed)
    for update in range(1, max(updates) + 1):
        ids = learn[rng.integers(len(learn) - T, size=BATCH)[:, None] + np.arange(T + 1)]
        logits, cached = read(network, ids[:, :-1], mask)
        _, dlogits = loss_and_gradient(CrossEntropy(), logits, ids[:, 1:])
        optimizer.step(clip_grad_norm(network.backward(dlogits, cached)[1], CLIP)[0])
        if judge and update in updates:
            pairs.append(losses(network, mask, windows))
    return network, pairs


def main() -> None:
    runs = {kind: [] for kind in MASKS}
    for kind, found in runs.items():
        for seed in SEEDS:
            network, pairs = train(kind, seed)
            found.append([[round(loss, 4) for loss in pair] for pair in pairs])
            print(kind, seed, found[-1], flush=True)
    table = {"runs": runs, "parameters": sum(array.size for array in network.params.values()),
             "versions": versions("numpy")}
    TABLE.write_text(json.dumps(table) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
