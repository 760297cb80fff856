"""Greedy, sampling and beam decoding for PyTorch models: the search of `seqbook.scratch` over a model's `step`.

Ids come in and go out as NumPy arrays; states stay on the model's device, and only a step's logits leave it.
"""

from functools import wraps

import numpy as np
import torch

from seqbook import scratch
from seqbook.scratch.base import check_callable
from seqbook.scratch.decoding import Beams, Decoded

__all__ = ["Beams", "Decoded", "beam", "greedy", "sample"]


def _for_torch(search):
    @wraps(search)
    def run(step, state, first, *, device="cpu", **options):
        check_callable("step", step)

        def numpy_step(ids, state):
            with torch.no_grad():
                logits, state = step(torch.from_numpy(np.ascontiguousarray(ids)).to(device), state)
            return logits[:, -1:].double().cpu().numpy(), state
        return search(numpy_step, state, first, **options)
    return run


greedy, sample, beam = map(_for_torch, (scratch.greedy, scratch.sample, scratch.beam))
