"""The training loop: batches in, steps of an optimiser, a history of the loss out."""

import math
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path

from tqdm import tqdm

from seqbook.scratch.base import check_callable, check_sizes
from seqbook.scratch.checkpoints import load_checkpoint, save_checkpoint
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
    `loss_and_grads` draws from (dropout), is then kept as well, and what `evaluate` returns must fit into JSON.
    """
    check_callable("loss_and_grads", loss_and_grads)

    def step(group, number):
        loss, grads = _mean(loss_and_grads, group)
        check_loss(loss, number)
        grads, norm = clip_grad_norm(grads, math.inf if clip is None else clip)
        if schedule is not None:
            optimizer.lr = schedule(number)
        optimizer.step(grads)
        return loss, norm

    def load():
        done = load_checkpoint(checkpoint, optimizer.params, optimizer)
        if rng is not None and done["rng"] is not None:
            rng.bit_generator.state = done["rng"]
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
    if checkpoint is not None and not Path(checkpoint).parent.is_dir():
        raise ValueError(f"checkpoint must lie in a folder that exists, got {checkpoint}")
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
            save({"epochs": epoch + 1, "history": asdict(history)})
    return history


def check_loss(loss, number):
    """Stop where the loss of step `number` is NaN or infinite."""
    if not math.isfinite(loss):
        raise FloatingPointError(f"the loss became {loss} at step {number}: lower lr or clip")


def _mean(loss_and_grads, batches):
    """The means of the batches' losses and gradients."""
    loss, grads = loss_and_grads(batches[0])
    for batch in batches[1:]:
        next_loss, next_grads = loss_and_grads(batch)
        loss, grads = loss + next_loss, {name: grad + next_grads[name] for name, grad in grads.items()}
    count = len(batches)
    return (loss, grads) if count == 1 else (loss / count, {name: grad / count for name, grad in grads.items()})
