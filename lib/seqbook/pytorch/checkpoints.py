"""Checkpoints of a module and its optimiser, in the files of `seqbook.scratch.checkpoints`: whole or refused, as there.

The parameters have the names that both packages share, so a layer of `seqbook.scratch` reads the weights of its PyTorch
twin, and the other way round.
"""

import torch
from safetensors.torch import save_file

from seqbook.scratch.base import prefix
from seqbook.scratch.checkpoints import check_same_model, read, write

NUMBERS = ("step",)    # what an optimiser of PyTorch remembers as one number for a parameter, not in its shape


def save_checkpoint(path, module, optimizer=None, progress=None) -> None:
    """Write the module's state, the memory of a `torch.optim` optimiser and `progress` (anything JSON can hold)."""
    names = _names(module, optimizer)
    state, groups = {}, None
    if optimizer is not None:
        memory = optimizer.state_dict()
        state = {f"optimizer.{slot}.{names[index]}": tensor for index, slots in memory["state"].items()
                 for slot, tensor in slots.items() if tensor is not None}
        groups = memory["param_groups"]
    tensors = {name: tensor.contiguous() for name, tensor in {**prefix("params", module.state_dict()), **state}.items()}
    write(path, save_file, tensors, _kind(optimizer), groups, progress)


def load_checkpoint(path, module, optimizer=None):
    """Put a checkpoint's numbers into the module and the optimiser and return its `progress`.

    Errors as in `seqbook.scratch.load_checkpoint`; the devices are those of the module.
    """
    names = _names(module, optimizer)
    stored, groups, progress = read(path, "pt", _kind(optimizer))
    memory = {name: tensor for name, tensor in stored.items() if not name.startswith("params.")}
    wanted = prefix("params", module.state_dict())
    check_same_model(path, {name: tensor for name, tensor in stored.items() if name not in memory}, wanted)
    if optimizer is not None:
        optimizer.load_state_dict(_state(path, memory, groups, names, module, optimizer))
    module.load_state_dict({name.removeprefix("params."): stored[name] for name in wanted}, strict=True)
    return progress


def _kind(optimizer):
    return "" if optimizer is None else f"torch.optim.{type(optimizer).__name__}"


def _names(module, optimizer):
    """The names of the optimiser's parameters, in its order."""
    if optimizer is None:
        return []
    names = {parameter: name for name, parameter in module.named_parameters()}
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    if not names.keys() >= set(parameters):
        raise ValueError(f"optimizer must hold parameters of the model, a {type(module).__name__}, got others as well")
    return [names[parameter] for parameter in parameters]


def _state(path, memory, groups, names, module, optimizer):
    """What `optimizer.load_state_dict` takes; a ValueError unless it belongs to these parameters."""
    own = optimizer.state_dict()["param_groups"]
    if [group["params"] for group in groups] != [group["params"] for group in own]:
        raise ValueError(f"{path} belongs to another model: the optimiser's groups must have "
                         f"{[len(group['params']) for group in own]} parameters, "
                         f"got {[len(group['params']) for group in groups]}")
    parameters, state = dict(module.named_parameters()), {}
    for entry, tensor in memory.items():
        _, slot, name = entry.split(".", 2)
        if name not in names or (slot not in NUMBERS and tensor.shape != parameters[name].shape):
            raise ValueError(f"{path} belongs to another model: {entry} of shape {tuple(tensor.shape)} must belong to a "
                             f"parameter of the optimiser and have its shape")
        state.setdefault(names.index(name), {})[slot] = tensor
    groups = [{key: tuple(value) if key == "betas" else value for key, value in group.items()} for group in groups]
    return {"state": state, "param_groups": groups}
