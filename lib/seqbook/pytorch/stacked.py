"""Deep recurrence: recurrent modules one above the other."""

from torch import nn

from seqbook.protocols import as_stack, as_states


class Stacked(nn.Module):
    """Each layer reads the outputs of the one below; the state is the tuple of their states.

    With `skips`, every layer but the lowest adds its input to its output.
    """

    def __init__(self, layers, *, skips=False):
        super().__init__()
        self.layers, self.skips = nn.ModuleList(as_stack(layers, skips)), skips
        self.input_size, self.output_size = self.layers[0].input_size, self.layers[-1].output_size

    def forward(self, x, state=None, lengths=None):
        """(hs (B, T, H), states); x (B, T, D), a tuple of the layers' states or None, lengths (B,) or None."""
        hs, ends = x, []
        for number, (layer, start) in enumerate(zip(self.layers, as_states("state", state, self.layers))):
            out, end = layer(hs, start, lengths)
            hs = out + hs if self.skips and number else out
            ends.append(end)
        return hs, tuple(ends)
