"""The API's documentation as a page, made from the OpenAPI document."""

import re

from flask import Blueprint, Response, current_app
from markupsafe import Markup, escape

from service.web import html, openapi
from service.web.blueprints import EVERYWHERE, WITH_BODY
from service.web.errors import OTHER_CODES, STATUSES, problem_example
from service.web.pages import PLAIN_CACHE

blueprint = Blueprint("docs", __name__)


@blueprint.get("/docs")
def show_docs() -> Response:
    """The documentation of the API."""
    spec = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    codes = [
        (status.value, error.code, error.detail)
        for error, status in STATUSES.items()
        if "code" in vars(error)  # one that has its parent's is the same to callers
    ]
    usual = [(key[1:], codes) for key, codes in {**EVERYWHERE, **WITH_BODY}.items()]
    return html.page(
        "docs.html",
        cache_control=PLAIN_CACHE,
        version=spec["info"]["version"],
        groups=tuple(openapi.groups(spec)),
        usual=usual,
        problem=openapi.written(problem_example("invalid_choice")),
        codes=sorted((*codes, *OTHER_CODES)),
    )


@blueprint.app_template_filter("code")
def code(text: str) -> Markup:
    """The text, with what stands between backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704
