"""The numbers computed in the page equal those of `seqbook.scratch`."""

from itertools import product

import numpy as np
import pytest

from seqbook.widgets import GradientFlow, Unfolding
from seqbook.widgets.gradient_flow import draw
from tests.javascript import compute


def test_unfolding():
    rng = np.random.default_rng(1)
    made = []
    for pattern, teacher in [(1, False), (2, False), (2, True), (3, False)]:
        for steps in (1, 2, 5, 12):
            params = dict(zip("UWVbc", rng.uniform(-3, 3, 5)))
            x, y = rng.uniform(-2, 2, (2, 12))
            made.append(Unfolding(pattern, steps, params=params, x=x, y=y, state=rng.uniform(-1, 1), teacher=teacher))
    names = ("pattern", "steps", "teacher", "params", "x", "y", "state")
    cases = [{name: getattr(widget, name) for name in names} for widget in made]
    found = compute("unfolding/recurrence.js", "m.forward(c)", cases)
    for widget, page in zip(made, found, strict=True):
        wanted = widget.numbers()
        said = [value for value in page["o"][1:] if value is not None]
        losses = [value for value in page["loss"][1:] if value is not None]
        np.testing.assert_allclose(page["h"][1:], wanted["h"], rtol=0, atol=1e-10)
        np.testing.assert_allclose(said, wanted["o"], rtol=0, atol=1e-10)
        np.testing.assert_allclose(losses, wanted["loss"], rtol=1e-10, atol=1e-10)
        np.testing.assert_allclose(page["total"], wanted["total"], rtol=1e-10)


@pytest.mark.parametrize("model", ["rnn", "lstm", "gru"])
def test_gradient_flow(model):
    rng = np.random.default_rng(2)
    made = [
        GradientFlow(model, int(rng.integers(2, 61)), radius=rng.uniform(0.2, 2), input_scale=rng.uniform(0, 3),
                     forget_bias=rng.uniform(-2, 6), activation=("tanh", "relu", "identity")[n % 3], weights=weights,
                     loss=loss, seed=seed)
        for n, (seed, weights, loss) in enumerate(product(range(5), ("gaussian", "orthogonal"), ("last", "every")))
    ]
    cases = []
    for widget in made:
        arrays = {name: array.astype(float).ravel().tolist() for name, array in draw(widget.seed).items()
                  if not np.isscalar(array)}
        settings = {"steps": widget.steps, "weights": widget.weights, "radius": widget.radius,
                    "inputScale": widget.input_scale, "forgetBias": widget.forget_bias,
                    "activation": widget.activation, "loss": widget.loss}
        cases.append({"arrays": arrays, "settings": settings})
    floats = "Object.fromEntries(Object.entries(c.arrays).map(([name, values]) => [name, new Float64Array(values)]))"
    found = compute("gradient-flow/models.js", f'm.gradients("{model}", {floats}, c.settings)', cases)
    for widget, page in zip(made, found, strict=True):
        wanted = widget.numbers()
        matrix = np.array(page["matrix"], dtype=float).reshape(widget.steps, widget.steps)    # JSON's null is NaN
        np.testing.assert_allclose(page["dh"], wanted["dh"], rtol=1e-9, atol=1e-300)
        np.testing.assert_allclose(matrix, wanted["matrix"], rtol=1e-9, atol=1e-300)
        np.testing.assert_allclose(page["gradient"], wanted["gradient"], rtol=1e-9)


def test_arrays_survive_the_way_into_the_page():
    widget = GradientFlow()
    base = draw(0)
    sent = widget.draws[0]["gaussian"]
    case = {"shape": sent["shape"], "bytes": list(sent["data"])}
    view = "new DataView(new Uint8Array(c.bytes).buffer)"
    found = compute("kit/arrays.js", f"m.toFloat64({{shape: c.shape, data: {view}}})", [case])
    np.testing.assert_array_equal(np.float32(found[0]), base["gaussian"].ravel())
