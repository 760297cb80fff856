"""The gradient flow figure: how gradients shrink or grow on their way back through time."""

from functools import cache

import numpy as np
import traitlets

from seqbook.scratch import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell, clip_grad_norm
from seqbook.scratch.base import check_choice
from seqbook.widgets.base import STATIC, BookWidget, check_between, check_flag, check_integer, packed

LONGEST = 50    # steps
DRAWS = 5    # random networks to choose from
D, H = 4, 8    # with H=8 and T=50 a repaint stays within a frame also for the LSTM, whose state has 2H numbers

MODELS = {    # the step, the layer, and which rows of the drawn blocks i, f, g, o are its parameters
    "rnn": (RNNCell, RNN, slice(2 * H, 3 * H)),
    "lstm": (LSTMCell, LSTM, slice(0, 4 * H)),
    "gru": (GRUCell, GRU, slice(0, 3 * H)),
}
CHOICES = {
    "model": tuple(MODELS),
    "weights": ("gaussian", "orthogonal"),
    "activation": ("tanh", "relu", "identity"),
    "loss": ("last", "every"),
}
INTEGERS = {"steps": (2, LONGEST), "seed": (0, DRAWS - 1), "step_from": (1, LONGEST), "step_to": (1, LONGEST)}
NUMBERS = {"radius": (0.2, 2.0), "input_scale": (0.0, 3.0), "forget_bias": (-2.0, 6.0)}
THRESHOLDS = (0.01, 100.0)


class GradientFlow(BookWidget):
    """The sizes of ∂L/∂s(t) over t and of every ∂s(t)/∂s(k), for random networks the reader can turn the knobs of.

    s(t) is all that a network hands from step to step: h(t) in the RNN and the GRU, h(t) and c(t) together in the LSTM,
    since a nudge of h(t) alone would leave out the cell. `model` is "rnn", "lstm" or "gru"; `compare` draws the sizes
    of ∂L/∂s(t) of all three. They have D=4 inputs and H=8 hidden numbers, start from zeros and read the same random
    inputs; `steps` T is 2..50. Every H×H recurrent matrix is `radius` (0.2..2) times one of spectral radius 1,
    "gaussian" or "orthogonal" (`weights`), one of five draws (`seed` 0..4), the RNN's the same as the LSTM's for g and the
    GRU's for n; `input_scale` (0..3) multiplies the inputs. `activation`, "tanh", "relu" or "identity", is the RNN's;
    `forget_bias` (-2..6) is added to the bias of the gate that keeps the past: the LSTM's f, the GRU's z.
    L = v·h(T) for a fixed unit vector v, or Σ v·h(t) with `loss="every"`, so each loss's own gradient has size 1.
    `clip` (0.01..100 or None) is the threshold for the norm of the gradient of all parameters together.
    `step_from` k and `step_to` t (1 and T by default) are the two steps the words speak of.
    """

    _esm = STATIC / "gradient-flow.js"
    _css = STATIC / "gradient-flow.css"

    model = traitlets.Unicode().tag(sync=True)
    compare = traitlets.Bool().tag(sync=True)
    steps = traitlets.Int().tag(sync=True)
    radius = traitlets.Float().tag(sync=True)
    forget_bias = traitlets.Float().tag(sync=True)
    weights = traitlets.Unicode().tag(sync=True)
    activation = traitlets.Unicode().tag(sync=True)
    input_scale = traitlets.Float().tag(sync=True)
    loss = traitlets.Unicode().tag(sync=True)
    seed = traitlets.Int().tag(sync=True)
    clip = traitlets.Float(None, allow_none=True).tag(sync=True)
    step_from = traitlets.Int().tag(sync=True)
    step_to = traitlets.Int().tag(sync=True)
    draws = traitlets.List().tag(sync=True)

    def __init__(self, model="rnn", steps=30, lang=None, *, compare=False, radius=1.0, forget_bias=1.0,
                 weights="gaussian", activation="tanh", input_scale=0.5, loss="last", clip=None, seed=0, step_from=1,
                 step_to=None):
        steps = check_integer("steps", steps, *INTEGERS["steps"])
        step_to = steps if step_to is None else check_integer("step_to", step_to, 1, steps)
        values = {"model": model, "compare": compare, "steps": steps, "radius": radius, "forget_bias": forget_bias,
                  "weights": weights, "activation": activation, "input_scale": input_scale, "loss": loss, "seed": seed,
                  "clip": clip, "step_from": check_integer("step_from", step_from, 1, step_to), "step_to": step_to}
        values = {name: check_value(name, value) for name, value in values.items()}
        draws = [{name: array if np.isscalar(array) else packed(array) for name, array in draw(seed).items()}
                 for seed in range(DRAWS)]
        super().__init__(lang=lang, draws=draws, **values)

    @traitlets.validate("model", "compare", "steps", "radius", "forget_bias", "weights", "activation", "input_scale",
                        "loss", "seed", "clip", "step_from", "step_to")
    def _check(self, proposal):
        return check_value(proposal.trait.name, proposal.value)

    def numbers(self, model=None) -> dict:
        """What the page shows of `model` (None: the one chosen), by `seqbook.scratch`'s back-propagation, in float64.

        `dh` (T,): ‖∂L/∂s(t)‖. `matrix` (T, T): row t, column k: ‖∂s(t)/∂s(k)‖ for t ≥ k (Frobenius norm over √ of the
        state's size, so the identity has size 1), NaN elsewhere. `gradient`: the norm of all parameters' gradients
        together.
        """
        model = self.model if model is None else check_value("model", model)
        T, drawn = self.steps, draw(self.seed)
        cell, layer = self._network(model)
        x = self.input_scale * drawn["x"][None, :T].astype(np.float64)    # (1, T, D)
        S = 2 * H if model == "lstm" else H    # numbers in the state

        def joined(state):    # (B, S)
            return np.concatenate(state, axis=1) if model == "lstm" else state

        def parted(state):    # as the cell takes it
            return np.split(state, 2, axis=1) if model == "lstm" else state

        state, caches = parted(np.zeros((1, S))), []
        for t in range(T):
            state, cell_cache = cell.forward(x[:, t], state)
            caches.append(cell_cache)

        matrix = np.full((T, T), np.nan)
        for t in range(T):
            rows = np.eye(S)    # ∂s(t)/∂s(k), for k = t, t-1, …
            matrix[t, t] = 1.0
            for k in reversed(range(t)):
                tiled = type(caches[k])(*(np.repeat(array, S, axis=-2) for array in caches[k + 1]))    # S rows
                (_, before), _ = cell.backward(parted(rows), tiled)
                rows = joined(before)
                matrix[t, k] = np.linalg.norm(rows) / np.sqrt(S)

        dhs = np.zeros((1, T, H))    # what each step's own loss sends
        dhs[0, slice(T - 1, T) if self.loss == "last" else slice(None)] = drawn["direction"]
        dh, flow = np.zeros(T), np.zeros((1, S))
        for t in reversed(range(T)):
            flow[:, :H] += dhs[:, t]
            dh[t] = np.linalg.norm(flow)
            (_, before), _ = cell.backward(parted(flow), caches[t])
            flow = joined(before)
        _, layer_cache = layer.forward(x)
        _, grads = layer.backward((dhs, None), layer_cache)
        _, gradient = clip_grad_norm(grads, 1.0)
        return {"dh": dh, "matrix": matrix, "gradient": gradient}

    def _network(self, model):
        """The step and the layer of `model`, with this widget's parameters."""
        drawn = {name: np.asarray(array, np.float64) for name, array in draw(self.seed).items()}
        *kinds, rows = MODELS[model]
        options = {"nonlinearity": self.activation} if model == "rnn" else {}
        params = {"weight_ih": drawn["weight_ih"][rows], "weight_hh": self.radius * drawn[self.weights][rows],
                  "bias": drawn["bias"][rows]}
        if model != "rnn":
            params["bias"][H:2 * H] += self.forget_bias
        if model == "gru":
            params["bias_hn"] = drawn["bias"][3 * H:]
        made = [kind(D, H, rng=np.random.default_rng(0), dtype=np.float64, **options) for kind in kinds]
        for layer in made:
            layer.params.update(params)
        return made


def check_value(name: str, value):
    """`value`, refused where the trait `name` cannot take it."""
    if name in CHOICES:
        check_choice(name, value, CHOICES[name])
        return value
    if name in INTEGERS:
        return check_integer(name, value, *INTEGERS[name])
    if name == "compare":
        return check_flag(name, value)
    if name == "clip":
        return None if value is None else check_between(name, value, *THRESHOLDS)
    return check_between(name, value, *NUMBERS[name])


@cache
def draw(seed: int) -> dict:
    """Random parameters and inputs, float32, in four blocks of H rows (`MODELS`), each recurrent one of spectral radius 1.

    `largest_gaussian` and `largest_orthogonal` are the largest singular values of the RNN's block.
    """
    rng = np.random.default_rng(seed)
    gaussian, orthogonal = rng.standard_normal((2, 4, H, H))
    gaussian /= np.abs(np.linalg.eigvals(gaussian)).max(axis=1)[:, None, None]
    orthogonal, _ = np.linalg.qr(orthogonal)
    direction = rng.standard_normal(H)
    arrays = {
        "gaussian": gaussian.reshape(4 * H, H),
        "orthogonal": orthogonal.reshape(4 * H, H),
        "weight_ih": rng.standard_normal((4 * H, D)) / np.sqrt(D),
        "bias": 0.1 * rng.standard_normal(4 * H),
        "x": rng.standard_normal((LONGEST, D)),
        "direction": direction / np.linalg.norm(direction),
    }
    _, _, rows = MODELS["rnn"]
    largest = {f"largest_{name}": float(np.linalg.norm(arrays[name][rows], 2)) for name in ("gaussian", "orthogonal")}
    return {name: array.astype(np.float32) for name, array in arrays.items()} | largest
