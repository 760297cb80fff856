"""English prose: the language reference that Python carries in itself."""

from zlib import crc32

from seqbook.data.split import Split, require

LONG = 80  # characters from which a repeated paragraph counts as repeated content
TEST_SHARE = 0.1


def documentation() -> Split:
    """Python's own documentation as two texts, about 300,000 characters to learn from and 30,000 to judge by.

    Source: the topics that `help("for")` prints, in the standard library's `pydoc_data.topics` (PSF licence). The text
    differs from one Python version to the next, and so do the numbers learned from it. Topics stand in alphabetical
    order; each is whole in one of the two parts. A topic that repeats a paragraph of a longer one is left out, hence
    no paragraph of some length is in both.
    """
    topics = require("pydoc_data.topics", "python").topics
    seen, kept = set(), []
    for name in sorted(topics, key=lambda name: (-len(topics[name]), name)):
        paragraphs = {" ".join(part.split()) for part in topics[name].split("\n\n") if len(part) >= LONG}
        if not paragraphs & seen:
            kept.append(name)
        seen |= paragraphs
    total, test = sum(len(topics[name]) for name in kept), set()
    for name in sorted(kept, key=lambda name: crc32(name.encode())):
        if sum(len(topics[other]) for other in {*test, name}) <= TEST_SHARE * total:
            test.add(name)
    join = lambda names: "\n\n".join(topics[name].strip() for name in sorted(names)) + "\n"
    return Split(train=join(set(kept) - test), test=join(test))
