"""The gate laboratory: a trained LSTM on the reader's own text, whose gates the reader can hold."""

import re

import numpy as np
import traitlets

from seqbook.models import load
from seqbook.models.trained import path
from seqbook.scratch.activations import sigmoid
from seqbook.scratch.base import check_choice
from seqbook.scratch.lstm import split_gates
from seqbook.widgets.base import BookWidget, Knob, as_integer, as_number_between, characters, choice, knob

LIMIT = 3000    # steps; the page reads no more, and neither does `numbers`
GATES = {"i": (0, 1), "f": (0, 1), "g": (-1, 1), "o": (0, 1)}
QUANTITIES = ("f", "i", "g", "o", "c", "h")
PLACE = ("unit", "start", "end")    # of a clamp
SORTS = {    # by number, or by what the page finds in the text (js/gate_laboratory/features.js)
    "documentation": ("unit", "bracket", "quotation", "emphasis", "line", "indentation", "word", "rule",
                      "grammar", "space", "capital", "digit"),
    "adding": ("unit", "sum", "marks", "number", "step"),
    "korean": ("unit", "month read", "month", "numbers", "digit"),
}
WORD = re.compile(r"[^ \t\r\n]+")
NUMBER = re.compile(r"([+-]?(?:[0-9]{1,6}(?:\.[0-9]{0,6})?|\.[0-9]{1,6}))(\*?)")

# What a model is shown with: a text, the step to look at, and what to sort its units by.
BEGINNINGS = {
    "documentation": (
        'The "for" statement and the "while" statement (see also "break" and "continue") repeat a suite.',
        77, "quotation"),
    "adding": (
        "0.31 0.84 0.62* 0.15 0.47 0.93 0.08 0.55 0.71 0.26 0.39 0.90 0.17 0.64 0.81* 0.42 0.05 0.58 0.33 0.76",
        15, "sum"),
    "korean": ("2026년 3월 9일 월요일", 10, "month read"),
}


class Clamps(Knob):
    """Gates held at a value: a list of dicts with `gate` and `value`, and perhaps `unit`, `start` and `end`."""

    def check(self, widget, value):
        if not isinstance(value, (list, tuple)):
            raise ValueError(f"{self.name} must be a list of dicts, got {value!r}")
        return [self.as_clamp(widget, f"{self.name}[{n}]", clamp) for n, clamp in enumerate(value)]

    def as_clamp(self, widget, name, clamp) -> dict:
        """A clamp whole, with its defaults."""
        if not isinstance(clamp, dict) or not {"gate", "value"} <= set(clamp) <= {"gate", "value", *PLACE}:
            raise ValueError(f"{name} must be a dict of gate and value, and perhaps {', '.join(PLACE)}, got {clamp!r}")
        check_choice(f"{name}['gate']", clamp["gate"], tuple(GATES))
        unit, start, end = clamp.get("unit"), clamp.get("start", 1), clamp.get("end")
        start = as_integer(f"{name}['start']", start, 1, LIMIT)
        last_unit = widget._network.lstm.hidden_size - 1
        return {
            "gate": clamp["gate"],
            "value": as_number_between(f"{name}['value']", clamp["value"], *GATES[clamp["gate"]]),
            "unit": None if unit is None else as_integer(f"{name}['unit']", unit, 0, last_unit),
            "start": start,
            "end": None if end is None else as_integer(f"{name}['end']", end, start, LIMIT),
        }

    def limits(self, widget) -> dict:
        return {gate: {"min": low, "max": high, "step": 0.01} for gate, (low, high) in GATES.items()}


class GateLaboratory(BookWidget):
    """A trained LSTM (`seqbook.models`) reads the reader's text; every gate of every unit can be seen, and held.

    `model` is "documentation" (next character), "adding" (the sum of two marked numbers) or "korean" (a date's month).
    `text` is what it reads: characters, of which those it never saw are read as unknown; for "adding" numbers such as
    "0.5 0.25*", marked by the star. It reads the first 3,000 steps. `time` is the chosen step t (1 is the first),
    `unit` the chosen unit (0 … H-1, as in `cache.forget_gate[0, t - 1, unit]`; None: the first in the order),
    `quantity` what the colours show: "f", "i", "g" (the candidate C̃), "o", "c" or "h". `sort` orders the units, by
    number ("unit") or by how closely the quantity (of c its tanh) follows a feature of the text: "bracket",
    "quotation", "emphasis", "line", "indentation", "word", "rule", "grammar", "space", "capital" or "digit"; for
    "adding" "sum", "marks", "number" or "step"; for "korean" "month read", "month", "numbers" or "digit"
    (`seqbook.models.text_features` and its like).
    `clamps` hold gates: dicts with `gate` ("i", "f", "g" or "o"), `value` (0 … 1, the candidate's -1 … 1), and
    optionally `unit` (default None: all units), `start` (1) and `end` (None: the last), both included. Of several that
    hold the same gate the last one counts.
    """

    text = characters("", most=LIMIT)
    time = knob(1, 1, LIMIT)
    unit = knob(None, 0, lambda widget: widget._network.lstm.hidden_size - 1)
    quantity = choice("c", QUANTITIES)
    sort = choice("unit", lambda widget: SORTS[widget._network.name])
    clamps = Clamps(())
    specimen = traitlets.Dict().tag(sync=True)    # the trained model

    def __init__(self, model="documentation", text=None, lang=None, *, time=None, sort=None, **knobs):
        check_choice("model", model, tuple(BEGINNINGS))
        self._network = load(model)
        own_text, own_time, own_sort = BEGINNINGS[model]
        if time is None:
            time = own_time if text is None else 1
        super().__init__(lang=lang, text=own_text if text is None else text, time=time,
                         sort=own_sort if sort is None else sort, **knobs)

    @traitlets.default("specimen")
    def _specimen(self):
        return specimen(self._network)

    def numbers(self) -> dict:
        """What the page computes, in float64: `i`, `f`, `g`, `o`, `c`, `h`, each (T, H), and `outputs` (T, O).

        Without clamps these are the numbers of `seqbook.scratch.LSTM` and `Linear` with the model's parameters.
        """
        params = {name: array.astype(np.float64) for name, array in self._network.params.items()}
        if self._network.embedding:
            x = params["embedding.weight"][self._network.vocabulary.encode(self.text[:LIMIT])]
        else:
            x = np.array([read_number(word) for word in WORD.findall(self.text)[:LIMIT]]).reshape(-1, 2)
        T, H = len(x), self._network.lstm.hidden_size
        found = {name: np.empty((T, H)) for name in (*GATES, "c", "h")}
        h, c = np.zeros((2, H))
        for t in range(T):
            a = split_gates(params["lstm.weight_ih"] @ x[t] + params["lstm.weight_hh"] @ h + params["lstm.bias"])
            gates = {name: (np.tanh if name == "g" else sigmoid)(part) for name, part in zip(GATES, a)}
            for clamp in self.clamps:
                if clamp["start"] <= t + 1 <= (clamp["end"] or T):
                    gates[clamp["gate"]][slice(None) if clamp["unit"] is None else clamp["unit"]] = clamp["value"]
            c = gates["f"] * c + gates["i"] * gates["g"]
            h = gates["o"] * np.tanh(c)
            for name, values in {**gates, "c": c, "h": h}.items():
                found[name][t] = values
        return {**found, "outputs": found["h"] @ params["output.weight"].T + params["output.bias"]}


def specimen(model) -> dict:
    """A trained model as the page reads it: its file's bytes, its characters, and what its outputs mean."""
    characters = None if model.vocabulary is None else list(model.vocabulary.characters)
    next_character = characters is not None and list(model.labels) == characters
    predicts = "next" if next_character else "number" if len(model.labels) == 1 else "classes"
    labels = list(model.labels) if predicts == "classes" else []
    return {"weights": path(model.name).read_bytes(), "characters": characters, "labels": labels, "predicts": predicts}


def read_number(word: str) -> tuple[float, float]:
    """The number and the mark of a word such as "0.25" or "0.25*"; (0, 0) for what is no number."""
    found = NUMBER.fullmatch(word)
    return (float(found[1]), float(bool(found[2]))) if found else (0.0, 0.0)
