"""What the built package holds: Colab installs a wheel; what no pattern of the package data matches is not in it."""

import tomllib
from fnmatch import fnmatch
from pathlib import Path

SETTINGS = Path(__file__).parents[1] / "pyproject.toml"


def is_packaged(file: Path) -> bool:
    """Whether a file of `seqbook/models` is package data."""
    patterns = tomllib.loads(SETTINGS.read_text("utf-8"))["tool"]["setuptools"]["package-data"]["seqbook"]
    return any(fnmatch(f"models/{file.name}", pattern) for pattern in patterns)
