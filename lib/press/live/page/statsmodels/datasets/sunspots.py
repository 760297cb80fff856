"""The yearly sunspots of statsmodels in the page."""

from statsmodels.datasets import Table, data, read


def load_pandas():
    years, counts = read("sunspots", float, float)
    return data(Table(YEAR=years, SUNACTIVITY=counts))
