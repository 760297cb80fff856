"""What counting alone predicts of a text: the measure that a trained character model has to beat."""

import numpy as np

from seqbook.scratch.base import as_integers


def ngram_bits(train: np.ndarray, test: np.ndarray, order: int, vocabulary_size: int) -> np.ndarray:
    """Bits per character of `test` (T,) ids under the 1-gram … `order`-gram models of `train` (S,) ids: (order,).

    An n-gram knows the n-1 characters before. With N followers of a context in `train`, U of them different,
    p(c | context) = (count(c) + U p(c | the context without its first character)) / (N + U), which is p of the shorter
    context where N = 0 and 1/V below the empty one (interpolation of Witten and Bell, 1991).
    """
    train, test = as_integers("train", train), as_integers("test", test)
    if min(len(train), len(test)) < order:
        raise ValueError(f"train and test must have at least order={order} ids, got {len(train)} and {len(test)}")
    V, p, bits = vocabulary_size, np.full(len(test), 1 / vocabulary_size), []
    for n in range(order):
        grams, counts = np.unique(windows(train, n + 1, V), return_counts=True)
        contexts, followers, different = np.unique(grams // V, return_inverse=True, return_counts=True)
        totals = np.bincount(followers, counts)
        asked = windows(test, n + 1, V)
        count, N, U = look_up(asked, grams, counts), *(look_up(asked // V, contexts, of) for of in (totals, different))
        known, shorter = N > 0, p[n:]    # the first n characters have no context as long as this
        p[n:] = np.where(known, (count + U * shorter) / np.where(known, N + U, 1), shorter)
        bits.append(-np.log2(p).mean())
    return np.array(bits)


def windows(ids, n, V):
    """One number for each n neighbouring ids, which // V makes the number of the first n-1."""
    return np.lib.stride_tricks.sliding_window_view(ids, n) @ V ** np.arange(n - 1, -1, -1)


def look_up(asked, keys, values):
    """values at the keys asked for, keys sorted; 0 where there is no such key."""
    places = np.searchsorted(keys, asked).clip(max=len(keys) - 1)
    return np.where(keys[places] == asked, values[places], 0)


class Counts:
    """How often each outcome followed each context, and the probabilities that this gives: a model without a network.

    A context comes as the list of ever longer contexts that it holds, each a str: for a letter of a name the letters
    before it, "", "u", "ou", "eou"; for a letter's case the letters around it, "f", " fo", "a for". p(c | longest) =
    (count(c) + U p(c | the next shorter)) / (N + U), with N outcomes seen after the context and U of them different; it
    is p(c | the next shorter) where N = 0, and 1/V before the shortest (interpolation of Witten and Bell, 1991).

    With a `discount` D (0 … 1) it is (max(count(c) - D, 0) + D U p(c | the next shorter)) / N, and a shorter context
    counts an outcome once for each longer one that it followed, not once for each time (Kneser and Ney, 1995).

        model = Counts("ab\\n"); model.add(["", "a"], "b"); model.p(["", "a"])    # (V,): 0.08, 0.83, 0.08
    """

    def __init__(self, outcomes, discount=None):
        if discount is not None and not 0 < discount < 1:
            raise ValueError(f"discount must lie between 0 and 1, got {discount}")
        self.outcomes, self.discount = tuple(outcomes), discount
        self.numbers = {outcome: n for n, outcome in enumerate(self.outcomes)}
        self.seen = {}    # context → counts (V,)

    def add(self, contexts, outcome) -> None:
        """One more `outcome` after each of `contexts`."""
        number = self.numbers[outcome]
        for context in reversed(contexts):
            counts = self.seen.setdefault(context, np.zeros(len(self.outcomes)))
            counts[number] += 1
            if self.discount is not None and counts[number] > 1:    # the shorter contexts have counted this one
                break

    def p(self, contexts) -> np.ndarray:
        """The probabilities (V,) of the outcomes after nested `contexts`, the shortest first."""
        p = np.full(len(self.outcomes), 1 / len(self.outcomes))
        for context in contexts:
            if (counts := self.seen.get(context)) is None:
                break
            N, U, D = counts.sum(), np.count_nonzero(counts), self.discount
            p = (counts + U * p) / (N + U) if D is None else (np.maximum(counts - D, 0) + D * U * p) / N
        return p


def letters_before(text: str, t: int, order: int) -> list[str]:
    """The contexts of the t-th letter in an n-gram model of `order`: 0 … order-1 letters before it."""
    return [text[t - n:t] for n in range(min(order - 1, t) + 1)]


def letters_around(text: str, t: int, radius: int) -> list[str]:
    """The t-th letter alone and with 1 … `radius` letters on either side, as far as the text goes."""
    return [text[max(0, t - r):t + r + 1] for r in range(radius + 1)]
