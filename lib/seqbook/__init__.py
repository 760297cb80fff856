"""The library behind the book: `scratch` (NumPy by hand), its mirror `pytorch`, `data`, `widgets`, `checks`, `plot`."""

from seqbook.language import get_language, set_language
from seqbook.later import when_imported

__version__ = "0.1.0"
__all__ = ["get_language", "set_language", "setup"]


def setup(lang: str) -> None:
    """Make this page speak `lang` ("ko" or "en"): widgets, checkers and the figures' style and fonts."""
    set_language(lang)
    when_imported("matplotlib.pyplot", _use_style)    # Matplotlib takes its time: only who draws pays for it


def _use_style() -> None:
    from seqbook import plot
    plot.use_style()


def __getattr__(name):
    if name == "vit_checkpoint":    # its address before `interop` had one
        from seqbook.interop import vit_checkpoint
        return vit_checkpoint
    raise AttributeError(f"module 'seqbook' has no attribute {name!r}")
