"""The gated recurrent unit: one step (`GRUCell`) and whole sequences (`GRU`)."""

import torch
import torch.nn.functional as F

from seqbook.pytorch.base import check_choice, uniform
from seqbook.pytorch.ragged import last_real, zero_padding
from seqbook.pytorch.recurrent import Cell, Recurrent, padded_input, run_kernel, state_or_zeros


def gru_step(from_x, from_h, bias_hn, h_prev):
    """One step from W_ih x + b and W_hh h_prev (B, 3H) on: h (B, H)."""
    (r, z, n), (hidden_r, hidden_z, hidden_n) = from_x.chunk(3, dim=-1), from_h.chunk(3, dim=-1)
    r, z = torch.sigmoid(r + hidden_r), torch.sigmoid(z + hidden_z)
    n = torch.tanh(n + r * (hidden_n + bias_hn))
    return n + z * (h_prev - n)


class GRUCell(Cell):
    """One GRU step; order r, z, n: `weight_ih (3H, D)`, `weight_hh (3H, H)`, `bias (3H,)`, `bias_hn (H,)`."""

    def __init__(self, input_size, hidden_size, *, device=None, dtype=None):
        super().__init__(input_size, hidden_size, 3, device=device, dtype=dtype)
        self.bias_hn = uniform(hidden_size, fan_in=hidden_size, device=device, dtype=dtype)

    def forward(self, x, h_prev=None):
        """h (B, H); x (B, D), h_prev (B, H) or None for zeros."""
        self.check_input(x)
        h_prev = self.state_or_zeros("h_prev", h_prev, x)
        return gru_step(F.linear(x, self.weight_ih, self.bias), F.linear(h_prev, self.weight_hh), self.bias_hn, h_prev)


class GRU(Recurrent):
    """`GRUCell`'s step for t = 1 … T; parameters as there, arguments and `lengths` as in `RNN`.

    `backend="loop"` is the time loop below; `backend="cudnn"` hands the same parameters to PyTorch's own kernel.
    """

    def __init__(self, input_size, hidden_size, *, backend="loop", device=None, dtype=None):
        check_choice("backend", backend, ("loop", "cudnn"))
        super().__init__(input_size, hidden_size, 3, device=device, dtype=dtype)
        self.bias_hn = uniform(hidden_size, fan_in=hidden_size, device=device, dtype=dtype)
        self.output_size, self.backend = hidden_size, backend

    def forward(self, x, state=None, lengths=None):
        """(hs (B, T, H), state (B, H)); x (B, T, D), state (B, H) or None for zeros, lengths (B,) or None."""
        x, lengths = padded_input(x, lengths, self.weight_ih, self.input_size)
        h = state_or_zeros("state", state, x, self.weight_ih, self.hidden_size)
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
