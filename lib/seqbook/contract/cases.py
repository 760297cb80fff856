"""The contract's table: one line for each layer and each condition it has to hold under."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from torch import nn

from seqbook import scratch
from seqbook.contract.inputs import (
    IMAGE, LAYERS, PATCH, B, C, D, E, F, H, N, O, S, T, V, decoding, encoding, ids, labelling, logits_and_targets,
    masked, nested, numbers, one_step, sequences, several, source_and_target,
)
from seqbook.contract.references import (
    torch_attention, torch_cross_entropy, torch_decoder, torch_decoder_block, torch_embedding, torch_encoder,
    torch_encoder_block, torch_feed_forward, torch_function, torch_gru, torch_gru_cell, torch_labelling,
    torch_language_model, torch_layer_norm, torch_linear, torch_lstm, torch_lstm_cell, torch_patches,
    torch_recurrent_decoder, torch_recurrent_encoder, torch_rnn, torch_rnn_cell, torch_single_output, torch_sinusoids,
    torch_stack, torch_transformer, torch_vit,
)


class Case(NamedTuple):
    """One layer under one condition.

    `make(package, **options)` builds it in `seqbook.scratch` or `seqbook.pytorch`; `inputs(rng) -> args, kwargs` draws
    what `forward` takes (`kwargs` are data without gradients); `reference(params, *args, **kwargs)` is the same
    function made of `torch.nn`, or None where PyTorch has no such module. `entries` limits the finite difference to so
    many entries of each array, drawn at random, where a model has too many to try them all. `arguments` holds good
    values for what `make` leaves at its default: tests put wrong values in the place of each argument that `make`
    passes and of each that stands here, and want them refused.
    """

    name: str
    make: Callable
    inputs: Callable
    reference: Callable | None = None
    entries: int | None = None
    arguments: dict = {}


def is_scratch(p) -> bool:
    return p.__name__ == scratch.__name__


def lstm(p, *sizes, **options):
    """An LSTM whose gradient in PyTorch is autograd's: by default, its backward pass on the CPU is hand-written too."""
    return p.LSTM(*sizes, **options, **({} if is_scratch(p) else {"backend": "loop"}))


BLOCK = {"activation": "gelu", "dropout": 0.1, "eps": 1e-5}    # what the blocks have besides

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
    Case("CrossEntropy", lambda p, **o: p.CrossEntropy(), logits_and_targets, torch_cross_entropy("mean"),
         arguments={"ignore_index": -100, "label_smoothing": 0.1}),
    Case("CrossEntropy, sum", lambda p, **o: p.CrossEntropy(reduction="sum"), logits_and_targets,
         torch_cross_entropy("sum")),
    Case("CrossEntropy, smoothed", lambda p, **o: p.CrossEntropy(label_smoothing=0.1), logits_and_targets,
         torch_cross_entropy("mean", 0.1)),
    Case("MSE", lambda p, **o: p.MSE(), lambda rng: ((rng.standard_normal((B, O)), rng.standard_normal((B, O))), {}),
         torch_function(nn.MSELoss()), arguments={"reduction": "sum"}),
    Case("RNNCell", lambda p, **o: p.RNNCell(D, H, **o), one_step(H), torch_rnn_cell("tanh"),
         arguments={"nonlinearity": "relu"}),
    Case("RNN", lambda p, **o: p.RNN(D, H, **o), sequences(H), torch_rnn("tanh")),
    Case("RNN, ragged", lambda p, **o: p.RNN(D, H, **o), sequences(H, ragged=True), torch_rnn("tanh")),
    Case("RNN, relu", lambda p, **o: p.RNN(D, H, nonlinearity="relu", **o), sequences(H, ragged=True),
         torch_rnn("relu")),
    Case("RNN, identity", lambda p, **o: p.RNN(D, H, nonlinearity="identity", **o), sequences(H, ragged=True)),
    Case("DeepTransitionRNN", lambda p, **o: p.DeepTransitionRNN(D, H, 3, **o), sequences(H, ragged=True), entries=16),
    Case("DeepTransitionRNN, skips", lambda p, **o: p.DeepTransitionRNN(D, H, 2, skips=True, **o), sequences(H),
         entries=16),
    Case("DeepTransitionRNN, one", lambda p, **o: p.DeepTransitionRNN(D, H, 1, skips=True, **o), sequences(H),
         entries=16),
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
    *(Case(name, partial(lambda p, mode, **o: p.LinearRecurrence(D, H, mode=mode, **o), mode=mode),
           sequences(H, ragged=ragged))
      for name, mode, ragged in (("LinearRecurrence", "loop", False), ("LinearRecurrence, scan", "scan", True),
                                 ("LinearRecurrence, convolution", "convolution", True))),
    *(Case(f"{kind}, {mode}", partial(lambda p, kind, mode, **o: getattr(p, kind)(D, H, mode=mode, **o), kind=kind,
                                      mode=mode), sequences(H, ragged=mode == "scan"))
      for kind in ("MinGRU", "MinLSTM") for mode in ("loop", "scan")),
    *(Case(f"SelectiveScan, {mode}", partial(lambda p, mode, **o: p.SelectiveScan(D, N, mode=mode, **o), mode=mode),
           sequences(D * N, ragged=mode == "scan")) for mode in ("loop", "scan")),
    Case("Bidirectional, GRU", lambda p, **o: p.Bidirectional(p.GRU(D, H, **o), p.GRU(D, H, **o)), nested(H, H),
         torch_stack("GRU", directions=2), entries=8),
    Case("Bidirectional, two kinds", lambda p, **o: p.Bidirectional(lstm(p, D, H, **o), p.RNN(D, O, **o)),
         nested((H, H), O), entries=8, arguments={"merge": "concatenate"}),
    Case("Bidirectional, sum", lambda p, **o: p.Bidirectional(p.GRU(D, H, **o), p.RNN(D, H, **o), merge="sum"),
         nested(H, H), entries=8),
    Case("Stacked, LSTM", lambda p, **o: p.Stacked([lstm(p, D, H, **o), lstm(p, H, H, **o)]),
         nested((H, H), (H, H)), torch_stack("LSTM", layers=2), entries=8),
    Case("Stacked, both directions", lambda p, **o: p.Stacked([p.Bidirectional(lstm(p, D, H, **o), lstm(p, D, H, **o)),
         p.Bidirectional(lstm(p, 2 * H, H, **o), lstm(p, 2 * H, H, **o))]), nested(((H, H),) * 2, ((H, H),) * 2),
         torch_stack("LSTM", layers=2, directions=2), entries=8),
    Case("Stacked, skips", lambda p, **o: p.Stacked(
         [p.RNN(D, H, **o), p.GRU(H, H, **o), lstm(p, H, H, **o)], skips=True), nested(H, H, (H, H)), entries=8),
    Case("Sequential", lambda p, **o: p.Sequential([p.Linear(D, F, **o), p.Tanh(), p.Linear(F, O, **o)]),
         numbers(B, T, D)),
    Case("Sequential, ids", lambda p, **o: p.Sequential([p.Embedding(V, E, **o), p.Linear(E, O, **o), p.ReLU()]), ids),
    Case("SequenceModel, deep", lambda p, **o: p.SequenceModel(
        p.Sequential([p.Linear(D, E, **o), p.Tanh()]), p.DeepTransitionRNN(E, H, 2, **o),
        p.Sequential([p.Linear(H, F, **o), p.Tanh(), p.Linear(F, O, **o)])), sequences(H, ragged=True), entries=8),
    Case("SequenceModel", lambda p, **o: p.SequenceModel(
        p.Embedding(V, E, **o), lstm(p, E, H, **o), p.Linear(H, O, **o)), labelling, torch_labelling, entries=8,
         arguments={"dropout": 0.1}),
    Case("SequenceModel, numbers", lambda p, **o: p.SequenceModel(None, p.RNN(D, H, **o), p.Linear(H, O, **o)),
         sequences(H, ragged=True), entries=8),
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
    Case("LayerNorm", lambda p, **o: p.LayerNorm(E, **o), numbers(B, T, E), torch_layer_norm, arguments={"eps": 1e-5}),
    Case("FeedForward", lambda p, **o: p.FeedForward(E, F, activation="gelu", **o), numbers(B, T, E),
         torch_feed_forward, arguments={"dropout": 0.1}),
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
        E, N, **({"recompute": True} if is_scratch(p) else {"backend": "math"}), **o),
         masked((B, T, E), (B, S, E), mask=(B, 1, T, S), empty=True), entries=16),
    *(Case(f"EncoderBlock, {name}", partial(lambda p, norm_first, activation, **o: p.EncoderBlock(
        E, N, F, norm_first=norm_first, activation=activation, **o), norm_first=norm_first, activation=activation),
           masked((B, T, E), mask=(B, N, T, T)), torch_encoder_block(norm_first, activation), entries=8,
           arguments=BLOCK)
      for name, norm_first, activation in (("pre-norm", True, "relu"), ("post-norm", False, "gelu"))),
    *(Case(f"DecoderBlock, {name}", partial(lambda p, norm_first, **o: p.DecoderBlock(
        E, N, F, norm_first=norm_first, **o), norm_first=norm_first),
           masked((B, T, E), (B, S, E), mask=(B, 1, T, T), memory_mask=(B, N, T, S)), torch_decoder_block(norm_first),
           entries=4, arguments=BLOCK)
      for name, norm_first in (("pre-norm", True), ("post-norm", False))),
    Case("TransformerEncoder", lambda p, **o: p.TransformerEncoder(E, N, F, LAYERS, **o),
         masked((B, T, E), mask=(B, 1, T, T)), torch_encoder, entries=4, arguments=BLOCK),
    Case("TransformerDecoder", lambda p, **o: p.TransformerDecoder(E, N, F, LAYERS, **o),
         masked((B, T, E), (B, S, E), mask=(B, N, T, T), memory_mask=(B, 1, T, S)), torch_decoder, entries=4,
         arguments=BLOCK),
    Case("LanguageModel", lambda p, **o: p.LanguageModel(V, E, N, F, LAYERS, positions="learned", max_length=S, **o),
         ids, torch_language_model, entries=4, arguments={"dropout": 0.1}),
    Case("LanguageModel, rotary", lambda p, **o: p.LanguageModel(V, E, N, F, LAYERS, positions="rotary", **o), ids,
         entries=4),
    Case("Transformer", lambda p, **o: p.Transformer(V, O, E, N, F, LAYERS, **o), source_and_target,
         torch_transformer, entries=2, arguments={"positions": "learned", "max_length": 9, "dropout": 0.1}),
    Case("PatchEmbedding", lambda p, **o: p.PatchEmbedding(IMAGE, PATCH, C, E, **o), numbers(B, C, IMAGE, IMAGE),
         torch_patches),
    Case("ViT", lambda p, **o: p.ViT(IMAGE, PATCH, C, O, E, N, F, LAYERS, **o), numbers(B, C, IMAGE, IMAGE), torch_vit,
         entries=4, arguments={"activation": "relu"}),
]
