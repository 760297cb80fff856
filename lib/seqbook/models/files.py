"""How a trained model lies in its file: safetensors, float32, or with int8 matrices where that makes a large one small.

A quantised matrix is `name` (rows, columns) int8 and `name.scale` (rows,) float32. NumPy and JavaScript read the same
numbers: weight = fround(int8 · scale), one rounding to float32. Stacked, the arrays "blocks.0.x", "blocks.1.x", … of
one shape are one, "blocks.*.x", along a new first axis: fewer names. Beside it lies the model's card, JSON of the same
name: what it was trained on, how, and how well it does.
"""

import json
import platform
import re
from importlib.metadata import version
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save

SCALE = ".scale"
STACKED = "*"


def save_params(path, params: dict, *, quantise: bool, stack: bool = False) -> None:
    """Write float32 `params`; `quantise`: each matrix as the nearest multiples -127 … 127 of its rows' largest/127;
    `stack`: what all blocks have as one array."""
    arrays = dict(params)
    for name in [name for name, array in params.items() if quantise and array.ndim == 2]:
        scale = np.abs(params[name]).max(axis=1) / np.float32(127)
        scale[scale == 0] = 1
        arrays[name], arrays[name + SCALE] = np.rint(params[name] / scale[:, None]).astype(np.int8), scale
    if stack:
        arrays = stacked(arrays)
    Path(path).write_bytes(save({name: np.ascontiguousarray(array) for name, array in arrays.items()}))


def load_params(path) -> dict:
    """The params of a file of `save_params`, all float32."""
    arrays = unstacked(load_file(path))
    return {name: array.astype(np.float32) * arrays[name + SCALE][:, None] if name + SCALE in arrays else array
            for name, array in arrays.items() if not name.endswith(SCALE)}


def save_card(file: Path, card: dict) -> None:
    """Write the card of the model in `file` as readable JSON."""
    file.with_suffix(".json").write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def load_card(file: Path) -> dict:
    """The card of the model in `file`."""
    return json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))


def versions(*packages: str) -> dict[str, str]:
    """Python's version and those of `packages`: what a card says of where its file was made."""
    return {"python": platform.python_version()} | {package: version(package) for package in packages}


def stacked(arrays: dict) -> dict:
    """The arrays "a.0.x", "a.1.x", … as one "a.*.x" (blocks, …)."""
    groups = {}
    for name, array in arrays.items():
        groups.setdefault(re.sub(r"\.\d+\.", f".{STACKED}.", name, count=1), []).append(array)
    return {name: np.stack(group) if STACKED in name else group[0] for name, group in groups.items()}


def unstacked(arrays: dict) -> dict:
    """`stacked` backwards."""
    found = {}
    for name, array in arrays.items():
        found |= ({name.replace(STACKED, str(n)): each for n, each in enumerate(array)} if STACKED in name
                  else {name: array})
    return found
