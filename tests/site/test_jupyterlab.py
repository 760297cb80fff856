"""A real JupyterLab: a notebook is opened and run, a slider moved in the browser, and both sides follow."""

import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from press.kernels import HAS_IPC

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CELLS = [
    "from seqbook.widgets import GradientFlow, Unfolding\n"
    "flow, unfolding = GradientFlow(steps=20, lang='ko'), Unfolding(pattern=2, steps=3, lang='en')\nflow",
    "unfolding",
    "print('radius', flow.radius, 'W', unfolding.params['W'], 'focus', unfolding.focus)",
    "flow.radius = 1.75\nunfolding.pattern = 3",
    "import time\nfrom seqbook.widgets import GateLaboratory\n"
    "laboratory = GateLaboratory(lang='en', text='(a', sort='unit')\n"
    "laboratory.observe(lambda change: time.sleep(0.5), 'text')    # a busy kernel: the browser keeps what follows\n"
    "laboratory",
    "print('text', repr(laboratory.text), 'time', laboratory.time, 'clamps', laboratory.clamps)",
    "laboratory.text = 'new (text)'\nlaboratory.clamps = [{'gate': 'o', 'value': 0.5}]\nlaboratory.unit = 9",
    "from seqbook.widgets import Predict\n"
    "asked = Predict('How many?', ['none', 'one', 'two'], right=1, why='There is one.', lang='en')\nasked",
    "print('guess', asked.guess, asked.numbers()['difference'])",
    "asked.guess = None",
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab with one notebook of `CELLS`, token included."""
    folder = tmp_path_factory.mktemp("lab")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "widgets.ipynb")
    token = secrets.token_hex(16)
    homes = {f"JUPYTER_{name}_DIR": str(tmp_path_factory.mktemp(name.lower())) for name in ("CONFIG", "DATA")}
    runtime = tempfile.TemporaryDirectory(prefix="sb-", ignore_cleanup_errors=True)    # short: sockets lie in it
    homes["JUPYTER_RUNTIME_DIR"] = runtime.name
    settings = {"ServerApp.ip": "127.0.0.1", "ServerApp.port": 0,
                "KernelManager.transport": "ipc" if HAS_IPC else "tcp",
                "IdentityProvider.token": token, "ServerApp.root_dir": folder, "ServerApp.open_browser": False,
                "ServerApp.allow_root": True, "LabApp.news_url": None, "LabApp.check_for_updates_class":
                "jupyterlab.handlers.announcements.NeverCheckForUpdate"}
    log = folder.parent / "lab.log"
    with open(log, "w") as out:
        options = [f"--{key}={value}" for key, value in settings.items()]
        server = subprocess.Popen([sys.executable, "-m", "jupyterlab", *options],
                                  cwd=folder, env={**os.environ, **homes}, stdout=out, stderr=subprocess.STDOUT)
    try:
        for _ in range(120):
            try:    # the server writes down which port it was given
                address = json.loads(Path(runtime.name, f"jpserver-{server.pid}.json").read_text())["url"].rstrip("/")
                urllib.request.urlopen(f"{address}/api?token={token}", timeout=5).close()
                break
            except (OSError, json.JSONDecodeError):
                assert server.poll() is None, f"JupyterLab ended:\n{log.read_text()}"
                time.sleep(0.5)
        else:
            pytest.fail(f"JupyterLab did not answer within a minute:\n{log.read_text()}")
        yield f"{address}/lab/tree/widgets.ipynb?token={token}"
    finally:
        server.terminate()
        server.wait(timeout=30)
        runtime.cleanup()


def test_sliders_reach_python_and_python_reaches_the_picture(lab, chromium):
    context = chromium.new_context(viewport={"width": 1200, "height": 1600})
    page = context.new_page()
    uncaught = []
    page.on("pageerror", lambda error: uncaught.append(str(error)))
    page.goto(lab, timeout=60_000)
    expect(page.locator(".jp-CodeCell")).to_have_count(len(CELLS), timeout=60_000)
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first).to_be_attached(timeout=60_000)

    def run(index: int):
        """Run one cell and wait until it is done."""
        cell = page.locator(".jp-CodeCell").nth(index)
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        for _ in range(6):    # while JupyterLab still arranges its panels, it may take the focus from the cell
            cell.locator(".cm-content").click()
            page.keyboard.press("ControlOrMeta+Enter")
            try:
                expect(prompt).not_to_have_text(before, timeout=10_000)
                break
            except AssertionError:
                continue
        expect(prompt).to_have_text(re.compile(r"\[\d+\]"), timeout=60_000)

    def expect_printed(index: int, words: str):
        """Run one cell until it prints `words`: what the browser holds back for a busy kernel comes after the cell."""
        output = page.locator(".jp-CodeCell").nth(index).locator(".jp-OutputArea-output")
        for _ in range(12):
            run(index)
            try:
                expect(output).to_contain_text(words, timeout=5_000)
                return
            except AssertionError:
                continue
        expect(output).to_contain_text(words)

    run(0)
    run(1)
    flow, unfolding = page.locator(".sb-gradient_flow"), page.locator(".sb-unfolding")
    expect(flow.locator(".sb-chosen")).to_be_visible(timeout=60_000)
    expect(unfolding.locator("[data-id=o0]")).to_be_visible(timeout=60_000)
    assert flow.get_attribute("lang") == "ko" and unfolding.get_attribute("lang") == "en"

    line = flow.locator(".sb-chosen")
    first = line.get_attribute("d")
    radius = flow.locator("[data-trait=radius]")
    radius.focus()
    radius.press("End")
    second = line.get_attribute("d")
    assert second != first
    weight = unfolding.locator("[data-trait=params][data-entry=W]")
    weight.focus()
    weight.press("Home")
    unfolding.locator("[data-id=h2]").click()
    expect_printed(2, "radius 2.0 W -3.0 focus h2")

    run(3)    # and the other way: Python's new values are drawn
    expect(radius).to_have_value("1.75", timeout=30_000)
    expect(line).not_to_have_attribute("d", second)
    expect(unfolding.locator("[data-id=o1]")).to_have_count(0)
    expect(unfolding.locator("[data-id=o3]")).to_have_count(1)

    run(4)
    laboratory = page.locator(".sb-gate_laboratory")
    field = laboratory.locator("[data-trait=text]")
    expect(field).to_have_value("(a", timeout=60_000)
    field.click()
    field.press("Control+End")
    page.keyboard.type("b)😀")
    laboratory.locator("[data-experiment=forget]").click()
    clamp = {"gate": "f", "value": 0.0, "unit": None, "start": 5, "end": 5}
    expect_printed(5, f"text '(ab)😀' time 5 clamps [{clamp}]")
    run(6)
    expect(field).to_have_value("new (text)", timeout=30_000)
    expect(laboratory.locator(".sb-chip")).to_have_count(1)
    expect(laboratory.locator(".sb-chip")).to_contain_text("o = 0.50")
    expect(laboratory).to_contain_text("LSTM cell: unit 9, step 5")

    run(7)
    asked = page.locator(".sb-predict")
    asked.get_by_role("radio", name="two").check(timeout=60_000)
    asked.get_by_role("button", name="Keep my guess").click()
    expect(asked).to_contain_text("There is one.")
    expect_printed(8, "guess 2 1.0")
    run(9)
    expect(asked).not_to_contain_text("There is one.", timeout=30_000)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('seqbook:'))") == []
    assert uncaught == []
    context.close()
