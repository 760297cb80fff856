"""The stored table of positions beyond the trained length is whole, is what training gives, and is judged as said."""

import numpy as np
import pytest
import torch

from seqbook.models import lengths
from seqbook.models.text_contest import splits
from seqbook.pytorch.positions import rotate as torch_rotate, sinusoids as torch_sinusoids
from seqbook.scratch.positions import rotate, sinusoids


def test_every_kind_has_every_seed_at_its_best_rate():
    table = lengths.lengths()
    assert tuple(table["runs"]) == lengths.KINDS
    for kind, rates in table["runs"].items():
        valid = {rate: np.mean([run["valid"] for run in runs[:2]]) for rate, runs in rates.items()}
        assert table["best"][kind] == min(valid, key=valid.get)
        assert {rate: len(runs) for rate, runs in rates.items()} == {
            rate: len(lengths.SEEDS) if rate == table["best"][kind] else 2 for rate in rates}
        names = {"whole", "near"} | ({"stretched"} if kind in lengths.STRETCHED else set())
        assert all(run.keys() == names | {"valid"} for runs in rates.values() for run in runs)
        assert {len(run[name]) for runs in rates.values() for run in runs for name in names} == {
            lengths.LONG // lengths.BIN}
        assert table["parameters"][kind] == lengths.parameters(kind)


def test_training_of_one_comes_out_again():
    stored = lengths.lengths()["runs"]["rotary"]["0.02"][0]
    again = lengths.run("rotary", 0.02, 0)
    assert np.allclose(again["whole"], stored["whole"], atol=0.1) and abs(again["valid"] - stored["valid"]) < 0.05


@pytest.mark.parametrize("kind", lengths.KINDS)
def test_read_is_forward_and_starts_where_it_is_told(kind):
    *_, V = splits()
    model = lengths.new_model(kind, V, np.random.default_rng(0), np.float64)
    x = np.random.default_rng(1).integers(V, size=(2, 9))
    logits = model.forward(x)[0]
    assert np.allclose(lengths.read(model, x)[0], logits, atol=1e-12)
    moved = lengths.read(model, x, 5)[0]
    assert np.allclose(moved, logits, atol=1e-9) == (kind in ("none", "rotary"))    # only added positions have a start


@pytest.mark.parametrize("kind", lengths.STRETCHED)
def test_stretched_positions_are_those_between(kind):
    *_, V = splits()
    model = lengths.new_model(kind, V, np.random.default_rng(0), np.float64)
    x = np.random.default_rng(1).integers(V, size=(2, 9))
    logits = model.forward(x)[0]
    assert np.allclose(lengths.read_stretched(model, x, 1.0), logits, atol=1e-12)
    assert not np.allclose(lengths.read_stretched(model, x, 2.0)[:, 1:], logits[:, 1:], atol=1e-3)
    assert np.allclose(sinusoids(9, 6, stretch=2.0)[::2], sinusoids(5, 6), atol=1e-12)
    q = np.random.default_rng(2).normal(size=(1, 1, 9, 6))
    assert np.allclose(rotate(q, stretch=2.0)[:, :, ::2], rotate(q[:, :, ::2]), atol=1e-12)
    assert np.allclose(torch_rotate(torch.tensor(q), stretch=2.0), rotate(q, stretch=2.0), atol=1e-12)
    assert np.allclose(torch_sinusoids(9, 6, stretch=2.0), sinusoids(9, 6, stretch=2.0), atol=1e-12)


def test_judge_predicts_the_same_characters_twice():
    """What differs is how far back a prediction sees; in the first T, nothing."""
    *_, V = splits()
    model = lengths.new_model("sinusoidal", V, np.random.default_rng(0))
    ids = np.random.default_rng(1).integers(V, size=3 * lengths.LONG + 5)
    judged = lengths.judge(model, ids, stretched=True)
    assert judged["whole"][:2] == judged["near"][:2] and judged["whole"][2:] != judged["near"][2:]
    assert judged["stretched"] != judged["whole"]
    for start, bins in ((0, slice(0, 2)), (lengths.LONG - lengths.T, slice(7, 8))):
        x, y = ids[start:start + lengths.T], ids[start + 1:start + lengths.T + 1]
        logits = model.forward(x[None])[0][0].astype(np.float64)
        p = np.exp(logits - logits.max(axis=-1, keepdims=True))
        p /= p.sum(axis=-1, keepdims=True)
        each = -np.log(p[np.arange(lengths.T), y]).reshape(2, -1).mean(axis=1)
        alone = lengths.judge(model, ids[:lengths.LONG + 1])
        assert alone["near"][bins] == pytest.approx(each[-len(alone["near"][bins]):], abs=6e-4)
