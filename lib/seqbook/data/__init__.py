"""Real data, loaded from installed packages: no network, fixed splits, train and test disjoint by content."""

from seqbook.data.adding import adding_problem
from seqbook.data.batching import batches, pad, rows
from seqbook.data.co2 import Weekly, co2
from seqbook.data.dates import dates
from seqbook.data.digits import Digits, digits
from seqbook.data.documentation import documentation
from seqbook.data.languages import names_by_language
from seqbook.data.names import names
from seqbook.data.photograph import photograph
from seqbook.data.phrases import Phrase, phrases
from seqbook.data.places import places, spelled, unspelled
from seqbook.data.spacing import spacing, unspaced
from seqbook.data.split import Split
from seqbook.data.sunspots import Series, sunspots
from seqbook.data.vocabulary import Vocabulary, composed

__all__ = [
    "Digits", "Phrase", "Series", "Split", "Vocabulary", "Weekly", "adding_problem", "batches", "co2", "composed",
    "dates", "digits", "documentation", "names", "names_by_language", "pad", "photograph", "phrases", "places", "rows",
    "spacing", "spelled", "sunspots", "unspaced", "unspelled",
]
