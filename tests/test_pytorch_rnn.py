"""Our PyTorch recurrent modules: the kernel's numbers are the loop's, autocast and compilation work."""

from functools import partial

import numpy as np
import pytest
import torch

from seqbook import pytorch, scratch
from seqbook.pytorch import GRU, LSTM, RNN, OutputRNN, SingleOutputRNN

B, T, D, H, O = 3, 7, 2, 5, 4
LENGTHS = torch.tensor([4, 7, 1])


def ten(*shape, dtype=torch.float64, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def tensors(tree):
    """The tensors of nested tuples."""
    return [leaf for part in tree for leaf in tensors(part)] if isinstance(tree, tuple) else [tree]


KERNELS = [(RNN, "cudnn"), (partial(RNN, nonlinearity="relu"), "cudnn"), (LSTM, "cudnn"), (LSTM, "bptt"),
           (GRU, "cudnn")]


@pytest.mark.parametrize("make, backend", KERNELS, ids=["tanh", "relu", "LSTM", "LSTM by hand", "GRU"])
@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "ragged"])
def test_the_kernel_gives_the_loops_numbers(make, backend, lengths):
    loop, kernel = (make(D, H, backend=backend, dtype=torch.float64) for backend in ("loop", backend))
    kernel.load_state_dict(loop.state_dict())
    results = []
    for module in (loop, kernel):
        x, h = ten(B, T, D).requires_grad_(), ten(B, H, seed=1).requires_grad_()
        outputs = tensors(module(x, (h, 2 * h) if make is LSTM else h, lengths))
        sum((out * ten(*out.shape, seed=seed)).sum() for seed, out in enumerate(outputs)).backward()
        results.append([*outputs, x.grad, h.grad, *(p.grad for p in module.parameters())])
    assert len(results[0]) == len(results[1]) >= 7
    for a, b in zip(*results):
        torch.testing.assert_close(a, b, rtol=0, atol=1e-12)


def test_an_lstm_takes_the_backward_pass_by_hand_on_the_cpu(monkeypatch):
    x = ten(B, T, D, dtype=torch.float32).requires_grad_()
    dx, = torch.autograd.grad(LSTM(D, H, backend="loop")(x)[0].sum(), x, create_graph=True)
    dx.sum().backward()
    with pytest.raises(RuntimeError, match='use LSTM.*backend="loop"'):
        torch.autograd.grad(LSTM(D, H)(x)[0].sum(), x, create_graph=True)
    monkeypatch.setattr(pytorch.lstm.BPTT, "apply", None)
    with torch.device("meta"):
        LSTM(D, H)(torch.empty(B, T, D))
    torch.compile(LSTM(D, H), backend="eager", fullgraph=True)(x)


MODULES = [RNN(D, H), OutputRNN(D, H, O, feedback="softmax"), SingleOutputRNN(D, H, O), LSTM(D, H),
           LSTM(D, H, backend="bptt"), GRU(D, H)]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: type(module).__name__)
@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "ragged"])
@pytest.mark.filterwarnings("ignore:.*should not be instantiated:DeprecationWarning")    # PyTorch's own, while tracing
def test_no_graph_break(module, lengths):
    torch.compiler.reset()
    compiled = torch.compile(module, backend="eager", fullgraph=True)
    x = ten(B, T, D, dtype=torch.float32)
    for ours, theirs in zip(tensors(module(x, lengths=lengths)), tensors(compiled(x, lengths=lengths))):
        torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: type(module).__name__)
def test_autocast_is_near_full_precision(module):
    x = ten(B, T, D, dtype=torch.float32)
    with torch.autocast("cpu", torch.bfloat16):
        outputs = module(x, lengths=LENGTHS)
    for low, full in zip(tensors(outputs), tensors(module(x, lengths=LENGTHS))):
        torch.testing.assert_close(low.float(), full, rtol=0, atol=0.05)
    outputs[0].float().sum().backward()


def test_parameters_travel_both_ways():
    layer = scratch.SingleOutputRNN(D, H, O, rng=np.random.default_rng(0))
    module = SingleOutputRNN(D, H, O)
    module.load_state_dict({name: torch.from_numpy(array.copy()) for name, array in layer.params.items()}, strict=True)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter += 1
    layer.params.update({name: tensor.numpy() for name, tensor in module.state_dict().items()})
    x = np.ones((B, T, D), np.float32)
    (o, _), _ = layer.forward(x)
    np.testing.assert_allclose(o, module(torch.from_numpy(x))[0].detach().numpy(), atol=1e-6)


def test_initialisation_has_the_bounds_of_the_numpy_layers():
    for make in (lambda p, **o: p.Linear(16, 400, **o), lambda p, **o: p.RNN(400, 16, **o),
                 lambda p, **o: p.OutputRNN(400, 16, 8, **o), lambda p, **o: p.RNNCell(400, 16, **o),
                 lambda p, **o: p.LSTM(400, 16, **o), lambda p, **o: p.LSTMCell(400, 16, **o),
                 lambda p, **o: p.GRU(400, 16, **o), lambda p, **o: p.GRUCell(400, 16, **o)):
        ours = make(scratch, rng=np.random.default_rng(0)).params
        for name, parameter in make(pytorch).named_parameters():
            assert float(parameter.detach().abs().max()) <= 0.25
            if parameter.numel() > 100:
                assert float(parameter.detach().abs().max()) > 0.23 and np.abs(ours[name]).max() > 0.23
            assert np.abs(ours[name]).max() <= 0.25


def test_ids_on_a_lazy_device_are_not_read():
    """Shapes are checked without values where reading would cost a transfer (here the meta device, which has none)."""
    with torch.device("meta"):
        hs, state = RNN(D, H)(torch.empty(B, T, D), lengths=torch.empty(B, dtype=torch.long))
        assert hs.shape == (B, T, H) and state.shape == (B, H)
        assert pytorch.Embedding(6, 2)(torch.empty(B, T, dtype=torch.long)).shape == (B, T, 2)


@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
def test_gradients_of_each_sample_by_vmap(kind):
    from torch.func import functional_call, grad, vmap
    layer, x = getattr(pytorch, kind)(4, 5).double(), torch.randn(3, 6, 4, dtype=torch.float64)
    loss = lambda params, x: functional_call(layer, params, (x[None],))[0].square().sum()
    found = vmap(grad(loss), (None, 0))(dict(layer.named_parameters()), x)
    for n, each in enumerate(x):
        layer.zero_grad()
        layer(each[None])[0].square().sum().backward()
        for name, parameter in layer.named_parameters():
            torch.testing.assert_close(found[name][n], parameter.grad, rtol=0, atol=1e-12)


def test_a_backward_pass_by_hand_says_that_the_loop_can():
    from torch.func import grad
    layer = pytorch.LSTM(4, 5, backend="bptt")
    with pytest.raises(ValueError, match=r'LSTM\(..., backend="loop"\)'):
        grad(lambda x: layer(x)[0].sum())(torch.randn(1, 3, 4))
