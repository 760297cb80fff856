"""What every loader returns, and the two helpers they share."""

import importlib
from dataclasses import dataclass
from types import ModuleType
from typing import Generic, TypeVar
from zlib import crc32

Data = TypeVar("Data")


@dataclass(frozen=True)
class Split(Generic[Data]):
    """Data to learn from and data to judge by. No content of `test` occurs in `train`."""

    train: Data
    test: Data


def is_held_out(key: str, one_in: int = 10) -> bool:
    """Whether `key` belongs to the test part: one key in `one_in`, the same ones on every machine and in every run."""
    return crc32(key.encode()) % one_in == 0


def require(module: str, package: str) -> ModuleType:
    """Import `module`; where it is not installed, say in one sentence which `package` brings it."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] != module.split(".")[0]:
            raise
        raise ModuleNotFoundError(
            f"this data set is read from the Python package {package!r}, which is not installed: "
            f"run `pip install {package}` and try again", name=error.name) from None
