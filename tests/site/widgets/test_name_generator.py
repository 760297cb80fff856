"""The name generator in a browser: names, tags and probabilities are those that Python computes."""

import numpy as np
import pytest

from seqbook.data import places, unspelled
from seqbook.models.writer import load_writer
from seqbook.widgets import NameGenerator
from tests.site.widgets.hosted import both_languages, drag, number

pytestmark = pytest.mark.browser

LETTERS = load_writer().letters


def names(**arguments) -> list[str]:
    """The names that Python draws at these settings."""
    rows = NameGenerator(**arguments).numbers()["names"].astype(int)
    return [unspelled("".join(LETTERS[i] for i in row if i)) for row in rows]


def shown_names(shown) -> list[str]:
    return shown.element.locator(".sb-place").all_inner_texts()


@both_languages
def test_names_are_python_s_at_every_setting(show, language):
    shown = show(NameGenerator(lang=language))
    assert shown_names(shown) == names(lang=language) and len(shown_names(shown)) == 8
    drag(shown.knob("temperature"), 0.3)
    shown.settle()
    assert shown_names(shown) == names(lang=language, temperature=0.3)
    shown.knob("start").fill({"ko": "서", "en": "San"}[language])
    shown.settle()
    assert shown_names(shown) == names(lang=language, temperature=0.3, start={"ko": "서", "en": "San"}[language])
    shown.knob("draw").click()
    shown.settle()
    assert shown.get("draw") == 2
    other = {"ko": "en", "en": "ko"}[language]
    shown.knob("language").select_option(other)
    shown.settle()
    start = shown.get("start")
    assert shown_names(shown) == names(lang=language, language=other, temperature=0.3, start=start, draw=2)


def test_bars_are_the_likeliest_letters_with_their_probabilities(show):
    shown = show(NameGenerator(lang="en", start="Sa", temperature=1.0))
    p = np.sort(NameGenerator(lang="en", start="Sa", temperature=1.0).numbers()["next"])[::-1][:8]
    shares = [number(text.rstrip("%")) for text in shown.element.locator(".sb-share").all_inner_texts()]
    np.testing.assert_allclose(shares, 100 * p, atol=0.051)


def test_copies_and_held_out_places_are_told_apart(show):
    split = places()
    known, real = ({name for name, language in part if language == "en"} for part in (split.train, split.test))
    shown = show(NameGenerator(lang="en", temperature=0.1))
    seen = set()
    for start in ("Pari", "Seou", "Berli", "Zzz", *sorted(real)[:12]):
        shown.knob("start").fill(start)
        shown.settle()
        for item in shown.element.locator(".sb-names li").all():
            name = item.locator(".sb-place").inner_text()
            kind = "known" if name in known else "real" if name in real else "new"
            assert item.get_attribute("class") == f"sb-{kind}" and item.locator(".sb-tag").count() == (kind != "new")
            seen.add(kind)
    assert {"known", "new"} <= seen


def test_what_a_reader_types_is_text_and_unknown_signs_are_skipped(show):
    shown = show(NameGenerator(lang="en"))
    hostile = "<img src=x onerror=alert(1)>@#9"
    shown.knob("start").fill(hostile)
    shown.settle()
    assert shown.element.locator("img").count() == 0
    assert shown_names(shown) == names(lang="en", start=hostile)
    assert "Characters it never saw are skipped" in shown.words() and hostile in shown.words()


def test_the_button_works_by_key(show):
    shown = show(NameGenerator(lang="en"))
    before = shown_names(shown)
    shown.knob("draw").press("Enter")
    shown.settle()
    assert shown_names(shown) != before
