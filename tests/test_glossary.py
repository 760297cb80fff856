"""One name for one thing: the glossary is whole, and the book's prose keeps to it."""

import re
from pathlib import Path

import nbformat
import pytest
import yaml

ROOT = Path(__file__).parents[1]
GLOSSARY = ROOT / "lib/press/glossary.yml"
ENTRIES, WORDS = yaml.safe_load_all(GLOSSARY.read_text(encoding="utf-8"))
LANGUAGES = ("ko", "en")
KEYS = {"ko", "en", "symbol", "definition", "avoid"}    # and "unless", where a form has right uses
KOREAN = ENTRIES + [word | {"avoid": {"ko": word["avoid"]}} for word in WORDS]    # all that Korean prose keeps to


# --- the rules, each a function from data to the list of its faults ---------------------------------------------------

def malformed(entries: list[dict]) -> list[str]:
    """Entries without exactly the agreed keys, or with a term or definition missing in one of the two languages."""
    faults = []
    for entry in entries:
        name = entry.get("en") or entry.get("ko") or "an entry without a term"
        by_language = [entry.get("definition", {}).keys(), entry.get("avoid", {}).keys()]
        if entry.keys() - {"unless"} != KEYS or by_language != [set(LANGUAGES)] * 2:
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
    """The forbidden forms of `language` in `text`, each with what is around it and the term to use instead."""
    faults = []
    for entry in entries:
        rest = text
        for right in entry.get("unless", []):
            rest = rest.replace(right, " ")
        faults += [f"{found[0]!r} in {rest[max(found.start() - 12, 0):found.end() + 12]!r}: use {entry[language]!r}"
                   for form in entry["avoid"][language] for found in form_pattern(form, language).finditer(rest)]
    return faults


def useless(words: list[dict]) -> list[str]:
    """Everyday words without forms to avoid, and right uses that contain none of these forms."""
    faults = []
    for word in words:
        if word.keys() - {"unless"} != {"ko", "avoid"} or not word["avoid"]:
            faults.append(f"{word.get('ko')}: wanted ko, avoid and perhaps unless")
        faults += [f"{right}: contains no form to avoid" for right in word.get("unless", [])
                   if not any(form_pattern(form, "ko").search(right) for form in word["avoid"])]
    return faults


def impolite(source: str) -> list[str]:
    """Korean alt texts with sentences that do not end in 니다, and Korean headings that are sentences but no question."""
    faults = [f"alt text: …{found[0]}" for alt in re.findall(r"<!-- alt ko: (.*?)-->", source, re.DOTALL)
              for found in re.finditer(r"[가-힣]*(?<!니)다(?=[.\s]*$|\.)", alt.strip())]
    without_code = re.sub("^```.*?^```", "", source, flags=re.DOTALL | re.MULTILINE)
    headings = re.findall("^#+ (.*[가-힣].*)$", without_code, re.MULTILINE)
    return faults + [f"heading: {heading}" for heading in headings
                     if re.search("(다|(?<![강개동소수주중필])요|까)[.?]?$", heading) and not heading.endswith("까요?")]


# --- the rules hold ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("rule", [malformed, repeated, unsorted])
def test_the_glossary_is_whole(rule):
    assert not rule(ENTRIES)


def test_no_word_is_recommended_and_avoided():
    assert not useless(WORDS)
    terms = [term for entry in ENTRIES for term in (entry["ko"], *entry["avoid"]["ko"])]
    terms += [word["ko"] for word in WORDS]
    assert not [f"{form} in {term}" for word in WORDS for form in word["avoid"] for term in terms
                if form_pattern(form, "ko").search(term)]


def test_definitions_use_the_terms():
    """A definition may name what its own entry avoids, so that a reader who knows the other name finds it."""
    assert not [f"{entry['en']}: {fault}" for entry in ENTRIES for language in LANGUAGES
                for rules in [KOREAN if language == "ko" else ENTRIES]
                for fault in forbidden(entry["definition"][language], language,
                                       [rule for rule in rules if rule is not entry])]


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


def korean_files() -> list[Path]:
    """Where readers see Korean: sources with their figures' labels and comments, widgets, checkers, interface, README.
    Not what is written from these: notebooks (chapters/ko, chapters/en), bundles (static)."""
    suffixes = {".py", ".js", ".yml", ".md", ".html"}
    paths = [path for folder in ("chapters", "lib/seqbook", "lib/press") for path in sorted((ROOT / folder).rglob("*"))
             if path.suffix in suffixes and not {*LANGUAGES, "static"} & set(path.parts)
             and not path.name.endswith(".test.js") and path != GLOSSARY]
    return paths + [path for path in (ROOT / "README.md", ROOT / "_config.yml") if path.exists()]


def test_labels_hints_and_readme_use_the_korean_terms():
    paths = korean_files()
    assert {"long-term-dependencies.md", "labels.js", "messages.py", "interface.yml"} <= {path.name for path in paths}
    assert not {str(path.relative_to(ROOT)): faults for path in paths
                if (faults := forbidden(path.read_text(encoding="utf-8"), "ko", KOREAN))}


def test_alt_texts_and_headings_are_in_the_books_style():
    assert not {str(path.relative_to(ROOT)): faults for path in (ROOT / "chapters").rglob("*.md")
                if (faults := impolite(path.read_text(encoding="utf-8")))}


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


@pytest.mark.parametrize("text, found", [
    ("한 걸음 뒤에", True), ("한 시점 뒤에", False), ("⟦씨앗|seed⟧", True), ("RNN과 견줍니다", True), ("그 까닭은", True),
    ("긴 글을 토막으로", True), ("남는 몫은", True), ("나눗셈의 몫은", False), ("마디 하나", True), ("한마디로", False),
    ("배울 수의 개수", True), ("배울 수가 없습니다", False), ("인자로 받은", True), ("행렬 곱을", True), ("행렬 곱하기", False),
    ("가중치, 곧 매개변수", True), ("값을 넣으면, 곧바로 나옵니다", False), ("이 쪽을 보세요", True), ("왼쪽을 보세요", False),
])
def test_the_old_words_are_found(text, found):
    assert bool(forbidden(text, "ko", KOREAN)) is found


@pytest.mark.parametrize("word", [{"ko": "이유", "avoid": []}, {"ko": "이유"}, {"avoid": ["까닭"]},
                                  {"ko": "이유", "avoid": ["까닭"], "unless": ["이유"]}])
def test_a_useless_word_is_found(word):
    assert not useless([{"ko": "이유", "avoid": ["까닭"], "unless": ["까닭수"]}])
    assert useless([word])


@pytest.mark.parametrize("source, found", [
    ("<!-- alt ko: 선이 내려간다. -->", True), ("<!-- alt ko: 선이 내려간다. 점도 있습니다.\n-->", True),
    ("<!-- alt ko: 선이 바다 위로 내려갑니다. 두 점. -->", False), ("## 기울기가 사라진다", True), ("## 기울기가 사라집니다", True),
    ("## 왜 사라질까", True), ("## 왜 사라질까요?", False), ("## 사라지는 기울기", False), ("## 교사 강요", False),
    ("## 기울기가 사라져요", True), ("```python\n# 더한다\n```\n", False),
])
def test_other_styles_are_found(source, found):
    assert bool(impolite(source)) is found
