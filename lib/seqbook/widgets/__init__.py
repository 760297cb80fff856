"""Figures that live: anywidget classes whose ES modules also compute, so they work on a page without a kernel."""

from seqbook.widgets.gate_laboratory import GateLaboratory
from seqbook.widgets.gradient_flow import GradientFlow
from seqbook.widgets.unfolding import Unfolding

__all__ = ["GateLaboratory", "GradientFlow", "Unfolding"]
