"""Optimisers equal PyTorch's step by step; clipping keeps directions."""

import copy

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seqbook.scratch import SGD, Adam, AdamW, clip_grad_norm, warmup

SHAPES = {"weight": (3, 2), "bias": (4,)}
OPTIMISERS = [
    (lambda params: SGD(params, 0.1), lambda tensors: torch.optim.SGD(tensors, 0.1)),
    (lambda params: SGD(params, 0.1, momentum=0.9), lambda tensors: torch.optim.SGD(tensors, 0.1, momentum=0.9)),
    (lambda params: Adam(params), lambda tensors: torch.optim.Adam(tensors)),
    (lambda params: Adam(params, 0.1, betas=(0.5, 0.8), eps=0.01),
     lambda tensors: torch.optim.Adam(tensors, 0.1, betas=(0.5, 0.8), eps=0.01)),
    (lambda params: AdamW(params, 0.1, weight_decay=0.3),
     lambda tensors: torch.optim.AdamW(tensors, 0.1, weight_decay=0.3)),
]


def draw(rng, dtype):
    return {name: rng.standard_normal(shape).astype(dtype) for name, shape in SHAPES.items()}


@pytest.mark.parametrize("ours, theirs", OPTIMISERS, ids=["SGD", "momentum", "Adam", "Adam, other settings", "AdamW"])
@pytest.mark.parametrize("dtype, tolerance", [(np.float64, 1e-14), (np.float32, 1e-6)])
def test_ten_steps_as_pytorch_takes_them(ours, theirs, dtype, tolerance):
    rng = np.random.default_rng(0)
    params = draw(rng, dtype)
    arrays = dict(params)
    tensors = [torch.tensor(array, requires_grad=True) for array in params.values()]
    optimizer, reference = ours(params), theirs(tensors)
    for step in range(10):
        grads = draw(rng, dtype)
        kept = copy.deepcopy(grads)
        if step == 5:    # the rate may change on the way
            optimizer.lr = 0.02
            reference.param_groups[0]["lr"] = 0.02
        for tensor, grad in zip(tensors, grads.values()):
            tensor.grad = torch.from_numpy(grad.copy())
        optimizer.step(grads)
        reference.step()
        for name, tensor in zip(params, tensors):
            np.testing.assert_allclose(params[name], tensor.detach().numpy(), atol=tolerance)
            np.testing.assert_array_equal(grads[name], kept[name])
            assert params[name] is arrays[name] and params[name].dtype == dtype


@given(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3), st.integers(0, 9))
def test_clipping_scales_all_gradients_alike(max_norm, size, seed):
    grads = {name: size * grad for name, grad in draw(np.random.default_rng(seed), np.float64).items()}
    kept = copy.deepcopy(grads)
    clipped, norm = clip_grad_norm(grads, max_norm)
    flat, flat_clipped = (np.concatenate([g.ravel() for g in tree.values()]) for tree in (grads, clipped))
    assert norm == pytest.approx(np.linalg.norm(flat), rel=1e-12)
    assert np.linalg.norm(flat_clipped) == pytest.approx(min(norm, max_norm), rel=1e-12)
    np.testing.assert_allclose(flat_clipped * max(1, norm / max_norm), flat, rtol=1e-12)
    for name in grads:
        np.testing.assert_array_equal(grads[name], kept[name])


def test_clipping_float32_whose_squares_overflow():
    clipped, norm = clip_grad_norm({"a": np.array([3e30, 4e30], np.float32)}, 1.0)
    assert norm == pytest.approx(5e30, rel=1e-6) and clipped["a"].dtype == np.float32
    np.testing.assert_allclose(clipped["a"], [0.6, 0.8], rtol=1e-6)


def test_clipping_nothing():
    clipped, norm = clip_grad_norm({"a": np.zeros(3)}, 1.0)
    assert norm == 0 and not clipped["a"].any()


def test_warmup_climbs_to_its_peak_and_falls_with_the_root():
    schedule = warmup(0.5, 4)
    np.testing.assert_allclose([schedule(step) for step in range(4)], [0.125, 0.25, 0.375, 0.5])
    assert schedule(15) == 0.25 and max(map(schedule, range(100))) == 0.5
    model_size, steps = 512, 4000    # Vaswani et al. (2017), equation 3
    paper = warmup((model_size * steps) ** -0.5, steps)
    for step in (1, 100, 4000, 100000):
        assert paper(step - 1) == pytest.approx(model_size ** -0.5 * min(step ** -0.5, step * steps ** -1.5))


SIZES = [5e-324, 1e-200, 1e-30, 1.0, 1e20, 1e200, 1.7e308]


@pytest.mark.parametrize("size", SIZES)
def test_gradients_of_any_size_are_clipped_to_the_norm_asked_for(size):
    grads = {"a": np.full((2, 2), size), "b": np.array([-size, 0.0])}
    clipped, norm = clip_grad_norm(grads, 1e-3 if size >= 1e-3 else size / 4 or size)
    if size > 1e-300:
        flat = np.concatenate([clipped["a"].ravel(), clipped["b"]])
        wanted = 1e-3 if size >= 1e-3 else size / 4
        np.testing.assert_allclose(flat, np.array([1, 1, 1, 1, -1, 0]) * wanted / 5 ** 0.5, rtol=1e-12)
    assert norm == (np.inf if size > 1e308 else pytest.approx(size * 5 ** 0.5, rel=1e-12, abs=5e-324))
    assert not np.isnan(clipped["a"]).any()


def test_gradients_of_several_dtypes_keep_theirs():
    grads = {"half": np.full(3, 6e4, np.float16), "single": np.full(3, 3e38, np.float32), "double": np.full(3, 1e300)}
    clipped, norm = clip_grad_norm(grads, 1.0)
    assert {name: grad.dtype for name, grad in clipped.items()} == {name: grad.dtype for name, grad in grads.items()}
    np.testing.assert_allclose(clipped["double"], 3 ** -0.5, rtol=1e-12)
    assert not clipped["half"].any() and norm == pytest.approx(3 ** 0.5 * 1e300)
    clipped, _ = clip_grad_norm({"half": np.full(4, 6e4, np.float16), "single": np.full(4, 6e4, np.float32)}, 8 ** 0.5)
    assert clipped["half"].tolist() == clipped["single"].tolist() == [1] * 4


def test_what_is_not_clipped_is_a_copy_with_the_same_bits():
    grads = {"a": np.array([1e-40, 3.0], np.float32)}
    clipped, _ = clip_grad_norm(grads, 10.0)
    assert clipped["a"].tobytes() == grads["a"].tobytes() and not np.shares_memory(clipped["a"], grads["a"])


@pytest.mark.parametrize("number", [np.float32, np.float64, lambda value: np.array(value), torch.tensor], ids=[
    "float32", "float64", "array", "tensor"])
@pytest.mark.parametrize("kind", [SGD, Adam, AdamW])
def test_a_rate_of_any_kind_of_number_is_pythons(kind, number):
    """A float64 of NumPy would make a step of float32 parameters one in float64."""
    rng = np.random.default_rng(0)
    params, grads = draw(rng, np.float32), draw(rng, np.float32)
    others = copy.deepcopy(params)
    optimizer, reference = kind(params, number(0.25)), kind(others, 0.25)
    assert type(optimizer.lr) is float
    for _ in range(3):
        optimizer.lr = number(0.25)
        optimizer.step(grads)
        reference.step(grads)
    for name in params:
        np.testing.assert_array_equal(params[name], others[name])
