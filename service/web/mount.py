"""The service under a path of somebody's site: `https://news.example.org/voxpop`.

Inside, every address is one below the root (`/polls/crops`); here the path comes off what is asked
for, and onto what is told. Which path that is the operator says, in the public URL; no header does.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response

from service.web import current

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Attributes of our own templates that hold addresses; in texts a quote is escaped.
ADDRESS = re.compile(
    r'(?<=\s)((?:href|src|action|formaction|hx-(?:get|post)|data-[a-z-]+)=")(?=/(?!/))'
)
REDIRECTS = ("Location", "HX-Redirect")


class Mount:
    """WSGI in front of the app, for a proxy that passes the path on; one that cuts it off is as
    good."""

    def __init__(self, app: "WSGIApplication", path: str) -> None:
        self._app = app
        self._path = path

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Hand the request on as one below the root."""
        asked: str = environ["PATH_INFO"]
        if asked == self._path or asked.startswith(f"{self._path}/"):
            environ["PATH_INFO"] = asked[len(self._path) :] or "/"
        environ["SCRIPT_NAME"] = self._path
        return self._app(environ, start_response)


def register(app: Flask) -> None:
    """Lead browsers to addresses under the path."""
    app.after_request(_redirect_under)


def under(address: str) -> str:
    """The address of ours as it is seen from outside: `/voxpop/polls/crops`."""
    return f"{current.settings().public_path}{address}"


def in_page(page: str) -> str:
    """The page with the path in all of its addresses, so that no template can forget it."""
    path = current.settings().public_path
    return ADDRESS.sub(rf"\1{path}", page) if path else page


def _redirect_under(response: Response) -> Response:
    for name in REDIRECTS:
        address = response.headers.get(name, "")
        if address.startswith("/") and not address.startswith("//"):
            response.headers[name] = under(address)
            if response.mimetype == "text/html":  # the page that is shown where nobody is led
                response.set_data(in_page(response.get_data(as_text=True)))
    return response
