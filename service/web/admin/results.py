"""A poll's results as its owners see them, live."""

from collections.abc import Callable
from typing import Any, TypedDict

from flask import Blueprint, Response, g, request

from service.domain import breakdowns, results
from service.domain.timelines import SECONDS, Bucket, Timeline
from service.records import DuplicatePolicy, Permission, Poll, ResultsVisibility, Status
from service.web import current, html, zones
from service.web.admin import access, here

OVER = (Status.CLOSED, Status.ARCHIVED)
WHO_SEES = {
    ResultsVisibility.ALWAYS: "Readers see the results at any time.",
    ResultsVisibility.AFTER_VOTE: "Readers see the results once they have voted.",
    ResultsVisibility.AFTER_CLOSE: "Readers see the results when voting has closed.",
    ResultsVisibility.OWNERS: "Readers do not see the results.",
}
HOW_STRONG = {
    DuplicatePolicy.DEVICE: "A second vote is recognised by the reader's browser; "
    "who clears its storage can vote again.",
    DuplicatePolicy.NETWORK: "One vote counts from each network; "
    "people who share an address share a vote.",
    DuplicatePolicy.DEVICE_AND_NETWORK: "A second vote is recognised by the reader's browser, "
    "and each network has a limit.",
    DuplicatePolicy.ACCOUNT: "One vote counts of each account that the site's own server vouches "
    "for.",
    DuplicatePolicy.NONE: "A second vote is not recognised: anybody can vote many times.",
}

blueprint = Blueprint("results", __name__, url_prefix="/sites/<site>/polls/<slug>/results")


class Drawn(TypedDict):
    """What the chart is drawn from: each bar's beginning, name and ballots."""

    step_seconds: int
    times: list[int]
    labels: list[str]
    ballots: list[int]


@blueprint.get("")
def show(site: str, slug: str) -> Response:
    """The whole page; its two parts keep up by themselves."""
    poll = here.poll_here(slug, Permission.RESULTS_READ)
    return html.page(
        "admin/results.html",
        poll=poll,
        who_sees=WHO_SEES[poll.results_visibility],
        how_strong=HOW_STRONG[poll.duplicate_policy],
        **{**_figures(poll), **_breakdown(poll)},
    )


@blueprint.get("/figures")
def show_figures(site: str, slug: str) -> Response:
    """The part that changes with each vote."""
    return _part(slug, "admin/parts/figures.html", _figures)


@blueprint.get("/breakdown")
def show_breakdown(site: str, slug: str) -> Response:
    """The part that takes the ballots apart, which costs more."""
    return _part(slug, "admin/parts/breakdown.html", _breakdown)


@blueprint.get("/over-time")
def show_over_time(site: str, slug: str) -> dict[str, Any]:
    """What the chart is drawn from."""
    g.looks_by_itself = True
    poll = here.poll_here(slug, Permission.RESULTS_READ)
    return dict(_drawn(results.over_time(current.stores(), access.actor(), poll.slug)))


def _part(slug: str, template: str, values: Callable[[Poll], dict[str, Any]]) -> Response:
    """A part of the page for who has it and looks whether it has changed."""
    g.looks_by_itself = True
    poll = here.poll_here(slug, Permission.RESULTS_READ)
    response = html.page(template, poll=poll, **values(poll))
    response.add_etag()
    response.make_conditional(request)
    return response


def _figures(poll: Poll) -> dict[str, Any]:
    stores, actor, now = current.stores(), access.actor(), current.now()
    found = results.for_owners(stores, actor, poll.slug, now)
    return {
        "results": found,
        "standing": found.status,
        "over": found.status in OVER,
        "apart": results.apart(stores, actor, poll.slug),
    }


def _breakdown(poll: Poll) -> dict[str, Any]:
    stores, actor = current.stores(), access.actor()
    timeline = results.over_time(stores, actor, poll.slug)
    drawn = _drawn(timeline)
    rows = [(name, n) for name, n in zip(drawn["labels"], drawn["ballots"], strict=True) if n]
    return {
        "over": poll.status_at(current.now()) in OVER,
        "bucket": timeline.bucket,
        "rows": rows,
        "busiest": max(rows, key=lambda row: row[1], default=None),
        "pages": breakdowns.by_page(stores, actor, poll.slug),
        "countries": breakdowns.by_country(stores, actor, poll.slug),
    }


def _drawn(timeline: Timeline) -> Drawn:
    name = zones.local_day if timeline.bucket is Bucket.DAY else zones.local
    return {
        "step_seconds": SECONDS[timeline.bucket],
        "times": [int(start.timestamp()) for start in timeline.starts],
        "labels": [name(start, timeline.timezone) for start in timeline.starts],
        "ballots": list(timeline.ballots),
    }
