"""Two positions on a line: their codes, the hands that a code is made of, and their dot product over distance."""

import numpy as np
import traitlets

from seqbook.models import load
from seqbook.widgets.base import BookWidget, choice, flag, knob, packed

LAST = 255       # positions 0 … LAST, where the line goes beyond the trained length
TRAINED = 64     # positions of the trained model, 0 … TRAINED - 1
PAIRS = 32       # pairs of dimensions, at most
KINDS = "sinusoidal", "rotary", "learned"
PAIRINGS = "neighbours", "halves"


class Positions(BookWidget):
    """How a Transformer is told where a token stands: the codes of two positions, and what their dot product says.

    `kind` is "sinusoidal" (added sines and cosines, Vaswani et al., 2017), "rotary" (a query and a key are turned, Su
    et al., 2021) or "learned" (the rows of `load("transformer")`, of which there are 64 of size 32). Positions count
    from 0; `first` and `second` lie on a line that ends at 63, the last trained one, or, with `extrapolate`, at 255
    (which is so from the start where one of them lies there). The codes have 2·`pairs` dimensions; a pair is made of
    "neighbours", 2i and 2i+1, or of one dimension from each of two "halves", i and i + `pairs`: `pairing`. Pair i
    turns by `base`^(-i/`pairs`) radians a position. `stretch` s gives position p the code of p/s (for learned ones on a
    straight line between two rows), `shift` moves both positions. The `vectors` that are turned, query and key, are
    all "ones" or "drawn" from N(0, 1).
    """

    first = knob(10, 0, LAST)
    second = knob(16, 0, LAST)
    kind = choice("sinusoidal", KINDS)
    pairing = choice("neighbours", PAIRINGS)
    pairs = knob(16, 2, PAIRS)
    base = knob(10_000.0, 10.0, 100_000.0)
    stretch = knob(1.0, 1.0, 8.0, step=0.25)
    shift = knob(0, 0, LAST + 1 - TRAINED)
    extrapolate = flag(False)
    vectors = choice("ones", ("ones", "drawn"))
    specimen = traitlets.Dict().tag(sync=True)    # the learned rows, and the drawn query and key

    def __init__(self, first=10, second=16, kind="sinusoidal", lang=None, *, extrapolate=None, **knobs):
        if extrapolate is not None:
            knobs["extrapolate"] = extrapolate
        super().__init__(lang=lang, first=first, second=second, kind=kind, **knobs)
        if extrapolate is None and max(self.first, self.second) >= TRAINED:
            self.extrapolate = True

    @traitlets.default("specimen")
    def _specimen(self):
        return {"rows": packed(learned_rows()), "drawn": packed(drawn_vectors())}

    def numbers(self) -> dict:
        """What the page computes, in float64, for the positions 0 … last of the line; NaN where there is no code.

        `codes` (last+1, size) are what stands at each position (of rotary ones: the turned query), `hands`
        (2, pairs, 2) the pairs of both shown positions after the shift (of rotary ones: query and key), `frequency`
        (pairs,) the radians a pair turns from one position to the next. `dots` (last+1,) are the dot products of the
        first shown position's code with each position's, `least` and `most` (2·last+1,) the smallest and largest of any
        two positions that are -last … last apart, `dot` and `dot_before` that of the two, with the shift and without.
        `turned_error` is how far the codes that are turned by the shift's angles lie from those of the shifted
        positions, at most. `unseen` (2, pairs) is 1 where a hand (of rotary ones: the angle between the two) stands as
        it never does among the first 64 positions unstretched. For rotary ones, `other_pairing` is `dot` under the
        other pairing, and `reordered` that of a query and key whose dimensions are reordered for it.
        """
        last, places = self.places()
        line = np.arange(last + 1)
        codes, keys = self.codes(line)
        product = codes @ keys.T    # (last+1, last+1)
        apart = [product.diagonal(distance) for distance in range(-last, last + 1)]
        before, angle = places - self.moved(last), self.turns() / self.stretch    # (2,), (pairs,)
        learned = self.kind == "learned"
        found = {
            "codes": codes, "hands": self.hands(places), "frequency": np.full_like(angle, np.nan) if learned else angle,
            "dots": product[places[0]], "dot": product[tuple(places)], "dot_before": product[tuple(before)],
            "least": [extreme(each, np.min) for each in apart], "most": [extreme(each, np.max) for each in apart],
            "unseen": self.unseen(places), "turned_error": np.nan, "other_pairing": np.nan, "reordered": np.nan,
        }
        if not learned:
            by = self.moved(last) * angle * (1 if self.kind == "rotary" else -1)    # sinusoids run as clocks do
            found["turned_error"] = np.abs(turned(self.hands(before), by) - found["hands"]).max()
        if self.kind == "rotary":
            [other] = {*PAIRINGS} - {self.pairing}
            vectors = self.given_vectors()
            reordered = joined(in_pairs(vectors, self.pairing), other)
            for name, given in (("other_pairing", vectors), ("reordered", reordered)):
                query, key = turned(in_pairs(given, other), places[:, None] * angle)
                found[name] = (query * key).sum()
        return {name: np.asarray(values, dtype=float) for name, values in found.items()}

    def hands(self, places) -> np.ndarray:
        """(2, pairs, 2): the pairs of a first and a second position's code."""
        query, key = self.codes(places)    # (2, size) each
        return in_pairs(np.stack([query[0], key[1]]), self.pairing)

    def places(self) -> tuple[int, np.ndarray]:
        """The line's last position, and the two positions (2,) as they are shown: shifted, and on the line."""
        last = LAST if self.extrapolate else TRAINED - 1
        return last, np.minimum([self.first, self.second], last) + self.moved(last)

    def moved(self, last: int) -> int:
        """The shift, as far as there is room for it on the line."""
        return min(self.shift, last - min(max(self.first, self.second), last))

    def turns(self) -> np.ndarray:
        """(pairs,) radians from one unstretched position to the next."""
        pairs = PAIRS // 2 if self.kind == "learned" else self.pairs
        return self.base ** (-np.arange(pairs) / pairs)

    def given_vectors(self) -> np.ndarray:
        """(2, size): the query and the key that rotary positions turn."""
        return (drawn_vectors() if self.vectors == "drawn" else np.ones((2, 2 * PAIRS)))[:, :2 * self.pairs]

    def codes(self, places) -> tuple[np.ndarray, np.ndarray]:
        """The codes (…, size) of positions, in the role of a query and of a key: these differ for rotary ones."""
        at = np.asarray(places) / self.stretch
        if self.kind == "learned":
            rows = between(learned_rows(), at)
            return rows, rows
        angle = at[..., None] * self.turns()
        if self.kind == "sinusoidal":
            both = joined(np.stack([np.sin(angle), np.cos(angle)], axis=-1), self.pairing)
            return both, both
        query, key = (joined(turned(in_pairs(vector, self.pairing), angle), self.pairing)
                      for vector in self.given_vectors())
        return query, key

    def unseen(self, places) -> np.ndarray:
        """(2, pairs) booleans: see `numbers`."""
        at = places / self.stretch
        if self.kind == "learned":
            return np.repeat(at[:, None] > TRAINED - 1, PAIRS // 2, axis=1)
        seen = (TRAINED - 1) * self.turns()
        if self.kind == "sinusoidal":
            return at[:, None] * self.turns() % (2 * np.pi) > seen
        between_them = abs(places[1] - places[0]) / self.stretch * self.turns() % (2 * np.pi)
        return np.stack([np.minimum(between_them, 2 * np.pi - between_them) > seen] * 2)


def learned_rows() -> np.ndarray:
    """(64, 32): the positions of the trained Transformer."""
    return load("transformer").params["tokens.positions.weight"].astype(float)


def drawn_vectors() -> np.ndarray:
    """(2, 64): a query and a key from N(0, 1), the same as the page's float32."""
    return np.random.default_rng(0).standard_normal((2, 2 * PAIRS)).astype(np.float32).astype(float)


def between(rows: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Rows (T, E) at positions of any kind, on the straight line between two; NaN after the last."""
    low = np.minimum(np.floor(at).astype(int), len(rows) - 1)
    high, share = np.minimum(low + 1, len(rows) - 1), (at - low)[..., None]
    return np.where((at > len(rows) - 1)[..., None], np.nan, rows[low] + share * (rows[high] - rows[low]))


def in_pairs(codes: np.ndarray, pairing: str) -> np.ndarray:
    """(…, size) → (…, pairs, 2)."""
    if pairing == "neighbours":
        return codes.reshape(*codes.shape[:-1], -1, 2)
    return np.stack(np.split(codes, 2, axis=-1), axis=-1)


def joined(pairs: np.ndarray, pairing: str) -> np.ndarray:
    """(…, pairs, 2) → (…, size), the inverse of `in_pairs`."""
    if pairing == "neighbours":
        return pairs.reshape(*pairs.shape[:-2], -1)
    return np.concatenate([pairs[..., 0], pairs[..., 1]], axis=-1)


def turned(pairs: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """Pairs (…, pairs, 2) turned counter-clockwise by angles (…, pairs)."""
    x, y = pairs[..., 0], pairs[..., 1]
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack([x * cos - y * sin, x * sin + y * cos], axis=-1)


def extreme(values: np.ndarray, of) -> float:
    """np.min or np.max of the values that there are, NaN where there is none."""
    there = values[~np.isnan(values)]
    return of(there) if there.size else np.nan
