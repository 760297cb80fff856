"""Shared test set-up: property tests that give the same answer on every run and on a busy machine."""

from hypothesis import settings

settings.register_profile("book", derandomize=True, deadline=None, max_examples=50)
settings.load_profile("book")
