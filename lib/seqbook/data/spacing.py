"""Phrases in English and in Korean whose spaces can be taken out, and put back by whoever reads them."""

import re
from collections.abc import Iterator

import numpy as np

from seqbook.data.documentation import documentation
from seqbook.data.split import Split, is_held_out, require
from seqbook.data.vocabulary import composed

LANGUAGES = "en", "ko"
LEAST_WORDS, LONGEST = 4, 60      # of an English phrase: words, and letters without the spaces
KO_KINDS = ("territories", "languages", "scripts", "variants", "currency_names", "meta_zones", "unit_display_names",
            "time_zones")
NOT_HANGUL = re.compile(r"[^가-힣 ]+")


def spacing(language: str) -> Split:
    """Phrases such as "the string is unchanged" or "영국 액량 드램" to take the spaces out of with `unspaced`.

    "en": about 2,800 phrases of `documentation()` to learn from and 340 to judge by: words of Latin letters in lower
    case, cut at punctuation, digits and code; four words or more, 60 letters at most. Source: the standard library's
    `pydoc_data.topics` (PSF licence); train and test come from different topics, and no test phrase is in `train`.

    "ko": about 1,800 names of territories, languages, scripts, currencies, units and times to learn from and 430 to
    judge by, cut at all but Hangul; four in ten hold a space. Source: Unicode CLDR as the package `babel` carries it
    (Unicode licence); one name in five is in `test`, and no two names differ in their spaces alone.

    Nothing but the letters a to z, or about 540 Hangul syllables, and single spaces occurs. `Vocabulary` takes the
    letters of the training phrases; some 40 syllables of the Korean test are unknown to it.
    """
    if language == "en":
        text = documentation()
        train, test = ([*dict.fromkeys(english_phrases(part))] for part in (text.train, text.test))
        known = {phrase.replace(" ", "") for phrase in train}
        return Split(train=train, test=[phrase for phrase in test if phrase.replace(" ", "") not in known])
    if language == "ko":
        by_letters = {name.replace(" ", ""): name for name in korean_names()}
        return Split(train=[name for letters, name in by_letters.items() if not is_held_out(letters, 5)],
                     test=[name for letters, name in by_letters.items() if is_held_out(letters, 5)])
    raise ValueError(f"language must be one of {[*LANGUAGES]}, got {language!r}")


def unspaced(phrase: str) -> tuple[str, np.ndarray]:
    """The letters of `phrase` without its spaces, and for each of the T letters whether a space followed, (T,) int64.

        unspaced("an egg")          # ("anegg", array([0, 1, 0, 0, 0]))
    """
    words = composed(phrase).split()
    if not words:
        raise ValueError(f"phrase must hold a letter, got {phrase!r}")
    letters = "".join(words)
    spaces = np.zeros(len(letters), dtype=np.int64)
    spaces[np.cumsum([len(word) for word in words[:-1]], dtype=np.int64) - 1] = 1
    return letters, spaces


def english_phrases(text: str) -> Iterator[str]:
    """The runs of plain words in `text`, in lower case, as far as they are long enough and not too long."""
    for paragraph in text.split("\n\n"):
        for run in runs_of_words(paragraph.split()):
            if len(run) >= LEAST_WORDS and sum(map(len, run)) <= LONGEST:
                yield " ".join(run)


def runs_of_words(tokens: list[str]) -> Iterator[list[str]]:
    """Words that stand beside each other with nothing but spaces, quotes or asterisks between them."""
    run = []
    for token in tokens:
        word = token.strip("\"'*()").rstrip("\"'*).,;:")
        if "(" in token or not (word.isascii() and word.isalpha()):
            yield run
            run = []
        if word.isascii() and word.isalpha():
            run.append(word.lower())
        if token.rstrip("\"'*")[-1:] in tuple(").,;:"):
            yield run
            run = []
    yield run


def korean_names() -> Iterator[str]:
    """CLDR's Korean names of two syllables or more, cut where something other than Hangul stands."""
    korean = require("babel.core", "babel").Locale.parse("ko")._data
    for kind in KO_KINDS:
        for text in strings(korean[kind]):
            for part in NOT_HANGUL.split(composed(text)):
                name = " ".join(part.split())
                if len(name) > 1:
                    yield name


def strings(values) -> Iterator[str]:
    """Every string in nested mappings, in the order of their keys."""
    if isinstance(values, str):
        yield values
    elif hasattr(values, "items"):
        for _, value in sorted(values.items(), key=lambda item: str(item[0])):
            yield from strings(value)
