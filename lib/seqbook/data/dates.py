"""Dates as people write them, in Korean, English and German, with their ISO form."""

import re
from datetime import datetime, timedelta

import numpy as np

from seqbook.data.split import Split, is_held_out, require
from seqbook.data.vocabulary import composed

LOCALES = {"ko": ("ko",), "en": ("en", "en_GB"), "de": ("de",)}
TIMES = {"ko": ("Bhm", "Hm", "Hms"), "en": ("hm", "Hm", "h"), "de": ("Hm", "Hms", "H")}  # names of CLDR skeletons
FIRST_DAY, DAYS = datetime(1950, 1, 1), 36525  # a century, so that two digits name one year


def dates(language: str = "ko", *, train: int = 20_000, test: int = 1_000, seed: int = 0) -> Split:
    """Pairs (text, ISO date) such as ("2026년 3월 9일 월요일", "2026-03-09"), `train` and `test` of them.

    Source: the date patterns of Unicode CLDR as the package `babel` carries them (Unicode licence): every pattern with
    year, month and day, alone and with a time of day, 44 to 72 in each `language` ("ko", "en", "de", or "all" for
    a mixture). All texts of a split are different. One day in ten is held out: its ISO date occurs only in `test`, in
    all languages. Asking for fewer gives the first pairs of the same sequence; another `seed` draws other pairs.

    What a text alone would leave open is settled so that each has exactly one reading: days lie in 1950 … 2049, hence
    two digits name one year; month/day/year is the American order, and British patterns take part only where the
    month is a word. Narrow and no-break spaces become plain ones.
    """
    if language not in (*LOCALES, "all"):
        raise ValueError(f"language must be one of {[*LOCALES, 'all']}, got {language!r}")
    patterns = [pattern for name in LOCALES if language in (name, "all") for pattern in date_patterns(name)]
    days = [FIRST_DAY + timedelta(days=day) for day in range(DAYS)]
    held_out = [is_held_out(f"{day:%Y-%m-%d}") for day in days]
    parts = []
    for stream, (name, size) in enumerate({"train": train, "test": test}.items()):
        pool = [day for day, held in zip(days, held_out) if held == (name == "test")]
        limit = len(pool) * len(patterns) // 2
        if not 0 <= size <= limit:
            raise ValueError(f"{name} must lie in 0 … {limit} for language {language!r}, got {size}")
        parts.append(_draw(pool, patterns, size, np.random.default_rng([seed, stream])))
    return Split(*parts)


def date_patterns(language: str) -> list:
    """The patterns of `language`, all different, as Babel's (locale, parsed pattern); each has year, month and day."""
    core = require("babel.core", "babel")
    parse = require("babel.dates", "babel").parse_pattern
    found = {}
    for name in LOCALES[language]:
        locale = core.Locale.parse(name)
        skeletons = {key: value.pattern for key, value in locale.datetime_skeletons.items()}
        glue = str(locale.datetime_formats["medium"])
        for date in [*(value.pattern for value in locale.date_formats.values()), *skeletons.values()]:
            if not is_whole_date(date) or (name != LOCALES[language][0] and "MMM" not in date):
                continue
            found.setdefault(date, locale)
            for time in TIMES[language]:
                found.setdefault(glue.replace("{1}", date).replace("{0}", skeletons[time]), locale)
    return [(locale, parse(pattern)) for pattern, locale in found.items()]


def is_whole_date(pattern: str) -> bool:
    """Whether a CLDR pattern shows year, month and day, and besides only weekday or era."""
    fields = set(re.sub(r"'[^']*'", "", pattern)) & set("GyYuUrQqMLlwWdDFgEecabBhHKkjJCmsSAzZOvVXx")
    return {"y", "d"} <= fields and bool(fields & {"M", "L"}) and fields <= set("GyMLdEc")


def _draw(days: list[datetime], patterns: list, size: int, rng: np.random.Generator) -> list[tuple[str, str]]:
    pairs = {}
    while len(pairs) < size:
        day = days[rng.integers(len(days))] + timedelta(seconds=int(rng.integers(24 * 60 * 60)))
        locale, pattern = patterns[rng.integers(len(patterns))]
        text = composed(re.sub(r"\s", " ", pattern.apply(day, locale)))
        pairs.setdefault(text, f"{day:%Y-%m-%d}")
    return list(pairs.items())
