"""Build the website of both languages: `python -m press.build`.

Runs the notebooks (in parallel, with a cache that knows the library's content), lays the pages of each language out in
`_build/stage/LANGUAGE`, builds them with Jupyter Book's configuration into `_build/html/LANGUAGE`, and adds the front
page that offers both, a page for missing ones, and Python for the live pages (`_live`). Notebooks that are not as their
sources say, a failing cell or any warning fail the build and leave the last good site as it was.
"""

import argparse
import json
import shutil
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import nbformat
import yaml

from press import fonts, frontpage, live, mathematics
from press.book import GENERATED, Book, library_digest
from press.execute import CellError, execute
from press.finish import finish
from press.kernels import KernelError
from press.live.scripts import BundleError, bundle_scripts
from press.live.runtime import RuntimeMissing
from press.manuscript import Manuscript
from press.markdown import headings, slugs
from press.mathematics import FormulaError
from press.notebooks import stale
from press.prepare import PageError, prepare, write_widgets


class BuildError(Exception):
    """The site could not be built; the message says why."""


def stage(book: Book, folder: Path, report=print) -> None:
    """Write into `folder/LANGUAGE` what Sphinx is to read: executed notebooks, Markdown, generated pages."""
    sources = {(language, page): book.source(language, page) for language in book.languages for page in book.pages}
    for (language, page), source in sources.items():
        if source is None and page not in GENERATED:
            raise BuildError(f"_toc.yml names {page}, but chapters/{language} has no {page}.ipynb or .md")
    notebooks = [source for source in sources.values() if source and source.suffix == ".ipynb"]
    executed = execute(notebooks, book.root / "_build" / "executed", library_digest(), report)
    shutil.rmtree(folder, ignore_errors=True)
    for (language, page), source in sources.items():
        target = folder / language / page
        target.parent.mkdir(parents=True, exist_ok=True)
        if source is None:
            target.with_suffix(".md").write_text(GENERATED[page](book, language), encoding="utf-8")
        elif source.suffix == ".md":
            shutil.copy(source, target.with_suffix(".md"))
        else:
            notebook = prepare(executed[source], f"chapters/{language}/{page}", folder / language / "_widgets")
            target.with_suffix(".ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    for language in book.languages:
        write_widgets(folder / language / "_widgets")


def page_headings(folder: Path, page: str) -> list[str]:
    """The headings of a staged page, from its Markdown or from its notebook's Markdown cells."""
    notebook = folder / f"{page}.ipynb"
    if notebook.is_file():
        cells = nbformat.read(notebook, as_version=4).cells
        return [title for cell in cells if cell.cell_type == "markdown" for _, title in headings(cell.source)]
    return [title for _, title in headings((folder / f"{page}.md").read_text("utf-8"))]


def sphinx_options(book: Book, language: str, folder: Path) -> dict:
    """What one language's build adds to `_config.yml`."""
    own = book.languages[language]
    notebooks = {page: {"colab": book.colab(language, page), "file": f"{page.rpartition('/')[2]}.ipynb"}
                 for page in book.pages if (folder / language / f"{page}.ipynb").is_file()}
    return {
        "language": language,
        "project": own["title"],
        "html_title": own["title"],
        "author": own["author"],
        "copyright": str(book.config["copyright"]),
        "external_toc_path": str(folder / language / "_toc.yml"),
        "nb_code_prompt_show": {"ko": "코드 보기", "en": "Show code"}[language],
        "nb_code_prompt_hide": {"ko": "코드 숨기기", "en": "Hide code"}[language],
        "seqbook_languages": book.languages,
        "seqbook_repository": book.repository,
        "seqbook_notebooks": notebooks,
        "seqbook_section_ids": {page: slugs(page_headings(folder / "en", page)) for page in book.pages},
        "latex_individualpages": False,  # Jupyter Book's function wants it said
    }


def build_language(book: Book, language: str, staged: Path, html: Path) -> None:
    """Build the staged pages of one language into the folder `html`. Raises BuildError and BundleError."""
    from jupyter_book.sphinx import build_sphinx

    from press.extension import INTERFACE

    source, output = staged / language, staged / f"{language}.build" / "html"
    captions = book.languages[language].get("captions", {})
    toc = json.loads(json.dumps(book.toc))
    for part in toc.get("parts", []):
        part["caption"] = captions.get(part["caption"], part["caption"])
    (source / "_toc.yml").write_text(yaml.safe_dump(toc, allow_unicode=True, sort_keys=False), encoding="utf-8")
    result = build_sphinx(
        source, output, noconfig=True, path_config=book.root / "_config.yml", doctreedir=output.with_name("doctrees"),
        confoverrides=sphinx_options(book, language, staged), warningiserror=True, keep_going=True, quiet=True)
    if result:
        raise BuildError(f"Sphinx found something wrong in {language} (see above)")

    static = output / "_static"
    mathematics.set_pages(output, book.root / "node_modules")
    mathematics.copy_styles(static / "katex", book.root / "node_modules")
    if (source / "_widgets").is_dir():
        shutil.copytree(source / "_widgets", static / "widgets")
    bundle_scripts(static, INTERFACE[language]["live"])
    finish(output)
    for page in book.pages:
        original = book.source(language, page)
        if original and original.suffix == ".ipynb":
            shutil.copy(original, output / f"{page}.ipynb")
    for unused in (".buildinfo", "objects.inv", "_static/basic.css", "_static/pygments.css",
                   *(path.relative_to(output) for path in static.glob("mystnb.*"))):
        (output / unused).unlink()
    front = set().union(*(page.read_text("utf-8") for page in html.parent.glob("*.html")))
    fonts.write(output, fonts.said(language), front, book.root / "node_modules", serif=language == "en")
    output.rename(html)


def build(book: Book, report=print) -> Path:
    """Build the whole site; its folder, `_build/html`. Raises BuildError, BundleError, CellError, FormulaError,
    KernelError, PageError or RuntimeMissing."""
    start = time.perf_counter()
    target = book.root / "_build"
    for package in ("katex", "pretendard", "@bjorn3/browser_wasi_shim"):
        if not (book.root / "node_modules" / package).is_dir():
            raise BuildError(f"node_modules/{package} is missing: run `make book`, or `npm ci` first")
    if old := stale(Manuscript.open(book)):
        names = ", ".join(path.relative_to(book.root).as_posix() for path in old)
        raise BuildError(f"Not as their sources say: {names}. Run: make notebooks")
    sources = book.digest()
    report("Running the notebooks")
    stage(book, target / "stage", report)
    executed = time.perf_counter()
    report(f"Building the pages ({', '.join(book.languages)})")
    fresh = target / "html.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    frontpage.write(book, fresh)
    with ProcessPoolExecutor(len(book.languages), mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(build_language, book, language, target / "stage", fresh / language)
                for language in book.languages]
        for job in jobs:
            job.result()
    live.write(fresh / "_live", target / "live", book.root / "node_modules")
    (fresh / ".nojekyll").touch()  # GitHub Pages would leave out the folders that begin with "_"
    shutil.rmtree(target / "html", ignore_errors=True)
    fresh.rename(target / "html")
    (target / "site.json").write_text(json.dumps({"sources": sources}), encoding="utf-8")
    end = time.perf_counter()
    report(f"Built {target / 'html'} in {end - start:.0f} s (notebooks {executed - start:.0f} s, "
           f"pages {end - executed:.0f} s). Show it with: make serve")
    return target / "html"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m press.build", description="Build the website.")
    parser.add_argument("--root", type=Path, default=Path("."), help="the book's folder (default: this one)")
    arguments = parser.parse_args()
    try:
        build(Book.open(arguments.root))
    except (BuildError, BundleError, CellError, FormulaError, KernelError, PageError, RuntimeMissing,
            ValueError) as error:
        sys.exit(f"The site was not built. {error}")


if __name__ == "__main__":
    main()
