"""Every exercise of the book by its id: found where its chapter stands, and loaded when it is asked for."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping

import seqbook.exercises
from seqbook.checks.exercise import Exercise


class Registry(Mapping[str, Exercise]):
    """"gates/forget_gate" is in the module `gates` of one of the parts in `seqbook.exercises`."""

    def __init__(self):
        self._chapters: dict[str, dict[str, Exercise]] = {}

    def __getitem__(self, exercise_id: str) -> Exercise:
        if isinstance(exercise_id, str):
            chapter, _, _ = exercise_id.partition("/")
            for module in _modules():
                if module.rpartition(".")[2] == chapter.replace("-", "_") and exercise_id in self._exercises(module):
                    return self._exercises(module)[exercise_id]
        raise KeyError(exercise_id)

    def __iter__(self) -> Iterator[str]:
        for module in _modules():
            yield from self._exercises(module)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"<{len(self)} exercises: {', '.join(self)}>"

    def _exercises(self, module: str) -> dict[str, Exercise]:
        if module not in self._chapters:
            declared = vars(importlib.import_module(module)).values()
            self._chapters[module] = {each.id: each for each in declared if isinstance(each, Exercise)}
        return self._chapters[module]


def _modules() -> list[str]:
    """"seqbook.exercises.lstm.gates", … of every part."""
    parts = [part for part in pkgutil.iter_modules(seqbook.exercises.__path__, "seqbook.exercises.") if part.ispkg]
    return [chapter.name for part in parts
            for chapter in pkgutil.iter_modules([f"{part.module_finder.path}/{part.name.rpartition('.')[2]}"],
                                                f"{part.name}.")]
