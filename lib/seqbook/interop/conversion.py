"""From PyTorch's own modules to the book's layers with the same numbers: what `from_torch` of both packages does."""

import numpy as np
import torch
from torch import nn

from seqbook.interop import torch_names

GATES = {nn.RNN: 1, nn.LSTM: 4, nn.GRU: 3}


def convert(module: nn.Module, package):
    """The layer of `package` (`seqbook.scratch` or `seqbook.pytorch`) that computes what `module` computes.

    A ValueError for a module of another kind, or with settings that our layers do not have. Dropout of attention weights
    or between recurrent layers is such a setting while the module trains; in evaluation it does nothing and is left out.
    """
    for kind, build in BUILDERS.items():
        if type(module) is kind:
            break
    else:
        kinds = ", ".join(f"nn.{kind.__name__}" for kind in BUILDERS)
        raise ValueError(f"module must be one of {kinds}, got {type(module).__name__}")
    state = {name: tensor.detach() for name, tensor in module.state_dict().items()}
    tensor = next(iter(state.values()))
    if tensor.dtype not in (torch.float32, torch.float64):
        raise ValueError(f"module must be float32 or float64, got {tensor.dtype}")
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
        return layer.train(module.training)
    layer.params.update({name: value.cpu().numpy() for name, value in params.items()})
    return layer


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
    refuse(module, dropout=module.training and module.dropout, add_zero_attn=module.add_zero_attn, bias_k=module.bias_k is not None)
    return (package.MultiHeadAttention(module.embed_dim, module.num_heads, **options),
            torch_names.attention_from_torch(state))


def block(name, attentions):
    """nn.TransformerEncoderLayer or nn.TransformerDecoderLayer, norm first or last."""
    def build(module, state, package, options):
        activation = {nn.functional.relu: "relu", nn.functional.gelu: "gelu"}.get(module.activation)
        if activation is None:
            raise ValueError(f"module must have the activation relu or gelu, got {module.activation}")
        layer = getattr(package, name)(module.self_attn.embed_dim, module.self_attn.num_heads,
                                       module.linear1.out_features, norm_first=module.norm_first,
                                       activation=activation, dropout=module.dropout.p, eps=module.norm1.eps, **options)
        return layer, torch_names.block_from_torch(state, attentions)
    return build


def refuse(module, **settings):
    """A ValueError for any setting that is not 0 or False."""
    for name, value in settings.items():
        if value:
            raise ValueError(f"module must have no {name}, which our layers do not have, got {getattr(module, name)}")


BUILDERS = {
    nn.RNN: recurrent, nn.LSTM: recurrent, nn.GRU: recurrent, nn.MultiheadAttention: attention,
    nn.TransformerEncoderLayer: block("EncoderBlock", torch_names.ENCODER_BLOCK),
    nn.TransformerDecoderLayer: block("DecoderBlock", torch_names.DECODER_BLOCK),
}
