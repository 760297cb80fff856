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
import torch
from safetensors import safe_open
from safetensors.numpy import save_file

from seqbook import pytorch
from seqbook.scratch import (
    RNN, SGD, Adam, AdamW, CrossEntropy, Dropout, SingleOutputRNN, Linear, fit, load_checkpoint, save_checkpoint,
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
               schedule=lambda step: 0.01 / (1 + step), evaluate=lambda: float(model.params["output.bias"].sum()),
               rng=rng)


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
    refused(path,
            "belongs to another model: params.rnn.weight_ih must be float32 of shape (6, 2), got float32 of (5, 2)",
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
    save_file(arrays, path,
              {"format": "seqbook checkpoint", "version": "2", "optimizer": "", "progress": json.dumps(None)})
    refused(path, "must have version 1, got '2'")


def test_a_failed_save_leaves_the_old_file(tmp_path):
    path, model = tmp_path / "a.safetensors", make()
    save_checkpoint(path, model.params, progress=1)
    with pytest.raises(TypeError):
        save_checkpoint(path, model.params, progress=object())
    assert load_checkpoint(path, model.params) == 1
    assert os.listdir(tmp_path) == [path.name]


def fitting(path, *, loss=float, rng=None, optimizer=SGD, lr=0.1, schedule=None, evaluate=None, epochs=2, seen=None):
    """Train a Linear with noise from rng; `seen` collects the steps made."""
    layer = Linear(2, 1, rng=np.random.default_rng(0))

    def step(batch):
        y, cache = layer.forward(batch)
        noise = 0 if rng is None else rng.random(y.shape, np.float32) + rng.integers(0, 9, y.shape, np.uint8)
        seen is None or seen.append(batch)
        return loss(y.sum()), layer.backward(np.asarray(np.ones_like(y) + noise, np.float32), cache)[1]
    history = fit(step, optimizer(layer.params, lr), [np.ones((1, 2), np.float32)] * 3, epochs=epochs, progress=False,
                  checkpoint=path, rng=rng, schedule=schedule, evaluate=evaluate)
    return history, layer


NUMBERS = {"float": float, "float32": np.float32, "float64": np.float64, "array": np.array, "tensor": torch.tensor}


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
@pytest.mark.parametrize("bits", ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"])
def test_any_number_and_any_generator_resume_bit_for_bit(number, bits, tmp_path):
    make = lambda seed: np.random.Generator(getattr(np.random, bits)(seed))
    options = {"loss": number, "lr": number(0.25), "schedule": lambda step: number(0.5 / (1 + step)),
               "evaluate": lambda: {"score": number(0.5), "all": np.arange(3, dtype=np.uint8), "best": np.bool_(True)}}
    whole, layer = fitting(None, rng=make(1), epochs=4, **options)
    fitting(tmp_path / "a", rng=make(1), epochs=2, **options)
    again, resumed = fitting(tmp_path / "a", rng=make(99), epochs=4, **options)
    assert again.loss == whole.loss and again.norm == whole.norm and type(again.loss[-1]) is float
    assert again.evaluations[0] == {"score": 0.5, "all": [0, 1, 2], "best": True}
    for name, array in layer.params.items():
        np.testing.assert_array_equal(resumed.params[name], array)


class Unnamed(SGD):
    """An optimiser with something that no file holds."""
    numbers = ("lr", "params")


@pytest.mark.parametrize("options, message", [
    ({"rng": np.random.RandomState(0)}, "rng must be a numpy.random.Generator"),
    ({"optimizer": Unnamed, "rng": None}, "optimizer cannot be kept in a checkpoint"),
])
def test_what_cannot_be_saved_is_refused_before_the_first_step(options, message, tmp_path):
    seen = []
    if options.get("optimizer") is Unnamed:
        options = {"optimizer": lambda params, lr:
                   setattr(found := SGD(params, lr), "numbers", ("lr", "step")) or found}
    with pytest.raises(ValueError, match=message):
        fitting(tmp_path / "a", seen=seen, **options)
    with pytest.raises(ValueError, match="checkpoint must be a file that can be written"):
        fitting(tmp_path, seen=seen)
    with pytest.raises(ValueError, match="optimizer must name its memory"):
        fitting(tmp_path / "a", seen=seen, optimizer=lambda params, lr: type("Own", (), {"params": params})())
    with pytest.raises(ValueError, match="optimizer must have `params`"):
        fitting(tmp_path / "a", seen=seen, optimizer=lambda params, lr: object())
    assert seen == [] and os.listdir(tmp_path) == []


def test_an_evaluation_that_cannot_be_saved_costs_no_work(tmp_path):
    with pytest.raises(ValueError, match=r"^the result of evaluate cannot be kept .*got object"):
        fitting(tmp_path / "a", evaluate=object)
    history, _ = fitting(tmp_path / "a", evaluate=lambda: 1.0)
    assert len(history.loss) == 6 and history.evaluations == [None, 1.0]    # the first epoch was not run again


def test_another_kind_of_generator_is_refused_and_nothing_is_changed(tmp_path):
    fitting(tmp_path / "a", rng=np.random.default_rng(0))
    layer = Linear(2, 1, rng=np.random.default_rng(5))
    before, rng = layer.params.copy(), np.random.Generator(np.random.MT19937(0))
    with pytest.raises(ValueError, match=r"rng must be a Generator\(PCG64\) as in .* got a Generator\(MT19937\)"):
        fit(print, SGD(layer.params, 0.1), [0], epochs=3, progress=False, checkpoint=tmp_path / "a", rng=rng)
    np.testing.assert_array_equal(before["bias"], layer.params["bias"])


@pytest.mark.parametrize("loss", [np.ones(1), None, True, "1", np.ones(2), 1j])
def test_a_loss_that_is_no_number_is_refused_by_name(loss):
    with pytest.raises(ValueError, match="^loss must be one number, got .* at step 0"):
        fitting(None, loss=lambda _: loss)


def test_progress_may_hold_numbers_of_any_kind(tmp_path):
    path, params = tmp_path / "a", {"a": np.ones(2)}
    progress = {"step": np.int64(3), np.int32(4): [np.float32(0.1), np.array(2.5), torch.tensor(7)], "table": np.eye(2)}
    save_checkpoint(path, params, progress=progress)
    assert load_checkpoint(path, params) == {
        "step": 3, "4": [float(np.float32(0.1)), 2.5, 7], "table": [[1, 0], [0, 1]]}
    for wrong in ({"a": object()}, [lambda: 0], {1, 2}):
        with pytest.raises(TypeError, match=r"^progress.* must be something JSON can hold"):
            save_checkpoint(path, params, progress=wrong)
    single = {"zero_d": np.array(3.0)}
    save_checkpoint(path, single)
    assert load_checkpoint(path, single) is None


@pytest.mark.parametrize("rename", [
    lambda name: f"_orig_mod.{name}", lambda name: f"module.{name}", lambda name: f"module._orig_mod.{name}",
    lambda name: f"_orig_mod.module.{name}", lambda name: name.replace("rnn.", "rnn._orig_mod."),
    lambda name: name.replace("rnn.", "rnn.module._orig_mod."),
])
def test_names_that_a_wrapper_left_in_a_file_are_read_over(rename, tmp_path):
    path, model, other = tmp_path / "a", make(), make()
    other.params.update({name: array + 1 for name, array in other.params.items()})
    optimizer = Adam(model.params)
    save_checkpoint(path, model.params, optimizer)
    with safe_open(path, "numpy") as file:
        arrays, metadata = {name: file.get_tensor(name) for name in file.keys()}, file.metadata()
    split = lambda name: name.split(".", 2 if name.startswith("optimizer") else 1)
    renamed = {".".join([*split(name)[:-1], rename(split(name)[-1])]): array for name, array in arrays.items()}
    save_file(renamed, path, metadata)
    load_checkpoint(path, other.params, Adam(other.params))
    for name, array in model.params.items():
        np.testing.assert_array_equal(other.params[name], array)


def test_bfloat16_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "a"
    pytorch.save_checkpoint(path, pytorch.RNN(2, 3, dtype=torch.bfloat16))
    layer = RNN(2, 3, rng=np.random.default_rng(0))
    before = layer.params.copy()
    with pytest.raises(ValueError, match=r"holds bfloat16 numbers, which NumPy has not .* save the model in float32"):
        load_checkpoint(path, layer.params)
    np.testing.assert_array_equal(before["bias"], layer.params["bias"])
    message = "b must be float16, float32 or float64 to be saved, got|array of floats, got int64 for b"
    with pytest.raises(ValueError, match=message):
        save_checkpoint(path, {"b": np.ones(2, int)})
