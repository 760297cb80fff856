"""Python in the page for tests: the engine in the site's front page, which has no cells, and what it shows."""

from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[3]

START = """async (lang) => {
    const base = new URL("_live/", location.href).href;
    const { Engine } = await import(base + "engine.js");
    window.engine = new Engine({ base, lang });
    const size = await engine.size(), seen = [];
    await engine.start({ onprogress: (progress) => seen.push(progress) });
    return { size, seen };
}"""
RUN = """async ([source, name]) => {
    const events = [];
    const onevent = (event) => events.push({ at: performance.now(), ...event });
    const result = await engine.run(source, { name, onevent });
    return [result, events];
}"""
STOP = """async ([source, wait]) => {    // begun, given some time, and stopped
    const running = engine.run(source, {});
    await new Promise((resolve) => setTimeout(resolve, wait));
    await engine.stop();
    return await running;
}"""


class Python:
    """An engine in the document `page`."""

    def __init__(self, page, address: str, lang: str = "en"):
        self.page = page
        page.set_default_timeout(0)    # cells take their time; pytest is stopped from outside
        page.goto(address)
        self.lang = lang

    def start(self) -> dict:
        """Start Python; its sizes and what was told of its progress."""
        return self.page.evaluate(START, self.lang)

    def run(self, source: str, name: str = "") -> tuple[dict, list[dict]]:
        """The result of a cell and its events."""
        return self.page.evaluate(RUN, [source, name])

    def shown(self, source: str) -> list:
        """What a cell that must end well shows: texts as they are, displays as dicts by MIME type."""
        result, events = self.run(source)
        assert result["ok"], result["traceback"]
        return [event["text"] if event["type"] == "stream" else event.get("data", event["type"]) for event in events]

    def printed(self, source: str) -> str:
        """What a cell that must end well prints."""
        return "".join(part for part in self.shown(source) if isinstance(part, str))

    def failed(self, source: str) -> dict:
        """The result of a cell that must fail."""
        result, _ = self.run(source)
        assert not result["ok"]
        return result

    def stopped(self, source: str, after: float) -> dict:
        """The result of a cell that is stopped `after` seconds."""
        return self.page.evaluate(STOP, [source, 1000 * after])


def cells(language: str, page: str) -> dict[str, str]:
    """The code of a chapter's notebook by cell id."""
    notebook = nbformat.read(ROOT / f"chapters/{language}/{page}.ipynb", as_version=4)
    return {cell.id: cell.source for cell in notebook.cells if cell.cell_type == "code"}
