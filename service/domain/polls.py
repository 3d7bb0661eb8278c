"""Polls: finding them, and what their owners do with them."""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from service.domain import (
    changes,
    current_polls,
    drafts,
    revisions,
    slugs,
    statuses,
    texts,
    translations,
)
from service.domain.permissions import require
from service.errors import FieldError, PollNotFound, SlugTaken, ValidationError
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
    PollPage,
    PollQuery,
    Question,
    Revision,
    Schedule,
    Status,
)
from service.stores import Stores

VOTER_SECRET_BYTES = 32
MOST_LISTED = 100
LARGEST_ID = 2**31 - 1
CURSOR = re.compile(r"[0-9]{1,10}")
UNNAMED = "poll"


def find(stores: Stores, slug: str) -> Poll:
    """The public poll under the slug. Raises PollNotFound, for drafts too."""
    poll = stores.polls.find(slug)
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


def list_for(stores: Stores, actor: Actor, query: PollQuery, now: datetime) -> PollPage:
    """The polls that the query asks for, newest first.

    Raises SiteNotFound, NotAllowed, ValidationError for a bad cursor or page size.
    """
    if not 1 <= query.limit <= MOST_LISTED:
        raise ValidationError(FieldError("/limit", f"Must be 1 to {MOST_LISTED}."))
    if query.site_id is not None:
        require(actor, Permission.POLLS_READ, query.site_id)
        site_ids: list[int] | None = [query.site_id]
    else:
        site_ids = actor.sites_where(Permission.POLLS_READ)
    wanted = replace(query, text=texts.tidy_or_none(query.text))  # as the polls' texts are kept
    return stores.polls.page(site_ids, wanted, _cursor(query.after), now)


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


def edit(
    stores: Stores,
    actor: Actor,
    slug: str,
    draft: PollDraft,
    row_version: int | None,
    now: datetime,
    *,
    opens: bool = False,
) -> Poll:
    """Give the poll what the draft says, all but its status, for which there is `set_status`;
    `opens` opens it in the same act, so that both are done or neither.

    `row_version` is the one that the editor has seen; None takes whatever stands. What has a code
    in the draft is what the poll has under that code, and what the poll has and the draft has not
    is removed; an empty slug stays as it is. An edit that changes nothing leaves the version as it
    is.

    Raises PollNotFound, NotAllowed, ValidationError, StaleEdit, SlugTaken, PollHasBallots for what
    `revisions` forbids, and StatusConflict where `opens` may not be.
    """
    poll = managed(stores, actor, slug, Permission.POLLS_WRITE)
    # A site may have taken up a language into which its polls were translated before.
    own_locale = None if poll.locale in poll.locales else poll.locale
    checked = drafts.checked(replace(draft, slug=draft.slug or poll.slug), own_locale)

    def decide(current: Poll, cast: Cast) -> PollDraft:
        _refuse_new_address(current, checked)
        schedule = replace(checked.schedule, status=current.schedule.status)
        statuses.refuse_past_votes(current.schedule, schedule, cast)
        if opens:
            schedule = statuses.moved(schedule, Status.OPEN, now, cast)
        return revisions.revised(current, replace(checked, schedule=schedule), cast)

    action = f"poll.{_VERBS[Status.OPEN]}" if opens else "poll.edit"
    return _revise(stores, actor, poll, action, decide, now, row_version)


def set_status(
    stores: Stores,
    actor: Actor,
    slug: str,
    status: Status,
    now: datetime,
    row_version: int | None = None,
) -> Poll:
    """Open, close, reopen, archive: `statuses.MOVES` says which may follow which; the status that a
    poll has already may be given again.

    It takes effect between two batches of ballots: when this returns from a close, all ballots that
    ever count are counted, and none of them is cast after the moment that the audit log names.
    Raises PollNotFound, NotAllowed, StatusConflict, ValidationError, PollHasBallots, StaleEdit.
    """
    poll = managed(stores, actor, slug, Permission.POLLS_WRITE)

    def decide(current: Poll, cast: Cast) -> PollDraft:
        schedule = statuses.moved(current.schedule, status, now, cast)
        return replace(draft_of(current), schedule=schedule)

    taken_out = poll.schedule.status is Status.ARCHIVED and status is Status.CLOSED
    action = "poll.unarchive" if taken_out else f"poll.{_VERBS[status]}"
    return _revise(stores, actor, poll, action, decide, now, row_version)


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
        yield _event(actor, current, "poll.delete", now, before=lost)
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


_VERBS = {
    Status.DRAFT: "withdraw",
    Status.SCHEDULED: "schedule",
    Status.OPEN: "open",
    Status.CLOSED: "close",
    Status.ARCHIVED: "archive",
}


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


def _revise(
    stores: Stores,
    actor: Actor,
    poll: Poll,
    action: str,
    decide: Callable[[Poll, Cast], PollDraft],
    now: datetime,
    row_version: int | None,
) -> Poll:
    def revise(current: Poll, cast: Cast) -> Revision | None:
        new = decide(current, cast)
        before, after = changes.between(current, new)
        if not before and not after:
            return None
        # Not before the last ballot that was counted while this waited for the lock.
        at = max(now, cast.last_vote_at or now)
        event = _event(actor, current, action, at, before=before, after=after)
        return Revision(new, at, event)

    return stores.polls.revise(poll, revise, row_version)


def _refuse_new_address(poll: Poll, draft: PollDraft) -> None:
    if draft.slug != poll.slug and poll.schedule.status is not Status.DRAFT:
        raise ValidationError(
            FieldError(
                "/slug", "Pages carry this poll: its slug cannot change any more.", "carried"
            )
        )


def _offered(question: Question) -> Question:
    """The question without its retired choices."""
    most = min(question.max_choices, len(question.offered))
    return replace(question, choices=question.offered, max_choices=most)


def _event(actor: Actor, poll: Poll, action: str, at: datetime, **values: Any) -> AuditEvent:
    return AuditEvent(
        site_id=poll.site_id,
        actor=actor.name,
        action=action,
        subject=f"poll:{poll.slug}",
        at=at,
        **values,
    )


def _cursor(after: str | None) -> int | None:
    """The id that the cursor holds."""
    if after is None:
        return None
    if not CURSOR.fullmatch(after) or int(after) > LARGEST_ID:
        raise ValidationError(FieldError("/after", "Is none that a page of this list gave."))
    return int(after)
