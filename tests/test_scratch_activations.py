"""Stable arithmetic: values at the ends of the number line against high precision, without a warning."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from seqbook.scratch import (
    GELU, CrossEntropy, ReLU, Sigmoid, Softmax, Tanh, gelu, log_softmax, relu, sigmoid, softmax, tanh,
)

DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])
numbers = arrays(np.float64, array_shapes(min_dims=1, max_dims=3, max_side=5),
                 elements=st.floats(-1e4, 1e4, allow_nan=False))


@DTYPES
@pytest.mark.parametrize("layer", [Tanh(), Sigmoid(), ReLU(), GELU(), GELU("tanh"), Softmax(), Softmax(0)], ids=repr)
def test_layers_stay_finite_at_ten_thousand(layer, dtype):
    x = np.array([[-1e4, -100, -1, 0], [0, 1, 100, 1e4]], dtype)
    y, cache = layer.forward(x)
    dx, grads = layer.backward(np.ones_like(x), cache)
    assert np.isfinite(y).all() and np.isfinite(dx).all() and grads == {}
    assert y.dtype == dx.dtype == dtype


@DTYPES
def test_sigmoid_keeps_small_probabilities(dtype):
    np.testing.assert_array_equal(sigmoid(np.array([-1e4, 0, 1e4], dtype)), np.array([0, 0.5, 1], dtype))
    np.testing.assert_allclose(sigmoid(np.array([-40.0], dtype)), math.exp(-40), rtol=1e-6)


def test_functions_at_known_points():
    x = np.array([-2.0, 0.0, 0.5])
    np.testing.assert_allclose(tanh(x), [math.tanh(v) for v in x], rtol=1e-15)
    np.testing.assert_array_equal(relu(x), [0, 0, 0.5])
    np.testing.assert_allclose(gelu(x), [v * 0.5 * math.erfc(-v / math.sqrt(2)) for v in x], rtol=1e-14)
    assert np.abs(gelu(x, "tanh") - gelu(x)).max() < 1e-3 < 1e3 * np.abs(gelu(x, "tanh") - gelu(x)).max()


@given(numbers, st.floats(-1e4, 1e4))
def test_softmax_is_a_distribution_that_ignores_a_common_shift(x, shift):
    p = softmax(x)
    np.testing.assert_allclose(p.sum(axis=-1), 1, atol=1e-12)
    assert (p >= 0).all()
    np.testing.assert_allclose(softmax(x + shift), p, atol=1e-10)
    np.testing.assert_allclose(np.exp(log_softmax(x)), p, atol=1e-12)
    np.testing.assert_allclose(softmax(x, axis=0), np.moveaxis(softmax(np.moveaxis(x, 0, -1)), -1, 0))


@DTYPES
def test_log_softmax_is_finite_where_softmax_is_zero(dtype):
    x = np.array([-1e4, 1e4], dtype)
    assert softmax(x)[0] == 0
    np.testing.assert_array_equal(log_softmax(x), np.array([-2e4, 0], dtype))


@DTYPES
def test_cross_entropy_at_ten_thousand(dtype):
    logits = np.array([[1e4, -1e4], [-1e4, 1e4]], dtype)
    loss, cache = CrossEntropy(reduction="sum").forward(logits, np.array([1, 1]))
    assert loss == 2e4
    (dlogits, dtargets), grads = CrossEntropy(reduction="sum").backward(1.0, cache)
    np.testing.assert_array_equal(dlogits, np.array([[1, -1], [0, 0]], dtype))
    assert dlogits.dtype == dtype and dtargets is None and grads == {}
