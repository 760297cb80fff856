"""Names of countries and languages in several languages: which of them is a name written in?"""

from collections import Counter

from seqbook.data.split import Split, is_held_out, require
from seqbook.data.vocabulary import composed

LANGUAGES = ("de", "en", "es", "fi", "pl", "tr")
KINDS = "territories", "languages"


def names_by_language() -> Split:
    """Names of countries and languages in German, English, Spanish, Finnish, Polish and Turkish, as (name, language).

    Source: Unicode CLDR as the package `babel` carries it (Unicode licence); about 2,800 names to learn from, in lower
    case: ("saksa", "fi"), ("niemcy", "pl"). Names that two of the six share ("peru") are left out, and those with a
    bracket. One thing in ten is in `test`, in all six languages: no two names of one country stand in two parts.
    """
    locale = require("babel.core", "babel").Locale
    named = [(kind + code, composed(name).lower(), language) for kind in KINDS for language in LANGUAGES
             for code, name in sorted(getattr(locale.parse(language), kind).items()) if not {"(", "["} & set(name)]
    times = Counter(name for _, name, _ in named)
    parts = {part: [(name, language) for thing, name, language in named
                    if times[name] == 1 and is_held_out(thing) == (part == "test")] for part in ("train", "test")}
    return Split(**parts)
