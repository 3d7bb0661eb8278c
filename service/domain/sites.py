"""Sites: the publishers, and what their admins decide about them."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from service import origins
from service.domain import changes, slugs, texts, themes
from service.domain.permissions import require
from service.errors import FieldError, NotAllowed, SlugTaken, StaleEdit, ValidationError
from service.records import Actor, AuditEvent, Owner, Permission, Role, Site, SiteDraft
from service.stores import Stores

LONGEST_NAME = 200
UNNAMED = "site"
MOST_ORIGINS = 100
# Languages have two letters or three; BCP 47 keeps longer ones for some that do not exist yet.
LOCALE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{1,8})*")
LONGEST_LOCALE = 35


def find(
    stores: Stores, actor: Actor, slug: str, permission: Permission = Permission.SITES_READ
) -> Site:
    """The site under the slug, for whoever may do that there. Raises SiteNotFound, for sites that
    are none of the actor's too, NotAllowed."""
    site = stores.sites.find(slug)
    require(actor, permission, site.id)
    return site


def list_for(stores: Stores, actor: Actor) -> list[Site]:
    """The sites that the actor may read, by name."""
    return stores.sites.list_all(actor.sites_where(Permission.SITES_READ))


def create(stores: Stores, actor: Actor, draft: SiteDraft, now: datetime) -> Site:
    """Make a site. Only the operator may. Raises ValidationError, SlugTaken, NotAllowed."""
    if actor.grants is not None:
        raise NotAllowed
    return _create(stores, actor, draft, now)


def found(stores: Stores, owner: Owner, draft: SiteDraft, now: datetime) -> Site:
    """Make a site as an owner who is admin of another, and becomes the new one's; without a slug it
    has one made of its name.

    Raises ValidationError, SlugTaken, NotAllowed.
    """
    if not may_found(owner):
        raise NotAllowed
    made = slugs.candidates(slugs.of(draft.name, UNNAMED))
    for slug in [draft.slug] if draft.slug else made:
        with suppress(SlugTaken):
            return _create(stores, owner.actor, replace(draft, slug=slug), now, founder=owner)
    raise SlugTaken


def may_found(owner: Owner) -> bool:
    """Whether the owner may make sites."""
    return Role.ADMIN in owner.roles.values()


def _create(
    stores: Stores, actor: Actor, draft: SiteDraft, now: datetime, founder: Owner | None = None
) -> Site:
    checked_draft = checked(draft)
    _, after = changes.between(replace(checked_draft, slug=""), checked_draft)
    return stores.sites.create(
        checked_draft,
        lambda site: _event(actor, site, "site.create", now, after=after),
        now,
        admin_id=founder.id if founder else None,
    )


def edit(
    stores: Stores,
    actor: Actor,
    slug: str,
    draft: SiteDraft,
    now: datetime,
    seen: Site | None = None,
) -> Site:
    """Give the site what the draft says. Other web processes go by it within a second.

    Where `seen` is given, the edit is of the site as it was then: StaleEdit if it is otherwise now.
    Raises also SiteNotFound, NotAllowed, ValidationError, SlugTaken.
    """
    site = find(stores, actor, slug, Permission.SITES_WRITE)
    new = checked(draft)

    def decide(current: Site) -> tuple[SiteDraft, AuditEvent] | None:
        if seen is not None and current != seen:
            raise StaleEdit
        before, after = changes.between(current, new)
        if before == after:
            return None
        return new, _event(actor, current, "site.edit", now, before=before, after=after)

    return stores.sites.revise(site.id, decide)


def allow(stores: Stores, actor: Actor, slug: str, more: Iterable[str], now: datetime) -> Site:
    """Let pages of more origins vote in the site's polls; raises what `edit` raises."""
    seen = find(stores, actor, slug, Permission.SITES_WRITE)
    draft = with_origins(draft_of(seen), add=more, remove=())
    return edit(stores, actor, slug, draft, now, seen=seen)


def draft_of(site: Site) -> SiteDraft:
    """What stands decided about the site, to decide otherwise about some of it."""
    decisions: dict[str, Any] = {
        field.name: getattr(site, field.name) for field in fields(SiteDraft)
    }
    return SiteDraft(**decisions)


def with_origins(draft: SiteDraft, *, add: Iterable[str], remove: Iterable[str]) -> SiteDraft:
    """The draft with some origins more and some less. Raises ValidationError for one to remove that
    it does not have."""
    gone = set(_normal("/remove", remove))
    missing = gone - set(draft.origins)
    if missing:
        raise ValidationError(FieldError("/remove", f"Not on the list: {min(missing)}"))
    kept = (origin for origin in (*draft.origins, *_normal("/add", add)) if origin not in gone)
    return replace(draft, origins=tuple(dict.fromkeys(kept)))


def checked(draft: SiteDraft) -> SiteDraft:
    """The draft with its texts tidied and its origins as browsers send them, each once.

    Raises ValidationError naming every fault.
    """
    tidied = replace(draft, slug=draft.slug.strip(), name=texts.tidy(draft.name))
    faults = [*_faults(tidied), *themes.faults("/theme", draft.theme)]
    try:
        normal = _normal("/origins", draft.origins)
    except ValidationError as error:
        faults += error.errors
    if faults:
        raise ValidationError(*faults)
    return replace(tidied, origins=normal)


def _normal(pointer: str, given: Iterable[str]) -> tuple[str, ...]:
    """The origins as browsers send them, each once. Raises ValidationError."""
    normal: dict[str, None] = {}
    faults = []
    for place, origin in enumerate(given):
        try:
            normal[origins.normalised(origin)] = None
        except ValueError as error:
            faults.append(FieldError(f"{pointer}/{place}", str(error)))
    if faults:
        raise ValidationError(*faults)
    return tuple(normal)


def _faults(draft: SiteDraft) -> Iterator[FieldError]:
    yield from slugs.faults("/slug", draft.slug)
    yield from texts.faults("/name", draft.name, LONGEST_NAME)
    if len(draft.locale) > LONGEST_LOCALE or not LOCALE.fullmatch(draft.locale):
        yield FieldError("/locale", "Must be a language tag (BCP 47) such as en or pt-BR.")
    if draft.timezone not in available_timezones():
        yield FieldError("/timezone", "Must be a time zone's name such as Asia/Kolkata.")
    if len(draft.origins) > MOST_ORIGINS:
        yield FieldError("/origins", f"Must be at most {MOST_ORIGINS}.")


def _event(actor: Actor, site: Site, action: str, at: datetime, **values: Any) -> AuditEvent:
    return AuditEvent(
        site_id=site.id,
        actor=actor.name,
        action=action,
        subject=f"site:{site.slug}",
        at=at,
        **values,
    )
