"""A table of vectors, one for each id of a vocabulary."""

import torch
import torch.nn.functional as F
from torch import nn

from seqbook.pytorch.base import as_int64, check_ids, check_sizes


class Embedding(nn.Module):
    """Row `weight[id]` for every id: ids (...) of integers → (..., E); `weight (V, E)`."""

    def __init__(self, vocabulary_size, embedding_size, *, device=None, dtype=None):
        super().__init__()
        check_sizes(vocabulary_size=vocabulary_size, embedding_size=embedding_size)
        self.vocabulary_size, self.embedding_size = vocabulary_size, embedding_size
        self.weight = nn.Parameter(torch.randn(vocabulary_size, embedding_size, device=device, dtype=dtype))

    def forward(self, ids):
        """vectors (..., E)."""
        check_ids("ids", ids, self.vocabulary_size)
        return F.embedding(as_int64("ids", ids), self.weight)
