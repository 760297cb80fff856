"""Measure every case with one and two threads, print the table and write it beside this file.

    python -m benchmarks              all cases
    python -m benchmarks rnn          the cases whose name contains "rnn"; printed, not written
"""

import argparse
import os
import platform
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch

from benchmarks.tables import TABLES, measure

RESULTS = Path(__file__).with_name("results.md")
HEADING = """\
# Speed

float32 on the CPU, forward and backward with all gradients. Ratios below 1 mean: faster than. Medians of at
least {rounds} alternated rounds and {seconds:g} seconds in one process, a fresh one for each row; written by
`make bench`.
"""


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
    parser.add_argument("--rounds", type=int, default=11, help="alternated repeats, at least (default 11)")
    parser.add_argument("--seconds", type=float, default=30, help="for each row, at least (default 30)")
    options = parser.parse_args()
    names = [name for table in TABLES for name in table.cases]
    chosen = [name for name in names if options.name.lower() in name.lower()]
    if not chosen:
        parser.error(f"no case contains {options.name!r}; there are: {'; '.join(names)}")

    text = HEADING.format(rounds=options.rounds, seconds=options.seconds)
    print(text, end="")
    # a fresh process for each row: how much memory the last one gave back to the system would slow the next one down
    processes = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"), max_tasks_per_child=1)
    for number, table in enumerate(TABLES):
        lines = [table.heading()] if any(name in chosen for name in table.cases) else []
        print(*lines, end="")
        for name, count in product(filter(chosen.__contains__, table.cases), (1, 2)):
            row = processes.submit(measure, number, name, count, options.rounds, options.seconds)
            lines.append(row.result())
            print(lines[-1], end="", flush=True)
        text += "".join(lines)
    machine = (f"\n{date.today()}, {processor()} ({os.cpu_count()} cores seen), {platform.system()}, "
               f"Python {platform.python_version()}, NumPy {np.__version__}, PyTorch {torch.__version__}\n")
    print(machine, end="")
    if not options.name:
        RESULTS.write_text(text + machine, encoding="utf-8")


if __name__ == "__main__":
    main()
