"""The poll that a site's owners chose as its current one, read and chosen by programs."""

from flask import Response

from service.domain import places, sites
from service.records import CurrentPoll, Permission
from service.web import auth, current
from service.web.blueprints import ProgramsBlueprint
from service.web.manage import answers, versions
from service.web.manage.schemas.places import CurrentPollSchema
from service.web.rendering import Rendered

blueprint = ProgramsBlueprint(
    "current_poll",
    __name__,
    url_prefix="/v1/sites/<site>/current-poll",
    description="For programs: the site's current poll.",
)
current_poll_schema = CurrentPollSchema()


@blueprint.get("")
@blueprint.needs(
    Permission.POLLS_READ,
    blueprint.shows(CurrentPollSchema, "What the owners chose."),
    p404="`site_not_found`",
)
def show_current_poll(site: str) -> Response:
    """Show which poll the owners chose as the site's current one."""
    return answers.shown(current_poll_schema, _stands(site, Permission.POLLS_READ))


@blueprint.put("")
@blueprint.needs(
    Permission.POLLS_WRITE,
    blueprint.edits(CurrentPollSchema, "What is chosen now."),
    p404="`site_not_found`, `poll_not_found`",
)
@blueprint.arguments(current_poll_schema)
def choose_current_poll(wanted: CurrentPoll, site: str) -> Response:
    """Choose the site's current poll, or leave it to be the latest."""
    stores, actor = current.stores(), auth.actor()
    stands = _stands(site, Permission.POLLS_WRITE)
    versions.check(_rendered(stands))
    with versions.telling(lambda: _rendered(_stands(site, Permission.POLLS_WRITE))):
        found = stores.sites.find(site)
        places.choose(stores, actor, found, wanted, current.now(), versions.named(stands))
    return answers.done(current_poll_schema, wanted)


def _stands(site: str, permission: Permission) -> CurrentPoll:
    """Raises SiteNotFound, NotAllowed."""
    stores, actor = current.stores(), auth.actor()
    return places.current(stores, actor, sites.find(stores, actor, site, permission), permission)


def _rendered(chosen: CurrentPoll) -> Rendered:
    return answers.rendered(current_poll_schema, chosen)
