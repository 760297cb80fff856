"""The weekly concentration of carbon dioxide at Mauna Loa."""

from dataclasses import dataclass

import numpy as np

from seqbook.data.split import Split, require


@dataclass(frozen=True)
class Weekly:
    """A weekly series in time order: `weeks (T,)` datetime64[D], each its Saturday, and `ppm (T,)` float64."""

    weeks: np.ndarray
    ppm: np.ndarray      # NaN where a week has no measurement

    def __len__(self) -> int:
        return len(self.weeks)

    def split(self, test_weeks: int) -> Split:
        """The last `test_weeks` weeks for the test, all weeks before them to learn from."""
        if not 1 <= test_weeks < len(self):
            raise ValueError(f"test_weeks must lie in 1 … T-1={len(self) - 1}, got {test_weeks}")
        cut = len(self) - test_weeks
        return Split(train=Weekly(self.weeks[:cut], self.ppm[:cut]), test=Weekly(self.weeks[cut:], self.ppm[cut:]))

    def filled(self) -> "Weekly":
        """The series with a straight line across every gap. A gap's line knows the week after it."""
        known, t = np.isfinite(self.ppm), np.arange(len(self))
        return Weekly(self.weeks, np.interp(t, t[known], self.ppm[known]))


def co2() -> Weekly:
    """CO₂ in the air at Mauna Loa, Hawaii, in parts per million: 2,284 weeks from March 1958 to December 2001.

    59 weeks, most of them before 1965, have no measurement and are NaN. Flask samples of the Scripps Institution of
    Oceanography (Keeling and Whorf, 2004, Carbon Dioxide Information Analysis Center), public domain, as the package
    `statsmodels` carries them. The level rises by some 55 ppm, and every year falls and rises by some 6: leaves grow
    in the northern summer. Example: the week of 1958-03-29, 316.1.
    """
    table = require("statsmodels.datasets.co2", "statsmodels").load_pandas().data
    return Weekly(weeks=table.index.to_numpy().astype("datetime64[D]"), ppm=table["co2"].to_numpy(dtype=np.float64))
