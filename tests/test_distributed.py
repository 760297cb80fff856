"""Two processes under torchrun end where one process on the whole batch ends."""

import os
import subprocess
import sys

import pytest
import torch

from seqbook.pytorch import distributed
from tests import distributed_worker as worker

LOOPBACK = ["--rdzv-backend", "c10d", "--rdzv-endpoint", "127.0.0.1:0", "--local-addr", "127.0.0.1"]


def test_two_processes_give_the_result_of_one(tmp_path):
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo", "CUDA_VISIBLE_DEVICES": ""}
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", *LOOPBACK, worker.__file__]
    done = subprocess.run([*command, tmp_path / "result"], env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    first, second = (torch.load(tmp_path / f"result.{rank}") for rank in (0, 1))
    network = worker.model(seed=0)
    history = worker.train(network, worker.batches())
    for result in (first, second):
        torch.testing.assert_close(result["loss"], history.loss, rtol=0, atol=1e-12)
        torch.testing.assert_close(result["norm"], history.norm, rtol=0, atol=1e-12)
        torch.testing.assert_close(result["state"], network.state_dict(), rtol=0, atol=1e-12)
    torch.testing.assert_close(first["state"], second["state"], rtol=0, atol=0)
    assert first["own_loss"] != second["own_loss"]    # each saw its own share
    assert min(history.norm) > 0.5                    # clipping happened


HERE = distributed.Here(1, 2, torch.device("cpu"))


def test_shares_are_equal_parts_of_the_rows():
    ids, x = torch.arange(4), torch.arange(8.0).reshape(4, 2)
    shares = [HERE._replace(rank=rank).share((ids, x, None)) for rank in (0, 1)]
    assert all(share[2] is None for share in shares)
    for whole, *parts in zip((ids, x), *shares):
        assert len(parts[0]) == len(parts[1]) == 2
        torch.testing.assert_close(torch.cat(parts), whole)


@pytest.mark.parametrize("batch, got", [(torch.ones(3, 2), r"\(3, 2\)"), (torch.ones(0, 2), r"\(0, 2\)"),
                                        (torch.tensor(1.0), r"\(\)"), ("text", "str")])
def test_a_batch_that_cannot_be_shared_is_refused(batch, got):
    with pytest.raises(ValueError, match=f"B a multiple of the 2 processes, got {got}"):
        HERE.share((torch.ones(4), batch))


def test_a_script_started_without_torchrun_is_told_so(monkeypatch):
    for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ValueError, match="must have RANK, WORLD_SIZE, LOCAL_RANK: start the script with torchrun"):
        with distributed.processes():
            pass
