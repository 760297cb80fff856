"""Every public call refuses what cannot be its argument: a ValueError that begins with the argument's name.

Wrong shapes, dtypes and values of the right kind are in test_scratch_inputs.py and test_pytorch_inputs.py.
"""

from inspect import signature
from itertools import product

import numpy as np
import pytest
import torch

from seqbook import pytorch, scratch
from seqbook.contract import CASES, arguments
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


def layers(p) -> list:
    """(name, class, arguments that it accepts) for every case of the contract."""
    o = {"rng": np.random.default_rng(0)} if p is scratch else {}
    return [(case.name, *arguments(case, p, **o)) for case in CASES]


def functions(p) -> dict:
    """Public name → arguments that are accepted: all functions, and what is no layer, with arguments beside arrays."""
    search = {"step": logits_of_zeros, "state": None, "first": np.array([1, 2]), "end": 0, "max_length": 3}
    table = {
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


def declarations(p) -> list:
    """(name of the test, call, arguments that are accepted) for everything public."""
    return layers(p) + [(name, getattr(p, name), own) for name, own in functions(p).items()]


ELSEWHERE = {    # names without an argument that is no array, or with a test of their own
    "History", "Layer", "Parameters", "join", "prefix", "gelu", "log_softmax", "relu", "sigmoid", "softmax", "tanh",
    "fit", "truncated_bptt", "from_torch", "load_checkpoint", "save_checkpoint", "vit_from_checkpoint",
    "linear_recurrence", "linear_recurrence_backward", "linear_attention", "linear_attention_backward",
}
ACCEPTED = [    # values of VALUES that are good arguments
    ("Transformer", "positions", None), ("SequenceModel", "first", None), ("LSTM", "backend", None),
    ("causal_mask", "S", None), ("sample", "top_k", None), ("sample", "top_p", None), ("beam", "length_penalty", -1.5),
]


@pytest.mark.parametrize("package", PACKAGES.values(), ids=PACKAGES)
def test_every_public_name_is_here(package):
    own = PYTORCHS_OWN if package is pytorch else set()
    tried = {}
    for _, call, accepted in declarations(package):
        tried.setdefault(call, set()).update(accepted)
    assert set(package.__all__) - ELSEWHERE - own == {call.__name__ for call in tried}
    for call, names in tried.items():
        if call.__name__ in PYTORCHS_FORWARD and package is pytorch and call.__module__.startswith("torch"):
            continue
        missing = set(signature(call).parameters) - names - SWITCHES - UNCHECKED - {"backend", "rng"}
        assert not missing, f"Case(..., arguments=) of a {call.__name__} must have a good value for {missing}"


@pytest.mark.parametrize("package, number", [
    pytest.param(key, number, id=f"{key}-{name}") for key in PACKAGES
    for number, (name, *_) in enumerate(declarations(PACKAGES[key]))])
def test_declarations_refuse(package, number):
    _, call, accepted = declarations(PACKAGES[package])[number]
    parameters = signature(call).parameters
    unneeded = {"rng"} if "rng" in parameters and parameters["rng"].default is None else set()
    call(**accepted)    # right as they are
    tried = accepted.keys() - {"state"} - SWITCHES - UNCHECKED - unneeded    # a state is the model's own
    for argument, value in product(tried, VALUES):
        if not any((name, other) == (call.__name__, argument) and value is good for name, other, good in ACCEPTED):
            with pytest.raises(ValueError, match=rf"^{argument}\b"):
                call(**{**accepted, argument: value})
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
    (hs, _) = torch.compile(layer, backend="eager", fullgraph=True)(x, None, [5, 2])
    (wanted, _) = layer(x, None, [5, 2])
    assert torch.equal(hs, wanted)


@pytest.mark.parametrize("package", PACKAGES.values(), ids=PACKAGES)
def test_encoding_alone_refuses_as_the_whole_pass_does(package):
    o = {"rng": np.random.default_rng(0)} if package is scratch else {}
    ids = np.zeros((2, 3), int) if package is scratch else torch.zeros(2, 3, dtype=int)
    model = package.Transformer(5, 6, 8, 2, 9, 1, **o)
    model.encode(ids, [3, 1])
    for source, lengths, name in [
            (ids, [3], "source_lengths"), (ids, [4, 1], "source_lengths"), (ids[0], None, "source")]:
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
        inputs = map_arrays(torch.tensor, inputs)
        options = {name: torch.tensor(array) for name, array in options.items()}
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
