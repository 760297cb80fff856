"""PyTorch's checkpoints: whole or refused, and a resumed training that cannot be told from one never interrupted."""

import os
import re

import numpy as np
import pytest
import torch
from safetensors import safe_open
from torch import nn

from seqbook import pytorch, scratch
from seqbook.pytorch import SGD, Adam, AdamW, CrossEntropy, Dropout, Linear, fit, load_checkpoint, save_checkpoint

OPTIMISERS = {
    "SGD": lambda model: SGD(model.parameters(), 0.1),
    "momentum": lambda model: SGD(model.parameters(), 0.1, momentum=0.9),
    "Adam": lambda model: Adam(model.parameters(), 0.01),
    "AdamW": lambda model: AdamW(
        [{"params": model[0].parameters(), "lr": 0.02}, {"params": model[2].parameters()}], 0.01),
}


def make(hidden=5, dtype=torch.float32):
    torch.manual_seed(0)
    return nn.Sequential(Linear(2, hidden, dtype=dtype), Dropout(0.3), Linear(hidden, 3, dtype=dtype))


def training(model, optimizer, epochs, checkpoint=None, stop=None, rng=None):
    """Train on batches of one epoch's own order, with dropout, and break off at step `stop`."""
    data = np.random.default_rng(1)
    x = torch.from_numpy(data.standard_normal((12, 2)).astype(np.float32))
    targets, calls = torch.from_numpy(data.integers(0, 3, 12)), iter(range(10 ** 6))

    def batches(epoch):
        return np.random.default_rng(epoch).permutation(12).reshape(6, 2)

    def loss(rows):
        if next(calls) == stop:
            raise KeyboardInterrupt
        noise = 0 if rng is None else torch.rand(2, 3, generator=rng)
        return CrossEntropy()(model(x[rows]) + noise, targets[rows])
    return fit(loss, optimizer, batches, epochs=epochs, clip=1.0, progress=False, accumulate=2, checkpoint=checkpoint,
               model=model, schedule=lambda step: 0.01 / (1 + step), rng=rng,
               evaluate=lambda: float(model[2].bias.detach().sum()))


def assert_equal(model, other):
    for name, tensor in model.state_dict().items():
        assert torch.equal(other.state_dict()[name], tensor), name


def assert_same_memory(optimizer, other):
    ours, theirs = optimizer.state_dict(), other.state_dict()
    assert ours["param_groups"] == theirs["param_groups"] and ours["state"].keys() == theirs["state"].keys()
    for index, slots in ours["state"].items():
        assert slots.keys() == theirs["state"][index].keys()
        assert all(value is theirs["state"][index][slot] is None or torch.equal(value, theirs["state"][index][slot])
                   for slot, value in slots.items())


@pytest.mark.parametrize("own", [False, True], ids=["PyTorch's generator", "a generator of one's own"])
@pytest.mark.parametrize("name", OPTIMISERS)
def test_a_resumed_training_is_the_uninterrupted_one_bit_for_bit(name, own, tmp_path):
    def run(model, seed, checkpoint=None, stop=None):
        torch.manual_seed(seed)
        rng = torch.Generator().manual_seed(seed) if own else None
        model.train()
        if own:
            model[1].eval()    # all chance comes from rng
        optimizer = OPTIMISERS[name](model)
        return training(model, optimizer, 5, checkpoint, stop, rng), optimizer

    whole, broken, resumed, finished = (make() for _ in range(4))
    path = tmp_path / "run.safetensors"
    history, optimizer = run(whole, 2)
    with pytest.raises(KeyboardInterrupt):
        run(broken, 2, path, stop=15)    # in the third epoch
    again, optimizer_again = run(resumed, 99, path)    # the generator's state, too, comes from the checkpoint
    assert_equal(whole, resumed)
    assert again == history and len(history.loss) == 15 and len(history.evaluations) == 5
    assert_same_memory(optimizer, optimizer_again)
    assert run(finished, 99, path, stop=0)[0] == history    # nothing is run
    assert_equal(whole, finished)
    assert os.listdir(tmp_path) == [path.name]


def test_both_packages_read_each_others_weights(tmp_path):
    path, module = tmp_path / "a.safetensors", pytorch.LSTM(2, 5)
    save_checkpoint(path, module, Adam(module.parameters()), {"note": "hello"})
    layer = scratch.LSTM(2, 5, rng=np.random.default_rng(0))
    assert scratch.load_checkpoint(path, layer.params) == {"note": "hello"}
    for name, tensor in module.state_dict().items():
        np.testing.assert_array_equal(layer.params[name], tensor)
    layer.params["bias"] = layer.params["bias"] + 1
    scratch.save_checkpoint(path, layer.params, scratch.Adam(layer.params))
    load_checkpoint(path, module)
    np.testing.assert_array_equal(module.bias.detach(), layer.params["bias"])
    with pytest.raises(ValueError, match="must hold the memory of torch.optim.Adam, got that of Adam"):
        load_checkpoint(path, module, Adam(module.parameters()))


def refused(path, message, model, optimizer=None, error=ValueError):
    """Loading fails with `message` and changes neither the model nor the optimiser."""
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    memory = str(optimizer and optimizer.state_dict())
    with pytest.raises(error, match=re.escape(message)):
        load_checkpoint(path, model, optimizer)
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, before[name])
    assert str(optimizer and optimizer.state_dict()) == memory


def test_damaged_and_foreign_files_are_refused(tmp_path):
    path, model = tmp_path / "a.safetensors", make()
    optimizer = Adam(model.parameters())
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    save_checkpoint(path, model, optimizer)
    whole = path.read_bytes()
    for size in (0, 5, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        refused(path, "is no whole safetensors file", model, optimizer)
    path.write_bytes(whole)
    refused(path, "params.0.weight must be torch.float32 of shape (6, 2), got torch.float32 of (5, 2)", make(hidden=6))
    refused(path, "params.0.weight must be torch.float64 of shape (5, 2), got torch.float32", make(dtype=torch.float64))
    refused(path, "it lacks ['params.bias'", Linear(2, 5))
    refused(path, "must hold the memory of torch.optim.SGD, got that of torch.optim.Adam", model,
            SGD(model.parameters(), 0.1))
    refused(path, "the optimiser's groups must have [2] parameters, got [4]", model, Adam(model[0].parameters()))
    refused(path, "optimizer must hold parameters of the model, a Sequential", model, Adam(make().parameters()))
    partial = Adam(model[0].parameters())
    partial.step()
    save_checkpoint(path, model, partial)
    refused(path, "optimizer.exp_avg.0.bias of shape (5,) must belong to a parameter of the optimiser", model,
            Adam(model[2].parameters()))
    save_checkpoint(path, model)
    refused(path, "got that of no optimiser", model, optimizer)
    refused(tmp_path / "missing", "there is no checkpoint", model, error=FileNotFoundError)
    with pytest.raises(ValueError, match="model must be the nn.Module to keep in the checkpoint, got NoneType"):
        fit(lambda batch: 0, optimizer, [0], checkpoint=path, progress=False)


def test_a_failed_save_leaves_the_old_file(tmp_path):
    path, model = tmp_path / "a.safetensors", make()
    save_checkpoint(path, model, progress=1)
    with pytest.raises(TypeError):
        save_checkpoint(path, model, progress=object())
    assert load_checkpoint(path, model) == 1
    assert os.listdir(tmp_path) == [path.name]


OTHERS = {
    "Adam, tensor lr": lambda ps: torch.optim.Adam(ps, lr=torch.tensor(0.01), amsgrad=True),
    "AdamW, foreach": lambda ps: torch.optim.AdamW(ps, 0.01, foreach=True, maximize=True),
    "NAdam": lambda ps: torch.optim.NAdam(ps, 0.01), "RAdam": lambda ps: torch.optim.RAdam(ps, 0.01),
    "Adamax": lambda ps: torch.optim.Adamax(ps, 0.01), "Adagrad": lambda ps: torch.optim.Adagrad(ps, 0.01),
    "Adadelta": lambda ps: torch.optim.Adadelta(ps), "ASGD": lambda ps: torch.optim.ASGD(ps, 0.01),
    "RMSprop": lambda ps: torch.optim.RMSprop(ps, 0.01, momentum=0.9, centered=True),
    "Rprop": lambda ps: torch.optim.Rprop(ps, 0.01), "Adafactor": lambda ps: torch.optim.Adafactor(ps, 0.01),
    "SGD, nesterov": lambda ps: torch.optim.SGD(ps, 0.01, momentum=0.9, nesterov=True),
    "LBFGS": lambda ps: torch.optim.LBFGS(ps, 0.1, max_iter=3, history_size=4),
}


@pytest.mark.parametrize("name", OTHERS)
def test_every_optimiser_of_pytorch_goes_on_bit_for_bit(name, tmp_path):
    x, targets = torch.randn(8, 2, generator=torch.Generator().manual_seed(0)), torch.arange(8) % 3

    def steps(model, optimizer, count):
        def closure():
            optimizer.zero_grad()
            loss = CrossEntropy()(model(x), targets)
            loss.backward()
            return loss
        for _ in range(count):
            optimizer.step(closure)

    whole, other = make().eval(), make(hidden=5).eval()
    optimizer = OTHERS[name](list(whole.parameters()))
    steps(whole, optimizer, 3)
    save_checkpoint(tmp_path / "a", whole, optimizer)
    steps(whole, optimizer, 3)
    again = OTHERS[name](list(other.parameters()))
    load_checkpoint(tmp_path / "a", other, again)
    ours, theirs = optimizer.param_groups[0], again.param_groups[0]
    assert {key: type(value) for key, value in theirs.items()} == {key: type(value) for key, value in ours.items()}
    steps(other, again, 3)
    assert_equal(whole, other)


def tied():
    torch.manual_seed(0)
    model = pytorch.LanguageModel(7, 8, 2, 16, 1)
    model.output.weight = model.tokens.embedding.weight
    return model


def test_tied_weights_stay_tied_and_others_are_refused(tmp_path):
    path, one, two = tmp_path / "a", tied(), tied()
    optimizer = Adam(one.parameters())
    one(torch.tensor([[1, 2]])).sum().backward()
    optimizer.step()
    save_checkpoint(path, one, optimizer)
    load_checkpoint(path, two, Adam(two.parameters()))
    assert_equal(one, two)
    assert two.output.weight is two.tokens.embedding.weight
    untied = pytorch.LanguageModel(7, 8, 2, 16, 1)
    load_checkpoint(path, untied)
    assert_equal(one, untied)
    layer = scratch.LanguageModel(7, 8, 2, 16, 1, rng=np.random.default_rng(0))
    scratch.load_checkpoint(path, layer.params)
    np.testing.assert_array_equal(layer.params["output.weight"], layer.params["tokens.embedding.weight"])
    with torch.no_grad():
        untied.output.weight += 1
    save_checkpoint(path, untied)
    refused(path, "params.output.weight are one parameter in this one", two)


def compiled(module):
    return torch.compile(module, backend="eager")


def inside(module):
    module[0] = compiled(module[0])
    return module


def deep(module):
    module[2] = nn.DataParallel(compiled(module[2]))
    return nn.DataParallel(module)


WRAPPED = {"plain": lambda module: module, "compiled": compiled, "DataParallel": nn.DataParallel,
           "both": lambda module: nn.DataParallel(compiled(module)), "a part compiled": inside, "parts and whole": deep}


@pytest.mark.parametrize("one", WRAPPED)
@pytest.mark.parametrize("other", WRAPPED)
def test_wrapped_modules_read_one_anothers_files(one, other, tmp_path):
    path, source, target, plain = tmp_path / "a", WRAPPED[one](make()), WRAPPED[other](make()), make()
    optimizer, reader = Adam(source.parameters()), Adam(target.parameters())
    for parameter in source.parameters():
        parameter.data += 1
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    save_checkpoint(path, source, optimizer)
    load_checkpoint(path, target, reader)
    load_checkpoint(path, plain, Adam(plain.parameters()))
    with safe_open(path, "pt") as file:
        assert not any(part in name.split(".") for name in file.keys() for part in ("_orig_mod", "module"))
    for ours, theirs in zip(source.parameters(), target.parameters(), strict=True):
        assert torch.equal(ours, theirs)
        assert torch.equal(optimizer.state[ours]["exp_avg"], reader.state[theirs]["exp_avg"])


def test_a_parts_own_name_may_be_module(tmp_path):
    model, other = nn.ModuleDict({"module": Linear(2, 3)}), nn.ModuleDict({"module": Linear(2, 3)})
    save_checkpoint(tmp_path / "a", compiled(model))
    load_checkpoint(tmp_path / "a", other)
    assert_equal(model, other)


def test_what_cannot_be_trained_or_saved_is_refused_before_the_first_step(tmp_path):
    model, seen = make(), []
    with pytest.raises(ValueError, match="optimizer must take a step without a closure, got LBFGS"):
        fit(seen.append, torch.optim.LBFGS(model.parameters()), [0], progress=False)
    optimizer = Adam(model.parameters())
    with pytest.raises(ValueError, match="rng must be a torch.Generator"):
        fit(seen.append, optimizer, [0], progress=False, rng=np.random.default_rng(0))
    optimizer.param_groups[0]["note"] = object()
    with pytest.raises(ValueError, match="optimizer cannot be kept in a checkpoint: .*note.* got object"):
        fit(seen.append, optimizer, [0], progress=False, checkpoint=tmp_path / "a", model=model)
    with pytest.raises(ValueError, match="must be a dense tensor of plain numbers to be saved"):
        fit(seen.append, Adam(model.parameters()), [0], progress=False, checkpoint=tmp_path / "a", model=nn.Sequential(
            model, Linear(2, 2, device="meta")))
    assert seen == []
