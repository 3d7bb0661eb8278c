"""The one place that turns errors into HTTP: RFC 9457 problems, or a page where a reader looks."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import orjson
from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from service import errors
from service.phrases import Phrase
from service.web import bodies, catalogues, current, html, mount, rendering
from service.web.rendering import Answer

STATUSES: dict[type[errors.VoxpopError], HTTPStatus] = {
    errors.MalformedJson: HTTPStatus.BAD_REQUEST,
    errors.BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.UnsupportedMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.FormatNotOffered: HTTPStatus.NOT_IMPLEMENTED,  # as oEmbed has it
    errors.ValidationError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.InvalidChoice: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.BallotIdReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.PollNotFound: HTTPStatus.NOT_FOUND,
    errors.PollReplaced: HTTPStatus.NOT_FOUND,
    errors.SiteNotFound: HTTPStatus.NOT_FOUND,
    errors.BallotNotFound: HTTPStatus.NOT_FOUND,
    errors.KeyNotFound: HTTPStatus.NOT_FOUND,
    errors.SigningKeyNotFound: HTTPStatus.NOT_FOUND,
    errors.OwnerNotFound: HTTPStatus.NOT_FOUND,
    errors.NotSignedIn: HTTPStatus.UNAUTHORIZED,
    errors.SignInFailed: HTTPStatus.UNAUTHORIZED,
    errors.FormExpired: HTTPStatus.FORBIDDEN,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.SlugTaken: HTTPStatus.CONFLICT,
    errors.EmailTaken: HTTPStatus.CONFLICT,
    errors.SigningKeysFull: HTTPStatus.CONFLICT,
    errors.LastAdmin: HTTPStatus.CONFLICT,
    errors.PollHasBallots: HTTPStatus.CONFLICT,
    errors.StatusConflict: HTTPStatus.CONFLICT,
    errors.StillUnderWay: HTTPStatus.CONFLICT,
    errors.StaleEdit: HTTPStatus.PRECONDITION_FAILED,
    errors.VersionMissing: HTTPStatus.PRECONDITION_REQUIRED,
    errors.IdempotencyKeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.OriginNotAllowed: HTTPStatus.FORBIDDEN,
    errors.ResultsHidden: HTTPStatus.FORBIDDEN,
    errors.VoterTokenMissing: HTTPStatus.FORBIDDEN,
    errors.VoterTokenExpired: HTTPStatus.FORBIDDEN,
    errors.VoterTokenInvalid: HTTPStatus.FORBIDDEN,
    errors.AlreadyVoted: HTTPStatus.CONFLICT,
    errors.PollNotOpen: HTTPStatus.CONFLICT,
    errors.PollClosed: HTTPStatus.CONFLICT,
    errors.RateLimited: HTTPStatus.TOO_MANY_REQUESTS,
    errors.TemporarilyUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.PollChanged: HTTPStatus.SERVICE_UNAVAILABLE,
}
# Our own words where Werkzeug's speak of servers and spelling.
DETAILS = {
    HTTPStatus.NOT_FOUND: Phrase("There is nothing at this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: Phrase("This address does not take such a request."),
}
OTHER_CODES = (
    (404, "not_found", "There is nothing at this address."),
    (405, "method_not_allowed", "The header Allow says which methods there are."),
    (500, "internal_error", "Something went wrong on our side."),
)
WITH_FAULTS = (errors.ValidationError, errors.PollHasBallots, errors.VoterTokenInvalid)
# Where a view leaves the entity tag that stands, for whoever edits by an older one.
CURRENT_ETAG = "voxpop.current_etag"
MOST_FAULTS = 20
PROBLEM = "application/problem+json"
log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Answer every error of the app from here."""
    app.register_error_handler(errors.VoxpopError, on_voxpop_error)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(Exception, on_defect)


def on_voxpop_error(error: errors.VoxpopError) -> Response:
    """The answer to an error of ours."""
    if isinstance(error, errors.NotSignedIn) and _may_be_led():
        return _to_sign_in()
    extra: dict[str, Any] = {}
    headers: dict[str, str] = {}
    if isinstance(error, WITH_FAULTS):
        extra["errors"] = [
            {"pointer": fault.pointer, "detail": fault.detail}
            for fault in error.errors[:MOST_FAULTS]
        ]
    if isinstance(error, errors.TryLater):
        headers["Retry-After"] = str(error.retry_after_seconds)
    if isinstance(error, errors.NotSignedIn) and not current.is_admin():
        headers["WWW-Authenticate"] = "Bearer"
    if CURRENT_ETAG in request.environ:
        headers["ETag"] = request.environ[CURRENT_ETAG]
    return answer(STATUSES[type(error)], error.code, str(error), extra, headers)


def on_http_error(error: HTTPException) -> Response:
    """The answer to what Flask and Werkzeug refuse by themselves."""
    status = HTTPStatus(error.code or 500)
    if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return on_voxpop_error(_too_large())
    if status is HTTPStatus.NOT_FOUND and request.path.startswith("/v1/polls/"):
        return on_voxpop_error(errors.PollNotFound())
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Location")}
    code = status.phrase.lower().replace(" ", "_").replace("-", "_")
    detail = DETAILS.get(status) or error.description or status.phrase
    return answer(status, code, detail, {}, kept)


def _too_large() -> errors.BodyTooLarge:
    """The refusal, which names the limit of the request."""
    most = request.max_content_length or bodies.LARGEST_BYTES
    if current.is_admin():
        return errors.BodyTooLarge(f"This form is larger than {most // 1000} kB. Nothing is saved.")
    return bodies.too_large(most)


def on_defect(error: Exception) -> Response:
    """The answer to a defect of ours: no trace of it to the caller, all of it to the log."""
    response = answer(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal_error",
        Phrase("Something went wrong on our side."),
    )
    log.error("Request %s failed", response.headers["X-Request-Id"], exc_info=error)
    return response


def answer(
    status: HTTPStatus,
    code: str,
    detail: str,
    extra: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """An error answer: a page where a browser asks for one, a problem document elsewhere."""
    if reader_looks():
        if html.LANGUAGE not in request.environ and not current.is_admin():
            html.speak(catalogues.SOURCE)
        words = {"title": status.phrase, "code": code, "detail": detail}
        page = render_template(_template(), status=status.value, **words)
        response = Response(mount.in_page(page), status.value, mimetype="text/html")
    else:
        path = current.settings().public_path
        return rendering.response(problem(path, status, code, detail, extra, headers))
    response.headers.update({**_every_errors_headers(), **(headers or {})})
    return response


def problem(
    path: str,
    status: HTTPStatus,
    code: str,
    detail: str,
    extra: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """A problem document (RFC 9457) of a service that stands under the path."""
    every = _every_errors_headers()
    document = {
        "type": f"{path}/docs#{code}",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "code": code,
        "request_id": every["X-Request-Id"],
        **(extra or {}),
    }
    said = {"Content-Type": PROBLEM, **every, **(headers or {})}
    return Answer(status.value, said, orjson.dumps(document))


def _every_errors_headers() -> dict[str, str]:
    return {"Cache-Control": "no-store", "X-Request-Id": uuid4().hex}


def _template() -> str:
    """An owner sees an error within the pages they work in."""
    return "admin/error.html" if "admin" in request.blueprints else "error.html"


def _may_be_led() -> bool:
    """Whether an owner's browser takes the answer; a script that looks by itself must be told."""
    return current.is_admin() and (reader_looks() or "HX-Request" in request.headers)


def _to_sign_in() -> Response:
    """An owner whose session has ended signs in and comes back to the page they asked for."""
    asked = request.full_path.rstrip("?") if request.method == "GET" else current.ADMIN
    response = html.see_other(f"{current.ADMIN}/sign-in?{urlencode({'next': asked})}")
    if request.headers.get("HX-Request"):  # htmx would put the page into a corner of this one
        response.status_code = HTTPStatus.UNAUTHORIZED
        response.headers["HX-Redirect"] = response.headers.pop("Location")
    return response


def reader_looks() -> bool:
    """Whether the answer is for a person: outside the API, and HTML is asked for by name."""
    return not request.path.startswith("/v1/") and request.accept_mimetypes.quality("text/html") > (
        request.accept_mimetypes.quality("application/json")
    )


def problem_example(code: str) -> dict[str, Any]:
    """What a problem document of the code looks like."""
    error, status = next(pair for pair in STATUSES.items() if pair[0].code == code)
    fault = {"pointer": "/answers/q1", "detail": "Choose an answer."}
    invalid = issubclass(error, errors.ValidationError)
    return {
        "type": f"/docs#{code}",
        "title": status.phrase,
        "status": status.value,
        "detail": fault["detail"] if invalid else error.detail,
        "code": code,
        "request_id": "4be0643f1d98573b97cdca98a65347dd",
        **({"errors": [fault]} if invalid else {}),
    }
