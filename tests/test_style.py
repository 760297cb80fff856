"""The house's style, as far as a program can see it: no line of Python is longer than 120 characters."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("lib", "tests", "benchmarks")
EXEMPT = ("tests/answers/",)    # students' code, as it stands in the notebooks' cells


def test_no_line_is_longer_than_120_characters():
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *FOLDERS],
                            cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    files = [file for file in listed if file.endswith(".py") and not file.startswith(EXEMPT)]
    assert {file.partition("/")[0] for file in files} == set(FOLDERS)
    long = [f"{file}:{number} has {len(line)} characters" for file in files if (ROOT / file).is_file()
            for number, line in enumerate((ROOT / file).read_text("utf-8").split("\n"), 1) if len(line) > 120]
    assert long == []
