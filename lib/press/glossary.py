"""The book's glossary page, made from glossary.yml."""

from pathlib import Path

import yaml

SOURCE = Path(__file__).parent / "glossary.yml"
WORDS = {
    "ko": ("용어", "이 책에서 쓰는 용어입니다. 영어 이름을 함께 적고, 기호가 있는 용어에는 기호도 적었습니다."),
    "en": ("Glossary", "Every page of this book uses these terms; the Korean name and, where there is one, the symbol "
                       "stand beside each."),
}


def page(book, language: str) -> str:
    """The Markdown of the glossary page in `language`, the terms in that language's order."""
    title, lead = WORDS[language]
    other = "en" if language == "ko" else "ko"
    entries, _ = yaml.safe_load_all(SOURCE.read_text("utf-8"))    # the terms; everyday words, for the tests only
    entries = sorted(entries, key=lambda entry: entry[language].lower())
    terms = "\n\n".join(_term(entry, language, other) for entry in entries)
    return f"# {title}\n\n{lead}\n\n```{{glossary}}\n{terms}\n```\n"


def _term(entry: dict, language: str, other: str) -> str:
    names = " · ".join(part for part in (f"**{entry[other]}**", entry["symbol"]) if part)
    return f"{entry[language]}\n  {names}\n\n  {entry['definition'][language]}"
