"""What the units of a trained model follow: measured on data it was not trained on, chosen on one half of it and
confirmed on the other.

What a unit shows is tanh c(t), its cell state as the output gate passes it on.
"""

from dataclasses import dataclass

import numpy as np

from seqbook.data import adding_problem, dates, documentation, pad
from seqbook.models.features import date_features, sum_features, text_features
from seqbook.models.trained import TrainedModel
from seqbook.scratch.base import check_floats, plain

PIECE = 2000    # characters of the documentation read in one go, each piece from a zero state


@dataclass(frozen=True)
class Tracker:
    """The unit that follows a feature best, and how well.

    `chosen` is r, the correlation of its tanh c(t) with the feature, in the first half of the steps, where it was
    chosen, and `confirmed` in the second half, which had no say in the choice; `correlations (H,)` are those of all
    units in the first half. `auc`, for a feature that is 0 or 1, says how often in the second half the unit shows more
    (less, where r < 0) at a 1 than at a 0: 0.5 is chance. It is None for other features.
    """

    feature: str
    unit: int
    chosen: float
    confirmed: float
    auc: float | None
    correlations: np.ndarray

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

    cells (N, H): the cell states c after N steps, in order; features: name → (N,) numbers or booleans, what holds after
    the same steps. The unit is chosen on the first N // 2 steps, `confirmed` and `auc` are measured on the others.
    """
    check_floats("cells", cells, N=None, H=None)
    features = {name: plain(f"features[{name!r}]", feature) for name, feature in features.items()}
    shown, half, found = np.tanh(cells), len(cells) // 2, []
    for name, feature in features.items():
        chosen = correlations(shown[:half], feature[:half])
        unit = int(np.abs(chosen).argmax())
        rest, feature = shown[half:, unit], feature[half:]
        confirmed = correlations(rest[:, None], feature)[0]
        yes_or_no = set(np.unique(feature)) == {0, 1}
        area = auc(np.sign(chosen[unit]) * rest, feature == 1) if yes_or_no else None
        found.append(Tracker(name, unit, float(chosen[unit]), float(confirmed), area, chosen))
    return {tracker.feature: tracker for tracker in sorted(found, key=lambda tracker: -abs(tracker.confirmed))}


def correlations(values: np.ndarray, feature: np.ndarray) -> np.ndarray:
    """Pearson's r of each column of values (N, H) with feature (N,): (H,), 0 where one of the two does not vary."""
    values, feature = plain("values", values), plain("feature", feature)
    if values.ndim != 2 or feature.shape != values.shape[:1]:
        raise ValueError(f"values must have shape (N, H) and feature (N,), got {values.shape} and {feature.shape}")
    values, feature = (array - array.mean(axis=0, dtype=np.float64) for array in (values, feature))
    scale = np.sqrt((values ** 2).sum(axis=0) * (feature ** 2).sum())
    return np.divide(feature @ values, scale, out=np.zeros(values.shape[1]), where=scale > 0)


def auc(values: np.ndarray, yes: np.ndarray) -> float:
    """The share of pairs, of a step where `yes` (N,) is True and one where it is not, with the larger value at the yes.

    1 tells the two kinds of steps apart without error, 0.5 is chance; equal values count half. Mann and Whitney's U.
    """
    values, yes = plain("values", values), plain("yes", yes)
    ordered = np.sort(values[~yes])
    below, up_to = (np.searchsorted(ordered, values[yes], side) for side in ("left", "right"))
    return float((below + up_to).mean() / 2 / len(ordered))
