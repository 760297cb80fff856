"""The training loop: batches in, steps of an optimiser, a history of the loss out."""

import math
from dataclasses import asdict, dataclass, field
from itertools import islice
from numbers import Real
from pathlib import Path

import numpy as np
from tqdm import tqdm

from seqbook.scratch.base import check_callable, as_number, check_rng, check_sizes
from seqbook.scratch.checkpoints import check_can_be_saved, check_json, load_checkpoint, read_progress, save_checkpoint
from seqbook.scratch.optim import clip_grad_norm


@dataclass
class History:
    """What `fit` saw: `loss` and gradient `norm` (before clipping) of every step, `evaluations` after every epoch."""

    loss: list = field(default_factory=list)
    norm: list = field(default_factory=list)
    evaluations: list = field(default_factory=list)


def fit(loss_and_grads, optimizer, batches, *, epochs=1, clip=None, progress=True, evaluate=None, accumulate=1,
        schedule=None, checkpoint=None, rng=None) -> History:
    """Train for some epochs and return the `History`.

    `loss_and_grads(batch) -> loss, grads` runs the model on one batch. `batches` is a list of batches, or a function
    from the epoch's number (0, 1, …) to an iterable of batches, for a new order every epoch. `clip` is the largest
    gradient norm (None: no clipping). `evaluate()`, if given, is called after every epoch. A loss or gradient that is
    NaN or infinite ends the training with an error before it can reach the parameters.

    `accumulate` batches make one step, with the mean of their losses and gradients. `schedule(step) -> lr` sets the
    rate of every step. With a `checkpoint` path the state is saved there after every epoch, and a call that finds the
    file goes on after the epoch it holds, bit for bit as if nothing had happened; `rng`, the generator that
    `loss_and_grads` draws from (dropout), is then kept as well, and what `evaluate` returns must fit into JSON. What
    cannot be kept is refused before the first step; what `evaluate` returns, after an epoch that is saved without it.
    """
    check_callable("loss_and_grads", loss_and_grads)
    if rng is not None:
        check_rng(rng)
    if checkpoint is not None:
        check_can_be_saved(checkpoint, optimizer, None if rng is None else rng.bit_generator.state)

    def step(group, number):
        loss, grads = _mean(loss_and_grads, group)
        loss = as_loss(loss, number)
        grads, norm = clip_grad_norm(grads, math.inf if clip is None else clip)
        if schedule is not None:
            optimizer.lr = as_number("schedule", schedule(number))
        optimizer.step(grads)
        return loss, norm

    def load():
        if rng is not None:
            check_same_generator(checkpoint, rng)
        done = load_checkpoint(checkpoint, optimizer.params, optimizer)
        if rng is not None and done["rng"] is not None:
            rng.bit_generator.state = as_state(done["rng"])
        return done

    def save(done):
        state = None if rng is None else rng.bit_generator.state
        save_checkpoint(checkpoint, optimizer.params, optimizer, {**done, "rng": state})
    return train(step, batches, epochs=epochs, accumulate=accumulate, progress=progress, evaluate=evaluate,
                 checkpoint=checkpoint, load=load, save=save)


def train(step, batches, *, epochs, accumulate, progress, evaluate, checkpoint, load, save) -> History:
    """The loop inside `fit`, whatever makes a step; the arguments are explained there.

    `step(group, number) -> loss, norm` makes step `number` with up to `accumulate` batches; `save(done)` and
    `load() -> done` write and read the checkpoint with what is done so far, a dict.
    """
    check_sizes(epochs=epochs, accumulate=accumulate)
    history, first_epoch = History(), 0
    if checkpoint is not None and Path(checkpoint).exists():
        done = load()
        history, first_epoch = History(**done["history"]), done["epochs"]
    for epoch in range(first_epoch, epochs):
        bar = tqdm(batches(epoch) if callable(batches) else batches, desc=f"epoch {epoch + 1}/{epochs}",
                   disable=not progress)
        seen = len(history.loss)
        iterator = iter(bar)
        while group := list(islice(iterator, accumulate)):
            loss, norm = step(group, len(history.loss))
            history.loss.append(loss)
            history.norm.append(norm)
            bar.set_postfix(loss=f"{loss:.4f}", refresh=False)
        if len(history.loss) == seen:
            raise ValueError(f"batches must not be empty, got no batch in epoch {epoch}")
        if evaluate is not None:
            history.evaluations.append(evaluate())
        if checkpoint is not None:
            save_epoch(save, epoch + 1, history)
    return history


def save_epoch(save, epochs, history):
    """Save what is done; where the last evaluation cannot be saved, save the rest, so no work is lost, and say so."""
    try:
        check_json("the result of evaluate", history.evaluations[-1:])
    except ValueError:
        kept = History(history.loss, history.norm, [*history.evaluations[:-1], None])
        save({"epochs": epochs, "history": asdict(kept)})
        raise
    save({"epochs": epochs, "history": asdict(history)})


def as_loss(loss, number) -> float:
    """The loss of step `number` as a float, from any kind of number; the end of the training where it is not finite."""
    if getattr(loss, "shape", None) == () and hasattr(loss, "item"):    # of NumPy, of PyTorch, an array of no axes
        loss = loss.item()
    if isinstance(loss, bool) or not isinstance(loss, Real):
        raise ValueError(f"loss must be one number, got {loss!r} at step {number}")
    if not math.isfinite(loss):
        raise FloatingPointError(f"the loss became {loss} at step {number}: lower lr or clip")
    return float(loss)


def check_same_generator(path, rng):
    """Refuse a checkpoint that holds the state of another kind of generator than `rng`."""
    state = (read_progress(path) or {}).get("rng")
    kind = rng.bit_generator.state["bit_generator"]
    if state is not None and state["bit_generator"] != kind:
        raise ValueError(f"rng must be a Generator({state['bit_generator']}) as in {path}, got a Generator({kind})")


def as_state(state: dict) -> dict:
    """A bit generator's state as it was before it became JSON: with arrays in place of lists."""
    return {key: as_state(value) if isinstance(value, dict) else
            np.array(value, np.uint64) if isinstance(value, list) else value for key, value in state.items()}


def _mean(loss_and_grads, batches):
    """The means of the batches' losses and gradients."""
    loss, grads = loss_and_grads(batches[0])
    for batch in batches[1:]:
        next_loss, next_grads = loss_and_grads(batch)
        loss, grads = loss + next_loss, {name: grad + next_grads[name] for name, grad in grads.items()}
    count = len(batches)
    return (loss, grads) if count == 1 else (loss / count, {name: grad / count for name, grad in grads.items()})
