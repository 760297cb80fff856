"""Dicts and lists that a widget's traits hand out: to change one in place is to set the trait.

traitlets sees an assignment only, so `widget.params["W"] = 2.0` would change Python's numbers and not the page's.
"""


def hand_out_live(trait) -> None:
    """Let a trait hand out its dicts and lists as live ones."""
    get = trait.get
    trait.get = lambda widget, cls=None: live(get(widget, cls), widget, trait.name)


def live(value, widget, trait, path=()):
    """A copy of nested dicts and lists that tells the widget's trait of every change; other values as they are."""
    if isinstance(value, dict):
        return LiveMapping({key: live(part, widget, trait, (*path, key)) for key, part in value.items()},
                           widget, trait, path)
    if isinstance(value, list):
        return LiveSequence([live(part, widget, trait, (*path, n)) for n, part in enumerate(value)],
                            widget, trait, path)
    return value


def still(value):
    """The inverse of `live`: plain dicts and lists."""
    if isinstance(value, dict):
        return {key: still(part) for key, part in value.items()}
    return [still(part) for part in value] if isinstance(value, list) else value


def is_the_same(value, kept) -> bool:
    """Whether `value` is what a trait keeps, itself or as it was handed out."""
    return value is kept or isinstance(value, (LiveMapping, LiveSequence)) and still(value) == kept


def editing(name, kind):
    """The method `name` of dict or list, done to a copy of the trait's value, which the trait then has to accept."""
    def edit(self, *args, **options):
        widget, trait, path = self._place
        whole = still(getattr(widget, trait))
        part, own = whole, getattr(widget, trait)
        try:
            for key in path:
                part, own = part[key], own[key]
        except (KeyError, IndexError):
            own = None
        if own != self:
            raise ValueError(f"{trait} has been set since this was read from it: read {trait} again")
        result = getattr(kind, name)(part, *map(still, args), **{key: still(value) for key, value in options.items()})
        setattr(widget, trait, whole)    # checked, drawn, or refused
        own = getattr(widget, trait)
        for key in path:
            own = own[key]
        kind.clear(self)
        (kind.update if kind is dict else kind.extend)(self, own)
        return self if result is part else result
    return edit


class LiveMapping(dict):
    """A dict that a widget's trait gave: to change it is to set the trait."""

    def __init__(self, values, *place):
        super().__init__(values)
        self._place = place

    def __reduce_ex__(self, protocol):
        return dict, (still(self),)    # a copy is a plain dict

    for _name in ("__setitem__", "__delitem__", "__ior__", "update", "setdefault", "pop", "popitem", "clear"):
        locals()[_name] = editing(_name, dict)


class LiveSequence(list):
    """A list that a widget's trait gave: to change it is to set the trait."""

    def __init__(self, values, *place):
        super().__init__(values)
        self._place = place

    def __reduce_ex__(self, protocol):
        return list, (still(self),)    # a copy is a plain list

    for _name in ("__setitem__", "__delitem__", "__iadd__", "__imul__", "append", "extend", "insert", "pop", "remove",
                  "clear", "reverse", "sort"):
        locals()[_name] = editing(_name, list)
