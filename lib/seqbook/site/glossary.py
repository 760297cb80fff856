"""The book's glossary page, made from glossary.yml."""

from pathlib import Path

import yaml

SOURCE = Path(__file__).parent / "glossary.yml"
WORDS = {
    "ko": ("용어", "이 책의 모든 쪽은 아래의 말을 씁니다.", ("용어", "영어", "뜻", "기호와 모양")),
    "en": ("Glossary", "Every page of this book uses these terms.", ("Term", "Korean", "Meaning", "Symbol and shape")),
}


def page(language: str) -> str:
    """The Markdown of the glossary page in `language`: one row a term, in the language's own order."""
    title, lead, columns = WORDS[language]
    other = "en" if language == "ko" else "ko"
    entries = sorted(yaml.safe_load(SOURCE.read_text("utf-8")), key=lambda entry: entry[language].lower())
    rows = [(f"**{entry[language]}**", entry[other], entry["definition"][language],
             entry["symbol"]) for entry in entries]
    lines = [f"# {title}", "", lead, "", _row(columns), _row(["---"] * len(columns)), *map(_row, rows)]
    return "\n".join(lines) + "\n"


def _row(cells) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"
