"""The recurrent network h(t) = f(W_hh h(t-1) + W_ih x(t) + b): one step (`RNNCell`) and whole sequences (`RNN`)."""

import torch
import torch.nn.functional as F

from seqbook.pytorch.base import check_choice
from seqbook.pytorch.ragged import last_real, zero_padding
from seqbook.pytorch.recurrent import Cell, Recurrent, padded_input, run_kernel, state_or_zeros

NONLINEARITIES = {"tanh": torch.tanh, "relu": torch.relu, "identity": lambda a: a}


class RNNCell(Cell):
    """One step h = f(W_hh h_prev + W_ih x + b); `weight_ih (H, D)`, `weight_hh (H, H)`, `bias (H,)`."""

    def __init__(self, input_size, hidden_size, *, nonlinearity="tanh", device=None, dtype=None):
        check_choice("nonlinearity", nonlinearity, NONLINEARITIES)
        super().__init__(input_size, hidden_size, 1, device=device, dtype=dtype)
        self.nonlinearity = nonlinearity

    def forward(self, x, h_prev=None):
        """h (B, H); x (B, D), h_prev (B, H) or None for zeros."""
        self.check_input(x)
        h_prev = self.state_or_zeros("h_prev", h_prev, x)
        f = NONLINEARITIES[self.nonlinearity]
        return f(F.linear(x, self.weight_ih, self.bias) + F.linear(h_prev, self.weight_hh))


class RNN(Recurrent):
    """Hidden-to-hidden recurrence over whole sequences (pattern 1); parameters as in `RNNCell`.

    `backend="loop"` is the time loop below, for the CPU and any GPU. `backend="cudnn"` hands the same parameters to
    PyTorch's own kernel, cuDNN's on an NVIDIA GPU, which knows only "tanh" and "relu".
    """

    def __init__(self, input_size, hidden_size, *, nonlinearity="tanh", backend="loop", device=None, dtype=None):
        check_choice("backend", backend, ("loop", "cudnn"))
        check_choice("nonlinearity", nonlinearity, NONLINEARITIES if backend == "loop" else ("tanh", "relu"))
        super().__init__(input_size, hidden_size, 1, device=device, dtype=dtype)
        self.output_size, self.nonlinearity, self.backend = hidden_size, nonlinearity, backend

    def forward(self, x, state=None, lengths=None):
        """(hs (B, T, H), state (B, H)); x (B, T, D), state (B, H) or None for zeros, lengths (B,) or None."""
        x, lengths = padded_input(x, lengths, self.weight_ih, self.input_size)
        state = state_or_zeros("state", state, x, self.weight_ih, self.hidden_size)
        if self.backend == "cudnn":
            kernel = torch.rnn_tanh if self.nonlinearity == "tanh" else torch.rnn_relu
            parameters = (self.weight_ih, self.weight_hh, self.bias, torch.zeros_like(self.bias))
            hs, (state,) = run_kernel(kernel, x, (state,), parameters, lengths, self.training)
            return hs, state
        hs = zero_padding(self._loop(x, state), lengths)
        return hs, last_real(hs, lengths)

    def _loop(self, x, h):
        f = NONLINEARITIES[self.nonlinearity]
        projected = F.linear(x, self.weight_ih, self.bias)    # (B, T, H): all steps in one product
        hs = []
        for step in projected.unbind(dim=1):
            h = f(step + F.linear(h, self.weight_hh))
            hs.append(h)
        return torch.stack(hs, dim=1)
