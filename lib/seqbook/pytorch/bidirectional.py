"""Two recurrent modules over one sequence, one from each end."""

import torch
from torch import nn

from seqbook.protocols import as_pair, check_merged, check_recurrent
from seqbook.pytorch.base import check_choice, check_shape
from seqbook.pytorch.ragged import as_lengths, reverse_steps, zero_padding


class Bidirectional(nn.Module):
    """`forward_layer` reads from the first step to the last, `backward_layer` from the last real step to the first.

    Any two recurrent modules of one input size; their outputs stand side by side, or are added up with `merge="sum"`.
    The state is the pair of their states.
    """

    def __init__(self, forward_layer, backward_layer, *, merge="concatenate"):
        super().__init__()
        check_choice("merge", merge, ("concatenate", "sum"))
        check_recurrent(forward_layer=forward_layer, backward_layer=backward_layer)
        if forward_layer.input_size != backward_layer.input_size:
            raise ValueError(f"forward_layer and backward_layer must have one input size, "
                             f"got {forward_layer.input_size} and {backward_layer.input_size}")
        check_merged(merge, forward_layer, backward_layer)
        self.forward_layer, self.backward_layer, self.merge = forward_layer, backward_layer, merge
        self.input_size = forward_layer.input_size
        self.output_size = forward_layer.output_size + (backward_layer.output_size if merge == "concatenate" else 0)

    def forward(self, x, state=None, lengths=None):
        """(hs (B, T, H), (state₁, state₂)); x (B, T, D), the pair of states or None, lengths (B,) or None.

        H = H₁ + H₂, the sum of the modules' sizes, or with `merge="sum"` the one size that both have.
        """
        check_shape("x", x, B=None, T=None, D=self.input_size)
        lengths = as_lengths(lengths, len(x), x.shape[1], x.device)
        x = zero_padding(x, lengths)
        first, second = (None, None) if state is None else as_pair("state", state)
        ahead, first = self.forward_layer(x, first, lengths)
        back, second = self.backward_layer(reverse_steps(x, lengths), second, lengths)
        back = reverse_steps(back, lengths)
        hs = ahead + back if self.merge == "sum" else torch.cat([ahead, back], dim=-1)
        return hs, (first, second)
