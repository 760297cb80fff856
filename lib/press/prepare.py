"""Turn an executed notebook into what the website shows: labels, figures' texts, widgets' code set apart."""

import hashlib
import re
from pathlib import Path

import nbformat

from press.execute import PROGRESS
from press.live import cells as live
from seqbook.widgets import WIDGETS
from seqbook.widgets.base import bundle

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
WITH_NUMBERS = {"unfolding", "gradient_flow", "gate_laboratory"}    # widgets whose numbers a reader may check
NEAR = "when-near"    # the tag of cells whose widget is fetched when the reader comes near
TITLE = re.compile(r"\A# @title (.+)\n")


class PageError(Exception):
    """A notebook ran, but shows something the website must not; the message names page and cell."""


def prepare(notebook: nbformat.NotebookNode, page: str, assets: Path) -> nbformat.NotebookNode:
    """`notebook` made ready for the page `page`; widgets' code and styles are written into `assets`.

    Raises PageError for a figure without alt text, a message on stderr and a widget that needs a kernel.
    """
    views = _widgets(notebook, page, assets)
    live.mark(notebook.cells)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        where = f"{page}, cell {cell.id}"
        _label(cell)
        cell.outputs = [output for output in cell.outputs if not _is_progress(output, views)]
        for output in cell.outputs:
            if output.get("name") == "stderr":
                raise PageError(f"{where} writes to stderr, which no reader should see:\n{output.text}")
            data = output.get("data", {})
            if VIEW in data and data[VIEW]["model_id"] not in views["alive"]:
                raise PageError(f"{where} shows a widget that is not an anywidget: it would be dead without a kernel")
            if VIEW in data and NEAR in cell.metadata.get("tags", []):
                notebook.metadata["widgets"][STATE]["state"][data[VIEW]["model_id"]]["near"] = True
            if VIEW in data and views["alive"][data[VIEW]["model_id"]] in WITH_NUMBERS:
                cell.metadata["live"]["numbers"] = True
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt")
            if any(kind.startswith("image/") for kind in data) and not alt:
                raise PageError(f"{where} shows a figure without alt text (metadata mystnb.image.alt)")
    return notebook


def _label(cell: nbformat.NotebookNode) -> None:
    """Fold a cell that is hidden, whole or its input, under its `# @title`, which the folded code need not repeat."""
    if not {"hide-input", "hide-cell"} & set(cell.metadata.get("tags", [])) or not (title := TITLE.match(cell.source)):
        return
    cell.source = cell.source[title.end():]
    cell.metadata.setdefault("mystnb", {}).update(code_prompt_show=title[1], code_prompt_hide=title[1])


def _is_progress(output: nbformat.NotebookNode, views: dict) -> bool:
    """Whether an output is a progress bar, as text or as tqdm's widget: of use only while the cell runs."""
    if output.get("name") == "stderr":
        return all(PROGRESS.search(line) for line in re.split(r"[\r\n]+", output.text) if line.strip())
    return output.get("data", {}).get(VIEW, {}).get("model_id") in views["progress"]


def _widgets(notebook: nbformat.NotebookNode, page: str, assets: Path) -> dict:
    """Keep the state of the anywidgets alone, with their code and styles in files that pages share."""
    state = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    alive = {}
    for model_id, model in state.items():
        traits = model["state"]
        if "_esm" not in traits:
            continue
        kept = {name: value for name, value in traits.items() if not name.startswith("_")}
        kept.pop("layout", None), kept.pop("tabbable", None), kept.pop("tooltip", None)
        module = traits.get("_anywidget_id", "").rpartition(".")[0]    # "seqbook.widgets.unfolding"
        name = module.rpartition(".")[2] or "widget"
        files = {"module": _asset(assets, name, "js", traits["_esm"])}
        if traits.get("_css"):
            files["style"] = _asset(assets, name, "css", traits["_css"])
        alive[model_id] = {"state": kept, **files, **({"buffers": model["buffers"]} if "buffers" in model else {})}
    notebook.metadata.pop("widgets", None)
    if alive:
        notebook.metadata["widgets"] = {STATE: {"version_major": 2, "version_minor": 0, "state": alive}}
    bars = {model_id for model_id, model in state.items() if model.get("model_name") == "HBoxModel"}
    return {"alive": {name: _name(model["module"]) for name, model in alive.items()}, "progress": bars}


def _name(module: str) -> str:
    """The widget of a file that `_asset` has written."""
    return module.rpartition("-")[0]


def write_widgets(assets: Path) -> None:
    """Write every widget's code and style into `assets`: on a live page a reader may make any."""
    for name in WIDGETS:
        for suffix in ("js", "css"):
            _asset(assets, name, suffix, bundle(name, suffix).read_text("utf-8"))


def _asset(assets: Path, name: str, suffix: str, text: str) -> str:
    assets.mkdir(parents=True, exist_ok=True)
    file = f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:10]}.{suffix}"
    (assets / file).write_text(text, encoding="utf-8")
    return file
