"""The models of the book in NumPy, with every backward pass written by hand."""

from seqbook.scratch.activations import (
    GELU, ReLU, Sigmoid, Softmax, Tanh, gelu, log_softmax, relu, sigmoid, softmax, tanh,
)
from seqbook.scratch.base import Layer, Parameters
from seqbook.scratch.bptt import truncated_bptt
from seqbook.scratch.embedding import Embedding
from seqbook.scratch.linear import Linear
from seqbook.scratch.losses import MSE, CrossEntropy
from seqbook.scratch.optim import SGD, Adam, clip_grad_norm
from seqbook.scratch.output_rnn import OutputRNN
from seqbook.scratch.rnn import RNN, RNNCell
from seqbook.scratch.single_output_rnn import SingleOutputRNN
from seqbook.scratch.training import History, fit

__all__ = [
    "GELU", "MSE", "RNN", "SGD", "Adam", "CrossEntropy", "Embedding", "History", "Layer", "Linear", "OutputRNN",
    "Parameters", "RNNCell", "ReLU", "Sigmoid", "SingleOutputRNN", "Softmax", "Tanh", "clip_grad_norm", "fit", "gelu",
    "log_softmax", "relu", "sigmoid", "softmax", "tanh", "truncated_bptt",
]
