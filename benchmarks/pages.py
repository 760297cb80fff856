"""How soon a page of the built site is there on a slow line: its first widget painted, all of it laid out; `pages.md`.

    python -m benchmarks.pages [--visits 3] [PAGE …]        (for example ko/rnn/bptt)

Each visit is the first one of a fresh browser, on a line of 1.6 Mbit/s and 150 ms, and again with a processor made four
times slower. The reader jumps to the first widget as soon as it stands in the document; it is painted two frames later.
The server compresses text, as hosts do.
"""

import argparse
import gzip
import io
import threading
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from statistics import median

from playwright.sync_api import TimeoutError as TimedOut
from playwright.sync_api import sync_playwright

from press.book import Book
from press.browser import launch
from press.serve import Handler

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).with_name("pages.md")
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
SLOWER = 4
WATCH = """() => {
    window.seen = { shift: 0 };
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const look = async () => {
        const widget = document.querySelector(".seqbook-widget");
        if (!seen.found && widget?.childNodes.length) {
            seen.found = performance.now();
            widget.scrollIntoView();
            await frames();
            seen.painted = performance.now();
        }
        if (!seen.ready && document.documentElement?.dataset.ready === "") {
            seen.ready = -1;
            await frames();
            seen.ready = performance.now();
        }
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
}"""
DONE = "(widget) => window.seen?.ready > 0 && (!widget || seen.painted)"


class Compressing(Handler):
    """Sends text compressed."""

    protocol_version = "HTTP/1.1"

    def send_head(self):
        path = Path(self.translate_path(self.path))
        if path.suffix not in (".html", ".css", ".js", ".json", ".svg") or not path.is_file():
            return super().send_head()
        body = gzip.compress(path.read_bytes())
        self.send_response(200)
        for name, value in (("Content-Type", self.guess_type(path)), ("Content-Encoding", "gzip"),
                            ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        return io.BytesIO(body)


class Server(ThreadingHTTPServer):
    request_queue_size = 128    # all connections of a page at once


def visit(browser, address: str, slower: int) -> dict:
    """One first visit: seconds until the first widget is painted and the whole page laid out, its shift, its bytes."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", LINE)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    sizes, inside = [], set()    # what stands in a style sheet has come with it
    devtools.on("Network.requestWillBeSent", lambda event: inside.add(event["requestId"])
                if event["request"]["url"].startswith("data:") else None)
    devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"])
                if event["requestId"] not in inside else None)
    page.add_init_script(f"({WATCH})()")
    page.goto(address, wait_until="load", timeout=120_000)
    has_widget = page.locator(".seqbook-widget").count() > 0
    page.wait_for_function(DONE, arg=has_widget, timeout=120_000)
    seen = page.evaluate("seen")
    context.close()
    return {"painted": seen.get("painted", 0) / 1000, "ready": seen["ready"] / 1000, "shift": seen["shift"],
            "bytes": sum(sizes)}


def visit_again(browser, address: str, slower: int) -> dict:
    """A visit; a second one where the first, on a busy machine, did not come to its end, and it says so."""
    try:
        return visit(browser, address, slower)
    except TimedOut as error:
        print(f"{address}, processor {slower} times slower: visited again after {error.message.splitlines()[0]}",
              flush=True)
        return visit(browser, address, slower)


def measured(browser, address: str, visits: int) -> dict:
    """The medians of `visits` visits, as they are and with the slower processor."""
    plain, slow = ([visit_again(browser, address, rate) for _ in range(visits)] for rate in (1, SLOWER))
    return {"painted": median(one["painted"] for one in plain), "slow": median(one["painted"] for one in slow),
            "ready": median(one["ready"] for one in plain), "shift": max(one["shift"] for one in plain),
            "bytes": median(one["bytes"] for one in plain)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__.split("\n")[0])
    parser.add_argument("--visits", type=int, default=3)
    parser.add_argument("pages", nargs="*", help="such as ko/rnn/bptt; all pages where none is named")
    arguments = parser.parse_args()
    book = Book.open(ROOT)
    pages = arguments.pages or [f"{language}/{page}" for page in book.pages for language in book.languages]
    http = Server(("127.0.0.1", 0), partial(Compressing, directory=str(ROOT / "_build/html")))
    threading.Thread(target=http.serve_forever, daemon=True).start()
    rows = ["| page | first widget painted, s | slower processor, s | laid out, s | shift | KB |",
            "| --- | --- | --- | --- | --- | --- |"]
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for page in pages:
            found = measured(browser, f"http://127.0.0.1:{http.server_port}/{page}.html", arguments.visits)
            widget = [f"{found[name]:.2f}" if found["painted"] else "–" for name in ("painted", "slow")]
            rows.append(f"| {page} | {widget[0]} | {widget[1]} | {found['ready']:.2f} | {found['shift']:.2f} | "
                        f"{found['bytes'] / 1000:.0f} |")
            print(rows[-1], flush=True)
        version = browser.version
        browser.close()
    if not arguments.pages:
        RESULTS.write_text(
            "# How soon the pages are there\n\nWritten by `python -m benchmarks.pages`: the first visit on a line of "
            f"1.6 Mbit/s and 150 ms, medians of {arguments.visits} (shift: the largest); the second column with a "
            f"processor {SLOWER} times slower. Chromium {version}.\n\n" + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
