"""The yearly mean of the relative sunspot number."""

from dataclasses import dataclass

import numpy as np

from seqbook.data.split import Split, require


@dataclass(frozen=True)
class Series:
    """A yearly series: `years (T,)` int64 and `counts (T,)` float64 (yearly means, so not whole), in time order."""

    years: np.ndarray
    counts: np.ndarray

    def __len__(self) -> int:
        return len(self.years)

    def split(self, test_years: int) -> Split:
        """The last `test_years` years for the test, all years before them to learn from."""
        if not 1 <= test_years < len(self):
            raise ValueError(f"test_years must lie in 1 … T-1={len(self) - 1}, got {test_years}")
        cut = len(self) - test_years
        return Split(train=Series(self.years[:cut], self.counts[:cut]),
                     test=Series(self.years[cut:], self.counts[cut:]))


def sunspots() -> Series:
    """Yearly means of the relative sunspot number, 1700 to 2008: 309 values between 0 and about 190.

    Wolf's number k (10 g + s): ten times the groups of spots plus the single spots, scaled by k for observer and
    instrument. Daily observations begin in 1818; what lies before is reconstructed from scattered records.
    Source: U.S. National Geophysical Data Center (NOAA), public domain, as the package `statsmodels` carries it. The
    cycle of about eleven years is what a forecast has to beat. Example: year 1700, 5.0.
    """
    table = require("statsmodels.datasets.sunspots", "statsmodels").load_pandas().data
    return Series(years=table["YEAR"].to_numpy(dtype=np.int64), counts=table["SUNACTIVITY"].to_numpy(dtype=np.float64))
