"""The numerical gradient that students compare their own with."""

import numpy as np
import pytest

from seqbook.gradients import numerical_gradient
from seqbook.scratch import Linear


def test_it_is_the_gradient():
    rng = np.random.default_rng(0)
    x, weight, dy = rng.standard_normal((5, 3)), rng.standard_normal((2, 3)), rng.standard_normal((5, 2))
    found = numerical_gradient(lambda weight: (dy * np.tanh(x @ weight.T)).sum(), weight)
    assert found.shape == weight.shape
    np.testing.assert_allclose(found, (dy * (1 - np.tanh(x @ weight.T)**2)).T @ x, rtol=1e-7, atol=1e-8)
    assert numerical_gradient(np.sum, np.array(2.0)) == pytest.approx(1.0)
    assert numerical_gradient(np.sum, np.empty((0, 3))).shape == (0, 3)


def test_a_loss_may_find_the_array_by_itself_and_views_count():
    layer = Linear(3, 2, rng=np.random.default_rng(0), dtype=np.float64)
    x = np.random.default_rng(1).standard_normal((4, 3))
    found = numerical_gradient(lambda _: layer.forward(x)[0].sum(), layer.params["weight"])
    np.testing.assert_allclose(found, np.tile(x.sum(axis=0), (2, 1)), rtol=1e-7)
    whole = np.arange(6.0).reshape(2, 3)
    np.testing.assert_allclose(numerical_gradient(lambda row: (row**2).sum(), whole[1]), [6, 8, 10], rtol=1e-7)


def test_the_array_stays_as_it_was():
    weight = np.random.default_rng(0).standard_normal((3, 4))
    before = weight.copy()
    numerical_gradient(lambda weight: (weight**3).sum(), weight)
    assert np.array_equal(weight, before)

    def breaks(weight):
        if weight[1, 2] != before[1, 2]:
            raise KeyboardInterrupt
        return 0.0

    with pytest.raises(KeyboardInterrupt):
        numerical_gradient(breaks, weight)
    assert np.array_equal(weight, before)


@pytest.mark.parametrize(("f", "array", "said"), [
    (np.sum, np.ones(3, np.float32), "float64 array .* got float32"),
    (np.sum, np.ones(3, int), "got int64"),
    (np.sum, [1.0, 2.0], "got list"),
    (np.sum, np.broadcast_to(1.0, 3), "read-only"),
    (3.0, np.ones(3), "f must be a function of the array, got float"),
    (lambda a: a, np.ones(3), r"one number, got float64 of shape \(3,\)"),
    (lambda a: None, np.ones(3), "one number, got object"),
    (lambda a: a.sum() + 1j, np.ones(3), "one number, got complex128"),
])
def test_what_it_refuses(f, array, said):
    with pytest.raises(ValueError, match=said):
        numerical_gradient(f, array)
