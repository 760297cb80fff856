"""Checkpoints: parameters, an optimiser's memory and the training's progress in one safetensors file.

The file is written aside and then renamed, so that whoever is interrupted finds the old one whole. It is read and
compared with the model as a whole before the first number of the model changes.
"""

import json
import os
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from seqbook.scratch.base import prefix

FORMAT, VERSION = "seqbook checkpoint", "1"


def save_checkpoint(path, params, optimizer=None, progress=None) -> None:
    """Write `params` (a layer's dict), the optimiser's memory and `progress` (anything JSON can hold) to `path`."""
    kind, arrays, numbers = _memory(optimizer)
    arrays = {name: np.ascontiguousarray(array) for name, array in {**prefix("params", params), **arrays}.items()}
    write(path, save_file, arrays, kind, numbers, progress)


def load_checkpoint(path, params, optimizer=None):
    """Put a checkpoint's numbers into `params` and the optimiser, in place, and return its `progress`.

    A ValueError, and nothing changed, where the file is not a whole checkpoint of this version, or belongs to another
    model (other names, shapes or dtypes) or another optimiser. A missing file is a FileNotFoundError.
    """
    kind, arrays, numbers = _memory(optimizer)
    stored, stored_numbers, progress = read(path, "numpy", kind)
    wanted = {**prefix("params", params), **arrays}
    check_same_model(path, stored, wanted)
    for name, array in wanted.items():
        array[...] = stored[name]
    for name in numbers:
        setattr(optimizer, name, stored_numbers[name])
    return progress


def write(path, save, arrays, kind, numbers, progress) -> None:
    """A checkpoint by safetensors' `save`: arrays by name, what optimiser it is, and what JSON can hold."""
    path = Path(path)
    metadata = {"format": FORMAT, "version": VERSION, "optimizer": kind, "numbers": json.dumps(numbers),
                "progress": json.dumps(progress)}
    aside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        save(arrays, aside, metadata)
        with open(aside, "rb") as file:
            os.fsync(file.fileno())
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def read(path, framework, kind):
    """(arrays by name, numbers, progress) of a whole checkpoint; arrays of the parameters alone where `kind` is ""."""
    if not Path(path).is_file():
        raise FileNotFoundError(f"there is no checkpoint {path}")
    try:
        with safe_open(path, framework) as file:
            metadata = file.metadata() or {}
            stored = {name: file.get_tensor(name) for name in file.keys()}
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


def _memory(optimizer):
    """The optimiser's kind, its arrays by dotted name and its numbers; nothing for None."""
    if optimizer is None:
        return "", {}, {}
    arrays = {}
    for slot in optimizer.arrays:
        arrays |= prefix(f"optimizer.{slot}", getattr(optimizer, slot))
    return type(optimizer).__name__, arrays, {name: getattr(optimizer, name) for name in optimizer.numbers}
