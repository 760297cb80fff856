"""Optimisers: from gradients to new parameters, in place; clipping of the gradient's norm; a schedule of the rate.

Their numbers are Python's: NumPy's would decide in which precision a step is computed, and no checkpoint holds them.
An optimiser's whole memory is what its class names in `arrays` (dicts from a parameter's name) and `numbers`: that is
what a checkpoint keeps.
"""

from numbers import Real

import numpy as np

from seqbook.protocols import as_pair
from seqbook.scratch.base import as_number, check_interval, check_sizes, is_array, kind_of


def check_grads(grads: dict, params: dict) -> None:
    """Raise ValueError unless the gradients have the names and shapes of `params`."""
    if not isinstance(grads, dict):
        raise ValueError(f"grads must be a dict from name to array, got {type(grads).__name__}")
    if grads.keys() != params.keys():
        missing, extra = sorted(params.keys() - grads.keys()), sorted(grads.keys() - params.keys())
        raise ValueError(f"grads must have the names of params; missing {missing}, unknown {extra}")
    for name, grad in grads.items():
        if not is_array(grad) or grad.shape != params[name].shape:
            got = grad.shape if is_array(grad) else kind_of(grad)
            raise ValueError(f"the gradient of {name} must have shape {params[name].shape}, got {got}")


def check_named(name: str, arrays) -> None:
    """Raise ValueError unless `arrays` is a dict, from a parameter's name to an array of floats."""
    if not isinstance(arrays, dict):
        raise ValueError(f"{name} must be a dict from name to array, got {type(arrays).__name__}")
    for key, array in arrays.items():
        if not is_array(array) or array.dtype.kind != "f":
            got = array.dtype if is_array(array) else kind_of(array)
            raise ValueError(f"{name} must be a dict from name to array of floats, got {got} for {key}")


def check_max_norm(max_norm) -> None:
    """Raise ValueError unless `max_norm` is a positive number; infinity is one, and clips nothing."""
    if isinstance(max_norm, bool) or not isinstance(max_norm, Real) or not max_norm > 0:
        raise ValueError(f"max_norm must be positive, got {max_norm!r}")


class SGD:
    """Gradient descent with momentum as in PyTorch: v ← momentum · v + g, θ ← θ - lr · v.

    `params` is a layer's dict, whose arrays are changed in place; `lr` may be changed between steps.
    """

    arrays, numbers = ("velocity",), ("lr",)

    def __init__(self, params, lr, momentum=0.0):
        check_named("params", params)
        check_interval("lr", lr)
        check_interval("momentum", momentum, 1)
        self.params, self.lr, self.momentum = params, as_number("lr", lr), as_number("momentum", momentum)
        self.velocity = {name: np.zeros_like(param) for name, param in params.items()} if momentum else {}

    def step(self, grads):
        """Change every parameter once; `grads` has the names and shapes of `params`."""
        check_grads(grads, self.params)
        self.lr = as_number("lr", self.lr)
        for name, param in self.params.items():
            grad = grads[name]
            if self.momentum:
                grad = self.velocity[name] = self.momentum * self.velocity[name] + grad
            param -= self.lr * grad


class Adam:
    """Adam (Kingma and Ba, 2015, algorithm 1): θ ← θ - lr · m̂ / (√v̂ + eps).

    m and v are running means of the gradient and of its square, m̂ and v̂ the same without their pull towards the
    zeros they start from. `params` is a layer's dict, changed in place; `lr` may be changed between steps.
    """

    arrays, numbers = ("mean", "square"), ("lr", "steps")

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        check_named("params", params)
        check_interval("lr", lr)
        for beta in as_pair("betas", betas):
            check_interval("betas", beta, 1)
        check_interval("eps", eps)
        self.params, self.lr, self.eps = params, as_number("lr", lr), as_number("eps", eps)
        self.betas = tuple(as_number("betas", beta) for beta in betas)
        self.steps = 0
        self.mean = {name: np.zeros_like(param) for name, param in params.items()}
        self.square = {name: np.zeros_like(param) for name, param in params.items()}

    def step(self, grads):
        """Change every parameter once; `grads` has the names and shapes of `params`."""
        check_grads(grads, self.params)
        self.lr = as_number("lr", self.lr)
        beta1, beta2 = self.betas
        self.steps += 1
        for name, param in self.params.items():
            grad, mean, square = grads[name], self.mean[name], self.square[name]
            mean += (1 - beta1) * (grad - mean)
            square += (1 - beta2) * (grad * grad - square)
            corrected = np.sqrt(square / (1 - beta2 ** self.steps)) + self.eps
            param -= self.lr / (1 - beta1 ** self.steps) * mean / corrected


class AdamW(Adam):
    """Adam with decoupled weight decay (Loshchilov and Hutter, 2019): first θ ← θ - lr · weight_decay · θ."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        check_interval("weight_decay", weight_decay)
        super().__init__(params, lr, betas, eps)
        self.weight_decay = as_number("weight_decay", weight_decay)

    def step(self, grads):
        """Change every parameter once; `grads` has the names and shapes of `params`."""
        check_grads(grads, self.params)
        self.lr = as_number("lr", self.lr)
        for param in self.params.values():
            param *= 1 - self.lr * self.weight_decay
        super().step(grads)


def warmup(peak: float, steps: int):
    """A schedule, step (0, 1, …) → learning rate: up to `peak` in a straight line over `steps`, then down as 1/√step.

    With peak = (E · steps)^-½ it is that of Vaswani et al. (2017, equation 3). For `fit(schedule=…)`.
    """
    check_interval("peak", peak)
    check_sizes(steps=steps)
    return lambda step: peak * min((step + 1) / steps, (steps / (step + 1)) ** 0.5)


def clip_grad_norm(grads: dict, max_norm: float) -> tuple[dict, float]:
    """Gradients scaled down to a common norm of at most `max_norm`, and the norm they had (Pascanu et al., 2013).

    The norm is that of all gradients as one long vector, so their directions stay. Finite gradients of any size are
    clipped, also where their norm is beyond the largest float and comes out as inf. A NaN or infinite gradient is
    refused with a ValueError that names it.
    """
    check_named("grads", grads)
    check_max_norm(max_norm)
    sizes = {name: max(float(grad.max()), -float(grad.min())) for name, grad in grads.items() if grad.size}
    if wild := [name for name, size in sizes.items() if not np.isfinite(size)]:
        raise ValueError(f"grads must be finite to be clipped, got NaN or infinity in {', '.join(wild)}")
    unit = max(sizes.values(), default=0.0) or 1.0    # in this unit no square overflows, and not all of them vanish
    in_unit = {name: np.divide(grad, unit, dtype=np.float64) for name, grad in grads.items()}
    length = float(np.sqrt(sum(np.square(grad).sum() for grad in in_unit.values())))
    norm = unit * length
    if norm <= max_norm:
        return {name: grad.copy() for name, grad in grads.items()}, norm
    return {name: (grad * (max_norm / length)).astype(grads[name].dtype) for name, grad in in_unit.items()}, norm
