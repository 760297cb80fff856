"""Edit a chapter's Korean and English notebooks side by side, as one text.

    python -m press.bilingual unpack rnn/bptt > bptt.txt
    python -m press.bilingual pack   rnn/bptt < bptt.txt

The notebooks are the source; the text is a view of both, made for an editor and not kept. `pack` is the inverse of
`unpack`, so packing an untouched view changes nothing. The format:

    %% markdown question                    a cell: its kind, its id and any tags
    %%% ko                                  the Korean source
    ...
    %%% en {"mystnb": {"image": {"alt": "..."}}}
    ...                                     the English source; metadata may follow the language as JSON
    %% code step-code hide-input
    %%% both                                the same code; where a label or comment differs: ⟦한국어|English⟧
    ax.set_title("⟦은닉 상태|hidden state⟧")
"""

import json
import re
import sys
from pathlib import Path

import nbformat

LANGUAGES = ("ko", "en")
CHAPTERS = Path("chapters")
CHOICE = re.compile(r"⟦([^⟦⟧|]*)\|([^⟦⟧|]*)⟧")


def notebook_path(chapter: str, language: str) -> Path:
    """The notebook of `chapter` ("rnn/bptt") in `language` ("ko" or "en")."""
    return CHAPTERS / language / f"{chapter}.ipynb"


def merge(korean: str, english: str) -> str | None:
    """One text with ⟦ko|en⟧ where the two differ, or None where they cannot be laid side by side line by line."""
    ours, theirs = korean.split("\n"), english.split("\n")
    if len(ours) != len(theirs):
        return None
    lines = []
    for a, b in zip(ours, theirs):
        if a == b:
            lines.append(a)
            continue
        start = next((i for i, (p, q) in enumerate(zip(a, b)) if p != q), min(len(a), len(b)))
        limit = min(len(a), len(b)) - start
        end = next((i for i in range(limit) if a[-1 - i] != b[-1 - i]), limit)
        lines.append(f"{a[:start]}⟦{a[start:len(a) - end]}|{b[start:len(b) - end]}⟧{a[len(a) - end:]}")
    merged = "\n".join(lines)
    return merged if split(merged) == (korean, english) else None  # the texts themselves may hold ⟦, | or ⟧


def split(text: str) -> tuple[str, str]:
    """The inverse of `merge`: the Korean and the English text."""
    return CHOICE.sub(r"\1", text), CHOICE.sub(r"\2", text)


def unpack(notebooks: dict[str, nbformat.NotebookNode]) -> str:
    """Both notebooks as one text. The notebooks must have the same cells in the same order."""
    ids = {language: [cell.id for cell in notebook.cells] for language, notebook in notebooks.items()}
    if ids["ko"] != ids["en"]:
        raise ValueError(f"the two notebooks must have the same cell ids in the same order, got {ids}")
    out = []
    for korean, english in zip(*(notebooks[language].cells for language in LANGUAGES)):
        for source in (korean.source, english.source):
            if re.search("^%%%? ", source, flags=re.M) or source.strip("\n") != source or not source:
                raise ValueError(f"cell {korean.id}: a source must not be empty, start or end with an empty line, or "
                                 f"hold a line that starts with '%% ' or '%%% ', got {source!r}")
        tags = korean.metadata.get("tags", [])
        out.append(" ".join(["%%", korean.cell_type, korean.id, *tags]))
        extra = {language: {key: value for key, value in cell.metadata.items() if key != "tags"}
                 for language, cell in zip(LANGUAGES, (korean, english))}
        both = merge(korean.source, english.source) if korean.cell_type == "code" else None
        if both is not None and extra["ko"] == extra["en"]:
            out += [_header("both", extra["ko"]), both]
        elif both is not None:
            out += [_header("ko", extra["ko"]), _header("en", extra["en"]), "%%% both", both]
        else:
            out += [_header("ko", extra["ko"]), korean.source, _header("en", extra["en"]), english.source]
    return "\n".join(out) + "\n"


def _header(language: str, metadata: dict) -> str:
    return f"%%% {language}" + (f" {json.dumps(metadata, ensure_ascii=False)}" if metadata else "")


def pack(text: str) -> dict[str, nbformat.NotebookNode]:
    """The two notebooks of a bilingual text, in nbformat 4.5 and without outputs."""
    notebooks = {}
    for language in LANGUAGES:
        notebooks[language] = nbformat.v4.new_notebook(metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "colab": {"provenance": [], "toc_visible": True},
        })
    for block in re.split(r"^%% ", text, flags=re.M)[1:]:
        head, *rest = block.split("\n")
        kind, cell_id, *tags = head.split()
        if kind not in ("markdown", "code"):
            raise ValueError(f"a cell must be 'markdown' or 'code', got {kind!r} in '%% {head}'")
        make = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
        sources, metadata = _parts("\n".join(rest), cell_id)
        for language in LANGUAGES:
            extra = {"tags": tags, **metadata[language]} if tags else metadata[language]
            notebooks[language].cells.append(make(sources[language], id=cell_id, metadata=extra))
    return notebooks


def _parts(body: str, cell_id: str) -> tuple[dict[str, str], dict[str, dict]]:
    sources, metadata = {}, {language: {} for language in LANGUAGES}
    for part in re.split(r"^%%% ", body, flags=re.M)[1:]:
        head, _, source = part.partition("\n")
        language, _, extra = head.partition(" ")
        if language not in (*LANGUAGES, "both"):
            raise ValueError(f"cell {cell_id}: wanted '%%% ko', '%%% en' or '%%% both', got '%%% {head}'")
        source = source.strip("\n")
        texts = dict(zip(LANGUAGES, split(source))) if language == "both" else {language: source}
        for name, text in texts.items():
            sources[name] = text or sources.get(name, "")
            metadata[name] = {**metadata[name], **(json.loads(extra) if extra else {})}
    if missing := [language for language in LANGUAGES if not sources.get(language)]:
        raise ValueError(f"cell {cell_id}: no source for {', '.join(missing)}")
    return sources, metadata


def write(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write a notebook the one way the book stores them (sorted keys, one-space indent, final newline)."""
    nbformat.validate(notebook)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(notebook, version=4).rstrip("\n") + "\n", encoding="utf-8")


def main(arguments: list[str]) -> None:
    match arguments:
        case ["unpack", chapter]:
            notebooks = {language: nbformat.read(notebook_path(chapter, language), as_version=4)
                         for language in LANGUAGES}
            sys.stdout.write(unpack(notebooks))
        case ["pack", chapter]:
            for language, notebook in pack(sys.stdin.read()).items():
                write(notebook, notebook_path(chapter, language))
        case _:
            sys.exit("usage: python -m press.bilingual unpack|pack CHAPTER   (for example rnn/bptt)")


if __name__ == "__main__":
    main(sys.argv[1:])
