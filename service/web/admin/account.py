"""The owner's own account: password, and the end of all sessions."""

from flask import Blueprint, Response, flash, request

from service.domain import owners, sign_ins
from service.errors import FieldError, SignInFailed, ValidationError
from service.web import current, html
from service.web.admin import access, form

ACCOUNT = f"{current.ADMIN}/account"

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("")
def show() -> Response:
    """The account's page."""
    return html.page("admin/account.html", errors={})


@blueprint.post("/password")
def change_password() -> Response:
    """Take a new password, which ends the owner's other sessions."""
    try:
        _change_password()
    except ValidationError as error:
        return html.page("admin/account.html", status=422, errors=form.errors_of(error))
    flash("Your password is changed. Your other sessions have ended.")
    return html.see_other(ACCOUNT)


@blueprint.post("/sign-out-everywhere")
def sign_out_everywhere() -> Response:
    """End all sessions of the owner, this one too."""
    owners.sign_out_everywhere(current.stores(), access.current_owner(), current.now())
    access.sign_out()
    flash("You are signed out everywhere.")
    return html.see_other(f"{current.ADMIN}/sign-in")


def _change_password() -> None:
    """Raises ValidationError, RateLimited."""
    service, owner, now = current.service(), access.current_owner(), current.now()
    given, new = request.form.get("current_password", ""), request.form.get("new_password", "")
    if new != request.form.get("again"):
        raise ValidationError(FieldError("/again", "The two new passwords differ."))
    try:
        sign_ins.confirm(
            service.stores, service.network_secret, owner, given, current.network(), now
        )
    except SignInFailed as error:
        raise ValidationError(FieldError("/current_password", str(error))) from None
    access.sign_in(owners.change_password(service.stores, owner, new, now))
