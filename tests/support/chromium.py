"""Debian's Chromium, driven by Playwright."""

import os
import shutil
from pathlib import Path

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


def program() -> Path:
    """What starts Chromium; a machine without one cannot say whether the widget works."""
    found = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    assert found, "Chromium is missing: apt-get install chromium, or name it in CHROMIUM"
    return Path(__file__).with_name("chromium.sh")
