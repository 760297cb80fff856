"""One Matplotlib style for the book: Korean glyphs, colours that colour-blind readers can tell apart, phone-size text.

Figures are light; the site turns them dark by inverting lightness, which keeps the hues. So no meaning may hang on
black against white alone.
"""

import importlib.util
import logging
import sys
import warnings
from pathlib import Path

import numpy as np
from matplotlib import font_manager, rcParams
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.scale import LogScale, register_scale
from matplotlib.ticker import LogFormatterSciNotation

FONT = "NanumGothic"
FONT_FILES = ("NanumGothic.ttf", "NanumGothicBold.ttf")

# One colour for one thing, in every figure.
COLORS = {
    "input": "#0072B2",    # blue: x
    "hidden": "#D55E00",   # vermilion: h
    "output": "#009E73",   # green: o
    "loss": "#AA3377",     # purple: L
    "target": "#444444",   # dark grey: y, references, baselines
    "extra": "#7A4900",    # brown: a sixth line where one is needed
}
WIDE, SQUARE, TALL = (5.6, 3.2), (4.6, 4.0), (5.6, 5.0)  # inches; 12 pt text stays above 9 px on a phone of 360 px

STYLE = {
    "font.family": [FONT, "DejaVu Sans"],  # Hangul first: a label with $…$ loses its Hangul the other way round
    "font.size": 12,
    "mathtext.fontset": "dejavusans",
    "axes.unicode_minus": False,           # NanumGothic has no U+2212
    "axes.prop_cycle": None,               # set in use_style from COLORS
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "axes.labelsize": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.7,
    "lines.linewidth": 2.0,
    "legend.frameon": False,
    "legend.fontsize": 11,
    "image.cmap": "YlGnBu",    # 0 is pale: on a dark page pictures are inverted, and more stays more
    "figure.figsize": WIDE,
    "figure.dpi": 100,
    "figure.constrained_layout.use": True,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "seqbook",             # the same figure gives the same file
}


def use_style() -> None:
    """Set the book's figure style and fonts. In a notebook figures become SVG, sharp on paper and when zoomed.

    A character that no font can draw is an error from here on, not a box in the picture. Raises ModuleNotFoundError
    where the Korean font's package is not installed.
    """
    for path in korean_fonts():
        font_manager.fontManager.addfont(path)
    import matplotlib.pyplot as plt
    rcParams.update(STYLE | {"axes.prop_cycle": plt.cycler(color=list(COLORS.values()))})
    warnings.filterwarnings("error", message=r"Glyph \d+ .* missing from")
    logging.getLogger("matplotlib.mathtext").addFilter(_refuse_missing_glyph)
    register_scale(_KoreanLogScale)
    if (shell := sys.modules.get("IPython")) and (shell := shell.get_ipython()) and hasattr(shell, "kernel"):
        from matplotlib_inline.backend_inline import set_matplotlib_formats
        set_matplotlib_formats("svg")


def _refuse_missing_glyph(record: logging.LogRecord) -> bool:
    if "does not have a glyph" in record.getMessage():  # labels with $…$: logged only, and drawn as a dummy symbol
        raise UserWarning(record.getMessage())
    return True


class _KoreanLogFormatter(LogFormatterSciNotation):
    def __call__(self, x: float, pos: int | None = None) -> str:
        # math turns "-" into U+2212, which NanumGothic has not; its en dash looks the same
        return super().__call__(x, pos).replace("-", "\N{EN DASH}")


class _KoreanLogScale(LogScale):
    """Matplotlib's "log" scale with tick labels that NanumGothic can draw."""

    def __init__(self, *args, **options):  # an axis, up to Matplotlib 3.10; from 3.11 on it is not wanted
        super().__init__(*args, **options)

    def set_default_locators_and_formatters(self, axis) -> None:
        super().set_default_locators_and_formatters(axis)
        axis.set_major_formatter(_KoreanLogFormatter(self.base))
        axis.set_minor_formatter(_KoreanLogFormatter(self.base, labelOnlyBase=self.subs is not None))


def korean_fonts() -> list[Path]:
    """The font files with Korean glyphs, from the package koreanize-matplotlib.

    The package itself is not imported: from Python 3.12 on it fails there without setuptools.
    """
    spec = importlib.util.find_spec("koreanize_matplotlib")
    if spec is None:
        raise ModuleNotFoundError("the book's figures take their Korean letters from the package "
                                  "'koreanize-matplotlib', which is not installed: "
                                  "run `pip install koreanize-matplotlib` and try again", name="koreanize_matplotlib")
    paths = [Path(spec.origin).parent / "fonts" / name for name in FONT_FILES]
    if missing := [str(path) for path in paths if not path.is_file()]:
        raise FileNotFoundError(f"the installed 'koreanize-matplotlib' lacks {', '.join(missing)}: "
                                "run `pip install --force-reinstall koreanize-matplotlib` and try again")
    return paths


def heatmap(ax: Axes, matrix: np.ndarray, *, xlabel: str = "", ylabel: str = "", title: str = "",
            xticks: list[str] | None = None, yticks: list[str] | None = None, signed: bool | None = None,
            limit: float | None = None, values: str | None = None, bar: str | None = "") -> AxesImage:
    """Draw `matrix (rows, columns)` as coloured cells, row 0 on top, with a colour bar labelled `bar` (None: no bar).

    Signed matrices (`signed=None`: those with a negative entry) are drawn blue–white–red around 0, the others from
    pale to strong; `limit` is the largest magnitude of the scale. `xticks` and `yticks` name columns and rows.
    `values`, a format such as ".2f", writes each number into its cell (zero without a sign). NaN cells and those that a
    masked array hides stay blank.
    """
    hidden = np.ma.getmaskarray(matrix) if isinstance(matrix, np.ma.MaskedArray) else False
    matrix = np.where(hidden, np.nan, np.asarray(matrix, dtype=float))
    if matrix.ndim != 2 or not matrix.size:
        raise ValueError(f"matrix must have shape (rows, columns) and at least one cell, got {matrix.shape}")
    for name, labels, count in (("xticks", xticks, matrix.shape[1]), ("yticks", yticks, matrix.shape[0])):
        if labels is not None and len(labels) != count:
            raise ValueError(f"{name} must name each of the {count} cells along its axis, got {len(labels)}")
    finite = matrix[np.isfinite(matrix)]
    signed = bool((finite < 0).any()) if signed is None else signed
    limit = limit or (np.abs(finite).max(initial=0.0) or 1.0)
    image = ax.imshow(matrix, cmap="RdBu_r" if signed else "YlGnBu", vmin=-limit if signed else 0, vmax=limit,
                      aspect="auto", interpolation="nearest")
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    if xticks is not None:
        ax.set_xticks(range(len(xticks)), xticks)
    if yticks is not None:
        ax.set_yticks(range(len(yticks)), yticks)
    if values is not None:
        for (row, column), value in np.ndenumerate(matrix):
            red, green, blue, _ = image.cmap(image.norm(value))
            dark = 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.5
            ax.text(column, row, format(value, f"z{values}"), ha="center", va="center", fontsize=11,
                    color="white" if dark else "black")
    if bar is not None:
        ax.figure.colorbar(image, ax=ax, label=bar).outline.set_visible(False)
    return image
