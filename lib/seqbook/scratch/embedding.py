"""A table of vectors, one for each id of a vocabulary."""

from typing import NamedTuple

import numpy as np

from seqbook.scratch.base import Layer, check_array, check_ids, check_rng, check_sizes


class EmbeddingCache(NamedTuple):
    ids: np.ndarray    # (...) int64


class Embedding(Layer):
    """Row `weight[id]` for every id: ids (...) of integers → (..., E).

    Equal to a one-hot vector times `weight (V, E)`, without the product. Initialised from N(0, 1) as in PyTorch.
    """

    def __init__(self, vocabulary_size, embedding_size, *, rng, dtype=np.float32):
        check_sizes(vocabulary_size=vocabulary_size, embedding_size=embedding_size)
        check_rng(rng)
        self.vocabulary_size, self.embedding_size = vocabulary_size, embedding_size
        super().__init__(dtype, weight=rng.standard_normal((vocabulary_size, embedding_size)))

    def forward(self, ids):
        """vectors (..., E), cache."""
        check_ids("ids", ids, self.vocabulary_size)
        ids = ids.astype(np.int64, copy=False)
        return self.params["weight"][ids], EmbeddingCache(ids)

    def backward(self, dvectors, cache):
        """None (ids have no gradient), grads. An id that occurs several times collects all its gradients."""
        check_array("dvectors", dvectors, self.dtype, ..., E=self.embedding_size)
        if dvectors.shape[:-1] != cache.ids.shape:
            wanted = (*cache.ids.shape, self.embedding_size)
            raise ValueError(f"dvectors must have shape {wanted}, got {dvectors.shape}")
        ids, rows = cache.ids.reshape(-1), dvectors.reshape(-1, self.embedding_size)
        dweight = np.zeros_like(self.params["weight"])
        np.add.at(dweight, ids, rows)
        return None, {"weight": dweight}
