"""The digits and photographs of scikit-learn in the page."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np


def read(name: str) -> np.ndarray:
    return np.frombuffer(Path(__file__).with_name(f"{name}.raw").read_bytes(), np.uint8)


def load_digits() -> SimpleNamespace:
    images, labels = np.split(read("digits"), [1797 * 64])
    return SimpleNamespace(images=images.reshape(1797, 8, 8).astype(float), target=labels.astype(np.int64))


def load_sample_image(name: str) -> np.ndarray:
    """The photograph, what `seqbook.data.photograph` averages averaged already, and black where it does not look."""
    from seqbook.data.photograph import CORNERS, SHRINK, SIDE

    short = name.removesuffix(".jpg")
    small = read(short).reshape(SIDE, SIDE, 3)
    (top, left), image = CORNERS[short], np.zeros((427, 640, 3), np.uint8)
    image[top:top + SIDE * SHRINK, left:left + SIDE * SHRINK] = small.repeat(SHRINK, axis=0).repeat(SHRINK, axis=1)
    return image
