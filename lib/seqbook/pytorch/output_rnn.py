"""Output-to-hidden recurrence (pattern 2): what is fed back is the output, so only what the output carries survives."""

import torch
import torch.nn.functional as F
from torch import nn

from seqbook.pytorch.base import check_choice, check_dtype, check_shape, check_sizes, uniform
from seqbook.pytorch.linear import Linear
from seqbook.pytorch.ragged import last_real, zero_padding
from seqbook.pytorch.recurrent import padded_input, state_or_zeros


class OutputRNN(nn.Module):
    """h(t) = tanh(b + W_oh r(t-1) + W_ih x(t)), o(t) = W_ho h(t) + c, r(t) = o(t) or softmax(o(t)) (`feedback`).

    With a teacher the true outputs take r's place: then no step waits for the one before.
    Parameters: `weight_ih (H, D)`, `weight_oh (H, O)`, `bias (H,)`, `output.weight (O, H)`, `output.bias (O,)`.
    """

    def __init__(self, input_size, hidden_size, output_size, *, feedback="identity", device=None, dtype=None):
        super().__init__()
        check_sizes(input_size=input_size, hidden_size=hidden_size, output_size=output_size)
        check_choice("feedback", feedback, ("identity", "softmax"))
        self.input_size, self.hidden_size, self.output_size = input_size, hidden_size, output_size
        self.feedback = feedback
        options = {"fan_in": hidden_size, "device": device, "dtype": dtype}
        self.weight_ih = uniform(hidden_size, input_size, **options)
        self.weight_oh = uniform(hidden_size, output_size, **options)
        self.bias = uniform(hidden_size, **options)
        self.output = Linear(hidden_size, output_size, device=device, dtype=dtype)

    def forward(self, x, state=None, lengths=None, teacher=None):
        """(os (B, T, O), state (B, O)).

        x (B, T, D); state (B, O) is what the first step is fed, None for zeros; lengths (B,) or None; teacher
        (B, T, O), the true outputs, or None to run freely. The returned state is what a next call would be fed.
        """
        x, lengths = padded_input(x, lengths, self.weight_ih, self.input_size)
        state = state_or_zeros("state", state, x, self.weight_ih, self.output_size)
        projected = F.linear(x, self.weight_ih, self.bias)    # (B, T, H)

        if teacher is not None:
            check_shape("teacher", teacher, B=len(x), T=x.shape[1], O=self.output_size)
            check_dtype("teacher", teacher, self.weight_ih.dtype)
            teacher = zero_padding(teacher, lengths)
            fed = torch.cat([state[:, None], teacher[:, :-1]], dim=1)
            os = self.output(torch.tanh(projected + F.linear(fed, self.weight_oh)))
            return zero_padding(os, lengths), last_real(teacher, lengths)

        os, rs, r = [], [], state
        for step in projected.unbind(dim=1):
            o = self.output(torch.tanh(step + F.linear(r, self.weight_oh)))
            r = torch.softmax(o, dim=-1) if self.feedback == "softmax" else o
            os.append(o)
            rs.append(r)
        return zero_padding(torch.stack(os, dim=1), lengths), last_real(torch.stack(rs, dim=1), lengths)
