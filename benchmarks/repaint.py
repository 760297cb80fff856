"""How long a widget of the built site needs for one move of a slider, or one key, at its largest; writes `repaint.md`.

    python -m benchmarks.repaint

What is measured is the time of the page's main thread (script, style, layout, paint), not the wall's, which other
processes share. A frame lasts 16 ms.
"""

import threading
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from press.book import Book
from press.browser import launch
from press.serve import Handler

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).with_name("repaint.md")
MOVES = 100
SET = "(input, value) => { input.value = value; input.dispatchEvent(new Event('input', {bubbles: true})) }"
SWEEP = """async (input, moves) => {
    for (let i = 0; i < moves; i += 1) {
        input.value = 0.4 + (i % 100) / 100;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        await new Promise(requestAnimationFrame);
    }
}"""
TYPE = """async (field, moves) => {    // a key in every frame, at the caret
    for (let i = 0; i < moves; i += 1) {
        field.setRangeText("the (end) "[i % 10], field.selectionEnd, field.selectionEnd, "end");
        field.dispatchEvent(new Event("input", { bubbles: true }));
        await new Promise(requestAnimationFrame);
    }
}"""
SENTENCE = 'The "for" statement (see also "while") repeats a suite. '


def gradient_flow(page):
    """The slider of the spectral radius, for an LSTM beside the two others, with 50 steps and clipping on."""
    widget = page.locator(".sb-gradient_flow").first
    widget.locator("[data-trait=model]").select_option("lstm")
    widget.locator("[data-trait=compare]").check()
    widget.locator("[data-trait=steps]").evaluate(SET, "50")
    widget.locator("[type=checkbox][data-trait=clip]").check()
    return widget.locator("[data-trait=radius]")


def unfolding(page):
    """The slider of W, with 12 steps, losses shown and the last loss's cone lit."""
    widget = page.locator(".sb-unfolding").first
    widget.locator("[data-trait=steps]").evaluate(SET, "12")
    widget.locator("[data-trait=loss]").check()
    widget.locator("[data-id=L12]").focus()
    return widget.locator("[data-trait=params][data-entry=W]")


def laboratory(page, caret: int, *, held: bool = False):
    """The field of the laboratory that reads documentation, with 2,000 characters, a gate held throughout or none."""
    widget = page.locator(".sb-gate_laboratory", has_text="Write a text of your own")
    field = widget.locator("[data-trait=text]")
    field.fill((SENTENCE * 40)[:2000])
    if held:
        drag = "(input) => { input.value = 1; input.dispatchEvent(new Event('input', {bubbles: true})) }"
        widget.locator("[data-trait=time]").evaluate(drag)
        widget.locator("[data-experiment=keep]").click()    # forget nothing from here on
    expect(widget).not_to_have_attribute("aria-busy", "true", timeout=30_000)
    field.evaluate("(field, caret) => { field.focus(); field.setSelectionRange(caret, caret) }", caret)
    return field


GATES = "lstm/gates.html"
CASES = {
    "gradient flow, T=50": ("rnn/bptt.html", gradient_flow, SWEEP),
    "unfolding, T=12": ("rnn/patterns.html", unfolding, SWEEP),
    "gate laboratory, typing after 2,000 characters": (GATES, lambda page: laboratory(page, 2000), TYPE),
    "gate laboratory, typing before 2,000 characters": (GATES, lambda page: laboratory(page, 0), TYPE),
    "the same with a gate held at every step": (GATES, lambda page: laboratory(page, 0, held=True), TYPE),
}


def milliseconds(page, control, moves: str) -> float:
    """The main thread's time for one of the script's moves of the control."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(entry["value"] for entry in metrics if entry["name"] == "TaskDuration")

    control.evaluate(moves, MOVES)    # the engine compiles what runs often
    start = busy()
    control.evaluate(moves, MOVES)
    return 1000 * (busy() - start) / MOVES


def main() -> None:
    site = Book.open(ROOT).root / "_build" / "html"
    if not site.is_dir():
        raise SystemExit("There is no site in _build/html: run `make book` first.")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    table = "# Repaint\n\n"
    table += "Main thread's time for one move of a slider or one key, in Chromium; written by `make bench`.\n\n"
    table += "| widget | ms |\n| --- | --: |\n"
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for name, (path, prepare, moves) in CASES.items():
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/en/{path}")
            table += f"| {name} | {milliseconds(page, prepare(page), moves):.1f} |\n"
        browser.close()
    server.shutdown()
    RESULTS.write_text(table, encoding="utf-8")
    print(table, end="")


if __name__ == "__main__":
    main()
