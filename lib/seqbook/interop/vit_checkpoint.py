"""A Vision Transformer's checkpoint with the usual parameter names, as the parameters of our ViT.

The names are those of the `timm` library, which most published checkpoints follow (ViT-B/16 and its relatives by
Dosovitskiy et al., 2021). Theirs on the left, ours on the right:

    cls_token                 (1, 1, E)          class_token (E,)
    pos_embed                 (1, 1 + P, E)      positions.weight (1 + P, E)
    patch_embed.proj.weight   (E, C, p, p)       patches.projection.weight (E, C·p·p)
    blocks.0.norm1, norm2                        encoder.blocks.0.norm1, norm2
    blocks.0.attn.qkv.weight  (3E, E)            encoder.blocks.0.attention.{query, key, value}.weight (E, E)
    blocks.0.attn.proj                           encoder.blocks.0.attention.output
    blocks.0.mlp.fc1, fc2                        encoder.blocks.0.feed_forward.linear1, linear2
    norm, head                                   encoder.norm, output

and the biases in the same way. Slicing and reshaping only, so arrays and tensors do alike.
"""

from math import isqrt
from pathlib import Path

EPS = 1e-6    # of these models' LayerNorm; no checkpoint holds it
RENAMED = {"norm1": "norm1", "norm2": "norm2", "attn.proj": "attention.output",
           "mlp.fc1": "feed_forward.linear1", "mlp.fc2": "feed_forward.linear2"}


def read(state, load_file) -> dict:
    """`state` itself, or the contents of the safetensors file it names, read by `load_file`, under the plain names.

    The `_orig_mod.` of torch.compile and a `module.` before all names, of DataParallel, are left out.
    """
    if not isinstance(state, (str, Path)):
        return plain_names(dict(state))
    if not Path(state).is_file():
        raise FileNotFoundError(f"there is no checkpoint {state}")
    from safetensors import SafetensorError
    try:
        return plain_names(load_file(state))
    except SafetensorError as error:
        raise ValueError(f"{state} is no whole safetensors file: {error}") from error


def plain_names(state: dict) -> dict:
    """`state` without what wrappers of the model have put before and into its names."""
    names = {name: ".".join(part for part in name.split(".") if part != "_orig_mod") for name in state}
    while names and all(name.startswith("module.") for name in names.values()):
        names = {name: plain.removeprefix("module.") for name, plain in names.items()}
    return {names[name]: array for name, array in state.items()}


def load_numpy(path) -> dict:
    """The arrays of a safetensors file; bfloat16, which NumPy has not, as float32 with the same numbers."""
    import numpy as np
    from safetensors import deserialize
    from safetensors.numpy import load
    data = Path(path).read_bytes()
    parts = dict(deserialize(data))
    arrays = {}
    for name, part in parts.items():
        if part["dtype"] == "BF16":
            bits = np.frombuffer(part["data"], "<u2").astype(np.uint32) << 16    # its upper half
            arrays[name] = bits.view(np.float32).reshape(part["shape"])
    if not arrays:
        return load(data)
    for name, part in parts.items():
        if name not in arrays:
            kind = {"F16": "<f2", "F32": "<f4", "F64": "<f8"}.get(part["dtype"])
            if kind is None:
                raise ValueError(f"{path} must hold float numbers, got {part['dtype']} in {name}")
            arrays[name] = np.frombuffer(part["data"], kind).reshape(part["shape"])
    return arrays


def sizes(state: dict) -> tuple:
    """(image, patch, channels, classes, model, hidden, layers): what `ViT` takes, but for the heads.

    A ValueError where a name is missing or too many, or a shape does not fit: the model is then another one.
    """
    for name, axes in (("patch_embed.proj.weight", 4), ("pos_embed", 3), ("head.weight", 2),
                       ("blocks.0.mlp.fc1.weight", 2)):
        if name not in state:
            raise ValueError(f"state must hold {name}, as a ViT's checkpoint does, got {', '.join(state) or 'nothing'}")
        if len(state[name].shape) != axes:
            raise ValueError(f"{name} must have {axes} axes, got the shape {tuple(state[name].shape)}")
    E, C, patch, _ = state["patch_embed.proj.weight"].shape
    tokens = state["pos_embed"].shape[1]
    side = isqrt(tokens - 1)
    if side < 1 or side ** 2 != tokens - 1:
        raise ValueError(f"pos_embed must have shape (1, 1 + P, E) with P = side · side patches, "
                         f"got {tuple(state['pos_embed'].shape)}")
    F, classes = state["blocks.0.mlp.fc1.weight"].shape[0], state["head.weight"].shape[0]
    layers = len({name.split(".")[1] for name in state if name.startswith("blocks.")})
    wanted = shapes(C, patch, tokens, classes, E, F, layers)
    if state.keys() != wanted.keys():
        missing, extra = sorted(wanted.keys() - state.keys()), sorted(state.keys() - wanted.keys())
        raise ValueError(f"state must be that of a plain ViT: it lacks {missing} and has {extra}")
    for name, shape in wanted.items():
        if tuple(state[name].shape) != shape:
            raise ValueError(f"{name} must have shape {shape}, got {tuple(state[name].shape)}")
    return side * patch, patch, C, classes, E, F, layers


def shapes(C, patch, tokens, classes, E, F, layers) -> dict:
    """Every name of such a checkpoint with its shape."""
    block = {"norm1.weight": (E,), "norm1.bias": (E,), "attn.qkv.weight": (3 * E, E), "attn.qkv.bias": (3 * E,),
             "attn.proj.weight": (E, E), "attn.proj.bias": (E,), "norm2.weight": (E,), "norm2.bias": (E,),
             "mlp.fc1.weight": (F, E), "mlp.fc1.bias": (F,), "mlp.fc2.weight": (E, F), "mlp.fc2.bias": (E,)}
    return {
        "cls_token": (1, 1, E), "pos_embed": (1, tokens, E),
        "patch_embed.proj.weight": (E, C, patch, patch), "patch_embed.proj.bias": (E,),
        **{f"blocks.{i}.{name}": shape for i in range(layers) for name, shape in block.items()},
        "norm.weight": (E,), "norm.bias": (E,), "head.weight": (classes, E), "head.bias": (classes,),
    }


def parameters(state: dict) -> dict:
    """Our ViT's parameters, from a state that `sizes` has accepted."""
    E = state["pos_embed"].shape[-1]
    ours = {
        "class_token": state["cls_token"].reshape(E), "positions.weight": state["pos_embed"][0],
        "patches.projection.weight": state["patch_embed.proj.weight"].reshape(E, -1),
        "patches.projection.bias": state["patch_embed.proj.bias"],
    }
    for name, value in state.items():
        first, _, rest = name.partition(".")
        if first == "blocks":
            index, _, inner = rest.partition(".")
            layer, _, kind = inner.rpartition(".")    # kind: weight or bias
            to = f"encoder.blocks.{index}"
            if layer == "attn.qkv":
                ours |= {f"{to}.attention.{part}.{kind}": value[i * E:(i + 1) * E]
                         for i, part in enumerate(("query", "key", "value"))}
            else:
                ours[f"{to}.{RENAMED[layer]}.{kind}"] = value
        elif first in ("norm", "head"):
            ours[f"{'encoder.norm' if first == 'norm' else 'output'}.{rest}"] = value
    return ours
