"""The browser of the tests; `python -m tests.site.browser` gets one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
MISSING = ("The site's tests need a browser and found none: install Chromium or Chrome, "
           "or run `.venv/bin/python -m playwright install chromium`.")


def find(playwright: Playwright) -> str | None:
    """The system's Chromium or Chrome, else Playwright's own, else None."""
    own = playwright.chromium.executable_path
    return next(filter(None, map(shutil.which, NAMES)), None) or (own if Path(own).is_file() else None)


def launch(playwright: Playwright, environment: dict[str, str] | None = None) -> Browser:
    """A running browser, in `environment` if given; RuntimeError with one clear sentence where there is none."""
    path = find(playwright)
    if path is None:
        raise RuntimeError(MISSING)
    return playwright.chromium.launch(executable_path=path, args=FLAGS, env=environment)


def hold_the_clock(page) -> None:
    """From here on the page's time passes only by `page.clock.run_for(milliseconds)`: a slow machine skips no frame."""
    page.clock.install(time=0)
    page.clock.pause_at(1)


def main() -> None:
    """Get a browser where none is: from the package manager where it may install, else Playwright's download."""
    attempts = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        attempts.insert(0, ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"])
    for attempt in [None, *attempts]:
        if attempt:
            subprocess.run(attempt, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with sync_playwright() as playwright:
            if path := find(playwright):
                print(f"Tests drive {path}")
                return
    sys.exit(MISSING)


if __name__ == "__main__":
    main()
