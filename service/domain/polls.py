"""Polls: finding one, making and deleting them. `edits` has what is done to one that stands."""

import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from service.domain import (
    audit,
    current_polls,
    drafts,
    revisions,
    slugs,
    statuses,
    translations,
)
from service.domain.permissions import require
from service.errors import PollNotFound, SlugTaken
from service.records import (
    OPERATOR,
    Actor,
    AuditEvent,
    Cast,
    Claim,
    CurrentPoll,
    Permission,
    Poll,
    PollDraft,
    Question,
    Schedule,
    Status,
)
from service.stores import Stores

VOTER_SECRET_BYTES = 32
UNNAMED = "poll"


def find(stores: Stores, slug: str) -> Poll:
    """The public poll under the slug. Raises PollNotFound, for drafts too."""
    return _public(stores.polls.find(slug))


def find_to_vote(stores: Stores, slug: str) -> Poll:
    """The same for a vote: what this process knows as a draft may just have been opened."""
    poll = stores.polls.find(slug)
    return look_again(stores, poll) if poll.schedule.status is Status.DRAFT else poll


def look_again(stores: Stores, poll: Poll) -> Poll:
    """The public poll as it is now, for whom it refuses by what this process knows of it, which may
    be a second old. Raises PollNotFound, and PollReplaced if another one has its slug."""
    return _public(stores.polls.look_again(poll))


def _public(poll: Poll) -> Poll:
    if poll.schedule.status is Status.DRAFT:
        raise PollNotFound
    return poll


def managed(
    stores: Stores, actor: Actor, slug: str, permission: Permission = Permission.POLLS_READ
) -> Poll:
    """The poll as it stands in SQL now, drafts too, for whoever may do that on its site.

    Raises PollNotFound, for polls of other sites too, NotAllowed.
    """
    poll = stores.polls.read(slug)
    require(actor, permission, poll.site_id, PollNotFound)
    return poll


def create(
    stores: Stores,
    site_id: int,
    draft: PollDraft,
    now: datetime,
    actor: Actor = OPERATOR,
    claim: Claim[Poll] | None = None,
) -> Poll:
    """Make a poll with a random key of its own. Codes are given by the service (q1, c1 ...); an
    empty slug is made from the question.

    Raises ValidationError naming every fault, SlugTaken, SiteNotFound, NotAllowed.
    """
    require(actor, Permission.POLLS_WRITE, site_id)
    checked = drafts.checked(draft, _own_locale(stores, site_id, draft))
    if checked.schedule.status is Status.OPEN:
        statuses.refuse_over(checked.schedule, now)
    return _keep(stores, site_id, checked, now, actor, "poll.create", claim=claim)


def duplicate(
    stores: Stores, actor: Actor, slug: str, now: datetime, claim: Claim[Poll] | None = None
) -> Poll:
    """A draft like the poll, with an address and a voter key of its own and nothing cast; choices
    that are retired and moments stay behind. Raises PollNotFound, NotAllowed."""
    poll = managed(stores, actor, slug, Permission.POLLS_WRITE)
    draft = replace(
        draft_of(poll),
        slug="",
        schedule=Schedule(Status.DRAFT),
        questions=tuple(_offered(question) for question in poll.questions),
    )
    return _keep(
        stores, poll.site_id, draft, now, actor, "poll.duplicate", like=poll.slug, claim=claim
    )


def delete(
    stores: Stores, actor: Actor, slug: str, now: datetime, row_version: int | None = None
) -> None:
    """Delete the poll with its ballots, tallies, texts and voter key, in one transaction; the audit
    log keeps what it was called and how much was lost. `row_version` is the one that was seen.

    Raises PollNotFound, NotAllowed, StaleEdit.

    What Redis still holds of it ends by itself: without the key its voters are nobody's, and no
    later poll gets its id.
    """
    poll = managed(stores, actor, slug, Permission.POLLS_WRITE)

    def tell(current: Poll, cast: Cast, was_current: bool) -> Iterator[AuditEvent]:
        lost = {"title": current.title, "ballots": cast.ballots}
        yield audit.about_poll(current, actor, "poll.delete", now, before=lost)
        if was_current:
            site, chosen = (current.site_id, current.site_slug), CurrentPoll(current.slug)
            yield current_polls.event(actor, *site, chosen, CurrentPoll(None), now)

    stores.polls.delete(poll, tell, row_version)


def draft_of(poll: Poll) -> PollDraft:
    """What stands decided about the poll, to decide otherwise about some of it."""
    decisions: dict[str, Any] = {
        field.name: getattr(poll, field.name) for field in fields(PollDraft)
    }
    return PollDraft(**decisions)


def _own_locale(stores: Stores, site_id: int, draft: PollDraft) -> str | None:
    """The site's language, where the draft is in others too."""
    if not translations.locales_of(draft):
        return None
    return next((site.locale for site in stores.sites.list_all([site_id])), None)


def _keep(
    stores: Stores,
    site_id: int,
    draft: PollDraft,
    now: datetime,
    actor: Actor,
    action: str,
    *,
    like: str | None = None,
    claim: Claim[Poll] | None = None,
) -> Poll:
    """Insert the poll under its slug, or under the first of those made for it that is free."""
    made = slugs.of(draft.questions[0].text, UNNAMED)
    names = [draft.slug] if draft.slug else slugs.candidates(like or made)
    for slug in names:
        new = revisions.renumbered(replace(draft, slug=slug))
        after = {"title": new.title} | ({"like": like} if like else {})
        event = AuditEvent(
            site_id=site_id,
            actor=actor.name,
            action=action,
            subject=f"poll:{slug}",
            after=after,
            at=now,
        )
        with suppress(SlugTaken):
            secret = secrets.token_bytes(VOTER_SECRET_BYTES)
            return stores.polls.create(site_id, new, secret, event, claim)
    raise SlugTaken


def _offered(question: Question) -> Question:
    """The question without its retired choices."""
    most = min(question.max_choices, len(question.offered))
    return replace(question, choices=question.offered, max_choices=most)
