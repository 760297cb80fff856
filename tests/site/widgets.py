"""What the tests of several widgets need: the numbers a reader sees, and sliders that are dragged."""

import pytest

both_languages = pytest.mark.parametrize("language", ["ko", "en"])


def number(text: str) -> float:
    """The number a reader sees: "−0.42", "1.34·10−4"."""
    return float(text.replace("−", "-").replace("·10", "e"))


def drag(slider, value: float):
    """Put a slider at `value` as a drag does."""
    slider.evaluate("(input, value) => { input.value = value; input.dispatchEvent(new Event('input', {bubbles: true})) }",
                    str(value))
