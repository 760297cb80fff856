"""Optimisers: PyTorch's own, which those of `seqbook.scratch` equal step by step."""

import torch
from torch.optim import SGD, Adam, AdamW

from seqbook.scratch.optim import check_max_norm, warmup

__all__ = ["SGD", "Adam", "AdamW", "clip_grad_norm", "warmup"]


def clip_grad_norm(parameters, max_norm: float) -> float:
    """Scale the `.grad` of all parameters, in place, to a common norm of at most `max_norm`; the norm they had.

    A NaN or infinite gradient is refused with a ValueError.
    """
    check_max_norm(max_norm)
    grads = [parameter.grad for parameter in parameters if parameter.grad is not None]
    norm = float(torch.nn.utils.get_total_norm(grads))
    if not torch.isfinite(torch.tensor(norm)):
        raise ValueError(f"grads must be finite to be clipped, got a norm of {norm}")
    if norm > max_norm:
        for grad in grads:
            grad *= max_norm / norm
    return norm
