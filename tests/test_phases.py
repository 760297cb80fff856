"""`make test` goes through all its phases and says how each ended, also where one fails."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PHASES = ["setup", "unit", "nbval", "colab", "book", "pages"]

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")


def report(folder: Path, failing: str) -> tuple[int, dict[str, str]]:
    """The exit status of `make test` in which only the phase `failing` fails, and how it says each phase ended."""
    phase = folder / "phase"  # takes make's place within the recipe
    phase.write_text(f'#!/bin/sh\n[ "$2" != {failing} ]\n')
    phase.chmod(0o755)
    result = subprocess.run(["make", "--silent", "test", f"MAKE={phase}"], cwd=ROOT, capture_output=True, text=True)
    lines = result.stdout.rstrip().rpartition("\n\n")[2].split("\n")
    assert re.fullmatch(r"in all +\d+:\d\d", lines.pop()), result.stdout
    outcomes = dict(re.fullmatch(r"(\w+) +\d+:\d\d  (.+)", line).groups() for line in lines)
    assert list(outcomes) == PHASES
    return result.returncode, outcomes


@pytest.mark.parametrize("failing, left_out", [
    ("none", []), ("unit", []), ("pages", []), ("book", ["pages"]), ("setup", PHASES[1:])])
def test_each_phase_is_reported(tmp_path, failing, left_out):
    status, outcomes = report(tmp_path, failing)
    assert (status != 0) == (failing != "none")
    assert outcomes == {phase: "FAILED" if phase == failing else "left out" if phase in left_out else "passed"
                        for phase in PHASES}
