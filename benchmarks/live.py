"""What Python in the page costs: bytes, the wait for the first output, stop, memory, cells' time; `live.md`.

    python -m benchmarks.live [PAGE …]        (for example ko/rnn/patterns)

The first output is that of a chapter's setup cell and a first NumPy cell, from the press of the button on: of a first
visit on a line of 20 Mbit/s, and of a later one, when the browser has kept the files. Cells are run in the page and, by
the same kernel, in a native Python, one after the other.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import nbformat
from playwright.sync_api import sync_playwright

from press.browser import launch
from press.live.cells import kinds
from press.live.packs import PAGE
from press.serve import Handler

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).with_name("live.md")
LINE = {"offline": False, "latency": 40, "downloadThroughput": 20e6 / 8, "uploadThroughput": 5e6 / 8}
CHAPTERS = ("ko/rnn/patterns", "en/lstm/gates")
SETUP = 'import seqbook\nseqbook.setup(lang="ko")'
FIRST = "import numpy as np\nnp.ones((3, 3)) @ np.ones(3)"

START = """async () => {
    const begin = performance.now(), base = new URL("_live/", location.href).href;
    const { Engine } = await import(base + "engine.js");
    window.engine = new Engine({ base, lang: "ko" });
    const size = await engine.size();
    await engine.start({});
    return { size, ready: performance.now() - begin };
}"""
RUN = "async ([source, name]) => engine.run(source, { name })"
STOP = """async () => {
    const running = engine.run("while True: pass", {});
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const begin = performance.now();
    await engine.stop();
    await running;
    return performance.now() - begin;
}"""
NATIVE = """
import importlib.util, json, sys, types
ends = []
def call(data):
    event = json.loads(data)
    if event["type"] == "done":
        ends.append(event)
sys.modules["_host"] = types.SimpleNamespace(call=call)
sys.path.append(sys.argv[1])
import live_kernel
spec = importlib.util.spec_from_file_location("anywidget", sys.argv[1] + "/anywidget.py")    # the real one asks IPython
sys.modules["anywidget"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["anywidget"])
for name, source in json.loads(open(sys.argv[2]).read()):
    live_kernel.run(source, name)
    if not ends[-1]["ok"]:
        sys.stderr = sys.__stderr__
        raise SystemExit(ends[-1]["traceback"])
sys.stdout = sys.__stdout__
print(json.dumps({name: end["seconds"] for (name, _), end in zip(json.loads(open(sys.argv[2]).read()), ends)}))
"""


def first_output(page) -> dict:
    """Seconds until Python is ready, and until the first two cells have ended."""
    begin = time.perf_counter()
    found = page.evaluate(START)
    for source in (SETUP, FIRST):
        assert page.evaluate(RUN, [source, ""])["ok"]
    return {**found["size"], "ready": found["ready"] / 1000, "output": time.perf_counter() - begin}


def live_cells(page: str) -> list[tuple[str, str]]:
    """(id, code) of a chapter's cells that run in the page."""
    notebook = nbformat.read(ROOT / f"chapters/{page}.ipynb", as_version=4)
    sources = {cell.id: cell.source for cell in notebook.cells if cell.cell_type == "code"}
    return [(name, sources[name]) for name, kind in kinds(sources).items() if kind == "live"]


def native_seconds(cells: list[tuple[str, str]]) -> dict[str, float]:
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(json.dumps(cells))
        file.flush()
        done = subprocess.run([sys.executable, "-c", NATIVE, str(PAGE), file.name], stdout=subprocess.PIPE, text=True,
                              check=True, env={**os.environ, "MPLBACKEND": "module://live_figures",
                                               "OMP_NUM_THREADS": "1"})
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live", description=__doc__.split("\n")[0])
    parser.add_argument("pages", nargs="*", help=f"such as {CHAPTERS[0]}; {' and '.join(CHAPTERS)} where none is named")
    arguments = parser.parse_args()
    http = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(ROOT / "_build/html")))
    threading.Thread(target=http.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{http.server_port}/"
    rows = ["| what | |", "| --- | --- |"]
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_context().new_page()
        page.set_default_timeout(0)
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.send("Network.emulateNetworkConditions", LINE)
        page.goto(address)
        cold = first_output(page)
        devtools.send("Network.emulateNetworkConditions", {**LINE, "downloadThroughput": -1, "latency": 0})
        page.goto(address)
        kept = first_output(page)
        page.wait_for_timeout(2000)    # for the image
        rows += [f"| download before the first NumPy cell, MB | {cold['core'] / 1e6:.1f} |",
                 f"| download in all, MB | {cold['total'] / 1e6:.1f} |",
                 f"| first output, first visit, s | {cold['output']:.1f} |",
                 f"| first output, files kept, s | {kept['output']:.1f} |",
                 f"| stop, until Python is back with all variables, s | {page.evaluate(STOP) / 1000:.2f} |"]
        for chapter in arguments.pages or CHAPTERS:
            cells = live_cells(chapter)
            page.goto(address)
            page.evaluate(START)
            live = {name: page.evaluate(RUN, [source, name]) for name, source in cells}
            assert all(result["ok"] for result in live.values())
            inside = sum(result["seconds"] for result in live.values())
            native = sum(native_seconds(cells).values())
            rows.append(f"| {chapter}: {len(cells)} cells, s in the page / natively | {inside:.0f} / {native:.0f}, "
                        f"{inside / native:.1f} times |")
            memory = page.evaluate("engine.memory")
            rows.append(f"| {chapter}: memory of Python at the end, MB | {memory / 1e6:.0f} |")
            print("\n".join(rows[-2:]), flush=True)
        text = "\n".join(rows)
        print(text)
        if not arguments.pages:
            RESULTS.write_text("# What Python in the page costs\n\nWritten by `python -m benchmarks.live`, Chromium "
                               f"{browser.version}.\n\n{text}\n", encoding="utf-8")
        browser.close()


if __name__ == "__main__":
    main()
