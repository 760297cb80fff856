"""One head of attention over a window of text, of which the last position alone predicts the next character.

    python -m seqbook.models.window    # trains them all anew (some 2 CPU minutes), writes window.json

The first piece of the part's running model (chapter transformer/self-attention). A chapter reads the table with
`window()`, and trains one of the models itself with `train`.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np

from seqbook.models.files import versions
from seqbook.models.tables import write_table
from seqbook.models.text_contest import splits
from seqbook.scratch import Adam, CrossEntropy, fit
from seqbook.scratch.attention import attend, attend_backward
from seqbook.scratch.losses import loss_and_gradient

TABLE = Path(__file__).with_suffix(".json")
T, BATCH, UPDATES, CLIP = 32, 64, 1000, 1.0    # T: characters in a window
KINDS = {"last": 47, "mean": 40, "head": 32, "positions": 30}    # and the E = K that makes parameters equal
RATES, SEEDS = (0.01, 0.02, 0.04, 0.08), range(5)
JUDGED = 4096    # windows from which validation and test are predicted
PARTS = {"last": (), "mean": ("W_v",), "head": ("W_q", "W_k", "W_v"), "positions": ("W_q", "W_k", "W_v", "positions")}


def window() -> dict:
    """The stored table: `losses[kind][rate]` holds, for each seed, the losses (validation, test) in nats a character.

    Kinds: "last" sees the window's last character alone; "mean" adds the mean of all values; "head" the attention's
    weighted mean; "positions" too, with a learned vector for each place in the window. `shuffled[kind][rate]` are the
    same models' test losses on windows whose characters before the last are shuffled. `places` holds, for each seed of
    "positions" at the rate that validation chooses, the mean weight of each place in the window ("attended") and the
    test loss where the characters of that place have been exchanged between windows ("exchanged").
    `parameters[kind]` counts a model's numbers. Rates are the decimal strings of JSON's keys.
    """
    return json.loads(TABLE.read_text(encoding="utf-8"))


def new_params(kind, V, rng) -> dict:
    """Fresh parameters: embedding (V, E), output (E, V) and bias (V), and those of the kind's `PARTS`."""
    E = KINDS[kind]
    params = {"embedding": rng.standard_normal((V, E)), "output": rng.standard_normal((E, V)) / E**0.5,
              "bias": np.zeros(V)}
    for part in PARTS[kind]:
        shape = (T, E) if part == "positions" else (E, E)
        params[part] = rng.standard_normal(shape) / E**0.5
    return {name: value.astype(np.float32) for name, value in params.items()}


def windows(ids, N, rng):
    """N windows (N, T) from anywhere in the text, and the character after each (N,)."""
    starts = rng.integers(len(ids) - T, size=N)
    pieces = ids[starts[:, None] + np.arange(T + 1)]
    return pieces[:, :-1], pieces[:, -1]


@cache
def judged():
    """The windows (validation, test) on which models are judged, each (windows, the characters after them)."""
    _, valid, test, _ = splits()
    return [windows(ids, JUDGED, np.random.default_rng(0)) for ids in (valid, test)]


def forward(params, ids):
    """The logits (B, V) of the character after the windows ids (B, T), and what backward needs."""
    x = params["embedding"][ids] + params.get("positions", np.float32(0))    # (B, T, E)
    h, q, k, v, weights = x[:, -1], None, None, None, None
    if "W_v" in params:
        v = x @ params["W_v"]
        if "W_q" in params:
            q, k = x[:, -1:] @ params["W_q"], x @ params["W_k"]
            c, weights = attend(q, k, v)    # (B, 1, E), (B, 1, T)
        else:
            c = v.mean(axis=1, keepdims=True)
        h = h + c[:, 0]
    return h @ params["output"] + params["bias"], (ids, x, h, q, k, v, weights)


def backward(params, dlogits, cache):
    """The gradients of the parameters, dlogits (B, V)."""
    ids, x, h, q, k, v, weights = cache
    E = x.shape[-1]
    grads = {"output": h.T @ dlogits, "bias": dlogits.sum(axis=0)}
    dx = np.zeros_like(x)
    dx[:, -1] = dh = dlogits @ params["output"].T
    if v is not None:
        if q is not None:
            dq, dk, dv = attend_backward(dh[:, None], q, k, v, weights)
            grads["W_q"] = x[:, -1].T @ dq[:, 0]
            grads["W_k"] = x.reshape(-1, E).T @ dk.reshape(-1, E)
            dx[:, -1:] += dq @ params["W_q"].T
            dx += dk @ params["W_k"].T
        else:
            dv = np.repeat(dh[:, None] / T, T, axis=1)
        grads["W_v"] = x.reshape(-1, E).T @ dv.reshape(-1, E)
        dx += dv @ params["W_v"].T
    if "positions" in params:
        grads["positions"] = dx.sum(axis=0)
    grads["embedding"] = np.zeros_like(params["embedding"])
    np.add.at(grads["embedding"], ids, dx)
    return grads


def train(kind, rate, seed, updates=UPDATES) -> dict:
    """The parameters of a model that has learned from `updates` batches, its rate falling linearly to 0."""
    rng, (learn, *_, V) = np.random.default_rng(seed), splits()
    params, cross_entropy = new_params(kind, V, rng), CrossEntropy()

    def loss_and_grads(batch):
        ids, targets = batch
        logits, cache = forward(params, ids)
        loss, dlogits = loss_and_gradient(cross_entropy, logits, targets)
        return loss, backward(params, dlogits, cache)

    fit(loss_and_grads, Adam(params, rate), lambda _: (windows(learn, BATCH, rng) for _ in range(updates)),
        clip=CLIP, progress=False, schedule=lambda step: rate * (1 - step / updates))
    return params


def loss(params, task) -> float:
    """The mean loss in nats of the characters after the windows of a task (windows, characters)."""
    ids, targets = task
    return float(CrossEntropy().forward(forward(params, ids)[0], targets)[0])


def shuffled(task, seed=0):
    """The task with the characters before the last of each window in another order."""
    ids, targets = task
    before = np.random.default_rng(seed).permuted(ids[:, :-1], axis=1)
    return np.concatenate([before, ids[:, -1:]], axis=1), targets


def by_place(params, task):
    """For each place in the window its mean weight, and the loss where its characters come from the next window."""
    ids, targets = task
    weights = forward(params, ids)[1][-1][:, 0]    # (B, T)
    found = []
    for place in range(T):
        exchanged = ids.copy()
        exchanged[:, place] = np.roll(ids[:, place], 1)
        found.append(round(loss(params, (exchanged, targets)), 4))
    return weights.mean(axis=0).round(4).tolist(), found


def chosen(rates):
    """The rate with the lowest mean loss on the validation, of a kind's `losses`."""
    return min(rates, key=lambda rate: np.mean(rates[rate], axis=0)[0])


def contest(kind) -> dict:
    """What the table says of one kind, by the table's parts."""
    valid, test = judged()
    *_, V = splits()
    models = {rate: [train(kind, rate, seed) for seed in SEEDS] for rate in RATES}
    losses = {rate: [[round(loss(params, task), 4) for task in (valid, test)] for params in runs]
              for rate, runs in models.items()}
    found = {"losses": losses,
             "shuffled": {rate: [round(loss(params, shuffled(test)), 4) for params in runs]
                          for rate, runs in models.items()},
             "parameters": sum(array.size for array in new_params(kind, V, np.random.default_rng(0)).values())}
    if kind == "positions":
        attended, exchanged = zip(*(by_place(params, test) for params in models[chosen(losses)]))
        found["places"] = {"attended": attended, "exchanged": exchanged}
    return found


def main() -> None:
    table = {"losses": {}, "shuffled": {}, "places": {}, "parameters": {}}
    for kind in KINDS:
        found = contest(kind)
        table["places"].update(found.pop("places", {}))
        for part, value in found.items():
            table[part][kind] = value
        means = {rate: np.mean(runs, axis=0).round(3).tolist() for rate, runs in found["losses"].items()}
        print(kind, means, flush=True)
    write(table)


def write(table) -> None:
    """The table, with the versions that made it, into the module's own file."""
    write_table({**table, "versions": versions("numpy")}, TABLE)


if __name__ == "__main__":
    main()
