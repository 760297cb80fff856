"""A small training that `test_distributed.py` runs in one process and, under torchrun, in two.

    torchrun --nproc-per-node 2 tests/distributed_worker.py RESULT
"""

import sys
from pathlib import Path

import torch

from seqbook.pytorch import SGD, LanguageModel, distributed, fit

V, T, BATCH, STEPS = 7, 5, 6, 4


def model(seed):
    torch.manual_seed(seed)
    return LanguageModel(V, 8, 2, 12, 1, dtype=torch.float64)


def batches():
    generator = torch.Generator().manual_seed(0)
    return [(torch.randint(V, (BATCH, T), generator=generator), torch.randint(V, (BATCH, T), generator=generator))
            for _ in range(STEPS)]


def train(network, batches):
    """The history of a training with clipping, so that the norm of the whole gradient counts."""
    def loss(batch):
        ids, targets = batch
        return torch.nn.functional.cross_entropy(network(ids).flatten(0, 1), targets.flatten())
    return fit(loss, SGD(network.parameters(), lr=0.5, momentum=0.9), batches, clip=0.5, progress=False)


def main(path):
    with distributed.processes() as here:
        network = here.parallel(model(seed=here.rank))    # different starts: the first process's must win
        history = train(network, [here.share(batch) for batch in batches()])
        torch.save({"loss": [here.mean(loss) for loss in history.loss], "own_loss": history.loss,
                    "norm": history.norm, "state": network.module.state_dict()}, f"{path}.{here.rank}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
