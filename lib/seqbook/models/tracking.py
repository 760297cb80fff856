"""What the units of a trained model follow: measured on text it was not trained on, chosen on one half, confirmed on
the other."""

import re
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Tracker:
    """The unit whose cell state follows a feature best, and how well."""

    feature: str
    unit: int
    chosen: float               # its correlation with the feature in the first half, where it was chosen
    confirmed: float            # its correlation in the second half, which had no say in the choice
    correlations: np.ndarray    # (H,) of all units in the first half


def track(cells: np.ndarray, features: dict[str, np.ndarray]) -> dict[str, Tracker]:
    """For each feature the unit with the largest |correlation|, the best-followed feature (by `confirmed`) first.

    cells (N, H): the cell states after N steps, in order; features: name → (N,) numbers or booleans, what is true
    after the same steps. Unit and correlations come from the first N // 2 steps, `confirmed` from the others.
    """
    N, H = cells.shape
    half, found = N // 2, []
    for name, feature in features.items():
        chosen = correlations(cells[:half], feature[:half])
        unit = int(np.abs(chosen).argmax())
        confirmed = correlations(cells[half:], feature[half:])[unit]
        found.append(Tracker(name, unit, float(chosen[unit]), float(confirmed), chosen))
    return {tracker.feature: tracker for tracker in sorted(found, key=lambda tracker: -abs(tracker.confirmed))}


def correlations(cells: np.ndarray, feature: np.ndarray) -> np.ndarray:
    """Pearson's r of each column of cells (N, H) with feature (N,): (H,), 0 where one of the two does not vary."""
    cells, feature = (array - array.mean(axis=0, dtype=np.float64) for array in (cells, feature))
    scale = np.sqrt((cells ** 2).sum(axis=0) * (feature ** 2).sum())
    return np.divide(feature @ cells, scale, out=np.zeros(cells.shape[1]), where=scale > 0)


def text_features(text: str) -> dict[str, np.ndarray]:
    """What holds after each of the T characters of an English text: name → (T,) float64.

    - "line position": characters of this line so far; "indentation": spaces it began with, so far;
    - "word position": letters of this word so far (0 outside words);
    - "quotation": 1 between two quotation marks "…"; "bracket": 1 inside round brackets; "emphasis": 1 inside *…*.
      The opening sign counts as inside, the closing one as outside; pairs are looked for within a paragraph.
    """
    return {
        "line position": run_lengths(text, r"[^\n]+"),
        "indentation": run_lengths(text, r"^ +", hold=r"[^\n]*"),
        "word position": run_lengths(text, r"[A-Za-z]+"),
        "quotation": inside(text, r'"(?:(?!\n\n)[^"])*"'),
        "bracket": inside_brackets(text),
        "emphasis": inside(text, r"\*[^\s*](?:(?!\n\n)[^*])*\*"),
    }


def run_lengths(text, pattern, hold=""):
    """1, 2, 3 … along every match of `pattern`; the last number stays along a match of `hold` after it; else 0."""
    counts = np.zeros(len(text))
    for match in re.finditer(f"({pattern}){hold}", text, re.MULTILINE):
        start, stop = match.span(1)
        counts[start:stop] = np.arange(1, stop - start + 1)
        counts[stop:match.end()] = stop - start
    return counts


def inside(text, pattern):
    """1 from the first character of every match of `pattern` up to, and without, its last."""
    marks = np.zeros(len(text))
    for match in re.finditer(pattern, text):
        marks[match.start():match.end() - 1] = 1
    return marks


def inside_brackets(text):
    """1 inside round brackets of any depth, for brackets that have their partner in the same paragraph."""
    marks, opened = np.zeros(len(text)), []
    for match in re.finditer(r"[()]|\n\n", text):
        if match[0] == "(":
            opened.append(match.start())
        elif match[0] == ")" and opened:
            marks[opened.pop():match.start()] = 1
        elif match[0] == "\n\n":
            opened = []
    return marks
