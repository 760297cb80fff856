"""The bilingual view loses nothing: packing what was unpacked gives the same two notebooks."""

import json
from pathlib import Path

import nbformat
import pytest

from seqbook.language import LANGUAGES
from press import bilingual
from press.notebooks import chapters_of

CHAPTERS = Path(__file__).parents[1] / "chapters"


def stored(notebook) -> dict:
    return json.loads(nbformat.writes(notebook, version=4))


def pair(korean: list, english: list) -> dict:
    """Two notebooks from lists of (kind, id, source, metadata)."""
    notebooks = bilingual.pack("")
    for language, cells in zip(LANGUAGES, (korean, english)):
        for kind, cell_id, source, metadata in cells:
            make = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
            notebooks[language].cells.append(make(source, id=cell_id, metadata=metadata))
    return notebooks


@pytest.mark.parametrize("chapter", chapters_of(CHAPTERS))
def test_every_chapter_survives_the_view_to_the_byte(chapter, tmp_path):
    paths = {language: CHAPTERS / language / f"{chapter}.ipynb" for language in LANGUAGES}
    again = bilingual.pack(bilingual.unpack({name: nbformat.read(path, as_version=4) for name, path in paths.items()}))
    for language, path in paths.items():
        bilingual.write(again[language], tmp_path / "again.ipynb")
        assert (tmp_path / "again.ipynb").read_text(encoding="utf-8") == path.read_text(encoding="utf-8")


CASES = {
    "the same code": ("x = 1\ny = 2", "x = 1\ny = 2"),
    "a label": ('print("은닉 상태")', 'print("hidden state")'),
    "labels with a common start and end": ('f("가나다")', 'f("가마다")'),
    "one label is the start of the other": ('f("aa")', 'f("aaaa")'),
    "an empty label": ('f("")', 'f("x")'),
    "a comment on one side only": ("x = 1  # 하나", "x = 1"),
    "two differences in a line": ('f("가", 1, "나")', 'f("a", 1, "b")'),
    "a different number of lines": ("x = 1\n# 가\n# 나", "x = 1\n# a and b"),
    "a bar in a label": ('f("가|나")', 'f("a|b")'),
    "a bar in code": ('x = a | b  # 합', 'x = a | b  # union'),
    "brackets of the view in both": ('f("⟦가|a⟧")', 'f("⟦가|a⟧")'),
    "brackets of the view in one": ('f("⟦가⟧")', 'f("a")'),
    "cell magic": ("%%time\nx = 1  # 가", "%%time\nx = 1  # a"),
    "blank lines inside": ("x = 1\n\n\ny = 2  # 둘", "x = 1\n\n\ny = 2  # two"),
    "indentation at the start": ("    x = 1", "    x = 1"),
}


@pytest.mark.parametrize("kind", ["code", "markdown"])
@pytest.mark.parametrize("korean, english", CASES.values(), ids=CASES)
def test_sources_survive_the_view(korean, english, kind):
    notebooks = pair([(kind, "one", korean, {})], [(kind, "one", english, {})])
    assert {name: stored(each) for name, each in bilingual.pack(bilingual.unpack(notebooks)).items()} == {
        name: stored(each) for name, each in notebooks.items()}


@pytest.mark.parametrize("ours, theirs", [
    ({}, {}), ({"tags": ["a", "b"]}, {"tags": ["a", "b"]}),
    ({"tags": ["a"], "cellView": "form", "jupyter": {"source_hidden": True}},) * 2,
    ({"mystnb": {"image": {"alt": "그림"}}}, {"mystnb": {"image": {"alt": 'a "picture"'}}}),
    ({"mystnb": {"image": {"alt": "줄\n바꿈"}}}, {}),
])
@pytest.mark.parametrize("korean, english", [("x = 1", "x = 1"), ("# 가\nx", "x")])
def test_metadata_survives_the_view(ours, theirs, korean, english):
    notebooks = pair([("code", "one", korean, ours)], [("code", "one", english, theirs)])
    again = bilingual.pack(bilingual.unpack(notebooks))
    for language, notebook in notebooks.items():
        assert stored(again[language]) == stored(notebook)


@pytest.mark.parametrize("korean, english", CASES.values(), ids=CASES)
def test_merging_can_be_undone_or_is_refused(korean, english):
    merged = bilingual.merge(korean, english)
    assert merged is None or bilingual.split(merged) == (korean, english)


def test_labels_are_laid_side_by_side():
    assert bilingual.merge('f("가나", 1)', 'f("ab", 1)') == 'f("⟦가나|ab⟧", 1)'


def test_different_cells_are_refused():
    with pytest.raises(ValueError, match="the same cell ids in the same order"):
        bilingual.unpack(pair([("code", "one", "1", {})], [("code", "two", "1", {})]))


@pytest.mark.parametrize("source", ["", "\nx", "x\n", "x\n%% markdown y", "%%% ko"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_view_would_lose_is_refused(source, language):
    sources = {"ko": "x", "en": "x"} | {language: source}
    with pytest.raises(ValueError, match="cell one: a source must not be empty, start or end with an empty line"):
        bilingual.unpack(pair(*([("code", "one", sources[name], {})] for name in LANGUAGES)))


@pytest.mark.parametrize("text, message", [
    ("%% raw one\n%%% both\nx\n", "a cell must be 'markdown' or 'code', got 'raw'"),
    ("%% code one\n%%% fr\nx\n", "cell one: wanted '%%% ko', '%%% en' or '%%% both'"),
    ("%% markdown one\n%%% ko\n말\n", "cell one: no source for en"),
    ("%% code one\n%%% both\n\n", "cell one: no source for ko, en"),
])
def test_a_broken_view_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        bilingual.pack(text)


def test_the_command_writes_both_notebooks(tmp_path, monkeypatch, capsys):
    (tmp_path / "view.txt").write_text("%% markdown title\n%%% ko\n# 제목\n%%% en\n# Title\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with open("view.txt", encoding="utf-8") as view:
        monkeypatch.setattr("sys.stdin", view)
        bilingual.main(["pack", "start/x"])
    bilingual.main(["unpack", "start/x"])
    assert capsys.readouterr().out == (tmp_path / "view.txt").read_text(encoding="utf-8")
    with pytest.raises(SystemExit, match="usage"):
        bilingual.main([])
