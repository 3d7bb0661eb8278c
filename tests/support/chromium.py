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
    """A headless browser."""
    return playwright.chromium.launch(executable_path=program(), args=FLAGS)


def program() -> str:
    """Where Chromium is; a machine without one cannot say whether the widget works."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert found, "Chromium is missing: apt-get install chromium, or name it in CHROMIUM"
    return found
