"""The unfolding figure: a recurrence's graph, folded or unfolded, with the numbers of every step."""

import numpy as np

from seqbook.scratch import MSE, RNN, OutputRNN, SingleOutputRNN
from seqbook.scratch.base import Layer, check_choice, plain
from seqbook.scratch.linear import Linear
from seqbook.widgets.base import Bounded, BookWidget, Knob, as_number_between, flag, knob

LONGEST = 12    # steps
FIELD = -9.0, 9.0, 0.1    # the lowest and highest number a reader may type, and its step

# A parameter's letter in the equations, and the names it has in code.
LETTERS = {
    "U": ("weight_ih", "rnn.weight_ih"),
    "W": ("weight_hh", "rnn.weight_hh", "weight_oh"),
    "V": ("output.weight",),
    "b": ("bias", "rnn.bias"),
    "c": ("output.bias",),
}
PARAMS = {"U": 1.0, "W": 0.8, "V": 1.2, "b": 0.1, "c": -0.2}
X = (0.9, -0.4, 0.6, 0.1, -0.8, 0.5, 0.3, -0.6, 0.7, -0.2, 0.4, -0.9)
Y = (0.6, 0.2, 0.5, 0.4, -0.5, 0.1, 0.3, -0.3, 0.4, 0.1, 0.2, -0.5)


class Numbers(Bounded):
    """A number for every step: those given, then zeros."""

    most = LONGEST

    def check(self, widget, value):
        array = plain(self.name, value)
        if array.ndim != 1 or not 1 <= len(array) <= self.most:
            raise ValueError(f"{self.name} must be a sequence of 1 to {self.most} numbers, got shape {array.shape}")
        bounds = self.bounds(widget)
        numbers = [as_number_between(f"{self.name}[{t}]", each, *bounds) for t, each in enumerate(array.tolist())]
        return numbers + [0.0] * (self.most - len(numbers))


class Params(Bounded):
    """Letter → number for U, W, V, b, c, from letters, names in code or a layer; what is missing stays as it is."""

    def check(self, widget, value):
        if isinstance(value, Layer):
            check_choice("the layer's nonlinearity", getattr(value, "nonlinearity", "tanh"), ("tanh",))
            check_choice("the layer's feedback", getattr(value, "feedback", "identity"), ("identity",))
            value = value.params
        if not isinstance(value, dict):
            kind = type(value).__name__
            raise ValueError(f"{self.name} must be a dict from name to number or a layer, got {kind}")
        given = {}
        for name, each in value.items():
            letter = next((letter for letter, names in LETTERS.items() if name == letter or name in names), None)
            if letter is None:
                known = ", ".join(f"{letter} ({names[0]})" for letter, names in LETTERS.items())
                raise ValueError(f"{self.name} has no {name!r}; it takes {known}")
            if letter in given:
                raise ValueError(f"{self.name} gives {letter} twice, the second time as {name!r}")
            where = f"{self.name}[{name!r}]"
            array = plain(where, each)
            if array.size != 1:
                raise ValueError(f"{where} must be one number (the figure's sizes are 1), got shape {array.shape}")
            given[letter] = as_number_between(where, array.item(), *self.bounds(widget))
        current = getattr(widget, self.name) if widget.trait_has_value(self.name) else self.default_value
        return {**current, **given}


class Focus(Knob):
    """A node such as "h3", a parameter such as "W", or ""."""

    NODES = {f"{letter}{t}" for letter in "xhoLy" for t in range(0 if letter in "ho" else 1, LONGEST + 1)}

    def check(self, widget, value):
        if not isinstance(value, str) or value not in {"", *LETTERS, *self.NODES}:
            raise ValueError(f"{self.name} must be a node such as 'h3', a parameter such as 'W' or '', got {value!r}")
        return value


class Unfolding(BookWidget):
    """A recurrence with one input, hidden and output number, whose graph folds and unfolds (Goodfellow et al., 10.1-2).

    `pattern` 1 (hidden to hidden), 2 (output to hidden) or 3 (output at the end only); `steps` T in 1..12, by default
    the length of `x`, else 4; `time` is the step shown as reached, by default T.
    `params` maps the letters U, W, V, b, c or their names in code (`weight_ih` …) to numbers; arrays with one entry and
    whole layers of size 1, `RNN(1, 1, rng=rng)`, will do, and what is missing keeps its default.
    `x` and `y` are up to 12 inputs and targets; `state` is h(0), in pattern 2 o(0). `loss=True` shows the targets and
    L(t) = (o(t) - y(t))²; `teacher=True` feeds pattern 2 the targets. `focus` lights a node or a parameter ("h3", "W").
    """

    pattern = knob(1, 1, 3)
    steps = knob(4, 1, LONGEST)
    time = knob(4, 1, LONGEST, within="steps")
    params = Params(PARAMS, -3.0, 3.0, step=0.05)
    x = Numbers(X, *FIELD)
    y = Numbers(Y, *FIELD)
    state = knob(0.0, *FIELD)
    loss = flag(False)
    teacher = flag(False)
    unfolded = flag(True)
    focus = Focus("")

    def __init__(self, pattern=pattern.default_value, steps=None, lang=None, params=None, x=None, y=None, *, time=None,
                 **knobs):
        given = {name: value for name, value in {"x": x, "y": y, "params": params}.items() if value is not None}
        if steps is None:
            steps = type(self).steps.default_value if x is None else np.size(x)
        if x is not None and isinstance(steps, (int, np.integer)) and np.size(x) < steps:
            raise ValueError(f"x must have at least steps={steps} numbers, got {np.size(x)}")
        super().__init__(lang=lang, **given, pattern=pattern, steps=steps, time=steps if time is None else time,
                         **knobs)

    def numbers(self) -> dict:
        """What the page shows, computed by `seqbook.scratch`: `h` (T,), `o`, `loss` (T,), in pattern 3 (1,); `total`.

        In float64. Losses are (o - y)², whether shown or not.
        """
        T, p = self.steps, {letter: np.full((1, 1), value) for letter, value in self.params.items()}
        rng = np.random.default_rng(0)    # the layers' own initial numbers are replaced below
        sizes = {"rng": rng, "dtype": np.float64}
        x = np.array(self.x[:T]).reshape(1, T, 1)
        y = np.array(self.y[:T]).reshape(1, T, 1)
        state = np.full((1, 1), self.state)
        inner = {"weight_ih": p["U"], "bias": p["b"][0]}
        outer = {"output.weight": p["V"], "output.bias": p["c"][0]}

        if self.pattern == 2:
            model = OutputRNN(1, 1, 1, **sizes)
            model.params.update({**inner, **outer, "weight_oh": p["W"]})
            (o, _), cache = model.forward(x, state, teacher=y if self.teacher else None)
            h = cache.hs
        else:
            rnn, output = RNN(1, 1, **sizes), Linear(1, 1, **sizes)
            rnn.params.update({**inner, "weight_hh": p["W"]})
            (h, _), _ = rnn.forward(x, state)
            if self.pattern == 1:
                output.params.update({"weight": p["V"], "bias": p["c"][0]})
                o, _ = output.forward(h)
            else:
                model = SingleOutputRNN(1, 1, 1, **sizes)
                model.params.update({f"rnn.{name}": array for name, array in rnn.params.items()} | outer)
                (o, _), _ = model.forward(x, state)
                o, y = o[:, None], y[:, -1:]
        measure = MSE(reduction="sum")
        losses = [measure.forward(o[:, t], y[:, t])[0] for t in range(o.shape[1])]
        return {"h": h[0, :, 0], "o": o[0, :, 0], "loss": np.array(losses), "total": measure.forward(o, y)[0]}

