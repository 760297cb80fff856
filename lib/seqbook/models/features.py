"""What a model could be following: for each kind of input, what holds after every step."""

import re

import numpy as np

from seqbook.data import composed
from seqbook.scratch.base import check_shape


def text_features(text: str) -> dict[str, np.ndarray]:
    """What holds after each of the T characters of an English text, `composed`: name → (T,) float64.

    Numbers: "line", the characters of this line so far; "indentation", the spaces this line began with, so far; "word",
    the letters of this word so far, 0 outside words.

    1 or 0: "quotation", between quotation marks "…"; "bracket", inside round brackets; "emphasis", inside *…*; "rule",
    in a line of -----, ***** or =====, from the third sign on; "grammar", in a paragraph of grammar rules, from the
    first ::= on.

    An opening sign counts as inside, the closing one as outside; pairs are looked for within a paragraph.
    """
    text = composed(text)
    return {
        "line": run_lengths(text, r"[^\n]+"),
        "indentation": run_lengths(text, r"^ +", hold=r"[^\n]*"),
        "word": run_lengths(text, r"[A-Za-z]+"),
        "rule": (run_lengths(text, r"(?<=--)-+|(?<=\*\*)\*+|(?<===)=+") > 0).astype(float),
        "grammar": inside(text, r"::=(?:(?!\n\n).)*.", re.DOTALL),
        "quotation": inside(text, r'"(?:(?!\n\n)[^"])*"'),
        "bracket": inside_brackets(text),
        "emphasis": inside(text, r"\*[^\s*](?:(?!\n\n)[^*])*\*"),
    }


def sum_features(x: np.ndarray) -> dict[str, np.ndarray]:
    """What holds after each of the T steps of one sequence (T, 2) of the adding problem: name → (T,) float64.

    "sum", of the marked numbers so far; "marks", how many so far; "number", that of this step;
    "step", its place from 1.
    """
    check_shape("x", x, T=None, D=2)
    numbers, marks = x.astype(np.float64).T
    return {"sum": np.cumsum(numbers * marks), "marks": np.cumsum(marks), "number": numbers,
            "step": np.arange(1.0, len(x) + 1)}


def date_features(text: str) -> dict[str, np.ndarray]:
    """What holds after each of the T characters of a Korean date with its year, `composed`: name → (T,) float64.

    "month", 1 … 12 from the month's last digit on, 0 before; "month read", 1 from there on, 0 before; "numbers",
    how many have begun: 1 in the year, 2 in the month, 3 in the day, more in the time; "digit", 1 on a digit, else 0.
    """
    text = composed(text)
    numbers = list(re.finditer(r"\d+", text))
    month, read, begun, digit = np.zeros((4, len(text)))
    for number in numbers:
        begun[number.start():] += 1
        digit[slice(*number.span())] = 1
    month[numbers[1].end() - 1:], read[numbers[1].end() - 1:] = int(numbers[1][0]), 1
    return {"month": month, "month read": read, "numbers": begun, "digit": digit}


def run_lengths(text, pattern, hold=""):
    """1, 2, 3 … along every match of `pattern`; the last number stays along a match of `hold` after it; else 0."""
    counts = np.zeros(len(text))
    for match in re.finditer(f"({pattern}){hold}", text, re.MULTILINE):
        start, stop = match.span(1)
        counts[start:stop] = np.arange(1, stop - start + 1)
        counts[stop:match.end()] = stop - start
    return counts


def inside(text, pattern, flags=0):
    """1 from the first character of every match of `pattern` up to, and without, its last."""
    marks = np.zeros(len(text))
    for match in re.finditer(pattern, text, flags):
        marks[match.start():match.end() - 1] = 1
    return marks


def inside_brackets(text):
    """1 inside round brackets of any depth, for brackets that have their partner in the same paragraph."""
    marks, opened = np.zeros(len(text)), []
    for match in re.finditer(r"[()]|\n\n", text):
        if match[0] == "(":
            opened.append(match.start())
        elif match[0] == ")" and opened:
            marks[opened.pop():match.start()] = 1
        elif match[0] == "\n\n":
            opened = []
    return marks
