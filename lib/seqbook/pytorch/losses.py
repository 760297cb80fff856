"""Losses: one number for a batch of predictions."""

import torch
from torch import nn

from seqbook.pytorch.base import (
    as_int64, can_read, check_choice, check_dense, check_integer, check_interval, check_shape, wide,
)


class CrossEntropy(nn.Module):
    """-log softmax(logits)[target], averaged ("mean") or added up ("sum") over the targets that are not ignored.

    logits (..., V), targets (...) integers 0..V-1 or `ignore_index`. Logits at ignored targets (padding) may hold
    anything. With all targets ignored the loss and its gradient are 0. Of logits in half precision the loss is float32.
    With `label_smoothing` ε the share ε of the one-hot target is spread evenly over all V (Szegedy et al., 2016).
    """

    def __init__(self, *, ignore_index=-100, reduction="mean", label_smoothing=0.0):
        super().__init__()
        check_integer("ignore_index", ignore_index)
        check_choice("reduction", reduction, ("mean", "sum"))
        check_interval("label_smoothing", label_smoothing, 1)
        self.ignore_index, self.reduction = int(ignore_index), reduction
        self.label_smoothing = float(label_smoothing)

    def forward(self, logits, targets):
        """loss, a tensor of no axes."""
        check_shape("logits", logits, ..., V=None)
        if not isinstance(targets, torch.Tensor) or targets.shape != logits.shape[:-1]:
            got = tuple(targets.shape) if isinstance(targets, torch.Tensor) else type(targets).__name__
            wanted = tuple(logits.shape[:-1])
            raise ValueError(f"targets must have shape {wanted} as the logits have before V, got {got}")
        if targets.is_floating_point() or targets.is_complex() or targets.dtype == torch.bool:
            raise ValueError(f"targets must be a tensor of integers, got {targets.dtype}")
        check_dense("targets", targets)
        targets = as_int64("targets", targets)
        counted = targets != self.ignore_index
        targets = torch.where(counted, targets, 0)
        if can_read(targets) and (targets.min() < 0 or targets.max() >= logits.shape[-1]):
            raise ValueError(f"targets must lie in 0..{logits.shape[-1] - 1}, got {targets.min()}..{targets.max()}")
        logits = torch.where(counted[..., None], wide(logits), 0)
        log_probs = torch.log_softmax(logits, dim=-1)
        losses = -log_probs.gather(-1, targets[..., None])[..., 0]
        if self.label_smoothing:
            losses = (1 - self.label_smoothing) * losses - self.label_smoothing * log_probs.mean(dim=-1)
        loss = torch.where(counted, losses, 0).sum()
        return loss / counted.sum().clamp(min=1) if self.reduction == "mean" else loss


class MSE(nn.Module):
    """(prediction - target)², averaged ("mean") or added up ("sum") over all numbers of two tensors of one shape.

    Of numbers in half precision the loss is float32.
    """

    def __init__(self, *, reduction="mean"):
        super().__init__()
        check_choice("reduction", reduction, ("mean", "sum"))
        self.reduction = reduction

    def forward(self, prediction, target):
        """loss, a tensor of no axes."""
        check_shape("prediction", prediction, ...)
        check_shape("target", target, ...)
        if prediction.shape != target.shape:
            raise ValueError(f"target must have the prediction's shape {tuple(prediction.shape)}, "
                             f"got {tuple(target.shape)}")
        squares = (wide(prediction) - wide(target)) ** 2
        return squares.mean() if self.reduction == "mean" else squares.sum()
