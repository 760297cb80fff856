"""Python in the page, as the page's scripts use it: what cells show, how they end, and that nothing breaks the page."""

import json
import re
from pathlib import Path

import pytest

from press.prepare import _widgets
from tests.site.conftest import tabs
from tests.site.live.python import Python

pytestmark = pytest.mark.browser
MOST_BYTES, MOST_BEFORE_NUMPY = 26_000_000, 15_000_000


@pytest.fixture(scope="module")
def python(chromium, address):
    with tabs(chromium, address) as make:
        started = Python(make().page, address)
        started.start()
        yield started


# --- What cells show

def test_a_cell_shows_what_it_prints_and_its_last_value_in_order(python):
    assert python.shown("print(1)\nprint('한글 ∂', end='')\n40 + 2") == ["1\n", "한글 ∂", {"text/plain": "42"}]
    assert python.shown("40 + 2;") == [] == python.shown("x = 3") == python.shown("None")
    assert python.shown("import sys\nprint('a')\nprint('b', file=sys.stderr)")[-1] == "b\n"
    assert python.shown("%pip install nothing\n!ls\nif True:\n    %time\n5") == [{"text/plain": "5"}]
    assert python.shown("x = (7\n  % 4)\nx") == [{"text/plain": "3"}]    # no magic
    (long,) = python.shown("{letter: letter * 30 for letter in 'abcd'}")
    assert long["text/plain"].count("\n") == 3


def test_text_comes_as_it_is_printed_and_bars_move(python):
    _, events = python.run("import time\nfor i in range(4):\n    print(i)\n    time.sleep(0.2)")
    assert [event["text"] for event in events] == ["0\n", "1\n", "2\n", "3\n"]
    assert events[-1]["at"] - events[0]["at"] > 500
    _, events = python.run("import time\nfrom tqdm import tqdm\nfor i in tqdm(range(5)): time.sleep(0.15)")
    assert {event["name"] for event in events} == {"stderr"}
    assert [match for event in events for match in re.findall(r"(\d)/5", event["text"])][:5] == list("01234")


def test_what_a_cell_clears_and_warns_of_is_told(python):
    source = "from IPython.display import clear_output, display, HTML\ndisplay(HTML('<b>1</b>'))\nclear_output()\n2"
    first, clear, last = python.shown(source)
    assert first["text/html"] == "<b>1</b>" and clear == "clear" and last == {"text/plain": "2"}
    assert python.printed("import warnings\n\nwarnings.warn('careful')") == "line 3: UserWarning: careful\n"


@pytest.mark.parametrize("end", ["plt.show()", "pass"])
def test_figures_are_svg_in_the_books_style_with_hangul(python, end):
    python.run("import seqbook\nseqbook.setup(lang='ko')")
    drawn = python.shown("import matplotlib.pyplot as plt\nfigure, ax = plt.subplots()\nax.plot([1, 2])\n"
                         f"ax.set_title('은닉 상태 $h^{{(t)}}$')\nprint('before')\n{end}")
    assert drawn[0] == "before\n" and len(drawn) == 2
    svg = drawn[1]["image/svg+xml"]
    assert "#0072b2" in svg and "NanumGothic-" in svg and "<text" not in svg    # colours, glyphs as paths
    assert python.printed("print(plt.get_fignums())") == "[]\n"
    assert "missing from font" in python.failed("plt.title('龘')\nplt.show()")["evalue"]    # no box instead of a letter


def test_a_widget_is_handed_over_as_the_page_keeps_one(python, site, tmp_path):
    """The same files and the same state as that of the executed notebook."""
    import nbformat
    from ipywidgets import Widget

    from press.prepare import STATE
    from seqbook.widgets import GateLaboratory

    python.run("import seqbook\nseqbook.setup(lang='en')")
    (shown,) = python.shown("from seqbook.widgets import GateLaboratory\nGateLaboratory(lang='ko')")
    widget = shown["application/vnd.seqbook.widget+json"]
    own = GateLaboratory(lang="ko")
    state = Widget.get_manager_state(widgets=[own])
    notebook = nbformat.v4.new_notebook(metadata={"widgets": {STATE: state}})
    _widgets(notebook, "page", tmp_path)
    native = json.loads(json.dumps(notebook.metadata.widgets[STATE].state[own.model_id]))
    assert {widget["module"], widget["style"]} == {native["module"], native["style"]}
    for language in ("ko", "en"):
        assert (site / language / "_static/widgets" / widget["module"]).is_file()
    assert {tuple(each["path"]): each for each in widget["buffers"]} == {
        tuple(each["path"]): each for each in native["buffers"]}
    assert widget["state"] == native["state"]


def test_a_checker_reports_in_steps(python):
    python.run("import seqbook\nseqbook.setup(lang='en')\nimport numpy as np\nfrom seqbook.checks import check")
    (shown,) = python.shown("def step(x, h, weight_ih, weight_hh, bias):\n"
                            "    return np.tanh(x @ weight_ih.T + h @ weight_hh.T)\n\ncheck('unfolding/step', step)")
    report = shown["application/vnd.seqbook.report+json"]
    assert report["id"] == "unfolding/step" and report["passed"] is False and len(report["hints"]) == 2
    assert "bias" in report["hints"][0] and "bias" not in report["text"]
    (shown,) = python.shown("check('unfolding/step', lambda x, h, weight_ih, weight_hh, bias:\n"
                            "      np.tanh(x @ weight_ih.T + h @ weight_hh.T + bias))")
    report = shown["application/vnd.seqbook.report+json"]
    assert report["passed"] is True and report["hints"] == []
    python.run("import seqbook\nseqbook.setup(lang='ko')")
    (shown,) = python.shown("check('unfolding/step', lambda x, h, weight_ih, weight_hh, bias: x @ weight_ih.T)")
    assert re.search("[가-힣]", shown["application/vnd.seqbook.report+json"]["text"])


@pytest.mark.parametrize("loop", ["while True: pass", "n = 0\n    while True:\n        n += 1",
                                  "for i in iter(int, 1): pass"])
def test_an_answer_that_does_not_end_is_stopped_by_the_checker_itself(python, loop):
    python.run("from seqbook.checks import check\nx = 41")
    (shown,) = python.shown(f"def step(x, h, weight_ih, weight_hh, bias):\n    {loop}\n"
                            "report = check('unfolding/step', step, seconds=1)")
    assert shown["application/vnd.seqbook.report+json"]["passed"] is False
    reason, line, again = python.shown("print(report.reason)\nprint(report.line)\nx + 1")
    assert reason == "timed_out\n" and re.search(r"[234]", line) and again == {"text/plain": "42"}
    python.run("%time\ntotal = sum(range(10**6))")    # nothing is watched any more
    assert python.printed("import sys\nprint([sys.monitoring.get_tool(tool) for tool in range(6)])").count("None") == 6


READERS_CODE = Path(__file__).with_name("readers_code.txt").read_text("utf-8").split("# %%\n")


@pytest.mark.parametrize("code", READERS_CODE, ids=["linear-algebra", "numpy", "imports", "language", "figures"])
def test_what_readers_may_write_is_there_as_well(python, code):
    """The module and the packs are pruned of what the book does not need, not of what its readers know."""
    python.shown(code)


# --- How cells fail

def test_a_traceback_has_the_readers_own_lines(python):
    python.run("def divide(a, b):\n    return a / b", "divide-code")
    result, _ = python.run("import json\n\njson.loads('{', object_hook=divide)", "load")
    assert result["ename"] == "JSONDecodeError" and result["line"] == 3 and result["missing"] is None
    assert re.findall(r'Cell "(.*)", line (.*), in', result["traceback"]) == [("load", "3")]
    assert "File" not in result["traceback"]
    result, _ = python.run("x = 1\ndivide(x, 0)", "use")
    assert result["line"] == 2 and result["evalue"] == "division by zero"
    assert re.findall(r'Cell "([\w-]+)", line (\d)', result["traceback"]) == [("use", "2"), ("divide-code", "2")]
    assert "return a / b" in result["traceback"] and "live_kernel" not in result["traceback"]


def test_a_name_that_is_missing_and_a_line_that_cannot_be_read_are_told(python):
    assert python.failed("y = 2\nnobody + 1")["missing"] == "nobody"
    assert python.failed("def f():\n    z += 1\nf()")["missing"] is None    # no cell above would help
    result = python.failed("x = 1\ny = (2\n")
    assert result["ename"] == "SyntaxError" and result["line"] == 2
    assert python.failed("raise SystemExit")["ename"] == "SystemExit"
    result = python.failed("import torch")
    assert result["evalue"].startswith("No module named 'torch'")


# --- Stop, and code that would break a page

def test_stop_ends_a_loop_and_keeps_everything_else(python):
    python.run("import seqbook, numpy as np\nkept = np.arange(5)\nopen('/tmp/note', 'w').write('here')")
    python.run("file = open('/tmp/note')\nfile.read(2)")
    assert python.stopped("kept = None\nwhile True: pass", after=1)["stopped"]
    assert python.page.evaluate("engine.state") == "ready"
    assert python.printed("print(kept.sum(), file.read(), open('/tmp/note').read())") == "10 re here\n"
    assert python.stopped("import time\ntime.sleep(60)", after=0.5)["stopped"]    # and one that sleeps
    assert python.printed("print(kept.sum())") == "10\n"


def test_stop_ends_the_cells_that_wait_as_well(python):
    results = python.page.evaluate("""async () => {
        const all = ["while True: pass", "never = 1", "never = 2"].map((source) => engine.run(source, {}));
        await new Promise((resolve) => setTimeout(resolve, 500));
        await engine.stop();
        return Promise.all(all);
    }""")
    assert [result.get("stopped") for result in results] == [True] * 3
    assert python.failed("never")["missing"] == "never"


def test_endless_output_is_cut_and_said_to_be(python):
    result, events = python.run("for i in range(10**6): print(i, 'x' * 10)")
    assert result["ok"] and len(events) < 1000
    assert sum(len(event["text"]) for event in events) < 1_100_000
    assert "[" in events[-1]["text"]
    result, events = python.run("for i in range(1000): display(i)")
    assert result["ok"] and len(events) < 250


def test_memory_that_is_eaten_up_is_an_error_and_no_more(python):
    python.run("kept = 41")
    assert python.failed("eaten = []\nwhile True: eaten.append(bytearray(10**8))")["ename"] == "MemoryError"
    assert python.shown("del eaten\nkept += 1\nkept")[-1] == {"text/plain": "42"}
    python.page.wait_for_timeout(1000)    # in which an image would be taken
    assert python.stopped("while True: pass", after=0.5)["stopped"]
    assert python.printed("print(kept)") == "42\n"


def test_endless_recursion_and_an_exit_leave_python_usable(python):
    python.run("kept = 41")
    assert python.failed("def f(n): return f(n + 1)\nf(0)")["ename"] == "RecursionError"
    assert python.failed("import sys\nsys.setrecursionlimit(10**6)\ndef f(n): return f(n + 1)\nf(0)")["ename"] in (
        "RecursionError", "SystemError")
    assert python.shown("kept + 1")[-1] == {"text/plain": "42"}
    assert python.failed("import os\nos._exit(1)")["ename"] == "SystemError"
    assert python.shown("kept + 1")[-1] == {"text/plain": "42"}


# --- Fetching

def test_all_is_fetched_once_and_kept_by_the_browser(tab, address):
    opened = tab()
    python = Python(opened.page, address)
    first = python.start()
    assert first["size"]["kept"] is False
    assert first["size"]["core"] + first["size"]["figures"] == first["size"]["total"] < MOST_BYTES
    assert first["size"]["core"] < MOST_BEFORE_NUMPY
    done = [progress["done"] for progress in first["seen"]]
    assert done == sorted(done) and done[-1] == first["size"]["core"]    # the figures are not waited for
    assert {progress["total"] for progress in first["seen"]} == {first["size"]["total"]}
    assert python.printed("print(6 * 7)") == "42\n"
    python.run("import matplotlib.pyplot")
    opened.responses.clear()
    again = Python(opened.page, address)
    assert again.start()["size"]["kept"] is True
    assert not [response.url for response in opened.responses if response.url.endswith(".bin")]
    assert again.printed("import numpy\nprint(numpy.ones(3).sum())") == "3.0\n"


@pytest.mark.parametrize("lang, sentence", [("ko", "이 브라우저에서는"), ("en", "This browser cannot run Python.")])
def test_a_browser_that_cannot_says_so_in_one_sentence(tab, address, lang, sentence):
    for missing in ("delete window.DecompressionStream", "delete window.WebAssembly",
                    "WebAssembly.compileStreaming = async () => { throw new WebAssembly.CompileError('exnref'); }"):
        python = Python(tab().page, address, lang)
        python.page.evaluate(f"() => {{ {missing}; }}")
        message = python.page.evaluate(START_MESSAGE, lang)
        assert message.startswith(sentence) and "\n" not in message


START_MESSAGE = """async (lang) => {
    const base = new URL("_live/", location.href).href;
    const { Engine } = await import(base + "engine.js");
    const engine = new Engine({ base, lang });
    return engine.start({}).then(() => "started", (error) => error.message);
}"""


def test_a_file_that_does_not_come_is_an_error_that_can_be_tried_again(tab, address):
    python = Python(tab().page, address)
    message = python.page.evaluate("""async () => {
        const base = new URL("_live/", location.href).href;
        const { Engine } = await import(base + "engine.js");
        window.engine = new Engine({ base, lang: "en" });
        const real = window.fetch;
        window.fetch = (url, ...rest) => String(url).includes("core-") ? Promise.reject(new TypeError("no line"))
          : real(url, ...rest);
        const message = await engine.start({}).then(() => "started", (error) => error.message);
        window.fetch = real;
        await engine.start({});
        return message;
    }""")
    assert message.startswith("Python could not be downloaded.")
    assert python.printed("print(1)") == "1\n"


def test_a_cell_starts_python_where_nobody_has(tab, address):
    python = Python(tab().page, address)
    result = python.page.evaluate("""async () => {
        const base = new URL("_live/", location.href).href;
        const { Engine } = await import(base + "engine.js");
        window.engine = new Engine({ base, lang: "en" });
        return [engine.state, (await engine.run("kept = 1", {})).ok, engine.state];
    }""")
    assert result == ["off", True, "ready"]


LATE = """async () => {    // an engine whose figures come when `arrive()` says so, or not when `lose()` does
    const base = new URL("_live/", location.href).href;
    const { Engine } = await import(base + "engine.js");
    window.engine = new Engine({ base, lang: "en" });
    const real = window.fetch;
    window.fetch = (url, ...rest) => {
        if (!String(url).includes("figures-")) return real(url, ...rest);
        return new Promise((resolve, reject) => {
            window.arrive = () => resolve(real(url, ...rest));
            window.lose = () => reject(new TypeError("no line"));
        });
    };
    await engine.start({});
}"""
DRAW = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"


def test_numbers_do_not_wait_for_the_figures_and_figures_do(tab, address):
    python = Python(tab().page, address)
    python.page.evaluate(LATE)
    python.run("import seqbook\nseqbook.setup(lang='ko')\nbegun = 0", "setup")
    assert python.printed("import numpy as np\nfrom numpy import ones\nprint(ones(2).sum())") == "2.0\n"
    assert "nowhere" in python.page.evaluate("""async () => {    // neither does one that would not come with them
        const asked = engine.run("from numpy import nowhere", {});
        return (await asked).evalue;
    }""")
    drawn = python.page.evaluate("""async (draw) => {
        const seen = [], kinds = new Set();
        const drawing = engine.run("begun += 1\\n" + draw, { onevent: (event) => kinds.add(event.type) });
        drawing.then(() => seen.push("drawn"));
        await new Promise((resolve) => setTimeout(resolve, 1000));
        seen.push("late");
        arrive();
        await drawing;
        return [seen, [...kinds].sort()];
    }""", DRAW)
    assert drawn == [["late", "drawn"], ["display", "progress"]]
    assert python.printed("print(begun, plt.rcParams['font.family'][0])") == "1 NanumGothic\n"
    assert python.stopped("while True: pass", after=1)["stopped"]    # the new worker has them as well
    (shown,) = python.shown(DRAW)
    assert shown["image/svg+xml"]


TOGETHER = """async (base) => {
    const { module, core } = await (await fetch(base + "manifest.json")).json();
    const unpack = async ({ file }, headers) => new Response(
        (await fetch(base + file)).body.pipeThrough(new DecompressionStream("gzip")), { headers });
    const compiled = await WebAssembly.compileStreaming(await unpack(module, { "content-type": "application/wasm" }));
    const pack = await (await unpack(core)).blob();
    const worker = new Worker(base + "worker.js", { type: "module" }), said = [];
    const told = new Promise((resolve) => {
        worker.onmessage = ({ data }) => typeof data !== "string" && said.push(data.type) === 2 && resolve();
    });
    worker.postMessage({ type: "start", module: compiled, core: pack });
    worker.postMessage({ type: "mount", figures: new Blob([]) });    // is read sooner than the large pack
    await told;
    worker.terminate();
    return said;
}"""


def test_figures_that_come_while_python_starts_wait_for_it(tab, address):
    """Answers come in the order in which the page has asked, by which it knows them; no figures are in this pack."""
    page = tab().open("index.html")
    assert page.evaluate(TOGETHER, f"{address}_live/") == ["ready", "broken"]


def test_a_stop_while_figures_are_waited_for_and_figures_that_are_lost(tab, address):
    python = Python(tab().page, address)
    python.page.evaluate(LATE)
    python.run("kept = 41")
    assert python.stopped(DRAW, after=0.5)["stopped"]
    assert python.printed("print(kept)") == "41\n"
    message = python.page.evaluate("""async (draw) => {
        const drawing = engine.run(draw, {}).then(() => "drawn", (error) => error.message);
        await new Promise((resolve) => setTimeout(resolve, 300));
        lose();
        return drawing;
    }""", DRAW)
    assert message.startswith("Python could not be downloaded.")
    assert python.printed("print(kept)") == "41\n"
    assert python.page.evaluate("""async (draw) => {
        const drawing = engine.run(draw, {});
        await new Promise((resolve) => setTimeout(resolve, 300));
        arrive();
        return (await drawing).ok;
    }""", DRAW)
