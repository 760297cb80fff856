"""The drawings of cells: words in both languages, large enough for a phone, and the parts asked for in colour."""

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_hex

from seqbook import plot, set_language
from seqbook.diagrams import CELL, GREY, PARTS, WORDS, draw_cell, draw_cell_and_values

matplotlib.use("agg")
from matplotlib import pyplot as plt  # noqa: E402

EVERY_PART = pytest.mark.parametrize(("kind", "part"), [(kind, part) for kind in PARTS for part in PARTS[kind]])


@pytest.fixture(autouse=True)
def style():
    with matplotlib.rc_context():
        plot.use_style()
        yield
    plt.close("all")
    set_language("en")


def drawn(kind, highlight=None):
    figure, ax = plt.subplots()
    draw_cell(ax, kind, highlight)
    figure.canvas.draw()
    return ax


def coloured(ax):
    """What is drawn in a colour, as (kind, place) of each line, patch and text."""
    lines = [(line.get_color(), tuple(map(tuple, line.get_xydata()))) for line in ax.lines]
    patches = [(patch.get_edgecolor(), str(patch)) for patch in ax.patches]
    texts = [(text.get_color(), text.get_position()) for text in ax.texts if text.get_text()]
    return {(type(key).__name__, key) for colour, key in lines + patches + texts if to_hex(colour) != GREY.lower()}


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("kind", PARTS)
def test_the_words_are_those_of_the_page_and_lie_inside_the_figure(kind, lang):
    set_language(lang)
    ax = drawn(kind)
    words = [text for text in ax.texts if text.get_text()]
    wanted = WORDS[lang].values() if kind == "lstm" else [WORDS[lang]["hidden"]]
    assert {*wanted} - {WORDS[lang]["x"]} <= {text.get_text() for text in words}
    assert any(f"({WORDS[lang]['x']})" in text.get_text() for text in words)
    box = ax.figure.bbox
    for text in words:
        assert text.get_fontsize() >= 11
        extent = text.get_window_extent()
        assert box.x0 <= extent.x0 and extent.x1 <= box.x1 and box.y0 <= extent.y0 and extent.y1 <= box.y1, text


def test_both_languages_have_the_same_words():
    assert WORDS["ko"].keys() == WORDS["en"].keys()


@EVERY_PART
def test_a_highlighted_part_is_in_colour_and_the_rest_grey(kind, part):
    everything, alone = coloured(drawn(kind)), coloured(drawn(kind, (part,)))
    assert alone <= everything and (kind == "rnn" or 0 < len(alone) < 0.5 * len(everything))


def test_the_parts_make_up_the_whole():
    together = set().union(*(coloured(drawn("lstm", (part,))) for part in PARTS["lstm"]))
    assert together == coloured(drawn("lstm")) and not coloured(drawn("lstm", ()))


def test_unknown_kinds_and_parts_are_refused():
    _, ax = plt.subplots()
    with pytest.raises(ValueError, match="kind must be one of .*'gru'"):
        draw_cell(ax, "gru")
    with pytest.raises(ValueError, match="highlight must be one of .*'forget_gate'"):
        draw_cell(ax, "lstm", ("forget_gate",))


def test_the_values_stand_below_the_cell_one_bar_a_character():
    below = draw_cell_and_values(("forget",), np.array([0.5, -1.0, 0.25]), "a (", marked=2, title="f")
    above = below.figure.axes[0]
    assert coloured(above) == coloured(drawn("lstm", ("forget",)))
    assert [bar.get_height() for bar in below.patches] == [0.5, -1.0, 0.25] and below.get_title(loc="left") == "f"
    assert [label.get_text() for label in below.get_xticklabels()] == ["a", "␣", "("]
    for marks in ([bar.get_facecolor() for bar in below.patches],
                  [label.get_color() for label in below.get_xticklabels()]):
        assert [to_hex(colour) == CELL.lower() for colour in marks] == [False, False, True]


def test_each_character_needs_a_value():
    with pytest.raises(ValueError, match=r"values must have shape \(T=3,\).*got \(2,\)"):
        draw_cell_and_values(("forget",), np.zeros(2), "abc")
