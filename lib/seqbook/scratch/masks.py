"""Who may look at whom: boolean arrays in which True means "may look"."""

import numpy as np

from seqbook.scratch.base import as_integers, check_sizes, is_array, kind_of
from seqbook.scratch.ragged import check_lengths, real_steps


def causal_mask(T: int, S: int | None = None) -> np.ndarray:
    """(T, S): query t may look at keys 0 … t + S - T, so the last query sees all keys; S = T unless given."""
    S = T if S is None else S
    check_sizes(T=T, S=S)
    if S < T:
        raise ValueError(f"S must be at least T={T}, got {S}")
    return np.tri(T, S, S - T, dtype=bool)


def padding_mask(lengths, S: int) -> np.ndarray:
    """(B, 1, 1, S): every query may look at the real keys, those before `lengths (B,)`."""
    check_sizes(S=S)
    lengths = as_integers("lengths", lengths)
    if lengths.ndim != 1 or lengths.size == 0:
        raise ValueError(f"lengths must have shape (B,) with no axis of size 0, got {lengths.shape}")
    return real_steps(check_lengths(lengths, len(lengths), S, axis="S"), S)[:, None, None, :]


def check_mask(name: str, mask, *shape) -> None:
    """Refuse a mask that is not boolean or does not broadcast to `shape`."""
    if mask is None:
        return
    if not is_array(mask) or mask.dtype != bool:
        kind = mask.dtype if is_array(mask) else kind_of(mask)
        raise ValueError(f"{name} must be an array of booleans, True = may look, got {kind}")
    try:
        fits = np.broadcast_shapes(mask.shape, shape) == tuple(shape)
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(f"{name} must broadcast to {tuple(shape)}, got {mask.shape}")
