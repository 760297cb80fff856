"""Other people's answers: every right one passes, no wrong one passes, none is named falsely, and most are named.

`answers/` has one file an exercise, written without sight of the checkers: RIGHT is a list of functions, WRONG one of
(function, what kind of slip it is, what truly is wrong). Several kinds are joined with "+".
"""

import importlib.util
import os
from pathlib import Path

import numpy as np
import pytest

from seqbook.checks import EXERCISES, check, words

FILES = sorted((Path(__file__).parent / "answers").glob("*.py"))
NAMED = 0.97  # of all wrong answers, at least; 0.989 on 2026-11-28, 0.869 without what is measured
ALL = "ALL_ANSWERS" in os.environ  # else every third of the wrong ones, which takes a third of the minute
FORMS = {"form", "shape", "dtype", "not_finite", "wrong_signature", "not_callable", "timed_out", "unstable"}
COUNTS = {}  # file: (named, of these by measurement alone, wrong)

# the kinds of slip of which it is true to say what each derived mistake says
TRUE_OF = {
    "activation": "activation other", "activation_more": "activation extra", "added": "extra accumulate",
    "apart": "activation other", "as_one": "missing mutated", "average": "other axis extra scale", "axis": "axis",
    "carry": "other missing", "complement": "other sign", "condition": "sign other", "constant": "extra other",
    "cumulated": "accumulate", "derivative": "derivative", "derivative_missing": "derivative missing",
    "divided": "scale", "edge": "time start", "ends": "time start other form", "factor": "scale",
    "first_given": "start time", "first_only": "form", "fixed": "other time", "from_end": "order time",
    "function": "scale other activation sign missing", "gates": "swap", "given_back": "other missing start",
    "inside": "activation", "interleaved": "axis swap", "inverted": "scale other", "joined": "order swap",
    "last_only": "form", "late": "time start", "missing": "missing scale accumulate form other",
    "mixed": "axis other", "multiplied": "extra other", "no_activation": "activation missing derivative",
    "not_summed": "form axis", "once": "form", "one_for_all": "axis other", "one_sequence_only": "accumulate form",
    "one_step_only": "missing time", "one_unit": "other", "operation": "other", "other": "swap time missing activation",
    "outside": "activation other", "overwrite": "accumulate", "pairing": "other axis", "place": "time swap other",
    "power": "scale", "product": "transpose order other", "reduction": "scale accumulate other", "reshaped": "axis",
    "returned": "swap", "reversed": "order time", "scale": "scale extra", "sign": "sign", "swapped": "swap",
    "time": "time start", "transpose": "transpose", "unused": "missing start other", "whole": "form other",
}


def load(path):
    spec = importlib.util.spec_from_file_location(f"answers_{path.stem.replace('-', '_')}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_answers_of_other_people(path):
    answers = load(path)
    for seed, answer in enumerate(answers.RIGHT):
        report = check(answers.EXERCISE, answer, rng=np.random.default_rng(seed))
        assert report.passed, (answer.__name__, str(report))

    by_hand = {mistake.name for mistake in EXERCISES[answers.EXERCISE].mistakes}
    named = located = 0
    for seed, (answer, kinds, place) in list(enumerate(answers.WRONG))[::1 if ALL else 3]:
        report = check(answers.EXERCISE, answer, rng=np.random.default_rng(seed + 100))
        kinds, about = set(kinds.split("+")), f"{answer.__name__}: {place}\n{report}"
        assert not report.passed, about
        measured = {name for name in report.mistakes if name.startswith("seen_")}
        assert {name.split(":")[0].removeprefix("seen_") for name in measured} <= set(words.OBSERVED), about
        for name in set(report.mistakes) - by_hand - measured:    # what is measured is true of the values themselves
            either = name.partition(":")[0].split("_or_")
            assert any(set(TRUE_OF[each].split()) & kinds for each in either), about
        named += (report.reason == "mistake" or report.reason in FORMS and "form" in kinds
                  or report.reason == "exception" and "exception" in kinds or report.reason == "mutated")
        located += bool(measured)
        COUNTS[path.stem] = named, located, COUNTS.get(path.stem, (0, 0, 0))[2] + 1


def test_most_wrong_answers_are_named():
    if set(COUNTS) != {path.stem for path in FILES}:
        return    # only some were asked for
    named, located, wrong = (sum(each) for each in zip(*COUNTS.values(), strict=True))
    print(f"{named} of {wrong} named: {named / wrong:.1%}; of these {located} by measurement alone")
    assert named / wrong >= NAMED


def test_the_kinds_of_derived_mistakes_are_known():
    assert set(TRUE_OF) >= {"divided", "factor"} and set(TRUE_OF) <= set(words.KINDS) | {"divided", "factor"}
