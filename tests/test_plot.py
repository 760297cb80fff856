"""The figures' style: Korean letters, colours that everyone can tell apart, text that a phone can show."""

import importlib.util
import itertools
import subprocess
import sys

import matplotlib
import nbformat
import numpy as np
import pytest

import seqbook
from seqbook import plot
from press.execute import CellError, run

matplotlib.use("agg")
from matplotlib import pyplot as plt  # noqa: E402


@pytest.fixture(autouse=True)
def style():
    with matplotlib.rc_context():
        plot.use_style()
        yield
    plt.close("all")


def drawn(**labels) -> plt.Figure:
    figure, ax = plt.subplots()
    ax.plot([-2, 0, 2], [-1, 0, 1])
    ax.set(**labels)
    figure.canvas.draw()
    return figure


@pytest.mark.parametrize("label", ["은닉 상태", "기울기 $h^{(t)}$ 의 크기 -1", "$\\partial L / \\partial h^{(t)}$ 손실",
                                   "Größe ‖∂h‖ → São Tomé", "한글 café ≤ 3 × 2"])
def test_labels_of_the_book_are_drawn_without_a_missing_letter(label):
    drawn(title=label, xlabel=label, ylabel=label)


def test_hangul_is_drawn_with_the_korean_font_beside_math():
    """With the fonts the other way round the Hangul of a label with math is lost."""
    text = drawn(title="은닉 $h$").axes[0].title
    assert text.get_fontname() == plot.FONT


@pytest.mark.parametrize("label", ["끝 🎉", "끝 🎉 $h$", "$h$ 1\N{MINUS SIGN}2"])
def test_a_letter_that_no_font_has_is_an_error(label):
    with pytest.raises(UserWarning, match="glyph|Glyph"):
        drawn(title=label)


def test_negative_ticks_of_linear_and_logarithmic_axes_are_drawn():
    figure, (left, right) = plt.subplots(1, 2)
    left.plot([-5, 5], [-1, 1])
    right.loglog([1e-9, 1e-3], [1e-12, 1e3])
    figure.canvas.draw()
    assert "-" in "".join(label.get_text() for label in left.get_xticklabels())


def in_new_python(code: str) -> str:
    return subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True,
                          check=True).stdout


def test_the_font_is_used_without_importing_its_package():
    code = ("import sys, seqbook; seqbook.setup('ko'); from matplotlib import font_manager, pyplot; "
            "print('koreanize_matplotlib' in sys.modules, "
            "font_manager.findfont('NanumGothic', fallback_to_default=False))")
    imported, path = in_new_python(code).split()
    assert imported == "False" and path.endswith("NanumGothic.ttf")


def test_the_style_waits_for_matplotlib_and_comes_with_it():
    """Who draws nothing does not wait for Matplotlib, in a live page least of all."""
    code = """
import sys, seqbook
before = list(sys.meta_path)
seqbook.setup("en")
seqbook.setup("ko")
print("matplotlib" in sys.modules)
from seqbook import plot
from matplotlib import rcParams
print(rcParams["font.family"][0] == plot.FONT)
import matplotlib.pyplot
print(rcParams["font.family"][0] == plot.FONT, len(rcParams["axes.prop_cycle"]) == len(plot.COLORS))
print(sys.meta_path == before)
"""
    assert in_new_python(code).split("\n")[:-1] == ["False", "False", "True True", "True"]


def test_without_its_font_pyplot_cannot_be_imported_however_often():
    code = """
import importlib.util, seqbook
seqbook.setup("ko")
from seqbook import plot
importlib.util.find_spec = lambda name: None
for _ in range(2):
    try:
        import matplotlib.pyplot
    except ModuleNotFoundError as error:
        print(error.name)
"""
    assert in_new_python(code).split() == ["koreanize_matplotlib"] * 2


def test_a_missing_font_package_is_one_clear_sentence(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="`pip install koreanize-matplotlib` and try again$"):
        seqbook.setup("ko")


def test_a_package_without_its_fonts_is_one_clear_sentence(monkeypatch, tmp_path):
    spec = importlib.util.spec_from_file_location("koreanize_matplotlib", tmp_path / "__init__.py")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    with pytest.raises(FileNotFoundError, match="lacks .*NanumGothic.ttf.*--force-reinstall"):
        plot.use_style()


def test_setup_sets_language_and_style_and_refuses_others():
    before = seqbook.get_language()
    try:
        matplotlib.rcdefaults()
        seqbook.setup("ko")
        assert seqbook.get_language() == "ko"
        assert matplotlib.rcParams["font.family"][0] == plot.FONT
        with pytest.raises(ValueError, match="lang must be one of .*'de'"):
            seqbook.setup("de")
    finally:
        seqbook.set_language(before)


def test_text_stays_readable_on_a_phone():
    """A figure 330 px wide on a phone of 360 px: its smallest letters keep 9 px."""
    for width, _ in (plot.WIDE, plot.SQUARE, plot.TALL):
        smallest = min(plot.STYLE[key] for key in ("font.size", "legend.fontsize", "axes.labelsize"))
        assert smallest * 330 / (width * 72) >= 9


# --- colours ----------------------------------------------------------------------------------------------------------

# How the three cones' signals are mixed up (Machado, Oliveira & Fernandes 2009, severity 1), on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def linear(color: str) -> np.ndarray:
    value = np.array(matplotlib.colors.to_rgb(color))
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def cielab(rgb: np.ndarray) -> np.ndarray:
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ rgb
    x, y, z = np.cbrt(np.clip(xyz / [0.9505, 1.0, 1.089], 1e-6, None))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("vision", VISION)
def test_the_colours_are_told_apart_by_every_kind_of_eye(vision):
    """Distances in CIELAB; about 2 is the least that can be seen side by side, 10 is plain at a glance."""
    seen = {name: cielab(np.clip(np.array(VISION[vision]) @ linear(color), 0, 1))
            for name, color in plot.COLORS.items()}
    close = {(a, b): distance for a, b in itertools.combinations(seen, 2)
             if (distance := np.linalg.norm(seen[a] - seen[b])) < 10}
    assert not close


@pytest.mark.parametrize("name", plot.COLORS)
def test_the_colours_stand_out_from_the_page(name):
    """WCAG 2.1 asks 3:1 for graphics; white is the light page, and the site's dark page inverts lightness."""
    luminance = np.array([0.2126, 0.7152, 0.0722]) @ linear(plot.COLORS[name])
    assert 1.05 / (luminance + 0.05) >= 3


# --- heatmap ----------------------------------------------------------------------------------------------------------

def heatmap(matrix, **keywords):
    figure, ax = plt.subplots()
    image = plot.heatmap(ax, matrix, **keywords)
    figure.canvas.draw()
    return figure, ax, image


def test_row_zero_of_a_heatmap_is_on_top_and_labels_stand_where_they_belong():
    _, ax, image = heatmap(np.arange(6).reshape(2, 3), xticks=list("가나다"), yticks=["t", "k"], title="제목",
                           xlabel="열", ylabel="행", bar="크기")
    assert image.get_array().tolist() == [[0, 1, 2], [3, 4, 5]]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    assert [label.get_text() for label in ax.get_xticklabels()] == list("가나다")
    assert (ax.get_title(loc="left"), ax.get_xlabel(), ax.get_ylabel()) == ("제목", "열", "행")


def test_signed_heatmaps_are_white_at_zero_whatever_the_range():
    _, _, image = heatmap([[-1.0, 0.0, 4.0]])
    assert image.get_clim() == (-4, 4)
    np.testing.assert_allclose(image.cmap(image.norm(0.0))[:3], 1, atol=0.05)
    _, _, unsigned = heatmap([[0.0, 4.0]])
    assert unsigned.get_clim() == (0, 4) and unsigned.cmap.name == "YlGnBu"
    _, _, chosen = heatmap([[0.5, 1.0]], signed=True, limit=2)
    assert chosen.get_clim() == (-2, 2)


def test_numbers_in_cells_are_legible_and_zero_has_no_sign():
    _, ax, image = heatmap([[-1e-9, 1.25], [0.5, -3.0]], values=".1f")
    assert [text.get_text() for text in ax.texts] == ["0.0", "1.2", "0.5", "-3.0"]
    for text, value in zip(ax.texts, [-1e-9, 1.25, 0.5, -3.0]):
        ink, paper = (np.array([0.2126, 0.7152, 0.0722]) @ linear(color) + 0.05
                      for color in (text.get_color(), image.cmap(image.norm(value))))
        assert max(ink, paper) / min(ink, paper) >= 4.5


def test_a_heatmap_of_zeros_or_with_holes_is_drawn():
    heatmap(np.zeros((2, 2)))
    heatmap([[np.nan, 1.0]])
    heatmap([[np.nan, np.nan]])


@pytest.mark.parametrize("matrix, keywords, message", [
    ([1, 2, 3], {}, r"matrix must have shape \(rows, columns\) .* got \(3,\)"),
    (np.zeros((0, 3)), {}, r"at least one cell, got \(0, 3\)"),
    (np.zeros((2, 3)), {"xticks": ["a"]}, "xticks must name each of the 3 cells along its axis, got 1"),
    (np.zeros((2, 3)), {"yticks": ["a"]}, "yticks must name each of the 2 cells along its axis, got 1"),
])
def test_bad_heatmaps_are_refused(matrix, keywords, message):
    _, ax = plt.subplots()
    with pytest.raises(ValueError, match=message):
        plot.heatmap(ax, matrix, **keywords)


# --- in a notebook ----------------------------------------------------------------------------------------------------

def executed(tmp_path, label: str) -> nbformat.NotebookNode:
    cells = [nbformat.v4.new_code_cell('import seqbook\nseqbook.setup("ko")', id="setup"),
             nbformat.v4.new_code_cell("import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\n"
                                       f"ax.set_title({label!r});", id="figure")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "page.ipynb")
    return run(tmp_path / "page.ipynb", tmp_path)


def test_figures_of_a_notebook_are_sharp_at_any_size(tmp_path):
    (output,) = executed(tmp_path, "은닉 상태 $h^{(t)}$").cells[1].outputs
    assert "<svg" in output.data["image/svg+xml"]


def test_a_missing_letter_stops_the_build_of_the_page(tmp_path):
    """A notebook draws its figures after the cell has ended, where an error does not fail the cell by itself."""
    with pytest.raises(CellError, match="the figure of cell figure failed\n.*(glyph|Glyph)"):
        executed(tmp_path, "끝 🎉 $h$")  # one: each costs the start of a kernel
