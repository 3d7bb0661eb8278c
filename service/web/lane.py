"""The hot calls' own way in, past everything that Flask does for a request.

While a poll is popular nearly every request is one of three: the poll (by its name or its place),
its results, a well-formed ballot from a page that may vote; and Flask's contexts, routing and
signals cost more than the call itself. This WSGI layer answers them by the same functions as the
views. It says nothing of what is wrong, but to voters who come again: whatever it does not take it
hands on to Flask as it came; and what it comes to refuse the view refuses, instead of trying again.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

from service.domain import polls
from service.records import Place
from service.web import bodies, headers, origins, places, public
from service.web.current import Service
from service.web.rendering import JSON, Answer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

VERSION = "v1"
SHORTEST = 4  # `/v1/polls/crops` in parts
LONGEST_LENGTH = 10
PHRASES = {200: "200 OK", 201: "201 CREATED", 304: "304 NOT MODIFIED", 409: "409 CONFLICT"}
Reply = tuple[Answer, Mapping[str, str]]
"""An answer and the CORS headers that go with it."""
Call = Callable[[str, "WSGIEnvironment"], Reply | None]
"""Answers a request about the poll or the site with the slug, or leaves it to Flask."""


class Lane:
    """WSGI in front of the app."""

    def __init__(self, app: "WSGIApplication", service: Service) -> None:
        self._app = app
        self._service = service
        self._calls: Mapping[tuple[str, ...], Call] = {
            ("GET", "polls"): self._read_poll,
            ("GET", "polls", "results"): self._read_results,
            ("POST", "polls", "ballots"): self._cast,
            **{
                ("GET", "sites", "polls", place.value): partial(self._read_poll_at, place)
                for place in Place
            },
        }

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a hot call; hand anything else on."""
        reply = self._reply(environ)
        if reply is None:
            return self._app(environ, start_response)
        answer, cors = reply
        start_response(PHRASES[answer.status], _headers(answer, cors))
        return [answer.body]

    def _reply(self, environ: "WSGIEnvironment") -> Reply | None:
        """The reply, or nothing where the call is another or is refused."""
        path: str = environ["PATH_INFO"]
        parts = path.split("/")
        if len(parts) < SHORTEST or parts[1] != VERSION:
            return None
        _, _, nouns, slug, *rest = parts
        method: str = environ["REQUEST_METHOD"]
        if method == "GET" and _has_body(environ):
            return None  # unread, it would take the connection's next request with it
        call = self._calls.get((method, nouns, *rest))
        try:
            return call and call(slug, environ)
        except Exception as refusal:  # or a defect, which the view answers as any other
            environ[public.REFUSAL] = refusal
            return None

    def _read_poll(self, slug: str, environ: "WSGIEnvironment") -> Reply:
        return public.read_poll(self._service, slug, environ), origins.READ_HEADERS

    def _read_poll_at(self, place: Place, site: str, environ: "WSGIEnvironment") -> Reply:
        answer = places.read_poll_at(self._service, site, place, environ)
        return answer, origins.READ_HEADERS

    def _read_results(self, slug: str, environ: "WSGIEnvironment") -> Reply:
        return public.read_results(self._service, slug, environ), origins.READ_HEADERS

    def _cast(self, slug: str, environ: "WSGIEnvironment") -> Reply | None:
        if not _may_be_ballot(environ):
            return None
        poll = polls.find_to_vote(self._service.stores, slug)
        origin = environ["HTTP_ORIGIN"]
        if not origins.may_vote(poll, origin, self._service.settings):
            return None
        body = bodies.load(public.ballot_schema, bodies.parse(_read(environ)))
        return public.cast(self._service, poll, body, environ), origins.vote_headers(origin)


def _has_body(environ: "WSGIEnvironment") -> bool:
    return environ.get("CONTENT_LENGTH", "") not in ("", "0") or "HTTP_TRANSFER_ENCODING" in environ


def _may_be_ballot(environ: "WSGIEnvironment") -> bool:
    """Whether the headers are those of a ballot as the widget sends it."""
    return (
        environ.get("CONTENT_TYPE") == "application/json"
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


def _headers(answer: Answer, cors: Mapping[str, str]) -> list[tuple[str, str]]:
    """The headers that the view's answer gets from all who add some."""
    length = {"Content-Type": JSON, "Content-Length": str(len(answer.body))}
    content = {} if answer.status == 304 else length
    return list({**content, **answer.headers, **headers.EVERYWHERE, **cors}.items())
