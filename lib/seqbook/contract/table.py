"""The table of the book: the worst error of every layer."""

from seqbook.contract.cases import CASES
from seqbook.contract.measure import measure
from seqbook.language import get_language

HEADINGS = {
    "ko": ("층", "유한 차분", "우리 PyTorch의 자동 미분", "torch.nn"),
    "en": ("layer", "finite difference", "autograd of our PyTorch", "torch.nn"),
}


class ErrorTable:
    """The worst error of every layer: `.rows` holds (layer, finite difference, our autograd, torch.nn or None)."""

    def __init__(self, rows):
        self.rows = rows

    def _cells(self):
        yield HEADINGS[get_language()]
        for name, *errors in self.rows:
            yield name, *("–" if error is None else f"{error:.0e}" if error else "0" for error in errors)

    def _repr_markdown_(self):
        heading, *rows = ["| " + " | ".join(cells) + " |" for cells in self._cells()]
        return "\n".join([heading, "| --- | --: | --: | --: |", *rows])

    def __repr__(self):
        return self._repr_markdown_()


def error_table(*layers: str, seed: int = 0) -> ErrorTable:
    """Measure the cases of the named `layers` ("Linear", "RNN", …), or all of them in some ten seconds, as a table."""
    cases = [(case.name.partition(",")[0], case) for case in CASES]
    if unknown := set(layers) - {layer for layer, _ in cases}:
        raise ValueError(f"layers must be names of the contract's layers, got {', '.join(sorted(unknown))}")
    return ErrorTable([(case.name, *measure(case, seed)) for layer, case in cases if not layers or layer in layers])
