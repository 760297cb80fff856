"""The language of the page: one setting that widgets, checkers and figures share."""

LANGUAGES = ("ko", "en")
_current = "en"


def check_language(lang: str) -> None:
    """Raise ValueError unless the book speaks `lang`."""
    if lang not in LANGUAGES:
        raise ValueError(f"lang must be one of {LANGUAGES}, got {lang!r}")


def set_language(lang: str) -> None:
    """Set the page's language, "ko" or "en"."""
    global _current
    check_language(lang)
    _current = lang


def get_language() -> str:
    """The page's language; "en" until `set_language` was called."""
    return _current
