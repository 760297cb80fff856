"""A photograph, small enough to be looked at pixel by pixel."""

import numpy as np

from seqbook.data.split import require

SIDE, SHRINK = 96, 4                            # pixels in the end, pixels that become one
CORNERS = {"china": (20, 30), "flower": (20, 130)}    # top row and left column of the square that is cut out


def photograph(name: str = "flower") -> np.ndarray:
    """A colour photograph (96, 96, 3) float32, 0 … 1: "china" (a roof of the Summer Palace) or "flower" (a dahlia).

    A square of 384×384 cut from the 427×640 pixels of the original, every 4×4 pixels of it averaged to one and rounded
    to one of 256 levels. Source: the two sample images of the package `scikit-learn`, `china.jpg` by danielbuechele and
    `flower.jpg` by vultilion (flickr.com), CC BY 2.0.
    """
    if name not in CORNERS:
        raise ValueError(f"name must be one of {[*CORNERS]}, got {name!r}")
    pixels = require("sklearn.datasets", "scikit-learn").load_sample_image(f"{name}.jpg")    # (427, 640, 3) uint8
    (top, left), side = CORNERS[name], SIDE * SHRINK
    square = pixels[top:top + side, left:left + side].astype(np.float64)
    small = square.reshape(SIDE, SHRINK, SIDE, SHRINK, 3).mean(axis=(1, 3))
    return np.rint(small).astype(np.float32) / 255
