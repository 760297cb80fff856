"""One output for a whole sequence (pattern 3): only the last hidden state is read."""

from torch import nn

from seqbook.pytorch.linear import Linear
from seqbook.pytorch.rnn import RNN


class SingleOutputRNN(nn.Module):
    """o = W_ho h(T) + c, with h(T) the state of an `RNN` after the last real step."""

    def __init__(self, input_size, hidden_size, output_size, *, device=None, dtype=None):
        super().__init__()
        self.rnn = RNN(input_size, hidden_size, device=device, dtype=dtype)
        self.output = Linear(hidden_size, output_size, device=device, dtype=dtype)

    def forward(self, x, state=None, lengths=None):
        """(o (B, O), state (B, H)); x (B, T, D), state (B, H) or None for zeros, lengths (B,) or None."""
        _, state = self.rnn(x, state, lengths)
        return self.output(state), state
