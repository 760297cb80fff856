"""The name generator: a trained network writes place names that begin as the reader begins them."""

import unicodedata

import numpy as np
import traitlets

from seqbook.data import places
from seqbook.data.places import MARKS
from seqbook.models.writer import FILE, load_writer
from seqbook.scratch import softmax
from seqbook.widgets.base import BookWidget, characters, choice, knob

NAMES = 8       # names in one draw
LONGEST = 40    # letters of a name, those that the reader writes included


class NameGenerator(BookWidget):
    """A network trained on place names (`seqbook.models.writer`) writes eight of them, letter by letter.

    `language` is the mark that it reads first, "ko" or "en" (None: the page's). `start` is how every name begins:
    letters that the network never saw are left out. `temperature` divides its outputs before the softmax, and `draw`
    numbers the draws: the same number gives the same names. The page says of each name whether it stands among those
    the network learned from, or is a place held out from it.
    """

    language = choice(None, tuple(reversed(MARKS)))    # Korean first
    start = characters("", most=LONGEST)
    temperature = knob(0.8, 0.1, 2.0, step=0.05)
    draw = knob(1, 1, 999)
    specimen = traitlets.Dict().tag(sync=True)    # the trained network, and the names of places there are

    @traitlets.default("specimen")
    def _specimen(self):
        real = places()
        named = {part: {language: [name for name, written in getattr(real, part) if written == language]
                        for language in MARKS} for part in ("train", "test")}
        return {"weights": FILE.read_bytes(), "letters": list(load_writer().letters), "marks": MARKS, **named}

    def numbers(self) -> dict:
        """What the page computes, in float64: `next` (V,), the probabilities of the letter after `start`, and `names`
        (8, 40), the ids of the letters of each name; what follows its end is 0.
        """
        network, letters, _ = load_writer(np.float64)
        ids = [letters.index(MARKS[self.language or self.lang]), *begun(self.start, letters)]
        (outputs, state), _ = network.forward(np.array([ids]))
        probabilities = softmax(outputs[0, -1] / self.temperature)
        names = np.zeros((NAMES, LONGEST))
        for n in range(NAMES):
            random = chance(self.draw * NAMES + n)
            names[n, :len(ids) - 1] = ids[1:]
            p, after = probabilities, state
            for t in range(len(ids) - 1, LONGEST):
                names[n, t] = chosen = drawn(p, next(random))
                if chosen == 0:
                    break
                o, after = network.step(np.array([[chosen]]), after)
                p = softmax(o[0, -1] / self.temperature)
        return {"next": probabilities, "names": names}


def begun(start: str, letters: tuple) -> list[int]:
    """The ids of the letters that a reader writes, syllables and single jamo taken apart; unknown ones are left out."""
    spelled = unicodedata.normalize("NFKD", start)
    known = set(letters) - {letters[0], *MARKS.values()}
    return [letters.index(letter) for letter in spelled if letter in known][:LONGEST]


def drawn(p, u: float) -> int:
    """The first id whose cumulated probability exceeds u in [0, 1)."""
    total = 0.0
    for n, each in enumerate(p):
        total += each
        if total > u:
            return n
    return int(np.argmax(p))    # rounding left u beyond the sum


def chance(seed: int):
    """Numbers in [0, 1), the same in Python and in the page: mulberry32, a generator with 32 bits of state."""
    mask = 0xFFFFFFFF
    while True:
        seed = (seed + 0x6D2B79F5) & mask
        t = ((seed ^ seed >> 15) * (seed | 1)) & mask
        t = ((t + ((t ^ t >> 7) * (t | 61) & mask)) & mask) ^ t
        yield ((t ^ t >> 14) & mask) / 2 ** 32
