"""The models of the book in PyTorch, written from tensor operations; names and parameters as in `seqbook.scratch`."""

from seqbook.pytorch.activations import (
    GELU, ReLU, Sigmoid, Softmax, Tanh, gelu, log_softmax, relu, sigmoid, softmax, tanh,
)
from seqbook.pytorch.bptt import truncated_bptt
from seqbook.pytorch.embedding import Embedding
from seqbook.pytorch.linear import Linear
from seqbook.pytorch.losses import MSE, CrossEntropy
from seqbook.pytorch.optim import SGD, Adam, clip_grad_norm
from seqbook.pytorch.output_rnn import OutputRNN
from seqbook.pytorch.rnn import RNN, RNNCell
from seqbook.pytorch.single_output_rnn import SingleOutputRNN
from seqbook.pytorch.training import History, fit

__all__ = [
    "GELU", "MSE", "RNN", "SGD", "Adam", "CrossEntropy", "Embedding", "History", "Linear", "OutputRNN", "RNNCell",
    "ReLU", "Sigmoid", "SingleOutputRNN", "Softmax", "Tanh", "clip_grad_norm", "fit", "gelu",
    "log_softmax", "relu", "sigmoid", "softmax", "tanh", "truncated_bptt",
]
