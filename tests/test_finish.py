"""What is done to written pages: figures say their size, widgets' states stand beside them."""

import json
import re

import pytest

from press.finish import LARGE, finish
from press.prepare import STATE, VIEW

SVG = '<?xml version="1.0"?>\n<svg xmlns="x" width="432pt" height="216.5pt" viewBox="0 0 432 216.5"></svg>'


@pytest.fixture
def site(tmp_path):
    (tmp_path / "_images").mkdir()
    (tmp_path / "_static/widgets").mkdir(parents=True)
    (tmp_path / "rnn").mkdir()
    (tmp_path / "_images/a.svg").write_text(SVG)
    return tmp_path


def finished(site, text: str) -> str:
    (site / "rnn/page.html").write_text(text, encoding="utf-8")
    finish(site)
    return (site / "rnn/page.html").read_text("utf-8")


def test_a_figure_says_how_large_it_is_and_waits(site):
    assert finished(site, '<img alt="x" src="../_images/a.svg" />') == (
        '<img alt="x" src="../_images/a.svg" width="576" height="289" loading="lazy" decoding="async" />')


@pytest.mark.parametrize("image", ['<img alt="x" src="../_images/none.svg">', '<img alt="x" src="data:image/png,x">',
                                   '<img alt="x" width="3" src="../_images/a.svg">'])
def test_other_images_stay_as_they_are(site, image):
    assert finished(site, image) == image


OUTPUT = '<div class="output stream highlight-myst-ansi notranslate"><div class="highlight"><pre>{}</pre>'


@pytest.mark.parametrize("shown, columns", [
    ("12345\n1234567\n12\n", 7), ("&lt;&amp;&gt;\n", 3), ('<span class="-Color-Green">12</span>34\n', 4),
    ("가나다 12\n", 8),    # three of 1 em, and a letter of the fixed width has 0.6
    ("", 1)])
def test_what_a_cell_printed_says_how_wide_it_is(site, shown, columns):
    pre = f'<pre style="--columns: {columns}">'
    assert finished(site, OUTPUT.format(shown)) == OUTPUT.format(shown).replace("<pre>", pre)


def test_code_does_not_say_how_wide_it_is(site):
    code = '<div class="cell_input docutils container"><div class="highlight"><pre>12345</pre></div></div>'
    assert finished(site, code) == code


def test_finishing_twice_changes_nothing(site):
    once = finished(site, '<img alt="x" src="../_images/a.svg">' + OUTPUT.format("1"))
    finish(site)
    assert (site / "rnn/page.html").read_text("utf-8") == once


def embedded(text: str) -> dict:
    return {name: model for found in re.findall(rf'<script type="{re.escape(STATE)}">(.*?)</script>', text)
            for name, model in json.loads(found)["state"].items()}


def test_each_state_stands_before_its_first_view_and_a_large_one_in_a_file(site):
    small = {"module": "one-1.js", "style": "one-1.css", "state": {"text": "</script>", "steps": 4}}
    large = {"module": "two-2.js", "state": {"text": "가" * LARGE}}
    state = json.dumps({"state": {"b": large, "a": small}}, ensure_ascii=False).replace("</", r"<\/")
    view = lambda name: f'<script type="{VIEW}">{{"model_id": "{name}"}}</script>'
    text = finished(site, f'<title>T</title>\n<script type="{STATE}">{state}</script>\n'
                          f'<script src="../_static/widget-host.js?v=1"></script>'
                          f'<p>{view("a")}{view("b")}{view("a")}</p>')
    head, prose = text.split("<p>")
    models = embedded(prose)
    assert not embedded(head) and list(models) == ["a", "b"]
    assert models["a"] == small
    file = models["b"].pop("file")
    assert models["b"] == {"module": "two-2.js"}
    assert json.loads((site / "_static/widgets" / file).read_text("utf-8")) == large
    assert prose.index('"a": ') < prose.index(view("a")) < prose.index('"b": ') < prose.index(view("b"))
    for asked in ('rel="modulepreload" href="../_static/widgets/one-1.js"',
                  'rel="modulepreload" href="../_static/widget-model.js"',
                  'rel="preload" as="style" href="../_static/widgets/one-1.css"'):
        assert asked in head


def test_a_widget_that_is_not_shown_is_not_sent(site):
    text = finished(site, f'<title>T</title>\n<script type="{STATE}">{{"state": {{"a": {{}}}}}}</script>\n<p>text</p>')
    assert text == "<title>T</title>\n<p>text</p>"


def test_a_page_without_widgets_asks_for_none(site):
    assert finished(site, "<title>T</title>\n<p>text</p>") == "<title>T</title>\n<p>text</p>"
