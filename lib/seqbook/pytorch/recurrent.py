"""What the recurrent modules share: parameters, checks of what goes in, and the way to PyTorch's own kernels."""

import torch
from torch import nn

from seqbook.pytorch.base import check_dtype, check_shape, check_sizes, uniform
from seqbook.pytorch.ragged import as_lengths, zero_padding


class Recurrent(nn.Module):
    """Sizes and parameters: `weight_ih (R·H, D)`, `weight_hh (R·H, H)`, `bias (R·H,)`, R = `rows` for each unit."""

    def __init__(self, input_size, hidden_size, rows, *, device, dtype):
        super().__init__()
        check_sizes(input_size=input_size, hidden_size=hidden_size)
        self.input_size, self.hidden_size = input_size, hidden_size
        options = {"fan_in": hidden_size, "device": device, "dtype": dtype}
        self.weight_ih = uniform(rows * hidden_size, input_size, **options)
        self.weight_hh = uniform(rows * hidden_size, hidden_size, **options)
        self.bias = uniform(rows * hidden_size, **options)


class Cell(Recurrent):
    """One step, with the checks of what goes in; the state is a tensor (B, H)."""

    def check_input(self, x):
        """Raise ValueError unless x is (B, D)."""
        check_shape("x", x, B=None, D=self.input_size)
        check_dtype("x", x, self.weight_ih.dtype)

    def state_or_zeros(self, name, state, x):
        """The state (B, H), zeros of x's dtype and device for None; a ValueError unless it is one."""
        return state_or_zeros(name, state, x, self.weight_hh, self.hidden_size)


def padded_input(x, lengths, weight, input_size):
    """x (B, T, D) with zeros in its padding, and lengths (B,) or None; a ValueError unless they fit the module."""
    check_shape("x", x, B=None, T=None, D=input_size)
    check_dtype("x", x, weight.dtype)
    lengths = as_lengths(lengths, len(x), x.shape[1], x.device)
    return zero_padding(x, lengths), lengths


def state_or_zeros(name, state, x, weight, H):
    """The state (B, H), zeros for None; a ValueError unless it is one."""
    if state is None:
        return x.new_zeros(len(x), H)
    check_shape(name, state, B=len(x), H=H)
    check_dtype(name, state, weight.dtype)
    return state


def one_block(*parameters):
    """Copies of the parameters that lie in memory one after the other, as cuDNN's kernels want them."""
    block = torch.cat([parameter.reshape(-1) for parameter in parameters])
    parts = block.split([parameter.numel() for parameter in parameters])
    return [part.view(parameter.shape) for part, parameter in zip(parts, parameters)]


def run_kernel(kernel, x, states, parameters, lengths, training):
    """(hs (B, T, H), states) by one of PyTorch's kernels (`torch.lstm` …); `parameters` are weights and two biases."""
    states = [state[None].contiguous() for state in states]
    hidden = states if len(states) > 1 else states[0]
    settings = (one_block(*parameters), True, 1, 0.0, training, False)    # biases, one layer, no dropout, one direction
    if lengths is None:
        hs, *ends = kernel(x, hidden, *settings, True)    # batch first
        return hs, [end[0] for end in ends]
    packed = nn.utils.rnn.pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
    order = packed.sorted_indices
    hidden = [state[:, order] for state in states] if len(states) > 1 else states[0][:, order]
    hs, *ends = kernel(packed.data, packed.batch_sizes, hidden, *settings)
    hs, _ = nn.utils.rnn.pad_packed_sequence(packed._replace(data=hs), batch_first=True, total_length=x.shape[1])
    return hs, [end[0, packed.unsorted_indices] for end in ends]
