"""A package, so that no other `tests` on the path is taken for it: IPython 7, which is Colab's, puts one there."""
