"""The stepper in a browser: typed into, stepped, opened, made to write something else, against Python's numbers."""

import unicodedata

import numpy as np
import pytest
from playwright.sync_api import expect

from seqbook.models import load
from seqbook.widgets import Stepper
from seqbook.widgets.stepper import END_SIGN, TOKENS, tokens_of
from tests.site.widgets.hosted import Shown, both_languages, drag, number

pytestmark = pytest.mark.browser

DATE, GREETING = "2026년 3월 9일 월요일", "안녕하세요"    # 15 characters; for the second the beam beats the greedy path
SIGNS = {token: sign for sign, token in TOKENS.items()}


class Figure(Shown):
    """The shown stepper and what can be read off it."""

    def texts(self, selector: str) -> list[str]:
        return self.element.locator(selector).all_text_contents()

    def chip(self, k: int):
        """The token that is written k-th."""
        return self.element.locator(".sb-tokens button").nth(k - 1)

    def token(self, sign: str):
        """The button that writes a token at the present place."""
        return self.element.locator(f".sb-candidates [data-token='{sign}']")

    def node(self, key: str):
        return self.element.locator(f".sb-node[data-key='{key}']")

    def keys(self, selector: str = ".sb-node") -> list[str]:
        return self.element.locator(selector).evaluate_all("all => all.map((each) => each.dataset.key)")

    @property
    def said(self) -> str:
        return self.element.locator(".sb-words:visible").first.inner_text()

    @property
    def compared(self) -> str:
        return self.element.locator(".sb-words:visible").last.inner_text()

    @property
    def title(self) -> str:
        return self.element.locator(".sb-next .sb-heading").inner_text()

    @property
    def written(self) -> str:
        return "".join(self.texts(".sb-tokens b"))

    def computed(self) -> dict:
        """What Python computes for the page's settings."""
        knobs = ("text", "time", "forced", "width", "shown", "node")
        return Stepper(**{name: self.get(name) for name in knobs}, lang="en").numbers()

    def check(self) -> dict:
        """What stands in chips, beam and table is what Python computes; its numbers."""
        self.settle()
        wanted = self.computed()
        ids = wanted["written"].astype(int)
        assert self.written == "".join(SIGNS[token] for token in ids)
        probabilities = np.exp(wanted["log_probs"])[np.arange(len(ids)), ids]
        for text, p in zip(self.texts(".sb-tokens span"), probabilities, strict=True):
            assert text == (">.99" if 0.995 < p < 1 else "<.01" if p < 0.005 else f"{p:.2f}".removeprefix("0"))
        if len(wanted["beam_ids"]) and self.get("time") >= len(wanted["states"]) + len(ids):
            rows = self.texts(".sb-held tbody tr")
            for row, beam, log_prob in zip(rows, wanted["beam_ids"].astype(int), wanted["beam_log_prob"], strict=True):
                forced = "".join(SIGNS[token] for token in tokens_of(self.get("forced")))
                whole = forced + "".join(SIGNS[token] for token in beam).split(END_SIGN)[0]
                assert whole in row and f"{log_prob:.3f}".replace("-", "−").replace("−0.000", "0.000") in row
        return wanted


@pytest.fixture
def figure(show):
    return show(Stepper(DATE, lang="en"), kind=Figure)


@pytest.fixture
def greeting(show):
    return show(Stepper(GREETING, lang="en", width=5), kind=Figure)


@both_languages
def test_says_everything_in_the_page_language(show, language):
    figure = show(Stepper(lang=language), kind=Figure)
    figure.check()
    assert figure.written == "2026-03-09■"
    assert {"ko": "여기까지 쓴 것: 2026-03-09", "en": "Written so far: 2026-03-09"}[language] in figure.said
    assert {"ko": "두 경로가 같습니다", "en": "The two paths are the same"}[language] in figure.compared
    figure.set(time=3)
    assert {"ko": "인코더가 읽은 3번째 글자: “2”", "en": "The encoder reads character 3, “2”"}[language] in \
        figure.said.replace("\u2068", "").replace("\u2069", "")
    assert {"ko": "디코더는 인코더가 다 읽은 다음에", "en": "The decoder writes once"}[language] in figure.title


def test_reading_comes_first_and_tells_nothing_of_the_answer(figure):
    figure.set(time=15)
    assert "h(15) is the context vector c" in figure.said.replace("\n", "")
    assert set(figure.written) == {"·"} and figure.keys() == [""]
    assert figure.element.locator(".sb-candidates").is_hidden()
    assert "03-09" not in figure.words()
    before = figure.picture()["pixels"]
    figure.set(time=14)
    assert "h(14)" in figure.said.replace("\n", "") and figure.picture()["pixels"] != before


def test_the_player_steps_from_reading_to_writing_and_back(figure):
    figure.set(time=15)
    on = figure.element.get_by_role("button", name="one step on")
    back = figure.element.get_by_role("button", name="one step back")
    on.click()
    figure.settle()
    assert figure.get("time") == 16 and "token 1: “2”" in figure.said
    assert figure.keys(".sb-node.sb-is-best") == ["", "2"]
    on.click()
    figure.settle()
    assert "token 2: “0”" in figure.said and "Written so far: 20…" in figure.said
    back.click()
    back.click()
    figure.settle()
    assert figure.get("time") == 15 and "context vector" in figure.said
    assert figure.knob("time").get_attribute("aria-valuetext") == "reads 15 / 15"
    drag(figure.knob("time"), 26)
    figure.settle()
    assert figure.knob("time").get_attribute("aria-valuetext") == "writes 11 / 11"
    assert figure.element.get_by_role("button", name="Play").is_visible()


def test_playing_runs_from_the_first_character_to_the_end(show):
    figure = show(Stepper("26. 3. 9.", lang="en"), kind=Figure, still=False)
    figure.page.clock.install()
    figure.element.get_by_role("button", name="Play").click()
    assert figure.get("time") == 1
    figure.page.clock.run_for(30_000)
    figure.settle()
    assert figure.get("time") == 9 + 11 and figure.written == "2026-03-09■"
    assert figure.element.get_by_role("button", name="Play").is_visible()


def test_the_readers_own_text_is_read(figure):
    figure.knob("text").fill("1999/12/31")
    figure.check()
    assert figure.written == "1999-12-31■" and "10 characters are read." in figure.words()
    figure.knob("text").fill(unicodedata.normalize("NFD", "5월 7일 2001년"))
    figure.check()
    assert figure.get("text") == "5월 7일 2001년"
    figure.element.get_by_role("button", name="안녕하세요").click()
    figure.check()
    assert figure.written == "165-02-16■" and figure.knob("text").input_value() == GREETING


def test_unknown_characters_are_said(greeting):
    status = lambda: greeting.element.locator(".sb-field > p").inner_text().replace("\u2068", "").replace("\u2069", "")
    assert "“안” “녕” “하” “세”: all are read as one and the same unknown character" in status()
    greeting.knob("text").fill("2026년 봄 3월 봄")
    greeting.settle()
    assert "never saw in training, “봄”:" in status()
    greeting.knob("text").fill("가나다라마바사아자차카타파하")
    greeting.settle()
    known = load("iso").vocabulary
    strange = [letter for letter in "가나다라마바사아자차카타파하" if letter not in known]
    assert f"“{strange[7]}” and {len(strange) - 8} more" in status()
    greeting.knob("text").fill("2026년 3월 9일")
    greeting.settle()
    assert "never saw" not in status()


def test_no_more_than_forty_eight_characters_are_read(figure):
    figure.knob("text").fill("1" * 60)
    wanted = figure.check()
    assert len(wanted["states"]) == 48
    assert "48 characters are read. Only the first 48 characters are read, the other 12 are not." in figure.words()


def test_without_a_text_it_waits_for_one(figure):
    figure.knob("text").fill("")
    figure.settle()
    assert "Write a date of at least one character" in figure.words() and figure.chip(1).is_hidden()
    figure.knob("text").fill("26. 3. 9.")
    figure.check()
    assert figure.written == "2026-03-09■"


def test_another_token_is_written_and_what_follows_is_seen(figure):
    figure.chip(7).click()
    figure.settle()
    assert figure.title == "What may follow “2026-0…”"
    assert figure.token("3").get_attribute("aria-pressed") == "true"
    figure.token("5").click()
    figure.check()
    assert figure.get("forced") == "2026-05" and figure.written.startswith("2026-05")
    assert "Token 7 was chosen by you: “5”" in figure.said and "would have written “3”" in figure.said
    assert figure.keys(".sb-node.sb-is-forced") == ["2026-05"[:n] for n in range(1, 8)]
    figure.element.get_by_role("button", name="Take back").click()
    figure.check()
    assert figure.get("forced") == "" and figure.written == "2026-03-09■"
    assert figure.element.get_by_role("button", name="Take back").is_hidden()


def test_an_end_that_the_reader_chooses_ends_it(figure):
    figure.chip(5).click()
    figure.settle()
    figure.token("■").click()
    figure.settle()
    assert figure.written == "2026■" and figure.get("forced") == "2026■"
    assert "nothing is left for the beam to find" in figure.compared
    figure.check()


def greeting_log_probs() -> tuple[float, float]:
    """Of the greedy path and of the best of the beam, by Python."""
    numbers = Stepper(GREETING, width=5).numbers()
    return numbers["greedy_log_prob"], numbers["beam_log_prob"][0]


def test_the_beam_beats_the_greedy_path(greeting):
    greeting.check()
    greedy, best = greeting_log_probs()
    assert greedy < best
    assert f"Greedy path: 165-02-16 (log-probability −{-greedy:.3f})" in greeting.compared
    assert f"Best of the beam: 2014-16 (log-probability −{-best:.3f})" in greeting.compared
    assert f"{np.exp(best - greedy):.2f} times as probable" in greeting.compared
    greeting.knob("shown").select_option("beam")
    greeting.check()
    assert greeting.written == "2014-16■"
    assert [key for key in greeting.keys(".sb-node.sb-is-best") if key] == ["2014-16■"[:n] for n in range(1, 9)]
    assert {"165-02-16■"[:n] for n in range(11)} == set(greeting.keys(".sb-node.sb-is-greedy"))


def test_every_width_is_the_beam_of_python(greeting):
    for width in range(1, 9):
        drag(greeting.knob("width"), width)
        wanted = greeting.check()
        assert len(greeting.texts(".sb-held tbody tr")) == width == len(wanted["beam_ids"])
    drag(greeting.knob("width"), 1)
    greeting.settle()
    assert "The two paths are the same" in greeting.compared
    greeting.set(width=7)
    assert greeting.knob("width").input_value() == "7"


def test_the_tree_grows_with_the_steps(greeting):
    for k in (1, 2, 5):
        greeting.set(time=5 + k)
        depth = max(len(key) for key in greeting.keys())
        assert depth == k and f"The beam after {k} tokens" in greeting.words()
        best = greeting.computed()["kept"][k - 1, 0]
        assert f"{best:.3f}".replace("-", "−") in greeting.texts(".sb-held tbody tr")[0]


def test_a_node_opens_and_its_dropped_candidates_can_be_followed(greeting):
    greeting.node("201").click()
    greeting.settle()
    assert greeting.title == "What may follow “201…”" and greeting.node("201").get_attribute("aria-pressed") == "true"
    leaves = greeting.keys(".sb-node.sb-is-leaf")
    assert len(leaves) == 4 and all(key.startswith("201") and len(key) == 4 for key in leaves)
    assert greeting.token("4").get_attribute("class") == "sb-kept" and "dropped" in greeting.token("-").inner_text()
    assert all(token.get_attribute("aria-pressed") == "false" for token in
               greeting.element.locator(".sb-candidates button").all())
    greeting.node("201").click()
    greeting.settle()
    assert greeting.get("node") == "" and not greeting.keys(".sb-node.sb-is-leaf")
    greeting.node("201").click()
    greeting.settle()
    greeting.node("201-").click()
    greeting.check()
    assert greeting.get("forced") == "201-" and greeting.written.startswith("201-")


def test_the_tree_is_walked_by_keyboard(greeting):
    greeting.node("165-02-16").focus()
    for key, reached in [("ArrowLeft", "165-02-1"), ("ArrowLeft", "165-02-"), ("ArrowRight", "165-02-1")]:
        greeting.page.keyboard.press(key)
        assert greeting.page.evaluate("document.activeElement.dataset.key") == reached
    greeting.set(width=6)    # redrawn while the keyboard is there
    assert greeting.page.evaluate("document.activeElement.dataset.key") == "165-02-1"
    assert greeting.node("165-02-1").get_attribute("tabindex") == "0"
    greeting.page.keyboard.press("Enter")
    greeting.settle()
    assert greeting.get("node") == "165-02-1"
    assert greeting.page.evaluate("document.activeElement.dataset.key") == "165-02-1"    # redrawn, not lost
    assert greeting.element.locator(".sb-node[tabindex='0']").count() == 1
    greeting.page.keyboard.press("ArrowDown")
    assert greeting.page.evaluate("document.activeElement.dataset.key") != "165-02-1"
    greeting.page.keyboard.press(" ")
    greeting.settle()
    assert greeting.get("node") == greeting.page.evaluate("document.activeElement.dataset.key")


def test_the_nodes_are_named(greeting):
    name = greeting.node("2014-16■").get_attribute("aria-label")
    _, best = greeting_log_probs()
    assert name == f"2014-16■, log-probability −{-best:.3f}, no. 2 in the beam, leads to the best"
    assert greeting.node("").get_attribute("aria-label") == "context vector c, nothing written yet"
    greeting.set(forced="16")
    assert "chosen by you, leads to the best, greedy path" in greeting.node("1").get_attribute("aria-label")


def test_every_node_can_be_pressed_where_it_is_drawn(show):
    figure = show(Stepper(GREETING, lang="en", width=8, time=9), kind=Figure, width=360, touch=True)
    for key in [key for key in figure.keys() if key]:
        figure.node(key).tap()
        figure.settle()
        assert figure.get("node") == key
        figure.node(key).tap()
        figure.settle()


def test_the_pictures_are_pressed_to_step(figure):
    box = figure.element.locator(".sb-strip canvas").first.bounding_box()
    figure.page.mouse.click(box["x"] + 4, box["y"] + 20)
    figure.settle()
    assert figure.get("time") == 1
    drag(figure.knob("time"), 26)
    figure.settle()
    box = figure.element.locator(".sb-strip canvas").last.bounding_box()
    figure.page.mouse.click(box["x"] + box["width"] - 4, box["y"] + 20)
    figure.settle()
    assert figure.get("time") == 26


def test_the_table_says_every_step(figure):
    figure.element.locator("summary").click()
    figure.settle()
    rows = figure.texts("details tbody tr")
    wanted = figure.computed()
    assert len(rows) == 15 + 11 and "reads" in rows[0] and "writes" in rows[15]
    cells = figure.element.locator("details tbody tr").nth(2).locator("td").all_text_contents()
    assert number(cells[1]) == pytest.approx(np.linalg.norm(wanted["states"][2] - wanted["states"][1]), abs=6e-4)
    first = np.linalg.norm(wanted["decoder"][0] - wanted["states"][-1])
    cells = figure.element.locator("details tbody tr").nth(15).locator("td").all_text_contents()
    assert number(cells[1]) == pytest.approx(first, abs=6e-4)
    assert number(cells[4]) == pytest.approx(wanted["log_probs"][0, int(wanted["written"][0])], abs=6e-5)
    assert figure.element.locator("details tr.sb-now th").inner_text() == "26"


def test_hostile_text_is_only_text(figure):
    count = "document.querySelectorAll('#main *').length"
    figure.element.locator("summary").click()
    figure.settle()
    for hostile in ("<img src=x onerror=alert(1)>", "</textarea><script>1</script>", "{text}{S}$&", "\u202eabc\u200b",
                    "&lt;b&gt; 'x\" `y`", "😀👨‍👩‍👧가", "\x00\x07\x1b"):
        figure.set(text=hostile, time=1)
        assert figure.element.locator("img, script, b:not(:is(.sb-tokens, .sb-candidates) b)").count() == 0
        assert "“\u2068" in figure.element.locator(".sb-words:visible").first.inner_text() or hostile[0] == " "
        figure.set(time=64)
        figure.check()
    assert figure.page.evaluate(count) > 50
    figure.set(text=DATE, node="<b>", forced="<b>1</b>")
    wanted = figure.check()
    assert wanted["written"][0] == 1 and figure.written[0] == "1"


def test_half_a_character_is_not_kept(figure):
    figure.knob("text").evaluate("""(field) => {
        field.value = "3월\\ud800";
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }""")
    figure.settle()
    assert figure.get("text") == "3월�"
    figure.check()


def test_it_fits_a_narrow_page_and_scrolls_inside_what_is_wide(show):
    figure = show(Stepper("1" * 48, lang="en", width=8), kind=Figure, width=360, touch=True)
    assert figure.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    boxes = figure.element.locator(".sb-scroll:visible").evaluate_all("all => all.map((each) => each.scrollWidth)")
    assert max(boxes) > 360
    for chip in figure.element.locator(".sb-candidates button").all():
        assert chip.evaluate("each => each.scrollWidth <= each.clientWidth + 1")


def test_the_pictures_follow_the_theme(show):
    light = show(Stepper(lang="en"), kind=Figure)
    before = light.picture()["pixels"]
    light.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    light.page.wait_for_function("""before => [...document.querySelectorAll("canvas")]
        .some((each, n) => each.toDataURL() !== before[n])""", arg=before)
    expect(light.element).to_be_visible()
