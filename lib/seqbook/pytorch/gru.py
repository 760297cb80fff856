"""The gated recurrent unit: one step (`GRUCell`) and whole sequences (`GRU`)."""

import torch
import torch.nn.functional as F
from torch import nn

from seqbook.pytorch.base import check_choice, check_dtype, check_shape, check_sizes, uniform
from seqbook.pytorch.ragged import last_real, zero_padding
from seqbook.pytorch.recurrent import check_input, check_state, run_kernel


def gru_step(from_x, from_h, bias_hn, h_prev):
    """One step from W_ih x + b and W_hh h_prev (B, 3H) on: h (B, H)."""
    (r, z, n), (hidden_r, hidden_z, hidden_n) = from_x.chunk(3, dim=-1), from_h.chunk(3, dim=-1)
    r, z = torch.sigmoid(r + hidden_r), torch.sigmoid(z + hidden_z)
    n = torch.tanh(n + r * (hidden_n + bias_hn))
    return n + z * (h_prev - n)


class GRUCell(nn.Module):
    """One GRU step; order r, z, n: `weight_ih (3H, D)`, `weight_hh (3H, H)`, `bias (3H,)`, `bias_hn (H,)`."""

    def __init__(self, input_size, hidden_size, *, device=None, dtype=None):
        super().__init__()
        check_sizes(input_size=input_size, hidden_size=hidden_size)
        self.input_size, self.hidden_size = input_size, hidden_size
        options = {"fan_in": hidden_size, "device": device, "dtype": dtype}
        self.weight_ih = uniform(3 * hidden_size, input_size, **options)
        self.weight_hh = uniform(3 * hidden_size, hidden_size, **options)
        self.bias = uniform(3 * hidden_size, **options)
        self.bias_hn = uniform(hidden_size, **options)

    def check_state(self, name, state, x):
        """A state (B, H), zeros of x's dtype and device for None; refused where it is not one."""
        return check_state(name, state, x, self.weight_hh, self.hidden_size)

    def forward(self, x, h_prev=None):
        """h (B, H); x (B, D), h_prev (B, H) or None for zeros."""
        check_shape("x", x, B=None, D=self.input_size)
        check_dtype("x", x, self.weight_ih.dtype)
        h_prev = self.check_state("h_prev", h_prev, x)
        return gru_step(F.linear(x, self.weight_ih, self.bias), F.linear(h_prev, self.weight_hh), self.bias_hn, h_prev)


class GRU(nn.Module):
    """`GRUCell`'s step for t = 1 … T; parameters as there, arguments and `lengths` as in `RNN`.

    `backend="loop"` is the time loop below; `backend="cudnn"` hands the same parameters to PyTorch's own kernel.
    """

    def __init__(self, input_size, hidden_size, *, backend="loop", device=None, dtype=None):
        super().__init__()
        check_sizes(input_size=input_size, hidden_size=hidden_size)
        check_choice("backend", backend, ("loop", "cudnn"))
        self.input_size, self.hidden_size, self.output_size = input_size, hidden_size, hidden_size
        self.backend = backend
        options = {"fan_in": hidden_size, "device": device, "dtype": dtype}
        self.weight_ih = uniform(3 * hidden_size, input_size, **options)
        self.weight_hh = uniform(3 * hidden_size, hidden_size, **options)
        self.bias = uniform(3 * hidden_size, **options)
        self.bias_hn = uniform(hidden_size, **options)

    def forward(self, x, state=None, lengths=None):
        """(hs (B, T, H), state (B, H)); x (B, T, D), state (B, H) or None for zeros, lengths (B,) or None."""
        x, lengths = check_input(x, lengths, self.weight_ih, self.input_size)
        h = check_state("state", state, x, self.weight_ih, self.hidden_size)
        if self.backend == "cudnn":
            bias_hh = F.pad(self.bias_hn, (2 * self.hidden_size, 0))    # zeros for r and z
            parameters = (self.weight_ih, self.weight_hh, self.bias, bias_hh)
            hs, (state,) = run_kernel(torch.gru, x, (h,), parameters, lengths, self.training)
            return hs, state
        projected = F.linear(x, self.weight_ih, self.bias)    # (B, T, 3H): all steps in one product
        hs = []
        for step in projected.unbind(dim=1):
            h = gru_step(step, F.linear(h, self.weight_hh), self.bias_hn, h)
            hs.append(h)
        hs = zero_padding(torch.stack(hs, dim=1), lengths)
        return hs, last_real(hs, lengths)
