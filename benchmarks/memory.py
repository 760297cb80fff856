"""How much memory a call needs."""

import tracemalloc


def megabytes(function) -> float:
    """The most that a call allocates at any one moment, in 10⁶ bytes, as NumPy reports it to `tracemalloc`."""
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()
