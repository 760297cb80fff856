"""Code once for both languages: ⟦한국어|English⟧ wherever a label or a comment differs.

    ax.set_title("⟦은닉 상태|hidden state⟧")   →   ax.set_title("은닉 상태")   and   ax.set_title("hidden state")

A choice stands in a string or a comment, on one line. Its Korean side has Hangul, or it is ⟦ko|en⟧: so the code of the
two languages cannot differ in anything but words.
"""

import ast
import re
from functools import cache

from seqbook.language import LANGUAGES

CHOICE = re.compile(r"⟦([^⟦⟧|\n]*)\|([^⟦⟧|\n]*)⟧")
HANGUL = re.compile("[가-힣ㄱ-ㅎㅏ-ㅣ]")
LITERAL = re.compile(r"""#[^\n]*|[A-Za-z]*(?P<q>"{3}|'{3})(?:\\.|.)*?(?P=q)"""
                     r"""|[A-Za-z]*"(?:\\.|[^"\\\n])*"|[A-Za-z]*'(?:\\.|[^'\\\n])*'""", flags=re.S)
FIELD = re.compile(r"(\{(?:[^{}]|\{[^{}]*\})*\})")


def split(text: str) -> dict[str, str]:
    """The text of each language."""
    return {language: CHOICE.sub(rf"\{side}", text) for side, language in enumerate(LANGUAGES, 1)}


def faults(code: str) -> list[tuple[int, str]]:
    """(line, counted from 0, what is wrong) of every choice that could make the two languages' code differ."""
    found = []
    for number, line in enumerate(code.split("\n")):
        if re.search("[⟦⟧]", CHOICE.sub("", line)):
            found.append((number, f"wanted choices like ⟦한국어|English⟧ (on one line, with one |), got {line.strip()}"))
        for choice in CHOICE.finditer(line):
            if not HANGUL.search(choice[1]) and choice.groups() != LANGUAGES:
                found.append((number, f"the first side of a choice must have Hangul (or be ⟦ko|en⟧), got {choice[0]}"))
        if re.match(" *[%!]", line) and CHOICE.search(line):
            found.append((number, f"a line of IPython's must not have a choice, got {line.strip()}"))
    if not found and CHOICE.search(code):
        korean, english = (_skeleton(text) for text in split(code).values())
        if korean != english:
            found.append((0, "a choice must stand in a string or a comment, and show the same values on both sides"))
    return found


def parse(code: str) -> ast.Module:
    """The code as a tree; IPython's magics count as `pass`. A SyntaxError where Python cannot read it."""
    return ast.parse(re.sub(r"^( *)[%!].*$", r"\1pass", code, flags=re.M))


@cache
def _skeleton(code: str) -> str | None:
    """The code's tree without the words of its strings; None where Python cannot read it (a rule says so)."""
    try:
        return ast.dump(_Wordless().visit(parse(code)))
    except SyntaxError:
        return None


class _Wordless(ast.NodeTransformer):
    def visit_Constant(self, node):
        return ast.Constant("…") if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node):  # word order is the language's: the same values in any order
        values = sorted(ast.unparse(part) for part in node.values if isinstance(part, ast.FormattedValue))
        return ast.Constant(["…", *values] if values else "…")


def merge(korean: str, english: str) -> str:
    """One code with choices; `split` gives the two back. A ValueError says what differs besides words."""
    if korean == english:
        return korean
    ours, theirs = ([LITERAL.split(text)[::2], list(LITERAL.finditer(text))] for text in (korean, english))
    if ours[0] != theirs[0]:
        pairs = zip(korean.split("\n"), english.split("\n"))
        first = next((pair for pair in pairs if LITERAL.sub("…", pair[0]) != LITERAL.sub("…", pair[1])),
                     ("more lines", "fewer lines") if korean.count("\n") > english.count("\n") else
                     ("fewer lines", "more lines"))
        raise ValueError(f"the code differs: {first[0].strip()} in ko, {first[1].strip()} in en")
    parts = [ours[0][0]]
    for a, b, code in zip(ours[1], theirs[1], ours[0][1:], strict=True):
        parts += [_merge_literals(a[0], b[0]), code]
    merged = "".join(parts)
    if wrong := faults(merged):
        raise ValueError(f"the words cannot be laid side by side: {wrong[0][1]}")
    if split(merged) != dict(zip(LANGUAGES, (korean, english))):
        raise ValueError(f"the words cannot be laid side by side, as they hold ⟦, | or ⟧: {merged}")
    return merged


def _merge_literals(a: str, b: str) -> str:
    """Two strings or comments as one, with choices as small as the words allow."""
    if a == b:
        return a
    if a.count("\n") != b.count("\n"):
        raise ValueError(f"{a} in ko has another number of lines than {b} in en")
    return "\n".join(_merge_lines(x, y) for x, y in zip(a.split("\n"), b.split("\n")))


def _merge_lines(a: str, b: str) -> str:
    quotes = r"""(?s)([A-Za-z]*(?:"{3}|'{3}|["'])|# *)?(.*?)("{3}|'{3}|["'])?"""
    (start, ours, end), (other_start, theirs, other_end) = (re.fullmatch(quotes, text).groups("") for text in (a, b))
    if (start, end) != (other_start, other_end):
        return _choice(a, b)
    pieces, others = FIELD.split(ours), FIELD.split(theirs)
    if pieces[1::2] == others[1::2]:
        merged = "".join(_choice(x, y) for x, y in zip(pieces, others))
        if all(HANGUL.search(choice[1]) for choice in CHOICE.finditer(merged)):
            return start + merged + end
    return start + _choice(ours, theirs) + end


def _choice(a: str, b: str) -> str:
    """`a` and `b` with what they share before and after the words that differ written once."""
    if a == b or (a, b) == LANGUAGES:
        return a if a == b else f"⟦{a}|{b}⟧"
    longest = next((i for i, (p, q) in enumerate(zip(a, b)) if p != q), min(len(a), len(b)))
    for before in range(longest, -1, -1):
        limit = min(len(a), len(b)) - before
        shared = next((i for i in range(limit) if a[-1 - i] != b[-1 - i]), limit)
        for after in range(shared, -1, -1):
            if all(_whole(text, before, len(text) - after) for text in (a, b)):
                return f"{a[:before]}⟦{a[before:len(a) - after]}|{b[before:len(b) - after]}⟧{a[len(a) - after:]}"
    return f"⟦{a}|{b}⟧"


def _whole(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` cuts no word and no brackets apart."""
    if any(0 < place < len(text) and re.fullmatch(r"\w\w|\\.", text[place - 1:place + 1]) for place in (start, end)):
        return False
    inside = text[start:end]
    while inside != (shorter := re.sub(r"\([^(){}]*\)|\{[^(){}]*\}", "", inside)):
        inside = shorter
    return not re.search(r"[(){}]", inside)
