"""The checkers judge in the page's Python, where there are no threads, as they do natively.

All reference solutions, and of other people's answers one in six (`make live`, ALL_ANSWERS in the environment: all).
"""

import importlib.util
import json
import os
import re
from pathlib import Path

import numpy as np
import pytest

from seqbook import set_language
from seqbook.checks import EXERCISES, check
from tests.site.conftest import tabs
from tests.site.live.python import ROOT, Python

pytestmark = pytest.mark.browser
FILES = sorted((ROOT / "tests/answers").glob("*.py"))
EVERY = 1 if "ALL_ANSWERS" in os.environ else 6
ABSENT = re.compile(r"\b(torch|scipy|sklearn|pandas)\b")    # packages that the page has not

JUDGE = """
import inspect, json
import numpy as np
from seqbook.checks import check
def judged(answer, seed):
    report = check(EXERCISE, answer, rng=np.random.default_rng(seed))
    return [report.reason, sorted(report.mistakes)]
print(json.dumps({name: judged(globals()[name], seed) for name, seed in WANTED}))
"""


@pytest.fixture(scope="module")
def python(chromium, address):
    with tabs(chromium, address) as make:
        started = Python(make().page, address)
        started.start()
        started.run("import seqbook\nseqbook.set_language('en')")
        yield started


def answers_in(path: Path) -> tuple[str, list[tuple]]:
    """The exercise of a file of answers, and of each that the page can run its function and a seed."""
    spec = importlib.util.spec_from_file_location(f"answers_{path.stem.replace('-', '_')}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = path.read_text("utf-8")
    body = {name: part for part, name in re.findall(r"^(def (\w+)\(.*?)(?=^\S)", text + "\nend\n", re.S | re.M)}
    every = [*module.RIGHT, *(wrong[0] for wrong in module.WRONG)]
    able = [(answer, seed) for seed, answer in enumerate(every)
            if answer.__name__ in body and not ABSENT.search(body[answer.__name__])]
    return module.EXERCISE, able[::EVERY]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_answers_are_judged_as_natively(python, path):
    set_language("en")
    exercise, answers = answers_in(path)
    native = {answer.__name__: check(exercise, answer, rng=np.random.default_rng(seed)) for answer, seed in answers}
    wanted = json.dumps([(answer.__name__, seed) for answer, seed in answers])
    source = f"EXERCISE, WANTED = {exercise!r}, {wanted}\n{JUDGE}"
    python.run(path.read_text("utf-8"), path.stem)
    _, events = python.run(source)
    (printed,) = [event["text"] for event in events if event.get("name") == "stdout" and event["text"].startswith("{")]
    got = json.loads(printed)
    assert got == {name: [report.reason, sorted(report.mistakes)] for name, report in native.items()}


def test_every_reference_solution_passes(python):
    source = """
import json
from seqbook.checks import EXERCISES, check
print(json.dumps({id: check(id, exercise.solutions[0]).reason for id, exercise in EXERCISES.items()}))
"""
    _, events = python.run(source)
    (printed,) = [event["text"] for event in events if event.get("name") == "stdout" and event["text"].startswith("{")]
    assert json.loads(printed) == dict.fromkeys(EXERCISES, "passed")
