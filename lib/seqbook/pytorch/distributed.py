"""Training in several processes started by `torchrun`: each has the whole model and its share of every batch.

    from seqbook.pytorch import fit, distributed

    with distributed.processes() as here:
        model = here.parallel(Seq2Seq(...))
        fit(loss, AdamW(model.parameters()), [here.share(batch) for batch in batches], progress=here.rank == 0)

Run with `torchrun --nproc-per-node 2 train.py`. DistributedDataParallel starts all processes from the first one's
parameters and gives each the mean of all gradients, so every process takes the same step.
"""

import os
from contextlib import contextmanager
from typing import NamedTuple

import torch
from torch import distributed, nn


class Here(NamedTuple):
    """This process among all: number `rank` of `count`, computing on `device`."""

    rank: int
    count: int
    device: torch.device

    def parallel(self, model: nn.Module) -> nn.parallel.DistributedDataParallel:
        """The model on this process's device; its gradients are the mean over all processes. Itself is `.module`."""
        model = model.to(self.device)
        return nn.parallel.DistributedDataParallel(model, [self.device] if self.device.type == "cuda" else None)

    def share(self, batch):
        """This process's rows of a batch, on its device: a tensor (B, ...) or a tuple of such (None stays).

        All shares have the same size, B / count: only then is the mean of the processes' means that of the batch. (A
        mean over the unpadded tokens of ragged sequences is not a mean over rows: the shares then count alike.)
        """
        if isinstance(batch, (tuple, list)):
            return type(batch)(self.share(part) for part in batch)
        if batch is None:
            return None
        if not isinstance(batch, torch.Tensor) or batch.ndim == 0 or len(batch) % self.count or not len(batch):
            got = tuple(batch.shape) if isinstance(batch, torch.Tensor) else type(batch).__name__
            raise ValueError(f"batch must have shape (B, ...) with B a multiple of the {self.count} processes, "
                             f"got {got}")
        return batch.chunk(self.count)[self.rank].to(self.device)

    def mean(self, number: float) -> float:
        """The mean of every process's number, e.g. of their losses; all processes must call it."""
        total = torch.tensor(number, dtype=torch.float64, device=self.device)
        distributed.all_reduce(total)
        return total.item() / self.count


@contextmanager
def processes():
    """Join the processes that torchrun started, as `Here`: through NCCL where there are GPUs, else through Gloo."""
    missing = [name for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK") if name not in os.environ]
    if missing:
        raise ValueError(f"the environment must have {', '.join(missing)}: start the script with torchrun")
    gpu = torch.cuda.is_available()
    device = torch.device("cuda", int(os.environ["LOCAL_RANK"])) if gpu else torch.device("cpu")
    if gpu:
        torch.cuda.set_device(device)
    distributed.init_process_group("nccl" if gpu else "gloo")
    try:
        yield Here(distributed.get_rank(), distributed.get_world_size(), device)
    finally:
        distributed.destroy_process_group()
