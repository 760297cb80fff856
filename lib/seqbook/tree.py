"""Nests of tuples whose leaves are arrays: the states and outputs of layers made of layers."""


def leaves(tree) -> list:
    """The arrays of nested tuples, in order."""
    return [leaf for part in tree for leaf in leaves(part)] if isinstance(tree, tuple) else [tree]


def map_arrays(function, tree):
    """`function` of every array of nested tuples."""
    return tuple(map_arrays(function, part) for part in tree) if isinstance(tree, tuple) else function(tree)
