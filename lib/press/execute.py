"""Run the book's notebooks, each in a kernel of its own, and keep the outputs until code or library change."""

import hashlib
import json
import os
import re
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import IO

import nbformat

from press.kernels import STARTUP, kernel

TIMEOUT = 300  # seconds for one cell
KERNEL_ARGUMENTS = ["--log-level=ERROR"]  # ipykernel warns of what it is started with
PROGRESS = re.compile(r"\d+%\|.*\|")


class CellError(Exception):
    """A cell failed; the message names notebook and cell and carries the traceback."""


def key(notebook: nbformat.NotebookNode, library: str) -> str:
    """The name under which a notebook's outputs are kept: its code and all that the code depends on."""
    code = [(cell.id, cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256(json.dumps([library, code]).encode()).hexdigest()[:24]


def run(path: Path, folder: Path) -> nbformat.NotebookNode:
    """The notebook at `path`, executed with `folder` as working directory. Raises CellError or KernelError."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from traitlets.config import Config

    notebook = nbformat.read(path, as_version=4)
    current = []

    def launch(settings: dict, stderr: IO) -> NotebookClient:
        client = NotebookClient(notebook, timeout=TIMEOUT, startup_timeout=STARTUP, kernel_name="python3",
                                config=Config(KernelManager=settings), extra_arguments=KERNEL_ARGUMENTS,
                                resources={"metadata": {"path": str(folder)}})
        client.on_cell_start = lambda cell, cell_index: current.append(cell.id)
        client.create_kernel_manager()
        client.start_new_kernel(stderr=stderr)
        client.start_new_kernel_client()
        return client

    with kernel(path, launch) as client:
        try:
            client.execute()
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            message = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip()
            raise CellError(f"{path}: cell {current[-1] if current else '?'} failed\n{message}") from None
    for cell in notebook.cells:  # figures are drawn after their cell: a missing letter is not the cell's own error
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                raise CellError(f"{path}: the figure of cell {cell.id} failed\n{output.ename}: {output.evalue}")
    return notebook


def merged(outputs: list) -> list:
    """A cell's outputs with one stream of each name, stdout first, where the first of its kind stood.

    In which order and in how many pieces streams arrive is chance.
    """
    result, streams = [], {}
    for output in outputs:
        if output.output_type != "stream":
            result.append(output)
        elif output.name in streams:
            streams[output.name].text += output.text
        else:
            result.append(streams.setdefault(output.name, output))
    for output in streams.values():
        output.text = re.sub(r".*\r(?=[^\n])", "", output.text)  # what a progress bar has written over
    places = sorted(i for i, output in enumerate(result) if output.output_type == "stream")
    for place, name in zip(places, sorted(streams, reverse=True)):
        result[place] = streams[name]
    return result


def kept_at(path: Path, cache: Path, library: str) -> Path:
    """Where the outputs of the notebook at `path` are kept, as long as its code and `library` stay."""
    return cache / f"{path.parent.name}-{path.stem}-{key(nbformat.read(path, as_version=4), library)}.ipynb"


def keep(notebook: nbformat.NotebookNode, kept: Path) -> None:
    """Write an executed notebook to `kept`, whole or not at all."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = merged(cell.outputs)
    kept.parent.mkdir(parents=True, exist_ok=True)
    partial = kept.with_suffix(f".{os.getpid()}.partial")
    partial.write_text(nbformat.writes(notebook), encoding="utf-8")
    partial.replace(kept)


def _run_and_keep(path: Path, kept: Path) -> tuple[Path, float]:
    start = time.perf_counter()
    keep(run(path, path.parent), kept)
    return path, time.perf_counter() - start


def execute(paths: list[Path], cache: Path, library: str, report=print) -> dict[Path, nbformat.NotebookNode]:
    """Every notebook of `paths` with its outputs, run in parallel unless `cache` has them.

    `library` (see `book.library_digest`) takes part in the cache's key: a changed library runs everything again.
    Raises CellError or KernelError for the first notebook that fails.
    """
    kept = {path: kept_at(path, cache, library) for path in paths}
    missing = [path for path in paths if not kept[path].is_file()]
    cores = os.cpu_count() or 1
    workers = max(1, min(cores, len(missing)))
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, str(max(1, cores // workers)))
    with ProcessPoolExecutor(workers) as pool:
        try:
            jobs = [pool.submit(_run_and_keep, path, kept[path]) for path in missing]
            for job in jobs:
                path, seconds = job.result()
                report(f"  ran {'/'.join(path.parts[-3:])} in {seconds:.0f} s")
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    for old in set(cache.glob("*.ipynb")) - set(kept.values()) if cache.is_dir() else ():
        old.unlink()
    return {path: with_outputs(nbformat.read(path, as_version=4), nbformat.read(kept[path], as_version=4))
            for path in paths}


def with_outputs(source: nbformat.NotebookNode, executed: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """`source` (its texts and metadata) with the outputs and the widgets' state of `executed`, cell by cell."""
    outputs = {cell.id: cell for cell in executed.cells}
    for cell in source.cells:
        if cell.cell_type == "code":
            cell.outputs = outputs[cell.id].outputs
            if "execution" in outputs[cell.id].metadata:    # when it began and ended
                cell.metadata["execution"] = outputs[cell.id].metadata.execution
            cell.execution_count = outputs[cell.id].execution_count
    for name in ("language_info", "widgets"):
        if name in executed.metadata:
            source.metadata[name] = executed.metadata[name]
    return source
