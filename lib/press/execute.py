"""Run the book's notebooks, each in a kernel of its own, and keep the outputs until code or library change."""

import hashlib
import json
import os
import re
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat

TIMEOUT = 300  # seconds for one cell
PROGRESS = re.compile(r"\d+%\|.*\|")


class CellError(Exception):
    """A cell failed; the message names notebook and cell and carries the traceback."""


def key(notebook: nbformat.NotebookNode, library: str) -> str:
    """The name under which a notebook's outputs are kept: its code and all that the code depends on."""
    code = [(cell.id, cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256(json.dumps([library, code]).encode()).hexdigest()[:24]


def run(path: Path, folder: Path) -> nbformat.NotebookNode:
    """The notebook at `path`, executed with `folder` as working directory. Raises CellError."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=TIMEOUT, kernel_name="python3", coalesce_streams=True,
                            extra_arguments=["--log-level=ERROR"],  # ipykernel warns of its own TCP ports
                            resources={"metadata": {"path": str(folder)}})
    current = []
    client.on_cell_start = lambda cell, cell_index: current.append(cell.id)
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


def _run_and_keep(path: Path, kept: Path) -> tuple[Path, float]:
    start = time.perf_counter()
    notebook = run(path, path.parent)
    kept.parent.mkdir(parents=True, exist_ok=True)
    partial = kept.with_suffix(".partial")
    partial.write_text(nbformat.writes(notebook), encoding="utf-8")
    partial.replace(kept)
    return path, time.perf_counter() - start


def execute(paths: list[Path], cache: Path, library: str, report=print) -> dict[Path, nbformat.NotebookNode]:
    """Every notebook of `paths` with its outputs, run in parallel unless `cache` has them.

    `library` (see `book.library_digest`) takes part in the cache's key: a changed library runs everything again.
    Raises CellError for the first notebook that fails.
    """
    kept = {path: cache / f"{path.parent.name}-{path.stem}-{key(nbformat.read(path, as_version=4), library)}.ipynb"
            for path in paths}
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
            cell.execution_count = outputs[cell.id].execution_count
    for name in ("language_info", "widgets"):
        if name in executed.metadata:
            source.metadata[name] = executed.metadata[name]
    return source
