"""The pieces of the site's build, each on its own, and the build of a tiny book."""

import copy
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from press import book as book_module
from press import reference
from press.book import library_digest
from press.execute import CellError, execute, key
from press.markdown import headings, slugs
from press.prepare import STATE, VIEW, PageError, prepare
from press.search import SearchKorean
from tests.site.conftest import ROOT
from tests.site.links import dead_addresses
from tests.test_kernels import replace_kernel


def test_javascript_of_the_widget_host():
    result = subprocess.run(["node", "--test", "tests/site/"], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_korean_words_are_split_into_all_their_parts():
    words = SearchKorean({}).split("순환신경망은 LSTM이다")
    assert {"순환신경망은", "LSTM이다", "신경", "경망", "망", "순", "이다"} <= set(words)
    assert "망은 L" not in words and "은이" not in words


def test_headings_leave_code_out():
    text = "# One\n\n```python\n# not a heading\n```\n\n## Two $x$ ##\n\ntext # no\n\n~~~\n## no\n~~~\n### Three\n"
    assert headings(text) == [(1, "One"), (2, "Two $x$"), (3, "Three")]


def test_slugs_are_readable_and_unique():
    assert slugs(["Why gradients vanish", "Why gradients vanish!", "∂h", r"The loss $\mathcal{L}$"]) == [
        "why-gradients-vanish", "why-gradients-vanish-2", "h", "the-loss-l"]


# --- running notebooks ---

@pytest.fixture
def notebook(tmp_path) -> Path:
    """A notebook that leaves a mark each time it is run."""
    path = tmp_path / "ko/rnn/marks.ipynb"
    path.parent.mkdir(parents=True)
    code = "with open('marks', 'a') as file:\n    file.write('x')\nprint('ran')"
    nbformat.write(new_notebook(cells=[new_code_cell(code, id="mark"), new_markdown_cell("# Text", id="text")]), path)
    return path


def marks(notebook: Path) -> int:
    return len((notebook.parent / "marks").read_text())


def test_a_notebook_is_run_again_only_when_its_code_or_the_library_changed(notebook, tmp_path):
    def run(library: str) -> nbformat.NotebookNode:
        return execute([notebook], tmp_path / "cache", library, report=lambda line: None)[notebook]

    first = run("library 1")
    assert first.cells[0].outputs[0].text == "ran\n" and marks(notebook) == 1
    changed = nbformat.read(notebook, as_version=4)
    changed.cells[1].source = "# New text"
    changed.cells[0].metadata["mystnb"] = {"image": {"alt": "new"}}
    nbformat.write(changed, notebook)
    again = run("library 1")
    assert marks(notebook) == 1
    assert again.cells[1].source == "# New text" and again.cells[0].metadata.mystnb.image.alt == "new"
    assert again.cells[0].outputs == first.cells[0].outputs
    run("library 2")
    assert marks(notebook) == 2
    changed.cells[0].source += "  # changed"
    nbformat.write(changed, notebook)
    run("library 2")
    assert marks(notebook) == 3
    assert len(list((tmp_path / "cache").iterdir())) == 1, "outputs of former versions are dropped"


def test_a_failing_cell_is_named(notebook, tmp_path):
    broken = nbformat.read(notebook, as_version=4)
    broken.cells.append(new_code_cell("raise RuntimeError('this cell is broken')", id="broken-cell"))
    nbformat.write(broken, notebook)
    with pytest.raises(CellError, match=r"(?s)marks\.ipynb: cell broken-cell failed.*this cell is broken"):
        execute([notebook], tmp_path / "cache", "library", report=lambda line: None)
    assert not list((tmp_path / "cache").glob("*.ipynb"))


def test_the_cache_key_knows_what_notebooks_import(tmp_path, monkeypatch):
    library = tmp_path / "seqbook"
    names = ("widgets/js/unfolding/widget.js", "scratch/rnn.py", "widgets/static/unfolding.js")
    for name in names:
        (library / name).parent.mkdir(parents=True, exist_ok=True)
        (library / name).write_text("first")
    monkeypatch.setattr(book_module, "LIBRARY", library)
    seen = [library_digest()]
    for name in names:
        (library / name).write_text("second")
        seen.append(library_digest())
    assert seen[0] == seen[1] and len(set(seen)) == 3
    empty = new_notebook(cells=[new_code_cell("1", id="one")])
    assert key(empty, seen[0]) != key(empty, seen[2])


def test_the_cache_key_is_the_same_where_python_finds_a_package_twice(tmp_path, monkeypatch):
    once = library_digest()
    monkeypatch.syspath_prepend(str(Path(nbformat.__file__).parents[1]))
    assert library_digest() == once
    (tmp_path / "other-1.0.dist-info").mkdir()
    (tmp_path / "other-1.0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert library_digest() != once


# --- what a page shows ---

def figure(**metadata) -> nbformat.NotebookNode:
    output = new_output("display_data", data={"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"})
    return new_notebook(cells=[new_code_cell("plot()", id="figure", outputs=[output], metadata=metadata)])


def test_a_figure_needs_a_text(tmp_path):
    prepare(figure(mystnb={"image": {"alt": "Two curves"}}), "page", tmp_path)
    with pytest.raises(PageError, match="page, cell figure shows a figure without alt text"):
        prepare(figure(), "page", tmp_path)


def test_messages_on_stderr_are_refused_and_progress_bars_left_out(tmp_path):
    def page(text: str) -> nbformat.NotebookNode:
        return new_notebook(cells=[new_code_cell("fit()", id="fit", outputs=[
            new_output("stream", name="stderr", text=text), new_output("stream", name="stdout", text="loss 0.1\n")])])

    bar = "\r 50%|█████     | 5/10 [00:01<00:01]\r100%|██████████| 10/10 [00:02<00:00]\n"
    assert [output.text for output in prepare(page(bar), "page", tmp_path).cells[0].outputs] == ["loss 0.1\n"]
    with pytest.raises(PageError, match="(?s)cell fit writes to stderr.*glyph"):
        prepare(page(bar + "UserWarning: a glyph is missing\n"), "page", tmp_path)


def widgets(*traits: dict) -> nbformat.NotebookNode:
    state = {f"model-{i}": {"model_name": "AnyModel", "state": trait} for i, trait in enumerate(traits)}
    cells = [new_code_cell("show()", id=f"cell-{i}", outputs=[
        new_output("display_data", data={VIEW: {"model_id": model}})]) for i, model in enumerate(state)]
    return new_notebook(cells=cells, metadata={"widgets": {STATE: {"state": state}}})


def test_widgets_share_one_copy_of_their_code(tmp_path):
    traits = {"_esm": "export default {}", "_css": ".a {}", "_anywidget_id": "seqbook.widgets.unfolding.Unfolding",
              "_view_name": "AnyView", "layout": "IPY_MODEL_x", "steps": 4}
    page = prepare(widgets(traits, {**traits, "steps": 9}), "page", tmp_path / "assets")
    state = page.metadata["widgets"][STATE]["state"]
    assert [model["state"] for model in state.values()] == [{"steps": 4}, {"steps": 9}]
    assert {model["module"] for model in state.values()} == {path.name for path in (tmp_path / "assets").glob("*.js")}
    assert len(list((tmp_path / "assets").iterdir())) == 2


def test_a_widget_that_needs_a_kernel_is_refused(tmp_path):
    with pytest.raises(PageError, match="cell cell-0 shows a widget that is not an anywidget"):
        prepare(widgets({"value": 3}), "page", tmp_path)


@pytest.mark.parametrize("tags", [["hide-input", "solution"], ["hide-cell"]])
def test_a_folded_cell_is_labelled_by_its_title(tags, tmp_path):
    cell = new_code_cell("# @title 풀이\nx = 1", id="solution", metadata={"tags": tags})
    shown = prepare(new_notebook(cells=[copy.deepcopy(cell)]), "page", tmp_path).cells[0]
    assert shown.source == "x = 1" and shown.metadata.mystnb["code_prompt_show"] == "풀이"


# --- a tiny book, whole ---

@pytest.fixture
def tiny(tmp_path) -> Path:
    shutil.copy(ROOT / "_config.yml", tmp_path)
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\nchapters:\n  - file: one\n")
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    for language, title in (("ko", "둘째 그림"), ("en", "The second figure")):
        folder = tmp_path / "chapters" / language
        folder.mkdir(parents=True)
        anchor = title.lower().replace(" ", "-")
        (folder / "index.md").write_text(f"# Index\n\n[one](one.ipynb), [its figure](one.ipynb#{anchor})\n")
        cells = [new_markdown_cell(f"# One\n\n[below](#{anchor})\n\n## {title}", id="title"),
                 new_code_cell('REPOSITORY = "https://github.com/someone/else"', id="setup")]
        nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "3"}}),
                       folder / "one.ipynb")
    return tmp_path


def build(folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "press.build", "--root", str(folder)],
                          capture_output=True, text=True, cwd=folder)


def test_a_tiny_book_builds_and_an_error_keeps_the_last_good_site(tiny):
    result = build(tiny)
    assert result.returncode == 0, result.stderr
    assert " s (notebooks " in result.stdout
    html = tiny / "_build/html"
    assert {path.relative_to(html).as_posix() for path in html.rglob("*.html")} == {
        "index.html", "404.html",
        *(f"{language}/{page}.html" for language in ("ko", "en") for page in ("index", "one", "search"))}
    assert dead_addresses(html) == []
    for language in ("ko", "en"):  # a section has one anchor in all languages, and links in any language find it
        assert 'href="one.html#the-second-figure"' in (html / language / "index.html").read_text("utf-8")
    before = (html / "ko/one.html").read_bytes()

    page = tiny / "chapters/ko/index.md"
    page.write_text("# Index\n\n[nowhere](missing.ipynb)\n")
    result = build(tiny)
    assert result.returncode == 1 and "missing.ipynb" in result.stderr and "ko" in result.stderr

    page.write_text("# Index\n")
    path = tiny / "chapters/en/one.ipynb"
    broken = nbformat.read(path, as_version=4)
    broken.cells.append(new_code_cell("1 / 0", id="broken-cell"))
    nbformat.write(broken, path)
    result = build(tiny)
    assert result.returncode == 1
    assert "cell broken-cell failed" in result.stderr and "ZeroDivisionError" in result.stderr
    assert (html / "ko/one.html").read_bytes() == before


def test_a_kernel_that_never_starts_ends_the_build_in_one_sentence(tiny, tmp_path, monkeypatch):
    replace_kernel(tmp_path / "jupyter", monkeypatch, deaths=99)
    result = build(tiny)
    assert result.returncode == 1
    assert re.fullmatch(r"The site was not built\. \S+one\.ipynb: its kernel could not be started in 3 tries \(.*\)\n",
                        result.stderr), result.stderr


def test_a_page_that_is_missing_in_one_language_is_named(tiny):
    (tiny / "chapters/en/one.ipynb").unlink()
    result = build(tiny)
    assert result.returncode == 1 and "chapters/en has no one.ipynb" in result.stderr


def test_notebooks_that_are_not_as_their_sources_say_are_not_built(tiny):
    (tiny / "chapters/net").mkdir()
    (tiny / "_toc.yml").write_text("format: jb-book\nroot: index\n"
                                   "parts: [{caption: Nets, chapters: [{file: net/one}]}]\n")
    source = tiny / "chapters/net/one.md"
    source.write_text("---\npart: Nets\ntitle: {ko: 하나, en: One}\nsummary: {ko: 말, en: words}\n---\n"
                      "<!-- ko -->\n말\n<!-- en -->\nwords\n", encoding="utf-8")
    result = build(tiny)
    assert result.returncode == 1 and result.stderr.startswith(
        "The site was not built. Not as their sources say: chapters/ko/net/one.ipynb, chapters/en/net/one.ipynb. Run:")
    source.write_text("no head")
    assert "chapters/net/one.md:1: a source must start with its head" in build(tiny).stderr


def test_a_folder_without_a_book_is_told_in_one_sentence(tmp_path):
    result = build(tmp_path)
    assert result.returncode == 1 and "has no _config.yml" in result.stderr and "Traceback" not in result.stderr


# --- serving ---

def serve(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "press.serve", *arguments], capture_output=True, text=True)


def test_an_occupied_port_is_one_clear_sentence(tmp_path):
    (tmp_path / "index.html").touch()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = serve("--folder", str(tmp_path), "--port", str(port))
    assert result.returncode == 1
    assert result.stderr.startswith(f"Port {port} cannot be used") and result.stderr.count("\n") == 1


def test_an_impossible_port_and_a_missing_site_are_clear_sentences(tmp_path):
    assert "--port must be between 0 and 65535, got 99999" in serve("--port", "99999").stderr
    result = serve("--folder", str(tmp_path))
    assert "There is no site" in result.stderr and result.stderr.count("\n") == 1


# --- the reference ---

def test_reference_gives_every_public_name_its_signature_and_docstring():
    import seqbook.scratch

    page = reference.page("seqbook.scratch", None, "en")
    titles = [title for _, title in headings(page) if title != "seqbook.scratch"]
    assert sorted(titles) == sorted(seqbook.scratch.__all__)
    assert "RNN(input_size, hidden_size, *, rng, dtype=float32, nonlinearity='tanh')" in page
    assert "RNN.backward(" in page and "forward(self" not in page


def test_docstrings_stay_as_they_are_written():
    assert reference.markdown("`a_b` is 2*x_1 <y>") == r"`a_b` is 2\*x\_1 \<y\>"
    assert reference.markdown("One\n---\n\n>>> f(1)\n2") == "One\n\\---\n\n```python\n>>> f(1)\n2\n```"
