"""Matplotlib's backend in the page: figures are SVG, shown by `plt.show()` or at the end of their cell."""

from matplotlib.backends.backend_svg import FigureCanvasSVG, FigureManagerBase

import live_kernel


class FigureManager(FigureManagerBase):
    @classmethod
    def pyplot_show(cls, *, block=None) -> None:
        live_kernel.show_figures()


class FigureCanvas(FigureCanvasSVG):
    manager_class = FigureManager
