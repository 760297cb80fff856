"""Checkpoints: whole or refused, and a resumed training that cannot be told from one never interrupted."""

import json
import os
import re
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from safetensors.numpy import save_file

from seqbook.scratch import (
    RNN, SGD, Adam, AdamW, CrossEntropy, Dropout, SingleOutputRNN, fit, load_checkpoint, save_checkpoint,
)


def make(hidden=5, dtype=np.float32):
    return SingleOutputRNN(2, hidden, 3, rng=np.random.default_rng(0), dtype=dtype)


OPTIMISERS = {
    "SGD": lambda params: SGD(params, 0.1), "momentum": lambda params: SGD(params, 0.1, momentum=0.9),
    "Adam": lambda params: Adam(params, 0.01), "AdamW": lambda params: AdamW(params, 0.01),
}


def training(model, optimizer, rng, epochs, checkpoint=None, stop=None):
    """Train on batches of one epoch's own order, with dropout, and break off at step `stop`."""
    loss, dropout = CrossEntropy(), Dropout(0.3)
    data = np.random.default_rng(1)
    x, targets = data.standard_normal((12, 4, 2)).astype(np.float32), data.integers(0, 3, 12)
    calls = iter(range(10 ** 6))

    def batches(epoch):
        order = np.random.default_rng(epoch).permutation(12).reshape(4, 3)
        return [(x[rows], targets[rows]) for rows in order]

    def loss_and_grads(batch):
        if next(calls) == stop:
            raise KeyboardInterrupt
        x, targets = batch
        (o, _), cache = model.forward(x)
        o, mask = dropout.forward(o, rng)
        value, loss_cache = loss.forward(o, targets)
        (do, _), _ = loss.backward(1.0, loss_cache)
        do, _ = dropout.backward(do, mask)
        _, grads = model.backward((do, None), cache)
        return value, grads
    return fit(loss_and_grads, optimizer, batches, epochs=epochs, clip=1.0, progress=False, checkpoint=checkpoint,
               schedule=lambda step: 0.01 / (1 + step), evaluate=lambda: float(model.params["output.bias"].sum()), rng=rng)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_a_resumed_training_is_the_uninterrupted_one_bit_for_bit(name, tmp_path):
    whole = make()
    history = training(whole, OPTIMISERS[name](whole.params), np.random.default_rng(2), epochs=5)
    path = tmp_path / "run.safetensors"
    broken = make()
    with pytest.raises(KeyboardInterrupt):
        training(broken, OPTIMISERS[name](broken.params), np.random.default_rng(2), 5, path, stop=10)    # third epoch
    resumed = make()
    rng = np.random.default_rng(99)    # its state, too, comes from the checkpoint
    again = training(resumed, OPTIMISERS[name](resumed.params), rng, 5, path)
    for key in whole.params:
        np.testing.assert_array_equal(resumed.params[key], whole.params[key])
    assert again == history and len(history.loss) == 20 and len(history.evaluations) == 5
    finished = make()
    assert training(finished, OPTIMISERS[name](finished.params), rng, 5, path, stop=0) == history    # nothing is run
    np.testing.assert_array_equal(finished.params["output.bias"], whole.params["output.bias"])
    assert os.listdir(tmp_path) == [path.name]


def test_a_killed_process_leaves_a_whole_checkpoint(tmp_path):
    """Killed without warning while it does nothing but save, again and again."""
    path = tmp_path / "run.safetensors"
    script = textwrap.dedent(f"""
        import numpy as np
        from seqbook.scratch import Linear, save_checkpoint
        layer = Linear(300, 300, rng=np.random.default_rng(0))
        for step in range(10 ** 9):
            layer.params["bias"] = np.full(300, step)
            save_checkpoint({str(path)!r}, layer.params, progress=step)
            print(step, flush=True)
    """)
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if int(line) >= 20:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    from seqbook.scratch import Linear
    layer = Linear(300, 300, rng=np.random.default_rng(1))
    step = load_checkpoint(path, layer.params)
    assert step >= 20
    np.testing.assert_array_equal(layer.params["bias"], np.float32(step))


def test_weights_alone_can_be_read_from_a_training_checkpoint(tmp_path):
    path, model = tmp_path / "a.safetensors", make()
    save_checkpoint(path, model.params, Adam(model.params), {"note": "hello"})
    other = make()
    other.params.update({name: array + 1 for name, array in model.params.items()})
    assert load_checkpoint(path, other.params) == {"note": "hello"}
    for name in model.params:
        np.testing.assert_array_equal(other.params[name], model.params[name])


def refused(path, message, model=None, optimizer=None, error=ValueError):
    """Loading fails with `message` and changes neither parameters nor optimiser."""
    model = make() if model is None else model
    before = {name: array.copy() for name, array in model.params.items()}
    steps = getattr(optimizer, "steps", None)
    with pytest.raises(error, match=re.escape(message)):
        load_checkpoint(path, model.params, optimizer)
    for name in before:
        np.testing.assert_array_equal(model.params[name], before[name])
    assert getattr(optimizer, "steps", None) == steps


def test_damaged_and_foreign_files_are_refused(tmp_path):
    path, model = tmp_path / "a.safetensors", make()
    optimizer = Adam(model.params)
    optimizer.step({name: np.ones_like(array) for name, array in model.params.items()})
    save_checkpoint(path, model.params, optimizer)
    whole = path.read_bytes()
    for size in (0, 5, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        refused(path, "is no whole safetensors file")
    path.write_bytes(b"not safetensors at all" * 10)
    refused(path, "is no whole safetensors file")
    path.write_bytes(whole)
    refused(path, "belongs to another model: params.rnn.weight_ih must be float32 of shape (6, 2), got float32 of (5, 2)",
            make(hidden=6))
    refused(path, "params.rnn.weight_ih must be float64 of shape (5, 2), got float32", make(dtype=np.float64))
    refused(path, "it lacks ['params.bias'", RNN(2, 5, rng=np.random.default_rng(0)))
    sgd = make()
    refused(path, "must hold the memory of SGD, got that of Adam", sgd, SGD(sgd.params, 0.1))
    save_checkpoint(path, model.params)
    refused(path, "must hold the memory of Adam, got that of no optimiser", model, optimizer)
    refused(tmp_path / "missing", "there is no checkpoint", error=FileNotFoundError)
    arrays = {f"params.{name}": array for name, array in model.params.items()}
    save_file(arrays, path)
    refused(path, "is no seqbook checkpoint, got the format None")
    save_file(arrays, path, {"format": "seqbook checkpoint", "version": "2", "optimizer": "", "progress": json.dumps(None)})
    refused(path, "must have version 1, got '2'")


def test_a_failed_save_leaves_the_old_file(tmp_path):
    path, model = tmp_path / "a.safetensors", make()
    save_checkpoint(path, model.params, progress=1)
    with pytest.raises(TypeError):
        save_checkpoint(path, model.params, progress=object())
    assert load_checkpoint(path, model.params) == 1
    assert os.listdir(tmp_path) == [path.name]
