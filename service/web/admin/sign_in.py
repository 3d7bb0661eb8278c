"""Signing in and out."""

from typing import Any

from flask import Blueprint, Response, request

from service.domain import sign_ins
from service.errors import (
    FormExpired,
    NotSignedIn,
    RateLimited,
    SignInFailed,
    TemporarilyUnavailable,
    TryLater,
)
from service.web import current, errors, html
from service.web.admin import access, kept

SESSION_ENDED = "Your session has ended. What you wrote is kept: sign in, then save it."
KEPT = "What you sent is kept on this page."
UNKNOWN = (
    "It may have been done, and only our answer been lost. If it was to make something new, look "
    "first whether it is there: sent again, it would be made twice."
)
OUT_OF_DATE = (
    "This page was out of date, or your browser keeps no cookies of ours. Please sign in once more."
)

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/sign-in")
def show() -> Response:
    """The form, or the page that was asked for where somebody is signed in already."""
    if access.is_signed_in():
        return html.see_other(_next())
    return _page(200)


@blueprint.post("/sign-in")
def enter() -> Response:
    """Begin a session of whoever knows the password."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    service = current.service()
    try:
        owner = sign_ins.sign_in(
            service.stores,
            service.network_secret,
            email,
            password,
            current.network(),
            current.now(),
        )
    except (SignInFailed, RateLimited) as error:
        return _refused(error)
    access.sign_in(owner)
    fields = kept.carried()
    if fields:
        return kept.page(fields, _next(), status=200, heading="You are signed in again")
    return html.see_other(_next())


@blueprint.post("/sign-out")
def leave() -> Response:
    """End this session."""
    access.sign_out()
    return html.see_other(f"{current.ADMIN}/sign-in")


def on_not_signed_in(error: NotSignedIn) -> Response:
    """The answer to whoever has no session any more: what they wrote waits for them to sign in."""
    fields = kept.sent() if errors.reader_looks() else ()
    if not fields:
        return errors.on_voxpop_error(error)
    return _page(401, kept=fields, next=_path(), refusal=SESSION_ENDED)


def on_form_expired(error: FormExpired) -> Response:
    """The answer to a form with an old token: it waits to be sent again with a new one."""
    if request.endpoint == "admin.sign_in.enter":
        return _page(403, refusal=OUT_OF_DATE)
    fields = kept.sent() if errors.reader_looks() else ()
    if not fields:
        return errors.on_voxpop_error(error)
    return kept.page(fields, _path(), status=403, heading="This page was out of date")


def on_unavailable(error: TemporarilyUnavailable) -> Response:
    """The answer to a form that a store was away for: it waits to be sent again."""
    if request.endpoint == "admin.sign_in.enter":
        return _refused(error)
    fields = kept.sent() if errors.reader_looks() else ()
    if not fields:
        return errors.on_voxpop_error(error)
    words = {"lead": f"{error} {KEPT}", "note": UNKNOWN, "button": "Send it again"}
    response = kept.page(fields, _path(), status=503, heading="This may not be done", **words)
    response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def _refused(error: SignInFailed | TryLater) -> Response:
    response = _page(errors.STATUSES[type(error)], refusal=str(error))
    if isinstance(error, TryLater):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def _page(status: int, **values: Any) -> Response:
    """The sign-in, with what it was sent and carries along."""
    email = request.form.get("email", "") if request.endpoint == "admin.sign_in.enter" else ""
    known = {"email": email, "next": _next(), "kept": kept.carried()}
    return html.page("admin/sign_in.html", status=status, **{**known, **values})


def _path() -> str:
    """Where the form was going."""
    return request.full_path.rstrip("?")


def _next() -> str:
    """Where to go then: a page of the owners' own, whatever the address asks for."""
    asked = request.values.get("next", "")
    own = asked.startswith(f"{current.ADMIN}/") and "\\" not in asked and asked.isprintable()
    return asked if own else current.ADMIN
