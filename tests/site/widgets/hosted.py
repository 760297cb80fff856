"""A widget on a bare page, as the website hosts it: its traits, its controls by their knobs, what a reader sees."""

import base64
import json
from pathlib import Path

import pytest

from seqbook.widgets import WIDGETS
from seqbook.widgets.base import STATIC
from tests.site.conftest import come_near

HOST = "http://widget.test/"
MODEL = Path(__file__).parents[3] / "lib/press/theme/static/widget-model.js"
PAGE = """<!doctype html><html lang="{lang}" data-theme="{theme}"><head><meta charset="utf-8"><title>widget</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<link rel="stylesheet" href="widget.css"><style>body {{ margin: 8px; font-family: sans-serif }}</style></head>
<body><main id="main"></main><script type="module">
import widget from "./widget.js";
import {{ decode, Model }} from "./widget-model.js";
window.model = new Model(decode(await (await fetch("state.json")).json()));
window.dispose = widget.render({{ model, el: document.getElementById("main") }});
</script></body></html>"""

both_languages = pytest.mark.parametrize("language", ["ko", "en"])


def number(text: str) -> float:
    """The number a reader sees: "−0.42", "1.34·10−4"."""
    return float(text.replace("−", "-").replace("·10", "e"))


def drag(slider, value: float):
    """Put a slider at `value` as a drag does."""
    set_ = "(input, value) => { input.value = value; input.dispatchEvent(new Event('input', {bubbles: true})) }"
    slider.evaluate(set_, str(value))


def stem(widget) -> str:
    """The name of a widget's module, folder and bundle: "gate_laboratory"."""
    return type(widget).__module__.rpartition(".")[2]


def embedded(widget) -> dict:
    """A widget's state as the website embeds it, bytes in base64."""
    buffers = []

    def plain(value, path):
        if isinstance(value, bytes):
            buffers.append({"path": path, "data": base64.b64encode(value).decode(), "encoding": "base64"})
            return None
        if isinstance(value, dict):
            return {key: plain(each, [*path, key]) for key, each in value.items()}
        if isinstance(value, (list, tuple)):
            return [plain(each, [*path, index]) for index, each in enumerate(value)]
        return value

    state = {name: value for name, value in widget.get_state().items() if not name.startswith("_") and name != "layout"}
    return {"state": plain(state, []), "buffers": buffers}


def answers(widget, theme: str) -> dict[str, tuple[str, str]]:
    """What the host of `widget` serves: path → kind and text."""
    bundle = {f"widget.{suffix}": (kind, (STATIC / f"{stem(widget)}.{suffix}").read_text("utf-8"))
              for suffix, kind in (("js", "text/javascript"), ("css", "text/css"))}
    return {"": ("text/html", PAGE.format(lang=widget.lang, theme=theme)), **bundle,
            "widget-model.js": ("text/javascript", MODEL.read_text("utf-8")),
            "state.json": ("application/json", json.dumps(embedded(widget)))}


class Shown:
    """A shown widget: its page, its root element, and the Python widget it came from."""

    def __init__(self, page, widget):
        self.page, self.python, self.element = page, widget, page.locator(f".sb-{stem(widget)}")
        self.settle()

    def settle(self):
        """Wait until everything is drawn and computed."""
        done = "() => !document.querySelector('#main .sb')?.hasAttribute('aria-busy')"
        for _ in range(2):    # what changes together is drawn when the page had its turn, and that may take a while
            self.page.wait_for_function("() => new Promise((ready) => setTimeout(() => ready(true)))")
            self.page.wait_for_function(done, timeout=20_000)

    def knob(self, trait: str, entry: str | int | None = None):
        """The control of a knob (of one of its entries)."""
        return self.element.locator(f"[data-trait={trait}]" + ("" if entry is None else f"[data-entry='{entry}']"))

    def get(self, trait: str):
        """The page's value of a trait."""
        return self.page.evaluate("name => model.get(name)", trait)

    def set(self, **traits):
        """Change traits as Python does."""
        self.page.evaluate("traits => model.set(traits)", traits)
        self.settle()

    def words(self) -> str:
        """All that is written, without line breaks inside formulas."""
        return self.element.inner_text().replace("\n", "")

    def picture(self) -> dict:
        """All that can be seen of it: elements, pixels and the states of its controls."""
        return self.element.evaluate("""(root) => ({
            html: root.innerHTML,
            pixels: [...root.querySelectorAll("canvas")].map((each) => each.toDataURL()),
            controls: [...root.querySelectorAll("input, select, textarea")].map((each) => [each.value, each.checked]),
        })""")


def check_alive(page) -> int:
    """Every widget of an open page is drawn under a name we know, and answers its first slider or answers; how many.

    Playwright's `page` is left as it was, but for where it is scrolled to and that all its folds are open.
    """
    page.evaluate("document.querySelectorAll('details.deeper').forEach((fold) => { fold.open = true; })")
    come_near(page)
    widgets = page.locator(".seqbook-widget > .sb")
    for widget in widgets.all():
        assert widget.get_attribute("class") in {f"sb sb-{name}" for name in WIDGETS}
        slider = widget.locator("input[type=range][data-trait]:enabled:visible").first
        seen = lambda: widget.evaluate("""(root) => root.innerHTML + [...root.querySelectorAll("canvas")]
            .map((each) => each.toDataURL()).join()""")
        before = seen()
        if not slider.count():    # a question with answers
            widget.locator("input[type=radio][data-trait]:enabled:visible").first.check()
            for _ in range(2):    # a guess kept, and taken back
                assert seen() != before
                widget.locator("button:enabled:visible").click()
            assert seen() == before
            continue
        slider.scroll_into_view_if_needed()
        value = slider.input_value()
        key = "ArrowLeft" if value == slider.get_attribute("max") else "ArrowRight"
        slider.press(key)
        assert slider.input_value() != value and seen() != before
        slider.press("ArrowLeft" if key == "ArrowRight" else "ArrowRight")
        assert slider.input_value() == value
    return widgets.count()
