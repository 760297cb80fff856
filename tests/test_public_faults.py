"""What public reports on other software found, asked of every layer.

Copies, subclasses, narrow integers, outputs written into.
"""

import copy
import pickle
import re

import numpy as np
import pytest
import torch

from seqbook import pytorch, scratch
from seqbook.contract import CASES
from seqbook.scratch import GRU, LSTM, RNN, SGD, Adam, Bidirectional, CrossEntropy, Embedding, Linear, Stacked
from seqbook.tree import leaves, map_arrays

EVERY_LAYER = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
COPIES = {"deepcopy": copy.deepcopy, "pickle": lambda layer: pickle.loads(pickle.dumps(layer))}
WIDTHS = [np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.uint64]


class Subclass(np.ndarray):
    """An array that might compute in another way."""


def subclasses(array):
    """The same numbers in what is no plain array: name of the class → array."""
    found = {"MaskedArray": np.ma.masked_array(array), "Subclass": array.view(Subclass),
             "recarray": array.view(np.recarray)}
    return found | ({"matrix": array.view(np.matrix)} if array.ndim == 2 else {})


def made(case):
    rng = np.random.default_rng(0)
    layer = case.make(scratch, rng=rng, dtype=np.float64)
    return layer, *case.inputs(rng)


def passes(layer, args, options, seed=1):
    """Outputs, dinputs and grads of one forward and backward pass, all in one list of arrays."""
    outputs, cache = layer.forward(*args, **options)
    dinputs, grads = layer.backward(cotangents(outputs, seed), cache)
    return [array for array in (*leaves(outputs), *leaves(dinputs), *grads.values()) if array is not None]


def cotangents(outputs, seed=1):
    rng = np.random.default_rng(seed)
    return map_arrays(lambda output: rng.standard_normal(output.shape) if np.ndim(output) else 1.0, outputs)


# --- Copies -----------------------------------------------------------------------------------------------------------

@EVERY_LAYER
@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_of_a_layer_computes_alike_and_learns_alone(kind, case):
    layer, args, options = made(case)
    before = passes(layer, args, options)
    other = COPIES[kind](layer)
    for array, twin in zip(before, passes(other, args, options), strict=True):
        np.testing.assert_array_equal(array, twin)
    SGD(other.params, 1.0).step({name: np.ones_like(array) for name, array in other.params.items()})
    for array, twin in zip(before, passes(layer, args, options), strict=True):
        np.testing.assert_array_equal(array, twin)
    layer.params.update({name: array - 1 for name, array in layer.params.items()})    # the same step, by hand
    for array, twin in zip(passes(layer, args, options), passes(other, args, options), strict=True):
        np.testing.assert_array_equal(array, twin)    # so the copy's sub-layers have made it, too


@pytest.mark.parametrize("kind", COPIES)
@pytest.mark.parametrize(
    "case", [case for case in CASES if not case.name.startswith(("Tanh", "Sigmoid", "ReLU", "GELU"))],
    ids=lambda case: case.name)
def test_a_copy_of_a_module_holds_the_same_numbers(kind, case):
    module = case.make(pytorch)
    twin = COPIES[kind](module)
    assert type(twin) is type(module) and twin.state_dict().keys() == module.state_dict().keys()
    for name, tensor in module.state_dict().items():
        assert torch.equal(twin.state_dict()[name], tensor) and twin.state_dict()[name].data_ptr() != tensor.data_ptr()


def test_a_layer_and_its_optimiser_are_copied_together():
    layer = Stacked([LSTM(2, 3, rng=np.random.default_rng(0))])
    twin, optimizer = copy.deepcopy((layer, Adam(layer.params)))
    assert optimizer.params is twin.params and twin.params["layers.0.bias"] is twin.layers[0].params["bias"]
    assert copy.copy(layer).params is layer.params    # a shallow copy shares, as everywhere in Python


@pytest.mark.parametrize("take", [lambda params: params.copy(), copy.copy, copy.deepcopy,
                                  lambda params: pickle.loads(pickle.dumps(params))])
@pytest.mark.parametrize("put", [lambda layer, best: layer.params.update(best),
                                 lambda layer, best: setattr(layer, "params", best)])
def test_the_best_parameters_can_be_kept_and_put_back(take, put):
    layer = Stacked([RNN(2, 3, rng=np.random.default_rng(0))])
    best, numbers = take(layer.params), layer.params["layers.0.bias"].copy()
    SGD(layer.params, 1.0).step({name: np.ones_like(array) for name, array in layer.params.items()})
    assert type(best) is scratch.Parameters
    np.testing.assert_array_equal(best["layers.0.bias"], numbers)
    put(layer, best)
    np.testing.assert_array_equal(layer.layers[0].params["bias"], numbers)
    assert layer.params["layers.0.bias"] is layer.layers[0].params["bias"] is not best["layers.0.bias"]


def test_parameters_merge_in_place_or_into_an_ordinary_dict():
    layer = Stacked([RNN(2, 2, rng=np.random.default_rng(0))])
    layer.params |= {"layers.0.bias": np.full(2, 7)}
    assert layer.layers[0].params["bias"].tolist() == [7, 7]
    for merged in (layer.params | {"layers.0.bias": 0}, {"a": 1} | layer.params, dict(layer.params)):
        assert type(merged) is dict
    assert layer.layers[0].params["bias"].tolist() == [7, 7]
    assert layer.params.setdefault("layers.0.bias", 1) is layer.params["layers.0.bias"]
    layer.params.update([("layers.0.bias", np.ones(2))])
    assert layer.layers[0].params["bias"].tolist() == [1, 1]
    with pytest.raises(ValueError, match="weight_ih must have shape"):    # and nothing is written
        layer.params.update({"layers.0.bias": np.zeros(2), "layers.0.weight_ih": np.zeros(3)})
    assert layer.layers[0].params["bias"].tolist() == [1, 1]


@pytest.mark.parametrize("change", [
    lambda layer: layer.params.pop("bias"), lambda layer: layer.params.popitem(), lambda layer: layer.params.clear(),
    lambda layer: layer.params.__delitem__("bias"), lambda layer: setattr(layer, "params", {"bias": np.zeros(2)}),
    lambda layer: setattr(layer, "params", None),
])
def test_a_layers_parameters_stay(change):
    layer = RNN(2, 2, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="^params must"):
        change(layer)
    assert list(layer.params) == ["weight_ih", "weight_hh", "bias"]
    for unknown in (lambda: layer.params.setdefault("b", 1), lambda: layer.params.__ior__({"b": 1})):
        with pytest.raises(KeyError, match="no parameter 'b'"):
            unknown()


# --- Subclasses -------------------------------------------------------------------------------------------------------

@EVERY_LAYER
def test_every_layer_refuses_subclasses_of_arrays(case):
    layer, args, options = made(case)
    outputs, cache = layer.forward(*args, **options)
    for tree, run in ((args, lambda args: layer.forward(*args, **options)),
                      (cotangents(outputs), lambda doutputs: layer.backward(doutputs, cache))):
        arrays = leaves(tree)
        for place, array in enumerate(arrays):
            for name, other in (subclasses(array) if np.ndim(array) else {}).items():
                places = iter(range(len(arrays)))
                changed = map_arrays(lambda leaf: other if next(places) == place else leaf, tree)
                with pytest.raises(ValueError, match=name):
                    run(changed)
                    pytest.fail(f"array {place} as {name} was taken")
    for argument, array in options.items():
        with pytest.raises(ValueError, match=f"^{argument}.*masked|^{argument}.*MaskedArray"):
            layer.forward(*args, **{**options, argument: np.ma.masked_array(array)})


def test_subclasses_are_refused_or_made_plain_outside_of_layers():
    array = np.random.default_rng(0).standard_normal((3, 3))
    hidden = np.ma.masked_invalid(np.array([[1.0, np.nan, 2.0]]))
    for function in (scratch.gelu, scratch.softmax, scratch.log_softmax, scratch.sigmoid, scratch.relu, scratch.tanh):
        np.testing.assert_array_equal(np.asarray(function(array.view(np.matrix))), function(array))
    for function in (scratch.gelu, scratch.softmax, scratch.log_softmax):
        with pytest.raises(ValueError, match="x must be a plain array, got a masked one"):
            function(hidden)
    params, matrix = {"a": array}, {"a": array.view(np.matrix)}
    layer = Linear(3, 3, rng=np.random.default_rng(0))
    for call in (lambda: SGD(matrix, 0.1), lambda: SGD(params, 0.1).step(matrix),
                 lambda: scratch.clip_grad_norm(matrix, 1), lambda: scratch.save_checkpoint("never", matrix)):
        with pytest.raises(ValueError, match="matrix"):
            call()
    for call in (lambda: layer.params.update(weight=np.ma.masked_array(array)),
                 lambda: scratch.padding_mask(np.ma.array([1]), 2), lambda: pytorch.padding_mask(np.ma.array([1]), 2)):
        with pytest.raises(ValueError, match="masked"):
            call()
    layer.params["weight"] = array.view(np.matrix)
    assert type(layer.params["weight"]) is np.ndarray


def test_a_memmap_is_an_array(tmp_path):
    x = np.memmap(tmp_path / "x", np.float32, "w+", shape=(2, 4, 3))
    (hs, _), _ = GRU(3, 2, rng=np.random.default_rng(0)).forward(x)
    assert hs.shape == (2, 4, 2)


@pytest.mark.parametrize("make, message", [
    (lambda x: torch.nested.nested_tensor([x[0], x[1, :2]], layout=torch.jagged),
     "x must be one dense tensor, got a nested"),
    (lambda x: x.to_sparse(), "x must be one dense tensor, got one of layout torch.sparse_coo"),
    (lambda x: torch.quantize_per_tensor(x, 0.1, 0, torch.qint8),
     "x must be a tensor of plain numbers, got a quantized"),
])
@pytest.mark.filterwarnings("ignore")
def test_tensors_that_are_not_dense_are_refused(make, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        pytorch.RNN(3, 4)(make(torch.ones(2, 5, 3)))


# --- Integers ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("width", WIDTHS, ids=lambda width: width.__name__)
@pytest.mark.parametrize("case", [case for case in CASES if any(
    array.dtype.kind == "i" for array in leaves(case.inputs(np.random.default_rng(0))[0])
    + list(case.inputs(np.random.default_rng(0))[1].values()))], ids=lambda case: case.name)
def test_integers_of_every_width_are_ids_lengths_and_targets(case, width):
    """B = T would let uint8, taken as a mask, pass; the values decide."""
    rng = np.random.default_rng(0)
    layer, args, options = made(case)
    narrow = lambda array: array.astype(width) if array.dtype.kind == "i" and (array >= 0).all() else array
    small, small_options = map_arrays(narrow, args), {name: narrow(array) for name, array in options.items()}
    for array, wanted in zip(passes(layer, small, small_options), passes(layer, args, options), strict=True):
        np.testing.assert_array_equal(array, wanted)
    module = case.make(pytorch, dtype=torch.float64)
    run = lambda args, options: module(*map_arrays(torch.tensor, args),
                                       **{name: torch.tensor(array) for name, array in options.items()})
    for output, wanted in zip(leaves(run(small, small_options)), leaves(run(args, options)), strict=True):
        assert torch.equal(output, wanted)


@pytest.mark.parametrize("name, layer", [("RNN", pytorch.RNN), ("LSTM", pytorch.LSTM), ("GRU", pytorch.GRU)])
def test_lengths_of_uint8_are_no_mask_where_there_are_as_many_steps_as_sequences(name, layer):
    x, layer = torch.randn(3, 3, 2), layer(2, 2)
    wanted = leaves(layer(x, None, [3, 2, 2]))
    for lengths in (np.array([3, 2, 2], np.uint8), torch.tensor([3, 2, 2], dtype=torch.uint8),
                    np.array([3, 2, 2], np.uint64)):
        for output, right in zip(leaves(layer(x, None, lengths)), wanted):
            assert torch.equal(output, right)


HUGE = 2 ** 64 - 100    # as int64 it is -100, the targets that are ignored


@pytest.mark.parametrize("call, message", [
    (lambda: CrossEntropy().forward(np.zeros((1, 5)), np.array([HUGE], np.uint64)),
     "targets must be integers that fit"),
    (lambda: pytorch.CrossEntropy()(torch.zeros(1, 5), torch.tensor([HUGE], dtype=torch.uint64)),
     "targets must be integers that fit"),
    (lambda: Embedding(5, 2, rng=np.random.default_rng(0)).forward(np.array([HUGE], np.uint64)),
     "ids must lie in 0..4"),
    (lambda: pytorch.Embedding(5, 2)(torch.tensor([HUGE], dtype=torch.uint64)), "ids must be integers that fit"),
    (lambda: scratch.padding_mask(np.array([HUGE], np.uint64), 3), "lengths must be integers that fit"),
    (lambda: pytorch.padding_mask(np.array([HUGE], np.uint64), 3), "lengths must be integers that fit"),
    (lambda: scratch.padding_mask([2 ** 70], 3), "lengths must be integers"),
    (lambda: pytorch.padding_mask([2 ** 70], 3), "lengths must be integers"),
    (lambda: scratch.padding_mask([True, 2], 3), "lengths must be integers, got bool"),
    (lambda: pytorch.padding_mask([True, 2], 3), "lengths must be integers"),
    (lambda: scratch.padding_mask([[1], [1, 2]], 3), "lengths must be integers"),
    (lambda: LSTM(2, np.uint8(100), rng=np.random.default_rng(0)),
     "hidden_size must be a positive integer that can be"),
    (lambda: pytorch.LSTM(2, np.uint8(100)), "hidden_size must be a positive integer that can be"),
])
def test_integers_that_do_not_fit_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        call()


def test_targets_of_any_width_are_ignored_by_their_value():
    for ignored in (-100, np.int16(-100), 255):
        targets = np.array([1, 255]).astype(np.uint8)
        loss, _ = CrossEntropy(ignore_index=ignored, reduction="sum").forward(np.zeros((2, 256)), targets)
        module = pytorch.CrossEntropy(ignore_index=ignored, reduction="sum")
        theirs = module(torch.zeros(2, 256), torch.from_numpy(targets))
        assert loss == pytest.approx(np.log(256) * (1 if ignored == 255 else 2))
        assert loss == pytest.approx(theirs.item(), rel=1e-6)


# --- Outputs written into ---------------------------------------------------------------------------------------------

@EVERY_LAYER
def test_an_output_written_into_changes_no_gradient(case):
    layer, args, options = made(case)
    outputs, cache = layer.forward(*args, **options)
    doutputs = cotangents(outputs)
    dinputs, grads = copy.deepcopy(layer.backward(doutputs, cache))
    for output in leaves(outputs):
        if np.ndim(output):
            output *= -0.5    # a dropout mask, say
    again, grads_again = layer.backward(doutputs, cache)
    for array, wanted in zip([*leaves(again), *grads_again.values()], [*leaves(dinputs), *grads.values()], strict=True):
        assert array is wanted is None or np.array_equal(array, wanted)


def test_pytorch_refuses_to_go_back_where_an_output_was_written_into():
    for layer in (pytorch.LSTM(2, 3), pytorch.RNN(2, 3), pytorch.GRU(2, 3)):
        x = torch.randn(2, 4, 2)
        wanted = layer(x)[0].sum()
        wanted.backward()
        gradient, layer.weight_hh.grad = layer.weight_hh.grad, None
        try:
            hs, _ = layer(x)
            total = hs.sum()
            hs *= 0.5
            total.backward()
        except RuntimeError as error:
            assert "inplace" in str(error)
        else:
            assert torch.equal(layer.weight_hh.grad, gradient)


def test_both_directions_share_nothing_with_their_layers():
    rng = np.random.default_rng(0)
    layer = Bidirectional(GRU(2, 3, rng=rng), GRU(2, 3, rng=rng))
    (hs, (first, _)), cache = layer.forward(np.ones((2, 4, 2), np.float32))
    assert not np.shares_memory(first, cache.forward_layer.h) and not np.shares_memory(hs, cache.forward_layer.h)
