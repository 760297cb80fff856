"""Measure every case with one and two threads, print the table and write it beside this file.

    python -m benchmarks              all cases
    python -m benchmarks rnn          the cases whose name contains "rnn"; printed, not written
"""

import argparse
import os
import platform
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from benchmarks.cases import IN_BLOCKS, NUMPY, PYTORCH
from benchmarks.memory import megabytes
from benchmarks.timing import alternate, threads

RESULTS = Path(__file__).with_name("results.md")
HEADING = """\
# Speed

float32 on the CPU, forward and backward with all gradients. Ratios below 1 mean: faster than. Medians of {rounds}
alternated rounds in one process; written by `make bench`.
"""


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

    def row(self, name: str, functions: dict[str, Callable], count: int, rounds: int) -> str:
        """What was measured with `count` threads; a dash where a case has no such function."""
        with threads(count):
            timing = alternate(functions, rounds)
        first, *others = self.columns
        cells = [f"{1e3 * timing.seconds[key]:.1f}" if key in functions else "—" for key in self.columns]
        cells += [f"{timing.ratio(first, key):.2f}" if key in functions else "—" for key in others]
        cells += [f"{megabytes(functions[key]):.0f}" for key in self.columns] if self.memory else []
        return f"| {name} | {count} | {' | '.join(cells)} |\n"


TABLES = [
    Table("""\
NumPy. The floor is the time of the bare matrix products into ready buffers. The date task stands for its epoch: 5 steps
of training on batches of 128 Korean dates, loss and Adam included, hidden size 256.""",
          NUMPY, {"numpy": "NumPy", "torch": "torch.nn", "floor": "floor"}),
    Table("""\
Attention in blocks, its scores recomputed in the backward pass, against attention that keeps them. The memory is the peak
beyond the inputs, the outputs and gradients included.""",
          IN_BLOCKS, {"blocks": "in blocks", "whole": "whole"}, memory=True),
    Table("Our PyTorch recurrent layers against those of torch.nn.", PYTORCH, {"ours": "ours", "torch": "torch.nn"}),
]


def processor() -> str:
    """The processor's name as the system gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.partition("\n")[0])
    parser.add_argument("name", nargs="?", default="", help="measure only cases whose name contains this")
    parser.add_argument("--rounds", type=int, default=11, help="alternated repeats (default 11)")
    options = parser.parse_args()
    names = [name for table in TABLES for name in table.cases]
    chosen = [name for name in names if options.name.lower() in name.lower()]
    if not chosen:
        parser.error(f"no case contains {options.name!r}; there are: {'; '.join(names)}")

    text = HEADING.format(rounds=options.rounds)
    print(text, end="")
    for table in TABLES:
        lines = [table.heading()] if any(name in chosen for name in table.cases) else []
        print(*lines, end="")
        for name, case in table.cases.items():
            if name not in chosen:
                continue
            functions = case()
            for count in (1, 2):
                lines.append(table.row(name, functions, count, options.rounds))
                print(lines[-1], end="", flush=True)
        text += "".join(lines)
    machine = (f"\n{date.today()}, {processor()} ({os.cpu_count()} cores seen), {platform.system()}, "
               f"Python {platform.python_version()}, NumPy {np.__version__}, PyTorch {torch.__version__}\n")
    print(machine, end="")
    if not options.name:
        RESULTS.write_text(text + machine, encoding="utf-8")


if __name__ == "__main__":
    main()
