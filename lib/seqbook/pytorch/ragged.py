"""Batches of sequences of different lengths: (B, T, …) tensors whose steps past `lengths` are padding."""

import numpy as np
import torch

from seqbook.pytorch.base import as_int64, can_read, check_dense
from seqbook.scratch.base import as_integers as plain_integers


def as_integers(name, lengths):
    """An int64 tensor, of a tensor, array or list of integers of any width."""
    if isinstance(lengths, np.ndarray):
        lengths = plain_integers(name, lengths)
    if isinstance(lengths, (list, tuple)) and any(isinstance(length, bool) for length in lengths):
        raise ValueError(f"{name} must be integers, got {lengths!r}")
    try:
        tensor = torch.as_tensor(lengths)
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise ValueError(f"{name} must be integers, got {lengths!r}") from error
    if tensor.is_floating_point() or tensor.is_complex() or tensor.dtype == torch.bool:
        raise ValueError(f"{name} must be integers, got {tensor.dtype}")
    check_dense(name, tensor)
    return as_int64(name, tensor)


def as_lengths(lengths, B, T, device, name="lengths", axis="T"):
    """`lengths` as an integer tensor (B,) on `device`; None (all steps are real) stays None."""
    if lengths is None:
        return None
    lengths = as_integers(name, lengths)
    if tuple(lengths.shape) != (B,):
        raise ValueError(f"{name} must have shape (B={B},), got {tuple(lengths.shape)}")
    if can_read(lengths) and (lengths.min() < 1 or lengths.max() > T):
        raise ValueError(f"{name} must lie in 1..{axis}={T}, got {lengths.min()}..{lengths.max()}")
    return lengths.to(device)


def zero_padding(tensor, lengths):
    """`tensor` (B, T, …) with zeros in its padding; itself where there is none."""
    if lengths is None:
        return tensor
    B, T = tensor.shape[:2]
    real = torch.arange(T, device=tensor.device) < lengths[:, None]    # (B, T)
    return torch.where(real.view(B, T, *[1] * (tensor.dim() - 2)), tensor, 0)


def last_real(tensor, lengths):
    """The last real step of every sequence: (B, T, H) → (B, H)."""
    if lengths is None:
        return tensor[:, -1]
    return tensor[torch.arange(len(tensor), device=tensor.device), lengths - 1]


def reverse_steps(tensor, lengths):
    """Each sequence of `tensor` (B, T, …) with its real steps in reverse order and its padding where it was."""
    if lengths is None:
        return tensor.flip(1)
    B, T = tensor.shape[:2]
    steps, lengths = torch.arange(T, device=tensor.device), lengths[:, None]
    source = torch.where(steps < lengths, lengths - 1 - steps, steps)    # (B, T)
    return tensor[torch.arange(B, device=tensor.device)[:, None], source]
