"""What counting alone predicts of a text: the measure that a trained character model has to beat."""

from collections import Counter, defaultdict

import numpy as np


def ngram_bits(train: np.ndarray, test: np.ndarray, order: int, vocabulary_size: int) -> float:
    """Bits per character of `test` (ids) under an n-gram model of `train`: n-1 characters before, n = `order`.

    Shorter contexts stand in for what was not seen, weighed by Witten and Bell (1991): with N followers of a context,
    U of them different, p(c | context) = (count(c) + U p(c | shorter context)) / (N + U), and 1/V below the shortest.
    """
    counts = [defaultdict(Counter) for _ in range(order)]
    train, test = train.tolist(), test.tolist()
    for n, followers in enumerate(counts):
        for t in range(n, len(train)):
            followers[tuple(train[t - n:t])][train[t]] += 1
    totals = [{context: counter.total() for context, counter in followers.items()} for followers in counts]
    probabilities = []
    for t, character in enumerate(test):
        p = 1 / vocabulary_size
        for n in range(min(order, t + 1)):
            if (context := tuple(test[t - n:t])) not in counts[n]:
                break
            followers = counts[n][context]
            p = (followers[character] + len(followers) * p) / (totals[n][context] + len(followers))
        probabilities.append(p)
    return float(-np.log2(probabilities).mean())
