"""Who may look at whom: boolean tensors in which True means "may look"."""

import torch

from seqbook.pytorch.base import check_sizes
from seqbook.pytorch.ragged import as_integers, as_lengths


def causal_mask(T, S=None, device=None):
    """(T, S): query t may look at keys 0 … t + S - T, so the last query sees all keys; S = T unless given."""
    S = T if S is None else S
    check_sizes(T=T, S=S)
    if S < T:
        raise ValueError(f"S must be at least T={T}, got {S}")
    return torch.ones(T, S, dtype=torch.bool, device=device).tril(S - T)


def padding_mask(lengths, S):
    """(B, 1, 1, S): every query may look at the real keys, those before `lengths (B,)`."""
    check_sizes(S=S)
    lengths = as_integers("lengths", lengths)
    if lengths.ndim != 1 or lengths.numel() == 0:
        raise ValueError(f"lengths must have shape (B,) with no axis of size 0, got {tuple(lengths.shape)}")
    lengths = as_lengths(lengths, len(lengths), S, lengths.device, axis="S")
    return (torch.arange(S, device=lengths.device) < lengths[:, None])[:, None, None, :]


def check_mask(name, mask, *shape) -> None:
    """Raise ValueError unless `mask` is None, or boolean and broadcastable to `shape`."""
    if mask is None:
        return
    if not isinstance(mask, torch.Tensor) or mask.dtype != torch.bool:
        kind = mask.dtype if isinstance(mask, torch.Tensor) else type(mask).__name__
        raise ValueError(f"{name} must be a tensor of booleans, True = may look, got {kind}")
    if mask.ndim > len(shape) or any(m not in (1, s) for m, s in zip(mask.shape[::-1], shape[::-1])):
        raise ValueError(f"{name} must broadcast to {shape}, got {tuple(mask.shape)}")
