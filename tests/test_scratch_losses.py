"""Losses: what is averaged over, and what ignored targets may and may not do."""

import math

import numpy as np
import pytest

from seqbook.scratch import MSE, CrossEntropy

B, T, V = 3, 5, 7


def test_equal_logits_cost_log_v():
    for reduction, factor in (("mean", 1), ("sum", B * T)):
        loss, cache = CrossEntropy(reduction=reduction).forward(np.zeros((B, T, V)), np.zeros((B, T), int))
        assert loss == pytest.approx(factor * math.log(V), abs=1e-12)
        np.testing.assert_allclose(cache.probs, 1 / V)


def test_ignored_targets_neither_count_nor_read_their_logits():
    rng = np.random.default_rng(0)
    logits, targets = rng.standard_normal((B, T, V)), rng.integers(0, V, (B, T))
    ignored = np.zeros((B, T), bool)
    ignored[1, 2:], ignored[2, 4] = True, True
    kept_loss, kept_cache = CrossEntropy().forward(logits[~ignored], targets[~ignored])
    (kept_gradient, _), _ = CrossEntropy().backward(1.0, kept_cache)
    for padding in (0.0, np.nan, np.inf):
        logits[ignored] = padding
        for index in (-100, 999):
            targets[ignored] = index
            loss, cache = CrossEntropy(ignore_index=index).forward(logits, targets)
            (dlogits, _), _ = CrossEntropy(ignore_index=index).backward(1.0, cache)
            assert loss == pytest.approx(kept_loss, abs=1e-14)
            np.testing.assert_allclose(dlogits[~ignored], kept_gradient, atol=1e-16)
            assert not dlogits[ignored].any()


def test_a_class_can_be_the_ignored_one():
    loss, _ = CrossEntropy(ignore_index=0).forward(np.array([[9.0, 0, 0], [0, 0, 9.0]]), np.array([0, 2]))
    assert loss == pytest.approx(math.log(1 + 2 * math.exp(-9)), abs=1e-14)


def test_all_ignored_is_zero_without_a_warning():
    for reduction in ("mean", "sum"):
        loss, cache = CrossEntropy(reduction=reduction).forward(np.ones((B, V)), np.full(B, -100))
        (dlogits, _), _ = CrossEntropy().backward(1.0, cache)
        assert loss == 0 and not dlogits.any()


def test_gradient_rows_sum_to_zero():
    rng = np.random.default_rng(0)
    _, cache = CrossEntropy().forward(rng.standard_normal((B, T, V)), rng.integers(0, V, (B, T)))
    (dlogits, _), _ = CrossEntropy().backward(1.0, cache)
    np.testing.assert_allclose(dlogits.sum(axis=-1), 0, atol=1e-16)


def test_mse_by_hand():
    prediction, target = np.array([[1.0, 2], [3, 4]]), np.array([[1.0, 0], [0, 0]])
    loss, cache = MSE().forward(prediction, target)
    assert loss == (4 + 9 + 16) / 4
    (dprediction, dtarget), _ = MSE().backward(2.0, cache)
    np.testing.assert_array_equal(dprediction, [[0, 2], [3, 4]])
    np.testing.assert_array_equal(dtarget, -dprediction)
    assert MSE(reduction="sum").forward(prediction, target)[0] == 29
