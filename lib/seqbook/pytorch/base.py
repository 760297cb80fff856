"""What the modules share: initialisation and input checks.

Shapes and dtypes are always checked. Values (ids, lengths) are checked where that costs no transfer from a GPU and
breaks no compiled graph: on the CPU, outside `torch.compile`.
"""

import torch
from torch import nn
from torch.masked import MaskedTensor

from seqbook.scratch.base import check_axes, check_choice, check_integer, check_interval, check_sizes, wanted_shape

__all__ = ["as_int64", "can_read", "check_choice", "check_dense", "check_dtype", "check_ids", "check_integer",
           "check_interval", "check_shape", "check_sizes", "in_transform", "uniform", "wide"]


def uniform(*shape, fan_in, device=None, dtype=None) -> nn.Parameter:
    """A parameter drawn from U(-1/√fan_in, 1/√fan_in)."""
    bound = fan_in ** -0.5
    return nn.Parameter(torch.empty(shape, device=device, dtype=dtype).uniform_(-bound, bound))


def can_read(tensor) -> bool:
    """True where looking at a tensor's values costs nothing: on the CPU, not compiled, not within `torch.func`."""
    return tensor.device.type == "cpu" and not torch.compiler.is_compiling() and not in_transform()


def in_transform() -> bool:
    """True within `vmap`, `grad` and the other transforms of `torch.func`."""
    return torch._C._are_functorch_transforms_active()


def wide(tensor):
    """A tensor of half precision in float32, in which sums neither overflow nor lose digits; others as they are."""
    return tensor.float() if tensor.dtype in (torch.float16, torch.bfloat16) else tensor


def check_shape(name, tensor, *leading, **axes) -> None:
    """Raise ValueError unless this is a tensor of the shape `axes`, as in `seqbook.scratch.base.check_shape`."""
    if not isinstance(tensor, torch.Tensor):
        kind = type(tensor).__name__
        raise ValueError(f"{name} must be a tensor of shape {wanted_shape(leading, axes)}, got {kind}")
    check_dense(name, tensor)
    check_axes(name, tuple(tensor.shape), leading, axes)


def check_dense(name, tensor) -> None:
    """Refuse nested, sparse, quantized and masked tensors, which have other shapes and values than they seem to."""
    if isinstance(tensor, MaskedTensor):
        raise ValueError(f"{name} must be a plain tensor, got a masked one; use {name}.to_tensor(...)")
    if tensor.is_nested:
        raise ValueError(f"{name} must be one dense tensor, got a nested one; use torch.nested.to_padded_tensor(...) "
                         f"and say where each sequence ends")
    if tensor.is_quantized:
        raise ValueError(f"{name} must be a tensor of plain numbers, got a quantized one; use {name}.dequantize()")
    if tensor.layout != torch.strided:
        raise ValueError(f"{name} must be one dense tensor, got one of layout {tensor.layout}; use {name}.to_dense()")


def check_dtype(name, tensor, dtype) -> None:
    """Raise ValueError unless the tensor has the module's dtype; under autocast any floating dtype may come in."""
    if tensor.dtype != dtype and not (tensor.is_floating_point() and _in_autocast(tensor.device.type)):
        raise ValueError(f"{name} must have dtype {dtype} as the module has, got {tensor.dtype}")


def _in_autocast(device_type) -> bool:
    return torch.amp.is_autocast_available(device_type) and torch.is_autocast_enabled(device_type)


def check_ids(name, ids, size) -> None:
    """Raise ValueError unless this is a non-empty tensor of integers with 0 ≤ id < size."""
    if not isinstance(ids, torch.Tensor) or ids.is_floating_point() or ids.is_complex() or ids.dtype == torch.bool:
        kind = ids.dtype if isinstance(ids, torch.Tensor) else type(ids).__name__
        raise ValueError(f"{name} must be a tensor of integers, got {kind}")
    if ids.numel() == 0:
        raise ValueError(f"{name} must not be empty, got shape {tuple(ids.shape)}")
    check_dense(name, ids)
    ids = as_int64(name, ids)
    if can_read(ids) and (ids.min() < 0 or ids.max() >= size):
        raise ValueError(f"{name} must lie in 0..{size - 1}, got {ids.min()}..{ids.max()}")


def as_int64(name, tensor):
    """A tensor of integers of any width as int64: to an index, uint8 would be a mask. Refused where it does not fit."""
    wider = tensor.long()
    if tensor.dtype == torch.uint64 and can_read(wider) and (wider < 0).any():
        raise ValueError(f"{name} must be integers that fit into int64, got {wider[wider < 0][0].item() + 2 ** 64}")
    return wider
