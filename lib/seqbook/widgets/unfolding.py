"""The unfolding figure: a recurrence's graph, folded or unfolded, with the numbers of every step."""

import re

import numpy as np
import traitlets

from seqbook.scratch import MSE, RNN, OutputRNN, SingleOutputRNN
from seqbook.scratch.base import Layer, check_choice, plain
from seqbook.scratch.linear import Linear
from seqbook.widgets.base import STATIC, BookWidget, check_between, check_flag, check_integer

LONGEST = 12    # steps
WEIGHTS = 3.0    # a slider's reach
NUMBERS = 9.0    # an input field's reach

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


class Unfolding(BookWidget):
    """A recurrence with one input, hidden and output number, whose graph folds and unfolds (Goodfellow et al., 10.1-2).

    `pattern` 1 (hidden to hidden), 2 (output to hidden) or 3 (output at the end only); `steps` T in 1..12, by default
    the length of `x`, else 4; `time` is the step shown as reached, by default T.
    `params` maps the letters U, W, V, b, c or their names in code (`weight_ih` …) to numbers; arrays with one entry and
    whole layers of size 1, `RNN(1, 1, rng=rng)`, will do, and what is missing keeps its default.
    `x` and `y` are up to 12 inputs and targets; `state` is h(0), in pattern 2 o(0). `loss=True` shows the targets and
    L(t) = (o(t) - y(t))²; `teacher=True` feeds pattern 2 the targets. `focus` lights a node ("h3") or a parameter ("W").
    """

    _esm = STATIC / "unfolding.js"
    _css = STATIC / "unfolding.css"

    pattern = traitlets.Int().tag(sync=True)
    steps = traitlets.Int().tag(sync=True)
    time = traitlets.Int().tag(sync=True)
    params = traitlets.Dict().tag(sync=True)
    x = traitlets.List(traitlets.Float()).tag(sync=True)
    y = traitlets.List(traitlets.Float()).tag(sync=True)
    state = traitlets.Float().tag(sync=True)
    loss = traitlets.Bool().tag(sync=True)
    teacher = traitlets.Bool().tag(sync=True)
    unfolded = traitlets.Bool().tag(sync=True)
    focus = traitlets.Unicode().tag(sync=True)

    def __init__(self, pattern=1, steps=None, lang=None, params=None, x=None, y=None, *, state=0.0, time=None,
                 loss=False, teacher=False, unfolded=True, focus=""):
        x_numbers = check_sequence("x", x, X)
        y_numbers = check_sequence("y", y, Y)
        if steps is None:
            steps = 4 if x is None else len(x)
        steps = check_integer("steps", steps, 1, LONGEST)
        if x is not None and len(x) < steps:
            raise ValueError(f"x must have at least steps={steps} numbers, got {len(x)}")
        if not isinstance(focus, str):
            raise ValueError(f"focus must be a string such as 'h3' or 'W', got {focus!r}")
        super().__init__(
            lang=lang,
            pattern=check_integer("pattern", pattern, 1, 3),
            steps=steps,
            time=steps if time is None else check_integer("time", time, 1, steps),
            params=check_params({} if params is None else params),
            x=x_numbers,
            y=y_numbers,
            state=check_between("state", state, -NUMBERS, NUMBERS),
            loss=check_flag("loss", loss),
            teacher=check_flag("teacher", teacher),
            unfolded=check_flag("unfolded", unfolded),
            focus=focus,
        )

    @traitlets.validate("pattern", "steps", "time", "params", "x", "y", "state", "focus")
    def _check(self, proposal):
        name, value = proposal.trait.name, proposal.value
        if name == "pattern":
            return check_integer(name, value, 1, 3)
        if name in ("steps", "time"):
            return check_integer(name, value, 1, LONGEST)
        if name == "params":
            return check_params(value, self.params or PARAMS)
        if name in ("x", "y"):
            return check_sequence(name, value, X if name == "x" else Y)
        if name == "state":
            return check_between(name, value, -NUMBERS, NUMBERS)
        if not re.fullmatch(r"|[UWVbc]|[xLy]([1-9]|1[0-2])|[ho]([0-9]|1[0-2])", value):
            raise ValueError(f"focus must be a node such as 'h3', a parameter such as 'W' or '', got {value!r}")
        return value

    def numbers(self) -> dict:
        """What the page shows, computed by `seqbook.scratch`: `h` (T,), `o` and `loss` (T,), in pattern 3 (1,); `total`.

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


def check_sequence(name: str, values, default: tuple) -> list:
    """Twelve numbers: those given, then zeros; None gives the default."""
    if values is None:
        return list(default)
    array = plain(name, values)
    if array.ndim != 1 or not 1 <= len(array) <= LONGEST:
        raise ValueError(f"{name} must be a sequence of 1 to {LONGEST} numbers, got shape {array.shape}")
    numbers = [check_between(f"{name}[{t}]", value, -NUMBERS, NUMBERS) for t, value in enumerate(array.tolist())]
    return numbers + [0.0] * (LONGEST - len(numbers))


def check_params(params, current=PARAMS) -> dict:
    """Letter → number for U, W, V, b, c, from letters or names in code; what is missing is taken from `current`."""
    if isinstance(params, Layer):
        check_choice("the layer's nonlinearity", getattr(params, "nonlinearity", "tanh"), ("tanh",))
        check_choice("the layer's feedback", getattr(params, "feedback", "identity"), ("identity",))
        params = params.params
    if not isinstance(params, dict):
        raise ValueError(f"params must be a dict from name to number or a layer, got {type(params).__name__}")
    numbers = dict(current)
    given = set()
    for name, value in params.items():
        letter = next((letter for letter, names in LETTERS.items() if name == letter or name in names), None)
        if letter is None:
            known = ", ".join(f"{letter} ({names[0]})" for letter, names in LETTERS.items())
            raise ValueError(f"params has no {name!r}; it takes {known}")
        if letter in given:
            raise ValueError(f"params gives {letter} twice, the second time as {name!r}")
        given.add(letter)
        array = plain(f"params[{name!r}]", value)
        if array.size != 1:
            raise ValueError(f"params[{name!r}] must be one number (the figure's sizes are 1), got shape {array.shape}")
        numbers[letter] = check_between(f"params[{name!r}]", array.item(), -WEIGHTS, WEIGHTS)
    return numbers
