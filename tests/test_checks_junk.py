"""What a checker says of answers that are wrong in form, break, never end, or hold on some inputs only."""

import itertools
import re
import sys
import threading
import time
from functools import partial

import numpy as np
import pytest

from seqbook import set_language
from seqbook.checks import EXERCISES, check, words
from seqbook.checks.exercise import Exercise, Kind
from seqbook.checks.running import PRINTED_LIMIT
from seqbook.scratch import RNN
from tests.alternatives import ALTERNATIVES

STEP, UNFOLD = "unfolding/step", "unfolding/unfold"
right_step, right_unfold = ALTERNATIVES[STEP][0], ALTERNATIVES[UNFOLD][0]


@pytest.fixture(params=["ko", "en"])
def lang(request):
    set_language(request.param)
    yield request.param
    set_language("en")


def wrong_for_one_sequence(x, h, weight_ih, weight_hh, bias):
    return right_step(x, h, weight_ih, weight_hh, bias) + (len(x) == 1)


# ------------------------------------------------------------------------------------------------ what came back

@pytest.mark.parametrize(("answer", "reason", "said"), [
    (lambda x, h, weight_ih, weight_hh, bias: None, "form", "`None`"),
    (lambda x, h, weight_ih, weight_hh, bias: (yield), "form", "`yield`"),
    (lambda x, h, weight_ih, weight_hh, bias: (right_step(x, h, weight_ih, weight_hh, bias),), "form", "1"),
    (lambda x, h, weight_ih, weight_hh, bias: "tanh", "form", "`str`"),
    (lambda x, h, weight_ih, weight_hh, bias: np.tanh, "form", "`ufunc`"),
    (lambda x, h, weight_ih, weight_hh, bias: [[1.0], [1.0, 2.0]], "form", "`list`"),
    (lambda x, h, weight_ih, weight_hh, bias: {"h_next": 1}, "form", "`dict`"),
    (lambda x, h, weight_ih, weight_hh, bias: 0, "shape", "()"),
    (lambda x, h, weight_ih, weight_hh, bias: x, "shape", "(B, D)"),
    (lambda x, h, weight_ih, weight_hh, bias: np.full(h.shape, np.nan), "not_finite", "NaN"),
    (lambda x, h, weight_ih, weight_hh, bias: np.where(h > 0, np.inf, h), "not_finite", "NaN"),
    (lambda *args: right_step(*args).astype(int), "dtype", "int64"),
    (lambda x, h, weight_ih, weight_hh, bias: h > 0, "dtype", "bool"),
    (lambda *args: right_step(*args) + 1j, "dtype", "complex128"),
    (lambda *args: np.ma.masked_less(right_step(*args), 0), "form", "masked"),
    (lambda *args: [np.ma.masked_less(row, 0) for row in right_step(*args)], "form", "masked"),
    (lambda *args: np.array([[object()]]), "form", "object"),
    (lambda x, h, weight_ih, weight_hh, bias: np.zeros_like(h), "value", "h_next"),
    (lambda x, h, weight_ih, weight_hh, bias: np.empty((0, 3)), "shape", "(0, 3)"),
])
def test_the_form_of_what_came_back(answer, reason, said):
    report = check(STEP, answer)
    assert report.reason == reason and said in report.message and not report.mistakes, str(report)


def test_a_coroutine():
    async def step(x, h, weight_ih, weight_hh, bias):
        return h

    assert check(STEP, step).reason == "form"


def test_shapes_are_told_in_letters():
    report = check(STEP, lambda *args: right_step(*args).T, rng=np.random.default_rng(0))
    case = EXERCISES[STEP].draw(np.random.default_rng(0), EXERCISES[STEP].kinds[0])
    B, H = case.sizes["B"], case.sizes["H"]
    assert report.reason == "shape"
    for part in (f"(B, H) = ({B}, {H})", f"({H}, {B})", "(H, B)"):
        assert part in report.message
    assert any("(B, H)" in detail for detail in report.details)    # right but for the order of its axes
    assert np.array_equal(report.expected["h_next"], case.expected["h_next"])
    assert np.array_equal(report.inputs["x"], case.inputs["x"]) and report.got["h_next"].shape == (H, B)


def test_a_multiple_of_a_letter_is_told_as_such():
    exercise = EXERCISES["training/lstm_step_backward"]

    def answer(*args):
        dx, dh_prev, dc_prev, dweight_ih, *rest = exercise.reference(*args)
        return dx, dh_prev, dc_prev, dweight_ih.T, *rest

    report = check(exercise.id, answer, rng=np.random.default_rng(0))
    D, H = (exercise.draw(np.random.default_rng(0), exercise.kinds[0]).sizes[letter] for letter in "DH")
    assert report.reason == "shape"
    for part in (f"(4H, D) = ({4 * H}, {D})", f"({D}, {4 * H})", "(D, 4H)"):
        assert part in report.message


def test_the_component_that_is_wrong_is_named():
    def answer(*args):
        dx, dh, dweight_ih, dweight_hh, dbias = EXERCISES["bptt/step_backward"].reference(*args)
        return dx, dh, dweight_ih, np.cos(dweight_hh), dbias

    report = check("bptt/step_backward", answer)
    assert report.mistakes == ("seen_bent:dh_next", "seen_only") and "`dweight_hh`" in report.where, str(report)
    assert any(re.search("dx, dh, dweight_ih, dbias.*dweight_hh", detail) for detail in report.details)


@pytest.mark.parametrize(("change", "said"), [
    (lambda parts: parts[:4], "4"),
    (lambda parts: parts[0], "`ndarray`"),
    (lambda parts: (*parts[:2], None, *parts[3:]), "`dweight_ih`"),
    (lambda parts: (parts[:2], parts[2:]), "2"),
])
def test_the_number_of_returned_values(change, said):
    answer = EXERCISES["bptt/step_backward"].reference
    report = check("bptt/step_backward", lambda *args: change(answer(*args)))
    assert report.reason == "form" and said in report.message


@pytest.mark.parametrize(("change", "said"), [
    (lambda clipped: list(clipped.values()), "`list`"),
    (lambda clipped: {**clipped, "norm": 1.0}, "norm"),
    (lambda clipped: {key: value for key, value in clipped.items() if key != "bias"}, "bias"),
    (lambda clipped: (clipped, 1.0), "`tuple`"),
])
def test_the_dict_of_clipping(change, said):
    report = check("bptt/clip", lambda grads, max_norm: change(EXERCISES["bptt/clip"].reference(grads, max_norm)))
    assert report.reason == "form" and said in report.message


def test_lists_and_tensors_are_taken_kindly():
    import torch

    as_list = check(UNFOLD, lambda *args: right_unfold(*args).tolist())
    assert as_list.passed and any("`list`" in detail for detail in as_list.details)
    as_tensor = check(UNFOLD, lambda *args: torch.from_numpy(right_unfold(*args)).requires_grad_())
    assert as_tensor.passed and any("`Tensor`" in detail for detail in as_tensor.details)
    parts = check("bptt/step_backward", lambda *args: list(EXERCISES["bptt/step_backward"].reference(*args)))
    assert parts.passed
    single = check(UNFOLD, lambda *args: right_unfold(*args).astype(np.float32))
    assert single.passed and any("float32" in detail for detail in single.details)


def test_a_list_of_steps_lies_along_the_wrong_axis():
    report = check(UNFOLD, lambda *args: list(right_unfold(*args).swapaxes(0, 1)))
    assert report.mistake == "time_axis_first"


@pytest.mark.parametrize("change", [
    lambda marks, y: (marks.astype(int), y), lambda marks, y: (marks.astype(bool), y),
    lambda marks, y: (marks.astype(np.uint8), y), lambda marks, y: (marks.astype(int).tolist(), y.tolist()),
    lambda marks, y: (marks.astype(object), y), lambda marks, y: (marks + 0j, np.asmatrix(y).A1),
    lambda marks, y: (np.ma.masked_array(marks), [np.float32(each) for each in y]),
    lambda marks, y: (tuple(map(tuple, marks)), y.astype(np.longdouble)),
], ids=["int", "bool", "uint8", "lists", "object", "complex", "nothing masked", "tuples"])
def test_values_decide_not_the_kind_of_number(change):
    exercise = EXERCISES["long-term-dependencies/mark_and_add"]
    report = check(exercise.id, lambda *args: change(*exercise.reference(*args)))
    assert report.passed, str(report)


def test_whole_numbers_in_lists_are_right_where_the_values_are():
    norms = EXERCISES["long-term-dependencies/jacobian_norms"].reference
    assert check("long-term-dependencies/jacobian_norms", lambda *args: norms(*args)[:-1].tolist() + [1]).passed
    share = EXERCISES["gates/share_left"].reference
    assert check("gates/share_left", lambda f, k: tuple(share(f, k))).passed
    assert not check("gates/share_left", lambda f, k: (share(f, k), 1)).passed


def test_whole_numbers_are_not_said_to_be_cut_off_where_they_are_not(lang):
    report = check(STEP, lambda x, h, *weights: np.full(h.shape, 3))
    assert report.reason != "dtype" and "int" not in report.message


def test_the_same_radius_with_the_sign_turned_round_is_right():
    rescaled = EXERCISES["long-term-dependencies/rescaled"].reference
    assert check("long-term-dependencies/rescaled", lambda weight, radius: -rescaled(weight, radius)).passed
    assert not check("long-term-dependencies/rescaled", lambda weight, radius: abs(rescaled(weight, radius))).passed


# --------------------------------------------------------------------------------------- arguments and signatures

def test_changed_arguments_are_named(lang):
    def answer(x, h, weight_ih, weight_hh, bias):
        h_next = right_step(x, h, weight_ih, weight_hh, bias)
        h[...] = h_next
        return h

    report = check(STEP, answer)
    assert report.reason == "mutated" and "`h`" in report.message and "`x`" not in report.message

    def both(x, h, weight_ih, weight_hh, bias):
        weight_hh *= 2
        return h + 1

    report = check(STEP, both)
    assert not report.passed and any(
        "`weight_hh`" in detail and ("사본" if lang == "ko" else "copy") in detail for detail in report.details)


def test_clipping_in_place_is_a_changed_argument():
    def answer(grads, max_norm):
        for name, clipped in EXERCISES["bptt/clip"].reference(grads, max_norm).items():
            grads[name] = clipped
        return grads

    report = check("bptt/clip", answer)
    assert report.reason == "mutated" and "`grads`" in report.message


@pytest.mark.parametrize("answer", [
    lambda x, h_prev, U, W, b: right_step(x, h_prev, U, W, b),
    lambda h, x, bias, weight_hh, weight_ih: right_step(x, h, weight_ih, weight_hh, bias),
    lambda x, h, *, weight_ih, weight_hh, bias: right_step(x, h, weight_ih, weight_hh, bias),
    lambda *args: right_step(*args),
    lambda x, h, weight_ih, weight_hh, bias, f=np.tanh: right_step(x, h, weight_ih, weight_hh, bias),
    partial(right_step),
    type("Step", (), {"__call__": lambda self, *args: right_step(*args)})(),
], ids=["other names", "other order", "keyword-only", "star", "default", "partial", "object"])
def test_every_way_to_take_the_arguments(answer):
    assert check(STEP, answer).passed


@pytest.mark.parametrize("answer", [lambda x, h: h, lambda: 0, lambda x, h, a, b, c, d: h, len])
def test_a_signature_that_does_not_fit(answer):
    report = check(STEP, answer)
    assert report.reason == "wrong_signature" and EXERCISES[STEP].call in report.message


@pytest.mark.parametrize("answer", [None, 3.0, np.zeros((2, 3)), "rnn_step", {}])
def test_what_is_no_function(answer):
    report = check(STEP, answer)
    assert report.reason == "not_callable"
    assert type(answer).__name__ in report.message and 'check("unfolding/step", rnn_step)' in report.message


# ------------------------------------------------------------------------------------------------------ exceptions

@pytest.mark.parametrize(("answer", "ko", "en"), [
    (lambda x, h, weight_ih, weight_hh, bias: x @ weight_ih, "전치", "transpose"),
    (lambda x, h, weight_ih, weight_hh, bias: x + h, "축", "axis"),
    (lambda x, h, weight_ih, weight_hh, bias: x[len(x)], "0부터", "from 0"),
    (lambda x, h, weight_ih, weight_hh, bias: [].sort() + h, "`None`", "`None`"),
    (lambda x, h, weight_ih, weight_hh, bias: no_such_name, "철자", "spelling"),  # noqa: F821
])
def test_an_exception_comes_with_a_hint(answer, ko, en, lang):
    report = check(STEP, answer)
    assert report.reason == "exception" and any((ko if lang == "ko" else en) in detail for detail in report.details)


def test_a_check_inside_the_checked_function_ends(lang):
    calls = []

    def answer(x, h, weight_ih, weight_hh, bias):
        calls.append(1)
        check(STEP, answer)

    before = threading.active_count()
    report = check(STEP, answer)
    assert report.reason == "exception" and "`check`" in report.message and report.code == "check(STEP, answer)"
    assert len(calls) <= len(EXERCISES[STEP].kinds) + 1 and threading.active_count() == before


def broken_step(x, h, weight_ih, weight_hh, bias):
    total = x @ weight_ih
    return np.tanh(total)


def test_an_exception_shows_the_students_own_line_and_its_shapes(lang):
    report = check(STEP, broken_step, rng=np.random.default_rng(0))
    case = EXERCISES[STEP].draw(np.random.default_rng(0), EXERCISES[STEP].kinds[0])
    assert report.reason == "exception" and "`ValueError`" in report.message and "matmul" in report.message
    assert report.code == "total = x @ weight_ih"
    assert str(broken_step.__code__.co_firstlineno + 1) in report.line and "broken_step" in report.line
    shapes = f"x {case.inputs['x'].shape}, weight_ih {case.inputs['weight_ih'].shape}"
    assert any(shapes in detail for detail in report.details)
    assert "total = x @ weight_ih" in str(report) and "total = x @ weight_ih" in report._repr_html_()


def test_the_line_is_the_students_even_where_the_library_raised():
    def answer(x, h0, weight_ih, weight_hh, bias):
        rnn = RNN(3, 4, rng=np.random.default_rng(0))
        return rnn.forward("x")

    report = check(UNFOLD, answer)
    assert report.reason == "exception" and report.code == 'return rnn.forward("x")'


@pytest.mark.parametrize(("error", "said"), [
    (SystemExit(3), "`SystemExit`"), (KeyboardInterrupt(), "`KeyboardInterrupt`"), (KeyError("h"), "`KeyError`"),
    (AssertionError(), "`AssertionError`"), (MemoryError(), "`MemoryError`"), (StopIteration(), "`StopIteration`")])
def test_exceptions_of_every_kind(error, said):
    def answer(x, h, weight_ih, weight_hh, bias):
        raise error

    report = check(STEP, answer)
    assert report.reason == "exception" and said in report.message and report.code == "raise error"


def test_sys_exit_leaves_the_notebook_running():
    assert check(STEP, lambda *args: sys.exit("bye")).reason == "exception"


def test_endless_recursion():
    def answer(x, h, weight_ih, weight_hh, bias):
        return answer(x, h, weight_ih, weight_hh, bias)

    report = check(STEP, answer)
    assert report.reason == "exception" and "`RecursionError`" in report.message


def test_an_exception_whose_text_fails():
    class Rude(Exception):
        def __str__(self):
            raise RuntimeError

    def answer(x, h, weight_ih, weight_hh, bias):
        raise Rude

    assert "`Rude`" in check(STEP, answer).message


def test_other_errors_of_the_same_family_are_no_stub():
    class StdinNotImplementedError(NotImplementedError):
        pass

    def answer(x, h, weight_ih, weight_hh, bias):
        raise StdinNotImplementedError

    assert check(STEP, answer).reason == "exception"


# --------------------------------------------------------------------------------------------------- endless loops

def forever(x, h, weight_ih, weight_hh, bias):
    while True: pass    # noqa: E701


def forever_swallowing_everything(x, h, weight_ih, weight_hh, bias):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


def forever_in_finally(x, h, weight_ih, weight_hh, bias):
    try:
        for _ in itertools.count():
            pass
    finally:
        while True:
            h = h + 1


def forever_printing(x, h, weight_ih, weight_hh, bias):
    while True:
        print("h")


def forever_asleep(x, h, weight_ih, weight_hh, bias):
    while True:
        try:
            time.sleep(0.05)
        except BaseException:
            pass


def forever_recursing(x, h, weight_ih, weight_hh, bias):
    while True:
        try:
            forever_recursing(x, h, weight_ih, weight_hh, bias)
        except RecursionError:
            pass


@pytest.mark.parametrize("answer", [
    forever, forever_swallowing_everything, forever_in_finally, forever_printing, forever_asleep, forever_recursing])
def test_endless_loops_are_stopped_for_good(answer):
    began = time.monotonic()
    report = check(STEP, answer, seconds=0.3)
    assert time.monotonic() - began < 2.5
    assert report.reason == "timed_out" and "0.3" in report.message
    assert answer.__name__ in report.line and report.code
    while still_running() and time.monotonic() - began < 10:
        time.sleep(0.01)
    assert not still_running()
    assert check(STEP, right_step).passed


def still_running():
    """The threads of checks that neither ended nor are parked on a lock for good."""
    frames = sys._current_frames()
    return [thread for thread in threading.enumerate() if thread.name.startswith("check ")
            and thread.ident in frames and frames[thread.ident].f_code.co_filename != threading.__file__]


def test_an_endless_loop_on_one_kind_of_input_is_located(lang):
    def answer(x, h0, weight_ih, weight_hh, bias):
        try:
            while x.shape[1] == 1:
                pass
        except BaseException:    # too late all the same
            pass
        return right_unfold(x, h0, weight_ih, weight_hh, bias)

    report = check(UNFOLD, answer, seconds=0.3)
    assert report.reason == "timed_out" and any("T=1" in detail for detail in report.details)


def test_right_answers_leave_no_thread_behind():
    before = threading.active_count()
    check(STEP, right_step)
    assert threading.active_count() == before


# -------------------------------------------------------------------------------------------------------- printing

def test_prints_are_shown_for_the_first_call_and_floods_are_cut(lang, capsys):
    def chatty(x, h, weight_ih, weight_hh, bias):
        print("shape of x", x.shape)
        print("to the error stream", file=sys.stderr)
        return h

    report = check(STEP, chatty)
    assert report.printed.count("shape of x") == 1 and "to the error stream" in report.printed
    assert "shape of x" in report._repr_html_()
    capsys.readouterr()

    def flood(*args):
        print("x" * 10**6)
        return right_step(*args)

    report = check(STEP, flood)
    assert report.passed and len(report.printed) < PRINTED_LIMIT + 100 and "998,001" in report.printed
    assert "x" * 3000 not in capsys.readouterr().out
    print("the stream is back")
    assert capsys.readouterr().out == "the stream is back\n"


# ------------------------------------------------------------------------------------------------ how much is right

def test_an_answer_that_holds_on_some_inputs_only(lang):
    report = check(STEP, wrong_for_one_sequence)
    assert report.mistakes == ("seen_special",) and len(report.inputs["x"]) == 1
    sentence = "일반적인 입력에서는 모두 맞고" if lang == "ko" else "General inputs all come out right"
    assert any(sentence in detail and "B=1" in detail for detail in report.details)


def test_where_an_answer_goes_wrong_in_time(lang):
    def answer(x, h0, weight_ih, weight_hh, bias):
        hs = right_unfold(x, h0, weight_ih, weight_hh, bias)
        hs[:, 2:] += 1
        return hs

    report = check(UNFOLD, answer, rng=np.random.default_rng(0))
    B, T, H = report.expected["hs"].shape
    assert any(f"{B * T * H}" in detail and f"{B * 2 * H}" in detail for detail in report.details)
    wrong = ", ".join(map(str, range(2, T)))
    assert any("t = 0, 1" in detail and f"t = {wrong}" in detail for detail in report.details)
    assert any("`hs[0, 2, 0]`" in detail for detail in report.details)


def test_a_common_factor_and_a_sign_are_seen(lang):
    report = check(UNFOLD, lambda *args: 0.25 * right_unfold(*args))
    assert any("0.25" in detail for detail in report.details)
    report = check(UNFOLD, lambda *args: -right_unfold(*args))
    assert ("부호" if lang == "ko" else "sign") in report.message


def test_answers_that_change_from_call_to_call():
    rng, kept = np.random.default_rng(0), []
    assert check(STEP, lambda x, h, *weights: rng.standard_normal(h.shape)).reason == "unstable"

    def keeps(x, h, weight_ih, weight_hh, bias):
        kept.append(1)
        return right_step(x, h, weight_ih, weight_hh, bias) * len(kept)

    assert check(STEP, keeps).reason == "unstable"


def test_the_second_step_opens_on_a_click(lang):
    report = check(STEP, lambda *args: -right_step(*args))
    page = report._repr_html_()
    assert report.where and report.details[0] == report.where and report.where in str(report)
    assert re.search(r"<details.*?<summary>.*?</summary>", page) and page.index(report.message) < page.index("<details")
    assert page.count("<summary>") == 1 and "<details" not in check(STEP, right_step)._repr_html_()


def test_what_goes_wrong_on_special_inputs_alone_is_drawn_twice():
    seen = []

    def answer(x, h, weight_ih, weight_hh, bias):
        seen.append(len(x))
        return h if len(x) == 1 else right_step(x, h, weight_ih, weight_hh, bias)

    report = check(STEP, answer)
    assert report.mistake == "given_back:h" and seen.count(1) >= 2
    assert any("B=1" in detail for detail in report.details)


def test_all_zeros_prove_nothing():
    report = check("bptt/step_backward", lambda *args: tuple(0 * part for part in EXERCISES[
        "bptt/step_backward"].reference(*args)))
    assert report.reason == "value" and not report.mistakes and "zero everywhere" in report.message


# ----------------------------------------------------------------------------------------------- mistakes, together

def test_two_mistakes_at_once_are_both_named(lang):
    exercise = EXERCISES["bptt/step_backward"]
    mistakes = {mistake.name: mistake for mistake in exercise.mistakes}

    def answer(*args):
        dx, dh, dweight_ih, dweight_hh, dbias = exercise.reference(*args)
        return mistakes["square_missing"].function(*args)[0], dh, dweight_ih, dweight_hh.T, dbias

    report = check(exercise.id, answer)
    assert {name.partition(":")[0] for name in report.mistakes} == {"derivative", "transpose"}
    for kind in ("derivative", "transpose"):
        assert words.first_step(lang, [kind]) in str(report)
    assert "`dx`" in str(report) and "`dweight_hh`" in str(report)


def test_a_worded_mistake_and_a_derived_one_are_both_named(lang):
    exercise = EXERCISES["patterns/output_step"]
    mistakes = {mistake.name: mistake for mistake in exercise.mistakes}

    def answer(*args):
        return mistakes["tanh_on_the_output"].function(*args)[0], -exercise.reference(*args)[1]

    report = check(exercise.id, answer)
    assert report.mistakes[0] == "tanh_on_the_output" and report.mistakes[1].startswith("sign")
    assert mistakes["tanh_on_the_output"].hint(lang) in " ".join([report.message, *report.details])


def test_a_mistake_and_something_unknown(lang):
    exercise = EXERCISES["bptt/step_backward"]

    def answer(*args):
        dx, dh, dweight_ih, dweight_hh, dbias = exercise.reference(*args)
        return dx, np.cos(dh), dweight_ih, dweight_hh.T, dbias

    report = check(exercise.id, answer)
    assert [name.partition(":")[0] for name in report.mistakes] == ["transpose"]
    assert any("`dh`" in detail for detail in report.details)


def test_a_mistake_on_some_kinds_only_is_not_named():
    mistakes = {mistake.name: mistake.function for mistake in EXERCISES[STEP].mistakes}

    def answer(x, *others):
        return (mistakes["bias_missing"] if len(x) > 1 else right_step)(x, *others)

    named = check(STEP, answer).mistakes
    assert named and all(name.startswith("seen_") for name in named)    # what is measured, and no mistake


@pytest.mark.parametrize("sign", [1, -1])
def test_a_mistake_is_named_though_large_logits_overflow(sign):
    def answer(logits, targets):
        e = np.exp(logits)
        dlogits = sign * e / e.sum(axis=-1, keepdims=True)
        return dlogits - sign * np.eye(logits.shape[-1])[targets]

    names = check("bptt/softmax_gradient", answer).mistakes
    assert names == (("exponential_overflows",) if sign == 1 else ("sign_reversed", "exponential_overflows"))


def test_dividing_by_a_norm_of_zero():
    def answer(grads, max_norm):
        norm = float(np.sqrt(sum((grad ** 2).sum() for grad in grads.values())))
        return {name: grad * (max_norm / norm) for name, grad in grads.items()}

    report = check("bptt/clip", answer)
    assert report.mistakes == ("always_rescaled",)
    assert any("ZeroDivisionError" in detail for detail in report.details)


# ------------------------------------------------------------------------------------------------------- the report

def test_user_text_is_escaped_in_html():
    def answer(x, h, weight_ih, weight_hh, bias):
        print("<script>alert(1)</script>\x1b[31m\ud800")
        raise ValueError("<img src=x onerror=alert(2)>")

    report = check(STEP, answer)
    page = report._repr_html_()
    assert "<script>" not in page and "<img" not in page and "\x1b" not in page
    assert "&lt;script&gt;" in page and "&lt;img" in page
    page.encode("utf-8")


def test_html_sets_no_colour_of_text_and_names_its_language(lang):
    page = check(STEP, broken_step)._repr_html_()
    assert f'lang="{lang}"' in page
    assert not re.search(r"(?<!-)color:(?!inherit)", page) and "<script" not in page and "<style" not in page


def test_outside_a_notebook_the_report_is_printed(capsys, lang):
    report = check(STEP, right_step)
    assert capsys.readouterr().out == f"{report}\n"
    assert ("맞았습니다" if lang == "ko" else "Right") in str(report)
    assert repr(report) == "<Report unfolding/step: passed>"


# ------------------------------------------------------------------------------------------ declarations that fail

@pytest.mark.parametrize("signature", ["f(x (B, D)) h (B, H)", "f(x (b)) -> h (B)", "f(x [B]) -> h (B)", ""])
def test_a_signature_that_cannot_be_read(signature):
    with pytest.raises(ValueError, match="signature must read|cannot read"):
        Exercise("a/b", signature, kinds=(Kind(),))


def test_kinds_begin_with_a_general_one():
    with pytest.raises(ValueError, match="kinds must begin with a general kind"):
        Exercise("a/b", "f(x (B)) -> h (B)", kinds=(Kind({"B": 1}),))
