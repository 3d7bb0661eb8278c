"""The ordinary ballot's own way in, past everything that Flask does for a request.

While a poll is popular nearly every request is a well-formed ballot from a page that may vote, and
Flask's contexts, routing and signals cost more than the vote itself. This WSGI layer answers such
ballots by the same functions as the view, `public.cast_ballot`. It says nothing of what is wrong:
whatever it does not take it hands on to Flask as it came; and where casting failed, the view raises
that failure instead of casting again.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from service.domain import polls, voters
from service.records import Poll
from service.web import bodies, headers, origins, public
from service.web.current import Service

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX, SUFFIX = "/v1/polls/", "/ballots"
LONGEST_LENGTH = 10
PHRASES = {200: "200 OK", 201: "201 CREATED"}


class Lane:
    """WSGI in front of the app."""

    def __init__(self, app: "WSGIApplication", service: Service) -> None:
        self._app = app
        self._service = service

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer an ordinary ballot; hand anything else on."""
        answer = self._answer(environ) if _may_be_ballot(environ) else None
        if answer is None:
            return self._app(environ, start_response)
        status, body = answer
        start_response(PHRASES[status], _headers(environ["HTTP_ORIGIN"], len(body)))
        return [body]

    def _answer(self, environ: "WSGIEnvironment") -> tuple[int, bytes] | None:
        """Status and body, or nothing where the ballot is not ordinary or is refused."""
        try:
            poll = polls.find(
                self._service.stores, environ["PATH_INFO"][len(PREFIX) : -len(SUFFIX)]
            )
            if not origins.may_vote(poll, environ["HTTP_ORIGIN"], self._service.settings):
                return None
            body = bodies.load(public.ballot_schema, bodies.parse(_read(environ)))
        except Exception:  # a refusal or a defect: the view comes to the same and answers it
            return None
        return self._cast(environ, poll, body)

    def _cast(
        self, environ: "WSGIEnvironment", poll: Poll, body: dict[str, Any]
    ) -> tuple[int, bytes] | None:
        network = voters.network_of(environ.get("REMOTE_ADDR"))
        try:
            country = self._service.country_of(environ)
            return public.cast(self._service, poll, body, network, country)
        except Exception as refusal:
            environ[public.REFUSAL] = refusal
            return None


def _may_be_ballot(environ: "WSGIEnvironment") -> bool:
    """Whether method, path and headers are those of a ballot as the widget sends it."""
    return (
        environ["REQUEST_METHOD"] == "POST"
        and environ["PATH_INFO"].startswith(PREFIX)
        and environ["PATH_INFO"].endswith(SUFFIX)
        and environ.get("CONTENT_TYPE") == "application/json"
        and "HTTP_ORIGIN" in environ
        and "HTTP_CONTENT_ENCODING" not in environ
        and 0 < _length(environ) <= bodies.LARGEST_BYTES
    )


def _length(environ: "WSGIEnvironment") -> int:
    length = environ.get("CONTENT_LENGTH", "")
    return int(length) if length.isdecimal() and len(length) < LONGEST_LENGTH else 0


def _read(environ: "WSGIEnvironment") -> bytes:
    """The body, which stays there to be read again."""
    body: bytes = environ["wsgi.input"].read(_length(environ))
    environ["wsgi.input"] = BytesIO(body)
    return body


def _headers(origin: str, length: int) -> list[tuple[str, str]]:
    """The headers that the view's answer gets from all who add some."""
    return [
        ("Content-Type", "application/json"),
        ("Content-Length", str(length)),
        ("Cache-Control", public.PRIVATE),
        *headers.EVERYWHERE.items(),
        *origins.vote_headers(origin).items(),
    ]
