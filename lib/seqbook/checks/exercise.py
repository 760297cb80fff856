"""What an exercise is: a signature, a solution, a way to draw inputs, and words for the mistakes people make."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from seqbook.checks.program import edited, source_of

Values = dict[str, np.ndarray]
SIZES = range(3, 9)  # what a letter may stand for; 1 only where a kind of input fixes it

_CALL = re.compile(r"(?P<function>\w+)\((?P<arguments>.+)\) -> (?P<outputs>.+)", re.DOTALL)
_DIMENSION = r"\d?[A-Z](?:\+[A-Z])*"
_ITEM = re.compile(rf"(?P<name>\w+)(?: \((?P<letters>{_DIMENSION}(?:, {_DIMENSION})*)\))?(?:,\s+|$)")
_SENTENCE = re.compile(r"(?<=[.?]) ")


@dataclass(frozen=True)
class Mistake:
    """A wrong answer people give, and a hint in both languages.

    `make` gives the function that computes the answer: one written by hand, or the solution with the texts `edits`
    replaced. A `given` one is the fault that the exercise asks to find.
    """

    name: str
    make: Callable[[], Callable]
    ko: str
    en: str
    edits: Mapping[str, str] = field(default_factory=dict)
    given: bool = False

    @cached_property
    def function(self) -> Callable:
        return self.make()

    def hint(self, lang: str) -> str:
        return self.ko if lang == "ko" else self.en

    def steps(self, lang: str) -> tuple[str, str]:
        """What it is, the hint's first sentence, and where to look, the rest."""
        first, *rest = _SENTENCE.split(self.hint(lang), maxsplit=1)
        return first, "".join(rest)


@dataclass(frozen=True)
class Kind:
    """One kind of input: sizes it fixes (`{"T": 1}`) and a name that `Exercise.inputs` sees, with a label for readers.

    A kind without sizes and name is a general one: all sizes random and pairwise different. On a `stress` kind
    (overflow, all zeros) a wrong answer may fail in its own way and still be told by what it does elsewhere.
    """

    sizes: Mapping[str, int] = field(default_factory=dict)
    name: str = ""
    ko: str = ""
    en: str = ""
    stress: bool = False

    @property
    def general(self) -> bool:
        return not self.sizes and not self.name

    def label(self, lang: str) -> str:
        return (self.ko if lang == "ko" else self.en) or ", ".join(f"{k}={v}" for k, v in self.sizes.items())


GENERAL = Kind()


@dataclass(frozen=True)
class Case:
    """Inputs drawn for one call, what the solution makes of them, and other results that do what was asked."""

    kind: Kind
    sizes: Mapping[str, int]
    inputs: Mapping[str, Any]
    expected: Values
    accepted: tuple[Values, ...] = ()

    def label(self, lang: str) -> str:
        sizes = ", ".join(f"{letter}={size}" for letter, size in self.sizes.items() if letter not in self.kind.sizes)
        return "; ".join(part for part in (self.kind.label(lang), sizes) if part)


class Exercise:
    """An exercise of a chapter; `seqbook.checks` says how one is written.

    id: "chapter/name", as in `check("unfolding/step", rnn_step)`.
    signature: "rnn_step(x (B, D), h (B, H), …) -> h_next (B, H)": the arguments and outputs in order, each with its
        shape in the book's letters, their multiples (4H) or sums (H+D). An argument without a shape is drawn by the
        function given to `inputs`; a single output without a shape is a dict from name to array.
    kinds: the kinds of input every answer is tried on, in order. The first must be general.
    tolerance: largest difference that counts as equal, relative to the largest value of the expected array; the
        default lets an answer compute in float32.
    bound: arguments that belong together, such as gates and the states computed with them: none is changed alone.
    """

    def __init__(self, id: str, signature: str, *, kinds: tuple[Kind, ...], tolerance: float = 1e-5,
                 bound: tuple[str, ...] = ()):
        call = _CALL.fullmatch(signature)
        if call is None:
            raise ValueError(f"signature must read 'function(argument (B, D), …) -> output (B, H)', got {signature!r}")
        if not kinds or not kinds[0].general:
            raise ValueError(f"kinds must begin with a general kind, got {kinds!r}")
        self.id = id
        self.function_name = call["function"]
        self.arguments = _items(call["arguments"])
        self.outputs = _items(call["outputs"])
        self.kinds = kinds
        self.tolerance = tolerance
        self.bound = bound
        self.solutions: list[Callable] = []
        self.accepted: list[Callable] = []
        self.mistakes: list[Mistake] = []
        self._draw: Callable | None = None

    def __repr__(self) -> str:
        return f"<Exercise {self.id}: {self.call}>"

    @property
    def call(self) -> str:
        """The call as a student writes it: "rnn_step(x, h, weight_ih, weight_hh, bias)"."""
        return f"{self.function_name}({', '.join(self.arguments)})"

    @property
    def dimensions(self) -> list[str]:
        """Every dimension of an argument or output, once: ["B", "D", "4H", "H"]."""
        shapes = (self.arguments | self.outputs).values()
        return list(dict.fromkeys(dimension for shape in shapes for dimension in shape or ()))

    @property
    def returns_dict(self) -> bool:
        return len(self.outputs) == 1 and None in self.outputs.values()

    # what a chapter's module declares, as decorators

    def solution(self, function: Callable) -> Callable:
        """The solution that the notebook shows: mistakes are derived from it. A second one is written another way."""
        self.solutions.append(function)
        return function

    def accepts(self, function: Callable) -> Callable:
        """Another result that does what the exercise asks for."""
        self.accepted.append(function)
        return function

    def inputs(self, function: Callable) -> Callable:
        """`function(rng, sizes, name) -> dict`: arguments that are not simply normal; `name` is the kind's."""
        self._draw = function
        return function

    def says(self, name: str, edits: Mapping[str, str], *, ko: str, en: str, given: bool = False) -> None:
        """Words for the mistake that the solution becomes when each text in `edits` is replaced by the other.

        `given`: it is the fault to find in the program that the exercise gives; others may come on top of it.
        """
        self.mistakes.append(Mistake(name, lambda: edited(self.reference, edits), ko, en, edits, given))

    def mistake(self, *, ko: str, en: str) -> Callable[[Callable], Callable]:
        """A misconception that no small change of the solution gives, named after its function."""

        def add(function: Callable) -> Callable:
            self.mistakes.append(Mistake(function.__name__, lambda: function, ko, en))
            return function

        return add

    def solution_source(self) -> str:
        """The solution as the notebook shows it: without its decorator, renamed `solution_…` after the function asked
        for. Its comments may hold both languages, ⟦한국어|English⟧.
        """
        source = source_of(self.reference)
        return source.replace(f"def {self.reference.__name__}(", f"def solution_{self.function_name}(", 1)

    # what the checker asks

    @property
    def reference(self) -> Callable:
        if not self.solutions:
            raise ValueError(f"the exercise {self.id} has no solution; declare one with @….solution")
        return self.solutions[0]

    def draw(self, rng: np.random.Generator, kind: Kind) -> Case:
        """Fresh inputs of `kind`, with pairwise different sizes and nothing zero that need not be."""
        letters = dict.fromkeys(letter for dimension in self.dimensions for letter in _letters(dimension))
        free = [letter for letter in letters if letter not in kind.sizes]
        drawn = dict(zip(free, rng.permutation(SIZES)[:len(free)].tolist(), strict=True))
        sizes = {letter: kind.sizes.get(letter, drawn.get(letter)) for letter in letters}
        special = self._draw(rng, sizes, kind.name) if self._draw else {}
        inputs = {name: special[name] if name in special else _normal(rng, name, [size_of(a, sizes) for a in shape])
                  for name, shape in self.arguments.items()}
        accepted = tuple(self.named(function(**inputs)) for function in self.accepted)
        return Case(kind, sizes, inputs, self.named(self.reference(**inputs)), accepted)

    def named(self, value: Any) -> Values:
        """The outputs of the solution or of a mistake, by name."""
        if self.returns_dict:
            return dict(value)
        parts = value if len(self.outputs) > 1 else (value,)
        return dict(zip(self.outputs, parts, strict=True))

    def letters(self, output: str) -> tuple[str, ...] | None:
        """The shape of an output in letters; None for the arrays of a dict."""
        return self.outputs.get(output)


def size_of(dimension: str, sizes: Mapping[str, int]) -> int:
    """The size of "H", "4H" or "H+D"."""
    return int(dimension[0] if dimension[0].isdigit() else 1) * sum(sizes[letter] for letter in _letters(dimension))


def _letters(dimension: str) -> Iterator[str]:
    return filter(str.isalpha, dimension)


def _items(text: str) -> dict[str, tuple[str, ...] | None]:
    """{"x": ("B", "D"), "k": None} for "x (B, D), k"."""
    items, position = {}, 0
    while position < len(text):
        item = _ITEM.match(text, position)
        if item is None:
            raise ValueError(f"cannot read {text[position:]!r} as 'name (B, D), …'")
        items[item["name"]] = tuple(item["letters"].split(", ")) if item["letters"] else None
        position = item.end()
    return items


def _normal(rng: np.random.Generator, name: str, shape: list[int]) -> np.ndarray:
    values = rng.standard_normal(shape)
    return values / np.sqrt(shape[-1]) if name.startswith(("weight", "W_")) else values
