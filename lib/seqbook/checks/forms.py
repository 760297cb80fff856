"""Mistakes that need no source: the right function with an input or an output ignored, swapped, shifted, turned …

Each is a function from inputs to inputs and one from outputs to outputs around the solution.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from seqbook.scratch import sigmoid, softmax

Arrays = dict[str, Any]


def _same(values: Arrays) -> Arrays:
    return values


@dataclass(frozen=True)
class Form:
    kind: str
    cost: int
    names: tuple[str, ...]
    before: Callable[[Arrays], Arrays] = _same
    after: Callable[[Arrays, Arrays], Arrays] = lambda outputs, inputs: outputs


def forms(arguments: Mapping[str, tuple | None], outputs: Mapping[str, tuple | None]) -> list[Form]:
    """Every form for a function of `arguments` and `outputs`, each with its shape in letters or None."""
    return [*_of_inputs(arguments), *_of_outputs(arguments, outputs), *_of_both(arguments, outputs)]


def _input(kind: str, cost: int, name: str, change: Callable) -> Form:
    return Form(kind, cost, (name,), lambda inputs: {**inputs, name: change(inputs[name])})


def _of_inputs(arguments: Mapping) -> Iterator[Form]:
    shaped = {name: shape for name, shape in arguments.items() if shape}
    for name in arguments:
        yield _input("unused", 1, name, _zeroed)
        yield _input("as_one", 1, name, _ones)
        yield _input("sign", 2, name, lambda array: -array)
        yield _input("complement", 3, name, lambda array: 1 - array)
        for function in (np.tanh, sigmoid, softmax, np.square, np.arctanh, np.log, np.exp):
            yield _input("activation_more", 3, name, function)
        yield _input("scale", 3, name, lambda array: 2 * array)
        yield _input("scale", 3, name, lambda array: array / 2)
        yield _input("derivative", 3, name, lambda array: 1 - array**2)
        yield _input("derivative", 3, name, lambda array: array * (1 - array))
        yield _input("constant", 3, name, lambda array: array + 1)
        yield _input("transpose", 2, name, _turned)
        if name not in shaped:
            yield _input("place", 2, name, lambda number: number + 1)
            yield _input("place", 2, name, lambda number: number - 1)
    for name, shape in shaped.items():
        for axis, letter in enumerate(shape):
            if letter not in "BT":
                yield _input("one_unit", 2, name, lambda array, a=axis: _held(array, a, 0))
                yield _input("one_unit", 2, name, lambda array, a=axis: _held(array, a, -1))
                yield _input("reversed", 3, name, lambda array, a=axis: np.flip(array, a))
            if letter == "T":
                for kind, change in _in_time(axis):
                    yield _input(kind, 2, name, change)
                yield _input("cumulated", 3, name, lambda array, a=axis: np.cumsum(array, a))
            if letter == "B":
                yield _input("one_for_all", 2, name, lambda array, a=axis: _held(array, a, 0))
                yield _input("one_for_all", 2, name, lambda array, a=axis: _held(array, a, -1))
                yield _input("average", 3, name, lambda array, a=axis: 0 * array + array.mean(a, keepdims=True))
                yield _input("not_summed", 3, name, lambda array, a=axis: 0 * array + array.sum(a, keepdims=True))
                for by in (1, -1):
                    yield _input("mixed", 3, name, lambda array, a=axis, by=by: np.roll(array, by, a))
                for place in (0, -1):
                    yield _input("one_sequence_only", 2, name,
                                 lambda array, a=axis, at=place: array - _edge(array, a, at))
            if letter[0].isdigit():
                for kind, change in _in_blocks(axis, int(letter[0])):
                    yield _input(kind, 2, name, change)
    for one, other in itertools.combinations(arguments, 2):
        if arguments[one] == arguments[other]:
            yield Form("swapped", 2, (one, other), lambda v, a=one, b=other: {**v, a: v[b], b: v[a]})
            yield Form("other", 2, (one,), lambda v, a=one, b=other: {**v, a: v[b]})
            yield Form("other", 2, (other,), lambda v, a=one, b=other: {**v, b: v[a]})


def _of_outputs(arguments: Mapping, outputs: Mapping) -> Iterator[Form]:
    for name, shape in outputs.items():
        if shape is None:
            continue

        def form(kind, cost, change, name=name, names=()):
            return Form(kind, cost, names, after=lambda out, inputs: {**out, name: change(out[name])})

        def with_input(kind, cost, argument, change, name=name):
            return Form(kind, cost, (argument,),
                        after=lambda out, inputs: {**out, name: change(out[name], inputs[argument])})

        yield form("sign", 2, lambda a: -a)
        yield form("complement", 2, lambda a: 1 - a)
        for function in (np.tanh, sigmoid, softmax, lambda a: np.maximum(a, 0), np.exp,
                         np.log):
            yield form("activation_more", 3, function)
        for function in (np.arctanh, lambda a: np.log(a / (1 - a))):
            yield form("no_activation", 3, function)
        for function in (np.square, np.abs, np.sqrt, lambda a: 1 / a, lambda a: np.sign(a), lambda a: (a > 0) * 1.0,
                         lambda a: (a > 0.5) * 1.0):
            yield form("function", 3, function)
        yield form("derivative", 3, lambda a: a * (1 - a))
        yield form("derivative", 3, lambda a: 1 - a**2)
        for axes in itertools.permutations(range(len(shape))):
            if list(axes) != sorted(axes):
                yield form("transpose", 2, lambda a, axes=axes: a.transpose(axes))
        yield form("transpose", 3, lambda a: a.swapaxes(0, -1).reshape(a.shape))
        if len(shape) == 3:
            yield form("reshaped", 2, lambda a: a.swapaxes(0, 1).reshape(a.shape))
        for axis, letter in enumerate(shape):
            yield form("not_summed", 3, lambda a, x=axis: a.sum(x))
            yield form("average", 3, lambda a, x=axis: a.mean(x))
            yield form("average", 3, lambda a, x=axis: a - a.mean(x, keepdims=True))
            yield form("cumulated", 2, lambda a, x=axis: np.cumsum(a, x))
            if letter == "T":
                for kind, change in _in_time(axis):
                    yield form(kind, 2, change)
                yield form("first_only", 1, lambda a, x=axis: a.take(0, x))
                yield form("last_only", 1, lambda a, x=axis: a.take(-1, x))
                yield form("first_left_out", 2, lambda a, x=axis: np.delete(a, 0, x))
                yield form("last_left_out", 2, lambda a, x=axis: np.delete(a, -1, x))
                yield form("differences", 3, lambda a, x=axis: np.diff(a, axis=x, prepend=0))
            if letter != "T":
                kind = "one_for_all" if letter == "B" else "one_unit"
                yield form(kind, 2, lambda a, x=axis: _held(a, x, 0))
                yield form(kind, 2, lambda a, x=axis: _held(a, x, -1))
                yield form("reversed", 3, lambda a, x=axis: np.flip(a, x))
            if letter[0].isdigit():
                for kind, change in _in_blocks(axis, int(letter[0])):
                    yield form(kind, 2, change)
        for argument, its in arguments.items():
            if its == shape:
                yield with_input("given_back", 1, argument, lambda out, given: given)
                yield with_input("added", 2, argument, lambda out, given: out + given)
                yield with_input("added", 2, argument, lambda out, given: out - given)
                yield with_input("average", 3, argument, lambda out, given: (out + given) / 2)
                yield with_input("multiplied", 2, argument, lambda out, given: out * given)
                yield with_input("multiplied", 2, argument, lambda out, given: out / given)
            elif its and len(its) < len(shape) and shape[-len(its):] == its:
                yield with_input("added", 2, argument, lambda out, given: out + given)
                yield with_input("multiplied", 2, argument, lambda out, given: out * given)
            if its and "T" in shape and its == tuple(letter for letter in shape if letter != "T"):
                axis = shape.index("T")
                yield with_input("early", 2, argument, lambda out, given, x=axis: np.insert(out, 0, given, x))
                yield with_input("late", 2, argument, lambda out, given, x=axis: np.delete(
                    np.insert(out, 0, given, x), -1, x))
                yield with_input("first_given", 2, argument, lambda out, given, x=axis: np.insert(
                    np.delete(out, 0, x), 0, given, x))
                yield with_input("given_back", 2, argument,
                                 lambda out, given, x=axis: 0 * out + np.expand_dims(given, x))
                yield with_input("added", 2, argument, lambda out, given, x=axis: out + np.expand_dims(given, x))
    for one, other in itertools.combinations(outputs, 2):
        yield Form("returned", 2, (one, other), after=lambda out, _, a=one, b=other: {**out, a: out[b], b: out[a]})
        if outputs[one] == outputs[other]:
            yield Form("other", 2, (one,), after=lambda out, _, a=one, b=other: {**out, a: out[b]})
            yield Form("other", 2, (other,), after=lambda out, _, a=one, b=other: {**out, b: out[a]})
            for text in (np.add, np.subtract, np.multiply):
                yield Form("added", 2, (one, other),
                           after=lambda out, _, a=one, b=other, f=text: {**out, a: f(out[a], out[b])})
                yield Form("added", 2, (one, other),
                           after=lambda out, _, a=one, b=other, f=text: {**out, b: f(out[a], out[b])})
    for order in itertools.permutations(outputs) if 2 < len(outputs) < 5 else ():
        yield Form("returned", 2, tuple(outputs), after=lambda out, _, order=order: dict(
            zip(out, (out[name] for name in order), strict=True)))


def _of_both(arguments: Mapping, outputs: Mapping) -> Iterator[Form]:
    """The same done to everything that has the axis: time read backwards, blocks taken in another order."""
    shapes = {**arguments, **outputs}
    axes = {name: shape.index("T") for name, shape in shapes.items() if shape and "T" in shape}

    def turned(values, change=lambda array, axis: np.flip(array, axis), where=axes):
        return {name: change(value, where[name]) if name in where else value for name, value in values.items()}

    if axes:
        yield Form("reversed", 2, tuple(name for name in axes if name in arguments), turned,
                   lambda out, _: turned(out))
        yield Form("reversed", 2, tuple(name for name in axes if name in arguments), turned)
        for output, shape in outputs.items():
            for start, its in arguments.items():
                if shape and "T" in shape and its == tuple(letter for letter in shape if letter != "T"):
                    yield Form("first_given", 2, (start,), lambda values: turned(
                        values, lambda array, axis: np.delete(array, 0, axis)),
                        lambda out, inputs, o=output, s=start: {**out, o: np.insert(out[o], 0, inputs[s], axes[o])})
    blocks = {name: axis for name, shape in shapes.items() if shape
              for axis, letter in enumerate(shape) if letter[0].isdigit()}
    if not blocks:
        return
    count = int(shapes[next(iter(blocks))][next(iter(blocks.values()))][0])
    for order in itertools.permutations(range(count)):
        if list(order) == sorted(order):
            continue
        back = np.argsort(order)

        def there(values, order=order):
            return turned(values, lambda array, axis: _blocks(array, axis, order), blocks)

        def back_again(values, _, back=back):
            return turned(values, lambda array, axis: _blocks(array, axis, back), blocks)

        yield Form("gates", 2, tuple(name for name in blocks if name in arguments), there, back_again)
        if any(name in outputs for name in blocks):
            yield Form("gates", 2, tuple(name for name in blocks if name in arguments), there)
    yield Form("interleaved", 2, tuple(name for name in blocks if name in arguments),
               lambda values: turned(values, lambda array, axis: _interleaved(array, axis, count), blocks))
    yield Form("interleaved", 2, tuple(name for name in blocks if name in arguments),
               lambda values: turned(values, lambda array, axis: _interleaved(array, axis, count), blocks),
               lambda out, _: turned(out, lambda array, axis: _combed(array, axis, count), blocks))


def _in_time(axis: int) -> Iterator[tuple[str, Callable]]:
    yield "reversed", lambda array: np.flip(array, axis)
    for shift in (1, -1):
        yield "time", lambda array, by=shift: np.roll(array, by, axis)
        for fill in (0, 1, None):
            yield "time", lambda array, by=shift, fill=fill: _shifted(array, by, axis, fill)
    yield "fixed", lambda array: _held(array, axis, 0)
    yield "fixed", lambda array: _held(array, axis, -1)
    yield "average", lambda array: 0 * array + array.mean(axis, keepdims=True)
    for place in (0, -1):
        yield "edge", lambda array, at=place: _edge(array, axis, at)
        yield "one_step_only", lambda array, at=place: array - _edge(array, axis, at)


def _in_blocks(axis: int, count: int) -> Iterator[tuple[str, Callable]]:
    for order in itertools.permutations(range(count)):
        if list(order) != sorted(order):
            yield "gates", lambda array, order=order: _blocks(array, axis, order)
    yield "interleaved", lambda array: _interleaved(array, axis, count)


def _zeroed(value: Any) -> Any:
    return {name: np.zeros_like(each) for name, each in value.items()} if isinstance(value, Mapping) else 0 * value


def _ones(value: Any) -> Any:
    if np.asarray(value).dtype.kind != "f":
        raise ValueError("places and lengths are not multiplied")
    return np.ones_like(value)


def _turned(array: np.ndarray) -> np.ndarray:
    if np.ndim(array) < 2:
        raise ValueError("only what has two axes can be transposed")
    if array.ndim == 2 and array.shape[0] != array.shape[1] and max(array.shape) % min(array.shape) == 0:
        count = array.shape[0] // array.shape[1]
        if count > 1:    # each square block of a stack
            return np.concatenate([block.T for block in np.split(array, count)])
    return array.swapaxes(-1, -2)


def _held(array: np.ndarray, axis: int, place: int) -> np.ndarray:
    return np.broadcast_to(np.expand_dims(array.take(place, axis), axis), array.shape).copy()


def _shifted(array: np.ndarray, shift: int, axis: int, fill: float | None) -> np.ndarray:
    moved = np.roll(array, shift, axis)
    end = [slice(None)] * array.ndim
    end[axis] = 0 if shift > 0 else -1
    moved[tuple(end)] = array[tuple(end)] if fill is None else fill
    return moved


def _edge(array: np.ndarray, axis: int, place: int) -> np.ndarray:
    """Zero at the first or the last step."""
    changed, end = array.copy(), [slice(None)] * array.ndim
    end[axis] = place
    changed[tuple(end)] = 0
    return changed


def _blocks(array: np.ndarray, axis: int, order: tuple[int, ...]) -> np.ndarray:
    parts = np.split(array, len(order), axis)
    return np.concatenate([parts[place] for place in order], axis)


def _interleaved(array: np.ndarray, axis: int, count: int) -> np.ndarray:
    """As if the blocks took turns unit by unit: the places 0, n, 2n … first, then 1, n + 1 …"""
    size = array.shape[axis] // count
    return array.take([block + count * unit for block in range(count) for unit in range(size)], axis)


def _combed(array: np.ndarray, axis: int, count: int) -> np.ndarray:
    size = array.shape[axis] // count
    return array.take([block * size + unit for unit in range(size) for block in range(count)], axis)
