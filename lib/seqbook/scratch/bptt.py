"""Truncated back-propagation through time: the state runs through a long sequence, the gradient only within chunks."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from seqbook.scratch.base import check_sizes, is_array, kind_of
from seqbook.scratch.ragged import as_lengths
from seqbook.scratch.recurrent import take_rows


class Chunk(NamedTuple):
    loss: float
    grads: dict
    state: object    # (B, …) after this chunk, or after a sequence's last real step
    start: int       # the chunk's first step


def truncated_bptt(step, x, targets, *, chunk, state=None, lengths=None) -> Iterator[Chunk]:
    """Cut (B, T, …) sequences into chunks of at most `chunk` steps and give `step`'s loss and gradients for each.

    `step(x, targets, state, lengths) -> loss, grads, state` runs a model forward and backward over one chunk, with
    dstate = None: so no gradient reaches the chunk before (Williams and Peng, 1990). The state each chunk ends with is
    the next one's start. One chunk of T steps is full BPTT. This is a generator: update the parameters between chunks
    (training on a long text) or add the gradients up (one update with bounded memory), as you like.

    >>> for loss, grads, state, start in truncated_bptt(step, x, targets, chunk=35):
    ...     optimizer.step(clip_grad_norm(grads, 1.0)[0])

    Sequences that have ended (`lengths`) are left out of later chunks: `step` then gets fewer rows. A state is an array
    (B, …) or a tuple of states.
    """
    check_sizes(chunk=chunk)
    for name, array in (("x", x), ("targets", targets)):
        if not is_array(array) or array.ndim < 2 or array.size == 0:
            got = array.shape if is_array(array) else kind_of(array)
            raise ValueError(f"{name} must be an array of shape (B, T, ...) with no axis of size 0, got {got}")
    B, T = x.shape[:2]
    if targets.shape[:2] != (B, T):
        raise ValueError(f"targets must have shape (B={B}, T={T}, ...) as x has, got {targets.shape}")
    return _chunks(step, x, targets, chunk, state, as_lengths(lengths, B, T))


def _chunks(step, x, targets, chunk, state, lengths):
    B, T = x.shape[:2]
    for start in range(0, T, chunk):
        part = slice(start, start + chunk)
        size = x[:, part].shape[1]
        if lengths is None:
            loss, grads, state = step(x[:, part], targets[:, part], state, None)
        else:
            alive = np.flatnonzero(lengths > start)
            if alive.size == 0:
                return
            remaining = np.minimum(lengths[alive] - start, size)
            before = take_rows(state, alive)
            loss, grads, after = step(x[alive, part], targets[alive, part], before, remaining)
            state = after if alive.size == B else _put(state, alive, after)
        yield Chunk(loss, grads, state, start)


def _put(state, rows, values):
    """A copy of a state whose `rows` are `values`."""
    if isinstance(state, tuple):
        return tuple(_put(part, rows, value) for part, value in zip(state, values))
    state = state.copy()
    state[rows] = values
    return state
