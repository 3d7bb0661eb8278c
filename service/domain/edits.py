"""What owners change about a poll that stands."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from service.domain import audit, changes, drafts, polls, revisions, statuses
from service.errors import FieldError, ValidationError
from service.records import Actor, Cast, Permission, Poll, PollDraft, Revision, Schedule, Status
from service.stores import Stores

VERBS = {
    Status.DRAFT: "withdraw",
    Status.SCHEDULED: "schedule",
    Status.OPEN: "open",
    Status.CLOSED: "close",
    Status.ARCHIVED: "archive",
}


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
    poll = polls.managed(stores, actor, slug, Permission.POLLS_WRITE)
    checked = _checked(poll, draft)

    def decide(current: Poll, cast: Cast) -> PollDraft:
        schedule = _rescheduled(current, checked, cast)
        if opens:
            schedule = statuses.moved(schedule, Status.OPEN, now, cast)
        return revisions.revised(current, replace(checked, schedule=schedule), cast)

    action = f"poll.{VERBS[Status.OPEN]}" if opens else "poll.edit"
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
    poll = polls.managed(stores, actor, slug, Permission.POLLS_WRITE)

    def decide(current: Poll, cast: Cast) -> PollDraft:
        schedule = statuses.moved(current.schedule, status, now, cast)
        return replace(polls.draft_of(current), schedule=schedule)

    taken_out = poll.schedule.status is Status.ARCHIVED and status is Status.CLOSED
    action = "poll.unarchive" if taken_out else f"poll.{VERBS[status]}"
    return _revise(stores, actor, poll, action, decide, now, row_version)


def _checked(poll: Poll, draft: PollDraft) -> PollDraft:
    """The draft in order, under the poll's slug where it has none."""
    # A site may have taken up a language into which its polls were translated before.
    own_locale = None if poll.locale in poll.locales else poll.locale
    return drafts.checked(replace(draft, slug=draft.slug or poll.slug), own_locale)


def _rescheduled(poll: Poll, draft: PollDraft, cast: Cast) -> Schedule:
    """The draft's schedule with the status that the poll has, if it may have that address and
    those moments."""
    _refuse_new_address(poll, draft)
    schedule = replace(draft.schedule, status=poll.schedule.status)
    statuses.refuse_past_votes(poll.schedule, schedule, cast)
    return schedule


def _refuse_new_address(poll: Poll, draft: PollDraft) -> None:
    if draft.slug != poll.slug and poll.schedule.status is not Status.DRAFT:
        raise ValidationError(
            FieldError(
                "/slug", "Pages carry this poll: its slug cannot change any more.", "carried"
            )
        )


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
        event = audit.about_poll(current, actor, action, at, before=before, after=after)
        return Revision(new, at, event)

    return stores.polls.revise(poll, revise, row_version)
