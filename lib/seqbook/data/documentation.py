"""English prose: the language reference that Python carries in itself."""

from seqbook.data.split import Split, require

LONG = 80  # characters from which a repeated paragraph counts as repeated content

# About a tenth of the characters. The same topics in every version, so that none is one version's training text and
# another's test: a model trained on one Python can be judged on any.
HELD_OUT = {
    "assignment", "atom-identifiers", "attribute-references", "await", "bitwise", "bltin-null-object", "booleans",
    "break", "continue", "conversions", "imaginary", "integers", "lists", "nonlocal", "numbers", "pass", "power",
    "return", "shifting", "slicings", "subscriptions", "truth", "typesfunctions", "typesmodules", "unary",
}


def documentation() -> Split:
    """Python's own documentation as two texts, about 300,000 characters to learn from and 30,000 to judge by.

    Source: the topics that `help("for")` prints, in the standard library's `pydoc_data.topics` (PSF licence). The text
    differs from one Python version to the next, and so do the numbers learned from it. Topics stand in alphabetical
    order; each is whole in one of the two parts, and in the same one in every version. A topic that repeats a
    paragraph of a longer one is left out, hence no paragraph of some length is in both.
    """
    topics = require("pydoc_data.topics", "python").topics
    seen, kept = set(), []
    for name in sorted(topics, key=lambda name: (-len(topics[name]), name)):
        paragraphs = {" ".join(part.split()) for part in topics[name].split("\n\n") if len(part) >= LONG}
        if not paragraphs & seen:
            kept.append(name)
        seen |= paragraphs
    join = lambda names: "\n\n".join(topics[name].strip() for name in sorted(names)) + "\n"
    return Split(train=join(set(kept) - HELD_OUT), test=join(HELD_OUT & set(kept)))
