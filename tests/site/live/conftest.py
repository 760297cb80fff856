"""Pages with live cells and an engine of the same interface as the page's Python, see fake_engine.js."""

import json
import re
import shutil
import threading
from functools import partial
from html import escape
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect

from press.extension import INTERFACE
from press.live.bars import live_bar, opening, torch_bar
from press.live.scripts import bundle_scripts
from press.live.cells import mark
from press.serve import Handler
from tests.site.conftest import ROOT, tabs

FAKE = Path(__file__).with_name("fake_engine.js").read_text("utf-8")
CHAPTER = "rnn/bptt"
THEME = ROOT / "lib/press/theme/static"
COLAB = "https://colab.research.google.com/github/someone/book"
DOT = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
# A small chapter: cell → its code, what it has shown, and tags.
CELLS = {
    "setup": ("import seqbook", "", "hide-input"),
    "data": ('word = "unfold"\nprint(word)', "<pre>t = 1  unfold</pre>", ""),
    "forward-code": ("def forward(word):\n    return word[::-1]", "", ""),
    "forward-figure": ("print(forward(word))", f'<img src="{DOT}" alt="Heatmap">', ""),
    "loss-code": ("loss = 1\nprint(loss)", "<pre>1</pre>", ""),
    "four-ways-torch": ("import torch", "", ""),
    "softmax-gradient-stub": ("def softmax_gradient(logits):\n    raise NotImplementedError", "", "exercise"),
    "softmax-gradient-check": ('check("bptt/softmax_gradient", softmax_gradient)', "<p>Not yet</p>", ""),
    "softmax-gradient-solution": ("def solution_softmax_gradient(logits):\n    return forward(word)\n\n\n"
                                  'check("bptt/softmax_gradient", solution_softmax_gradient)', "<p>Right</p>",
                                  "hide-input solution"),
}
PAGE = """<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>A chapter</title>
<link rel="stylesheet" href="../_static/book.css"><link rel="icon" href="data:,">
<script>document.documentElement.dataset.theme = "light";</script>
<script type="module" src="../_static/live.js"></script></head>
<body data-page="{language}/rnn/bptt" data-widget-failed="failed">
<nav class="page-actions"><a href="{colab}" data-colab>Colab</a><a href="bptt.ipynb" download>Notebook</a>
<button type="button" data-action="run-all">All</button>
<button type="button" data-action="download" hidden>{download}</button></nav>
<main><article class="prose"><h1>A chapter</h1>{cells}</article></main></body></html>"""
SOON = 60_000    # ms that a state may take to come on a busy machine


class Live:
    """A chapter's page in a tab, and what one does with its cells."""

    def __init__(self, tab, language: str = "en"):
        self.tab, self.language = tab, language
        self.page = tab.page
        self.page.set_default_timeout(SOON)

    def open(self, chapter: str = CHAPTER):
        """Open a chapter, and in it the sections that go deeper."""
        self.tab.open(f"{self.language}/{chapter}.html")
        self.page.evaluate("document.querySelectorAll('details.deeper').forEach((fold) => { fold.open = true; })")
        return self

    def cell(self, name: str):
        return self.page.locator(f".live-cell[data-cell={name}]")

    def press(self, name: str, action: str):
        self.cell(name).locator(f"[data-action={action}]").click()

    def write(self, name: str, code: str):
        """Put `code` into a cell's editor, as one does who pastes it."""
        self.press(name, "edit")
        expect(self.cell(name).locator(".cm-content")).to_be_focused(timeout=SOON)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(code) if code else self.page.keyboard.press("Delete")

    def run(self, name: str, code: str | None = None, state: str = "done"):
        if code is not None:
            self.write(name, code)
        self.press(name, "run")
        self.becomes(name, state)

    def becomes(self, name: str, state: str):
        expect(self.cell(name)).to_have_attribute("data-state", state, timeout=SOON)

    def output(self, name: str):
        return self.cell(name).locator(".live-output")

    def code(self, name: str) -> str:
        cell = self.cell(name)
        if cell.locator(".cm-content").count():
            return cell.locator(".cm-line").evaluate_all("(lines) => lines.map((line) => line.textContent).join('\\n')")
        return cell.locator(".cell_input pre").text_content().removesuffix("\n")

    @property
    def log(self) -> list:
        """What the engine was asked."""
        return self.page.evaluate("window.fakeEngine?.log ?? []")

    def ran(self) -> list[str]:
        return [entry[1] for entry in self.log if entry[0] == "run"]

    def settings(self, **values):
        """Change how the engine behaves; `report` is JavaScript."""
        report = values.pop("report", None)
        script = f"Object.assign(window.fakeEngine ??= {{log: [], broken: '', hold: false}}, {json.dumps(values)}" \
                 + (f", {{report: {report}}})" if report else ")")
        self.page.evaluate(script)


def small_page(language: str) -> tuple[str, str]:
    """The small chapter's page, as Sphinx and `press.live.bars` write one, and its notebook."""
    words = INTERFACE[language]["live"]
    notebook = new_notebook(cells=[new_code_cell(code, id=name) for name, (code, _, _) in CELLS.items()])
    mark(notebook.cells)
    parts = []
    for cell in notebook.cells:
        code, shown, tags = CELLS[cell.id]
        live = cell.metadata["live"]
        bar = live_bar(live, words) if live["kind"] == "live" else torch_bar(words, COLAB)
        source = f'<div class="highlight"><pre><span></span><span class="n">{escape(code)}</span>\n</pre></div>'
        classes = " ".join(f"tag_{tag}" for tag in tags.split())
        if "hide-input" in tags:
            source = f'<div class="cell_input">{source}</div>'
            source = f'<details class="hide"><summary>Folded</summary>{source}</details>{bar}'
        else:
            source = f'<div class="cell_input">{source}{bar}</div>'
        output = f'<div class="cell_output live-output">{shown}</div>' if shown else ""
        parts.append(f'{opening(live)}<div class="cell {classes}">{source}{output}</div></div>')
        if "hide-input" in tags:
            cell.source = f"# @title Folded\n{code}"
    page = PAGE.format(language=language, colab=COLAB, download=words["download"], cells="".join(parts))
    return page, json.dumps({**notebook, "cells": [{**cell, "source": cell.source.splitlines(keepends=True)}
                                                   for cell in notebook.cells]})


@pytest.fixture(scope="session")
def small_book(tmp_path_factory):
    """Where the small chapter is served in both languages; the folder lies in its own folder, as books do."""
    folder = tmp_path_factory.mktemp("small-book")
    for language in INTERFACE:
        static = folder / "book" / language / "_static"
        static.mkdir(parents=True)
        bundle_scripts(static, INTERFACE[language]["live"])
        shutil.copy(THEME / "widget-model.js", static)
        css = re.sub(r"@font-face \{.*?\}\n", "", (THEME / "book.css").read_text("utf-8"))
        (static / "book.css").write_text(css, encoding="utf-8")
        (folder / "book" / language / "rnn").mkdir()
        page, notebook = small_page(language)
        (folder / f"book/{language}/rnn/bptt.html").write_text(page, encoding="utf-8")
        (folder / f"book/{language}/rnn/bptt.ipynb").write_text(notebook, encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/book/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def patience():
    """A busy machine takes its time until a script has come."""
    expect.set_options(timeout=SOON)
    yield
    expect.set_options(timeout=5000)


def with_fake_engine(tab, language: str, chapter: str) -> Live:
    tab.page.route("**/_live/engine.js", lambda route: route.fulfill(body=FAKE, content_type="text/javascript"))
    return Live(tab, language).open(chapter)


@pytest.fixture
def live(chromium, small_book):
    """`live(language=…, **options of the tab)` → the small chapter, opened, with the engine of the tests."""
    with tabs(chromium, small_book) as make:
        yield lambda language="en", **options: with_fake_engine(make(**options), language, CHAPTER)


@pytest.fixture
def live_page(tab):
    """The same with a chapter of the built site."""
    return lambda language="en", chapter=CHAPTER, **options: with_fake_engine(tab(**options), language, chapter)
