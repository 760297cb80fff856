"""Long short-term memory: one step (`LSTMCell`) and whole sequences (`LSTM`)."""

import torch
import torch.nn.functional as F

from seqbook.protocols import as_pair
from seqbook.pytorch.base import can_read, check_choice, in_transform
from seqbook.pytorch.ragged import last_real, zero_padding
from seqbook.pytorch.recurrent import Cell, Recurrent, padded_input, run_kernel, state_or_zeros


def lstm_step(a, c_prev):
    """One step from a = W_ih x + W_hh h_prev + b (B, 4H) on: h and c (B, H)."""
    i, f, g, o = a.chunk(4, dim=-1)
    c = torch.sigmoid(f) * c_prev + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def lstm_state_or_zeros(name, state, x, weight, H):
    """The state (h (B, H), c (B, H)), zeros for None; a ValueError unless it is one."""
    h, c = (None, None) if state is None else as_pair(name, state)
    return state_or_zeros(f"{name}[0]", h, x, weight, H), state_or_zeros(f"{name}[1]", c, x, weight, H)


class LSTMCell(Cell):
    """One LSTM step; gates in the order i, f, g, o: `weight_ih (4H, D)`, `weight_hh (4H, H)`, `bias (4H,)`."""

    def __init__(self, input_size, hidden_size, *, device=None, dtype=None):
        super().__init__(input_size, hidden_size, 4, device=device, dtype=dtype)

    def state_or_zeros(self, name, state, x):
        """The state (h (B, H), c (B, H)), zeros of x's dtype and device for None; a ValueError unless it is one."""
        return lstm_state_or_zeros(name, state, x, self.weight_hh, self.hidden_size)

    def forward(self, x, state=None):
        """(h (B, H), c (B, H)); x (B, D), state (h_prev, c_prev) or None for zeros."""
        self.check_input(x)
        h, c = self.state_or_zeros("state", state, x)
        return lstm_step(F.linear(x, self.weight_ih, self.bias) + F.linear(h, self.weight_hh), c)


class BPTT(torch.autograd.Function):
    """The time loop with its backward pass by hand, as in `seqbook.scratch.LSTM`.

    Autograd would add weight_hh's gradient up step by step; here it is one product after the loop.
    """

    @staticmethod
    def forward(ctx, projected, weight_hh, h, c):
        """hs, cs (T, B, H) of projected (T, B, 4H), weight_hh (4H, H), h and c (B, H)."""
        T, B, H = len(projected), *h.shape
        gates, tanh_cs = torch.empty_like(projected), projected.new_empty(T, B, H)
        hs, cs = projected.new_empty(2, T + 1, B, H)
        hs[0], cs[0] = h, c
        for t in range(T):
            i, f, g, o = torch.addmm(projected[t], hs[t], weight_hh.T, out=gates[t]).chunk(4, dim=-1)
            for gate in (i, f, o):
                gate.sigmoid_()
            g.tanh_()
            torch.addcmul(i * g, f, cs[t], out=cs[t + 1])
            torch.mul(o, torch.tanh(cs[t + 1], out=tanh_cs[t]), out=hs[t + 1])
        ctx.save_for_backward(weight_hh, gates, hs, cs, tanh_cs)
        return hs[1:], cs[1:]

    @staticmethod
    def backward(ctx, dhs, dcs):
        """The gradients of projected, weight_hh, h and c; no gate's argument is needed, as in `seqbook.scratch`."""
        if torch.is_grad_enabled() and not torch.compiler.is_compiling():    # create_graph=True
            raise RuntimeError("the backward pass by hand cannot be differentiated again: "
                               'use LSTM(..., backend="loop")')
        weight_hh, gates, hs, cs, tanh_cs = ctx.saved_tensors
        T, H = len(gates), weight_hh.shape[1]
        da, dh, dc = torch.empty_like(gates), torch.zeros_like(hs[0]), torch.zeros_like(cs[0])
        for t in reversed(range(T)):
            i, f, g, o = gates[t].chunk(4, dim=-1)
            di, df, dg, do = da[t].chunk(4, dim=-1)
            kept, added, h = f * cs[t], i * g, hs[t + 1]
            dh = dh + dhs[t]
            dc = dc + dcs[t] + dh * (o - h * tanh_cs[t])
            di[:] = dc * (added - added * i)
            df[:] = dc * (kept - kept * f)
            dg[:] = dc * (i - added * g)
            do[:] = dh * (h - h * o)
            dc, dh = dc * f, da[t] @ weight_hh
        return da, da.reshape(-1, 4 * H).T @ hs[:-1].reshape(-1, H), dh, dc


class LSTM(Recurrent):
    """`LSTMCell`'s step for t = 1 … T; parameters as there, arguments and `lengths` as in `RNN`, state (h, c).

    `backend="loop"` is the time loop below; "bptt" the same with its backward pass by hand, faster on the CPU, but to
    be differentiated only once and not by `torch.func`; "cudnn" hands the parameters to PyTorch's own kernel. None
    takes "bptt" on the CPU and "loop" on other devices, in `torch.compile` and within the transforms of `torch.func`
    (`vmap`).
    """

    def __init__(self, input_size, hidden_size, *, backend=None, device=None, dtype=None):
        check_choice("backend", backend, (None, "loop", "bptt", "cudnn"))
        super().__init__(input_size, hidden_size, 4, device=device, dtype=dtype)
        self.output_size, self.backend = hidden_size, backend

    def forward(self, x, state=None, lengths=None):
        """(hs (B, T, H), (h, c)); x (B, T, D), state (h (B, H), c (B, H)) or None for zeros, lengths (B,) or None."""
        x, lengths = padded_input(x, lengths, self.weight_ih, self.input_size)
        h, c = lstm_state_or_zeros("state", state, x, self.weight_ih, self.hidden_size)
        backend = self.backend or ("bptt" if can_read(x) else "loop")
        if backend == "bptt" and in_transform():
            raise ValueError('backend must not be "bptt" within torch.func, whose backward pass is by hand: '
                             'use LSTM(..., backend="loop")')
        if backend == "cudnn":
            parameters = (self.weight_ih, self.weight_hh, self.bias, torch.zeros_like(self.bias))
            hs, state = run_kernel(torch.lstm, x, (h, c), parameters, lengths, self.training)
            return hs, tuple(state)
        if backend == "bptt":
            projected = F.linear(x.transpose(0, 1).contiguous(), self.weight_ih, self.bias)    # (T, B, 4H)
            inputs = (projected, *(tensor.to(projected.dtype) for tensor in (self.weight_hh, h, c)))    # autocast
            hs, cs = (steps.transpose(0, 1) for steps in BPTT.apply(*inputs))
        else:
            projected = F.linear(x, self.weight_ih, self.bias)    # (B, T, 4H): all steps in one product
            hs, cs = [], []
            for step in projected.unbind(dim=1):
                h, c = lstm_step(step + F.linear(h, self.weight_hh), c)
                hs.append(h)
                cs.append(c)
            hs, cs = torch.stack(hs, dim=1), torch.stack(cs, dim=1)
        hs = zero_padding(hs, lengths)
        return hs, (last_real(hs, lengths), last_real(cs, lengths))
