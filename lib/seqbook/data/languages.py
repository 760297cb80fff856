"""Names of countries and languages in several languages: which of them is a name written in?"""

from collections import Counter
from typing import NamedTuple

from seqbook.data.split import Split, is_held_out, require
from seqbook.data.vocabulary import composed

LANGUAGES = ("de", "en", "es", "fi", "pl", "tr")
KINDS = "territories", "languages"


class Written(NamedTuple):
    """The name of a thing in one of the languages."""

    name: str        # in lower case
    language: str    # "de", "en" …
    thing: str       # what it names, CLDR's code: "territories DE"


def names_by_language() -> Split:
    """Names of countries and languages in German, English, Spanish, Finnish, Polish and Turkish, each a `Written`.

    Source: Unicode CLDR as the package `babel` carries it (Unicode licence); about 2,700 names to learn from, in lower
    case: ("saksa", "fi", "territories DE"). Names that two of the six share ("peru") are left out, and those with a
    bracket. One thing in ten is in `test`, in all six languages: no two names of one country stand in two parts.
    """
    locale = require("babel.core", "babel").Locale
    named = [Written(composed(name).lower(), language, f"{kind} {code}") for kind in KINDS for language in LANGUAGES
             for code, name in sorted(getattr(locale.parse(language), kind).items()) if not {"(", "["} & set(name)]
    times = Counter(each.name for each in named)
    kept = [each for each in named if times[each.name] == 1]
    return Split(train=[each for each in kept if not is_held_out(each.thing)],
                 test=[each for each in kept if is_held_out(each.thing)])
