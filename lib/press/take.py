"""Take what was edited in a chapter's notebooks back into its source."""

import difflib
import re

from press import choices
from press.choices import CHOICE, HANGUL
from press.manuscript import Manuscript
from press.source import Cell, Source, SourceError, parse
from seqbook.language import LANGUAGES


class TakeError(Exception):
    """An edit that cannot be taken back; the message names the cell and the reason."""


def take(manuscript: Manuscript, page: str, written: dict[str, list[dict]], edited: dict[str, list[dict]]
         ) -> tuple[Source, list[str]]:
    """The source of `page` with the edits in its notebooks, and what was done, in words.

    `written` and `edited` are the cells of each language's notebook as it was written and as it is now. An edit is what
    differs between the two; the source may have been changed meanwhile, in other cells. Raises TakeError.
    """
    raise NotImplementedError
