"""The book's glossary page, made from glossary.yml."""

from pathlib import Path

import yaml

SOURCE = Path(__file__).parent / "glossary.yml"
WORDS = {
    "ko": ("용어", "이 책의 모든 쪽은 아래의 말을 씁니다. 용어마다 영어 이름과, 있으면 기호를 함께 적습니다."),
    "en": ("Glossary", "Every page of this book uses these terms; the Korean name and, where there is one, the symbol "
                       "stand beside each."),
}


def page(language: str) -> str:
    """The Markdown of the glossary page in `language`, the terms in that language's order."""
    title, lead = WORDS[language]
    other = "en" if language == "ko" else "ko"
    entries = sorted(yaml.safe_load(SOURCE.read_text("utf-8")), key=lambda entry: entry[language].lower())
    terms = "\n\n".join(_term(entry, language, other) for entry in entries)
    return f"# {title}\n\n{lead}\n\n```{{glossary}}\n{terms}\n```\n"


def _term(entry: dict, language: str, other: str) -> str:
    names = " · ".join(part for part in (f"**{entry[other]}**", entry["symbol"]) if part)
    return f"{entry[language]}\n  {names}\n\n  {entry['definition'][language]}"
