"""What recurrent networks must and must not be able to learn, with their hand-written gradients, for three seeds."""

import numpy as np
import pytest

from seqbook.scratch import LSTM, MSE, RNN, Adam, Linear, fit
from seqbook.scratch.base import prefix

pytestmark = pytest.mark.slow
B, T, H = 64, 50, 24


def adding_batch(rng):
    """x (B, T, 2): numbers from U(0, 1) and marks on two of them, one in each half; y (B, 1): the sum of the two.

    The adding problem of Hochreiter and Schmidhuber (1997). To answer 1 always costs 1/6.
    """
    x = np.zeros((B, T, 2), np.float32)
    x[..., 0] = rng.random((B, T))
    first, second = rng.integers(0, T // 2, B), rng.integers(T // 2, T, B)
    x[np.arange(B), first, 1] = x[np.arange(B), second, 1] = 1
    return x, (x[..., 0] * x[..., 1]).sum(axis=1, keepdims=True)


def learn_to_add(layer, rng, steps=1200):
    """The mean loss of the last 100 of `steps` steps, each on new sequences."""
    output, mse = Linear(H, 1, rng=rng), MSE()

    def loss_and_grads(batch):
        x, y = batch
        (hs, _), cache = layer.forward(x)
        o, output_cache = output.forward(hs[:, -1])
        loss, loss_cache = mse.forward(o, y)
        (do, _), _ = mse.backward(1.0, loss_cache)
        dhs = np.zeros_like(hs)
        dhs[:, -1], output_grads = output.backward(do, output_cache)
        _, grads = layer.backward((dhs, None), cache)
        return loss, {**prefix("layer", grads), **prefix("output", output_grads)}

    params = {**prefix("layer", layer.params), **prefix("output", output.params)}
    history = fit(loss_and_grads, Adam(params, 0.01), lambda epoch: (adding_batch(rng) for _ in range(steps)), clip=1.0,
                  progress=False)
    return np.mean(history.loss[-100:])


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_adding_problem_is_solved_by_an_lstm_and_not_by_a_plain_rnn(seed):
    rng = np.random.default_rng(seed)
    lstm = LSTM(2, H, rng=rng)
    lstm.params["bias"][H:2 * H] = 1    # forget little at first
    assert learn_to_add(lstm, rng) < 0.02
    rng = np.random.default_rng(seed)
    assert learn_to_add(RNN(2, H, rng=rng), rng) > 0.1
