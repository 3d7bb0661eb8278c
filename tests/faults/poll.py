"""The poll that the fault tests vote in: a fresh one for each fault."""

import secrets
from typing import Any

from service import clock
from service.demo import REGIONS, SITE
from service.domain import polls
from service.records import Choice, Poll, PollDraft, Question, QuestionType
from service.stores import Stores

WHICH = Question(
    "q1", "Which region?", tuple(Choice(f"c{n}", text) for n, text in enumerate(REGIONS, start=1))
)
WHY = Question(
    "q2",
    "Why?",
    (Choice("c1", "Trade"), Choice("c2", "Travel"), Choice("c3", "Family")),
    type=QuestionType.MULTIPLE_CHOICE,
    max_choices=2,
    required=False,
)


def new_poll(stores: Stores, **decisions: Any) -> Poll:
    """A poll of the demo's site that nobody has voted in."""
    slug = f"fault-{secrets.token_hex(6)}"
    draft = PollDraft(slug=slug, title=slug, questions=(WHICH, WHY), **decisions)
    return polls.create(stores, stores.sites.find(SITE).id, draft, clock.now())
