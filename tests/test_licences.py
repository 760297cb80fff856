"""The licence, the notice of what is other people's, and the citation say what the project says elsewhere."""

import inspect
import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from press.book import Book
from seqbook import data

ROOT = Path(__file__).parents[1]
NOTICE = (ROOT / "NOTICE").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_citation_is_that_of_this_project():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
    assert citation["version"] == PROJECT["version"]
    book = Book.open(ROOT)
    assert citation["repository-code"] == book.repository
    assert all(book.languages[language]["title"] in citation["title"] for language in ("ko", "en"))


def test_the_licences_of_code_and_text_are_named_alike_everywhere():
    words = yaml.safe_load((ROOT / "lib/press/interface.yml").read_text("utf-8"))
    for text in ((ROOT / "LICENSE").read_text("utf-8"), *(words[language]["licence"] for language in ("ko", "en"))):
        assert "MIT" in text and "CC BY 4.0" in text
    assert PROJECT["license"] == "MIT" and set(PROJECT["license-files"]) == {"LICENSE", "NOTICE"}


LOADERS = [loader for loader in (getattr(data, name) for name in data.__all__)
           if inspect.isfunction(loader) and "Source:" in (inspect.getdoc(loader) or "")]


@pytest.mark.parametrize("loader", LOADERS, ids=lambda loader: loader.__name__)
def test_every_data_set_has_its_licence_in_the_notice(loader):
    source = re.search(r"Source: .*?\n\n|Source: .*", inspect.getdoc(loader), flags=re.S)[0]
    named = [name for name in ("Unicode", "PSF", "public domain", "CC BY 4.0", "CC BY 2.0") if name in source]
    assert named, f"{loader.__name__} names no licence: {source}"
    assert all(name in NOTICE for name in named)


@pytest.mark.parametrize("package, known_as", [
    ("pretendard", "Pretendard"), ("@fontsource-variable/source-serif-4", "Source Serif 4"),
    ("@fontsource-variable/jetbrains-mono", "JetBrains Mono"), ("katex", "KaTeX"), ("mathjax", None),
    *((f"@codemirror/{name}", "CodeMirror") for name in ("commands", "lang-python", "language", "state", "view")),
    ("@lezer/highlight", "Lezer"), ("@bjorn3/browser_wasi_shim", "browser_wasi_shim"),
    ("esbuild", None)])
def test_what_the_website_carries_is_in_the_notice(package, known_as):
    assert package in json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
    assert known_as is None or known_as in NOTICE    # esbuild only builds, MathJax only tests


def test_no_package_is_left_out_above():
    packages = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
    (asked,) = [mark.args[1] for mark in test_what_the_website_carries_is_in_the_notice.pytestmark]
    assert packages.keys() == {package for package, _ in asked}
