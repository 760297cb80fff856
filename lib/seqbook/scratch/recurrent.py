"""What the recurrent layers share: checks of what goes in and comes back, and time as the first axis."""

from inspect import signature

import numpy as np

from seqbook.scratch.base import check_array, check_shape
from seqbook.scratch.ragged import add_to_last, check_lengths, check_sequences


def check_input(x, lengths, dtype, input_size):
    """x (B, T, D) with zeros in its padding and lengths (B,) or None, refused where they do not fit a layer."""
    check_shape("x", x, B=None, T=None, D=input_size)
    B, T, _ = x.shape
    lengths = check_lengths(lengths, B, T)
    return check_sequences("x", x, dtype, lengths, B=B, T=T, D=input_size), lengths


def check_state(name, state, dtype, B, H):
    """A state (B, H), zeros for None."""
    if state is None:
        return np.zeros((B, H), dtype)
    check_array(name, state, dtype, B=B, H=H)
    return state


def check_cotangents(doutputs, lengths, dtype, B, T, H):
    """dhs (B, T, H) with zeros in its padding, and dh (B, H), with which the loop back through time begins.

    That is dstate, or zeros for None. In a ragged batch dstate enters at each sequence's last real step, so it is part
    of dhs, and the loop begins with zeros.
    """
    dhs, dstate = check_pair("doutputs", doutputs)
    dhs = check_sequences("dhs", dhs, dtype, lengths, B=B, T=T, H=H)
    dh = check_state("dstate", dstate, dtype, B, H)
    return (dhs, dh) if lengths is None else (add_to_last(dhs, dh, lengths), np.zeros_like(dh))


def check_pair(name, pair):
    """The two parts of a tuple."""
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        got = f"{len(pair)} parts" if isinstance(pair, (tuple, list)) else type(pair).__name__
        raise ValueError(f"{name} must be a tuple of two, got {got}")
    return pair


def takes(layer, argument) -> bool:
    """True for a layer of either package whose forward has an argument of this name, or any (a compiled module's)."""
    forward = None if isinstance(layer, type) else getattr(layer, "forward", None)
    parameters = {} if forward is None else signature(forward).parameters
    return argument in parameters or any(each.kind is each.VAR_KEYWORD for each in parameters.values())


def check_recurrent(**layers) -> None:
    """Refuse what is no recurrent layer, of either package: with sizes and `forward(x, state, lengths)`."""
    for name, layer in layers.items():
        if not (hasattr(layer, "input_size") and hasattr(layer, "output_size") and takes(layer, "lengths")):
            raise ValueError(f"{name} must be a recurrent layer of the book, such as LSTM(...), got {layer!r}")


def state_form(layer):
    """What a recurrent layer's or a decoder's state is made of: nested tuples of names, None where that is unknown.

    "h" for an RNN and a GRU, ("h", "c") for an LSTM, ("layers", form, …) and ("directions", form, form) for layers made
    of layers.
    """
    for inner in ("recurrent", "cell"):
        if hasattr(layer, inner):
            return state_form(getattr(layer, inner))
    if hasattr(layer, "layers"):
        return "layers", *map(state_form, layer.layers)
    if hasattr(layer, "forward_layer"):
        return "directions", state_form(layer.forward_layer), state_form(layer.backward_layer)
    return STATE_FORMS.get(type(getattr(layer, "_orig_mod", layer)).__name__)    # torch.compile's is a wrapper


STATE_FORMS = {"RNN": "h", "RNNCell": "h", "GRU": "h", "GRUCell": "h", "OutputRNN": "h", "SingleOutputRNN": "h",
               "LSTM": ("h", "c"), "LSTMCell": ("h", "c")}


def same_form(form, other) -> bool:
    """Whether two forms agree, as far as both are known."""
    if form is None or other is None:
        return True
    if isinstance(form, tuple) and isinstance(other, tuple) and len(form) == len(other):
        return all(map(same_form, form, other))
    return form == other


def describe_form(form) -> str:
    """A form in words: "h", "(h, c)", "(h, h) of its layers"."""
    if not isinstance(form, tuple):
        return form or "…"
    of = form[0] if form[0] in ("layers", "directions") else ""
    names = [describe_form(part) for part in (form[1:] if of else form)]
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})" + (f" of its {of}" if of else "")


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
