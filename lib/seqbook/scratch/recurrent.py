"""What the recurrent layers share: sizes and parameters, what goes in and comes back, and time as the first axis."""

import numpy as np

from seqbook.protocols import as_pair
from seqbook.scratch.base import Layer, check_array, check_shape, check_sizes, uniform
from seqbook.scratch.ragged import add_to_last, as_lengths, padded


class Recurrent(Layer):
    """Sizes and parameters: `weight_ih (R·H, D)`, `weight_hh (R·H, H)`, `bias (R·H,)`, R = `rows` for each unit.

    They are drawn from U(-1/√H, 1/√H), as in PyTorch; so is `bias_hn (H,)`, where a layer has one.
    """

    def __init__(self, input_size, hidden_size, rows, *, rng, dtype, bias_hn=False):
        check_sizes(input_size=input_size, hidden_size=hidden_size)
        self.input_size, self.hidden_size, self.output_size = input_size, hidden_size, hidden_size
        D, H = input_size, hidden_size
        shapes = {"weight_ih": (rows * H, D), "weight_hh": (rows * H, H), "bias": (rows * H,)}
        shapes |= {"bias_hn": (H,)} if bias_hn else {}
        super().__init__(dtype, **{name: uniform(rng, shape, H) for name, shape in shapes.items()})


class Cell(Recurrent):
    """One step of a recurrence (see `seqbook.protocols`); the state is an array (B, H)."""

    def state_or_zeros(self, name, state, B):
        """The state (B, H), zeros for None; a ValueError unless it is one."""
        return state_or_zeros(name, state, self.dtype, B, self.hidden_size)


def padded_input(x, lengths, dtype, input_size):
    """x (B, T, D) with zeros in its padding, and lengths (B,) or None; a ValueError unless they fit the layer."""
    check_shape("x", x, B=None, T=None, D=input_size)
    B, T, _ = x.shape
    lengths = as_lengths(lengths, B, T)
    return padded("x", x, dtype, lengths, B=B, T=T, D=input_size), lengths


def state_or_zeros(name, state, dtype, B, H):
    """The state (B, H), zeros for None; a ValueError unless it is one."""
    if state is None:
        return np.zeros((B, H), dtype)
    check_array(name, state, dtype, B=B, H=H)
    return state


def padded_cotangents(doutputs, lengths, dtype, B, T, H):
    """dhs (B, T, H) with zeros in its padding, and dh (B, H), with which the loop back through time begins.

    That is dstate, or zeros for None. In a ragged batch dstate enters at each sequence's last real step, so it is part
    of dhs, and the loop begins with zeros.
    """
    dhs, dstate = as_pair("doutputs", doutputs)
    dhs = padded("dhs", dhs, dtype, lengths, B=B, T=T, H=H)
    dh = state_or_zeros("dstate", dstate, dtype, B, H)
    return (dhs, dh) if lengths is None else (add_to_last(dhs, dh, lengths), np.zeros_like(dh))


def time_first(array):
    """(B, T, …) → (T, B, …) in contiguous memory."""
    return np.ascontiguousarray(array.swapaxes(0, 1))


def own(hs):
    """Outputs (B, T, H) that share no memory with the cache, in the same order of memory: a copy in one stretch."""
    return hs.copy(order="K")


def take_rows(state, rows):
    """The given rows of every array of a state: of an array (B, …), a tuple or list of states, or None."""
    if state is None:
        return None
    if isinstance(state, (tuple, list)):
        return type(state)(take_rows(part, rows) for part in state)
    return state[rows]
