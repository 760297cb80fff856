'''The exercises of the book and their checkers.

>>> from seqbook.checks import check
>>> check("unfolding/step", rnn_step)

`check` calls the student's function on fresh random inputs, compares what comes back with the solution and with the
mistakes that people make, shows what it found in the page's language and returns it as a `Report`. Most mistakes are
derived from the solution: nobody writes them down.

How to write an exercise
------------------------
An exercise lives in `seqbook/exercises/PART/CHAPTER.py`, is found there by its id, and consists of declarations only:

    clip = Exercise(
        "bptt/clip",                                         # chapter/name, what `check` is called with
        "clip_by_norm(grads, max_norm) -> clipped",          # or "rnn_step(x (B, D), …) -> h_next (B, H)"
        kinds=(GENERAL, GENERAL, Kind({"T": 1})))            # the kinds of input to try; the first is general

    @clip.inputs                 # only where an argument is not simply normal (integers, states of a real network …)
    def clip_inputs(rng, sizes, name): return {"max_norm": …}

    @clip.solution               # what the notebook shows, written out in NumPy; `solution_source()` hands it over
    def clipped_together(grads, max_norm): …

    clip.says(                   # better words than the general ones, for what the solution with other text in it does
        "square_root_missing", {"np.sqrt": ""},
        ko="제곱근이 빠졌습니다. 제곱의 합은 노름이 아니라 노름의 제곱입니다.",
        en="The square root is missing. The sum of squares is the norm squared.")

    @clip.mistake(ko="배열마다 따로 잘랐습니다. …", en="Every array is clipped by a norm of its own. …")
    def each_array_alone(grads, max_norm): …    # a misconception no small change gives

- Shapes are written in the book's letters, their multiples (4H) and sums (H+D); every letter gets a random size, all of
  them different, so that no transposition hides. A `Kind` fixes sizes (`{"T": 1}`) or has a name that `inputs` sees.
  Draw inputs on which a wrong answer cannot be right by luck.
- Mistakes are derived from each solution's syntax tree (`edits.py`): an index or a loop one off, something left out,
  swapped, put in twice, a derivative, a transpose, a sign, an axis …; and around the right function (`forms.py`): an
  input ignored, an output reversed …. What a solution calls from a library hides its places; helpers of the same module
  are looked into. A second `@….solution`, written another way, brings the mistakes that people make in that way.
- What is said of a derived mistake (`words.py`) has two steps, its kind and where to look, in the names of arguments
  and outputs. So have hints: the first sentence is the first step. None gives code away.
- `@….accepts` declares another result that does what the exercise asks for. `says(…, given=True)` is the fault in a
  program that the exercise gives: mistakes are derived from that program too.
- A mistake is named where it explains the answer in every wrong value, on two draws at least, and not by zeros alone;
  where several explain it, what is said is true of all. Values decide, whatever kind of number holds them.
- What none explains is measured (`observing.py`): rounded, in other places, one factor, other arguments, steps or
  sequences that act on it, right for zeros or small values only, wrong from some step on …. An exercise says which of
  its arguments belong together (`bound=`), so that none is changed alone.
- Everything else (wrong shapes, NaN, changed arguments, endless loops, `None` …) is told apart without a declaration.

`tests/test_checks.py` feeds every exercise its solutions, stub and mistakes as soon as it is declared, holds a chapter
to 250 lines, and refuses by hand what is derived. Right answers in other forms go to `tests/alternatives.py`, other
people's answers to `tests/answers/`.
'''

import difflib
import sys
from collections.abc import Callable, Mapping

import numpy as np

from seqbook.checks.exercise import Exercise
from seqbook.checks.judging import Judge
from seqbook.checks.messages import say
from seqbook.checks.registry import Registry
from seqbook.checks.report import Report
from seqbook.checks.running import Run, is_running, run, signature_problem
from seqbook.language import get_language

EXERCISES: Mapping[str, Exercise] = Registry()  # by id; a chapter's module is loaded when one of its own is asked for

ASKING = 1.0  # seconds at most, twice, for measuring what no mistake explains

__all__ = ["EXERCISES", "Exercise", "Report", "check"]


def check(exercise_id: str, answer: Callable, *, rng: np.random.Generator | None = None,
          seconds: float = 3.0) -> Report:
    """Check `answer`, the function asked for in the exercise `exercise_id`; show the report and return it.

    The inputs are new in every call; `rng` makes them repeatable. An answer still running after `seconds` is stopped.
    An unknown exercise is a ValueError that lists the nearest ids.
    """
    exercise = _exercise(exercise_id)
    if is_running():
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
    judge = Judge(exercise, cases, run(exercise, answer, cases, seconds), seconds, lang,
                  lambda more: run(exercise, answer, more, min(seconds, ASKING)).outcomes)
    return _seen_twice(judge, answer, rng).report()


def _seen_twice(judge: Judge, answer: Callable, rng: np.random.Generator) -> Judge:
    """What goes wrong on special inputs alone, or on one general draw alone, is drawn again: a mistake is named only
    where it shows twice.
    """
    if judge.run.timed_out or judge.run.stub:
        return judge
    kinds = {number: judge.cases[number].kind for number, _ in judge.wrong()}
    general = [kind for kind in kinds.values() if kind.general]
    if not kinds or len(general) > 1:
        return judge
    # where general inputs seem to come out right, they are tried further before that is said
    more = 2 * general or [*kinds.values(), *3 * judge.exercise.kinds[:1]]
    cases = [judge.exercise.draw(rng, kind) for kind in more]
    again = run(judge.exercise, answer, cases, judge.seconds)
    if again.timed_out:
        return judge
    *before, repeated = judge.run.outcomes
    both = Run([*before, *again.outcomes[:-1], repeated], False, None, judge.run.printed, judge.run.printed_more)
    return Judge(judge.exercise, [*judge.cases, *cases], both, judge.seconds, judge.lang, judge.ask)


def _show(report: Report) -> None:
    """At once, even where the call is not a notebook cell's last expression; outside notebooks as printed text."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        report._ipython_display_()
    else:
        print(report)
