"""The site's own fonts, cut down to the characters its pages use."""

import logging
import re
from html import unescape
from pathlib import Path

from fontTools import subset
from fontTools.varLib import instancer

from press.book import LIBRARY
from press.choices import HANGUL

ALWAYS = {chr(code) for code in range(0x20, 0x7F)} | set("“”‘’–—…·×−→←↑↓≤≥≠≈∂√∞°©ⓒ한국어")
SANS = "pretendard/dist/web/variable/woff2/PretendardVariable.woff2"
SERIF = "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-{style}.woff2"
CODE = "@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2"


def characters(site: Path) -> set[str]:
    """Every character that the pages, widgets and scripts in `site` can show."""
    found = set(ALWAYS)
    for path in site.rglob("*.html"):
        found |= set(unescape(re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), path.read_text("utf-8"))))
    for path in (*(site / "_static").glob("widgets/*"), *(site / "_static").glob("live-words.js")):
        found |= set(path.read_text("utf-8"))
    return found


def said(language: str) -> set[str]:
    """Every character that checkers, and Python in the page, can say in `language`."""
    files = [*LIBRARY.glob("checks/*.py"), *LIBRARY.glob("exercises/**/*.py"), Path(__file__).parent / "live/engine.js"]
    found = set("".join(path.read_text("utf-8") for path in files))
    return {character for character in found if language == "ko" or not HANGUL.match(character)}


def write(folder: Path, used: set[str], node_modules: Path, serif: bool) -> None:
    """Write sans.woff2 and code.woff2, and with `serif` the two serif fonts, cut down to the characters `used`."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = {"sans": SANS, "code": CODE}
    if serif:
        sources |= {"serif": SERIF.format(style="normal"), "serif-italic": SERIF.format(style="italic")}
    for name, source in sources.items():
        _subset(node_modules / source, folder / f"{name}.woff2", used)


def _subset(source: Path, target: Path, used: set[str]) -> None:
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    options = subset.Options(flavor="woff2", layout_features=["kern", "liga", "calt", "ccmp", "locl", "mark", "tnum"],
                             hinting=False, name_IDs=[0, 1, 2, 13, 14], notdef_outline=True)
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(character) for character in used if character.isprintable()])
    subsetter.subset(font)
    axis = next(axis for axis in font["fvar"].axes if axis.axisTag == "wght")
    instancer.instantiateVariableFont(font, {"wght": (max(400, axis.minValue), min(700, axis.maxValue))}, inplace=True)
    subset.save_font(font, str(target), options)
