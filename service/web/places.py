"""Polls by their place: where a page shows a site's latest, current or a random poll."""

from typing import cast

from flask import Blueprint, Response, abort, redirect, request

from service.domain import places
from service.records import Place, Poll
from service.web import current, html, public
from service.web.blueprints import ApiBlueprint
from service.web.current import Service
from service.web.public import LOCALE_WITH_TEXTS, POLL_CACHE, Environ
from service.web.rendering import Answer, response
from service.web.schemas.polls import PollSchema

blueprint = Blueprint("places", __name__, url_prefix="/sites/<site>")
api_blueprint = ApiBlueprint(
    "places_api",
    __name__,
    url_prefix="/v1/sites/<site>/polls",
    description="For readers: the poll that a place shows.",
)


@blueprint.get("/<place>")
def lead_to_poll(site: str, place: str) -> Response:
    """Lead to the page of the poll that the place shows now, in the language that is asked for."""
    poll = _poll_at(current.service(), site, _named(place))
    html.speak(poll.locale)
    answer = redirect(html.at(f"/polls/{poll.slug}"), 302, Response)
    answer.headers["Cache-Control"] = POLL_CACHE
    return cast(Response, answer)


@api_blueprint.get("/<place>")
@api_blueprint.answers(
    api_blueprint.response(200, PollSchema, description="The poll's definition."),
    api_blueprint.alt_response(304, description="The reader has this definition.", success=True),
    api_blueprint.doc(parameters=[LOCALE_WITH_TEXTS]),
    p404="`site_not_found`, `poll_not_found` where the site has none to show",
    p503="`temporarily_unavailable`, with `Retry-After`",
)
def show_poll_at(site: str, place: str) -> Response:
    """Show the poll of a place."""
    return response(read_poll_at(public.running(), site, _named(place), request.environ))


def read_poll_at(service: Service, site: str, place: Place, environ: Environ) -> Answer:
    """The definition of the poll that the site's place shows now.

    Raises SiteNotFound, PollNotFound, TemporarilyUnavailable.
    """
    return public.definition(service, _poll_at(service, site, place), environ)


def _poll_at(service: Service, site: str, place: Place) -> Poll:
    return places.poll_at(service.stores, site, place, service.clock())


def _named(place: str) -> Place:
    """The place of that name; others are no addresses of ours."""
    try:
        return Place(place)
    except ValueError:
        abort(404)
