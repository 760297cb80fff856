"""What every chapter's page owes its reader: something to look at soon, folds that open, formulas on one sheet."""

import pytest

from press.markdown import DEEPER
from tests.site.test_pages import BOOK, LANGUAGES, NOTEBOOKS

pytestmark = pytest.mark.browser

CHAPTERS = [name for name in NOTEBOOKS if not name.startswith("start/")]
A_SCREENFUL_AND_A_HALF = 1.5 * 800    # px of a page 1280 wide
SHEET = 261 / 25.4 * 96               # px: an A4 sheet's height without its margins, as book.css has them
SHEET_WIDTH = round(178 / 25.4 * 96)

every_chapter = pytest.mark.parametrize("chapter", CHAPTERS)
both_languages = pytest.mark.parametrize("language", LANGUAGES)


@every_chapter
@both_languages
def test_something_to_look_at_or_to_touch_comes_soon(tab, language, chapter):
    page = tab(height=800).open(f"{language}/{chapter}.html")
    first = page.locator(".prose :is(.cell_output img, .seqbook-widget)").first
    assert first.evaluate("(each) => each.getBoundingClientRect().top + scrollY") < A_SCREENFUL_AND_A_HALF


@every_chapter
@both_languages
def test_what_goes_deeper_is_closed_until_it_is_asked_for(tab, language, chapter):
    page = tab().open(f"{language}/{chapter}.html")
    folds = page.locator("details.deeper").all()
    assert folds, "every chapter keeps something off its main path"
    for fold in folds:
        inside = fold.locator(":scope > :not(summary)").first
        summary = fold.locator(":scope > summary")
        assert summary.inner_text().startswith(DEEPER[language]) and summary.locator("a").count() == 0
        assert not inside.is_visible()
        summary.focus()
        page.keyboard.press("Enter")
        assert inside.is_visible()
        summary.click()
        assert not inside.is_visible()


@both_languages
def test_an_address_opens_the_fold_that_it_leads_to(tab, language):
    path = f"{language}/{CHAPTERS[0]}.html"
    page = tab().open(path)
    anchor = page.locator("section:has(> details.deeper)").first.get_attribute("id")
    page.locator(f".page-toc a[href='#{anchor}']").click()
    assert page.locator(f"#{anchor} > details").evaluate("(fold) => fold.open")
    page = tab().open(f"{path}#{anchor}")
    assert page.locator(f"#{anchor} > details").evaluate("(fold) => fold.open")
    page.wait_for_function("(id) => Math.abs(document.getElementById(id).getBoundingClientRect().top) < 200",
                           arg=anchor)


def test_a_closed_section_is_never_where_the_reader_is(tab):
    """Its subsections have no place on the screen; the contents must not mark them as being read."""
    page = tab().open(f"en/{CHAPTERS[0]}.html")
    page.evaluate("""() => {
        const fold = document.querySelector("details.deeper");
        fold.append(Object.assign(document.createElement("section"), { id: "inside" }));
        document.getElementById("takeaway").scrollIntoView();
    }""")
    page.wait_for_function("document.querySelector('.page-toc [aria-current]')?.hash === '#takeaway'")


@every_chapter
@both_languages
def test_the_formulas_print_on_one_sheet(tab, language, chapter):
    page = tab(width=SHEET_WIDTH).open(f"{language}/{chapter}.html")
    page.emulate_media(media="print")
    formulas = page.locator("#formulas")
    assert formulas.evaluate("(each) => getComputedStyle(each).breakBefore") == "page"
    assert 100 < formulas.evaluate("(each) => each.getBoundingClientRect().height") < SHEET


def test_every_chapter_is_looked_at():
    assert set(CHAPTERS) == {page for page in BOOK.manuscripts if not page.startswith("start/")}
