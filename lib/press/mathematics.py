"""Mathematics, set while the site is built: KaTeX's HTML for the eye, its MathML for readers by ear."""

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

from docutils.nodes import SkipNode

SCRIPT = Path(__file__).parent / "mathematics.js"
# What Sphinx writes for a formula, in the line or on its own.
FORMULA = re.compile(r'<(span|div) class="math notranslate nohighlight">\s*\\([(\[])(.*?)\\[)\]]\s*</\1>', flags=re.S)
KATEX = "katex/dist"


class FormulaError(Exception):
    """A formula that cannot be set; the message gives the page and the TeX."""


def set_pages(site: Path, node_modules: Path) -> int:
    """Set every formula of the pages in `site`, in place; how many different ones there were. Raises FormulaError."""
    texts = {path: path.read_text("utf-8") for path in sorted(site.rglob("*.html"))}
    found = {}                                                       # (TeX, displayed) → the page that has it first
    for path, text in texts.items():
        for formula in FORMULA.finditer(text):
            found.setdefault(_key(formula), path)
    html = dict(zip(found, typeset(list(found), node_modules), strict=True))
    for formula, result in html.items():
        if isinstance(result, dict):
            raise FormulaError(f"{found[formula].relative_to(site)}: {formula[0]!r}: {result['error']}")
    for path, text in texts.items():
        if FORMULA.search(text):
            new = FORMULA.sub(lambda found: f'<{found[1]} class="math">{html[_key(found)]}</{found[1]}>', text)
            path.write_text(new, encoding="utf-8")
    return len(found)


def typeset(formulas: list[tuple[str, bool]], node_modules: Path) -> list:
    """The HTML of each (TeX, displayed), or {"error": why}."""
    # A module is looked up from where its file stands; the build's own folder may stand elsewhere.
    script = SCRIPT.read_text("utf-8").replace('"katex"', json.dumps((node_modules / f"{KATEX}/katex.mjs").as_uri()))
    done = subprocess.run(["node", "--input-type=module", "--eval", script], input=json.dumps(formulas),
                          capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise FormulaError(f"KaTeX did not run: {done.stderr}")
    return json.loads(done.stdout)


def copy_styles(folder: Path, node_modules: Path) -> None:
    """KaTeX's style sheet and the fonts that browsers of today ask for."""
    (folder / "fonts").mkdir(parents=True)
    shutil.copy(node_modules / KATEX / "katex.min.css", folder)
    for font in (node_modules / KATEX / "fonts").glob("*.woff2"):
        shutil.copy(font, folder / "fonts")


def letters(site: Path) -> set[str]:
    """The characters that the formulas of the pages in `site` are drawn with."""
    found = set(" \u00a0")
    for path in site.rglob("*.html"):
        for formula in path.read_text("utf-8").split('<span class="katex-html"')[1:]:
            depth = 0
            for tag, text in re.findall(r"(</?span)?[^<>]*>([^<]*)", formula):
                depth += {"</span": -1, "<span": 1, "": 0}[tag]
                if depth < 0:
                    break
                found |= set(unescape(text))
    return found


def write_inline(translator, node) -> None:
    """Write a formula in the line, for `set_pages`."""
    translator.body.append(translator.starttag(node, "span", "", CLASS="math notranslate nohighlight")
                           + rf"\({translator.encode(node.astext())}\)</span>")
    raise SkipNode


def write_displayed(translator, node) -> None:
    """Write a formula on a line of its own, for `set_pages`."""
    text = node.astext()
    if re.search(r"\\\\", text) and r"\begin{" not in text:
        text = rf"\begin{{split}}{text}\end{{split}}"
    translator.body.append(translator.starttag(node, "div", CLASS="math notranslate nohighlight")
                           + rf"\[{translator.encode(text)}\]</div>")
    raise SkipNode


def _key(formula: re.Match) -> tuple[str, bool]:
    return unescape(formula[3]).strip(), formula[2] == "["
