"""PyTorch's loop, clipping and truncated BPTT do what their NumPy twins do."""

import numpy as np
import pytest
import torch

from seqbook import pytorch, scratch
from seqbook.scratch.base import prefix

B, T, D, H, V = 3, 7, 2, 5, 4
LENGTHS = np.array([4, 7, 1])


def twins():
    """A NumPy RNN classifier and a PyTorch one with the same parameters, as `step` functions of both packages."""
    rng = np.random.default_rng(0)
    rnn, output = (scratch.RNN(D, H, rng=rng, dtype=np.float64), scratch.Linear(H, V, rng=rng, dtype=np.float64))
    loss = scratch.CrossEntropy(reduction="sum")

    def step(x, targets, state, lengths):
        (hs, state), rnn_cache = rnn.forward(x, state, lengths)
        logits, output_cache = output.forward(hs)
        value, loss_cache = loss.forward(logits, targets)
        (dlogits, _), _ = loss.backward(1.0, loss_cache)
        dhs, output_grads = output.backward(dlogits, output_cache)
        _, rnn_grads = rnn.backward((dhs, None), rnn_cache)
        return value, {**prefix("rnn", rnn_grads), **prefix("output", output_grads)}, state

    params = {**prefix("rnn", rnn.params), **prefix("output", output.params)}
    module = torch.nn.ModuleDict({"rnn": pytorch.RNN(D, H), "output": pytorch.Linear(H, V)}).double()
    module.load_state_dict({name: torch.from_numpy(array.copy()) for name, array in params.items()}, strict=True)
    torch_loss = pytorch.CrossEntropy(reduction="sum")

    def torch_step(x, targets, state, lengths):
        hs, state = module["rnn"](x, state, lengths)
        return torch_loss(module["output"](hs), targets), state
    return params, step, module, torch_step


def data(ragged):
    rng = np.random.default_rng(1)
    x, targets = rng.standard_normal((B, T, D)), rng.integers(0, V, (B, T))
    if ragged:
        targets[np.arange(T) >= LENGTHS[:, None]] = -100
    return x, targets, LENGTHS if ragged else None


@pytest.mark.parametrize("ragged", [False, True])
@pytest.mark.parametrize("chunk", [1, 3, T])
def test_truncated_bptt_gives_numpys_gradients(ragged, chunk):
    _, step, module, torch_step = twins()
    x, targets, lengths = data(ragged)
    ours = scratch.truncated_bptt(step, x, targets, chunk=chunk, lengths=lengths)
    theirs = pytorch.truncated_bptt(torch_step, torch.from_numpy(x), torch.from_numpy(targets), chunk=chunk,
                                    lengths=None if lengths is None else torch.from_numpy(lengths))
    for part, torch_part in zip(ours, theirs, strict=True):
        module.zero_grad()
        torch_part.loss.backward()
        assert part.start == torch_part.start and part.loss == pytest.approx(torch_part.loss.item(), rel=1e-12)
        np.testing.assert_allclose(part.state, torch_part.state.numpy(), atol=1e-13)
        assert not torch_part.state.requires_grad
        for name, parameter in module.named_parameters():
            np.testing.assert_allclose(part.grads[name], parameter.grad.numpy(), atol=1e-12)


SETTINGS = [{}, {"clip": 0.5}, {"accumulate": 2}, {"schedule": lambda step: 0.1 / (1 + step)}]


@pytest.mark.parametrize("options", SETTINGS, ids=lambda options: " ".join(options) or "plain")
@pytest.mark.parametrize("kind", ["SGD", "Adam"])
def test_fit_walks_the_same_path(options, kind):
    params, step, module, torch_step = twins()
    x, targets, _ = data(ragged=False)
    batches = [(x, targets), (x[::-1].copy(), targets[::-1].copy()), (x[:1], targets[:1])]
    ours = scratch.fit(lambda batch: step(*batch, None, None)[:2], getattr(scratch, kind)(params, lr=0.05), batches,
                       epochs=3, progress=False, **options)
    theirs = pytorch.fit(lambda batch: torch_step(*map(torch.from_numpy, batch), None, None)[0],
                         getattr(pytorch, kind)(module.parameters(), lr=0.05), batches,
                         epochs=3, progress=False, **options)
    np.testing.assert_allclose(ours.loss, theirs.loss, rtol=1e-9)
    np.testing.assert_allclose(ours.norm, theirs.norm, rtol=1e-9)
    assert len(ours.loss) == (6 if "accumulate" in options else 9)
    for name, parameter in module.named_parameters():
        np.testing.assert_allclose(parameter.detach(), params[name], rtol=1e-9, atol=1e-12)


def test_fit_refuses_what_is_not_finite():
    parameter = torch.nn.Parameter(torch.ones(1))
    optimizer = torch.optim.SGD([parameter], 0.1)
    with pytest.raises(FloatingPointError, match="the loss became"):
        pytorch.fit(lambda batch: (parameter * np.nan).sum(), optimizer, [0], progress=False)
    with pytest.raises(ValueError, match="grads must be finite"):
        pytorch.fit(lambda batch: (parameter - 1).sqrt().sum(), optimizer, [0], progress=False)
    assert parameter.item() == 1


@pytest.mark.parametrize("dtype, sizes", [
    (torch.float16, [2e-5, 1.0, 6e4]), (torch.bfloat16, [1e-38, 1.0, 1e20, 3e38]),
    (torch.float32, [1e-38, 1.0, 1e20, 3e38]), (torch.float64, [1e-200, 1.0, 1e200, 1.7e308]),
])
def test_clipping_gradients_of_any_size_and_dtype(dtype, sizes):
    for size in sizes:
        parameter = torch.nn.Parameter(torch.zeros(4, dtype=dtype))
        parameter.grad = torch.full((4,), size, dtype=dtype)
        largest = parameter.grad[0].item()
        norm = pytorch.clip_grad_norm([parameter], largest)
        rtol = 1e-6 if dtype.itemsize > 2 else 0.02
        np.testing.assert_allclose(parameter.grad.double(), largest / 2, rtol=rtol, atol=0)
        assert norm == (np.inf if size > 1e308 else pytest.approx(2 * largest, rel=1e-6))


def test_clipping_gradients_of_several_dtypes_and_none():
    parameters = [torch.nn.Parameter(torch.zeros(2, dtype=dtype))
                  for dtype in (torch.bfloat16, torch.float32, torch.float64)]
    assert pytorch.clip_grad_norm(parameters, 1.0) == 0
    for parameter in parameters:
        parameter.grad = torch.full_like(parameter, 1e20)
    assert pytorch.clip_grad_norm(parameters, 6 ** 0.5) == pytest.approx(6 ** 0.5 * 1e20, rel=1e-2)
    for parameter in parameters:
        np.testing.assert_allclose(parameter.grad.double(), 1, rtol=1e-2)
    for parameter in parameters:
        parameter.grad = torch.zeros_like(parameter)
    assert pytorch.clip_grad_norm(parameters, 1.0) == 0 and not parameters[0].grad.any()


def test_a_gradient_gone_wild_is_refused_by_name():
    module = pytorch.Linear(2, 3)
    module.bias.grad, module.weight.grad = torch.full((3,), torch.inf), torch.ones(3, 2)
    with pytest.raises(ValueError, match=r"NaN or infinity in bias$"):
        pytorch.clip_grad_norm(module.named_parameters(), 1.0)
    with pytest.raises(ValueError, match=r"NaN or infinity in parameters\[1\]$"):
        pytorch.clip_grad_norm(module.parameters(), 1.0)
    assert torch.equal(module.weight.grad, torch.ones(3, 2))    # nothing was scaled
