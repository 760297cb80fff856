"""Shared test set-up: property tests that give the same answer on every run and on a busy machine."""

from hypothesis import settings

settings.register_profile("book", derandomize=True, deadline=None, max_examples=50)
settings.load_profile("book")


def pytest_collection_modifyitems(items):
    """The long tests first: at the end they would keep one worker busy while the others have nothing left."""
    items.sort(key=lambda item: "slow" not in item.keywords)
