"""Every layer: hand-written gradient = finite difference = autograd of our PyTorch = autograd of torch.nn."""

import copy

import numpy as np
import pytest
import torch

from seqbook import contract, pytorch, scratch
from seqbook.contract import CASES, EXACT_TOLERANCE, FINITE_DIFFERENCE_TOLERANCE, Case, measure
from seqbook.contract.inputs import D, H, sequences
from seqbook.contract.references import torch_rnn
from seqbook.tree import leaves, map_arrays


def has_lengths(case):
    """Whether a case's inputs are one ragged batch of sequences of numbers (or ids)."""
    _, kwargs = case.inputs(np.random.default_rng(0))
    return "lengths" in kwargs and "memory_lengths" not in kwargs


WITH_LENGTHS = [case for case in CASES if has_lengths(case)]
all_cases = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def build(case, dtype, seed=0):
    """A layer with random parameters, and inputs, of one dtype."""
    rng = np.random.default_rng(seed)
    layer = case.make(scratch, rng=rng, dtype=dtype)
    for name, array in layer.params.items():
        layer.params[name] = rng.normal(0, 0.5, array.shape)
    args, kwargs = case.inputs(rng)

    def cast(array):
        return array.astype(dtype) if array.dtype == np.float64 else array
    return layer, map_arrays(cast, args), {name: cast(array) for name, array in kwargs.items()}


def run(layer, args, kwargs, seed=1):
    """Outputs, cache, gradients of the inputs and of the parameters, for random cotangents."""
    rng = np.random.default_rng(seed)
    outputs, cache = layer.forward(*args, **kwargs)
    cotangents = map_arrays(
        lambda out: rng.standard_normal(np.shape(out)).astype(getattr(out, "dtype", float)), outputs)
    return outputs, cache, cotangents, *layer.backward(cotangents, cache)


def same(a, b):
    """Whether two nests of arrays, dicts and plain values are equal bit for bit (NaN equals NaN)."""
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


@all_cases
@pytest.mark.parametrize("seed", [0, 1])
def test_four_ways_to_one_gradient(case, seed):
    errors = measure(case, seed)
    assert errors.finite_difference < FINITE_DIFFERENCE_TOLERANCE
    assert errors.autograd < EXACT_TOLERANCE
    assert errors.reference is None or errors.reference < EXACT_TOLERANCE


@all_cases
def test_nothing_is_written_to_and_a_second_backward_agrees(case):
    layer, args, kwargs = build(case, np.float64)
    before = copy.deepcopy((args, kwargs, dict(layer.params)))
    outputs, cache, cotangents, dinputs, grads = run(layer, args, kwargs)
    kept = copy.deepcopy((outputs, cache, cotangents, dinputs, grads))
    again = layer.backward(cotangents, cache)
    assert same((dinputs, grads), again)
    def reverse(array):
        return array[::-1].copy()
    layer.forward(*map_arrays(reverse, args), **{name: reverse(array) for name, array in kwargs.items()})
    assert same((args, kwargs, dict(layer.params)), before)
    assert same((outputs, cache, cotangents, dinputs, grads), kept)
    assert same((dinputs, grads), layer.backward(cotangents, cache))


@all_cases
def test_every_parameters_name_is_the_way_to_the_layer_that_owns_it(case):
    layer = case.make(scratch, rng=np.random.default_rng(0), dtype=np.float64)
    for name, array in layer.params.items():
        *path, own_name = name.split(".")
        owner = layer
        for part in path:
            owner = owner[int(part)] if part.isdigit() else getattr(owner, part)
        assert isinstance(owner, scratch.Layer) and owner.params[own_name] is array, name


@all_cases
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_kept(case, dtype):
    layer, args, kwargs = build(case, dtype)
    outputs, _, _, dinputs, grads = run(layer, args, kwargs)
    arrays = [a for a in leaves(outputs) + leaves(dinputs) + list(grads.values()) if isinstance(a, np.ndarray)]
    assert arrays and all(array.dtype == dtype for array in arrays)


@all_cases
def test_float32_agrees_with_float64(case):
    results = []
    for dtype in (np.float32, np.float64):
        outputs, _, _, dinputs, grads = run(*build(case, dtype))
        results.append([np.asarray(a, float) for a in leaves(outputs) + leaves(dinputs) + list(grads.values())
                        if a is not None])
    for single, double in zip(*results):
        np.testing.assert_allclose(single, double, atol=2e-5 * max(1, np.abs(double).max()))


@pytest.mark.parametrize("case", WITH_LENGTHS, ids=lambda case: case.name)
def test_a_ragged_batch_is_its_sequences_one_by_one(case):
    layer, args, kwargs = build(case, np.float64)
    outputs, _, cotangents, dinputs, grads = run(layer, args, kwargs)
    total = {name: np.zeros_like(grad) for name, grad in grads.items()}
    for b, length in enumerate(kwargs["lengths"]):
        def alone(array):
            """This sequence's rows, without padding."""
            return array[b:b + 1, :length] if array.ndim == 3 or array.dtype.kind == "i" else array[b:b + 1]
        extra = {name: alone(array) for name, array in kwargs.items() if name != "lengths"}
        own_outputs, cache = layer.forward(*map_arrays(alone, args), **extra)
        own_dinputs, own_grads = layer.backward(map_arrays(alone, cotangents), cache)
        for ours, whole in zip(leaves(own_outputs) + leaves(own_dinputs), leaves(outputs) + leaves(dinputs)):
            if ours is None:    # ids have no gradient
                continue
            np.testing.assert_allclose(ours, alone(whole), atol=1e-13)
            assert not whole[b, length:].any() or whole.ndim == 2
        for name, grad in own_grads.items():
            total[name] += grad
    for name, grad in grads.items():
        np.testing.assert_allclose(grad, total[name], atol=1e-13)


@pytest.mark.parametrize("case", WITH_LENGTHS, ids=lambda case: case.name)
def test_cotangents_in_the_padding_have_no_effect(case):
    layer, args, kwargs = build(case, np.float64)
    _, cache, cotangents, dinputs, grads = run(layer, args, kwargs)
    (sequence, *rest) = cotangents
    if sequence.ndim == 3:
        sequence = sequence.copy()
        sequence[np.arange(sequence.shape[1]) >= kwargs["lengths"][:, None]] = np.nan
    assert same((dinputs, grads), layer.backward((sequence, *rest), cache))


def spoiled(method):
    """The RNN's case with its hand-written backward replaced."""
    class RNN(scratch.RNN):
        backward = method

    def make(package, **options):
        return RNN(D, H, **options) if package is scratch else pytorch.RNN(D, H, **options)
    return Case("spoiled", make, sequences(H), torch_rnn("tanh"))


def dstate_dropped(self, doutputs, cache):
    return scratch.RNN.backward(self, (doutputs[0], None), cache)


def bias_counted_twice(self, doutputs, cache):
    dinputs, grads = scratch.RNN.backward(self, doutputs, cache)
    return dinputs, {**grads, "bias": 2 * grads["bias"]}


def weight_transposed(self, doutputs, cache):
    dinputs, grads = scratch.RNN.backward(self, doutputs, cache)
    return dinputs, {**grads, "weight_hh": grads["weight_hh"].T}


def gradient_nan(self, doutputs, cache):
    dinputs, grads = scratch.RNN.backward(self, doutputs, cache)
    return dinputs, {**grads, "bias": grads["bias"] * np.nan}


@pytest.mark.parametrize("method", [dstate_dropped, bias_counted_twice, weight_transposed, gradient_nan])
def test_the_contract_sees_a_wrong_backward(method):
    errors = measure(spoiled(method))
    assert not errors.finite_difference < 1e-3
    assert not errors.autograd < 1e-3
    assert not errors.reference < 1e-3


def test_the_contract_sees_a_missing_gradient():
    def missing(self, doutputs, cache):
        dinputs, grads = scratch.RNN.backward(self, doutputs, cache)
        return dinputs, {"weight_ih": grads["weight_ih"], "weight_hh": grads["weight_hh"]}
    with pytest.raises(KeyError, match="grads has"):
        measure(spoiled(missing))


def test_every_layer_of_both_packages_is_in_the_table():
    layers = {name for name in scratch.__all__
              if isinstance(getattr(scratch, name), type) and issubclass(getattr(scratch, name), scratch.Layer)}
    layers -= {"Layer"}
    modules = {name for name in pytorch.__all__ if isinstance(getattr(pytorch, name), type)
               and issubclass(getattr(pytorch, name), torch.nn.Module)}
    assert layers == modules
    assert layers == {case.name.partition(",")[0] for case in CASES}


def test_error_table_shows_every_case():
    table = contract.error_table()
    assert [row[0] for row in table.rows] == [case.name for case in CASES]
    lines = table._repr_markdown_().splitlines()
    assert len(lines) == len(CASES) + 2 and all(line.count("|") == 5 for line in lines)


def test_error_table_of_named_layers():
    assert [row[0] for row in contract.error_table("MSE", "RNNCell").rows] == ["MSE", "RNNCell"]
    with pytest.raises(ValueError, match="layers must be names of the contract's layers, got Rnn"):
        contract.error_table("RNN", "Rnn")
