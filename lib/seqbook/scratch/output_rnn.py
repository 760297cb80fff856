"""Output-to-hidden recurrence (pattern 2): what is fed back is the output, so only what the output carries survives."""

from typing import NamedTuple

import numpy as np

from seqbook.protocols import as_pair
from seqbook.scratch.activations import softmax
from seqbook.scratch.base import Layer, check_choice, check_sizes, join, uniform
from seqbook.scratch.linear import Linear
from seqbook.scratch.ragged import add_to_last, last_real, padded, zero_padding
from seqbook.scratch.recurrent import padded_input, state_or_zeros


class OutputRNNCache(NamedTuple):
    x: np.ndarray                  # (B, T, D), zero in the padding
    fed: np.ndarray                # (B, T, O) what each step was fed: r(0) … r(T-1), or the teacher's values
    hs: np.ndarray                 # (B, T, H)
    os: np.ndarray                 # (B, T, O), zero in the padding
    lengths: np.ndarray | None     # (B,)
    teacher_forced: bool


class OutputRNN(Layer):
    """h(t) = tanh(b + W_oh r(t-1) + W_ih x(t)), o(t) = W_ho h(t) + c (Goodfellow et al., section 10.2.1).

    What is fed back, r(t) = o(t) or softmax(o(t)), is chosen by `feedback` ("identity" or "softmax"). With a teacher
    the true outputs take its place: then no step waits for the one before, and no gradient flows between steps.

    Parameters: `weight_ih (H, D)`, `weight_oh (H, O)`, `bias (H,)`, `output.weight (O, H)`, `output.bias (O,)`.
    """

    def __init__(self, input_size, hidden_size, output_size, *, rng, dtype=np.float32, feedback="identity"):
        check_sizes(input_size=input_size, hidden_size=hidden_size, output_size=output_size)
        check_choice("feedback", feedback, ("identity", "softmax"))
        self.input_size, self.hidden_size, self.output_size = input_size, hidden_size, output_size
        self.feedback = feedback
        weight_ih = uniform(rng, (hidden_size, input_size), hidden_size)
        weight_oh = uniform(rng, (hidden_size, output_size), hidden_size)
        bias = uniform(rng, (hidden_size,), hidden_size)
        self.output = Linear(hidden_size, output_size, rng=rng, dtype=dtype)
        own = {"weight_ih": weight_ih, "weight_oh": weight_oh, "bias": bias}
        super().__init__(dtype, **join(own, output=self.output.params))

    def forward(self, x, state=None, lengths=None, teacher=None):
        """(os (B, T, O), state (B, O)), cache.

        x (B, T, D); state (B, O) is what the first step is fed, None for zeros; lengths (B,) or None. With teacher
        (B, T, O), the true outputs, step t is fed teacher[:, t-1]. The returned state is what a next call would be fed.
        """
        x, lengths = padded_input(x, lengths, self.dtype, self.input_size)
        B, T, _ = x.shape
        O, H = self.output_size, self.hidden_size
        state = state_or_zeros("state", state, self.dtype, B, O)
        weight_ih, weight_oh, bias, weight_ho, bias_o = self.params.values()
        projected = x @ weight_ih.T    # (B, T, H)
        projected += bias

        if teacher is not None:
            teacher = padded("teacher", teacher, self.dtype, lengths, B=B, T=T, O=O)
            fed = np.concatenate([state[:, None], teacher[:, :-1]], axis=1)
            hs = np.tanh(projected + fed @ weight_oh.T)    # all steps at once
            os = hs @ weight_ho.T + bias_o
            state = last_real(teacher, lengths)
        else:
            fed, hs, os = (np.empty((B, T, size), self.dtype) for size in (O, H, O))
            r = state
            rs = np.empty_like(os)
            for t in range(T):
                fed[:, t] = r
                hs[:, t] = np.tanh(projected[:, t] + r @ weight_oh.T)
                os[:, t] = hs[:, t] @ weight_ho.T + bias_o
                r = rs[:, t] = softmax(os[:, t]) if self.feedback == "softmax" else os[:, t]
            state = last_real(rs, lengths)
        os = zero_padding(os, lengths)
        return (os.copy(), state), OutputRNNCache(x, fed, hs, os, lengths, teacher is not None)

    def backward(self, doutputs, cache):
        """(dx (B, T, D), dstate (B, O)), grads; doutputs = (dos (B, T, O), dstate (B, O) or None for zeros).

        With a teacher the returned state is the teacher's, which is data: its dstate goes nowhere.
        """
        x, fed, hs, os, lengths, teacher_forced = cache
        B, T, O = os.shape
        H = self.hidden_size
        weight_ih, weight_oh, _, weight_ho, _ = self.params.values()
        dos, dstate = as_pair("doutputs", doutputs)
        dos = padded("dos", dos, self.dtype, lengths, B=B, T=T, O=O)
        dstate = state_or_zeros("dstate", dstate, self.dtype, B, O)

        if teacher_forced:
            das = (dos @ weight_ho) * (1 - hs * hs)
            dr = das[:, 0] @ weight_oh
        else:
            dos, das = dos.copy(), np.empty_like(hs)
            drs = add_to_last(np.zeros_like(os), dstate, lengths)    # the state is r at each last real step
            dr = np.zeros((B, O), self.dtype)
            for t in reversed(range(T)):
                dr = dr + drs[:, t]
                if self.feedback == "softmax":
                    r = softmax(os[:, t])
                    dr = r * (dr - (dr * r).sum(axis=-1, keepdims=True))
                dos[:, t] += dr
                da = das[:, t] = (dos[:, t] @ weight_ho) * (1 - hs[:, t] ** 2)
                dr = da @ weight_oh
        da_rows, do_rows = das.reshape(B * T, H), dos.reshape(B * T, O)
        grads = {
            "weight_ih": da_rows.T @ x.reshape(B * T, -1),
            "weight_oh": da_rows.T @ fed.reshape(B * T, O),
            "bias": da_rows.sum(axis=0),
            "output.weight": do_rows.T @ hs.reshape(B * T, H),
            "output.bias": do_rows.sum(axis=0),
        }
        return (das @ weight_ih, dr), grads
