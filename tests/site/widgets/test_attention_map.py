"""The attention map in a browser: typed into, stepped, grabbed, run backwards, heads erased; Python's numbers."""

import re
import unicodedata

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from seqbook.models.attention import load_attention
from seqbook.models.encoder_decoder import HEADS, load_translator, without
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
        assert f"All it wrote: {wanted}" in figure.said and figure.get("text") == text
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
        assert {"dot": "s·h", "scaled dot": "/ √24", "general": "W h", "additive": "tanh(Ws s + Wh h"}[score] in \
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
    line = next(line for line in figure.equations if line.startswith("1. ∂L/∂e"))
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


# --- the Transformer

class Heads(Figure):
    """The shown Transformer."""

    def head(self, name: str):
        """The small map of a head."""
        return self.element.locator(f"[data-head='{name}']")

    def computed(self) -> dict:
        knobs = ("model", "place", "layer", "head", "erased", "temperature", "text")
        return AttentionMap(architecture="transformer", **{name: self.get(name) for name in knobs}, lang="en").numbers()

    def check(self) -> dict:
        """What stands in lines, rows, map and equations is what Python computes; its numbers."""
        self.settle()
        wanted, model, place = self.computed(), load_translator(self.get("model")), self.get("place")
        rows, columns = wanted["weights"].shape
        t = min(self.get("time"), rows) - 1
        ids = [model.target[int(token)] for token in wanted["written"]]
        named = model.signs(self.get("text")) if place == "encoder" else ids
        if self.get("model") != "names":    # whose letters are shown as they stand alone
            assert self.written == [sign.replace(" ", "␣") for sign in named]
        assert f": {model.text(wanted['written'].astype(int))}" in self.said
        reach = t + 1 if place == "decoder" else columns
        scores = [number(text) for text in self.texts(".sb-head-rows .sb-number")]
        assert scores == pytest.approx(wanted["scores"][t][:reach], abs=0.0051)
        assert self.texts(".sb-head-rows .sb-list output") == [brief(each) for each in wanted["weights"][t][:reach]]
        opacity = self.element.locator(".sb-map .sb-weight").evaluate_all(
            "all => all.map((each) => Number(each.getAttribute('fill-opacity')))")
        np.testing.assert_allclose(opacity, np.maximum(0.03, wanted["weights"].ravel()), atol=0.00051)
        unit = min(self.get("unit"), wanted["mixed"].shape[1] - 1)
        assert number(self.equations[2].split(" = ")[-1]) == pytest.approx(wanted["mixed"][t, unit], abs=6e-4)
        pressed = self.element.locator(".sb-head[aria-pressed=true]").get_attribute("data-head")
        assert pressed == f"{place} {self.get('layer')} {self.get('head')}"
        return wanted


@pytest.fixture
def heads(show):
    return show(made_of_heads("dates"), kind=Heads)


def made_of_heads(model: str, *arguments, lang="en", **knobs) -> AttentionMap:
    return AttentionMap(model, *arguments, architecture="transformer", models=(model,), lang=lang, **knobs)


@both_languages
def test_the_transformer_says_everything_in_the_page_language(show, language):
    figure = show(made_of_heads("phrases-ko", lang=language), kind=Heads)
    figure.check()
    assert {"ko": "쓴 것 전체: 나는 맥주를 마시고", "en": "All it wrote: 나는 맥주를 마시고"}[language] in figure.said
    assert {"ko": "모든 헤드로 100.0%", "en": "100.0% with all heads"}[language] in figure.said
    assert {"ko": "크로스 어텐션, 블록 1의 헤드 1", "en": "cross-attention, block 1, head 1"}[language] in figure.words()
    assert figure.element.locator(".sb-head").count() == 12 and figure.knob("architecture").is_hidden()
    assert figure.knob("score").is_hidden()


def test_every_head_is_pressed_and_looked_into(heads):
    seen = set()
    for name in HEADS:
        heads.head(name).click()
        heads.check()
        assert " ".join(map(str, (heads.get("place"), heads.get("layer"), heads.get("head")))) == name
        seen.add(tuple(heads.texts(".sb-head-rows .sb-number")))
    assert len(seen) == len(HEADS)


def test_a_small_map_shows_its_heads_weights(heads):
    wanted = heads.check()
    for name in ("encoder 1 2", "decoder 2 1", "cross 2 1"):
        place, layer, head = name.split()
        found = heads.head(name).locator("canvas").evaluate("""(canvas) => {
            const { width, height } = canvas;
            const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
            return { width, height, dark: [...data].filter((_, n) => n % 4 === 3) };
        }""")
        weights = wanted[place][int(layer) - 1, int(head) - 1]
        assert (found["height"], found["width"]) == weights.shape
        np.testing.assert_allclose(np.array(found["dark"]) / 255, weights.ravel(), atol=0.003)


def test_a_head_is_erased_and_the_output_is_rewritten(heads):
    assert heads.element.get_by_role("button", name="Bring all heads back").is_hidden()
    heads.head("cross 2 1").click()
    heads.knob("erased").check()
    wanted = heads.check()
    text = without(load_translator("dates"), "cross 2 1").write("2026년 3월 9일 월요일")
    assert heads.get("erased") == ["cross 2 1"] and not wanted["added"].any()
    assert f"All it wrote: {text}" in heads.said and "With all heads: 2026-03-09" in heads.said and text != "2026-03-09"
    assert "erased" in heads.head("cross 2 1").get_attribute("aria-label") and "nothing is added" in heads.equations[3]
    share = load_translator("dates").card["measured"]["erased"]["cross 2 1"]
    assert f"{100 * share:.1f}% without" in heads.said
    heads.head("encoder 2 2").click()
    assert not heads.knob("erased").is_checked()
    heads.knob("erased").check()
    heads.check()
    assert sorted(heads.get("erased")) == ["cross 2 1", "encoder 2 2"]
    heads.knob("erased").uncheck()
    heads.check()
    assert heads.get("erased") == ["cross 2 1"]
    heads.element.get_by_role("button", name="Bring all heads back").click()
    heads.check()
    assert heads.get("erased") == [] and "All it wrote: 2026-03-09" in heads.said and "With all" not in heads.said


def test_heads_are_chosen_and_erased_by_keyboard(heads):
    heads.head("cross 1 1").focus()
    heads.page.keyboard.press("Tab")
    heads.page.keyboard.press("Enter")
    heads.check()
    assert (heads.get("layer"), heads.get("head")) == (1, 2)
    assert heads.page.evaluate("document.activeElement.dataset.head") == "cross 1 2"
    heads.knob("erased").focus()
    heads.page.keyboard.press("Space")
    heads.check()
    assert heads.get("erased") == ["cross 1 2"]


def test_rows_are_walked_in_every_place_and_cells_pressed(heads):
    for place, last in (("cross", 11), ("encoder", 15), ("decoder", 11)):
        heads.head(f"{place} 1 1").click()
        drag(heads.knob("time"), 2)
        heads.check()
        heads.element.get_by_role("button", name="one step on").click()
        heads.check()
        assert heads.get("time") == 3
        assert heads.knob("time").get_attribute("aria-valuetext").startswith(f"3 / {last}: ")
        drag(heads.knob("time"), last)
        heads.check()
    heads.element.locator(".sb-map .sb-weight[data-step='5'][data-source='3']").click()
    heads.check()
    assert (heads.get("time"), heads.get("source")) == (5, 3) and "e₃" in heads.equations[0]
    heads.element.locator(".sb-map .sb-weight[data-step='5'][data-source='9']").click()    # which is masked
    heads.check()
    assert "e₅" in heads.equations[0] and heads.element.locator(".sb-head-rows .sb-pick").count() == 5
    heads.element.locator(".sb-head-rows .sb-pick").nth(1).click()
    heads.check()
    assert heads.get("source") == 2


def test_the_readers_own_text_goes_through_every_head(heads):
    for text, iso in (("1999/12/31", "1999-12-31"), (unicodedata.normalize("NFD", "2026년 3월 9일"), "2026-03-09")):
        heads.knob("text").fill(text)
        for name in ("encoder 2 1", "decoder 1 1", "cross 2 2"):
            heads.head(name).click()
            heads.check()
        assert f"All it wrote: {iso}" in heads.said
    heads.element.get_by_role("button", name="오늘은 1999년").click()
    heads.check()
    assert "All it wrote: 1999-12-31" in heads.said
    drag(heads.knob("temperature"), 3)
    heads.check()
    heads.knob("text").fill("")
    heads.settle()
    assert "Write at least one character" in heads.words() and heads.element.locator(".sb-heads-grid").is_hidden()


def test_the_equations_of_a_head_add_up(heads):
    heads.head("cross 2 1").click()    # whose weights are large at a few places
    for unit in (0, 9):
        drag(heads.knob("unit"), unit)
        wanted = heads.check()
        t = heads.get("time") - 1
        score = number(heads.equations[0].split(" = ")[-1])
        assert score == pytest.approx(wanted["scores"][t].max(), abs=6e-4)
        top, below, value = re.search(r"= (\S+) / \((.*)\) = (\S+)$", heads.equations[1]).groups()
        parts = [number(each) for each in below.split(" + ") if each != "…"]
        assert number(value) == pytest.approx(number(top) / sum(parts), abs=0.02)
        assert number(value) == pytest.approx(wanted["weights"][t].max(), abs=6e-4)
        size = number(heads.equations[3].split(" = ")[-1])
        assert size == pytest.approx(np.linalg.norm(wanted["added"][t]), rel=0.006)
        assert f"z[{unit}]" in heads.equations[2]


def test_both_architectures_read_the_same_text(show):
    made = AttentionMap("phrases-en", models=("phrases-en", "names"), scores=("general",), lang="en",
                        architectures=("recurrent", "transformer"))
    figure = show(made, kind=Figure)
    figure.knob("text").fill("Sie muss einen Brief schreiben")
    figure.knob("architecture").select_option("transformer")
    figure.settle()
    assert "She has to write a letter" in figure.said and figure.element.locator(".sb-heads-grid").is_visible()
    assert figure.element.locator(".sb-outputs").is_hidden() and figure.knob("score").is_hidden()
    boxes = figure.element.locator(".sb-lines:visible").bounding_box()
    assert boxes["width"] > 300
    figure.knob("model").select_option("names")
    figure.settle()
    assert figure.get("text") == "파라마리보" and figure.element.locator(".sb-heads-grid").is_visible()
    figure.knob("architecture").select_option("recurrent")
    figure.settle()
    assert "paramaribo" in figure.said and figure.element.locator(".sb-heads-grid").is_hidden()
    assert figure.element.locator(".sb-outputs").is_visible()


def test_hostile_text_is_only_text_to_the_transformer(show):
    figure = show(made_of_heads("phrases-en"), kind=Heads)
    figure.element.locator("details:visible summary").click()
    for hostile in ("<img src=x onerror=alert(1)>", "</textarea><script>1</script>", "{text}{S}$& $1",
                    "\u202eabc\u200b", "&lt;b&gt; 'x\" `y`", "😀👨‍👩‍👧가 مرحبا 中文 Ω", "\x00\x07\x1b"):
        figure.set(text=hostile, time=2)
        figure.check()
        figure.set(place="encoder", source=48, time=48)
        figure.settle()
        assert figure.element.locator("img, script").count() == 0
        assert figure.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        figure.set(place="cross", source=None)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_transformer_on_a_phone(show, theme):
    figure = show(made_of_heads("dates", lang="ko", erased=["cross 1 1", "encoder 2 2"]), kind=Heads, width=360,
                  theme=theme, touch=True)
    figure.element.locator("summary").click()
    figure.check()
    found = Axe().run(figure.page, context="#main .sb").response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


@pytest.mark.parametrize("model, text", [("names", "가나다라마바사아자차카타파하거너더러머버서어저"),
                                         ("phrases-ko", "Bruder " * 48)])
def test_the_transformer_fits_a_phone(show, model, text):
    for place in ("encoder", "cross"):
        figure = show(made_of_heads(model, text, lang="ko", place=place, erased=HEADS[:3]), kind=Heads, width=360,
                      touch=True)
        figure.check()
        assert figure.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        rows = figure.element.locator(".sb-row:visible").evaluate_all(
            "all => all.map((row) => row.scrollWidth - row.clientWidth)")
        assert max(rows) <= 1
        thumbs = figure.element.locator(".sb-head").evaluate_all("all => all.map((each) => each.offsetWidth)")
        assert min(thumbs) >= 44


def test_the_table_says_every_weight_of_the_head(heads):
    heads.element.locator("summary").click()
    heads.head("decoder 1 1").click()
    wanted = heads.check()["weights"]
    rows = heads.element.locator("details tbody tr")
    found = [[float(cell) for cell in row.locator("td").all_text_contents()] for row in rows.all()]
    np.testing.assert_allclose(found, wanted, atol=0.00051)


def test_playing_runs_along_the_rows_to_the_end(show):
    figure = show(made_of_heads("dates", time=1), kind=Heads, still=False)
    figure.page.clock.install()
    figure.element.get_by_role("button", name="Play").click()
    figure.page.clock.run_for(30_000)
    figure.settle()
    assert figure.get("time") == 11 and figure.element.get_by_role("button", name="Play").is_visible()
