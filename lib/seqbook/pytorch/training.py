"""The training loop: batches in, steps of an optimiser, a history of the loss out."""

import math

from tqdm import tqdm

from seqbook.pytorch.optim import clip_grad_norm
from seqbook.scratch.training import History

__all__ = ["History", "fit"]


def fit(loss, optimizer, batches, *, epochs=1, clip=None, progress=True, evaluate=None) -> History:
    """Train for some epochs and return the `History`: as `seqbook.scratch.fit`, with autograd for the gradients.

    `loss(batch)` runs the model on one batch and gives its loss, a tensor of no axes; `optimizer` is one of
    `torch.optim`. The other arguments are those of `seqbook.scratch.fit`.
    """
    if epochs < 1:
        raise ValueError(f"epochs must be at least 1, got {epochs}")
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    history = History()
    for epoch in range(epochs):
        bar = tqdm(batches(epoch) if callable(batches) else batches, desc=f"epoch {epoch + 1}/{epochs}",
                   disable=not progress)
        seen = len(history.loss)
        for batch in bar:
            optimizer.zero_grad()
            value = loss(batch)
            number = value.item()
            if not math.isfinite(number):
                raise FloatingPointError(f"the loss became {number} at step {len(history.loss)}: lower lr or clip")
            value.backward()
            norm = clip_grad_norm(parameters, math.inf if clip is None else clip)
            optimizer.step()
            history.loss.append(number)
            history.norm.append(norm)
            bar.set_postfix(loss=f"{number:.4f}", refresh=False)
        if len(history.loss) == seen:
            raise ValueError(f"batches must not be empty, got no batch in epoch {epoch}")
        if evaluate is not None:
            history.evaluations.append(evaluate())
    return history
