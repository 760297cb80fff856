"""One name for one thing: the glossary is whole, and the book's prose keeps to it."""

import re
from pathlib import Path

import nbformat
import pytest
import yaml

ROOT = Path(__file__).parents[1]
GLOSSARY = ROOT / "lib/press/glossary.yml"
ENTRIES = yaml.safe_load(GLOSSARY.read_text(encoding="utf-8"))
LANGUAGES = ("ko", "en")
KEYS = {"ko", "en", "symbol", "definition", "avoid"}


# --- the rules, each a function from data to the list of its faults ---------------------------------------------------

def malformed(entries: list[dict]) -> list[str]:
    """Entries without exactly the agreed keys, or with a term or definition missing in one of the two languages."""
    faults = []
    for entry in entries:
        name = entry.get("en") or entry.get("ko") or "an entry without a term"
        by_language = [entry.get("definition", {}).keys(), entry.get("avoid", {}).keys()]
        if entry.keys() != KEYS or by_language != [set(LANGUAGES)] * 2:
            faults.append(f"{name}: wanted the keys {sorted(KEYS)} and both languages in definition and avoid")
            continue
        for language in LANGUAGES:
            hangul = bool(re.search("[가-힣]", entry[language])), bool(re.search("[가-힣]", entry["definition"][language]))
            if hangul != (language == "ko",) * 2:
                faults.append(f"{name}: term and definition of {language} must be written in {language}")
            if not entry["definition"][language].endswith("."):
                faults.append(f"{name}: the definition of {language} must be whole sentences")
        if not isinstance(entry["symbol"], str) or entry["symbol"].count("$") % 2:
            faults.append(f"{name}: symbol must be Markdown text with paired $, got {entry['symbol']!r}")
    return faults


def repeated(entries: list[dict]) -> list[str]:
    """Terms defined twice, and forms that one entry recommends and another, or the same, forbids."""
    faults = []
    for language in LANGUAGES:
        terms = [entry[language].casefold() for entry in entries]
        faults += [f"{term}: defined more than once" for term in sorted(set(terms)) if terms.count(term) > 1]
        faults += [f"{form}: forbidden by {entry['en']!r}, but part of the term {term!r}"
                   for entry in entries for form in entry["avoid"][language] for term in terms
                   if form_pattern(form, language).search(term)]
    return faults


def unsorted(entries: list[dict]) -> list[str]:
    """Terms that do not come after the one before them, by the English term."""
    terms = [entry["en"].casefold() for entry in entries]
    return [f"{after} comes after {before}" for before, after in zip(terms, terms[1:]) if before > after]


def form_pattern(form: str, language: str) -> re.Pattern:
    """Korean forms are found inside words too, as particles follow; English ones as whole words, plurals included."""
    spaced = r"\s+".join(map(re.escape, form.split()))
    return re.compile(spaced if language == "ko" else rf"(?<![\w-]){spaced}s?(?![\w-])", re.IGNORECASE)


def prose(markdown: str) -> str:
    """Markdown without what is not prose: code, math, addresses."""
    markdown = re.sub(r"^(```|~~~).*?^\1", " ", markdown, flags=re.S | re.M)
    markdown = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$|`[^`\n]+`", " ", markdown, flags=re.S)
    return re.sub(r"\]\([^)]*\)|<https?://[^>]*>", "]", markdown)


def forbidden(text: str, language: str, entries: list[dict]) -> list[str]:
    """The forbidden forms of `language` in `text`, each with the term to use instead."""
    return [f"{found[0]!r}: use {entry[language]!r}" for entry in entries for form in entry["avoid"][language]
            if (found := form_pattern(form, language).search(text))]


# --- the rules hold ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("rule", [malformed, repeated, unsorted])
def test_the_glossary_is_whole(rule):
    assert not rule(ENTRIES)


def pages(language: str) -> dict[Path, str]:
    texts = {}
    for path in sorted((ROOT / "chapters" / language).rglob("*")):
        if path.suffix == ".md":
            texts[path] = prose(path.read_text(encoding="utf-8"))
        elif path.suffix == ".ipynb" and ".ipynb_checkpoints" not in path.parts:
            cells = nbformat.read(path, as_version=4).cells
            texts[path] = "\n\n".join(prose(cell.source) for cell in cells if cell.cell_type == "markdown")
    return texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chapters_use_the_terms(language):
    texts = pages(language)
    assert texts
    assert not {str(path.relative_to(ROOT)): faults for path, text in texts.items()
                if (faults := forbidden(text, language, ENTRIES))}


def test_labels_hints_and_readme_use_the_korean_terms():
    """Korean stands wherever a reader sees it: figures' labels, widgets, checkers, the README."""
    folders = ("chapters", "lib/seqbook/checks", "lib/seqbook/exercises", "lib/seqbook/widgets", "lib/press/theme")
    suffixes = {".py", ".js", ".yml", ".md", ".html", ".ipynb"}
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*")
             if path.suffix in suffixes and not {".ipynb_checkpoints", "static"} & set(path.parts)]
    paths += [path for path in [ROOT / "README.md"] if path.exists()]
    assert not {str(path.relative_to(ROOT)): faults for path in paths
                if (faults := forbidden(path.read_text(encoding="utf-8"), "ko", ENTRIES))}


# --- and can fail -----------------------------------------------------------------------------------------------------

GOOD = {"ko": "트랜스포머", "en": "Transformer", "symbol": "$Q$", "definition": {"ko": "모형입니다.", "en": "A model."},
        "avoid": {"ko": ["변압기"], "en": ["transformator"]}}


@pytest.mark.parametrize("change", [
    {"shape": "(B,)"}, {"ko": ""}, {"en": "트랜스포머"}, {"symbol": "$Q"}, {"symbol": None},
    {"definition": {"ko": "모형입니다."}}, {"definition": {"ko": "A model.", "en": "A model."}},
    {"definition": {"ko": "모형입니다", "en": "A model."}}, {"avoid": {"ko": []}},
])
def test_a_broken_entry_is_found(change):
    assert not malformed([GOOD])
    assert malformed([GOOD | change])


@pytest.mark.parametrize("other", [{"en": "model"}, {"ko": "모형"}, {"ko": "변압기", "en": "model"},
                                   {"ko": "모형", "en": "transformators"}])
def test_a_term_defined_twice_or_forbidden_elsewhere_is_found(other):
    assert not repeated([GOOD])
    assert repeated([GOOD, GOOD | {"avoid": {"ko": [], "en": []}} | other])


def test_unsorted_terms_are_found():
    assert unsorted([GOOD, GOOD | {"en": "attention"}]) and not unsorted([GOOD | {"en": "attention"}, GOOD])


@pytest.mark.parametrize("language, text, found", [
    ("ko", "변압기를 씁니다.", True), ("ko", "트랜스포머를 씁니다.", False), ("ko", "`변압기`라는 변수", False),
    ("ko", "[그림](변압기.ipynb)", False), ("ko", "```\n변압기\n```\n", False),
    ("en", "two Transformators", True), ("en", "the transformator-like", False), ("en", "$transformator$", False),
    ("en", "a trans-\nformator", False), ("en", "transformatory", False),
])
def test_forbidden_forms_are_found_in_prose_only(language, text, found):
    assert bool(forbidden(prose(text), language, [GOOD])) is found


def test_a_form_broken_over_two_lines_is_found():
    assert forbidden("the hidden layer\nstate", "en", [GOOD | {"avoid": {"ko": [], "en": ["layer state"]}}])
