"""Check the chapters: `python -m press.rules [CHAPTER …]`."""

import sys

from press.book import Book
from press.manuscript import Manuscript
from press.rules import Page, contents, pages_of
from press.rules.page import PAGE_RULES, TEXT_RULES
from press.rules.pair import PAIR_RULES
from seqbook.language import LANGUAGES


def faults_of(manuscript: Manuscript, name: str) -> list[str]:
    """All faults of one chapter (or the index), each beginning with file and line."""
    pages = [Page.of(manuscript, name, language) for language in LANGUAGES]
    faults = [page.where(fault) for page in pages for rule in (TEXT_RULES if name == "index" else PAGE_RULES)
              for fault in rule(page)]
    faults += [pages[0].where(fault) for rule in PAIR_RULES for fault in rule(*pages)]
    return list(dict.fromkeys(faults))  # what is said of code is found in both languages


def main(arguments: list[str]) -> None:
    try:
        manuscript = Manuscript.open(Book.open())
        if unknown := [name for name in arguments if name not in pages_of(manuscript)]:
            sys.exit(f"there is no chapters/{unknown[0]}.md")
        wanted = arguments or pages_of(manuscript)
        faults = [fault for name in wanted for fault in faults_of(manuscript, name)]
        faults += [] if arguments else contents(manuscript)
    except ValueError as error:
        sys.exit(str(error))
    if faults:
        sys.exit("\n".join(faults))
    print(f"{len(wanted)} sources keep to the rules")


if __name__ == "__main__":
    main(sys.argv[1:])
