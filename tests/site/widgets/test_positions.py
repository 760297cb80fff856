"""The positions in a browser: dragged by mouse, finger and keyboard, and compared with what Python computes."""

import re

import numpy as np
import pytest

from seqbook.widgets import Positions
from tests.site.widgets.hosted import Shown, both_languages, drag, number

pytestmark = pytest.mark.browser

KNOBS = "first", "second", "kind", "pairing", "pairs", "base", "stretch", "shift", "extrapolate", "vectors"


class Figure(Shown):
    """The shown positions and what can be read off them."""

    def handle(self, name: str):
        return self.element.locator(f"[data-role={name}]")

    @property
    def places(self) -> list[int]:
        """Where both handles stand."""
        return [int(self.handle(name).get_attribute("aria-valuenow")) for name in ("first", "second")]

    @property
    def said(self) -> str:
        return self.element.locator(".sb-words").inner_text()

    def at(self, p: int, track: int = 0) -> tuple[float, float]:
        """Where position p lies on the screen, on the first or the second track."""
        box = self.element.locator(".sb-line .sb-frame").bounding_box()
        last = int(self.handle("first").get_attribute("aria-valuemax"))
        top = self.element.locator(".sb-line svg").first.bounding_box()["y"]
        return box["x"] + box["width"] * (p + 0.5) / (last + 1), top + (13, 39)[track]

    def points(self, selector: str) -> np.ndarray:
        """(n, 2): the places that a path goes through."""
        path = self.element.locator(selector).get_attribute("d") or ""
        places = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)
        return np.array(places, dtype=float).reshape(-1, 2)

    def colours(self) -> np.ndarray:
        """(size, last+1): each code's numbers as their colours say, -1 … 1; NaN where there is none."""
        drawn = self.element.locator(".sb-line canvas").evaluate("""(canvas) => {
            const { width, height } = canvas, copy = new OffscreenCanvas(width, height);
            const context = copy.getContext("2d", { willReadFrequently: true });
            context.drawImage(canvas, 0, 0);
            return { width, data: [...context.getImageData(0, 0, width, height).data] };
        }""")
        pixels = np.array(drawn["data"], dtype=float).reshape(-1, drawn["width"], 4)
        values = (pixels[..., 3] / 255) ** 2 * np.where(pixels[..., 0] > pixels[..., 2], 1, -1)
        return np.where((pixels[..., 3] > 0) & (np.ptp(pixels[..., :3], axis=-1) < 60), np.nan, values)

    def check(self) -> dict:
        """Handles, colours, clocks, chart and words are what Python computes for the page's settings; its numbers."""
        self.settle()
        made = Positions(**{name: self.get(name) for name in KNOBS}, lang="en")
        found = made.numbers()
        last, places = made.places()
        assert self.places == list(places)
        codes = found["codes"].T / np.nanmax(np.abs(found["codes"]))
        shown = self.colours()
        assert shown.shape == codes.shape and np.array_equal(np.isnan(shown), np.isnan(codes))
        np.testing.assert_allclose(shown, codes, rtol=0, atol=0.01)

        clocks = self.element.locator(".sb-clock").all()
        marked = [("sb-new" in clock.get_attribute("class")) for clock in clocks]
        assert marked == list(found["unseen"].any(axis=0))
        longest = np.nanmax(np.linalg.norm(found["hands"], axis=-1)) if not np.isnan(found["hands"]).all() else 1
        for role, name in enumerate(("first", "second")):
            for clock, hand in zip(clocks, found["hands"][role], strict=True):
                path = clock.locator(f".sb-hand.sb-{name}").get_attribute("d")
                assert (path is None) == bool(np.isnan(hand).any())
                if path:
                    tip = np.array(path.split("L")[1].split(), dtype=float)
                    np.testing.assert_allclose(tip, 25 + 18 * hand * [1, -1] / longest, rtol=0, atol=0.006)

        there = ~np.isnan(found["dots"])
        points = self.points(".sb-curve")
        assert len(points) == there.sum()
        if len(points) > 1:
            steps = np.diff(points[:, 0])
            assert np.ptp(steps) < 0.21 and steps.min() > 0    # one position after the other, to the right
            if there[places[1]]:    # the mark and its line lie on the curve, at the second position
                x = points[there[:places[1]].sum(), 0]
                for selector, name in ((".sb-dot", "cx"), (".sb-here", "x1")):
                    shown_at = float(self.element.locator(selector).get_attribute(name))
                    assert shown_at == pytest.approx(x, abs=0.06)
            slope, start = np.polyfit(found["dots"][there], points[:, 1], 1)
            assert slope < 0
            np.testing.assert_allclose(points[:, 1], start + slope * found["dots"][there], rtol=0, atol=0.1)
            band = self.points(".sb-range")
            wide = ~np.isnan(found["least"])
            wanted = np.concatenate([found["most"][wide], found["least"][wide][::-1]])
            np.testing.assert_allclose(band[:, 1], start + slope * wanted, rtol=0, atol=0.2)
        if np.isnan(found["dot"]):
            assert "no dot product" in self.said and self.element.locator(".sb-dot").is_hidden()
        else:
            said = re.search(r"dot product (−?[\d.]+\d)", self.said)[1]
            assert number(said) == pytest.approx(float(found["dot"]), abs=0.00501)
        return found


@pytest.fixture
def figure(show):
    return show(Positions(lang="en"), kind=Figure)


@both_languages
@pytest.mark.parametrize("kind", ["sinusoidal", "rotary", "learned"])
def test_says_everything_in_the_page_language(show, language, kind):
    figure = show(Positions(20, 100, kind, language, shift=30, stretch=1.5, vectors="drawn"), kind=Figure)
    assert figure.places == [50, 130]
    assert {"ko": "50번 위치", "en": "50 and 130"}[language] in figure.said
    for name in ("ko", "en"):
        figure.set(lang=name)
        assert not re.search(r"[{}]|NaN|undefined", figure.words())
    figure.check()


def test_both_positions_are_dragged_on_their_own_track(figure):
    figure.check()
    mouse = figure.page.mouse
    mouse.move(*figure.at(10, 0))
    mouse.down()
    mouse.move(*figure.at(40, 0))
    mouse.move(*figure.at(33, 1))    # it holds what it took
    assert (figure.get("first"), figure.get("second")) == (33, 16)
    mouse.move(figure.at(63, 0)[0] + 300, figure.at(63)[1])
    mouse.up()
    assert (figure.get("first"), figure.get("second")) == (63, 16)
    mouse.move(*figure.at(5, 0))
    assert figure.get("first") == 63    # the drag is over
    figure.check()
    mouse.click(*figure.at(30, 1))
    assert (figure.get("first"), figure.get("second")) == (63, 30)
    mouse.click(*figure.at(30, 0))
    assert figure.places == [30, 30]    # one above the other, and still apart
    figure.check()
    x, y = figure.at(20, 1)
    mouse.click(x, y + 80)    # in the colours: the nearer one
    assert 20 in figure.places and 30 in figure.places
    figure.check()


def test_the_keyboard_moves_a_position_and_goes_no_further_than_the_line(figure):
    press, second = figure.page.keyboard.press, figure.handle("second")
    second.focus()
    for key, wanted in [("ArrowRight", 17), ("ArrowUp", 18), ("ArrowLeft", 17), ("PageUp", 27), ("End", 63),
                        ("ArrowRight", 63), ("Home", 0), ("ArrowDown", 0)]:
        press(key)
        figure.settle()
        assert figure.places == [10, wanted], key
        assert second.evaluate("each => each === document.activeElement")
    assert second.get_attribute("aria-valuetext") == "position 0" and second.get_attribute("role") == "slider"
    figure.check()


def test_a_finger_drags(show):
    figure = show(Positions(lang="ko"), kind=Figure, width=360, touch=True)
    session = figure.page.context.new_cdp_session(figure.page)
    touch = lambda kind, *points: session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [
        {"x": x, "y": y} for x, y in points]})
    touch("touchStart", figure.at(10))
    for p in range(12, 51, 2):
        touch("touchMove", figure.at(p))
    touch("touchEnd")
    figure.settle()
    assert figure.places == [50, 16]
    figure.set(lang="en")
    figure.check()


def test_a_shift_moves_both_and_keeps_the_dot_product(figure):
    before = figure.check()
    drag(figure.knob("shift"), 20)
    found = figure.check()
    assert figure.places == [30, 36] and (figure.get("first"), figure.get("second")) == (10, 16)
    assert found["dot"] == pytest.approx(before["dot"], abs=1e-10) and "was 11.89 and is 11.89" in figure.said
    assert "position 10 becomes that of position 30" in figure.said
    figure.page.mouse.click(*figure.at(50, 0))    # a handle stands where it is dropped, shift and all
    assert figure.places[0] == 50 and figure.get("first") == 30
    drag(figure.knob("shift"), 60)
    assert max(figure.places) == 63 and "no room for more" in figure.said
    figure.knob("kind").select_option("learned")
    found = figure.check()
    assert abs(found["dot"] - found["dot_before"]) > 0.01 and "learned one by one" in figure.said


def test_beyond_the_trained_length(figure):
    figure.set(first=20, second=30)
    drag(figure.knob("shift"), 100)
    assert figure.places == [53, 63] and not figure.check()["unseen"].any()
    figure.knob("extrapolate").check()
    assert figure.places == [120, 130]
    found = figure.check()
    assert found["unseen"].any() and "where training never had it" in figure.said
    drag(figure.knob("stretch"), 4)
    assert not figure.check()["unseen"].any() and "gets the code of 30" in figure.said
    drag(figure.knob("stretch"), 1)
    figure.knob("kind").select_option("rotary")
    assert not figure.check()["unseen"].any() and "distances alone" in figure.said
    figure.set(second=155)
    assert figure.check()["unseen"].any()
    figure.knob("kind").select_option("learned")
    figure.check()
    assert "no row to read: 120, 255" in figure.said and "no dot product" in figure.said


def test_the_chart_is_pressed_and_dragged_over_distances(figure):
    box = figure.element.locator(".sb-chart").bounding_box()
    middle = box["x"] + (36 + 4 + box["width"] - 18) / 2    # distance 0
    cell = (box["width"] - 18 - 40) / 126
    mouse = figure.page.mouse
    mouse.move(middle + 25 * cell, box["y"] + 60)
    mouse.down()
    assert figure.places == [10, 35]
    mouse.move(middle - 4 * cell, box["y"] + 60)
    assert figure.places == [10, 6]
    mouse.move(middle - 60 * cell, box["y"] + 60)
    mouse.up()
    assert figure.places == [10, 0]
    mouse.move(middle, box["y"] + 60)
    assert figure.places == [10, 0]
    figure.check()


def test_size_base_pairing_and_vectors(figure):
    for kind in ("rotary", "sinusoidal"):
        figure.knob("kind").select_option(kind)
        drag(figure.knob("pairs"), 5)
        drag(figure.knob("base"), 2)
        figure.check()
        assert figure.get("pairs") == 5 and figure.get("base") == 100
        for pairing in ("halves", "neighbours"):
            figure.knob("pairing").select_option(pairing)
            figure.check()
    assert figure.knob("vectors").is_disabled()
    figure.knob("kind").select_option("rotary")
    figure.knob("vectors").select_option("drawn")
    found = figure.check()
    assert "reordered for it" in figure.said and f"{found['other_pairing']:.2f}".replace("-", "−") in figure.said
    figure.knob("kind").select_option("learned")
    figure.check()
    assert all(figure.knob(name).is_disabled() for name in ("pairs", "base", "vectors"))


def test_the_table_has_every_number(show):
    figure = show(Positions(7, 90, "rotary", "en", vectors="drawn", pairs=6, pairing="halves"), kind=Figure)
    figure.element.locator("summary").click()
    figure.settle()
    found = figure.check()
    rows = [row.locator("th, td").all_text_contents() for row in figure.element.locator("tbody tr").all()]
    assert [row[0] for row in rows] == [f"{i}, {i + 6}" for i in range(6)]
    for i, row in enumerate(rows):
        values = [number(each) for cell in row[3:5] for each in cell.strip("()").split(", ")]
        assert values == pytest.approx(found["hands"][:, i].ravel(), abs=0.000501)
        assert number(row[1]) * number(row[2]) == pytest.approx(2 * np.pi, rel=0.01)
        assert number(row[2]) == pytest.approx(found["frequency"][i], rel=0.006)
        assert row[6] == ("no" if found["unseen"][:, i].any() else "yes")
    assert sum(number(row[5]) for row in rows) == pytest.approx(float(found["dot"]), abs=0.004)


@pytest.mark.parametrize("width", [360, 390, 768, 1280])
def test_nothing_is_cut_off(show, width):
    figure = show(Positions(255, 0, lang="ko", pairs=32, vectors="drawn", kind="rotary"), kind=Figure, width=width)
    assert figure.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    whole = figure.element.bounding_box()
    for selector in (".sb-line text", ".sb-chart text", ".sb-handle", ".sb-clock"):
        for each in figure.element.locator(selector).all():
            box = each.bounding_box()
            assert box["x"] >= whole["x"] and box["x"] + box["width"] <= whole["x"] + whole["width"], selector
