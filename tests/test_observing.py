"""What is measured of a wrong answer: each observation is made where it holds, and none of a right answer."""

import numpy as np
import pytest

from seqbook.checks import EXERCISES, check, words
from seqbook.checks.exercise import GENERAL, Exercise, Kind
from seqbook.checks.observing import Observer
from seqbook.checks.running import run
from seqbook.scratch import sigmoid, softmax

KINDS = (GENERAL, GENERAL, Kind({"T": 1}), Kind({"B": 1}))
TRIVIAL = {"right_when_zero", "right_when_small", "swapped", "single_step", "single_sequence", "rounded", "elsewhere",
           "nearly", "factor_varies", "factor_by_row", "zero_or_one"}    # hold of right values, too


def exercise(signature, solution, inputs=None, kinds=KINDS, **more):
    made = Exercise("test/observed", signature, kinds=kinds, **more)
    made.solution(solution)
    if inputs:
        made.inputs(inputs)
    return made


def cases_and_observer(its, answer, all_wrong=False, seed=0):
    rng = np.random.default_rng(seed)
    cases = [its.draw(rng, kind) for kind in its.kinds]
    outcomes = run(its, answer, cases, 3.0).outcomes
    wrong = [(number, name) for number, case in enumerate(cases) for name, want in case.expected.items()
             if all_wrong or not np.allclose(outcomes[number].reading.values[name], want, rtol=1e-6, atol=1e-9)]
    return Observer(its, cases, outcomes, wrong, lambda more: run(its, answer, more, 3.0).outcomes)


def seen(its, answer, **more):
    """Every observation that can be made of an answer."""
    observer = cases_and_observer(its, answer, **more)
    return [each for look in (observer._in_values, observer._in_changes, observer._in_parts) for each in look()]


def kept(x, start, unrelated):
    out, state = np.empty_like(x), start
    for t in range(x.shape[1]):
        state = out[:, t] = 0.5 * state + x[:, t]
    return out


def with_last(x, start, unrelated):
    out = kept(x, start, unrelated)
    return out, out[:, -1]


def shifted(x, start):
    return np.concatenate([start[:, None], x[:, :-1]], axis=1)


def after(x):
    return np.cumsum(x[:, ::-1], axis=1)[:, ::-1]


def doubled_from(x, k):
    return np.concatenate([x[:, :k], 2 * x[:, k:]], axis=1)


def split_inputs(rng, sizes, name):
    return {"k": int(rng.integers(1, max(sizes["T"] - 1, 2)))}


KEPT = exercise("kept(x (B, T, H), start (B, H), unrelated (B, H)) -> out (B, T, H)", kept)
LAST = exercise("kept(x (B, T, H), start (B, H), unrelated (B, H)) -> out (B, T, H), last (B, H)", with_last)
SHIFTED = exercise("shifted(x (B, T, H), start (B, H)) -> out (B, T, H)", shifted)
AFTER = exercise("after(x (B, T, H)) -> out (B, T, H)", after)
SUMMED = exercise("summed(x (B, T, H)) -> y (B, H)", lambda x: x[:, 1:].sum(axis=1))
BLOCKS = exercise("blocks(x (B, H), w (3H)) -> y (B, H)",
                  lambda x, w: x * (w[:x.shape[1]] + w[x.shape[1]:2 * x.shape[1]]), kinds=KINDS[:2])
SOFT = exercise("soft(x (B, T, V)) -> y (B, T, V)", lambda x: softmax(x))
TIMES = exercise("times(weight (H, D), s) -> W (H, D)", lambda weight, s: s * weight,
                 lambda rng, sizes, name: {"s": float(rng.uniform(2, 3))}, kinds=KINDS[:2])
SPLIT = exercise("doubled(x (B, T, H), k) -> out (B, T, H)", doubled_from, split_inputs)
BIG = exercise("big(x (B, H)) -> y (B, H)", lambda x: 2 * x,
               lambda rng, sizes, name: {"x": rng.uniform(1, 2, (sizes["B"], sizes["H"])) * (100 if name else 1)},
               kinds=(GENERAL, GENERAL, Kind(name="big", ko="큰 값", en="large values")))


def on_steps(change):
    """`kept` with its steps changed, `change(right values, the same + 1)`."""
    return lambda x, start, unrelated: change(kept(x, start, unrelated), kept(x, start, unrelated) + 1)


def joined(first, second, at):
    return np.concatenate([first[:, :at], second[:, at:]], axis=1)


SEEN = [
    ("rounded", KEPT, lambda x, start, unrelated: np.round(kept(x, start, 0), 2)),
    ("zeros", KEPT, on_steps(lambda out, _: np.where(out > 0.3, 0, out))),
    ("limited", KEPT, on_steps(lambda out, _: np.clip(out, -0.4, 0.4))),
    ("zero_or_one", KEPT, on_steps(lambda out, _: (out > 0) * 1.0)),
    ("elsewhere", KEPT, on_steps(lambda out, _: out[::-1, ::-1])),
    ("zero_or_factor", KEPT, on_steps(lambda out, _: 1.25 * out * (np.arange(out.size) % 3 > 0).reshape(out.shape))),
    ("factor_varies", KEPT, lambda x, start, unrelated: kept(x, start, 0) * (1 + abs(x).max())),
    ("factor_by_row", KEPT, on_steps(lambda out, _: out * np.arange(2, out.shape[2] + 2))),
    ("nearly", KEPT, on_steps(lambda out, _: out + 1e-3 * abs(out).max())),
    ("no_multiple", TIMES, lambda weight, s: weight + s),
    ("total", SOFT, sigmoid),
    ("swapped", KEPT, lambda x, start, unrelated: kept(x, unrelated, start)),
    ("unused", KEPT, lambda x, start, unrelated: kept(x, 0 * start, 0)),
    ("extra_argument", KEPT, lambda x, start, unrelated: kept(x, start + unrelated**2, 0)),
    ("extra_sequence", KEPT, on_steps(lambda out, _: out + out.mean(axis=0))),
    ("extra_block", BLOCKS, lambda x, w: x * w.reshape(3, -1).sum(axis=0)),
    ("missing_block", BLOCKS, lambda x, w: x * w[:x.shape[1]]),
    ("extra_later", KEPT, lambda x, start, unrelated: kept(x, start, 0) + after(x)),
    ("extra_earlier", AFTER, lambda x: after(x) + x[:, :1]),
    ("extra_same", SHIFTED, lambda x, start: shifted(x, start) + x),
    ("extra_step", SUMMED, lambda x: x.sum(axis=1)),
    ("extra_unit", KEPT, lambda x, start, unrelated: kept(x[..., ::-1], start, 0)),
    ("missing_unit", AFTER, None),
    ("missing_same", KEPT, lambda x, start, unrelated: kept(0 * x, start, 0) + shifted(kept(x, start, 0), 0 * start)),
    ("missing_earlier", KEPT, lambda x, start, unrelated: x + 0.5 * start[:, None]),
    ("missing_later", AFTER, lambda x: 2 * x),
    ("missing_step", SUMMED, lambda x: x[:, 2:].sum(axis=1)),
    ("right_when_zero", KEPT, lambda x, start, unrelated: kept(x, np.sin(start), 0)),
    ("right_when_small", KEPT, lambda x, start, unrelated: kept(x, np.sin(start), 0)),
    ("bent", KEPT, lambda x, start, unrelated: kept(x, start**2, 0)),
    ("straight", SOFT, lambda x: x + 1.0),
    ("only", LAST, lambda x, start, unrelated: (kept(x, start, 0), kept(x, start, 0)[:, 0])),
    ("from_argument", SPLIT, lambda x, k: x.copy()),
    ("first_step_right", KEPT, on_steps(lambda out, other: joined(out, other, 1))),
    ("last_step_right", KEPT, on_steps(lambda out, other: joined(other, out, -1))),
    ("first_step_wrong", KEPT, on_steps(lambda out, other: joined(other, out, 1))),
    ("last_step_wrong", KEPT, on_steps(lambda out, other: joined(out, other, -1))),
    ("wrong_from", KEPT, on_steps(lambda out, other: joined(out, other, 2) if out.shape[1] > 3 else
                                  joined(out, other, 1))),
    ("wrong_until", KEPT, on_steps(lambda out, other: joined(other, out, 2) if out.shape[1] > 3 else
                                   joined(other, out, 1))),
    ("single_step", KEPT, on_steps(lambda out, _: out + out.shape[1] - 1)),
    ("single_sequence", KEPT, on_steps(lambda out, _: out + out.shape[0] - 1)),
]
SEEN = [(key, SOFT if key == "missing_unit" else its, sigmoid if answer is None else answer)
        for key, its, answer in SEEN]


@pytest.mark.parametrize("key, its, answer", SEEN, ids=[key for key, *_ in SEEN])
def test_each_observation_is_made_where_it_holds(key, its, answer):
    for seed in range(3):
        assert key in [each.key for each in seen(its, answer, seed=seed)]


@pytest.mark.parametrize("key, names", [
    ("right_when_zero", ("start",)), ("right_when_small", ("start",)), ("unused", ("start",)), ("bent", ("start",)),
    ("swapped", ("start", "unrelated")), ("extra_argument", ("unrelated",)), ("from_argument", ("k",)),
    ("no_multiple", ("weight",)), ("extra_block", ("w",)), ("missing_earlier", ("x",))])
def test_the_arguments_it_is_about_are_named(key, names):
    its, answer = {k: (its, answer) for k, its, answer in SEEN}[key]
    assert names in [each.names for each in seen(its, answer) if each.key == key]
    assert not any(set(each.names) - set(names) for each in seen(its, answer) if each.key == key)


def test_what_zeros_make_right_proves_nothing():
    """Where the answer was wrong, a right one must hold more than zeros once an argument is zero."""
    def twice(x, start):
        return np.concatenate([start[:, None], 2 * x[:, :-1]], axis=1)

    assert ("x",) not in [each.names for each in seen(SHIFTED, twice) if each.key == "right_when_zero"]


def test_every_observation_is_tested():
    assert {key for key, *_ in SEEN} | {"special"} == set(words.OBSERVED)


def test_what_goes_wrong_on_special_inputs_alone_is_said_with_them():
    (said,) = cases_and_observer(BIG, lambda x: np.minimum(2 * x, 50)).explanations()
    assert said.names == ("seen_special",)
    assert "큰 값" in said.said["ko"][1] and "large values" in said.said["en"][1]


@pytest.mark.parametrize("id", list(EXERCISES))
def test_nothing_that_accuses_is_seen_of_the_solutions(id):
    its = EXERCISES[id]
    for answer in its.solutions:
        assert {each.key for each in seen(its, answer, all_wrong=True)} <= TRIVIAL


@pytest.mark.parametrize("key, its, answer", SEEN, ids=[key for key, *_ in SEEN])
def test_nothing_that_accuses_is_seen_of_a_right_answer(key, its, answer):
    assert {each.key for each in seen(its, its.reference, all_wrong=True)} <= TRIVIAL


def test_arguments_that_belong_together_are_not_changed_alone():
    """An answer may compute the state anew from the inputs that it came of."""
    def state(x, h):
        return x.sum(axis=1) * (h == h)

    def inputs(rng, sizes, name):
        x = rng.standard_normal((sizes["B"], sizes["T"], sizes["H"]))
        return {"x": x, "h": x.sum(axis=1)}

    def anew(x, h, w):
        return x.sum(axis=1) * w + 1

    free = exercise("f(x (B, T, H), h (B, H), w (B, H)) -> y (B, H)", lambda x, h, w: h * w, inputs)
    bound = exercise("f(x (B, T, H), h (B, H), w (B, H)) -> y (B, H)", lambda x, h, w: h * w, inputs, bound=("x", "h"))
    accused = {"unused", "extra_argument"}
    assert accused & {each.key for each in seen(free, anew)}
    assert not accused & {each.key for each in seen(bound, anew)}


@pytest.mark.parametrize("key", words.OBSERVED)
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_both_steps_are_written_out(key, lang):
    for outs in (("out", "last"), ()):
        for text in words.observed(lang, key, ("x",), outs, "T", "T=1"):
            assert text and text[-1] in ".?" and not set("{}") & set(text)
            assert any("가" <= letter <= "힣" for letter in text) == (lang == "ko")


def test_the_report_says_what_was_measured_and_then_the_values(lang_en):
    report = check("gates/look_inside", lambda h, o: np.round(np.arctanh(h / o), 2), rng=np.random.default_rng(1))
    assert report.reason == "mistake" and report.mistake == "seen_rounded"
    assert report.message == words.OBSERVED["rounded"][2] and report.details[0] == report.where
    assert any("values are right" in detail for detail in report.details)
    assert any(detail.startswith("The first that differs") for detail in report.details)


def test_an_answer_right_on_one_general_draw_by_chance_is_drawn_again():
    def from_the_end(f, k):
        share = np.zeros_like(f)
        share[:, k], share[:, k + 1:] = 1, np.cumprod(f[:, :k:-1], axis=1)[:, ::-1]
        return share

    # right where one step is left after k: now and then on every further draw, too
    mistakes = [check("gates/share_left", from_the_end, rng=np.random.default_rng(seed)).mistakes for seed in range(15)]
    named = [each for each in mistakes if each and each[0] == "seen_extra_later:f"]
    assert len(named) >= 12 and not any("seen_special" in each for each in mistakes)


@pytest.fixture
def lang_en():
    from seqbook.language import get_language, set_language

    before = get_language()
    set_language("en")
    yield
    set_language(before)
