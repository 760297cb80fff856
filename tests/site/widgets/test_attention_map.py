"""The attention map in a browser: typed into, stepped, grabbed, run backwards, against Python's numbers."""

import re
import unicodedata

import numpy as np
import pytest

from seqbook.models.attention import load_attention
from seqbook.widgets import AttentionMap
from tests.site.widgets.hosted import Shown, both_languages, drag, number

pytestmark = pytest.mark.browser

EXAMPLE = "Ich möchte ein Bier trinken"


def brief(p: float) -> str:
    """A probability or a weight as the page shows it."""
    return ">0.99" if 0.995 < p < 1 else "<0.01" if 0 < p < 0.005 else f"{p:.2f}"


class Figure(Shown):
    """The shown map and what can be read off it."""

    def texts(self, selector: str) -> list[str]:
        return self.element.locator(selector).all_text_contents()

    def weight(self, i: int):
        """The slider of the weight at the i-th sign."""
        return self.knob("moved", i)

    @property
    def said(self) -> str:
        return self.element.locator(".sb-words:visible").first.inner_text().replace("\u2068", "").replace("\u2069", "")

    @property
    def equations(self) -> list[str]:
        lines = self.element.locator(".sb-words:visible").last.locator("p").all_inner_texts()
        return [line.replace("\u2068", "").replace("\u2069", "").replace("\n", "") for line in lines]

    @property
    def written(self) -> list[str]:
        return self.texts(".sb-lines [data-step]")

    def computed(self) -> dict:
        """What Python computes for the page's settings."""
        knobs = ("model", "score", "text", "time", "temperature", "attention", "moved", "output")
        return AttentionMap(**{name: self.get(name) for name in knobs}, lang="en").numbers()

    def check(self) -> dict:
        """What stands in rows, map and candidates is what Python computes; its numbers."""
        self.settle()
        wanted = self.computed()
        T, S = wanted["weights"].shape
        t = min(self.get("time"), T) - 1
        model = load_attention(self.get("model"), self.element.locator("[data-trait=score]").input_value())
        assert self.written == [model.target[int(token)].replace(" ", "␣") for token in wanted["written"]]
        scores = [number(text) for text in self.texts(".sb-row .sb-number")]
        assert scores == pytest.approx(wanted["scores"][t], abs=0.0051)
        assert self.texts(".sb-list output") == [brief(weight) for weight in wanted["weights"][t]]
        assert self.element.locator(".sb-sum output").inner_text() == f"{wanted['weights'][t].sum():.2f}"
        opacity = self.element.locator(".sb-map .sb-weight").evaluate_all(
            "all => all.map((each) => Number(each.getAttribute('fill-opacity')))")
        np.testing.assert_allclose(opacity, np.maximum(0.03, wanted["weights"].ravel()), atol=0.00051)
        likely = np.argsort(-wanted["log_probs"][t], kind="stable")
        shown = dict(zip(self.texts(".sb-outputs button:visible b"), self.texts(".sb-outputs button:visible span")))
        best = model.target[int(likely[0])].replace(" ", "␣")
        assert shown[best] == brief(np.exp(wanted["log_probs"][t, likely[0]]))
        if self.get("backward"):
            for text, i in zip(self.texts(".sb-gradients"), range(S), strict=True):
                found = dict(part.split(" ") for part in text.split(" · "))
                for name, value in {"∂α": wanted["d_weights"][i], "∂e": wanted["d_scores"][i],
                                    "‖∂h‖": np.linalg.norm(wanted["d_states"][i]),
                                    "‖∂x‖": np.linalg.norm(wanted["d_inputs"][i])}.items():
                    assert shown_as(found[name]) == pytest.approx(value, rel=0.051), name
        return wanted


def shown_as(text: str) -> float:
    """The number of "−4.3·10⁻⁶"."""
    return number(unicodedata.normalize("NFKC", text))


@pytest.fixture
def figure(show):
    return show(AttentionMap(lang="en"), kind=Figure)


@both_languages
def test_says_everything_in_the_page_language(show, language):
    figure = show(AttentionMap(lang=language), kind=Figure)
    figure.check()
    assert {"ko": "시점 5에 쓴 것: “drink”", "en": "Written at step 5: “drink”"}[language] in figure.said
    assert "I would like to drink a beer" in figure.said and figure.written[-1] == "■"
    assert {"ko": "낱말 5개를 읽습니다", "en": "5 words are read"}[language] in figure.words()


def test_the_player_steps_along_what_is_written(figure):
    figure.element.get_by_role("button", name="one step on").click()
    figure.check()
    assert figure.get("time") == 6 and "Written at step 6: “a”" in figure.said
    drag(figure.knob("time"), 1)
    figure.check()
    assert "Written at step 1: “I”" in figure.said
    assert figure.knob("time").get_attribute("aria-valuetext") == "1 / 8: I"


def test_playing_runs_to_the_end(show):
    figure = show(AttentionMap(lang="en", time=1), kind=Figure, still=False)
    figure.page.clock.install()
    figure.element.get_by_role("button", name="Play").click()
    figure.page.clock.run_for(30_000)
    figure.settle()
    assert figure.get("time") == 8 and figure.element.get_by_role("button", name="Play").is_visible()


def test_signs_and_cells_are_pressed(figure):
    figure.element.locator(".sb-lines [data-step='7']").click()
    figure.check()
    assert figure.get("time") == 7 and "“beer”" in figure.said
    figure.element.locator(".sb-lines [data-source='2']").click()
    figure.settle()
    assert figure.get("source") == 2 and "e₂" in figure.equations[0]
    figure.element.locator(".sb-map .sb-weight[data-step='3'][data-source='4']").click()
    figure.check()
    assert (figure.get("time"), figure.get("source")) == (3, 4)
    figure.element.locator(".sb-pick").nth(0).click()
    figure.settle()
    assert figure.get("source") == 1
    assert figure.element.locator(".sb-pick").nth(0).get_attribute("aria-pressed") == "true"


def test_the_readers_own_text_is_read_by_every_model(figure):
    figure.knob("text").fill("Wir suchen jetzt einen Hut")
    figure.check()
    assert "look for" in figure.said
    for model, text, wanted in [("phrases-ko", "Er möchte ein Bier trinken", "그는 맥주를 마시고 싶어 합니다"),
                                ("dates", "1999/12/31", "1999-12-31"), ("names", "크로아티아", "croatia")]:
        figure.knob("model").select_option(model)
        figure.check()
        assert figure.get("model") == model and figure.get("source") is None
        figure.knob("text").fill(unicodedata.normalize("NFD", text))
        figure.check()
        assert f"The whole: {wanted}" in figure.said and figure.get("text") == text
        assert figure.knob("score").is_disabled() and "with the score general only" in figure.words()
    figure.knob("model").select_option("phrases-en")
    figure.settle()
    assert figure.knob("score").is_enabled() and figure.get("text") == EXAMPLE
    figure.element.get_by_role("button", name="Sie muss einen Brief").click()
    figure.check()
    assert "She has to write a letter" in figure.said


def test_every_score_is_a_model_of_its_own(figure):
    seen = set()
    for score in ("dot", "scaled dot", "general", "additive"):
        figure.knob("score").select_option(score)
        figure.check()
        assert "I would like to drink a beer" in figure.said
        seen.add(tuple(figure.texts(".sb-row .sb-number")))
        assert {"dot": "s·h", "scaled dot": "/ √24", "general": "W h", "additive": "tanh(W₁ s"}[score] in \
            figure.equations[0]
    assert len(seen) == 4


def test_the_temperature_sharpens_and_flattens(figure):
    largest = []
    for temperature in (0.3, 1, 5):
        drag(figure.knob("temperature"), temperature)
        largest.append(figure.check()["weights"][4].max())
    assert largest[0] > largest[1] > largest[2]


def test_a_weight_is_grabbed_the_others_give_way_and_the_prediction_follows(figure):
    before = figure.check()["weights"][4]
    assert figure.element.get_by_role("button", name="Undo").is_hidden()
    drag(figure.weight(4), 0.9)
    wanted = figure.check()
    others = [i for i in range(5) if i != 3]
    np.testing.assert_allclose(wanted["weights"][4][others] / wanted["weights"][4][others].sum(),
                               before[others] / before[others].sum(), atol=1e-6)
    assert wanted["weights"][4][3] == pytest.approx(0.9) and wanted["weights"][4].sum() == pytest.approx(1)
    assert [row["step"] for row in figure.get("moved")] == [5] and "set by hand" in figure.equations[1]
    drag(figure.weight(5), 0)
    wanted = figure.check()
    assert figure.written[4] != "drink" and "With attention left alone: I would like to drink a beer" in figure.said
    figure.set(time=1)
    drag(figure.weight(3), 1)
    figure.check()
    assert [row["step"] for row in figure.get("moved")] == [5, 1]
    figure.element.get_by_role("button", name="Undo").click()
    figure.check()
    assert figure.get("moved") == [] and "drink" in figure.written and "left alone" not in figure.said


def test_a_weight_is_moved_by_keyboard(figure):
    figure.weight(5).focus()
    for _ in range(3):
        figure.page.keyboard.press("ArrowLeft")
    wanted = figure.check()
    assert wanted["weights"][4][4] == pytest.approx(0.96, abs=0.011)
    assert figure.page.evaluate("document.activeElement.dataset.entry") == "5"
    assert figure.weight(5).get_attribute("aria-label") == "weight on trinken at step 5"


def test_attention_is_switched_off_made_uniform_and_shifted(figure):
    for attention, equation in [("uniform", "1/5"), ("shifted", "shifted"), ("off", "attention is off")]:
        figure.knob("attention").select_option(attention)
        figure.check()
        assert equation in figure.equations[1] and "With attention left alone" in figure.said
        assert figure.weight(1).is_disabled() == (attention == "off")
    assert "c is 0" in figure.said and figure.element.locator(".sb-sum output").inner_text() == "0.00"


def test_it_runs_backwards_from_any_output(figure):
    assert figure.element.locator(".sb-heatmap").is_hidden()
    assert not figure.element.locator(".sb-gradients:visible").count()
    figure.knob("backward").check()
    figure.check()
    assert "log p(“drink”)" in figure.equations[0]
    assert figure.element.locator(".sb-outputs [aria-pressed=true]").get_attribute("data-token") == "drink"
    other = figure.element.locator(".sb-outputs button").nth(2).get_attribute("data-token")
    figure.element.locator(".sb-outputs button").nth(2).click()
    wanted = figure.check()
    assert figure.get("output") == other and f"“{other}”" in figure.equations[0]
    strengths = figure.element.locator(".sb-lines .sb-here")
    signs = {int(line.get_attribute("data-from")): line.get_attribute("class") for line in strengths.all()}
    for i, kind in signs.items():
        assert ("sb-below" in kind) == (wanted["d_scores"][i - 1] < 0)
    assert signs and figure.element.locator(".sb-heatmap").is_visible()
    figure.set(output="water")    # which is not among the likeliest here
    figure.check()
    assert figure.element.locator(".sb-outputs [aria-pressed=true]").get_attribute("data-token") == "water"
    assert "log p(“water”)" in figure.equations[0]


def test_pressing_an_output_turns_it_backwards_and_another_step_asks_for_its_own(figure):
    figure.element.locator(".sb-outputs button").nth(1).click()
    figure.check()
    assert figure.get("backward") and figure.get("output") != ""
    figure.element.get_by_role("button", name="one step back").click()
    figure.check()
    assert figure.get("output") == "" and "log p(“to”)" in figure.equations[0]


def test_the_equation_of_the_softmax_adds_up(figure):
    figure.set(backward=True, score="additive", source=4, time=6)
    wanted = figure.check()
    line = next(line for line in figure.equations if line.startswith("2→1"))
    weight, own, mean, tau, value = [shown_as(part) for part in re.search(
        r"= (\S+) \((\S+) − (\S+)\) / (\S+) = (\S+)$", line).groups()]
    assert weight * (own - mean) / tau == pytest.approx(value, rel=0.02)
    assert value == pytest.approx(wanted["d_scores"][3], rel=0.01)


def test_the_jacobian_is_walked_by_keyboard(figure):
    figure.set(backward=True, score="dot", time=1)
    picture = figure.element.locator(".sb-heatmap svg")
    picture.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
        figure.page.keyboard.press(key)
    figure.settle()
    weights = figure.computed()["weights"][0]
    says = picture.get_attribute("aria-valuetext")
    assert says.startswith("∂α₃/∂e₂ = ")
    assert shown_as(says.removeprefix("∂α₃/∂e₂ = ")) == pytest.approx(-weights[2] * weights[1], rel=0.01)
    figure.set(attention="uniform")
    assert "do not come from the scores" in figure.words()


def test_gradients_end_at_weights_set_by_hand(figure):
    figure.set(backward=True)
    drag(figure.weight(2), 0.5)
    wanted = figure.check()
    assert not wanted["d_scores"].any() and any("gradient ends here" in line for line in figure.equations)


def test_the_context_is_written_out_for_every_unit(figure):
    for unit in (0, 7, 23):
        drag(figure.knob("unit"), unit)
        figure.settle()
        line = figure.equations[2]
        parts, value = re.search(r"= ([^=]*) = (\S+)$", line).groups()
        sum_ = sum(np.prod([number(each.strip("()")) for each in part.split("·")]) for part in parts.split(" + "))
        assert number(value) == pytest.approx(figure.computed()["contexts"][4][unit], abs=6e-4)
        assert sum_ == pytest.approx(number(value), abs=0.02) and f"c[{unit}]" in line


def test_the_table_says_every_weight(figure):
    figure.element.locator("summary").click()
    figure.settle()
    wanted = figure.computed()["weights"]
    rows = figure.element.locator("details tbody tr")
    found = [[float(cell) for cell in row.locator("td").all_text_contents()] for row in rows.all()]
    np.testing.assert_allclose(found, wanted, atol=0.00051)
    assert figure.element.locator("details tr.sb-now th").inner_text() == "drink"


def test_unknown_and_too_many_signs_are_said(figure):
    figure.knob("text").fill("Ich möchte Quark trinken")
    figure.check()
    assert "Never seen in training, “Quark”" in figure.words().replace("\u2068", "").replace("\u2069", "")
    figure.knob("text").fill("ein " * 60)
    wanted = figure.check()
    assert wanted["weights"].shape[1] == 48 and "Only the first 48 are read, the other 12 are not" in figure.words()
    figure.knob("text").fill(" ")
    figure.settle()
    assert "Write at least one character" in figure.words() and figure.element.locator(".sb-lines").is_hidden()
    figure.knob("text").fill(EXAMPLE)
    figure.check()


@pytest.mark.parametrize("model", ["phrases-en", "names"])
def test_hostile_text_is_only_text(show, model):
    figure = show(AttentionMap(model, lang="en", backward=True), kind=Figure)
    figure.element.locator("summary").click()
    for hostile in ("<img src=x onerror=alert(1)>", "</textarea><script>1</script>", "{text}{S}$& $1",
                    "\u202eabc\u200b", "&lt;b&gt; 'x\" `y`", "😀👨‍👩‍👧가 مرحبا 中文 Ω", "\x00\x07\x1b"):
        figure.set(text=hostile, time=2)
        figure.check()
        assert figure.element.locator("img, script").count() == 0
        assert figure.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    figure.set(text=EXAMPLE, output="<b>", source=48, time=24)
    figure.settle()
    assert figure.element.locator(".sb-outputs [aria-pressed=true]").count() == 1


def test_half_a_character_is_not_kept(figure):
    figure.knob("text").evaluate("""(field) => {
        field.value = "ein\\ud800";
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }""")
    figure.check()
    assert figure.get("text") == "ein�"


@pytest.mark.parametrize("model, text", [("names", "가나다라마바사아자차카타파하거너더러머버서어저"), ("phrases-en", "Bruder " * 48),
                                         ("dates", "2026년 3월 9일 " * 4)])
def test_it_fits_a_phone_and_scrolls_inside_what_is_wide(show, model, text):
    figure = show(AttentionMap(model, text, lang="ko", backward=True), kind=Figure, width=360, touch=True)
    figure.check()
    assert figure.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    boxes = figure.element.locator(".sb-scroll:visible").evaluate_all("all => all.map((each) => each.scrollWidth)")
    assert max(boxes) > 360
    rows = figure.element.locator(".sb-row").evaluate_all("all => all.map((row) => row.scrollWidth - row.clientWidth)")
    assert max(rows) <= 1


def test_the_signs_do_not_touch(show):
    """Each name in the picture of lines has its own room, at the widest and the narrowest page."""
    for width in (360, 1280):
        made = AttentionMap("phrases-ko", "Heute hat mein Bruder im Garten einen Apfel gegessen", lang="ko")
        figure = show(made, width=width, kind=Figure)
        for row in ("source", "step"):
            boxes = figure.element.locator(f".sb-lines [data-{row}]").evaluate_all("""all => all.map((each) => {
                const { left, right } = each.getBoundingClientRect();
                return [left, right];
            })""")
            assert all(right < left for (_, right), (left, _) in zip(boxes, boxes[1:]))
