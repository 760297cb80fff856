"""Who may look at whom: boolean arrays in which True means "may look"."""

import numpy as np

from seqbook.scratch.base import as_integers, check_sizes, is_array, kind_of
from seqbook.scratch.ragged import as_lengths, real_steps


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
    return real_steps(as_lengths(lengths, len(lengths), S, axis="S"), S)[:, None, None, :]


def check_mask(name: str, mask, *shape) -> None:
    """Raise ValueError unless `mask` is None, or boolean and broadcastable to `shape`."""
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


def masked_softmax(scores: np.ndarray, mask=None) -> np.ndarray:
    """softmax over the last axis, in the scores' own place; a row that may look at nothing becomes zeros."""
    hide(scores, mask)
    scores -= largest(scores)
    weights = np.exp(scores, out=scores)
    weights *= inverse(row_sums(weights))
    return weights


def softmax_backward(dweights: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """dscores = weights ∘ (dweights - Σ dweights ∘ weights), the sum over the last axis, in dweights' own place.

    A weight of 0 lets nothing through, so that the mask needs no word here.
    """
    dweights -= np.einsum("...s,...s->...", dweights, weights)[..., None]
    dweights *= weights
    return dweights


def hide(scores: np.ndarray, mask) -> None:
    """-inf into the scores that `mask` hides."""
    if mask is not None:
        np.copyto(scores, -np.inf, where=~mask)


def largest(scores: np.ndarray) -> np.ndarray:
    """Each row's largest score (…, 1); 0 for a row of -inf, which has none: exp(-inf - 0) = 0."""
    rows = scores.max(axis=-1, keepdims=True)
    rows[np.isneginf(rows)] = 0
    return rows


def row_sums(array: np.ndarray) -> np.ndarray:
    """(…, 1), in a third of the time of array.sum(axis=-1) in float32."""
    return np.einsum("...s->...", array)[..., None]


def inverse(sums: np.ndarray) -> np.ndarray:
    """1 / sums, and 0 for the sum 0 of a row that may look at nothing."""
    return np.divide(1, sums, out=np.zeros_like(sums), where=sums > 0)
