"""How attention and the Transformers built on it behave: masks, padding, order, caches. (Gradients: the contract.)"""

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from seqbook import pytorch, scratch
from seqbook.scratch import attention, attention_blocks
from seqbook.scratch.attention import LARGE, ScaledDotProductAttention
from seqbook.scratch.attention_blocks import BLOCK
from seqbook.scratch.masks import causal_mask, padding_mask
from seqbook.scratch.positions import rotate, sinusoids

V, E, N, F, LAYERS = 11, 12, 3, 10, 2


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def layer_of(name, rng, **options):
    """A model with parameters that are all non-zero."""
    sizes = {
        "MultiHeadAttention": (E, N),
        "EncoderBlock": (E, N, F),
        "DecoderBlock": (E, N, F),
        "LanguageModel": (V, E, N, F, LAYERS),
        "Transformer": (V, V + 1, E, N, F, LAYERS),
        "ViT": (8, 4, 2, 5, E, N, F, LAYERS),
    }[name]
    layer = getattr(scratch, name)(*sizes, rng=rng, dtype=np.float64, **options)
    for key, param in layer.params.items():
        layer.params[key] = 0.5 * rng.standard_normal(param.shape)
    return layer


def mirror(layer, name, **options):
    """The same model in PyTorch, with the same parameters."""
    sizes = {"MultiHeadAttention": (E, N), "LanguageModel": (V, E, N, F, LAYERS)}[name]
    module = getattr(pytorch, name)(*sizes, dtype=torch.float64, **options)
    module.load_state_dict({key: torch.from_numpy(param) for key, param in layer.params.items()}, strict=True)
    return module


@given(B=st.integers(1, 3), T=st.integers(1, 6), S=st.integers(1, 6), masked=st.booleans(), recompute=st.booleans(),
       dtype=st.sampled_from([np.float32, np.float64]), seed=st.integers(0, 2 ** 32 - 1))
@settings(deadline=None, max_examples=60)
def test_attention_is_softmax_of_scaled_scores(B, T, S, masked, recompute, dtype, seed):
    rng = np.random.default_rng(seed)
    q, k, v = (rng.standard_normal((B, N, length, 4)).astype(dtype) for length in (T, S, S))
    mask = rng.random((B, 1, T, S)) < 0.6 if masked else None
    out, cache = ScaledDotProductAttention(recompute=recompute, dtype=dtype).forward(q, k, v, mask)
    scores = np.einsum("bntk,bnsk->bnts", q, k).astype(np.float64) / 2
    e = np.exp(scores) if mask is None else np.exp(scores) * mask
    weights = e / np.where(e.sum(-1, keepdims=True) > 0, e.sum(-1, keepdims=True), 1)
    tolerance = 1e-5 if dtype == np.float32 else 1e-12
    assert out.dtype == cache.weights.dtype == dtype
    np.testing.assert_allclose(cache.weights, weights, atol=tolerance)
    np.testing.assert_allclose(out, weights @ v, atol=tolerance * 10)


def test_both_forms_are_right_across_block_borders(rng):
    B, T, K = 2, 900, 4
    assert BLOCK < T * T    # more than one block of queries a head
    assert LARGE < B * N * T * T    # in blocks in any case
    q, k, v, dout = (rng.standard_normal((B, N, T, K)) for _ in range(4))
    mask = causal_mask(T)
    results = []
    for recompute in (False, True):
        layer = ScaledDotProductAttention(recompute=recompute, dtype=np.float64)
        out, cache = layer.forward(q, k, v, mask)
        assert (cache.exp_scores is None) == recompute
        results.append([out, cache.weights, *layer.backward(dout, cache)[0]])
    tensors = [torch.from_numpy(array).requires_grad_() for array in (q, k, v)]
    weights = (tensors[0] @ tensors[1].mT / K ** 0.5).masked_fill(~torch.from_numpy(mask), -torch.inf).softmax(-1)
    expected = weights @ tensors[2]
    gradients = torch.autograd.grad(expected, tensors, torch.from_numpy(dout))
    for right, *found in zip((expected.detach(), weights.detach(), *gradients), *results):
        for array in found:    # both forms work in blocks
            np.testing.assert_allclose(array, right, rtol=0, atol=1e-12)


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("T, S", [(5, 7), (700, 900)])
def test_the_formula_and_the_blocks_agree(rng, keep, T, S):
    q, k, v = (rng.standard_normal((2, N, length, 4)) for length in (T, S, S))
    dout = rng.standard_normal(q.shape)
    mask = rng.random((2, 1, T, S)) < 0.6
    mask[0, :, 1] = False
    out, weights = attention.attend(q, k, v, mask)
    in_blocks, cache = attention_blocks.attend(q, k, v, mask, keep=keep)
    assert (cache.exp_scores is not None) == keep
    np.testing.assert_allclose(in_blocks, out, atol=1e-13)
    np.testing.assert_allclose(cache.weights, weights, atol=1e-14)
    for ours, theirs in zip(attention.attend_backward(dout, q, k, v, weights),
                            attention_blocks.attend_backward(dout, cache)):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)


@pytest.mark.parametrize("T, S, recompute, blocks", [
    (8, 8, False, False), (8, 8, True, True), (1500, 1500, False, True)])
def test_many_scores_and_those_not_kept_are_worked_on_block_by_block(rng, T, S, recompute, blocks):
    q, k, v = (rng.standard_normal((1, 1, length, 2)) for length in (T, S, S))
    layer = ScaledDotProductAttention(recompute=recompute, dtype=np.float64)
    out, cache = layer.forward(q, k, v)
    assert isinstance(cache, attention_blocks.BlocksCache) == blocks
    np.testing.assert_allclose(out, cache.weights @ v, atol=1e-12)


@pytest.mark.parametrize("recompute", [False, True])
def test_a_query_that_may_look_at_nothing_gets_zeros_and_zero_gradients(rng, recompute):
    layer = ScaledDotProductAttention(recompute=recompute, dtype=np.float64)
    q, k, v, dout = (rng.standard_normal((2, N, 4, 5)) for _ in range(4))
    mask = np.ones((2, 1, 4, 4), bool)
    mask[1, 0, 2] = False
    out, cache = layer.forward(q, k, v, mask)
    (dq, dk, dv), _ = layer.backward(dout, cache)
    assert not out[1, :, 2].any() and not dq[1, :, 2].any() and not cache.weights[1, :, 2].any()
    dout[1, :, 2] = 1e6    # what is asked of such a query reaches no key and no value
    (_, dk_again, dv_again), _ = layer.backward(dout, cache)
    np.testing.assert_array_equal(dk, dk_again)
    np.testing.assert_array_equal(dv, dv_again)
    assert out[1, :, 1].all() and np.isfinite(dk).all()


def test_large_scores_neither_overflow_nor_warn():
    layer = ScaledDotProductAttention(dtype=np.float32)
    q = np.full((1, 1, 2, 1), 100, np.float32)
    k = np.array([100, -100, 99.9], np.float32).reshape(1, 1, 3, 1)    # scores of ±1e4
    v = np.array([1, 2, 3], np.float32).reshape(1, 1, 3, 1)
    out, cache = layer.forward(q, k, v)
    np.testing.assert_allclose(cache.weights[0, 0, 0], [1 / (1 + np.exp(-10)), 0, 1 / (1 + np.exp(10))], rtol=1e-2)
    assert all(np.isfinite(gradient).all() for gradient in layer.backward(np.ones_like(out), cache)[0])


@pytest.mark.parametrize("positions", ["sinusoidal", "learned", "rotary"])
def test_a_language_model_does_not_see_the_future(rng, positions):
    model = layer_of("LanguageModel", rng, positions=positions, max_length=8)
    ids = rng.integers(0, V, (2, 8))
    changed = ids.copy()
    changed[:, 5] = (ids[:, 5] + 1) % V
    before, after = model.forward(ids)[0], model.forward(changed)[0]
    np.testing.assert_array_equal(before[:, :5], after[:, :5])
    assert (np.abs(before[:, 5:] - after[:, 5:]).max(axis=-1) > 1e-6).all()


def test_a_decoder_sees_the_whole_source_but_no_padding(rng):
    model = layer_of("Transformer", rng)
    source, target, lengths = rng.integers(0, V, (3, 6)), rng.integers(0, V, (3, 4)), np.array([4, 6, 2])
    before = model.forward(source, target, lengths)[0]
    padded = source.copy()
    padded[0, 4:], padded[2, 2:] = 0, 1
    np.testing.assert_array_equal(model.forward(padded, target, lengths)[0], before)
    shorter = model.forward(source[:, :4][:1], target[:1])[0]
    np.testing.assert_allclose(shorter, before[:1], atol=1e-12)
    last = source.copy()
    last[1, 5] = (source[1, 5] + 1) % V
    assert (np.abs(model.forward(last, target, lengths)[0][1] - before[1]).max(axis=-1) > 1e-6).all()


@pytest.mark.parametrize("positions", ["sinusoidal", "learned", "rotary"])
@pytest.mark.parametrize("chunks", [[1] * 7, [3, 1, 3], [7]])
def test_the_key_value_cache_gives_the_logits_of_the_full_pass(rng, positions, chunks):
    model = layer_of("LanguageModel", rng, positions=positions, max_length=7)
    ids = rng.integers(0, V, (2, 7))
    logits, _ = model.forward(ids)
    for step, numbers in ((model.step, lambda y: y), (
            lambda x, past: mirror(model, "LanguageModel", positions=positions, max_length=7).step(
                torch.from_numpy(x), past), lambda y: y.detach().numpy())):
        past, parts = None, []
        for part in np.split(ids, np.cumsum(chunks)[:-1], axis=1):
            out, past = step(part, past)
            parts.append(numbers(out))
        np.testing.assert_allclose(np.concatenate(parts, axis=1), logits, atol=1e-12)


def test_the_decoders_key_value_cache_gives_the_logits_of_the_full_pass(rng):
    model = layer_of("Transformer", rng)
    source, target, lengths = rng.integers(0, V, (2, 6)), rng.integers(0, V, (2, 4)), np.array([6, 3])
    memory, memory_mask = model.encode(source, lengths)
    past, parts = None, []
    for t in range(4):
        out, past = model.step(target[:, t:t + 1], memory, past, memory_mask)
        parts.append(out)
    np.testing.assert_allclose(np.concatenate(parts, axis=1), model.forward(source, target, lengths)[0], atol=1e-12)


def test_without_positions_the_order_does_not_matter_and_with_them_it_does(rng):
    block = layer_of("EncoderBlock", rng)
    x, order = rng.standard_normal((2, 6, E)), rng.permutation(6)
    np.testing.assert_allclose(block.forward(x[:, order])[0], block.forward(x)[0][:, order], atol=1e-12)
    turned = layer_of("EncoderBlock", rng, rotary=True)
    assert np.abs(turned.forward(x[:, order])[0] - turned.forward(x)[0][:, order]).max() > 1e-3


def test_rotated_scores_depend_on_the_distance_alone(rng):
    q, k = rng.standard_normal((2, 1, 1, 1, 8))
    score = [float((rotate(q, start) @ rotate(k, start + 5).swapaxes(-1, -2)).item()) for start in (0, 7, 100)]
    np.testing.assert_allclose(score, score[0], rtol=1e-10)
    assert abs(float((rotate(q) @ rotate(k, 6).swapaxes(-1, -2)).item()) - score[0]) > 1e-3
    np.testing.assert_allclose(rotate(rotate(q, 3), 3, inverse=True), q, atol=1e-14)


def test_sinusoids_of_the_paper():
    table = sinusoids(5, 6)
    for pos in range(5):
        for i in range(3):
            angle = pos / 10000 ** (2 * i / 6)
            np.testing.assert_allclose(table[pos, 2 * i:2 * i + 2], [np.sin(angle), np.cos(angle)])
    np.testing.assert_array_equal(sinusoids(2, 6, start=3), table[3:])
    assert sinusoids(2, 5).shape == (2, 5)


def test_multi_head_attention_counts_as_in_the_notes(rng):
    layer = scratch.MultiHeadAttention(512, 8, rng=rng)
    assert layer.params["query.weight"].shape == layer.params["output.weight"].shape == (512, 512)
    x = rng.standard_normal((1, 3, 512)).astype(np.float32)
    out, cache = layer.forward(x)
    assert cache.attention.q.shape == (1, 8, 3, 64) and cache.weights.shape == (1, 8, 3, 3) and out.shape == x.shape
    np.testing.assert_allclose(cache.weights.sum(-1), 1, rtol=1e-5)


def test_given_inputs_get_the_gradients_and_absent_ones_none(rng):
    layer = layer_of("MultiHeadAttention", rng)
    x, dout = rng.standard_normal((2, 2, 4, E))
    alone, cache = layer.forward(x)
    (dx, dkey, dvalue), _ = layer.backward(dout, cache)
    assert dkey is None and dvalue is None
    thrice, cache = layer.forward(x, x, x)
    parts, _ = layer.backward(dout, cache)
    np.testing.assert_array_equal(alone, thrice)
    np.testing.assert_allclose(sum(parts), dx, atol=1e-13)


@pytest.mark.parametrize("backend", ["fused", "math"])
def test_weights_of_both_packages_are_equal(rng, backend):
    layer = layer_of("MultiHeadAttention", rng)
    module = mirror(layer, "MultiHeadAttention", backend=backend)
    x, mask = rng.standard_normal((2, 4, E)), causal_mask(4)
    out, cache = layer.forward(x, mask=mask)
    torch_out, weights = module(torch.from_numpy(x), mask=torch.from_numpy(mask), need_weights=True)
    np.testing.assert_allclose(weights.detach().numpy(), cache.weights, atol=1e-12)
    np.testing.assert_allclose(torch_out.detach().numpy(), out, atol=1e-12)


def test_layer_norm_uses_the_biased_variance(rng):
    x = rng.standard_normal((3, 5))
    y, _ = scratch.LayerNorm(5, eps=0, dtype=np.float64).forward(x)
    np.testing.assert_allclose(y, (x - x.mean(-1, keepdims=True)) / x.std(-1, ddof=0, keepdims=True), atol=1e-12)


def test_dropout_keeps_the_mean_and_drops_the_share(rng):
    layer, x = scratch.Dropout(0.3, dtype=np.float64), np.ones((400, 500))
    y, cache = layer.forward(x, rng=rng)
    assert abs(y.mean() - 1) < 0.01 and abs((y == 0).mean() - 0.3) < 0.01
    np.testing.assert_array_equal(layer.backward(x, cache)[0], y)
    assert layer.forward(x)[0] is x


def test_training_with_dropout_repeats_with_the_same_rng_and_differs_with_another(rng):
    model = layer_of("LanguageModel", rng, dropout=0.5)
    ids = rng.integers(0, V, (2, 5))
    first, again, other = (model.forward(ids, rng=np.random.default_rng(seed))[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 1e-3


@pytest.mark.parametrize("make, message", [
    (lambda rng: scratch.MultiHeadAttention(10, 3, rng=rng), "model_size must be a multiple of heads=3, got 10"),
    (lambda rng: scratch.MultiHeadAttention(6, 2, rng=rng, rotary=True), "even head size, got 6/2=3"),
    (lambda rng: pytorch.MultiHeadAttention(10, 3), "model_size must be a multiple of heads=3, got 10"),
    (lambda rng: pytorch.MultiHeadAttention(4, 2, backend="fast"), "backend must be one of 'fused', 'math'"),
    (lambda rng: scratch.Dropout(1.0), r"p must lie in \[0, 1\), got 1.0"),
    (lambda rng: scratch.ViT(9, 4, 1, 3, 4, 2, 5, 1, rng=rng), "image_size must be a multiple of patch_size=4, got 9"),
    (lambda rng: scratch.LanguageModel(5, 4, 2, 5, 1, rng=rng, positions="none"), "positions must be one of"),
    (lambda rng: scratch.LanguageModel(5, 4, 2, 5, 1, rng=rng, positions="learned"), "max_length must be a positive"),
    (lambda rng: scratch.FeedForward(4, 5, rng=rng, activation="swish"), "activation must be one of 'relu', 'gelu'"),
    (lambda rng: causal_mask(4, 3), "S must be at least T=4, got 3"),
    (lambda rng: padding_mask(np.array([2, 9]), 5), "lengths must lie in 1..S=5, got 2..9"),
])
def test_wrong_settings_are_refused(rng, make, message):
    with pytest.raises(ValueError, match=message):
        make(rng)


@pytest.mark.parametrize("name, arguments, message", [
    ("MultiHeadAttention", lambda x: (x[0],), r"query must have shape \(B, T, E=12\), got \(4, 12\)"),
    ("MultiHeadAttention", lambda x: (x, x[:1]), r"key must have shape \(B=2, S, E=12\), got \(1, 4, 12\)"),
    ("MultiHeadAttention", lambda x: (x, x, x[:, :3]), r"value must have shape \(B=2, S=4, E=12\), got \(2, 3, 12\)"),
    ("MultiHeadAttention", lambda x: (x, None, None, np.ones((4, 4))), "mask must be an array of booleans"),
    ("MultiHeadAttention", lambda x: (x, None, None, np.ones((3, 4), bool)),
     r"broadcast to \(2, 3, 4, 4\), got \(3, 4\)"),
    ("EncoderBlock", lambda x: (x.astype(np.float32),), "x must have dtype float64"),
    ("EncoderBlock", lambda x: (np.where(x > 0, np.nan, x),), "x must be finite"),
    ("DecoderBlock", lambda x: (x, x[:, :, :5]), r"memory must have shape \(B=2, S, E=12\), got \(2, 4, 5\)"),
    ("LanguageModel", lambda x: (np.array([[0, V]]),), "must lie in 0..10, got 0..11"),
    ("LanguageModel", lambda x: (np.array([0, 1]),), r"ids must have shape \(B, T\), got \(2,\)"),
    ("LanguageModel", lambda x: (x,), r"ids must have shape \(B, T\), got \(2, 4, 12\)"),
    ("Transformer", lambda x: (np.zeros((2, 3), int), np.zeros((1, 3), int)), r"target must have shape \(B=2, T\)"),
    ("ViT", lambda x: (np.zeros((2, 3, 8, 8)),), r"images must have shape \(B, C=2, H=8, W=8\), got \(2, 3, 8, 8\)"),
])
def test_wrong_inputs_are_refused(rng, name, arguments, message):
    layer = layer_of(name, rng)
    with pytest.raises(ValueError, match=message):
        layer.forward(*arguments(rng.standard_normal((2, 4, E))))
