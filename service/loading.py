"""What the web server loads in each web process."""

import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def web_app() -> "Flask":
    """The app.

    Until it is loaded the process has its parent's signal handlers, which would only note that it
    was told to end, and the parent would wait in vain. It has nothing in hand yet: it just ends.
    """
    for told_to_end in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told_to_end, signal.SIG_DFL)
    from wsgi import app

    return app
