"""What the layers of both packages ask of one another, whatever their arrays are.

A *recurrent layer* has `input_size`, `output_size` and `forward(x, state, lengths)`. A *cell* takes one step: it has
`input_size`, `hidden_size`, `forward(x, state)` and `state_or_zeros(name, state, …)`, with which a decoder begins. A
*score* has `query_size` and `key_size` (None: any) and `forward(query, keys)`. An *encoder* takes `lengths`, a
*decoder* `memory_lengths`. What stands before and after a recurrent layer has sizes that fit.

They are known by these, not by their class: a layer of the reader's own will do, and so will a module inside a wrapper
whose `forward` takes anything. Only what a state is made of goes by the name of the book's own classes; of others it is
unknown, and taken as it comes.
"""

from collections.abc import Iterable
from inspect import signature


def takes(layer, argument) -> bool:
    """True for a layer whose forward has an argument of this name, or takes any."""
    forward = None if isinstance(layer, type) else getattr(layer, "forward", None)
    parameters = {} if forward is None else signature(forward).parameters
    return argument in parameters or any(each.kind is each.VAR_KEYWORD for each in parameters.values())


def check_recurrent(**layers) -> None:
    """Raise ValueError unless these are recurrent layers."""
    for name, layer in layers.items():
        if not (hasattr(layer, "input_size") and hasattr(layer, "output_size") and takes(layer, "lengths")):
            raise ValueError(f"{name} must be a recurrent layer of the book, such as LSTM(...), got {layer!r}")


def check_merged(merge, forward_layer, backward_layer) -> None:
    """Raise ValueError unless the outputs of two recurrent layers can be merged so."""
    sizes = forward_layer.output_size, backward_layer.output_size
    if merge == "sum" and sizes[0] != sizes[1]:
        raise ValueError(f"forward_layer and backward_layer must have one output size to be summed, "
                         f"got {sizes[0]} and {sizes[1]}")


def check_cell(cell) -> None:
    """Raise ValueError unless this is a cell."""
    wanted = ("input_size", "hidden_size", "state_or_zeros")
    if isinstance(cell, type) or not all(hasattr(cell, name) for name in wanted):
        raise ValueError(f"cell must be an RNNCell, an LSTMCell or a GRUCell, got {cell!r}")


def check_score(score, H, M) -> None:
    """Raise ValueError unless this is a score that can compare states (B, H) with memory (B, S, M)."""
    if not takes(score, "keys"):
        raise ValueError(f"score must be a score function such as DotScore(), got {score!r}")
    query_size, key_size = score.query_size or M, score.key_size or M
    if (query_size, key_size) != (H, M):
        raise ValueError(f"score must compare queries of size H={H} with keys of size M={M}, "
                         f"got a {type(score).__name__} of queries of size {query_size} and keys of size {key_size}")


def check_chain(first, recurrent, output) -> None:
    """Raise ValueError unless `recurrent` can read what `first` (or None) puts out, and `output` what it puts out."""
    check_recurrent(recurrent=recurrent)
    put_out = getattr(first, "output_size", getattr(first, "embedding_size", None))
    if first is not None and put_out != recurrent.input_size:
        raise ValueError(f"first must be None or put out vectors of the recurrent layer's input size "
                         f"{recurrent.input_size}, as an Embedding or a Linear can, got {first!r}")
    if getattr(output, "input_size", None) != recurrent.output_size or hasattr(output, "hidden_size"):
        raise ValueError(f"output must read vectors of the recurrent layer's output size {recurrent.output_size}, "
                         f"as a Linear can, got {output!r}")


def check_encoder_decoder(encoder, decoder) -> None:
    """Raise ValueError unless these are an encoder and a decoder."""
    if not takes(encoder, "lengths"):
        raise ValueError(f"encoder must be an Encoder, got {encoder!r}")
    if not takes(decoder, "memory_lengths"):
        raise ValueError(f"decoder must be a Decoder, a BahdanauDecoder or a LuongDecoder, got {decoder!r}")


def embedding_size(layer, context_size) -> int:
    """What of a recurrent layer's input is left for the embedding beside the context."""
    size = layer.input_size - context_size
    if size < 1:
        raise ValueError(f"the recurrent layer's input size must exceed the context's {context_size}, "
                         f"got {layer.input_size}")
    return size


def as_stack(layers, skips) -> tuple:
    """The layers as a tuple; a ValueError unless each can read the one below."""
    found = tuple(layers) if isinstance(layers, Iterable) else ()
    if not found:
        raise ValueError(f"layers must be a list of at least one layer, got {layers!r}")
    check_recurrent(**{f"layers[{number}]": layer for number, layer in enumerate(found)})
    for number, (below, layer) in enumerate(zip(found, found[1:]), start=1):
        if layer.input_size != below.output_size:
            raise ValueError(f"layers[{number}] must have the input size {below.output_size} that the layer below puts "
                             f"out, got {layer.input_size}")
        if skips and layer.output_size != layer.input_size:
            raise ValueError(f"with skips layers[{number}] must have one size for input and output, "
                             f"got {layer.input_size} and {layer.output_size}")
    return found


def as_chain(layers) -> tuple:
    """The layers as a tuple, the input size of the first (None for an embedding) and the output size of the last.

    A ValueError unless each can read what the one before puts out; a layer without sizes, such as Tanh, reads any.
    """
    found = tuple(layers) if isinstance(layers, Iterable) else ()
    if not found:
        raise ValueError(f"layers must be a list of at least one layer, got {layers!r}")
    size = None
    for number, layer in enumerate(found):
        if isinstance(layer, type) or not hasattr(layer, "forward") or takes(layer, "lengths"):
            raise ValueError(f"layers[{number}] must be a layer that reads each position by itself, such as "
                             f"Linear(...), got {layer!r}")
        reads = getattr(layer, "input_size", None)
        if None not in (size, reads) and size != reads:
            raise ValueError(f"layers[{number}] must have the input size {size} that the layer before puts out, "
                             f"got {reads}")
        size = getattr(layer, "output_size", getattr(layer, "embedding_size", size))
    return found, getattr(found[0], "input_size", None), size


def as_states(name, state, layers) -> tuple:
    """One state for each layer; Nones for None."""
    if state is None:
        return (None,) * len(layers)
    if not isinstance(state, (tuple, list)) or len(state) != len(layers):
        got = f"{len(state)}" if isinstance(state, (tuple, list)) else type(state).__name__
        raise ValueError(f"{name} must be a tuple of {len(layers)} states, one for each layer, got {got}")
    return tuple(state)


def as_pair(name, pair):
    """The two parts of a tuple; a ValueError unless it has two."""
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        got = f"{len(pair)} parts" if isinstance(pair, (tuple, list)) else type(pair).__name__
        raise ValueError(f"{name} must be a tuple of two, got {got}")
    return pair


def check_passed_state(encoder, decoder):
    """Raise ValueError where an encoder's last state has another form than the decoder's: two h are no (h, c)."""
    passed, wanted = state_form(encoder), state_form(decoder)
    if not same_form(passed, wanted):
        raise ValueError(f"pass_state must be False where the states have different forms: the encoder's is "
                         f"{describe_form(passed)}, the decoder's {describe_form(wanted)}")


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
               "LinearRecurrence": "h", "MinGRU": "h", "MinLSTM": "h", "SelectiveScan": "h",
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
