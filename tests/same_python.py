"""Whether stored numbers were made with the text that is read here: Python's documentation goes with its version."""

import platform


def same_python(stored: dict) -> bool:
    """Whether a table or a model's card was made with the minor version of Python that runs."""
    return stored["versions"]["python"].split(".")[:2] == platform.python_version().split(".")[:2]
