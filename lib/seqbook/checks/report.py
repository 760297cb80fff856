"""What `check` hands back, and how it looks in a notebook and in a terminal."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from seqbook.checks.messages import say

_COLOURS = {"passed": "#2a9d5c", "stub": "#8a8f98", "failed": "#d9730d"}  # seen on white and on black
_MARKS = {"passed": "✓", "stub": "…", "failed": "✗"}


@dataclass(eq=False, repr=False)
class Report:
    """The verdict on an answer.

    reason: "passed", "stub", "mistake", "value", "shape", "dtype", "not_finite", "form" (of what came back),
        "mutated", "unstable", "exception", "timed_out", "wrong_signature" or "not_callable".
    mistakes: names of the mistakes found; `mistake` is the first, or None. "seen_…" is what was measured
        where no mistake that is known explains the answer.
    message, details: what was said, in the language `lang`; `code` is the student's own line it is about.
    where: of a mistake, the second step after the message: where to look. It is the first of the details, and on a
        page it opens on a click.
    inputs, got, expected: the first input that went wrong, and both answers to it, by name.
    A report is true where the answer passed.
    """

    exercise: str
    reason: str
    message: str
    lang: str
    details: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()
    where: str = ""
    line: str = ""
    code: str = ""
    printed: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    got: Mapping[str, Any] = field(default_factory=dict)
    expected: Mapping[str, Any] = field(default_factory=dict)
    _shown_in: int | None = field(default=None, init=False)

    @property
    def passed(self) -> bool:
        return self.reason == "passed"

    @property
    def mistake(self) -> str | None:
        return self.mistakes[0] if self.mistakes else None

    def __bool__(self) -> bool:
        return self.passed

    @property
    def _state(self) -> str:
        return self.reason if self.reason in ("passed", "stub") else "failed"

    @property
    def heading(self) -> str:
        return say(self.lang, self._state)

    def __repr__(self) -> str:
        return f"<Report {self.exercise}: {self.mistake or self.reason}>"

    def __str__(self) -> str:
        lines = [f"{_MARKS[self._state]} {self.exercise} · {self.heading}", self.message]
        if self.code:
            lines += [self.line, f"    {self.code}"]
        lines += [f"- {detail}" for detail in self.details]
        if self.printed:
            lines += [say(self.lang, "printed"), *(f"  | {line}" for line in self.printed.splitlines())]
        return "\n".join(lines)

    @property
    def steps(self) -> dict:
        """The report for a live page: `text` is told at once, the `hints` one at a time, where a reader asks."""
        hints, told = [], list(self.details)
        lines = [f"{_MARKS[self._state]} {self.exercise} · {self.heading}"]
        if self.reason == "mistake":
            more = say(self.lang, "mistakes_more", hint="").strip()
            first = told[bool(self.where):]
            hints = [self.message, *told[:bool(self.where)], *(each for each in first if each.startswith(more))]
            told = [each for each in first if not each.startswith(more)]
        else:
            lines.append(self.message)
        if self.code:
            lines += [self.line, f"    {self.code}"]
        lines += [f"- {each}" for each in told]
        if self.printed:
            lines += [say(self.lang, "printed"), *(f"  | {line}" for line in self.printed.splitlines())]
        return {"id": self.exercise, "passed": self.passed, "text": "\n".join(map(_visible, lines)),
                "hints": [_visible(hint) for hint in hints]}

    def _repr_html_(self) -> str:
        """No colour of text or ground is set, so that every page's own light and dark shine through."""
        parts = [f'<p style="margin:0"><strong><span aria-hidden="true">{_MARKS[self._state]}</span> '
                 f"{_text(self.heading)}</strong> · <code>{_text(self.exercise)}</code></p>",
                 f'<p style="margin:.3em 0 0">{_prose(self.message)}</p>']
        if self.code:
            parts.append(_block(self.line, self.code))
        if self.where:
            parts.append(f'<details style="margin:.3em 0 0"><summary>{_text(say(self.lang, "where"))}</summary>'
                         f"{_prose(self.where)}</details>")
        if details := self.details[bool(self.where):]:
            items = "".join(f"<li>{_prose(detail)}</li>" for detail in details)
            parts.append(f'<ul style="margin:.3em 0 0;padding-left:1.3em">{items}</ul>')
        if self.printed:
            parts.append(_block(say(self.lang, "printed"), self.printed))
        return (f'<div class="seqbook-report" lang="{self.lang}" style="border-left:4px solid {_COLOURS[self._state]};'
                f'padding:.3em .8em;line-height:1.5;overflow-wrap:anywhere">{"".join(parts)}</div>')

    def _ipython_display_(self) -> None:
        """Show the report, once in a cell: `check` has done so before the cell's value is displayed."""
        from IPython import get_ipython
        from IPython.display import display

        cell = get_ipython().execution_count
        if self._shown_in != cell:
            self._shown_in = cell
            display({"text/plain": str(self), "text/html": self._repr_html_()}, raw=True,
                    metadata={"seqbook": self.steps})


def _text(text: str) -> str:
    return html.escape(_visible(text))


def _prose(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", _text(text))


def _block(caption: str, code: str) -> str:
    return (f'<p style="margin:.3em 0 0">{_text(caption)}</p><pre tabindex="0" style="margin:.2em 0 0;'
            f"padding:.3em .6em;background:rgba(127,127,127,.15);color:inherit;white-space:pre-wrap;max-height:16em;"
            f'overflow:auto">{_text(code)}</pre>')


def _visible(text: str) -> str:
    """Lone surrogates and control characters, which neither a page nor a terminal can take, as escapes."""
    return "".join(c if c in "\n\t" or c.isprintable() else c.encode("unicode_escape").decode() for c in text)
