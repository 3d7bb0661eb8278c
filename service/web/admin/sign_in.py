"""Signing in and out."""

from flask import Blueprint, Response, request

from service.domain import sign_ins
from service.errors import RateLimited, SignInFailed
from service.web import current, html
from service.web.admin import access
from service.web.errors import STATUSES

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/sign-in")
def show() -> Response:
    """The form, or the page that was asked for where somebody is signed in already."""
    if access.is_signed_in():
        return html.see_other(_next())
    return html.page("admin/sign_in.html", email="", next=_next())


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
        return _refused(error, email)
    access.sign_in(owner)
    return html.see_other(_next())


@blueprint.post("/sign-out")
def leave() -> Response:
    """End this session."""
    access.sign_out()
    return html.see_other(f"{current.ADMIN}/sign-in")


def _refused(error: SignInFailed | RateLimited, email: str) -> Response:
    status = STATUSES[type(error)]
    response = html.page(
        "admin/sign_in.html", status=status, email=email, next=_next(), refusal=str(error)
    )
    if isinstance(error, RateLimited):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def _next() -> str:
    """Where to go then: a page of the owners' own, whatever the address asks for."""
    asked = request.values.get("next", "")
    own = asked.startswith(f"{current.ADMIN}/") and "\\" not in asked and asked.isprintable()
    return asked if own else current.ADMIN
