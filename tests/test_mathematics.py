"""Formulas: each is set while the site is built, and by what shows notebooks elsewhere; a bad one ends the build."""

import json
import subprocess
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from press import fonts
from press.book import Book
from press.manuscript import Manuscript
from press.markdown import formulas
from press.mathematics import KATEX, FormulaError, letters, set_pages, typeset

ROOT = Path(__file__).parents[1]
MODULES = ROOT / "node_modules"


def formulas_of_the_book() -> list[tuple[str, bool]]:
    manuscript = Manuscript.open(Book.open(ROOT))
    return sorted({formula for source in manuscript.sources.values() for cell in source.cells
                   for text in cell.prose.values() for formula in formulas(text)})


def refused_by_mathjax(formulas) -> dict:
    done = subprocess.run(["node", "tests/formulas.mjs"], cwd=ROOT, input=json.dumps(formulas), capture_output=True,
                          text=True, check=True, encoding="utf-8")
    return {formula: error for formula, error in zip(formulas, json.loads(done.stdout), strict=True) if error}


def test_every_formula_can_be_set_on_the_site_and_in_a_notebook():
    formulas = formulas_of_the_book()
    assert len(formulas) > 300
    failed = {formula: html for formula, html in zip(formulas, typeset(formulas, MODULES)) if isinstance(html, dict)}
    assert failed == {}
    assert refused_by_mathjax(formulas) == {}


@pytest.mark.parametrize("tex", [r"\frac{1", r"\nosuchcommand", r"가", r"\bm{x}", r"\argmax x"])
def test_a_formula_that_one_of_them_refuses_is_found(tex):
    site, notebook = typeset([(tex, False)], MODULES)[0], refused_by_mathjax([(tex, False)])
    assert isinstance(site, dict) or notebook


def page(folder: Path, *formulas: str) -> Path:
    path = folder / "ko/page.html"
    path.parent.mkdir(exist_ok=True)
    inline = "".join(f'<p><span class="math notranslate nohighlight">\\({tex}\\)</span>는</p>' for tex in formulas)
    path.write_text(inline + '<div class="math notranslate nohighlight">\n\\[\\sum_t x_t\\]</div>', encoding="utf-8")
    return path


def test_formulas_become_html_with_mathml(tmp_path):
    path = page(tmp_path, "a &lt; b", "h^{(t)}", "a &lt; b")
    assert set_pages(tmp_path, MODULES) == 3
    text = path.read_text("utf-8")
    assert text.count('<span class="math"><span class="katex">') == 3 and "notranslate" not in text
    assert '<div class="math"><span class="katex-display">' in text
    assert text.count("<math ") == 4 and '<annotation encoding="application/x-tex">a &lt; b</annotation>' in text


def test_a_formula_that_cannot_be_set_names_its_page(tmp_path):
    path = page(tmp_path, r"\frac{1")
    before = path.read_text("utf-8")
    with pytest.raises(FormulaError, match=r"ko/page\.html: '\\\\frac\{1': KaTeX parse error"):
        set_pages(tmp_path, MODULES)
    assert path.read_text("utf-8") == before


def test_a_shape_of_one_axis_has_no_space_before_its_bracket():
    one, two = typeset([("(E,)", False), ("(E, T)", False)], MODULES)
    assert 'class="mspace"' not in one and 'class="mspace"' in two


def test_hangul_stands_inside_text_only():
    inside, outside = typeset([(r"\text{손실 } L", False), ("손실 L", False)], MODULES)
    assert "손실" in inside and "unicodeTextInMathMode" in outside["error"]


def test_every_sign_of_a_formula_stays_in_the_font_that_is_cut_down(tmp_path):
    page(tmp_path, r"a \ne b", "c~d")                      # the stroke through = has no letter of its own: U+E020
    set_pages(tmp_path, MODULES)
    whole = MODULES / KATEX / "fonts/KaTeX_Main-Regular.woff2"
    fonts._subset(whole, tmp_path / "cut.woff2", letters(tmp_path), ["*"])
    with TTFont(whole) as before, TTFont(tmp_path / "cut.woff2") as after:
        drawn = {ord(letter) for letter in letters(tmp_path)} & set(before.getBestCmap())
        assert {0xE020, 0xA0} <= drawn <= set(after.getBestCmap())
