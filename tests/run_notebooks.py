"""nbval with the book's kernels: a pytest plugin (`-p run_notebooks`, with this folder in PYTHONPATH).

Each notebook's kernel has sockets of its own and is started again where it does not come up; with `--keep-outputs` what
a notebook showed is kept where the build looks for it, so that the build need not run it once more.
"""

import copy
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager, RunningKernel
from nbval.plugin import IPyNbCell, IPyNbFile

sys.path.append(str(Path(__file__).parents[1] / "lib"))  # at the end: an installed seqbook stays the one that is tested
from press import kernels  # noqa: E402


def pytest_addoption(parser):
    parser.addoption("--keep-outputs", type=Path, metavar="FOLDER",
                     help="keep the outputs of notebooks that ran whole in FOLDER, for the build")


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    return [Notebook.from_parent(parent, path=file_path) if isinstance(file, IPyNbFile) else file
            for file in (yield)]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item):
    if isinstance(item.parent, Notebook):
        item.parent.begin(item)


class Kernel(RunningKernel):
    """nbval's kernel, started elsewhere; it remembers what it was asked last."""

    def __init__(self, manager, client):
        self.km, self.kc = manager, client
        self._ensure_iopub_up()

    def execute_cell_input(self, cell_input, allow_stdin=None):
        self.asked = super().execute_cell_input(cell_input, allow_stdin)
        return self.asked


class Notebook(IPyNbFile):
    """A notebook that nbval runs cell by cell."""

    def setup(self):
        self.held, self.fault, self.record = ExitStack(), None, None
        try:
            self.kernel = self.held.enter_context(kernels.kernel(self.path, self.launch))
        except kernels.KernelError as error:
            self.fault = str(error)
            return
        self.setup_sanitize_files()
        if self.config.option.keep_outputs:
            self.record = Record(self.path, self.nb, self.config.option.keep_outputs, self.kernel)

    def launch(self, settings: dict, stderr) -> Kernel:
        options = self.config.option
        name = (CURRENT_ENV_KERNEL_NAME if options.nbval_current_env else
                options.nbval_kernel_name or self.nb.metadata.get("kernelspec", {}).get("name", "python"))
        manager = KernelManager(kernel_name=name, kernel_spec_manager=NbvalKernelspecManager(), **settings)
        manager.start_kernel(cwd=str(self.path.parent), stderr=stderr, extra_arguments=["--log-level=ERROR"])
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=kernels.STARTUP)
            return Kernel(manager, client)
        except RuntimeError:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
            raise

    def begin(self, item: IPyNbCell) -> None:
        """Before a cell is run: without a kernel the first one says so, in one sentence, and the others are skipped."""
        if self.kernel is None:
            fault, self.fault = self.fault, None
            pytest.fail(fault, pytrace=False) if fault else pytest.skip("there is no kernel")
        if self.record:
            self.record.begin(item.cell.id)

    def get_kernel_message(self, timeout=None, stream="iopub"):
        message = super().get_kernel_message(timeout, stream)
        if self.record:
            self.record.take(message)
        return message

    def teardown(self):
        super().teardown()
        self.held.close()
        if self.record:
            self.record.keep()


class Record:
    """What a notebook shows while nbval runs it, put together as nbclient does for the build."""

    def __init__(self, path: Path, notebook, folder: Path, kernel: Kernel):
        from nbclient import NotebookClient

        from press.book import library_digest
        from press.execute import kept_at

        self.kernel, self.kept = kernel, kept_at(path, folder, library_digest())
        self.client = NotebookClient(copy.deepcopy(notebook), record_timing=True)
        self.index = {cell.id: index for index, cell in enumerate(notebook.cells)}
        self.executed = 0
        self.missing = {cell.id for cell in notebook.cells if cell.cell_type == "code"}
        reply = kernel.kc.kernel_info(reply=True, timeout=kernels.STARTUP)
        self.client.nb.metadata.language_info = reply["content"]["language_info"]

    def begin(self, cell_id: str) -> None:
        self.running, self.client.clear_before_next_output = self.index[cell_id], False
        self.client.nb.cells[self.running].metadata["execution"] = {}

    def take(self, message: dict) -> None:
        """Note one message of the kernel; the last one of a cell says that it is idle, an error leaves it open."""
        from nbclient.exceptions import CellExecutionComplete

        if message["parent_header"].get("msg_id") != self.kernel.asked:
            return
        cell = self.client.nb.cells[self.running]
        try:
            self.client.process_message(message, cell, self.running)
        except CellExecutionComplete:
            self.executed += 1
            for counted in (cell, *(output for output in cell.outputs if output.output_type == "execute_result")):
                counted.execution_count = self.executed
            if not any(output.output_type == "error" for output in cell.outputs):
                self.missing.discard(cell.id)

    def keep(self) -> None:
        """Write what was shown, if every cell ran to its end without an error."""
        from press.execute import keep

        if not self.missing:
            self.client.set_widgets_metadata()
            keep(self.client.nb, self.kept)
