"""Names of places and languages, in English and in Korean."""

from seqbook.data.split import Split, is_held_out, require
from seqbook.data.vocabulary import composed

KINDS = ("cities", "territories", "languages")

# The Korean says another thing than the zone's name: a newer name, an added word.
UNLIKE = {"Asia/Calcutta", "Antarctica/DumontDUrville", "America/Lower_Princes", "Atlantic/Canary", "Atlantic/Faeroe",
          "Pacific/Easter", "Etc/UTC", "Etc/Unknown"}


def names(kind: str = "cities") -> Split:
    """Pairs (English, Korean) such as ("Seoul", "서울"); `kind`: "cities", "territories", "languages" or "all".

    Source: Unicode CLDR as the package `babel` carries it (Unicode licence): about 400 cities (the places that stand
    for the time zones), 290 territories, 580 languages. One in ten is in `test`; no name, English or Korean, occurs
    twice, neither in two parts nor in two kinds of "all". Cities are spelled as in the zone's identifier
    ("Sao Paulo"), since the Korean names follow the identifiers and not CLDR's newer English names (Nuuk, 고드호프).
    """
    if kind not in (*KINDS, "all"):
        raise ValueError(f"kind must be one of {[*KINDS, 'all']}, got {kind!r}")
    locale = require("babel.core", "babel").Locale
    english, korean = locale.parse("en"), locale.parse("ko")
    pairs = []
    for name in KINDS if kind == "all" else (kind,):
        if name == "cities":
            pairs += [(zone.rpartition("/")[2].replace("_", " "), data["city"])
                      for zone, data in sorted(korean.time_zones.items()) if zone not in UNLIKE and "city" in data]
        else:
            ours, theirs = getattr(korean, name), getattr(english, name)
            pairs += [(theirs[code], ours[code]) for code in sorted(ours) if code in theirs]
    seen, kept = set(), []
    for english_name, korean_name in (map(composed, pair) for pair in pairs):
        keys = {("en", english_name.casefold()), ("ko", korean_name.replace(" ", ""))}
        if "," in korean_name or keys & seen:  # "인디애나주, 녹스" carries its state, the zone's name does not
            continue
        seen |= keys
        kept.append((english_name, korean_name))
    return Split(train=[pair for pair in kept if not is_held_out(pair[0])],
                 test=[pair for pair in kept if is_held_out(pair[0])])
