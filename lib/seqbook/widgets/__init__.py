"""Figures that live: anywidget classes whose ES modules also compute, so they work on a page without a kernel.

Every module here but `base` is a widget: `gate_laboratory.py` holds GateLaboratory, `js/gate_laboratory/` its ES module.
"""

from importlib import import_module
from pkgutil import iter_modules

MODULES = tuple(sorted(module.name for module in iter_modules(__path__) if module.name != "base"))


def class_name(module: str) -> str:
    """The class that a widget's module holds: "gate_laboratory" → "GateLaboratory"."""
    return module.title().replace("_", "")


__all__ = [class_name(module) for module in MODULES]
globals().update({class_name(module): getattr(import_module(f"{__name__}.{module}"), class_name(module))
                  for module in MODULES})
