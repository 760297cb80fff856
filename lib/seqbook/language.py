"""The language of the page: one setting that widgets, checkers and figures share."""

LANGUAGES = ("ko", "en")
_current = "en"


def check_language(lang: str) -> str:
    """`lang` itself, or a ValueError where the book does not speak it."""
    if lang not in LANGUAGES:
        raise ValueError(f"lang must be one of {LANGUAGES}, got {lang!r}")
    return lang


def set_language(lang: str) -> None:
    """Set the page's language, "ko" or "en"."""
    global _current
    _current = check_language(lang)


def get_language() -> str:
    """The page's language; "en" until `set_language` was called."""
    return _current
