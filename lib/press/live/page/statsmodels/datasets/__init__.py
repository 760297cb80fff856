"""What the book reads of statsmodels, in the page: tables as text files, whose columns answer as those of pandas do."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np


class Column(np.ndarray):
    def to_numpy(self, dtype=None) -> np.ndarray:
        return np.array(self, dtype=dtype)


class Table(dict):
    """Columns by name; `index` is the one that names the rows, where there is one."""

    index = None


def read(name: str, *dtypes) -> list[Column]:
    """The columns of `name`.csv, which has no heads."""
    rows = Path(__file__).with_name(f"{name}.csv").read_text("utf-8").split()
    columns = zip(*(row.split(",") for row in rows))
    return [np.array(column, dtype=dtype).view(Column) for column, dtype in zip(columns, dtypes)]


def data(table: Table) -> SimpleNamespace:
    return SimpleNamespace(data=table)
