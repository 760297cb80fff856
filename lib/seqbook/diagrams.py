"""Drawings of cells, with the parts a section speaks of in colour and the rest in grey."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyBboxPatch

from seqbook.language import get_language
from seqbook.plot import COLORS
from seqbook.scratch.base import check_choice

PARTS = {
    "rnn": ("hidden",),
    "lstm": ("cell", "forget", "input", "candidate", "update", "output", "hidden"),
}
GREY = "#8C8C8C"
FILL = "#FFF3D6"
CELL = COLORS["extra"]

# Words by language: under each gate, and along the two lines.
WORDS = {
    "ko": {"forget": "망각\n게이트", "input": "입력\n게이트", "candidate": "후보값", "output": "출력\n게이트",
           "cell": "셀 상태", "hidden": "은닉 상태", "x": "입력"},
    "en": {"forget": "forget\ngate", "input": "input\ngate", "candidate": "candi-\ndate", "output": "output\ngate",
           "cell": "cell state", "hidden": "hidden state", "x": "input"},
}

COLUMNS = {"forget": (2.5, r"$\sigma$"), "input": (3.9, r"$\sigma$"), "candidate": (5.3, r"$\tanh$"),
           "output": (6.7, r"$\sigma$")}
TOP, BOTTOM, GATE, MIDDLE = 4.9, 1.5, 2.35, 3.65    # heights of the two lines, of the gates, and between
EXIT = 8.3                                          # where C turns down to become h


def draw_cell(ax: Axes, kind: str, highlight: tuple[str, ...] | None = None) -> None:
    """Draw one step of an "rnn" or "lstm" cell on `ax`, labelled in the page's language.

    `highlight` names the parts in colour, the others are grey; None colours all. Parts of the LSTM: "cell" (the line of
    the cell state), "forget", "input", "candidate", "output" (their boxes), "update" (erasing and adding on the line)
    and "hidden" (from the cell state to h); of the RNN: "hidden".
    """
    check_choice("kind", kind, PARTS)
    highlight = PARTS[kind] if highlight is None else highlight
    for part in highlight:
        check_choice("highlight", part, PARTS[kind])
    pen = _Pen(ax, highlight, WORDS[get_language()])
    (_draw_rnn if kind == "rnn" else _draw_lstm)(pen)
    ax.set(xlim=(-0.6, 10.6), ylim=(-0.45, 2.75 if kind == "rnn" else 5.85), aspect="equal")
    ax.axis("off")


def draw_cell_and_values(highlight: tuple[str, ...], values: np.ndarray, text: str, *, marked: int | None = None,
                         title: str = "") -> Axes:
    """A figure of the LSTM cell and, below it, `values (T,)` as bars over the T characters of `text`.

    `highlight` is that of `draw_cell`; the bar and the character at the index `marked` are brown, the others grey.
    Returns the axes of the bars. Raises ValueError where text and values differ in length.
    """
    if np.shape(values) != (len(text),):
        raise ValueError(f"values must have shape (T={len(text)},), one for each character, got {np.shape(values)}")
    _, (above, below) = plt.subplots(2, 1, figsize=(5.6, 5.2), height_ratios=[3.6, 1.4])
    draw_cell(above, "lstm", highlight)
    bars = below.bar(range(len(text)), values, color="#B4B4B4")
    below.set_xticks(range(len(text)), list(text.replace(" ", "␣")), fontsize=9)
    below.tick_params(axis="x", length=0)
    below.grid(axis="x", visible=False)
    below.set_title(title)
    if marked is not None:
        bars[marked].set_color(CELL)
        below.get_xticklabels()[marked].set(color=CELL, fontsize=12)
    return below


class _Pen:
    """Draws lines, boxes and words in their colour, or in grey where none of the `parts` they belong to is lit."""

    def __init__(self, ax, highlight, words):
        self.ax, self.highlight, self.words = ax, set(highlight), words

    def lit(self, parts):
        return not self.highlight.isdisjoint(parts.split())

    def colour(self, parts, colour="black"):
        return colour if self.lit(parts) else GREY

    def fill(self, parts):
        return FILL if self.lit(parts) else "white"

    def line(self, parts, *points, colour="black", arrow=True):
        colour = self.colour(parts, colour)
        width = 2.4 if self.lit(parts) else 1.4
        *_, before, end = points
        self.ax.plot(*zip(*points), color=colour, lw=width, solid_capstyle="round", zorder=1)
        if arrow:
            self.ax.annotate("", end, before, zorder=1, arrowprops={
                "arrowstyle": "-|>", "color": colour, "lw": width, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 13})

    def box(self, parts, x, y, symbol):
        self.ax.add_patch(FancyBboxPatch((x - 0.52, y - 0.36), 1.04, 0.72, boxstyle="round,pad=0,rounding_size=0.12",
                                         facecolor=self.fill(parts), edgecolor=self.colour(parts), lw=1.5, zorder=3))
        self.text(parts, x, y - 0.03, symbol, size=13)

    def circle(self, parts, x, y, symbol):
        self.ax.add_patch(Circle((x, y), 0.27, facecolor=self.fill(parts), edgecolor=self.colour(parts), lw=1.5,
                                 zorder=3))
        self.text(parts, x, y - 0.02, symbol, size=13)

    def text(self, parts, x, y, words, size=12, colour="black", **options):
        self.ax.text(x, y, words, color=self.colour(parts, colour), fontsize=size, zorder=4,
                     **{"ha": "center", "va": "center"} | options)

    def frame(self, bottom, top):
        self.ax.add_patch(FancyBboxPatch((0.9, bottom), 8.5, top - bottom, boxstyle="round,pad=0,rounding_size=0.3",
                                         facecolor="#F4F4F4", edgecolor=GREY, lw=1, zorder=0))


def _draw_rnn(pen):
    y = 1.5
    pen.frame(0.55, 2.45)
    pen.line("hidden", (0.3, y), (4.76, y), colour=COLORS["hidden"])
    pen.line("hidden", (1.5, -0.1), (1.5, y), colour=COLORS["input"], arrow=False)
    pen.box("hidden", 5.3, y, r"$\tanh$")
    pen.line("hidden", (5.84, y), (10.0, y), colour=COLORS["hidden"])
    _ends(pen, y, "hidden")


def _draw_lstm(pen):
    pen.frame(0.55, 5.35)
    pen.line("cell", (0.3, TOP), (10.0, TOP), colour=CELL)
    pen.text("cell", -0.15, TOP, "$C_{t-1}$", colour=CELL)
    pen.text("cell", 10.3, TOP, "$C_t$", colour=CELL)
    pen.text("cell", 7.1, TOP + 0.7, pen.words["cell"], colour=CELL)

    gates = " ".join(COLUMNS)
    pen.line(gates, (0.3, BOTTOM), (COLUMNS["output"][0], BOTTOM), colour=COLORS["hidden"], arrow=False)
    pen.line(gates, (1.5, -0.1), (1.5, BOTTOM), colour=COLORS["input"], arrow=False)
    for part, (x, symbol) in COLUMNS.items():
        pen.line(part, (x, BOTTOM), (x, GATE - 0.4))
        pen.box(part, x, GATE, symbol)
        pen.text(part, x, BOTTOM - 0.5, pen.words[part], size=11)

    forget, add, output = (COLUMNS[part][0] for part in ("forget", "candidate", "output"))
    pen.line("forget", (forget, GATE + 0.4), (forget, TOP - 0.3))
    pen.line("input", (3.9, GATE + 0.4), (3.9, MIDDLE), (add - 0.3, MIDDLE))
    pen.line("candidate", (add, GATE + 0.4), (add, MIDDLE - 0.3))
    pen.line("update", (add, MIDDLE + 0.3), (add, TOP - 0.3))
    pen.circle("forget update", forget, TOP, r"$\times$")
    pen.circle("input update", add, MIDDLE, r"$\times$")
    pen.circle("update", add, TOP, "$+$")
    for part, x, symbol in (("forget", forget, "$f_t$"), ("input", 3.9, "$i_t$"), ("output", output, "$o_t$"),
                            ("candidate", add, r"$\tilde{C}_t$")):
        pen.text(part, x - 0.15, GATE + 0.72, symbol, ha="right")

    pen.line("output", (output, GATE + 0.4), (output, 3.1), (EXIT - 0.3, 3.1))
    pen.line("hidden", (EXIT, TOP), (EXIT, 4.35))
    pen.box("hidden", EXIT, 4.0, r"$\tanh$")
    pen.line("hidden", (EXIT, 3.62), (EXIT, 3.4))
    pen.circle("output hidden", EXIT, 3.1, r"$\times$")
    pen.line("hidden", (EXIT, 2.83), (EXIT, BOTTOM), (10.0, BOTTOM), colour=COLORS["hidden"])
    _ends(pen, BOTTOM, gates)


def _ends(pen, y, reading):
    """What enters and leaves at the bottom: h(t-1) and x(t), which the parts `reading` read, and h(t)."""
    pen.text(reading, -0.15, y, "$h_{t-1}$", colour=COLORS["hidden"])
    pen.text("hidden", 10.3, y, "$h_t$", colour=COLORS["hidden"])
    pen.text("hidden", 9.95, y - 1.35, pen.words["hidden"], colour=COLORS["hidden"], ha="right")
    pen.text(reading, 1.75, -0.15, f"$x_t$ ({pen.words['x']})", colour=COLORS["input"], ha="left")
