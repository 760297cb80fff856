"""What is done to the pages that Sphinx has written, so that they are there at once.

Figures say how large they are and wait until they are near; what a cell printed says how wide it is; each widget's
state stands beside it, a large one in a file of its own; the page's first widget is asked for from the head, and room
is kept for all.
"""

import hashlib
import html
import json
import math
import re
from pathlib import Path

from press import room
from press.prepare import STATE, VIEW

IMAGE = re.compile(r'<img ([^>]*?)src="([^":]+)"([^>]*)>')
STATES = re.compile(rf'\s*<script type="{re.escape(STATE)}">(.*?)</script>', flags=re.S)
VIEWS = re.compile(rf'<script type="{re.escape(VIEW)}">(.*?)</script>', flags=re.S)
# Code that looks like any other: the style sheet knows no colour for it.
PLAIN = re.compile(r'<span class="(?:n|nn|nv|na|o|p|w)">([^<]*)</span>|<span></span>')
PRINTED = re.compile(r'(<div class="output (?:stream|text_plain)[^"]*">\s*<div class="highlight">\s*<pre)>(.*?)</pre>',
                     flags=re.S)
TAG = re.compile("<[^>]*>")
WIDE = re.compile("[\u1100-\u11ff\u2070-\uffff]")    # what the font of code lacks: Hangul, arrows, signs
LARGE = 8_000                 # characters of a state that is not worth waiting for
PIXELS = {"pt": 96 / 72, "px": 1, "": 1}


def finish(site: Path) -> None:
    """Change every page below `site` in place."""
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        new = IMAGE.sub(lambda image: _sized(image, path), text)
        new = PLAIN.sub(r"\1", new)
        new = PRINTED.sub(_measured, new)
        new = _widgets_apart(new, site / "_static/widgets")
        if new != text:
            path.write_text(new, encoding="utf-8")


def _sized(image: re.Match, page: Path) -> str:
    """An <img> with its width and height, fetched when it comes near."""
    before, address, after = image.groups()
    size = _size((page.parent / address).resolve())
    if size is None or "loading=" in before + after or "width=" in before + after:
        return image[0]
    return f'<img {before}src="{address}" width="{size[0]}" height="{size[1]}" loading="lazy" decoding="async"{after}>'


def _size(path: Path) -> tuple[int, int] | None:
    """Width and height of an SVG picture in CSS pixels; None where it does not say."""
    if path.suffix != ".svg" or not path.is_file():
        return None
    root = re.search(r"<svg[^>]*>", path.read_text("utf-8"))[0]
    sides = [re.search(rf'\b{side}="([\d.]+)(pt|px|)"', root) for side in ("width", "height")]
    return tuple(round(float(side[1]) * PIXELS[side[2]]) for side in sides) if all(sides) else None


def _measured(printed: re.Match) -> str:
    """An output that says how many letters its widest line has: on a phone it is set as small as that needs."""
    opening, shown = printed.groups()
    return f'{opening} style="--columns: {columns(html.unescape(TAG.sub("", shown)))}">{shown}</pre>'


def columns(text: str) -> int:
    """Letters of the fixed width in the widest line; a wide one is as large as its em, and so 1 / 0.6 of them."""
    return max((math.ceil(len(line) + len(WIDE.findall(line)) * (1 / 0.6 - 1)) for line in text.splitlines()),
               default=1)


def _room(model: dict) -> str:
    """The style of the place where a widget will be drawn."""
    return room.style(model["module"].rpartition("-")[0], model["state"])


def _widgets_apart(text: str, folder: Path) -> str:
    """The page with each model's state before its first view, and its first widget's files asked for in the head."""
    if not (found := STATES.search(text)):
        return text
    states = json.loads(found[1])["state"]
    text = STATES.sub("", text, count=1)
    order = []

    def beside(view: re.Match) -> str:
        name = json.loads(view[1])["model_id"]
        near = " data-near" if states[name].get("near") else ""
        shown = f'{view[0]}<div class="seqbook-widget" style="{_room(states[name])}"{near}></div>'
        if name in order:
            return shown
        order.append(name)
        model = states[name]
        state = json.dumps(model, ensure_ascii=False, separators=(",", ":")).replace("</", r"<\/")
        if len(state) > LARGE or model.get("near"):
            file = f"state-{hashlib.sha256(state.encode()).hexdigest()[:10]}.json"
            (folder / file).write_text(state, encoding="utf-8")
            state = json.dumps({key: model[key] for key in ("module", "style") if key in model} | {"file": file})
        return f'<script type="{STATE}">{{"state": {{"{name}": {state}}}}}</script>\n{shown}'

    text = VIEWS.sub(beside, text)
    if not order:    # widgets were asked for their numbers only
        return text
    first = states[order[0]]
    base = re.search(r'src="([^"]*_static/)widget-host\.js', text)[1]
    asked = [f'<link rel="modulepreload" href="{base}widget-model.js">',
             f'<link rel="modulepreload" href="{base}widgets/{first["module"]}">']
    if "style" in first:
        asked.append(f'<link rel="preload" as="style" href="{base}widgets/{first["style"]}">')
    return text.replace("</title>\n", "</title>\n  " + "\n  ".join(asked) + "\n", 1)
