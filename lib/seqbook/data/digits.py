"""Small images of handwritten digits."""

from dataclasses import dataclass

import numpy as np

from seqbook.data.split import Split, require

TRAIN = 1_400


@dataclass(frozen=True)
class Digits:
    """Images of digits: `images (N, 1, 8, 8)` float32, 0 paper … 1 ink, and `labels (N,)` int64, 0 … 9."""

    images: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)


def digits(train: int = TRAIN) -> Split:
    """1,797 handwritten digits of 8×8 pixels: the first `train` of 1,400 to learn from, the last 397 for the test.

    Thirteen people filled in forms; of each bitmap of 32×32 every pixel here counts the ink in a block of 4×4, 0 to 16,
    scaled to 0 … 1. No image occurs twice. The order is the file's, which is not random: the nearest training image is
    right for 96% of the test, and for 99% with a random split.
    Source: the test set of "Optical Recognition of Handwritten Digits" (E. Alpaydin and C. Kaynak, 1998, UCI Machine
    Learning Repository, CC BY 4.0), as the package `scikit-learn` carries it. Example: the first image is a 0.
    """
    if isinstance(train, bool) or not isinstance(train, (int, np.integer)) or not 1 <= train <= TRAIN:
        raise ValueError(f"train must be an integer in 1 … {TRAIN}, got {train!r}")
    table = require("sklearn.datasets", "scikit-learn").load_digits()
    images, labels = table.images[:, None].astype(np.float32) / 16, table.target.astype(np.int64)
    return Split(train=Digits(images[:train], labels[:train]), test=Digits(images[TRAIN:], labels[TRAIN:]))
