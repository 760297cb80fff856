"""What is to be done once a module is imported, which may be never."""

import sys
from importlib.abc import MetaPathFinder


class _Waiting(MetaPathFinder):
    """Finds one module where the others do, and acts when it has been executed; then waits no more."""

    def __init__(self, name, action):
        self.name, self.action = name, action

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        others = (finder.find_spec(name, path, target) for finder in sys.meta_path if finder is not self)
        spec = next(filter(None, others), None)
        if spec is not None:
            execute = spec.loader.exec_module

            def execute_and_act(module):
                execute(module)
                self.action()
                sys.meta_path.remove(self)

            spec.loader.exec_module = execute_and_act
        return spec


def when_imported(name: str, action) -> None:
    """Call `action()` as soon as the module `name` has been imported: now, where it has been.

    An import whose action fails, fails, and tries again the next time. A second call for the same module replaces an
    action that still waits.
    """
    if name in sys.modules:
        action()
        return
    sys.meta_path[:] = [each for each in sys.meta_path if not (isinstance(each, _Waiting) and each.name == name)]
    sys.meta_path.insert(0, _Waiting(name, action))
