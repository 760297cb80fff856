"""Measure every case with one and two threads, print the table and write it beside this file.

    python -m benchmarks              all cases
    python -m benchmarks rnn          the cases whose name contains "rnn"; printed, not written
"""

import argparse
import os
import platform
from datetime import date
from pathlib import Path

import numpy as np
import torch

from benchmarks.cases import CASES
from benchmarks.timing import alternate, threads

RESULTS = Path(__file__).with_name("results.md")
HEADING = """\
# Speed

float32 on the CPU, forward and backward with all gradients. Ratios below 1 mean: faster than. The floor is the time of
the bare matrix products into ready buffers. Medians of {rounds} alternated rounds in one process; written by
`make bench`.

| case | threads | NumPy, ms | torch.nn, ms | floor, ms | against torch.nn | against floor |
| --- | --: | --: | --: | --: | --: | --: |
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
    parser.add_argument("--rounds", type=int, default=11, help="alternated repeats (default 11)")
    options = parser.parse_args()
    chosen = {name: case for name, case in CASES.items() if options.name.lower() in name.lower()}
    if not chosen:
        parser.error(f"no case contains {options.name!r}; there are: {'; '.join(CASES)}")

    table = HEADING.format(rounds=options.rounds)
    print(table, end="")
    for name, case in chosen.items():
        functions = case()
        for count in (1, 2):
            with threads(count):
                timing = alternate(functions, options.rounds)
            milliseconds = " | ".join(f"{1e3 * timing.seconds[key]:.1f}" for key in ("numpy", "torch", "floor"))
            ratios = " | ".join(f"{timing.ratio('numpy', key):.2f}" for key in ("torch", "floor"))
            row = f"| {name} | {count} | {milliseconds} | {ratios} |\n"
            print(row, end="", flush=True)
            table += row
    machine = (f"\n{date.today()}, {processor()} ({os.cpu_count()} cores seen), {platform.system()}, "
               f"Python {platform.python_version()}, NumPy {np.__version__}, PyTorch {torch.__version__}\n")
    print(machine, end="")
    if not options.name:
        RESULTS.write_text(table + machine, encoding="utf-8")


if __name__ == "__main__":
    main()
