"""The weekly carbon dioxide of statsmodels in the page."""

from statsmodels.datasets import Table, data, read


def load_pandas():
    weeks, ppm = read("co2", "datetime64[D]", float)
    table = Table(co2=ppm)
    table.index = weeks
    return data(table)
