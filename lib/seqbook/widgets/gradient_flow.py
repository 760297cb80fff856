"""The gradient flow figure: how gradients shrink or grow on their way back through time."""

from functools import cache

import numpy as np
import traitlets

from seqbook.scratch import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell, clip_grad_norm
from seqbook.widgets.base import BookWidget, choice, flag, knob, packed

LONGEST = 50    # steps
DRAWS = 5    # random networks to choose from
D, H = 4, 8    # with H=8 and T=50 a repaint stays within a frame also for the LSTM, whose state has 2H numbers

MODELS = {    # the step, the layer, and which rows of the drawn blocks i, f, g, o are its parameters
    "rnn": (RNNCell, RNN, slice(2 * H, 3 * H)),
    "lstm": (LSTMCell, LSTM, slice(0, 4 * H)),
    "gru": (GRUCell, GRU, slice(0, 3 * H)),
}


class GradientFlow(BookWidget):
    """The sizes of ∂L/∂s(t) over t and of every ∂s(t)/∂s(k), for random networks the reader can turn the knobs of.

    s(t) is all that a network hands from step to step: h(t) in the RNN and the GRU, h(t) and c(t) together in the LSTM,
    since a nudge of h(t) alone would leave out the cell. `model` is "rnn", "lstm" or "gru"; `compare` draws the sizes
    of ∂L/∂s(t) of all three. They have D=4 inputs and H=8 hidden numbers, start from zeros and read the same random
    inputs; `steps` T is 2..50. Every H×H recurrent matrix is `radius` (0.2..2) times one of spectral radius 1,
    "gaussian" or "orthogonal" (`weights`), one of five draws (`seed` 0..4), the RNN's the same as the LSTM's for g and
    the GRU's for n; `input_scale` (0..3) multiplies the inputs. `activation`, "tanh", "relu" or "identity", is the
    RNN's;
    `forget_bias` (-2..6) is added to the bias of the gate that keeps the past: the LSTM's f, the GRU's z.
    L = v·h(T) for a fixed unit vector v, or Σ v·h(t) with `loss="every"`, so each loss's own gradient has size 1.
    `clip` (0.01..100 or None) is the threshold for the norm of the gradient of all parameters together.
    `step_from` k and `step_to` t (1 and T by default) are the two steps the words speak of.
    """

    model = choice("rnn", tuple(MODELS))
    compare = flag(False)
    steps = knob(30, 2, LONGEST)
    radius = knob(1.0, 0.2, 2.0, step=0.01)
    forget_bias = knob(1.0, -2.0, 6.0, step=0.1)
    weights = choice("gaussian", ("gaussian", "orthogonal"))
    activation = choice("tanh", ("tanh", "relu", "identity"))
    input_scale = knob(0.5, 0.0, 3.0, step=0.05)
    loss = choice("last", ("last", "every"))
    seed = knob(0, 0, DRAWS - 1)
    clip = knob(None, 0.01, 100.0, step=0.05)    # the step in powers of ten
    step_from = knob(1, 1, LONGEST, within="step_to")
    step_to = knob(30, 1, LONGEST, within="steps")
    draws = traitlets.List().tag(sync=True)    # for every seed the arrays of `draw`

    def __init__(self, model=model.default_value, steps=steps.default_value, lang=None, *, step_to=None, **knobs):
        step_to = steps if step_to is None else step_to
        super().__init__(lang=lang, model=model, steps=steps, step_to=step_to, **knobs)

    @traitlets.default("draws")
    def _draws(self):
        return [{name: array if np.isscalar(array) else packed(array) for name, array in draw(seed).items()}
                for seed in range(DRAWS)]

    def numbers(self, model=None) -> dict:
        """What the page shows of `model` (None: the one chosen), by `seqbook.scratch`'s back-propagation, in float64.

        `dh` (T,): ‖∂L/∂s(t)‖. `matrix` (T, T): row t, column k: ‖∂s(t)/∂s(k)‖ for t ≥ k (Frobenius norm over √ of the
        state's size, so the identity has size 1), NaN elsewhere. `gradient`: the norm of all parameters' gradients
        together.
        """
        model = self.model if model is None else type(self).model.check(self, model)
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


@cache
def draw(seed: int) -> dict:
    """Random parameters and inputs, float32, in blocks of H rows (`MODELS`), the recurrent ones of spectral radius 1.

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
