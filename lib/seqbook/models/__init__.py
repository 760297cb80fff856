"""Models trained for the book on the installed data, open to look into: `load("documentation")`."""

from seqbook.models.tracking import Tracker, correlations, text_features, track
from seqbook.models.trained import NAMES, TrainedModel, load, path

__all__ = ["NAMES", "Tracker", "TrainedModel", "correlations", "load", "path", "text_features", "track"]
