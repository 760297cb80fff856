"""What axe finds on a page.

Nearly all of axe's time would go into the contrast of thousands of letters and pieces of code that look alike. So the
rules about colour see one of each look, and all other rules the whole page.
"""

import json

from axe_playwright_python.sync_playwright import Axe

THEMES = ("light", "dark")
BY_COLOUR = ["color-contrast", "link-in-text-block"]    # the rules whose answer depends on the theme
KEEP_ONE_OF_EACH_LOOK = """(themes) => {
    const looks = new Map();    // element without elements inside → all that its contrast depends on, in every theme
    for (const theme of themes) {
        document.documentElement.dataset.theme = theme;
        for (const element of document.querySelectorAll("body *")) {
            if (element.children.length || element.closest("a, button, svg, .seqbook-widget")) continue;
            if (!element.textContent && !element.closest(".katex")) continue;    // may be others' background
            const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
            const look = [color, fontSize, fontWeight, textShadow];
            for (let at = element; at; at = at.parentElement) {
                const { backgroundColor, backgroundImage, opacity, filter, visibility, display } = getComputedStyle(at);
                look.push(backgroundColor, backgroundImage, opacity, filter, visibility, display);
            }
            looks.set(element, `${looks.get(element) ?? ""} ${look}`);
        }
    }
    const kept = new Set();
    for (const [element, look] of looks) kept.has(look) ? element.remove() : kept.add(look);
}"""


def put_theme(page, theme: str):
    page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)


def serious(page, **options) -> list:
    """The serious and critical violations: rule, and the first three elements with what is wrong."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("async (options) => (await axe.run(options)).violations",
                          {"resultTypes": ["violations"], **options})
    return [(violation["id"], [node["html"][:200] + node["failureSummary"] for node in violation["nodes"][:3]])
            for violation in found if violation["impact"] in ("serious", "critical")]


def findings(page) -> str:
    """Everything serious on a page in both themes, as text, empty where all is well. The page is thinner afterwards."""
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    page.add_style_tag(content="*, *::before, *::after { animation: none !important; transition: none !important; }")
    found = {"both themes": serious(page, rules={rule: {"enabled": False} for rule in BY_COLOUR})}
    page.evaluate(KEEP_ONE_OF_EACH_LOOK, THEMES)
    for theme in THEMES:
        put_theme(page, theme)
        found[theme] = serious(page, runOnly=BY_COLOUR)
    return "\n".join(f"{theme}: {json.dumps(found[theme], indent=1)}" for theme in found if found[theme])
