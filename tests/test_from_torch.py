"""Modules of torch.nn as our layers: the same numbers from both packages."""

import re

import numpy as np
import pytest
import torch
import torch.nn.utils.prune
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils import parametrize

from seqbook import pytorch, scratch
from seqbook.interop.torch_names import joined_states
from seqbook.tree import leaves

B, T, S, D, H, E = 3, 5, 4, 2, 3, 8
LENGTHS = torch.tensor([3, 5, 1])


def ten(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@given(st.sampled_from(["RNN", "LSTM", "GRU"]), st.integers(1, 3), st.booleans(), st.booleans(), st.booleans(),
       st.booleans())
@settings(max_examples=30)
def test_recurrent_modules_of_any_layers_and_directions(kind, layers, both, bias, batch_first, ragged):
    torch.manual_seed(0)
    module = getattr(nn, kind)(D, H, layers, bias=bias, batch_first=batch_first, bidirectional=both).double()
    x = ten(B, T, D)
    theirs = (nn.utils.rnn.pack_padded_sequence(x if batch_first else x.swapaxes(0, 1), LENGTHS, batch_first,
                                                enforce_sorted=False)
              if ragged else x if batch_first else x.swapaxes(0, 1))
    hs, end = module(theirs)
    if ragged:
        hs, _ = nn.utils.rnn.pad_packed_sequence(hs, batch_first)
    hs = hs if batch_first else hs.swapaxes(0, 1)
    lengths = LENGTHS if ragged else None
    (ours, our_end), _ = scratch.from_torch(module).forward(
        x.numpy(), lengths=None if lengths is None else lengths.numpy())
    torch_ours, torch_end = pytorch.from_torch(module)(x, lengths=lengths)
    for found, found_end in ((torch.from_numpy(ours.copy()), tuple(map(torch.from_numpy, leaves(our_end)))),
                             (torch_ours, torch_end)):
        torch.testing.assert_close(found, hs, rtol=0, atol=1e-12)
        joined = joined_states(found_end, kind == "LSTM")
        if kind != "LSTM" and not isinstance(found_end, tuple):
            joined = found_end[None]
        torch.testing.assert_close(joined, end, rtol=0, atol=1e-12)


def test_relu_and_float32_are_kept():
    module = nn.RNN(D, H, nonlinearity="relu")
    layer = scratch.from_torch(module)
    assert layer.nonlinearity == "relu" and layer.dtype == np.float32
    assert pytorch.from_torch(module).weight_ih.dtype == torch.float32


def test_parameters_are_copies():
    module = nn.LSTM(D, H)
    ours, theirs = scratch.from_torch(module), pytorch.from_torch(module)
    before = module.weight_ih_l0.detach().clone()
    ours.params["weight_ih"] += 1
    with torch.no_grad():
        theirs.weight_ih += 1
    torch.testing.assert_close(module.weight_ih_l0, before)


def test_recurrent_dropout_does_nothing_in_evaluation():
    module = nn.LSTM(D, H, 2, dropout=0.5, batch_first=True).double().eval()
    torch.testing.assert_close(pytorch.from_torch(module)(ten(B, T, D))[0], module(ten(B, T, D))[0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_attention(dropout):
    module = nn.MultiheadAttention(E, 2, dropout, batch_first=True).double().train(dropout == 0)
    nn.init.normal_(module.in_proj_bias)
    query, memory = ten(B, T, E), ten(B, S, E, seed=1)
    expected, _ = module(query, memory, memory)
    ours, _ = scratch.from_torch(module).forward(query.numpy(), memory.numpy())
    np.testing.assert_allclose(ours, expected.detach().numpy(), atol=1e-12)
    torch.testing.assert_close(pytorch.from_torch(module)(query, memory), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("norm_first", [False, True])
@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_transformer_layers(norm_first, activation):
    sizes, options = (E, 2, 11), {"batch_first": True, "norm_first": norm_first, "activation": activation,
                                    "layer_norm_eps": 0.1}
    encoder = nn.TransformerEncoderLayer(*sizes, **options).double().eval()
    decoder = nn.TransformerDecoderLayer(*sizes, **options).double().eval()
    for module in (encoder, decoder):
        for parameter in module.parameters():
            nn.init.normal_(parameter, std=0.5)
    x, memory = ten(B, T, E), ten(B, S, E, seed=1)
    expected = encoder(x)
    ours, _ = scratch.from_torch(encoder).forward(x.numpy())
    np.testing.assert_allclose(ours, expected.detach().numpy(), atol=1e-11)
    torch.testing.assert_close(pytorch.from_torch(encoder)(x), expected, rtol=0, atol=1e-11)
    expected = decoder(x, memory)
    ours, _ = scratch.from_torch(decoder).forward(x.numpy(), memory.numpy())
    np.testing.assert_allclose(ours, expected.detach().numpy(), atol=1e-11)
    torch.testing.assert_close(pytorch.from_torch(decoder)(x, memory), expected, rtol=0, atol=1e-11)


CALLS = [
    (nn.Linear(2, 3), "module must be one of nn.RNN, nn.LSTM, nn.GRU, nn.MultiheadAttention"),
    ("text", "got str"),
    (nn.LSTM(D, H, 2, dropout=0.5), "module must have no dropout, which our layers do not have, got 0.5"),
    (nn.LSTM(D, H, proj_size=2), "module must have no proj_size"),
    (nn.LSTM(D, H).half(), "module must be float32 or float64, got torch.float16"),
    (nn.MultiheadAttention(E, 2, kdim=4), "one size for query, key and value"),
    (nn.MultiheadAttention(E, 2, add_bias_kv=True), "module must have no bias_k"),
    (nn.TransformerEncoderLayer(E, 2, 4, bias=False), "bias=True, got the parameters"),
    (nn.TransformerEncoderLayer(E, 2, 4, activation=torch.tanh), "module must have the activation relu or gelu"),
    (nn.MultiheadAttention(E, 2, dropout=0.1), "module must have no dropout, which our layers do not have, got 0.1"),
]


@pytest.mark.parametrize("module, message", CALLS, ids=[message for _, message in CALLS])
def test_refused(module, message):
    for package in (scratch, pytorch):
        with pytest.raises(ValueError, match=re.escape(message)):
            package.from_torch(module)


def pruned():
    torch.nn.utils.prune.l1_unstructured(module := nn.LSTM(D, H), "weight_hh_l0", 0.5)
    return module


def hooked():
    (module := nn.GRU(D, H)).register_forward_hook(lambda *_: None)
    return module


def changed(module, **attributes):
    for path, value in attributes.items():
        owner, _, name = path.rpartition("__")
        setattr(module.get_submodule(owner.replace("__", ".")), name, value)
    return module


def parametrized(module, path, name):
    parametrize.register_parametrization(module.get_submodule(path), name, nn.Identity())
    return module


def block(**options):
    return nn.TransformerEncoderLayer(E, 2, 4, **options).eval()


CHANGED = [
    (pruned, "got pruned weight_hh_l0: call torch.nn.utils.prune.remove(module, name) first"),
    (lambda: nn.utils.weight_norm(nn.LSTM(D, H), "weight_hh_l0"),
     "got weight-normed weight_hh_l0: call torch.nn.utils.remove"),
    (lambda: changed(block(), linear1=nn.utils.spectral_norm(nn.Linear(E, 4))),
     "got spectral-normed weight at linear1"),
    (lambda: parametrized(nn.LSTM(D, H), "", "weight_hh_l0"),
     "weight_hh_l0 parametrized: call torch.nn.utils.parametrize"),
    (lambda: parametrized(block(), "self_attn.out_proj", "weight"), "got weight at self_attn.out_proj parametrized"),
    (hooked, "module must have no hooks, which could change its results or gradients, got a GRU with one"),
    (lambda: changed(nn.GRU(D, H), forward=lambda x: x), "module must have the forward of its class"),
    (lambda: changed(block(), norm2=nn.RMSNorm(E)), "module must have an nn.LayerNorm as norm2, got torch.nn.modules"),
    (lambda: changed(block(), norm2__eps=0.1), "module must have one eps in all its norms"),
    (lambda: changed(block(), dropout2__p=0.5), "module must have one p in all its dropouts"),
    (lambda: nn.TransformerEncoderLayer(E, 2, 4, dropout=0.1),
     "module must have no dropout, which our layers do not have, got 0.1; use module.eval()"),
    (lambda: block(activation=nn.GELU("tanh")), "module must have the activation relu or gelu"),
    (lambda: nn.MultiheadAttention(E, 2, vdim=4), "one size for query, key and value, got kdim=8 and vdim=4"),
    (lambda: nn.MultiheadAttention(E, 2, bias=False), "module must have bias=True"),
    (lambda: nn.LSTM(D, H, device="meta"), "module must hold numbers, got parameters on the device meta"),
    (lambda: changed(nn.GRU(D, H), bias_ih_l0=nn.Parameter(torch.zeros(3 * H, dtype=torch.float64))),
     "module must have one dtype"),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("make, message", CHANGED, ids=[message for _, message in CHANGED])
def test_a_changed_module_is_refused_with_what_to_do(make, message):
    for package in (scratch, pytorch):
        with pytest.raises(ValueError, match=f"^module must.*{re.escape(message)}|^{re.escape(message)}"):
            package.from_torch(make())


@pytest.mark.parametrize("given, name", [(nn.ReLU(), "relu"), (nn.GELU(), "gelu"), (torch.relu, "relu")])
def test_an_activation_may_be_given_as_a_module(given, name):
    module, x = block(activation=given).double(), ten(B, T, E)
    ours, _ = scratch.from_torch(module).forward(x.numpy())
    np.testing.assert_allclose(ours, module(x.swapaxes(0, 1)).swapaxes(0, 1).detach().numpy(), atol=1e-11)


def test_a_wrapped_or_frozen_module_is_the_module():
    module = nn.LSTM(D, H).requires_grad_(False)
    for wrapped in (torch.compile(module, backend="eager"), nn.DataParallel(module)):
        ours = pytorch.from_torch(wrapped)
        assert torch.equal(ours.weight_hh, module.weight_hh_l0) and not ours.weight_hh.requires_grad
    module.bias_ih_l0.requires_grad_(True)
    with pytest.raises(ValueError, match="module must have requires_grad the same for all"):
        pytorch.from_torch(module)
