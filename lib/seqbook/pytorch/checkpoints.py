"""Checkpoints of a module and its optimiser, in the files of `seqbook.scratch.checkpoints`: whole or refused, as there.

The parameters have the names that both packages share, so a layer of `seqbook.scratch` reads the weights of its PyTorch
twin, and the other way round. A module that `torch.compile`, DataParallel or DistributedDataParallel has wrapped, whole
or in part, is saved and loaded under the names of the plain one: `_orig_mod.` and `module.` stand in no file.
"""

import torch
from safetensors.torch import save_file

from seqbook.interop.conversion import inner_name
from seqbook.scratch.base import prefix
from seqbook.scratch.checkpoints import check_json, check_place, check_same_model, read, without_wrappers, write


def save_checkpoint(path, module, optimizer=None, progress=None) -> None:
    """Write the module's state, the memory of any `torch.optim` optimiser and `progress` (as in `seqbook.scratch`).

    Parameters that share their numbers (tied weights) are written under each of their names.
    """
    write(path, save_file, *_contents(module, optimizer), progress)


def load_checkpoint(path, module, optimizer=None):
    """Put a checkpoint's numbers into the module and the optimiser and return its `progress`.

    Errors as in `seqbook.scratch.load_checkpoint`; the devices are those of the module. What is one parameter under two
    names must be stored with the same numbers.
    """
    names = _names(module, optimizer)
    stored, groups, progress = read(path, "pt", _kind(optimizer))
    own = {plain: name for name, plain in plain_names(module).items()}
    state = module.state_dict()
    wanted = prefix("params", {plain: state[name] for plain, name in own.items()})
    stored = without_wrappers(stored, wanted)
    memory = {name: tensor for name, tensor in stored.items() if not name.startswith("params.")}
    check_same_model(path, {name: tensor for name, tensor in stored.items() if name not in memory}, wanted)
    check_tied(path, stored, wanted)
    if optimizer is not None:
        optimizer.load_state_dict(_state(path, memory, groups, names, module, optimizer))
    module.load_state_dict({name: stored[f"params.{plain}"] for plain, name in own.items()}, strict=True)
    return progress


def check_can_be_saved(path, module, optimizer) -> None:
    """Refuse at once what `save_checkpoint` could not write later, after an epoch of work."""
    check_place(path)
    _, _, groups = _contents(module, optimizer)
    check_json("optimizer", groups)


def plain_names(module) -> dict:
    """Each name in the module's state → the name it has in the plain model, without the wrappers' parts."""
    wrapped = [f"{path}.{inner}".removeprefix(".") for path, part in module.named_modules(remove_duplicate=False)
               if (inner := inner_name(part))]
    names = {}
    for name in module.state_dict():
        plain = name
        for path in sorted(wrapped, key=len, reverse=True):    # the innermost first: the outer paths stay as they are
            if name.startswith(f"{path}."):
                outer = path.rpartition(".")[0]
                plain = f"{outer}.{plain.removeprefix(f'{path}.')}".removeprefix(".")
        names[name] = plain
    return names


def check_tied(path, stored, wanted):
    """Refuse different numbers for what is one parameter under several names."""
    first = {}
    for name, tensor in wanted.items():
        other = first.setdefault((tensor.data_ptr(), tensor.shape, tensor.stride()), name) if tensor.numel() else name
        if other != name and not torch.equal(stored[name], stored[other]):
            raise ValueError(f"{path} belongs to another model: {other} and {name} are one parameter in this one and "
                             f"must be stored with the same numbers")


def _contents(module, optimizer):
    """(tensors by dotted name, the optimiser's kind, its groups), refused where one of them cannot be saved."""
    names, plain = _names(module, optimizer), plain_names(module)
    tensors = prefix("params", {plain[name]: tensor for name, tensor in module.state_dict().items()})
    groups = None
    if optimizer is not None:
        memory = optimizer.state_dict()
        groups, parameters = memory["param_groups"], _parameters(optimizer)
        for index, slots in memory["state"].items():
            others = {}
            for slot, value in slots.items():
                if isinstance(value, torch.Tensor) and (value.ndim == 0 or value.shape == parameters[index].shape):
                    tensors[f"optimizer.{slot}.{names[index]}"] = value
                elif value is not None:
                    others[slot] = _outlined(value, slot, names[index], tensors)
            if others:    # what is no tensor of the parameter's shape: LBFGS's lists, Adafactor's rows and columns
                groups[0].setdefault("others", {})[names[index]] = others
    for name, tensor in tensors.items():
        if (not isinstance(tensor, torch.Tensor) or tensor.is_meta or tensor.layout != torch.strided
                or tensor.is_quantized):
            raise ValueError(f"{name} must be a dense tensor of plain numbers to be saved, got {type(tensor).__name__}")
    return _apart(tensors), _kind(optimizer), groups


def _outlined(value, slot, name, tensors):
    """`value` as JSON can hold it, with {"tensor": …} in place of each tensor, which goes into `tensors`."""
    if isinstance(value, torch.Tensor):
        entry = f"optimizer.{slot}.{name}"
        tensors[entry] = value
        return {"tensor": entry}
    if isinstance(value, (list, tuple)):
        return [_outlined(part, f"{slot}[{number}]", name, tensors) for number, part in enumerate(value)]
    return value


def _filled(value, memory):
    """The inverse of `_outlined`."""
    if isinstance(value, dict):
        return memory.pop(value["tensor"]).clone()    # in memory aligned as before: sums round alike
    return [_filled(part, memory) for part in value] if isinstance(value, list) else value


def _apart(tensors):
    """The tensors in memory of their own each, as safetensors wants them: copies where some share theirs."""
    counts = {}
    for tensor in tensors.values():
        pointer = tensor.untyped_storage().data_ptr()
        counts[pointer] = counts.get(pointer, 0) + 1
    return {name: tensor.detach().clone(memory_format=torch.contiguous_format)
            if counts[tensor.untyped_storage().data_ptr()] > 1 else tensor.detach().contiguous()
            for name, tensor in tensors.items()}


def _kind(optimizer):
    return "" if optimizer is None else f"torch.optim.{type(optimizer).__name__}"


def _parameters(optimizer):
    return [parameter for group in optimizer.param_groups for parameter in group["params"]]


def _names(module, optimizer):
    """The names of the optimiser's parameters, in its order, as in the plain model."""
    if optimizer is None:
        return []
    plain = plain_names(module)
    names = {parameter: plain.get(name, name) for name, parameter in module.named_parameters()}
    parameters = _parameters(optimizer)
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
    parameters, state, memory = dict(zip(names, _parameters(optimizer))), {}, dict(memory)
    others = groups[0].pop("others", {}) if groups else {}
    others = {name: others[name] for name in names if name in others}
    for name, slots in others.items():
        state[names.index(name)] = {slot: _filled(value, memory) for slot, value in slots.items()}
    for entry, tensor in memory.items():
        _, slot, name = entry.split(".", 2)
        if name not in names or (tensor.ndim and tensor.shape != parameters[name].shape):
            raise ValueError(f"{path} belongs to another model: {entry} of shape {tuple(tensor.shape)} must belong to "
                             f"a parameter of the optimiser and have its shape")
        state.setdefault(names.index(name), {})[slot] = tensor.clone()
    groups = [{key: _as_own(value, mine.get(key)) for key, value in group.items()} for group, mine in zip(groups, own)]
    return {"state": state, "param_groups": groups}


def _as_own(value, own):
    """A setting that was JSON in the form it has in the optimiser: a tuple (betas), a tensor (lr)."""
    if isinstance(own, torch.Tensor):
        return torch.tensor(value, dtype=own.dtype, device=own.device)
    if isinstance(own, tuple) and isinstance(value, list):
        return tuple(_as_own(part, mine) for part, mine in zip(value, own))
    return value
