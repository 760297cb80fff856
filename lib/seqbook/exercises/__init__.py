"""The exercises of each chapter, in PART/CHAPTER.py; `seqbook.checks` finds them by id and says how one is written."""
