"""A chapter's page with an engine of the same interface as the page's Python, see fake_engine.js."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

FAKE = Path(__file__).with_name("fake_engine.js").read_text("utf-8")
CHAPTER = "rnn/bptt"
SOON = 60_000    # ms that a state may take to come on a busy machine


class Live:
    """A chapter's page in a tab, and what one does with its cells."""

    def __init__(self, tab, language: str = "en"):
        self.tab, self.language = tab, language
        self.page = tab.page
        self.page.set_default_timeout(SOON)

    def open(self, chapter: str = CHAPTER):
        self.tab.open(f"{self.language}/{chapter}.html")
        return self

    def cell(self, name: str):
        return self.page.locator(f".live-cell[data-cell={name}]")

    def press(self, name: str, action: str):
        self.cell(name).locator(f"[data-action={action}]").click()

    def write(self, name: str, code: str):
        """Put `code` into a cell's editor, as one does who pastes it."""
        self.press(name, "edit")
        expect(self.cell(name).locator(".cm-content")).to_be_focused(timeout=SOON)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(code) if code else self.page.keyboard.press("Delete")

    def run(self, name: str, code: str | None = None, state: str = "done"):
        if code is not None:
            self.write(name, code)
        self.press(name, "run")
        self.becomes(name, state)

    def becomes(self, name: str, state: str):
        expect(self.cell(name)).to_have_attribute("data-state", state, timeout=SOON)

    def output(self, name: str):
        return self.cell(name).locator(".live-output")

    def code(self, name: str) -> str:
        cell = self.cell(name)
        if cell.locator(".cm-content").count():
            return cell.locator(".cm-line").evaluate_all("(lines) => lines.map((line) => line.textContent).join('\\n')")
        return cell.locator(".cell_input pre").text_content().removesuffix("\n")

    @property
    def log(self) -> list:
        """What the engine was asked."""
        return self.page.evaluate("window.fakeEngine?.log ?? []")

    def ran(self) -> list[str]:
        return [entry[1] for entry in self.log if entry[0] == "run"]

    def settings(self, **values):
        """Change how the engine behaves; `report` is JavaScript."""
        report = values.pop("report", None)
        script = f"Object.assign(window.fakeEngine ??= {{log: [], broken: '', hold: false}}, {json.dumps(values)}" \
                 + (f", {{report: {report}}})" if report else ")")
        self.page.evaluate(script)


@pytest.fixture(autouse=True)
def patience():
    """A busy machine takes its time until a script has come."""
    expect.set_options(timeout=SOON)
    yield
    expect.set_options(timeout=5000)


@pytest.fixture
def live(tab):
    """`live(language=…, **options of the tab)` → a chapter's page with the engine of the tests, opened."""
    def make(language: str = "en", chapter: str = CHAPTER, **options) -> Live:
        made = tab(**options)
        made.page.route("**/_live/engine.js", lambda route: route.fulfill(body=FAKE, content_type="text/javascript"))
        return Live(made, language).open(chapter)
    return make
