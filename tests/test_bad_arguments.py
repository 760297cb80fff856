"""Every public call refuses what cannot be its argument: a ValueError that begins with the argument's name.

Wrong shapes, dtypes and values of the right kind are in test_scratch_inputs.py and test_pytorch_inputs.py.
"""

from inspect import signature
from itertools import product

import numpy as np
import pytest
import torch

from seqbook import pytorch, scratch
from seqbook.contract import CASES
from seqbook.tree import map_arrays

PACKAGES = {"scratch": scratch, "pytorch": pytorch}
PYTORCHS_OWN = {"SGD", "Adam", "AdamW", "clip_grad_norm"}
PYTORCHS_FORWARD = {"Tanh", "Sigmoid", "ReLU", "GELU", "Softmax"}
OBJECTS = ["x", object(), []]
VALUES = [*OBJECTS, None, True, np.nan, -1.5, np.ones(2)]
SWITCHES = {"norm_first", "pass_state", "recompute", "rotary", "skips"}    # anything is true or false
UNCHECKED = {"device", "dtype", "options"}    # PyTorch's and NumPy's own errors; handed on to what checks them


def logits_of_zeros(ids, state):
    return (np if isinstance(ids, np.ndarray) else torch).zeros((len(ids), 1, 5)), state


def declarations(p) -> dict:
    """Public name → arguments that are accepted: every class and function whose arguments are not arrays."""
    o = {"rng": np.random.default_rng(0)} if p is scratch else {}
    rnn, lstm = p.RNN(3, 4, **o), p.LSTM(6, 4, **o)
    recurrent, cell = {"input_size": 3, "hidden_size": 4, **o}, p.RNNCell(7, 4, **o)
    block = {"model_size": 8, "heads": 2, "hidden_size": 9, "activation": "gelu", "dropout": 0.1, "eps": 1e-5, **o}
    stack = {**block, "layers": 2}
    model = {"model_size": 8, "heads": 2, "hidden_size": 9, "layers": 1, "dropout": 0.1, **o}
    order = {"positions": "learned", "max_length": 9}
    search = {"step": logits_of_zeros, "state": None, "first": np.array([1, 2]), "end": 0, "max_length": 3}
    patches = {"image_size": 8, "patch_size": 4, "channels": 1, "model_size": 8, **o}
    table = {
        "Linear": {"input_size": 3, "output_size": 4, **o},
        "Embedding": {"vocabulary_size": 5, "embedding_size": 3, **o},
        "Dropout": {"p": 0.1},
        "LayerNorm": {"model_size": 4, "eps": 1e-5},
        "GELU": {"approximate": "tanh"},
        "Softmax": {"axis": -1},
        "CrossEntropy": {"ignore_index": -100, "reduction": "sum"},
        "MSE": {"reduction": "sum"},
        "RNN": {**recurrent, "nonlinearity": "relu"},
        "RNNCell": {**recurrent, "nonlinearity": "relu"},
        "OutputRNN": {**recurrent, "output_size": 2, "feedback": "softmax"},
        "SingleOutputRNN": {**recurrent, "output_size": 2},
        "LSTM": recurrent, "LSTMCell": recurrent, "GRU": recurrent, "GRUCell": recurrent,
        "Bidirectional": {"forward_layer": rnn, "backward_layer": rnn},
        "Stacked": {"layers": [rnn, p.GRU(4, 4, **o)]},
        "Encoder": {"vocabulary_size": 7, "recurrent": rnn, **o},
        "Decoder": {"vocabulary_size": 7, "recurrent": lstm, "context_size": 3, **o},
        "Seq2Seq": {"encoder": p.Encoder(7, rnn, **o), "decoder": p.Decoder(7, rnn, **o)},
        "GeneralScore": {"query_size": 3, "key_size": 4, **o},
        "AdditiveScore": {"query_size": 3, "key_size": 4, "hidden_size": 5, **o},
        "BahdanauDecoder": {"vocabulary_size": 7, "cell": cell, "score": p.DotScore(**o), "memory_size": 4, **o},
        "LuongDecoder": {"vocabulary_size": 7, "recurrent": rnn, "score": p.DotScore(**o), "memory_size": 4, **o},
        "MultiHeadAttention": {"model_size": 8, "heads": 2, **o},
        "FeedForward": {"model_size": 8, "hidden_size": 9, "activation": "gelu", "dropout": 0.1, **o},
        "EncoderBlock": block, "DecoderBlock": block,
        "TransformerEncoder": stack, "TransformerDecoder": stack,
        "Transformer": {"source_size": 5, "target_size": 6, **model, **order},
        "LanguageModel": {"vocabulary_size": 5, **model, **order},
        "PatchEmbedding": patches,
        "ViT": {**patches, "classes": 3, "heads": 2, "hidden_size": 9, "layers": 1, "activation": "relu"},
        "SinusoidalPositions": {"model_size": 8},
        "LearnedPositions": {"max_length": 8, "model_size": 4, **o},
        "causal_mask": {"T": 3, "S": 4},
        "padding_mask": {"lengths": np.array([1, 2]), "S": 3},
        "warmup": {"peak": 0.1, "steps": 4},
        "greedy": search,
        "sample": {**search, "rng": np.random.default_rng(0), "temperature": 1.0, "top_k": 2, "top_p": 0.9},
        "beam": {**search, "width": 2, "length_penalty": 1.0},
    }
    if p is scratch:    # in the other package they are PyTorch's own
        params = {"weight": np.ones(2)}
        adam = {"params": params, "lr": 0.1, "betas": (0.9, 0.99), "eps": 1e-8}
        table |= {"SGD": {"params": params, "lr": 0.1, "momentum": 0.5}, "Adam": adam,
                  "AdamW": {**adam, "weight_decay": 0.1}, "clip_grad_norm": {"grads": params, "max_norm": 1.0}}
    return table


ELSEWHERE = {    # names without an argument that is no array, or with a test of their own
    "DotScore", "ReLU", "ScaledDotScore", "Sigmoid", "Tanh", "History", "Layer", "Parameters", "prefix", "gelu",
    "log_softmax", "relu", "sigmoid", "softmax", "tanh", "fit", "truncated_bptt", "from_torch", "load_checkpoint",
    "save_checkpoint", "vit_from_checkpoint",
}
ACCEPTED = [    # values of VALUES that are good arguments
    ("Transformer", "positions", None), ("causal_mask", "S", None), ("sample", "top_k", None), ("sample", "top_p", None),
    ("beam", "length_penalty", -1.5),
]


@pytest.mark.parametrize("package", PACKAGES.values(), ids=PACKAGES)
def test_every_public_name_is_here(package):
    own = PYTORCHS_OWN if package is pytorch else set()
    assert set(package.__all__) - ELSEWHERE - own == set(declarations(package))
    for name, arguments in declarations(package).items():
        missing = set(signature(getattr(package, name)).parameters) - set(arguments) - SWITCHES - UNCHECKED
        assert missing <= {"backend", "rng"}, (name, missing)


@pytest.mark.parametrize("package, name", [(key, name) for key in PACKAGES for name in declarations(PACKAGES[key])])
def test_declarations_refuse(package, name):
    arguments, call = declarations(PACKAGES[package])[name], getattr(PACKAGES[package], name)
    call(**arguments)    # right as they are
    for argument, value in product(arguments.keys() - {"state"}, VALUES):    # a state is the model's own
        if not any(argument == other and value is good for one, other, good in ACCEPTED if one == name):
            with pytest.raises(ValueError, match=rf"^{argument}\b"):
                call(**{**arguments, argument: value})
                pytest.fail(f"{argument}={value!r} was taken")


def test_a_compiled_module_is_still_a_layer_and_a_class_or_one_of_pytorch_is_none():
    pytorch.Encoder(7, torch.compile(pytorch.LSTM(3, 4), backend="eager"))
    for layer in (pytorch.LSTM, torch.nn.LSTM(3, 4), torch.nn.Linear(3, 4)):
        with pytest.raises(ValueError, match="^recurrent must be a recurrent layer of the book"):
            pytorch.Encoder(7, layer)


def test_layers_may_come_in_any_form_that_can_be_walked_through():
    pytorch.Stacked(torch.nn.ModuleList([pytorch.RNN(3, 4), pytorch.GRU(4, 4)]))
    scratch.Stacked(scratch.RNN(size, 4, rng=np.random.default_rng(0)) for size in (3, 4))


def test_lengths_in_a_list_break_no_compiled_graph():
    layer, x = pytorch.RNN(3, 4), torch.ones(2, 5, 3)
    (hs, _), (wanted, _) = torch.compile(layer, backend="eager", fullgraph=True)(x, None, [5, 2]), layer(x, None, [5, 2])
    assert torch.equal(hs, wanted)


@pytest.mark.parametrize("package", PACKAGES.values(), ids=PACKAGES)
def test_encoding_alone_refuses_as_the_whole_pass_does(package):
    o = {"rng": np.random.default_rng(0)} if package is scratch else {}
    ids = np.zeros((2, 3), int) if package is scratch else torch.zeros(2, 3, dtype=int)
    model = package.Transformer(5, 6, 8, 2, 9, 1, **o)
    model.encode(ids, [3, 1])
    for source, lengths, name in [(ids, [3], "source_lengths"), (ids, [4, 1], "source_lengths"), (ids[0], None, "source")]:
        with pytest.raises(ValueError, match=rf"^{name}\b"):
            model.encode(source, lengths)


@pytest.mark.parametrize("package, case", [
    pytest.param(key, case, id=f"{key}-{case.name}") for key, case in product(PACKAGES, CASES)
    if key == "scratch" or case.name.partition(",")[0] not in PYTORCHS_FORWARD])
def test_forward_refuses(package, case):
    rng = np.random.default_rng(0)
    inputs, options = case.inputs(rng)
    if package == "scratch":
        layer = case.make(scratch, rng=rng, dtype=np.float64)
    else:
        layer = case.make(pytorch, dtype=torch.float64)
        inputs, options = map_arrays(torch.tensor, inputs), {name: torch.tensor(array) for name, array in options.items()}
    layer.forward(*inputs, **options)    # right as they are
    names = list(signature(layer.forward).parameters)
    for position, value in product(range(len(inputs)), OBJECTS):
        argument = names[position] if names[position] != "others" else "memory"
        with pytest.raises(ValueError, match=rf"^{argument}\b"):
            layer.forward(*inputs[:position], value, *inputs[position + 1:], **options)
    for argument, value in product(options, OBJECTS):
        with pytest.raises(ValueError, match=rf"^{argument}\b"):
            layer.forward(*inputs, **{**options, argument: value})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_backward_refuses(case):
    rng = np.random.default_rng(0)
    layer = case.make(scratch, rng=rng, dtype=np.float64)
    inputs, options = case.inputs(rng)
    _, cache = layer.forward(*inputs, **options)
    for value in OBJECTS:
        with pytest.raises(ValueError, match="^d"):    # dy, dhs, dstate, doutputs, …
            layer.backward(value, cache)
