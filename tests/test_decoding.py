"""Decoding against exhaustive search, frequencies and hand-made models, in both packages."""

import itertools
import re

import numpy as np
import pytest
import torch

from seqbook import pytorch, scratch
from seqbook.scratch import LanguageModel, beam, greedy, log_softmax, sample, softmax

V, END = 4, 0


def table_model(seed):
    """A random model whose logits depend on the step and on the last two tokens; its state holds step and token."""
    table = 3 * np.random.default_rng(seed).standard_normal((7, V, V, V))

    def step(ids, state):
        (before,), time = state
        assert len(ids) == len(before) == len(time)
        return table[time, before, ids[:, 0]][:, None], ((ids[:, 0],), time + 1)

    def all_sequences(first, max_length):
        """Every sequence up to `end` or max_length, with its log-probability."""
        found = {}
        for tokens in itertools.product(range(V), repeat=max_length):
            tokens = tokens[:tokens.index(END) + 1] if END in tokens else tokens
            before, last, found[tokens] = 1, first, 0.0
            for time, token in enumerate(tokens):
                found[tokens] += log_softmax(table[time, before, last])[token]
                before, last = last, token
        return found
    return step, all_sequences


def start(B):
    return (np.ones(B, int),), np.zeros(B, int)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("length_penalty", [0.0, 0.6, 1.0])
def test_a_beam_of_all_sequences_is_exhaustive_search(seed, length_penalty):
    step, all_sequences = table_model(seed)
    first, length = np.array([1, 2, 3]), 4
    beams = beam(step, start(3), first, end=END, max_length=length, width=V ** length, length_penalty=length_penalty)
    for b in range(3):
        exact = all_sequences(first[b], length)
        ranked = sorted(exact, key=lambda tokens: -exact[tokens] / len(tokens) ** length_penalty)
        count = np.isfinite(beams.score[b]).sum()
        assert count == len(exact)
        found = [tuple(beams.ids[b, w, :beams.lengths[b, w]]) for w in range(count)]
        assert found == ranked
        np.testing.assert_allclose(beams.log_prob[b, :count], [exact[tokens] for tokens in ranked], atol=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_a_beam_of_one_is_greedy(seed):
    step, all_sequences = table_model(seed)
    first = np.array([1, 2, 3])
    one = beam(step, start(3), first, end=END, max_length=6, width=1)
    best = greedy(step, start(3), first, end=END, max_length=6)
    np.testing.assert_array_equal(one.ids[:, 0], best.ids)
    np.testing.assert_array_equal(one.lengths[:, 0], best.lengths)
    np.testing.assert_allclose(one.log_prob[:, 0], best.log_prob, atol=1e-12)
    for b in range(3):
        assert best.log_prob[b] == pytest.approx(
            all_sequences(first[b], 6)[tuple(best.ids[b, :best.lengths[b]])], abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_a_wider_beam_of_one_sequence_is_the_batchs(seed):
    step, _ = table_model(seed)
    first = np.array([1, 2, 3])
    together = beam(step, start(3), first, end=END, max_length=6, width=3)
    for b in range(3):
        alone = beam(step, start(1), first[b:b + 1], end=END, max_length=6, width=3)
        np.testing.assert_array_equal(together.lengths[b], alone.lengths[0])
        np.testing.assert_allclose(together.score[b], alone.score[0], atol=1e-12)
        L = alone.ids.shape[-1]
        np.testing.assert_array_equal(together.ids[b, :, :L], alone.ids[0])
        assert (together.ids[b, :, L:] == END).all()
        assert (np.diff(together.score[b]) <= 0).all()


def test_a_beam_finds_what_greed_misses():
    """The likelier first token leads to an even spread; the other one to certainty."""
    logits = np.full((V, V), -30.0)
    logits[1, 2], logits[1, 3] = np.log(0.6), np.log(0.4)
    logits[2] = np.log(0.25)
    logits[3, END] = logits[END, END] = 0

    def step(ids, state):
        return logits[ids], state
    first = np.array([1])
    assert greedy(step, None, first, end=END, max_length=2).ids[0, 0] == 2
    beams = beam(step, None, first, end=END, max_length=2, width=2)
    assert beams.ids[0, 0].tolist() == [3, END]
    assert beams.log_prob[0, 0] == pytest.approx(np.log(0.4), abs=1e-6)


def test_ended_sequences_stay_as_they_are():
    logits = np.zeros((V, V))
    logits[1, END] = logits[2, 3] = logits[3, END] = 50

    def step(ids, state):
        return logits[ids], state
    result = greedy(step, None, np.array([1, 2]), end=END, max_length=5)
    assert result.ids.tolist() == [[END, END], [3, END]] and result.lengths.tolist() == [1, 2]
    np.testing.assert_allclose(result.log_prob, 0, atol=1e-12)


def drawn(logits, count=20000, **options):
    """Frequencies of the tokens that `sample` draws first."""
    result = sample(lambda ids, state: (np.repeat(logits[None, None], len(ids), axis=0), None), None,
                    np.ones(count, int), end=END, max_length=1, rng=np.random.default_rng(0), **options)
    return np.bincount(result.ids[:, 0], minlength=len(logits)) / count


def test_samples_follow_the_probabilities():
    logits = np.log([0.5, 0.3, 0.15, 0.05])
    np.testing.assert_allclose(drawn(logits), [0.5, 0.3, 0.15, 0.05], atol=0.01)
    np.testing.assert_allclose(drawn(logits, temperature=0.5), softmax(2 * logits), atol=0.01)
    np.testing.assert_allclose(drawn(logits, top_k=2), [0.625, 0.375, 0, 0], atol=0.01)
    np.testing.assert_allclose(drawn(logits, top_p=0.79), [0.625, 0.375, 0, 0], atol=0.01)
    np.testing.assert_allclose(drawn(logits, top_p=0.81), np.array([0.5, 0.3, 0.15, 0]) / 0.95, atol=0.01)
    np.testing.assert_allclose(drawn(logits, top_k=3, top_p=0.5), [1, 0, 0, 0], atol=0.01)
    assert drawn(logits, temperature=1e-3)[0] == drawn(logits, top_k=1)[0] == drawn(logits, top_p=1e-9)[0] == 1
    assert drawn(logits[::-1], top_k=1)[3] == 1


def test_samples_report_the_models_own_probability():
    step, all_sequences = table_model(0)
    result = sample(step, start(5), np.full(5, 1), end=END, max_length=4, rng=np.random.default_rng(1), temperature=2.0,
                    top_k=3)
    exact = all_sequences(1, 4)
    for b in range(5):
        assert result.log_prob[b] == pytest.approx(exact[tuple(result.ids[b, :result.lengths[b]])], abs=1e-12)
    again = sample(step, start(5), np.full(5, 1), end=END, max_length=4, rng=np.random.default_rng(1), temperature=2.0,
                   top_k=3)
    np.testing.assert_array_equal(result.ids, again.ids)


def test_real_models_decode_alike_in_both_packages():
    rng = {"rng": np.random.default_rng(0), "dtype": np.float64}
    f64 = {"dtype": torch.float64}

    def build(p, **o):
        return p.Seq2Seq(p.Encoder(5, p.GRU(3, 4, **o), **o),
                         p.BahdanauDecoder(V, p.GRUCell(3 + 4, 4, **o), p.AdditiveScore(4, 4, 2, **o), 4, **o))
    ours, theirs = build(scratch, **rng), build(pytorch, **f64)
    ours.params.update({name: 2 * array for name, array in ours.params.items()})
    theirs.load_state_dict({name: torch.from_numpy(array) for name, array in ours.params.items()})
    source, lengths, first = np.array([[1, 2, 3, 4], [4, 1, 0, 0]]), np.array([4, 2]), np.array([1, 1])
    for search, extra in (("greedy", {}), ("beam", {"width": 3}), ("sample", {"rng": None})):
        results = []
        for package, model in ((scratch, ours), (pytorch, theirs)):
            options = {"rng": np.random.default_rng(3)} if search == "sample" else extra
            tensors = (source, lengths) if package is scratch else (torch.from_numpy(source), torch.from_numpy(lengths))
            state = model.start(*tensors)
            results.append(getattr(package, search)(model.step, state, first, end=END, max_length=6, **options))
        np.testing.assert_array_equal(results[0].ids, results[1].ids)
        np.testing.assert_allclose(results[0].log_prob, results[1].log_prob, atol=1e-12)


def test_a_language_model_decodes_through_its_key_value_cache():
    model = LanguageModel(V, 8, 2, 12, 2, rng=np.random.default_rng(0), dtype=np.float64)
    model.params.update({name: 3 * array for name, array in model.params.items()})
    prompt = np.array([[1, 2, 3], [3, 3, 2]])
    _, past = model.step(prompt[:, :-1])
    beams = beam(model.step, past, prompt[:, -1], end=END, max_length=4, width=3)
    for b, w in np.ndindex(2, 3):
        ids = np.concatenate([prompt[b], beams.ids[b, w, :beams.lengths[b, w]]])[None]
        logits, _ = model.forward(ids[:, :-1])
        tokens = log_softmax(logits)[0, 2:]
        expected = np.take_along_axis(tokens, ids[0, 3:, None], axis=-1).sum()
        assert beams.log_prob[b, w] == pytest.approx(expected, abs=1e-10)


def flat(ids, state):
    return np.zeros((*ids.shape, V)), state


one = np.array([1])
CALLS = [
    (lambda: greedy(flat, None, [1], end=END, max_length=2), "first must be an array of shape (B,), got list"),
    (lambda: greedy(flat, None, np.array([[1]]), end=END, max_length=2), "first must have shape (B,), got (1, 1)"),
    (lambda: greedy(flat, None, np.array([1.0]), end=END, max_length=2), "first must be an array of integers"),
    (lambda: greedy(flat, None, np.array([], int), end=END, max_length=2),
     "first must have shape (B,) with no axis of size 0"),
    (lambda: greedy(flat, None, one, end=V, max_length=2), "end must be a token id in 0..3, got 4"),
    (lambda: greedy(flat, None, one, end=None, max_length=2), "end must be a token id in 0..3, got None"),
    (lambda: greedy(flat, None, one, end=END, max_length=0), "max_length must be a positive integer, got 0"),
    (lambda: beam(flat, None, one, end=END, max_length=2, width=0), "width must be a positive integer, got 0"),
    (lambda: beam(flat, None, one, end=-1, max_length=2, width=1), "end must be a token id in 0..3, got -1"),
    (lambda: sample(flat, None, one, end=END, max_length=2, rng=0), "rng must be a numpy.random.Generator"),
    (lambda: sample(flat, None, one, end=END, max_length=2, rng=np.random.default_rng(0), temperature=0),
     "temperature must be positive, got 0"),
    (lambda: sample(flat, None, one, end=END, max_length=2, rng=np.random.default_rng(0), top_k=0),
     "top_k must be a positive integer, got 0"),
    (lambda: sample(flat, None, one, end=END, max_length=2, rng=np.random.default_rng(0), top_p=1.5),
     "top_p must lie in (0, 1], got 1.5"),
]


@pytest.mark.parametrize("call, message", CALLS, ids=[message for _, message in CALLS])
def test_refused(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("probs, top_p, kept", [
    ([0.3, 0.1, 0.1, 0.5], 0.8, [0, 3]), ([0.6, 0.3, 0.1], 0.9, [0, 1]), ([0.4, 0.3, 0.2, 0.1], 0.9, [0, 1, 2]),
    ([0.4, 0.3, 0.2, 0.1], 0.7, [0, 1]), ([0.5, 0.41, 0.09], 0.9, [0, 1]), ([0.1] * 10, 0.3, [0, 1, 2]),
    ([0.5, 0.3, 0.2], 0.8001, [0, 1, 2]), ([0.5, 0.3, 0.2], np.float32(0.8), [0, 1]),
    ([1 - 3e-7, 2e-7, 1e-7], 1.0, [0, 1, 2]), ([0.2, 0.8], 1e-9, [1]),
])
def test_a_nucleus_whose_sum_is_p_takes_no_token_more(probs, top_p, kept, dtype):
    """Which tokens can be drawn, read from a generator that goes through (0, 1) evenly and to its ends."""
    class Evenly(np.random.Generator):
        def random(self, count):
            return np.concatenate([np.linspace(0, 1, count - 1, endpoint=False), [1 - 2 ** -53]])
    logits = np.log(np.array(probs, dtype))
    rng, first = Evenly(np.random.PCG64(0)), np.zeros(5001, int)
    step = lambda ids, state: (np.broadcast_to(logits, (len(ids), 1, len(probs))), state)
    torch_step = lambda ids, state: (torch.from_numpy(logits).expand(len(ids), 1, -1), state)
    for package, run in ((scratch, step), (pytorch, torch_step)):
        for more in ({}, {"top_k": 9}):
            result = package.sample(run, None, first, end=0, max_length=1, rng=rng, top_p=top_p, **more)
            drawn_ids = np.unique(result.ids)
            assert set(drawn_ids) <= set(kept) and (len(drawn_ids) == len(kept) or min(probs) < 1e-3)


def test_first_tokens_and_the_end_may_be_integers_of_any_width():
    step, _ = table_model(0)
    wanted = [search(step, start(3), np.array([1, 2, 3]), end=END, max_length=6, **options)
              for search, options in ((greedy, {}), (beam, {"width": 2}))]
    for width in (np.uint8, np.int16, np.uint64):
        for (search, options), right in zip(((greedy, {}), (beam, {"width": 2})), wanted):
            found = search(step, start(3), np.array([1, 2, 3], width), end=width(END), max_length=6, **options)
            np.testing.assert_array_equal(found.ids, right.ids)
            assert found.ids.dtype == np.int64
    with pytest.raises(ValueError, match="^the logits of step must have shape"):
        greedy(lambda ids, state: (np.zeros((len(ids), V)), state), None, one, end=END, max_length=1)
