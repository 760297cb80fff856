'''The exercises of the book and their checkers.

>>> from seqbook.checks import check
>>> check("unfolding/step", rnn_step)

`check` calls the student's function on fresh random inputs, compares what comes back with a reference solution and
with the mistakes people make, shows what it found in the page's language and returns it as a `Report`.

How to write an exercise
------------------------
An exercise lives in the module of its chapter (`unfolding.py`, `patterns.py`, `bptt.py`, …) and consists of
declarations only:

    clip = Exercise(
        "bptt/clip",                                         # chapter/name, what `check` is called with
        "clip_by_norm(grads, max_norm) -> clipped",          # or "rnn_step(x (B, D), …) -> h_next (B, H)"
        kinds=(GENERAL, GENERAL, Kind({"T": 1})),            # the kinds of input to try; the first is general
    )

    @clip.inputs                 # only where an argument is not simply normal (integers, states of a real network …)
    def clip_inputs(rng, sizes, name): return {"max_norm": …}

    @clip.solution               # the reference, built on `seqbook.scratch` where that reads well
    def clip_reference(grads, max_norm): …

    @clip.alternative            # other right answers, as students write them: loops, float32, views …
    def clip_one_long_vector(grads, max_norm): …

    @clip.mistake(ko="배열마다 따로 잘랐습니다. …", en="Every array is clipped by a norm of its own …")
    def each_array_alone(grads, max_norm): …

and, at the end of the module, `EXERCISES = (…, clip)`. A new chapter's module is added to `CHAPTERS` below.

- Shapes are written in the book's letters; every letter gets a random size, all of them different, so that no
  transposition hides. A `Kind` fixes sizes (`{"T": 1}`) or has a name that `inputs` sees.
- A mistake is a whole wrong answer. It is named when a student's answer agrees with it wherever it differs from the
  reference, so two mistakes must differ from each other on the inputs drawn. At least five each.
- A hint names the mistake and points the way, in both languages, without giving the code.
- Everything else (wrong shapes, NaN, changed arguments, endless loops, `None` …) is told apart without a declaration.

`tests/test_checks.py` feeds every exercise its solution, alternatives, stub and mistakes as soon as it is declared.
'''

import difflib
import sys
import threading
from collections.abc import Callable, Mapping

import numpy as np

from seqbook.checks.exercise import Exercise
from seqbook.checks.judging import Judge
from seqbook.checks.messages import say
from seqbook.checks.registry import Registry
from seqbook.checks.report import Report
from seqbook.checks.running import THREAD, Run, run, signature_problem
from seqbook.language import get_language

EXERCISES: Mapping[str, Exercise] = Registry()  # by id; a chapter's module is loaded when one of its own is asked for

__all__ = ["EXERCISES", "Exercise", "Report", "check"]


def check(exercise_id: str, answer: Callable, *, rng: np.random.Generator | None = None,
          seconds: float = 3.0) -> Report:
    """Check `answer`, the function asked for in the exercise `exercise_id`; show the report and return it.

    The inputs are new in every call; `rng` makes them repeatable. An answer still running after `seconds` is stopped.
    An unknown exercise is a ValueError that lists the nearest ids.
    """
    exercise = _exercise(exercise_id)
    if threading.current_thread().name.startswith(THREAD):
        raise RuntimeError(say(get_language(), "nested"))
    report = _check(exercise, answer, rng or np.random.default_rng(), seconds)
    _show(report)
    return report


def _exercise(exercise_id: str) -> Exercise:
    if not isinstance(exercise_id, str):
        raise ValueError(f'exercise_id must be a str such as "unfolding/step", got {type(exercise_id).__name__}')
    if exercise_id not in EXERCISES:
        close = difflib.get_close_matches(exercise_id, EXERCISES, n=3, cutoff=0.4) or list(EXERCISES)
        raise ValueError(f"no exercise {exercise_id!r}; did you mean {' or '.join(map(repr, close))}?")
    return EXERCISES[exercise_id]


def _check(exercise: Exercise, answer: Callable, rng: np.random.Generator, seconds: float) -> Report:
    lang = get_language()
    if not callable(answer):
        message = say(lang, "not_callable", got=type(answer).__name__, id=exercise.id, function=exercise.function_name)
        return Report(exercise.id, "not_callable", message, lang)
    if (parameters := signature_problem(exercise, answer)) is not None:
        message = say(lang, "wrong_signature", call=exercise.call, got=parameters)
        return Report(exercise.id, "wrong_signature", message, lang)
    cases = [exercise.draw(rng, kind) for kind in exercise.kinds]
    judge = Judge(exercise, cases, run(exercise, answer, cases, seconds), seconds, lang)
    return _seen_twice(judge, answer, rng).report()


def _seen_twice(judge: Judge, answer: Callable, rng: np.random.Generator) -> Judge:
    """What goes wrong on special inputs alone is drawn once more: a mistake is named only where it shows twice."""
    if judge.run.timed_out or judge.run.stub:
        return judge
    special = {number: judge.cases[number].kind for number, _ in judge.wrong()}
    if not special or any(kind.general for kind in special.values()):
        return judge
    cases = [judge.exercise.draw(rng, kind) for kind in special.values()]
    again = run(judge.exercise, answer, cases, judge.seconds)
    if again.timed_out:
        return judge
    *before, repeated = judge.run.outcomes
    both = Run([*before, *again.outcomes[:-1], repeated], False, None, judge.run.printed, judge.run.printed_more)
    return Judge(judge.exercise, [*judge.cases, *cases], both, judge.seconds, judge.lang)


def _show(report: Report) -> None:
    """At once, even where the call is not a notebook cell's last expression; outside notebooks as printed text."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        report._ipython_display_()
    else:
        print(report)
