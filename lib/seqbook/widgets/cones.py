"""The cones of a bidirectional network: what an output knows of the reader's sentence, and what a change moves."""

import numpy as np
import traitlets

from seqbook.data import composed
from seqbook.language import check_language, get_language
from seqbook.models import load, path
from seqbook.models.network import new_bidirectional
from seqbook.scratch.activations import sigmoid
from seqbook.widgets.base import BookWidget, characters, choice, knob

LONGEST = 48    # letters; the page reads no more, and neither does `numbers`
READERS = "forward", "backward", "both"
# What no letter is, the same in Python and in JavaScript, whose own ideas of white space differ.
WHITE = {*"\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff",
         *map(chr, range(0x2000, 0x200B))}

# What the widget begins with: a text and the output to look at.
BEGINNINGS = {
    "en": ("they are in the same order", 3),
    "ko": ("우리나라 표준 시간", 3),
}


class Cones(BookWidget):
    """A trained bidirectional network (`seqbook.models`, "spacing") puts the spaces back into the reader's sentence.

    `text` is what it reads, up to 48 letters, the spaces taken out (where they stood is remembered, to compare with)
    and A to Z read as a to z; letters that it never saw are read as unknown. An output belongs to every letter but the
    last: does a space follow? `time` is the chosen one (1 is the first), `reader` what its outputs look at: the states
    of the "forward" reader, of the "backward" one, or "both". `change` is the letter that is changed (None: none), into
    the letter `into`; the page shows how far that moves every state. `predict` is what is asked of an output:
    whether a "space" follows, or, as of a language model, which letter comes "next".
    """

    text = characters("", most=LONGEST)
    reader = choice("both", READERS)
    time = knob(1, 1, LONGEST)
    change = knob(None, 1, LONGEST)
    into = characters("x", most=1)
    predict = choice("space", ("space", "next"))
    specimen = traitlets.Dict().tag(sync=True)    # the trained model

    def __init__(self, text=None, lang=None, *, time=None, **knobs):
        lang = get_language() if lang is None else lang
        check_language(lang)
        own_text, own_time = BEGINNINGS[lang]
        if time is None:
            time = own_time if text is None else 1
        super().__init__(lang=lang, text=own_text if text is None else text, time=time, **knobs)

    @traitlets.default("specimen")
    def _specimen(self):
        return {"weights": path("spacing").read_bytes(), "characters": list(load("spacing").vocabulary.characters)}

    def numbers(self) -> dict:
        """What the page computes, by `seqbook.scratch` in float64, for T letters (none for fewer than one).

        `forward` and `backward` (T, H) are the states of the text as it stands, `probability` (3, G) is that of a
        space at its G = T-1 gaps, for each reader; `forward_moved` and `backward_moved` (T,) say how far the change
        moves each state, ‖Δh‖, and `probability_changed` (3, G) what it makes of the probabilities. `known` (2,) are
        the first and the last letter that the chosen output can know of (zeros where there is no gap).
        """
        model = load("spacing")
        letters = letters_of(self.text)
        if not letters:
            H = model.recurrent.forward_layer.hidden_size
            none = {name: np.zeros((0, H)) for name in ("forward", "backward")}
            moved = {name: np.zeros(0) for name in ("forward_moved", "backward_moved")}
            return none | moved | {name: np.zeros((3, 0)) for name in ("probability", "probability_changed")} | {
                "known": np.zeros(2)}
        forward, backward, probability = read(model, letters)
        other_forward, other_backward, changed = read(model, self._changed(letters))
        return {
            "forward": forward, "backward": backward, "probability": probability,
            "forward_moved": np.linalg.norm(other_forward - forward, axis=1),
            "backward_moved": np.linalg.norm(other_backward - backward, axis=1),
            "probability_changed": changed, "known": self._known(len(letters)),
        }

    def _changed(self, letters: str) -> str:
        """The letters after the change; the same where no letter is changed or given."""
        into = letters_of(self.into)[:1]
        if self.change is None or self.change > len(letters) or not into:
            return letters
        return letters[:self.change - 1] + into + letters[self.change:]

    def _known(self, T: int) -> np.ndarray:
        """The first and the last letter in the cone of the chosen output."""
        if T < 2:
            return np.zeros(2)
        t = min(self.time, T - 1)
        return np.array([1 if self.reader != "backward" else t, T if self.reader != "forward" else t], dtype=float)


def letters_of(text: str) -> str:
    """What the network reads of a text: its first letters without white space, in lower case where they are A to Z."""
    letters = [character for character in composed(text) if character not in WHITE][:LONGEST]
    return "".join(letter.lower() if "A" <= letter <= "Z" else letter for letter in letters)


def read(model, letters: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Forward and backward states (T, H) and probabilities (3, T-1) of `letters`, in float64."""
    H, D = model.recurrent.forward_layer.params["weight_ih"].shape
    network = new_bidirectional(H, len(READERS), rng=np.random.default_rng(0), vocabulary_size=len(model.vocabulary),
                                input_size=D, dtype=np.float64)
    network.params.update({name: array.astype(np.float64) for name, array in model.network.params.items()})
    (logits, _), cache = network.forward(model.vocabulary.encode(letters)[None])
    states = cache.output.x[0]
    return states[:, :H], states[:, H:], sigmoid(logits[0, :-1].T)
