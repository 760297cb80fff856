"""The site's own fonts, cut down to the characters its pages use, and there before the text that they set is drawn.

All but Hangul stands in the style sheet itself. Hangul comes in parts: what many pages show, what one page shows beside
it, and all of it, fetched only where something else is said later.
"""

import base64
import hashlib
import logging
import re
from collections import Counter
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from unicodedata import category

from fontTools import subset
from fontTools.varLib import instancer

from press.book import LIBRARY
from press.choices import HANGUL
from press.mathematics import letters

ALWAYS = {chr(code) for code in range(0x20, 0x7F)} | set("“”‘’–—…·×−→←↑↓≤≥≠≈∂√∞°©ⓒ한국어")
SANS = "pretendard/dist/web/variable/woff2/PretendardVariable.woff2"
SERIF = "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-{style}.woff2"
CODE = "@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2"

FEATURES = ["kern", "liga", "calt", "ccmp", "locl", "mark", "tnum"]
PLAIN = ["kern", "ccmp", "locl", "mark", "tnum"]    # code shows every character as it is typed
MANY = 0.5                                           # of the pages
HERE = "/* press.fonts writes the site's fonts here. */"
FORMULAS = ("KaTeX_Main-Regular", "KaTeX_Math-Italic")    # what nearly every formula is set in


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


def write(site: Path, said: set[str], front: set[str], node_modules: Path, serif: bool) -> None:
    """Write the fonts of the pages in `site`, and into its style sheet and pages where they are.

    `said` is shown beside what stands in the pages, `front` on the front page, which has a font of its own; with
    `serif` the pages' text has serifs. Cuts down the fonts of formulas, too.
    """
    static, folder = site / "_static", site / "_static/fonts"
    folder.mkdir(parents=True, exist_ok=True)
    used = characters(site) | said
    _subset(node_modules / SANS, folder / "all.woff2", used | front)
    _subset(folder / "all.woff2", folder / "front.woff2", front | ALWAYS)
    hangul = set(filter(HANGUL.match, used)) - ALWAYS
    shown = {path: hangul & _shown(path, static) for path in sorted(site.rglob("*.html"))}
    pages = Counter(character for some in shown.values() for character in some)
    many = {character for character, count in pages.items() if count >= MANY * len(shown)}
    faces = [_face("Book Sans", _inline(folder / "all.woff2", used - hangul)),
             _face("Book Sans", f"fonts/{_part(folder, hangul)}", f"unicode-range: {_ranges(hangul)}; ")]
    if many:
        common = _part(folder, many)
        faces.append(_face("Book Sans", f"fonts/{common}", f"unicode-range: {_ranges(many)}; "))
    for path, some in shown.items():
        asked = [f"fonts/{common}"] if many else []
        own = some - many
        style = ""
        if own:
            part = _part(folder, own)
            asked.append(f"fonts/{part}")
            style = _face("Book Sans", f"{_root(path, site)}fonts/{part}", f"unicode-range: {_ranges(own)}; ")
        _tell(path, _root(path, site), asked, style)
    if serif:
        _subset(node_modules / SERIF.format(style="italic"), folder / "serif-italic.woff2", used)
        faces += [_face("Book Serif", _inline(node_modules / SERIF.format(style="normal"), used)),
                  _face("Book Serif", "fonts/serif-italic.woff2", "font-style: italic; ")]
    _subset(node_modules / CODE, folder / "code.woff2", used, PLAIN)
    faces.append(_face("Book Code", "fonts/code.woff2"))
    (folder / "all.woff2").unlink()
    for font in (static / "katex/fonts").glob("*.woff2"):
        _subset(font, font, letters(site), ["*"])
    sheet = static / "book.css"
    sheet.write_text(sheet.read_text("utf-8").replace(HERE, "\n".join(faces)), encoding="utf-8")


def _shown(page: Path, static: Path) -> set[str]:
    """The characters that a page shows: its own and, where its widgets speak Korean, too, theirs."""
    text = page.read_text("utf-8")
    prose, widgets = re.sub(r"<script.*?</script>", "", text, flags=re.S), ""
    if '<html lang="ko"' in text:
        widgets = "".join(re.findall(r'<script type="application/vnd.*?</script>', text, flags=re.S))
        for name in set(re.findall(r'"module": ?"([^"]+)"', widgets)):
            widgets += (static / "widgets" / name).read_text("utf-8")
    return set(unescape(prose + widgets))


def _root(page: Path, site: Path) -> str:
    """Where a page finds `_static/`."""
    return "../" * (len(page.relative_to(site).parts) - 1) + "_static/"


def _tell(page: Path, static: str, asked: list[str], style: str) -> None:
    """Ask in the head of a page for the fonts that it begins with, and name its own."""
    text = page.read_text("utf-8")
    if 'class="mord mathnormal"' in text:
        asked = [*asked, *(f"katex/fonts/{font}.woff2" for font in FORMULAS)]
    lines = [f'<link rel="preload" as="font" type="font/woff2" crossorigin href="{static}{font}">' for font in asked]
    lines += [f"<style>{style}</style>"] if style else []
    text = text.replace("</head>", "".join(f"  {line}\n" for line in lines) + "</head>", 1)
    page.write_text(text, encoding="utf-8")


def _face(family: str, source: str, more: str = "") -> str:
    return (f'@font-face {{ font-family: "{family}"; src: url({source}) format("woff2"); font-weight: 400 700; {more}'
            "font-display: swap; }")


def _inline(source: Path, used: set[str]) -> str:
    """The address that is the font itself."""
    with TemporaryDirectory() as folder:
        _subset(source, Path(folder) / "font.woff2", used)
        data = (Path(folder) / "font.woff2").read_bytes()
    return f"data:font/woff2;base64,{base64.b64encode(data).decode()}"


def _part(folder: Path, used: set[str]) -> str:
    """Write a font with the Hangul `used`; its file's name, which says what it has."""
    name = f"hangul-{hashlib.sha256(''.join(sorted(used)).encode()).hexdigest()[:10]}.woff2"
    if not (folder / name).is_file():
        _subset(folder / "all.woff2", folder / name, used)
    return name


def _ranges(used: set[str]) -> str:
    return ",".join(f"U+{ord(character):X}" for character in sorted(used))


def _subset(source: Path, target: Path, used: set[str], features: list[str] = FEATURES) -> None:
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    options = subset.Options(flavor="woff2", layout_features=features, hinting=False, name_IDs=[0, 1, 2, 13, 14],
                             notdef_outline=True)
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    drawn = [character for character in used if character.isprintable() or category(character) in ("Co", "Zs")]
    subsetter.populate(unicodes=[ord(character) for character in drawn])    # Co: KaTeX's stroke through =
    subsetter.subset(font)
    weight = next((axis for axis in font["fvar"].axes if axis.axisTag == "wght"), None) if "fvar" in font else None
    if weight:
        limits = (max(400, weight.minValue), min(700, weight.maxValue))
        instancer.instantiateVariableFont(font, {"wght": limits}, inplace=True)
    subset.save_font(font, str(target), options)
    font.close()
