"""Checkpoints: parameters, an optimiser's memory and the training's progress in one safetensors file.

The file is written aside and then renamed, so that whoever is interrupted finds the old one whole. It is read and
compared with the model as a whole before the first number of the model changes.

Parameters are stored under the names of the plain model: of a module that `torch.compile`, DataParallel or
DistributedDataParallel has wrapped, whole or in part, the wrappers' `_orig_mod.` and `module.` are left out. In a file
that others wrote with them they are read over, so any of the four loads any other's file.
"""

import json
import os
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from seqbook.scratch.base import plain, prefix
from seqbook.scratch.optim import check_named

FORMAT, VERSION = "seqbook checkpoint", "1"
# safetensors' names
NUMPY_HAS = {"BOOL", "U8", "I8", "U16", "I16", "U32", "I32", "U64", "I64", "F16", "F32", "F64", "C64"}


def save_checkpoint(path, params, optimizer=None, progress=None) -> None:
    """Write `params` (a layer's dict), the optimiser's memory and `progress` to `path`.

    `progress` is anything JSON can hold; numbers and arrays of NumPy and PyTorch in it become Python's numbers and
    lists.
    """
    write(path, save_file, *_contents(params, optimizer), progress)


def load_checkpoint(path, params, optimizer=None):
    """Put a checkpoint's numbers into `params` and the optimiser, in place, and return its `progress`.

    A ValueError, and nothing changed, where the file is not a whole checkpoint of this version, or belongs to another
    model (other names, shapes or dtypes) or another optimiser, or holds numbers that NumPy has not (bfloat16). A
    missing file is a FileNotFoundError.
    """
    kind, arrays, numbers = _memory(optimizer)
    stored, stored_numbers, progress = read(path, "numpy", kind)
    wanted = {**prefix("params", params), **arrays}
    stored = without_wrappers(stored, wanted)
    check_same_model(path, stored, wanted)
    for name, array in wanted.items():
        array[...] = stored[name]
    for name in numbers:
        setattr(optimizer, name, stored_numbers[name])
    return progress


def write(path, save, arrays, kind, numbers, progress) -> None:
    """A checkpoint by safetensors' `save`: arrays by name, what optimiser it is, and what JSON can hold."""
    path = Path(path)
    metadata = {"format": FORMAT, "version": VERSION, "optimizer": kind, "numbers": to_json(numbers, "the optimiser"),
                "progress": to_json(progress, "progress")}
    aside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        save(arrays, aside, metadata)
        with open(aside, "rb") as file:
            os.fsync(file.fileno())
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def to_json(value, name: str) -> str:
    """`value` as JSON, with the numbers of NumPy and PyTorch as Python's and their arrays as lists; exact both ways.

    A TypeError that says where in `name` there is something else.
    """
    return json.dumps(_as_python(value, name))


def _as_python(value, name):
    if isinstance(value, dict):
        return {key.item() if isinstance(key, np.generic) else key: _as_python(part, f"{name}[{key!r}]")
                for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_python(part, f"{name}[{number}]") for number, part in enumerate(value)]
    if isinstance(value, (np.generic, np.ndarray)) or hasattr(value, "detach"):    # a tensor, without importing torch
        return _as_python((plain(name, value) if isinstance(value, np.ndarray) else value).tolist(), name)
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"{name} must be something JSON can hold, such as numbers, text, lists and dicts, "
                    f"got {type(value).__name__}")


def read(path, framework, kind):
    """(arrays by name, numbers, progress) of a whole checkpoint; arrays of the parameters alone where `kind` is ""."""
    if not Path(path).is_file():
        raise FileNotFoundError(f"there is no checkpoint {path}")
    try:
        with safe_open(path, framework) as file:
            metadata = file.metadata() or {}
            if framework == "numpy":
                check_known_numbers(path, file)
            stored = {name: file.get_tensor(name) for name in file.keys()}
    except UnknownNumbers:
        raise
    except (SafetensorError, ValueError) as error:
        raise ValueError(f"{path} is no whole safetensors file: {error}") from error
    if metadata.get("format") != FORMAT:
        raise ValueError(f"{path} is no {FORMAT}, got the format {metadata.get('format')!r}")
    if metadata.get("version") != VERSION:
        raise ValueError(f"{path} must have version {VERSION}, got {metadata.get('version')!r}")
    if not kind:
        stored = {name: array for name, array in stored.items() if name.startswith("params.")}
    elif metadata["optimizer"] != kind:
        found = metadata["optimizer"] or "no optimiser"
        raise ValueError(f"{path} must hold the memory of {kind}, got that of {found}")
    return stored, json.loads(metadata["numbers"]), json.loads(metadata["progress"])


def read_progress(path):
    """The `progress` that a checkpoint holds, without its arrays; None where it is none."""
    try:
        with safe_open(path, "numpy") as file:
            return json.loads((file.metadata() or {}).get("progress", "null"))
    except (SafetensorError, ValueError):
        return None    # `read` says what is wrong with it


class UnknownNumbers(ValueError):
    """A file holds numbers that NumPy has not."""


def check_known_numbers(path, file):
    """Refuse an open file with numbers that NumPy has not: bfloat16 and those of 8 bits."""
    for name in file.keys():
        kind = file.get_slice(name).get_dtype()
        if kind not in NUMPY_HAS:
            kind = {"BF16": "bfloat16"}.get(kind, kind)
            raise UnknownNumbers(f"{path} holds {kind} numbers, which NumPy has not ({name}): save the model in "
                                 f"float32 (module.float()) and load that")


def without_wrappers(stored: dict, wanted) -> dict:
    """Stored arrays under the names of the plain model, where their names are a wrapped one's: see this file's head.

    Only the parameters' names are compared with those `wanted`; an optimiser's memory is renamed as they are.
    """
    wanted, parameters = parameter_names(wanted), parameter_names(stored)
    for drop in (lambda own: own, drop_compiled, lambda own: drop_compiled(own).removeprefix("module."), drop_all):
        if {drop(own) for own in parameters} == wanted and len(parameters) == len(wanted):
            break
    else:
        return stored
    return {f"{kind}.{drop(own)}": array for (kind, own), array in zip(map(split_name, stored), stored.values())}


def split_name(name: str):
    """("params" or "optimizer.slot", the parameter's own name)"""
    parts = name.split(".", 2 if name.startswith("optimizer.") else 1)
    return ".".join(parts[:-1]), parts[-1]


def parameter_names(stored) -> set:
    """The own names of the parameters among those of a file."""
    return {own for kind, own in map(split_name, stored) if kind == "params"}


def drop_compiled(own: str) -> str:
    """A name without torch.compile's `_orig_mod`."""
    return ".".join(part for part in own.split(".") if part != "_orig_mod")


def drop_all(own: str) -> str:
    """A name without any wrapper's part."""
    return ".".join(part for part in own.split(".") if part not in ("_orig_mod", "module"))


def check_same_model(path, stored, wanted):
    """Raise ValueError unless the stored arrays have the names, shapes and dtypes of those wanted."""
    if stored.keys() != wanted.keys():
        missing, extra = sorted(wanted.keys() - stored.keys()), sorted(stored.keys() - wanted.keys())
        raise ValueError(f"{path} belongs to another model: it lacks {missing} and has {extra}")
    for name, array in wanted.items():
        found = stored[name]
        if (found.shape, found.dtype) != (array.shape, array.dtype):
            raise ValueError(f"{path} belongs to another model: {name} must be {array.dtype} of shape "
                             f"{tuple(array.shape)}, got {found.dtype} of {tuple(found.shape)}")


def _contents(params, optimizer):
    """(arrays by dotted name, the optimiser's kind, its numbers), refused where one of them cannot be saved."""
    check_named("params", params)
    kind, arrays, numbers = _memory(optimizer)
    arrays = {name: np.asarray(array, order="C") for name, array in {**prefix("params", params), **arrays}.items()}
    for name, array in arrays.items():
        if array.dtype not in (np.float16, np.float32, np.float64):
            raise ValueError(f"{name} must be float16, float32 or float64 to be saved, got {array.dtype}")
    return arrays, kind, numbers


def check_can_be_saved(path, optimizer, rng_state) -> None:
    """Refuse at once what `save_checkpoint` could not write later, after an epoch of work."""
    check_place(path)
    if not hasattr(optimizer, "params"):
        raise ValueError("optimizer must have `params` to be saved, as SGD and Adam do, "
                         f"got {type(optimizer).__name__}")
    _, _, numbers = _contents(optimizer.params, optimizer)
    check_json("optimizer", numbers)
    check_json("rng", rng_state)


def check_place(path) -> None:
    """Refuse a path that no file can be written to."""
    path = Path(path)
    if not path.parent.is_dir():
        raise ValueError(f"checkpoint must lie in a folder that exists, got {path}")
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise ValueError(f"checkpoint must be a file that can be written, got {path}")


def check_json(name: str, value) -> None:
    """Refuse what JSON cannot hold."""
    try:
        to_json(value, name)
    except TypeError as error:
        raise ValueError(f"{name} cannot be kept in a checkpoint: {error}") from error


def _memory(optimizer):
    """The optimiser's kind, its arrays by dotted name and its numbers; nothing for None."""
    if optimizer is None:
        return "", {}, {}
    if not (hasattr(optimizer, "arrays") and hasattr(optimizer, "numbers")):
        raise ValueError(f"optimizer must name its memory in `arrays` and `numbers` to be saved, as SGD and Adam do, "
                         f"got {type(optimizer).__name__}")
    arrays = {}
    for slot in optimizer.arrays:
        arrays |= prefix(f"optimizer.{slot}", getattr(optimizer, slot))
    return type(optimizer).__name__, arrays, {name: getattr(optimizer, name) for name in optimizer.numbers}
