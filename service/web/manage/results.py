"""Results as owners see them, read by programs."""

from typing import Any

from flask import Response

from service.domain import breakdowns, results
from service.records import BallotStatus, Permission
from service.web import auth, current
from service.web.blueprints import ProgramsBlueprint
from service.web.manage import answers
from service.web.manage.schemas.results import (
    ApartSchema,
    ByCountrySchema,
    ByPageSchema,
    TimelineQuery,
    TimelineSchema,
)
from service.web.queries import naming
from service.web.schemas.results import ResultsSchema

blueprint = ProgramsBlueprint(
    "results",
    __name__,
    url_prefix="/v1/polls/<slug>/results",
    description="For programs: results with all counts, whatever readers may see.",
)
results_schema = ResultsSchema()
timeline_schema = TimelineSchema()
by_page_schema = ByPageSchema()
by_country_schema = ByCountrySchema()
apart_schema = ApartSchema()


@blueprint.get("/full")
@blueprint.needs(
    Permission.RESULTS_READ,
    blueprint.shows(ResultsSchema, "The results with all counts."),
    p404="`poll_not_found`",
)
def show_full_results(slug: str) -> Response:
    """Show a poll's results, whatever readers may see of them."""
    found = results.for_owners(current.stores(), auth.actor(), slug, current.now())
    return answers.shown(results_schema, found, f"{found.revision}-")


@blueprint.get("/over-time")
@blueprint.needs(
    Permission.RESULTS_READ,
    blueprint.shows(TimelineSchema, "Counted ballots and votes over time, seconds old at most."),
    p404="`poll_not_found`",
)
@blueprint.arguments(TimelineQuery(), location="query")
def show_timeline(query: dict[str, Any], slug: str) -> Response:
    """Show a poll's votes over time."""
    with naming("bucket"):
        found = results.over_time(current.stores(), auth.actor(), slug, query["bucket"])
    return answers.shown(timeline_schema, found)


@blueprint.get("/by-page")
@blueprint.needs(
    Permission.RESULTS_READ,
    blueprint.shows(ByPageSchema, "Counted ballots by page, seconds old at most."),
    p404="`poll_not_found`",
)
def show_pages(slug: str) -> Response:
    """Show on which pages a poll's ballots were cast."""
    found = breakdowns.by_page(current.stores(), auth.actor(), slug)
    return answers.shown(by_page_schema, found)


@blueprint.get("/by-country")
@blueprint.needs(
    Permission.RESULTS_READ,
    blueprint.shows(ByCountrySchema, "Counted ballots by country, seconds old at most."),
    p404="`poll_not_found`",
)
def show_countries(slug: str) -> Response:
    """Show from which countries a poll's ballots were cast."""
    found = breakdowns.by_country(current.stores(), auth.actor(), slug)
    return answers.shown(by_country_schema, found)


@blueprint.get("/apart")
@blueprint.needs(
    Permission.RESULTS_READ,
    blueprint.shows(ApartSchema, "How many ballots are in no result."),
    p404="`poll_not_found`",
)
def show_ballots_apart(slug: str) -> Response:
    """Show how many of a poll's ballots are held or void."""
    found = results.apart(current.stores(), auth.actor(), slug)
    held, void = (found.get(status, 0) for status in (BallotStatus.HELD, BallotStatus.VOID))
    return answers.shown(apart_schema, {"poll": slug, "held": held, "void": void})
