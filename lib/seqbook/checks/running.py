"""Running a student's function: under a time limit, with its prints caught, and with every failure told apart.

The function runs in a thread of its own, so that the limit works in Jupyter's main thread and on every system. When
time is up the thread is stopped by an exception raised inside it; code that swallows even that is parked for good on a
lock, where it costs nothing. Only a single endless call into C (`sum(itertools.count())`) cannot be stopped, as it
cannot by Jupyter's own stop button.

Where there are no threads (Python in a web page) the interpreter itself looks at the clock, at every call and at every
jump of a loop. Code that swallows the exception time and again is then stopped by the page alone.
"""

import contextlib
import copy
import inspect
import io
import linecache
import os
import re
import sys
import sysconfig
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from types import FrameType
from typing import Any

import numpy as np

from seqbook.checks.exercise import Case, Exercise
from seqbook.checks.reading import Reading, read

THREAD = "check "  # how the names of the threads begin in which answers run
PRINTED_LIMIT = 2_000  # characters kept of what the first call prints
HAS_THREADS = sys.platform not in ("wasi", "emscripten")
IMPORT_SECONDS = 60.0  # an import under way is let finish: half a module would break later cells
_LIBRARIES = tuple({sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"),
                    os.path.dirname(os.path.dirname(os.path.abspath(__file__)))})


@dataclass(frozen=True)
class Line:
    """A line of the student's own code, and the shapes of the arrays it mentions."""

    function: str
    number: int
    code: str
    shapes: tuple[str, ...]


@dataclass(frozen=True)
class Failure:
    """An exception out of the student's function."""

    type: str
    message: str
    line: Line | None
    stub: bool


@dataclass(frozen=True)
class Outcome:
    """One call: what it returned or raised, and which arguments it changed."""

    reading: Reading | None
    failure: Failure | None
    mutated: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """All calls. The last outcome repeats the first case; fewer outcomes than calls mean that time ran out."""

    outcomes: list[Outcome]
    timed_out: bool
    line: Line | None  # where the code was when time ran out
    printed: str
    printed_more: int  # characters printed beyond `printed`

    @property
    def stub(self) -> bool:
        return any(outcome.failure and outcome.failure.stub for outcome in self.outcomes)


class _Stop(BaseException):
    """Raised inside the student's thread when time is up."""


class _Park(_Stop):
    """A stop that cannot be swallowed: making the exception never returns."""

    def __init__(self):
        threading.Event().wait()


class _Printed(io.TextIOBase):
    """Keeps the beginning of what is written and counts the rest."""

    def __init__(self):
        self.text, self.more, self.listening = "", 0, True

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.listening:
            kept = text[:PRINTED_LIMIT - len(self.text)]
            self.text += kept
            self.more += len(text) - len(kept)
        return len(text)


def run(exercise: Exercise, answer: Callable, cases: list[Case], seconds: float) -> Run:
    """Call `answer` on fresh copies of every case and once more on the first."""
    printed, outcomes = _Printed(), []

    def work():
        try:
            with np.errstate(all="ignore"):
                for case in [*cases, cases[0]]:
                    outcome = _call(exercise, answer, case)
                    outcomes.append(outcome)
                    printed.listening = False
                    if outcome.failure and outcome.failure.stub:
                        return
        except _Stop:
            return

    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        finished, timed_out, line = (_in_a_thread if HAS_THREADS else _watched)(exercise, work, outcomes, seconds)
    return Run(finished, timed_out, line, printed.text, printed.more)


def is_running() -> bool:
    """Whether an answer is being run, and is who asks."""
    return threading.current_thread().name.startswith(THREAD) or _Watch.running


def _in_a_thread(exercise: Exercise, work: Callable[[], None], outcomes: list[Outcome], seconds: float) -> tuple:
    """Do `work` in a thread, for `seconds` at most: the outcomes by then, whether time ran out, and where."""
    thread = threading.Thread(target=work, daemon=True, name=THREAD + exercise.id)
    thread.start()
    try:
        timed_out, line = _wait(thread, seconds)
        return list(outcomes), timed_out, line
    finally:
        _stop(thread)


def _watched(_: Exercise, work: Callable[[], None], outcomes: list[Outcome], seconds: float) -> tuple:
    """Do `work` here and now; the interpreter looks at the clock. Returns what `_in_a_thread` does."""
    with _Watch(outcomes, time.monotonic() + seconds) as watch:
        work()
    return (list(outcomes) if watch.finished is None else watch.finished), watch.finished is not None, watch.line


class _Watch:
    """Raises _Stop in the code that runs inside, once the clock has passed `end`."""

    running = False

    def __init__(self, outcomes: list[Outcome], end: float):
        self.outcomes, self.end, self.finished, self.line = outcomes, end, None, None

    def __enter__(self):
        events = sys.monitoring.events
        self.tool = next(tool for tool in range(3, 6) if sys.monitoring.get_tool(tool) is None)
        sys.monitoring.use_tool_id(self.tool, THREAD)
        for event in (events.JUMP, events.PY_START):
            sys.monitoring.register_callback(self.tool, event, self._look)
        self.outside = sys._getframe(1)
        _Watch.running = True
        sys.monitoring.set_events(self.tool, events.JUMP | events.PY_START)
        return self

    def __exit__(self, *_) -> None:
        sys.monitoring.set_events(self.tool, 0)
        sys.monitoring.free_tool_id(self.tool)
        _Watch.running = False

    def _look(self, *_) -> None:
        if time.monotonic() < self.end:
            return
        frames = list(takewhile(lambda frame: frame is not self.outside, _outward(sys._getframe(1))))
        if any(_is_an_import(frame) for frame in frames):    # half a module would break later cells
            return
        students = [frame for frame in frames if _is_students(frame)]
        if not students:    # between two calls, or in the judge's own code
            return
        if self.finished is None:
            self.finished, self.line = list(self.outcomes), _line(students[0], students[0].f_lineno)
        raise _Stop


def signature_problem(exercise: Exercise, answer: Callable) -> str | None:
    """The parameters of `answer` as written, where the exercise's arguments cannot be handed to it; else None."""
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):  # some builtins have none: the call itself will tell
        return None
    for arguments, keywords in _ways(exercise, exercise.arguments):
        with contextlib.suppress(TypeError):
            signature.bind(*arguments, **keywords)
            return None
    return str(signature)


def _ways(exercise: Exercise, values: Mapping[str, Any]) -> list[tuple[list, dict]]:
    """By name, so that reordered parameters with the right names do no harm; else by position."""
    return [([], dict(values)), (list(values.values()), {})]


def _call(exercise: Exercise, answer: Callable, case: Case) -> Outcome:
    inputs = copy.deepcopy(dict(case.inputs))
    try:
        reading, failure = read(_hand_over(exercise, answer, inputs), exercise, case.expected), None
    except _Stop:
        raise
    except BaseException as error:  # SystemExit and KeyboardInterrupt of the student's too
        reading, failure = None, _failure(error)
    mutated = tuple(name for name, before in case.inputs.items() if not _same(before, inputs[name]))
    return Outcome(reading, failure, mutated)


def _hand_over(exercise: Exercise, answer: Callable, inputs: dict[str, Any]) -> Any:
    by_name, by_position = _ways(exercise, inputs)
    try:
        inspect.signature(answer).bind(*by_name[0], **by_name[1])
    except (TypeError, ValueError):
        return answer(*by_position[0])
    return answer(**by_name[1])


def _same(before: Any, after: Any) -> bool:
    if isinstance(before, Mapping):
        return before.keys() == after.keys() and all(_same(before[name], after[name]) for name in before)
    return type(before) is type(after) and np.array_equal(before, after, equal_nan=True)


def _failure(error: BaseException) -> Failure:
    try:
        message = str(error)
    except Exception:  # an exception whose own text fails
        message = ""
    line = None
    for frame, number in traceback.walk_tb(error.__traceback__):
        if _is_students(frame):
            line = _line(frame, number)
    return Failure(type(error).__name__, message[:500], line, type(error) is NotImplementedError)


def _is_students(frame: FrameType) -> bool:
    name = frame.f_code.co_filename
    return not (name.startswith((*_LIBRARIES, "<frozen", "<__array_function__"))
                or "site-packages" in name or "dist-packages" in name)


def _line(frame: FrameType, number: int) -> Line:
    code = linecache.getline(frame.f_code.co_filename, number, frame.f_globals).strip()
    shapes = []
    for name in dict.fromkeys(re.findall(r"[A-Za-z_]\w*", code)):
        value = frame.f_locals.get(name)
        if isinstance(value, np.ndarray):
            shapes.append(f"{name} {value.shape}")
    return Line(frame.f_code.co_name, number, code, tuple(shapes))


def _wait(thread: threading.Thread, seconds: float) -> tuple[bool, Line | None]:
    thread.join(seconds)
    waited = 0.0
    while thread.is_alive() and waited < IMPORT_SECONDS and _importing(thread):
        thread.join(0.2)
        waited += 0.2
    if not thread.is_alive():
        return False, None
    students = [frame for frame in _stack(thread) if _is_students(frame)]
    return True, _line(students[0], students[0].f_lineno) if students else None


def _stack(thread: threading.Thread) -> list[FrameType]:
    """The frames of a running thread, innermost first."""
    return _outward(sys._current_frames().get(thread.ident))


def _outward(frame: FrameType | None) -> list[FrameType]:
    """A frame and all that called it."""
    frames = []
    while frame is not None:
        frames.append(frame)
        frame = frame.f_back
    return frames


def _importing(thread: threading.Thread) -> bool:
    return any(map(_is_an_import, _stack(thread)))


def _is_an_import(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith("<frozen importlib")


def _stop(thread: threading.Thread) -> None:
    import ctypes    # some Pythons without threads have none

    for stop in (_Stop, _Stop, _Park):
        if not thread.is_alive():
            return
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(stop))
        thread.join(0.1)
