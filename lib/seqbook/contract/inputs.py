"""What the contract's layers are given: random arrays of sizes that all differ, ragged lengths, masks."""

import numpy as np

from seqbook.tree import map_arrays

B, T, D, H, O, V, E = 3, 7, 2, 5, 4, 6, 8
S, N, F, IMAGE, PATCH, C, LAYERS = 9, 2, 10, 4, 2, 3, 2    # source time, heads, feed-forward size; images (B, C, 4, 4)
LENGTHS = np.array([4, 6, 1])    # unsorted, none of them T
SOURCE_LENGTHS = np.array([2, 9, 8])


def numbers(*shape):
    """Inputs: one array of random numbers."""
    return lambda rng: ((rng.standard_normal(shape),), {})


def ids(rng):
    """Inputs: token ids (B, T), some of them more than once."""
    return (rng.integers(0, V, (B, T)),), {}


def logits_and_targets(rng):
    """Inputs: logits (B, T, V) and targets (B, T), those in the padding ignored."""
    logits, targets = rng.standard_normal((B, T, V)), rng.integers(0, V, (B, T))
    targets[np.arange(T) >= LENGTHS[:, None]] = -100
    return (logits, targets), {}


def several(*shapes):
    """Inputs: arrays of random numbers."""
    return lambda rng: (tuple(rng.standard_normal(shape) for shape in shapes), {})


def decoding(state, memory_size=E):
    """Target ids (B, T), a state in nested tuples of sizes, memory (B, S, M) with NaN in its padding, lengths."""
    def draw(rng):
        memory = rng.standard_normal((B, S, memory_size))
        memory[np.arange(S) >= SOURCE_LENGTHS[:, None]] = np.nan
        state_arrays = map_arrays(lambda size: rng.standard_normal((B, size)), state)
        lengths = {"lengths": LENGTHS, "memory_lengths": SOURCE_LENGTHS}
        return (rng.integers(0, V, (B, T)), state_arrays, memory), lengths
    return draw


def encoding(rng):
    """Inputs: source ids (B, T), a state (B, H), ragged lengths."""
    return (rng.integers(0, V, (B, T)), rng.standard_normal((B, H))), {"lengths": LENGTHS}


def labelling(rng):
    """Inputs: ids (B, T), the state (h, c) of an LSTM, ragged lengths."""
    return (rng.integers(0, V, (B, T)), tuple(rng.standard_normal((2, B, H)))), {"lengths": LENGTHS}


def nested(*structure, ragged=True):
    """Inputs: x (B, T, D) and states in nested tuples whose leaves are sizes, e.g. ((H, H), (H, H))."""
    def draw(rng):
        (x, _), kwargs = sequences(H, ragged=ragged)(rng)
        return (x, map_arrays(lambda size: rng.standard_normal((B, size)), structure)), kwargs
    return draw


def one_step(*state_sizes):
    """Inputs: x (B, D) and a state of the given sizes."""
    def draw(rng):
        state = tuple(rng.standard_normal((B, size)) for size in state_sizes)
        return (rng.standard_normal((B, D)), state[0] if len(state) == 1 else state), {}
    return draw


def sequences(*state_sizes, ragged=False, teacher=False):
    """Inputs: x (B, T, D), a state of the given sizes, and on request lengths (NaN in the padding) and a teacher."""
    def draw(rng):
        x, state = rng.standard_normal((B, T, D)), tuple(rng.standard_normal((B, size)) for size in state_sizes)
        kwargs = {"teacher": rng.standard_normal((B, T, O))} if teacher else {}
        if ragged:
            kwargs["lengths"] = LENGTHS
            x[np.arange(T) >= LENGTHS[:, None]] = np.nan
        return (x, state[0] if len(state) == 1 else state), kwargs
    return draw


def masked(*shapes, mask=(), memory_mask=(), empty=False):
    """Inputs: arrays of random numbers, and random masks of the given shapes; with `empty`, one query sees nothing."""
    def draw(rng):
        kwargs = {}
        for name, shape in (("mask", mask), ("memory_mask", memory_mask)):
            if shape:
                kwargs[name] = rng.random(shape) < 0.6
                kwargs[name][..., 0] |= ~kwargs[name].any(axis=-1)    # every query sees something, …
                if empty:
                    kwargs[name][0, :, 1] = False                     # … except this one
        return tuple(rng.standard_normal(shape) for shape in shapes), kwargs
    return draw


def source_and_target(rng):
    """Inputs: source ids (B, S) of ragged lengths and target ids (B, T)."""
    return (rng.integers(0, V, (B, S)), rng.integers(0, O, (B, T))), {"source_lengths": LENGTHS}
