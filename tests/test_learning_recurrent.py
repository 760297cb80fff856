"""What recurrent networks must and must not be able to learn, with their hand-written gradients, for three seeds."""

import numpy as np
import pytest

from seqbook.data import adding_problem
from seqbook.scratch import LSTM, MSE, RNN, Adam, Linear, fit
from seqbook.scratch.base import prefix

pytestmark = pytest.mark.slow
B, T, H = 64, 50, 24


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
    batches = (adding_problem(B, T, rng=rng) for _ in range(steps))
    history = fit(loss_and_grads, Adam(params, 0.01), lambda epoch: batches, clip=1.0, progress=False)
    return np.mean(history.loss[-100:])


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_adding_problem_is_solved_by_an_lstm_and_not_by_a_plain_rnn(seed):
    rng = np.random.default_rng(seed)
    lstm = LSTM(2, H, rng=rng)
    lstm.params["bias"][H:2 * H] = 1    # forget little at first
    assert learn_to_add(lstm, rng) < 0.02
    rng = np.random.default_rng(seed)
    assert learn_to_add(RNN(2, H, rng=rng), rng) > 0.1
