"""Debian's Chromium, driven by Playwright."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def launch(playwright: Playwright) -> Browser:
    """A headless browser; a machine without one cannot say whether the widget works."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert program, "Chromium is missing: apt-get install chromium, or name it in CHROMIUM"
    return playwright.chromium.launch(executable_path=program, args=FLAGS)
