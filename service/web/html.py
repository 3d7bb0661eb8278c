"""Our HTML pages: how they are made, and the words and figures in them written."""

from datetime import datetime
from typing import cast

from flask import Flask, Response, redirect, render_template, request

from service.web import current, mount, zones

NO_STORE = "no-store"


def register(app: Flask) -> None:
    """Teach the templates to write figures and moments, and the page's public address."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        moment=moment,
        figure=figure,
        share=share,
        local=zones.local,
        local_second=zones.local_second,
        local_input=zones.local_input,
    )
    app.context_processor(lambda: {"public_url": current.settings().public_url})


def page(
    template: str, *, status: int = 200, cache_control: str = NO_STORE, **values: object
) -> Response:
    """The template's page; where it may be kept, with an ETag that names its bytes."""
    body = mount.in_page(render_template(template, **values))
    response = Response(body, status, mimetype="text/html")
    response.headers["Cache-Control"] = cache_control
    if status == 200 and cache_control != NO_STORE:
        response.add_etag()
        response.make_conditional(request)
    return response


def see_other(address: str) -> Response:
    """Have the browser go to the address, with GET, after a form."""
    response = cast(Response, redirect(address, 303, Response))
    response.headers["Cache-Control"] = NO_STORE
    return response


def moment(value: datetime, zone: str = "UTC") -> str:
    """`24 November 2026, 12:00 UTC`; in another zone, `24 November 2026, 17:30 (Asia/Kolkata)`. A
    page that is the same for all cannot know the reader's clocks, only the site's."""
    named = "UTC" if zone == "UTC" else f"({zone})"
    return f"{zones.shown(value, zone)} {named}"


def figure(value: int) -> str:
    """`12,345`."""
    return f"{value:,}"


def share(percent: float) -> str:
    """`40.7%`, with one decimal always, so that a column of them lines up."""
    return f"{percent:.1f}%"
