"""The gradient flow figure: how gradients shrink or grow on their way back through time."""

from functools import cache

import numpy as np
import traitlets

from seqbook.scratch import RNN, RNNCell, clip_grad_norm
from seqbook.scratch.base import check_choice
from seqbook.widgets.base import STATIC, BookWidget, check_between, check_integer, packed

LONGEST = 60    # steps
DRAWS = 5    # random networks to choose from
D, H = 4, 12    # with H=12 and T=60 a repaint stays under half a frame (js/benchmark.js)

CHOICES = {
    "model": ("rnn",),
    "weights": ("gaussian", "orthogonal"),
    "activation": ("tanh", "relu", "identity"),
    "loss": ("last", "every"),
}
INTEGERS = {"steps": (2, LONGEST), "seed": (0, DRAWS - 1), "step_from": (1, LONGEST), "step_to": (1, LONGEST)}
NUMBERS = {"radius": (0.2, 2.0), "input_scale": (0.0, 3.0)}
THRESHOLDS = (0.01, 100.0)


class GradientFlow(BookWidget):
    """The sizes of ∂L/∂h(t) over t and of every ∂h(t)/∂h(k), for a random network the reader can turn the knobs of.

    The network has D=4 inputs and H=12 hidden numbers, h(0) = 0 and random inputs; `steps` T is 2..60. Its recurrent
    matrix is `radius` (0.2..2) times a matrix of spectral radius 1, "gaussian" or "orthogonal" (`weights`), one of five
    draws (`seed` 0..4); `input_scale` (0..3) multiplies the inputs; `activation` is "tanh", "relu" or "identity".
    L = v·h(T) for a fixed unit vector v, or Σ v·h(t) with `loss="every"`, so each loss's own gradient has size 1.
    `clip` (0.01..100 or None) is the threshold for the norm of the gradient of all parameters together.
    `step_from` k and `step_to` t (1 and T by default) are the two steps the words speak of.
    """

    _esm = STATIC / "gradient-flow.js"
    _css = STATIC / "gradient-flow.css"

    model = traitlets.Unicode().tag(sync=True)
    steps = traitlets.Int().tag(sync=True)
    radius = traitlets.Float().tag(sync=True)
    weights = traitlets.Unicode().tag(sync=True)
    activation = traitlets.Unicode().tag(sync=True)
    input_scale = traitlets.Float().tag(sync=True)
    loss = traitlets.Unicode().tag(sync=True)
    seed = traitlets.Int().tag(sync=True)
    clip = traitlets.Float(None, allow_none=True).tag(sync=True)
    step_from = traitlets.Int().tag(sync=True)
    step_to = traitlets.Int().tag(sync=True)
    arrays = traitlets.Dict().tag(sync=True)

    def __init__(self, model="rnn", steps=30, lang=None, *, radius=1.0, weights="gaussian", activation="tanh",
                 input_scale=0.5, loss="last", clip=None, seed=0, step_from=1, step_to=None):
        steps = check_integer("steps", steps, *INTEGERS["steps"])
        step_to = steps if step_to is None else check_integer("step_to", step_to, 1, steps)
        values = {"model": model, "steps": steps, "radius": radius, "weights": weights, "activation": activation,
                  "input_scale": input_scale, "loss": loss, "seed": seed, "clip": clip,
                  "step_from": check_integer("step_from", step_from, 1, step_to), "step_to": step_to}
        values = {name: check_value(name, value) for name, value in values.items()}
        arrays = {"rnn": [{name: array if np.isscalar(array) else packed(array) for name, array in drawn.items()}
                          for drawn in map(draw_rnn, range(DRAWS))]}
        super().__init__(lang=lang, arrays=arrays, **values)

    @traitlets.validate("model", "steps", "radius", "weights", "activation", "input_scale", "loss", "seed", "clip",
                        "step_from", "step_to")
    def _check(self, proposal):
        return check_value(proposal.trait.name, proposal.value)

    def numbers(self) -> dict:
        """What the page shows, by `seqbook.scratch`'s back-propagation through time, in float64.

        `dh` (T,): ‖∂L/∂h(t)‖. `matrix` (T, T): row t, column k: ‖∂h(t)/∂h(k)‖ for t ≥ k (Frobenius norm over √H, so the
        identity has size 1), NaN elsewhere. `gradient`: the norm of all parameters' gradients together.
        """
        T, base = self.steps, draw_rnn(self.seed)
        params = {"weight_ih": base["weight_ih"], "weight_hh": self.radius * base[self.weights].astype(np.float64),
                  "bias": base["bias"]}
        rng = np.random.default_rng(0)    # the layers' own initial numbers are replaced below
        cell, rnn = [layer(D, H, rng=rng, dtype=np.float64, nonlinearity=self.activation) for layer in (RNNCell, RNN)]
        cell.params.update(params)
        rnn.params.update(params)
        x = self.input_scale * base["x"][None, :T].astype(np.float64)    # (1, T, D)

        h, caches = np.zeros((1, H)), []
        for t in range(T):
            h, cell_cache = cell.forward(x[:, t], h)
            caches.append(cell_cache)

        matrix = np.full((T, T), np.nan)
        for t in range(T):
            rows = np.eye(H)    # ∂h(t)/∂h(k), for k = t, t-1, …
            matrix[t, t] = 1.0
            for k in reversed(range(t)):
                tiled = type(caches[k])(*(np.repeat(array, H, axis=0) for array in caches[k + 1]))
                (_, rows), _ = cell.backward(rows, tiled)
                matrix[t, k] = np.linalg.norm(rows) / np.sqrt(H)

        direction = base["direction"].astype(np.float64)
        dhs = np.zeros((1, T, H))    # what each step's own loss sends
        dhs[0, slice(T - 1, T) if self.loss == "last" else slice(None)] = direction
        dh, flow = np.zeros(T), np.zeros((1, H))
        for t in reversed(range(T)):
            flow = flow + dhs[:, t]
            dh[t] = np.linalg.norm(flow)
            (_, flow), _ = cell.backward(flow, caches[t])
        _, rnn_cache = rnn.forward(x)
        _, grads = rnn.backward((dhs, None), rnn_cache)
        _, gradient = clip_grad_norm(grads, 1.0)
        return {"dh": dh, "matrix": matrix, "gradient": gradient}


def check_value(name: str, value):
    """`value`, refused where the trait `name` cannot take it."""
    if name in CHOICES:
        check_choice(name, value, CHOICES[name])
        return value
    if name in INTEGERS:
        return check_integer(name, value, *INTEGERS[name])
    if name == "clip":
        return None if value is None else check_between(name, value, *THRESHOLDS)
    return check_between(name, value, *NUMBERS[name])


@cache
def draw_rnn(seed: int) -> dict:
    """A random network and its inputs, float32: recurrent matrices of spectral radius 1 and their largest singular values."""
    rng = np.random.default_rng(seed)
    gaussian = rng.standard_normal((H, H))
    gaussian /= np.abs(np.linalg.eigvals(gaussian)).max()
    orthogonal, _ = np.linalg.qr(rng.standard_normal((H, H)))
    direction = rng.standard_normal(H)
    arrays = {
        "gaussian": gaussian,
        "orthogonal": orthogonal,
        "weight_ih": rng.standard_normal((H, D)) / np.sqrt(D),
        "bias": 0.1 * rng.standard_normal(H),
        "x": rng.standard_normal((LONGEST, D)),
        "direction": direction / np.linalg.norm(direction),
    }
    largest = {f"largest_{name}": float(np.linalg.norm(arrays[name], 2)) for name in ("gaussian", "orthogonal")}
    return {name: array.astype(np.float32) for name, array in arrays.items()} | largest
