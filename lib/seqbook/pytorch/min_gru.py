"""Gated recurrences whose gates do not see the state: `MinGRU` and `MinLSTM` (Feng et al., 2024)."""

import torch
import torch.nn.functional as F

from seqbook.pytorch.linear_recurrence import LinearInState


class MinGRU(LinearInState):
    """h = z ∘ h_prev + (1 - z) ∘ n; in the order z, n: `weight_ih (2H, D)`, `bias (2H,)`."""

    def __init__(self, input_size, hidden_size, *, mode="loop", device=None, dtype=None):
        super().__init__(input_size, hidden_size, 2, mode=mode, device=device, dtype=dtype)

    def coefficients(self, x):
        """a = z and u (B, T, H)."""
        z, n = self.project(x).chunk(2, dim=-1)
        z = torch.sigmoid(z)
        return z, (1 - z) * n


class MinLSTM(LinearInState):
    """h = f' ∘ h_prev + (1 - f') ∘ n, f' = f / (f + i); in the order f, i, n: `weight_ih (3H, D)`, `bias (3H,)`."""

    def __init__(self, input_size, hidden_size, *, mode="loop", device=None, dtype=None):
        super().__init__(input_size, hidden_size, 3, mode=mode, device=device, dtype=dtype)

    def coefficients(self, x):
        """a = f' and u (B, T, H)."""
        to_f, to_i, n = self.project(x).chunk(3, dim=-1)
        share = torch.sigmoid(F.logsigmoid(to_f) - F.logsigmoid(to_i))
        return share, (1 - share) * n
