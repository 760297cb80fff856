"""Real data, loaded from installed packages: no network, fixed splits, train and test disjoint by content."""

from seqbook.data.adding import adding_problem
from seqbook.data.batching import batches, pad, rows
from seqbook.data.dates import dates
from seqbook.data.documentation import documentation
from seqbook.data.names import names
from seqbook.data.spacing import spacing, unspaced
from seqbook.data.split import Split
from seqbook.data.sunspots import Series, sunspots
from seqbook.data.vocabulary import Vocabulary, composed

__all__ = [
    "Series", "Split", "Vocabulary", "adding_problem", "batches", "composed", "dates", "documentation", "names", "pad",
    "rows", "spacing", "sunspots", "unspaced",
]
