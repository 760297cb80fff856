"""The mask laboratory: a painted mask, what every position can know under it, and what two trained networks make of it.
"""

import numpy as np
import traitlets

from seqbook.data import composed
from seqbook.models.peeking import LAYERS, TRAINED, N, backward, file_of, forward, load_peeking, losses, training_mask
from seqbook.scratch import causal_mask, softmax
from seqbook.scratch.base import is_array
from seqbook.widgets.base import BookWidget, Knob, characters, choice, knob

LONGEST = 14     # characters; the page reads no more, and neither does `numbers`
PADS = 3         # padding tokens before them, at most
WRITTEN = 16     # characters that a network writes

# What a mask is called: T tokens, of which `real` (T,) says which are no padding → (T, T), True = may look.
PRESETS = {
    "causal": lambda T, real: causal_mask(T),
    "padding": lambda T, real: causal_mask(T) & real,
    "off_by_one": lambda T, real: np.tri(T, T, 1, dtype=bool),
    "strict": lambda T, real: np.tri(T, T, -1, dtype=bool),
    "transposed": lambda T, real: causal_mask(T).T,
    "inverted": lambda T, real: ~causal_mask(T),
    "padding_in_query": lambda T, real: causal_mask(T) & real[:, None],
    "open": lambda T, real: np.ones((T, T), dtype=bool),
    "closed": lambda T, real: np.zeros((T, T), dtype=bool),
}


class Mask(Knob):
    """A preset's name, or a painted mask: an array of booleans (T, T) or T strings of T digits, 1 = may look."""

    def check(self, widget, value):
        if isinstance(value, str) and value in PRESETS:
            return value
        rows = value
        if is_array(value) and value.dtype == bool and value.ndim == 2:
            rows = ["".join("01"[may] for may in row) for row in value.astype(int)]
        size = len(rows) if isinstance(rows, (list, tuple)) else 0
        if not 1 <= size <= LONGEST + PADS or not all(
                isinstance(row, str) and len(row) == size and set(row) <= {"0", "1"} for row in rows):
            got = f"shape {value.shape} of {value.dtype}" if is_array(value) else repr(value)
            raise ValueError(f"{self.name} must be one of {', '.join(map(repr, PRESETS))}, an array of booleans (T, T) "
                             f"or T strings of T digits 0 and 1, with T in 1..{LONGEST + PADS}, got {got}")
        return list(rows)

    def limits(self, widget) -> dict:
        return {"options": list(PRESETS)}


class MaskLaboratory(BookWidget):
    """Two small Transformers (`seqbook.models.peeking`) predict the next character under a mask that the reader paints.

    `text` is what they read, up to 14 characters, with `padding` tokens before it (0 to 3). `mask` says who may look at
    whom: "causal", "padding" (causal, and no padding among the keys), "open", "closed", one of the usual mistakes
    "off_by_one", "strict" (off by one to the other side), "transposed", "inverted" and "padding_in_query", or a painted
    one: booleans (T, T) over padding and text, True = may look. Where a painted mask is smaller than the text, the rest
    is causal. `layers` is the number of blocks, 1 or 2, `time` the position that is looked at (1 is the text's first),
    and `trained` the network whose predictions and gradient are shown: the one trained under the "causal" mask or the
    one trained with a "leak", where every position could look at the next character, its answer.
    """

    text = characters("", most=LONGEST)
    mask = Mask("causal")
    padding = knob(0, 0, PADS)
    layers = knob(1, 1, LAYERS)
    time = knob(5, 1, LONGEST)
    trained = choice("causal", TRAINED)
    specimen = traitlets.Dict().tag(sync=True)    # the trained networks

    def __init__(self, text=None, mask="causal", lang=None, *, padding=None, time=None, **knobs):
        """`padding` is 2 for the masks that are about it, unless given."""
        if padding is None:
            padding = 2 if isinstance(mask, str) and mask.startswith("padding") else 0
        if time is None:
            time = 5
        super().__init__(lang=lang, text="The name is" if text is None else text, mask=mask, padding=padding,
                         time=time, **knobs)

    @traitlets.default("specimen")
    def _specimen(self):
        files = {trained: file_of(trained).read_bytes() for trained in TRAINED}
        return {**files, "characters": list(load_peeking().vocabulary.characters), "heads": N}

    def numbers(self) -> dict:
        """What the page computes, by `seqbook.scratch` in float64, for n characters and T = n + padding tokens.

        `mask` (T, T); `knows` (T, T): 1 where a position can know of a token through so many blocks (its own
        always, by the residual connections). By network, causal and leak: `loss` (2, n-1) of each prediction under the
        mask, in nats, `training_loss` (2, n-1) under that of its training and `right_loss` (2, n-1) under the causal
        one, no padding looked at in either; `answer` (n,), the probability that the chosen network gives the next
        character, and at the end the one that it prefers; `gradient` (T,): the norm of
        that answer's loss's gradient, at position `time`, by each token's vector; `written` (2, 16): ids of what each
        network writes after the text.
        """
        networks, vocabulary, _ = load_peeking(np.float64)
        letters = composed(self.text)[:LONGEST]
        ids, pads = vocabulary.encode(letters), self.padding if letters else 0
        n, T = len(ids), len(ids) + pads
        found = {name: np.zeros((2, max(n - 1, 0))) for name in ("loss", "training_loss", "right_loss")} | {
            "mask": np.zeros((T, T)), "knows": np.zeros((T, T)), "answer": np.zeros(n), "gradient": np.zeros(T),
            "written": np.zeros((2, WRITTEN if n else 0))}
        if not n:
            return found
        mask, real = self.mask_of(T, pads), np.arange(T) >= pads
        found |= {"mask": mask.astype(float), "knows": knows(mask, self.layers).astype(float)}
        tokens = np.concatenate([np.full(pads, vocabulary.unknown_id), ids])[None]
        for at, (trained, network) in enumerate(networks.items()):
            for name, each in (("training_loss", training_mask(trained, T) & real),
                               ("right_loss", causal_mask(T) & real), ("loss", mask)):
                logits, cache = forward(network, tokens, each, self.layers, start=-pads)
                found[name][at] = losses(logits[:, pads:-1], ids[None, 1:])[0]
            found["written"][at] = written(network, ids, self.layers)
            if trained == self.trained:
                asked = np.append(ids[1:], logits[0, -1].argmax())    # (n,)
                found["answer"] = np.exp(-losses(logits[:, pads:], asked[None])[0])
                t = min(self.time, n) - 1
                dlogits = np.zeros_like(logits)
                dlogits[0, pads + t] = softmax(logits[0, pads + t])
                dlogits[0, pads + t, asked[t]] -= 1
                found["gradient"] = np.linalg.norm(backward(network, dlogits, cache)[0][0], axis=1)
        return found

    def mask_of(self, T: int, pads: int) -> np.ndarray:
        """(T, T) booleans: the preset, or what is painted and the causal mask where nothing is."""
        real = np.arange(T) >= pads
        if isinstance(self.mask, str):
            return PRESETS[self.mask](T, real)
        mask, size = causal_mask(T), min(len(self.mask), T)
        mask[:size, :size] = [[digit == "1" for digit in row[:size]] for row in self.mask[:size]]
        return mask


def knows(mask: np.ndarray, layers: int) -> np.ndarray:
    """(T, T) booleans: of which tokens a position can know through so many blocks with their residual connections."""
    step = mask | np.eye(len(mask), dtype=bool)
    return np.linalg.matrix_power(step.astype(int), layers) > 0


def written(network, ids: np.ndarray, layers: int) -> np.ndarray:
    """The ids (16,) that a network writes after ids (n,), always its first choice: no later token is there to look at.
    """
    for _ in range(WRITTEN):
        logits, _ = forward(network, ids[None], causal_mask(len(ids)), layers)
        ids = np.append(ids, logits[0, -1].argmax())
    return ids[-WRITTEN:]
