"""A recurrent module between what reads the inputs and what writes the outputs: most models of the book are one."""

import torch
from torch import nn

from seqbook.protocols import check_chain
from seqbook.pytorch.base import check_interval
from seqbook.pytorch.dropout import Dropout
from seqbook.pytorch.ragged import as_lengths, zero_padding


class SequenceModel(nn.Module):
    """first → recurrent → output: an output (B, T, O) at every step of the inputs (B, T, …); layers as in `scratch`."""

    def __init__(self, first, recurrent, output, *, dropout=0.0):
        super().__init__()
        check_chain(first, recurrent, output)
        check_interval("dropout", dropout, 1)
        self.first, self.recurrent, self.output, self.dropout = first, recurrent, output, Dropout(dropout)

    def forward(self, x, state=None, lengths=None):
        """(outputs (B, T, O), state); x (B, T) or (B, T, D), state that of `recurrent`, lengths (B,) or None."""
        if not isinstance(x, torch.Tensor) or x.ndim not in (2, 3) or x.numel() == 0:
            got = tuple(x.shape) if isinstance(x, torch.Tensor) else type(x).__name__
            raise ValueError(f"x must be a tensor of shape (B, T) or (B, T, D) with no axis of size 0, got {got}")
        lengths = as_lengths(lengths, *x.shape[:2], x.device)
        x = zero_padding(x, lengths)
        hs, state = self.recurrent(x if self.first is None else self.first(x), state, lengths)
        return zero_padding(self.output(self.dropout(hs)), lengths), state

    def training_step(self, loss):
        """The `step(x, targets, state, lengths) -> loss, state` of `truncated_bptt`."""
        def step(x, targets, state=None, lengths=None):
            outputs, state = self(x, state, lengths)
            return loss(outputs, targets), state
        return step

    def step(self, x, state=None):
        """outputs (B, T, O) after the next x, and the new state; for `seqbook.pytorch.greedy` and its kin."""
        return self(x, state)
