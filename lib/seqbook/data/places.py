"""Names of places, letter by letter, in English and in Korean."""

import unicodedata

from seqbook.data.names import names
from seqbook.data.split import Split
from seqbook.data.vocabulary import composed

MARKS = {"en": "@", "ko": "#"}    # what a name begins with: the language that it is written in
END = "\n"


def places() -> Split:
    """Cities and territories as (name, language): ("Seoul", "en"), ("서울", "ko"), about 1,150 to learn from.

    Source: Unicode CLDR as the package `babel` carries it (Unicode licence), through `names`, whose split it keeps: a
    place is in one part in both languages, one in ten in `test`. Names with other signs than letters, blanks, hyphens,
    full stops and apostrophes are left out ("Antigua & Barbuda"), and in `test` those with a letter that no name to
    learn from has.
    """
    kinds = [names(kind) for kind in ("cities", "territories")]
    train, test = ([pair for split in kinds for pair in getattr(split, part)] for part in ("train", "test"))
    taken = {name for pair in train for name in pair}    # Curacao and Curaçao have one Korean name
    train, test = written(train), written(pair for pair in test if not taken & set(pair))
    known = set("".join(map(spelled, train)))
    return Split(train=train, test=[pair for pair in test if known.issuperset(spelled(pair))])


def written(pairs) -> list[tuple[str, str]]:
    """The plain ones of pairs (English, Korean) as (name, language), each once."""
    named = [(name, language) for pair in pairs if all(map(is_plain, "".join(pair)))
             for name, language in zip(pair, MARKS)]
    return list(dict.fromkeys(named))


def is_plain(character: str) -> bool:
    """Whether a name that can be generated may hold `character`."""
    return character.isalpha() or character in " -.'’"


def spelled(pair: tuple[str, str]) -> str:
    """The mark of the language, the letters, and the end: ("서울", "ko") → "#서울\\n", its syllables taken apart.

    A Hangul syllable is two or three letters (jamo), "é" is "e" and its accent: Unicode's form NFD.
    """
    name, language = pair
    return MARKS[language] + unicodedata.normalize("NFD", name) + END


def unspelled(letters: str) -> str:
    """The name that `letters` spell, whole syllables again; a mark and the end are taken off."""
    return composed(letters.strip("".join(MARKS.values()) + END))
