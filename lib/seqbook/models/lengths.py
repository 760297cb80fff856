"""What each way to put positions in does beyond the length it was trained on (transformer/position).

    python -m seqbook.models.lengths    # trains them all anew (some ten CPU minutes), writes lengths.json

The Transformer part's running model reads windows of `T` characters with positions of one kind or another, and is then
judged on `LONG` characters at once. A chapter reads the table with `lengths()`, and trains one itself with `train`.
"""

import json
from pathlib import Path

import numpy as np

from seqbook.models import pieces
from seqbook.models.files import versions
from seqbook.models.rates import widened
from seqbook.models.tables import write_table
from seqbook.models.text_contest import splits
from seqbook.scratch import Adam, CrossEntropy, LanguageModel, clip_grad_norm, log_softmax
from seqbook.scratch.attention import merge_heads, split_heads
from seqbook.scratch.base import check_choice
from seqbook.scratch.losses import loss_and_gradient
from seqbook.scratch.masks import causal_mask
from seqbook.scratch.positions import rotate, sinusoids
from seqbook.scratch.transformer import LanguageModelCache

TABLE = Path(__file__).with_suffix(".json")
T, LONG, BIN = pieces.T, 256, 32    # characters in a window of training, in one of judging, in a mean of losses
SHIFTED = "sinusoidal, shifted", "learned, shifted"    # windows of training begin anywhere in 0 … LONG - T
STRETCHED = "sinusoidal", "rotary"    # also judged with the positions of `LONG` characters shrunk to those of `T`
KINDS = "none", "sinusoidal", "learned", "rotary", *SHIFTED
BATCH, CLIP, RATES, SEEDS, UPDATES = 16, 1.0, (0.01, 0.02, 0.04), range(5), 1000


def lengths() -> dict:
    """The stored table, `{"runs": …, "best": …, "parameters": …, "versions": …}`.

    `runs[kind][rate][seed]` has the losses of a trained model in nats per character: `valid`, on validation windows of
    `T`, and two lists of means over `BIN` positions each on test windows of `LONG`. `whole` reads such a window at
    once; `near` predicts the same characters from `T` at the most; kinds of `STRETCHED` also have `stretched`, which is
    `whole` with positions divided by `LONG / T`. `best[kind]` is the rate with the smallest mean of
    `valid` over two seeds; the best has five. Rates are decimal strings. `parameters[kind]` counts a model's numbers,
    without those rows of a learned table that training never reads.
    """
    return json.loads(TABLE.read_text(encoding="utf-8"))


def new_model(kind: str, V: int, rng: np.random.Generator, dtype=np.float32) -> LanguageModel:
    """The running model with positions of that kind and fresh parameters; a learned table has `LONG` rows."""
    check_choice("kind", kind, KINDS)
    if kind == "none":
        return pieces.new_model("no positions", V, rng, dtype)
    return LanguageModel(V, pieces.E, pieces.N, pieces.F, pieces.BLOCKS, rng=rng, dtype=dtype,
                         positions=kind.removesuffix(", shifted"), max_length=LONG)


def read(model: LanguageModel, ids: np.ndarray, start: int = 0):
    """logits (B, T, V) of ids (B, T), the first of which stands at position `start`, cache."""
    x, tokens = model.tokens.forward(ids, start=start)
    x, stack = model.stack.forward(x, causal_mask(ids.shape[1]))
    logits, output = model.output.forward(x)
    return logits, LanguageModelCache(tokens, stack, output)


def read_stretched(model: LanguageModel, ids: np.ndarray, stretch: float) -> np.ndarray:
    """logits (B, T, V) of ids (B, T) at positions 0, 1/stretch, 2/stretch, …; the kinds of `STRETCHED`."""
    T = ids.shape[1]
    x = model.tokens.embedding.forward(ids)[0] * model.tokens.scale
    if model.tokens.positions:
        x = x + sinusoids(T, pieces.E, stretch=stretch).astype(x.dtype)
    for block in model.stack.blocks:
        layer, h = block.attention, block.norm1.forward(x)[0]
        q, k, v = (split_heads(each.affine(h), layer.heads) for each in (layer.query, layer.key, layer.value))
        if layer.rotary:
            q, k = rotate(q, stretch=stretch), rotate(k, stretch=stretch)
        y, _ = layer.attention.forward(q, k, v, causal_mask(T))
        x = x + layer.output.forward(merge_heads(y))[0]
        x = x + block.feed_forward.forward(block.norm2.forward(x)[0])[0]
    return model.output.forward(model.stack.norm.forward(x)[0])[0]


def nats(logits: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The loss (B, T) of each prediction, from logits (B, T, V) and targets (B, T)."""
    return -np.take_along_axis(log_softmax(logits.astype(np.float64)), y[..., None], axis=-1)[..., 0]


def judge(model: LanguageModel, ids: np.ndarray, stretched: bool = False) -> dict:
    """`whole`, `near` and, if asked for, `stretched` of `lengths()` for a text: the same characters, read otherwise."""
    windows = ids[:(len(ids) - 1) // LONG * LONG].reshape(-1, LONG)
    windows = np.concatenate([windows, ids[LONG:len(windows) * LONG + 1:LONG, None]], axis=1)    # (B, LONG + 1)
    x, y = windows[:, :-1], windows[:, 1:]
    near = [nats(model.forward(x[:, :T])[0], y[:, :T])]
    for start in range(T - BIN, LONG - T + 1, BIN):
        logits = model.forward(x[:, start:start + T])[0][:, T - BIN:]
        near.append(nats(logits, y[:, start + T - BIN:start + T]))
    each = {"whole": nats(model.forward(x)[0], y), "near": np.concatenate(near, axis=1)}
    if stretched:
        each["stretched"] = nats(read_stretched(model, x, LONG / T), y)
    return {name: loss.reshape(len(loss), -1, BIN).mean(axis=(0, 2)).round(3).tolist() for name, loss in each.items()}


def train(kind: str, rate: float = 0.02, seed: int = 0, *, until: int | None = None) -> LanguageModel:
    """A trained model. Every update reads `BATCH` windows from random places.

    The rate falls linearly to 0 at the last of `UPDATES`; training ends there, or after `until` updates. The shifted
    kinds count each batch's positions from a random one.
    """
    learn, _, _, V = splits()
    rng = np.random.default_rng(seed)
    model = new_model(kind, V, rng)
    optimizer, cross_entropy = Adam(model.params, rate), CrossEntropy()
    for n in range(until or UPDATES):
        x, y = pieces.windows(learn, rng.integers(len(learn) - T, size=BATCH))
        logits, cache = read(model, x, int(rng.integers(LONG - T + 1)) if kind in SHIFTED else 0)
        _, dlogits = loss_and_gradient(cross_entropy, logits, y)
        optimizer.lr = rate * (1 - n / UPDATES)
        optimizer.step(clip_grad_norm(model.backward(dlogits, cache)[1], CLIP)[0])
    return model


def run(kind: str, rate: float, seed: int) -> dict:
    """What the table holds of one training."""
    _, valid, test, _ = splits()
    model = train(kind, rate, seed)
    return {"valid": round(pieces.loss(model, valid), 3), **judge(model, test, kind in STRETCHED)}


def tuned(kind: str) -> tuple:
    """All runs of a kind by learning rate, and the best rate.

    There are two seeds for each of `RATES` and, while the best is at an end, for one more; all seeds for the best.
    """
    runs, best = widened(
        RATES, lambda rate: [run(kind, rate, seed) for seed in SEEDS[:2]],
        lambda runs: min(runs, key=lambda rate: np.mean([found["valid"] for found in runs[rate]])))
    runs[best] += [run(kind, best, seed) for seed in SEEDS[2:]]
    print(f"{kind:20}", best, np.mean([found["whole"] for found in runs[best]], axis=0).round(3), flush=True)
    return runs, best


def parameters(kind: str) -> int:
    """A model's numbers, without the rows of a learned table that training never reads."""
    *_, V = splits()
    unread = (LONG - T) * pieces.E if kind == "learned" else 0
    return sum(array.size for array in new_model(kind, V, np.random.default_rng(0)).params.values()) - unread


def write(found: dict) -> None:
    """The table into the module's own file; `found[kind]` is what `tuned` gives."""
    write_table({
        "runs": {kind: runs for kind, (runs, _) in found.items()},
        "best": {kind: str(best) for kind, (_, best) in found.items()},
        "parameters": {kind: parameters(kind) for kind in found},
        "versions": versions("numpy"),
    }, TABLE)


def main() -> None:
    from multiprocessing import Pool    # a page has none

    found = {}
    with Pool(2) as pool:
        for kind, result in zip(KINDS, pool.imap(tuned, KINDS)):
            found[kind] = result
            write(found)


if __name__ == "__main__":
    main()
