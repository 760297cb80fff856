"""A digit of one's own, or a real one, on its way through a Vision Transformer: patches, tokens, attention, answer."""

import numpy as np
import traitlets

from seqbook.data import digits
from seqbook.models.digit_contest import BLOCKS, PATCH, N, rollout
from seqbook.models.digit_vit import INK, PLACES, SIDE, TRAINED, file_of, load_digit_vits, moved, run
from seqbook.scratch import log_softmax
from seqbook.scratch.base import is_array
from seqbook.scratch.vit import from_patches, to_patches
from seqbook.widgets.base import BookWidget, Knob, choice, flag, knob

# Of the test digits: 0 to 9, then a 9 and a 4 that the whole network takes for a 5 and a 9.
EXAMPLES = 51, 57, 17, 60, 29, 30, 73, 67, 43, 44, 12, 211
FIELD = 32               # pixels of the drawing field's side; FIELD / SIDE squared make one grey value
WIDEST = 24              # pixels that a fitted drawing takes across, at most
MOST_ERASED = PLACES - 2


class Image(Knob):
    """The number of an example, grey values (8, 8) from 0 to 16, or a drawing (32, 32) of booleans: True = ink.

    Kept as a whole number, 8 lists of 8 whole numbers, or 32 strings of 32 digits 0 and 1.
    """

    def check(self, widget, value):
        if is_array(value):
            value = (["".join("01"[ink] for ink in row) for row in value.astype(int)]
                     if value.dtype == bool and value.shape == (FIELD, FIELD) else value.tolist())
        if isinstance(value, (int, np.integer)) and not isinstance(value, bool) and 0 <= value < len(EXAMPLES):
            return int(value)
        if isinstance(value, (list, tuple)):
            if len(value) == FIELD and all(
                    isinstance(row, str) and len(row) == FIELD and set(row) <= {"0", "1"} for row in value):
                return list(value)
            if len(value) == SIDE and all(
                    isinstance(row, (list, tuple)) and len(row) == SIDE and all(map(is_grey, row)) for row in value):
                return [[int(grey) for grey in row] for row in value]
        raise ValueError(f"{self.name} must be the number of an example in 0..{len(EXAMPLES) - 1}, {SIDE}×{SIDE} whole "
                         f"numbers in 0..{INK} or {FIELD}×{FIELD} booleans, got {value!r}")

    def limits(self, widget) -> dict:
        return {"examples": len(EXAMPLES)}


def is_grey(value) -> bool:
    """Whether `value` is a whole number in 0..16."""
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool) and value in range(INK + 1)


class Order(Knob):
    """A permutation of 0..15: which patch of the image stands at each place."""

    def check(self, widget, value):
        order = as_places(value)
        if order is None or sorted(order) != list(range(PLACES)):
            raise ValueError(f"{self.name} must hold each of 0..{PLACES - 1} once, got {value!r}")
        return order


class Places(Knob):
    """Up to 14 of the places 0..15, none of them twice."""

    def check(self, widget, value):
        places = as_places(value)
        if places is None or len(places) > MOST_ERASED or len(set(places)) < len(places) or not (
                set(places) <= set(range(PLACES))):
            raise ValueError(f"{self.name} must be up to {MOST_ERASED} different places in 0..{PLACES - 1}, "
                             f"got {value!r}")
        return sorted(places)

    def limits(self, widget) -> dict:
        return {"most": MOST_ERASED}


def as_places(value) -> list | None:
    """`value` as a list of ints, or None where it is none."""
    value = value.tolist() if is_array(value) else value
    if not isinstance(value, (list, tuple)) or not all(
            isinstance(each, (int, np.integer)) and not isinstance(each, bool) for each in value):
        return None
    return [int(each) for each in value]


class DigitVit(BookWidget):
    """A Vision Transformer (`seqbook.models.digit_vit`) reads a digit that the reader draws or picks, step by step.

    `image` is the number of an example (real digits that no network has learned from: 0 to 9, and two that are
    misread), a drawing of booleans (32, 32),
    or grey values (8, 8) from 0 to 16. A drawing is made into an image as the data were: its ink is `fit` to the frame,
    and each pixel of the image counts the ink in a block of 4×4. `order` says which of the 16 patches of 2×2 stands at
    each place, row by row, and `erased` which places are erased: `erasing` puts "paper" there, the "mean" patch of the
    training images, or takes the token away ("gone"). `without` takes "positions" or the "class_token" away, in the
    network that is "trained" so or `switched` off in the whole one; the `network` that is looked at is one of them, and
    both answer. Attention is that of a `layer` and a `head`, from the token `query`: 0 is the class token (without one,
    the mean of the patches), 1 to 16 are the places. `stage` says which vectors of the tokens are shown: 0 embedded
    patches, 1 with their positions, 2 and 3 after the blocks.
    """

    image = Image(3)
    fit = flag(True)
    order = Order(list(range(PLACES)))
    erased = Places([])
    erasing = choice("paper", ("paper", "mean", "gone"))
    without = choice("nothing", tuple(TRAINED))
    network = choice("trained", ("trained", "switched"))
    layer = knob(1, 1, BLOCKS)
    head = knob(1, 1, N)
    query = knob(0, 0, PLACES)
    stage = knob(1, 0, 1 + BLOCKS)
    specimen = traitlets.Dict().tag(sync=True)    # the trained networks, the examples and the mean image

    def __init__(self, image=3, lang=None, **knobs):
        super().__init__(lang=lang, image=image, **knobs)

    @traitlets.default("specimen")
    def _specimen(self):
        data = digits()
        mean = data.train.images.mean(axis=0)[0] * INK
        return {
            **{without: file_of(without).read_bytes() for without in TRAINED}, "heads": N,
            "examples": as_grey(data.test.images[list(EXAMPLES)]).reshape(len(EXAMPLES), -1).tolist(),
            "labels": data.test.labels[list(EXAMPLES)].tolist(), "mean": mean.ravel().astype(float).tolist()}

    def numbers(self) -> dict:
        """What the page computes, by `seqbook.scratch` in float64, with T = 17 tokens, or 16 without the class token.

        `grey` (8, 8) as the networks read it, 0 to 16. Of the network that is looked at: `tokens` (T, 24) at the
        chosen stage, `weights` (2, 4, T, T), `rollout` (T, T), and `effects` (16,): by how much log p of its answer
        changes as that place is erased, too. Probabilities (10,): `before`, of the whole network for the image as it
        is; `trained` and `switched`, after all that was done, of the network trained so and of the whole one with
        what it is `without` switched off.
        """
        networks, _ = load_digit_vits(np.float64)
        whole, changed = grey_of(self.image, self.fit), self.changed()
        ways = {"trained": (networks[self.without], "nothing"), "switched": (networks["nothing"], self.without)}
        images, keep = as_input(changed), self.kept(self.erased)
        runs = {name: run(*way[:1], images, way[1], keep) for name, way in ways.items()}
        shown = runs[self.network]
        log_p = log_softmax(shown.logits)[0]
        answer, effects = log_p.argmax(), np.zeros(PLACES)
        for place in set(range(PLACES)) - set(self.erased):
            also = [*self.erased, place]
            network, switched_off = ways[self.network]
            found = run(network, as_input(self.changed(also)), switched_off, self.kept(also))
            effects[place] = log_softmax(found.logits)[0, answer] - log_p[answer]
        return {
            "grey": changed, "tokens": shown.stages[self.stage][0], "weights": np.stack(shown.weights)[:, 0],
            "rollout": rollout(shown.weights)[0], "effects": effects,
            "before": probabilities(run(networks["nothing"], as_input(whole))),
            **{name: probabilities(each) for name, each in runs.items()}}

    def changed(self, erased=None) -> np.ndarray:
        """Grey values (8, 8) after moving and erasing; a token that is gone keeps its patch, which nobody reads."""
        erased = list(self.erased if erased is None else erased)
        image = moved(grey_of(self.image, self.fit)[None, None], self.order)
        if self.erasing == "gone" or not erased:
            return image[0, 0]
        patches = to_patches(image, PATCH)
        mean = np.array(self.specimen["mean"]).reshape(1, 1, SIDE, SIDE)
        patches[0, erased] = to_patches(mean, PATCH)[0, erased] if self.erasing == "mean" else 0
        return from_patches(patches, image.shape, PATCH)[0, 0]

    def kept(self, erased) -> np.ndarray:
        """(16,): the places whose tokens are there."""
        return np.array([self.erasing != "gone" or place not in erased for place in range(PLACES)])


def grey_of(image, fit: bool) -> np.ndarray:
    """Grey values (8, 8), float64, of what the knob `image` holds."""
    if isinstance(image, int):
        return as_grey(digits().test.images[EXAMPLES[image]])[0].astype(float)
    if isinstance(image[0], str):
        drawing = np.array([[digit == "1" for digit in row] for row in image])
        return counted(fitted(drawing) if fit else drawing)
    return np.array(image, dtype=float)


def as_grey(images: np.ndarray) -> np.ndarray:
    """Images from 0 to 1 as the whole numbers from 0 to 16 that they were."""
    return np.rint(images * INK).astype(int)


def as_input(grey: np.ndarray) -> np.ndarray:
    """Grey values (8, 8) as a network takes them, (1, 1, 8, 8)."""
    return grey[None, None] / INK


def probabilities(found) -> np.ndarray:
    """(10,) of one image's run."""
    return np.exp(log_softmax(found.logits)[0])


def counted(drawing: np.ndarray) -> np.ndarray:
    """A drawing (32, 32) of booleans → how much ink is in each block of 4×4: (8, 8) from 0 to 16."""
    block = FIELD // SIDE
    return drawing.reshape(SIDE, block, SIDE, block).sum(axis=(1, 3)).astype(float)


def fitted(drawing: np.ndarray) -> np.ndarray:
    """A drawing whose ink is brought to the frame's height, and into its middle, as that of the data is.

    It becomes 32 pixels high, but not more than twice as high as it was, and at most 24 wide. Each new pixel takes the
    one at the place that its middle comes from.
    """
    rows, columns = np.flatnonzero(drawing.any(axis=1)), np.flatnonzero(drawing.any(axis=0))
    made = np.zeros_like(drawing)
    if not len(rows):
        return made
    top, left, h, w = rows[0], columns[0], rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    H = min(FIELD, 2 * h)
    W = max(1, min(WIDEST, (2 * w * H + h) // (2 * h)))    # w·H/h, rounded
    from_row = top + (2 * np.arange(H) + 1) * h // (2 * H)
    from_column = left + (2 * np.arange(W) + 1) * w // (2 * W)
    row, column = (FIELD - H) // 2, (FIELD - W) // 2
    made[row:row + H, column:column + W] = drawing[np.ix_(from_row, from_column)]
    return made
