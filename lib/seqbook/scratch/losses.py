"""Losses: one number for a batch of predictions, and its gradient."""

from typing import NamedTuple

import numpy as np

from seqbook.scratch.activations import log_softmax
from seqbook.scratch.base import (
    Layer, as_integers, as_number, check_choice, check_finite, check_floats, check_ids, check_integer,
    check_interval, check_same, is_array, kind_of,
)


class CrossEntropyCache(NamedTuple):
    probs: np.ndarray      # (..., V) softmax of the logits
    targets: np.ndarray    # (...)
    counted: np.ndarray    # (...) True where the target is not ignored
    scale: float           # what each counted target weighs in the loss


class CrossEntropy(Layer):
    """-log softmax(logits)[target], averaged ("mean") or added up ("sum") over the targets that are not ignored.

    logits (..., V), targets (...) integers 0..V-1 or `ignore_index`. Logits at ignored targets (padding) may hold
    anything. With all targets ignored the loss and its gradient are 0. Else it is softmax(logits) - one-hot(target).
    With `label_smoothing` ε the share ε of the one-hot target is spread evenly over all V (Szegedy et al., 2016).
    """

    def __init__(self, *, ignore_index=-100, reduction="mean", label_smoothing=0.0):
        check_integer("ignore_index", ignore_index)
        check_choice("reduction", reduction, ("mean", "sum"))
        check_interval("label_smoothing", label_smoothing, 1)
        self.ignore_index, self.reduction = int(ignore_index), reduction
        self.label_smoothing = as_number("label_smoothing", label_smoothing)
        super().__init__()

    def forward(self, logits, targets):
        """loss (a float), cache with `.probs`."""
        check_floats("logits", logits, ..., V=None)
        V = logits.shape[-1]
        if not is_array(targets) or targets.shape != logits.shape[:-1]:
            got = targets.shape if is_array(targets) else kind_of(targets)
            raise ValueError(f"targets must have shape {logits.shape[:-1]} as the logits have before V, got {got}")
        if not np.issubdtype(targets.dtype, np.integer):
            raise ValueError(f"targets must be an array of integers, got {targets.dtype}")
        targets = as_integers("targets", targets)
        counted = targets != self.ignore_index
        check_ids("targets", np.where(counted, targets, 0), V)
        logits = np.where(counted[..., None], logits, logits.dtype.type(0))
        check_finite("logits", logits)

        targets = np.where(counted, targets, 0)
        log_probs = log_softmax(logits)
        losses = -np.take_along_axis(log_probs, targets[..., None], axis=-1)[..., 0]
        if self.label_smoothing:
            losses = (1 - self.label_smoothing) * losses - self.label_smoothing * log_probs.mean(axis=-1)
        scale = 1 / max(np.count_nonzero(counted), 1) if self.reduction == "mean" else 1
        loss = float(scale * losses[counted].sum())
        return loss, CrossEntropyCache(np.exp(log_probs), targets, counted, scale)

    def backward(self, dloss, cache):
        """(dlogits (..., V), None), {}; `dloss` is 1.0 where the loss is what is minimised."""
        dlogits = cache.probs.copy()
        rows = dlogits.reshape(-1, dlogits.shape[-1])
        rows[np.arange(len(rows)), cache.targets.reshape(-1)] -= 1 - self.label_smoothing
        dlogits -= self.label_smoothing / rows.shape[-1]
        dlogits *= cache.counted[..., None]
        dlogits *= cache.scale * as_number("dloss", dloss)
        return (dlogits, None), {}


class MSECache(NamedTuple):
    error: np.ndarray    # prediction - target
    scale: float


class MSE(Layer):
    """(prediction - target)², averaged ("mean") or added up ("sum") over all numbers of two arrays of one shape."""

    def __init__(self, *, reduction="mean"):
        check_choice("reduction", reduction, ("mean", "sum"))
        self.reduction = reduction
        super().__init__()

    def forward(self, prediction, target):
        """loss (a float), cache."""
        check_floats("prediction", prediction, ...)
        check_finite("prediction", prediction)
        check_same("target", target, "prediction", prediction)
        error = prediction - target
        scale = 1 / error.size if self.reduction == "mean" else 1
        return float(scale * np.square(error).sum()), MSECache(error, scale)

    def backward(self, dloss, cache):
        """(dprediction, dtarget), {}."""
        dprediction = 2 * cache.scale * as_number("dloss", dloss) * cache.error
        return (dprediction, -dprediction), {}


def loss_and_gradient(loss, outputs, targets):
    """The loss (a float) of a model's outputs, and its gradient, with which the model's backward begins."""
    value, cache = loss.forward(outputs, targets)
    (doutputs, _), _ = loss.backward(1.0, cache)
    return value, doutputs
