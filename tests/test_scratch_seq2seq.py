"""Scores, encoders and decoders: what attention looks at, what padding cannot do, one step at a time or all at once."""

import re

import numpy as np
import pytest
import torch

from seqbook import pytorch, scratch
from seqbook.tree import leaves
from seqbook.scratch import (
    GRU, LSTM, RNN, AdditiveScore, BahdanauDecoder, Bidirectional, Decoder, DotScore, Encoder, GeneralScore, GRUCell,
    LSTMCell, LuongDecoder, RNNCell, ScaledDotScore, Seq2Seq,
)
from seqbook.scratch.scores import attend

B, T, S, D, H, M, A, V = 3, 4, 6, 2, 5, 7, 3, 8
LENGTHS, SOURCE_LENGTHS = np.array([3, 4, 1]), np.array([6, 2, 4])


def random(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def options():
    return {"rng": np.random.default_rng(0), "dtype": np.float64}


DECODERS = {    # a decoder and a state for it
    "fixed": lambda: (Decoder(V, GRU(D, H, **options()), **options()), random(B, H)),
    "context": lambda: (Decoder(V, GRU(D + M, H, **options()), context_size=M, **options()), random(B, H)),
    "Bahdanau": lambda: (BahdanauDecoder(V, RNNCell(D + M, H, **options()), AdditiveScore(H, M, A, **options()), M,
                                         **options()), random(B, H)),
    "Bahdanau, LSTM": lambda: (BahdanauDecoder(V, LSTMCell(D + H, H, **options()), DotScore(**options()), H,
                                               **options()), (random(B, H), random(B, H, seed=1))),
    "Luong": lambda: (LuongDecoder(V, LSTM(D, H, **options()), GeneralScore(H, M, **options()), M, **options()),
                      (random(B, H), random(B, H, seed=1))),
}


def inputs(name):
    rng = np.random.default_rng(2)
    return rng.integers(0, V, (B, T)), rng.standard_normal((B, S, H if name == "Bahdanau, LSTM" else M))


@pytest.mark.parametrize("name", DECODERS)
def test_one_token_at_a_time_is_the_whole_pass(name):
    decoder, state = DECODERS[name]()
    ids, memory = inputs(name)
    (logits, end), _ = decoder.forward(ids, state, memory, memory_lengths=SOURCE_LENGTHS)
    for t in range(T):
        (step, state), _ = decoder.forward(ids[:, t:t + 1], state, memory, memory_lengths=SOURCE_LENGTHS)
        np.testing.assert_allclose(step[:, 0], logits[:, t], atol=1e-13)
    for ours, whole in zip(leaves(state), leaves(end)):
        np.testing.assert_allclose(ours, whole, atol=1e-13)


@pytest.mark.parametrize("name", DECODERS)
def test_padding_has_no_effect(name):
    decoder, state = DECODERS[name]()
    ids, memory = inputs(name)
    results = []
    for garbage_id, garbage in ((0, 0.0), (-1, np.nan), (V + 5, np.inf)):
        ids, memory = ids.copy(), memory.copy()
        ids[np.arange(T) >= LENGTHS[:, None]] = garbage_id
        memory[np.arange(S) >= SOURCE_LENGTHS[:, None]] = garbage
        (logits, end), cache = decoder.forward(ids, state, memory, LENGTHS, SOURCE_LENGTHS)
        dlogits = random(B, T, V, seed=3)
        dlogits[np.arange(T) >= LENGTHS[:, None]] = garbage
        (_, dstate, dmemory), grads = decoder.backward((dlogits, end), cache)
        assert not dmemory[np.arange(S) >= SOURCE_LENGTHS[:, None]].any()
        assert not logits[np.arange(T) >= LENGTHS[:, None]].any()
        results.append([logits, *leaves(end), *leaves(dstate), dmemory, *grads.values()])
    for others in results[1:]:
        for first, other in zip(results[0], others):
            np.testing.assert_array_equal(first, other)


@pytest.mark.parametrize("name", DECODERS)
def test_a_ragged_batch_is_its_sequences_one_by_one(name):
    decoder, state = DECODERS[name]()
    ids, memory = inputs(name)
    (logits, end), cache = decoder.forward(ids, state, memory, LENGTHS, SOURCE_LENGTHS)
    (_, dstate, dmemory), grads = decoder.backward((logits, end), cache)
    total = {key: 0 for key in grads}
    for b, (length, source) in enumerate(zip(LENGTHS, SOURCE_LENGTHS)):
        own_state = tuple(part[b:b + 1] for part in leaves(state)) if isinstance(state, tuple) else state[b:b + 1]
        (own, own_end), own_cache = decoder.forward(ids[b:b + 1, :length], own_state, memory[b:b + 1, :source])
        (_, own_dstate, own_dmemory), own_grads = decoder.backward((own, own_end), own_cache)
        np.testing.assert_allclose(own[0], logits[b, :length], atol=1e-13)
        np.testing.assert_allclose(own_dmemory[0], dmemory[b, :source], atol=1e-13)
        for ours, whole in zip(leaves(own_end) + leaves(own_dstate), leaves(end) + leaves(dstate)):
            np.testing.assert_allclose(ours[0], whole[b], atol=1e-13)
        total = {key: total[key] + own_grads[key] for key in grads}
    for key in grads:
        np.testing.assert_allclose(total[key], grads[key], atol=1e-12)


@pytest.mark.parametrize("name", ["Bahdanau", "Bahdanau, LSTM", "Luong"])
def test_weights_are_a_distribution_over_the_real_source(name):
    decoder, state = DECODERS[name]()
    ids, memory = inputs(name)
    _, cache = decoder.forward(ids, state, memory, memory_lengths=SOURCE_LENGTHS)
    assert cache.weights.shape == (B, T, S)
    np.testing.assert_allclose(cache.weights.sum(axis=-1), 1, atol=1e-14)
    real = np.arange(S) < SOURCE_LENGTHS[:, None]
    assert (cache.weights[np.repeat(real[:, None], T, axis=1)] > 0).all()
    assert not cache.weights[np.repeat(~real[:, None], T, axis=1)].any()


def test_bahdanau_feeds_its_context_back_and_luong_does_not():
    for name, reaches in (("Bahdanau", True), ("Luong", False)):
        decoder, state = DECODERS[name]()
        ids, memory = inputs(name)
        (_, end), _ = decoder.forward(ids, state, memory)
        (_, other), _ = decoder.forward(ids, state, memory + 1)
        assert all(np.any(a != b) for a, b in zip(leaves(end), leaves(other))) == reaches


def test_scores_by_hand():
    query, keys = random(B, T, M), random(B, S, M, seed=1)
    dot, _ = DotScore(**options()).forward(query, keys)
    scaled, _ = ScaledDotScore(**options()).forward(query, keys)
    general, additive = GeneralScore(M, M, **options()), AdditiveScore(M, M, A, **options())
    weight = general.params["weight"]
    w_query, w_key, v = additive.params.values()
    for b, t, s in np.ndindex(B, T, S):
        q, k = query[b, t], keys[b, s]
        assert dot[b, t, s] == pytest.approx(q @ k, abs=1e-13)
        assert scaled[b, t, s] == pytest.approx(q @ k / np.sqrt(M), abs=1e-13)
        assert general.forward(query, keys)[0][b, t, s] == pytest.approx(q @ weight @ k, abs=1e-13)
        wanted = v @ np.tanh(w_query @ q + w_key @ k)
        assert additive.forward(query, keys)[0][b, t, s] == pytest.approx(wanted, abs=1e-13)


def test_attention_on_equal_scores_is_the_mean_and_on_large_ones_a_choice():
    memory = random(B, S, M)
    weights, contexts = attend(np.zeros((B, T, S)), memory)
    np.testing.assert_allclose(contexts, np.repeat(memory.mean(axis=1, keepdims=True), T, axis=1), atol=1e-14)
    scores = np.full((B, T, S), -1e4)
    scores[..., 2] = 1e4
    np.testing.assert_array_equal(attend(scores, memory)[1], np.repeat(memory[:, 2:3], T, axis=1))


def test_pytorch_gives_the_same_weights():
    for name, kind in (("Bahdanau", pytorch.BahdanauDecoder), ("Luong", pytorch.LuongDecoder)):
        decoder, state = DECODERS[name]()
        f64 = {"dtype": torch.float64}
        module = (kind(V, pytorch.RNNCell(D + M, H, **f64), pytorch.AdditiveScore(H, M, A, **f64), M, **f64)
                  if name == "Bahdanau" else
                  kind(V, pytorch.LSTM(D, H, **f64), pytorch.GeneralScore(H, M, **f64), M, **f64))
        module.load_state_dict({key: torch.from_numpy(value) for key, value in decoder.params.items()}, strict=True)
        ids, memory = inputs(name)
        _, cache = decoder.forward(ids, state, memory, LENGTHS, SOURCE_LENGTHS)
        torch_state = tuple(map(torch.from_numpy, state)) if isinstance(state, tuple) else torch.from_numpy(state)
        *_, weights = module.with_weights(torch.from_numpy(ids), torch_state, torch.from_numpy(memory),
                                          torch.from_numpy(LENGTHS), torch.from_numpy(SOURCE_LENGTHS))
        real = np.arange(T) < LENGTHS[:, None]
        np.testing.assert_allclose(weights.detach().numpy()[real], cache.weights[real], atol=1e-13)


def seq2seq(bidirectional=False):
    if bidirectional:
        encoder = Encoder(V, Bidirectional(GRU(D, 3, **options()), RNN(D, 4, **options())), **options())
        decoder = BahdanauDecoder(A, GRUCell(D + M, H, **options()), AdditiveScore(H, M, A, **options()), M,
                                  **options())
        return Seq2Seq(encoder, decoder, pass_state=False)
    return Seq2Seq(Encoder(V, LSTM(D, H, **options()), **options()), Decoder(A, LSTM(D, H, **options()), **options()))


@pytest.mark.parametrize("bidirectional", [False, True])
def test_seq2seq_steps_are_its_whole_pass(bidirectional):
    model = seq2seq(bidirectional)
    rng = np.random.default_rng(0)
    source, target = rng.integers(0, V, (B, S)), rng.integers(0, A, (B, T))
    logits, _ = model.forward(source, target, SOURCE_LENGTHS)
    state = model.start(source, SOURCE_LENGTHS)
    for t in range(T):
        step, state = model.step(target[:, t:t + 1], state)
        np.testing.assert_allclose(step[:, 0], logits[:, t], atol=1e-13)


ids, f64 = np.zeros((B, T), int), options()
CALLS = [
    (lambda: DotScore(**f64).forward(random(B, T, M), random(B, S, H)),
     "keys must have shape (B=3, S, K=7), got (3, 6, 5)"),
    (lambda: DotScore(**f64).forward(random(B, T, M), random(2, S, M)),
     "keys must have shape (B=3, S, K=7), got (2, 6, 7)"),
    (lambda: AdditiveScore(H, M, A, **f64).forward(random(B, T, M), random(B, S, M)),
     "query must have shape (B, T, Q=5)"),
    (lambda: GeneralScore(H, 0, **f64), "key_size must be a positive integer, got 0"),
    (lambda: DotScore(**f64).backward(random(B, T, 2), DotScore(**f64).forward(random(B, T, M), random(B, S, M))[1]),
     "dscores must have shape (B=3, T=4, S=6), got (3, 4, 2)"),
    (lambda: BahdanauDecoder(V, RNNCell(D + M, H, **f64), DotScore(**f64), M, **f64),
     "score must compare queries of size H=5 with keys of size M=7"),
    (lambda: LuongDecoder(V, RNN(D, H, **f64), AdditiveScore(H, H, A, **f64), M, **f64),
     "got a AdditiveScore of queries of size 5 and keys of size 5"),
    (lambda: BahdanauDecoder(V, RNNCell(M, H, **f64), AdditiveScore(H, M, A, **f64), M, **f64),
     "the recurrent layer's input size must exceed the context's 7, got 7"),
    (lambda: DECODERS["Luong"]()[0].forward(ids), "memory must be an array of shape (B=3, S, M=7), got NoneType"),
    (lambda: DECODERS["Luong"]()[0].forward(ids, memory=random(B, S, H)), "memory must have shape (B=3, S, M=7)"),
    (lambda: DECODERS["Luong"]()[0].forward(ids, memory=random(B, S, M) * np.nan), "memory must be finite"),
    (lambda: DECODERS["Bahdanau"]()[0].forward(ids + V, memory=random(B, S, M)), "ids must lie in 0..7, got 8..8"),
    (lambda: DECODERS["Bahdanau"]()[0].forward(ids[0], memory=random(B, S, M)), "ids must have shape (B, T), got (4,)"),
    (lambda: DECODERS["Bahdanau"]()[0].forward(ids, random(B, M), random(B, S, M)), "state must have shape (B=3, H=5)"),
    (lambda: DECODERS["fixed"]()[0].forward(ids, lengths=[1, 2, 5]), "lengths must lie in 1..T=4, got 1..5"),
    (lambda: DECODERS["context"]()[0].forward(ids, memory=random(B, S, M), memory_lengths=[1, 2, 7]),
     "memory_lengths must lie in 1..S=6, got 1..7"),
    (lambda: Encoder(V, GRU(D, H, **f64), rng=np.random.default_rng(0)), "recurrent must have dtype float32"),
    (lambda: Seq2Seq(seq2seq().encoder, Decoder(V, GRU(D, H, rng=f64["rng"]), rng=f64["rng"])), "must have one dtype"),
]


@pytest.mark.parametrize("call, message", CALLS, ids=[message for _, message in CALLS])
def test_refused(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


RECURRENT = {
    "GRU": lambda p, o: p.GRU(3, 4, **o), "RNN": lambda p, o: p.RNN(3, 4, **o), "LSTM": lambda p, o: p.LSTM(3, 4, **o),
    "two GRUs": lambda p, o: p.Stacked([p.GRU(3, 4, **o), p.GRU(4, 4, **o)]),
    "one LSTM in a stack": lambda p, o: p.Stacked([p.LSTM(3, 4, **o)]),
    "two-way GRU": lambda p, o: p.Bidirectional(p.GRU(3, 4, **o), p.GRU(3, 4, **o)),
    "two-way LSTM": lambda p, o: p.Bidirectional(p.LSTM(3, 4, **o), p.LSTM(3, 4, **o)),
}


@pytest.mark.parametrize("package", [scratch, pytorch], ids=["scratch", "pytorch"])
@pytest.mark.parametrize("one", RECURRENT)
@pytest.mark.parametrize("other", RECURRENT)
def test_a_state_passes_only_to_a_decoder_of_its_form(one, other, package):
    o = {"rng": np.random.default_rng(0)} if package is scratch else {}
    encoder = package.Encoder(5, RECURRENT[one](package, o), **o)
    decoder = package.Decoder(5, RECURRENT[other](package, o), **o)
    package.Seq2Seq(encoder, decoder, pass_state=False)
    if one == other or {one, other} == {"GRU", "RNN"}:
        package.Seq2Seq(encoder, decoder)
    else:
        with pytest.raises(ValueError, match="^pass_state must be False where the states have different forms"):
            package.Seq2Seq(encoder, decoder)


@pytest.mark.parametrize("package", [scratch, pytorch], ids=["scratch", "pytorch"])
def test_two_states_are_no_lstm_cells_pair(package):
    o = {"rng": np.random.default_rng(0)} if package is scratch else {}
    decoder = package.BahdanauDecoder(5, package.LSTMCell(3 + 8, 4, **o), package.AdditiveScore(4, 8, 2, **o), 8, **o)
    encoder = package.Encoder(5, RECURRENT["two-way GRU"](package, o), **o)
    with pytest.raises(ValueError, match=r"the encoder's is \(h, h\) of its directions, the decoder's \(h, c\)"):
        package.Seq2Seq(encoder, decoder)
