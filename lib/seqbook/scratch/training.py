"""The training loop: batches in, steps of an optimiser, a history of the loss out."""

import math
from dataclasses import dataclass, field

from tqdm import tqdm

from seqbook.scratch.optim import clip_grad_norm


@dataclass
class History:
    """What `fit` saw: `loss` and gradient `norm` (before clipping) of every step, `evaluations` after every epoch."""

    loss: list = field(default_factory=list)
    norm: list = field(default_factory=list)
    evaluations: list = field(default_factory=list)


def fit(loss_and_grads, optimizer, batches, *, epochs=1, clip=None, progress=True, evaluate=None) -> History:
    """Train for some epochs and return the `History`.

    `loss_and_grads(batch) -> loss, grads` runs the model on one batch. `batches` is a list of batches, or a function
    from the epoch's number (0, 1, …) to an iterable of batches, for a new order every epoch. `clip` is the largest
    gradient norm (None: no clipping). `evaluate()`, if given, is called after every epoch. A loss or gradient that is
    NaN or infinite ends the training with an error before it can reach the parameters.
    """
    if epochs < 1:
        raise ValueError(f"epochs must be at least 1, got {epochs}")
    history = History()
    for epoch in range(epochs):
        bar = tqdm(batches(epoch) if callable(batches) else batches, desc=f"epoch {epoch + 1}/{epochs}",
                   disable=not progress)
        seen = len(history.loss)
        for batch in bar:
            loss, grads = loss_and_grads(batch)
            if not math.isfinite(loss):
                raise FloatingPointError(f"the loss became {loss} at step {len(history.loss)}: lower lr or clip")
            grads, norm = clip_grad_norm(grads, math.inf if clip is None else clip)
            optimizer.step(grads)
            history.loss.append(loss)
            history.norm.append(norm)
            bar.set_postfix(loss=f"{loss:.4f}", refresh=False)
        if len(history.loss) == seen:
            raise ValueError(f"batches must not be empty, got no batch in epoch {epoch}")
        if evaluate is not None:
            history.evaluations.append(evaluate())
    return history
