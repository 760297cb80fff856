"""Truncated back-propagation through time: the state runs through a long sequence, the gradient only within chunks."""

from collections.abc import Iterator
from typing import NamedTuple

import torch

from seqbook.pytorch.base import check_sizes
from seqbook.pytorch.ragged import as_lengths


class Chunk(NamedTuple):
    loss: torch.Tensor    # call .backward() on it before asking for the next chunk
    state: object         # (B, …) after this chunk, or after a sequence's last real step; detached
    start: int            # the chunk's first step


def truncated_bptt(step, x, targets, *, chunk, state=None, lengths=None) -> Iterator[Chunk]:
    """Cut (B, T, …) sequences into chunks of at most `chunk` steps and give `step`'s loss for each.

    `step(x, targets, state, lengths) -> loss, state` runs a model over one chunk. The state each chunk ends with is
    detached and becomes the next one's start, so that no gradient crosses the boundary. Sequences that have ended
    (`lengths`) are left out of later chunks. A state is a tensor (B, …) or a tuple of states.

    >>> for loss, state, start in truncated_bptt(step, x, targets, chunk=35):
    ...     optimizer.zero_grad(); loss.backward(); optimizer.step()
    """
    check_sizes(chunk=chunk)
    for name, tensor in (("x", x), ("targets", targets)):
        if not isinstance(tensor, torch.Tensor) or tensor.dim() < 2 or tensor.numel() == 0:
            got = tuple(tensor.shape) if isinstance(tensor, torch.Tensor) else type(tensor).__name__
            raise ValueError(f"{name} must be a tensor of shape (B, T, ...) with no axis of size 0, got {got}")
    B, T = x.shape[:2]
    if targets.shape[:2] != (B, T):
        raise ValueError(f"targets must have shape (B={B}, T={T}, ...) as x has, got {tuple(targets.shape)}")
    return _chunks(step, x, targets, chunk, state, as_lengths(lengths, B, T, x.device))


def _chunks(step, x, targets, chunk, state, lengths):
    B, T = x.shape[:2]
    for start in range(0, T, chunk):
        part = slice(start, start + chunk)
        if lengths is None:
            loss, after = step(x[:, part], targets[:, part], state, None)
            state = _map(torch.Tensor.detach, after)
        else:
            alive = torch.nonzero(lengths > start)[:, 0]
            if len(alive) == 0:
                return
            remaining = (lengths[alive] - start).clamp(max=x[:, part].shape[1])
            before = None if state is None else _map(lambda old: old[alive], state)
            loss, after = step(x[alive, part], targets[alive, part], before, remaining)
            after = _map(torch.Tensor.detach, after)
            state = after if len(alive) == B else _map(lambda old, new: old.index_copy(0, alive, new), state, after)
        yield Chunk(loss, state, start)


def _map(function, *states):
    """`function` on the tensors of states of one structure."""
    if isinstance(states[0], tuple):
        return tuple(_map(function, *parts) for parts in zip(*states))
    return function(*states)
