"""Results and ballots as files, from the owners' pages."""

from flask import Blueprint, Response, request

from service.domain import exports
from service.domain.exports import EVERY_BALLOT, What
from service.domain.sheets import Format
from service.errors import FieldError, ValidationError
from service.records import BallotFilter, Permission
from service.web import current
from service.web.admin import access, ballots, here
from service.web.downloads import download

blueprint = Blueprint("exports", __name__, url_prefix="/sites/<site>/polls/<slug>/exports")


@blueprint.get("/results")
def send_results(site: str, slug: str) -> Response:
    """A row for each choice."""
    poll = here.poll_here(slug, Permission.RESULTS_READ)
    return _file(poll.slug, What.RESULTS, EVERY_BALLOT)


@blueprint.get("/ballots")
def send_ballots(site: str, slug: str) -> Response:
    """A row for each ballot that passes the log's filter, however many they are."""
    poll = here.poll_here(slug, Permission.BALLOTS_READ)
    return _file(poll.slug, What.BALLOTS, ballots.filter_of(ballots.asked(), poll))


def _file(slug: str, what: What, wanted: BallotFilter) -> Response:
    stores, actor, now = current.stores(), access.actor(), current.now()
    return download(exports.export(stores, actor, slug, what, _format(), now, wanted))


def _format() -> Format:
    """Raises ValidationError."""
    try:
        return Format(request.args.get("format", "csv"))
    except ValueError:
        raise ValidationError(FieldError("/format", "Choose csv, xlsx or json.")) from None
