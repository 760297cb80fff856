"""Kernels start every time: none is given another's sockets, one that dies at the start is started again."""

import difflib
import gc
import json
import os
import random
import re
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
import zmq
from jupyter_client.connect import LocalPortCache
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from press import kernels
from press.book import library_digest
from press.execute import keep, kept_at, run

ROOT = Path(__file__).parents[1]
CELLS = {
    "streams": "import sys\nprint('one')\nprint('overwritten\\rbar 2', file=sys.stderr)\nprint('two')",
    "result": "from IPython.display import Markdown, clear_output, display\nMarkdown('**bold**')",
    "update": "handle = display('overwritten', display_id='a')\nhandle.update('after')\nprint('end')",
    "clear": "print('overwritten')\nclear_output()\nprint('kept')",
    "clear-later": "print('overwritten')\nclear_output(wait=True)\nprint('kept')",
    "widget": "from seqbook.widgets import GateLaboratory\nlaboratory = GateLaboratory(text='가나')\nlaboratory",
    "change": "laboratory.time = 1\nhandle.update('later')",
}


@pytest.fixture(autouse=True)
def no_loops_are_left():
    """jupyter_client makes an event loop in every thread and closes none: they end here, not in some other test."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def notebook(tmp_path) -> Path:
    """A notebook that shows each kind of thing a cell can show."""
    cells = [new_markdown_cell("# Title", id="title")]
    cells += [new_code_cell(source, id=name) for name, source in CELLS.items()]
    path = tmp_path / "one.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


@pytest.fixture
def short(tmp_path) -> Path:
    """A notebook of one cell."""
    path = tmp_path / "short.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("print('ran')", id="cell")]), path)
    return path


def replace_kernel(folder: Path, monkeypatch, deaths: int) -> None:
    """A "python3" that dies at its first `deaths` starts as one whose port is taken does."""
    (folder / "kernels/python3").mkdir(parents=True)
    command = f"""
import pathlib, sys
starts = pathlib.Path({str(folder / "starts")!r})
starts.write_text(starts.read_text() + "x" if starts.exists() else "x")
if len(starts.read_text()) <= {deaths}:
    sys.exit("Traceback (most recent call last):\\n  …\\nzmq.error.ZMQError: Address already in use\\n")
from ipykernel.kernelapp import launch_new_instance
launch_new_instance()
"""
    specification = {"argv": [sys.executable, "-c", command, "-f", "{connection_file}"], "display_name": "",
                     "language": "python"}
    (folder / "kernels/python3/kernel.json").write_text(json.dumps(specification))
    monkeypatch.setenv("JUPYTER_PATH", str(folder))


def nbval(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "run_notebooks",
                           "--nbval-lax", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True,
                          env=os.environ | {"PYTHONPATH": f"tests{os.pathsep}{os.environ.get('PYTHONPATH', '')}"})


# --- sockets ---

def test_the_build_does_not_need_the_ports_that_jupyter_draws(short, monkeypatch):
    """Two processes that draw the same port are, to the second one, a port that is taken."""
    with zmq.Context() as context, context.socket(zmq.REP) as other:
        port = other.bind_to_random_port("tcp://127.0.0.1")
        monkeypatch.setattr(LocalPortCache, "find_available_port", lambda self, ip: port)
        assert run(short, short.parent).cells[0].outputs[0].text == "ran\n"


@pytest.mark.skipif(not kernels.HAS_IPC, reason="this system has no sockets in folders")
def test_sockets_in_a_folder_are_private_short_and_gone_afterwards(monkeypatch, tmp_path):
    with kernels.sockets() as one, kernels.sockets() as two:
        folders = [Path(settings["ip"]).parent for settings in (one, two)]
        assert one["transport"] == "ipc" and folders[0] != folders[1]
        assert all(folder.stat().st_mode & 0o077 == 0 for folder in folders)
    assert not any(folder.exists() for folder in folders)
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    with kernels.sockets() as settings:
        assert len(settings["ip"]) + len("-5") < zmq.IPC_PATH_MAX_LEN


def test_ports_held_by_one_process_are_given_to_no_other(monkeypatch):
    """Without sockets in folders: all draw the same blocks in the same order, and each gets one of its own."""
    monkeypatch.setattr(random, "SystemRandom", lambda: random.Random(0))
    here = "import random\nrandom.SystemRandom = lambda: random.Random(0)\nfrom press import kernels\n"
    code = here + "with kernels.sockets(ipc=False) as own:\n    print(own['hb_port'], flush=True)\n    input()"
    environment = os.environ | {"PYTHONPATH": str(ROOT / "lib")}
    others = [subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                               env=environment) for _ in range(3)]
    try:
        with kernels.sockets(ipc=False) as settings:
            ports = [int(other.stdout.readline()) for other in others] + [settings["hb_port"]]
    finally:
        for other in others:
            other.communicate("\n")
    assert len(set(ports)) == 4


def test_a_port_that_someone_else_uses_is_passed_over(monkeypatch):
    monkeypatch.setattr(random, "SystemRandom", lambda: random.Random(0))
    with kernels.sockets(ipc=False) as settings:
        first = settings["shell_port"]
    with zmq.Context() as context, context.socket(zmq.REP) as other:
        other.bind(f"tcp://127.0.0.1:{first + 2}")
        with kernels.sockets(ipc=False) as settings:
            assert settings["shell_port"] != first


def test_kernels_run_side_by_side_without_sockets_in_folders(short, monkeypatch):
    monkeypatch.setattr(kernels, "sockets", lambda sockets=kernels.sockets: sockets(ipc=False))
    monkeypatch.setattr(random, "SystemRandom", lambda: random.Random(0))
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: run(short, short.parent), range(2)))
    assert [notebook.cells[0].outputs[0].text for notebook in done] == ["ran\n"] * 2


# --- starts ---

def test_a_kernel_that_dies_at_the_start_is_started_again(short, tmp_path, monkeypatch):
    replace_kernel(tmp_path, monkeypatch, deaths=2)
    assert run(short, tmp_path).cells[0].outputs[0].text == "ran\n"
    (tmp_path / "starts").unlink()
    result = nbval(short)
    assert result.returncode == 0 and "1 passed" in result.stdout, result.stdout


def test_a_kernel_that_never_starts_is_one_sentence_that_names_the_notebook(notebook, tmp_path, monkeypatch):
    replace_kernel(tmp_path, monkeypatch, deaths=9)
    with pytest.raises(kernels.KernelError, match=r"^\S+one\.ipynb: its kernel could not be started in 3 tries \(.*; "
                                                  r"its last words: zmq\.error\.ZMQError: Address already in use\)$"):
        run(notebook, tmp_path)
    assert (tmp_path / "starts").read_text() == "xxx"
    result = nbval(notebook, "-rN")
    assert result.returncode == 1 and f"1 failed, {len(CELLS) - 1} skipped" in result.stdout, result.stdout
    assert result.stdout.count(f"{notebook}: its kernel could not be started in 3 tries (") == 1
    assert "Traceback" not in result.stdout


def test_a_kernel_that_does_not_answer_is_started_again_with_other_sockets(tmp_path):
    given = []

    def launch(settings: dict, stderr) -> str:
        given.append(settings)
        if len(given) == 1:
            raise RuntimeError("Kernel didn't respond in 60 seconds")
        return "running"

    with kernels.kernel("a notebook", launch) as running:
        assert running == "running"
    assert len(given) == 2 and given[0] != given[1]


def test_a_kernel_that_cannot_be_started_at_all_is_one_sentence(short, monkeypatch, tmp_path):
    replace_kernel(tmp_path, monkeypatch, deaths=0)
    path = tmp_path / "kernels/python3/kernel.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"argv": ["no-such-command"]}))
    with pytest.raises(kernels.KernelError, match=r"short\.ipynb: its kernel could not be .*no-such-command.*\)$"):
        run(short, tmp_path)


# --- what nbval showed, for the build ---

def shown(notebook: nbformat.NotebookNode) -> str:
    """All that the build takes from an executed notebook; widgets' random names are numbered, addresses left out."""
    text = json.dumps([[cell.get("outputs"), cell.get("execution_count")] for cell in notebook.cells]
                      + [notebook.metadata.language_info, notebook.metadata.widgets])
    names: dict[str, str] = {}
    text = re.sub(r"[0-9a-f]{32}", lambda name: names.setdefault(name[0], f"model {len(names)}"), text)
    return json.dumps(json.loads(re.sub(r"at 0x[0-9a-f]+>", "", text)), indent=1, sort_keys=True)


def test_outputs_that_nbval_keeps_are_those_of_the_build(notebook, tmp_path):
    result = nbval("--keep-outputs", tmp_path / "nbval", "--nbval-current-env", notebook)
    assert result.returncode == 0, result.stdout
    kept = kept_at(notebook, tmp_path / "nbval", library_digest())
    keep(run(notebook, tmp_path), tmp_path / "build.ipynb")
    ours, builds = (nbformat.read(path, as_version=4) for path in (kept, tmp_path / "build.ipynb"))
    assert not list(difflib.unified_diff(shown(ours).split("\n"), shown(builds).split("\n"), n=0))
    text = shown(ours)
    assert all(word in text for word in (r"one\ntwo", "bar 2", "**bold**", "later", "kept", "specimen", "buffers"))
    assert "overwritten" not in text


def test_outputs_are_kept_only_of_a_notebook_that_ran_whole(short, tmp_path):
    for name, source in {"broken": "raise ValueError('broken')", "skipped": "# NBVAL_SKIP\n1"}.items():
        changed = nbformat.read(short, as_version=4)
        changed.cells.append(new_code_cell(source, id="last"))
        nbformat.write(changed, tmp_path / f"{name}.ipynb")
    result = nbval("--keep-outputs", tmp_path / "kept", "--nbval-current-env", tmp_path)
    assert "1 failed, 3 passed, 1 skipped" in result.stdout, result.stdout
    assert [path.name.split("-")[-2] for path in tmp_path.glob("kept/*")] == ["short"]
