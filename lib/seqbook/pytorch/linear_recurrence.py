"""Recurrences that are linear in the state, h(t) = a(t) ∘ h(t-1) + u(t): three ways to compute one, and a layer."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from seqbook.pytorch.base import check_choice, check_shape, check_sizes, uniform, wide
from seqbook.pytorch.ragged import last_real, zero_padding
from seqbook.pytorch.recurrent import padded_input, state_or_zeros
from seqbook.scratch.linear_recurrence import check_fit

MODES = ("loop", "scan", "convolution")


def linear_recurrence(a, u, h0, mode="loop"):
    """h(1) … h(T), (B, T, …), of h(t) = a(t) ∘ h(t-1) + u(t); u (B, T, …), h0 (B, …).

    a (B, T, …) as u, or of one u(t)'s shape (…) where it is the same at all steps, which "convolution" needs.
    """
    check_choice("mode", mode, MODES)
    for name, tensor in (("u", u), ("a", a), ("h0", h0)):
        check_shape(name, tensor, ...)
    check_fit(tuple(a.shape), tuple(u.shape), (*u.shape[:1], *u.shape[2:]), tuple(h0.shape))
    constant = a.dim() < u.dim()
    if mode == "convolution":
        if not constant:
            raise ValueError('a must be the same at all steps for mode "convolution", that is have no axis of time')
        return convolution(a, u, h0)
    return {"loop": loop, "scan": scan}[mode](a.expand(u.shape) if constant else a, u, h0)


def loop(a, u, h):
    """h(1) … h(T) step by step."""
    hs = []
    for a_t, u_t in zip(a.unbind(dim=1), u.unbind(dim=1)):
        h = a_t * h + u_t
        hs.append(h)
    return torch.stack(hs, dim=1)


def combine(first, then):
    """The step (a, u) that does in one what two do: the associative operation of the scan."""
    (a, u), (a_then, u_then) = first, then
    return a_then * a, a_then * u + u_then


def prefixes(a, u):
    """Steps 1 … t combined into one, for all t: (a, u), each (B, T, …)."""
    T = u.shape[1]
    if T == 1:
        return a, u
    even = T // 2 * 2
    upto = prefixes(*combine((a[:, :even:2], u[:, :even:2]), (a[:, 1::2], u[:, 1::2])))
    between = combine([part[:, :(T - 1) // 2] for part in upto], (a[:, 2::2], u[:, 2::2]))
    return tuple(interleave(torch.cat([step[:, :1], odd], dim=1), half)
                 for step, half, odd in zip((a, u), upto, between))


def interleave(first, second):
    """Steps of both (B, …, …) in turn; the first may have one more."""
    n = second.shape[1]
    pairs = torch.stack([first[:, :n], second], dim=2).flatten(1, 2)
    return torch.cat([pairs, first[:, n:]], dim=1)


def scan(a, u, h0):
    """h(1) … h(T) by a parallel prefix scan."""
    return prefixes(a, torch.cat([a[:, :1] * h0[:, None] + u[:, :1], u[:, 1:]], dim=1))[1]


def convolution(a, u, h0):
    """h(1) … h(T) as u convolved with 1, a, a², …, by the fast Fourier transform, which needs float32 at least."""
    T, dtype = u.shape[1], u.dtype
    a, u, h0 = wide(a), wide(u), wide(h0)
    steps = torch.arange(T + 1, device=u.device).view(-1, *[1] * a.dim())
    powers = a ** steps    # (T+1, …)
    spectrum = torch.fft.rfft(powers[:T], 2 * T, dim=0) * torch.fft.rfft(u, 2 * T, dim=1)
    return (torch.fft.irfft(spectrum, 2 * T, dim=1)[:, :T] + powers[1:] * h0[:, None]).to(dtype)


class LinearInState(nn.Module):
    """What layers share whose h(t) = a(t) ∘ h(t-1) + u(t); a layer has `coefficients(x) -> a, u`."""

    modes = ("loop", "scan")

    def __init__(self, input_size, hidden_size, rows, *, mode, device, dtype):
        super().__init__()
        check_sizes(input_size=input_size, hidden_size=hidden_size)
        check_choice("mode", mode, self.modes)
        D, H = input_size, hidden_size
        self.input_size, self.hidden_size, self.output_size, self.mode = D, H, H, mode
        self.weight_ih = uniform(rows * H, D, fan_in=D, device=device, dtype=dtype)
        self.bias = uniform(rows * H, fan_in=D, device=device, dtype=dtype)

    def project(self, x):
        """W_ih x + bias at all steps, (B, T, R·H)."""
        return F.linear(x, self.weight_ih, self.bias)

    def forward(self, x, state=None, lengths=None):
        """(hs (B, T, H), state (B, H)); x (B, T, D), state (B, H) or None for zeros, lengths (B,) or None."""
        x, lengths = padded_input(x, lengths, self.weight_ih, self.input_size)
        state = state_or_zeros("state", state, x, self.weight_ih, self.hidden_size)
        a, u = self.coefficients(x)
        hs = zero_padding(linear_recurrence(a, u, state, self.mode), lengths)
        return hs, last_real(hs, lengths)


class LinearRecurrence(LinearInState):
    """h(t) = a ∘ h(t-1) + W_ih x(t) + b, a = σ(decay); `weight_ih (H, D)`, `bias (H,)`, `decay (H,)`.

    `mode` is the way to compute it: "loop", "scan" or "convolution".
    """

    modes = MODES

    def __init__(self, input_size, hidden_size, *, mode="loop", device=None, dtype=None):
        super().__init__(input_size, hidden_size, 1, mode=mode, device=device, dtype=dtype)
        left = torch.empty(hidden_size, device=device, dtype=dtype).uniform_(math.log(0.01), math.log(0.5)).exp()
        self.decay = nn.Parameter(torch.log((1 - left) / left))

    def coefficients(self, x):
        """a (H,), u (B, T, H)."""
        return torch.sigmoid(self.decay), self.project(x)
