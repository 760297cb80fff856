"""The page of all exercises; `live.js` adds what the reader's browser keeps: those passed, and the code edited."""

from html import escape
from pathlib import Path


def page(book, language: str) -> str:
    """The Markdown of the page in `language`: every chapter with its exercises."""
    from press.extension import INTERFACE

    words = INTERFACE[language]["live"]
    said = {key: escape(words[key]) for key in words}
    chapters = "\n".join(_chapter(language, name, path) for name, path in book.notebooks(language).items())
    buttons = "".join(f'<button type="button" data-action="{name}">{said[f"progress_{name}"]}</button>'
                      for name in ("export", "import", "forget"))
    return f"""# {words["progress"]}

{words["progress_lead"]}

<div>
<noscript><p>{said["progress_no_script"]}</p></noscript>
</div>
<div id="kept">
<div class="progress-buttons" hidden>{buttons}</div>
<p class="progress-said" role="status"></p>
{chapters}
</div>
"""


def _chapter(language: str, name: str, path: Path) -> str:
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    title = next(cell.source for cell in notebook.cells if cell.cell_type == "markdown").partition("\n")[0].lstrip("# ")
    items = "\n".join(f'<li data-exercise="{escape(exercise)}"><a href="../{name}.html#cell-{cell}">{escape(what)}</a> '
                      f'<span class="progress-state"></span></li>'
                      for cell, exercise, what in exercises(notebook))
    heading = f'<h2><a href="../{name}.html">{escape(title)}</a></h2>\n<p class="progress-count"></p>'
    listed = f"<ul>\n{items}\n</ul>\n" if items else ""
    hidden = "" if items else " hidden"    # until something in it is edited
    return f'<section class="progress-chapter" data-page="{language}/{name}"{hidden}>{heading}\n{listed}</section>'


def exercises(notebook) -> list[tuple[str, str, str]]:
    """(cell, exercise, the heading above it) of the exercises of a chapter."""
    from press.live.cells import CHECK, PARTS

    checks = {part[1]: check[1] for cell in notebook.cells if cell.cell_type == "code"
              and (part := PARTS.fullmatch(cell.id)) and part[2] == "check" and (check := CHECK.search(cell.source))}
    found, heading = [], ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            titles = [line.lstrip("#").strip() for line in cell.source.splitlines() if line.startswith("#")]
            heading = titles[-1] if titles else heading
        elif (part := PARTS.fullmatch(cell.id)) and part[2] == "stub" and part[1] in checks:
            found.append((cell.id, checks[part[1]], heading))
    return found
