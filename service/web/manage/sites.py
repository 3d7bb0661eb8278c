"""The key's site, read and changed by programs. Sites are made by the operator."""

from flask import Response

from service.domain import sites
from service.records import Permission, Site, SiteDraft
from service.web import auth, current
from service.web.blueprints import ProgramsBlueprint
from service.web.manage import answers, versions
from service.web.manage.schemas.sites import SiteSchema, SitesSchema
from service.web.rendering import Rendered

blueprint = ProgramsBlueprint(
    "sites", __name__, url_prefix="/v1/sites", description="For programs: the key's site."
)
site_schema = SiteSchema()


@blueprint.get("")
@blueprint.needs(Permission.SITES_READ, blueprint.lists(SitesSchema, "The key's site, alone."))
def list_sites() -> Response:
    """List the sites that the key opens: one."""
    found = sites.list_for(current.stores(), auth.actor())
    return answers.page(site_schema, "sites", found)


@blueprint.get("/<site>")
@blueprint.needs(
    Permission.SITES_READ, blueprint.shows(SiteSchema, "The site."), p404="`site_not_found`"
)
def show_site(site: str) -> Response:
    """Show a site."""
    return answers.shown(site_schema, sites.find(current.stores(), auth.actor(), site))


@blueprint.put("/<site>")
@blueprint.needs(
    Permission.SITES_WRITE,
    blueprint.edits(SiteSchema, "The site as it is now."),
    p404="`site_not_found`",
    p409="`slug_taken`",
)
@blueprint.arguments(site_schema)
def edit_site(draft: SiteDraft, site: str) -> Response:
    """Change a site: send all of it."""
    stores, actor = current.stores(), auth.actor()
    seen = sites.find(stores, actor, site, Permission.SITES_WRITE)
    versions.check(_rendered(seen))
    with versions.telling(lambda: _rendered(sites.find(stores, actor, site))):
        edited = sites.edit(stores, actor, site, draft, current.now(), versions.named(seen))
    return answers.done(site_schema, edited)


def _rendered(site: Site) -> Rendered:
    return answers.rendered(site_schema, site)
