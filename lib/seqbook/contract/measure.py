"""Measuring a case: the hand-written gradient against finite differences, our PyTorch and torch.nn."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import torch

from seqbook import pytorch, scratch
from seqbook.contract.cases import Case
from seqbook.gradients import central_differences
from seqbook.tree import leaves, map_arrays

FINITE_DIFFERENCE_TOLERANCE, EXACT_TOLERANCE = 1e-6, 1e-9


class Errors(NamedTuple):
    """The largest differences from the hand-written gradient, as a share of its largest entry where that exceeds 1."""

    finite_difference: float
    autograd: float             # of our PyTorch; the outputs are compared too
    reference: float | None     # of torch.nn; the outputs are compared too


def measure(case: Case, seed: int = 0) -> Errors:
    """The errors of one case; a KeyError or RuntimeError where names or shapes of the packages differ."""
    rng = np.random.default_rng(seed)
    layer = case.make(scratch, rng=rng, dtype=np.float64)
    for name, array in layer.params.items():
        layer.params[name] = rng.normal(0, 0.5, array.shape)
    args, kwargs = case.inputs(rng)

    outputs, cache = layer.forward(*args, **kwargs)
    cotangents = map_arrays(lambda output: rng.standard_normal(np.shape(output)), outputs)
    dinputs, grads = layer.backward(cotangents, cache)
    if grads.keys() != layer.params.keys():
        raise KeyError(f"{case.name}: grads has {sorted(grads)}, params has {sorted(layer.params)}")
    by_hand = gradients_by_name(args, dinputs, grads)

    def objective():
        return sum(np.sum(c * o) for c, o in zip(leaves(cotangents), leaves(layer.forward(*args, **kwargs)[0])))

    arrays = {**dict(named_inputs(args)), **layer.params}
    entries = {name: choose(rng, arrays[name], case.entries) for name in by_hand}
    differences = {name: finite_difference(objective, arrays[name], entries[name]) for name in by_hand}
    finite_difference_error = worst({name: by_hand[name][tuple(entries[name].T)] for name in by_hand}, differences)

    module = case.make(pytorch, dtype=torch.float64).eval()    # no dropout
    module.load_state_dict({name: torch.from_numpy(array) for name, array in layer.params.items()}, strict=True)
    parameters = dict(module.named_parameters())
    autograd_error = against_torch(module, parameters, args, kwargs, outputs, cotangents, by_hand)

    reference_error = None
    if case.reference is not None:
        parameters = {name: torch.tensor(array, requires_grad=True) for name, array in layer.params.items()}
        reference = partial(case.reference, parameters)
        reference_error = against_torch(reference, parameters, args, kwargs, outputs, cotangents, by_hand)
    return Errors(finite_difference_error, autograd_error, reference_error)


def choose(rng, array: np.ndarray, most: int | None) -> np.ndarray:
    """The indices (n, array.ndim) of all entries of `array` that are no padding (NaN), or of `most` drawn from them."""
    indices = np.argwhere(~np.isnan(array))
    return indices if most is None or len(indices) <= most else rng.choice(indices, most, replace=False)


def finite_difference(objective: Callable, array: np.ndarray, entries: np.ndarray) -> np.ndarray:
    """(f(θ + ε) - f(θ - ε)) / 2ε for each of the `entries` of `array`, which is restored."""
    return central_differences(objective, array, entries)


def against_torch(function, parameters, args, kwargs, outputs, cotangents, by_hand) -> float:
    """The worst difference of outputs and gradients between a layer and a PyTorch `function` of the same inputs."""
    args = map_arrays(to_tensor, args)
    kwargs = {name: torch.from_numpy(array) for name, array in kwargs.items()}
    torch_outputs = function(*args, **kwargs)
    named = {**dict(named_inputs(args)), **parameters}
    objective = sum((torch.as_tensor(c) * o).sum() for c, o in zip(leaves(cotangents), leaves(torch_outputs)))
    found = torch.autograd.grad(objective, [named[name] for name in by_hand], materialize_grads=True)
    gradients = {name: gradient.numpy() for name, gradient in zip(by_hand, found)}
    names = [f"output {i}" for i, _ in enumerate(leaves(outputs))]
    ours = {**by_hand, **dict(zip(names, map(np.asarray, leaves(outputs))))}
    return worst(ours, {**gradients, **dict(zip(names, (output.detach().numpy() for output in leaves(torch_outputs))))})


def worst(ours: dict, theirs: dict) -> float:
    """The largest |ours - theirs| / max(1, max |ours|) over arrays of the same names; NaN stays NaN."""
    return float(np.max([np.abs(ours[name] - theirs[name]).max() / max(1.0, np.abs(ours[name]).max())
                         for name in ours]))


def gradients_by_name(args, dinputs, grads) -> dict:
    """The gradients of all inputs that have one, and of all parameters."""
    inputs = leaves(args)
    dinputs = leaves(dinputs)
    if any(gradient is not None for gradient in dinputs[len(inputs):]):    # an input left out has none of its own
        raise KeyError(f"dinputs must mirror the {len(inputs)} inputs, got {len(dinputs)} gradients")
    named = {f"input {i}": gradient for i, gradient in enumerate(dinputs) if gradient is not None}
    floats = [f"input {i}" for i, array in enumerate(inputs) if array.dtype == np.float64]
    if list(named) != floats:
        raise KeyError(f"gradients are wanted for {floats}, got them for {list(named)}")
    return {**named, **grads}


def named_inputs(args):
    """("input 0", array), … for every array in the arguments."""
    return [(f"input {i}", array) for i, array in enumerate(leaves(args))]


def to_tensor(array):
    """A tensor of an array's own numbers that wants a gradient if it can have one."""
    return torch.tensor(array, requires_grad=array.dtype == np.float64)
