"""The training loop: what it calls, keeps, refuses, and that it learns."""

import numpy as np
import pytest

from seqbook.scratch import SGD, Adam, CrossEntropy, SingleOutputRNN, fit


def quadratic(params):
    """Half the squared distance of the parameters from each batch."""
    def loss_and_grads(batch):
        error = params["a"] - batch
        return 0.5 * float(error @ error), {"a": error}
    return loss_and_grads


def test_history_holds_every_step_and_every_epoch():
    params = {"a": np.array([3.0, 4.0])}
    seen = []
    history = fit(quadratic(params), SGD(params, 0.5), [np.zeros(2)] * 2, epochs=3, progress=False,
                  evaluate=lambda: seen.append(params["a"].copy()) or len(seen))
    np.testing.assert_allclose(history.norm, 5 * 0.5 ** np.arange(6))
    np.testing.assert_allclose(history.loss, 12.5 * 0.25 ** np.arange(6))
    assert history.evaluations == [1, 2, 3]
    np.testing.assert_allclose(seen[0], [0.75, 1.0])


def test_clipping_is_applied_and_the_norm_before_it_kept():
    params = {"a": np.array([3.0, 4.0])}
    history = fit(quadratic(params), SGD(params, 1.0), [np.zeros(2)], clip=0.5, progress=False)
    np.testing.assert_allclose(params["a"], [2.7, 3.6])
    assert history.norm == [5.0]


def test_batches_may_be_a_function_of_the_epoch():
    params, epochs = {"a": np.zeros(2)}, []

    def batches(epoch):
        epochs.append(epoch)
        return (np.full(2, float(epoch)) for _ in range(2))
    history = fit(quadratic(params), SGD(params, 1.0), batches, epochs=2, progress=False)
    assert epochs == [0, 1] and history.loss == [0, 0, 1, 0]


def test_accumulated_batches_are_one_step_with_their_mean():
    """Five batches, two at a time: two full steps and one of the batch that is left."""
    params, batches = {"a": np.zeros(2)}, [np.full(2, float(n)) for n in range(5)]
    seen = {"a": np.zeros(2)}
    history = fit(quadratic(params), SGD(params, 0.5), batches, accumulate=2, progress=False)
    for group in (batches[:2], batches[2:4], batches[4:]):
        seen["a"] -= 0.5 * (seen["a"] - np.mean(group, axis=0))
    np.testing.assert_allclose(params["a"], seen["a"])
    assert len(history.loss) == 3 and history.loss[0] == pytest.approx((0 + 1) / 2)


def test_the_schedule_sets_the_rate_of_every_step():
    params = {"a": np.array([1.0, 0.0])}
    optimizer = SGD(params, 123.0)
    fit(quadratic(params), optimizer, [np.zeros(2)] * 2, epochs=2, progress=False,
        schedule=lambda step: 0.1 * (step + 1))
    np.testing.assert_allclose(params["a"], [0.9 * 0.8 * 0.7 * 0.6, 0])
    assert optimizer.lr == 0.4


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_loss_gone_wild_stops_before_the_parameters(bad):
    params = {"a": np.ones(2)}
    losses = iter([1.0, bad])
    with pytest.raises(FloatingPointError, match=f"the loss became {bad} at step 1"):
        fit(lambda batch: (next(losses), {"a": np.zeros(2)}), SGD(params, 1.0), [0, 0], progress=False)
    with pytest.raises(ValueError, match="grads must be finite"):
        fit(lambda batch: (1.0, {"a": np.array([0, bad])}), SGD(params, 1.0), [0], progress=False)
    np.testing.assert_array_equal(params["a"], 1)


def test_an_iterator_is_empty_in_its_second_epoch():
    params = {"a": np.zeros(2)}
    with pytest.raises(ValueError, match="batches must not be empty, got no batch in epoch 1"):
        fit(quadratic(params), SGD(params, 1.0), iter([np.ones(2)]), epochs=2, progress=False)


def test_progress_shows_the_epoch_and_the_loss(capfd):
    params = {"a": np.array([3.0, 4.0])}
    fit(quadratic(params), SGD(params, 0.5), [np.zeros(2)])
    shown = capfd.readouterr()
    assert "epoch 1/1" in shown.err and "loss=12.5" in shown.err and not shown.out
    fit(quadratic(params), SGD(params, 0.5), [np.zeros(2)], progress=False)
    assert not capfd.readouterr().err


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_network_learns_which_symbol_came_first(seed):
    """Only h carries the first step's symbol to the last: chance is a half."""
    rng = np.random.default_rng(seed)
    model, loss = SingleOutputRNN(2, 16, 2, rng=rng), CrossEntropy()

    def batch():
        x = rng.integers(0, 2, (32, 8))
        return np.eye(2, dtype=np.float32)[x], x[:, 0]

    def loss_and_grads(batch):
        x, targets = batch
        (o, _), cache = model.forward(x)
        value, loss_cache = loss.forward(o, targets)
        (do, _), _ = loss.backward(1.0, loss_cache)
        _, grads = model.backward((do, None), cache)
        return value, grads

    history = fit(loss_and_grads, Adam(model.params, 0.01), [batch() for _ in range(300)], clip=1.0, progress=False)
    x, targets = batch()
    (o, _), _ = model.forward(x)
    assert (o.argmax(axis=-1) == targets).mean() == 1.0
    assert history.loss[0] > 0.5 > 0.05 > history.loss[-1]
