"""Wrong input to every public call is refused with a ValueError: the argument, what is wanted, what it got."""

import re

import numpy as np
import pytest

from seqbook.scratch import (
    GELU, GRU, LSTM, MSE, RNN, SGD, Adam, AdamW, CrossEntropy, Embedding, GRUCell, Linear, LSTMCell, OutputRNN, RNNCell,
    SingleOutputRNN, Softmax, Tanh, clip_grad_norm, fit, truncated_bptt, warmup,
)

B, T, D, H, O, V = 3, 7, 2, 5, 4, 6
rng = np.random.default_rng(0)
F64 = {"rng": rng, "dtype": np.float64}


def arr(*shape, dtype=np.float64):
    return np.random.default_rng(1).standard_normal(shape).astype(dtype)


def holding(value, *shape):
    """A random array with one entry replaced, in its last row."""
    array = arr(*shape)
    array[-1].flat[0] = value
    return array


RECURRENT = {
    "RNN": (RNN(D, H, **F64), H), "OutputRNN": (OutputRNN(D, H, O, **F64), O),
    "SingleOutputRNN": (SingleOutputRNN(D, H, O, **F64), H), "GRU": (GRU(D, H, **F64), H),
}

BAD_SEQUENCES = [    # x, keywords, what the message says
    ((arr(T, D),), {}, "x must have shape (B, T, D=2), got (7, 2)"),
    ((arr(B, T, 3),), {}, "x must have shape (B, T, D=2), got (3, 7, 3)"),
    ((arr(B, 0, D),), {}, "x must have shape (B, T, D=2) with no axis of size 0, got (3, 0, 2)"),
    ((arr(0, T, D),), {}, "with no axis of size 0, got (0, 7, 2)"),
    (([[[1.0, 2.0]]],), {}, "x must be an array of shape (B, T, D=2), got list"),
    ((arr(B, T, D, dtype=np.float32),), {}, "x must have dtype float64 as the layer has, got float32"),
    ((np.ones((B, T, D), int),), {}, "x must have dtype float64"),
    ((arr(B, T, D).astype(complex),), {}, "x must have dtype float64"),
    ((holding(np.nan, B, T, D),), {}, "x must be finite, got 1 NaN or infinite entries"),
    ((holding(-np.inf, B, T, D),), {}, "x must be finite"),
    ((holding(np.nan, B, T, D),), {"lengths": np.array([1, 2, 1])}, "x must be finite"),    # NaN in a real step
    ((arr(B, T, D),), {"lengths": np.array([1, 0, 2])}, "lengths must lie in 1..T=7, got 0..2"),
    ((arr(B, T, D),), {"lengths": np.array([1, 8, 2])}, "lengths must lie in 1..T=7, got 1..8"),
    ((arr(B, T, D),), {"lengths": np.array([1, -1, 2])}, "lengths must lie in 1..T=7, got -1..2"),
    ((arr(B, T, D),), {"lengths": np.array([1, 2])}, "lengths must have shape (B=3,), got (2,)"),
    ((arr(B, T, D),), {"lengths": np.array([[1, 2, 3]])}, "lengths must have shape (B=3,), got (1, 3)"),
    ((arr(B, T, D),), {"lengths": 4}, "lengths must have shape (B=3,), got ()"),
    ((arr(B, T, D),), {"lengths": np.array([1.0, 2, 3])}, "lengths must be integers, got float64"),
    ((arr(B, T, D),), {"lengths": np.array([True, True, False])}, "lengths must be integers, got bool"),
    ((arr(B, T, D),), {"lengths": [1, 2, "3"]}, "lengths must be integers"),
]


@pytest.mark.parametrize("name", RECURRENT)
@pytest.mark.parametrize("args, kwargs, message", BAD_SEQUENCES, ids=[m for _, _, m in BAD_SEQUENCES])
def test_recurrent_layers_refuse(name, args, kwargs, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        RECURRENT[name][0].forward(*args, **kwargs)


@pytest.mark.parametrize("name", RECURRENT)
def test_recurrent_layers_refuse_states(name):
    layer, size = RECURRENT[name]
    wanted = rf"state must have shape \(B=3, H={size}\), got "
    with pytest.raises(ValueError, match=wanted + r"\(4, "):
        layer.forward(arr(B, T, D), arr(B + 1, size))
    with pytest.raises(ValueError, match=wanted):
        layer.forward(arr(B, T, D), arr(B, size + 1))
    with pytest.raises(ValueError, match="state must have dtype float64"):
        layer.forward(arr(B, T, D), arr(B, size, dtype=np.float32))
    with pytest.raises(ValueError, match="state must be finite"):
        layer.forward(arr(B, T, D), holding(np.nan, B, size))


@pytest.mark.parametrize("name", RECURRENT)
def test_recurrent_layers_refuse_cotangents(name):
    layer, size = RECURRENT[name]
    (first, state), cache = layer.forward(arr(B, T, D), arr(B, size))
    for wrong in (first[..., :-1], first[:-1], first.astype(np.float32), first * np.nan, None):
        with pytest.raises(ValueError, match=r"^d(hs|os|o) must"):
            layer.backward((wrong, None), cache)
    for wrong in (state[..., :-1], state[:-1], state.astype(np.float32), state * np.nan):
        with pytest.raises(ValueError, match="^dstate must"):
            layer.backward((first, wrong), cache)


@pytest.mark.parametrize("teacher, message", [
    (arr(B, T, O + 1), "teacher must have shape (B=3, T=7, O=4), got (3, 7, 5)"),
    (arr(B, T - 1, O), "teacher must have shape (B=3, T=7, O=4), got (3, 6, 4)"),
    (arr(B, T, O, dtype=np.float32), "teacher must have dtype float64"),
    (holding(np.nan, B, T, O), "teacher must be finite"),
])
def test_output_rnn_refuses_teachers(teacher, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        RECURRENT["OutputRNN"][0].forward(arr(B, T, D), teacher=teacher)


CALLS = [
    (lambda: RNNCell(D, H, **F64).forward(arr(B, T, D)), "x must have shape (B, D=2), got (3, 7, 2)"),
    (lambda: RNNCell(D, H, **F64).forward(arr(B, D), arr(B, D)), "h_prev must have shape (B=3, H=5), got (3, 2)"),
    (lambda: RNNCell(D, H, **F64).forward(holding(np.inf, B, D)), "x must be finite"),
    (lambda: RNNCell(D, H, **F64).backward(arr(B, D), RNNCell(D, H, **F64).forward(arr(B, D))[1]),
     "dh must have shape (B=3, H=5), got (3, 2)"),
    (lambda: LSTM(D, H, **F64).forward(arr(B, T, 3)), "x must have shape (B, T, D=2), got (3, 7, 3)"),
    (lambda: LSTM(D, H, **F64).forward(arr(B, T, D), lengths=[1, 2, 9]), "lengths must lie in 1..T=7, got 1..9"),
    (lambda: LSTM(D, H, **F64).forward(arr(B, T, D), arr(B, H)), "state must be a tuple of two, got ndarray"),
    (lambda: LSTM(D, H, **F64).forward(arr(B, T, D), (arr(B, H),)), "state must be a tuple of two, got 1 parts"),
    (lambda: LSTM(D, H, **F64).forward(arr(B, T, D), (arr(B, H), arr(B, D))),
     "state[1] must have shape (B=3, H=5), got (3, 2)"),
    (lambda: LSTM(D, H, **F64).backward(arr(B, T, H), LSTM(D, H, **F64).forward(arr(B, T, D))[1]),
     "doutputs must be a tuple of two, got ndarray"),
    (lambda: LSTM(D, H, **F64).backward((arr(B, T, H), arr(B, H)), LSTM(D, H, **F64).forward(arr(B, T, D))[1]),
     "dstate must be a tuple of two, got ndarray"),
    (lambda: LSTM(D, H, **F64).backward((arr(B, T, D), None), LSTM(D, H, **F64).forward(arr(B, T, D))[1]),
     "dhs must have shape (B=3, T=7, H=5), got (3, 7, 2)"),
    (lambda: LSTMCell(D, H, **F64).forward(arr(B, D), (arr(B, H), holding(np.nan, B, H))), "state[1] must be finite"),
    (lambda: GRUCell(D, H, **F64).forward(arr(B, D), arr(B + 1, H)), "h_prev must have shape (B=3, H=5), got (4, 5)"),
    (lambda: LSTM(D, 0, rng=rng), "hidden_size must be a positive integer, got 0"),
    (lambda: GRU(D, H, rng=1), "rng must be a numpy.random.Generator"),
    (lambda: Linear(D, O, **F64).forward(arr(B, 3)), "x must have shape (..., D=2), got (3, 3)"),
    (lambda: Linear(D, O, **F64).forward(np.array(1.0)), "x must have shape (..., D=2), got ()"),
    (lambda: Linear(D, O, **F64).forward(arr(0, D)), "no axis of size 0"),
    (lambda: Linear(D, O, **F64).forward(arr(B, D, dtype=np.float16)), "x must have dtype float64"),
    (lambda: Linear(D, O, **F64).forward(holding(np.nan, B, D)), "x must be finite"),
    (lambda: Linear(D, O, **F64).backward(arr(B, D), Linear(D, O, **F64).forward(arr(B, D))[1]),
     "dy must have shape (..., O=4), got (3, 2)"),
    (lambda: Linear(D, O, **F64).backward(arr(B + 1, O), Linear(D, O, **F64).forward(arr(B, D))[1]),
     "dy must have shape (3, 4), got (4, 4)"),
    (lambda: Embedding(V, D, **F64).forward(np.array([0, V])), "ids must lie in 0..5, got 0..6"),
    (lambda: Embedding(V, D, **F64).forward(np.array([0, -1])), "ids must lie in 0..5, got -1..0"),
    (lambda: Embedding(V, D, **F64).forward(np.array([0.0, 1.0])), "ids must be an array of integers, got float64"),
    (lambda: Embedding(V, D, **F64).forward(np.array([True])), "ids must be an array of integers, got bool"),
    (lambda: Embedding(V, D, **F64).forward([0, 1]), "ids must be an array of integers, got list"),
    (lambda: Embedding(V, D, **F64).forward(np.zeros((2, 0), int)), "ids must not be empty, got shape (2, 0)"),
    (lambda: Embedding(V, D, **F64).backward(arr(3, D), Embedding(V, D, **F64).forward(np.array([0, 1]))[1]),
     "dvectors must have shape (2, 2), got (3, 2)"),
    (lambda: Tanh().forward(np.array([1, 2])), "x must be float32 or float64, got int64"),
    (lambda: Tanh().forward(holding(np.nan, B, D)), "x must be finite"),
    (lambda: Tanh().forward(1.0), "x must be an array of shape (...), got float"),
    (lambda: Tanh().backward(arr(B, D), Tanh().forward(arr(D, B))[1]),
     "dy must have the shape (2, 3) of x, got (3, 2)"),
    (lambda: Tanh().backward(arr(B, D, dtype=np.float32), Tanh().forward(arr(B, D))[1]),
     "dy must have the dtype float64"),
    (lambda: GELU("erf"), "approximate must be one of 'none', 'tanh', got 'erf'"),
    (lambda: Softmax(2).forward(arr(B, D)), "axis 2 is out of bounds for array of dimension 2"),
    (lambda: Softmax(0.0), "axis must be an integer, got 0.0"),
    (lambda: CrossEntropy(reduction="none"), "reduction must be one of 'mean', 'sum', got 'none'"),
    (lambda: CrossEntropy(label_smoothing=1.5), "label_smoothing must lie in [0, 1), got 1.5"),
    (lambda: CrossEntropy().forward(arr(B, V), np.array([0, 1])), "targets must have shape (3,) as the logits have"),
    (lambda: CrossEntropy().forward(arr(B, V), [0, 1, 2]), "targets must have shape (3,) as the logits have before V"),
    (lambda: CrossEntropy().forward(arr(B, V), np.array([0, 1, V])), "targets must lie in 0..5, got 0..6"),
    (lambda: CrossEntropy().forward(arr(B, V), np.array([0, 1, -1])), "targets must lie in 0..5, got -1..1"),
    (lambda: CrossEntropy().forward(arr(B, V), np.array([0, 1, 2.0])), "targets must be an array of integers"),
    (lambda: CrossEntropy().forward(holding(np.nan, B, V), np.array([0, 1, 2])), "logits must be finite"),
    (lambda: CrossEntropy().forward(np.ones((B, V), int), np.array([0, 1, 2])), "logits must be float32 or float64"),
    (lambda: CrossEntropy().backward(None, CrossEntropy().forward(arr(1, V), np.array([0]))[1]),
     "dloss must be a finite number, got None"),
    (lambda: CrossEntropy().backward({}, CrossEntropy().forward(arr(1, V), np.array([0]))[1]),
     "dloss must be a finite"),
    (lambda: MSE().backward(np.nan, MSE().forward(arr(B), arr(B))[1]), "dloss must be a finite number, got nan"),
    (lambda: MSE().forward(arr(B, 1), arr(B)), "target must have the shape (3, 1) of prediction, got (3,)"),
    (lambda: MSE().forward(arr(B), arr(B, dtype=np.float32)), "target must have the dtype float64 of prediction"),
    (lambda: MSE().forward(arr(B), holding(np.nan, B, 1)[:, 0]), "target must be finite"),
    (lambda: RNN(0, H, rng=rng), "input_size must be a positive integer, got 0"),
    (lambda: RNN(D, 5.0, rng=rng), "hidden_size must be a positive integer, got 5.0"),
    (lambda: RNN(True, H, rng=rng), "input_size must be a positive integer, got True"),
    (lambda: OutputRNN(D, H, -1, rng=rng), "output_size must be a positive integer, got -1"),
    (lambda: SingleOutputRNN(D, H, None, rng=rng), "output_size must be a positive integer, got None"),
    (lambda: RNN(D, H, rng=0), "rng must be a numpy.random.Generator"),
    (lambda: RNN(D, H, rng=np.random.RandomState(0)), "rng must be a numpy.random.Generator"),
    (lambda: Linear(D, O, rng=None), "rng must be a numpy.random.Generator"),
    (lambda: Embedding(V, D, rng=np.random), "rng must be a numpy.random.Generator"),
    (lambda: RNN(D, H, rng=rng, dtype=np.float16), "dtype must be float32 or float64, got float16"),
    (lambda: RNN(D, H, rng=rng, dtype=int), "dtype must be float32 or float64, got int64"),
    (lambda: RNN(D, H, rng=rng, nonlinearity="sigmoid"), "nonlinearity must be one of 'tanh', 'relu', 'identity'"),
    (lambda: OutputRNN(D, H, O, rng=rng, feedback="tanh"), "feedback must be one of 'identity', 'softmax', got 'tanh'"),
    (lambda: SGD({}, -1), "lr must lie in [0, inf), got -1"),
    (lambda: SGD({}, np.nan), "lr must be a finite number, got nan"),
    (lambda: SGD({}, 0.1, momentum=1), "momentum must lie in [0, 1), got 1"),
    (lambda: Adam({}, betas=(0.9, 1.0)), "betas must lie in [0, 1), got 1.0"),
    (lambda: SGD({"a": arr(2)}, 1).step({"b": arr(2)}), "missing ['a'], unknown ['b']"),
    (lambda: SGD({"a": arr(2)}, 1).step({"a": arr(3)}), "the gradient of a must have shape (2,), got (3,)"),
    (lambda: SGD({"a": arr(2)}, 1).step({"a": 1.0}), "the gradient of a must have shape (2,), got float"),
    (lambda: Adam({"a": arr(2)}).step({}), "missing ['a']"),
    (lambda: Adam({"a": arr(2)}).step(None), "grads must be a dict from name to array, got NoneType"),
    (lambda: clip_grad_norm({"a": arr(2)}, 0), "max_norm must be positive, got 0"),
    (lambda: clip_grad_norm({"a": arr(2)}, np.nan), "max_norm must be positive, got nan"),
    (lambda: clip_grad_norm({"a": arr(2), "b": holding(np.nan, 2, 1)}, 1), "NaN or infinity in b"),
    (lambda: fit(print, None, [], epochs=0), "epochs must be a positive integer, got 0"),
    (lambda: fit(print, None, [1], accumulate=0), "accumulate must be a positive integer, got 0"),
    (lambda: AdamW({}, weight_decay=-1), "weight_decay must lie in [0, inf), got -1"),
    (lambda: warmup(0.1, 0), "steps must be a positive integer, got 0"),
    (lambda: warmup(-0.1, 1), "peak must lie in [0, inf), got -0.1"),
    (lambda: fit(print, None, [], progress=False), "batches must not be empty"),
    (lambda: fit(None, None, [1]), "loss_and_grads must be a function, got None"),
    (lambda: fit(print, None, [1], checkpoint="no/such/folder/model"), "checkpoint must lie in a folder that exists"),
    (lambda: truncated_bptt(None, arr(B, T, D), arr(B, T), chunk=0), "chunk must be a positive integer, got 0"),
    (lambda: truncated_bptt(None, arr(B, T, D), arr(B, T + 1), chunk=2), "targets must have shape (B=3, T=7, ...)"),
    (lambda: truncated_bptt(None, arr(B), arr(B, T), chunk=2), "x must be an array of shape (B, T, ...)"),
    (lambda: truncated_bptt(None, arr(B, T), [1], chunk=2), "targets must be an array of shape (B, T, ...)"),
    (lambda: truncated_bptt(None, arr(B, T), arr(B, T), chunk=2, lengths=np.array([0, 1, 2])),
     "lengths must lie in 1..T"),
]


@pytest.mark.parametrize("call, message", CALLS, ids=[message for _, message in CALLS])
def test_refused(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def test_parameters_are_assigned_in_place_and_checked():
    layer = SingleOutputRNN(D, H, O, rng=rng)
    shared = layer.output.params["bias"]
    layer.params["output.bias"] = np.arange(O)
    assert layer.output.params["bias"] is shared
    np.testing.assert_array_equal(shared, np.arange(O))
    layer.params.update({"output.bias": np.ones(O)})
    np.testing.assert_array_equal(shared, np.ones(O))
    layer.output.params["bias"] += 1
    np.testing.assert_array_equal(layer.params["output.bias"], np.full(O, 2))
    with pytest.raises(ValueError, match=re.escape("output.bias must have shape (4,), got (5,)")):
        layer.params["output.bias"] = np.ones(O + 1)
    with pytest.raises(KeyError, match="no parameter 'output_bias'; there are rnn.weight_ih"):
        layer.params["output_bias"] = np.ones(O)


def test_lists_of_lengths_and_sorted_ones_work():
    layer = RNN(D, H, **F64)
    x = arr(B, T, D)
    (expected, _), _ = layer.forward(x, lengths=np.array([4, 7, 1]))
    for lengths in ([4, 7, 1], (4, 7, 1), np.array([4, 7, 1], np.uint8)):
        np.testing.assert_array_equal(layer.forward(x, lengths=lengths)[0][0], expected)
    order = np.array([1, 0, 2])
    np.testing.assert_allclose(layer.forward(x[order], lengths=[7, 4, 1])[0][0], expected[order], atol=1e-15)


def test_same_rng_state_gives_the_same_layer_in_both_dtypes():
    single = RNN(D, H, rng=np.random.default_rng(3))
    double = RNN(D, H, rng=np.random.default_rng(3), dtype=np.float64)
    for name in single.params:
        np.testing.assert_array_equal(single.params[name], double.params[name].astype(np.float32))


def test_large_finite_numbers_are_not_taken_for_infinite():
    x = np.full((B, T, D), 3e38, np.float32)    # their sum is no float32
    x[0] *= -1
    layer = RNN(D, H, rng=rng)
    layer.params["weight_ih"] = np.zeros((H, D))
    (hs, _), _ = layer.forward(x)
    assert np.isfinite(hs).all()
    x[0, 0] = np.inf, -np.inf    # their sum is NaN
    with pytest.raises(ValueError, match="x must be finite, got 2 NaN or infinite entries"):
        layer.forward(x)
