"""The live cells' interface, with an engine of the tests' own: buttons, editor, states, output, what is kept."""

import json
import re

import pytest
from playwright.sync_api import expect

from press.book import Book
from press.extension import INTERFACE
from seqbook.checks import EXERCISES
from tests.site.accessibility import findings
from tests.site.conftest import ROOT
from tests.site.live.conftest import CELLS, CHAPTER, SOON, Live

pytestmark = pytest.mark.browser

CELL, NEXT, STUB = "data", "forward-code", "softmax-gradient-stub"
EXERCISE = "bptt/softmax_gradient"
REPORT = """(id, code) => code.includes("right")
    ? { id, passed: true, text: "✓ Right", hints: [] }
    : { id, passed: false, text: `✗ Not right: ${code.match(/"(.*)"/)?.[1] ?? ""}\\n- 3 of 12`,
        hints: ["A sum is missing.", "Look at `logits`."] }"""


def words(live: Live, key: str, **values) -> str:
    return INTERFACE[live.language]["live"][key].format(**values)


# --- before anything is run ---

def test_a_page_asks_for_nothing_of_python_and_little_else_before_the_first_run(live_page):
    live = live_page()
    asked = [response.url for response in live.tab.responses]
    assert not [url for url in asked if "/_live/" in url or "live-" in url]
    (entry,) = [response for response in live.tab.responses if "/live.js" in response.url]
    assert len(entry.body()) < 3000


def test_every_cell_shows_the_code_that_is_run(tab, site):
    tab = tab(java_script_enabled=False)
    for page in ("rnn/bptt", "start/notation"):
        for language in ("ko", "en"):
            tab.page.goto(f"{tab.address}{language}/{page}.html")
            notebook = json.loads((site / f"{language}/{page}.ipynb").read_text("utf-8"))
            wanted = {cell["id"]: re.sub(r"\A# @title .*\n", "", "".join(cell["source"]))
                      for cell in notebook["cells"] if cell["cell_type"] == "code"}
            shown = tab.page.locator(".live-cell").evaluate_all(
                "(all) => all.map((one) => [one.id.slice(5), one.querySelector('pre').textContent])")
            assert {name: code.removesuffix("\n") for name, code in shown} == wanted


def test_without_scripts_there_are_no_dead_buttons(tab):
    tab = tab(java_script_enabled=False)
    tab.page.goto(f"{tab.address}en/{CHAPTER}.html")
    assert tab.page.locator(".live-bar").count() > 20
    assert tab.page.locator(".live-bar:visible, .page-actions button:visible").count() == 0


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_cell_that_needs_pytorch_leads_to_colab(live_page, language):
    live = live_page(language)
    cell = live.page.locator("#cell-table-code")
    expect(cell.locator(".live-torch")).to_contain_text(words(live, "torch"))
    assert "colab.research.google.com" in cell.locator(".live-torch a").get_attribute("href")
    assert cell.locator("[data-action]").count() == 0


def test_a_long_cell_says_how_long_it_takes(live_page):
    live = live_page()
    about = live.page.locator(".live-cell:has(> .cell .live-about)")
    seconds = about.evaluate_all("(all) => all.map((one) => Number(one.dataset.seconds))")
    assert seconds and min(seconds) * 3 >= 4
    rest = live.page.locator(".live-cell[data-kind=live]:not(:has(.live-about))")
    short = rest.evaluate_all("(all) => all.map((one) => Number(one.dataset.seconds ?? 0))")
    assert short and max(short) * 3 < 4


# --- running ---

@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_first_run_shows_size_and_progress_and_runs_the_setup_first(live, language):
    live = live(language)
    live.settings(hold=True)
    live.press(CELL, "run")
    expect(live.cell(CELL).locator(".live-state")).to_have_text(words(live, "loading", size="20"), timeout=SOON)
    expect(live.cell(CELL).locator("progress")).to_be_visible()
    expect(live.cell(CELL).locator(".live-seconds")).to_have_text(words(live, "loaded", done="10", total="20"))
    live.settings(hold=False)
    live.becomes(CELL, "done")
    assert live.cell(CELL).locator("progress").count() == 0
    assert live.ran() == ["setup", CELL]
    assert live.log[0][0] == "made" and live.log[0][2] == language
    live.run(NEXT)
    assert live.ran() == ["setup", CELL, NEXT]
    assert [entry[0] for entry in live.log].count("start") == 1


def test_what_the_book_shows_stays_until_the_first_word_of_a_run(live):
    live = live()
    before = live.output(CELL).inner_text()
    assert "t = 1" in before
    live.run(NEXT)
    live.write(CELL, '# hold\nprint("first")\nprint("second")')
    live.settings(hold=True)
    live.press(CELL, "run")
    live.becomes(CELL, "running")
    assert live.output(CELL).inner_text() == before
    live.settings(hold=False)
    live.becomes(CELL, "done")
    assert live.output(CELL).inner_text().split() == ["first", "second"]
    live.run(CELL, "x = 1")
    assert live.output(CELL).inner_text() == ""


def test_states_are_said_in_words(live):
    live = live("ko")
    said = live.cell(CELL).locator(".live-state")
    expect(said).to_have_text("실행 전")
    live.write(CELL, "# hold")
    expect(said).to_have_text("고침, 실행 전")
    live.settings(hold=True)
    live.press(CELL, "run")
    live.press(NEXT, "run")
    expect(live.cell(NEXT)).to_have_attribute("data-state", "waiting")
    live.settings(hold=False)
    live.becomes(NEXT, "done")
    expect(said).to_have_text("실행함")
    live.settings(hold=True)
    live.press(CELL, "run")
    expect(said).to_have_text("실행 중", timeout=SOON)
    expect(live.cell(CELL).locator(".live-seconds")).to_have_text("1초", timeout=SOON)
    live.settings(hold=False)
    live.becomes(CELL, "done")
    assert re.fullmatch(r"\d+(\.\d)?초", live.cell(CELL).locator(".live-seconds").inner_text())


def test_keys_run_a_cell_and_tab_leaves_the_editor(live):
    live = live()
    live.write(CELL, 'print("by key")')
    for count, key in enumerate(("Shift+Enter", "Control+Enter"), 1):
        live.page.keyboard.press(key)
        live.becomes(CELL, "done")
        live.page.wait_for_function("(count) => fakeEngine.log.filter((entry) => entry[1] === 'data').length === count",
                                    arg=count)
    assert live.code(CELL) == 'print("by key")'
    live.page.keyboard.press("Tab")
    expect(live.cell(CELL).locator("[data-action=run]")).to_be_focused()
    live.page.keyboard.press("Shift+Tab")
    expect(live.cell(CELL).locator(".cm-content")).to_be_focused()
    live.cell(NEXT).locator("[data-action=run]").focus()
    live.page.keyboard.press("Control+Enter")
    live.becomes(NEXT, "done")


def test_keyboard_alone_is_enough(live):
    live = live()
    edit = live.cell(CELL).locator("[data-action=edit]")
    live.cell(CELL).locator("[data-action=run]").focus()
    live.page.keyboard.press("Tab")
    expect(edit).to_be_focused()
    live.page.keyboard.press("Enter")
    expect(live.cell(CELL).locator(".cm-content")).to_be_focused(timeout=SOON)
    live.page.keyboard.press("Control+End")
    live.page.keyboard.type("\nwhile True: pass")
    live.page.keyboard.press("Shift+Enter")
    live.becomes(CELL, "running")
    live.page.keyboard.press("Tab")
    expect(live.cell(CELL).locator("[data-action=stop]")).to_be_focused()
    live.page.keyboard.press("Enter")
    live.becomes(CELL, "failed")
    expect(live.cell(CELL).locator("[data-action=run]")).to_be_focused()


def test_every_key_writes_in_the_editor_and_none_is_a_shortcut_of_the_page(live_page):
    live = live_page()
    live.write(CELL, "")
    address = live.page.url
    keys = "".join(map(chr, range(32, 127))) + "a / b"
    for key in keys:
        live.page.keyboard.press(key if key != " " else "Space")
    expect(live.cell(CELL).locator(".cm-content")).to_be_focused()
    assert live.page.url == address and live.code(CELL) == keys


def test_a_press_of_run_by_key_passes_the_focus_to_stop(live):
    live = live()
    live.write(CELL, "# hold")
    live.settings(hold=True)
    live.cell(CELL).locator("[data-action=run]").focus()
    live.page.keyboard.press("Enter")
    expect(live.cell(CELL).locator("[data-action=stop]")).to_be_focused(timeout=SOON)
    live.settings(hold=False)
    live.becomes(CELL, "done")
    expect(live.cell(CELL).locator("[data-action=run]")).to_be_focused()


def test_a_click_into_the_code_writes_there_and_a_selection_does_not(live):
    live = live()
    line = live.cell(CELL).locator(".cell_input pre")
    box = line.bounding_box()
    live.page.mouse.move(box["x"] + 20, box["y"] + 20)
    live.page.mouse.down()
    live.page.mouse.move(box["x"] + 200, box["y"] + 20, steps=5)
    live.page.mouse.up()
    live.page.wait_for_timeout(500)
    assert live.cell(CELL).locator(".cm-editor").count() == 0
    live.page.evaluate("getSelection().removeAllRanges()")
    live.cell(CELL).locator("pre .n").first.click(position={"x": 40, "y": 8})
    expect(live.cell(CELL).locator(".cm-content")).to_be_focused(timeout=SOON)
    before = live.code(CELL)
    live.page.keyboard.type("QQQ")
    assert live.code(CELL).replace("QQQ", "") == before
    assert 0 < live.code(CELL).index("QQQ") < before.index("\n")


def test_hangul_is_composed_in_the_editor(live):
    live = live("ko")
    live.write(CELL, "x = ")
    session = live.page.context.new_cdp_session(live.page)
    for text in ("ㅎ", "하", "한"):
        session.send("Input.imeSetComposition", {"text": text, "selectionStart": 1, "selectionEnd": 1})
    session.send("Input.insertText", {"text": "한"})
    for text in ("ㄱ", "그", "글"):
        session.send("Input.imeSetComposition", {"text": text, "selectionStart": 1, "selectionEnd": 1})
    session.send("Input.insertText", {"text": "글"})
    assert live.code(CELL) == "x = 한글"
    live.run(CELL)
    assert live.log[-1][2] == "x = 한글"


# --- output ---

def test_a_progress_bar_moves_on_its_line(live):
    live = live()
    live.run(NEXT)
    live.write(CELL, r'write("\r 10%|█   |")' + "\n# hold\n" + r'write("\r100%|████|")')
    live.settings(hold=True)
    live.press(CELL, "run")
    expect(live.output(CELL)).to_have_text(" 10%|█   |", timeout=SOON)
    live.settings(hold=False)
    live.becomes(CELL, "done")
    assert live.output(CELL).locator("pre").text_content() == "100%|████|"


def test_values_tables_and_figures_are_shown_as_in_a_notebook(live):
    live = live()
    figure = '<svg xmlns=\\"http://www.w3.org/2000/svg\\" width=\\"72pt\\" height=\\"36pt\\"></svg>'
    live.run("forward-figure", f'display({{"image/svg+xml": "{figure}", "text/plain": "<Figure>"}})\n'
                               'display({"text/html": "<table><tr><td>7</td></tr></table>", "text/plain": "7"})\n'
                               'display({"text/plain": "array([1, 2])"})')
    output = live.output("forward-figure")
    image = output.locator("img")
    assert image.evaluate("(img) => [img.width, img.height, img.src.slice(0, 5)]") == [96, 48, "blob:"]
    assert image.get_attribute("alt") == words(live, "figure")
    assert output.locator("td").inner_text() == "7"
    printed = output.locator("pre")
    assert printed.inner_text() == "array([1, 2])"
    columns = "(pre) => pre.style.getPropertyValue('--columns')"
    assert printed.evaluate(columns) == "13"    # phones set it as small as that needs
    live.run("forward-figure", r'print("가나다 12\n1")')
    assert printed.evaluate(columns) == "8"
    live.run("forward-figure", 'display({"text/plain": "a"})\nclear()\ndisplay({"text/plain": "b"})')
    assert output.inner_text() == "b"


def test_what_code_shows_is_harmless(live):
    live = live()
    html = ("<img src=x onerror=alert(1)><script>alert(2)</script><iframe src=https://example.org></iframe><p "
            "style='position:fixed;color:red' onclick=alert(3)><a href=javascript:alert(4)>go</a><form><input></form>"
            "<svg onload=alert(5)></svg><b data-action=reset id=content>bold</b></p>")
    live.page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    live.run(CELL, f"display({json.dumps({'text/html': html})})\nprint(\"<b>text</b>\")")
    output = live.output(CELL)
    assert output.locator("script, iframe, form, input, svg").count() == 0
    assert output.locator("[onclick], [onerror], [data-action], [id], .text_html [style]").count() == 0
    assert output.locator("a").get_attribute("href") is None
    assert output.locator("img").get_attribute("src") is None
    assert output.locator("b").all_inner_texts() == ["bold"]
    assert output.locator("pre").inner_text() == "<b>text</b>\n"


def test_an_error_shows_its_traceback_and_its_line(live):
    live = live()
    live.run(CELL, 'x = 1\nraise ValueError("wrong")\ny = 2', "failed")
    expect(live.cell(CELL).locator(".live-state")).to_have_text("Failed")
    assert "ValueError: wrong" in live.output(CELL).inner_text()
    expect(live.cell(CELL).locator(".cm-wrong")).to_have_text('raise ValueError("wrong")')
    live.run(CELL, "x = 1")
    assert live.cell(CELL).locator(".cm-wrong").count() == 0


def test_a_missing_name_offers_the_cells_above(live):
    live = live()
    live.run("loss-code", "use(typo)", "failed")
    assert live.cell("loss-code").locator("[data-action=run-above]").count() == 0    # no cell above knows it
    live.write(CELL, "nothing = 1")
    live.run("loss-code", "use(nothing)", "failed")
    offer = live.cell("loss-code").locator("[data-action=run-above]")
    expect(offer).to_have_text("Run all 3 cells above")    # not the setup, which has run
    live.press("loss-code", "run-above")
    live.becomes("loss-code", "done")
    assert live.ran()[-4:] == [CELL, "forward-code", "forward-figure", "loss-code"]


def test_what_fails_on_the_way_ends_the_run_of_all_above(live):
    live = live()
    live.write(NEXT, 'nothing = 1\nraise ValueError("on the way")')
    live.run("loss-code", "use(nothing)", "failed")
    live.press("loss-code", "run-above")
    live.becomes(NEXT, "failed")
    live.becomes("loss-code", "failed")
    assert live.cell("forward-figure").get_attribute("data-state") == "idle"


def test_all_cells_run_in_order(live):
    live = live()
    live.settings(report=REPORT)
    live.page.locator("[data-action=run-all]").click()
    live.becomes("softmax-gradient-solution", "done")
    assert live.ran() == [name for name in CELLS if name != "four-ways-torch"]


def test_stop_ends_an_endless_loop_and_all_that_waits(live):
    live = live()
    live.write(CELL, "print(\"on\")\nwhile True: pass")
    live.press(CELL, "run")
    live.press(NEXT, "run")
    expect(live.output(CELL)).to_have_text("on\n", timeout=SOON)
    live.press(CELL, "stop")
    live.becomes(CELL, "failed")
    expect(live.cell(CELL).locator(".live-state")).to_have_text("Stopped")
    live.becomes(NEXT, "idle")
    live.run(NEXT)
    assert [entry[0] for entry in live.log].count("start") == 1


def test_reset_brings_back_the_books_code_and_output(live):
    live = live()
    code, shown = live.code(CELL), live.output(CELL).inner_text()
    live.run(CELL, 'print("mine")')
    live.press(CELL, "reset")
    live.becomes(CELL, "idle")
    assert (live.code(CELL), live.output(CELL).inner_text()) == (code, shown)
    assert live.cell(CELL).locator("[data-action=reset]").count() == 0
    assert live.page.evaluate("Object.keys(localStorage)") == []


@pytest.mark.parametrize("language", ["ko", "en"])
def test_where_python_cannot_run_one_sentence_and_colab(live, language):
    live = live(language)
    shown = live.output(CELL).inner_text()
    live.settings(broken="Sorry, too old.")
    for _ in range(2):
        live.run(CELL, state="failed")
    note = live.output(CELL).locator(".live-note")
    expect(note).to_have_count(1)
    expect(note).to_contain_text("Sorry, too old.")
    assert "colab.research.google.com" in note.locator("a").get_attribute("href")
    assert live.output(CELL).inner_text().startswith(shown)


# --- exercises ---

@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_exercise_is_checked_hinted_mended_and_passed(live, language):
    live = live(language)
    live.settings(report=REPORT)
    live.write(STUB, 'def softmax_gradient(logits):\n    "wrong"')
    live.press(STUB, "check")
    check = "softmax-gradient-check"
    live.becomes(check, "done")
    assert live.ran() == ["setup", "data", "forward-code", STUB, check]    # what its solution needs
    report = live.output(check).locator(".live-report")
    expect(report).to_have_attribute("data-passed", "false")
    assert report.locator(".live-verdict").inner_text() == "✗ Not right: wrong"
    expect(live.cell(STUB).locator(".live-state")).to_have_text("✗ Not right: wrong")
    assert report.locator("li").all_inner_texts() == ["3 of 12"]
    assert report.locator(".live-hint").count() == report.locator("[data-action=solution]").count() == 0
    for said in ("A sum is missing.", "Look at logits."):
        report.locator("[data-action=hint]").click()
        expect(report.locator(".live-hint").last).to_contain_text(said)
    assert report.locator(".live-hint code").inner_text() == "logits"
    assert report.locator("[data-action=hint]").count() == 0
    assert live.page.evaluate("localStorage['seqbook:passed']") is None

    live.write(STUB, 'def softmax_gradient(logits):\n    "right"')
    live.press(STUB, "check")
    expect(report).to_have_attribute("data-passed", "true", timeout=SOON)
    assert live.ran()[5:] == [STUB, check]
    expect(live.cell(STUB).locator(".live-passed")).to_have_text(words(live, "passed_before"))
    solution = live.cell("softmax-gradient-solution").locator("details")
    assert solution.evaluate("(fold) => fold.open") is False
    report.locator("[data-action=solution]").click()
    assert solution.evaluate("(fold) => fold.open") is True
    assert list(json.loads(live.page.evaluate("localStorage['seqbook:passed']"))) == [EXERCISE]


def test_running_the_solution_passes_nothing(live):
    live = live()
    live.settings(report=REPORT)
    solution = "softmax-gradient-solution"
    live.cell(solution).locator("summary").click()
    live.run(solution, f'def solution(logits):\n    "right"\ncheck("{EXERCISE}", solution)')
    expect(live.output(solution).locator(".live-report")).to_have_attribute("data-passed", "true")
    assert live.output(solution).locator("button").count() == 0
    assert live.page.evaluate("localStorage['seqbook:passed']") is None


def test_what_is_passed_is_marked_at_the_next_visit(live):
    live = live()
    live.page.evaluate(f"localStorage['seqbook:passed'] = JSON.stringify({{'{EXERCISE}': 5}})")
    live.open()
    expect(live.cell(STUB).locator(".live-passed")).to_be_visible(timeout=SOON)
    assert live.page.locator(".live-passed").count() == 1


def test_an_answer_that_is_no_python_is_not_checked(live):
    live = live()
    live.settings(report=REPORT)
    live.write(STUB, 'raise SyntaxError("broken")')
    live.press(STUB, "check")
    live.becomes(STUB, "failed")
    live.becomes("softmax-gradient-check", "idle")
    assert "SyntaxError" in live.output(STUB).inner_text()


# --- what is kept ---

def test_edits_survive_a_reload_and_run_as_written(live):
    live = live("ko")
    live.write(CELL, 'print("내 코드")  # <b>')
    live.open()
    live.becomes(CELL, "edited")
    expect(live.cell(CELL).locator(".cm-line").first).to_be_visible(timeout=SOON)
    assert live.code(CELL) == 'print("내 코드")  # <b>'
    live.run(CELL)
    assert live.log[-1][2] == 'print("내 코드")  # <b>'
    assert live.page.evaluate("Object.keys(localStorage)") == [f"seqbook:edits:ko/{CHAPTER}"]


def test_an_edit_of_an_older_source_says_so(live):
    live = live()
    live.write(CELL, "x = 2")
    live.page.evaluate("""(key) => {
        const edits = JSON.parse(localStorage[key]);
        edits.data.base = "older";
        localStorage[key] = JSON.stringify(edits);
    }""", f"seqbook:edits:en/{CHAPTER}")
    live.open()
    live.becomes(CELL, "changed")
    expect(live.cell(CELL).locator(".live-state")).to_have_text(words(live, "changed"))
    live.write(CELL, "x = 3")
    live.becomes(CELL, "edited")


def test_a_browser_that_keeps_nothing_says_so_once(live):
    live = live()
    live.page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full') }; }")
    live.write(CELL, "x = 2")
    live.write(NEXT, "y = 3")
    expect(live.page.locator(".live-note", has_text=words(live, "not_kept"))).to_have_count(1)


def test_the_notebook_is_downloaded_with_the_edits(live):
    live = live()
    button = live.page.locator(".page-actions [data-action=download]")
    expect(button).to_be_hidden()
    live.write(CELL, 'word = "mine"\nprint(word)')
    live.cell("setup").locator("summary").click()
    live.write("setup", "import seqbook\n")
    with live.page.expect_download() as waiting:
        button.click()
    assert waiting.value.suggested_filename == "bptt-edited.ipynb"
    found = json.loads(waiting.value.path().read_text("utf-8"))
    book = live.page.evaluate("async () => (await fetch('bptt.ipynb')).json()")
    assert len(found["cells"]) == len(book["cells"])
    for cell, original in zip(found["cells"], book["cells"]):
        if cell["id"] == CELL:
            assert cell["source"] == ['word = "mine"\n', "print(word)"]
        elif cell["id"] == "setup":
            assert cell["source"] == [original["source"][0], "import seqbook\n"]
        else:
            assert cell == original
    live.press(CELL, "reset")
    live.press("setup", "reset")
    expect(button).to_be_hidden()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_progress_is_shown_carried_away_and_brought_back(live_page, language, tmp_path):
    live = live_page(language)
    live.settings(report=REPORT)
    live.write(STUB, 'def softmax_gradient(logits):\n    "right"')
    live.press(STUB, "check")
    expect(live.cell(STUB).locator(".live-passed")).to_be_visible(timeout=SOON)
    page = live.tab.open(f"{language}/start/progress.html")
    item = page.locator(f"[data-exercise='{EXERCISE}']")
    expect(item).to_have_attribute("data-passed", "")
    chapter = page.locator(f".progress-chapter[data-page='{language}/{CHAPTER}']")
    total = chapter.locator("li").count()
    expect(chapter.locator(".progress-count")).to_contain_text(words(live, "progress_count", passed=1, all=total))
    expect(chapter.locator(".progress-count")).to_contain_text(words(live, "progress_edits", count=1))
    assert page.locator("[data-passed]").count() == 1
    with page.expect_download() as waiting:
        page.locator("[data-action=export]").click()
    file = tmp_path / "progress.json"
    waiting.value.save_as(file)

    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("[data-action=forget]").click()
    expect(page.locator("[data-passed]")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage)") == []
    (tmp_path / "wrong.json").write_text('{"format": "other"}')
    for name, said in (("wrong.json", words(live, "progress_wrong")),
                       ("progress.json", words(live, "progress_imported", passed=1, edits=1))):
        with page.expect_file_chooser() as chooser:
            page.locator("[data-action=import]").click()
        chooser.value.set_files(tmp_path / name)
        expect(page.locator(".progress-said")).to_have_text(said)
    item.locator("a").click()
    expect(live.cell(STUB).locator(".live-passed")).to_be_visible(timeout=SOON)
    expect(live.cell(STUB)).to_contain_text('"right"', timeout=SOON)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_of_exercises_names_every_one_in_the_order_of_the_book(tab, language):
    """Without scripts, too; all that the library can correct, whatever its chapter is called."""
    with_scripts = tab().open(f"{language}/start/progress.html")
    without = tab(java_script_enabled=False)
    without.page.goto(f"{without.address}{language}/start/progress.html")
    shown, plain = (page.locator("[data-exercise]:visible").evaluate_all(
        "(all) => all.map((one) => one.dataset.exercise)") for page in (with_scripts, without.page))
    assert shown == plain and sorted(shown) == sorted(EXERCISES)
    chapters = list(dict.fromkeys(exercise.partition("/")[0] for exercise in shown))
    assert chapters == [chapter for page in Book.open(ROOT).pages if (chapter := page.rpartition("/")[2]) in chapters]


# --- for everybody ---

@pytest.mark.parametrize("language", ["ko", "en"])
def test_axe_finds_nothing_serious_in_cells_that_were_used(live_page, language):
    live = live_page(language)
    live.settings(report=REPORT)
    live.write(STUB, 'def softmax_gradient(logits):\n    "wrong"')
    live.press(STUB, "check")
    live.output("softmax-gradient-check").locator("[data-action=hint]").click(timeout=SOON)
    live.run(CELL, 'print("x")\nuse(nothing)', "failed")
    live.run(NEXT, 'print("x")')
    live.write("loss-code", "x = 1  # edited")
    assert findings(live.page) == ""


def test_axe_finds_nothing_serious_on_the_page_of_progress(tab):
    assert findings(tab().open("ko/start/progress.html")) == ""


@pytest.mark.parametrize("language", ["ko", "en"])
def test_nothing_is_too_wide_for_a_narrow_phone(live_page, language):
    live = live_page(language, width=360)
    live.settings(report=REPORT)
    live.write(STUB, f'def softmax_gradient(logits):\n    "{"wrong" * 40}"')
    live.press(STUB, "check")
    live.output("softmax-gradient-check").locator("[data-action=hint]").click(timeout=SOON)
    live.run(CELL, f'print("{"x" * 300}")\nuse({"nothing" * 30})', "failed")
    assert live.page.evaluate("document.documentElement.scrollWidth") <= 360
