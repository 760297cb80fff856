"""Every exercise that is declared: its solution and alternatives pass, its stub waits, its mistakes are named."""

import inspect
import itertools
import re

import numpy as np
import pytest

from seqbook import set_language
from seqbook.checks import EXERCISES, check
from seqbook.checks.judging import mistaken

SEEDS = range(3)
EVERY_EXERCISE = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
EVERY_MISTAKE = pytest.mark.parametrize(
    ("exercise", "mistake"), [(exercise, mistake) for exercise in EXERCISES.values() for mistake in exercise.mistakes],
    ids=lambda value: getattr(value, "id", None) or value.name)


@pytest.fixture(params=["ko", "en"])
def lang(request):
    set_language(request.param)
    yield request.param
    set_language("en")


def check_seeded(exercise, answer, seed):
    return check(exercise.id, answer, rng=np.random.default_rng(seed))


def draw_all(exercise, seed):
    rng = np.random.default_rng(seed)
    return [exercise.draw(rng, kind) for kind in exercise.kinds]


def test_the_exercises_of_the_chapters_are_there():
    assert set(EXERCISES) >= {
        "unfolding/step", "unfolding/unfold", "unfolding/sensitivity",
        "patterns/output_step", "patterns/teacher_inputs", "patterns/last_state",
        "bptt/softmax_gradient", "bptt/step_backward", "bptt/rnn_backward", "bptt/clip",
        "long-term-dependencies/rescaled", "long-term-dependencies/jacobian_norms",
        "long-term-dependencies/carried_back", "long-term-dependencies/mark_and_add",
        "gates/forget_gate", "gates/input_gate", "gates/write", "gates/cell_states", "gates/share_left",
        "gates/look_inside", "gates/lstm_step",
        "training/lstm_step_backward", "training/gru_step", "training/repaired_backward", "training/read_in_chunks"}


@EVERY_EXERCISE
@pytest.mark.parametrize("seed", SEEDS)
def test_right_answers_pass(exercise, seed):
    for answer in (exercise.reference, *exercise.alternatives):
        report = check_seeded(exercise, answer, seed)
        assert report.passed and report and not report.mistakes, (answer.__name__, str(report))


@EVERY_EXERCISE
def test_a_stub_is_not_yet(exercise, lang):
    def stub(*args):
        raise NotImplementedError

    report = check(exercise.id, stub)
    assert report.reason == "stub" and not report.passed
    assert ("아직 구현 전" if lang == "ko" else "Not yet") in str(report)
    assert exercise.call in str(report)


@EVERY_MISTAKE
def test_a_mistake_is_named(exercise, mistake, lang):
    for seed in SEEDS:
        report = check_seeded(exercise, mistake.function, seed)
        assert report.reason == "mistake" and report.mistakes == (mistake.name,), str(report)
        assert report.message == (mistake.ko if lang == "ko" else mistake.en)


@EVERY_EXERCISE
def test_mistakes_differ_from_the_reference_and_from_each_other(exercise):
    def same(a, b):
        if isinstance(a, str) or isinstance(b, str):    # the name of an exception
            return isinstance(a, str) and isinstance(b, str) and a == b
        return all(a[name].shape == b[name].shape and np.allclose(a[name], b[name], equal_nan=True) for name in a)

    cases = draw_all(exercise, 0)
    answers = {mistake.name: [mistaken(exercise, mistake, case) for case in cases] for mistake in exercise.mistakes}
    answers["the reference"] = [case.expected for case in cases]
    for (one, ours), (other, theirs) in itertools.combinations(answers.items(), 2):
        assert not all(map(same, ours, theirs)), f"{one} and {other} cannot be told apart"


@EVERY_EXERCISE
def test_an_exercise_is_declared_whole(exercise):
    assert len(exercise.mistakes) >= 5 and len(exercise.alternatives) >= 2
    assert len({mistake.name for mistake in exercise.mistakes}) == len(exercise.mistakes)
    for function in (exercise.reference, *exercise.alternatives, *(mistake.function for mistake in exercise.mistakes)):
        assert list(inspect.signature(function).parameters)[:len(exercise.arguments)] == list(exercise.arguments)


@EVERY_MISTAKE
def test_hints_are_bilingual_and_give_no_code(exercise, mistake):
    assert re.search("[가-힣]", mistake.ko) and not re.search("[가-힣]", mistake.en)
    assert mistake.ko.endswith((".", "?")) and mistake.en.endswith((".", "?"))
    for code in re.findall("`([^`]+)`", mistake.ko + mistake.en):
        assert re.fullmatch(r"\w+", code), f"{code!r} gives code away"
    assert set(re.findall("`([^`]+)`", mistake.ko)) == set(re.findall("`([^`]+)`", mistake.en))


@EVERY_EXERCISE
def test_inputs_are_fresh_and_tell_axes_apart(exercise):
    first, second = draw_all(exercise, 0)[0], draw_all(exercise, 1)[0]
    assert len(set(first.sizes.values())) == len(first.sizes)
    for name, value in first.inputs.items():
        if isinstance(value, np.ndarray):
            assert np.count_nonzero(value) and not np.array_equal(value, second.inputs[name]), name


def test_every_call_draws_anew():
    def spy(seen):
        return lambda x, h, weight_ih, weight_hh, bias: seen.append(x[0, 0])

    seen = []
    check("unfolding/step", spy(seen))
    check("unfolding/step", spy(seen))
    calls = len(EXERCISES["unfolding/step"].kinds)
    assert len(set(seen)) == 2 * calls    # all but the repeats of the first case
    check("unfolding/step", spy(seen), rng=np.random.default_rng(5))
    check("unfolding/step", spy(seen), rng=np.random.default_rng(5))
    assert len(set(seen)) == 3 * calls


@pytest.mark.parametrize(("wrong", "near"), [
    ("unfolding/stpe", "unfolding/step"), ("clip", "bptt/clip"), ("bptt/rnn-backward", "bptt/rnn_backward")])
def test_an_unknown_exercise_lists_the_nearest(wrong, near):
    with pytest.raises(ValueError, match=re.escape(repr(near))):
        check(wrong, len)


def test_swapped_arguments_of_check_are_explained():
    with pytest.raises(ValueError, match='exercise_id must be a str such as "unfolding/step", got function'):
        check(lambda x: x, "unfolding/step")
