"""From PyTorch's own modules to the book's layers with the same numbers: what `from_torch` of both packages does."""

import numpy as np
import torch
from torch import nn
from torch.nn.utils import parametrize

from seqbook.interop import torch_names

HOOKS = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
GATES = {nn.RNN: 1, nn.LSTM: 4, nn.GRU: 3}


def convert(module: nn.Module, package):
    """The layer of `package` (`seqbook.scratch` or `seqbook.pytorch`) that computes what `module` computes.

    A ValueError for a module of another kind, or with settings that our layers do not have. Dropout of attention
    weights or between recurrent layers is such a setting while the module trains; in evaluation it does nothing and is
    left out. What `torch.compile` or DataParallel has wrapped is taken out first.
    """
    while inner := inner_name(module):
        module = getattr(module, inner)
    check_changed(module)
    for kind, build in BUILDERS.items():
        if type(module) is kind:
            break
    else:
        kinds = ", ".join(f"nn.{kind.__name__}" for kind in BUILDERS)
        raise ValueError(f"module must be one of {kinds}, got {type(module).__name__}")
    state = {name: tensor.detach() for name, tensor in module.state_dict().items()}
    tensor = next(iter(state.values()))
    if tensor.dtype not in (torch.float32, torch.float64):
        raise ValueError(f"module must be float32 or float64, got {tensor.dtype}; use module.float()")
    if others := sorted({str(other.dtype) for other in state.values() if other.dtype != tensor.dtype}):
        raise ValueError(f"module must have one dtype, got {tensor.dtype} and {', '.join(others)}; use module.to(...)")
    if tensor.is_meta:
        raise ValueError("module must hold numbers, got parameters on the device meta; use module.to_empty(...) and "
                         "load its numbers first")
    if package.__name__.endswith("scratch"):
        options = {"rng": np.random.default_rng(0), "dtype": np.dtype(str(tensor.dtype).removeprefix("torch."))}
    else:
        options = {"device": tensor.device, "dtype": tensor.dtype}
    layer, params = build(module, state, package, options)
    wanted = layer.state_dict() if isinstance(layer, nn.Module) else layer.params
    if params.keys() != wanted.keys():
        raise ValueError(f"module must have what becomes our {sorted(wanted)}, got {sorted(params)}")
    if isinstance(layer, nn.Module):
        layer.load_state_dict(params, strict=True)
        frozen = {not parameter.requires_grad for parameter in module.parameters()}
        if len(frozen) > 1:
            raise ValueError("module must have requires_grad the same for all its parameters, for ours are others; set "
                             "it on the layer that this gives")
        return layer.requires_grad_(not frozen.pop()).train(module.training)
    layer.params.update({name: value.cpu().numpy() for name, value in params.items()})
    return layer


def inner_name(module) -> str | None:
    """Under which name a wrapper of torch.compile or of data parallelism keeps the module itself; None for others."""
    if isinstance(module, (nn.DataParallel, nn.parallel.DistributedDataParallel)):
        return "module"
    return "_orig_mod" if type(module).__name__ == "OptimizedModule" else None    # importing its class takes seconds


def check_changed(module):
    """Refuse a module whose results are not those of its class with its parameters, and say what to do about it."""
    if not isinstance(module, nn.Module):
        return    # `convert` says what is wanted
    if "quantized" in type(module).__module__:
        raise ValueError(f"module must not be quantized, got {type(module).__module__}.{type(module).__name__}: "
                         f"convert the float module before it is quantized")
    for path, part in module.named_modules():
        at = f" at {path}" if path else ""
        if parametrize.is_parametrized(part):
            names = ", ".join(part.parametrizations)
            raise ValueError(f"module must not be parametrized, got {names}{at} parametrized: call "
                             f"torch.nn.utils.parametrize.remove_parametrizations(module, name) first")
        changes = {
            "pruned": ([name.removesuffix("_mask") for name, _ in part.named_buffers(recurse=False)
                        if name.endswith("_mask")], "torch.nn.utils.prune.remove(module, name)"),
            "weight-normed": ([name.removesuffix("_g") for name in part._parameters
                               if f"{name[:-2]}_v" in part._parameters and name.endswith("_g")],
                              "torch.nn.utils.remove_weight_norm(module, name)"),
            "spectral-normed": ([name.removesuffix("_u") for name, _ in part.named_buffers(recurse=False)
                                 if name.endswith("_u")], "torch.nn.utils.remove_spectral_norm(module, name)"),
        }
        for what, (names, remedy) in changes.items():
            if names:
                raise ValueError(f"module must have its own parameters, got {what} {', '.join(names)}{at}: call "
                                 f"{remedy} first")
        if any(getattr(part, hooks) for hooks in HOOKS):
            raise ValueError(f"module must have no hooks, which could change its results or gradients, got a "
                             f"{type(part).__name__} with one{at}: remove it with the handle's remove()")
        if "forward" in vars(part):
            raise ValueError(f"module must have the forward of its class, got a {type(part).__name__} with another{at}")


def check_parts(module, **kinds):
    """Refuse a module made of other parts than its class makes: adapters, other norms, quantized maps."""
    for name, wanted in kinds.items():
        part = getattr(module, name, None)
        if type(part) not in wanted:
            raise ValueError(f"module must have an nn.{wanted[0].__name__} as {name}, got "
                             f"{getattr(type(part), '__module__', '')}.{type(part).__name__}")


def recurrent(module, state, package, options):
    """nn.RNN, nn.LSTM or nn.GRU: one layer, or Bidirectional and Stacked of as many as there are."""
    refuse(module, dropout=module.training and module.num_layers > 1 and module.dropout, proj_size=module.proj_size)
    make = getattr(package, type(module).__name__)
    settings = {"nonlinearity": module.nonlinearity} if type(module) is nn.RNN else {}
    ways = {"": "forward_layer.", "_reverse": "backward_layer."} if module.bidirectional else {"": ""}
    layers, params, input_size = [], {}, module.input_size
    for number in range(module.num_layers):
        directions = [make(input_size, module.hidden_size, **settings, **options) for _ in ways]
        layers.append(package.Bidirectional(*directions) if module.bidirectional else directions[0])
        for suffix, way in ways.items():
            own = recurrent_parameters(state, f"_l{number}{suffix}", GATES[type(module)] * module.hidden_size)
            place = (f"layers.{number}." if module.num_layers > 1 else "") + way
            params |= {place + name: value for name, value in own.items()}
        input_size = module.hidden_size * len(ways)
    return (package.Stacked(layers) if len(layers) > 1 else layers[0]), params


def recurrent_parameters(state, suffix, rows):
    """One layer and direction's parameters: its two biases become one, but for GRU's n, where both are needed."""
    weight_ih, weight_hh = state[f"weight_ih{suffix}"], state[f"weight_hh{suffix}"]
    zeros = weight_ih.new_zeros(rows)
    bias_ih, bias_hh = state.get(f"bias_ih{suffix}", zeros), state.get(f"bias_hh{suffix}", zeros)
    H = weight_hh.shape[1]
    if rows != 3 * H:
        return {"weight_ih": weight_ih, "weight_hh": weight_hh, "bias": bias_ih + bias_hh}
    shared = torch.cat([bias_hh[:2 * H], zeros[2 * H:]])
    return {"weight_ih": weight_ih, "weight_hh": weight_hh, "bias": bias_ih + shared, "bias_hn": bias_hh[2 * H:]}


def attention(module, state, package, options):
    """nn.MultiheadAttention with one size for query, key and value."""
    check_attention(module)
    return (package.MultiHeadAttention(module.embed_dim, module.num_heads, **options),
            torch_names.attention_from_torch(state))


def check_attention(module):
    """Refuse the settings that our MultiHeadAttention does not have."""
    check_parts(module, out_proj=(nn.Linear, nn.modules.linear.NonDynamicallyQuantizableLinear))
    if module.in_proj_bias is None or module.out_proj.bias is None:
        raise ValueError(f"module must have bias=True, got the parameters {', '.join(module.state_dict())}")
    refuse(module, dropout=module.training and module.dropout, add_zero_attn=module.add_zero_attn)
    if module.bias_k is not None or module.bias_v is not None:
        raise ValueError("module must have no bias_k and bias_v (add_bias_kv=True), which our layers do not have")
    if (module.kdim, module.vdim) != (module.embed_dim, module.embed_dim):
        raise ValueError(f"module must have one size for query, key and value, got kdim={module.kdim} and "
                         f"vdim={module.vdim} beside embed_dim={module.embed_dim}")


def block(name, attentions):
    """nn.TransformerEncoderLayer or nn.TransformerDecoderLayer, norm first or last."""
    def build(module, state, package, options):
        activation = activation_name(module.activation)
        if activation is None:
            raise ValueError(f"module must have the activation relu or gelu, got {module.activation}")
        for attention in attentions.values():
            check_parts(module, **{attention: (nn.MultiheadAttention,)})
            check_attention(getattr(module, attention))
        norms = [f"norm{number + 1}" for number in range(len(attentions) + 1)]
        dropouts = ["dropout", *(f"dropout{number + 1}" for number in range(len(attentions) + 1))]
        check_parts(module, linear1=(nn.Linear,), linear2=(nn.Linear,), **dict.fromkeys(norms, (nn.LayerNorm,)),
                    **dict.fromkeys(dropouts, (nn.Dropout,)))
        for part, setting, names in (("norms", "eps", norms), ("dropouts", "p", dropouts)):
            if len(values := {getattr(getattr(module, part_name), setting) for part_name in names}) > 1:
                raise ValueError(f"module must have one {setting} in all its {part}, got {sorted(values)}")
        layer = getattr(package, name)(module.self_attn.embed_dim, module.self_attn.num_heads,
                                       module.linear1.out_features, norm_first=module.norm_first,
                                       activation=activation, dropout=module.dropout.p, eps=module.norm1.eps, **options)
        return layer, torch_names.block_from_torch(state, attentions)
    return build


def activation_name(activation):
    """"relu" or "gelu" for the function or the module of this name; None for what is neither."""
    if type(activation) is nn.GELU and activation.approximate != "none":
        return None
    functions = {nn.functional.relu: "relu", torch.relu: "relu", nn.functional.gelu: "gelu",
                 nn.ReLU: "relu", nn.GELU: "gelu"}
    return functions.get(type(activation) if isinstance(activation, nn.Module) else activation)


def refuse(module, **settings):
    """A ValueError for any setting that is not 0 or False."""
    for name, value in settings.items():
        if value:
            advice = "; use module.eval() where it shall not train" if name == "dropout" else ""
            raise ValueError(f"module must have no {name}, which our layers do not have, got "
                             f"{getattr(module, name)}{advice}")


BUILDERS = {
    nn.RNN: recurrent, nn.LSTM: recurrent, nn.GRU: recurrent, nn.MultiheadAttention: attention,
    nn.TransformerEncoderLayer: block("EncoderBlock", torch_names.ENCODER_BLOCK),
    nn.TransformerDecoderLayer: block("DecoderBlock", torch_names.DECODER_BLOCK),
}
