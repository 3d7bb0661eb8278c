"""What voters wrote for `is_other` choices: it shows in the results once an owner lets it."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from service.domain import audit, polls
from service.errors import FieldError, ValidationError
from service.records import Actor, OtherText, OtherTextStatus, Permission
from service.stores import Stores

MOST_AT_ONCE = 100
MOST_LISTED = 100
MOST_VOTES = 2**63
CURSOR = re.compile(r"[A-Za-z0-9_-]{1,2000}", re.ASCII)


@dataclass(frozen=True, slots=True)
class OtherTextPage:
    """A page of texts; `next` asks for the page after it, None says it is the last."""

    items: tuple[OtherText, ...]
    next: str | None


def list_for(
    stores: Stores,
    actor: Actor,
    slug: str,
    statuses: Iterable[OtherTextStatus] = tuple(OtherTextStatus),
    after: str | None = None,
    limit: int = 50,
) -> OtherTextPage:
    """The distinct texts with the counted ballots that wrote them, most first.

    Raises PollNotFound, NotAllowed, ValidationError for a bad cursor.
    """
    poll = polls.managed(stores, actor, slug, Permission.BALLOTS_READ)
    if not 1 <= limit <= MOST_LISTED:
        raise ValidationError(FieldError("/limit", f"Must be 1 to {MOST_LISTED}."))
    place = None if after is None else _place(after)
    found = stores.other_texts.page(poll.id, statuses, place, limit + 1)
    items = tuple(found[:limit])
    return OtherTextPage(items, _cursor(items[-1]) if len(found) > limit else None)


def show(
    stores: Stores, actor: Actor, slug: str, question: str, texts: Sequence[str], now: datetime
) -> Sequence[str]:
    """Let the question's results show the texts; give those that they did not show before.

    Raises PollNotFound, NotAllowed, ValidationError for a text that nobody has written.
    """
    return _decide(stores, actor, slug, question, texts, OtherTextStatus.SHOWN, now)


def hide(
    stores: Stores, actor: Actor, slug: str, question: str, texts: Sequence[str], now: datetime
) -> Sequence[str]:
    """Keep the texts out of the question's results; give those that were not hidden before.

    Raises PollNotFound, NotAllowed, ValidationError for a text that nobody has written.
    """
    return _decide(stores, actor, slug, question, texts, OtherTextStatus.HIDDEN, now)


def _decide(
    stores: Stores,
    actor: Actor,
    slug: str,
    question: str,
    texts: Sequence[str],
    status: OtherTextStatus,
    now: datetime,
) -> Sequence[str]:
    poll = polls.managed(stores, actor, slug, Permission.POLLS_WRITE)
    if not 1 <= len(texts) <= MOST_AT_ONCE:
        raise ValidationError(FieldError("/texts", f"Name 1 to {MOST_AT_ONCE} texts."))
    unknown = stores.other_texts.unknown(poll.id, question, texts)
    if unknown:
        faults = [place for place, text in enumerate(texts) if text in unknown]
        raise ValidationError(
            *(FieldError(f"/texts/{place}", "Nobody has written this.") for place in faults)
        )
    verb = "show" if status is OtherTextStatus.SHOWN else "hide"
    event = audit.about_poll(poll, actor, f"other_text.{verb}", now)
    return stores.other_texts.decide(poll.id, question, texts, status, event)


def _cursor(last: OtherText) -> str:
    place = orjson.dumps([last.votes, last.question, last.text])
    return urlsafe_b64encode(place).rstrip(b"=").decode()


def _place(cursor: str) -> OtherText:
    try:
        if not CURSOR.fullmatch(cursor):
            raise ValueError
        votes, question, text = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        words = isinstance(question, str) and isinstance(text, str) and "\0" not in question + text
        if not (words and type(votes) is int and 0 < votes < MOST_VOTES):
            raise ValueError
    except (ValueError, TypeError):
        raise ValidationError(FieldError("/after", "Is no place in this list.")) from None
    return OtherText(question=question, text=text, votes=votes, status=OtherTextStatus.PENDING)
