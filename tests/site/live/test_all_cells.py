"""Every cell of the book that needs no PyTorch runs in the page's Python, in order, to the same asserts as natively.

`make test` takes one chapter of each language, `make live` (ALL_CHAPTERS in the environment) all.
"""

import os

import pytest

from press.book import Book
from press.live.cells import kinds
from tests.site.conftest import tabs
from tests.site.live.python import ROOT, Python, cells

pytestmark = pytest.mark.browser
FEW = [("ko", "rnn/patterns"), ("en", "start/notation")]
BOOK = Book.open(ROOT)
ALL = [(language, page) for language in BOOK.languages for page in BOOK.notebooks(language)]


@pytest.mark.parametrize("language, page", ALL if "ALL_CHAPTERS" in os.environ else FEW,
                         ids=lambda each: each.replace("/", "-"))
def test_every_cell_runs_in_the_page(chromium, address, language, page):
    with tabs(chromium, address) as make:
        python = Python(make().page, address, language)
        python.start()
        sources = cells(language, page)
        live = [name for name, kind in kinds(sources).items() if kind == "live"]
        assert live
        for name in live:
            result, events = python.run(sources[name], name)
            assert result["ok"], f"{language}/{page}, cell {name}\n{result['traceback']}"
            printed = "".join(event["text"] for event in events if event.get("name") == "stderr")
            lines = [line for line in printed.replace("\r", "\n").splitlines() if line.strip() and "%|" not in line]
            assert not lines, f"{language}/{page}, cell {name} writes to stderr: {lines}"
