"""The gradient flow figure: how gradients shrink or grow on their way back through time and layers."""

from functools import cache

import numpy as np
import traitlets

from seqbook.scratch import (
    GRU, LSTM, RNN, FeedForward, GRUCell, LayerNorm, LSTMCell, MultiHeadAttention, RNNCell, Stacked, clip_grad_norm,
)
from seqbook.scratch.blocks import several
from seqbook.scratch.masks import causal_mask
from seqbook.widgets.base import BookWidget, choice, flag, knob, packed

LONGEST = 50    # steps
DRAWS = 5    # random networks to choose from
DEEPEST = 6    # layers
HEADS = 2    # of the Transformer
D, H = 4, 8    # with H=8 and T=50 a repaint stays within a frame also for the LSTM, whose state has 2H numbers

MODELS = {    # the step, the layer, and which rows of the drawn blocks i, f, g, o are its parameters
    "rnn": (RNNCell, RNN, slice(2 * H, 3 * H)),
    "lstm": (LSTMCell, LSTM, slice(0, 4 * H)),
    "gru": (GRUCell, GRU, slice(0, 3 * H)),
}


class GradientFlow(BookWidget):
    """The sizes of ∂L/∂s(t) over t and of every ∂s(t)/∂s(k), for random networks the reader can turn the knobs of.

    With `depth` 2..6 also the sizes of ∂L/∂s(l,t) over all layers l and steps, as a map.

    s(t) is all that a network hands from step to step: h(t) in the RNN and the GRU, h(t) and c(t) together in the LSTM,
    since a nudge of h(t) alone would leave out the cell. `model` is "rnn", "lstm" or "gru"; `compare` draws the sizes
    of ∂L/∂s(t) of all three. They have D=4 inputs and H=8 hidden numbers, start from zeros and read the same random
    inputs; `steps` T is 2..50. Every H×H recurrent matrix is `radius` (0.2..2) times one of spectral radius 1,
    "gaussian" or "orthogonal" (`weights`), one of five draws (`seed` 0..4), the RNN's the same as the LSTM's for g and
    the GRU's for n; `input_scale` (0..3) multiplies the inputs. `activation`, "tanh", "relu" or "identity", is the
    RNN's;
    `forget_bias` (-2..6) is added to the bias of the gate that keeps the past: the LSTM's f, the GRU's z.
    L = v·h(T) for a fixed unit vector v, or Σ v·h(t) with `loss="every"`, so each loss's own gradient has size 1.
    `depth` layers of `model` are `Stacked`, with `skips` or without; h(t) in L is then what the top layer puts out. All
    layers have the knobs' radius, bias, activation; s(l,t) is what layer l (1 is the lowest) hands to its own next step
    (its h before what a skip adds), and `layer` is the one that all but the map speaks of.
    `model="transformer"` has `depth` blocks with a causal mask in the layers' place: x(l,t), H numbers, is what block l
    puts out at position t, x(0,t) a projection of the input. `norm_place` is "pre" or "post"; with `skips` every
    sub-layer adds its input (the residual connections); `radius` multiplies all matrices. `compare`, `activation`,
    `forget_bias` are not for it.
    `clip` (0.01..100 or None) is the threshold for the norm of the gradient of all parameters together.
    `step_from` k and `step_to` t (1 and T by default) are the two steps the words speak of.
    """

    model = choice("rnn", (*MODELS, "transformer"))
    compare = flag(False)
    depth = knob(1, 1, DEEPEST)
    skips = flag(False)
    norm_place = choice("pre", ("pre", "post"))
    layer = knob(1, 1, DEEPEST, within="depth")
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
        return [{name: packed(array) for name, array in draw(seed).items()} for seed in range(DRAWS)]

    def numbers(self, model=None) -> dict:
        """What the page shows of `model` (None: the one chosen), by `seqbook.scratch`'s back-propagation, in float64.

        `dh` (T,): ‖∂L/∂s(t)‖. `matrix` (T, T): row t, column k: ‖∂s(t)/∂s(k)‖ for t ≥ k (Frobenius norm over √ of the
        state's size, so the identity has size 1), NaN elsewhere. Both of `layer`. `layers` (depth, T): ‖∂L/∂s(l,t)‖,
        the lowest layer first. `gradient`: the norm of all parameters' gradients together. Of the Transformer `dh` and
        `layers` are of x(l,t), and `matrix` is that of one block, ‖∂x(l,t)/∂x(l-1,k)‖, also for t = k.
        """
        model = self.model if model is None else type(self).model.check(self, model)
        if model == "transformer":
            return self._transformer()
        T, shown = self.steps, min(self.layer, self.depth) - 1
        x = self.input_scale * draw(self.seed)["x"][None, :T].astype(np.float64)    # (1, T, D)
        cells, layers = zip(*(self._network(model, number) for number in range(1, self.depth + 1)))

        caches, hs = [], x    # every layer's, of each step; what a layer reads, (1, T, D or H)
        for number, cell in enumerate(cells):
            state, of_steps, out = None, [], np.zeros((1, T, H))
            for t in range(T):
                state, cell_cache = cell.forward(hs[:, t], state)
                out[:, t] = state[0] if model == "lstm" else state
                of_steps.append(cell_cache)
            hs = out + hs if self.skips and number else out
            caches.append(of_steps)

        own = np.zeros((1, T, H))    # what each step's own loss sends
        own[0, slice(T - 1, T) if self.loss == "last" else slice(None)] = draw(self.seed)["direction"]
        sizes, dhs = np.zeros((self.depth, T)), own
        for number in reversed(range(self.depth)):
            sizes[number], dxs = flow_back(cells[number], caches[number], dhs)
            dhs = dxs + dhs if self.skips and number else dxs

        stack = Stacked(layers, skips=self.skips)
        _, stack_cache = stack.forward(x)
        _, grads = stack.backward((own, None), stack_cache)
        _, gradient = clip_grad_norm(grads, 1.0)
        matrix = jacobian_sizes(cells[shown], caches[shown])
        return {"dh": sizes[shown], "matrix": matrix, "layers": sizes, "gradient": gradient}

    def _transformer(self) -> dict:
        """The numbers of the Transformer."""
        T, drawn = self.steps, {name: np.asarray(array, np.float64) for name, array in draw(self.seed).items()}
        x = self.input_scale * drawn["x"][None, :T] @ drawn["weight_ih"][:H].T    # (1, T, H)
        passed = []
        for number in range(1, self.depth + 1):
            block = self._block(number)
            y, caches = block.forward(x)
            passed.append((block, x, caches))
            x = y

        flow = np.zeros((1, T, H))
        flow[0, slice(T - 1, T) if self.loss == "last" else slice(None)] = drawn["direction"]
        sizes, grads = np.zeros((self.depth, T)), {}
        for number in reversed(range(self.depth)):
            block, _, caches = passed[number]
            sizes[number] = np.linalg.norm(flow[0], axis=1)
            flow, own = block.backward(flow, caches)
            grads |= {f"{number}.{name}": grad for name, grad in own.items()}

        shown = min(self.layer, self.depth) - 1
        block, x, _ = passed[shown]
        matrix = np.full((T, T), np.nan)
        for t in range(T):
            rows = np.zeros((H, T, H))    # for each of the H numbers of x(l,t)
            rows[:, t] = np.eye(H)
            _, caches = block.forward(np.repeat(x, H, axis=0))
            found, _ = block.backward(rows, caches)
            matrix[t, :t + 1] = np.sqrt(np.square(found[:, :t + 1]).sum(axis=(0, 2)) / H)
        return {"dh": sizes[shown], "matrix": matrix, "layers": sizes, "gradient": clip_grad_norm(grads, 1.0)[1]}

    def _block(self, number):
        """The Transformer's block `number`, with this widget's parameters."""
        own = draw(self.seed) if number == 1 else draw_above(self.seed, number)
        kept, above = own[self.weights], draw_above(self.seed, number + 1)["weight_ih"]
        matrices = [self.radius * np.asarray(array[n * H:(n + 1) * H], np.float64)
                    for array, n in [(kept, 0), (kept, 1), (kept, 2), (kept, 3), (above, 0), (above, 1)]]
        return FlowBlock(matrices, self.norm_place, self.skips)

    def _network(self, model, number=1):
        """The step and the layer of `model`, with this widget's parameters of layer `number`."""
        drawn = draw(self.seed) if number == 1 else draw_above(self.seed, number)
        drawn = {name: np.asarray(array, np.float64) for name, array in drawn.items()}
        *kinds, rows = MODELS[model]
        options = {"nonlinearity": self.activation} if model == "rnn" else {}
        params = {"weight_ih": drawn["weight_ih"][rows], "weight_hh": self.radius * drawn[self.weights][rows],
                  "bias": drawn["bias"][rows]}
        if model != "rnn":
            params["bias"][H:2 * H] += self.forget_bias
        if model == "gru":
            params["bias_hn"] = drawn["bias"][3 * H:]
        made = [kind(D if number == 1 else H, H, rng=np.random.default_rng(0), dtype=np.float64, **options)
                for kind in kinds]
        for layer in made:
            layer.params.update(params)
        return made


# --- Back through a block

class FlowBlock:
    """A Transformer's block with a causal mask, its norms before the sub-layers ("pre") or behind ("post").

    `matrices` are W_q, W_k, W_v, W_o, W_1, W_2, each (H, H); without `skips` no sub-layer adds its input.
    """

    def __init__(self, matrices, norm, skips):
        self.place, self.skips = norm, skips
        options = {"rng": np.random.default_rng(0), "dtype": np.float64}
        self.parts = {"attention": MultiHeadAttention(H, HEADS, **options),
                      "feed_forward": FeedForward(H, H, **options)}
        self.norm = LayerNorm(H, dtype=np.float64)
        names = "query", "key", "value", "output", "linear1", "linear2"
        for name, matrix in zip(names, matrices, strict=True):
            part = self.parts["feed_forward" if name.startswith("linear") else "attention"]
            part.params.update({f"{name}.weight": matrix, f"{name}.bias": np.zeros(H)})

    def forward(self, x):
        """y (B, T, H), caches."""
        caches = {}
        for name, part in self.parts.items():
            z, norm_cache = self.norm.forward(x) if self.place == "pre" else (x, None)
            z, cache = part.forward(z, **({"mask": causal_mask(x.shape[1])} if name == "attention" else {}))
            x = x + z if self.skips else z
            if self.place == "post":
                x, norm_cache = self.norm.forward(x)
            caches[name] = cache, norm_cache
        return x, caches

    def backward(self, dy, caches):
        """dx (B, T, H), grads."""
        found = {}
        for name, part in reversed(self.parts.items()):
            cache, norm_cache = caches[name]
            if self.place == "post":
                dy, norm_grads = self.norm.backward(dy, norm_cache)
            (dz, *_), grads = several(part.backward(dy, cache))
            if self.place == "pre":
                dz, norm_grads = self.norm.backward(dz, norm_cache)
            dy = dy + dz if self.skips else dz
            found |= {f"{name}.{key}": grad for key, grad in grads.items()}
            found |= {f"{name}.norm.{key}": grad for key, grad in norm_grads.items()}
        return dy, found


# --- Back through time

def joined(state) -> np.ndarray:
    """A cell's state as one array, (B, S)."""
    return np.concatenate(state, axis=1) if isinstance(state, tuple) else state


def parted(state, cell):
    """The same as the cell takes it: the LSTM's as (h, c)."""
    return tuple(np.split(state, 2, axis=1)) if isinstance(cell, LSTMCell) else state


def flow_back(cell, caches, dhs) -> tuple:
    """‖∂L/∂s(t)‖ (T,) and ∂L/∂x (1, T, D) of one layer, by its step's caches and what reaches each h(t) from above."""
    T, S = len(caches), state_size(cell)
    sizes, dxs, flow = np.zeros(T), np.zeros((1, T, cell.input_size)), np.zeros((1, S))
    for t in reversed(range(T)):
        flow[:, :H] += dhs[:, t]
        sizes[t] = np.linalg.norm(flow)
        (dxs[:, t], before), _ = cell.backward(parted(flow, cell), caches[t])
        flow = joined(before)
    return sizes, dxs


def jacobian_sizes(cell, caches) -> np.ndarray:
    """‖∂s(t)/∂s(k)‖ of one layer, (T, T): row t, column k ≤ t; NaN elsewhere."""
    T, S = len(caches), state_size(cell)
    matrix = np.full((T, T), np.nan)
    for t in range(T):
        rows = np.eye(S)    # ∂s(t)/∂s(k), for k = t, t-1, …
        matrix[t, t] = 1.0
        for k in reversed(range(t)):
            tiled = type(caches[k])(*(np.repeat(array, S, axis=-2) for array in caches[k + 1]))    # S rows
            (_, before), _ = cell.backward(parted(rows, cell), tiled)
            rows = joined(before)
            matrix[t, k] = np.linalg.norm(rows) / np.sqrt(S)
    return matrix


def state_size(cell) -> int:
    """S, how many numbers go from step to step."""
    return 2 * H if isinstance(cell, LSTMCell) else H


# --- Random networks

@cache
def draw(seed: int) -> dict:
    """Random parameters and inputs, float32, in blocks of H rows (`MODELS`), the recurrent ones of spectral radius 1.

    These are the lowest layer's. `radii` (DEEPEST - 1, 4) are what the layers above divide their Gaussian blocks by.
    `largest_gaussian` and `largest_orthogonal` (DEEPEST,) are the largest singular values of each layer's RNN block.
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
    above = [draw_above(seed, number) for number in range(2, DEEPEST + 1)]
    _, _, rows = MODELS["rnn"]
    for name in ("gaussian", "orthogonal"):
        blocks = [layer[name][rows] for layer in (arrays, *above)]
        arrays[f"largest_{name}"] = np.linalg.norm(blocks, 2, axis=(1, 2))
    arrays["radii"] = np.array([layer["radii"] for layer in above])
    return {name: array.astype(np.float32) for name, array in arrays.items()}


@cache
def draw_above(seed: int, number: int) -> dict:
    """The parameters of layer `number` ≥ 2 as `draw` gives the lowest's; so many that the page makes them by itself."""
    size = 4 * H * H
    place = (DEEPEST * seed + number) * (3 * size + 4 * H)
    weight_ih, gaussian, orthogonal, bias = np.split(normals(place, 3 * size + 4 * H), [size, 2 * size, 3 * size])
    gaussian = gaussian.reshape(4, H, H)
    radii = np.abs(np.linalg.eigvals(gaussian)).max(axis=1).astype(np.float32)
    orthogonal, triangular = np.linalg.qr(orthogonal.reshape(4, H, H))
    orthogonal *= np.sign(np.diagonal(triangular, axis1=1, axis2=2))[:, None]    # as Gram and Schmidt would have it
    arrays = {
        "gaussian": (gaussian / radii[:, None, None]).reshape(4 * H, H),
        "orthogonal": orthogonal.reshape(4 * H, H),
        "weight_ih": weight_ih.reshape(4 * H, H) / np.sqrt(H),
        "bias": 0.1 * bias,
        "radii": radii,
    }
    return {name: array.astype(np.float32) for name, array in arrays.items()}


def normals(place: int, count: int) -> np.ndarray:
    """`count` standard normal numbers from a `place` in one endless list on; the page has the same list.

    Counters, scrambled by the last steps of MurmurHash3 (Appleby, 2008), are uniform; two make one normal number
    (Box and Muller, 1958).
    """
    bits = np.arange(2 * place, 2 * (place + count), dtype=np.uint32)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        bits = (bits ^ bits >> np.uint32(shift)) * np.uint32(factor)
    radius, angle = ((bits + 0.5) / 2**32).reshape(count, 2).T
    return np.sqrt(-2 * np.log(radius)) * np.cos(2 * np.pi * angle)
