"""Ballots cast past the web, as tests of what comes after the vote need them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from service.domain import ballots, polls
from service.domain.ballots import Submission
from service.domain.voters import Secrets
from service.records import Choice, Poll, PollDraft, Question, QuestionType
from service.stores import Stores
from tests.conftest import NOON
from tests.support.voters import new_token

SECRETS = Secrets(b"of networks", b"of publishers")
CHOICES = (Choice("c1", "Rice"), Choice("c2", "Tea"), Choice("c3", "Salt"))
WHICH = Question("q1", "Which one?", CHOICES)
WHY = Question(
    "q2", "Why?", CHOICES, type=QuestionType.MULTIPLE_CHOICE, max_choices=2, required=False
)


def make_poll(
    stores: Stores, slug: str, *questions: Question, site: str = "demo", **decisions: Any
) -> Poll:
    """A poll of the site, which is made if there is none; it asks WHICH and WHY unless told."""
    site_id = stores.sites.ensure(site, site, "en", "Asia/Kolkata", NOON)
    fields = {"title": slug.title(), "questions": questions or (WHICH, WHY), **decisions}
    draft = PollDraft(slug=slug, **fields)
    return polls.create(stores, site_id, draft, NOON - timedelta(hours=1))


def cast(
    stores: Stores,
    poll: Poll,
    *choices: str,
    now: Any = NOON,
    voter: str | None = None,
    page: str | None = None,
    country: str | None = None,
    other_texts: Mapping[str, str] | None = None,
    **answers: tuple[str, ...],
) -> UUID:
    """Cast a ballot that marks the choices of `q1` and those of other questions; give its id. The
    moment that is kept is the app's clock's."""
    ballot_id = uuid4()
    submission = Submission(
        ballot_id=ballot_id,
        voter=voter or new_token(),
        answers={"q1": choices or ("c1",), **answers},
        page=page,
        country=country,
        other_texts=other_texts or {},
        network="192.0.2.1",
    )
    ballots.cast(stores, poll, submission, SECRETS, now)
    return ballot_id
