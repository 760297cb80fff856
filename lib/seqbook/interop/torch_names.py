"""The parameters of torch.nn's attention modules under our names, and ours under theirs.

Both directions are slicing and joining only, so they work on arrays' gradients as well as on tensors that record them.
torch.nn stacks the three input projections of attention (`in_proj_weight`, 3E rows: query, key, value); we keep them
apart. Our residual sub-layers are `attention` (theirs `self_attn`), `cross_attention` (`multihead_attn`) and
`feed_forward.linear1`, `feed_forward.linear2` (`linear1`, `linear2`); the norms have the same names.
"""

import torch

from seqbook.tree import leaves

PROJECTIONS = ("query", "key", "value")
ENCODER_BLOCK = {"attention": "self_attn"}
DECODER_BLOCK = {"self_attention": "self_attn", "cross_attention": "multihead_attn"}


def part(params: dict, name: str) -> dict:
    """The entries of `params` under "name.", without it."""
    return {key.removeprefix(f"{name}."): value for key, value in params.items() if key.startswith(f"{name}.")}


def attention_to_torch(params: dict) -> dict:
    """Our MultiHeadAttention's parameters (tensors) as those of nn.MultiheadAttention."""
    return {
        "in_proj_weight": torch.cat([params[f"{name}.weight"] for name in PROJECTIONS]),
        "in_proj_bias": torch.cat([params[f"{name}.bias"] for name in PROJECTIONS]),
        "out_proj.weight": params["output.weight"],
        "out_proj.bias": params["output.bias"],
    }


def attention_from_torch(state: dict) -> dict:
    """The state of nn.MultiheadAttention (with biases, one size E) as our MultiHeadAttention's parameters."""
    if "in_proj_weight" not in state or "in_proj_bias" not in state:
        raise ValueError("nn.MultiheadAttention must have one size for query, key and value (no kdim, no vdim) and "
                         f"bias=True, got the parameters {', '.join(state)}")
    weights, biases = state["in_proj_weight"].chunk(3), state["in_proj_bias"].chunk(3)
    return {
        **{f"{name}.weight": weight for name, weight in zip(PROJECTIONS, weights)},
        **{f"{name}.bias": bias for name, bias in zip(PROJECTIONS, biases)},
        "output.weight": state["out_proj.weight"],
        "output.bias": state["out_proj.bias"],
    }


def block_to_torch(params: dict, attentions: dict) -> dict:
    """A block's parameters as those of nn.TransformerEncoderLayer (`attentions` = ENCODER_BLOCK) or …DecoderLayer."""
    theirs = {key.removeprefix("feed_forward."): value for key, value in params.items()
              if key.startswith(("feed_forward.", "norm"))}
    for our_name, their_name in attentions.items():
        theirs.update({f"{their_name}.{key}": value
                       for key, value in attention_to_torch(part(params, our_name)).items()})
    return theirs


def block_from_torch(state: dict, attentions: dict) -> dict:
    """The inverse of `block_to_torch`."""
    ours = {f"feed_forward.{key}" if key.startswith("linear") else key: value for key, value in state.items()
            if key.startswith(("linear", "norm"))}
    for our_name, their_name in attentions.items():
        ours.update({f"{our_name}.{key}": value
                     for key, value in attention_from_torch(part(state, their_name)).items()})
    return ours


def stack_to_torch(params: dict, attentions: dict) -> dict:
    """A TransformerEncoder's or …Decoder's parameters as those of nn.TransformerEncoder or …Decoder with a norm."""
    theirs = {f"norm.{key}": value for key, value in part(params, "norm").items()}
    for index in {key.split(".")[1] for key in params if key.startswith("blocks.")}:
        theirs.update({f"layers.{index}.{key}": value
                       for key, value in block_to_torch(part(params, f"blocks.{index}"), attentions).items()})
    return theirs


def two_biases(params, suffix=""):
    """Our parameters under torch.nn's names, where every recurrent layer has two biases that are added up."""
    bias_hh = torch.zeros_like(params["bias"])
    if "bias_hn" in params:
        bias_hh = torch.cat([bias_hh[len(params["bias_hn"]):], params["bias_hn"]])
    named = {"weight_ih": params["weight_ih"], "weight_hh": params["weight_hh"], "bias_ih": params["bias"],
             "bias_hh": bias_hh}
    return {name + suffix: value for name, value in named.items()}


def joined_states(state, pair):
    """Our nested tuples of states as torch.nn wants them: (layers · directions, B, H), for an LSTM twice."""
    parts = leaves(state)
    return (torch.stack(parts[::2]), torch.stack(parts[1::2])) if pair else torch.stack(parts)


def split_states(state, layers, directions):
    """torch.nn's states as nested tuples: layer, then direction, then h and c."""
    flat = list(zip(*state)) if isinstance(state, tuple) else list(state)
    rows = [tuple(flat[n:n + directions]) if directions == 2 else flat[n] for n in range(0, len(flat), directions)]
    return tuple(rows) if layers > 1 else rows[0]
