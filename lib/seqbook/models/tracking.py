"""What the units of a trained model follow: measured on data it was not trained on, chosen on one half of it and
confirmed on the other."""

from dataclasses import dataclass

import numpy as np

from seqbook.data import adding_problem, dates, documentation, pad
from seqbook.models.features import date_features, sum_features, text_features
from seqbook.models.trained import TrainedModel

PIECE = 2000    # characters of the documentation read in one go, each piece from a zero state


@dataclass(frozen=True)
class Tracker:
    """The unit whose cell state follows a feature best, and how well."""

    feature: str
    unit: int
    chosen: float               # its correlation with the feature in the first half, where it was chosen
    confirmed: float            # its correlation in the second half, which had no say in the choice
    correlations: np.ndarray    # (H,) of all units, in the first half

    def units(self) -> np.ndarray:
        """All units (H,), the one that follows the feature best first."""
        return np.argsort(-np.abs(self.correlations), kind="stable")


def follow(model: TrainedModel) -> dict[str, Tracker]:
    """What the units of one of the book's models follow on its held-out data: `track` with the features of its kind.

        trackers = follow(load("documentation"))
        trackers["quotation"].unit    # the unit that knows best whether a quotation is open

    The features are those of `text_features` (the held-out topics), `sum_features` (new sequences) or `date_features`
    (texts of held-out days), by the model's name.
    """
    if model.name == "adding":
        inputs, _ = adding_problem(200, 50, rng=np.random.default_rng(2))
        features = [sum_features(x) for x in inputs]
    else:
        if model.name == "documentation":
            text = documentation().test
            find, texts = text_features, [text[start:start + PIECE] for start in range(0, len(text), PIECE)]
        else:
            find, texts = date_features, [text for text, _ in dates("ko", train=0, test=500).test]
        inputs, features = [model.vocabulary.encode(text) for text in texts], [find(text) for text in texts]
    padded, lengths = pad(inputs)
    _, cache = model.forward(padded)    # the padding comes last and changes nothing before it
    cells = np.concatenate([cs[:length] for cs, length in zip(cache.cs, lengths)])
    return track(cells, {name: np.concatenate([each[name] for each in features]) for name in features[0]})


def track(cells: np.ndarray, features: dict[str, np.ndarray]) -> dict[str, Tracker]:
    """For each feature the unit with the largest |correlation|; the feature that is followed best stands first.

    cells (N, H): the cell states after N steps, in order; features: name → (N,) numbers or booleans, what holds after
    the same steps. The unit is chosen on the first N // 2 steps, `confirmed` is measured on the others.
    """
    half, found = len(cells) // 2, []
    for name, feature in features.items():
        chosen = correlations(cells[:half], feature[:half])
        unit = int(np.abs(chosen).argmax())
        confirmed = correlations(cells[half:, [unit]], feature[half:])
        found.append(Tracker(name, unit, float(chosen[unit]), float(confirmed[0]), chosen))
    return {tracker.feature: tracker for tracker in sorted(found, key=lambda tracker: -abs(tracker.confirmed))}


def correlations(cells: np.ndarray, feature: np.ndarray) -> np.ndarray:
    """Pearson's r of each column of cells (N, H) with feature (N,): (H,), 0 where one of the two does not vary."""
    if cells.ndim != 2 or feature.shape != cells.shape[:1]:
        raise ValueError(f"cells must have shape (N, H) and feature (N,), got {cells.shape} and {feature.shape}")
    cells, feature = (array - array.mean(axis=0, dtype=np.float64) for array in (cells, feature))
    scale = np.sqrt((cells ** 2).sum(axis=0) * (feature ** 2).sum())
    return np.divide(feature @ cells, scale, out=np.zeros(cells.shape[1]), where=scale > 0)
