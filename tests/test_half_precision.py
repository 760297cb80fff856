"""Sums of half precision are taken in float32, and rows with a large mean are normalised as rows without."""

import numpy as np
import pytest
import torch

from seqbook import pytorch, scratch

HALF = [(torch.float16, 5e-3), (torch.bfloat16, 3e-2)]


@pytest.mark.parametrize("value, E", [
    (12345.678, 4096), (10000.1, 512), (1234.567, 768), (123.456, 768), (33.3, 4096), (1e30, 768)])
def test_a_row_of_equal_numbers_comes_out_as_the_bias(value, E):
    for dtype in (np.float32, np.float64):
        x = np.full((2, E), value, dtype)
        ours = scratch.LayerNorm(E, dtype=dtype)
        theirs = pytorch.LayerNorm(E, dtype=getattr(torch, np.dtype(dtype).name))
        ours.params["bias"] = np.arange(E)
        theirs.bias.data += torch.arange(E)
        np.testing.assert_array_equal(ours.forward(x)[0], np.tile(np.arange(E, dtype=dtype), (2, 1)))
        np.testing.assert_array_equal(theirs(torch.from_numpy(x)).detach(), np.tile(np.arange(E, dtype=dtype), (2, 1)))


def test_a_large_mean_costs_no_digits_but_those_of_the_numbers():
    x = (np.random.default_rng(0).standard_normal((4, 512)) + 1e4).astype(np.float32)
    exact, _ = scratch.LayerNorm(512, dtype=np.float64).forward(x.astype(np.float64))
    np.testing.assert_allclose(scratch.LayerNorm(512).forward(x)[0], exact, atol=2e-6)
    np.testing.assert_allclose(pytorch.LayerNorm(512)(torch.from_numpy(x)).detach(), exact, atol=2e-6)


@pytest.mark.parametrize("dtype, bound", HALF)
@pytest.mark.parametrize("size, mean", [(1, 0), (100, 0), (1000, 0), (1, 20)])
def test_layer_norm_in_half_precision(dtype, bound, size, mean):
    x = (torch.randn(4, 64, generator=torch.Generator().manual_seed(0)) * size + mean).to(dtype)
    found = pytorch.LayerNorm(64, dtype=dtype)(x)
    assert found.dtype == dtype
    assert (found - torch.nn.functional.layer_norm(x.double(), (64,))).abs().max() < bound


@pytest.mark.parametrize("dtype", [dtype for dtype, _ in HALF])
def test_losses_in_half_precision_do_not_overflow(dtype):
    logits, targets = torch.zeros(30000, 100, dtype=dtype, requires_grad=True), torch.zeros(30000, dtype=torch.long)
    for reduction, wanted in (("mean", np.log(100)), ("sum", 30000 * np.log(100))):
        assert pytorch.CrossEntropy(reduction=reduction)(logits, targets).item() == pytest.approx(wanted, rel=1e-5)
    far = torch.full((10,), 300.0, dtype=dtype)
    assert pytorch.MSE()(far, -far).item() == 360000


@pytest.mark.parametrize("dtype, bound", HALF)
def test_attention_in_half_precision_does_not_overflow(dtype, bound):
    q, k, v = (60 * torch.randn(3, 2, 2, 5, 64, generator=torch.Generator().manual_seed(0))).to(dtype)
    exact = pytorch.attention.attend(q.double(), k.double(), v.double(), None, "math")
    for backend in ("math", "fused"):
        found = pytorch.attention.attend(q, k, v, None, backend)
        assert found.dtype == dtype and (found - exact).abs().max() < 60 * bound
    weights, _ = pytorch.scores.attend(pytorch.DotScore().compare(q[0], k[0]), v[0])
    assert torch.isfinite(weights).all() and weights.dtype == dtype


def test_softmax_of_many_numbers_in_float16():
    x = np.zeros(70000, np.float16)
    assert scratch.softmax(x).dtype == scratch.log_softmax(x).dtype == np.float16
    np.testing.assert_allclose(scratch.softmax(x).astype(float).sum(), 1, rtol=1e-2)
    np.testing.assert_allclose(scratch.log_softmax(x)[0], -np.log(70000), rtol=1e-3)
