"""What a case's layer is built with: the arguments for which wrong values must be refused."""

from inspect import signature

from seqbook.contract.cases import Case


class Recorder:
    """A package whose classes remember their arguments; the call that ends last is the outermost, the case's own."""

    def __init__(self, package):
        self.package, self.__name__, self.last = package, package.__name__, None

    def __getattr__(self, name):
        made = getattr(self.package, name)

        def call(*args, **kwargs):
            layer = made(*args, **kwargs)
            bound = dict(signature(made).bind(*args, **kwargs).arguments)
            self.last = made, {**bound, **bound.pop("options", {})}
            return layer
        return call


def arguments(case: Case, package, **options) -> tuple[type, dict]:
    """The class of a case's layer, and by name the arguments that it accepts: those of `make` and `case.arguments`."""
    recorder = Recorder(package)
    case.make(recorder, **options)
    made, bound = recorder.last
    return made, {**bound, **case.arguments}
