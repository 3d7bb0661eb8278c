"""The public API's documentation as a page, made from the OpenAPI document."""

import re

from flask import Blueprint, Response, current_app
from markupsafe import Markup, escape

from service.web import html, openapi
from service.web.errors import STATUSES
from service.web.pages import PLAIN_CACHE

blueprint = Blueprint("docs", __name__)


@blueprint.get("/docs")
def show_docs() -> Response:
    """The documentation of the public API."""
    spec = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    codes = ((status.value, error.code, error.detail) for error, status in STATUSES.items())
    return html.page(
        "docs.html",
        cache_control=PLAIN_CACHE,
        version=spec["info"]["version"],
        operations=tuple(openapi.operations(spec)),
        problem=openapi.body_of(spec, "Problem"),
        codes=sorted(codes),
    )


@blueprint.app_template_filter("code")
def code(text: str) -> Markup:
    """The text, with what stands between backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704
