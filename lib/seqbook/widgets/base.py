"""What the book's widgets share: knobs declared in one line each, the language trait, and the bundle of their name."""

import inspect
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from seqbook.data import composed
from seqbook.language import check_language, get_language
from seqbook.scratch.base import as_number, check_choice
from seqbook.widgets.live import hand_out_live, is_the_same

STATIC = Path(__file__).parent / "static"


# --- Knobs

class Knob(traitlets.TraitType):
    """Something a reader sets: a synced trait, the check of what is given, and the limits that the page reads.

    A default of None means that None may be given too. A kind of knob says what it takes in `check` and `limits`; a
    limit that depends on the widget (how many units its model has) is a function of the widget.
    """

    def __init__(self, default):
        super().__init__(default, allow_none=default is None)
        self.tag(sync=True)

    def check(self, widget, value):
        """`value` as the trait keeps it; a ValueError that begins with the knob's name where it cannot be taken."""
        raise NotImplementedError

    def limits(self, widget) -> dict:
        """What the page must know to offer the knob: {"min", "max", "step"} or {"options"}."""
        return {}

    def validate(self, widget, value):
        held = widget._cross_validation_lock    # traitlets sets again what it held: in the constructor, from a page
        if held and self.name in widget._trait_values and is_the_same(value, kept := widget._trait_values[self.name]):
            return kept
        return self.check(widget, value)


class Bounded(Knob):
    """One or more numbers in low..high; what lies a `step` apart is one press of a key apart in the page."""

    def __init__(self, default, low, high, step):
        super().__init__(default)
        self.low, self.high, self.step = low, high, step

    def bounds(self, widget) -> tuple:
        """The smallest and the largest value."""
        return resolved(self.low, widget), resolved(self.high, widget)

    def limits(self, widget) -> dict:
        low, high = self.bounds(widget)
        return {"min": low, "max": high, "step": self.step}


class Number(Bounded):
    """A float in low..high."""

    def check(self, widget, value):
        return as_number_between(self.name, value, *self.bounds(widget))


class Integer(Number):
    """An int in low..high; `within` names a knob that it may not exceed as the widget is made."""

    def __init__(self, default, low, high, step, within=None):
        super().__init__(default, low, high, step)
        self.within = within

    def check(self, widget, value):
        low, high = self.bounds(widget)
        if self.within and not widget._made:
            high = getattr(widget, self.within)
        return as_integer(self.name, value, low, high)


class Choice(Knob):
    """One of several values."""

    def __init__(self, default, options):
        super().__init__(default)
        self.options = options

    def check(self, widget, value):
        check_choice(self.name, value, tuple(resolved(self.options, widget)))
        return value

    def limits(self, widget) -> dict:
        return {"options": list(resolved(self.options, widget))}


class Flag(Knob):
    """True or False."""

    def check(self, widget, value):
        return as_flag(self.name, value)


class Characters(Knob):
    """A text that a reader writes, of which the page reads the first `most` steps."""

    def __init__(self, default, most):
        super().__init__(default)
        self.most = most

    def check(self, widget, value):
        return as_text(self.name, value)

    def limits(self, widget) -> dict:
        return {"most": self.most}


def knob(default, low, high, step=None, within=None) -> Number:
    """A number in low..high, whole where `low` is an int: `radius = knob(1.0, 0.2, 2.0, step=0.01)`.

    A whole one may be kept `within` another knob: `time = knob(4, 1, 12, within="steps")` must be no more than `steps`
    as the widget is made. (Later each is set by itself, and the page shows a `time` beyond the last step as the last.)
    """
    if isinstance(low, int):
        return Integer(default, low, high, 1 if step is None else step, within)
    return Number(default, low, high, (high - low) / 100 if step is None else step)


def choice(default, options) -> Choice:
    """One of `options`: `loss = choice("last", ("last", "every"))`."""
    return Choice(default, options)


def flag(default: bool) -> Flag:
    """True or False: `compare = flag(False)`."""
    return Flag(default)


def characters(default: str, most: int) -> Characters:
    """A text: `text = characters("", most=3000)`."""
    return Characters(default, most)


def resolved(limit, widget):
    """A limit that may be a function of the widget, as a value."""
    return limit(widget) if callable(limit) else limit


# --- The widget

class BookWidget(anywidget.AnyWidget):
    """A widget that speaks the page's language; its module's name is that of its ES module's folder and its bundle.

    Its arguments are `lang` and its knobs. Every knob is drawn anew when it changes. A change in place of a dict or
    list is one, too: `widget.params["W"] = 2.0` is checked and drawn as `widget.params = {**widget.params, "W": 2.0}`
    is, and refused, with nothing changed, where that is.
    """

    _made = False    # until the constructor is through

    lang = traitlets.Unicode().tag(sync=True)
    limits = traitlets.Dict(read_only=True).tag(sync=True)    # of every knob, for the page

    def __init_subclass__(cls, **options):
        name = cls.__module__.rpartition(".")[2]
        for trait, suffix in (("_esm", "js"), ("_css", "css")):
            if trait not in vars(cls):
                setattr(cls, trait, bundle(name, suffix))
        super().__init_subclass__(**options)
        cls.__signature__ = signature(cls)
        for trait in vars(cls).values():
            if isinstance(trait, traitlets.TraitType):
                hand_out_live(trait)

    def __init__(self, *, lang=None, **values):
        for name in values:
            if name not in self._knobs():
                raise TypeError(f"{type(self).__name__}() got an unexpected keyword argument {name!r}")
        super().__init__(lang=get_language() if lang is None else lang, **values)
        self._made = True

    def numbers(self) -> dict:
        """What the page shows at the present settings, by `seqbook.scratch`: name → number or array."""
        raise NotImplementedError

    @classmethod
    def _example(cls, **arguments) -> "BookWidget":
        """One for the tests of all widgets: where a class cannot do without an argument, it fills it in."""
        return cls(**arguments)

    @classmethod
    def _knobs(cls) -> dict[str, Knob]:
        """The knobs by name, in the order of their declaration."""
        return {name: trait for kind in reversed(cls.__mro__) for name, trait in vars(kind).items()
                if isinstance(trait, Knob)}

    @traitlets.default("limits")
    def _limits(self):
        return {name: trait.limits(self) for name, trait in self._knobs().items()}

    @traitlets.validate("lang")
    def _check_lang(self, proposal):
        check_language(proposal.value)
        return proposal.value


def signature(kind) -> inspect.Signature:
    """The arguments of a widget's class: those of its __init__, with all knobs in place of `**knobs`."""
    own = {name: argument for name, argument in inspect.signature(kind.__init__).parameters.items()
           if name != "self" and argument.kind is not argument.VAR_KEYWORD}
    by_keyword = inspect.Parameter.KEYWORD_ONLY
    positional = [argument for argument in own.values() if argument.kind is not by_keyword]
    named = {name: own.get(name, inspect.Parameter(name, by_keyword, default=trait.default_value))
             for name, trait in kind._knobs().items()}
    named |= {name: argument for name, argument in own.items() if name not in named}    # `lang`, where it has no place
    return inspect.Signature(positional + [argument for argument in named.values() if argument.kind is by_keyword])


def bundle(name: str, suffix: str) -> Path:
    """The file that js/bundle.js makes of the ES module folder `name`."""
    path = STATIC / f"{name}.{suffix}"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: write widgets/js/{name}/ and run `make bundle`")
    return path


# --- Checks

def as_integer(name: str, value, low: int, high: int) -> int:
    """`value` as an int, refused where it is no integer in low..high."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not low <= value <= high:
        raise ValueError(f"{name} must be an integer in {low}..{high}, got {value!r}")
    return int(value)


def as_number_between(name: str, value, low: float, high: float) -> float:
    """`value` as a float, refused where it is no number in [low, high]."""
    number = as_number(name, value)
    if not low <= number <= high:
        raise ValueError(f"{name} must lie in [{low:g}, {high:g}], got {number:g}")
    return number


def as_flag(name: str, value) -> bool:
    """`value`, refused where it is neither True nor False."""
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"{name} must be True or False, got {value!r}")
    return bool(value)


def as_text(name: str, value) -> str:
    """`value`, its Hangul composed; refused where it is no string that can be stored: half a surrogate pair is none."""
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a string, got {type(value).__name__}")
    lone = next((index for index, character in enumerate(value) if "\ud800" <= character <= "\udfff"), None)
    if lone is not None:
        raise ValueError(f"{name} must be made of characters, got half of a surrogate pair at index {lone}")
    return composed(value)


def packed(array: np.ndarray) -> dict:
    """An array as the ES modules read it (`kit/arrays.js`): its shape and its float32 bytes, little-endian."""
    return {"shape": list(array.shape), "data": np.ascontiguousarray(array, dtype="<f4").tobytes()}
