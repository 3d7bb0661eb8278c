"""A site's settings."""

from flask import Blueprint, Response, flash, request

from service.domain import sites
from service.domain.permissions import require
from service.errors import SlugTaken, StaleEdit, ValidationError
from service.records import Permission, Site
from service.web import current, html
from service.web.admin import access, site_form
from service.web.errors import STATUSES

blueprint = Blueprint("settings", __name__, url_prefix="/sites/<site>/settings")


@blueprint.get("")
def show(site: str) -> Response:
    """The settings as they are."""
    found = _site()
    return _form(found, site_form.values_of(found))


@blueprint.post("")
def save(site: str) -> Response:
    """Change the settings, unless somebody else has meanwhile."""
    found, fields = _site(), request.form.to_dict()
    try:
        if fields.get("version") != site_form.version_of(found):
            raise StaleEdit
        edited = sites.edit(
            current.stores(),
            access.actor(),
            found.slug,
            site_form.draft_of(fields),
            current.now(),
            seen=found,
        )
    except ValidationError as error:
        return _form(found, fields, site_form.errors_of(error, fields), 422)
    except SlugTaken:
        return _form(found, fields, {"slug": site_form.TAKEN}, 409)
    except StaleEdit:
        return _stale(fields)
    flash("The settings are saved.")
    return html.see_other(f"{current.ADMIN}/sites/{edited.slug}/settings")


def _site() -> Site:
    """Raises SiteNotFound, NotAllowed."""
    site = access.current_site()
    require(access.actor(), Permission.SITES_WRITE, site.id)
    return site


def _stale(fields: dict[str, str]) -> Response:
    """The owner's own form, and beside it what somebody else has saved; saved again, it holds."""
    slug = access.current_site().slug
    stands = sites.find(current.stores(), access.actor(), slug, Permission.SITES_WRITE)
    values = site_form.values_of(stands)
    other = {name: values.get(name, "") for name in site_form.LABELS}
    differ = {name: text for name, text in other.items() if text != _plain(fields.get(name, ""))}
    return _form(stands, fields, status=STATUSES[StaleEdit], differ=differ)


def _plain(text: str) -> str:
    """A field's text with the line ends that we write."""
    return "\n".join(text.split("\r\n")).strip()


def _form(
    site: Site,
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    status: int = 200,
    differ: dict[str, str] | None = None,
) -> Response:
    return html.page(
        "admin/settings.html",
        status=status,
        values=values,
        errors=errors or {},
        differ=differ or {},
        version=site_form.version_of(site),
        **site_form.choices(),
    )
