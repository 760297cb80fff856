"""The tables of results: which cases stand in which, and how a row is measured and written."""

from collections.abc import Callable
from typing import NamedTuple

from benchmarks.cases import IN_BLOCKS, NUMPY, PYTORCH
from benchmarks.memory import megabytes
from benchmarks.timing import alternate, threads


class Table(NamedTuple):
    text: str
    cases: dict[str, Callable]
    columns: dict[str, str]    # a function's name in the cases → its heading; all are compared with the first
    memory: bool = False       # whether to say what the functions need beyond their inputs

    def heading(self) -> str:
        first, *others = self.columns.values()
        names = ["case", "threads", *(f"{name}, ms" for name in self.columns.values()),
                 *(f"{first} against {name}" for name in others)]
        names += [f"{name}, MB" for name in self.columns.values()] if self.memory else []
        return f"\n{self.text}\n\n| {' | '.join(names)} |\n| --- |{' --: |' * (len(names) - 1)}\n"

    def row(self, name: str, functions: dict[str, Callable], count: int, rounds: int, seconds: float) -> str:
        """What was measured with `count` threads; a dash where a case has no such function."""
        with threads(count):
            timing = alternate(functions, rounds, seconds)
        first, *others = self.columns
        cells = [f"{1e3 * timing.seconds[key]:.1f}" if key in functions else "—" for key in self.columns]
        cells += [f"{timing.ratio(first, key):.2f}" if key in functions else "—" for key in others]
        cells += [f"{megabytes(functions[key]):.0f}" for key in self.columns] if self.memory else []
        return f"| {name} | {count} | {' | '.join(cells)} |\n"


TABLES = [
    Table("""\
NumPy. The floor is the time of the bare matrix products, on as many numbers as in the layer, into ready buffers. The
date task stands for its epoch: 5 steps of training on batches of 128 Korean dates, loss and Adam included, hidden size
256.""",
          NUMPY, {"numpy": "NumPy", "torch": "torch.nn", "floor": "floor"}),
    Table("""\
Attention in blocks, its scores recomputed in the backward pass, against attention that keeps them. The memory is the
peak beyond the inputs, the outputs and gradients included.""",
          IN_BLOCKS, {"blocks": "in blocks", "whole": "whole"}, memory=True),
    Table("Our PyTorch recurrent layers against those of torch.nn.", PYTORCH, {"ours": "ours", "torch": "torch.nn"}),
]


def measure(table: int, name: str, count: int, rounds: int, seconds: float) -> str:
    """One row of a table."""
    return TABLES[table].row(name, TABLES[table].cases[name](), count, rounds, seconds)
