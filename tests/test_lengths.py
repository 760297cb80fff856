"""The stored table of positions beyond the trained length is whole, says what transformer/position says, comes again."""

import numpy as np
import pytest

from seqbook.models import lengths
from seqbook.models.text_contest import splits


def test_every_kind_has_every_seed_at_its_best_rate():
    table = lengths.lengths()
    assert tuple(table["runs"]) == lengths.KINDS
    for kind, rates in table["runs"].items():
        valid = {rate: np.mean([run["valid"] for run in runs[:2]]) for rate, runs in rates.items()}
        assert table["best"][kind] == min(valid, key=valid.get)
        assert {rate: len(runs) for rate, runs in rates.items()} == {
            rate: len(lengths.SEEDS) if rate == table["best"][kind] else 2 for rate in rates}
        assert {len(run[name]) for runs in rates.values() for run in runs for name in ("whole", "near")} == {
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


def test_judge_predicts_the_same_characters_twice():
    """Under positions of no kind, all that differs is how far back a prediction sees; in the first T, nothing."""
    *_, V = splits()
    model = lengths.new_model("sinusoidal", V, np.random.default_rng(0))
    ids = np.random.default_rng(1).integers(V, size=3 * lengths.LONG + 5)
    judged = lengths.judge(model, ids)
    assert judged["whole"][:2] == judged["near"][:2] and judged["whole"][2:] != judged["near"][2:]
    one = lengths.nats(model, ids[None, :lengths.T + 1])[0]
    logits = model.forward(ids[None, :lengths.T])[0][0].astype(np.float64)
    p = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    assert np.allclose(one, -np.log(p[np.arange(lengths.T), ids[1:lengths.T + 1]]))
    last = lengths.nats(model, ids[None, lengths.LONG - lengths.T:lengths.LONG + 1])[0, -lengths.BIN:]
    alone = lengths.judge(model, ids[:lengths.LONG + 1])
    assert alone["near"][-1] == pytest.approx(last.mean(), abs=6e-4)
