"""The training loop: batches in, steps of an optimiser, a history of the loss out."""

import math

import torch

from seqbook.pytorch.checkpoints import load_checkpoint, save_checkpoint
from seqbook.pytorch.optim import clip_grad_norm
from seqbook.scratch.base import check_callable
from seqbook.scratch.training import History, check_loss, train

__all__ = ["History", "fit"]


def fit(loss, optimizer, batches, *, epochs=1, clip=None, progress=True, evaluate=None, accumulate=1, schedule=None,
        checkpoint=None, model=None, rng=None) -> History:
    """Train for some epochs and return the `History`: as `seqbook.scratch.fit`, with autograd for the gradients.

    `loss(batch)` runs the model on one batch and gives its loss, a tensor of no axes; `optimizer` is one of
    `torch.optim`. A `checkpoint` needs the `model`, whose state it keeps, and keeps the state of the generator `rng`,
    if none is given that of PyTorch's own on the CPU, which dropout draws from. The other arguments are those of
    `seqbook.scratch.fit`; on the CPU, too, a resumed training goes on bit for bit.
    """
    check_callable("loss", loss)
    if checkpoint is not None and not isinstance(model, torch.nn.Module):
        raise ValueError(f"model must be the nn.Module to keep in the checkpoint, got {type(model).__name__}")
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    rng = torch.default_generator if rng is None else rng

    def step(batches, number):
        optimizer.zero_grad()
        total = 0.0
        for batch in batches:
            value = loss(batch) / len(batches)
            check_loss(value.item(), number)
            value.backward()
            total += value.item()
        norm = clip_grad_norm(parameters, math.inf if clip is None else clip)
        if schedule is not None:
            for group in optimizer.param_groups:
                group["lr"] = schedule(number)
        optimizer.step()
        return total, norm

    def load():
        done = load_checkpoint(checkpoint, model, optimizer)
        rng.set_state(torch.tensor(list(bytes.fromhex(done["rng"])), dtype=torch.uint8))
        return done

    def save(done):
        save_checkpoint(checkpoint, model, optimizer, {**done, "rng": bytes(rng.get_state().tolist()).hex()})

    return train(step, batches, epochs=epochs, accumulate=accumulate, progress=progress, evaluate=evaluate,
                 checkpoint=checkpoint, load=load, save=save)
