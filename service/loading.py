"""What the web server loads in each web process."""

import gc
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

NEW_OBJECTS = 20_000


def web_app() -> "Flask":
    """The app.

    Until it is loaded the process has its parent's signal handlers, which would only note that it
    was told to end, and the parent would wait in vain. It has nothing in hand yet: it just ends.
    """
    for told_to_end in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told_to_end, signal.SIG_DFL)
    from wsgi import app

    _collect_seldom()
    return app


def _collect_seldom() -> None:
    """Look for garbage less often, and not among what stays as long as the process does: looking
    for it was an eighth of what a vote cost, and nearly all that a request makes goes without."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
