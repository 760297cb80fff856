"""Optimisers: PyTorch's own, which those of `seqbook.scratch` equal step by step."""

import math

import torch
from torch.optim import SGD, Adam, AdamW

from seqbook.pytorch.base import wide
from seqbook.scratch.optim import check_max_norm, warmup

__all__ = ["SGD", "Adam", "AdamW", "clip_grad_norm", "warmup"]


def clip_grad_norm(parameters, max_norm: float) -> float:
    """Scale the `.grad` of all parameters, in place, to a common norm of at most `max_norm`; the norm they had.

    `parameters` are tensors or, for errors by name, pairs as `named_parameters()` gives. Finite gradients of any size
    and dtype are clipped, also where their norm is beyond the largest float and comes out as inf. A NaN or infinite
    gradient is refused with a ValueError.
    """
    check_max_norm(max_norm)
    grads = {name: parameter.grad for name, parameter in named(parameters) if parameter.grad is not None}
    sizes = {name: float(grad.abs().max()) for name, grad in grads.items() if grad.numel()}
    if wild := [name for name, size in sizes.items() if not math.isfinite(size)]:
        raise ValueError(f"grads must be finite to be clipped, got NaN or infinity in {', '.join(wild)}")
    unit = max(sizes.values(), default=0.0) or 1.0    # in this unit no square overflows, and not all of them vanish
    with torch.no_grad():
        length = math.hypot(*(float(torch.linalg.vector_norm(wide(grad) / unit)) for grad in grads.values()))
        norm = unit * length
        if norm > max_norm:
            for grad in grads.values():
                grad.copy_(wide(grad) / unit * (max_norm / length))
    return norm


def named(parameters):
    """(name, parameter) for tensors, for such pairs, or for one tensor."""
    parameters = [parameters] if isinstance(parameters, torch.Tensor) else parameters
    return [each if isinstance(each, tuple) else (f"parameters[{number}]", each)
            for number, each in enumerate(parameters)]
