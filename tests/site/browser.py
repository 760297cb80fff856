"""A page's clock in the tests' hands."""


def hold_the_clock(page) -> None:
    """From here on the page's time passes only by `page.clock.run_for(milliseconds)`: a slow machine skips no frame."""
    page.clock.install(time=0)
    page.clock.pause_at(1)
