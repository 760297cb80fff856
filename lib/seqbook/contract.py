"""The contract: for every layer, four ways to the same gradient.

The hand-written gradient is compared with the central finite difference, with autograd through our PyTorch module and
with autograd through PyTorch's own module: in float64, on random parameters (biases included), states and cotangents,
with ragged unsorted lengths, garbage in the padding, and sizes that all differ. Our module gets the layer's parameters
by `load_state_dict(strict=True)`, so names and shapes are compared as well.

    >>> from seqbook.contract import error_table
    >>> error_table()

A new layer is one class in each package and one line in `CASES`.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from torch.func import functional_call

from seqbook import pytorch, scratch, torch_names
from seqbook.language import get_language

B, T, D, H, O, V, E = 3, 7, 2, 5, 4, 6, 8
S, N, F, IMAGE, PATCH, C, LAYERS = 9, 2, 10, 4, 2, 3, 2    # source time, heads, feed-forward size; images (B, C, 4, 4)
LENGTHS = np.array([4, 6, 1])    # unsorted, none of them T
SOURCE_LENGTHS = np.array([2, 9, 8])
DIFFERENCE = 1e-6                # the step of the finite difference
FINITE_DIFFERENCE_TOLERANCE, EXACT_TOLERANCE = 1e-6, 1e-9


class Case(NamedTuple):
    """One layer under one condition.

    `make(package, **options)` builds it in `seqbook.scratch` or `seqbook.pytorch`; `inputs(rng) -> args, kwargs` draws
    what `forward` takes (`kwargs` are data without gradients); `reference(params, *args, **kwargs)` is the same function
    made of `torch.nn`, or None where PyTorch has no such module. `entries` limits the finite difference to so many
    entries of each array, drawn at random, where a model has too many to try them all.
    """

    name: str
    make: Callable
    inputs: Callable
    reference: Callable | None = None
    entries: int | None = None


class Errors(NamedTuple):
    """The largest differences from the hand-written gradient, as a share of its largest entry where that exceeds 1."""

    finite_difference: float
    autograd: float             # of our PyTorch; the outputs are compared too
    reference: float | None     # of torch.nn; the outputs are compared too


# What the layers are given.

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
    """Inputs: target ids (B, T), a state in nested tuples of sizes, memory (B, S, M) with NaN in its padding, lengths."""
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


# The same functions made of torch.nn.

def torch_linear(params, x):
    return functional_call(nn.Linear(params["weight"].shape[1], params["weight"].shape[0]), params, x)


def torch_embedding(params, ids):
    return functional_call(nn.Embedding(*params["weight"].shape), params, ids)


def torch_function(module):
    return lambda params, *args: module(*args)


def torch_cross_entropy(reduction):
    def reference(params, logits, targets):
        return nn.CrossEntropyLoss(reduction=reduction)(logits.reshape(-1, V), targets.reshape(-1))
    return reference


def torch_rnn_cell(nonlinearity):
    def reference(params, x, h_prev):
        H, D = params["weight_ih"].shape
        cell = nn.RNNCell(D, H, nonlinearity=nonlinearity, dtype=x.dtype)
        return functional_call(cell, two_biases(params), (x, h_prev))
    return reference


def torch_lstm_cell(params, x, state):
    H4, D = params["weight_ih"].shape
    return functional_call(nn.LSTMCell(D, H4 // 4, dtype=x.dtype), two_biases(params), (x, state))


def torch_gru_cell(params, x, h_prev):
    H3, D = params["weight_ih"].shape
    return functional_call(nn.GRUCell(D, H3 // 3, dtype=x.dtype), two_biases(params), (x, h_prev))


def torch_rnn(nonlinearity):
    """nn.RNN, on a packed sequence where lengths are given."""
    def reference(params, x, state, lengths=None):
        H, D = params["weight_ih"].shape
        rnn = nn.RNN(D, H, nonlinearity=nonlinearity, batch_first=True, dtype=x.dtype)
        return run_packed(rnn, two_biases(params, "_l0"), x, state, lengths)
    return reference


def torch_lstm(params, x, state, lengths=None):
    H4, D = params["weight_ih"].shape
    lstm = nn.LSTM(D, H4 // 4, batch_first=True, dtype=x.dtype)
    return run_packed(lstm, two_biases(params, "_l0"), x, state, lengths)


def torch_gru(params, x, state, lengths=None):
    H3, D = params["weight_ih"].shape
    gru = nn.GRU(D, H3 // 3, batch_first=True, dtype=x.dtype)
    return run_packed(gru, two_biases(params, "_l0"), x, state, lengths)


def torch_stack(kind, layers=1, directions=1):
    """nn.RNN, nn.LSTM or nn.GRU of several layers or of both directions."""
    def reference(params, x, state, lengths=None):
        module = getattr(nn, kind)(D, H, layers, batch_first=True, bidirectional=directions == 2, dtype=x.dtype)
        named = {}
        for layer in range(layers):
            for way, suffix in (("forward_layer.", ""), ("backward_layer.", "_reverse"))[:directions]:
                name = (f"layers.{layer}." if layers > 1 else "") + (way if directions == 2 else "")
                own = {key.removeprefix(name): value for key, value in params.items() if key.startswith(name)}
                named |= two_biases(own, f"_l{layer}{suffix}")
        hs, end = run_packed(module, named, x, joined_states(state, kind == "LSTM"), lengths, single=False)
        return hs, split_states(end, layers, directions)
    return reference


def joined_states(state, pair):
    """Our nested tuples of states as torch.nn wants them: (layers · directions, B, H), for an LSTM twice."""
    parts = leaves(state)
    return (torch.stack(parts[::2]), torch.stack(parts[1::2])) if pair else torch.stack(parts)


def split_states(state, layers, directions):
    """torch.nn's states as nested tuples: layer, then direction, then h and c."""
    flat = list(zip(*state)) if isinstance(state, tuple) else list(state)
    rows = [tuple(flat[n:n + directions]) if directions == 2 else flat[n] for n in range(0, len(flat), directions)]
    return tuple(rows) if layers > 1 else rows[0]


def two_biases(params, suffix=""):
    """Our parameters under torch.nn's names, where every recurrent layer has two biases that are added up."""
    bias_hh = torch.zeros_like(params["bias"])
    if "bias_hn" in params:
        bias_hh = torch.cat([bias_hh[len(params["bias_hn"]):], params["bias_hn"]])
    named = {"weight_ih": params["weight_ih"], "weight_hh": params["weight_hh"], "bias_ih": params["bias"],
             "bias_hh": bias_hh}
    return {name + suffix: value for name, value in named.items()}


def run_packed(module, params, x, state, lengths, single=True):
    """(hs, state) of one of torch.nn's recurrent modules on (B, T, D) sequences of any lengths."""
    if lengths is not None:
        x = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    if single:    # one layer and direction, of which our state says nothing
        state = map_arrays(lambda part: part[None], state)
    hs, state = functional_call(module, params, (x, state))
    if lengths is not None:
        hs, _ = nn.utils.rnn.pad_packed_sequence(hs, batch_first=True, total_length=T)
    return hs, map_arrays(lambda part: part[0], state) if single else state


def torch_recurrent_encoder(params, ids, state, lengths):
    """nn.Embedding and nn.GRU."""
    x = nn.functional.embedding(ids, params["embedding.weight"])
    return torch_gru(torch_names.part(params, "recurrent"), x, state, lengths)


def torch_recurrent_decoder(context_size):
    """nn.Embedding, nn.GRU and nn.Linear, with the memory's last real row at every step where it is the context."""
    def reference(params, ids, state, memory, lengths, memory_lengths):
        x = nn.functional.embedding(ids, params["embedding.weight"])
        if context_size:
            context = memory[torch.arange(B), memory_lengths - 1]
            x = torch.cat([x, context[:, None].repeat(1, T, 1)], dim=-1)
        hs, state = torch_gru(torch_names.part(params, "recurrent"), x, state, lengths)
        logits = nn.functional.linear(hs, params["output.weight"], params["output.bias"])
        real = torch.arange(T) < lengths[:, None]
        return torch.where(real[..., None], logits, 0), state
    return reference


def torch_single_output(params, x, state, lengths=None):
    inner = {name.removeprefix("rnn."): value for name, value in params.items() if name.startswith("rnn.")}
    _, state = torch_rnn("tanh")(inner, x, state, lengths)
    return nn.functional.linear(state, params["output.weight"], params["output.bias"]), state


def torch_layer_norm(params, x):
    return nn.functional.layer_norm(x, x.shape[-1:], params["weight"], params["bias"])


def forbidden(mask, T, S):
    """A mask of ours as torch.nn's: (B·N, T, S), True = may not look; None stays None."""
    return None if mask is None else ~mask.expand(B, N, T, S).reshape(B * N, T, S)


def torch_attention(params, query, key=None, value=None, mask=None):
    module = nn.MultiheadAttention(E, N, batch_first=True, dtype=query.dtype)
    key = query if key is None else key
    value = key if value is None else value
    options = {"attn_mask": forbidden(mask, query.shape[1], key.shape[1]), "need_weights": False}
    return functional_call(module, torch_names.attention_to_torch(params), (query, key, value), options)[0]


def torch_feed_forward(params, x):
    inner = nn.functional.gelu(nn.functional.linear(x, params["linear1.weight"], params["linear1.bias"]))
    return nn.functional.linear(inner, params["linear2.weight"], params["linear2.bias"])


def torch_encoder_block(norm_first, activation):
    def reference(params, x, mask=None):
        block = nn.TransformerEncoderLayer(E, N, F, 0.0, activation, batch_first=True, norm_first=norm_first,
                                           dtype=x.dtype)
        params = torch_names.block_to_torch(params, torch_names.ENCODER_BLOCK)
        return functional_call(block, params, (x,), {"src_mask": forbidden(mask, T, T)})
    return reference


def torch_decoder_block(norm_first):
    def reference(params, x, memory, mask=None, memory_mask=None):
        block = nn.TransformerDecoderLayer(E, N, F, 0.0, batch_first=True, norm_first=norm_first, dtype=x.dtype)
        params = torch_names.block_to_torch(params, torch_names.DECODER_BLOCK)
        masks = {"tgt_mask": forbidden(mask, T, T), "memory_mask": forbidden(memory_mask, T, S)}
        return functional_call(block, params, (x, memory), masks)
    return reference


def torch_encoder(params, x, mask=None, activation="relu"):
    block = nn.TransformerEncoderLayer(E, N, F, 0.0, activation, batch_first=True, norm_first=True, dtype=x.dtype)
    stack = nn.TransformerEncoder(block, LAYERS, nn.LayerNorm(E, dtype=x.dtype), enable_nested_tensor=False)
    params = torch_names.stack_to_torch(params, torch_names.ENCODER_BLOCK)
    return functional_call(stack, params, (x,), {"mask": forbidden(mask, x.shape[1], x.shape[1])})


def torch_decoder(params, x, memory, mask=None, memory_mask=None):
    block = nn.TransformerDecoderLayer(E, N, F, 0.0, batch_first=True, norm_first=True, dtype=x.dtype)
    stack = nn.TransformerDecoder(block, LAYERS, nn.LayerNorm(E, dtype=x.dtype))
    params = torch_names.stack_to_torch(params, torch_names.DECODER_BLOCK)
    masks = {"tgt_mask": forbidden(mask, T, T), "memory_mask": forbidden(memory_mask, T, S)}
    return functional_call(stack, params, (x, memory), masks)


def torch_tokens(params, ids):
    """Embedding · √E, plus learned positions where there are some, else sinusoids by their formula."""
    x = nn.functional.embedding(ids, params["embedding.weight"]) * E ** 0.5
    if "positions.weight" in params:
        return x + params["positions.weight"][:ids.shape[1]]
    return x + torch_sinusoids(ids.shape[1])


def torch_sinusoids(length):
    angle = torch.tensor([[pos / 10000 ** (2 * (i // 2) / E) for i in range(E)] for pos in range(length)],
                         dtype=torch.float64)
    return torch.where(torch.arange(E) % 2 == 0, angle.sin(), angle.cos())


def causal(length):
    return torch.ones(length, length, dtype=torch.bool).tril()


def torch_language_model(params, ids):
    x = torch_encoder(torch_names.part(params, "stack"), torch_tokens(torch_names.part(params, "tokens"), ids), causal(T))
    return nn.functional.linear(x, params["output.weight"], params["output.bias"])


def torch_transformer(params, source, target, source_lengths):
    real = (torch.arange(S) < source_lengths[:, None])[:, None, None]
    memory = torch_encoder(torch_names.part(params, "encoder"), torch_tokens(torch_names.part(params, "source"), source),
                           real)
    y = torch_decoder(torch_names.part(params, "decoder"), torch_tokens(torch_names.part(params, "target"), target),
                      memory, causal(T), real)
    return nn.functional.linear(y, params["output.weight"], params["output.bias"])


def torch_patches(params, images):
    """A convolution whose stride is its kernel."""
    kernel = params["projection.weight"].reshape(E, C, PATCH, PATCH)
    return nn.functional.conv2d(images, kernel, params["projection.bias"], stride=PATCH).flatten(2).transpose(1, 2)


def torch_vit(params, images):
    x = torch_patches(torch_names.part(params, "patches"), images)
    x = torch.cat([params["class_token"].expand(B, 1, E), x], dim=1) + params["positions.weight"]
    x = torch_encoder(torch_names.part(params, "encoder"), x, activation="gelu")
    return nn.functional.linear(x[:, 0], params["output.weight"], params["output.bias"])


def lstm(p, *sizes, **options):
    """An LSTM whose gradient in PyTorch is autograd's: by default, its backward pass on the CPU is hand-written too."""
    return p.LSTM(*sizes, **options, **({} if p is scratch else {"backend": "loop"}))


CASES = [
    Case("Linear", lambda p, **o: p.Linear(D, O, **o), numbers(B, T, D), torch_linear),
    Case("Embedding", lambda p, **o: p.Embedding(V, E, **o), ids, torch_embedding),
    Case("Tanh", lambda p, **o: p.Tanh(), numbers(B, T, D), torch_function(nn.Tanh())),
    Case("Sigmoid", lambda p, **o: p.Sigmoid(), numbers(B, T, D), torch_function(nn.Sigmoid())),
    Case("ReLU", lambda p, **o: p.ReLU(), numbers(B, T, D), torch_function(nn.ReLU())),
    Case("GELU", lambda p, **o: p.GELU(), numbers(B, T, D), torch_function(nn.GELU())),
    Case("GELU, tanh", lambda p, **o: p.GELU("tanh"), numbers(B, T, D), torch_function(nn.GELU("tanh"))),
    Case("Softmax", lambda p, **o: p.Softmax(), numbers(B, T, V), torch_function(nn.Softmax(-1))),
    Case("Softmax, axis 1", lambda p, **o: p.Softmax(1), numbers(B, T, V), torch_function(nn.Softmax(1))),
    Case("CrossEntropy", lambda p, **o: p.CrossEntropy(), logits_and_targets, torch_cross_entropy("mean")),
    Case("CrossEntropy, sum", lambda p, **o: p.CrossEntropy(reduction="sum"), logits_and_targets,
         torch_cross_entropy("sum")),
    Case("MSE", lambda p, **o: p.MSE(), lambda rng: ((rng.standard_normal((B, O)), rng.standard_normal((B, O))), {}),
         torch_function(nn.MSELoss())),
    Case("RNNCell", lambda p, **o: p.RNNCell(D, H, **o), one_step(H), torch_rnn_cell("tanh")),
    Case("RNN", lambda p, **o: p.RNN(D, H, **o), sequences(H), torch_rnn("tanh")),
    Case("RNN, ragged", lambda p, **o: p.RNN(D, H, **o), sequences(H, ragged=True), torch_rnn("tanh")),
    Case("RNN, relu", lambda p, **o: p.RNN(D, H, nonlinearity="relu", **o), sequences(H, ragged=True),
         torch_rnn("relu")),
    Case("RNN, identity", lambda p, **o: p.RNN(D, H, nonlinearity="identity", **o), sequences(H, ragged=True)),
    Case("OutputRNN", lambda p, **o: p.OutputRNN(D, H, O, **o), sequences(O, ragged=True)),
    Case("OutputRNN, softmax", lambda p, **o: p.OutputRNN(D, H, O, feedback="softmax", **o),
         sequences(O, ragged=True)),
    Case("OutputRNN, teacher", lambda p, **o: p.OutputRNN(D, H, O, **o), sequences(O, ragged=True, teacher=True)),
    Case("SingleOutputRNN", lambda p, **o: p.SingleOutputRNN(D, H, O, **o), sequences(H, ragged=True),
         torch_single_output),
    Case("LSTMCell", lambda p, **o: p.LSTMCell(D, H, **o), one_step(H, H), torch_lstm_cell),
    Case("LSTM", lambda p, **o: lstm(p, D, H, **o), sequences(H, H), torch_lstm),
    Case("LSTM, ragged", lambda p, **o: lstm(p, D, H, **o), sequences(H, H, ragged=True), torch_lstm),
    Case("GRUCell", lambda p, **o: p.GRUCell(D, H, **o), one_step(H), torch_gru_cell),
    Case("GRU", lambda p, **o: p.GRU(D, H, **o), sequences(H), torch_gru),
    Case("GRU, ragged", lambda p, **o: p.GRU(D, H, **o), sequences(H, ragged=True), torch_gru),
    Case("Bidirectional, GRU", lambda p, **o: p.Bidirectional(p.GRU(D, H, **o), p.GRU(D, H, **o)), nested(H, H),
         torch_stack("GRU", directions=2), entries=8),
    Case("Bidirectional, two kinds", lambda p, **o: p.Bidirectional(lstm(p, D, H, **o), p.RNN(D, O, **o)),
         nested((H, H), O), entries=8),
    Case("Stacked, LSTM", lambda p, **o: p.Stacked([lstm(p, D, H, **o), lstm(p, H, H, **o)]),
         nested((H, H), (H, H)), torch_stack("LSTM", layers=2), entries=8),
    Case("Stacked, both directions", lambda p, **o: p.Stacked([p.Bidirectional(lstm(p, D, H, **o), lstm(p, D, H, **o)),
         p.Bidirectional(lstm(p, 2 * H, H, **o), lstm(p, 2 * H, H, **o))]), nested(((H, H),) * 2, ((H, H),) * 2),
         torch_stack("LSTM", layers=2, directions=2), entries=8),
    Case("Stacked, skips", lambda p, **o: p.Stacked([p.RNN(D, H, **o), p.GRU(H, H, **o), lstm(p, H, H, **o)], skips=True),
         nested(H, H, (H, H)), entries=8),
    Case("DotScore", lambda p, **o: p.DotScore(**o), several((B, T, E), (B, S, E))),
    Case("ScaledDotScore", lambda p, **o: p.ScaledDotScore(**o), several((B, T, E), (B, S, E))),
    Case("GeneralScore", lambda p, **o: p.GeneralScore(H, E, **o), several((B, T, H), (B, S, E)),
         lambda params, query, keys: nn.functional.bilinear(
             query[:, :, None].expand(B, T, S, H).contiguous(), keys[:, None].expand(B, T, S, E).contiguous(),
             params["weight"][None])[..., 0]),
    Case("AdditiveScore", lambda p, **o: p.AdditiveScore(H, E, O, **o), several((B, T, H), (B, S, E))),
    Case("Encoder", lambda p, **o: p.Encoder(V, p.GRU(D, H, **o), **o), encoding, torch_recurrent_encoder, entries=8),
    Case("Decoder", lambda p, **o: p.Decoder(V, p.GRU(D, H, **o), **o), decoding(H), torch_recurrent_decoder(0),
         entries=8),
    Case("Decoder, context", lambda p, **o: p.Decoder(V, p.GRU(D + E, H, **o), context_size=E, **o), decoding(H),
         torch_recurrent_decoder(E), entries=8),
    Case("BahdanauDecoder", lambda p, **o: p.BahdanauDecoder(
        V, p.GRUCell(D + E, H, **o), p.AdditiveScore(H, E, O, **o), E, **o), decoding(H), entries=8),
    Case("BahdanauDecoder, LSTM", lambda p, **o: p.BahdanauDecoder(
        V, p.LSTMCell(D + H, H, **o), p.ScaledDotScore(**o), H, **o), decoding((H, H), H), entries=8),
    Case("LuongDecoder", lambda p, **o: p.LuongDecoder(V, lstm(p, D, H, **o), p.GeneralScore(H, E, **o), E, **o),
         decoding((H, H)), entries=8),
    Case("LuongDecoder, additive", lambda p, **o: p.LuongDecoder(
        V, p.RNN(D, H, **o), p.AdditiveScore(H, E, O, **o), E, **o), decoding(H), entries=8),
    Case("Seq2Seq", lambda p, **o: p.Seq2Seq(p.Encoder(V, p.GRU(D, H, **o), **o), p.Decoder(
        O, p.GRU(E + H, H, **o), context_size=H, **o)), source_and_target, entries=8),
    Case("Seq2Seq, attention", lambda p, **o: p.Seq2Seq(
        p.Encoder(V, p.Bidirectional(lstm(p, D, H, **o), p.GRU(D, E - H, **o)), **o),
        p.BahdanauDecoder(O, p.RNNCell(D + E, H, **o), p.GeneralScore(H, E, **o), E, **o), pass_state=False),
         source_and_target, entries=8),
    Case("Dropout", lambda p, **o: p.Dropout(0.3, **o), numbers(B, T, D),
         torch_function(nn.Dropout(0.3).eval())),
    Case("LayerNorm", lambda p, **o: p.LayerNorm(E, **o), numbers(B, T, E), torch_layer_norm),
    Case("FeedForward", lambda p, **o: p.FeedForward(E, F, activation="gelu", **o), numbers(B, T, E),
         torch_feed_forward),
    Case("SinusoidalPositions", lambda p, **o: p.SinusoidalPositions(E, **o), numbers(B, T, E),
         lambda params, x: x + torch_sinusoids(T)),
    Case("LearnedPositions", lambda p, **o: p.LearnedPositions(S, E, **o), numbers(B, T, E),
         lambda params, x: x + params["weight"][:T]),
    Case("MultiHeadAttention", lambda p, **o: p.MultiHeadAttention(E, N, **o), numbers(B, T, E), torch_attention),
    Case("MultiHeadAttention, cross, mask", lambda p, **o: p.MultiHeadAttention(E, N, **o),
         masked((B, T, E), (B, S, E), (B, S, E), mask=(B, 1, T, S)), torch_attention, entries=16),
    Case("MultiHeadAttention, empty rows", lambda p, **o: p.MultiHeadAttention(E, N, **o),
         masked((B, T, E), (B, S, E), mask=(B, N, T, S), empty=True), entries=16),
    Case("MultiHeadAttention, rotary", lambda p, **o: p.MultiHeadAttention(E, N, rotary=True, **o),
         masked((B, T, E), mask=(T, T)), entries=16),
    Case("MultiHeadAttention, math", lambda p, **o: p.MultiHeadAttention(
        E, N, **({"recompute": True} if p is scratch else {"backend": "math"}), **o),
         masked((B, T, E), (B, S, E), mask=(B, 1, T, S), empty=True), entries=16),
    *(Case(f"EncoderBlock, {name}", partial(lambda p, norm_first, activation, **o: p.EncoderBlock(
        E, N, F, norm_first=norm_first, activation=activation, **o), norm_first=norm_first, activation=activation),
           masked((B, T, E), mask=(B, N, T, T)), torch_encoder_block(norm_first, activation), entries=8)
      for name, norm_first, activation in (("pre-norm", True, "relu"), ("post-norm", False, "gelu"))),
    *(Case(f"DecoderBlock, {name}", partial(lambda p, norm_first, **o: p.DecoderBlock(
        E, N, F, norm_first=norm_first, **o), norm_first=norm_first),
           masked((B, T, E), (B, S, E), mask=(B, 1, T, T), memory_mask=(B, N, T, S)), torch_decoder_block(norm_first),
           entries=4)
      for name, norm_first in (("pre-norm", True), ("post-norm", False))),
    Case("TransformerEncoder", lambda p, **o: p.TransformerEncoder(E, N, F, LAYERS, **o),
         masked((B, T, E), mask=(B, 1, T, T)), torch_encoder, entries=4),
    Case("TransformerDecoder", lambda p, **o: p.TransformerDecoder(E, N, F, LAYERS, **o),
         masked((B, T, E), (B, S, E), mask=(B, N, T, T), memory_mask=(B, 1, T, S)), torch_decoder, entries=4),
    Case("LanguageModel", lambda p, **o: p.LanguageModel(V, E, N, F, LAYERS, positions="learned", max_length=S, **o),
         ids, torch_language_model, entries=4),
    Case("LanguageModel, rotary", lambda p, **o: p.LanguageModel(V, E, N, F, LAYERS, positions="rotary", **o), ids,
         entries=4),
    Case("Transformer", lambda p, **o: p.Transformer(V, O, E, N, F, LAYERS, **o), source_and_target,
         torch_transformer, entries=2),
    Case("PatchEmbedding", lambda p, **o: p.PatchEmbedding(IMAGE, PATCH, C, E, **o), numbers(B, C, IMAGE, IMAGE),
         torch_patches),
    Case("ViT", lambda p, **o: p.ViT(IMAGE, PATCH, C, O, E, N, F, LAYERS, **o), numbers(B, C, IMAGE, IMAGE), torch_vit,
         entries=4),
]


# The measurement.

def measure(case: Case, seed: int = 0) -> Errors:
    """The errors of one case; a KeyError or RuntimeError where names or shapes of the packages differ."""
    rng = np.random.default_rng(seed)
    layer = case.make(scratch, rng=rng, dtype=np.float64)
    for name, array in layer.params.items():
        layer.params[name] = rng.normal(0, 0.5, array.shape)
    args, kwargs = case.inputs(rng)

    outputs, cache = layer.forward(*args, **kwargs)
    cotangents = map_arrays(lambda output: rng.standard_normal(np.shape(output)), outputs)
    dinputs, grads = layer.backward(cotangents, cache)
    if grads.keys() != layer.params.keys():
        raise KeyError(f"{case.name}: grads has {sorted(grads)}, params has {sorted(layer.params)}")
    by_hand = gradients_by_name(args, dinputs, grads)

    def objective():
        return sum(np.sum(c * o) for c, o in zip(leaves(cotangents), leaves(layer.forward(*args, **kwargs)[0])))

    arrays = {**dict(named_inputs(args)), **layer.params}
    entries = {name: choose(rng, arrays[name], case.entries) for name in by_hand}
    differences = {name: finite_difference(objective, arrays[name], entries[name]) for name in by_hand}
    finite_difference_error = worst({name: by_hand[name][tuple(entries[name].T)] for name in by_hand}, differences)

    module = case.make(pytorch, dtype=torch.float64).eval()    # no dropout
    module.load_state_dict({name: torch.from_numpy(array) for name, array in layer.params.items()}, strict=True)
    parameters = dict(module.named_parameters())
    autograd_error = against_torch(module, parameters, args, kwargs, outputs, cotangents, by_hand)

    reference_error = None
    if case.reference is not None:
        parameters = {name: torch.tensor(array, requires_grad=True) for name, array in layer.params.items()}
        reference = partial(case.reference, parameters)
        reference_error = against_torch(reference, parameters, args, kwargs, outputs, cotangents, by_hand)
    return Errors(finite_difference_error, autograd_error, reference_error)


def choose(rng, array: np.ndarray, most: int | None) -> np.ndarray:
    """The indices (n, array.ndim) of all entries of `array` that are no padding (NaN), or of `most` drawn from them."""
    indices = np.argwhere(~np.isnan(array))
    return indices if most is None or len(indices) <= most else rng.choice(indices, most, replace=False)


def finite_difference(objective: Callable, array: np.ndarray, entries: np.ndarray) -> np.ndarray:
    """(f(θ + ε) - f(θ - ε)) / 2ε for each of the `entries` of `array`, which is restored."""
    gradient = np.empty(len(entries))
    for i, index in enumerate(map(tuple, entries)):
        value = array[index]
        array[index] = value + DIFFERENCE
        above = objective()
        array[index] = value - DIFFERENCE
        below = objective()
        array[index] = value
        gradient[i] = (above - below) / (2 * DIFFERENCE)
    return gradient


def against_torch(function, parameters, args, kwargs, outputs, cotangents, by_hand) -> float:
    """The worst difference of outputs and gradients between a layer and a PyTorch `function` of the same inputs."""
    args = map_arrays(to_tensor, args)
    kwargs = {name: torch.from_numpy(array) for name, array in kwargs.items()}
    torch_outputs = function(*args, **kwargs)
    named = {**dict(named_inputs(args)), **parameters}
    objective = sum((torch.as_tensor(c) * o).sum() for c, o in zip(leaves(cotangents), leaves(torch_outputs)))
    found = torch.autograd.grad(objective, [named[name] for name in by_hand], materialize_grads=True)
    gradients = {name: gradient.numpy() for name, gradient in zip(by_hand, found)}
    names = [f"output {i}" for i, _ in enumerate(leaves(outputs))]
    ours = {**by_hand, **dict(zip(names, map(np.asarray, leaves(outputs))))}
    return worst(ours, {**gradients, **dict(zip(names, (output.detach().numpy() for output in leaves(torch_outputs))))})


def worst(ours: dict, theirs: dict) -> float:
    """The largest |ours - theirs| / max(1, max |ours|) over arrays of the same names; NaN stays NaN."""
    return float(np.max([np.abs(ours[name] - theirs[name]).max() / max(1.0, np.abs(ours[name]).max())
                         for name in ours]))


def gradients_by_name(args, dinputs, grads) -> dict:
    """The gradients of all inputs that have one, and of all parameters."""
    inputs = leaves(args)
    dinputs = leaves(dinputs)
    if any(gradient is not None for gradient in dinputs[len(inputs):]):    # an input left out has none of its own
        raise KeyError(f"dinputs must mirror the {len(inputs)} inputs, got {len(dinputs)} gradients")
    named = {f"input {i}": gradient for i, gradient in enumerate(dinputs) if gradient is not None}
    floats = [f"input {i}" for i, array in enumerate(inputs) if array.dtype == np.float64]
    if list(named) != floats:
        raise KeyError(f"gradients are wanted for {floats}, got them for {list(named)}")
    return {**named, **grads}


def named_inputs(args):
    """("input 0", array), … for every array in the arguments."""
    return [(f"input {i}", array) for i, array in enumerate(leaves(args))]


def to_tensor(array):
    """A tensor of an array's own numbers that wants a gradient if it can have one."""
    return torch.tensor(array, requires_grad=array.dtype == np.float64)


def leaves(tree) -> list:
    """The arrays of nested tuples, in order."""
    return [leaf for part in tree for leaf in leaves(part)] if isinstance(tree, tuple) else [tree]


def map_arrays(function, tree):
    """`function` of every array of nested tuples."""
    return tuple(map_arrays(function, part) for part in tree) if isinstance(tree, tuple) else function(tree)


# The table of the book.

HEADINGS = {
    "ko": ("층", "유한 차분", "우리 PyTorch의 자동 미분", "torch.nn"),
    "en": ("layer", "finite difference", "autograd of our PyTorch", "torch.nn"),
}


class ErrorTable:
    """The worst error of every layer: `.rows` holds (layer, finite difference, our autograd, torch.nn or None)."""

    def __init__(self, rows):
        self.rows = rows

    def _cells(self):
        yield HEADINGS[get_language()]
        for name, *errors in self.rows:
            yield name, *("–" if error is None else f"{error:.0e}" if error else "0" for error in errors)

    def _repr_markdown_(self):
        heading, *rows = ["| " + " | ".join(cells) + " |" for cells in self._cells()]
        return "\n".join([heading, "| --- | --: | --: | --: |", *rows])

    def __repr__(self):
        return self._repr_markdown_()


def error_table(*layers: str, seed: int = 0) -> ErrorTable:
    """Measure the cases of the named `layers` ("Linear", "RNN", …), or of all of them in some ten seconds, as a table."""
    cases = [(case.name.partition(",")[0], case) for case in CASES]
    if unknown := set(layers) - {layer for layer, _ in cases}:
        raise ValueError(f"layers must be names of the contract's layers, got {', '.join(sorted(unknown))}")
    return ErrorTable([(case.name, *measure(case, seed)) for layer, case in cases if not layers or layer in layers])
