"""What runs a cell in the page: its streams, values, figures and errors, as a notebook would show them.

Runs inside the page's own Python (no threads, no sockets). Everything is told to the page as one JSON text at a time,
see `send`. `IPython` here is the little that the book's library asks of it.
"""

import ast
import base64
import builtins
import importlib.util
import io
import json
import linecache
import os
import pprint
import sys
import time
import traceback
import types
import warnings
from pathlib import Path

import _host
from tqdm import tqdm

PATIENCE = 0.05           # seconds that printed text may wait for more
PROMPT = 200              # writes of a cell that do not wait at all
CROWD = 5000              # writes that wait at most
MOST_TEXT = 1_000_000     # characters that one cell may print
MOST_DISPLAYS = 200       # values, figures and widgets that one cell may show
MOST_DATA = 30_000_000    # characters of them
MOST_FRAMES = 1100        # innermost ones of a traceback that are looked at
WIDTH = 79                # of a line, where a value is laid out in several
MORE = {"ko": "[여기서부터는 출력을 생략합니다]", "en": "[what comes after this is not shown]"}
SITE = (" Site initialization is disabled, did you forget to add the site-packages directory to sys.path or to enable "
        "your virtual environment?")
FIGURES = "/lib/figures"
REPORT = "application/vnd.seqbook.report+json"

main = types.ModuleType("__main__")


def send(kind: str, **content) -> None:
    """Tell the page; lone surrogates, which no text of the page may have, as question marks."""
    _host.call(json.dumps({"type": kind, **content}).encode())


class Budget:
    """What the running cell may still show: endless output must not fill the page."""

    def __init__(self):
        self.text, self.displays, self.data, self.told = MOST_TEXT, MOST_DISPLAYS, MOST_DATA, False

    def exhausted(self) -> None:
        """Say once that more is not shown."""
        if not self.told:
            self.told = True
            language = sys.modules.get("seqbook.language")
            send("stream", name="stderr", text=f"\n{MORE[language.get_language() if language else 'en']}\n")


class Stream(io.TextIOBase):
    """stdout or stderr: text goes to the page at once, or in bundles where there is much of it."""

    encoding = "utf-8"
    budget = Budget()

    def __init__(self, name: str):
        self.stream, self.waiting, self.writes, self.sent = name, [], 0, 0.0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.waiting.append(text)
        self.writes += 1
        ends = not text or text.endswith("\n") or text.startswith("\r")    # `print` writes its text, then its end
        if ends and (self.writes <= PROMPT or time.monotonic() - self.sent > PATIENCE) or len(self.waiting) > CROWD:
            self.flush()
        return len(text)

    def flush(self) -> None:
        text = "".join(self.waiting)
        self.waiting.clear()
        self.sent = time.monotonic()
        if text and self.budget.text > 0:
            send("stream", name=self.stream, text=text[:self.budget.text])
            self.budget.text -= len(text) - text.count("\r") * (len(text) // max(1, text.count("\r") + 1))
        if text and self.budget.text <= 0:
            self.budget.exhausted()


def flush() -> None:
    STDOUT.flush()
    STDERR.flush()


# --- Values

def bundle(value) -> dict:
    """What a value looks like, by MIME type."""
    data = {}
    if callable(method := getattr(value, "_repr_mimebundle_", None)):
        made = method(include=None, exclude=None)
        data |= (made[0] if isinstance(made, tuple) else made) or {}
    for kind, name in (("text/html", "_repr_html_"), ("text/markdown", "_repr_markdown_"),
                       ("image/svg+xml", "_repr_svg_"), ("image/png", "_repr_png_")):
        if kind not in data and callable(method := getattr(value, name, None)) and (made := method()) is not None:
            data[kind] = base64.b64encode(made).decode() if isinstance(made, bytes) else made
    data.setdefault("text/plain", layout(value))
    return data


def layout(value) -> str:
    """`repr`, in several lines where a collection is too long for one."""
    text = repr(value)
    if len(text) > WIDTH and "\n" not in text and type(value) in (dict, list, set, tuple):
        return pprint.pformat(value, width=WIDTH, sort_dicts=False)
    return text


def display(*values, raw: bool = False, metadata: dict | None = None, **_) -> None:
    """Show values as IPython does; `raw` ones are bundles by MIME type already."""
    for value in values:
        if not raw and not isinstance(value, type) and callable(own := getattr(value, "_ipython_display_", None)):
            own()
            continue
        data = dict(value) if raw else {} if isinstance(value, type) else bundle(value)
        data = data or {"text/plain": repr(value)}
        if metadata and "seqbook" in metadata:
            data[REPORT] = metadata["seqbook"]
        show(data)


def show(data: dict) -> None:
    """Send one bundle, after what was printed before it."""
    flush()
    budget = Stream.budget
    budget.displays -= 1
    budget.data -= sum(len(part) if isinstance(part, str) else 1000 for part in data.values())
    if budget.displays < 0 or budget.data < 0:
        budget.exhausted()
    else:
        send("display", data=data)


def clear_output(wait: bool = False) -> None:
    flush()
    send("clear")


class HTML:
    """Text that is HTML already."""

    def __init__(self, data: str):
        self.data = data

    def _repr_html_(self) -> str:
        return self.data


class Shell:
    """What get_ipython() gives: only what Matplotlib and the book's library ask for."""

    execution_count = 0
    user_ns = vars(main)
    events = types.SimpleNamespace(register=lambda *_: None, unregister=lambda *_: None)

    def run_line_magic(self, *_) -> None:
        pass


def show_figures() -> None:
    """Send every figure that is open, and close it."""
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        try:
            for number in pyplot.get_fignums():
                target = io.StringIO()
                pyplot.figure(number).savefig(target, format="svg", bbox_inches="tight", metadata={"Date": None})
                show({"image/svg+xml": target.getvalue(), "text/plain": "<Figure>"})
        finally:
            pyplot.close("all")


# --- A cell

def parse(source: str, name: str) -> tuple[ast.Module, ast.Expression | None]:
    """The cell's statements, and its last expression where its value is to be shown."""
    try:
        tree = ast.parse(source, name)
    except SyntaxError:
        plain = without_magics(source)
        if plain == source:
            raise
        tree = ast.parse(plain, name)
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr) and not source.rstrip().endswith(";"):
        tree.body.pop()
        return tree, ast.Expression(last.value)
    return tree, None


def without_magics(source: str) -> str:
    """The lines that only IPython understands (%pip, !ls) as `pass`: a page installs nothing and runs no programs."""
    lines = []
    for line in source.split("\n"):
        words = line.lstrip()
        lines.append(line[:len(line) - len(words)] + "pass" if words.startswith(("%", "!")) else line)
    return "\n".join(lines)


def lacks_figures(tree: ast.Module) -> bool:
    """Whether a cell imports what may come with the pack of figures, which is not there yet."""
    if FIGURES in sys.path:
        return False
    for node in ast.walk(tree):
        wanted = []
        if isinstance(node, ast.Import):
            wanted = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            wanted = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in wanted:
            try:
                importlib.import_module(name)
            except ModuleNotFoundError as error:    # of a package, or only of a name in one?
                if importlib.util.find_spec((error.name or name).partition(".")[0]) is None:
                    return True
            except Exception:    # the cell's own import of it will say so
                pass
    return False


def run(source: str, cell: str) -> None:
    """Run one cell; the last thing sent is `done`, with `waits` where the cell was not begun for want of figures."""
    Shell.execution_count += 1
    name = f"<cell {cell}>" if cell else f"<cell {Shell.execution_count}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    Stream.budget = Budget()
    STDOUT.writes = STDERR.writes = 0
    sys.stdout, sys.stderr, sys.modules["__main__"] = STDOUT, STDERR, main
    space, result, start = vars(main), {"ok": True}, time.perf_counter()
    try:
        tree, last = parse(source, name)
        if lacks_figures(tree):
            send("done", ok=False, waits=True)
            return
        exec(compile(tree, name, "exec"), space)
        if last is not None and (value := eval(compile(last, name, "eval"), space)) is not None:
            space["_"] = value
            display(value)
        show_figures()
    except BaseException as error:  # SystemExit and KeyboardInterrupt are a cell's own, too
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            pyplot.close("all")
        result = failure(error, name)
        del error
    flush()
    send("done", seconds=time.perf_counter() - start, **result)


def failure(error: BaseException, name: str) -> dict:
    """What is said of an exception: the lines of it that are the reader's."""
    told = traceback.TracebackException.from_exception(error, limit=-MOST_FRAMES)
    lines = []
    cut(told, lines, name)
    if isinstance(error, SyntaxError) and error.filename == name:
        lines = [error.lineno]
    missing = error.name if type(error) is NameError else None
    try:
        message = str(error)
    except Exception:    # one whose own text fails
        message = ""
    text = "".join(told.format()).replace('File "<cell ', 'Cell "').replace('>", line ', '", line ')
    text = text.replace(SITE, "")
    return {"ok": False, "ename": type(error).__name__, "evalue": message[:2000], "traceback": text[-20_000:],
            "line": lines[-1] if lines else None, "missing": missing}


def cut(told: traceback.TracebackException, lines: list[int], name: str) -> None:
    """Keep of a traceback, and of those it came from, the frames in cells; note the lines in the cell `name`."""
    for inner in (told.__cause__, told.__context__, *(told.exceptions or ())):
        if inner is not None:
            cut(inner, [], name)
    kept = [frame for frame in told.stack if frame.filename.startswith("<cell ")]
    lines += [frame.lineno for frame in kept if frame.filename == name]
    told.stack = traceback.StackSummary.from_list(kept)


def showwarning(message, category, filename, lineno, file=None, line=None) -> None:
    where = f"line {lineno}: " if filename.startswith("<cell ") else ""
    STDERR.write(f"{where}{category.__name__}: {message}\n")


def mounted() -> None:
    """The pack of figures is there: find its modules, and hand Matplotlib the list of its fonts."""
    if FIGURES in sys.path:    # in an image of memory
        return
    sys.path.append(FIGURES)
    fonts = Path(f"{FIGURES}/fontlist.json").read_text("utf-8")
    folder = Path(os.environ["MPLCONFIGDIR"])
    folder.mkdir()
    (folder / f"fontlist-v{json.loads(fonts)['_version']}.json").write_text(fonts, "utf-8")


def install() -> None:
    """Be IPython, for those who ask, and the place where warnings go."""
    for name, content in {"IPython": {"get_ipython": lambda: shell, "version_info": (9, 0), "__path__": []},
                          "IPython.display": {"display": display, "clear_output": clear_output, "HTML": HTML}}.items():
        module = sys.modules[name] = types.ModuleType(name)
        vars(module).update(content)
    sys.modules["IPython"].display = sys.modules["IPython.display"]
    builtins.display, builtins.get_ipython = display, sys.modules["IPython"].get_ipython
    main.__builtins__ = builtins
    warnings.showwarning = showwarning
    tqdm.monitor_interval = 0    # its monitor is a thread


STDOUT, STDERR, shell = Stream("stdout"), Stream("stderr"), Shell()
install()
