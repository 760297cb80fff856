"""Gated recurrences whose gates do not see the state: `MinGRU` and `MinLSTM` (Feng et al., 2024)."""

import numpy as np

from seqbook.scratch.activations import sigmoid
from seqbook.scratch.linear_recurrence import LinearInState


class MinGRU(LinearInState):
    """h = z ∘ h_prev + (1 - z) ∘ n with z = σ(W_iz x + b_z) and n = W_in x + b_n.

    The GRU without reset gate, without W_hh and without tanh (Feng et al., 2024, section 3.1), so that the step is
    linear in h and `mode` may be "loop" or "scan". z keeps the past, as in `GRU`; the paper's z is 1 - z here.

    Parameters, stacked in the order z, n: `weight_ih (2H, D)`, `bias (2H,)`. Arguments and `lengths` as in `RNN`.
    """

    def __init__(self, input_size, hidden_size, *, mode="loop", rng, dtype=np.float32):
        super().__init__(input_size, hidden_size, 2, mode=mode, rng=rng, dtype=dtype)

    def coefficients(self, x):
        """a = z and u (T, B, H), (z, n)."""
        z, n = np.split(self.project(x), 2, axis=-1)
        z = sigmoid(z)
        return z, (1 - z) * n, (z, n)

    def coefficients_backward(self, da, du, x, saved):
        """dx (T, B, D), grads."""
        z, n = saved
        dz, dn = da - du * n, du * (1 - z)
        return self.project_backward(np.concatenate([dz * z * (1 - z), dn], axis=-1), x)


class MinLSTM(LinearInState):
    """h = f' ∘ h_prev + (1 - f') ∘ n with f' = f / (f + i), f, i = σ(W x + b) and n = W_in x + b_n.

    The LSTM without output gate, without W_hh and without tanh, its two gates scaled to the sum 1 (Feng et al., 2024,
    section 3.2). f' is computed as σ(log f - log i), which no gate near 0 harms.

    Parameters, stacked in the order f, i, n: `weight_ih (3H, D)`, `bias (3H,)`. `mode`, arguments and `lengths` as in
    `MinGRU`.
    """

    def __init__(self, input_size, hidden_size, *, mode="loop", rng, dtype=np.float32):
        super().__init__(input_size, hidden_size, 3, mode=mode, rng=rng, dtype=dtype)

    def coefficients(self, x):
        """a = f' and u (T, B, H), (W_f x + b_f, W_i x + b_i, f', n)."""
        to_f, to_i, n = np.split(self.project(x), 3, axis=-1)
        share = sigmoid(np.logaddexp(0, -to_i) - np.logaddexp(0, -to_f))    # f / (f + i)
        return share, (1 - share) * n, (to_f, to_i, share, n)

    def coefficients_backward(self, da, du, x, saved):
        """dx (T, B, D), grads."""
        to_f, to_i, share, n = saved
        dlogs = (da - du * n) * share * (1 - share)    # of log f, and of -log i
        dprojected = [dlogs * sigmoid(-to_f), -dlogs * sigmoid(-to_i), du * (1 - share)]
        return self.project_backward(np.concatenate(dprojected, axis=-1), x)
