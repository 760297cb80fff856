"""The training loop: batches in, steps of an optimiser, a history of the loss out."""

import math
from inspect import Parameter, signature

import torch

from seqbook.pytorch.checkpoints import check_can_be_saved, load_checkpoint, save_checkpoint
from seqbook.pytorch.optim import clip_grad_norm
from seqbook.scratch.base import check_callable, as_number
from seqbook.scratch.training import History, as_loss, train

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
    check_without_closure(optimizer)
    rng = torch.default_generator if rng is None else rng
    if not isinstance(rng, torch.Generator):
        raise ValueError(f"rng must be a torch.Generator, e.g. torch.Generator().manual_seed(0), got {rng!r}")
    if checkpoint is not None:
        if not isinstance(model, torch.nn.Module):
            raise ValueError(f"model must be the nn.Module to keep in the checkpoint, got {type(model).__name__}")
        check_can_be_saved(checkpoint, model, optimizer)
    names = {} if model is None else {parameter: name for name, parameter in model.named_parameters()}
    parameters = [(names.get(parameter, f"parameters[{number}]"), parameter) for number, parameter in enumerate(
        parameter for group in optimizer.param_groups for parameter in group["params"])]

    def step(batches, number):
        optimizer.zero_grad()
        total = 0.0
        for batch in batches:
            value = loss(batch) / len(batches)
            total += as_loss(value, number)
            value.backward()
        norm = clip_grad_norm(parameters, math.inf if clip is None else clip)
        if schedule is not None:
            rate = as_number("schedule", schedule(number))
            for group in optimizer.param_groups:
                set_rate(group, rate)
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


def set_rate(group, rate):
    """A parameter group's learning rate, in its own tensor where it is one: a compiled or captured step reads that."""
    if isinstance(group["lr"], torch.Tensor):
        group["lr"].fill_(rate)
    else:
        group["lr"] = rate


def check_without_closure(optimizer):
    """Refuse an optimiser, LBFGS, that runs the model itself, as often as it likes."""
    closure = signature(optimizer.step).parameters.get("closure")
    if closure is not None and closure.default is Parameter.empty:
        raise ValueError(f"optimizer must take a step without a closure, got {type(optimizer).__name__}: "
                         f"call its step(closure) in a loop of your own")
