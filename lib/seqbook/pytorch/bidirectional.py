"""Two recurrent modules over one sequence, one from each end."""

import torch
from torch import nn

from seqbook.protocols import as_pair, check_recurrent
from seqbook.pytorch.base import check_shape
from seqbook.pytorch.ragged import as_lengths, reverse_steps, zero_padding


class Bidirectional(nn.Module):
    """`forward_layer` reads from the first step to the last, `backward_layer` from the last real step to the first.

    Any two recurrent modules of one input size. The state is the pair of their states.
    """

    def __init__(self, forward_layer, backward_layer):
        super().__init__()
        check_recurrent(forward_layer=forward_layer, backward_layer=backward_layer)
        if forward_layer.input_size != backward_layer.input_size:
            raise ValueError(f"forward_layer and backward_layer must have one input size, "
                             f"got {forward_layer.input_size} and {backward_layer.input_size}")
        self.forward_layer, self.backward_layer = forward_layer, backward_layer
        self.input_size = forward_layer.input_size
        self.output_size = forward_layer.output_size + backward_layer.output_size

    def forward(self, x, state=None, lengths=None):
        """(hs (B, T, H₁ + H₂), (state₁, state₂)); x (B, T, D), the pair of states or None, lengths (B,) or None."""
        check_shape("x", x, B=None, T=None, D=self.input_size)
        lengths = as_lengths(lengths, len(x), x.shape[1], x.device)
        x = zero_padding(x, lengths)
        first, second = (None, None) if state is None else as_pair("state", state)
        ahead, first = self.forward_layer(x, first, lengths)
        back, second = self.backward_layer(reverse_steps(x, lengths), second, lengths)
        return torch.cat([ahead, reverse_steps(back, lengths)], dim=-1), (first, second)
