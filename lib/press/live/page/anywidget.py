"""anywidget in the page: a widget is its traits, and their state is all that the page's own host needs to draw it."""

import base64
import hashlib
from pathlib import Path

import traitlets

WIDGET = "application/vnd.seqbook.widget+json"


class AnyWidget(traitlets.HasTraits):
    """`_esm` and `_css` are paths of bundles, which the site has under names that tell their content."""

    def _repr_mimebundle_(self, **_) -> dict:
        name = type(self).__module__.rpartition(".")[2]
        files = {"module": asset(name, "js", self._esm)}
        if getattr(self, "_css", None):
            files["style"] = asset(name, "css", self._css)
        buffers = []
        state = {trait: apart(getattr(self, trait), [trait], buffers) for trait in self.trait_names(sync=True)}
        state = {trait: value for trait, value in state.items() if value is not APART}
        return {WIDGET: {**files, "state": state, "buffers": buffers}, "text/plain": type(self).__name__}


APART = object()    # stands for what went into the buffers


def apart(value, path: list, buffers: list):
    """`value` without its bytes, which go into `buffers` with their path, as ipywidgets keeps them."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        buffers.append({"path": path, "encoding": "base64", "data": base64.b64encode(value).decode()})
        return APART
    if isinstance(value, dict):
        parts = {key: apart(part, [*path, key], buffers) for key, part in value.items()}
        return {key: part for key, part in parts.items() if part is not APART}
    if isinstance(value, (list, tuple)):
        parts = [apart(part, [*path, place], buffers) for place, part in enumerate(value)]
        return [None if part is APART else part for part in parts]
    return value


def asset(name: str, suffix: str, path: Path) -> str:
    """The name of a bundle on the site (press.prepare gives it)."""
    return f"{name}-{hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]}.{suffix}"
