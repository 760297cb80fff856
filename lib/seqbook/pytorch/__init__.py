"""The models of the book in PyTorch, written from tensor operations; names and parameters as in `seqbook.scratch`."""

from seqbook.pytorch.activations import (
    GELU, ReLU, Sigmoid, Softmax, Tanh, gelu, log_softmax, relu, sigmoid, softmax, tanh,
)
from seqbook.pytorch.attention import MultiHeadAttention
from seqbook.pytorch.attention_decoders import BahdanauDecoder, LuongDecoder
from seqbook.pytorch.bidirectional import Bidirectional
from seqbook.pytorch.blocks import DecoderBlock, EncoderBlock
from seqbook.pytorch.bptt import truncated_bptt
from seqbook.pytorch.checkpoints import load_checkpoint, save_checkpoint
from seqbook.pytorch.conversion import from_torch
from seqbook.pytorch.decoding import beam, greedy, sample
from seqbook.pytorch.deep_transition import DeepTransitionRNN
from seqbook.pytorch.dropout import Dropout
from seqbook.pytorch.embedding import Embedding
from seqbook.pytorch.feed_forward import FeedForward
from seqbook.pytorch.gru import GRU, GRUCell
from seqbook.pytorch.layer_norm import LayerNorm
from seqbook.pytorch.linear import Linear
from seqbook.pytorch.linear_attention import linear_attention
from seqbook.pytorch.linear_recurrence import LinearRecurrence, linear_recurrence
from seqbook.pytorch.losses import MSE, CrossEntropy
from seqbook.pytorch.lstm import LSTM, LSTMCell
from seqbook.pytorch.masks import causal_mask, padding_mask
from seqbook.pytorch.min_gru import MinGRU, MinLSTM
from seqbook.pytorch.optim import SGD, Adam, AdamW, clip_grad_norm, warmup
from seqbook.pytorch.output_rnn import OutputRNN
from seqbook.pytorch.positions import LearnedPositions, SinusoidalPositions
from seqbook.pytorch.rnn import RNN, RNNCell
from seqbook.pytorch.scores import AdditiveScore, DotScore, GeneralScore, ScaledDotScore
from seqbook.pytorch.selective_scan import SelectiveScan
from seqbook.pytorch.seq2seq import Decoder, Encoder, Seq2Seq
from seqbook.pytorch.sequence_model import SequenceModel
from seqbook.pytorch.sequential import Sequential
from seqbook.pytorch.single_output_rnn import SingleOutputRNN
from seqbook.pytorch.stacked import Stacked
from seqbook.pytorch.training import History, fit
from seqbook.pytorch.transformer import LanguageModel, Transformer, TransformerDecoder, TransformerEncoder
from seqbook.pytorch.vit import PatchEmbedding, ViT, vit_from_checkpoint

__all__ = [
    "Adam", "AdamW", "AdditiveScore", "BahdanauDecoder", "Bidirectional", "CrossEntropy", "Decoder", "DecoderBlock",
    "DeepTransitionRNN", "DotScore", "Dropout", "Embedding", "Encoder", "EncoderBlock", "FeedForward", "GELU", "GRU",
    "GRUCell", "GeneralScore", "History", "LSTM", "LSTMCell", "LanguageModel", "LayerNorm", "LearnedPositions",
    "Linear", "LinearRecurrence", "LuongDecoder", "MSE", "MinGRU", "MinLSTM", "MultiHeadAttention", "OutputRNN",
    "PatchEmbedding", "RNN", "RNNCell", "ReLU", "SGD", "ScaledDotScore", "SelectiveScan", "Seq2Seq", "SequenceModel",
    "Sequential", "Sigmoid", "SingleOutputRNN", "SinusoidalPositions", "Softmax", "Stacked", "Tanh", "Transformer",
    "TransformerDecoder", "TransformerEncoder", "ViT", "beam", "causal_mask", "clip_grad_norm", "fit", "from_torch",
    "gelu", "greedy", "linear_attention", "linear_recurrence", "load_checkpoint", "log_softmax", "padding_mask", "relu",
    "sample", "save_checkpoint", "sigmoid", "softmax", "tanh", "truncated_bptt", "vit_from_checkpoint", "warmup",
]
