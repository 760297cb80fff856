"""One model for most chapters: inputs → recurrent layer → outputs; and how layers are put together."""

import ast
from pathlib import Path

import numpy as np
import pytest
import torch

from seqbook import pytorch, scratch
from seqbook.data import rows
from seqbook.scratch import (
    GRU, LSTM, MSE, RNN, CrossEntropy, Embedding, Linear, LSTMCell, SequenceModel, Stacked, greedy, join, sample,
    truncated_bptt,
)

LIB = Path(scratch.__file__).parents[1]
V, D, H = 6, 3, 5


@pytest.fixture
def options():
    return {"rng": np.random.default_rng(0), "dtype": np.float64}


def reader(options, **others):
    return SequenceModel(Embedding(V, D, **options), LSTM(D, H, **options), Linear(H, V, **options), **others)


def test_join_names_each_array_by_the_way_to_it():
    a, b, c, d = map(np.array, range(4))
    joined = join({"scale": a}, output={"weight": b}, blocks=[{"norm.bias": c}, {}, {"norm.bias": d}], nothing=None)
    assert list(joined) == ["scale", "output.weight", "blocks.0.norm.bias", "blocks.2.norm.bias"]
    assert [joined[name] is array for name, array in zip(joined, (a, b, c, d))] == [True] * 4
    assert join() == join(None) == {}


def test_what_is_called_check_returns_nothing():
    """Checks only raise; what pads, converts or fills in has a name that says so."""
    for path in LIB.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and function.name.startswith("check_"):
                values = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
                assert values == [None] * len(values), f"{path.name}: {function.name}"


def test_chunks_of_a_text_learn_and_the_state_runs_through(options):
    model, ids = reader(options), np.random.default_rng(1).integers(0, V, 41)
    x, targets = rows(ids, 2)
    step = model.training_step(CrossEntropy(reduction="sum"))
    whole_loss, whole_grads, whole_state = step(x, targets)
    chunks = list(truncated_bptt(step, x, targets, chunk=7))
    assert sum(chunk.loss for chunk in chunks) == pytest.approx(whole_loss, rel=1e-12)
    np.testing.assert_allclose(chunks[-1].state, whole_state, atol=1e-14)
    total = sum(chunk.grads["recurrent.weight_hh"] for chunk in chunks)
    assert np.abs(total - whole_grads["recurrent.weight_hh"]).max() > 1e-3    # cut between the chunks
    np.testing.assert_allclose(sum(chunk.grads["output.bias"] for chunk in chunks), whole_grads["output.bias"],
                               atol=1e-12)


def test_no_gradient_comes_from_beyond_the_last_step(options):
    model, x = reader(options), np.random.default_rng(1).integers(0, V, (2, 4))
    (outputs, _), cache = model.forward(x)
    loss, loss_cache = CrossEntropy().forward(outputs, x)
    (doutputs, _), _ = CrossEntropy().backward(1.0, loss_cache)
    zeros = np.zeros((2, H))
    _, grads = model.backward((doutputs, (zeros, zeros)), cache)
    found_loss, found, _ = model.training_step(CrossEntropy())(x, x)
    assert found_loss == loss
    for name, grad in grads.items():
        np.testing.assert_array_equal(found[name], grad)


def test_dropout_acts_where_there_is_a_generator(options):
    model, x = reader(options, dropout=0.5), np.random.default_rng(1).integers(0, V, (2, 4))
    losses = [model.training_step(CrossEntropy(), rng)(x, x)[0] for rng in (
        None, np.random.default_rng(2), np.random.default_rng(2), np.random.default_rng(3))]
    assert losses[1] == losses[2] and len(set(losses)) == 3
    assert losses[0] == reader({**options, "rng": np.random.default_rng(0)}).training_step(CrossEntropy())(x, x)[0]


@pytest.mark.parametrize("search", [greedy, lambda *a, **o: sample(*a, **o, rng=np.random.default_rng(0))])
def test_it_writes_as_the_other_models_do(options, search):
    model = reader(options)
    drawn = search(model.step, None, np.array([1, 2]), end=0, max_length=5)
    ids = np.concatenate([[[1], [2]], drawn.ids], axis=1)
    logits = model.forward(ids[:, :-1])[0][0]
    log_probs = np.take_along_axis(scratch.log_softmax(logits), ids[:, 1:, None], axis=-1)[..., 0]
    real = np.arange(drawn.ids.shape[1]) < drawn.lengths[:, None]
    np.testing.assert_allclose((log_probs * real).sum(axis=1), drawn.log_prob, atol=1e-12)


def test_numbers_come_in_through_a_linear_layer_or_by_themselves_and_layers_may_be_deep(options):
    rng = np.random.default_rng(1)
    x, targets = rng.standard_normal((2, 4, D)), rng.standard_normal((2, 4, 1))
    deep = Stacked([RNN(H, H, **options), GRU(H, H, **options)])
    for first, recurrent in ((Linear(D, H, **options), deep), (None, GRU(D, H, **options))):
        model = SequenceModel(first, recurrent, Linear(H, 1, **options))
        loss, grads, _ = model.training_step(MSE())(x, targets)
        assert loss > 0 and grads.keys() == model.params.keys()
        assert ("first.weight" in grads) == (first is not None)


def test_both_packages_take_one_training_step_alike(options):
    model, x, lengths = reader(options), np.random.default_rng(1).integers(0, V, (2, 4)), np.array([4, 2])
    f64 = {"dtype": torch.float64}
    module = pytorch.SequenceModel(
        pytorch.Embedding(V, D, **f64), pytorch.LSTM(D, H, **f64), pytorch.Linear(H, V, **f64))
    module.load_state_dict({name: torch.from_numpy(array) for name, array in model.params.items()}, strict=True)
    targets = np.where(np.arange(4) < lengths[:, None], x, -100)
    loss, grads, _ = model.training_step(CrossEntropy())(x, targets, lengths=lengths)
    torch_loss, _ = module.training_step(pytorch.CrossEntropy())(
        torch.from_numpy(x), torch.from_numpy(targets), lengths=torch.from_numpy(lengths))
    torch_loss.backward()
    assert torch_loss.item() == pytest.approx(loss, rel=1e-12)
    for name, parameter in module.named_parameters():
        np.testing.assert_allclose(grads[name], parameter.grad.numpy(), atol=1e-12)
    outputs, _ = module.step(torch.from_numpy(x[:, :1]))
    np.testing.assert_allclose(outputs.detach().numpy(), model.step(x[:, :1])[0], atol=1e-12)


@pytest.mark.parametrize("make, message", [
    (lambda o: SequenceModel(Embedding(V, D + 1, **o), LSTM(D, H, **o), Linear(H, V, **o)), "input size 3, as an Emb"),
    (lambda o: SequenceModel(Linear(D, H, **o), LSTM(D, H, **o), Linear(H, V, **o)), "^first must be None or put out"),
    (lambda o: SequenceModel(None, LSTM(D, H, **o), Linear(D, V, **o)),
     "^output must read vectors of .* size 5, as a Lin"),
    (lambda o: SequenceModel(None, LSTM(D, H, **o), GRU(H, V, **o)), "^output must read vectors"),
    (lambda o: SequenceModel(None, LSTMCell(D, H, **o), Linear(H, V, **o)), "^recurrent must be a recurrent layer"),
    (lambda o: SequenceModel(None, LSTM(D, H, **o), Linear(H, V, rng=o["rng"])), "^output must have dtype float64"),
    (lambda o: SequenceModel(None, LSTM(D, H, **o), Linear(H, V, **o)).forward(np.ones(3)),
     r"^x must be .* got \(3,\)"),
    (lambda o: reader(o).forward(np.ones((2, 4, D))), "^ids must be an array of integers"),
    (lambda o: reader(o).forward(np.ones((2, 4), int), lengths=[4, 5]), "^lengths must lie in 1..T=4, got 4..5"),
])
def test_what_does_not_fit_is_refused(options, make, message):
    with pytest.raises(ValueError, match=message):
        make(options)
