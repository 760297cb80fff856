"""The sum of two marked numbers: training and score of the model "adding"."""

import numpy as np

from seqbook.data import adding_problem
from seqbook.models.network import new_network
from seqbook.scratch import MSE, Adam, SequenceModel, fit

H, BATCH, STEPS, RATE = 16, 64, 6000, 1e-2
SHORTEST, LONGEST = 10, 60    # steps of the sequences to learn from
LENGTH, COUNT = 50, 2000      # steps and number of the sequences to be judged by
QUANTISE = False

TASK = "after every step, the sum of the marked numbers so far; the last output answers the adding problem"
DATA = "seqbook.data.adding_problem: drawn from the seed, nothing is loaded"
SPLIT = f"trained on {STEPS * BATCH} sequences of {SHORTEST} to {LONGEST} steps, judged on others"
LABELS = ["sum"]


def train(*, rng: np.random.Generator, steps=STEPS, progress=True) -> SequenceModel:
    """A network that tells the sum of the numbers marked so far after every step, learned from new sequences only."""
    network = new_network(H, 1, rng=rng, input_size=2)
    step = network.training_step(MSE())

    def loss_and_grads(x):
        loss, grads, _ = step(x, np.cumsum(x[..., 0] * x[..., 1], axis=1)[..., None])
        return loss, grads

    batches = (adding_problem(BATCH, int(rng.integers(SHORTEST, LONGEST + 1)), rng=rng)[0] for _ in range(steps))
    fit(loss_and_grads, Adam(network.params), lambda epoch: batches, clip=1.0, progress=progress,
        schedule=lambda step: RATE * (1 - step / steps))
    return network


def error(model, *, rng: np.random.Generator) -> float:
    """The mean squared error of the last output on 2,000 new sequences of 50 steps."""
    x, y = adding_problem(COUNT, LENGTH, rng=rng)
    outputs, _ = model.forward(x)
    return float(np.mean((outputs[:, -1] - y) ** 2))


def build(rng: np.random.Generator) -> tuple[SequenceModel, None]:
    """The trained network; it needs no vocabulary."""
    return train(rng=rng), None


def score(model) -> dict:
    """What the card claims, measured."""
    return {
        "name": "mean squared error",
        "meaning": f"of the last output on {COUNT} new sequences of {LENGTH} steps; 0 is perfect",
        "value": error(model, rng=np.random.default_rng(1)),
        "tolerance": 1e-3,
        "baselines": {"always 1": 1 / 6},
    }
