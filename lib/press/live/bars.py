"""How a page shows that its cells run: an element around each, with its buttons and its state."""

from html import escape

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from press.live.cells import announced

class LiveCells(SphinxPostTransform):
    """Wrap every code cell for the page's scripts, with its buttons; a reader without scripts does not see these."""

    default_priority = 800    # after cells are folded
    formats = ("html",)

    def run(self, **kwargs) -> None:
        from press.extension import INTERFACE

        words = INTERFACE[self.config.language]["live"]
        colab = self.config.seqbook_notebooks.get(self.env.docname, {}).get("colab", "")
        for node in list(self.document.findall(nodes.container)):
            live = node.get("cell_metadata", {}).get("live") if node.get("nb_element") == "cell_code" else None
            if live is None:
                continue
            bar = live_bar(live, words) if live["kind"] == "live" else torch_bar(words, colab)
            folded = next((child for child in node.children if not isinstance(child, nodes.container)), None)
            source, = (each for each in node.findall(nodes.container) if each.get("nb_element") == "cell_code_source")
            if folded is None:
                source += nodes.raw("", bar, format="html")
            else:
                node.insert(node.index(folded) + 1, nodes.raw("", bar, format="html"))
            for output in node.findall(nodes.container):
                if output.get("nb_element") == "cell_code_output" and live["kind"] == "live":
                    output["classes"].append("live-output")
            if live.get("numbers"):
                node += nodes.raw("", numbers_bar(words), format="html")
            node.parent.replace(node, [nodes.raw("", opening(live), format="html"), node,
                                       nodes.raw("", "</div>\n", format="html")])


def opening(live: dict) -> str:
    """The element around a cell."""
    data = {"kind": live["kind"]}
    if live["kind"] == "live":
        data = {"cell": live["id"], "state": "idle", **data, "needs": " ".join(live["needs"]),
                **{key: live[key] for key in ("part", "exercise", "seconds") if key in live}}
    written = "".join(f' data-{key}="{escape(str(value))}"' for key, value in data.items() if value != "")
    return f'<div class="live-cell" id="cell-{escape(live["id"])}"{written}>\n'


def live_bar(live: dict, words: dict) -> str:
    """A live cell's buttons and its state."""
    buttons = [("run", words["run"], "Shift+Enter")]
    if live.get("part") == "stub":
        buttons.append(("check", words["check"], words["check_what"]))
    buttons.append(("edit", words["edit"], words["edit_what"]))
    parts = [f'<button type="button" data-action="{action}" title="{escape(what)}">{escape(word)}</button>'
             for action, word, what in buttons]
    parts.append(f'<span class="live-state" role="status">{escape(words["idle"])}</span>')
    if (seconds := announced(live.get("seconds", 0))) is not None:
        parts.append(f'<span class="live-about">{escape(words["about"].format(seconds=seconds))}</span>')
    return f'<div class="live-bar">{"".join(parts)}</div>\n'


def torch_bar(words: dict, colab: str) -> str:
    return (f'<p class="live-torch">{escape(words["torch"])} '
            f'<a href="{escape(colab)}">{escape(words["in_colab"])}</a></p>\n')


def numbers_bar(words: dict) -> str:
    return (f'<div class="live-numbers"><button type="button" data-action="numbers">{escape(words["numbers"])}</button>'
            f'<span class="live-said" role="status"></span></div>\n')
