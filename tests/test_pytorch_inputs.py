"""Wrong input to our PyTorch modules is refused with a ValueError that names the argument, what is wanted and got."""

import re

import numpy as np
import pytest
import torch

from seqbook.pytorch import (
    MSE, RNN, CrossEntropy, Embedding, Linear, OutputRNN, RNNCell, SingleOutputRNN, clip_grad_norm, fit, truncated_bptt,
)

B, T, D, H, O, V = 3, 7, 2, 5, 4, 6
RECURRENT = {"RNN": (RNN(D, H), H), "OutputRNN": (OutputRNN(D, H, O), O),
             "SingleOutputRNN": (SingleOutputRNN(D, H, O), H), "RNN, cudnn": (RNN(D, H, backend="cudnn"), H)}


def ten(*shape, dtype=torch.float32):
    return torch.randn(shape, generator=torch.Generator().manual_seed(0), dtype=dtype)


BAD_SEQUENCES = [
    ((ten(T, D),), {}, "x must have shape (B, T, D=2), got (7, 2)"),
    ((ten(B, T, 3),), {}, "x must have shape (B, T, D=2), got (3, 7, 3)"),
    ((ten(B, 0, D),), {}, "x must have shape (B, T, D=2) with no axis of size 0, got (3, 0, 2)"),
    ((np.zeros((B, T, D), np.float32),), {}, "x must be a tensor of shape (B, T, D=2), got ndarray"),
    ((ten(B, T, D, dtype=torch.float64),), {}, "x must have dtype torch.float32 as the module has, got torch.float64"),
    ((torch.ones(B, T, D, dtype=torch.long),), {}, "x must have dtype torch.float32"),
    ((ten(B, T, D),), {"lengths": torch.tensor([1, 0, 2])}, "lengths must lie in 1..T=7, got 0..2"),
    ((ten(B, T, D),), {"lengths": torch.tensor([1, 8, 2])}, "lengths must lie in 1..T=7, got 1..8"),
    ((ten(B, T, D),), {"lengths": torch.tensor([1, 2])}, "lengths must have shape (B=3,), got (2,)"),
    ((ten(B, T, D),), {"lengths": torch.tensor([1.0, 2, 3])}, "lengths must be integers, got torch.float32"),
    ((ten(B, T, D),), {"lengths": torch.tensor([True, True, True])}, "lengths must be integers, got torch.bool"),
]


@pytest.mark.parametrize("name", RECURRENT)
@pytest.mark.parametrize("args, kwargs, message", BAD_SEQUENCES, ids=[m for _, _, m in BAD_SEQUENCES])
def test_recurrent_modules_refuse(name, args, kwargs, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        RECURRENT[name][0](*args, **kwargs)


@pytest.mark.parametrize("name", RECURRENT)
def test_recurrent_modules_refuse_states(name):
    module, size = RECURRENT[name]
    with pytest.raises(ValueError, match=rf"state must have shape \(B=3, H={size}\), got \(3, {size + 1}\)"):
        module(ten(B, T, D), ten(B, size + 1))
    with pytest.raises(ValueError, match="state must have dtype torch.float32"):
        module(ten(B, T, D), ten(B, size, dtype=torch.float64))


CALLS = [
    (lambda: OutputRNN(D, H, O)(ten(B, T, D), teacher=ten(B, T, D)),
     "teacher must have shape (B=3, T=7, O=4), got (3, 7, 2)"),
    (lambda: RNNCell(D, H)(ten(B, T, D)), "x must have shape (B, D=2), got (3, 7, 2)"),
    (lambda: RNNCell(D, H)(ten(B, D), ten(B, D)), "h_prev must have shape (B=3, H=5), got (3, 2)"),
    (lambda: RNNCell(D, H)(ten(B, D), ten(B, H, dtype=torch.float64)), "h_prev must have dtype torch.float32"),
    (lambda: Linear(D, O)(ten(B, 3)), "x must have shape (..., D=2), got (3, 3)"),
    (lambda: Embedding(V, D)(torch.tensor([0, V])), "ids must lie in 0..5, got 0..6"),
    (lambda: Embedding(V, D)(torch.tensor([0.0])), "ids must be a tensor of integers, got torch.float32"),
    (lambda: Embedding(V, D)(np.array([0])), "ids must be a tensor of integers, got ndarray"),
    (lambda: Embedding(V, D)(torch.zeros(2, 0, dtype=torch.long)), "ids must not be empty, got shape (2, 0)"),
    (lambda: CrossEntropy()(ten(B, V), torch.tensor([0, 1])),
     "targets must have shape (3,) as the logits have before V"),
    (lambda: CrossEntropy()(ten(B, V), torch.tensor([0, 1, V])), "targets must lie in 0..5, got 0..6"),
    (lambda: CrossEntropy()(ten(B, V), torch.tensor([0.0, 1, 2])), "targets must be a tensor of integers"),
    (lambda: CrossEntropy(reduction="none"), "reduction must be one of 'mean', 'sum', got 'none'"),
    (lambda: CrossEntropy(label_smoothing=1.5), "label_smoothing must lie in [0, 1), got 1.5"),
    (lambda: MSE()(ten(B, 1), ten(B)), "target must have the prediction's shape (3, 1), got (3,)"),
    (lambda: RNN(0, H), "input_size must be a positive integer, got 0"),
    (lambda: RNN(D, H, nonlinearity="sigmoid"), "nonlinearity must be one of 'tanh', 'relu', 'identity'"),
    (lambda: RNN(D, H, nonlinearity="identity", backend="cudnn"), "nonlinearity must be one of 'tanh', 'relu', got"),
    (lambda: RNN(D, H, backend="gpu"), "backend must be one of 'loop', 'cudnn', got 'gpu'"),
    (lambda: OutputRNN(D, H, O, feedback="tanh"), "feedback must be one of 'identity', 'softmax', got 'tanh'"),
    (lambda: clip_grad_norm([], 0), "max_norm must be positive, got 0"),
    (lambda: truncated_bptt(None, ten(B, T), ten(B, T + 1), chunk=2), "targets must have shape (B=3, T=7, ...)"),
    (lambda: truncated_bptt(None, ten(B, T), ten(B, T), chunk=-1), "chunk must be a positive integer, got -1"),
    (lambda: fit(print, torch.optim.SGD([ten(1)], 0.1), [], progress=False), "batches must not be empty"),
    (lambda: fit(None, torch.optim.SGD([ten(1)], 0.1), [1]), "loss must be a function, got None"),
]


@pytest.mark.parametrize("call, message", CALLS, ids=[message for _, message in CALLS])
def test_refused(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
