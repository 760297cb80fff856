"""The models of the book in NumPy, with every backward pass written by hand."""

from seqbook.scratch.activations import (
    GELU, ReLU, Sigmoid, Softmax, Tanh, gelu, log_softmax, relu, sigmoid, softmax, tanh,
)
from seqbook.scratch.attention import MultiHeadAttention
from seqbook.scratch.attention_decoders import BahdanauDecoder, LuongDecoder
from seqbook.scratch.base import Layer, Parameters, join, prefix
from seqbook.scratch.bidirectional import Bidirectional
from seqbook.scratch.blocks import DecoderBlock, EncoderBlock
from seqbook.scratch.bptt import truncated_bptt
from seqbook.scratch.checkpoints import load_checkpoint, save_checkpoint
from seqbook.scratch.conversion import from_torch
from seqbook.scratch.decoding import beam, greedy, sample
from seqbook.scratch.deep_transition import DeepTransitionRNN
from seqbook.scratch.dropout import Dropout
from seqbook.scratch.embedding import Embedding
from seqbook.scratch.feed_forward import FeedForward
from seqbook.scratch.gru import GRU, GRUCell
from seqbook.scratch.layer_norm import LayerNorm
from seqbook.scratch.linear import Linear
from seqbook.scratch.linear_attention import linear_attention, linear_attention_backward
from seqbook.scratch.linear_recurrence import LinearRecurrence, linear_recurrence, linear_recurrence_backward
from seqbook.scratch.losses import MSE, CrossEntropy
from seqbook.scratch.lstm import LSTM, LSTMCell
from seqbook.scratch.masks import causal_mask, padding_mask
from seqbook.scratch.min_gru import MinGRU, MinLSTM
from seqbook.scratch.optim import SGD, Adam, AdamW, clip_grad_norm, warmup
from seqbook.scratch.output_rnn import OutputRNN
from seqbook.scratch.positions import LearnedPositions, SinusoidalPositions
from seqbook.scratch.rnn import RNN, RNNCell
from seqbook.scratch.scores import AdditiveScore, DotScore, GeneralScore, ScaledDotScore
from seqbook.scratch.selective_scan import SelectiveScan
from seqbook.scratch.seq2seq import Decoder, Encoder, Seq2Seq
from seqbook.scratch.sequence_model import SequenceModel
from seqbook.scratch.sequential import Sequential
from seqbook.scratch.single_output_rnn import SingleOutputRNN
from seqbook.scratch.stacked import Stacked
from seqbook.scratch.training import History, fit
from seqbook.scratch.transformer import LanguageModel, Transformer, TransformerDecoder, TransformerEncoder
from seqbook.scratch.vit import PatchEmbedding, ViT, vit_from_checkpoint

__all__ = [
    "Adam", "AdamW", "AdditiveScore", "BahdanauDecoder", "Bidirectional", "CrossEntropy", "Decoder", "DecoderBlock",
    "DeepTransitionRNN", "DotScore", "Dropout", "Embedding", "Encoder", "EncoderBlock", "FeedForward", "GELU", "GRU",
    "GRUCell", "GeneralScore", "History", "LSTM", "LSTMCell", "LanguageModel", "Layer", "LayerNorm", "LearnedPositions",
    "Linear", "LinearRecurrence", "LuongDecoder", "MSE", "MinGRU", "MinLSTM", "MultiHeadAttention", "OutputRNN",
    "Parameters", "PatchEmbedding", "RNN", "RNNCell", "ReLU", "SGD", "ScaledDotScore", "SelectiveScan", "Seq2Seq",
    "SequenceModel", "Sequential", "Sigmoid", "SingleOutputRNN", "SinusoidalPositions", "Softmax", "Stacked", "Tanh",
    "Transformer", "TransformerDecoder", "TransformerEncoder", "ViT", "beam", "causal_mask", "clip_grad_norm", "fit",
    "from_torch", "gelu", "greedy", "join", "linear_attention", "linear_attention_backward", "linear_recurrence",
    "linear_recurrence_backward", "load_checkpoint", "log_softmax", "padding_mask", "prefix", "relu", "sample",
    "save_checkpoint", "sigmoid", "softmax", "tanh", "truncated_bptt", "vit_from_checkpoint", "warmup",
]
