"""The scripts of the live pages, bundled for one language: `live.js`, which every page loads, and what it asks for."""

import json
import subprocess
from pathlib import Path

from press.live.cells import LONG, SLOWER

SCRIPT = Path(__file__).parent / "ui" / "build.js"


class BundleError(Exception):
    """The scripts could not be bundled; the message is the bundler's."""


def bundle_scripts(static: Path, words: dict) -> None:
    """Write the scripts and the interface's words into the folder `static`. Raises BundleError."""
    done = subprocess.run(["node", str(SCRIPT), str(static)], capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise BundleError(f"The pages' scripts could not be bundled:\n{done.stderr.strip()}")
    text = json.dumps(words | {"times": {"slower": SLOWER, "long": LONG}}, ensure_ascii=False, separators=(",", ":"))
    (static / "live-words.js").write_text(f"export default {text};\n", encoding="utf-8")
