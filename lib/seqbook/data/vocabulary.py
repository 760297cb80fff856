"""Characters and their ids."""

import unicodedata
from collections.abc import Iterable

import numpy as np

from seqbook.scratch.base import as_integers


def composed(text: str) -> str:
    """`text` in Unicode's form NFC: Hangul syllables whole, where file names of macOS have them in jamo one by one."""
    return unicodedata.normalize("NFC", text)


class Vocabulary:
    """A numbering of characters: id 0 stands for every unknown character, 1 … V-1 for the known ones in code order.

    `texts` are the training texts; `len(vocabulary)` is V. All text is `composed` on reading; T is counted after that.

        vocabulary = Vocabulary(["봄", "가을"])
        vocabulary.encode("가을밤")           # array([1, 3, 0])
        vocabulary.decode([1, 3, 0])          # "가을�"
    """

    unknown_id = 0
    unknown_character = "\N{REPLACEMENT CHARACTER}"

    def __init__(self, texts: Iterable[str]):
        texts = [texts] if isinstance(texts, str) else texts
        known = sorted(set().union(*map(composed, texts)) - {self.unknown_character})
        self.characters = (self.unknown_character, *known)
        self._ids = {character: i for i, character in enumerate(self.characters)}

    def __len__(self) -> int:
        return len(self.characters)

    def __contains__(self, character: str) -> bool:
        return composed(character) in self._ids and character != self.unknown_character

    def encode(self, text: str) -> np.ndarray:
        """The ids (T,) int64 of the T characters of `text`."""
        return np.array([self._ids.get(character, self.unknown_id) for character in composed(text)],
                        dtype=np.int64)

    def decode(self, ids: Iterable[int]) -> str:
        """The text of `ids`; ids outside 0 … V-1 are refused."""
        ids = ids if isinstance(ids, np.ndarray) else list(ids)
        if len(ids) == 0:
            return ""
        ids = as_integers("ids", ids)
        if ids.ndim != 1:
            raise ValueError(f"ids must be integers of shape (T,), got shape {ids.shape}")
        if ids.min() < 0 or ids.max() >= len(self):
            raise ValueError(f"ids must lie in 0 … V-1={len(self) - 1}, got {ids.min()} … {ids.max()}")
        return "".join(self.characters[i] for i in ids)
