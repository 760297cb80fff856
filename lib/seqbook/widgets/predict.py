"""The prediction: a question whose computed answer is shown once the reader has kept a guess."""

import numpy as np
import traitlets

from seqbook.scratch.base import as_number
from seqbook.widgets.base import BookWidget, Knob, as_integer, as_number_between, as_text

ANSWERS = 3, 4    # the fewest and the most


class Guess(Knob):
    """The index of an answer, or a number of the slider; None before there is a guess."""

    def check(self, widget, value):
        if widget.answers:
            return as_integer(self.name, value, 0, len(widget.answers) - 1)
        return as_number_between(self.name, value, widget.low, widget.high)

    def limits(self, widget) -> dict:
        if widget.answers:
            return {"options": list(range(len(widget.answers)))}
        return {"min": widget.low, "max": widget.high, "step": widget.step}


class Predict(BookWidget):
    """A question put before the experiment that answers it: the reader's guess is kept, then the answer is shown.

    With three or four `answers`, `right` is the index of the one that was computed. With `low` and `high` the reader
    moves a slider in steps of `step` (by default a hundredth of the way), and `right` is the computed number, in
    `unit`, which may lie between two steps. `why` is a sentence or two, shown with the answer. All this is plain text.
    `guess` is None until the reader keeps one: then the index, or the slider's number. A page without a kernel keeps
    it in the browser's storage for the next visit; it goes nowhere else.
    """

    question = traitlets.Unicode(read_only=True).tag(sync=True)
    answers = traitlets.List(read_only=True).tag(sync=True)    # of str; empty with a slider
    right = traitlets.Union([traitlets.Int(), traitlets.Float()], read_only=True).tag(sync=True)
    why = traitlets.Unicode(read_only=True).tag(sync=True)
    low = traitlets.Float(None, allow_none=True, read_only=True).tag(sync=True)
    high = traitlets.Float(None, allow_none=True, read_only=True).tag(sync=True)
    step = traitlets.Float(None, allow_none=True, read_only=True).tag(sync=True)
    unit = traitlets.Unicode(read_only=True).tag(sync=True)
    guess = Guess(None)

    def __init__(self, question, answers=None, *, right, why, low=None, high=None, step=None, unit="", lang=None,
                 **knobs):
        scale = {"low": low, "high": high, "step": step, "unit": unit or None}
        asked = {"question": as_words("question", question)}
        if answers is None:
            asked |= as_scale(**scale)
            asked["right"] = as_number_between("right", right, asked["low"], asked["high"])
        else:
            if also := [name for name, value in scale.items() if value is not None]:
                raise ValueError(f"{also[0]} belongs to a slider and answers do not, got both")
            asked["answers"] = as_answers("answers", answers)
            asked["right"] = as_integer("right", right, 0, len(asked["answers"]) - 1)
        asked["why"] = as_words("why", why)
        for name, value in asked.items():
            self.set_trait(name, value)
        super().__init__(lang=lang, **knobs)

    @classmethod
    def _example(cls, **arguments):
        asked = {"question": "7 × 8?", "answers": ["54", "56", "58"], "right": 1, "why": "7 × 8 = 56"}
        return cls(**asked | arguments)

    def numbers(self) -> dict:
        """`right`, `guess` (indices, or numbers of the slider) and `difference`, which is guess - right.

        Before there is a guess, it and the difference are NaN.
        """
        guess = np.nan if self.guess is None else float(self.guess)
        return {"right": float(self.right), "guess": guess, "difference": guess - self.right}


def as_words(name: str, value) -> str:
    """`value` without blanks around it, refused where it is no text or nothing is left."""
    text = as_text(name, value).strip()
    if not text:
        raise ValueError(f"{name} must not be empty, got {value!r}")
    return text


def as_answers(name: str, value) -> list[str]:
    """Three or four texts, each another one."""
    fewest, most = ANSWERS
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"{name} must be a list of {fewest} or {most} texts, got {value!r}")
    if not fewest <= len(value) <= most:
        raise ValueError(f"{name} must be {fewest} or {most} texts, got {len(value)}")
    answers = [as_words(f"{name}[{n}]", each) for n, each in enumerate(value)]
    if twice := next((answer for answer in answers if answers.count(answer) > 1), None):
        raise ValueError(f"{name} must differ from each other, got {twice!r} twice")
    return answers


def as_scale(low, high, step, unit) -> dict:
    """The slider's ends, its step, and what its numbers count."""
    if low is None and high is None:
        raise ValueError("answers must be given, or low and high for a slider")
    for name, value, other in (("low", low, "high"), ("high", high, "low")):
        if value is None:
            raise ValueError(f"{name} must be given with {other}, got None")
    low, high = as_number("low", low), as_number("high", high)
    if not low < high:
        raise ValueError(f"low must be less than high={high:g}, got {low:g}")
    step = as_number_between("step", (high - low) / 100 if step is None else step, 0, high - low)
    if step == 0 or abs((high - low) / step - round((high - low) / step)) > 1e-6:
        raise ValueError(f"step must go a whole number of times into high - low = {high - low:g}, got {step:g}")
    return {"low": low, "high": high, "step": step, "unit": "" if unit is None else as_text("unit", unit).strip()}
