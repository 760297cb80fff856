"""Models trained for the book on the installed data, open to look into: `load("documentation")`."""

from seqbook.models.features import date_features, sum_features, text_features
from seqbook.models.tracking import Tracker, correlations, follow, track
from seqbook.models.trained import NAMES, TrainedEncoderDecoder, TrainedModel, TrainedTransformer, load, path

__all__ = ["NAMES", "Tracker", "TrainedEncoderDecoder", "TrainedModel", "TrainedTransformer", "correlations",
           "date_features", "follow", "load", "path", "sum_features", "text_features", "track"]
