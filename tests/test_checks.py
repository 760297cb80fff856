"""Every exercise that is declared: right answers pass, its stub waits, its mistakes are named, worded and derived."""

import importlib
import inspect
import itertools
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import seqbook.exercises
from seqbook import set_language
from seqbook.checks import EXERCISES, check, words
from seqbook.checks.derived import derived, outcome
from seqbook.checks.explaining import close
from tests.alternatives import ALTERNATIVES

SEEDS = range(3)
LINES = 250  # of a chapter's exercises, at most
CHAPTERS = sorted(path for path in Path(seqbook.exercises.__path__[0]).glob("*/*.py") if path.stem != "__init__")
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


def same(one, other):
    if isinstance(one, str) or isinstance(other, str):    # the name of an exception
        return isinstance(one, str) and isinstance(other, str) and one == other
    return all(one[name].shape == other[name].shape and close(one[name], other[name], 1e-6, other[name]).all()
               for name in one)


# ------------------------------------------------------------------------------------------------------- finding them

def test_the_exercises_of_the_chapters_are_there():
    assert set(EXERCISES) >= {
        "unfolding/step", "unfolding/unfold", "unfolding/next_losses",
        "patterns/output_step", "patterns/teacher_inputs", "patterns/last_state",
        "bptt/softmax_gradient", "bptt/step_backward", "bptt/rnn_backward", "bptt/clip",
        "deep/stack_step", "deep/layer_gradients", "deep/repaired_stack", "deep/sum_over_paths",
        "long-term-dependencies/rescaled", "long-term-dependencies/jacobian_norms",
        "long-term-dependencies/roads", "long-term-dependencies/repaired_sizes", "long-term-dependencies/mark_and_add",
        "gates/forget_gate", "gates/input_gate", "gates/write", "gates/cell_states", "gates/share_left",
        "gates/look_inside", "gates/lstm_step",
        "training/lstm_step_backward", "training/gru_step", "training/repaired_backward", "training/read_in_chunks",
        "self-attention/previous_token", "self-attention/reverse", "self-attention/copy_after_repeat",
        "self-attention/repaired_head", "self-attention/restored"}


def test_the_exercises_are_a_mapping_by_id():
    assert len(EXERCISES) == len(list(EXERCISES)) and "gates/write" in EXERCISES and "gates/wrote" not in EXERCISES
    assert EXERCISES["gates/write"] is EXERCISES["gates/write"] and EXERCISES.get("nothing/here") is None


def test_a_check_loads_the_exercises_of_one_chapter():
    code = ("import sys; from seqbook.checks import check; check('unfolding/step', print);"
            "print(*(name for name in sys.modules if name.startswith('seqbook.exercises.') and name.count('.') == 3))")
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "seqbook.exercises.rnn.unfolding"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_s_exercises_are_short_and_their_own(path):
    source = path.read_text()
    assert source.count("\n") <= LINES
    assert "seqbook.exercises" not in source, "no chapter leans on another"
    module = importlib.import_module(f"seqbook.exercises.{path.parent.name}.{path.stem}")
    ids = [each.id for each in vars(module).values() if isinstance(each, type(next(iter(EXERCISES.values()))))]
    assert ids and all(each.partition("/")[0].replace("-", "_") == path.stem for each in ids)


# ------------------------------------------------------------------------------------------------------ right answers

@EVERY_EXERCISE
@pytest.mark.parametrize("seed", SEEDS)
def test_right_answers_pass(exercise, seed):
    assert len(ALTERNATIVES.get(exercise.id, ())) >= 2, "tests/alternatives.py must have two more right answers"
    for answer in (*exercise.solutions, *ALTERNATIVES[exercise.id], *exercise.accepted):
        report = check_seeded(exercise, answer, seed)
        assert report.passed and report and not report.mistakes, (answer.__name__, str(report))


@EVERY_EXERCISE
def test_the_solution_for_the_notebook_is_code_that_passes(exercise):
    source = exercise.solution_source()
    assert source.startswith(f"def solution_{exercise.function_name}(") and source.endswith("\n")
    namespace = dict(exercise.reference.__globals__)
    exec(source, namespace)
    assert check(exercise.id, namespace[f"solution_{exercise.function_name}"]).passed
    for choice in re.findall("⟦(.*?)⟧", source):
        ko, _, en = choice.partition("|")
        assert re.search("[가-힣]", ko) and en and not re.search("[가-힣]", en)


@EVERY_EXERCISE
def test_a_stub_is_not_yet(exercise, lang):
    def stub(*args):
        raise NotImplementedError

    report = check(exercise.id, stub)
    assert report.reason == "stub" and not report.passed
    assert ("아직 구현 전" if lang == "ko" else "Not yet") in str(report)
    assert exercise.call in str(report)


# ------------------------------------------------------------------------------------------------- mistakes with words

@EVERY_MISTAKE
def test_a_mistake_is_named(exercise, mistake, lang):
    for seed in SEEDS[:2]:
        report = check_seeded(exercise, mistake.function, seed)
        assert report.reason == "mistake" and report.mistakes == (mistake.name,), str(report)
        assert mistake.hint(lang) == " ".join(filter(None, (report.message, report.where)))
        assert not report.where or report.details[0] == report.where


@EVERY_EXERCISE
def test_mistakes_differ_from_the_solution_and_from_each_other(exercise):
    cases = draw_all(exercise, 0)
    answers = {mistake.name: [outcome(exercise, lambda: mistake.function, case) for case in cases]
               for mistake in exercise.mistakes}
    answers["the solution"] = [case.expected for case in cases]
    for (one, ours), (other, theirs) in itertools.combinations(answers.items(), 2):
        assert not all(map(same, ours, theirs)), f"{one} and {other} cannot be told apart"


@EVERY_EXERCISE
def test_no_misconception_is_written_by_hand_that_a_derived_mistake_gives(exercise):
    cases = draw_all(exercise, 0)
    by_hand = [mistake for mistake in exercise.mistakes if not mistake.edits]
    for mistake in by_hand:
        ours = [outcome(exercise, lambda: mistake.function, case) for case in cases]
        for each in derived(exercise):
            if same(ours[0], each.of(cases[0])):
                assert not all(same(one, each.of(case)) for one, case in zip(ours, cases)), (
                    f"{mistake.name} is the derived mistake {each.kind} {each.names}: give its words with `says`")


@EVERY_EXERCISE
def test_an_exercise_is_declared_whole(exercise):
    assert len({mistake.name for mistake in exercise.mistakes}) == len(exercise.mistakes)
    for function in (*exercise.solutions, *exercise.accepted, *(mistake.function for mistake in exercise.mistakes)):
        assert list(inspect.signature(function).parameters)[:len(exercise.arguments)] == list(exercise.arguments)


@EVERY_MISTAKE
def test_hints_are_bilingual_and_give_no_code(exercise, mistake):
    assert re.search("[가-힣]", mistake.ko) and not re.search("[가-힣]", mistake.en)
    assert mistake.ko.endswith((".", "?")) and mistake.en.endswith((".", "?"))
    for code in re.findall("`([^`]+)`", mistake.ko + mistake.en):
        assert re.fullmatch(r"\w+", code), f"{code!r} gives code away"
    assert set(re.findall("`([^`]+)`", mistake.ko)) == set(re.findall("`([^`]+)`", mistake.en))


# ---------------------------------------------------------------------------------------------------- derived mistakes

@EVERY_EXERCISE
def test_mistakes_are_derived_from_every_solution(exercise):
    found = derived(exercise)
    programs = {id(each.program) for each in found if each.program}
    assert len(programs) == len(exercise.solutions), "a solution whose source cannot be read hides its mistakes"
    assert len(found) > 50 and {each.kind for each in found} <= set(words.KINDS)


def test_derived_mistakes_are_the_same_from_run_to_run():
    code = ("from seqbook.checks import EXERCISES; from seqbook.checks.derived import derived;"
            "print([(each.kind, each.names, each.cost) for each in derived(EXERCISES['gates/lstm_step'])])")
    first, second = (subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
                     for _ in range(2))
    assert first == second and len(first) > 1000


@pytest.mark.parametrize(("id", "old", "new", "kind", "named"), [
    ("unfolding/step", "+ x @ weight_ih.T", "- x @ weight_ih.T", "sign", "x"),
    ("unfolding/step", "np.tanh", "sigmoid", "activation", "h_next"),
    ("unfolding/unfold", "x[:, t] @ weight_ih.T)", "x[:, t] @ weight_ih.T + bias)", "scale", "bias"),
    ("unfolding/unfold", "range(T)", "range(T - 1)", "ends", "hs"),
    ("unfolding/unfold", "range(T)", "range(1, T)", "ends", "hs"),
    ("unfolding/unfold", "x[:, t]", "x[:, t - 1]", "time", "x"),
    ("unfolding/next_losses", "h @ weight_hh.T", "h @ weight_hh", "transpose", "weight_hh"),
    ("bptt/step_backward", "(1 - h_next**2)", "h_next", "derivative", "dx"),
    ("bptt/step_backward", "da @ weight_hh", "da @ weight_hh.T", "transpose", "weight_hh"),
    ("bptt/step_backward", "da @ weight_ih, da @ weight_hh", "da @ weight_hh, da @ weight_ih", "returned", "dx"),
    ("bptt/rnn_backward", "dbias += da", "dbias = da", "overwrite", "dbias"),
    ("bptt/rnn_backward", "dh = da @ weight_hh", "dh = dhs[:, t] @ weight_hh", "other", "dx"),
    ("bptt/softmax_gradient", "e.sum(axis=-1", "e.sum(axis=1", "axis", "dlogits"),
    ("bptt/clip", "norm > max_norm", "norm < max_norm", "condition", "bias"),
    ("gates/cell_states", "f[:, t] * c + i[:, t]", "i[:, t] * c + f[:, t]", "swapped", "f"),
    ("gates/cell_states", "c = cs[:, t] =", "cs[:, t] =", "carry", "cs"),
    ("gates/lstm_step", "np.split(a, 4, axis=1)", "(a[:, n::4] for n in range(4))", "interleaved", "h_next"),
    ("gates/lstm_step", "sigmoid(i) * np.tanh(g)", "sigmoid(i) * g", "no_activation", "h_next"),
    ("patterns/last_state", "lengths - 1", "-lengths", "from_end", "h"),
    ("long-term-dependencies/mark_and_add", ".sum(axis=1)", ".mean(axis=1)", "reduction", "y"),
    ("long-term-dependencies/jacobian_norms", "1 - hs[t + 1]**2", "1 - hs[t + 1]", "derivative", "norms"),
    ("training/gru_step", "(1 - z) * n", "n", "missing", "h"),
    ("training/lstm_step_backward", "i * (1 - i), df * f * (1 - f)", "1.0, df", "derivative", "dx"),
    ("training/repaired_backward", "np.tanh(cs[:, t])", "cs[:, t]", "activation", "dx"),
])
def test_a_derived_mistake_is_named_in_two_steps(id, old, new, kind, named):
    exercise = EXERCISES[id]
    source = exercise.solution_source()
    assert old in source
    namespace = dict(exercise.reference.__globals__) | {"sigmoid": lambda a: 1 / (1 + np.exp(-a))}
    exec(source.replace(old, new).replace("np.empty", "np.zeros"), namespace)
    report = check(id, namespace[f"solution_{exercise.function_name}"], rng=np.random.default_rng(0))
    assert report.reason == "mistake" and kind in report.mistakes[0], str(report)
    assert report.message and report.where and f"`{named}`" in report.where, str(report)


def test_where_two_explanations_fit_both_are_said():
    text = words.first_step("en", ["gates", "product"])
    assert "(1)" in text and words.KINDS["gates"][2] in text and words.KINDS["product"][2] in text
    assert "`h`" in words.second_step("en", ["gates", "product"], ["x"], ["h"])


def test_the_words_of_derived_mistakes_are_bilingual_and_name_only_what_a_student_knows():
    for ko, where_ko, en, where_en in words.KINDS.values():
        for korean, english in ((ko, en), (where_ko, where_en)):
            assert re.search("[가-힣]", korean) and not re.search("[가-힣]", english)
            assert korean.endswith((".", "?")) and english.endswith((".", "?"))
        assert "{" not in ko + en and set(re.findall(r"{(\w+)}", where_ko + where_en)) <= {"names", "outs"}
        assert set(re.findall(r"{(\w+)}", where_ko)) == set(re.findall(r"{(\w+)}", where_en))


# -------------------------------------------------------------------------------------------------------------- inputs

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


@pytest.mark.parametrize("seed", range(20))
def test_the_first_eigenvalue_is_never_the_largest(seed):
    def first_eigenvalue(weight, radius):
        return radius / np.abs(np.linalg.eigvals(weight)[0]) * weight

    assert not check("long-term-dependencies/rescaled", first_eigenvalue, rng=np.random.default_rng(seed)).passed


@pytest.mark.parametrize(("wrong", "near"), [
    ("unfolding/stpe", "unfolding/step"), ("clip", "bptt/clip"), ("bptt/rnn-backward", "bptt/rnn_backward")])
def test_an_unknown_exercise_lists_the_nearest(wrong, near):
    with pytest.raises(ValueError, match=re.escape(repr(near))):
        check(wrong, len)


def test_swapped_arguments_of_check_are_explained():
    with pytest.raises(ValueError, match='exercise_id must be a str such as "unfolding/step", got function'):
        check(lambda x: x, "unfolding/step")
