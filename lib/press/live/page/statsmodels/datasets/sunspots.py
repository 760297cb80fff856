"""The sunspots of statsmodels in the page: the two columns that the book reads, from a file."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np


class Column(np.ndarray):
    def to_numpy(self, dtype) -> np.ndarray:
        return np.array(self, dtype=dtype)


def load_pandas() -> SimpleNamespace:
    years, counts = np.loadtxt(Path(__file__).with_name("sunspots.csv"), delimiter=",").T
    return SimpleNamespace(data={"YEAR": years.view(Column), "SUNACTIVITY": counts.view(Column)})
